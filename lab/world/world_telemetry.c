/*
 * What a host logs and what is collected of it, from `telemetry:` and `collect:` of a scenario.
 *
 * What it does: presets, single Sysmon event types in the words of its configuration, audit
 * subcategories, SACLs, request logs. What it ignores: how events are written.
 */
#include "lab/form/lab_form.h"
#include "lab/log/lab_log.h"
#include "lab/world/lab_world.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *type;
    uint8_t ids[4];
} sysmon_types[] = {
    {"ProcessCreate", {1}},
    {"FileCreateTime", {2}},
    {"NetworkConnect", {3}},
    {"ProcessTerminate", {5}},
    {"DriverLoad", {6}},
    {"ImageLoad", {7}},
    {"CreateRemoteThread", {8}},
    {"ProcessAccess", {10}},
    {"FileCreate", {11}},
    {"RegistryEvent", {12, 13, 14}},
    {"FileCreateStreamHash", {15}},
    {"PipeEvent", {17, 18}},
    {"WmiEvent", {19, 20, 21}},
    {"DnsQuery", {22}},
    {"FileDelete", {23}},
    {"ProcessTampering", {25}},
    {"FileDeleteDetected", {26}},
    {"FileExecutableDetected", {29}},
};
#define N_SYSMON_TYPES (sizeof sysmon_types / sizeof sysmon_types[0])

const uint8_t *iw_lab_sysmon_ids(const char *type)
{
    for (size_t i = 0; i < N_SYSMON_TYPES; i++) {
        if (strcmp(sysmon_types[i].type, type) == 0) {
            return sysmon_types[i].ids;
        }
    }
    return NULL;
}

const char *iw_lab_sysmon_type_at(size_t i)
{
    return i < N_SYSMON_TYPES ? sysmon_types[i].type : NULL;
}

