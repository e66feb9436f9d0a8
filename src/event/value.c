/*
 * Values as text and numbers: the text Windows itself writes into event XML (MS-EVEN6 §2.2.12,
 * checked against evtxexport).
 *
 * Two choices where Windows leaves room: floating point has six decimals as libevtx prints it, and
 * a value whose size does not fit its type is shown as upper-case hex rather than guessed at.
 */
#include "event/value.h"

#include <math.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/timestamp.h"
#include "base/utf.h"

#define LARGEST_SID_PARTS 15U
/* SYSTEMTIME, Windows SDK. */
#define FIRST_SYSTEMTIME_YEAR 1601U
#define LAST_SYSTEMTIME_YEAR 30827U

uint32_t iw_value_fixed_size(uint8_t type)
{
    static const uint8_t SIZES[0x16] = {
        [IW_VALUE_I8] = 1,       [IW_VALUE_U8] = 1,          [IW_VALUE_I16] = 2,
        [IW_VALUE_U16] = 2,      [IW_VALUE_I32] = 4,         [IW_VALUE_U32] = 4,
        [IW_VALUE_I64] = 8,      [IW_VALUE_U64] = 8,         [IW_VALUE_FLOAT] = 4,
        [IW_VALUE_DOUBLE] = 8,   [IW_VALUE_BOOL] = 4,        [IW_VALUE_GUID] = 16,
        [IW_VALUE_FILETIME] = 8, [IW_VALUE_SYSTEMTIME] = 16, [IW_VALUE_HEX32] = 4,
        [IW_VALUE_HEX64] = 8,
    };
    return type < sizeof SIZES ? SIZES[type] : 0;
}

/* The integer of any whole-number type; false for others or a wrong size. */
static bool load_integer(struct iw_value value, bool *ret_negative, uint64_t *ret)
{
    int64_t number = 0;
    if (value.type == IW_VALUE_SIZE ? value.n != 4 && value.n != 8
                                    : value.n != iw_value_fixed_size(value.type))
        return false;
    *ret_negative = false;
    switch (value.type) {
    case IW_VALUE_U8:
        *ret = value.p[0];
        return true;
    case IW_VALUE_U16:
        *ret = iw_load_u16(value.p);
        return true;
    case IW_VALUE_U32:
    case IW_VALUE_HEX32:
        *ret = iw_load_u32(value.p);
        return true;
    case IW_VALUE_U64:
    case IW_VALUE_HEX64:
        *ret = iw_load_u64(value.p);
        return true;
    case IW_VALUE_SIZE:
        *ret = value.n == 4 ? iw_load_u32(value.p) : iw_load_u64(value.p);
        return true;
    case IW_VALUE_I8:
        number = value.p[0] < 0x80 ? value.p[0] : (int64_t)value.p[0] - 0x100;
        break;
    case IW_VALUE_I16:
        number = (int16_t)iw_load_u16(value.p);
        break;
    case IW_VALUE_I32:
        number = (int32_t)iw_load_u32(value.p);
        break;
    case IW_VALUE_I64:
        number = (int64_t)iw_load_u64(value.p);
        break;
    default:
        return false;
    }
    *ret_negative = number < 0;
    *ret = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    return true;
}

static struct iw_str keep(struct iw_arena *arena, const char *text, size_t n)
{
    return iw_arena_copy(arena, (struct iw_str){text, n});
}

/* Writers of digits: text of values is asked for millions of times, and printf shows. */
static char *put_decimal(char *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    memcpy(out, digits + at, sizeof digits - at);
    return out + (sizeof digits - at);
}

/* *n_digits* lower-case hexadecimal digits. */
static char *put_hex(char *out, uint64_t number, unsigned n_digits)
{
    for (unsigned i = n_digits; i-- != 0; number >>= 4)
        out[i] = "0123456789abcdef"[number & 15];
    return out + n_digits;
}

static struct iw_str integer_text(struct iw_value value, struct iw_arena *arena)
{
    char text[32], *at = text;
    uint64_t number;
    bool negative;
    if (!load_integer(value, &negative, &number))
        return (struct iw_str){NULL, 0};
    if (negative)
        *at++ = '-';
    at = put_decimal(at, number);
    return keep(arena, text, (size_t)(at - text));
}

