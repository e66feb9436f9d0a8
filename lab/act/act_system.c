/*
 * Verbs of the system: services, tasks, logs and their settings, single events (see
 * lab/scenarios/README.md).
 */
#include "lab/act/lab_act.h"
#include "lab/evtx/lab_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS 64U
#define MAX_SKEW (INT64_C(3660) * 86400 * (int64_t)IW_LAB_SECOND)

static bool is_start_type(const char *text)
{
    static const char *const types[] = {"auto start", "demand start", "disabled", "boot start",
                                        "system start"};
    size_t i = 0;
    while (i < sizeof types / sizeof types[0] && strcmp(types[i], text) != 0) {
        i++;
    }
    return i < sizeof types / sizeof types[0];
}

static bool play_service(struct iw_lab_play *play)
{
    const char *name = iw_lab_play_text(play, "name", "");
    const char *state = iw_lab_play_text(play, "state", NULL);
    const char *start = iw_lab_play_text(play, "start", NULL);
    if (state == NULL && start == NULL) {
        return iw_lab_play_fail(play, "a service gets a state or a start");
    }
    if (start != NULL && !is_start_type(start)) {
        return iw_lab_play_fail(play, "no start of a service: %s", start);
    }
    if (state != NULL && iw_lab_play_word(play, "state", NULL, "running stopped") == NULL) {
        return false;
    }
    if (start != NULL) {
        iw_lab_log_service_start(play->host, name,
                                 strcmp(start, "auto start") == 0 ? "demand start" : "auto start",
                                 start);
    }
    if (state != NULL) {
        iw_lab_log_service_state(play->host, name, state);
    }
    return true;
}

static bool play_install_service(struct iw_lab_play *play)
{
    const struct iw_lab_session *session = iw_lab_play_session(play, "session");
    if (session == NULL) {
        return false;
    }
    iw_lab_log_service_installed(play->host, session, iw_lab_play_text(play, "name", ""),
                                 iw_lab_play_text(play, "image", ""),
                                 iw_lab_play_text(play, "account", "LocalSystem"));
    return true;
}

/* The first word of a command line, quotes taken off; known names get their folder. */
static const char *image_of(struct iw_lab_host *host, const char *command)
{
    size_t length = *command == '"' ? strcspn(command + 1, "\"") : strcspn(command, " ");
    const char *word = iw_lab_arena_print(&host->arena, "%.*s", (int)length,
                                          *command == '"' ? command + 1 : command);
    if (strchr(word, '\\') != NULL) {
        return word;
    }
    bool is_named = strlen(word) > 4 && strcasecmp(word + strlen(word) - 4, ".exe") == 0;
    return iw_lab_arena_print(&host->arena, "C:\\Windows\\System32\\%s%s%s",
                              strncasecmp(word, "powershell", 10) == 0 ? "WindowsPowerShell\\v1.0\\"
                                                                       : "",
                              word, is_named ? "" : ".exe");
}

static bool play_task(struct iw_lab_play *play)
{
    struct iw_lab_session *session = iw_lab_play_session(play, "session");
    const char *command = iw_lab_play_text(play, "command", "");
    const char *key = NULL;
    bool is_run = true;
    if (session == NULL || !iw_lab_play_flag(play, "run", &is_run) ||
        !iw_lab_play_new_key(play, &key)) {
        return false;
    }
    if (*command == '\0' || (key != NULL && !is_run)) {
        return iw_lab_play_fail(play, "a task has a command; only one that runs has a key");
    }
    iw_lab_log_task(play->host, session, iw_lab_play_text(play, "name", ""), command);
    if (!is_run) {
        return true;
    }
    struct iw_lab_program_facts facts = {.image = image_of(play->host, command),
                                         .command = command};
    iw_lab_host_pass(play->host, 900);
    const struct iw_lab_process *process = iw_lab_deed_start(
        play->host, key, &facts, session, iw_lab_host_process(play->host, "netsvcs"),
        key == NULL ? 3 * IW_LAB_SECOND : 0);
    iw_lab_log_task_run(play->host, process, iw_lab_play_text(play, "name", ""));
    return true;
}

/* The channel's whole name; NULL: noted. */
static const char *read_channel(const struct iw_lab_play *play)
{
    const char *name = iw_lab_play_text(play, "channel", "");
    if (!iw_lab_log_knows_channel(name)) {
        iw_lab_play_fail(play, "there is no channel \"%s\"", name);
        return NULL;
    }
    return iw_lab_log_channel(name);
}

