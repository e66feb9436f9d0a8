/**
 * Windows paths as configuration writes them: `%SystemDrive%\inetpub`, `\\?\D:\web\`, `C:/x/../y`.
 */
#ifndef IW_IIS_SERVER_PATH_H
#define IW_IIS_SERVER_PATH_H

#include "base/arena.h"

struct iw_server_path {
    struct iw_str written; /* borrowed */
    struct iw_str path;    /* variables replaced, in normal form: `C:\x`, `\\srv\share\x`, `C:\` */
    struct iw_str key;     /* folded, no separator at its end; equal keys are one path */
    bool is_resolved;      /* false: a variable has no usual value and stands as it was written */
};

/**
 * Replaces `%variables%` by the values a process of an ordinary installation on C: has (*is_32: a
 * 32-bit one, where `%ProgramFiles%` is another folder) and brings the path into normal form:
 * `\\?\` goes, `/` is `\`, `.` and `..` are resolved. As Windows does it, spaces and dots at the
 * end of the path go, and one dot at the end of a folder's name; all others stay, so that
 * `C:\Windows \x` and `C:\Windows\...\x` are other paths than `C:\Windows\x`. Behind `\\?\` names
 * stay as they are. Texts lie in *arena*. False only when there is no memory.
 */
bool iw_server_path_read(struct iw_str text, bool is_32, struct iw_arena *arena,
                         struct iw_server_path *ret);
/**
 * The path of a file that was found: `%` begins no variable, and dots and spaces at the end of a
 * name stay. `C:\x.\y` is no spelling of `C:\x\y` there but another folder, made around the rules
 * of Windows, and must not be taken for it. False only when there is no memory.
 */
bool iw_server_path_of_file(struct iw_str text, struct iw_arena *arena, struct iw_server_path *ret);
/**
 * Whether a name in a path, in normal form, ends with a dot or a space (three dots and more are
 * such a name): a folder or file made around the rules of Windows, to be taken for the one without
 * them.
 */
bool iw_server_path_is_odd(struct iw_str path);
/** Is the path with that key the folder *above*, or inside of it? */
bool iw_server_path_covers(struct iw_str above, struct iw_str key);

#endif