/* Has one of the type's events such a field? Events that the catalogue lacks may have any. */
static bool has_field(const uint8_t *ids, const char *name)
{
    for (size_t i = 0; i < 4 && ids[i] != 0; i++) {
        const struct iw_lab_kind *kind = iw_lab_kind_named(IW_LAB_SYSMON, ids[i]);
        const struct iw_lab_kind_field *field = kind == NULL ? NULL : kind->fields;
        if (kind == NULL) {
            return true;
        }
        for (; field->type != IW_LAB_TYPE_NULL; field++) {
            if (field->name != NULL && strcmp(field->name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool read_condition(struct iw_lab_host *host, const uint8_t *ids,
                           const struct iw_lab_yaml_node *node, struct iw_lab_condition *condition)
{
    static const char *const words[] = {" is ", " contains ", " begin with ", " end with ",
                                        " image "};
    for (unsigned i = 0; i < 5; i++) {
        const char *place = strchr(node->text, ' ');
        if (place != NULL && strncmp(place, words[i], strlen(words[i])) == 0) {
            char *field = iw_lab_arena_copy(&host->arena, node->text);
            field[place - node->text] = '\0';
            condition->field = field;
            condition->value = iw_lab_arena_copy(&host->arena, place + strlen(words[i]));
            condition->word = i;
            return (has_field(ids, field) && condition->value[0] != '\0') ||
                   iw_lab_world_fail(host->world, node,
                                     "its events have no such field, or the value is empty: %s",
                                     node->text);
        }
    }
    return iw_lab_world_fail(host->world, node,
                             "no condition: %s (FIELD is|contains|begin with|end with|image VALUE)",
                             node->text);
}

static void set_filter(struct iw_lab_sysmon *sysmon, const uint8_t *ids,
                       const struct iw_lab_filter *filter)
{
    for (size_t i = 0; i < 4 && ids[i] != 0; i++) {
        sysmon->filters[ids[i]] = *filter;
    }
}

/* `ImageLoad: none | all | [conditions]`, `FileCreate exclude: [conditions]` */
static bool read_type(struct iw_lab_host *host, const struct iw_lab_yaml_node *node,
                      struct iw_lab_sysmon *sysmon)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    char type[64];
    snprintf(type, sizeof type, "%.*s", (int)strcspn(node->key, " "), node->key);
    const char *more = node->key + strlen(type);
    const uint8_t *ids = iw_lab_sysmon_ids(type);
    if (ids == NULL || (*more != '\0' && strcmp(more, " exclude") != 0)) {
        return iw_lab_world_fail(host->world, node, "Sysmon has no event type \"%s\"", node->key);
    }
    struct iw_lab_filter filter = {.is_all = false};
    if (*more != '\0' && node->kind != IW_LAB_YAML_LIST) {
        return iw_lab_world_fail(host->world, node, "a list of conditions is expected");
    }
    if (node->kind == IW_LAB_YAML_MAP) {
        return iw_lab_world_fail(host->world, node, "all, none or a list of conditions");
    }
    if (*more != '\0') {
        filter = sysmon->filters[ids[0]];
    } else if (node->kind == IW_LAB_YAML_TEXT) {
        filter.is_all = strcmp(node->text, "all") == 0;
        if (!filter.is_all && strcmp(node->text, "none") != 0) {
            return iw_lab_world_fail(host->world, node, "all, none or a list of conditions");
        }
    }
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, node);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        bool is_exclude = *more != '\0';
        size_t *n = is_exclude ? &filter.n_exclude : &filter.n_include;
        if (*n == IW_LAB_MAX_CONDITIONS) {
            return iw_lab_world_fail(host->world, item, "too many conditions");
        }
        if (!read_condition(host, ids, item,
                            is_exclude ? &filter.exclude[*n] : &filter.include[*n])) {
            return false;
        }
        (*n)++;
    }
    set_filter(sysmon, ids, &filter);
    return true;
}

static void include(struct iw_lab_sysmon *sysmon, uint8_t id, const char *field, unsigned word,
                    const char *value)
{
    struct iw_lab_filter *filter = &sysmon->filters[id];
    struct iw_lab_condition *condition = &filter->include[filter->n_include++];
    condition->field = field;
    condition->word = word;
    condition->value = value;
}

static const char *const web_programs[] = {"w3wp.exe", "httpd.exe", "nginx.exe", "php-cgi.exe",
                                           "java.exe"};

static bool set_preset(struct iw_lab_sysmon *sysmon, const char *preset)
{
    static const uint8_t full[] = {1,  2,  3,  5,  8,  11, 12, 13, 14, 15, 17,
                                   18, 19, 20, 21, 22, 23, 25, 26, 29, 0};
    static const uint8_t common[] = {1, 2, 5, 8, 15, 22, 0};
    static const uint8_t minimal[] = {1, 5, 0};
    static const char *const files[] = {".exe",  ".dll",  ".ps1",  ".bat", ".cmd",   ".vbs",
                                        ".aspx", ".ashx", ".asmx", ".asp", ".config"};
    bool is_common = strcmp(preset, "common") == 0;
    const uint8_t *ids = strcmp(preset, "full") == 0      ? full
                         : is_common                      ? common
                         : strcmp(preset, "minimal") == 0 ? minimal
                                                          : NULL;
    if (ids == NULL) {
        return false;
    }
    for (; *ids != 0; ids++) {
        sysmon->filters[*ids].is_all = true;
    }
    for (size_t i = 0; strcmp(preset, "full") == 0 && i < 5; i++) {
        include(sysmon, 7, "Image", IW_LAB_IMAGE, web_programs[i]);
        include(sysmon, 10, "SourceImage", IW_LAB_IMAGE, web_programs[i]);
    }
    if (is_common) {
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
            include(sysmon, 11, "TargetFilename", IW_LAB_END, files[i]);
        }
        include(sysmon, 3, "Image", IW_LAB_IMAGE, "powershell.exe");
        include(sysmon, 3, "Image", IW_LAB_BEGIN, "C:\\Users\\");
        for (uint8_t id = 12; id < 14; id++) {
            include(sysmon, id, "TargetObject", IW_LAB_CONTAINS, "\\CurrentVersion\\Run");
            include(sysmon, id, "TargetObject", IW_LAB_CONTAINS, "\\WINEVT\\Channels");
            include(sysmon, id, "TargetObject", IW_LAB_END, "\\ServiceDll");
        }
    }
    return true;
}

bool iw_lab_sysmon_read(struct iw_lab_host *host, const struct iw_lab_yaml_node *node,
                        struct iw_lab_sysmon *sysmon)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    if (node != NULL && node->kind == IW_LAB_YAML_TEXT) {
        memset(sysmon, 0, sizeof *sysmon);
        return strcmp(node->text, "none") == 0 ||
               iw_lab_world_fail(host->world, node, "none, or a map");
    }
    const struct iw_lab_yaml_node *preset = iw_lab_yaml_get(yaml, node, "preset");
    if (node != NULL && node->kind == IW_LAB_YAML_LIST) {
        return iw_lab_world_fail(host->world, node, "none, or a map");
    }
    memset(sysmon, 0, sizeof *sysmon);
    sysmon->is_installed = sysmon->is_running = true;
    if (!set_preset(sysmon, preset == NULL ? "full" : preset->text)) {
        return iw_lab_world_fail(host->world, preset, "the preset is full, common or minimal");
    }
    const struct iw_lab_yaml_node *child = iw_lab_yaml_first(yaml, node);
    for (; child != NULL; child = iw_lab_yaml_next(yaml, child)) {
        if (strcmp(child->key, "preset") != 0 && strcmp(child->key, "by") != 0 &&
            !read_type(host, child, sysmon)) {
            return false;
        }
    }
    return true;
}