static struct iw_str hex_number_text(struct iw_value value, struct iw_arena *arena)
{
    char text[2 + 16] = "0x", *end;
    uint64_t number = 0;
    bool negative;
    (void)load_integer(value, &negative, &number);
    end = put_hex(text + 2, number, number != 0 ? 16U - (unsigned)__builtin_clzll(number) / 4 : 1);
    return keep(arena, text, (size_t)(end - text));
}

static struct iw_str hex_bytes_text(struct iw_value value, struct iw_arena *arena)
{
    static const char HEX[] = "0123456789ABCDEF";
    char *out = iw_arena_alloc(arena, (size_t)value.n * 2 + 1);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < value.n; i++) {
        out[2 * i] = HEX[value.p[i] >> 4];
        out[2 * i + 1] = HEX[value.p[i] & 15];
    }
    return (struct iw_str){out, (size_t)value.n * 2};
}

static struct iw_str guid_text(const uint8_t *p, struct iw_arena *arena)
{
    char text[38], *at = text;
    *at++ = '{';
    at = put_hex(at, iw_load_u32(p), 8);
    *at++ = '-';
    at = put_hex(at, iw_load_u16(p + 4), 4);
    *at++ = '-';
    at = put_hex(at, iw_load_u16(p + 6), 4);
    for (unsigned i = 8; i < 16; i++) {
        if (i == 8 || i == 10)
            *at++ = '-';
        at = put_hex(at, p[i], 2);
    }
    *at++ = '}';
    return keep(arena, text, (size_t)(at - text));
}

/* MS-DTYP §2.4.2.2: revision, count, 48-bit big-endian authority, 32-bit little-endian parts. */
static struct iw_str sid_text(struct iw_value value, struct iw_arena *arena)
{
    char text[32 + LARGEST_SID_PARTS * 11], *at = text;
    uint64_t authority = 0;
    unsigned n_parts;
    if (value.n < 8 || value.p[1] > LARGEST_SID_PARTS || value.n != 8 + 4U * value.p[1])
        return hex_bytes_text(value, arena);
    n_parts = value.p[1];
    for (unsigned i = 2; i < 8; i++)
        authority = authority << 8 | value.p[i];
    *at++ = 'S';
    *at++ = '-';
    at = put_decimal(at, value.p[0]);
    *at++ = '-';
    at = put_decimal(at, authority);
    for (unsigned i = 0; i < n_parts; i++) {
        *at++ = '-';
        at = put_decimal(at, iw_load_u32(value.p + 8 + 4 * (size_t)i));
    }
    return keep(arena, text, (size_t)(at - text));
}

static struct iw_str real_text(double number, struct iw_arena *arena)
{
    char text[400];
    int n;
    if (isnan(number))
        n = snprintf(text, sizeof text, "-1.#IND");
    else if (isinf(number))
        n = snprintf(text, sizeof text, "%s1.#INF", number < 0 ? "-" : "");
    else
        n = snprintf(text, sizeof text, "%f", number);
    return keep(arena, text, (size_t)n);
}

static struct iw_str float_text(struct iw_value value, struct iw_arena *arena)
{
    float single;
    double number;
    if (value.type == IW_VALUE_FLOAT) {
        memcpy(&single, value.p, sizeof single);
        return real_text((double)single, arena);
    }
    memcpy(&number, value.p, sizeof number);
    return real_text(number, arena);
}

/* Years outside our clock are legal here: the text is made of the parts, and they are checked in a
 * year of the clock with the same calendar, which repeats after 400 years. */
static struct iw_str systemtime_text(struct iw_value value, struct iw_arena *arena)
{
    char text[40];
    uint8_t parts[16];
    unsigned year = iw_load_u16(value.p), same_year = year % 400;
    int64_t ignored;
    int n;
    same_year += same_year < 100 ? 2000 : 1600;
    memcpy(parts, value.p, sizeof parts);
    parts[0] = (uint8_t)same_year;
    parts[1] = (uint8_t)(same_year >> 8);
    if (year < FIRST_SYSTEMTIME_YEAR || year > LAST_SYSTEMTIME_YEAR ||
        !iw_time_from_systemtime(parts, &ignored))
        return hex_bytes_text(value, arena);
    n = snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u.%03u0000Z", year,
                 iw_load_u16(value.p + 2), iw_load_u16(value.p + 6), iw_load_u16(value.p + 8),
                 iw_load_u16(value.p + 10), iw_load_u16(value.p + 12), iw_load_u16(value.p + 14));
    return keep(arena, text, (size_t)n);
}

