/*
 * Processes that start and end: Sysmon 1 and 5, Security 4688 and 4689.
 *
 * Field facts: Sysmon's ids are decimal, Security's are hex. In a 4688 Subject is who started the
 * process; Target is the account it runs as and is told (version 2) only where that is another one
 * (TargetLogonId 0x0 otherwise). ProcessId of a 4688 is the creator's.
 */
#include "context/fact_kinds.h"

static void read_pid(struct iw_event_reading *reading, uint32_t field, struct iw_process_name *name)
{
    name->has_pid = iw_reading_number(reading, field, &name->pid);
}

static bool names_something(const struct iw_process_name *name)
{
    return name->has_pid || iw_process_guid_known(name->guid);
}

bool iw_read_sysmon_start(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_process_start *start = &ret->u.start;
    start->witness = IW_WITNESS_SYSMON;
    read_pid(reading, IW_FIELD_PROCESS_ID, &start->name);
    start->name.guid = iw_process_guid_read(iw_reading_own(reading, IW_FIELD_PROCESS_GUID));
    start->name.image = iw_reading_own(reading, IW_FIELD_IMAGE);
    read_pid(reading, IW_FIELD_PARENT_PROCESS_ID, &start->parent);
    start->parent.guid =
        iw_process_guid_read(iw_reading_own(reading, IW_FIELD_PARENT_PROCESS_GUID));
    start->parent.image = iw_reading_own(reading, IW_FIELD_PARENT_IMAGE);
    start->command_line = iw_reading_own(reading, IW_FIELD_COMMAND_LINE);
    start->parent_command_line = iw_reading_own(reading, IW_FIELD_PARENT_COMMAND_LINE);
    start->user = iw_reading_own(reading, IW_FIELD_USER);
    start->has_logon =
        iw_reading_number(reading, IW_FIELD_LOGON_ID, &start->logon_id) && start->logon_id != 0;
    return names_something(&start->name);
}

bool iw_read_security_start(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_process_start *start = &ret->u.start;
    bool has_target;
    start->witness = IW_WITNESS_SECURITY;
    read_pid(reading, IW_FIELD_NEW_PROCESS_ID, &start->name);
    start->name.image = iw_reading_own(reading, IW_FIELD_NEW_PROCESS_NAME);
    read_pid(reading, IW_FIELD_PROCESS_ID, &start->parent);
    start->parent.image = iw_reading_own(reading, IW_FIELD_PARENT_PROCESS_NAME);
    start->command_line = iw_reading_own(reading, IW_FIELD_COMMAND_LINE);
    has_target = iw_reading_number(reading, IW_FIELD_TARGET_LOGON_ID, &start->logon_id) &&
                 start->logon_id != 0;
    start->has_logon = true;
    if (has_target) {
        start->user =
            iw_reading_account(reading, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME);
        start->sid = iw_reading_sid(reading, IW_FIELD_TARGET_USER_SID);
    } else {
        start->has_logon =
            iw_reading_number(reading, IW_FIELD_SUBJECT_LOGON_ID, &start->logon_id) &&
            start->logon_id != 0;
        start->user =
            iw_reading_account(reading, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME);
        start->sid = iw_reading_sid(reading, IW_FIELD_SUBJECT_USER_SID);
    }
    return start->name.has_pid;
}

bool iw_read_sysmon_end(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_process_end *end = &ret->u.end;
    end->witness = IW_WITNESS_SYSMON;
    read_pid(reading, IW_FIELD_PROCESS_ID, &end->name);
    end->name.guid = iw_process_guid_read(iw_reading_own(reading, IW_FIELD_PROCESS_GUID));
    end->name.image = iw_reading_own(reading, IW_FIELD_IMAGE);
    return names_something(&end->name);
}

bool iw_read_security_end(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_process_end *end = &ret->u.end;
    end->witness = IW_WITNESS_SECURITY;
    read_pid(reading, IW_FIELD_PROCESS_ID, &end->name);
    end->name.image = iw_reading_own(reading, IW_FIELD_PROCESS_NAME);
    return end->name.has_pid;
}

void iw_write_process_start(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    const struct iw_process_start *start = &fact->u.start;
    iw_fact_put_u8(out, (uint8_t)start->witness);
    iw_fact_put_process(out, &start->name);
    iw_fact_put_process(out, &start->parent);
    iw_fact_put_text(out, start->command_line);
    iw_fact_put_text(out, start->parent_command_line);
    iw_fact_put_text(out, start->user);
    iw_fact_put_text(out, start->sid);
    iw_fact_put_u8(out, start->has_logon);
    iw_fact_put_u64(out, start->logon_id);
}

static enum iw_witness take_witness(struct iw_fact_bytes *bytes)
{
    uint8_t witness = iw_fact_take_u8(bytes);
    bytes->is_odd |= witness >= IW_WITNESS_COUNT;
    return witness < IW_WITNESS_COUNT ? (enum iw_witness)witness : IW_WITNESS_SYSMON;
}

void iw_parse_process_start(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    struct iw_process_start *start = &ret->u.start;
    start->witness = take_witness(bytes);
    iw_fact_take_process(bytes, &start->name);
    iw_fact_take_process(bytes, &start->parent);
    start->command_line = iw_fact_take_text(bytes);
    start->parent_command_line = iw_fact_take_text(bytes);
    start->user = iw_fact_take_text(bytes);
    start->sid = iw_fact_take_text(bytes);
    start->has_logon = iw_fact_take_u8(bytes) != 0;
    start->logon_id = iw_fact_take_u64(bytes);
}

void iw_write_process_end(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    iw_fact_put_u8(out, (uint8_t)fact->u.end.witness);
    iw_fact_put_process(out, &fact->u.end.name);
}

void iw_parse_process_end(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    ret->u.end.witness = take_witness(bytes);
    iw_fact_take_process(bytes, &ret->u.end.name);
}
