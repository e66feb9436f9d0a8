/*
 * Members that several NDJSON forms have.
 */
#include "output/json_members.h"

void iw_json_member_list(struct iw_json *json, const char *key, struct iw_text_list list)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_array(json);
    for (size_t i = 0; i < list.n; i++)
        iw_json_text(json, list.items[i]);
    iw_json_array_end(json);
}

void iw_json_member_u64_or_null(struct iw_json *json, const char *key, uint64_t value, bool known)
{
    if (known)
        iw_json_member_u64(json, key, value);
    else
        iw_json_member_null(json, key);
}

void iw_json_member_hex_or_null(struct iw_json *json, const char *key, const uint8_t *bytes,
                                size_t n, bool known)
{
    if (!known) {
        iw_json_member_null(json, key);
        return;
    }
    iw_json_key(json, iw_str_of(key));
    iw_buffer_add_char(json->out, '"');
    iw_buffer_add_hex(json->out, bytes, n);
    iw_buffer_add_char(json->out, '"');
    json->need_comma = true;
}
