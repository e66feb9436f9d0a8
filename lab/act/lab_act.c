/*
 * Playing acts (see lab_act.h).
 *
 * What it does: finds verbs, checks details, puts acts on the agenda in their order, reads details.
 * What it ignores: what verbs do.
 */
#include "lab/act/lab_act.h"

#include "lab/lab_alloc.h"
#include "lab/world/lab_agenda.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct iw_lab_verb *find_verb(const char *name)
{
    static const struct iw_lab_verb *const tables[] = {iw_lab_verbs_process, iw_lab_verbs_file,
                                                       iw_lab_verbs_web,     iw_lab_verbs_system,
                                                       iw_lab_verbs_install, iw_lab_verbs_log};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (const struct iw_lab_verb *verb = tables[i]; verb->name != NULL; verb++) {
            if (strcmp(verb->name, name) == 0) {
                return verb;
            }
        }
    }
    return NULL;
}

static void play_act(struct iw_lab_host *host, void *subject)
{
    const struct iw_lab_act *act = subject;
    struct iw_lab_play play = {.host = host, .act = act, .yaml = &host->world->scenario->yaml};
    if (!find_verb(act->verb)->play(&play) && !host->world->is_failed) {
        iw_lab_play_fail(&play, "this act cannot be played");
    }
    if (!host->world->is_failed) {
        iw_lab_acts_note_approved(host->world, act);
    }
}

/* The SHA-256 among Sysmon's hashes, in small letters. */
static const char *sha256_of(struct iw_lab_host *host, const char *path)
{
    const char *found = strstr(iw_lab_host_hashes(host, path), "SHA256=");
    char *hash = iw_lab_arena_print(&host->world->arena, "%.64s", found + 7);
    for (char *c = hash; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'F' ? *c - 'A' + 'a' : *c);
    }
    return hash;
}

bool iw_lab_acts_note_approved(struct iw_lab_world *world, const struct iw_lab_act *act)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *record = iw_lab_yaml_first(yaml, world->scenario->changes);
    for (size_t i = 0; record != NULL; record = iw_lab_yaml_next(yaml, record), i++) {
        const struct iw_lab_yaml_node *hash = iw_lab_yaml_get(yaml, record, "sha256");
        const char *path = iw_lab_yaml_text(yaml, hash, "file", NULL);
        const char *after = iw_lab_yaml_text(yaml, hash, "after", "");
        if (path == NULL || strcmp(after, act == NULL ? "" : act->id) != 0) {
            continue;
        }
        struct iw_lab_host *host =
            iw_lab_world_host(world, iw_lab_yaml_text(yaml, hash, "host", world->hosts[0]->name));
        if (host == NULL || iw_lab_host_file(host, path) == NULL) {
            return iw_lab_world_fail(world, hash, "there is no file %s", path);
        }
        world->approved[i] = sha256_of(host, path);
    }
    return true;
}

/* How late the acts are that hang together from number `first` on: by chance, but so that the last
 * of them is still played before the evidence ends. */
static uint64_t draw_delay(const struct iw_lab_world *world, size_t first,
                           struct iw_lab_random *random)
{
    const struct iw_lab_scenario *s = world->scenario;
    size_t last = first;
    while (last + 1 < s->n_acts &&
           s->acts[last + 1].time - s->acts[last].time <= 4 * world->options.jitter) {
        last++;
    }
    uint64_t late = iw_lab_random_below(random, world->options.jitter);
    uint64_t room = s->to - s->acts[last].time;
    return late < room ? late : room;
}

bool iw_lab_acts_schedule(struct iw_lab_world *world)
{
    const struct iw_lab_scenario *s = world->scenario;
    struct iw_lab_random random = {.state = world->random.state + 17};
    uint64_t before = 0, late = 0;
    for (size_t i = 0; i < s->n_acts; i++) {
        struct iw_lab_act *act = &s->acts[i];
        if (strcmp(act->verb, IW_LAB_VERB_INSTALLED) == 0) {
            continue; /* done (iw_lab_acts_install) */
        }
        const struct iw_lab_verb *verb = find_verb(act->verb);
        struct iw_lab_host *host =
            act->host == NULL ? world->hosts[0] : iw_lab_world_host(world, act->host);
        if (verb == NULL) {
            return iw_lab_world_fail(world, act->details, "unknown verb \"%s\"", act->verb);
        }
        if (host == NULL) {
            return iw_lab_world_fail(world, act->details, "there is no host \"%s\"", act->host);
        }
        if (!iw_lab_yaml_check(&s->yaml, act->details, verb->keys, world->error)) {
            return !(world->is_failed = true);
        }
        /* What follows closely is late together: it hangs together. */
        if (world->options.jitter > 0 && !s->is_exact &&
            act->time - before > 4 * world->options.jitter) {
            late = draw_delay(world, i, &random);
        }
        before = act->time;
        uint64_t time = act->time + late;
        iw_lab_agenda_put(host, time, play_act, act, act);
    }
    return true;
}

