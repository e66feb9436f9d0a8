/**
 * What must be known of a host beside its links to read its spans rightly: that its clock was set,
 * that times of an export are corrected or cannot be, of which web roots no file is in evidence,
 * what canaries did not show.
 */
#ifndef IW_COVERAGE_RECORD_NOTES_H
#define IW_COVERAGE_RECORD_NOTES_H

#include "coverage/link_state.h"

/**
 * Lists them, one line each, at most IW_LIMIT_COVERAGE_REASONS of a kind and a count of the rest.
 *
 * @param n_of_canaries  findings about canaries, which the record does not count
 * @param work           scratch
 * @param arena          of the texts
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_record_notes_make(const struct iw_link_host *host, uint64_t n_of_canaries,
                                struct iw_arena *work, struct iw_arena *arena,
                                struct iw_text_list *ret);

#endif
