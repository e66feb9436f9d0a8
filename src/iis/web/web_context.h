/**
 * What stands around a literal: whether it is a word, a plain call, a call of what the request
 * brings, or a part of a word written in escapes. Inside of this folder only.
 *
 * No parser: pages mix four languages, and damaged or half-decoded text is text too. Everything
 * looks at most at IW_LIMIT_WEB_ARGUMENT_BYTES bytes.
 */
#ifndef IW_IIS_WEB_WEB_CONTEXT_H
#define IW_IIS_WEB_WEB_CONTEXT_H

#include "base/str.h"
#include "iis/web/web_literal.h"

/** Part of a word of code: ASCII letter, digit, `_`, or a byte that is not ASCII. */
bool iw_web_is_word_byte(char c);

/** Position of *lower* (in lower case) in *text*, letter case ignored, or SIZE_MAX. */
size_t iw_web_find(struct iw_str text, struct iw_str lower);

/** Whether *text* begins with *lower*, letter case ignored. */
bool iw_web_begins(struct iw_str text, struct iw_str lower);

/** Whether a check other than NONE, PHP, SCRIPT and MANY holds for the literal of *n* bytes at
 * *at*. *looked_bytes* grows by what had to be looked at. */
bool iw_web_check_holds(enum iw_web_check check, struct iw_str text, size_t at, size_t n,
                        uint64_t *looked_bytes);

/** Whether what is called at *at* is no method, and is not being declared. */
bool iw_web_is_plain_call(struct iw_str text, size_t at);

#endif
