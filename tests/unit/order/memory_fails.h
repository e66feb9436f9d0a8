/**
 * A call whose allocations fail one after the other. Header only; behind cmocka.h, and only where
 * faults can be injected.
 */
#ifndef IW_TESTS_UNIT_ORDER_MEMORY_FAILS_H
#define IW_TESTS_UNIT_ORDER_MEMORY_FAILS_H

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"

/* *call* says IW_ENOMEM until it needs no further allocation; it needs more than *least*. */
static inline void every_allocation_fails(enum iw_rc (*call)(void *context, struct iw_arena *arena),
                                          void *context, uint64_t least)
{
    for (uint64_t n = 1;; n++) {
        struct iw_arena small;
        enum iw_rc rc;
        uint64_t n_asked;
        iw_arena_init(&small, 0);
        iw_alloc_fail_at(n);
        rc = call(context, &small);
        n_asked = iw_alloc_count();
        iw_alloc_fail_at(0);
        iw_arena_done(&small);
        if (n_asked < n) {
            assert_int_equal(rc, IW_OK);
            assert_true(n > least);
            return;
        }
        assert_int_equal(rc, IW_ENOMEM);
    }
}

#endif
