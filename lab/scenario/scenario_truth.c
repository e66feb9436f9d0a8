/*
 * Checks the truth of a scenario: it speaks of acts and hosts that are there, in known words.
 *
 * What it does: form only. What it ignores: whether the truth is true.
 */
#include "lab/scenario/lab_scenario.h"

#include <string.h>

bool iw_lab_scenario_is_source(const char *name)
{
    static const char sources[] = "sysmon security iis_configuration powershell system application "
                                  "w3c configuration history web_files modules";
    const char *colon = strchr(name, ':');
    bool has_id = strncmp(name, "sysmon:", 7) == 0 || strncmp(name, "security:", 9) == 0;
    return has_id ? colon[1] >= '1' && colon[1] <= '9' && strlen(colon + 1) <= 5 &&
                        strspn(colon + 1, "0123456789") == strlen(colon + 1)
                  : iw_lab_yaml_is_word(sources, name);
}

/* Every item of the list is an act; NULL is an empty list. */
static bool check_acts(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *list,
                       struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(&s->yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
        if (iw_lab_scenario_act(s, item->text) == NULL) {
            return iw_lab_yaml_fail(&s->yaml, item, error, "no act has the id \"%s\"", item->text);
        }
    }
    return true;
}

#define AIDS "baseline changes estate trust behaviour"
#define LINKS_OF_TRACES "compile"
#define LINKS "file_created process_created configuration registration module_load"
#define LEVELS "informational low medium high critical"
#define CHANGES "explained partly unverified expired unexplained not-checked"

/* `with` and `without` name what a user gives the detector, and what the scenario has of it. */
static bool check_aids(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                       struct iw_lab_error *error)
{
    static const char *const keys[] = {"with", "without"};
    for (size_t i = 0; i < 2; i++) {
        const struct iw_lab_yaml_node *item =
            iw_lab_yaml_first(&s->yaml, iw_lab_yaml_get(&s->yaml, node, keys[i]));
        for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
            if (!iw_lab_yaml_is_word(AIDS, item->text)) {
                return iw_lab_yaml_fail(&s->yaml, item, error, "an aid is one of: " AIDS);
            }
            if ((strcmp(item->text, "changes") == 0 && s->changes == NULL) ||
                (strcmp(item->text, "estate") == 0 && s->estate == NULL) ||
                (strcmp(item->text, "behaviour") == 0 && s->clean_to == 0)) {
                return iw_lab_yaml_fail(&s->yaml, item, error, "the scenario has no %s",
                                        item->text);
            }
        }
    }
    return true;
}

static bool check_host(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *at,
                       const char *name, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *host = iw_lab_yaml_first(&s->yaml, s->hosts);
    while (host != NULL && strcmp(iw_lab_yaml_text(&s->yaml, host, "name", ""), name) != 0) {
        host = iw_lab_yaml_next(&s->yaml, host);
    }
    return host != NULL || iw_lab_yaml_fail(&s->yaml, at, error, "there is no host \"%s\"", name);
}

/* A text, or {act, with, without}. */
static bool check_may(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *list,
                      struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(&s->yaml, list);
    if (list != NULL && list->kind != IW_LAB_YAML_LIST) {
        return iw_lab_yaml_fail(&s->yaml, list, error, "\"may\" must be a list");
    }
    for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
        bool is_map = item->kind == IW_LAB_YAML_MAP;
        if (is_map && (!iw_lab_yaml_check(&s->yaml, item, "act* with:texts without:texts", error) ||
                       !check_aids(s, item, error))) {
            return false;
        }
        const char *act = is_map ? iw_lab_yaml_text(&s->yaml, item, "act", "") : item->text;
        if (iw_lab_scenario_act(s, act) == NULL) {
            return iw_lab_yaml_fail(&s->yaml, item, error, "no act has the id \"%s\"", act);
        }
    }
    return true;
}

/* Every text of the list is one of these words; NULL is an empty list. */
static bool check_words(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *list,
                        const char *words, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(&s->yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
        if (!iw_lab_yaml_is_word(words, item->text)) {
            return iw_lab_yaml_fail(&s->yaml, item, error, "\"%s\" is none of: %s", item->text,
                                    words);
        }
    }
    return true;
}

