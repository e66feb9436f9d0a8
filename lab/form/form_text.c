/*
 * Growing text and the escapes of JSON and XML (see form_text.h).
 *
 * Format: RFC 8259 section 7; XML 1.0 section 2.2 (characters) and 2.11 (why CR and LF are
 * references). What it ignores: names; those of the catalogue need no escape in either.
 */
#include "lab/form/form_text.h"

#include "lab/evtx/lab_text.h"
#include "lab/lab_alloc.h"

#include <stdarg.h>
#include <stdio.h>

#define REPLACEMENT 0xFFFDU
#define REPLACEMENT_UTF8 "\xEF\xBF\xBD"

void iw_lab_form_text_done(struct iw_lab_form_text *text)
{
    iw_lab_alloc_release(text->bytes);
    memset(text, 0, sizeof *text);
}

static void make_room(struct iw_lab_form_text *text, size_t size_bytes)
{
    if (text->n_bytes + size_bytes > text->room) {
        text->room = 2 * (text->n_bytes + size_bytes);
        text->bytes = iw_lab_alloc_resize(text->bytes, text->room, 1);
    }
}

void iw_lab_form_text_add(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes)
{
    if (size_bytes == 0) {
        return;
    }
    make_room(text, size_bytes);
    memcpy(text->bytes + text->n_bytes, bytes, size_bytes);
    text->n_bytes += size_bytes;
}

void iw_lab_form_text_put(struct iw_lab_form_text *text, const char *string)
{
    iw_lab_form_text_add(text, string, strlen(string));
}

void iw_lab_form_text_print(struct iw_lab_form_text *text, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n > 0) {
        make_room(text, (size_t)n + 1);
        vsnprintf(text->bytes + text->n_bytes, (size_t)n + 1, format, again);
        text->n_bytes += (size_t)n;
    }
    va_end(again);
}

void iw_lab_form_text_number(struct iw_lab_form_text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    iw_lab_form_text_add(text, digits + at, sizeof digits - at);
}

/* How many bytes a character takes by its first byte; 0: cannot begin one. */
static size_t length_of(uint8_t first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 2;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 3;
    }
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/* Reads one character (a surrogate too) and returns its bytes; U+FFFD and 1 for what is none. */
static size_t next_character(const char *bytes, size_t size_bytes, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    static const uint8_t first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    size_t length = length_of((uint8_t)bytes[0]);
    *character = REPLACEMENT;
    if (length == 0 || length > size_bytes) {
        return 1;
    }
    uint32_t code = (uint8_t)bytes[0] & first_bits[length];
    for (size_t i = 1; i < length; i++) {
        if (((uint8_t)bytes[i] & 0xC0U) != 0x80U) {
            return 1;
        }
        code = (code << 6) | ((uint8_t)bytes[i] & 0x3FU);
    }
    if (code < smallest[length] || code > 0x10FFFF) {
        return 1;
    }
    *character = code;
    return length;
}

/* How many bytes from here on stand for themselves in JSON and in XML. */
static size_t plain_bytes(const char *bytes, size_t size_bytes)
{
    static const bool special[128] = {
        ['"'] = true, ['\\'] = true, ['&'] = true, ['<'] = true, ['>'] = true, ['\''] = true};
    size_t n = 0;
    while (n < size_bytes && (uint8_t)bytes[n] >= 0x20 && (uint8_t)bytes[n] < 0x80 &&
           !special[(uint8_t)bytes[n]]) {
        n++;
    }
    return n;
}

static bool is_surrogate(uint32_t character)
{
    return character >= 0xD800 && character <= 0xDFFF;
}

static void put_json_character(struct iw_lab_form_text *text, uint32_t character)
{
    switch (character) {
    case '"':
        iw_lab_form_text_put(text, "\\\"");
        break;
    case '\\':
        iw_lab_form_text_put(text, "\\\\");
        break;
    case '\n':
        iw_lab_form_text_put(text, "\\n");
        break;
    case '\r':
        iw_lab_form_text_put(text, "\\r");
        break;
    case '\t':
        iw_lab_form_text_put(text, "\\t");
        break;
    default:
        iw_lab_form_text_print(text, "\\u%04x", (unsigned)character);
        break;
    }
}

