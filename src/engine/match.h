/**
 * An event that rules matched, between pass 1 and pass 2: the payload of a fact of kind
 * IW_FACT_MATCH (order/fact.h). Written once an event, whatever number of rules matched it.
 */
#ifndef IW_ENGINE_MATCH_H
#define IW_ENGINE_MATCH_H

#include "order/order.h"
#include "result/finding.h"
#include "result/ledger.h"
#include "sigma/sigma_correlate.h"

/** A rule that context decided: it matches. */
struct iw_decided_rule {
    uint32_t rule;
    struct iw_text_list why; /* what was known of the context it asked for, a line a field */
};

struct iw_match {
    const uint32_t *rules; /* ascending, as the scanner numbers them */
    size_t n_rules;
    const struct iw_sigma_perhaps *perhaps; /* rules that wait for context, ascending */
    size_t n_perhaps;
    struct iw_str subject;                   /* where there are such: context_subject.h, as bytes */
    const struct iw_correlate_value *values; /* what correlations need of it */
    size_t n_values;
    struct iw_str finding; /* what a finding shows of it (engine/event_finding.h), as a record */

    /* Not written: those of *rules* that context decided, ascending (engine/decisions.h). */
    const struct iw_decided_rule *decided;
    size_t n_decided;
    bool is_link;             /* of a chain, which is told as one finding */
    enum iw_level link_level; /* of that chain, or medium where it is lower */
};

/** Appends *match*, whose finding is *finding*. A failed allocation is remembered by the buffer. */
void iw_match_write(const struct iw_match *match, const struct iw_finding *finding,
                    struct iw_buffer *out);
/** Reads it back; texts are borrowed, lists lie in *arena*. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_match_read(struct iw_str payload, struct iw_arena *arena, struct iw_match *ret,
                         struct iw_error *err);

/**
 * Forms of one record (another dialect, a forwarded copy) may match different rules. Leaves in
 * *match* the rules that *known* has not; *rules* has room for all of its rules.
 */
void iw_match_keep_new_rules(const struct iw_match *known, struct iw_match *match, uint32_t *rules);
/** Adds to *match* rules that context decided, ascending, none of which it has; *decided* is
 * borrowed. Lists lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_match_add_decided(struct iw_match *match, const struct iw_decided_rule *decided,
                                size_t n, struct iw_arena *arena);
/** Adds to *known* the rules of *match*, none of which it has, and values of slots it has not.
 * Lists lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_match_join(struct iw_match *known, const struct iw_match *match,
                         struct iw_arena *arena);

/**
 * What a finding shows of the event of *fact*: time and host as settled, an evidence item for each
 * place it was read from (role `match`, then `copy`), no rule yet. Texts are borrowed from fact and
 * ledger or lie in *arena*. IW_OK, IW_ENOMEM, IW_EIO.
 */
enum iw_rc iw_match_finding(const struct iw_fact *fact, const struct iw_match *match,
                            const struct iw_ledger *ledger, struct iw_arena *arena,
                            struct iw_finding *ret, struct iw_error *err);
/** Adds a line to `why` where not all copies are listed. Call it last. IW_OK or IW_ENOMEM. */
enum iw_rc iw_match_tell_hidden_copies(struct iw_finding *finding, struct iw_arena *arena);

#endif
