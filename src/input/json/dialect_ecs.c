/*
 * The Elastic Common Schema back to the names of Sysmon and Windows: Elasticsearch's pipelines move
 * Image, CommandLine, Hashes, … out of `winlog.event_data`, so that whoever reads only that is
 * blind.
 *
 * A name is added only where the record has no such field of its own. Reference: elastic/beats,
 * x-pack/winlogbeat/module/{sysmon,security}/ingest and their golden files.
 */
#include "input/json/json_dialect.h"

#define ANY_ID 0U

struct ecs_row {
    uint8_t ids[8]; /* event ids of Sysmon; ANY_ID: all but those whose process is a source */
    const char *path;
    const char *name;
};

/* Sysmon. */
static const struct ecs_row ROWS[] = {
    {{8, 10}, "process.executable", "SourceImage"},
    {{8, 10}, "process.pid", "SourceProcessId"},
    {{8}, "process.entity_id", "SourceProcessGuid"},
    {{10}, "process.entity_id", "SourceProcessGUID"},
    {{10}, "process.thread.id", "SourceThreadId"},
    {{ANY_ID}, "process.executable", "Image"},
    {{ANY_ID}, "process.command_line", "CommandLine"},
    {{ANY_ID}, "process.pid", "ProcessId"},
    {{ANY_ID}, "process.entity_id", "ProcessGuid"},
    {{ANY_ID}, "process.working_directory", "CurrentDirectory"},
    {{ANY_ID}, "process.parent.executable", "ParentImage"},
    {{ANY_ID}, "process.parent.command_line", "ParentCommandLine"},
    {{ANY_ID}, "process.parent.pid", "ParentProcessId"},
    {{ANY_ID}, "process.parent.entity_id", "ParentProcessGuid"},
    {{1}, "process.pe.original_file_name", "OriginalFileName"},
    {{1}, "process.pe.company", "Company"},
    {{1}, "process.pe.description", "Description"},
    {{1}, "process.pe.file_version", "FileVersion"},
    {{1}, "process.pe.product", "Product"},
    {{6, 7}, "dll.path", "ImageLoaded"},
    {{6, 7}, "file.path", "ImageLoaded"},
    {{6, 7}, "file.pe.original_file_name", "OriginalFileName"},
    {{6, 7}, "file.code_signature.subject_name", "Signature"},
    {{6, 7}, "dll.code_signature.subject_name", "Signature"},
    {{6, 7}, "file.code_signature.status", "SignatureStatus"},
    {{6, 7}, "dll.code_signature.status", "SignatureStatus"},
    {{6, 7}, "file.code_signature.signed", "Signed"},
    {{6, 7}, "dll.code_signature.signed", "Signed"},
    {{2, 11, 15, 23, 26, 27, 28, 29}, "file.path", "TargetFilename"},
    {{12, 13, 14}, "registry.path", "TargetObject"},
    {{13}, "registry.data.strings", "Details"},
    {{3}, "source.ip", "SourceIp"},
    {{3}, "source.port", "SourcePort"},
    {{3}, "source.domain", "SourceHostname"},
    {{3}, "destination.ip", "DestinationIp"},
    {{3}, "destination.port", "DestinationPort"},
    {{3}, "destination.domain", "DestinationHostname"},
    {{3}, "network.transport", "Protocol"},
    {{17, 18}, "file.name", "PipeName"},
    {{22}, "dns.question.name", "QueryName"},
};

/* Security 4688. */
static const struct ecs_row PROCESS_4688[] = {
    {{ANY_ID}, "process.executable", "NewProcessName"},
    {{ANY_ID}, "process.command_line", "CommandLine"},
    {{ANY_ID}, "process.pid", "NewProcessId"},
    {{ANY_ID}, "process.parent.executable", "ParentProcessName"},
    {{ANY_ID}, "process.parent.pid", "ProcessId"},
    {{ANY_ID}, "user.name", "SubjectUserName"},
    {{ANY_ID}, "user.domain", "SubjectDomainName"},
};

static bool has_field(const struct json_reading *reading, struct iw_str name)
{
    const struct iw_event *event = reading->builder->event;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        if (event->fields[i].place != IW_PLACE_RENDERING &&
            iw_str_equal_nocase(event->fields[i].name->text, name))
            return true;
    }
    return false;
}

static bool row_has_id(const struct ecs_row *row, uint32_t event_id)
{
    if (row->ids[0] == ANY_ID)
        return event_id != 8 && event_id != 10;
    for (size_t i = 0; i < sizeof row->ids && row->ids[i] != 0; i++) {
        if (row->ids[i] == event_id)
            return true;
    }
    return false;
}

static enum iw_rc add_row(struct json_reading *reading, const struct ecs_row *row)
{
    uint32_t node = json_find(reading->doc, reading->survey.root, row->path);
    struct iw_str name = iw_str_of(row->name);
    if (node == JSON_NO_NODE || has_field(reading, name))
        return IW_OK;
    return json_add(reading, IW_PLACE_EVENT_DATA, name, node);
}

