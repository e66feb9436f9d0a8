/**
 * All findings of a run: put in any order, read in theirs, however many there are.
 *
 * They are kept as records in a sorter (base/sorter.h): in memory while that does, in the temporary
 * file of the run beyond it. Order is by (first time, host, id); equal ids are told apart by "-2",
 * "-3" in order of time, host and content. Neither depends on the order they were put in.
 *
 * Put by one thread at a time, then settled, then read.
 */
#ifndef IW_RESULT_FINDINGS_H
#define IW_RESULT_FINDINGS_H

#include "base/arena.h"
#include "base/sorter.h"
#include "result/finding.h"

struct iw_findings {
    uint64_t n;
    uint64_t n_by_level[IW_LEVEL_COUNT];
    struct iw_spill *spill; /* also for whoever sorts findings in another way */
    size_t budget_bytes;    /* of memory, for one sorting; before the first is put */
    /* private */
    struct iw_sorter *sorter;
    struct iw_sorter_feed *feed;
    struct iw_sorter *numbers; /* position → number, of those whose id has one; may be NULL */
    struct iw_buffer key, record;
};

/** *spill* lives longer. Allocates nothing. */
void iw_findings_init(struct iw_findings *findings, struct iw_spill *spill, size_t budget_bytes);
void iw_findings_done(struct iw_findings *findings);
/**
 * Adds a copy of *finding*; its id is made here. Host must be settled.
 *
 * @return IW_OK; IW_ENOMEM; IW_ELIMIT; IW_EIO: the temporary file cannot be written; what was put
 * so far is there and can be settled and read
 */
enum iw_rc iw_findings_put(struct iw_findings *findings, struct iw_finding *finding,
                           struct iw_error *err);
/** Puts them in order and numbers equal ids. Call once. IW_OK; IW_ENOMEM; IW_EIO: they can be read,
 * but equal ids are not told apart. */
enum iw_rc iw_findings_settle(struct iw_findings *findings, struct iw_error *err);

/** A place in the settled findings. */
struct iw_finding_cursor {
    struct iw_sorted *sorted, *numbers;
    struct iw_arena arena;
    struct iw_finding finding;
    uint64_t position; /* findings read so far */
    uint64_t numbered; /* position of the next one with a number, UINT64_MAX: none */
    uint32_t number;
};

/** Stands before the first finding. iw_finding_cursor_done is needed in every case. IW_OK,
 * IW_ENOMEM, IW_EIO. */
enum iw_rc iw_finding_cursor_init(struct iw_finding_cursor *cursor,
                                  const struct iw_findings *findings, struct iw_error *err);
void iw_finding_cursor_done(struct iw_finding_cursor *cursor);
/** The next finding, borrowed until the next call; it may be changed. IW_OK, IW_END, IW_ENOMEM,
 * IW_EIO. */
enum iw_rc iw_finding_cursor_next(struct iw_finding_cursor *cursor, struct iw_finding **ret,
                                  struct iw_error *err);

#endif
