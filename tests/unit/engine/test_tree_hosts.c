/*
 * Whose a collection is, and whose events are that name no computer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/tree_hosts.h"

#define LOG "C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex260105.log"
#define EVTX "C:\\Windows\\System32\\winevt\\Logs\\System.evtx"

struct fact {
    const char *hint, *windows_path;
    const char *computer; /* NULL: its events name none, and get the hint */
};

/* The host of the events of *hint* that name none, when these are all files. */
static void host_is(const struct fact *facts, size_t n, const char *hint, const char *host)
{
    static struct iw_batch batch;
    struct iw_ledger ledger;
    struct iw_tree_hosts trees;
    struct iw_hosts hosts;
    struct iw_str got;

    iw_ledger_init(&ledger);
    iw_hosts_init(&hosts);
    for (size_t i = 0; i < n; i++) {
        struct iw_source source = {.path = iw_str_of(facts[i].windows_path),
                                   .kind = IW_STR("x"),
                                   .windows_path = iw_str_of(facts[i].windows_path),
                                   .host_hint = iw_str_of(facts[i].hint)};
        assert_int_equal(iw_ledger_add(&ledger, &source), i);
    }
    assert_int_equal(iw_tree_hosts_init(&trees, &ledger), IW_OK);
    for (size_t i = 0; i < n; i++) {
        bool is_assumed = facts[i].computer == NULL;
        batch.n = 1;
        batch.events[0] =
            (struct iw_event){.source = (uint32_t)i,
                              .computer = iw_str_of(is_assumed ? facts[i].hint : facts[i].computer),
                              .flags = is_assumed ? IW_EVENT_HOST_ASSUMED : 0};
        assert_int_equal(iw_tree_hosts_add(&trees, &batch), IW_OK);
        assert_int_equal(iw_hosts_add(&hosts, batch.events[0].computer), IW_OK);
    }
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    assert_int_equal(iw_tree_hosts_adopt(&trees, &ledger, &hosts), IW_OK);
    got = iw_hosts_find(&hosts, iw_str_of(hint));
    assert_true(iw_str_equal(got, iw_str_of(host)));
    iw_hosts_done(&hosts);
    iw_tree_hosts_done(&trees);
    iw_ledger_done(&ledger);
}

static void lines_belong_to_the_host_of_their_tree(void **state)
{
    const struct fact one[] = {{"case-17", LOG, NULL}, {"case-17", EVTX, "WEB01.corp.example"}};
    const struct fact alone[] = {{"case-17", LOG, NULL}};
    const struct fact mixed[] = {
        {"case-17", LOG, NULL}, {"case-17", EVTX, "WEB01"}, {"case-17", "C:\\b.evtx", "WEB02"}};
    (void)state;
    host_is(one, 2, "case-17", "WEB01");
    host_is(alone, 1, "case-17", "case-17");
    host_is(mixed, 3, "case-17", "case-17");
}

static void a_name_that_events_give_themselves_stays(void **state)
{
    /* A machine is called like the folder of another machine's collection. */
    const struct fact facts[] = {
        {"WEB02", LOG, NULL}, {"WEB02", EVTX, "WEB01"}, {"other", "C:\\b.evtx", "web02"}};
    (void)state;
    host_is(facts, 3, "WEB02", "WEB02");
}

static void a_tree_without_logs_is_not_changed(void **state)
{
    const struct fact facts[] = {{"case-17", EVTX, "WEB01"}};
    (void)state;
    host_is(facts, 1, "WEB01", "WEB01");
    host_is(facts, 1, "case-17", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_belong_to_the_host_of_their_tree),
        cmocka_unit_test(a_name_that_events_give_themselves_stays),
        cmocka_unit_test(a_tree_without_logs_is_not_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
