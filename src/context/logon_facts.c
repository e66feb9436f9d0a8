/*
 * Logons: Security 4624, 4634, 4647, 4672, 4648.
 *
 * Field facts: logon ids are hex; `%%1842` is yes and `%%1843` no; TargetLinkedLogonId is 0x0 where
 * there is no other token; addresses are "-" where there are none, and IPv4 addresses may be
 * written as IPv6 ones (`::ffff:10.0.0.5`).
 */
#include "context/fact_kinds.h"

static struct iw_str read_address(struct iw_event_reading *reading)
{
    static const struct iw_str MAPPED = {"::ffff:", 7};
    struct iw_str address = iw_reading_own(reading, IW_FIELD_IP_ADDRESS);
    if (iw_str_begins_nocase(address, MAPPED) && iw_str_find(address, IW_STR(".")) != SIZE_MAX)
        return (struct iw_str){address.p + MAPPED.n, address.n - MAPPED.n};
    return address;
}

static enum iw_said read_said(struct iw_event_reading *reading, uint32_t field)
{
    struct iw_str text = iw_reading_own(reading, field);
    if (iw_str_equal(text, IW_STR("%%1842")) || iw_str_equal_nocase(text, IW_STR("yes")))
        return IW_SAID_YES;
    if (iw_str_equal(text, IW_STR("%%1843")) || iw_str_equal_nocase(text, IW_STR("no")))
        return IW_SAID_NO;
    return IW_SAID_NOTHING;
}

bool iw_read_logon(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_logon_begin *logon = &ret->u.logon;
    uint64_t type;
    if (!iw_reading_number(reading, IW_FIELD_TARGET_LOGON_ID, &logon->logon_id))
        return false;
    if (iw_reading_number(reading, IW_FIELD_LOGON_TYPE, &type) && type <= UINT8_MAX)
        logon->type = (uint32_t)type;
    (void)iw_reading_number(reading, IW_FIELD_TARGET_LINKED_LOGON_ID, &logon->linked_id);
    logon->elevated = read_said(reading, IW_FIELD_ELEVATED_TOKEN);
    logon->user =
        iw_reading_account(reading, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME);
    logon->sid = iw_reading_sid(reading, IW_FIELD_TARGET_USER_SID);
    logon->address = read_address(reading);
    logon->workstation = iw_reading_own(reading, IW_FIELD_WORKSTATION_NAME);
    return true;
}

bool iw_read_logoff(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    return iw_reading_number(reading, IW_FIELD_TARGET_LOGON_ID, &ret->u.logoff.logon_id);
}

bool iw_read_privileges(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_logon_privileges *privileges = &ret->u.privileges;
    privileges->user =
        iw_reading_account(reading, IW_FIELD_SUBJECT_USER_NAME, IW_FIELD_SUBJECT_DOMAIN_NAME);
    privileges->sid = iw_reading_sid(reading, IW_FIELD_SUBJECT_USER_SID);
    return iw_reading_number(reading, IW_FIELD_SUBJECT_LOGON_ID, &privileges->logon_id);
}

bool iw_read_credentials(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    struct iw_credentials_use *use = &ret->u.credentials;
    use->account =
        iw_reading_account(reading, IW_FIELD_TARGET_USER_NAME, IW_FIELD_TARGET_DOMAIN_NAME);
    use->server = iw_reading_own(reading, IW_FIELD_TARGET_SERVER_NAME);
    use->address = read_address(reading);
    use->process.has_pid = iw_reading_number(reading, IW_FIELD_PROCESS_ID, &use->process.pid);
    use->process.image = iw_reading_own(reading, IW_FIELD_PROCESS_NAME);
    return iw_reading_number(reading, IW_FIELD_SUBJECT_LOGON_ID, &use->logon_id);
}

void iw_write_logon(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    const struct iw_logon_begin *logon = &fact->u.logon;
    iw_fact_put_u64(out, logon->logon_id);
    iw_fact_put_u64(out, logon->linked_id);
    iw_fact_put_u8(out, (uint8_t)logon->type);
    iw_fact_put_u8(out, (uint8_t)logon->elevated);
    iw_fact_put_text(out, logon->user);
    iw_fact_put_text(out, logon->sid);
    iw_fact_put_text(out, logon->address);
    iw_fact_put_text(out, logon->workstation);
}

void iw_parse_logon(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    struct iw_logon_begin *logon = &ret->u.logon;
    uint8_t elevated;
    logon->logon_id = iw_fact_take_u64(bytes);
    logon->linked_id = iw_fact_take_u64(bytes);
    logon->type = iw_fact_take_u8(bytes);
    elevated = iw_fact_take_u8(bytes);
    bytes->is_odd |= elevated > IW_SAID_YES;
    logon->elevated = elevated <= IW_SAID_YES ? (enum iw_said)elevated : IW_SAID_NOTHING;
    logon->user = iw_fact_take_text(bytes);
    logon->sid = iw_fact_take_text(bytes);
    logon->address = iw_fact_take_text(bytes);
    logon->workstation = iw_fact_take_text(bytes);
}

void iw_write_logoff(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    iw_fact_put_u64(out, fact->u.logoff.logon_id);
}

void iw_parse_logoff(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    ret->u.logoff.logon_id = iw_fact_take_u64(bytes);
}

void iw_write_privileges(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    iw_fact_put_u64(out, fact->u.privileges.logon_id);
    iw_fact_put_text(out, fact->u.privileges.user);
    iw_fact_put_text(out, fact->u.privileges.sid);
}

void iw_parse_privileges(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    ret->u.privileges.logon_id = iw_fact_take_u64(bytes);
    ret->u.privileges.user = iw_fact_take_text(bytes);
    ret->u.privileges.sid = iw_fact_take_text(bytes);
}

void iw_write_credentials(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    const struct iw_credentials_use *use = &fact->u.credentials;
    iw_fact_put_u64(out, use->logon_id);
    iw_fact_put_text(out, use->account);
    iw_fact_put_text(out, use->server);
    iw_fact_put_text(out, use->address);
    iw_fact_put_process(out, &use->process);
}

void iw_parse_credentials(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    struct iw_credentials_use *use = &ret->u.credentials;
    use->logon_id = iw_fact_take_u64(bytes);
    use->account = iw_fact_take_text(bytes);
    use->server = iw_fact_take_text(bytes);
    use->address = iw_fact_take_text(bytes);
    iw_fact_take_process(bytes, &use->process);
}
