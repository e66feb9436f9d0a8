/**
 * Words of code that are written in escapes: `\u0065val`, `&#x65;val`. Inside of this folder only.
 */
#ifndef IW_IIS_WEB_WEB_ESCAPE_H
#define IW_IIS_WEB_WEB_ESCAPE_H

#include "base/str.h"

/** Letters of the longest word that is read. */
#define IW_WEB_ESCAPED_WORD_BYTES 40U

/** Whether the escape at *at* belongs to a word that code of a web shell needs, read with all its
 * escapes. Escapes of other words (addresses, JSON) are ordinary. */
bool iw_web_is_escaped_keyword(struct iw_str text, size_t at);

#endif
