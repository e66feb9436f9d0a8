/*
 * Checks the change records and the estate of a scenario: what a user of the detector would write
 * beside the evidence.
 *
 * What it does: form only; times are of the scenario, a hash may be that of a file after an act.
 * What it ignores: whether a record fits anything that happens; some are wrong on purpose.
 */
#include "lab/scenario/lab_scenario.h"

#include <string.h>

#define RECORD_KEYS                                                                                \
    "id* hosts:texts* from* to* actors:texts action:texts component:map path sha256:any "          \
    "publisher "                                                                                   \
    "expires reason approved_by"

static bool check_time(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *record,
                       const char *key, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(&s->yaml, record, key);
    uint64_t time = 0;
    return node == NULL || iw_lab_scenario_read_time(s, node->text, &time) ||
           iw_lab_yaml_fail(&s->yaml, node, error, "no time: %s (as 10:41:52, d2 08:00:00)",
                            node->text);
}

static bool check_hash(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                       struct iw_lab_error *error)
{
    if (node == NULL || node->kind == IW_LAB_YAML_TEXT) {
        return node == NULL ||
               (strlen(node->text) == 64 && strspn(node->text, "0123456789abcdefABCDEF") == 64) ||
               iw_lab_yaml_fail(&s->yaml, node, error,
                                "sha256 is 64 hexadecimal digits, or {file: …, after: ACT}");
    }
    const char *after = iw_lab_yaml_text(&s->yaml, node, "after", NULL);
    return iw_lab_yaml_check(&s->yaml, node, "file* host after", error) &&
           (after == NULL || iw_lab_scenario_act(s, after) != NULL ||
            iw_lab_yaml_fail(&s->yaml, node, error, "no act has the id \"%s\"", after));
}

static bool check_record(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *record,
                         struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *component = iw_lab_yaml_get(&s->yaml, record, "component");
    const struct iw_lab_yaml_node *action =
        iw_lab_yaml_first(&s->yaml, iw_lab_yaml_get(&s->yaml, record, "action"));
    if (!iw_lab_yaml_check(&s->yaml, record, RECORD_KEYS, error) ||
        (component != NULL && !iw_lab_yaml_check(&s->yaml, component, "kind name", error))) {
        return false;
    }
    for (; action != NULL; action = iw_lab_yaml_next(&s->yaml, action)) {
        if (!iw_lab_yaml_is_word("add modify remove", action->text)) {
            return iw_lab_yaml_fail(&s->yaml, action, error, "an action is add, modify or remove");
        }
    }
    return check_time(s, record, "from", error) && check_time(s, record, "to", error) &&
           check_time(s, record, "expires", error) &&
           check_hash(s, iw_lab_yaml_get(&s->yaml, record, "sha256"), error);
}

bool iw_lab_scenario_check_records(const struct iw_lab_scenario *scenario,
                                   struct iw_lab_error *error)
{
    const struct iw_lab_yaml *yaml = &scenario->yaml;
    const struct iw_lab_yaml_node *record = iw_lab_yaml_first(yaml, scenario->changes);
    for (; record != NULL; record = iw_lab_yaml_next(yaml, record)) {
        if (!check_record(scenario, record, error)) {
            return false;
        }
    }
    return true;
}
