#include "detect/event_act.h"

#include "base/arena_text.h"
#include "base/hex.h"
#include "base/json_read.h"
#include "event/event.h"

enum act_sort { CONFIGURED = 0, WROTE, DELETED, LOADED, COMMANDED };

static const struct act_row {
    const char *channel; /* NULL: Sysmon, whatever it is called */
    uint32_t event_id;
    enum act_sort sort;
    const char *path; /* field that holds the file */
} ROWS[] = {
    {"Microsoft-IIS-Configuration/Operational", 29, CONFIGURED, NULL},
    {NULL, 1, COMMANDED, NULL},
    {"Security", 4688, COMMANDED, NULL},
    {NULL, 2, WROTE, "TargetFilename"},
    {NULL, 7, LOADED, "ImageLoaded"},
    {NULL, 11, WROTE, "TargetFilename"},
    {NULL, 15, WROTE, "TargetFilename"},
    {NULL, 29, WROTE, "TargetFilename"},
    {NULL, 23, DELETED, "TargetFilename"},
    {NULL, 26, DELETED, "TargetFilename"},
    {"Security", 4663, WROTE, "ObjectName"},
};

static const struct act_row *row_of(const struct iw_evidence_item *item)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        bool is_channel = ROWS[i].channel != NULL
                              ? iw_str_equal_nocase(item->channel, iw_str_of(ROWS[i].channel))
                              : iw_channel_is_sysmon(item->channel);
        if (is_channel && ROWS[i].event_id == item->event_id)
            return &ROWS[i];
    }
    return NULL;
}

static struct iw_str text_of(const struct iw_json_node *event, const char *name)
{
    const struct iw_json_node *node = iw_json_find(event, iw_str_of(name));
    return node != NULL && node->kind == IW_JSON_TEXT ? node->text : IW_STR("");
}

/* Sysmon names the account, Security the account and its SID, IIS-Configuration the SID. */
static enum iw_rc read_actor(const struct iw_json_node *event, struct iw_arena *arena,
                             struct iw_act *act)
{
    struct iw_str name = text_of(event, "SubjectUserName");
    struct iw_str domain = text_of(event, "SubjectDomainName");
    act->actor_sid = text_of(event, "SubjectUserSid");
    if (act->actor_sid.n == 0)
        act->actor_sid = text_of(event, "Security_UserID");
    if (name.n == 0 || domain.n == 0) {
        act->actor = name.n != 0 ? name : text_of(event, "User");
        return IW_OK;
    }
    act->actor = iw_arena_format(arena, "%.*s\\%.*s", IW_STR_ARG(domain), IW_STR_ARG(name));
    return act->actor.p != NULL ? IW_OK : IW_ENOMEM;
}

/* --- a setting ------------------------------------------------------------------------------- */

/* `…[@name="X"]…`: what stands between the first quotes. */
static struct iw_str quoted(struct iw_str setting)
{
    struct iw_str rest;
    size_t at = 0, n = 0;
    while (at < setting.n && setting.p[at] != '"' && setting.p[at] != '\'')
        at++;
    if (at == setting.n)
        return IW_STR("");
    rest = (struct iw_str){setting.p + at + 1, setting.n - at - 1};
    while (n < rest.n && rest.p[n] != setting.p[at])
        n++;
    return n < rest.n ? (struct iw_str){rest.p, n} : IW_STR("");
}

static void read_setting(const struct iw_json_node *event, struct iw_act *act)
{
    struct iw_str setting = text_of(event, "Configuration");
    struct iw_str was = text_of(event, "OldValue"), now = text_of(event, "NewValue");
    struct iw_str name = quoted(setting);
    act->component_name = name.n != 0 ? name : now;
    if (iw_str_holds_nocase(setting, IW_STR("/globalModules/")))
        act->component_kind = IW_STR("globalModule");
    else if (iw_str_holds_nocase(setting, IW_STR("/handlers/")))
        act->component_kind = IW_STR("handler");
    else if (iw_str_holds_nocase(setting, IW_STR("/isapiFilters/")))
        act->component_kind = IW_STR("isapiFilter");
    if (iw_str_ends_nocase(setting, IW_STR("@image")) ||
        iw_str_ends_nocase(setting, IW_STR("@path")))
        act->path = now;
    act->action = now.n == 0               ? IW_ACT_REMOVE
                  : was.n == 0             ? IW_ACT_ADD
                  : iw_str_equal(was, now) ? IW_ACT_UNKNOWN
                                           : IW_ACT_MODIFY;
}

