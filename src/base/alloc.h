/**
 * Memory from the system: the only place that calls malloc, so that a test can fail any one
 * allocation.
 *
 * All functions return NULL when there is no memory (or when a test asked for it). A request of 0
 * bytes returns a valid pointer. Thread-safe.
 */
#ifndef IW_BASE_ALLOC_H
#define IW_BASE_ALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *iw_malloc(size_t size_bytes) __attribute__((malloc));
/** Zeroed memory for *n* items; NULL also when n * size_bytes overflows. */
void *iw_calloc(size_t n, size_t size_bytes);
/** As realloc; *p* may be NULL. On failure the old block stays valid. */
void *iw_realloc(void *p, size_t size_bytes);
void iw_free(void *p);
/** Copies a NUL-terminated string; free with iw_free. */
char *iw_strdup(const char *text);

/**
 * Makes room for *need* items in a growing array, at least doubling it.
 *
 * @param items     address of the array pointer; may point to NULL when *cap is 0
 * @param cap       capacity in items, updated
 * @return false when there is no memory or the size overflows; the array is then unchanged
 */
bool iw_array_reserve(void *items, size_t *cap, size_t need, size_t item_bytes);

/**
 * Fault injection for tests (only where IW_FAULT_INJECTION is defined; otherwise does nothing): the
 * *n*-th allocation from now fails, once (n = 1: the next one). 0 switches it off.
 */
void iw_alloc_fail_at(uint64_t n);
/** Number of allocations asked for since the last iw_alloc_fail_at. 0 where fault injection is not
 * built in. */
uint64_t iw_alloc_count(void);

#endif