static bool read_security(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    static const char keys[] = "ProcessCreation CommandLine ProcessTermination Logon FileSystem "
                               "FileShare PolicyChange Registry OtherObjectAccess";
    static const char *const audits[IW_LAB_N_AUDITS] = {
        [IW_LAB_AUDIT_PROCESS_CREATION] = "ProcessCreation",
        [IW_LAB_AUDIT_PROCESS_TERMINATION] = "ProcessTermination",
        [IW_LAB_AUDIT_LOGON] = "Logon",
        [IW_LAB_AUDIT_FILE_SYSTEM] = "FileSystem",
        [IW_LAB_AUDIT_FILE_SHARE] = "FileShare",
        [IW_LAB_AUDIT_POLICY_CHANGE] = "PolicyChange",
        [IW_LAB_AUDIT_REGISTRY] = "Registry",
        [IW_LAB_AUDIT_OTHER_OBJECT] = "OtherObjectAccess",
    };
    struct iw_lab_telemetry *telemetry = &host->telemetry;
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    telemetry->has_security = telemetry->has_command_line = true;
    for (size_t i = 0; i < IW_LAB_N_AUDITS; i++) {
        telemetry->audits[i] = i != IW_LAB_AUDIT_FILE_SHARE && i != IW_LAB_AUDIT_REGISTRY;
    }
    if (node == NULL) {
        return true;
    }
    if (node->kind == IW_LAB_YAML_TEXT) {
        telemetry->has_security = false;
        return strcmp(node->text, "none") == 0 || iw_lab_world_fail(world, node, "none, or a map");
    }
    bool ok =
        iw_lab_yaml_check(yaml, node, keys, world->error) &&
        iw_lab_yaml_flag(yaml, node, "CommandLine", &telemetry->has_command_line, world->error);
    for (size_t i = 0; ok && i < IW_LAB_N_AUDITS; i++) {
        ok = iw_lab_yaml_flag(yaml, node, audits[i], &telemetry->audits[i], world->error);
    }
    world->is_failed = world->is_failed || !ok;
    return ok;
}

static bool read_texts(struct iw_lab_host *host, const struct iw_lab_yaml_node *list,
                       const char **texts, size_t max, size_t *n)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        if (*n == max) {
            return iw_lab_world_fail(host->world, item, "too many");
        }
        texts[(*n)++] = item->text;
    }
    return true;
}