/* `Sysmon 1`, `Security 4688` */
static bool check_one(const struct iw_lab_world *world, const struct iw_lab_act *act,
                      const struct iw_lab_yaml_node *item, bool *is_seen)
{
    char channel[96];
    char *end = NULL;
    const char *space = strrchr(item->text, ' ');
    if (space == NULL || (size_t)(space - item->text) >= sizeof channel) {
        return false;
    }
    snprintf(channel, sizeof channel, "%.*s", (int)(space - item->text), item->text);
    unsigned long id = strtoul(space + 1, &end, 10);
    *is_seen = false;
    for (size_t i = 0; i < world->n_hosts; i++) {
        *is_seen = *is_seen || iw_lab_log_was_seen(world->hosts[i], act, channel, (unsigned)id);
    }
    return *end == '\0' && id > 0;
}

/* Workers and desktops come and go; their pool or session counts. */
static bool is_known(struct iw_lab_host *host, const char *key)
{
    return strncmp(key, "worker:", 7) == 0     ? iw_lab_host_pool(host, key + 7) != NULL
           : strncmp(key, "explorer:", 9) == 0 ? iw_lab_host_session(host, key + 9) != NULL
                                               : iw_lab_host_process(host, key) != NULL;
}

static bool check_context(struct iw_lab_world *world)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, "context"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        const char *process = iw_lab_yaml_text(yaml, node, "process", "");
        const char *parent = iw_lab_yaml_text(yaml, node, "parent", NULL);
        const char *session = iw_lab_yaml_text(yaml, node, "session", NULL);
        const char *pool = iw_lab_yaml_text(yaml, node, "pool", NULL);
        bool ok = false;
        for (size_t i = 0; i < world->n_hosts && !ok; i++) {
            struct iw_lab_host *host = world->hosts[i];
            ok = is_known(host, process) && (parent == NULL || is_known(host, parent)) &&
                 (session == NULL || iw_lab_host_session(host, session) != NULL) &&
                 (pool == NULL || iw_lab_host_pool(host, pool) != NULL);
        }
        if (!ok) {
            return iw_lab_world_fail(world, node,
                                     "on no host are process, parent, session and pool all known");
        }
    }
    return true;
}

bool iw_lab_acts_check_seen(struct iw_lab_world *world)
{
    const struct iw_lab_scenario *s = world->scenario;
    bool is_changed = world->options.n_without > 0 || world->options.is_only_4688;
    for (size_t i = 0; i < s->n_acts && !is_changed; i++) {
        const struct iw_lab_yaml_node *item = iw_lab_yaml_first(&s->yaml, s->acts[i].seen);
        for (; item != NULL; item = iw_lab_yaml_next(&s->yaml, item)) {
            bool is_seen = false;
            if (!check_one(world, &s->acts[i], item, &is_seen)) {
                return iw_lab_world_fail(world, item, "no trace: %s (as Sysmon 1)", item->text);
            }
            if (!is_seen) {
                return iw_lab_world_fail(world, item,
                                         "this act leaves no %s: the host does not log it, or it "
                                         "does not happen so",
                                         item->text);
            }
        }
    }
    return check_context(world);
}

/* ---- details */

bool iw_lab_play_fail(const struct iw_lab_play *play, const char *format, ...)
{
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return iw_lab_world_fail(play->host->world, play->act->details, "%s: %s", play->act->verb,
                             reason);
}

const char *iw_lab_play_text(const struct iw_lab_play *play, const char *key, const char *otherwise)
{
    return iw_lab_yaml_text(play->yaml, play->act->details, key, otherwise);
}

const char *iw_lab_play_word(const struct iw_lab_play *play, const char *key, const char *otherwise,
                             const char *words)
{
    const char *text = iw_lab_play_text(play, key, otherwise);
    if (!iw_lab_yaml_is_word(words, text)) {
        iw_lab_play_fail(play, "\"%s\" is one of: %s", key, words);
        return NULL;
    }
    return text;
}

const char *iw_lab_play_path(const struct iw_lab_play *play, const char *key)
{
    const char *text = iw_lab_play_text(play, key, "");
    if (!iw_lab_is_path(text)) {
        iw_lab_play_fail(play, "\"%s\" is no whole path: %s", key, text);
        return NULL;
    }
    return text;
}

const char *iw_lab_play_address(const struct iw_lab_play *play, const char *key)
{
    const char *text = iw_lab_play_text(play, key, "");
    if (!iw_lab_scenario_is_address(text)) {
        iw_lab_play_fail(play, "\"%s\" is no address: %s", key, text);
        return NULL;
    }
    return text;
}

