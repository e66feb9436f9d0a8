/*
 * The lab's arena (see lab_arena.h).
 *
 * What it does: bump allocation in blocks of 64 KiB. What it ignores: giving back single things.
 */
#include "lab/lab_arena.h"

#include "lab/lab_alloc.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES 65536U

struct iw_lab_arena_block {
    struct iw_lab_arena_block *next;
    size_t used, size_bytes;
    alignas(16) uint8_t bytes[];
};

void *iw_lab_arena_take(struct iw_lab_arena *arena, size_t n_items, size_t item_bytes)
{
    size_t want = (n_items * item_bytes + 15) & ~(size_t)15;
    struct iw_lab_arena_block *block = arena->blocks;
    if (block == NULL || block->size_bytes - block->used < want) {
        size_t size_bytes = want > BLOCK_BYTES ? want : BLOCK_BYTES;
        block = iw_lab_alloc_zeroed(1, sizeof *block + size_bytes);
        block->size_bytes = size_bytes;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    void *result = block->bytes + block->used;
    block->used += want;
    return result;
}

char *iw_lab_arena_copy(struct iw_lab_arena *arena, const char *text)
{
    if (text == NULL) {
        return NULL;
    }
    size_t size_bytes = strlen(text) + 1;
    return memcpy(iw_lab_arena_take(arena, size_bytes, 1), text, size_bytes);
}

char *iw_lab_arena_print(struct iw_lab_arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = iw_lab_arena_take(arena, (size_t)(length < 0 ? 0 : length) + 1, 1);
    vsnprintf(text, (size_t)(length < 0 ? 0 : length) + 1, format, again);
    va_end(again);
    return text;
}

void iw_lab_arena_done(struct iw_lab_arena *arena)
{
    while (arena->blocks != NULL) {
        struct iw_lab_arena_block *next = arena->blocks->next;
        iw_lab_alloc_release(arena->blocks);
        arena->blocks = next;
    }
}
