/**
 * Why a rule matched an event or did not: the walk through its condition as plain records.
 *
 * Everything lives in the arena it was made in. Texts are those of rule and evidence, not yet
 * printable.
 */
#ifndef IW_RESULT_EXPLANATION_H
#define IW_RESULT_EXPLANATION_H

#include "base/arena.h"
#include "result/explained_correlation.h"

/** In this order AND is the least and OR the greatest; UNKNOWN: a regular expression gave up, or
 * context is not known. */
enum iw_answer { IW_ANSWER_NO = 0, IW_ANSWER_UNKNOWN, IW_ANSWER_YES };

/** "no", "unknown" or "yes"; never NULL. */
const char *iw_answer_name(enum iw_answer answer);

/** One value of an item: what the rule writes, and whether the event has it. */
struct iw_explained_value {
    struct iw_str text;
    enum iw_answer answer;
};

/** What is known of a context field that an item asks for (docs/RULES.md, "Context fields"). */
struct iw_explained_context {
    struct iw_str field;
    bool is_known;               /* with all of its values, of which there may be none */
    bool is_partial;             /* it has these values, and there may be others */
    bool is_assumed;             /* by a configuration of another time, or a default */
    const struct iw_str *values; /* at most IW_EXPLAINED_CONTEXT_VALUES of them */
    size_t n_values;
    size_t n_values_more;
    struct iw_str why;      /* it is not known, or partial; else empty */
    struct iw_str evidence; /* that would tell; else empty */
};

#define IW_EXPLAINED_CONTEXT_VALUES 8U

/** One `field|modifiers: values` pair, or one keyword. */
struct iw_explained_item {
    struct iw_str key; /* as the rule writes it; empty: a keyword */
    uint32_t line;     /* in the rule's file */
    enum iw_answer answer;
    bool is_blamed; /* must change for the rule to match */
    bool is_absent; /* the event has no such field */
    const struct iw_explained_value *values;
    size_t n_values;
    const struct iw_str *event_values; /* at most IW_EXPLAINED_EVENT_VALUES of them */
    size_t n_event_values;
    size_t n_event_values_more;
    const struct iw_explained_context *context; /* fields of context it asks for */
    size_t n_context;
};

#define IW_EXPLAINED_EVENT_VALUES 4U

/** Items that must all hold. */
struct iw_explained_group {
    enum iw_answer answer;
    const struct iw_explained_item *items;
    size_t n_items;
};

enum iw_blame { IW_BLAME_NONE = 0, IW_BLAME_MUST_HOLD, IW_BLAME_MUST_NOT_HOLD };

/** One selection: holds when any of its groups does. */
struct iw_explained_selection {
    struct iw_str name;
    enum iw_answer answer;
    enum iw_blame blame; /* what the condition asks of it and did not get */
    const struct iw_explained_group *groups;
    size_t n_groups;
};

struct iw_explanation {
    enum iw_answer answer;
    size_t n_failing; /* items that would have to be otherwise, at least; 0 when it matched */
    const struct iw_explained_selection *selections;
    size_t n_selections;
    struct iw_text_list changes; /* what would have to change, one sentence each */
};

/** An explained event. */
struct iw_explained_event {
    int64_t time_ns;
    struct iw_str channel, computer, source;
    uint32_t event_id;
    uint32_t source_index; /* position in the evidence, with the offset */
    uint64_t record_id, offset;
    bool is_recovered;
    struct iw_explanation explanation;
};

/** What a selection or an item of the rule did over all events looked at. */
struct iw_explained_count {
    struct iw_str name; /* "selection_parent: ParentImage|endswith" */
    uint64_t n_blamed;  /* events that missed because of it, among others */
};

/** All of `rules explain`. */
struct iw_explain_report {
    struct iw_arena arena;
    bool is_found;            /* the rule; else candidates say which it might be */
    const size_t *candidates; /* entries of the run's rule account */
    size_t n_candidates;
    size_t rule_entry; /* in the run's rule account */
    struct iw_text_list conditions;
    struct iw_text_list wanted_channels; /* of the log source; none: every channel */
    uint64_t n_events;                   /* read */
    uint64_t n_of_source;                /* of the rule's log source, chosen by the options */
    uint64_t n_matched, n_unknown;
    uint64_t n_elsewhere;    /* chosen by --where or --record, but of another log source */
    struct iw_str elsewhere; /* one of them: "Security 4624" */
    bool is_chosen;          /* --where or --record was given */
    const struct iw_explained_event *events; /* matches first, then the nearest misses */
    size_t n_shown;
    const struct iw_explained_count *counts; /* most blamed first */
    size_t n_counts;
    /* Of a correlation: itself, then those it stands on; else none. */
    const struct iw_explained_correlation *correlations;
    size_t n_correlations;
};

void iw_explain_report_init(struct iw_explain_report *report);
void iw_explain_report_done(struct iw_explain_report *report);

#endif
