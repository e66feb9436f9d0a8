/*
 * Reading a scenario (see lab_scenario.h).
 *
 * What it does: the head, the accounts, and the two lists of acts, whose times are made absolute
 * and merged. What it ignores: hosts, life and the details of acts, which belong to whoever plays
 * them.
 */
#include "lab/scenario/lab_scenario.h"

#include "lab/evtx/lab_text.h"
#include "lab/lab_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_STEPS UINT64_C(864000000000)
#define MAX_DAYS 400U

char *iw_lab_scenario_sid(struct iw_lab_arena *arena, const char *domain, uint64_t rid)
{
    struct iw_lab_random random = {.state = iw_lab_random_of_text(domain)};
    uint32_t a = (uint32_t)iw_lab_random_next(&random);
    uint32_t b = (uint32_t)iw_lab_random_next(&random);
    uint32_t c = (uint32_t)iw_lab_random_next(&random);
    return iw_lab_arena_print(arena, "S-1-5-21-%u-%u-%u-%u", a, b, c, (uint32_t)rid);
}

static bool read_absolute(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *root,
                          const char *key, uint64_t *filetime, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_get(&s->yaml, root, key);
    return iw_lab_text_parse_time(node->text, filetime) ||
           iw_lab_yaml_fail(&s->yaml, node, error,
                            "\"%s\" must be a UTC time, as 2026-01-05T06:00:00Z", key);
}

bool iw_lab_scenario_read_time(const struct iw_lab_scenario *scenario, const char *text,
                               uint64_t *filetime)
{
    char whole[64];
    char day[32];
    uint64_t days = 1;
    if (strchr(text, 'T') != NULL) {
        return iw_lab_text_parse_time(text, filetime);
    }
    if (text[0] == 'd') {
        char *end = NULL;
        days = strtoull(text + 1, &end, 10);
        if (*end != ' ' || days == 0 || days > 4000) {
            return false;
        }
        text = end + 1;
    }
    uint64_t start = scenario->from - scenario->from % DAY_STEPS + (days - 1) * DAY_STEPS;
    iw_lab_text_print_time(start, day);
    day[10] = '\0';
    const char *seconds = strchr(text, ':');
    seconds = seconds == NULL ? NULL : strchr(seconds + 1, ':');
    if (strlen(text) > 20) {
        return false;
    }
    snprintf(whole, sizeof whole, "%sT%s%s%sZ", day, text[1] == ':' ? "0" : "", text,
             seconds == NULL ? ":00" : "");
    return iw_lab_text_parse_time(whole, filetime);
}

static bool read_accounts(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *list,
                          struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(&s->yaml, list);
    s->accounts = iw_lab_arena_take(&s->arena, (list == NULL ? 0 : list->n_children) + 1,
                                    sizeof *s->accounts);
    for (; node != NULL; node = iw_lab_yaml_next(&s->yaml, node)) {
        struct iw_lab_account *account = &s->accounts[s->n_accounts];
        uint64_t rid = 1100 + s->n_accounts;
        if (!iw_lab_yaml_check(&s->yaml, node, "name* rid privileged domain", error) ||
            !iw_lab_yaml_number(&s->yaml, node, "rid", UINT32_MAX, &rid, error) ||
            !iw_lab_yaml_flag(&s->yaml, node, "privileged", &account->is_privileged, error)) {
            return false;
        }
        account->name = iw_lab_yaml_text(&s->yaml, node, "name", "");
        account->domain = iw_lab_yaml_text(&s->yaml, node, "domain", s->domain);
        account->sid = iw_lab_scenario_sid(&s->arena, account->domain, rid);
        if (iw_lab_scenario_account(s, account->name) != NULL) {
            return iw_lab_yaml_fail(&s->yaml, node, error, "account \"%s\" stands twice",
                                    account->name);
        }
        s->n_accounts++;
    }
    return true;
}