static bool play_clear_log(struct iw_lab_play *play)
{
    const struct iw_lab_session *session = iw_lab_play_session(play, "session");
    const char *channel = read_channel(play);
    if (session == NULL || channel == NULL) {
        return false;
    }
    iw_lab_log_clear(play->host, channel);
    iw_lab_log_cleared(play->host, session, channel);
    return true;
}

/* ---- what is logged from now on */

static bool play_audit_policy(struct iw_lab_play *play)
{
    static const struct {
        const char *name;
        enum iw_lab_audit audit;
    } rows[] = {
        {"Process Creation", IW_LAB_AUDIT_PROCESS_CREATION},
        {"Process Termination", IW_LAB_AUDIT_PROCESS_TERMINATION},
        {"Logon", IW_LAB_AUDIT_LOGON},
        {"File System", IW_LAB_AUDIT_FILE_SYSTEM},
        {"Detailed File Share", IW_LAB_AUDIT_FILE_SHARE},
        {"Audit Policy Change", IW_LAB_AUDIT_POLICY_CHANGE},
        {"Registry", IW_LAB_AUDIT_REGISTRY},
        {"Other Object Access Events", IW_LAB_AUDIT_OTHER_OBJECT},
    };
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *name = iw_lab_play_text(play, "subcategory", "");
    bool is_enabled = false;
    if (process == NULL || !iw_lab_play_flag(play, "enabled", &is_enabled)) {
        return false;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            iw_lab_log_audit_policy(play->host, process->session, rows[i].audit, is_enabled);
            play->host->telemetry.audits[rows[i].audit] = is_enabled;
            return true;
        }
    }
    return iw_lab_play_fail(play, "no audit subcategory \"%s\"", name);
}

static bool play_log_channel(struct iw_lab_play *play)
{
    struct iw_lab_telemetry *telemetry = &play->host->telemetry;
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    const char *channel = read_channel(play);
    bool is_enabled = false;
    size_t i = 0;
    if (process == NULL || channel == NULL || !iw_lab_play_flag(play, "enabled", &is_enabled)) {
        return false;
    }
    const char *key = iw_lab_arena_print(
        &play->host->arena,
        "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WINEVT\\Channels\\%s\\Enabled",
        channel);
    iw_lab_log_registry(play->host, process, "set", key,
                        is_enabled ? "DWORD (0x00000001)" : "DWORD (0x00000000)");
    while (i < telemetry->n_off_channels && strcmp(telemetry->off_channels[i], channel) != 0) {
        i++;
    }
    if (is_enabled && i < telemetry->n_off_channels) {
        telemetry->off_channels[i] = telemetry->off_channels[--telemetry->n_off_channels];
    } else if (!is_enabled && i == telemetry->n_off_channels) {
        if (i == sizeof telemetry->off_channels / sizeof telemetry->off_channels[0]) {
            return iw_lab_play_fail(play, "too many channels are off");
        }
        telemetry->off_channels[telemetry->n_off_channels++] = channel;
    }
    if (is_enabled && strcmp(channel, IW_LAB_IIS_CONFIGURATION) == 0) {
        telemetry->has_iis_configuration = true;
    }
    return true;
}

static bool play_sysmon_state(struct iw_lab_play *play)
{
    const char *state = iw_lab_play_text(play, "state", "");
    bool is_started = strcmp(state, "Started") == 0;
    if (!is_started && strcmp(state, "Stopped") != 0) {
        return iw_lab_play_fail(play, "the state is Started or Stopped");
    }
    if (!play->host->telemetry.sysmon.is_installed) {
        return play->host->world->options.n_without > 0 ||
               play->host->world->options.is_only_4688 ||
               iw_lab_play_fail(play, "%s has no Sysmon", play->host->name);
    }
    iw_lab_log_service_state(play->host, "Sysmon64", is_started ? "running" : "stopped");
    iw_lab_log_sysmon_state(play->host, state);
    play->host->telemetry.sysmon.is_running = is_started;
    return true;
}

