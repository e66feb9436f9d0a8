/**
 * The bytes of a configuration file as UTF-8 text.
 */
#ifndef IW_IIS_CONFIG_DECODE_H
#define IW_IIS_CONFIG_DECODE_H

#include "base/arena.h"

struct iw_config_text {
    struct iw_str text;   /* UTF-8 without a mark; bad bytes of UTF-8 are left for the parser */
    const char *encoding; /* "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"; static */
    size_t n_replaced;    /* UTF-16 units that are no text: U+FFFD now, or a cut last byte */
};

/**
 * The mark at the start decides; without one, zero bytes beside the first `<`; without these it is
 * UTF-8, unless it is not valid and its declaration names an 8-bit encoding. Texts lie in *arena*
 * or borrow from *bytes*. False only when there is no memory.
 */
bool iw_config_decode(struct iw_str bytes, struct iw_arena *arena, struct iw_config_text *ret);

#endif
