#include "detect/chain/actor_event.h"

#include <stdio.h>

#include "base/json.h"

static void text_member(struct iw_json *json, const char *key, struct iw_str text)
{
    if (text.n != 0)
        iw_json_member_text(json, key, text);
}

static void number_member(struct iw_json *json, const char *key, uint64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%llu", (unsigned long long)value);
    iw_json_member_text(json, key, (struct iw_str){text, (size_t)n});
}

static void begin(struct iw_json *json, struct iw_buffer *text)
{
    iw_buffer_init(text);
    iw_json_init(json, text);
    iw_json_object(json);
}

static enum iw_rc keep(struct iw_json *json, struct iw_buffer *text, struct iw_arena *arena,
                       struct iw_actor_event *ret)
{
    iw_json_object_end(json);
    ret->fields_json =
        text->failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(text));
    iw_buffer_done(text);
    return ret->fields_json.p != NULL ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_actor_of_process(const struct iw_process *process, struct iw_arena *arena,
                               struct iw_actor_event *ret)
{
    struct iw_buffer text;
    struct iw_json json;
    *ret = (struct iw_actor_event){.fields_json = IW_STR("")};
    if (process == NULL || process->place.event_id == 0)
        return IW_OK;
    ret->place = process->place;
    begin(&json, &text);
    text_member(&json, "Image", process->name.image);
    text_member(&json, "CommandLine", process->command_line);
    text_member(&json, "ParentImage", process->parent_name.image);
    text_member(&json, "User", process->user);
    if (process->name.has_pid)
        number_member(&json, "ProcessId", process->name.pid);
    if (process->parent_name.has_pid)
        number_member(&json, "ParentProcessId", process->parent_name.pid);
    if (process->has_logon)
        number_member(&json, "LogonId", process->logon_id);
    return keep(&json, &text, arena, ret);
}

enum iw_rc iw_actor_of_logon(const struct iw_logons *logons, const struct iw_logon *logon,
                             struct iw_arena *arena, struct iw_actor_event *ret)
{
    struct iw_buffer text;
    struct iw_json json;
    *ret = (struct iw_actor_event){.fields_json = IW_STR("")};
    if (logon == NULL || logon->place.event_id == 0)
        return IW_OK;
    ret->place = logon->place;
    begin(&json, &text);
    text_member(&json, "TargetUserName", logon->user);
    text_member(&json, "TargetUserSid", logon->sid);
    number_member(&json, "LogonType", logon->type);
    text_member(&json, "IpAddress", iw_logons_address(logons, logon));
    text_member(&json, "WorkstationName", logon->workstation);
    number_member(&json, "TargetLogonId", logon->id);
    return keep(&json, &text, arena, ret);
}

struct iw_evidence_item iw_actor_item(const struct iw_actor_event *event, const char *role,
                                      const struct iw_ledger *ledger)
{
    const struct iw_event_place *place = &event->place;
    bool has_source = ledger != NULL && place->source < ledger->n;
    return (struct iw_evidence_item){.role = iw_str_of(role),
                                     .time_ns = place->time_ns,
                                     .channel = iw_event_place_channel(place),
                                     .event_id = place->event_id,
                                     .record_id = place->record_id,
                                     .source = has_source ? ledger->sources[place->source].path
                                                          : IW_STR(""),
                                     .offset = place->offset,
                                     .line = place->line,
                                     .fields_json = event->fields_json};
}
