/**
 * Where on the system drive a file lies: what tells Windows' own folder from one that somebody made
 * deep inside of another and named like it (`C:\inetpub\wwwroot\Windows\Servicing\`).
 *
 * Pure; no memory; any thread. Letter case of ASCII is ignored.
 */
#ifndef IW_DETECT_DRIVE_PATH_H
#define IW_DETECT_DRIVE_PATH_H

#include "base/str.h"

/**
 * What stands behind the root of the system drive: `Windows\System32\cmd.exe` of
 * `C:\Windows\System32\cmd.exe`, also behind `\??\` and `\\?\`. C: is taken to be that drive, as
 * `%SystemDrive%` is elsewhere (iis/config/server_path.h): on others, whoever has an account may
 * often make a folder `Windows` of his own. Empty: another drive, a volume, another machine, no
 * whole path, or not in the form Windows makes of it (`/`, `..`, `\\` within): then its text does
 * not tell where the file lies. Borrowed.
 */
struct iw_str iw_path_behind_system_drive(struct iw_str path);

/**
 * Whether a file lies in one of *n* folders, which are written from the root of the drive on:
 * `windows\system32` is that folder alone, `windows\winsxs\` (a separator at its end) also what is
 * below it. `*` stands for any characters within one name. A NULL among them ends the list.
 */
bool iw_path_is_in_one_of(struct iw_str path, const char *const *folders, size_t n);
#define IW_PATH_IN(path, folders)                                                                  \
    iw_path_is_in_one_of(path, folders, sizeof(folders) / sizeof(folders)[0])

#endif
