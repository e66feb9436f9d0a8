/**
 * When a folder whose audit list was taken away is audited again: what was written elsewhere shows
 * nothing of it. Inside of this room only.
 *
 * Folders that are asked about, samples and switches may all be many. Samples are found by their
 * folder; of each folder that a list was taken from, from when on everything is audited again is
 * worked out once, for all moments.
 */
#ifndef IW_COVERAGE_FOLDER_AUDIT_H
#define IW_COVERAGE_FOLDER_AUDIT_H

#include "base/error.h"
#include "base/map.h"
#include "result/telemetry.h"

/** Of one log and one list of folders; one thread's. */
struct iw_folder_audits {
    struct iw_arena *arena;
    const struct iw_telemetry_channel *channel;
    struct iw_str *asked; /* in order, so that what lies below a folder is in one place */
    size_t n_asked;
    struct iw_map samples;   /* folder → sample of files */
    struct iw_map by_folder; /* folder of a list → what is known of it */
};

/** The folded path of the object of an event; empty: which folder that is the event does not say,
 * or not so that it could be told from others (the device of a volume, a short name). IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_folder_audit_key(struct iw_str written, struct iw_arena *arena, struct iw_str *ret);
/** *asked*: keys of folders that somebody asks about. Keeps *channel* and *arena*;
 * iw_folder_audits_done is due whatever is returned. IW_OK or IW_ENOMEM. */
enum iw_rc iw_folder_audits_init(struct iw_folder_audits *audits,
                                 const struct iw_telemetry_channel *channel,
                                 const struct iw_str *asked, size_t n_asked,
                                 struct iw_arena *arena);
/** Also of one that is all zero. */
void iw_folder_audits_done(struct iw_folder_audits *audits);
/**
 * From when on samples show that everything that is asked about and that the folder takes part in
 * is audited again: an asked folder at or below it by a sample of that folder or one above, in a
 * part of time that begins more than IW_SWITCH_CONFIRMED_NS later; a folder inside of an asked one
 * by none, for of which folder inside a sample is nobody knows.
 *
 * @param folder       its key, not empty; lives as long as *audits*
 * @param ret_is_part  false: it has nothing to do with any of them
 * @param ret_again    INT64_MAX: never; off_ns where it is no part
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_folder_audits_again(struct iw_folder_audits *audits, struct iw_str folder,
                                  int64_t off_ns, bool *ret_is_part, int64_t *ret_again);

#endif