bool iw_lab_host_leaves_out(const struct iw_lab_host *host, const char *what)
{
    const struct iw_lab_collection *collection = &host->collection;
    for (size_t i = 0; i < collection->n_left_out; i++) {
        if (strcasecmp(iw_lab_log_channel(collection->left_out[i]), what) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether settings are brought in that form. */
bool iw_lab_host_brings(const struct iw_lab_host *host, const char *form)
{
    const struct iw_lab_collection *collection = &host->collection;
    for (size_t i = 0; i < collection->n_settings; i++) {
        if (strcmp(collection->settings[i], form) == 0) {
            return true;
        }
    }
    return collection->n_settings == 0 &&
           (strcmp(form, "sysmon") == 0 || strcmp(form, "auditpol") == 0);
}

static bool check_settings(const struct iw_lab_host *host, const struct iw_lab_yaml_node *list)
{
    static const char words[] =
        "sysmon auditpol report backup policy channels sacl registry nothing";
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        if (!iw_lab_yaml_is_word(words, item->text)) {
            return iw_lab_world_fail(host->world, item, "settings have no form \"%s\"", item->text);
        }
    }
    return true;
}

static bool check_left_out(const struct iw_lab_host *host, const struct iw_lab_yaml_node *list)
{
    static const char others[] = "W3C HTTPERR configuration history web_files modules";
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        if (!iw_lab_yaml_is_word(others, item->text) && !iw_lab_log_knows_channel(item->text)) {
            return iw_lab_world_fail(host->world, item, "there is no channel or source \"%s\"",
                                     item->text);
        }
    }
    return true;
}

static bool check_folders(const struct iw_lab_host *host, const struct iw_lab_yaml_node *list)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        if (!iw_lab_is_path(item->text)) {
            return iw_lab_world_fail(host->world, item, "no folder: %s", item->text);
        }
    }
    return true;
}

static bool read_w3c(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    const struct iw_lab_yaml *yaml = &host->world->scenario->yaml;
    host->telemetry.w3c_fields = iw_lab_weblog_default_fields;
    if (node == NULL || strcmp(node->text, "true") == 0) {
        return true;
    }
    if (node->kind == IW_LAB_YAML_MAP) {
        return iw_lab_world_fail(host->world, node, "true, false or a list of fields");
    }
    if (node->kind == IW_LAB_YAML_TEXT) {
        host->telemetry.w3c_fields = NULL;
        return strcmp(node->text, "false") == 0 ||
               iw_lab_world_fail(host->world, node, "true, false or a list of fields");
    }
    char *fields = iw_lab_arena_copy(&host->arena, "");
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, node);
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        fields = iw_lab_arena_print(&host->arena, "%s%s%s", fields, *fields == '\0' ? "" : " ",
                                    item->text);
    }
    struct iw_lab_error reason;
    host->telemetry.w3c_fields = fields;
    return iw_lab_weblog_knows_fields(fields, &reason) ||
           iw_lab_world_fail(host->world, node, "%s", reason.text);
}

/* What --without and --only-4688 take away is not logged at all. */
static void take_away(struct iw_lab_host *host)
{
    struct iw_lab_telemetry *telemetry = &host->telemetry;
    struct iw_lab_world *world = host->world;
    char source[32];
    bool is_only = world->options.is_only_4688;
    if (iw_lab_world_is_without(world, "sysmon") || is_only) {
        memset(&telemetry->sysmon, 0, sizeof telemetry->sysmon);
    }
    for (unsigned id = 1; id < IW_LAB_MAX_SYSMON_ID; id++) {
        snprintf(source, sizeof source, "sysmon:%u", id);
        if (iw_lab_world_is_without(world, source)) {
            memset(&telemetry->sysmon.filters[id], 0, sizeof telemetry->sysmon.filters[id]);
        }
    }
    if (iw_lab_world_is_without(world, "security")) {
        telemetry->has_security = false;
    }
    if (iw_lab_world_is_without(world, "iis_configuration") || is_only) {
        telemetry->has_iis_configuration = false;
    }
    if (iw_lab_world_is_without(world, "powershell") || is_only) {
        telemetry->has_script_blocks = false;
    }
    if (iw_lab_world_is_without(world, "history")) {
        telemetry->has_history = false;
    }
    for (size_t i = 0; is_only && i < IW_LAB_N_AUDITS; i++) {
        telemetry->audits[i] = telemetry->audits[i] && i == IW_LAB_AUDIT_PROCESS_CREATION;
    }
}

