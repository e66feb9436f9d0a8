/*
 * Verbs of the web server: requests, configuration, workers (see lab/scenarios/README.md).
 */
#include "lab/act/lab_act.h"
#include "lab/world/lab_agenda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BROWSER                                                                                    \
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "            \
    "Chrome/143.0.0.0 Safari/537.36"
#define MAX_URL_BYTES 16384U
#define MAX_TOOK_MS 600000U
#define MAX_EDITS 32U
#define MAX_ATTRIBUTES 24U

/* ---- requests */

static bool check_url(const struct iw_lab_play *play)
{
    const char *url = iw_lab_play_text(play, "url", "/");
    return (url[0] == '/' && strlen(url) <= MAX_URL_BYTES) ||
           iw_lab_play_fail(play, "a url begins with / and has %u bytes at most", MAX_URL_BYTES);
}

struct repeated {
    struct iw_lab_visit visit;
    uint64_t left;
    uint64_t every;
    const struct iw_lab_act *act;
};

static void visit_again(struct iw_lab_host *host, void *subject)
{
    struct repeated *repeated = subject;
    iw_lab_deed_request(host, &repeated->visit);
    if (--repeated->left > 0) {
        iw_lab_agenda_put(host, host->now + repeated->every, visit_again, repeated, repeated->act);
    }
}

static bool read_number(const struct iw_lab_play *play, const char *key, unsigned max,
                        unsigned otherwise, unsigned *value)
{
    uint64_t number = otherwise;
    if (!iw_lab_play_number(play, key, max, &number)) {
        return false;
    }
    *value = (unsigned)number;
    return true;
}

static bool play_request(struct iw_lab_play *play)
{
    const struct iw_lab_site *site = iw_lab_play_site(play, "site");
    struct repeated *repeated = iw_lab_arena_take(&play->host->arena, 1, sizeof *repeated);
    struct iw_lab_visit *visit = &repeated->visit;
    uint64_t times = 1;
    const char *address = site == NULL ? NULL : iw_lab_play_address(play, "from");
    if (address == NULL || !check_url(play)) {
        return false;
    }
    *visit = (struct iw_lab_visit){.site = site,
                                   .url = iw_lab_play_text(play, "url", "/"),
                                   .method = iw_lab_play_text(play, "method", "GET"),
                                   .address = address,
                                   .agent = iw_lab_play_text(play, "agent", BROWSER),
                                   .referer = iw_lab_play_text(play, "referer", NULL),
                                   .user = iw_lab_play_text(play, "user", NULL)};
    repeated->every = 10 * IW_LAB_SECOND;
    repeated->act = play->act;
    if (!read_number(play, "status", 999, 200, &visit->status) ||
        !read_number(play, "substatus", 999, 0, &visit->substatus) ||
        !read_number(play, "win32", UINT32_MAX, 0, &visit->win32) ||
        !read_number(play, "sent", UINT32_MAX, 1800, &visit->sent) ||
        !read_number(play, "received", UINT32_MAX, 420, &visit->received) ||
        !read_number(play, "took", MAX_TOOK_MS, 15, &visit->took_ms) ||
        !iw_lab_play_number(play, "times", 100000, &times) ||
        !iw_lab_play_span(play, "every", &repeated->every)) {
        return false;
    }
    if (visit->status < 100 || times == 0) {
        return iw_lab_play_fail(play, "a status has three digits; times is 1 at least");
    }
    repeated->left = times;
    visit_again(play->host, repeated);
    return true;
}

