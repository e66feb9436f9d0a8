/*
 * The table of dialects, from the most particular to the least.
 */
#include "input/json/json_dialect.h"

static const struct json_dialect *const DIALECTS[] = {
    &json_dialect_winlogbeat, &json_dialect_wazuh,  &json_dialect_event,       &json_dialect_system,
    &json_dialect_flat,       &json_dialect_vector, &json_dialect_winlogbeat6,
};

enum fit { FIT_NONE = 0, FIT_DOUBTFUL, FIT_SURE };

static bool is_named(struct json_reading *reading, const struct json_head_nodes *nodes,
                     enum json_role role)
{
    return nodes->at[role] != JSON_NO_NODE && json_head_label(reading, nodes, role).n != 0;
}

static enum fit fit_of(struct json_reading *reading, const struct json_dialect *dialect,
                       struct json_head_nodes *nodes)
{
    bool has_channel, has_provider, has_id;
    uint32_t id;
    if (!dialect->find(reading, nodes))
        return FIT_NONE;
    has_channel = is_named(reading, nodes, JSON_ROLE_CHANNEL);
    has_provider = is_named(reading, nodes, JSON_ROLE_PROVIDER);
    has_id = nodes->at[JSON_ROLE_EVENT_ID] != JSON_NO_NODE;
    if ((has_channel || has_provider) && json_head_has_id(reading, nodes, &id))
        return FIT_SURE;
    if (!dialect->is_flat)
        return has_channel || has_provider || has_id ? FIT_DOUBTFUL : FIT_NONE;
    return (has_channel && has_provider) || ((has_channel || has_provider) && has_id) ? FIT_DOUBTFUL
                                                                                      : FIT_NONE;
}

/* Whether two readings of a record name two events. */
static bool differ(struct json_reading *reading, const struct json_head_nodes *left,
                   const struct json_head_nodes *right)
{
    struct iw_str left_channel = json_head_label(reading, left, JSON_ROLE_CHANNEL);
    struct iw_str right_channel = json_head_label(reading, right, JSON_ROLE_CHANNEL);
    uint32_t left_id = 0, right_id = 0;
    (void)json_head_has_id(reading, left, &left_id);
    (void)json_head_has_id(reading, right, &right_id);
    return left_id != right_id || (left_channel.n != 0 && right_channel.n != 0 &&
                                   !iw_str_equal_nocase(left_channel, right_channel));
}

const struct json_dialect *json_dialect_of(struct json_reading *reading, bool *ret_sure)
{
    const struct json_dialect *sure = NULL, *doubtful = NULL;
    struct json_head_nodes first, nodes;
    reading->is_contradicted = false;
    for (size_t i = 0; i < sizeof DIALECTS / sizeof DIALECTS[0]; i++) {
        enum fit fit = fit_of(reading, DIALECTS[i], &nodes);
        if (fit == FIT_SURE && sure == NULL) {
            sure = DIALECTS[i];
            first = nodes;
        } else if (fit == FIT_SURE && differ(reading, &first, &nodes)) {
            reading->is_contradicted = true;
        } else if (fit == FIT_DOUBTFUL && doubtful == NULL) {
            doubtful = DIALECTS[i];
        }
    }
    *ret_sure = sure != NULL;
    return sure != NULL ? sure : doubtful;
}

uint8_t json_dialect_number(const struct json_dialect *dialect)
{
    uint8_t number = 1;
    for (size_t i = 0; i < sizeof DIALECTS / sizeof DIALECTS[0] && DIALECTS[i] != dialect; i++)
        number++;
    return number;
}

bool json_is_no_event(const struct json_doc *doc, const struct json_survey *survey)
{
    static const enum json_key ACTIONS[] = {JSON_KEY_INDEX, JSON_KEY_CREATE, JSON_KEY_UPDATE,
                                            JSON_KEY_DELETE};
    if (survey->n_members != 1)
        return survey->n_members == 0;
    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0]; i++) {
        if (json_has_type(doc, survey, ACTIONS[i], JSON_OBJECT))
            return true;
    }
    return false;
}
