/**
 * Dialects: the forms in which programs write Windows events as JSON. One file each, one row in
 * json_dialect.c; the first row that fits a record reads it: one foreign key is not enough for
 * that, it must name the event. Whether a row fits depends on the record alone, so that the result
 * does not depend on where a slice begins.
 */
#ifndef IW_INPUT_JSON_JSON_DIALECT_H
#define IW_INPUT_JSON_JSON_DIALECT_H

#include "input/json/json_reading.h"

struct json_dialect {
    const char *name;
    bool is_flat; /* at the top level, under names that other programs use, too */
    /** Whether the record has the dialect's form; *ret: the nodes of event id, channel and provider
     * under the dialect's own paths, where they are (others may be set or not). */
    bool (*find)(struct json_reading *reading, struct json_head_nodes *ret);
    /** Sets the head and, where wanted, adds the fields. IW_OK; IW_END: no event after all;
     * IW_ENOMEM; IW_ELIMIT: the event is full. */
    enum iw_rc (*read)(struct json_reading *reading);
};

extern const struct json_dialect json_dialect_winlogbeat; /* Winlogbeat, Elastic Agent, ECS */
extern const struct json_dialect json_dialect_winlogbeat6;
extern const struct json_dialect json_dialect_wazuh;
extern const struct json_dialect json_dialect_event;  /* evtx_dump, Datadog: Event.System */
extern const struct json_dialect json_dialect_system; /* Velociraptor, OpenWEC: System */
extern const struct json_dialect json_dialect_vector;
extern const struct json_dialect json_dialect_flat; /* OTRF, NXLog, Fluent Bit, our own */

/**
 * The dialect of the surveyed record, or NULL: the first under whose paths there is an event id
 * that is a number, and a channel or provider. *ret_sure is false where there is none such and the
 * record may still be an event of the dialect: without an id, or with one that is no number.
 * Where two dialects fit and name two events, reading->is_contradicted is set.
 */
const struct json_dialect *json_dialect_of(struct json_reading *reading, bool *ret_sure);

/** Its number for struct iw_event.dialect: its row in the table, from 1. */
uint8_t json_dialect_number(const struct json_dialect *dialect);

/** What a carrier carries. */
enum json_cargo {
    JSON_CARGO_NONE = 0,
    JSON_CARGO_NODE, /* an object in the same record */
    JSON_CARGO_TEXT, /* a string that holds JSON or XML */
};

/** Whether a record no dialect fits is the envelope of another (Splunk HEC, Elasticsearch, OpenWEC,
 * log shippers); *ret is where that stands. */
enum json_cargo json_carrier_find(const struct json_doc *doc, const struct json_survey *survey,
                                  uint32_t *ret);

/** Whether a record is no event and no loss either: an empty object, or an action line of
 * Elasticsearch's bulk format. */
bool json_is_no_event(const struct json_doc *doc, const struct json_survey *survey);

/* --- dialects that are tables
 * ---------------------------------------------------------------------------------------
 */

struct json_map_row {
    enum json_role role;
    const char *path; /* from the base; the first row of a role that is there counts */
};

struct json_mapping {
    const struct json_map_row *rows;
    size_t n_rows;
    const char *event_data; /* path, or NULL */
    const char *user_data;
    enum json_payload_change change;
};

/** The nodes of event id, channel and provider by a table. */
void json_mapping_find(const struct json_doc *doc, const struct json_mapping *mapping,
                       uint32_t base, struct json_head_nodes *ret);

/**
 * Reads a record by its table: system fields, payload, then everything else under its own dotted
 * name. *base* is where the paths begin. *ret_wanted as json_set_head. As json_dialect.read.
 */
enum iw_rc json_read_mapped(struct json_reading *reading, const struct json_mapping *mapping,
                            uint32_t base, bool *ret_wanted);

/** Adds under Sysmon's and Windows' names what the Elastic Common Schema holds elsewhere and the
 * event does not have yet. */
enum iw_rc json_add_from_ecs(struct json_reading *reading);

#endif
