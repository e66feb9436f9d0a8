#include "detect/chain/chain_members.h"

#include <stdio.h>

void iw_chain_text_member(struct iw_json *json, const char *key, struct iw_str text)
{
    if (text.n != 0)
        iw_json_member_text(json, key, text);
}

void iw_chain_number_member(struct iw_json *json, const char *key, uint64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    iw_json_member_text(json, key, (struct iw_str){text, (size_t)n});
}
