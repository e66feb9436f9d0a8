/**
 * One record being turned into an event: what dialects work with.
 *
 * A dialect says by the survey whether a record is its own, fills the head, asks the builder
 * whether anybody wants the event, and if so adds fields under the canonical names of Windows.
 * Fields of nested objects get dotted names, arrays repeat the name.
 */
#ifndef IW_INPUT_JSON_JSON_READING_H
#define IW_INPUT_JSON_JSON_READING_H

#include "event/builder.h"
#include "input/json/json_survey.h"

struct json_reading {
    const struct json_doc *doc;
    const struct json_key_table *keys;
    struct iw_event_builder *builder;
    struct iw_arena *arena;    /* of the batch */
    struct json_survey survey; /* of the object that is to be an event */
    bool is_repaired;          /* some text was */
    bool is_contradicted;      /* the record says two things of what event it is */
};

/** What a system field is to the event's head. Names in json_reading.c; the order there is theirs.
 */
enum json_role {
    JSON_ROLE_NONE = 0,
    JSON_ROLE_CHANNEL,
    JSON_ROLE_EVENT_ID,
    JSON_ROLE_QUALIFIERS,
    JSON_ROLE_PROVIDER,
    JSON_ROLE_PROVIDER_GUID,
    JSON_ROLE_PROVIDER_SOURCE,
    JSON_ROLE_COMPUTER,
    JSON_ROLE_RECORD_ID,
    JSON_ROLE_TIME,
    JSON_ROLE_PROCESS_ID,
    JSON_ROLE_THREAD_ID,
    JSON_ROLE_USER_ID,
    JSON_ROLE_VERSION,
    JSON_ROLE_LEVEL,
    JSON_ROLE_TASK,
    JSON_ROLE_OPCODE,
    JSON_ROLE_KEYWORDS,
    JSON_ROLE_ACTIVITY,
    JSON_ROLE_RELATED_ACTIVITY,
    JSON_ROLE_COUNT
};

/** The canonical name of a role's field (`TimeCreated_SystemTime`); empty for JSON_ROLE_NONE. */
struct iw_str json_role_name(enum json_role role);
/** The role of a canonical name, or JSON_ROLE_NONE. */
enum json_role json_role_of(struct iw_str name);

/** Where each part of the head stands in the record; JSON_NO_NODE where it does not. */
struct json_head_nodes {
    uint32_t at[JSON_ROLE_COUNT];
    int64_t time_ns;      /* where the dialect knows better than the text of JSON_ROLE_TIME; else
                             IW_TIME_UNKNOWN */
    bool is_contradicted; /* channels or event ids under two names that differ */
};
void json_head_nodes_init(struct json_head_nodes *nodes);
/** Offers a node (or JSON_NO_NODE) for a role: the first that is not null is taken. */
void json_head_nodes_offer(const struct json_doc *doc, struct json_head_nodes *nodes,
                           enum json_role role, uint32_t node);
/** Whether the event id stands there and is a number up to UINT32_MAX: decimal, 0x…, or a decimal
 * fraction or exponent that comes to an integer; blanks and NULs around it do not matter. */
bool json_head_has_id(struct json_reading *reading, const struct json_head_nodes *nodes,
                      uint32_t *ret);
/** The text of a role's node without blanks and NULs around it; of a list its first. Empty: none.
 * p NULL: no memory. */
struct iw_str json_head_label(struct json_reading *reading, const struct json_head_nodes *nodes,
                              enum json_role role);

/**
 * Sets the head. *ret_wanted: whether fields are to be added. A record without a channel gets the
 * one its provider writes to, where there is only one. An event whose id is no number has id 0,
 * one that says two things of itself has the first; either is cut and wanted, and one without a
 * channel is wanted: nobody can say that it is not. IW_OK or IW_ENOMEM.
 */
enum iw_rc json_set_head(struct json_reading *reading, const struct json_head_nodes *nodes,
                         bool *ret_wanted);
/** Adds the system field of *role* under its canonical name; nothing where it is absent or null. */
enum iw_rc json_add_role(struct json_reading *reading, const struct json_head_nodes *nodes,
                         enum json_role role);

/* The functions below return IW_OK, IW_ENOMEM or IW_ELIMIT (the event is full and marked so). */

/** Adds a node and all that is in it under *name*. */
enum iw_rc json_add(struct json_reading *reading, enum iw_place place, struct iw_str name,
                    uint32_t node);

/** How payload names and values of a dialect are brought to those of Windows. */
enum json_payload_change {
    JSON_PAYLOAD_AS_IS = 0,
    JSON_PAYLOAD_LOWERED, /* first letter lower-cased, backslashes doubled once more (Wazuh) */
};

/**
 * Adds the members of an EventData object: `Data` in all the forms converters give it (text, lists,
 * `{"@Name":…,"#text":…}`), anything else under its own name. A node that is no object is added as
 * `Data`.
 */
enum iw_rc json_add_event_data(struct json_reading *reading, uint32_t node,
                               enum json_payload_change change);
/** Adds UserData: every leaf under its own name. */
enum iw_rc json_add_user_data(struct json_reading *reading, uint32_t node);
/** Adds the members of *object* but for those in *except*, with names from *object* on. */
enum iw_rc json_add_rest(struct json_reading *reading, uint32_t object, const uint32_t *except,
                         size_t n_except);

/** The text of a node; p NULL: no memory. */
struct iw_str json_reading_text(struct json_reading *reading, uint32_t node);
/** Two texts joined by a character ('\0': by none). p NULL: no memory. */
struct iw_str json_join(struct iw_arena *arena, struct iw_str left, char between,
                        struct iw_str right);

#endif
