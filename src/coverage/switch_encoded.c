/*
 * Source: about_PowerShell_exe (options may be cut short: `-e`, `-enc`; `-ec` as well).
 */
#include "coverage/switch_encoded.h"

#include "base/base64.h"
#include "base/utf.h"
#include "coverage/switch_asking.h"

static bool is_option(struct iw_str word)
{
    static const struct iw_str WHOLE = {"encodedcommand", 14};
    struct iw_str name = iw_word_value(word, "");
    if (name.n != 0 && name.p[name.n - 1] == ':')
        name.n--;
    return name.n != 0 && (iw_str_begins_nocase(WHOLE, name) || iw_word_is(name, "ec"));
}

/* As far as it is base64; four letters are three bytes, and fewer at the end fewer. */
static enum iw_rc decode(struct iw_str text, struct iw_arena *scratch, struct iw_str *ret)
{
    uint8_t *bytes = iw_arena_alloc(scratch, text.n + 1);
    uint32_t bits = 0;
    size_t n = 0, n_bits = 0;
    if (bytes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < text.n; i++) {
        int digit = iw_base64_digit(text.p[i]);
        if (digit < 0)
            break;
        bits = bits << 6 | (uint32_t)digit;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            bytes[n++] = (uint8_t)(bits >> n_bits);
        }
    }
    *ret = iw_utf16_to_arena(bytes, n, scratch);
    return ret->p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_switch_encoded(const struct iw_switch_words *words, struct iw_arena *scratch,
                             struct iw_str *ret)
{
    *ret = IW_STR("");
    for (size_t i = 0; i + 1 < words->n; i++) {
        if (is_option(words->items[i].text))
            return decode(words->items[i + 1].text, scratch, ret);
    }
    return IW_OK;
}
