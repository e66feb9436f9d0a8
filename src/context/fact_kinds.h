/**
 * Kinds of context facts, inside the room: how each is read from an event, written and parsed.
 */
#ifndef IW_CONTEXT_FACT_KINDS_H
#define IW_CONTEXT_FACT_KINDS_H

#include "context/context_fact.h"
#include "context/event_reading.h"

/** Takes parts off the front of bytes. After a part that was not there, all read as nothing. */
struct iw_fact_bytes {
    const uint8_t *p;
    size_t n;
    bool is_odd;
};

void iw_fact_put_u8(struct iw_buffer *out, uint8_t value);
void iw_fact_put_u64(struct iw_buffer *out, uint64_t value);
/** Cut between two characters where it is too long. */
void iw_fact_put_text(struct iw_buffer *out, struct iw_str text);
void iw_fact_put_process(struct iw_buffer *out, const struct iw_process_name *name);

uint8_t iw_fact_take_u8(struct iw_fact_bytes *bytes);
uint64_t iw_fact_take_u64(struct iw_fact_bytes *bytes);
struct iw_str iw_fact_take_text(struct iw_fact_bytes *bytes);
void iw_fact_take_process(struct iw_fact_bytes *bytes, struct iw_process_name *ret);

/** Reads an event of the kind's own; false: it does not say enough. */
typedef bool iw_fact_read(struct iw_event_reading *reading, struct iw_context_fact *ret);
typedef void iw_fact_write(const struct iw_context_fact *fact, struct iw_buffer *out);
typedef void iw_fact_parse(struct iw_fact_bytes *bytes, struct iw_context_fact *ret);

iw_fact_read iw_read_sysmon_start, iw_read_security_start, iw_read_sysmon_end, iw_read_security_end,
    iw_read_logon, iw_read_logoff, iw_read_privileges, iw_read_credentials, iw_read_boot;
iw_fact_write iw_write_process_start, iw_write_process_end, iw_write_logon, iw_write_logoff,
    iw_write_privileges, iw_write_credentials, iw_write_boot;
iw_fact_parse iw_parse_process_start, iw_parse_process_end, iw_parse_logon, iw_parse_logoff,
    iw_parse_privileges, iw_parse_credentials, iw_parse_boot;

#endif
