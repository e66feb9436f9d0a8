#include "coverage/settings/settings_text.h"

#include "base/limits.h"
#include "base/utf.h"

/* Which byte of a unit is the low one: 0 or 1; 2: it is no UTF-16. */
static unsigned low_byte(struct iw_str bytes, size_t *ret_first)
{
    *ret_first = 0;
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFF\xFE", 2) == 0) {
        *ret_first = 2;
        return 0;
    }
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFE\xFF", 2) == 0) {
        *ret_first = 2;
        return 1;
    }
    if (bytes.n < 4 || (bytes.p[0] == 0) == (bytes.p[1] == 0) ||
        (bytes.p[0] == 0) != (bytes.p[2] == 0) || (bytes.p[1] == 0) != (bytes.p[3] == 0))
        return 2;
    return bytes.p[0] == 0 ? 1 : 0;
}

static struct iw_str swapped(struct iw_str units, struct iw_arena *arena)
{
    char *p = iw_arena_alloc(arena, units.n + 1);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i + 1 < units.n; i += 2) {
        p[i] = units.p[i + 1];
        p[i + 1] = units.p[i];
    }
    return (struct iw_str){p, units.n & ~(size_t)1};
}

struct iw_str iw_settings_text(struct iw_str bytes, struct iw_arena *arena)
{
    size_t first;
    unsigned low = low_byte(bytes, &first);
    if (bytes.n == 0)
        return IW_STR("");
    if (low != 2) {
        struct iw_str units = {bytes.p + first, bytes.n - first};
        if (low == 1)
            units = swapped(units, arena);
        return units.p == NULL ? units
                               : iw_utf16_to_arena((const uint8_t *)units.p, units.n, arena);
    }
    if (bytes.n >= 3 && memcmp(bytes.p, "\xEF\xBB\xBF", 3) == 0)
        bytes = (struct iw_str){bytes.p + 3, bytes.n - 3};
    return iw_ansi_to_arena((const uint8_t *)bytes.p, bytes.n, arena);
}

enum iw_rc iw_settings_fit(struct iw_str bytes, struct iw_error *err)
{
    return bytes.n <= IW_LIMIT_PROOF_FILE_BYTES
               ? IW_OK
               : iw_error_set(err, IW_ELIMIT, "more than %lu bytes: not read",
                              IW_LIMIT_PROOF_FILE_BYTES);
}

bool iw_settings_line(struct iw_str *rest, struct iw_str *ret, uint32_t *number)
{
    size_t n = 0;
    if (rest->n == 0)
        return false;
    while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
        n++;
    *ret = (struct iw_str){rest->p, n};
    if (n < rest->n)
        n += rest->p[n] == '\r' && n + 1 < rest->n && rest->p[n + 1] == '\n' ? 2 : 1;
    *rest = (struct iw_str){rest->p + n, rest->n - n};
    ++*number;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct iw_str iw_settings_trimmed(struct iw_str text)
{
    while (text.n != 0 && is_blank(text.p[text.n - 1]))
        text.n--;
    while (text.n != 0 && is_blank(text.p[0]))
        text = (struct iw_str){text.p + 1, text.n - 1};
    return text;
}

struct iw_str iw_settings_cut(struct iw_str text, size_t max)
{
    if (text.n <= max)
        return text;
    while (max > 0 && ((uint8_t)text.p[max] & 0xC0U) == 0x80U)
        max--;
    return (struct iw_str){text.p, max};
}

bool iw_settings_part(struct iw_str *rest, char separator, struct iw_str *ret)
{
    const char *at;
    if (rest->p == NULL)
        return false;
    at = rest->n != 0 ? memchr(rest->p, separator, rest->n) : NULL;
    if (at == NULL) {
        *ret = *rest;
        *rest = (struct iw_str){NULL, 0};
        return true;
    }
    *ret = (struct iw_str){rest->p, (size_t)(at - rest->p)};
    *rest = (struct iw_str){at + 1, rest->n - ret->n - 1};
    return true;
}
