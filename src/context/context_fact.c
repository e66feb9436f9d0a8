/*
 * Which events are context facts, and of which kind.
 */
#include "context/context_fact.h"

#include "base/hex.h"
#include "context/fact_kinds.h"
#include "event/channel.h"

static const struct {
    const char *channel;
    uint32_t event_id;
    enum iw_context_fact_kind kind;
    iw_fact_read *read;
} EVENTS[] = {
    {IW_CHANNEL_SYSMON, 1, IW_CONTEXT_PROCESS_START, iw_read_sysmon_start},
    {"Security", 4688, IW_CONTEXT_PROCESS_START, iw_read_security_start},
    {IW_CHANNEL_SYSMON, 5, IW_CONTEXT_PROCESS_END, iw_read_sysmon_end},
    {"Security", 4689, IW_CONTEXT_PROCESS_END, iw_read_security_end},
    {"Security", 4624, IW_CONTEXT_LOGON, iw_read_logon},
    {"Security", 4634, IW_CONTEXT_LOGOFF, iw_read_logoff},
    {"Security", 4647, IW_CONTEXT_LOGOFF, iw_read_logoff},
    {"Security", 4672, IW_CONTEXT_PRIVILEGES, iw_read_privileges},
    {"Security", 4648, IW_CONTEXT_CREDENTIALS, iw_read_credentials},
    {"Security", 4608, IW_CONTEXT_BOOT, iw_read_boot},
    {"System", 12, IW_CONTEXT_BOOT, iw_read_boot},
    {"System", 6005, IW_CONTEXT_BOOT, iw_read_boot},
};

static const struct {
    iw_fact_write *write;
    iw_fact_parse *parse;
} KINDS[IW_CONTEXT_FACT_KIND_COUNT] = {
    [IW_CONTEXT_PROCESS_START] = {iw_write_process_start, iw_parse_process_start},
    [IW_CONTEXT_PROCESS_END] = {iw_write_process_end, iw_parse_process_end},
    [IW_CONTEXT_LOGON] = {iw_write_logon, iw_parse_logon},
    [IW_CONTEXT_LOGOFF] = {iw_write_logoff, iw_parse_logoff},
    [IW_CONTEXT_PRIVILEGES] = {iw_write_privileges, iw_parse_privileges},
    [IW_CONTEXT_CREDENTIALS] = {iw_write_credentials, iw_parse_credentials},
    [IW_CONTEXT_BOOT] = {iw_write_boot, iw_parse_boot},
};

enum iw_rc iw_context_fact_route(struct iw_route *route)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    return IW_OK;
}

enum iw_rc iw_context_fact_read(const struct iw_event *event, struct iw_arena *scratch,
                                struct iw_context_fact *ret)
{
    struct iw_event_reading reading = {event, scratch, false};
    bool is_fact = false;

    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_END;
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++) {
        if (EVENTS[i].event_id != event->event_id ||
            !iw_str_equal_nocase(iw_str_of(EVENTS[i].channel), event->channel))
            continue;
        memset(ret, 0, sizeof *ret);
        ret->kind = EVENTS[i].kind;
        is_fact = EVENTS[i].read(&reading, ret);
        break;
    }
    if (reading.no_memory)
        return IW_ENOMEM;
    return is_fact ? IW_OK : IW_END;
}

void iw_context_fact_write(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    iw_fact_put_u8(out, (uint8_t)fact->kind);
    KINDS[fact->kind].write(fact, out);
}

bool iw_context_fact_parse(struct iw_str bytes, struct iw_context_fact *ret)
{
    struct iw_fact_bytes rest = {(const uint8_t *)bytes.p, bytes.n, false};
    uint8_t kind = iw_fact_take_u8(&rest);

    memset(ret, 0, sizeof *ret);
    if (kind >= IW_CONTEXT_FACT_KIND_COUNT || KINDS[kind].parse == NULL)
        return false;
    ret->kind = (enum iw_context_fact_kind)kind;
    KINDS[kind].parse(&rest, ret);
    return !rest.is_odd && rest.n == 0;
}

struct iw_str iw_event_place_channel(const struct iw_event_place *place)
{
    return place->event_id == 1 ? IW_STR(IW_CHANNEL_SYSMON) : IW_STR("Security");
}

/* --- GUIDs ----------------------------------------------------------------------------------- */

bool iw_process_guid_known(struct iw_process_guid guid)
{
    static const struct iw_process_guid NONE;
    return memcmp(guid.bytes, NONE.bytes, sizeof NONE.bytes) != 0;
}

bool iw_process_guid_equal(struct iw_process_guid a, struct iw_process_guid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

struct iw_process_guid iw_process_guid_read(struct iw_str text)
{
    static const struct iw_process_guid NONE;
    struct iw_process_guid guid = NONE;
    char digits[2 * sizeof guid.bytes];
    size_t n = 0;

    if (text.n >= 2 && text.p[0] == '{' && text.p[text.n - 1] == '}')
        text = (struct iw_str){text.p + 1, text.n - 2};
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '-')
            continue;
        if (n == sizeof digits)
            return NONE;
        digits[n++] = text.p[i];
    }
    return iw_hex_read((struct iw_str){digits, n}, guid.bytes, sizeof guid.bytes) ? guid : NONE;
}
