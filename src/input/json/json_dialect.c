/*
 * The table of dialects, from the most particular to the least.
 */
#include "input/json/json_dialect.h"

static const struct json_dialect *const DIALECTS[] = {
    &json_dialect_winlogbeat, &json_dialect_wazuh,  &json_dialect_event,       &json_dialect_system,
    &json_dialect_flat,       &json_dialect_vector, &json_dialect_winlogbeat6,
};

const struct json_dialect *json_dialect_of(const struct json_doc *doc,
                                           const struct json_survey *survey)
{
    for (size_t i = 0; i < sizeof DIALECTS / sizeof DIALECTS[0]; i++) {
        if (DIALECTS[i]->fits(doc, survey))
            return DIALECTS[i];
    }
    return NULL;
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
