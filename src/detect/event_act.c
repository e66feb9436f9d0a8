#include "detect/event_act.h"

#include "base/arena_text.h"
#include "base/hex.h"
#include "base/json_read.h"
#include "context/worker_process.h"
#include "detect/act_parts.h"
#include "detect/appcmd_command.h"
#include "detect/powershell_command.h"
#include "event/event.h"
#include "event/channel.h"

enum act_sort { CONFIGURED = 0, WROTE, DELETED, LOADED, COMMANDED, SCRIPTED };

static const struct act_row {
    const char *channel; /* NULL: Sysmon, whatever it is called */
    uint32_t event_id;
    enum act_sort sort;
    const char *path; /* field that holds the file */
} ROWS[] = {
    {IW_CHANNEL_IIS_CONFIGURATION, 29, CONFIGURED, NULL},
    {NULL, 1, COMMANDED, NULL},
    {"Security", 4688, COMMANDED, NULL},
    {"Microsoft-Windows-PowerShell/Operational", 4104, SCRIPTED, NULL},
    {"PowerShellCore/Operational", 4104, SCRIPTED, NULL},
    {NULL, 7, LOADED, "ImageLoaded"},
    {NULL, 11, WROTE, "TargetFilename"},
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

/* `/section/add[@name="X"]` or `…/@attribute`; *name* the only text in quotes. */
struct setting {
    struct iw_str name, attribute;
    bool is_entry; /* ends with `]`: the entry as a whole */
};

/* False: its names are not to be told apart, as one of them holds a quote or there are several. */
static bool read_parts(struct iw_str text, struct setting *ret)
{
    size_t begin = 0, end = text.n;
    *ret = (struct setting){.name = IW_STR(""), .attribute = IW_STR("")};
    while (begin < text.n && text.p[begin] != '"' && text.p[begin] != '\'')
        begin++;
    if (begin == text.n)
        return true;
    while (end > begin + 1 && text.p[end - 1] != text.p[begin])
        end--;
    if (end <= begin + 1 || end == text.n || text.p[end] != ']')
        return false;
    ret->name = (struct iw_str){text.p + begin + 1, end - begin - 2};
    for (size_t i = 0; i < ret->name.n; i++) {
        if (ret->name.p[i] == '"' || ret->name.p[i] == '\'')
            return false;
    }
    ret->is_entry = end + 1 == text.n;
    if (!ret->is_entry && end + 3 < text.n && text.p[end + 1] == '/' && text.p[end + 2] == '@')
        ret->attribute = (struct iw_str){text.p + end + 3, text.n - end - 3};
    return ret->is_entry || ret->attribute.n != 0;
}

static struct iw_str kind_of(struct iw_str setting, struct iw_str attribute)
{
    if (iw_str_holds_nocase(setting, IW_STR("/globalModules/")))
        return IW_STR("globalModule");
    if (iw_str_holds_nocase(setting, IW_STR("/handlers/")))
        return IW_STR("handler");
    if (iw_str_holds_nocase(setting, IW_STR("/isapiFilters/")))
        return IW_STR("isapiFilter");
    if (iw_str_holds_nocase(setting, IW_STR("/modules/")) &&
        iw_str_equal_nocase(attribute, IW_STR("type")))
        return IW_STR("managedModule");
    return IW_STR("");
}

static bool is_path_attribute(struct iw_str attribute)
{
    static const char *const PATHS[] = {"image", "path", "scriptProcessor", "fullPath", "dll"};
    for (size_t i = 0; i < sizeof PATHS / sizeof PATHS[0]; i++) {
        if (iw_str_equal_nocase(attribute, iw_str_of(PATHS[i])))
            return true;
    }
    return false;
}

/* Sets nothing where it is not certain which component is meant. */
static void read_setting(const struct iw_json_node *event, struct iw_act *act)
{
    struct iw_str text = text_of(event, "Configuration");
    struct iw_str was = text_of(event, "OldValue"), now = text_of(event, "NewValue");
    struct setting setting;
    if (!read_parts(text, &setting))
        return;
    /* The value of an entry that is added is its name. */
    if (setting.is_entry && now.n != 0 && !iw_str_equal(setting.name, now))
        return;
    act->component_name = setting.name;
    act->component_kind = kind_of(text, setting.attribute);
    if (is_path_attribute(setting.attribute))
        act->path = now;
    act->action = iw_act_action_of_values(was, now);
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
    if (row->sort == DELETED) /* what lay there before is no content of the act */
        act->action = IW_ACT_REMOVE;
    else
        read_hash(text_of(event, "Hashes"), act);
    if (row->sort != LOADED)
        return;
    /* A load follows from the act that put the file there, and says only that it was before. */
    act->still_ns = act->last_ns;
    act->first_ns = IW_TIME_UNKNOWN;
}

/* --- the whole ------------------------------------------------------------------------------- */

static enum iw_rc read_command(const struct iw_json_node *event, struct iw_arena *arena,
                               struct iw_act *act)
{
    struct iw_appcmd_command command;
    bool is_command;
    IW_TRY(iw_appcmd_command_read(text_of(event, "CommandLine"), arena, &command, &is_command));
    if (!is_command)
        return IW_OK;
    act->component_kind = command.kind;
    act->component_name = command.name;
    act->path = command.image;
    act->action = command.action;
    return IW_OK;
}

/* A block of several parts is none that is understood. */
static void read_script(const struct iw_json_node *event, struct iw_act *act)
{
    struct iw_powershell_command command;
    if (!iw_str_equal(text_of(event, "MessageTotal"), IW_STR("1")) ||
        !iw_powershell_command_read(text_of(event, "ScriptBlockText"), &command))
        return;
    act->component_kind = IW_STR("globalModule");
    act->component_name = command.name;
    act->path = command.image;
    act->action = IW_ACT_ADD;
}

/* The worker writes what requests tell it to. */
static bool is_by_worker(const struct act_row *row, const struct iw_json_node *event)
{
    struct iw_str image = text_of(event, "Image");
    if (image.n == 0)
        image = text_of(event, "ProcessName");
    return row->sort != LOADED && iw_is_worker_image(image);
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
    if (row == NULL || ((row->sort == COMMANDED || row->sort == SCRIPTED) &&
                        !iw_finding_has_analytic(finding, IW_STR("AN0184"))))
        return IW_OK;
    rc = iw_json_read(finding->event_json, arena, &event, NULL);
    if (rc != IW_OK) /* an event too large to be looked into: nothing is known of the act */
        return rc == IW_ENOMEM ? rc : IW_OK;
    if (is_by_worker(row, event))
        return IW_OK;
    *ret = (struct iw_act){.host = finding->host,
                           .computer = finding->computer,
                           .first_ns = finding->first_time_ns,
                           .last_ns = finding->last_time_ns};
    if (row->sort != LOADED) /* a load is the worker's, and tells nothing of who put it there */
        IW_TRY(read_actor(event, arena, ret));
    if (row->sort == CONFIGURED)
        read_setting(event, ret);
    else if (row->sort == COMMANDED)
        IW_TRY(read_command(event, arena, ret));
    else if (row->sort == SCRIPTED)
        read_script(event, ret);
    else
        read_file(row, event, ret);
    *ret_is_act = is_about_something(ret);
    return IW_OK;
}
