/*
 * Routing: what is wanted where, letter case, ids past 16 bits, over-long channels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "event/route.h"
#include "tests/support/skip_because.h"

static bool wants(const struct iw_route *route, const char *channel, uint32_t event_id)
{
    return iw_route_wants(route, iw_route_find(route, iw_str_of(channel)), event_id);
}

/* struct iw_route is 8 KiB and more: not for the stack of a test. */
static struct iw_route *route_new(void)
{
    struct iw_route *route = test_malloc(sizeof *route);
    iw_route_init(route);
    return route;
}

static void route_free(struct iw_route *route)
{
    iw_route_done(route);
    test_free(route);
}

static void nothing_is_wanted_at_first(void **state)
{
    struct iw_route *route = route_new();
    (void)state;
    assert_false(wants(route, "Security", 1));
    assert_false(wants(route, "", 0));
    assert_true(wants(route, "Security", IW_ROUTE_EVENT_IDS)); /* cannot be told apart: decoded */
    route_free(route);
}

static void what_was_asked_for(void **state)
{
    static const struct {
        const char *channel;
        uint32_t event_id;
        bool is_wanted;
    } CASES[] = {
        {"Security", 4688, true},
        {"security", 4688, true},
        {"SECURITY", 4688, true},
        {"Security ", 4688, false},
        {"Security", 4687, false},
        {"Security", 4689, false},
        {"Security", 0, true},
        {"Security", 65535, true},
        {"Security", 65534, false},
        {"Security", 65536, true},
        {"Security", UINT32_MAX, true},
        {"System", 4688, false},
        {"Sysmon/Operational", 1, true},
        {"sysmon/operational", 65535, true},
        {"System", 1, false},
        {"System", 104, true},
        {"Security", 104, true},
        {"", 104, true},
        {"", 105, false},
        {"System", 105, false},
    };
    struct iw_route *route = route_new();
    (void)state;
    assert_int_equal(iw_route_want(route, IW_STR("Security"), 4688), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR("SECURITY"), 0), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR("security"), 65535), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR("security"), 65536), IW_OK);
    assert_int_equal(iw_route_want_channel(route, IW_STR("Sysmon/Operational")), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR(""), 104), IW_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (wants(route, CASES[i].channel, CASES[i].event_id) != CASES[i].is_wanted)
            fail_msg("%s %u", CASES[i].channel, CASES[i].event_id);
    }
    assert_int_equal(route->by_channel.n, 2);
    route_free(route);
}

static void everything(void **state)
{
    struct iw_route *route = route_new();
    (void)state;
    iw_route_want_all(route);
    assert_true(wants(route, "whatever", 0));
    assert_true(wants(route, "", 65535));
    route_free(route);
}

/* Asked for before and after the channel got a table of its own: both hold. */
static void anywhere_holds_in_known_channels(void **state)
{
    struct iw_route *route = route_new();
    const struct iw_route_channel *system;
    (void)state;
    assert_int_equal(iw_route_want(route, IW_STR(""), 7), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR("System"), 8), IW_OK);
    assert_int_equal(iw_route_want(route, IW_STR(""), 9), IW_OK);
    system = iw_route_find(route, IW_STR("system"));
    for (uint32_t id = 7; id <= 9; id++)
        assert_true(iw_route_wants(route, system, id));
    assert_false(wants(route, "Other", 8));
    route_free(route);
}

/* A channel longer than any real one is looked up without being cut to another's name. */
static void over_long_channels(void **state)
{
    char text[1024];
    struct iw_route *route = route_new();
    (void)state;
    memset(text, 'x', sizeof text);
    text[600] = '\0';
    assert_int_equal(iw_route_want(route, iw_str_of(text), 5), IW_OK);
    assert_true(wants(route, text, 5)); /* may be decoded for others too, never missed */
    text[512] = '\0';
    assert_false(wants(route, text, 5));
    assert_int_equal(iw_route_want(route, iw_str_of(text), 6), IW_OK);
    assert_true(wants(route, text, 6));
    text[511] = '\0';
    assert_false(wants(route, text, 6));
    route_free(route);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1;; n++) {
        struct iw_route *route = route_new();
        enum iw_rc rc;
        uint64_t asked;
        iw_alloc_fail_at(n);
        rc = iw_route_want(route, IW_STR("Security"), 1);
        asked = iw_alloc_count();
        iw_alloc_fail_at(0);
        assert_int_equal(rc, asked >= n ? IW_ENOMEM : IW_OK);
        assert_int_equal(wants(route, "Security", 1), rc == IW_OK);
        assert_int_equal(iw_route_want(route, IW_STR("Security"), 1), IW_OK);
        assert_true(wants(route, "Security", 1));
        route_free(route);
        if (rc == IW_OK)
            break;
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_wanted_at_first),
        cmocka_unit_test(what_was_asked_for),
        cmocka_unit_test(everything),
        cmocka_unit_test(anywhere_holds_in_known_channels),
        cmocka_unit_test(over_long_channels),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
