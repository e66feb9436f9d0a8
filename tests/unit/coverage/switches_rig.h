/*
 * What tests of the search for switches in events share: names and room for events, and switches
 * settled by the hosts they may be of.
 */
#ifndef TESTS_UNIT_COVERAGE_SWITCHES_RIG_H
#define TESTS_UNIT_COVERAGE_SWITCHES_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "coverage/switches.h"
#include "tests/support/test_event.h"

static struct iw_names names;
static struct iw_arena arena;

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return iw_names_init(&names) == IW_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    iw_names_done(&names);
    iw_arena_done(&arena);
    return 0;
}

/* A test between the two. */
#define EVENTS(test) cmocka_unit_test_setup_teardown(test, begin, end)

static inline struct iw_switches *switches_new(void)
{
    struct iw_switches *switches = iw_switches_new();
    assert_non_null(switches);
    return switches;
}

/* *hosts* is to be freed. */
static inline struct iw_switch_list settle_for(struct iw_switches *switches, struct iw_hosts *hosts,
                                               const char *const *labels, size_t n)
{
    struct iw_switch_list list;
    iw_hosts_init(hosts);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(iw_hosts_add(hosts, iw_str_of(labels[i])), IW_OK);
    assert_int_equal(iw_hosts_settle(hosts), IW_OK);
    assert_int_equal(iw_switches_settle(switches, hosts, NULL, &list), IW_OK);
    return list;
}

#endif
