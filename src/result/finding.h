/**
 * A finding: one thing a run has to say, as a plain record (contract: docs/DATA-MODEL.md,
 * `iiswarden.finding/1`).
 *
 * A finding owns nothing: its texts and lists live where whoever made it put them, and all of them
 * together are kept in a `struct iw_findings` (result/findings.h).
 */
#ifndef IW_RESULT_FINDING_H
#define IW_RESULT_FINDING_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/timestamp.h"

enum iw_finding_kind {
    IW_FINDING_RULE = 0,
    IW_FINDING_CORRELATION,
    IW_FINDING_CHAIN,
    IW_FINDING_COMPONENT,
    IW_FINDING_WEBFILE,
    IW_FINDING_TELEMETRY,
    IW_FINDING_KIND_COUNT
};

enum iw_level {
    IW_LEVEL_INFORMATIONAL = 0,
    IW_LEVEL_LOW,
    IW_LEVEL_MEDIUM,
    IW_LEVEL_HIGH,
    IW_LEVEL_CRITICAL,
    IW_LEVEL_COUNT
};

/** "low", "rule", ...; never NULL. */
const char *iw_level_name(enum iw_level level);
/** What a finding of that level scores before reasons add to it: 10 to 90. */
uint32_t iw_level_score(enum iw_level level);
const char *iw_finding_kind_name(enum iw_finding_kind kind);
/** Reads a level's name, letter case ignored; false when it is none. */
bool iw_level_parse(struct iw_str text, enum iw_level *ret);

struct iw_text_list {
    const struct iw_str *items;
    size_t n;
};

/** Adds the texts of *more* (borrowed) behind those of *list*; the list lies in *arena*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_text_list_join(struct iw_text_list *list, struct iw_text_list more,
                             struct iw_arena *arena);

/** One piece of evidence. */
struct iw_evidence_item {
    struct iw_str role; /* "match", "file_created", "copy", ... */
    int64_t time_ns;
    struct iw_str channel;
    uint32_t event_id;
    uint64_t record_id;   /* 0 = none */
    struct iw_str source; /* path as reached from the argument */
    uint64_t offset;
    uint64_t line;             /* 0 = none (binary file) */
    struct iw_str host;        /* only where it differs from the finding's */
    struct iw_str fields_json; /* a JSON object, ready */
};

/** Whether events of this channel tell their time in whole seconds: logs of requests. Nobody is to
 * be shown digits they have not. */
bool iw_channel_tells_seconds(struct iw_str channel);

/** What the change records say of the act. Zero: nobody asked them. */
enum iw_change_status {
    IW_CHANGE_NOT_CHECKED = 0,
    IW_CHANGE_EXPLAINED,
    IW_CHANGE_PARTLY,
    IW_CHANGE_UNVERIFIED,
    IW_CHANGE_EXPIRED,
    IW_CHANGE_UNEXPLAINED,
    IW_CHANGE_STATUS_COUNT
};

struct iw_change {
    enum iw_change_status status;
    struct iw_str record; /* the change record that speaks of it; empty = null */
    struct iw_str why;    /* one line; empty = null */
    bool keeps_level;     /* unverified, and neither time nor content speaks for the record */
};

/** Room for an id with its number and a NUL. */
#define IW_FINDING_ID_BYTES 32U

struct iw_finding {
    char id[IW_FINDING_ID_BYTES]; /* "f-" + 16 hex digits, "-2" where equal ids meet */
    enum iw_finding_kind kind;
    enum iw_level level;
    uint32_t score; /* 0..100 */
    bool is_partial;
    struct iw_str title;
    struct iw_text_list analytic; /* "AN1108", ... */
    struct iw_text_list attack;   /* "T1505.003", ... */
    struct iw_str rule_id;        /* empty = null */
    struct iw_str rule_title;     /* empty: the finding has no rule */
    struct iw_str host;           /* canonical host label, settled before output */
    struct iw_str computer;       /* as the event wrote it */
    int64_t first_time_ns, last_time_ns;
    bool is_local_time;         /* of the server's clock, whose offset is not known, read as UTC */
    struct iw_str subject_type; /* "file" | "process" | "component" | "logsource" */
    struct iw_str subject_name;
    struct iw_change change;
    struct iw_text_list why;
    struct iw_evidence_item *evidence; /* in event time */
    size_t n_evidence;
    size_t n_copies_hidden; /* copies past IW_LIMIT_COPIES_SHOWN */
    struct iw_text_list blind;
    struct iw_text_list triage;
    struct iw_str event_json; /* the matched event, flat: a JSON object; empty = no `event` key */

    /* What identity is made of, and whose it is; not shown. */
    struct iw_str anchor; /* event class, time in ms, ProcessGuid or pid */
    size_t rule_account;  /* entry of its rule in the rule account: rules may share id and title */

    bool is_by_server_weighed; /* of a component: its level says already that the web server itself
                                  did it (detect/chain/component_trails.h) */

    /* For the table: the columns a person wants first; empty when the event has none. */
    struct iw_str user;
    struct iw_str pool;     /* application pool of the worker */
    struct iw_str asked_by; /* who asked for the page, by the log of requests */
    struct iw_str detail;   /* command line, file, setting, ... */
};

/** Whether the finding is tagged so: "AN1108". */
bool iw_finding_has_analytic(const struct iw_finding *finding, struct iw_str analytic);

/** Makes the plain id: SHA-256 over schema, rule or analytic, lower-case host, lower-case subject,
 * anchor. Host must be settled. *scratch* is overwritten. IW_OK or IW_ENOMEM. */
enum iw_rc iw_finding_make_id(struct iw_finding *finding, struct iw_buffer *scratch);

/** Whether its first time is known to the second alone: no event of that moment knows better. */
bool iw_finding_tells_seconds(const struct iw_finding *finding);

#endif