static bool play_refused(struct iw_lab_play *play)
{
    struct iw_lab_weblog *log = iw_lab_log_requests(play->host);
    const char *pool = iw_lab_play_text(play, "pool", NULL);
    const char *address = iw_lab_play_address(play, "from");
    struct iw_lab_place place;
    struct iw_lab_error error = {.text = ""};
    if (address == NULL || !check_url(play) ||
        (pool != NULL && iw_lab_play_pool(play, "pool") == NULL)) {
        return false;
    }
    if (!play->host->is_web) {
        return iw_lab_play_fail(play, "%s has no IIS", play->host->name);
    }
    struct iw_lab_refused refused = {.filetime = iw_lab_host_time(play->host),
                                     .client_ip = address,
                                     .server_ip = play->host->address,
                                     .method = "GET",
                                     .url = iw_lab_play_text(play, "url", "/"),
                                     .reason = iw_lab_play_text(play, "reason", "BadRequest"),
                                     .queue = pool == NULL ? "-" : pool,
                                     .client_port = 50000,
                                     .server_port = 443,
                                     .status = 400,
                                     .site_id = 1};
    if (log == NULL || play->host->world->options.is_only_4688 ||
        iw_lab_host_leaves_out(play->host, "HTTPERR")) {
        return true;
    }
    if (!iw_lab_weblog_add_refused(log, &refused, &place, &error)) {
        return iw_lab_play_fail(play, "%s", error.text);
    }
    iw_lab_log_trace_line(play->host, &place);
    return true;
}

/* ---- configuration */

#define CHANGE_WORDS "add remove set clear spelt site location file attribute value"

/* The attributes of a change: all keys that say nothing else. `attribute`/`value` is one more. */
static size_t read_attributes(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                              struct iw_lab_config_attribute *attributes)
{
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(play->yaml, node);
    const char *attribute = iw_lab_yaml_text(play->yaml, node, "attribute", NULL);
    size_t n = 0;
    for (; child != NULL; child = iw_lab_yaml_next(play->yaml, child)) {
        if (!iw_lab_yaml_is_word(CHANGE_WORDS, child->key)) {
            attributes[n++] = (struct iw_lab_config_attribute){child->key, child->text};
        }
    }
    if (attribute != NULL) {
        attributes[n++] = (struct iw_lab_config_attribute){
            attribute, iw_lab_yaml_text(play->yaml, node, "value", "")};
    }
    return n;
}

static bool read_spelling(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                          struct iw_lab_config_change *change)
{
    static const char *const words[] = {"plain", "encoded", "comment", "cdata"};
    const char *word = iw_lab_yaml_text(play->yaml, node, "spelt", "plain");
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            change->spelling = i;
            return i == IW_LAB_CONFIG_PLAIN || change->verb == IW_LAB_CONFIG_ADD ||
                   iw_lab_world_fail(play->host->world, node, "spelt goes with add");
        }
    }
    return iw_lab_world_fail(play->host->world, node, "spelt is plain, encoded, comment or cdata");
}

static bool read_edit(const struct iw_lab_play *play, const struct iw_lab_yaml_node *node,
                      struct iw_lab_config_attribute *attributes, struct iw_lab_edit *edit)
{
    static const char *const verbs[] = {"add", "remove", "set", "clear"};
    struct iw_lab_config_change *change = &edit->change;
    const char *site = iw_lab_yaml_text(play->yaml, node, "site", NULL);
    const char *place = iw_lab_yaml_text(play->yaml, node, "location", "");
    unsigned n_verbs = 0;
    memset(edit, 0, sizeof *edit);
    if (!iw_lab_yaml_check(play->yaml, node, CHANGE_WORDS " …", play->host->world->error)) {
        return !(play->host->world->is_failed = true);
    }
    if (node->n_children > MAX_ATTRIBUTES) {
        return iw_lab_world_fail(play->host->world, node, "too many attributes");
    }
    for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const char *section = iw_lab_yaml_text(play->yaml, node, verbs[i], NULL);
        if (section != NULL) {
            change->verb = i;
            change->section = section;
            n_verbs++;
        }
    }
    if (n_verbs != 1) {
        return iw_lab_world_fail(play->host->world, node,
                                 "a change has add:, remove:, set: or clear: with a section");
    }
    if (!read_spelling(play, node, change)) {
        return false;
    }
    if ((*place != '\0' && (site == NULL || *place != '/')) ||
        (iw_lab_yaml_get(play->yaml, node, "attribute") == NULL) !=
            (iw_lab_yaml_get(play->yaml, node, "value") == NULL)) {
        return iw_lab_world_fail(play->host->world, node,
                                 "location (/…) goes with site, attribute with value");
    }
    if (site != NULL && iw_lab_host_site(play->host, site) == NULL) {
        return iw_lab_world_fail(play->host->world, node, "there is no site \"%s\"", site);
    }
    if (site != NULL) {
        change->location = iw_lab_arena_print(&play->host->arena, "%s%s", site, place);
    }
    edit->file = iw_lab_yaml_text(play->yaml, node, "file", NULL);
    if (edit->file != NULL && !iw_lab_is_path(edit->file)) {
        return iw_lab_world_fail(play->host->world, node, "no file: %s", edit->file);
    }
    change->attributes = attributes;
    change->n_attributes = read_attributes(play, node, attributes);
    return true;
}

