/**
 * When a folder whose audit list was taken away is audited again: what was written elsewhere shows
 * nothing of it. Inside of this room only.
 */
#ifndef IW_COVERAGE_FOLDER_AUDIT_H
#define IW_COVERAGE_FOLDER_AUDIT_H

#include "base/error.h"
#include "result/telemetry.h"

/** The folded path of the object of an event; empty: which folder that is the event does not say,
 * or not so that it could be told from others (the device of a volume, a short name). IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_folder_audit_key(struct iw_str written, struct iw_arena *arena, struct iw_str *ret);
/**
 * From when on samples show that everything of *asked* that the folder takes part in is audited
 * again: an asked folder at or below it by a sample of that folder or one above, in a part of time
 * that begins later; a folder inside of an asked one by none, for of which folder inside a sample
 * is nobody knows.
 *
 * @param folder     its key, not empty
 * @param asked      keys of folders that somebody asks about
 * @param ret_again  INT64_MAX: never
 * @return false: it has nothing to do with any of them
 */
bool iw_folder_audit_again(const struct iw_telemetry_channel *channel, struct iw_str folder,
                           const struct iw_str *asked, size_t n_asked, int64_t off_ns,
                           int64_t *ret_again);

#endif
