/**
 * Why a correlation held or did not, group by group: its episodes, or what it came nearest to.
 *
 * An inquiry is fed as a correlator is. What reaches the correlation is heard from a correlator
 * that runs like that of a hunt, sorted by group (base/sorter.h), and then looked at one group at a
 * time, so that neither their number nor the size of one is bounded by memory. Of each group the
 * correlation is run once more as it is, and with one demand less (sigma_correlate_trial.h). The
 * result is the same whatever the memory there was.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_EXPLAIN_H
#define IW_SIGMA_SIGMA_CORRELATE_EXPLAIN_H

#include "base/sorter.h"
#include "result/explained_correlation.h"
#include "sigma/sigma_correlate.h"

/** Events named: at most IW_EXPLAINED_EVENTS, of more the first and the last half. */
struct iw_correlate_named {
    struct iw_correlate_evidence *items;
    size_t n;
    uint64_t n_all;
};

struct iw_correlate_episode_told {
    int64_t first_ns, completing_ns, last_ns;
    bool is_count;
    uint64_t count;
    double number;
    uint64_t n_events, n_held;
    struct iw_correlate_named events;
};

struct iw_correlate_miss {
    enum iw_miss_kind kind;
    struct iw_correlate_named events;
    uint64_t completing; /* ordinal of the last event of the attempt */
    int64_t completing_ns;
    int64_t span_ns, needed_ns; /* the rule's timespan, and what the attempt takes */
    double number;              /* VALUE: what was reached; temporal types: how many rules */
    double wanted;              /* VALUE: the bound that was missed */
    size_t at;                  /* RULE, EXCLUDED: the step; APART: the field of group-by */
};

struct iw_correlate_group_told {
    struct iw_arena arena;
    const struct iw_correlate_key *key;
    size_t n_key;
    uint64_t n_events;
    const uint64_t *n_of_step; /* NULL for groups apart */
    int64_t first_ns, last_ns;
    const struct iw_correlate_episode_told *episodes; /* the first IW_EXPLAINED_EPISODES */
    size_t n_episodes;
    uint64_t n_episodes_all;
    struct iw_correlate_miss *misses; /* the nearest first; none when it held */
    size_t n_misses;
    bool is_cut; /* more was in a window at a time than is held */
};

struct iw_correlate_step_told {
    uint32_t rule; /* as in evidence */
    bool is_correlation;
    uint64_t n_matched;   /* events, or those at which an inner correlation held */
    uint64_t n_in_groups; /* of them, those that took part */
    uint64_t n_groups;
    uint64_t n_lacking;
    struct iw_str lacking; /* the first such field, as the rule writes it */
};

struct iw_correlate_told {
    const struct iw_correlate_step_told *steps;
    size_t n_steps;
    uint64_t n_groups, n_groups_held, n_episodes;
    const struct iw_correlate_group_told *groups; /* that held, by time; then the nearest misses */
    size_t n;
    const struct iw_correlate_group_told *apart;
    size_t n_apart;
    bool is_apart_cut;
    const struct iw_correlate_account *account; /* as of a hunt with these rules */
};

struct iw_correlate_inquiry;

/**
 * Of correlation *correlation*; *ruleset* and *spill* outlive it.
 *
 * @param limit  groups told, and groups apart; at most IW_EXPLAINED_GROUPS
 * @return NULL: no memory
 */
struct iw_correlate_inquiry *iw_correlate_inquiry_new(const struct iw_sigma_ruleset *ruleset,
                                                      size_t correlation, struct iw_spill *spill,
                                                      size_t budget_bytes, size_t limit);
void iw_correlate_inquiry_free(struct iw_correlate_inquiry *inquiry);
/** Takes the next event, as iw_correlator_feed; ordinals rise. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_correlate_inquiry_feed(struct iw_correlate_inquiry *inquiry,
                                     const struct iw_correlate_match *match, struct iw_error *err);
/** No event follows: looks at all groups. *ret is the inquiry's. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_correlate_inquiry_finish(struct iw_correlate_inquiry *inquiry,
                                       const struct iw_correlate_told **ret, struct iw_error *err);

/** Marks the rules *correlation* stands on, itself or through others, in *rules*; itself and those
 * others in *inner*. Both have a place for each rule and correlation, false before. */
void iw_correlate_mark_rules(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                             bool *rules, bool *inner);
/** What an event has of field *field* of the `group-by` of a correlation; empty: nothing.
 * Borrowed. */
struct iw_str iw_correlate_group_value(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                                       size_t field, const struct iw_correlate_match *match);

/** What a correlation asks for. */
struct iw_correlate_form {
    struct iw_str type;      /* "event_count" */
    struct iw_str condition; /* "at least 5 events"; lies in the arena */
    int64_t span_ns;
    bool is_temporal, is_ordered, counts_values;
    struct iw_text_list group_by, fields;
};
/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_form(const struct iw_sigma_ruleset *ruleset, size_t correlation,
                             struct iw_arena *arena, struct iw_correlate_form *ret);

#endif
