/**
 * Bytes of a log as text.
 */
#ifndef IW_INPUT_IISLOG_IISLOG_TEXT_H
#define IW_INPUT_IISLOG_IISLOG_TEXT_H

#include "base/arena.h"

/**
 * *text* as valid UTF-8: itself where it is, else a copy with U+FFFD for every bad byte
 * (*ret_repaired). p NULL: no memory.
 */
struct iw_str iislog_text_utf8(struct iw_str text, struct iw_arena *arena, bool *ret_repaired);

#endif
