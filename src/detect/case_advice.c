/*
 * What could not be checked, and what to preserve and ask next. Made of the data at hand; texts of
 * the evidence are never put into commands, because somebody may paste them.
 */
#include <stdio.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "context/pool_account.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/history_line.h"
#include "detect/judgment.h"

/* What the registry says is in no section of the configuration. */
static bool is_of_registry(const struct iw_case *named)
{
    const struct iw_inventory_component *row = iw_case_component(named, 0);
    return row != NULL && strcmp(row->state, "registry") == 0;
}

/* --- blind ---------------------------------------------------------------------------------- */

static enum iw_rc blind_of_file(struct iw_case *named, const struct iw_item_file *file)
{
    switch (file->state) {
    case IW_ITEM_FILE_READ:
        if (file->is_pe && file->signature == IW_ITEM_SIGNATURE_NONE_EMBEDDED)
            return iw_case_line(named, &named->blind,
                                "%.*s carries no signature: whether a catalogue of Windows signs "
                                "it cannot be decided from what is in evidence",
                                IW_STR_ARG(file->path));
        return IW_OK;
    case IW_ITEM_FILE_UNREADABLE:
    case IW_ITEM_FILE_NOT_COLLECTED:
    case IW_ITEM_FILE_UNRESOLVED:
    case IW_ITEM_FILE_REMOTE:
        return iw_case_line(named, &named->blind,
                            "hash, version and signature of %.*s%s%.*s are not known: %s",
                            IW_STR_ARG(file->path), file->path.n != 0 ? "" : "the file of ",
                            IW_STR_ARG(file->path.n != 0 ? IW_STR("") : named->name),
                            file->why != NULL ? file->why : "not read");
    case IW_ITEM_FILE_MISSING:
    case IW_ITEM_FILE_NONE:
    case IW_ITEM_FILE_STATE_COUNT:
        break;
    }
    return IW_OK;
}

static enum iw_rc blind_of_entries(struct iw_case *named)
{
    for (size_t i = 0; i < named->n && i < IW_LIMIT_CASE_ENTRIES; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        /* A profiler's class is not looked up where its path is given. */
        if (iw_component_is_variable(row) && row->image_path.n == 0 && named->image.n != 0)
            continue;
        for (size_t k = 0; k < row->n_files; k++)
            IW_TRY(blind_of_file(named, &row->files[k]));
        if (row->n_files == 0 && row->type.n != 0)
            IW_TRY(iw_case_line(named, &named->blind, "no assembly in evidence has the type %.*s",
                                IW_STR_ARG(row->type)));
    }
    return IW_OK;
}

/* Without its own log the configuration has the writings of its file at most. */
static enum iw_rc blind_of_changes(struct iw_case *named)
{
    size_t n_writers;
    IW_TRY(iw_case_configuration_writers(named, &n_writers));
    return iw_case_line(named, &named->blind, "%s%s",
                        "no event of Microsoft-IIS-Configuration/Operational of this host: ",
                        n_writers == 0 ? "who changed the configuration, and when, is not told"
                                       : "that its file was written is told, what was changed in "
                                         "it is not");
}

enum iw_rc iw_case_blind(struct iw_case *named)
{
    const struct iw_judging *judging = named->judging;
    const struct iw_inventory_server *server = judging->server;
    const struct iw_server_facts *facts = judging->input->facts;
    IW_TRY(blind_of_entries(named));
    if (is_of_registry(named)) {
        if (!named->has_facts[IW_FACT_REGISTRY_SET])
            IW_TRY(iw_case_line(named, &named->blind,
                                "no event of Sysmon 13 or Security 4657 tells of its value in the "
                                "registry: who set it, and when, is not told"));
    } else if (named->web_file == NULL &&
               named->paths.n == 0 && /* that it was written is the case */
               judging->facts[IW_FACT_CONFIG_LOGGING].n == 0)
        IW_TRY(blind_of_changes(named));
    if (named->web_file == NULL && judging->facts[IW_FACT_MODULE_LOAD].n == 0)
        IW_TRY(iw_case_line(named, &named->blind,
                            "no event of Sysmon 7 of a worker of this host: whether it was loaded "
                            "is not told"));
    if (named->web_file != NULL && judging->facts[IW_FACT_FILE_WRITTEN].n == 0)
        IW_TRY(iw_case_line(named, &named->blind,
                            "no event of this host tells of a file being written: who wrote it, "
                            "and when, is not known"));
    if (server->source.n != 0 && !server->is_authoritative)
        IW_TRY(iw_case_line(named, &named->blind, "the configuration is not known whole: %.*s",
                            IW_STR_ARG(server->why_not)));
    if (facts != NULL && facts->n_hidden != 0)
        IW_TRY(iw_case_line(named, &named->blind,
                            "%llu events were more than is kept: some that speak of it may be "
                            "among them",
                            (unsigned long long)facts->n_hidden));
    return IW_OK;
}

