/*
 * Arena: blocks in a list, a bump pointer in the current one.
 *
 * Under AddressSanitizer every allocation is followed by a poisoned gap of 8 bytes and a reset
 * poisons the blocks, so that both overruns between neighbours and stale pointers are reported.
 */
#include "base/arena.h"

#include "base/alloc.h"

#ifdef IW_ARENA_WATCHED
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define GAP_BYTES 8U
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define GAP_BYTES 0U
#endif

#define FIRST_BLOCK_BYTES ((size_t)64 * 1024)
#define LARGEST_STEP_BYTES ((size_t)4 * 1024 * 1024)

struct iw_arena_block {
    struct iw_arena_block *next;
    size_t size_bytes;
    uint8_t data[];
};

void iw_arena_init(struct iw_arena *arena, size_t cap_bytes)
{
    memset(arena, 0, sizeof *arena);
    arena->cap_bytes = cap_bytes != 0 ? cap_bytes : SIZE_MAX;
}

void iw_arena_done(struct iw_arena *arena)
{
    struct iw_arena_block *block = arena->first;
    while (block != NULL) {
        struct iw_arena_block *next = block->next;
        UNPOISON(block->data, block->size_bytes);
        iw_free(block);
        block = next;
    }
    memset(arena, 0, sizeof *arena);
}

static void enter_block(struct iw_arena *arena, struct iw_arena_block *block)
{
    arena->current = block;
    arena->at = block->data;
    arena->end = block->data + block->size_bytes;
}

void iw_arena_reset(struct iw_arena *arena)
{
#ifdef IW_ARENA_WATCHED
    for (struct iw_arena_block *block = arena->first; block != NULL; block = block->next)
        POISON(block->data, block->size_bytes);
#endif
    arena->hit_cap = false;
    if (arena->first != NULL)
        enter_block(arena, arena->first);
}

/* The adopted blocks go to the front: those behind the current one are taken for free ones. */
void iw_arena_adopt(struct iw_arena *into, struct iw_arena *from)
{
    struct iw_arena_block *last = from->first;
    size_t cap_bytes = from->cap_bytes;

    if (last == NULL)
        return;
    while (last->next != NULL)
        last = last->next;
    last->next = into->first;
    into->first = from->first;
    into->held_bytes += from->held_bytes;
    if (into->current == NULL) {
        into->current = last;
        into->at = last->data + last->size_bytes;
        into->end = into->at;
    }
    memset(from, 0, sizeof *from);
    from->cap_bytes = cap_bytes;
}

/* A block that holds at least *need* bytes: the next one kept from before a reset, or a new one. */
static bool next_block(struct iw_arena *arena, size_t need)
{
    struct iw_arena_block *block, **link;
    size_t size_bytes = FIRST_BLOCK_BYTES, total;

    while (arena->current != NULL && arena->current->next != NULL) {
        enter_block(arena, arena->current->next);
        if (arena->current->size_bytes >= need)
            return true;
    }
    if (arena->current != NULL && arena->current->size_bytes * 2 <= LARGEST_STEP_BYTES)
        size_bytes = arena->current->size_bytes * 2;
    else if (arena->current != NULL)
        size_bytes = LARGEST_STEP_BYTES;
    if (size_bytes < need)
        size_bytes = need;
    if (__builtin_add_overflow(size_bytes, sizeof *block, &total) ||
        arena->held_bytes > arena->cap_bytes || total > arena->cap_bytes - arena->held_bytes) {
        arena->hit_cap = true;
        return false;
    }
    block = iw_malloc(total);
    if (block == NULL)
        return false;
    block->next = NULL;
    block->size_bytes = size_bytes;
    POISON(block->data, size_bytes);
    link = arena->current != NULL ? &arena->current->next : &arena->first;
    *link = block;
    arena->held_bytes += total;
    enter_block(arena, block);
    return true;
}

void *iw_arena_slow(struct iw_arena *arena, size_t size_bytes)
{
    size_t rounded;
    void *p;
    if (__builtin_add_overflow(size_bytes, (size_t)7 + GAP_BYTES, &rounded))
        return NULL;
    rounded &= ~(size_t)7;
    if (arena->at == NULL || rounded > (size_t)(arena->end - arena->at)) {
        if (!next_block(arena, rounded))
            return NULL;
    }
    p = arena->at;
    arena->at += rounded;
    UNPOISON(p, size_bytes);
    return p;
}

void *iw_arena_calloc(struct iw_arena *arena, size_t n, size_t item_bytes)
{
    size_t size_bytes;
    void *p;
    if (__builtin_mul_overflow(n, item_bytes, &size_bytes))
        return NULL;
    p = iw_arena_alloc(arena, size_bytes);
    if (p != NULL)
        memset(p, 0, size_bytes);
    return p;
}

struct iw_str iw_arena_copy(struct iw_arena *arena, struct iw_str text)
{
    char *p;
    if (text.n == SIZE_MAX)
        return (struct iw_str){NULL, 0};
    p = iw_arena_alloc(arena, text.n + 1);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    if (text.n != 0)
        memcpy(p, text.p, text.n);
    p[text.n] = '\0';
    return (struct iw_str){p, text.n};
}

bool iw_arena_keep(struct iw_arena *arena, struct iw_str *text)
{
    *text = iw_arena_copy(arena, *text);
    return text->p != NULL;
}