/* --- a file ---------------------------------------------------------------------------------- */

/* "MD5=…,SHA256=…" */
static void read_hash(struct iw_str hashes, struct iw_act *act)
{
    static const struct iw_str KEY = {"SHA256=", 7};
    for (size_t at = 0; at + KEY.n + 64 <= hashes.n; at++) {
        struct iw_str rest = {hashes.p + at, hashes.n - at};
        if ((at != 0 && hashes.p[at - 1] != ',') || !iw_str_begins_nocase(rest, KEY))
            continue;
        act->has_sha256 =
            iw_hex_read((struct iw_str){rest.p + KEY.n, 64}, act->sha256, sizeof act->sha256);
        return;
    }
}

static void read_file(const struct act_row *row, const struct iw_json_node *event,
                      struct iw_act *act)
{
    act->path = text_of(event, row->path);
    if (row->sort == DELETED)
        act->action = IW_ACT_REMOVE;
    read_hash(text_of(event, row->sort == LOADED ? "Hashes" : "Hash"), act);
    if (row->sort != LOADED)
        return;
    /* A load follows from the act that put the file there, and says only that it was before. */
    act->still_ns = act->last_ns;
    act->first_ns = IW_TIME_UNKNOWN;
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool has_analytic(const struct iw_finding *finding, struct iw_str analytic)
{
    for (size_t i = 0; i < finding->analytic.n; i++) {
        if (iw_str_equal(finding->analytic.items[i], analytic))
            return true;
    }
    return false;
}

static bool holds_any(struct iw_str text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (iw_str_holds_nocase(text, iw_str_of(words[i])))
            return true;
    }
    return false;
}

/* What appcmd and the cmdlets of WebAdministration and IISAdministration say. */
static void read_command(const struct iw_json_node *event, struct iw_act *act)
{
    static const char *const GLOBAL[] = {"install module", "globalModules", "WebGlobalModule",
                                         NULL};
    static const char *const ADDS[] = {" install ", " add ", "New-Web", "Add-Web", "/+", NULL};
    static const char *const REMOVES[] = {" uninstall ", " delete ",      "Remove-Web",
                                          "/-",          "Clear-WebConf", NULL};
    struct iw_str command = text_of(event, "CommandLine");
    bool adds = holds_any(command, ADDS), removes = holds_any(command, REMOVES);
    iw_command_component(command, &act->component_name, &act->path);
    if (holds_any(command, GLOBAL))
        act->component_kind = IW_STR("globalModule");
    if (adds != removes) /* both: it is not known which of them is about this one */
        act->action = adds ? IW_ACT_ADD : IW_ACT_REMOVE;
}

static bool is_about_something(const struct iw_act *act)
{
    return act->component_name.n != 0 || act->path.n != 0;
}

enum iw_rc iw_event_act(const struct iw_finding *finding, struct iw_arena *arena,
                        struct iw_act *ret, bool *ret_is_act)
{
    const struct act_row *row = finding->n_evidence != 0 ? row_of(finding->evidence) : NULL;
    const struct iw_json_node *event;
    enum iw_rc rc;
    *ret_is_act = false;
    if (row == NULL || (row->sort == COMMANDED && !has_analytic(finding, IW_STR("AN0184"))))
        return IW_OK;
    rc = iw_json_read(finding->event_json, arena, &event, NULL);
    if (rc != IW_OK) /* an event too large to be looked into: nothing is known of the act */
        return rc == IW_ENOMEM ? rc : IW_OK;
    *ret = (struct iw_act){.host = finding->host,
                           .computer = finding->computer,
                           .first_ns = finding->first_time_ns,
                           .last_ns = finding->last_time_ns};
    if (row->sort != LOADED) /* a load is the worker's, and tells nothing of who put it there */
        IW_TRY(read_actor(event, arena, ret));
    if (row->sort == CONFIGURED)
        read_setting(event, ret);
    else if (row->sort == COMMANDED)
        read_command(event, ret);
    else
        read_file(row, event, ret);
    *ret_is_act = is_about_something(ret);
    return IW_OK;
}
