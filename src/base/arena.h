/**
 * Arena: many small allocations that die together.
 *
 * Memory comes in blocks; iw_arena_reset() keeps the blocks for the next batch, so a warm arena
 * never calls malloc. A pointer from an arena is valid until its next reset or iw_arena_done(),
 * whatever else is allocated meanwhile: blocks never move. One thread at a time. Under
 * AddressSanitizer memory is poisoned on reset, so that a pointer kept too long is found by the
 * tests.
 */
#ifndef IW_BASE_ARENA_H
#define IW_BASE_ARENA_H

#include "base/str.h"

#if defined(__SANITIZE_ADDRESS__)
#define IW_ARENA_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IW_ARENA_WATCHED 1
#endif
#endif

struct iw_arena_block;

struct iw_arena {
    struct iw_arena_block *first;
    struct iw_arena_block *current;
    uint8_t *at;
    uint8_t *end;
    size_t held_bytes; /* blocks owned */
    size_t cap_bytes;  /* hard cap; an allocation beyond it fails */
    bool hit_cap; /* one did, since the last reset: the limit was reached, memory was not short */
};

/** Makes an empty arena that will hold at most *cap_bytes* (0 = no cap). Allocates nothing. */
void iw_arena_init(struct iw_arena *arena, size_t cap_bytes);
/** Frees everything. A zeroed or already finished arena is fine. */
void iw_arena_done(struct iw_arena *arena);
/** Forgets every allocation, keeps the blocks. */
void iw_arena_reset(struct iw_arena *arena);
/**
 * Moves all memory of *from* into *into*: pointers into either stay valid as long as *into* lives.
 * *from* is empty afterwards and may be used on. Allocates nothing, cannot fail; the cap of *into*
 * is not asked.
 */
void iw_arena_adopt(struct iw_arena *into, struct iw_arena *from);

/** *size_bytes* of uninitialised memory aligned to 8; NULL when there is no memory or the cap is
 * reached. */
void *iw_arena_slow(struct iw_arena *arena, size_t size_bytes);

static inline void *iw_arena_alloc(struct iw_arena *arena, size_t size_bytes)
{
#ifndef IW_ARENA_WATCHED
    size_t rounded = (size_bytes + 7U) & ~(size_t)7U;
    /* One less than asked: nothing at all (0, or past the largest size) takes the slow way. */
    if (rounded - 1 < (size_t)(arena->end - arena->at)) {
        void *p = arena->at;
        arena->at += rounded;
        return p;
    }
#endif
    return iw_arena_slow(arena, size_bytes);
}

/** Zeroed memory for *n* items of *item_bytes*; NULL also on overflow. */
void *iw_arena_calloc(struct iw_arena *arena, size_t n, size_t item_bytes);
/** Copies bytes and adds a NUL that is not counted. Returns a string with p == NULL when there is
 * no memory. */
struct iw_str iw_arena_copy(struct iw_arena *arena, struct iw_str text);
/** Makes *text* a copy in *arena*; false when there is no memory. */
bool iw_arena_keep(struct iw_arena *arena, struct iw_str *text);

#endif
