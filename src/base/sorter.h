/**
 * Sorting more than memory may hold.
 *
 * Records are a key and a payload, both plain bytes. They come back in the byte order of their keys
 * and, among equal keys, of their payloads (iw_str_compare): the result is the same whatever the
 * order they came in, the threads they came from, and the memory they had. Equal records all come
 * back.
 *
 * Threads add through feeds of their own. A feed sorts what it holds and writes it to the temporary
 * file when it passes its share of the budget; while everything fits, the file is not touched.
 * Reading merges what is in the file and what is in memory; it may be done again and again.
 *
 * The memory used is about the budget while adding and, beside what is then held, about the budget
 * again while reading; one record more where a record is larger than a buffer.
 */
#ifndef IW_BASE_SORTER_H
#define IW_BASE_SORTER_H

#include "base/spill.h"

struct iw_sorter;
struct iw_sorter_feed;
struct iw_sorted;

/** *spill* lives longer than the sorter. NULL: no memory. */
struct iw_sorter *iw_sorter_new(struct iw_spill *spill, size_t budget_bytes);
/** Frees it and its feeds, releases its space. Readings were closed before. */
void iw_sorter_free(struct iw_sorter *sorter);

/** One more feed, owned by the sorter; made by one thread at a time and before others add. NULL: no
 * memory. */
struct iw_sorter_feed *iw_sorter_feed_new(struct iw_sorter *sorter);
/**
 * Adds a record (copied). One thread at a time a feed.
 *
 * @return IW_OK; IW_ENOMEM; IW_ELIMIT (4 GiB or more); IW_EIO: the temporary file cannot be
 * written: the feed takes nothing more, but all it took is still there
 */
enum iw_rc iw_sorter_add(struct iw_sorter_feed *feed, struct iw_str key, struct iw_str payload,
                         struct iw_error *err);

/** Ends the adding. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sorter_finish(struct iw_sorter *sorter);
/**
 * Begins to read, from the start.
 *
 * @param is_last  what was read is released: nothing of this sorter is read afterwards
 * @param ret      closed with iw_sorted_close
 * @return IW_OK, IW_ENOMEM, IW_EIO
 */
enum iw_rc iw_sorter_open(struct iw_sorter *sorter, bool is_last, struct iw_sorted **ret,
                          struct iw_error *err);
/** The next record, borrowed until the next call. IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_sorted_next(struct iw_sorted *sorted, struct iw_str *ret_key,
                          struct iw_str *ret_payload, struct iw_error *err);
/** NULL is fine. */
void iw_sorted_close(struct iw_sorted *sorted);

#endif