/* Sources without which it is not asked for. */
static bool check_unless(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                         struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *item =
        iw_lab_yaml_first(&s->yaml, iw_lab_yaml_get(&s->yaml, node, "unless"));
    for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
        if (!iw_lab_scenario_is_source(item->text)) {
            return iw_lab_yaml_fail(&s->yaml, item, error, "there is no source \"%s\"", item->text);
        }
    }
    return true;
}

/* What the finding says beside the acts it is about. */
static bool check_told(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                       struct iw_lab_error *error)
{
    static const char *const keys[] = {"attack", "attack_not"};
    bool flag = false;
    for (size_t i = 0; i < 2; i++) {
        const struct iw_lab_yaml_node *item =
            iw_lab_yaml_first(&s->yaml, iw_lab_yaml_get(&s->yaml, node, keys[i]));
        for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
            if (item->text[0] != 'T' || strspn(item->text + 1, "0123456789.") < 4 ||
                item->text[1 + strspn(item->text + 1, "0123456789.")] != '\0') {
                return iw_lab_yaml_fail(&s->yaml, item, error, "no technique: %s", item->text);
            }
        }
    }
    return check_words(s, iw_lab_yaml_get(&s->yaml, node, "links"), LINKS_OF_TRACES, error) &&
           iw_lab_yaml_flag(&s->yaml, node, "partial", &flag, error) &&
           iw_lab_yaml_flag(&s->yaml, node, "once", &flag, error) && check_unless(s, node, error);
}

static bool check_must(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                       struct iw_lab_error *error)
{
    const struct iw_lab_yaml *yaml = &s->yaml;
    if (!iw_lab_yaml_check(yaml, node,
                           "finding* analytic* host acts:texts* enough:texts level at_most change "
                           "with:texts without:texts shows:texts note links:texts tells:texts "
                           "blind:texts attack:texts attack_not:texts partial once unless:texts",
                           error) ||
        !check_aids(s, node, error) || !check_told(s, node, error)) {
        return false;
    }
    const char *host = iw_lab_yaml_text(yaml, node, "host", NULL);
    const struct iw_lab_yaml_node *acts = iw_lab_yaml_get(yaml, node, "acts");
    const struct iw_lab_yaml_node *enough = iw_lab_yaml_get(yaml, node, "enough");
    if (!iw_lab_yaml_is_word("AN0184 AN1108", iw_lab_yaml_text(yaml, node, "analytic", ""))) {
        return iw_lab_yaml_fail(yaml, node, error, "the analytic is AN0184 or AN1108");
    }
    if (!iw_lab_yaml_is_word(LEVELS, iw_lab_yaml_text(yaml, node, "level", "medium")) ||
        !iw_lab_yaml_is_word(LEVELS, iw_lab_yaml_text(yaml, node, "at_most", "critical"))) {
        return iw_lab_yaml_fail(yaml, node, error, "the level is one of: " LEVELS);
    }
    if (!iw_lab_yaml_is_word(CHANGES, iw_lab_yaml_text(yaml, node, "change", "explained"))) {
        return iw_lab_yaml_fail(yaml, node, error, "the change is one of: " CHANGES);
    }
    if (acts->n_children == 0) {
        return iw_lab_yaml_fail(yaml, acts, error, "a finding is about at least one act");
    }
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, enough);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        const struct iw_lab_yaml_node *act = iw_lab_yaml_first(yaml, acts);
        while (act != NULL && strcmp(act->text, item->text) != 0) {
            act = iw_lab_yaml_next(yaml, act);
        }
        if (act == NULL) {
            return iw_lab_yaml_fail(yaml, item, error, "\"%s\" is not among the acts", item->text);
        }
    }
    return check_acts(s, acts, error) && (host == NULL || check_host(s, node, host, error));
}

