/**
 * Why a correlation held for a group or did not, as plain records.
 *
 * Everything lives in the arena it was made in. Texts are those of rules and evidence, not yet
 * printable.
 */
#ifndef IW_RESULT_EXPLAINED_CORRELATION_H
#define IW_RESULT_EXPLAINED_CORRELATION_H

#include "result/finding.h"

/** What kept a correlation from holding. */
enum iw_miss_kind {
    IW_MISS_ORDER = 0, /* all events are there in one window, in another order */
    IW_MISS_EXCLUDED,  /* an event that must not be there is in the window */
    IW_MISS_WINDOW,    /* it would hold in a longer window */
    IW_MISS_VALUE,     /* the count, or value, came only so near */
    IW_MISS_RULE,      /* no event of a rule in the group */
    IW_MISS_APART,     /* it would hold if one field of `group-by` were not compared */
    IW_MISS_COUNT
};

/** "order", "excluded", "window", "value", "rule" or "apart"; never NULL. */
const char *iw_miss_kind_name(enum iw_miss_kind kind);

/** Events named of one episode or miss, and episodes of one group; all are counted. */
#define IW_EXPLAINED_EVENTS 16U
#define IW_EXPLAINED_EPISODES 8U
/** Groups explained at most, whatever is asked for. */
#define IW_EXPLAINED_GROUPS 1000U

/** One event of an episode or a miss. */
struct iw_explained_step_event {
    struct iw_str step; /* title of the rule or inner correlation it stands for */
    bool is_correlation;
    int64_t time_ns;
    struct iw_str host, channel, source;
    uint32_t event_id;
    uint64_t record_id, offset;
    uint64_t line;       /* 0: none */
    size_t n_copies;     /* further places it was read from */
    struct iw_str value; /* IW_MISS_APART: of the field that differs */
};

/** A time it held. */
struct iw_explained_episode {
    int64_t first_ns, completing_ns, last_ns;
    bool is_count;
    uint64_t count;
    double number;
    uint64_t n_events, n_held;
    const struct iw_explained_step_event *events;
    size_t n_shown;
    uint64_t n_all; /* events that made it hold */
};

/** How near it came. */
struct iw_explained_miss {
    enum iw_miss_kind kind;
    struct iw_str words; /* one sentence */
    int64_t span_ns, needed_ns;
    double number, wanted;
    struct iw_str step;  /* RULE, EXCLUDED: the rule's title */
    struct iw_str field; /* APART: the field of `group-by` */
    const struct iw_explained_step_event *events;
    size_t n_shown;
    uint64_t n_all;
};

struct iw_explained_key {
    struct iw_str name, text;
};

/** One group; for IW_MISS_APART what several groups have in common. */
struct iw_correlated_group {
    const struct iw_explained_key *keys;
    size_t n_keys;
    uint64_t n_events;
    const uint64_t *n_of_step; /* events of each step; NULL: not counted (APART) */
    int64_t first_ns, last_ns;
    const struct iw_explained_episode *episodes;
    size_t n_episodes_shown;
    uint64_t n_episodes;
    struct iw_explained_miss *misses; /* the nearest first */
    size_t n_misses;
    bool is_cut; /* more was open at a time than is held: it may have missed something */
};

/** A rule or correlation of its list. */
struct iw_explained_step {
    struct iw_str title;
    bool is_correlation;
    uint64_t n_matched;    /* events it matched, or events at which the inner one held */
    uint64_t n_in_groups;  /* of them, those that took part */
    uint64_t n_groups;     /* groups with an event of it */
    uint64_t n_lacking;    /* took no part: without a field of `group-by` */
    struct iw_str lacking; /* the first such field */
};

/** One correlation over all of the evidence. */
struct iw_explained_correlation {
    struct iw_str title, type; /* "temporal_ordered" */
    struct iw_str condition;   /* in words; may be empty */
    int64_t span_ns;
    struct iw_str span; /* the same in words */
    struct iw_text_list group_by;
    const struct iw_explained_step *steps;
    size_t n_steps;
    uint64_t n_groups, n_groups_held, n_episodes;
    uint64_t n_untimed, n_no_value, n_cut;
    uint64_t n_given_up; /* groups a hunt gives up for want of memory */
    int64_t given_up_ns;
    bool is_apart_cut;                        /* not all groups apart could be looked at */
    const struct iw_correlated_group *groups; /* that held first, then the nearest misses */
    size_t n_shown;
    const struct iw_correlated_group *apart; /* the nearest first */
    size_t n_apart_shown;
};

#endif
