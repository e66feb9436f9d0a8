/*
 * Names by SID: which events show them, well known ones, renamed accounts, other hosts, any order
 * and division, the limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "context/sid_names.h"
#include "tests/support/test_event.h"
#include "tests/unit/context/context_rig.h"

#define EVT IW_PLACE_EVENT_DATA
#define ANA "S-1-5-21-1-2-3-1104"
#define S IW_NS_PER_SECOND

static struct iw_names names;
static struct iw_arena arena;

static int setup(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return iw_names_init(&names) == IW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    iw_names_done(&names);
    return 0;
}

static void show(struct iw_sid_names *sids, const char *computer, int64_t time_s,
                 const char *channel, uint32_t id, const char *sid_field, const char *sid,
                 const char *name_field, const char *name, const char *domain_field)
{
    const struct test_field fields[] = {
        {sid_field, sid, EVT}, {name_field, name, EVT}, {domain_field, "CORP", EVT}};
    struct iw_event event = test_event(&names, &arena, channel, id, fields, 3);
    event.computer = iw_str_of(computer);
    event.time_ns = time_s * S;
    assert_int_equal(iw_sid_names_add(sids, &event), IW_OK);
}

static void subject(struct iw_sid_names *sids, const char *computer, int64_t time_s,
                    const char *sid, const char *name)
{
    show(sids, computer, time_s, "Security", 4688, "SubjectUserSid", sid, "SubjectUserName", name,
         "SubjectDomainName");
}

static void settle(struct iw_sid_names *sids, struct iw_hosts *hosts)
{
    iw_hosts_init(hosts);
    assert_int_equal(iw_sid_names_hosts(sids, hosts), IW_OK);
    assert_int_equal(iw_hosts_settle(hosts), IW_OK);
    assert_int_equal(iw_sid_names_settle(sids, hosts), IW_OK);
}

static void shown_and_renamed(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct iw_sid_names *sids = iw_sid_names_new(), *other = iw_sid_names_new();
        struct iw_hosts hosts;
        for (int i = 0; i < 2; i++) {
            struct iw_sid_names *into = i == 0 ? sids : other;
            if (i == order)
                subject(into, "WEB01.corp.example", 100, ANA, "ana");
            else
                show(into, "web01", 200, "Security", 4781, "TargetSid", ANA, "NewTargetUserName",
                     "ana.new", "TargetDomainName");
            subject(into, "WEB01", 300, ANA, "ana.new");
            subject(into, "WEB01", 300, "S-1-5-18", "WEB01$");
            subject(into, "WEB01", 300, "S-1-5-82-1-2-3-4-5", "-");
            show(into, "WEB01", 1, "Application", 4688, "SubjectUserSid", ANA, "SubjectUserName",
                 "wrong", "SubjectDomainName");
        }
        assert_int_equal(iw_sid_names_merge(sids, other), IW_OK);
        settle(sids, &hosts);
        text_is(iw_sid_names_find(sids, IW_STR("web01"), IW_STR(ANA), 50 * S), "CORP\\ana");
        text_is(iw_sid_names_find(sids, IW_STR("web01"), IW_STR(ANA), 199 * S), "CORP\\ana");
        text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR(ANA), 200 * S), "CORP\\ana.new");
        text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR("S-1-5-18"), 0),
                "NT AUTHORITY\\SYSTEM");
        text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR("S-1-5-82-1-2-3-4-5"), 0), "");
        text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR("S-1-5-21-9-9-9-9"), 0), "");
        iw_sid_names_free(sids);
        iw_sid_names_free(other);
        iw_hosts_done(&hosts);
    }
}

/* An account of a domain is the same everywhere; one that Windows makes up for a machine is not. */
static void other_hosts(void **state)
{
    struct iw_sid_names *sids = iw_sid_names_new();
    struct iw_hosts hosts;
    (void)state;
    subject(sids, "DC01", 100, ANA, "ana");
    subject(sids, "DC01", 100, "S-1-5-90-0-2", "DWM-2");
    settle(sids, &hosts);
    text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR(ANA), 0), "CORP\\ana");
    text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR("S-1-5-90-0-2"), 0), "");
    text_is(iw_sid_names_find(sids, IW_STR("DC01"), IW_STR("S-1-5-90-0-2"), 0), "CORP\\DWM-2");
    iw_sid_names_free(sids);
    iw_hosts_done(&hosts);
}

static void limit(void **state)
{
    struct iw_sid_names *sids = iw_sid_names_new();
    char sid[48];
    (void)state;
    for (uint32_t i = 0; i <= IW_LIMIT_SID_NAMES; i++) {
        assert_int_equal(iw_sid_names_hidden(sids), 0);
        (void)snprintf(sid, sizeof sid, "S-1-5-21-1-2-3-%u", i);
        subject(sids, "DC01", 100, sid, "x");
        iw_arena_reset(&arena);
    }
    assert_int_equal(iw_sid_names_hidden(sids), 1);
    iw_sid_names_free(sids);
}

static void no_memory(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 30; n++) {
        const struct test_field fields[] = {{"SubjectUserSid", ANA, EVT},
                                            {"SubjectUserName", "ana", EVT},
                                            {"SubjectDomainName", "CORP", EVT}};
        struct iw_event event = test_event(&names, &arena, "Security", 4688, fields, 3);
        struct iw_sid_names *sids = iw_sid_names_new();
        struct iw_hosts hosts;
        enum iw_rc rc;
        iw_alloc_fail_at(n);
        rc = iw_sid_names_add(sids, &event);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        settle(sids, &hosts);
        if (rc == IW_OK)
            text_is(iw_sid_names_find(sids, IW_STR("WEB01"), IW_STR(ANA), 0), "CORP\\ana");
        iw_sid_names_free(sids);
        iw_hosts_done(&hosts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shown_and_renamed, setup, teardown),
        cmocka_unit_test_setup_teardown(other_hosts, setup, teardown),
        cmocka_unit_test_setup_teardown(limit, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