/* --- triage --------------------------------------------------------------------------------- */

/* What is odd about a built-in image under another name is the entry, not the image. */
static enum iw_rc preserve_entry(struct iw_case *named, const struct iw_inventory_component *row)
{
    return row->config_source.n == 0
               ? IW_OK
               : iw_case_line(named, &named->triage,
                              "preserve %.*s and read what else it sets: the entry is odd, not the "
                              "file it names",
                              IW_STR_ARG(row->config_source));
}

static enum iw_rc preserve(struct iw_case *named, const struct iw_item_file *file)
{
    char hex[17];
    if (file->path.n == 0 && file->source.n == 0)
        return IW_OK;
    if (file->state == IW_ITEM_FILE_READ) {
        for (size_t i = 0; i < 8; i++)
            (void)snprintf(hex + 2 * i, 3, "%02x", file->sha256[i]);
        return iw_case_line(named, &named->triage, "preserve %.*s (SHA-256 %s...)",
                            IW_STR_ARG(file->source), hex);
    }
    if (file->state == IW_ITEM_FILE_MISSING)
        return iw_case_line(named, &named->triage,
                            "look for %.*s in shadow copies, backups and quarantine",
                            IW_STR_ARG(file->path));
    return iw_case_line(named, &named->triage, "collect %.*s", IW_STR_ARG(file->path));
}

/* The newest former configuration that does not have it: what to compare with or go back to. */
static enum iw_rc roll_back(struct iw_case *named)
{
    const struct iw_inventory_server *server = named->judging->server;
    const struct iw_inventory_component *row = iw_case_component(named, 0);
    for (size_t i = 0; row != NULL && i < server->n_versions; i++) {
        const struct iw_text_list *come = &server->versions[i].removed;
        for (size_t k = 0; k < come->n; k++) {
            if (!iw_history_names(come->items[k], row))
                continue;
            return iw_case_line(named, &named->triage,
                                "compare with %.*s, the last known configuration without it",
                                IW_STR_ARG(server->versions[i].source));
        }
    }
    return IW_OK;
}

/* Windows' own accounts, and the account of a machine: half of Windows works as them, and they have
 * no logon that says more. */
static bool is_of_windows(struct iw_str name, struct iw_str sid)
{
    return iw_account_is_of_windows(name) || iw_account_is_of_windows(sid) ||
           (name.n != 0 && name.p[name.n - 1] == '$');
}

/* "CORP\bob (S-1-5-21-...)" */
static struct iw_str who_of(const struct iw_case *named, const struct iw_act *act)
{
    struct iw_str who = act->actor.n != 0 ? act->actor : act->actor_sid;
    if (act->actor.n == 0 || act->actor_sid.n == 0)
        return who;
    return iw_arena_format(named->judging->arena, "%.*s (%.*s)", IW_STR_ARG(who),
                           IW_STR_ARG(act->actor_sid));
}

/* What leads from an account to whoever used it: a logon where somebody logs on as it; of a pool
 * the request; of Windows' own the process and what started it. */
