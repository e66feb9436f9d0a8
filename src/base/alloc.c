/*
 * Memory from the system, with a countdown that lets a test fail the n-th allocation.
 *
 * The countdown is one atomic shared by all threads: with several threads *which* allocation fails
 * is not repeatable, that *one* fails is. Built only with IW_FAULT_INJECTION; a release pays
 * nothing. There the environment variable IW_FAIL_ALLOC=n sets it for a whole program, so that
 * command lines can be tested like functions.
 */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#ifdef IW_FAULT_INJECTION
#include <stdatomic.h>

static _Atomic uint64_t alloc_seen;
static _Atomic uint64_t alloc_fail_at;

void iw_alloc_fail_at(uint64_t n)
{
    atomic_store(&alloc_seen, 0);
    atomic_store(&alloc_fail_at, n);
}

uint64_t iw_alloc_count(void)
{
    return atomic_load(&alloc_seen);
}

static bool must_fail(void)
{
    uint64_t n = atomic_fetch_add(&alloc_seen, 1) + 1;
    return n == atomic_load(&alloc_fail_at);
}

__attribute__((constructor)) static void read_environment(void)
{
    const char *text = getenv("IW_FAIL_ALLOC");
    if (text != NULL)
        iw_alloc_fail_at(strtoull(text, NULL, 10));
}
#else
void iw_alloc_fail_at(uint64_t n)
{
    (void)n;
}

uint64_t iw_alloc_count(void)
{
    return 0;
}

static bool must_fail(void)
{
    return false;
}
#endif

void *iw_malloc(size_t size_bytes)
{
    return must_fail() ? NULL : malloc(size_bytes != 0 ? size_bytes : 1);
}

void *iw_calloc(size_t n, size_t size_bytes)
{
    size_t total;
    /* calloc checks this too, but under AddressSanitizer it ends the program. */
    if (must_fail() || __builtin_mul_overflow(n, size_bytes, &total))
        return NULL;
    return calloc(1, total != 0 ? total : 1);
}

void *iw_realloc(void *p, size_t size_bytes)
{
    return must_fail() ? NULL : realloc(p, size_bytes != 0 ? size_bytes : 1);
}

void iw_free(void *p)
{
    free(p);
}

char *iw_strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = iw_malloc(n);
    if (copy != NULL)
        memcpy(copy, text, n);
    return copy;
}

bool iw_array_reserve(void *items, size_t *cap, size_t need, size_t item_bytes)
{
    void *old, *grown;
    size_t wanted, size_bytes;

    if (need <= *cap)
        return true;
    wanted = *cap < 8 ? 8 : *cap;
    while (wanted < need) {
        if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
            return false;
    }
    if (__builtin_mul_overflow(wanted, item_bytes, &size_bytes))
        return false;
    memcpy(&old, items, sizeof old);
    grown = iw_realloc(old, size_bytes);
    if (grown == NULL)
        return false;
    memcpy(items, &grown, sizeof grown);
    *cap = wanted;
    return true;
}
