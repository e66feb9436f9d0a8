/**
 * Spellings that the text of a path does not settle: the device of a volume in place of its letter
 * (`\Device\HarddiskVolume3\inetpub\x`, `\\?\GLOBALROOT\Device\...`, `\\?\Volume{...}\x`), and
 * short names in place of long ones (`C:\PROGRA~1\x`). Both are settled only where exactly one
 * folder of the sites fits, and what comes of it is assumed: no event says which letter a volume
 * has, or which of several names got the short one.
 *
 * Not settled: short names past the fourth of a kind, which NTFS makes of a hash; short names below
 * the folder of the site; mount points, whose targets stand in no event. Pure; any thread.
 */
#ifndef IW_DETECT_FILE_SPELLING_H
#define IW_DETECT_FILE_SPELLING_H

#include "context/web_places.h"

/** Whether a path in normal form begins with the device of a volume. */
bool iw_file_is_on_device(struct iw_str path);

/**
 * @param path  in normal form (iw_web_file_path_read), with a device or short names
 * @param ret   the path that is assumed, in *arena*; empty: no folder fits, or several do, or the
 *              path needs no settling
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_file_spelling_settle(const struct iw_web_state *state, struct iw_str path,
                                   struct iw_arena *arena, struct iw_str *ret);

#endif