static enum iw_rc ask_who(struct iw_case *named, const struct iw_act *act)
{
    struct iw_str who;
    char when[IW_TIME_TEXT_BYTES];
    if ((act->actor.n == 0 && act->actor_sid.n == 0) || !iw_time_known(act->first_ns))
        return IW_OK;
    who = who_of(named, act);
    if (who.p == NULL)
        return IW_ENOMEM;
    (void)iw_time_words(act->first_ns, false, when);
    if (named->address.n != 0)
        return iw_case_line(named, &named->triage,
                            "find the logon of %.*s over the network from %.*s before %s (Security "
                            "4624, type 3), and what ran on that machine then",
                            IW_STR_ARG(who), IW_STR_ARG(named->address), when);
    if (iw_pool_of_account(act->actor).n != 0 || iw_is_pool_sid(act->actor_sid) ||
        iw_is_visitor_account(act->actor, act->actor_sid))
        return iw_case_line(named, &named->triage,
                            "find the requests that %.*s was serving at %s: one of them made the "
                            "web server act, and the process that acted",
                            IW_STR_ARG(who), when);
    if (is_of_windows(act->actor, act->actor_sid))
        return iw_case_line(
            named, &named->triage,
            "find the process that acted as %.*s at %s and what started it: a service (System "
            "7045, Security 4697), a task, WMI, a web server, or somebody over the network "
            "(Security 5145, 4624 of type 3); a logon of that account tells nothing",
            IW_STR_ARG(who), when);
    return iw_case_line(named, &named->triage,
                        "find the logon of %.*s and the process that acted at %s", IW_STR_ARG(who),
                        when);
}

static enum iw_rc follow_requests(struct iw_case *named,
                                  const struct iw_inventory_web_file *web_file)
{
    if (named->first_address.n != 0)
        return iw_case_line(named, &named->triage,
                            "follow %.*s, which asked for it first, through all logs of requests",
                            IW_STR_ARG(named->first_address));
    if (web_file->urls.n == 0)
        return iw_case_line(named, &named->triage, "find the requests for it in the W3C logs");
    return iw_case_line(named, &named->triage, "find the requests for %.*s in the W3C logs",
                        IW_STR_ARG(web_file->urls.items[0]));
}

enum iw_rc iw_case_triage(struct iw_case *named, const struct iw_act *act)
{
    const char *section = iw_kind_section(named->kind);
    if (named->web_file != NULL) {
        IW_TRY(preserve(named, &named->web_file->file));
        IW_TRY(follow_requests(named, named->web_file));
        return ask_who(named, act);
    }
    for (size_t i = 0; i < named->n && i < IW_LIMIT_CASE_ENTRIES; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        if (row->known == IW_ITEM_KNOWN_IMAGE_OTHER_NAME)
            IW_TRY(preserve_entry(named, row));
        for (size_t k = 0; k < row->n_files; k++) {
            if (row->known != IW_ITEM_KNOWN_IMAGE_OTHER_NAME ||
                row->files[k].state == IW_ITEM_FILE_READ)
                IW_TRY(preserve(named, &row->files[k]));
        }
    }
    if (named->program != NULL)
        IW_TRY(follow_requests(named, named->program));
    if (named->n == 0 && iw_str_find(named->image, IW_STR("\\")) != SIZE_MAX &&
        (named->former_name.n != 0 || strcmp(named->kind, "loadedModule") == 0))
        IW_TRY(iw_case_line(named, &named->triage,
                            named->has_facts[IW_FACT_FILE_DELETED]
                                ? "look for %.*s in shadow copies, backups and quarantine: it was "
                                  "deleted"
                                : "collect %.*s",
                            IW_STR_ARG(named->image)));
    IW_TRY(ask_who(named, act));
    IW_TRY(roll_back(named));
    if (is_of_registry(named) && iw_component_is_variable(iw_case_component(named, 0)))
        return iw_case_line(
            named, &named->triage, "%s",
            "on the server: reg.exe query "
            "HKLM\\SYSTEM\\CurrentControlSet\\Services\\W3SVC /v Environment; the "
            "same of WAS; reg.exe query \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\"
            "Session Manager\\Environment\"");
    if (section == NULL)
        return IW_OK;
    return iw_case_line(named, &named->triage,
                        "on the server: %%windir%%\\System32\\inetsrv\\appcmd.exe list config "
                        "-section:%s",
                        section);
}
