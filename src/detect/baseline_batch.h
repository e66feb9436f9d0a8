/**
 * Batches: web files that are not as in the baseline, all in the same way, as one finding.
 *
 * A release brings pages by the hundred. Those of one site that are new (or otherwise) alike, came
 * within minutes of each other by the same program, account and logon, about which the change
 * records say the same, and of which nothing else is to be said, are told together. What stands out
 * by content, place or name, or is known by a chain, is a finding of its own, and so is what came
 * at another time or by somebody else, and, in a batch too great to be shown whole, what has marks
 * that the rest has not. Of such a batch those are named and shown first that are unlike the rest
 * in something else.
 *
 * Everything lives in the arena given. One thread.
 */
#ifndef IW_DETECT_BASELINE_BATCH_H
#define IW_DETECT_BASELINE_BATCH_H

#include "detect/subject_case.h"

/** So many alike are a batch; fewer are told one by one. */
#define IW_BATCH_FILES 5U

struct iw_batch_member {
    const struct iw_case *named;
    struct iw_finding finding;
    struct iw_str key; /* of what has to be alike */
    int64_t time_ns;   /* when it came: the last writing, else the file's own; may be unknown */
    unsigned odd;      /* in what it is unlike the rest: enum iw_batch_odd (baseline_batch_odd.h) */
};

struct iw_batches {
    struct iw_arena *arena;
    struct iw_batch_member *members;
    size_t n;
    struct iw_finding *findings; /* iw_batches_settle */
    size_t n_findings;
};

/** Room for *n* members. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batches_init(struct iw_batches *batches, struct iw_arena *arena, size_t n);
/** Whether a case may be told with others. After iw_case_finding. */
bool iw_batches_takes(const struct iw_case *named);
/** Its case and finding live as long as the arena. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batches_add(struct iw_batches *batches, const struct iw_case *named,
                          const struct iw_finding *finding);
/** Makes the findings: of batches one each, of the rest their own. The same for the same members in
 * any order. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batches_settle(struct iw_batches *batches);

#endif
