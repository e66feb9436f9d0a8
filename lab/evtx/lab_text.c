/*
 * Text forms of EVTX (see lab_text.h).
 *
 * What it does: UTF-8 to UTF-16LE with a fast road for ASCII, the 65599 hash, times, GUIDs, SIDs.
 * Format: GUIDs keep their first three groups little-endian; a SID's authority is 48 bits
 * big-endian; FILETIME counts 100 ns since 1601-01-01. What it ignores: leap seconds, years before
 * 1601 and after 9999.
 */
#include "lab/evtx/lab_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS_PER_SECOND 10000000U
#define SECONDS_PER_DAY 86400U

static uint32_t decode_utf8(const uint8_t *at, size_t left, size_t *used)
{
    uint32_t first = at[0];
    size_t n_more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    *used = 1;
    if (first < 0x80) {
        return first;
    }
    if (first < 0xC2 || first > 0xF4 || n_more >= left) {
        return 0xFFFD;
    }
    uint32_t code = first & (0x3FU >> n_more);
    for (size_t i = 1; i <= n_more; i++) {
        if ((at[i] & 0xC0U) != 0x80U) {
            return 0xFFFD;
        }
        code = (code << 6) | (at[i] & 0x3FU);
    }
    *used = n_more + 1;
    return code > 0x10FFFF ? 0xFFFD : code;
}

size_t iw_lab_text_to_utf16(const char *utf8, size_t size_bytes, uint16_t *units)
{
    const uint8_t *at = (const uint8_t *)utf8;
    size_t n_units = 0;
    size_t i = 0;
    while (i < size_bytes) {
        if (at[i] < 0x80) {
            units[n_units++] = at[i++];
            continue;
        }
        size_t used = 0;
        uint32_t code = decode_utf8(at + i, size_bytes - i, &used);
        i += used;
        if (code >= 0x10000) {
            code -= 0x10000;
            units[n_units++] = (uint16_t)(0xD800U + (code >> 10));
            units[n_units++] = (uint16_t)(0xDC00U + (code & 0x3FFU));
        } else {
            units[n_units++] = (uint16_t)code;
        }
    }
    return n_units;
}

uint32_t iw_lab_text_hash(const uint16_t *units, size_t n_units)
{
    uint32_t hash = 0;
    for (size_t i = 0; i < n_units; i++) {
        hash = hash * 65599U + units[i];
    }
    return hash;
}

/* Days from 1601-01-01 (a Monday) to the given civil date; proleptic Gregorian calendar. */
static uint64_t days_since_1601(unsigned year, unsigned month, unsigned day)
{
    static const unsigned before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    uint64_t past = year - 1601U;
    uint64_t days = past * 365U + past / 4 - past / 100 + past / 400;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days + before_month[month - 1] + (leap && month > 2 ? 1U : 0U) + (day - 1U);
}

#define TIME_PART_CHARS 19U

