/**
 * Members that several NDJSON forms have: what base/json.h has no type for.
 */
#ifndef IW_OUTPUT_JSON_MEMBERS_H
#define IW_OUTPUT_JSON_MEMBERS_H

#include "base/json.h"
#include "result/finding.h"

/** An array of texts, empty where the list is. */
void iw_json_member_list(struct iw_json *json, const char *key, struct iw_text_list list);
/** The number, or null where it is not *known*. */
void iw_json_member_u64_or_null(struct iw_json *json, const char *key, uint64_t value, bool known);
/** Bytes as lower-case hexadecimal text, or null where they are not *known*. */
void iw_json_member_hex_or_null(struct iw_json *json, const char *key, const uint8_t *bytes,
                                size_t n, bool known);

#endif
