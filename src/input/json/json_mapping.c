/*
 * Dialects that need no more than a table of where things stand.
 */
#include "input/json/json_dialect.h"

static bool is_identity(enum json_role role)
{
    return role == JSON_ROLE_CHANNEL || role == JSON_ROLE_EVENT_ID || role == JSON_ROLE_PROVIDER;
}

static void find_nodes(const struct json_doc *doc, const struct json_mapping *mapping,
                       uint32_t base, bool identity_only, struct json_head_nodes *ret)
{
    json_head_nodes_init(ret);
    for (size_t i = 0; i < mapping->n_rows; i++) {
        const struct json_map_row *row = &mapping->rows[i];
        if (is_identity(row->role) || (!identity_only && ret->at[row->role] == JSON_NO_NODE))
            json_head_nodes_offer(doc, ret, row->role, json_find(doc, base, row->path));
    }
}

void json_mapping_find(const struct json_doc *doc, const struct json_mapping *mapping,
                       uint32_t base, struct json_head_nodes *ret)
{
    find_nodes(doc, mapping, base, true, ret);
}

enum iw_rc json_read_mapped(struct json_reading *reading, const struct json_mapping *mapping,
                            uint32_t base, bool *ret_wanted)
{
    struct json_head_nodes nodes;
    uint32_t payload[2] = {JSON_NO_NODE, JSON_NO_NODE};

    find_nodes(reading->doc, mapping, base, false, &nodes);
    IW_TRY(json_set_head(reading, &nodes, ret_wanted));
    if (!*ret_wanted)
        return IW_OK;
    for (unsigned role = 1; role < JSON_ROLE_COUNT; role++)
        IW_TRY(json_add_role(reading, &nodes, (enum json_role)role));
    if (mapping->event_data != NULL)
        payload[0] = json_find(reading->doc, base, mapping->event_data);
    if (mapping->user_data != NULL)
        payload[1] = json_find(reading->doc, base, mapping->user_data);
    if (payload[0] != JSON_NO_NODE)
        IW_TRY(json_add_event_data(reading, payload[0], mapping->change));
    if (payload[1] != JSON_NO_NODE)
        IW_TRY(json_add_user_data(reading, payload[1]));
    return json_add_rest(reading, reading->survey.root, payload, 2);
}
