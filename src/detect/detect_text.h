/**
 * Texts as judgments ask for them.
 */
#ifndef IW_DETECT_DETECT_TEXT_H
#define IW_DETECT_DETECT_TEXT_H

#include "base/str.h"

/** Whether an account, by its name or SID, is one of Windows' own: SYSTEM, the services. */
bool iw_account_is_of_windows(struct iw_str account);

/* What a path says of the place. */
bool iw_path_is_remote(struct iw_str path);
bool iw_path_is_inetsrv(struct iw_str path);
/** Folders in which users, services or pools may write by default; NULL: none of them. Static, for
 * people. */
const char *iw_path_writable_place(struct iw_str path);
/** Whether *path* lies below *folder*. */
bool iw_path_is_below(struct iw_str path, struct iw_str folder);

#endif