/* Setting a site's log off is told to the world as well. */
static void follow_site_log(const struct iw_lab_play *play, const struct iw_lab_edit *edit)
{
    const struct iw_lab_config_change *change = &edit->change;
    if (strcmp(change->section, "sites") != 0 || change->verb != IW_LAB_CONFIG_SET ||
        change->n_attributes < 2 || strcmp(change->attributes[1].name, "logFile/@enabled") != 0) {
        return;
    }
    struct iw_lab_site *site = iw_lab_host_site(play->host, change->attributes[0].value);
    if (site != NULL) {
        site->is_logging = strcmp(change->attributes[1].value, "false") != 0;
    }
}

bool iw_lab_play_changes(const struct iw_lab_play *play, const struct iw_lab_yaml_node *list,
                         const struct iw_lab_process *process, bool is_text)
{
    struct iw_lab_edit edits[MAX_EDITS];
    struct iw_lab_config_attribute attributes[MAX_EDITS][MAX_ATTRIBUTES];
    const struct iw_lab_yaml_node *node = iw_lab_yaml_first(play->yaml, list);
    struct iw_lab_error error = {.text = ""};
    size_t n = 0;
    if (!play->host->is_web) {
        return iw_lab_play_fail(play, "%s has no IIS", play->host->name);
    }
    for (; node != NULL; node = iw_lab_yaml_next(play->yaml, node), n++) {
        if (n == MAX_EDITS) {
            return iw_lab_world_fail(play->host->world, node, "too many changes in one act");
        }
        if (!read_edit(play, node, attributes[n], &edits[n])) {
            return false;
        }
        if (!is_text && (edits[n].change.verb == IW_LAB_CONFIG_CLEAR ||
                         edits[n].change.spelling != IW_LAB_CONFIG_PLAIN)) {
            return iw_lab_world_fail(play->host->world, node,
                                     "that is done in the text of the file (how: file)");
        }
    }
    if (n == 0) {
        return iw_lab_play_fail(play, "nothing is changed");
    }
    if (!iw_lab_deed_configure(play->host, process, edits, n, is_text, &error)) {
        return iw_lab_play_fail(play, "%s", error.text);
    }
    for (size_t i = 0; i < n; i++) {
        follow_site_log(play, &edits[i]);
    }
    return true;
}

static bool play_configure(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *how = iw_lab_play_word(play, "how", "api", "api file");
    if (process == NULL || how == NULL) {
        return false;
    }
    return iw_lab_play_changes(play, iw_lab_yaml_get(play->yaml, play->act->details, "changes"),
                               process, strcmp(how, "file") == 0);
}

/* `appcmd restore backup`. */
static bool play_restore_config(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    uint64_t version = 0;
    if (process == NULL || !iw_lab_play_number(play, "version", UINT32_MAX, &version)) {
        return false;
    }
    return iw_lab_deed_restore_config(play->host, process, version) ||
           iw_lab_play_fail(play, "there is no configuration %u to bring back on %s",
                            (unsigned)version, play->host->name);
}

/* ---- workers */

