/**
 * The text of a page whatever it is encoded in. Inside of this folder only.
 */
#ifndef IW_IIS_WEB_WEB_TEXT_H
#define IW_IIS_WEB_WEB_TEXT_H

#include "base/arena.h"

/** *bytes* themselves where they are of one byte a character, else their UTF-16 (with a mark of
 * byte order, or with a zero in nearly every second byte) as UTF-8. p NULL: no memory. */
struct iw_str iw_web_text_of(struct iw_str bytes, struct iw_arena *arena, bool *ret_is_utf16);

/** UTF-7 (RFC 2152) as UTF-8: what is no UTF-7 stays as it stands. p NULL: no memory. */
struct iw_str iw_web_utf7(struct iw_str text, struct iw_arena *arena);

/** Whether it begins with the mark of UTF-7 ("+/v8", "+/v9", "+/v+", "+/v/"). */
bool iw_web_has_utf7_mark(struct iw_str text);

#endif
