/**
 * Writing JSON into a buffer.
 *
 * A writer with commas in the right places: begin/end objects and arrays, keys, values. What it
 * writes is valid JSON for any bytes: text that is not UTF-8 is repaired to U+FFFD; control
 * characters, U+007F–U+009F, bidi and zero-width marks and line separators are written as \u
 * escapes, so that NDJSON shown on a terminal cannot steer it.
 */
#ifndef IW_BASE_JSON_H
#define IW_BASE_JSON_H

#include "base/buffer.h"

struct iw_json {
    struct iw_buffer *out;
    bool need_comma;
};

void iw_json_init(struct iw_json *json, struct iw_buffer *out);
void iw_json_object(struct iw_json *json);
void iw_json_object_end(struct iw_json *json);
void iw_json_array(struct iw_json *json);
void iw_json_array_end(struct iw_json *json);
void iw_json_key(struct iw_json *json, struct iw_str key);
void iw_json_text(struct iw_json *json, struct iw_str value);
void iw_json_u64(struct iw_json *json, uint64_t value);
void iw_json_i64(struct iw_json *json, int64_t value);
void iw_json_bool(struct iw_json *json, bool value);
void iw_json_null(struct iw_json *json);
/** A time as text, or null when unknown. */
void iw_json_time(struct iw_json *json, int64_t time_ns);

/** key + value in one go. */
void iw_json_member_text(struct iw_json *json, const char *key, struct iw_str value);
/** The same; null where the text is empty. */
void iw_json_member_text_or_null(struct iw_json *json, const char *key, struct iw_str value);
void iw_json_member_u64(struct iw_json *json, const char *key, uint64_t value);
void iw_json_member_bool(struct iw_json *json, const char *key, bool value);
void iw_json_member_time(struct iw_json *json, const char *key, int64_t time_ns);
void iw_json_member_null(struct iw_json *json, const char *key);

/** Appends *text* escaped for the inside of a JSON string, without quotes. */
void iw_json_escape(struct iw_buffer *out, struct iw_str text);

/** Whether a code point must not reach a terminal raw: C0 and DEL, C1, bidi and zero-width
 * marks, line separators. */
bool iw_code_point_is_unsafe(uint32_t code_point);

/**
 * Appends *text* for a terminal or a log line: everything unsafe, tabs and line ends included,
 * becomes visible as \xNN or \u{NNNN}.
 */
void iw_printable_add(struct iw_buffer *out, struct iw_str text);

#endif
