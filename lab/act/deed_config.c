/*
 * Deeds that change IIS configuration (see lab_deed.h).
 *
 * What it does: applies changes to applicationHost.config or a web.config; events 29 and 50 when it
 * goes through the configuration system; the file write; a copy in inetpub\history within two
 * minutes and recycled workers after a change of applicationHost.config. What it ignores: whether
 * whoever changes it may do so.
 */
#include "lab/act/lab_deed.h"
#include "lab/lab_alloc.h"
#include "lab/world/lab_agenda.h"

#include <stdio.h>
#include <string.h>

/* ---- what follows a change of applicationHost.config */

/* What can be brought back later, whether or not its copy is among the evidence. */
static void remember_config(struct iw_lab_host *host)
{
    host->n_histories++;
    if (host->n_histories < IW_LAB_MAX_CONFIGS) {
        host->configs[host->n_histories] = iw_lab_config_copy(host->config);
    }
}

static void copy_history(struct iw_lab_host *host, void *subject)
{
    const struct iw_lab_process *service = iw_lab_host_process(host, "apphost");
    char path[200];
    (void)subject;
    host->is_history_due = false;
    remember_config(host);
    snprintf(path, sizeof path, "C:\\inetpub\\history\\CFGHISTORY_%010u\\applicationHost.config",
             host->n_histories);
    struct iw_lab_content now = {.kind = IW_LAB_CONTENT_CONFIG, .config = host->config};
    struct iw_lab_content copy = iw_lab_content_copy(host, &now);
    iw_lab_deed_write(host, service, path, &copy);
}

static void recycle_all(struct iw_lab_host *host, void *subject)
{
    (void)subject;
    for (struct iw_lab_pool *pool = host->pools; pool != NULL; pool = pool->next) {
        iw_lab_deed_recycle(host, pool, "config");
    }
}

static void follow_up(struct iw_lab_host *host)
{
    if (!host->telemetry.has_history) {
        remember_config(host);
    } else if (!host->is_history_due) {
        uint64_t late = (20 + iw_lab_random_below(&host->random, 95)) * IW_LAB_SECOND;
        host->is_history_due = true;
        iw_lab_agenda_put(host, host->now + late, copy_history, NULL, host->world->act);
    }
    iw_lab_agenda_put(host, host->now + 2 * IW_LAB_SECOND, recycle_all, NULL, host->world->act);
}

/* ---- the change */

static const char *attribute(const struct iw_lab_config_change *change, const char *name)
{
    for (size_t i = 0; i < change->n_attributes; i++) {
        if (strcasecmp(change->attributes[i].name, name) == 0) {
            return change->attributes[i].value;
        }
    }
    return NULL;
}

/* The entry is gone, whoever made it. */
static void forget(struct iw_lab_host *host, const struct iw_lab_edit *edit)
{
    const char *path = edit->file == NULL ? IW_LAB_APPHOST : edit->file;
    const char *name = edit->change.n_attributes == 0 ? "" : edit->change.attributes[0].value;
    struct iw_lab_mark **link = &host->marks;
    while (*link != NULL) {
        const struct iw_lab_mark *mark = *link;
        bool is_it = strcasecmp(mark->path, path) == 0 && strcmp(mark->name, name) == 0 &&
                     strcmp(mark->section, edit->change.section) == 0 &&
                     strcasecmp(mark->location == NULL ? "" : mark->location,
                                edit->change.location == NULL ? "" : edit->change.location) == 0;
        if (is_it) {
            *link = mark->next;
        } else {
            link = &(*link)->next;
        }
    }
}

/* Remembers whose entry it is, so that traces can name it. */
static void mark(struct iw_lab_host *host, const struct iw_lab_edit *edit)
{
    static const char *const images[] = {"image", "scriptProcessor", "dll", "fullPath", "type",
                                         "path",  "processPath"};
    const struct iw_lab_config_change *change = &edit->change;
    if (change->verb == IW_LAB_CONFIG_REMOVE) {
        forget(host, edit);
        return;
    }
    if (host->world->act == NULL || change->n_attributes == 0) {
        return;
    }
    struct iw_lab_mark *mark = iw_lab_arena_take(&host->arena, 1, sizeof *mark);
    mark->act = host->world->act;
    mark->path = edit->file == NULL ? IW_LAB_APPHOST : edit->file;
    mark->section = change->section;
    mark->location = iw_lab_arena_copy(&host->arena, change->location);
    mark->name = attribute(change, "name");
    mark->name = mark->name != NULL ? mark->name : change->attributes[0].value;
    for (size_t i = 0; i < sizeof images / sizeof images[0] && mark->image == NULL; i++) {
        mark->image = attribute(change, images[i]);
    }
    if (mark->image == NULL && change->verb == IW_LAB_CONFIG_SET && change->n_attributes > 1) {
        mark->image = change->attributes[1].value; /* of a path: a class, a variable, a file */
    }
    if (mark->image != NULL) {
        char *whole = iw_lab_config_expand(mark->image, false);
        mark->image = iw_lab_arena_copy(&host->arena, whole);
        iw_lab_alloc_release(whole);
    }
    mark->next = host->marks;
    host->marks = mark;
}

