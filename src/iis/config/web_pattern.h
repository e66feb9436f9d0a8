/**
 * Texts of handlers and request filtering against URLs.
 */
#ifndef IW_IIS_WEB_PATTERN_H
#define IW_IIS_WEB_PATTERN_H

#include "base/str.h"

/** Takes the next item of a list off its front, blanks at its ends dropped. *list* is empty after
 * the last. */
struct iw_str iw_web_list_next(struct iw_str *list, char separator);
/**
 * Does the path of a handler fit the URL of a file? `*` stands for any characters; `*.` for a name
 * without a dot. A path without `/` is that of the last part; one with it ends the URL. Several are
 * separated by commas (as httpHandlers allows). ASCII letter case does not count.
 */
bool iw_web_path_fits(struct iw_str paths, struct iw_str url);
/** What stands behind the last slash of a URL, or of the path of a handler: all of it where it has
 * none. */
struct iw_str iw_web_last_part(struct iw_str url);
/** Whether the last part of a handler's path is made of nothing but `*` and dots: it names all
 * files, or (`*.`) all that have no ending. */
bool iw_web_part_is_of_all(struct iw_str part);
/** ".aspx" of the last part, from its last dot; "." where it has none (as request filtering names
 * it). */
struct iw_str iw_web_extension(struct iw_str url);
/** Is one of the parts of the URL this one? */
bool iw_web_has_segment(struct iw_str url, struct iw_str segment);

#endif
