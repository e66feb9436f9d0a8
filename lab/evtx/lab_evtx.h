/*
 * Writing EVTX files: open, define the shapes of events, add events, close.
 *
 *     struct iw_lab_evtx *file = iw_lab_evtx_new(path, &options, &error);
 *     size_t shape = iw_lab_evtx_define(file, &schema);
 *     iw_lab_evtx_add(file, shape, &event, &error);
 *     iw_lab_evtx_close(file, &error);          // writes the header; frees the writer
 *
 * A schema becomes one or two templates (System part and payload). Templates are written inline at
 * their first use in every chunk and referred to after that, as the Windows event log service does.
 * One writer is used by one thread.
 */
#ifndef IW_LAB_EVTX_H
#define IW_LAB_EVTX_H

#include "lab/lab_error.h"
#include "lab/evtx/lab_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_field_form {
    IW_LAB_FIELD_SLOT,    /* the value comes with each event */
    IW_LAB_FIELD_LITERAL, /* text in the template, special characters as entity references */
    IW_LAB_FIELD_CDATA    /* text in the template in a CDATA section */
};

/* One element of the payload: `<element Name="name">value</element>`. */
struct iw_lab_field {
    const char *element; /* NULL: "Data" */
    const char *name;    /* NULL: no Name attribute */
    uint8_t type;        /* declared type of the slot; the event's value may differ (SIZE, NULL) */
    bool optional;       /* optional substitution: NULL leaves the element out */
    enum iw_lab_field_form form;
    const char *literal; /* of LITERAL and CDATA */
};

enum iw_lab_payload { IW_LAB_PAYLOAD_NONE, IW_LAB_PAYLOAD_EVENT_DATA, IW_LAB_PAYLOAD_USER_DATA };

/* Everything that is the same for all events of one kind. Copied by iw_lab_evtx_define(). */
struct iw_lab_schema {
    const char *provider;
    const char *provider_guid; /* NULL: none */
    const char *event_source;  /* NULL: no EventSourceName attribute */
    const char *channel;
    const char *computer;
    uint16_t event_id;
    int32_t qualifiers; /* -1: none */
    uint8_t version;
    uint8_t level;
    uint16_t task;
    uint8_t opcode;
    uint64_t keywords;
    enum iw_lab_payload payload;
    const char *payload_root;      /* USER_DATA: name of the element under UserData */
    const char *payload_namespace; /* USER_DATA: xmlns of that element, or NULL */
    const char *event_data_name;   /* EVENT_DATA: Name attribute of EventData, or NULL */
    const struct iw_lab_field *fields;
    size_t n_fields;
    bool literal_channel; /* provider and channel are text in the template, not slots */
    bool template_less;   /* record without template: all values are ready-made text */
};

struct iw_lab_event {
    uint64_t filetime;
    uint64_t record_id; /* 0: one more than the last */
    uint32_t process_id;
    uint32_t thread_id;
    const uint8_t *user_sid; /* NULL: none */
    size_t user_sid_bytes;
    const uint8_t *activity_id; /* 16 bytes, or NULL */
    const struct iw_lab_value
        *values; /* one for each field of the schema; those of literal fields are not looked at */
    size_t n_values;
};

struct iw_lab_evtx_options {
    uint16_t minor_version;   /* 1 or 2; 0 means 1 */
    uint32_t chunk_records;   /* at most so many records a chunk; 0: as many as fit */
    bool no_crc;              /* leave checksums zero and set the flags that say so */
    uint64_t first_record_id; /* 0 means 1 */
};

struct iw_lab_evtx;

/* NULL with error when the file cannot be created. options may be NULL. */
struct iw_lab_evtx *iw_lab_evtx_new(const char *path, const struct iw_lab_evtx_options *options,
                                    struct iw_lab_error *error);

/* Index of the schema in this file; an equal schema gets the same index. */
size_t iw_lab_evtx_define(struct iw_lab_evtx *file, const struct iw_lab_schema *schema);

/* False: the record cannot be written (larger than a chunk, wrong number of values, disk error);
 * the file stays usable. */
bool iw_lab_evtx_add(struct iw_lab_evtx *file, size_t schema_index,
                     const struct iw_lab_event *event, struct iw_lab_error *error);

/* Chunks already written to the file, and records in all. */
uint64_t iw_lab_evtx_n_chunks(const struct iw_lab_evtx *file);
uint64_t iw_lab_evtx_n_records(const struct iw_lab_evtx *file);

/* Flushes, writes the header, closes and frees. Accepts NULL. False: writing failed. */
bool iw_lab_evtx_close(struct iw_lab_evtx *file, struct iw_lab_error *error);

#endif
