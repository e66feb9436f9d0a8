/**
 * Of a batch (baseline_batch.h), which files are unlike the rest, and in what: hundreds of files of
 * a release are put together because nothing tells them apart, and the one that somebody slipped in
 * is of another kind, lies elsewhere, is run by something else, or came at another moment.
 *
 * A value is odd where hardly any file has it, of few files one alone. If many have values that
 * hardly any other has, a release is as varied as that, and none of them stands out by that: then
 * the values are told together, the rarest first; and where most have, nothing is told, for there
 * is no rest to be unlike.
 */
#ifndef IW_DETECT_BASELINE_BATCH_ODD_H
#define IW_DETECT_BASELINE_BATCH_ODD_H

#include "detect/baseline_batch.h"

/** In what a file is unlike the rest: bits of iw_batch_member.odd. */
enum iw_batch_odd {
    IW_BATCH_ODD_MARKS = 1U << 0, /* what its content, place or name says, but for its age */
    IW_BATCH_ODD_AGE = 1U << 1,   /* it is younger than its neighbours */
    IW_BATCH_ODD_ENDING = 1U << 2,
    IW_BATCH_ODD_HANDLER = 1U << 3, /* what runs it */
    IW_BATCH_ODD_PROCESS = 1U << 4, /* that wrote it last */
    IW_BATCH_ODD_FOLDER = 1U << 5,
    IW_BATCH_ODD_TIME = 1U << 6 /* with a few, a minute and more from all others */
};
#define IW_BATCH_ODD_KINDS 7U

/** Sets `odd` of all members, which are in the order of their times. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batch_find_odd(struct iw_batch_member *members, size_t n, struct iw_arena *arena);
/** The members in the order in which they are shown: those that are unlike the rest in most, those
 * that were asked for, then by path. NULL: no memory. */
const struct iw_batch_member **iw_batch_in_order(const struct iw_batch_member *members, size_t n,
                                                 struct iw_arena *arena);
/** So many values of one kind are told together. */
#define IW_BATCH_VARIED_VALUES 6U
/** "12 of them have each an ending that hardly any other has: .ashx (2), ...": a line for each kind
 * in which more files are unlike the rest than stand out by that. IW_OK or IW_ENOMEM. */
enum iw_rc iw_batch_varied(const struct iw_batch_member *members, size_t n, struct iw_arena *arena,
                           struct iw_text_list *ret);
/** "its ending, its folder"; empty: nothing. p NULL: no memory. */
struct iw_str iw_batch_odd_words(unsigned odd, struct iw_arena *arena);

#endif
