/*
 * What the data of a value means: texts, lists of texts, numbers.
 */
#include "iis/hive/hive_inside.h"

#include "base/utf.h"

static bool ends_text(const struct iw_hive_value *value, struct iw_str text, size_t *ret_n)
{
    const char *nul;
    if (value->form == IW_HIVE_UTF16) {
        *ret_n = iw_utf16_nul((const uint8_t *)text.p, text.n);
        return text.n - *ret_n >= 2;
    }
    nul = text.n != 0 ? memchr(text.p, '\0', text.n) : NULL;
    *ret_n = nul != NULL ? (size_t)(nul - text.p) : text.n;
    return nul != NULL;
}

static struct iw_str to_utf8(struct iw_hive *hive, const struct iw_hive_value *value,
                             struct iw_str raw)
{
    struct iw_str text;
    if (raw.n == 0)
        return IW_STR("");
    if (value->form == IW_HIVE_UTF16)
        text = iw_utf16_to_arena((const uint8_t *)raw.p, raw.n, hive->arena);
    else if (value->form == IW_HIVE_ANSI)
        text = iw_ansi_to_arena((const uint8_t *)raw.p, raw.n, hive->arena);
    else
        return raw;
    hive->no_memory |= text.p == NULL;
    return text.p != NULL ? text : IW_STR("");
}

struct iw_str iw_hive_text(struct iw_hive *hive, const struct iw_hive_value *value)
{
    struct iw_str raw = value->data;
    (void)ends_text(value, raw, &raw.n);
    return to_utf8(hive, value, raw);
}

struct iw_str *iw_hive_texts(struct iw_hive *hive, const struct iw_hive_value *value,
                             uint32_t *ret_n)
{
    size_t unit = value->form == IW_HIVE_UTF16 ? 2 : 1;
    struct iw_str *texts = NULL;

    *ret_n = 0;
    /* First counts, then fills. An empty text ends the list. */
    for (int pass = 0; pass < 2; pass++) {
        struct iw_str left = value->data;
        uint32_t n = 0;
        while (left.n >= unit && n < IW_LIMIT_HIVE_TEXTS) {
            struct iw_str raw = left;
            bool has_end = ends_text(value, left, &raw.n);
            if (raw.n == 0)
                break;
            if (pass == 1)
                texts[n] = to_utf8(hive, value, raw);
            n++;
            raw.n += has_end ? unit : 0;
            left = (struct iw_str){left.p + raw.n, left.n - raw.n};
        }
        *ret_n = n;
        if (pass == 0 && n != 0)
            texts = iw_arena_calloc(hive->arena, n, sizeof *texts);
        if (texts == NULL) {
            hive->no_memory |= n != 0;
            *ret_n = 0;
            return NULL;
        }
    }
    return texts;
}

bool iw_hive_number(const struct iw_hive_value *value, uint64_t *ret)
{
    const uint8_t *p = (const uint8_t *)value->data.p;
    *ret = 0;
    if (value->type == IW_HIVE_DWORD && value->data.n >= 4)
        *ret = iw_load_u32(p);
    else if (value->type == IW_HIVE_DWORD_BE && value->data.n >= 4)
        *ret = __builtin_bswap32(iw_load_u32(p));
    else if (value->type == IW_HIVE_QWORD && value->data.n >= 8)
        *ret = iw_load_u64(p);
    else
        return false;
    return true;
}