static void write_config(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const char *path, const struct iw_lab_config *config, bool is_server)
{
    struct iw_lab_content content = {.kind = IW_LAB_CONTENT_CONFIG, .config = config};
    struct iw_lab_file *old = iw_lab_host_file(host, path);
    uint64_t created = old == NULL ? host->now : old->created;
    if (!is_server) {
        content = iw_lab_content_copy(host, &content);
    }
    struct iw_lab_file *file = iw_lab_file_put(host, path, &content);
    file->created = created;
    if (process != NULL) {
        iw_lab_log_file_created(host, process, file);
    } else { /* it has been so for long */
        file->created = file->changed = host->now - UINT64_C(86400) * 45 * IW_LAB_SECOND;
    }
}

/* Where the change counts: the configuration path and the location path of event 29. */
static void log_steps(struct iw_lab_host *host, const struct iw_lab_process *process,
                      const struct iw_lab_edit *edit, const struct iw_lab_config_steps *steps)
{
    const char *path = edit->file == NULL ? IW_LAB_APPHOST : edit->file;
    const char *config_path = "MACHINE/WEBROOT/APPHOST";
    const char *location = edit->change.location == NULL ? "" : edit->change.location;
    for (struct iw_lab_site *site = host->sites; edit->file != NULL && site != NULL;
         site = site->next) {
        for (struct iw_lab_mapping *place = site->mappings; place != NULL; place = place->next) {
            size_t length = strlen(place->root);
            if (strncasecmp(path, place->root, length) == 0 &&
                strcasecmp(path + length, "\\web.config") == 0) {
                config_path =
                    iw_lab_arena_print(&host->arena, "MACHINE/WEBROOT/APPHOST/%s%s", site->name,
                                       strcmp(place->url, "/") == 0 ? "" : place->url);
                location = config_path;
            }
        }
    }
    iw_lab_log_config_steps(host, process, path, config_path, location, steps);
}

bool iw_lab_deed_configure(struct iw_lab_host *host, const struct iw_lab_process *process,
                           const struct iw_lab_edit *edits, size_t n_edits, bool is_text,
                           struct iw_lab_error *error)
{
    bool is_server_changed = false;
    for (size_t i = 0; i < n_edits; i++) {
        struct iw_lab_config_steps steps = {.items = NULL};
        struct iw_lab_config *config = iw_lab_host_config(host, edits[i].file);
        if (config == NULL) {
            return iw_lab_error_set(error, "%s has no IIS", host->name);
        }
        if (!iw_lab_config_apply(config, &edits[i].change, &steps, error)) {
            iw_lab_config_steps_done(&steps);
            return false;
        }
        is_text = is_text || process == NULL;
        if (!is_text) {
            log_steps(host, process, &edits[i], &steps);
        }
        iw_lab_config_steps_done(&steps);
        mark(host, &edits[i]);
        is_server_changed = is_server_changed || edits[i].file == NULL;
        bool is_last = i + 1 == n_edits || edits[i].file == NULL || edits[i + 1].file == NULL ||
                       strcasecmp(edits[i].file, edits[i + 1].file) != 0;
        if (edits[i].file != NULL && is_last) {
            write_config(host, process, edits[i].file, config, false);
            if (!is_text) {
                iw_lab_log_config_committed(host, process, edits[i].file);
            }
        }
        iw_lab_host_pass(host, 3);
    }
    if (is_server_changed) {
        const char *dont = iw_lab_config_get(host->config, "httpLogging", NULL, "", "dontLog");
        host->is_request_log_off = dont != NULL && strcmp(dont, "true") == 0;
        write_config(host, process, IW_LAB_APPHOST, host->config, true);
        if (!is_text) {
            iw_lab_log_config_committed(host, process, IW_LAB_APPHOST);
        }
        if (process != NULL) {
            follow_up(host);
        }
    }
    return true;
}

/* Files that show the server's configuration show the new one from now on. */
static void exchange_config(struct iw_lab_host *host, struct iw_lab_config *config)
{
    for (struct iw_lab_file *file = host->files; file != NULL; file = file->next_made) {
        if (file->content.kind == IW_LAB_CONTENT_CONFIG && file->content.config == host->config) {
            file->content.config = config;
            file->is_hashed = false;
        }
    }
    iw_lab_config_free(host->config);
    host->config = config;
    struct iw_lab_mark **link = &host->marks;
    while (*link != NULL) { /* whose entries they were counts no more */
        if (strcasecmp((*link)->path, IW_LAB_APPHOST) == 0) {
            *link = (*link)->next;
        } else {
            link = &(*link)->next;
        }
    }
}

bool iw_lab_deed_restore_config(struct iw_lab_host *host, const struct iw_lab_process *process,
                                uint64_t version)
{
    if (version >= IW_LAB_MAX_CONFIGS || host->configs[version] == NULL) {
        return false;
    }
    exchange_config(host, iw_lab_config_copy(host->configs[version]));
    const char *dont = iw_lab_config_get(host->config, "httpLogging", NULL, "", "dontLog");
    host->is_request_log_off = dont != NULL && strcmp(dont, "true") == 0;
    write_config(host, process, IW_LAB_APPHOST, host->config, true);
    iw_lab_log_config_committed(host, NULL, IW_LAB_APPHOST); /* its process cannot be told */
    follow_up(host);
    return true;
}
