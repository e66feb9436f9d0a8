/**
 * What tests of facts share. Header only; behind cmocka.h.
 */
#ifndef IW_TESTS_UNIT_CONTEXT_CONTEXT_RIG_H
#define IW_TESTS_UNIT_CONTEXT_CONTEXT_RIG_H

#include "base/str.h"

/* An event of the fixture *f* (names, arena), with fields {name, text, place}. */
#define EVENT(f, channel, id, ...)                                                                 \
    test_event(&(f)->names, &(f)->arena, channel, id, (const struct test_field[]){__VA_ARGS__},    \
               sizeof((const struct test_field[]){__VA_ARGS__}) / sizeof(struct test_field))

static inline void text_is(struct iw_str text, const char *expected)
{
    if (!iw_str_equal(text, iw_str_of(expected)))
        fail_msg("'%.*s' is not '%s'", IW_STR_ARG(text), expected);
}

#endif