static bool read_act_time(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                          uint64_t before, uint64_t *time, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *at = iw_lab_yaml_get(&s->yaml, node, "at");
    const struct iw_lab_yaml_node *after = iw_lab_yaml_get(&s->yaml, node, "after");
    int64_t span = 0;
    if ((at == NULL) == (after == NULL)) {
        return iw_lab_yaml_fail(&s->yaml, node, error, "an act needs either \"at\" or \"after\"");
    }
    if (at != NULL && !iw_lab_scenario_read_time(s, at->text, time)) {
        return iw_lab_yaml_fail(&s->yaml, at, error, "no time: %s (as 10:41:52.660, d2 08:00:00)",
                                at->text);
    }
    if (after != NULL) {
        if (before == 0) {
            return iw_lab_yaml_fail(&s->yaml, after, error, "nothing stands before the first act");
        }
        if (!iw_lab_yaml_span(&s->yaml, node, "after", &span, error)) {
            return false;
        }
        *time = before + (uint64_t)span;
    }
    if (*time < before) {
        return iw_lab_yaml_fail(&s->yaml, node, error, "this act is before the one above it");
    }
    return (*time >= s->from && *time <= s->to) ||
           iw_lab_yaml_fail(&s->yaml, node, error, "this act is outside start and end");
}

/* The one key that is no common one is the verb. */
static bool read_verb(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *node,
                      struct iw_lab_act *act, struct iw_lab_error *error)
{
    static const char common[] = " at after id host note seen ";
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(&s->yaml, node);
    if (node->kind != IW_LAB_YAML_MAP) {
        return iw_lab_yaml_fail(&s->yaml, node, error, "an act is a map");
    }
    for (; child != NULL; child = iw_lab_yaml_next(&s->yaml, child)) {
        char padded[80];
        snprintf(padded, sizeof padded, " %.70s ", child->key);
        if (strstr(common, padded) != NULL) {
            continue;
        }
        if (act->verb != NULL) {
            return iw_lab_yaml_fail(&s->yaml, child, error,
                                    "an act has one verb; here are \"%s\" and \"%s\"", act->verb,
                                    child->key);
        }
        act->verb = child->key;
        act->details = child;
    }
    return act->verb != NULL || iw_lab_yaml_fail(&s->yaml, node, error, "this act has no verb");
}

static bool read_acts(struct iw_lab_scenario *s, const char *key, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *list = iw_lab_yaml_get(&s->yaml, &s->yaml.nodes[0], key);
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(&s->yaml, list);
    uint64_t before = 0;
    const char *host = NULL;
    for (; node != NULL; node = iw_lab_yaml_next(&s->yaml, node)) {
        struct iw_lab_act act = {.is_attack = strcmp(key, "attack") == 0, .line = node->line};
        if (!read_verb(s, node, &act, error) || !read_act_time(s, node, before, &act.time, error)) {
            return false;
        }
        host = iw_lab_yaml_text(&s->yaml, node, "host", host);
        act.host = host;
        act.id = iw_lab_yaml_text(&s->yaml, node, "id", NULL);
        act.seen = iw_lab_yaml_get(&s->yaml, node, "seen");
        if (act.id != NULL && iw_lab_scenario_act(s, act.id) != NULL) {
            return iw_lab_yaml_fail(&s->yaml, node, error, "the id \"%s\" stands twice", act.id);
        }
        if (act.id == NULL) {
            act.id = iw_lab_arena_print(&s->arena, "%s@%u", key, node->line);
        }
        before = act.time;
        s->acts[s->n_acts++] = act;
    }
    return true;
}

static int compare_acts(const void *a, const void *b)
{
    const struct iw_lab_act *x = a, *y = b;
    return x->time != y->time ? (x->time < y->time ? -1 : 1)
                              : (x->line > y->line) - (x->line < y->line);
}

static bool check_window(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *end,
                         struct iw_lab_error *error)
{
    if (s->to <= s->from) {
        return iw_lab_yaml_fail(&s->yaml, end, error, "end is before start");
    }
    return s->to - s->from <= MAX_DAYS * DAY_STEPS ||
           iw_lab_yaml_fail(&s->yaml, end, error, "start to end is longer than %u days",
                            (unsigned)MAX_DAYS);
}

