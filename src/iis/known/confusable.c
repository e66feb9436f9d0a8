#include "iis/known/confusable.h"

#include <stddef.h>

/* In the order of code points. */
static const struct {
    uint16_t code_point;
    char latin;
} LETTERS[] = {
    {0x0131, 'i'}, {0x017F, 's'}, {0x0251, 'a'}, {0x0261, 'g'}, {0x0269, 'i'}, {0x028F, 'y'},
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03B1, 'a'}, {0x03B3, 'y'}, {0x03B9, 'i'}, {0x03BA, 'k'},
    {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C4, 't'}, {0x03C5, 'u'}, {0x03C7, 'x'},
    {0x03F2, 'c'}, {0x03F3, 'j'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'},
    {0x0412, 'B'}, {0x0415, 'E'}, {0x0417, '3'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'},
    {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0423, 'Y'}, {0x0425, 'X'},
    {0x0430, 'a'}, {0x0432, 'b'}, {0x0433, 'r'}, {0x0435, 'e'}, {0x0437, '3'}, {0x043A, 'k'},
    {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'},
    {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x0475, 'v'},
    {0x04AE, 'Y'}, {0x04AF, 'y'}, {0x04BB, 'h'}, {0x04C0, 'l'}, {0x04CF, 'l'}, {0x0501, 'd'},
    {0x050C, 'G'}, {0x051A, 'Q'}, {0x051B, 'q'}, {0x051C, 'W'}, {0x051D, 'w'}, {0x0555, 'O'},
    {0x0570, 'h'}, {0x0578, 'n'}, {0x057D, 'u'}, {0x0581, 'g'}, {0x0585, 'o'}, {0x1D00, 'a'},
    {0x1D04, 'c'}, {0x2010, '-'}, {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'}, {0x2024, '.'},
    {0x2044, '/'}, {0x212A, 'K'}, {0x2160, 'I'}, {0x2170, 'i'}, {0x217C, 'l'}, {0x217D, 'c'},
    {0x217E, 'd'}, {0x217F, 'm'}, {0x2212, '-'},
};

enum {
    FULL_FIRST = 0xFF01,
    FULL_LAST = 0xFF5E,
    FULL_ABOVE_ASCII = 0xFEE0,
    STYLED_FIRST = 0x1D400,
    STYLED_LETTERS_LAST = 0x1D6A3,
    STYLED_DIGITS = 0x1D7CE,
    STYLED_LAST = 0x1D7FF
};

/* Thirteen styles of A to Z and a to z, then five of the digits. */
static uint32_t styled(uint32_t code_point)
{
    uint32_t in_style = (code_point - STYLED_FIRST) % 52;

    if (code_point >= STYLED_DIGITS)
        return '0' + (code_point - STYLED_DIGITS) % 10;
    if (code_point > STYLED_LETTERS_LAST)
        return code_point;
    return in_style < 26 ? 'A' + in_style : 'a' + in_style - 26;
}

uint32_t iw_confusable_latin(uint32_t code_point)
{
    size_t low = 0, high = sizeof LETTERS / sizeof LETTERS[0];

    if (code_point < 0x80)
        return code_point;
    if (code_point >= FULL_FIRST && code_point <= FULL_LAST)
        return code_point - FULL_ABOVE_ASCII;
    if (code_point >= STYLED_FIRST && code_point <= STYLED_LAST)
        return styled(code_point);
    if (iw_is_odd_space(code_point))
        return ' ';
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (LETTERS[middle].code_point == code_point)
            return (unsigned char)LETTERS[middle].latin;
        if (LETTERS[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return code_point;
}

static bool is_in(uint32_t code_point, uint32_t first, uint32_t last)
{
    return code_point >= first && code_point <= last;
}

enum iw_script iw_script_of(uint32_t code_point)
{
    if (code_point < 0xC0)
        return is_in(code_point | 0x20, 'a', 'z') && code_point < 0x80 ? IW_SCRIPT_LATIN
                                                                       : IW_SCRIPT_NONE;
    if (is_in(code_point, 0xC0, 0x2AF) || is_in(code_point, 0x1D00, 0x1EFF))
        return IW_SCRIPT_LATIN;
    if (is_in(code_point, 0x370, 0x3FF) || is_in(code_point, 0x1F00, 0x1FFF))
        return IW_SCRIPT_GREEK;
    if (is_in(code_point, 0x400, 0x52F))
        return IW_SCRIPT_CYRILLIC;
    if (is_in(code_point, 0x530, 0x58F))
        return IW_SCRIPT_ARMENIAN;
    if (is_in(code_point, 0x2000, 0x2BFF) || iw_is_unseen(code_point))
        return IW_SCRIPT_NONE;
    if (is_in(code_point, FULL_FIRST, FULL_LAST))
        return IW_SCRIPT_FULL_WIDTH;
    if (is_in(code_point, STYLED_FIRST, STYLED_LAST))
        return IW_SCRIPT_STYLED;
    return IW_SCRIPT_OTHER;
}

bool iw_is_unseen(uint32_t code_point)
{
    return code_point == 0xAD || code_point == 0x34F || code_point == 0x115F ||
           code_point == 0x1160 || code_point == 0x180E || is_in(code_point, 0x200B, 0x200D) ||
           is_in(code_point, 0x2060, 0x2064) || code_point == 0x3164 ||
           is_in(code_point, 0xFE00, 0xFE0F) || code_point == 0xFEFF || code_point == 0xFFA0 ||
           is_in(code_point, 0xE0000, 0xE0FFF);
}

bool iw_is_direction_control(uint32_t code_point)
{
    return code_point == 0x61C || is_in(code_point, 0x200E, 0x200F) ||
           is_in(code_point, 0x202A, 0x202E) || is_in(code_point, 0x2066, 0x2069);
}

bool iw_is_odd_space(uint32_t code_point)
{
    return code_point == 0xA0 || code_point == 0x1680 || is_in(code_point, 0x2000, 0x200A) ||
           code_point == 0x202F || code_point == 0x205F || code_point == 0x3000;
}
