/**
 * Guessing the word somebody meant.
 */
#ifndef IW_BASE_NEAREST_H
#define IW_BASE_NEAREST_H

#include <stddef.h>

/** The member of *words* (n of them, NULLs passed over) nearest to what was typed, or NULL when
 * none is near. */
const char *iw_nearest_word(const char *typed, const char *const *words, size_t n);

#endif
