/**
 * Texts made in an arena. p NULL: no memory.
 */
#ifndef IW_BASE_ARENA_TEXT_H
#define IW_BASE_ARENA_TEXT_H

#include <stdarg.h>

#include "base/arena.h"

/** vsnprintf, of any length; a NUL that is not counted stands behind. *args* is used up. */
struct iw_str iw_arena_vformat(struct iw_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
/** The same from arguments. */
struct iw_str iw_arena_format(struct iw_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** A copy in ASCII lower case, without a NUL behind. */
struct iw_str iw_arena_lower(struct iw_arena *arena, struct iw_str text);

#endif