/* The opening quote and the text, up to the first byte that is neither plain nor escaped by one
 * backslash: of most texts all. Returns how far it came. */
static size_t begin_json(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes)
{
    make_room(text, 2 * size_bytes + 1);
    char *out = text->bytes + text->n_bytes;
    size_t i = 0;
    *out++ = '"';
    for (; i < size_bytes && (uint8_t)bytes[i] >= 0x20 && (uint8_t)bytes[i] < 0x80; i++) {
        if (bytes[i] == '"' || bytes[i] == '\\') {
            *out++ = '\\';
        }
        *out++ = bytes[i];
    }
    text->n_bytes = (size_t)(out - text->bytes);
    return i;
}

void iw_lab_form_text_put_json(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes)
{
    for (size_t i = begin_json(text, bytes, size_bytes); i < size_bytes;) {
        size_t n = plain_bytes(bytes + i, size_bytes - i);
        iw_lab_form_text_add(text, bytes + i, n);
        i += n;
        if (i == size_bytes) {
            break;
        }
        uint32_t character = 0;
        n = next_character(bytes + i, size_bytes - i, &character);
        if (character < 0x20 || character == '"' || character == '\\') {
            put_json_character(text, character);
        } else if (character == REPLACEMENT || is_surrogate(character)) {
            iw_lab_form_text_put(text, REPLACEMENT_UTF8);
        } else {
            iw_lab_form_text_add(text, bytes + i, n);
        }
        i += n;
    }
    iw_lab_form_text_add(text, "\"", 1);
}

/* The entity or reference that must stand for the character, or NULL. */
static const char *xml_reference(uint32_t character)
{
    switch (character) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&apos;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        break;
    }
    bool is_carried =
        character >= 0x20 && !is_surrogate(character) && character != 0xFFFE && character != 0xFFFF;
    return is_carried && character != REPLACEMENT ? NULL : REPLACEMENT_UTF8;
}

void iw_lab_form_text_put_xml(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes;) {
        size_t n = plain_bytes(bytes + i, size_bytes - i);
        iw_lab_form_text_add(text, bytes + i, n);
        i += n;
        if (i == size_bytes) {
            break;
        }
        uint32_t character = 0;
        n = next_character(bytes + i, size_bytes - i, &character);
        const char *reference = xml_reference(character);
        if (reference != NULL) {
            iw_lab_form_text_put(text, reference);
        } else {
            iw_lab_form_text_add(text, bytes + i, n);
        }
        i += n;
    }
}

void iw_lab_form_value_read(struct iw_lab_form_value *out, const struct iw_lab_value *value)
{
    out->text = out->scratch;
    if (value->type == IW_LAB_TYPE_STRING) {
        out->text = value->data;
        out->size_bytes = value->size_bytes;
    } else {
        if (!iw_lab_value_print(value, out->scratch, sizeof out->scratch)) {
            out->scratch[0] = '\0';
        }
        out->size_bytes = strlen(out->scratch);
    }
}

void iw_lab_form_print_guid(const char *guid, bool is_upper, bool has_braces, char out[40])
{
    size_t n = 0;
    if (has_braces) {
        out[n++] = '{';
    }
    for (guid += *guid == '{' ? 1 : 0; *guid != '\0' && *guid != '}' && n < 38; guid++) {
        bool is_other_case = is_upper ? *guid >= 'a' && *guid <= 'f' : *guid >= 'A' && *guid <= 'F';
        out[n++] = (char)(is_other_case ? *guid ^ 0x20 : *guid);
    }
    if (has_braces) {
        out[n++] = '}';
    }
    out[n] = '\0';
}

void iw_lab_form_print_time(uint64_t filetime, unsigned n_decimals, char between, const char *zone,
                            char out[48])
{
    char time[32];
    size_t dot = strlen("2026-01-05T10:00:00");
    iw_lab_text_print_time(filetime, time);
    time[10] = between;
    time[n_decimals == 0 ? dot : dot + 1 + n_decimals] = '\0';
    size_t n = strlen(time), n_zone = strlen(zone);
    n_zone = n + n_zone < 48 ? n_zone : 47 - n;
    memcpy(out, time, n);
    memcpy(out + n, zone, n_zone);
    out[n + n_zone] = '\0';
}
