/**
 * Correlations run: matches of rules in the order of event time → findings about several events.
 *
 * Two sides. While events are decoded, whoever matches them asks which rules a correlation stands
 * on (iw_correlate_wants) and keeps of their matches the values named by iw_correlate_carries, as
 * iw_sigma_scanner_carry gives them. Later one correlator is fed these matches of all hosts and
 * files, strictly in the total order (time, channel, record id, content), and tells through a
 * callback where a correlation held.
 *
 * The condition of a correlation is asked at each event that takes part, over the closed window
 * [time - timespan, time]. An *episode* of a group begins at the event at which it holds and ends
 * before the first one at which it does not, or when the window has become empty. What is kept is
 * bounded by what the conditions ask for, not by the number of events (sigma/README.md).
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_H
#define IW_SIGMA_SIGMA_CORRELATE_H

#include "sigma/sigma.h"

/* --- what correlations need of the matches; immutable, any thread
 * -----------------------------------------------------------------------------------------------
 */

/** Correlations that are run: loaded, and standing on loaded rules. Numbered from 0, inner ones
 * before those that stand on them. Correlations only run where iw_sigma_options.runs_correlations
 * was set; otherwise there are none. */
size_t iw_correlate_count(const struct iw_sigma_ruleset *ruleset);
/** What findings of a correlation need. Lives as long as the ruleset. */
const struct iw_sigma_rule *iw_correlate_rule(const struct iw_sigma_ruleset *ruleset,
                                              size_t correlation);
/** A correlation that only others stand on, none of them with `generate`: it is never told. */
bool iw_correlate_is_hidden(const struct iw_sigma_ruleset *ruleset, size_t correlation);

/** Whether another correlation stands on it. */
bool iw_correlate_is_inner(const struct iw_sigma_ruleset *ruleset, size_t correlation);

/** Whether a correlation stands on rule *rule* (an index as the scanner gives it): its matches must
 * reach the correlator. */
bool iw_correlate_wants(const struct iw_sigma_ruleset *ruleset, size_t rule);
/** Whether rule *rule* makes no findings of its own: a correlation stands on it, and none that does
 * has `generate: true`. */
bool iw_correlate_hides(const struct iw_sigma_ruleset *ruleset, size_t rule);

/**
 * What a value is of. One field may have two values in one event: rules of a category see the name
 * of the taxonomy, others the record's own (Security 4688: ProcessId). So values are kept by slot.
 */
struct iw_correlate_slot {
    uint32_t field; /* a name id */
    bool by_taxonomy;
};
size_t iw_correlate_n_slots(const struct iw_sigma_ruleset *ruleset);
struct iw_correlate_slot iw_correlate_slot(const struct iw_sigma_ruleset *ruleset, size_t slot);
/** The slots, ascending, whose values a match of rule *rule* must carry; none if it is not wanted.
 * The host is not among them: `Computer` is always the settled host of the match. */
const uint32_t *iw_correlate_carries(const struct iw_sigma_ruleset *ruleset, size_t rule,
                                     size_t *ret_n);

/** One value of a slot. A slot with several values stands several times; a field that is absent or
 * null does not stand at all. */
struct iw_correlate_value {
    uint32_t slot;
    struct iw_str text; /* UTF-8, as in the event: the correlator folds it */
};

/**
 * The values that matches of *rules* on *event* must carry, by slot. Call it after
 * iw_sigma_scanner_match for the same event. The list and its texts are the scanner's, or the
 * event's, until the next call to the scanner.
 *
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_sigma_scanner_carry(struct iw_sigma_scanner *scanner, const struct iw_event *event,
                                  const uint32_t *rules, size_t n_rules,
                                  const struct iw_correlate_value **ret, size_t *ret_n);

/* --- the correlator; one thread
 * -----------------------------------------------------------------------------------------------
 */

/** All that one event matched of the wanted rules. Borrowed for the call. */
struct iw_correlate_match {
    int64_t time_ns;    /* IW_TIME_UNKNOWN: takes no part, and is counted */
    struct iw_str host; /* settled: the canonical name. Compared exactly */
    /* time_ns is of the host's local clock, whose offset nobody knows: the event takes part among
     * those of this host and clock alone, whatever the group. */
    bool is_local_time;
    uint64_t ordinal;      /* of the event: unique, any order; handed back in reports */
    const uint32_t *rules; /* ascending; rules no correlation wants are passed over */
    size_t n_rules;
    const struct iw_correlate_value *values; /* any order of slots */
    size_t n_values;
};

