/*
 * Verbs of logons and processes (see lab/scenarios/README.md).
 */
#include "lab/act/lab_act.h"

#include <stdlib.h>
#include <string.h>

#define LOGON_TYPES "2 3 4 5 7 8 9 10 11"

/* `from` is an address where it is given. */
static bool check_from(const struct iw_lab_play *play)
{
    return iw_lab_play_text(play, "from", NULL) == NULL ||
           iw_lab_play_address(play, "from") != NULL;
}

static bool play_logon(struct iw_lab_play *play)
{
    const struct iw_lab_account *account = iw_lab_play_account(play, "account");
    const char *key = iw_lab_play_text(play, "as", "");
    const char *type = iw_lab_play_word(play, "type", "3", LOGON_TYPES);
    bool is_elevated = account != NULL && account->is_privileged;
    if (account == NULL || type == NULL || !iw_lab_play_flag(play, "elevated", &is_elevated) ||
        !check_from(play)) {
        return false;
    }
    if (!iw_lab_is_key(key)) {
        return iw_lab_play_fail(play, "\"%s\" is no key", key);
    }
    if (iw_lab_host_session(play->host, key) != NULL) {
        return iw_lab_play_fail(play, "there is a session \"%s\" already", key);
    }
    return iw_lab_deed_logon(play->host, key, account, type, iw_lab_play_text(play, "from", "-"),
                             iw_lab_play_text(play, "workstation", "-"), is_elevated) != NULL;
}

static bool play_failed_logon(struct iw_lab_play *play)
{
    const char *name = iw_lab_play_text(play, "account", "");
    const char *type = iw_lab_play_word(play, "type", "3", LOGON_TYPES);
    if (type == NULL || !check_from(play)) {
        return false;
    }
    iw_lab_log_failed_logon(play->host, iw_lab_scenario_account(play->host->world->scenario, name),
                            name, type, iw_lab_play_text(play, "from", "-"));
    return true;
}

static bool play_logoff(struct iw_lab_play *play)
{
    struct iw_lab_session *session = iw_lab_play_session(play, "session");
    if (session == NULL) {
        return false;
    }
    if (session->is_builtin) {
        return iw_lab_play_fail(play, "nobody logs off from the session \"%s\"", session->key);
    }
    iw_lab_deed_logoff(play->host, session);
    return true;
}

/* The number a process is to have; 0 where nobody says. False: noted. */
static bool read_number(const struct iw_lab_play *play, unsigned *number)
{
    uint64_t pid = 0;
    if (!iw_lab_play_number(play, "pid", UINT16_MAX, &pid)) {
        return false;
    }
    *number = (unsigned)pid;
    return pid == 0 || iw_lab_host_is_free_number(play->host, *number) ||
           iw_lab_play_fail(play, "%u is no number a process can get now", *number);
}

static bool play_start(struct iw_lab_play *play)
{
    struct iw_lab_process *parent = iw_lab_play_process(play, "by");
    const char *image = iw_lab_play_path(play, "image");
    const char *key = NULL;
    struct iw_lab_session *session = NULL;
    uint64_t lives = 0;
    unsigned number = 0;
    if (parent == NULL || image == NULL || !iw_lab_play_span(play, "lives", &lives) ||
        !iw_lab_play_new_key(play, &key) || !read_number(play, &number) ||
        iw_lab_play_word(play, "integrity", "High", "System High Medium Low") == NULL) {
        return false;
    }
    if (iw_lab_play_text(play, "session", NULL) != NULL) {
        session = iw_lab_play_session(play, "session");
        if (session == NULL) {
            return false;
        }
    }
    struct iw_lab_program_facts facts = {.image = image,
                                         .command = iw_lab_play_text(play, "command", NULL),
                                         .original_name =
                                             iw_lab_play_text(play, "original_name", NULL),
                                         .company = iw_lab_play_text(play, "company", NULL),
                                         .integrity = iw_lab_play_text(play, "integrity", NULL),
                                         .directory = iw_lab_play_text(play, "directory", NULL),
                                         .number = number};
    if (iw_lab_play_text(play, "parent_shown", NULL) == NULL) {
        iw_lab_deed_start(play->host, key, &facts, session, parent, lives);
        return true;
    }
    const struct iw_lab_process *shown = iw_lab_play_process(play, "parent_shown");
    if (shown == NULL) {
        return false;
    }
    iw_lab_deed_start_shown(play->host, key, &facts, session == NULL ? parent->session : session,
                            shown, lives);
    return true;
}

static bool play_worker(struct iw_lab_play *play)
{
    struct iw_lab_pool *pool = iw_lab_play_pool(play, "pool");
    unsigned number = 0;
    if (pool == NULL || !read_number(play, &number)) {
        return false;
    }
    if (pool->worker != NULL) {
        return iw_lab_play_fail(play, "the pool \"%s\" has a worker", pool->name);
    }
    iw_lab_deed_worker_numbered(play->host, pool, number);
    return true;
}

static bool play_end(struct iw_lab_play *play)
{
    struct iw_lab_process *process = iw_lab_play_process(play, "process");
    if (process == NULL) {
        return false;
    }
    if (process->is_builtin) {
        return iw_lab_play_fail(play, "the process \"%s\" runs as long as the machine",
                                process->key);
    }
    iw_lab_deed_end(play->host, process);
    return true;
}

