/**
 * A finding as bytes: what is sorted, and written to the temporary file when memory does not do.
 */
#ifndef IW_RESULT_FINDING_RECORD_H
#define IW_RESULT_FINDING_RECORD_H

#include "base/arena.h"
#include "result/finding.h"

/** Appends all of *finding*. A finding written twice gives the same bytes. */
void iw_finding_record_write(const struct iw_finding *finding, struct iw_buffer *out);
/**
 * Reads one back. Texts are borrowed from *record*, lists lie in *arena*. IW_OK, IW_ENOMEM, IW_EIO
 * (not what was written).
 */
enum iw_rc iw_finding_record_read(struct iw_str record, struct iw_arena *arena,
                                  struct iw_finding *ret, struct iw_error *err);

/** The id in a record, borrowed; empty when it is none. */
struct iw_str iw_finding_record_id(struct iw_str record);
/**
 * Appends the key findings are sorted by: first time, host, id, and what else they say. Texts of
 * which only the head counts are told apart by the rest of the record.
 */
void iw_finding_record_key(const struct iw_finding *finding, struct iw_buffer *out);

#endif
