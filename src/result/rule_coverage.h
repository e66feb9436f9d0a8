/**
 * Which rules could have matched on which host, as plain records (contract: docs/DATA-MODEL.md,
 * `iiswarden.rule-coverage/1`): for each host how many rules are able, partly so, not proved or
 * blind, and why, rules of one reason together.
 *
 * Filled by coverage/ and engine/, shown by `coverage --by-rule` and, in short, by `hunt`.
 */
#ifndef IW_RESULT_RULE_COVERAGE_H
#define IW_RESULT_RULE_COVERAGE_H

#include "base/arena.h"
#include "base/error.h"

/** Whether a rule could have matched an event of a host. The later one prevails where several
 * sources of events would do. */
enum iw_sight {
    IW_SIGHT_BLIND = 0,  /* none of its logs is there, or its events lack what it asks for */
    IW_SIGHT_NOT_PROVED, /* a log is there, with no event of its kind: perhaps none happened */
    IW_SIGHT_PARTLY,     /* such events are there, and their logs have gaps in the window */
    IW_SIGHT_ABLE,       /* such events are there, in the whole window */
    IW_SIGHT_COUNT
};

/** "blind", "not-proved", "partly", "able"; never NULL. */
const char *iw_sight_name(enum iw_sight sight);

/** Rules that are seen alike for the same reason. */
struct iw_rule_reason {
    enum iw_sight sight;
    struct iw_str why;     /* one line, always */
    uint64_t n_rules;      /* all of them */
    const uint32_t *rules; /* their entries in the rule account, the first ones */
    size_t n_listed;
};

struct iw_rule_coverage_host {
    struct iw_str host;
    int64_t from_ns, to_ns; /* the window; IW_TIME_UNKNOWN: nothing of the host has a time */
    uint64_t n_rules[IW_SIGHT_COUNT];
    const struct iw_rule_reason *reasons; /* by sight, number of rules (most first), why */
    size_t n_reasons;
    uint64_t n_reasons_hidden, n_rules_hidden; /* past the limit; counted above */
};

struct iw_rule_coverage {
    struct iw_arena arena;
    const struct iw_rule_coverage_host *hosts; /* by name */
    size_t n_hosts;
    uint64_t n_rules; /* that were looked at */
};

void iw_rule_coverage_init(struct iw_rule_coverage *coverage);
void iw_rule_coverage_done(struct iw_rule_coverage *coverage);

#endif
