/**
 * Static marks of one web file, from its bytes: what it calls, what it hides, how it is written.
 *
 * Nothing is executed, and no language is parsed: one pass finds literals, and what stands around
 * each decides. What is said of many languages is said here once; a mark that is missing proves
 * nothing. Looks at no more than IW_LIMIT_WEB_SCAN_BYTES and says when there were more.
 */
#ifndef IW_IIS_WEB_WEB_MARKS_H
#define IW_IIS_WEB_WEB_MARKS_H

#include "iis/web/web_mark.h"

/**
 * Finds the marks of *bytes*. Lines are those of the text as decoded.
 *
 * @param scratch  holds what is decoded; nothing of the result points into it
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_web_marks_read(struct iw_str bytes, struct iw_arena *scratch,
                             struct iw_web_mark_set *ret);

#endif
