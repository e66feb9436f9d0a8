/**
 * Members of an evidence item's fields as chains and trails write them: under canonical names, all
 * of them texts, as those of the events themselves are.
 */
#ifndef IW_DETECT_CHAIN_MEMBERS_H
#define IW_DETECT_CHAIN_MEMBERS_H

#include "base/json.h"

/** An empty text is no member. */
void iw_chain_text_member(struct iw_json *json, const char *key, struct iw_str text);
void iw_chain_number_member(struct iw_json *json, const char *key, uint64_t value);

#endif