static bool read_head(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *root,
                      struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *domain = iw_lab_yaml_get(&s->yaml, root, "domain");
    const char *base =
        strrchr(s->yaml.path, '/') == NULL ? s->yaml.path : strrchr(s->yaml.path, '/') + 1;
    static const char families[] = " webshell component negative quiet noisy ";
    char family[32];
    s->name = iw_lab_yaml_text(&s->yaml, root, "scenario", "");
    s->family = iw_lab_yaml_text(&s->yaml, root, "family", "");
    s->domain = iw_lab_yaml_text(&s->yaml, domain, "name", "LAB");
    s->dns = iw_lab_yaml_text(&s->yaml, domain, "dns", "lab.example");
    s->seed = 1;
    s->hosts = iw_lab_yaml_get(&s->yaml, root, "hosts");
    s->life = iw_lab_yaml_get(&s->yaml, root, "life");
    s->truth = iw_lab_yaml_get(&s->yaml, root, "truth");
    s->shows = iw_lab_yaml_get(&s->yaml, root, "shows");
    size_t length = strlen(s->name);
    if (strncmp(base, s->name, length) != 0 || base[length] != '.') {
        return iw_lab_yaml_fail(&s->yaml, iw_lab_yaml_get(&s->yaml, root, "scenario"), error,
                                "the scenario is called \"%s\", its file is not", s->name);
    }
    if (strcmp(s->dns + (strlen(s->dns) > 8 ? strlen(s->dns) - 8 : 0), ".example") != 0) {
        return iw_lab_yaml_fail(&s->yaml, domain, error,
                                "the domain must end with .example: all of it is invented");
    }
    snprintf(family, sizeof family, " %.20s ", s->family);
    if (strstr(families, family) == NULL) {
        return iw_lab_yaml_fail(&s->yaml, iw_lab_yaml_get(&s->yaml, root, "family"), error,
                                "there is no family \"%s\"", s->family);
    }
    return read_absolute(s, root, "start", &s->from, error) &&
           read_absolute(s, root, "end", &s->to, error) &&
           iw_lab_yaml_number(&s->yaml, root, "seed", UINT32_MAX, &s->seed, error) &&
           check_window(s, iw_lab_yaml_get(&s->yaml, root, "end"), error);
}

bool iw_lab_scenario_read(struct iw_lab_scenario *scenario, const char *path, unsigned names_index,
                          struct iw_lab_error *error)
{
    memset(scenario, 0, sizeof *scenario);
    scenario->names_index = names_index;
    if (!iw_lab_yaml_read(&scenario->yaml, path, names_index, error)) {
        return false;
    }
    const struct iw_lab_yaml *yaml = &scenario->yaml;
    const struct iw_lab_yaml_node *root = &yaml->nodes[0];
    if (!iw_lab_yaml_check(yaml, root,
                           "scenario* about* family* shows start* end* seed names domain accounts "
                           "hosts* life acts attack truth*",
                           error) ||
        !read_head(scenario, root, error) ||
        !read_accounts(scenario, iw_lab_yaml_get(yaml, root, "accounts"), error)) {
        return false;
    }
    const struct iw_lab_yaml_node *acts = iw_lab_yaml_get(yaml, root, "acts");
    const struct iw_lab_yaml_node *attack = iw_lab_yaml_get(yaml, root, "attack");
    scenario->acts = iw_lab_arena_take(&scenario->arena,
                                       (acts == NULL ? 0 : acts->n_children) +
                                           (attack == NULL ? 0 : attack->n_children) + 1,
                                       sizeof *scenario->acts);
    if (!read_acts(scenario, "acts", error) || !read_acts(scenario, "attack", error)) {
        return false;
    }
    qsort(scenario->acts, scenario->n_acts, sizeof *scenario->acts, compare_acts);
    return iw_lab_scenario_check_truth(scenario, error);
}

void iw_lab_scenario_done(struct iw_lab_scenario *scenario)
{
    iw_lab_yaml_done(&scenario->yaml);
    iw_lab_arena_done(&scenario->arena);
}

const struct iw_lab_account *iw_lab_scenario_account(const struct iw_lab_scenario *scenario,
                                                     const char *name)
{
    const char *bare = strchr(name, '\\') == NULL ? name : strchr(name, '\\') + 1;
    for (size_t i = 0; i < scenario->n_accounts; i++) {
        if (strcmp(scenario->accounts[i].name, bare) == 0) {
            return &scenario->accounts[i];
        }
    }
    return NULL;
}

const struct iw_lab_act *iw_lab_scenario_act(const struct iw_lab_scenario *scenario, const char *id)
{
    for (size_t i = 0; i < scenario->n_acts; i++) {
        if (strcmp(scenario->acts[i].id, id) == 0) {
            return &scenario->acts[i];
        }
    }
    return NULL;
}