/** One event a report names. */
struct iw_correlate_evidence {
    uint64_t ordinal;
    int64_t time_ns;
    /* What it stands for: a rule as the scanner numbers them, or a correlation (then the event is
     * the one that completed it). */
    uint32_t rule;
    bool is_correlation;
};

/** A value of the group: `group-by` in the order of the rule. */
struct iw_correlate_key {
    struct iw_str name; /* as the rule writes it: a field or an alias */
    struct iw_str text; /* as the completing event has it; the settled host for Computer */
};

/**
 * Where a correlation held. One for each episode, told when it ended; with fire_every one for each
 * event at which it held. Everything is borrowed for the call.
 */
struct iw_correlate_report {
    size_t correlation;
    const struct iw_correlate_key *key; /* none: without group-by all events are one group */
    size_t n_key;
    struct iw_str host; /* of the completing event; others may be of other hosts */
    bool is_local_time; /* all times are of that host's local clock */
    /* The event at which it began to hold (fire_every: at which it holds). */
    uint64_t completing;
    int64_t completing_ns;
    /* From the earliest event that made it hold to the last one of the episode. */
    int64_t first_ns, last_ns;
    /* What the condition was asked about at the completing event: events, distinct values, rules
     * (temporal), or the sum, average or percentile. Exact: of counts *count* and *number*. */
    bool is_count;
    uint64_t count;
    double number;
    uint64_t n_events; /* that made it hold when it began, and all of the group since; exact */
    uint64_t n_held;   /* events at which it held */
    /* The events that made it hold, in the order of time: for temporal types one for each rule that
     * counted; otherwise those in the window, of more than IW_LIMIT_CORRELATION_EVIDENCE the first
     * and the last half. */
    const struct iw_correlate_evidence *evidence;
    size_t n_evidence;
    uint64_t n_evidence_all; /* how many there were; exact */
};

/** Takes a report. IW_OK; anything else ends the feeding and is what iw_correlator_feed returns. */
typedef enum iw_rc (*iw_correlate_tell)(void *user, const struct iw_correlate_report *report);

struct iw_correlate_options {
    bool fire_every;    /* --correlation-fire every */
    size_t limit_bytes; /* of state; 0: IW_LIMIT_CORRELATION_BYTES */
    iw_correlate_tell tell;
    void *user;
};

/** What became of the matches of one correlation; for the rule account. */
struct iw_correlate_account {
    uint64_t n_events;     /* took part, each group counted */
    uint64_t n_held;       /* held at so many of them */
    uint64_t n_reports;    /* were told */
    uint64_t n_untimed;    /* took no part: the time is unknown */
    uint64_t n_lacking;    /* took no part: a field of group-by is absent, null or empty */
    struct iw_str lacking; /* the first such field, as the rule writes it */
    uint64_t n_no_value;   /* value_*: in the group, without a value (no number) to be counted */
    uint64_t
        n_cut; /* events with more than IW_LIMIT_CORRELATION_TUPLES values: the rest left out */
    /* Groups given up with their open windows because the state reached its limit: from here the
     * correlation may have missed what it would otherwise have told. 0: it is exact. */
    uint64_t n_given_up;
    int64_t given_up_ns; /* the time of the first */
};

struct iw_correlator;

/** *ruleset* must outlive it; *options* is copied. NULL: no memory. */
struct iw_correlator *iw_correlator_new(const struct iw_sigma_ruleset *ruleset,
                                        const struct iw_correlate_options *options);
void iw_correlator_free(struct iw_correlator *correlator);

/**
 * Takes the next event. Times must not fall (asserted): order is the caller's.
 *
 * @return IW_OK; IW_ENOMEM, or what the callback returned: the correlator can then only be freed
 */
enum iw_rc iw_correlator_feed(struct iw_correlator *correlator,
                              const struct iw_correlate_match *match);
/** No event follows: ends all episodes and tells them. Returns as iw_correlator_feed. */
enum iw_rc iw_correlator_finish(struct iw_correlator *correlator);

/** Of correlation *correlation*; valid until it is freed. */
const struct iw_correlate_account *iw_correlator_account(const struct iw_correlator *correlator,
                                                         size_t correlation);
/** The most state that was held at a time, in bytes. */
size_t iw_correlator_peak_bytes(const struct iw_correlator *correlator);

#endif
