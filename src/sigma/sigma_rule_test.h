/**
 * Rule tests: a YAML list of events that a rule must, or must not, match, and of series of events
 * that a correlation must, or must not, find something in (docs/RULES.md).
 */
#ifndef IW_SIGMA_SIGMA_RULE_TEST_H
#define IW_SIGMA_SIGMA_RULE_TEST_H

#include "event/event.h"
#include "base/yaml_node.h"

/** One test; its texts live in the arena it was read into. */
struct iw_rule_test {
    uint32_t line;
    struct iw_str rule; /* title or id */
    struct iw_str why;
    struct iw_str broken; /* not empty: why it cannot be run as written */
    bool wants_match;
    bool has_event;
    struct iw_event event;
    struct iw_str evidence; /* path beside the test's file; empty: the event is inline */
    uint64_t record_id;     /* 0: any */
    bool counts;            /* `matches`: exactly n_matches events must match */
    uint64_t n_matches;
    struct iw_str configuration; /* path beside the test's file; empty: none */
    /* Of a correlation: its events, each with its time_ns, in the order of the list. */
    struct iw_event *events;
    size_t n_events;
    bool has_events;
    bool counts_findings, counts_groups; /* exactly so many */
    uint64_t n_findings, n_groups;
};

/** Reads all tests of a file, of each of its documents. IW_OK; IW_EFORMAT, IW_ERULE or IW_ELIMIT
 * (not such lists; *err* has the place); IW_ENOMEM. */
enum iw_rc iw_rule_tests_read(struct iw_str yaml, const struct iw_names *names,
                              struct iw_arena *arena, struct iw_rule_test **ret, size_t *ret_n,
                              struct iw_error *err);

/**
 * An event from a flat map: `Channel`, `EventID`, `Provider_Name` and `Computer` make the head,
 * every other key is a field; a list is a field that occurs several times, null a null value.
 * EventID gets the type it has in EVTX (u16), everything else is text. *context* (NULL: none) adds
 * fields in the same way.
 *
 * @return IW_OK; IW_ERULE, *err* says what is no scalar, or an EventID (0 to 65535) or
 * EventRecordID that is none; IW_ENOMEM
 */
enum iw_rc iw_event_from_yaml(const struct iw_yaml_node *map, const struct iw_yaml_node *context,
                              const struct iw_names *names, struct iw_arena *arena,
                              struct iw_event *ret, struct iw_error *err);

/**
 * Events of a correlation from a list. An entry is a map with `event`, and `context`, `time` (a
 * moment, with a zone), `after` (a time span behind the event before) and `repeat` where wanted; or
 * it is the event itself. What has neither time nor `after` comes a second after the one before;
 * the first one stands at 2000-01-01.
 *
 * @return IW_OK; IW_ERULE, *err* says what is wrong and where; IW_ENOMEM
 */
enum iw_rc iw_events_from_yaml(const struct iw_yaml_node *list, const struct iw_names *names,
                               struct iw_arena *arena, struct iw_event **ret, size_t *ret_n,
                               struct iw_error *err);

#endif