bool iw_lab_play_new_key(const struct iw_lab_play *play, const char **key)
{
    *key = iw_lab_play_text(play, "as", NULL);
    if (*key == NULL) {
        return true;
    }
    if (!iw_lab_is_key(*key)) {
        return iw_lab_play_fail(play, "\"%s\" is no key", *key);
    }
    return iw_lab_host_process(play->host, *key) == NULL ||
           iw_lab_play_fail(play, "there is a process \"%s\" already", *key);
}

bool iw_lab_play_number(const struct iw_lab_play *play, const char *key, uint64_t max,
                        uint64_t *value)
{
    struct iw_lab_world *world = play->host->world;
    return iw_lab_yaml_number(play->yaml, play->act->details, key, max, value, world->error) ||
           !(world->is_failed = true);
}

bool iw_lab_play_span(const struct iw_lab_play *play, const char *key, uint64_t *value)
{
    struct iw_lab_world *world = play->host->world;
    return iw_lab_yaml_span(play->yaml, play->act->details, key, value, world->error) ||
           !(world->is_failed = true);
}

bool iw_lab_play_shift(const struct iw_lab_play *play, const char *key, int64_t *value)
{
    struct iw_lab_world *world = play->host->world;
    return iw_lab_yaml_shift(play->yaml, play->act->details, key, value, world->error) ||
           !(world->is_failed = true);
}

bool iw_lab_play_flag(const struct iw_lab_play *play, const char *key, bool *value)
{
    struct iw_lab_world *world = play->host->world;
    return iw_lab_yaml_flag(play->yaml, play->act->details, key, value, world->error) ||
           !(world->is_failed = true);
}

struct iw_lab_process *iw_lab_play_process(const struct iw_lab_play *play, const char *key)
{
    const char *name = iw_lab_play_text(play, key, "");
    struct iw_lab_host *host = play->host;
    if (strncmp(name, "worker:", 7) == 0) {
        struct iw_lab_pool *pool = iw_lab_host_pool(host, name + 7);
        if (pool == NULL) {
            iw_lab_play_fail(play, "there is no pool \"%s\" on %s", name + 7, host->name);
            return NULL;
        }
        return iw_lab_deed_worker(host, pool);
    }
    if (strncmp(name, "explorer:", 9) == 0) {
        struct iw_lab_session *session = iw_lab_host_session(host, name + 9);
        if (session == NULL || !session->is_open) {
            iw_lab_play_fail(play, "no open session \"%s\" on %s", name + 9, host->name);
            return NULL;
        }
        if (!iw_lab_type_has_desktop(session->type)) {
            iw_lab_play_fail(play, "a session of type %s has no desktop, no explorer",
                             session->type);
            return NULL;
        }
        return iw_lab_deed_explorer(host, session);
    }
    struct iw_lab_process *process = iw_lab_host_process(host, name);
    if (process == NULL) {
        iw_lab_play_fail(play, "no process \"%s\" has been started on %s", name, host->name);
    } else if (!process->is_alive) {
        iw_lab_play_fail(play, "the process \"%s\" has ended", name);
        process = NULL;
    }
    return process;
}

struct iw_lab_session *iw_lab_play_session(const struct iw_lab_play *play, const char *key)
{
    const char *name = iw_lab_play_text(play, key, "");
    struct iw_lab_session *session = iw_lab_host_session(play->host, name);
    if (session == NULL) {
        iw_lab_play_fail(play, "no session \"%s\" on %s", name, play->host->name);
    } else if (!session->is_open && strncmp(name, "pool:", 5) != 0) {
        iw_lab_play_fail(play, "the session \"%s\" is closed", name);
        session = NULL;
    }
    return session;
}

struct iw_lab_pool *iw_lab_play_pool(const struct iw_lab_play *play, const char *key)
{
    const char *name = iw_lab_play_text(play, key, "");
    struct iw_lab_pool *pool = iw_lab_host_pool(play->host, name);
    if (pool == NULL) {
        iw_lab_play_fail(play, "there is no pool \"%s\" on %s", name, play->host->name);
    }
    return pool;
}

struct iw_lab_site *iw_lab_play_site(const struct iw_lab_play *play, const char *key)
{
    const char *name = iw_lab_play_text(play, key, "");
    struct iw_lab_site *site = iw_lab_host_site(play->host, name);
    if (site == NULL) {
        iw_lab_play_fail(play, "there is no site \"%s\" on %s", name, play->host->name);
    }
    return site;
}

const struct iw_lab_account *iw_lab_play_account(const struct iw_lab_play *play, const char *key)
{
    const char *name = iw_lab_play_text(play, key, "");
    const struct iw_lab_account *account =
        iw_lab_scenario_account(play->host->world->scenario, name);
    if (account == NULL) {
        iw_lab_play_fail(play, "there is no account \"%s\"", name);
    }
    return account;
}
