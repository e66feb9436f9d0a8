/*
 * The machine started: Security 4608, System 12 of Microsoft-Windows-Kernel-General, System 6005 of
 * EventLog. The second is written for the moment of the start; the others come when their service
 * is up, when some processes have been running for a while. Ids of logons begin anew, and no
 * process from before is left.
 */
#include "context/fact_kinds.h"

/* A service that tells of the start runs a while after it; so do the processes and logons of the
 * services before it. */
#define SERVICE_NS (60 * IW_NS_PER_SECOND)

int64_t iw_boot_time(const struct iw_boot *boot, int64_t time_ns)
{
    return boot->is_exact || !iw_time_known(time_ns) ? time_ns : time_ns - SERVICE_NS;
}

bool iw_read_boot(struct iw_event_reading *reading, struct iw_context_fact *ret)
{
    const struct iw_event *event = reading->event;
    if (event->event_id == 12) {
        ret->u.boot.is_exact = true;
        return iw_str_equal_nocase(event->provider, IW_STR("Microsoft-Windows-Kernel-General"));
    }
    return event->event_id == 4608 || iw_str_equal_nocase(event->provider, IW_STR("EventLog"));
}

void iw_write_boot(const struct iw_context_fact *fact, struct iw_buffer *out)
{
    iw_fact_put_u8(out, fact->u.boot.is_exact);
}

void iw_parse_boot(struct iw_fact_bytes *bytes, struct iw_context_fact *ret)
{
    ret->u.boot.is_exact = iw_fact_take_u8(bytes) != 0;
}