struct iw_str iw_value_text(struct iw_value value, struct iw_arena *arena)
{
    char time_text[IW_TIME_TEXT_BYTES];
    uint32_t fixed = iw_value_fixed_size(value.type);

    if (value.type == IW_VALUE_NULL || value.n == 0)
        return (struct iw_str){"", 0};
    if (value.type == IW_VALUE_UTF8)
        return (struct iw_str){(const char *)value.p, value.n};
    if (value.type == IW_VALUE_UTF16)
        return iw_utf16_to_arena(value.p, value.n, arena);
    if (value.type == IW_VALUE_ANSI)
        return iw_ansi_to_arena(value.p, value.n, arena);
    if ((fixed != 0 && value.n != fixed) ||
        (value.type == IW_VALUE_SIZE && value.n != 4 && value.n != 8))
        return hex_bytes_text(value, arena);
    switch (value.type) {
    case IW_VALUE_FLOAT:
    case IW_VALUE_DOUBLE:
        return float_text(value, arena);
    case IW_VALUE_BOOL:
        return iw_load_u32(value.p) != 0 ? IW_STR("true") : IW_STR("false");
    case IW_VALUE_GUID:
        return guid_text(value.p, arena);
    case IW_VALUE_SIZE:
    case IW_VALUE_HEX32:
    case IW_VALUE_HEX64:
        return hex_number_text(value, arena);
    case IW_VALUE_FILETIME:
        iw_filetime_format(iw_load_u64(value.p), time_text);
        return keep(arena, time_text, sizeof time_text);
    case IW_VALUE_SYSTEMTIME:
        return systemtime_text(value, arena);
    case IW_VALUE_SID:
        return sid_text(value, arena);
    default:
        return fixed != 0 ? integer_text(value, arena) : hex_bytes_text(value, arena);
    }
}

/* Text of a value that needs no memory: ASCII of at most *cap* characters. False when there is
 * anything else in it. */
static bool ascii_text(struct iw_value value, char *out, size_t cap, size_t *ret_n)
{
    size_t step = value.type == IW_VALUE_UTF16 ? 2 : 1, n = value.n / step;
    if (value.type != IW_VALUE_UTF16 && value.type != IW_VALUE_UTF8 && value.type != IW_VALUE_ANSI)
        return false;
    if (n > cap)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (value.p[i * step] >= 0x80 || (step == 2 && value.p[2 * i + 1] != 0))
            return false;
        out[i] = (char)value.p[i * step];
    }
    *ret_n = n;
    return true;
}

static bool hex_u64(struct iw_str text, uint64_t *ret)
{
    uint64_t number = 0;
    if (text.n == 0 || text.n > 16)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = iw_ascii_lower(text.p[i]);
        unsigned digit;
        if (c >= '0' && c <= '9')
            digit = (unsigned)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (unsigned)(c - 'a') + 10;
        else
            return false;
        number = number << 4 | digit;
    }
    *ret = number;
    return true;
}

bool iw_value_u64(struct iw_value value, uint64_t *ret)
{
    char text[32];
    size_t n;
    bool negative;
    if (ascii_text(value, text, sizeof text, &n)) {
        if (n > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
            return hex_u64((struct iw_str){text + 2, n - 2}, ret);
        return iw_str_to_u64((struct iw_str){text, n}, ret);
    }
    return load_integer(value, &negative, ret) && !negative;
}

bool iw_value_time(struct iw_value value, int64_t *ret_ns)
{
    char text[40];
    size_t n;
    int64_t time_ns;
    if (value.type == IW_VALUE_FILETIME && value.n == 8) {
        time_ns = iw_time_from_filetime(iw_load_u64(value.p));
        if (!iw_time_known(time_ns))
            return false;
        *ret_ns = time_ns;
        return true;
    }
    if (value.type == IW_VALUE_SYSTEMTIME && value.n == 16)
        return iw_time_from_systemtime(value.p, ret_ns);
    return ascii_text(value, text, sizeof text, &n) &&
           iw_time_parse((struct iw_str){text, n}, ret_ns);
}
