#include "detect/chain/actor_event.h"

#include "detect/chain/chain_members.h"

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
    iw_chain_text_member(&json, "Image", process->name.image);
    iw_chain_text_member(&json, "CommandLine", process->command_line);
    iw_chain_text_member(&json, "ParentImage", process->parent_name.image);
    iw_chain_text_member(&json, "User", process->user);
    if (process->name.has_pid)
        iw_chain_number_member(&json, "ProcessId", process->name.pid);
    if (process->parent_name.has_pid)
        iw_chain_number_member(&json, "ParentProcessId", process->parent_name.pid);
    if (process->has_logon)
        iw_chain_number_member(&json, "LogonId", process->logon_id);
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
    iw_chain_text_member(&json, "TargetUserName", logon->user);
    iw_chain_text_member(&json, "TargetUserSid", logon->sid);
    iw_chain_number_member(&json, "LogonType", logon->type);
    iw_chain_text_member(&json, "IpAddress", iw_logons_address(logons, logon));
    iw_chain_text_member(&json, "WorkstationName", logon->workstation);
    iw_chain_number_member(&json, "TargetLogonId", logon->id);
    return keep(&json, &text, arena, ret);
}

struct iw_evidence_item iw_actor_item(const struct iw_actor_event *event, const char *role,
                                      const struct iw_ledger *ledger)
{
    const struct iw_event_place *place = &event->place;
    return (struct iw_evidence_item){.role = iw_str_of(role),
                                     .time_ns = place->time_ns,
                                     .channel = iw_event_place_channel(place),
                                     .event_id = place->event_id,
                                     .record_id = place->record_id,
                                     .source = iw_ledger_path(ledger, place->source),
                                     .offset = place->offset,
                                     .line = place->line,
                                     .fields_json = event->fields_json};
}