static bool play_sysmon_config(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    struct iw_lab_sysmon *sysmon = &play->host->telemetry.sysmon;
    bool was_installed = sysmon->is_installed, was_running = sysmon->is_running;
    struct iw_lab_sysmon next;
    if (process == NULL || !iw_lab_sysmon_read(play->host, play->act->details, &next)) {
        return false;
    }
    if (was_installed) {
        *sysmon = next;
        sysmon->is_running = was_running;
        iw_lab_log_sysmon_config(
            play->host,
            iw_lab_arena_print(&play->host->arena, "SHA256=%064llX",
                               (unsigned long long)iw_lab_random_next(&play->host->random)));
    }
    return true;
}

static bool play_set_clock(struct iw_lab_play *play)
{
    const struct iw_lab_process *process = iw_lab_play_process(play, "by");
    int64_t step = 0;
    if (process == NULL || !iw_lab_play_shift(play, "step", &step)) {
        return false;
    }
    if (step == 0 || llabs(play->host->skew + step) > MAX_SKEW) {
        return iw_lab_play_fail(play, "the clock is set by something, and within ten years");
    }
    play->host->skew += step;
    iw_lab_log_clock(play->host, process, step);
    return true;
}

static bool play_malware(struct iw_lab_play *play)
{
    const char *path = iw_lab_play_path(play, "file");
    const char *action = iw_lab_play_word(play, "action", "quarantine", "quarantine allow");
    if (path == NULL || action == NULL) {
        return false;
    }
    struct iw_lab_file *file = iw_lab_host_file(play->host, path);
    if (file == NULL) {
        return iw_lab_play_fail(play, "there is no file %s", path);
    }
    iw_lab_log_malware(play->host, path, iw_lab_play_text(play, "threat", ""), action);
    file->is_deleted = strcmp(action, "quarantine") == 0;
    return true;
}

static bool play_cmdlet(struct iw_lab_play *play)
{
    bool is_failed = false;
    if (!iw_lab_play_flag(play, "failed", &is_failed)) {
        return false;
    }
    if (strcmp(play->host->role, "exchange") != 0) {
        return iw_lab_play_fail(play, "%s has no Exchange", play->host->name);
    }
    iw_lab_log_cmdlet(play->host, iw_lab_play_text(play, "cmdlet", ""),
                      iw_lab_play_text(play, "parameters", ""), iw_lab_play_text(play, "user", ""),
                      is_failed);
    return true;
}

/* ---- any other event */

struct event_numbers {
    uint64_t id, level, version;
};

/* A kind of its own: text fields under the given names. */
static const struct iw_lab_kind *make_kind(const struct iw_lab_play *play,
                                           const struct iw_lab_yaml_node *data, const char *channel,
                                           const struct event_numbers *numbers)
{
    struct iw_lab_arena *arena = &play->host->arena;
    struct iw_lab_kind *kind = iw_lab_arena_take(arena, 1, sizeof *kind);
    struct iw_lab_kind_field *fields =
        iw_lab_arena_take(arena, IW_LAB_KIND_MAX_FIELDS + 1, sizeof *fields);
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(play->yaml, data);
    bool is_list = data != NULL && data->kind == IW_LAB_YAML_LIST;
    size_t n = 0;
    if (is_list) {
        fields[n++].type = IW_LAB_TYPE_STRING | IW_LAB_TYPE_ARRAY;
    }
    for (; !is_list && child != NULL && n < IW_LAB_KIND_MAX_FIELDS;
         child = iw_lab_yaml_next(play->yaml, child)) {
        fields[n].name = child->key;
        fields[n++].type = IW_LAB_TYPE_STRING;
    }
    kind->channel = IW_LAB_CHANNEL_OTHER;
    kind->other_channel = channel;
    kind->event_id = (uint16_t)numbers->id;
    kind->level = (uint8_t)numbers->level;
    kind->version = (uint8_t)numbers->version;
    kind->keywords = 0x8000000000000000ULL;
    kind->qualifiers = -1;
    kind->provider = iw_lab_play_text(play, "provider", "");
    kind->provider_guid = iw_lab_play_text(play, "guid", NULL);
    kind->fields = fields;
    return kind;
}

static bool set_data(const struct iw_lab_play *play, const struct iw_lab_yaml_node *data,
                     struct iw_lab_record *record)
{
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(play->yaml, data);
    for (; child != NULL; child = iw_lab_yaml_next(play->yaml, child)) {
        if (!iw_lab_record_try_set(record, child->key, child->text)) {
            return iw_lab_world_fail(play->host->world, child,
                                     "the event has no field \"%s\", or not with this value",
                                     child->key);
        }
    }
    return true;
}