/* --- values of several parts
 * ------------------------------------------------------------------------------------
 */

static uint32_t find_in(const struct json_reading *reading, const char *object, const char *path)
{
    uint32_t base = json_find(reading->doc, reading->survey.root, object);
    return base != JSON_NO_NODE ? json_find(reading->doc, base, path) : JSON_NO_NODE;
}

/* `MD5=…,SHA256=…,IMPHASH=…` in upper case, as Sysmon writes it. */
static enum iw_rc add_hashes(struct json_reading *reading, const char *object)
{
    static const char *const PARTS[][2] = {{"hash.sha1", "SHA1="},
                                           {"hash.md5", "MD5="},
                                           {"hash.sha256", "SHA256="},
                                           {"pe.imphash", "IMPHASH="}};
    struct iw_str all = {"", 0};
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0]; i++) {
        uint32_t node = find_in(reading, object, PARTS[i][0]);
        struct iw_str text, part;
        if (node == JSON_NO_NODE || reading->doc->nodes[node].type != JSON_STRING)
            continue;
        text = json_reading_text(reading, node);
        part =
            text.p != NULL ? json_join(reading->arena, iw_str_of(PARTS[i][1]), '\0', text) : text;
        if (part.p == NULL)
            return IW_ENOMEM;
        for (size_t k = strlen(PARTS[i][1]); k < part.n; k++) {
            char *c = (char *)(uintptr_t)part.p + k;
            *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
        }
        all = all.n != 0 ? json_join(reading->arena, all, ',', part) : part;
        if (all.p == NULL)
            return IW_ENOMEM;
    }
    if (all.n == 0 || has_field(reading, IW_STR("Hashes")))
        return IW_OK;
    return iw_event_builder_add_text(reading->builder, IW_PLACE_EVENT_DATA, IW_STR("Hashes"), all);
}

static enum iw_rc add_user(struct json_reading *reading)
{
    uint32_t name_at = json_find(reading->doc, reading->survey.root, "user.name");
    uint32_t domain_at = json_find(reading->doc, reading->survey.root, "user.domain");
    struct iw_str text;
    if (name_at == JSON_NO_NODE || has_field(reading, IW_STR("User")))
        return IW_OK;
    text = json_reading_text(reading, name_at);
    if (text.p != NULL && domain_at != JSON_NO_NODE) {
        struct iw_str domain = json_reading_text(reading, domain_at);
        text = domain.p != NULL ? json_join(reading->arena, domain, '\\', text) : domain;
    }
    if (text.p == NULL)
        return IW_ENOMEM;
    return iw_event_builder_add_text(reading->builder, IW_PLACE_EVENT_DATA, IW_STR("User"), text);
}

/* Who opened a connection, where the pipeline says it in its own words. */
static enum iw_rc add_initiated(struct json_reading *reading)
{
    uint32_t node = json_find(reading->doc, reading->survey.root, "network.direction");
    struct iw_str text;
    bool is_out;
    if (node == JSON_NO_NODE || has_field(reading, IW_STR("Initiated")))
        return IW_OK;
    text = json_reading_text(reading, node);
    if (text.p == NULL)
        return IW_ENOMEM;
    is_out = iw_str_equal(text, IW_STR("egress")) || iw_str_equal(text, IW_STR("outbound"));
    return iw_event_builder_add_text(reading->builder, IW_PLACE_EVENT_DATA, IW_STR("Initiated"),
                                     is_out ? IW_STR("true") : IW_STR("false"));
}

static enum iw_rc add_sysmon(struct json_reading *reading, uint32_t event_id)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (row_has_id(&ROWS[i], event_id))
            IW_TRY(add_row(reading, &ROWS[i]));
    }
    if (event_id == 1)
        IW_TRY(add_hashes(reading, "process"));
    else if (event_id == 6 || event_id == 7)
        IW_TRY(add_hashes(reading, "dll"));
    IW_TRY(add_hashes(reading, "file"));
    if (event_id == 3)
        IW_TRY(add_initiated(reading));
    return add_user(reading);
}

enum iw_rc json_add_from_ecs(struct json_reading *reading)
{
    const struct iw_event *event = reading->builder->event;
    if (json_find(reading->doc, reading->survey.root, "process") == JSON_NO_NODE &&
        json_find(reading->doc, reading->survey.root, "process.executable") == JSON_NO_NODE &&
        json_find(reading->doc, reading->survey.root, "file") == JSON_NO_NODE &&
        json_find(reading->doc, reading->survey.root, "event.module") == JSON_NO_NODE)
        return IW_OK;
    if (iw_channel_is_sysmon(event->channel))
        return add_sysmon(reading, event->event_id);
    for (size_t i = 0; event->event_id == 4688 && i < sizeof PROCESS_4688 / sizeof PROCESS_4688[0];
         i++)
        IW_TRY(add_row(reading, &PROCESS_4688[i]));
    return IW_OK;
}