/* Digits exactly where a time has them, separators exactly where it has those. */
static bool read_time_parts(const char *text, unsigned parts[6])
{
    static const char pattern[] = "0000-00-00T00:00:00";
    size_t part = 0;
    for (size_t i = 0; i < TIME_PART_CHARS; i++) {
        if (pattern[i] != '0') {
            if (text[i] != pattern[i]) {
                return false;
            }
            part++;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else {
            parts[part] = parts[part] * 10 + (unsigned)(text[i] - '0');
        }
    }
    return true;
}

bool iw_lab_text_parse_time(const char *text, uint64_t *filetime)
{
    unsigned parts[6] = {0, 0, 0, 0, 0, 0};
    if (!read_time_parts(text, parts)) {
        return false;
    }
    unsigned year = parts[0];
    unsigned month = parts[1];
    unsigned day = parts[2];
    unsigned hour = parts[3];
    unsigned minute = parts[4];
    unsigned second = parts[5];
    uint64_t ticks = 0;
    uint64_t step = TICKS_PER_SECOND;
    text += TIME_PART_CHARS;
    if (*text == '.') {
        for (text++; *text >= '0' && *text <= '9' && step > 1; text++) {
            step /= 10;
            ticks += step * (uint64_t)(*text - '0');
        }
    }
    if (strcmp(text, "Z") != 0 || year < 1601 || month < 1 || month > 12 || day < 1 || day > 31 ||
        hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    unsigned next_year = month == 12 ? year + 1 : year;
    unsigned next_month = month == 12 ? 1 : month + 1;
    if (days_since_1601(year, month, day) >= days_since_1601(next_year, next_month, 1)) {
        return false;
    }
    uint64_t seconds = days_since_1601(year, month, day) * SECONDS_PER_DAY + hour * 3600ULL +
                       minute * 60ULL + second;
    *filetime = seconds * TICKS_PER_SECOND + ticks;
    return true;
}

void iw_lab_text_split_time(uint64_t filetime, uint16_t words[8])
{
    uint64_t seconds = filetime / TICKS_PER_SECOND;
    uint64_t days = seconds / SECONDS_PER_DAY;
    uint64_t rest = seconds % SECONDS_PER_DAY;
    unsigned year = (unsigned)(1601U + days / 366U);
    while (days_since_1601(year + 1, 1, 1) <= days) {
        year++;
    }
    unsigned month = 12;
    while (days_since_1601(year, month, 1) > days) {
        month--;
    }
    words[0] = (uint16_t)year;
    words[1] = (uint16_t)month;
    words[2] = (uint16_t)((days + 1) % 7);
    words[3] = (uint16_t)(days - days_since_1601(year, month, 1) + 1);
    words[4] = (uint16_t)(rest / 3600);
    words[5] = (uint16_t)(rest / 60 % 60);
    words[6] = (uint16_t)(rest % 60);
    words[7] = (uint16_t)(filetime % TICKS_PER_SECOND / 10000);
}

static void put_digits(char *out, uint64_t number, size_t n_digits)
{
    while (n_digits > 0) {
        out[--n_digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Streams of many million lines print several times each: no printf here. */
void iw_lab_text_print_time(uint64_t filetime, char out[32])
{
    uint16_t words[8];
    iw_lab_text_split_time(filetime, words);
    memcpy(out, "0000-00-00T00:00:00.0000000Z", 29);
    put_digits(out, words[0], 4);
    put_digits(out + 5, words[1], 2);
    put_digits(out + 8, words[3], 2);
    put_digits(out + 11, words[4], 2);
    put_digits(out + 14, words[5], 2);
    put_digits(out + 17, words[6], 2);
    put_digits(out + 20, filetime % TICKS_PER_SECOND, 7);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool iw_lab_text_parse_guid(const char *text, uint8_t guid[16])
{
    static const uint8_t place[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    bool braces = *text == '{';
    text += braces ? 1 : 0;
    for (size_t i = 0; i < 16; i++) {
        if ((i == 4 || i == 6 || i == 8 || i == 10) && *text++ != '-') {
            return false;
        }
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0) {
            return false;
        }
        guid[place[i]] = (uint8_t)(high * 16 + low);
        text += 2;
    }
    return strcmp(text, braces ? "}" : "") == 0;
}

bool iw_lab_text_parse_sid(const char *text, uint8_t sid[68], size_t *size_bytes)
{
    char *end = NULL;
    if (strncmp(text, "S-", 2) != 0) {
        return false;
    }
    unsigned long revision = strtoul(text + 2, &end, 10);
    if (revision > 255 || *end != '-') {
        return false;
    }
    unsigned long long authority = strtoull(end + 1, &end, 0);
    uint8_t n_sub = 0;
    while (*end == '-' && n_sub < 15) {
        unsigned long long sub = strtoull(end + 1, &end, 10);
        if (sub > UINT32_MAX) {
            return false;
        }
        for (size_t i = 0; i < 4; i++) {
            sid[8U + 4U * n_sub + i] = (uint8_t)(sub >> (8 * i));
        }
        n_sub++;
    }
    sid[0] = (uint8_t)revision;
    sid[1] = n_sub;
    for (size_t i = 0; i < 6; i++) {
        sid[2 + i] = (uint8_t)(authority >> (8 * (5 - i)));
    }
    *size_bytes = 8U + 4U * n_sub;
    return *end == '\0';
}

bool iw_lab_text_parse_hex(const char *text, uint8_t *bytes, size_t size_bytes, size_t *n_bytes)
{
    size_t n = 0;
    for (; text[0] != '\0'; text += 2) {
        int high = hex_digit(text[0]);
        int low = text[1] == '\0' ? -1 : hex_digit(text[1]);
        if (high < 0 || low < 0 || n == size_bytes) {
            return false;
        }
        bytes[n++] = (uint8_t)(high * 16 + low);
    }
    *n_bytes = n;
    return true;
}
