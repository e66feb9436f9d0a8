/*
 * The one place where the lab takes memory from the C library.
 *
 * The lab makes trusted test evidence, so running out of memory ends the process: a half-written
 * evidence file is worse than none. Nothing of the product links this.
 */
#ifndef IW_LAB_ALLOC_H
#define IW_LAB_ALLOC_H

#include <stddef.h>

/* Zeroed memory of n_items * item_bytes; never NULL. The caller owns it and gives it to
 * iw_lab_alloc_release(). */
void *iw_lab_alloc_zeroed(size_t n_items, size_t item_bytes);

/* Grows or shrinks a block; old may be NULL. New bytes are not zeroed. Never NULL. */
void *iw_lab_alloc_resize(void *old, size_t n_items, size_t item_bytes);

/* A copy of size_bytes bytes of text with a NUL behind it. */
char *iw_lab_alloc_text(const char *text, size_t size_bytes);

/* Accepts NULL. */
void iw_lab_alloc_release(void *block);

#endif
