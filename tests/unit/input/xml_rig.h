/**
 * Reads XML from memory through the reader class, as a run does, and keeps what came out.
 */
#ifndef IW_TESTS_UNIT_INPUT_XML_RIG_H
#define IW_TESTS_UNIT_INPUT_XML_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "input/reader.h"

#define XML_RIG_NAMESPACE "http://schemas.microsoft.com/win/2004/08/events/event"
/** An event of channel Application with record id *id* (text) and this content behind System. */
#define XML_RIG_EVENT(id, content)                                                                 \
    "<Event xmlns=\"" XML_RIG_NAMESPACE "\"><System><Provider Name=\"P\"/><EventID>7</EventID>"    \
    "<TimeCreated SystemTime=\"2026-01-05T10:00:00.1234567Z\"/><EventRecordID>" id                 \
    "</EventRecordID><Channel>Application</Channel><Computer>WEB01</Computer></System>" content    \
    "</Event>"
/** The same with one value of EventData. */
#define XML_RIG_VALUE(id, value)                                                                   \
    XML_RIG_EVENT(id, "<EventData><Data Name=\"V\">" value "</Data></EventData>")

struct xml_rig_event {
    uint64_t record_id, offset;
    int64_t created_ns;
    uint32_t event_id, flags, n_fields;
    char *fields; /* flat JSON */
    char *value;  /* of the first field V, or NULL; may hold any byte but NUL */
};

struct xml_rig_result {
    struct xml_rig_event *events;
    size_t n, cap;
    struct iw_account account;
};

/** Everything wanted. */
const struct iw_route *xml_rig_route(void);
const struct iw_names *xml_rig_names(void);
struct iw_batch *xml_rig_batch(void);

/** Reads a file of these bytes; the caller frees. *route* NULL: all. */
struct xml_rig_result xml_rig_read(const char *bytes, size_t n, const struct iw_route *route);
void xml_rig_free(struct xml_rig_result *result);

/** Fails unless nothing but this was counted; ends with IW_DAMAGE_COUNT. Each once. */
void xml_rig_assert_only(const struct xml_rig_result *result, ...);

/** Reads *text* and frees what came, after: *n* events, and the fields of the first as JSON. */
void xml_rig_expect(const char *text, size_t n, const char *fields);

#endif