/* "+03:00", "-05:30" in minutes; at most a day. */
static bool read_offset(const char *text, int64_t *minutes)
{
    static const char form[] = "sdd:dd";
    for (size_t i = 0; i < sizeof form - 1; i++) {
        bool ok = form[i] == 's'   ? text[i] == '+' || text[i] == '-'
                  : form[i] == 'd' ? text[i] >= '0' && text[i] <= '9'
                                   : text[i] == ':';
        if (!ok) {
            return false;
        }
    }
    *minutes = ((text[1] - '0') * 10 + text[2] - '0') * 60 + (text[4] - '0') * 10 + text[5] - '0';
    *minutes *= text[0] == '-' ? -1 : 1;
    return text[6] == '\0' && text[4] < '6' && *minutes >= -1440 && *minutes <= 1440;
}

static bool read_collection(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    struct iw_lab_collection *collection = &host->collection;
    collection->form = "evtx";
    if (node == NULL) {
        return true;
    }
    if (!iw_lab_yaml_check(yaml, node,
                           "as also header_clock leave_out:texts registry settings:texts",
                           world->error)) {
        return !(world->is_failed = true);
    }
    if (!iw_lab_yaml_flag(yaml, node, "registry", &collection->has_registry, world->error)) {
        return !(world->is_failed = true);
    }
    collection->form = iw_lab_yaml_text(yaml, node, "as", "evtx");
    collection->also = iw_lab_yaml_text(yaml, node, "also", NULL);
    const char *clock = iw_lab_yaml_text(yaml, node, "header_clock", NULL);
    if (iw_lab_form_find(collection->form) == NULL ||
        (collection->also != NULL && iw_lab_form_find(collection->also) == NULL)) {
        return iw_lab_world_fail(world, node, "there is no such form of collection");
    }
    if (clock != NULL) {
        int64_t minutes = 0;
        if (!read_offset(clock, &minutes)) {
            return iw_lab_world_fail(world, node, "header_clock is an offset, as +03:00");
        }
        collection->header_clock = minutes * 60 * (int64_t)IW_LAB_SECOND;
    }
    return check_settings(host, iw_lab_yaml_get(yaml, node, "settings")) &&
           read_texts(host, iw_lab_yaml_get(yaml, node, "settings"), collection->settings,
                      sizeof collection->settings / sizeof collection->settings[0],
                      &collection->n_settings) &&
           check_left_out(host, iw_lab_yaml_get(yaml, node, "leave_out")) &&
           read_texts(host, iw_lab_yaml_get(yaml, node, "leave_out"), collection->left_out,
                      IW_LAB_MAX_CONDITIONS, &collection->n_left_out);
}

bool iw_lab_host_read_telemetry(struct iw_lab_host *host, const struct iw_lab_yaml_node *node)
{
    struct iw_lab_world *world = host->world;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *settings = iw_lab_yaml_get(yaml, node, "telemetry");
    struct iw_lab_telemetry *telemetry = &host->telemetry;
    telemetry->has_iis_configuration = telemetry->has_script_blocks = telemetry->has_history = true;
    if (settings != NULL &&
        (!iw_lab_yaml_check(yaml, settings,
                            "sysmon:any security:any sacl:texts iis_configuration script_blocks "
                            "w3c:any history",
                            world->error) ||
         !iw_lab_yaml_flag(yaml, settings, "iis_configuration", &telemetry->has_iis_configuration,
                           world->error) ||
         !iw_lab_yaml_flag(yaml, settings, "script_blocks", &telemetry->has_script_blocks,
                           world->error) ||
         !iw_lab_yaml_flag(yaml, settings, "history", &telemetry->has_history, world->error))) {
        return !(world->is_failed = true);
    }
    bool ok =
        iw_lab_sysmon_read(host, iw_lab_yaml_get(yaml, settings, "sysmon"), &telemetry->sysmon) &&
        read_security(host, iw_lab_yaml_get(yaml, settings, "security")) &&
        check_folders(host, iw_lab_yaml_get(yaml, settings, "sacl")) &&
        read_texts(host, iw_lab_yaml_get(yaml, settings, "sacl"), telemetry->sacl,
                   IW_LAB_MAX_CONDITIONS, &telemetry->n_sacl) &&
        read_w3c(host, iw_lab_yaml_get(yaml, settings, "w3c")) &&
        read_collection(host, iw_lab_yaml_get(yaml, node, "collect"));
    take_away(host);
    host->sysmon_at_start = telemetry->sysmon;
    return ok;
}