static bool play_module_failed(struct iw_lab_play *play)
{
    const struct iw_lab_pool *pool = iw_lab_play_pool(play, "pool");
    uint64_t id = 2280;
    if (pool == NULL || !iw_lab_play_number(play, "event", 65535, &id)) {
        return false;
    }
    const struct iw_lab_kind *kind = iw_lab_kind_named("Application", (uint16_t)id);
    if (kind == NULL || strstr(kind->provider, "W3SVC") == NULL) {
        return iw_lab_play_fail(play, "no event of modules: %u", (unsigned)id);
    }
    iw_lab_log_module_failed(play->host, pool, (uint16_t)id, iw_lab_play_text(play, "dll", ""),
                             iw_lab_play_text(play, "error", "7E000000"));
    return true;
}

static bool play_recycle(struct iw_lab_play *play)
{
    struct iw_lab_pool *pool = iw_lab_play_pool(play, "pool");
    const char *reason =
        iw_lab_play_word(play, "reason", "on-demand", "config schedule idle on-demand");
    if (pool == NULL || reason == NULL) {
        return false;
    }
    iw_lab_deed_worker(play->host, pool);
    iw_lab_deed_recycle(play->host, pool, reason);
    return true;
}

static bool play_crash(struct iw_lab_play *play)
{
    struct iw_lab_pool *pool = iw_lab_play_pool(play, "pool");
    if (pool == NULL) {
        return false;
    }
    struct iw_lab_process *worker = iw_lab_deed_worker(play->host, pool);
    char command[120];
    snprintf(command, sizeof command, "C:\\Windows\\system32\\WerFault.exe -u -p %s -s 2204",
             worker->pid);
    struct iw_lab_program_facts facts = {.image = "C:\\Windows\\System32\\WerFault.exe",
                                         .command = command};
    iw_lab_log_crash(play->host, worker, iw_lab_play_text(play, "module", "clr.dll"),
                     iw_lab_play_text(play, "code", "c0000005"));
    iw_lab_host_pass(play->host, 120);
    iw_lab_deed_start(play->host, NULL, &facts, NULL, worker, 2 * IW_LAB_SECOND);
    iw_lab_host_pass(play->host, 1500);
    iw_lab_deed_recycle(play->host, pool, NULL);
    return true;
}

static bool play_viewstate(struct iw_lab_play *play)
{
    struct iw_lab_pool *pool = iw_lab_play_pool(play, "pool");
    const struct iw_lab_site *site = pool == NULL ? NULL : iw_lab_play_site(play, "site");
    const char *address = site == NULL ? NULL : iw_lab_play_address(play, "from");
    if (address == NULL || !check_url(play)) {
        return false;
    }
    struct iw_lab_visit visit = {.site = site,
                                 .url = iw_lab_play_text(play, "url", "/"),
                                 .method = "POST",
                                 .address = address,
                                 .agent = BROWSER,
                                 .status = 500,
                                 .sent = 3420,
                                 .received = 8200,
                                 .took_ms = 60};
    char path[2048];
    struct iw_lab_pool *of_url = NULL;
    const char *bare =
        iw_lab_arena_print(&play->host->arena, "%.*s", (int)strcspn(visit.url, "?"), visit.url);
    if (!iw_lab_site_resolve(site, bare, path, sizeof path, &of_url) || of_url != pool) {
        return iw_lab_play_fail(play, "%s of %s is not served by %s", bare, site->name, pool->name);
    }
    struct iw_lab_process *worker = iw_lab_deed_worker(play->host, pool);
    iw_lab_log_viewstate(play->host, worker, visit.url, visit.address);
    return iw_lab_deed_request(play->host, &visit);
}

const struct iw_lab_verb iw_lab_verbs_web[] = {
    {"request",
     "site* url* from* method status substatus win32 agent referer user sent received took times "
     "every",
     play_request},
    {"refused-request", "from* url reason pool", play_refused},
    {"configure", "by* changes:maps* how", play_configure},
    {"restore-config", "by* version", play_restore_config},
    {"module-failed", "pool* dll* event error", play_module_failed},
    {"recycle", "pool* reason", play_recycle},
    {"crash", "pool* module code", play_crash},
    {"viewstate-error", "pool* site* url* from*", play_viewstate},
    {NULL, NULL, NULL}};