/* HOST: {ANALYTIC: verdict} */
static bool check_verdicts(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *map,
                           struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *host = iw_lab_yaml_first(&s->yaml, map);
    if (map != NULL && map->kind != IW_LAB_YAML_MAP) {
        return iw_lab_yaml_fail(&s->yaml, map, error, "\"%s\" must be a map", map->key);
    }
    for (; host != NULL; host = iw_lab_yaml_next(&s->yaml, host)) {
        const struct iw_lab_yaml_node *verdict = iw_lab_yaml_first(&s->yaml, host);
        if (!check_host(s, host, host->key, error) ||
            !iw_lab_yaml_check(&s->yaml, host, "AN0184 AN1108", error)) {
            return false;
        }
        for (; verdict != NULL; verdict = iw_lab_yaml_next(&s->yaml, verdict)) {
            if (!iw_lab_yaml_is_word("detected clear blind", verdict->text)) {
                return iw_lab_yaml_fail(&s->yaml, verdict, error,
                                        "the verdict is detected, clear or blind");
            }
        }
    }
    return true;
}

/* Acts that no one finding tells of. */
static bool check_aparts(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *list,
                         struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(&s->yaml, list);
    for (; node != NULL; node = iw_lab_yaml_next(&s->yaml, node)) {
        const struct iw_lab_yaml_node *acts = iw_lab_yaml_get(&s->yaml, node, "acts");
        if (!iw_lab_yaml_check(&s->yaml, node, "acts:texts* unless:texts note", error) ||
            !check_acts(s, acts, error) || !check_unless(s, node, error)) {
            return false;
        }
        if (acts->n_children < 2) {
            return iw_lab_yaml_fail(&s->yaml, acts, error, "at least two acts are apart");
        }
    }
    return true;
}

/* HOST: {ANALYTIC: [word, …]}, for verdicts that stand under coverage; words NULL: any. */
static bool check_blind(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *map,
                        const struct iw_lab_yaml_node *coverage, const char *words,
                        struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *host = iw_lab_yaml_first(&s->yaml, map);
    for (; host != NULL; host = iw_lab_yaml_next(&s->yaml, host)) {
        const struct iw_lab_yaml_node *links = iw_lab_yaml_first(&s->yaml, host);
        if (!check_host(s, host, host->key, error) ||
            !iw_lab_yaml_check(&s->yaml, host, "AN0184:texts AN1108:texts", error)) {
            return false;
        }
        for (; links != NULL; links = iw_lab_yaml_next(&s->yaml, links)) {
            const struct iw_lab_yaml_node *verdicts =
                iw_lab_yaml_get(&s->yaml, coverage, host->key);
            if (iw_lab_yaml_text(&s->yaml, verdicts, links->key, NULL) == NULL) {
                return iw_lab_yaml_fail(&s->yaml, links, error, "coverage has no verdict for it");
            }
            if (words != NULL && !check_words(s, links, words, error)) {
                return false;
            }
        }
    }
    return true;
}

bool iw_lab_scenario_check_truth(const struct iw_lab_scenario *scenario, struct iw_lab_error *error)
{
    const struct iw_lab_yaml *yaml = &scenario->yaml;
    const struct iw_lab_yaml_node *truth = scenario->truth;
    if (!iw_lab_yaml_check(
            yaml, truth,
            "must:maps may:any must_not:texts apart:maps coverage:map blind:map beyond:map "
            "without:map context:maps",
            error)) {
        return false;
    }
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, truth, "must"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!check_must(scenario, node, error)) {
            return false;
        }
    }
    node = iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, truth, "without"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!iw_lab_scenario_is_source(node->key)) {
            return iw_lab_yaml_fail(yaml, node, error, "there is no source \"%s\"", node->key);
        }
        if (!check_verdicts(scenario, node, error)) {
            return false;
        }
    }
    node = iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, truth, "context"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!iw_lab_yaml_check(yaml, node, "process* parent session pool", error)) {
            return false;
        }
    }
    return check_may(scenario, iw_lab_yaml_get(yaml, truth, "may"), error) &&
           check_acts(scenario, iw_lab_yaml_get(yaml, truth, "must_not"), error) &&
           check_aparts(scenario, iw_lab_yaml_get(yaml, truth, "apart"), error) &&
           check_blind(scenario, iw_lab_yaml_get(yaml, truth, "blind"),
                       iw_lab_yaml_get(yaml, truth, "coverage"), LINKS, error) &&
           check_blind(scenario, iw_lab_yaml_get(yaml, truth, "beyond"),
                       iw_lab_yaml_get(yaml, truth, "coverage"), NULL, error) &&
           check_verdicts(scenario, iw_lab_yaml_get(yaml, truth, "coverage"), error);
}