static bool play_load(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *dll = process == NULL ? NULL : iw_lab_play_path(play, "dll");
    const char *signature = iw_lab_play_text(play, "signature", NULL);
    const char *status = iw_lab_play_text(play, "status", NULL);
    if (dll == NULL || (status != NULL && iw_lab_play_word(play, "status", NULL,
                                                           "Valid Unavailable Expired") == NULL)) {
        return false;
    }
    if (signature == NULL && status == NULL && iw_lab_host_file(play->host, dll) != NULL) {
        iw_lab_deed_load(play->host, process, dll);
        return true;
    }
    if (iw_lab_host_has_lost(play->host, dll)) {
        return iw_lab_play_fail(play, "there is no file %s any more", dll);
    }
    iw_lab_log_load(play->host, process, dll, signature, status);
    return true;
}

static bool play_connect(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *address = process == NULL ? NULL : iw_lab_play_address(play, "address");
    uint64_t port = 443;
    if (address == NULL || !iw_lab_play_number(play, "port", 65535, &port)) {
        return false;
    }
    iw_lab_log_connect(play->host, process, address, iw_lab_play_text(play, "name", NULL),
                       iw_lab_arena_print(&play->host->arena, "%u", (unsigned)port));
    return true;
}

static bool play_resolve(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    if (process == NULL) {
        return false;
    }
    iw_lab_log_resolve(play->host, process, iw_lab_play_text(play, "name", ""),
                       iw_lab_play_text(play, "answer", NULL));
    return true;
}

static bool play_registry(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *type = iw_lab_play_word(play, "type", "set", "set create delete");
    if (process == NULL || type == NULL) {
        return false;
    }
    const char *key = iw_lab_play_text(play, "key", "");
    if (strncmp(key, "HK", 2) != 0 || strchr(key, '\\') == NULL) {
        return iw_lab_play_fail(play, "no registry key: %s (as HKLM\\…)", key);
    }
    const char *kind = iw_lab_play_word(play, "kind", "sz", IW_LAB_REGISTRY_KINDS);
    if (kind == NULL) {
        return false;
    }
    const char *value = iw_lab_play_text(play, "value", "");
    const char *shown = value;
    if (strcmp(kind, "dword") == 0) {
        shown = iw_lab_arena_print(&play->host->arena, "DWORD (0x%08lx)", strtoul(value, NULL, 0));
    } else if (strcmp(kind, "multi") == 0) {
        shown = "Binary Data";
    }
    if (strncmp(key, "HKLM\\", 5) == 0 && strcmp(type, "set") == 0) {
        iw_lab_registry_set(play->host, key, kind, value);
    } else if (strcmp(type, "delete") == 0) {
        iw_lab_registry_delete(play->host, key);
    }
    iw_lab_log_registry(play->host, process, type, key, shown);
    return true;
}

static bool play_pipe(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *type = iw_lab_play_word(play, "type", "create", "create connect");
    if (process == NULL || type == NULL) {
        return false;
    }
    iw_lab_log_pipe(play->host, process, iw_lab_play_text(play, "name", ""),
                    strcmp(type, "connect") == 0);
    return true;
}

static bool play_open_process(struct iw_lab_play *play)
{
    const struct iw_lab_process *source = iw_lab_play_process(play, "by");
    const struct iw_lab_process *target =
        source == NULL ? NULL : iw_lab_play_process(play, "target");
    uint64_t access = 0x1FFFFF;
    if (target == NULL || !iw_lab_play_number(play, "access", UINT32_MAX, &access)) {
        return false;
    }
    iw_lab_log_open_process(
        play->host, source, target,
        iw_lab_arena_print(&play->host->arena, "0x%llx", (unsigned long long)access));
    return true;
}

static bool play_inject(struct iw_lab_play *play)
{
    const struct iw_lab_process *source = iw_lab_play_process(play, "by");
    const struct iw_lab_process *target =
        source == NULL ? NULL : iw_lab_play_process(play, "target");
    if (target == NULL) {
        return false;
    }
    iw_lab_log_inject(play->host, source, target);
    return true;
}

static bool play_script(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    if (process == NULL) {
        return false;
    }
    iw_lab_log_script(play->host, process, iw_lab_play_text(play, "text", ""),
                      iw_lab_play_text(play, "path", ""));
    return true;
}

const struct iw_lab_verb iw_lab_verbs_process[] = {
    {"logon", "as* account* type from workstation elevated", play_logon},
    {"failed-logon", "account* type from", play_failed_logon},
    {"logoff", "session*", play_logoff},
    {"start",
     "as by* image* command session integrity directory original_name company lives parent_shown "
     "pid",
     play_start},
    {"worker", "pool* pid", play_worker},
    {"end", "process*", play_end},
    {"load", "by* dll* signature status", play_load},
    {"connect", "by* address* name port", play_connect},
    {"resolve", "by* name* answer", play_resolve},
    {"registry", "by* key* value type kind", play_registry},
    {"pipe", "by* name* type", play_pipe},
    {"open-process", "by* target* access", play_open_process},
    {"inject", "by* target*", play_inject},
    {"script", "by* text* path", play_script},
    {NULL, NULL, NULL}};
