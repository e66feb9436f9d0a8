/*
 * Memory that is given back all at once: texts and small things that live as long as their owner.
 */
#ifndef IW_LAB_ARENA_H
#define IW_LAB_ARENA_H

#include <stddef.h>

struct iw_lab_arena {
    struct iw_lab_arena_block *blocks;
};

/* Zeroed; never NULL. */
void *iw_lab_arena_take(struct iw_lab_arena *arena, size_t n_items, size_t item_bytes);
/* NULL stays NULL. */
char *iw_lab_arena_copy(struct iw_lab_arena *arena, const char *text);
char *iw_lab_arena_print(struct iw_lab_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void iw_lab_arena_done(struct iw_lab_arena *arena);

#endif
