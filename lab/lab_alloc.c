/*
 * Memory of the lab: thin wrappers over the C library that never return NULL.
 *
 * What it does: checked multiplication, zeroing, and one message with an abort when memory is gone.
 * Why so blunt: see lab_alloc.h; the lab is a test tool with trusted input.
 * What it ignores: alignment beyond malloc's, arenas, statistics.
 */
#include "lab/lab_alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check_block(void *block)
{
    if (block == NULL) {
        fputs("iiswarden-lab: out of memory\n", stderr);
        abort();
    }
    return block;
}

void *iw_lab_alloc_zeroed(size_t n_items, size_t item_bytes)
{
    return check_block(calloc(n_items == 0 ? 1 : n_items, item_bytes == 0 ? 1 : item_bytes));
}

void *iw_lab_alloc_resize(void *old, size_t n_items, size_t item_bytes)
{
    return check_block(
        reallocarray(old, n_items == 0 ? 1 : n_items, item_bytes == 0 ? 1 : item_bytes));
}

char *iw_lab_alloc_text(const char *text, size_t size_bytes)
{
    char *copy = iw_lab_alloc_zeroed(size_bytes + 1, 1);
    if (size_bytes > 0) {
        memcpy(copy, text, size_bytes);
    }
    return copy;
}

void iw_lab_alloc_release(void *block)
{
    free(block);
}