/* The numbers of an event, and whether data and guid can be written. */
static bool read_event(const struct iw_lab_play *play, const struct iw_lab_yaml_node *data,
                       struct event_numbers *numbers)
{
    const char *guid = iw_lab_play_text(play, "guid", NULL);
    uint8_t bytes[16];
    uint64_t pid = 0;
    if (!iw_lab_play_number(play, "id", 65535, &numbers->id) ||
        !iw_lab_play_number(play, "level", 5, &numbers->level) ||
        !iw_lab_play_number(play, "version", 255, &numbers->version) ||
        !iw_lab_play_number(play, "pid", UINT32_MAX, &pid)) {
        return false;
    }
    if (guid != NULL && !iw_lab_text_parse_guid(guid, bytes)) {
        return iw_lab_play_fail(play, "no guid: %s", guid);
    }
    if (iw_lab_play_text(play, "provider", "")[0] == '\0') {
        return iw_lab_play_fail(play, "an event has a provider");
    }
    if (data == NULL) {
        return true;
    }
    size_t max = data->kind == IW_LAB_YAML_LIST ? MAX_ITEMS : IW_LAB_KIND_MAX_FIELDS;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(play->yaml, data);
    while (item != NULL && item->kind == IW_LAB_YAML_TEXT) {
        item = iw_lab_yaml_next(play->yaml, item);
    }
    return (data->kind != IW_LAB_YAML_TEXT && data->n_children <= max && item == NULL) ||
           iw_lab_world_fail(play->host->world, data, "data is a map or list of at most %zu texts",
                             max);
}

static bool play_event(struct iw_lab_play *play)
{
    const char *channel = read_channel(play);
    const struct iw_lab_yaml_node *data = iw_lab_yaml_get(play->yaml, play->act->details, "data");
    const char *session = iw_lab_play_text(play, "session", NULL);
    const struct iw_lab_session *user =
        session == NULL ? NULL : iw_lab_play_session(play, "session");
    struct event_numbers numbers = {.level = 4};
    struct iw_lab_value items[MAX_ITEMS];
    if (channel == NULL || (session != NULL && user == NULL) || !read_event(play, data, &numbers)) {
        return false;
    }
    const struct iw_lab_kind *kind = iw_lab_kind_named(channel, (uint16_t)numbers.id);
    if (kind == NULL || strcmp(kind->provider, iw_lab_play_text(play, "provider", "")) != 0) {
        kind = make_kind(play, data, channel, &numbers);
    }
    struct iw_lab_record *record = iw_lab_log_begin_kind(
        play->host, kind, iw_lab_play_text(play, "pid", "0"), user == NULL ? NULL : user->sid);
    if (record == NULL) {
        return true;
    }
    if (data != NULL && data->kind == IW_LAB_YAML_LIST) {
        const struct iw_lab_yaml_node *child = iw_lab_yaml_first(play->yaml, data);
        uint32_t n = 0;
        for (; child != NULL; child = iw_lab_yaml_next(play->yaml, child)) {
            items[n++] = iw_lab_value_text(child->text);
        }
        iw_lab_record_set_items(record, items, n);
    } else if (!set_data(play, data, record)) {
        return false;
    }
    iw_lab_log_end(play->host, record);
    return true;
}

const struct iw_lab_verb iw_lab_verbs_system[] = {
    {"service", "name* state start", play_service},
    {"install-service", "name* image* session* account", play_install_service},
    {"task", "name* command* session* run as", play_task},
    {"clear-log", "channel* session*", play_clear_log},
    {"audit-policy", "by* subcategory* enabled*", play_audit_policy},
    {"log-channel", "by* channel* enabled*", play_log_channel},
    {"sysmon-state", "state*", play_sysmon_state},
    {"sysmon-config", "by* preset …", play_sysmon_config},
    {"set-clock", "by* step*", play_set_clock},
    {"malware-found", "file* threat* action", play_malware},
    {"exchange-cmdlet", "cmdlet* parameters* user* failed", play_cmdlet},
    {"event", "channel* provider* id* data:any level version pid session guid", play_event},
    {NULL, NULL, NULL}};
