/*
 * Encodings of configuration files: XML 1.0 appendix F, as far as IIS and .NET write them. UTF-32
 * and EBCDIC are not looked for: what is neither is not well-formed.
 */
#include "iis/config/config_decode.h"

#include "base/utf.h"

static bool begins(struct iw_str bytes, const char *prefix, size_t n)
{
    return bytes.n >= n && memcmp(bytes.p, prefix, n) == 0;
}

static struct iw_str after(struct iw_str text, size_t n)
{
    return (struct iw_str){text.p + n, text.n - n};
}

static bool read_utf16(struct iw_str bytes, bool is_big, struct iw_arena *arena,
                       struct iw_config_text *ret)
{
    const uint8_t *in = (const uint8_t *)bytes.p;
    uint8_t *swapped = NULL;
    char *out;

    ret->encoding = is_big ? "UTF-16BE" : "UTF-16LE";
    ret->n_replaced = bytes.n % 2;
    if (is_big) {
        swapped = iw_arena_alloc(arena, bytes.n + 1);
        if (swapped == NULL)
            return false;
        for (size_t i = 0; i + 1 < bytes.n; i += 2) {
            swapped[i] = in[i + 1];
            swapped[i + 1] = in[i];
        }
        in = swapped;
    }
    out = iw_arena_alloc(arena, bytes.n / 2 * 3 + 1);
    if (out == NULL)
        return false;
    ret->text = (struct iw_str){out, iw_utf16_to_utf8(in, bytes.n, out, &ret->n_replaced)};
    return true;
}

/* Does the declaration name one of the encodings that windows-1252 reads well enough? */
static bool declares_8_bit(struct iw_str text)
{
    static const char *const NAMES[] = {"windows-1252", "iso-8859-1", "us-ascii", "ascii"};
    size_t end = iw_str_find((struct iw_str){text.p, text.n < 256 ? text.n : 256}, IW_STR("?>"));
    size_t at =
        end == SIZE_MAX ? SIZE_MAX : iw_str_find((struct iw_str){text.p, end}, IW_STR("encoding"));

    if (at == SIZE_MAX)
        return false;
    for (at += sizeof "encoding" - 1; at < end; at++) {
        for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
            if (iw_str_begins_nocase((struct iw_str){text.p + at, end - at}, iw_str_of(NAMES[i])))
                return true;
    }
    return false;
}

bool iw_config_decode(struct iw_str bytes, struct iw_arena *arena, struct iw_config_text *ret)
{
    *ret = (struct iw_config_text){.text = bytes, .encoding = "UTF-8"};
    if (begins(bytes, "\xFF\xFE", 2) || begins(bytes, "\xFE\xFF", 2))
        return read_utf16(after(bytes, 2), bytes.p[0] == '\xFE', arena, ret);
    if (begins(bytes, "<\0", 2) || begins(bytes, "\0<", 2))
        return read_utf16(bytes, bytes.p[0] == '\0', arena, ret);
    if (begins(bytes, "\xEF\xBB\xBF", 3))
        ret->text = after(bytes, 3);
    if (!declares_8_bit(ret->text) || iw_utf8_valid(ret->text))
        return true;
    ret->encoding = "windows-1252";
    ret->text = iw_ansi_to_arena((const uint8_t *)ret->text.p, ret->text.n, arena);
    return ret->text.p != NULL;
}
