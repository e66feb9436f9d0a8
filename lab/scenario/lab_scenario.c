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

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_STEPS UINT64_C(864000000000)
#define MAX_DAYS 400U /* of a scenario */
#define EARLIEST "2000-01-01T00:00:00Z"
#define LATEST "2100-01-01T00:00:00Z"
#define TIME_TEXT_BYTES 20U

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
        if (text[1] < '0' || text[1] > '9' || *end != ' ' || days == 0 || days > MAX_DAYS) {
            return false;
        }
        text = end + 1;
    }
    size_t hour = strspn(text, "0123456789");
    const char *minutes = text + hour + (text[hour] == ':');
    if (hour == 0 || hour > 2 || minutes == text + hour || strlen(text) > TIME_TEXT_BYTES) {
        return false;
    }
    iw_lab_text_print_time(scenario->from - scenario->from % DAY_STEPS + (days - 1) * DAY_STEPS,
                           day);
    day[10] = '\0';
    snprintf(whole, sizeof whole, "%sT%s%s%sZ", day, hour == 1 ? "0" : "", text,
             strchr(minutes, ':') == NULL ? ":00" : "");
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
        if (account->name[0] == '\0' || strchr(account->name, '\\') != NULL) {
            return iw_lab_yaml_fail(&s->yaml, node, error, "\"%s\" is no account name",
                                    account->name);
        }
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
    uint64_t span = 0;
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
        *time = before + span;
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
    static const char common[] = "at after id host note holds:map seen:texts …";
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(&s->yaml, node);
    if (!iw_lab_yaml_check(&s->yaml, node, common, error)) {
        return false;
    }
    for (; child != NULL; child = iw_lab_yaml_next(&s->yaml, child)) {
        if (iw_lab_yaml_is_word(common, child->key)) {
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
        act.holds = iw_lab_yaml_get(&s->yaml, node, "holds");
        if (act.holds != NULL &&
            !iw_lab_yaml_check(&s->yaml, act.holds, "kind* name* image", error)) {
            return false;
        }
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

/* What hosts have beside their role (`installed`) is an act that was before the story, when it has
 * an id. */
static bool read_installed(struct iw_lab_scenario *s, struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *host = iw_lab_yaml_first(&s->yaml, s->hosts);
    for (; host != NULL; host = iw_lab_yaml_next(&s->yaml, host)) {
        const struct iw_lab_yaml_node *node = iw_lab_yaml_get(&s->yaml, host, "installed");
        struct iw_lab_act act = {.id = iw_lab_yaml_text(&s->yaml, node, "id", NULL),
                                 .host = iw_lab_yaml_text(&s->yaml, host, "name", NULL),
                                 .time = s->from,
                                 .verb = IW_LAB_VERB_INSTALLED,
                                 .details = node};
        if (act.id == NULL) {
            continue;
        }
        if (iw_lab_scenario_act(s, act.id) != NULL) {
            return iw_lab_yaml_fail(&s->yaml, node, error, "the id \"%s\" stands twice", act.id);
        }
        act.line = node->line;
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

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* Words of letters, digits and -, with a dot between two of them. */
static bool is_dns_name(const char *text)
{
    for (;;) {
        size_t length = strspn(text, LETTERS);
        if (length == 0 || length > 63 || text[length] != '.') {
            return length > 0 && length <= 63 && text[length] == '\0';
        }
        text += length + 1;
    }
}

bool iw_lab_scenario_is_host_name(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= 15 && strspn(name, LETTERS "_") == length;
}

bool iw_lab_scenario_is_address(const char *text)
{
    uint8_t bytes[16];
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static bool read_domain(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *domain,
                        struct iw_lab_error *error)
{
    static const char ending[] = ".example";
    s->domain = "LAB";
    s->dns = "lab.example";
    if (domain == NULL) {
        return true;
    }
    if (!iw_lab_yaml_check(&s->yaml, domain, "name dns", error)) {
        return false;
    }
    s->domain = iw_lab_yaml_text(&s->yaml, domain, "name", s->domain);
    s->dns = iw_lab_yaml_text(&s->yaml, domain, "dns", s->dns);
    size_t length = strlen(s->dns);
    if (!iw_lab_scenario_is_host_name(s->domain) || !is_dns_name(s->dns) || length > 200) {
        return iw_lab_yaml_fail(&s->yaml, domain, error, "no domain: %s, %s", s->domain, s->dns);
    }
    return (length >= sizeof ending - 1 &&
            strcmp(s->dns + length - (sizeof ending - 1), ending) == 0) ||
           iw_lab_yaml_fail(&s->yaml, domain, error,
                            "the domain must end with .example: all of it is invented");
}

static bool read_window(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *root,
                        struct iw_lab_error *error)
{
    uint64_t earliest = 0, latest = 0;
    const struct iw_lab_yaml_node *end = iw_lab_yaml_get(&s->yaml, root, "end");
    iw_lab_text_parse_time(EARLIEST, &earliest);
    iw_lab_text_parse_time(LATEST, &latest);
    if (!read_absolute(s, root, "start", &s->from, error) ||
        !read_absolute(s, root, "end", &s->to, error)) {
        return false;
    }
    if (s->from >= s->to) {
        return iw_lab_yaml_fail(&s->yaml, end, error, "end is before start");
    }
    if (s->from < earliest || s->to > latest) {
        return iw_lab_yaml_fail(&s->yaml, end, error,
                                "start and end are between " EARLIEST " and " LATEST);
    }
    return s->to - s->from <= MAX_DAYS * DAY_STEPS ||
           iw_lab_yaml_fail(&s->yaml, end, error, "a scenario lasts %u days at most", MAX_DAYS);
}

/* The span in which nothing bad happened: {since, until}. */
static bool read_clean(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *span,
                       struct iw_lab_error *error)
{
    if (span == NULL) {
        return true;
    }
    if (!iw_lab_yaml_check(&s->yaml, span, "since* until*", error) ||
        !read_absolute(s, span, "since", &s->clean_from, error) ||
        !read_absolute(s, span, "until", &s->clean_to, error)) {
        return false;
    }
    return (s->clean_from >= s->from && s->clean_from < s->clean_to && s->clean_to <= s->to) ||
           iw_lab_yaml_fail(&s->yaml, span, error, "the clean span lies within start and end");
}

/* Each is a word, or a list of them. */
static bool check_names(const struct iw_lab_scenario *s, const struct iw_lab_yaml_node *names,
                        struct iw_lab_error *error)
{
    const struct iw_lab_yaml_node *name = iw_lab_yaml_first(&s->yaml, names);
    for (; name != NULL; name = iw_lab_yaml_next(&s->yaml, name)) {
        const struct iw_lab_yaml_node *word = iw_lab_yaml_first(&s->yaml, name);
        bool ok = name->kind == IW_LAB_YAML_TEXT ||
                  (name->kind == IW_LAB_YAML_LIST && name->n_children > 0);
        for (; ok && word != NULL; word = iw_lab_yaml_next(&s->yaml, word)) {
            ok = word->kind == IW_LAB_YAML_TEXT;
        }
        if (!ok) {
            return iw_lab_yaml_fail(&s->yaml, name, error, "\"%s\" must be a list of words",
                                    name->key);
        }
    }
    return true;
}

static bool read_head(struct iw_lab_scenario *s, const struct iw_lab_yaml_node *root,
                      struct iw_lab_error *error)
{
    static const char families[] = "webshell component negative quiet noisy";
    const char *base =
        strrchr(s->yaml.path, '/') == NULL ? s->yaml.path : strrchr(s->yaml.path, '/') + 1;
    s->name = iw_lab_yaml_text(&s->yaml, root, "scenario", "");
    s->family = iw_lab_yaml_text(&s->yaml, root, "family", "");
    s->seed = 1;
    s->hosts = iw_lab_yaml_get(&s->yaml, root, "hosts");
    s->life = iw_lab_yaml_get(&s->yaml, root, "life");
    s->truth = iw_lab_yaml_get(&s->yaml, root, "truth");
    s->changes = iw_lab_yaml_get(&s->yaml, root, "changes");
    s->estate = iw_lab_yaml_get(&s->yaml, root, "estate");
    s->shows = iw_lab_yaml_get(&s->yaml, root, "shows");
    size_t length = strlen(s->name);
    if (strncmp(base, s->name, length) != 0 || strcmp(base + length, ".yml") != 0) {
        return iw_lab_yaml_fail(&s->yaml, iw_lab_yaml_get(&s->yaml, root, "scenario"), error,
                                "the scenario is called \"%s\", its file is not", s->name);
    }
    if (!iw_lab_yaml_is_word(families, s->family)) {
        return iw_lab_yaml_fail(&s->yaml, iw_lab_yaml_get(&s->yaml, root, "family"), error,
                                "there is no family \"%s\"", s->family);
    }
    return read_domain(s, iw_lab_yaml_get(&s->yaml, root, "domain"), error) &&
           check_names(s, iw_lab_yaml_get(&s->yaml, root, "names"), error) &&
           read_window(s, root, error) &&
           read_clean(s, iw_lab_yaml_get(&s->yaml, root, "behaviour"), error) &&
           iw_lab_yaml_flag(&s->yaml, root, "exact", &s->is_exact, error) &&
           iw_lab_yaml_number(&s->yaml, root, "seed", UINT32_MAX, &s->seed, error);
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
                           "scenario* about* family* shows:texts start* end* seed exact names:map "
                           "domain:map accounts:maps hosts:maps* life:maps acts:maps attack:maps "
                           "changes:maps estate:map behaviour:map truth:map*",
                           error) ||
        !read_head(scenario, root, error) ||
        !read_accounts(scenario, iw_lab_yaml_get(yaml, root, "accounts"), error)) {
        return false;
    }
    const struct iw_lab_yaml_node *acts = iw_lab_yaml_get(yaml, root, "acts");
    const struct iw_lab_yaml_node *attack = iw_lab_yaml_get(yaml, root, "attack");
    scenario->acts = iw_lab_arena_take(&scenario->arena,
                                       (acts == NULL ? 0 : acts->n_children) +
                                           (attack == NULL ? 0 : attack->n_children) +
                                           scenario->hosts->n_children + 1,
                                       sizeof *scenario->acts);
    if (!read_acts(scenario, "acts", error) || !read_acts(scenario, "attack", error) ||
        !read_installed(scenario, error)) {
        return false;
    }
    qsort(scenario->acts, scenario->n_acts, sizeof *scenario->acts, compare_acts);
    return iw_lab_scenario_check_records(scenario, error) &&
           iw_lab_scenario_check_truth(scenario, error);
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
