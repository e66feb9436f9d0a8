/*
 * Host identity: event/host.h. Every table row is settled in every order its names
 * can come in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "event/host.h"
#include "tests/support/skip_because.h"

#define MOST_NAMES 5U

struct host_case {
    const char *names[MOST_NAMES];
    const char *hosts[MOST_NAMES]; /* of the names, in the same order */
};

static const struct host_case CASES[] = {
    {{"WEB01"}, {"WEB01"}},
    {{""}, {""}},
    {{"WEB01", "WEB01.corp.example"}, {"WEB01", "WEB01"}},
    {{"web01.corp.example", "WEB01"}, {"WEB01", "WEB01"}}, /* first spelling in byte order */
    {{"Web01.corp.example", "WEB01.CORP.EXAMPLE", "web01"}, {"WEB01", "WEB01", "WEB01"}},
    {{"WEB01.corp.example", "WEB02.corp.example"}, {"WEB01", "WEB02"}},
    /* two domains: each full name is a host, and the bare label is one too */
    {{"WEB01.a.example", "WEB01.b.example", "WEB01"},
     {"WEB01.a.example", "WEB01.b.example", "WEB01"}},
    {{"WEB01.a.example", "web01.A.example", "WEB01.b.example", "web01", "WEB01"},
     {"WEB01.a.example", "WEB01.a.example", "WEB01.b.example", "WEB01", "WEB01"}},
    {{"WEB01.a", "WEB01.a.b"}, {"WEB01.a", "WEB01.a.b"}},
    {{"WEB01.a.example", "WEB01.A.EXAMPLE"}, {"WEB01", "WEB01"}},
    /* addresses are kept whole */
    {{"10.0.0.5", "10.0.0.6", "10"}, {"10.0.0.5", "10.0.0.6", "10"}},
    {{"fe80::1.2", "fe80::1.3"}, {"fe80::1.2", "fe80::1.3"}},
    /* digits do not make an address when a letter follows */
    {{"123.corp.example", "123"}, {"123", "123"}},
    {{"37L4247F27-25", "37L4247F27-25.lab"}, {"37L4247F27-25", "37L4247F27-25"}},
    {{".corp", "corp"}, {".corp", "corp"}},
    /* the dot of the root is no other domain */
    {{"WEB01.corp.", "WEB01.corp", "WEB01."}, {"WEB01", "WEB01", "WEB01"}},
};

static void settle_in_order(const struct host_case *c, const size_t *order, size_t n)
{
    struct iw_hosts hosts;
    iw_hosts_init(&hosts);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(iw_hosts_add(&hosts, iw_str_of(c->names[order[i]])), IW_OK);
        assert_int_equal(iw_hosts_add(&hosts, iw_str_of(c->names[order[i]])), IW_OK);
    }
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    for (size_t i = 0; i < n; i++) {
        struct iw_str host = iw_hosts_find(&hosts, iw_str_of(c->names[i]));
        if (!iw_str_equal(host, iw_str_of(c->hosts[i])))
            fail_msg("%s is '%.*s', not '%s'", c->names[i], IW_STR_ARG(host), c->hosts[i]);
    }
    assert_int_equal(iw_hosts_find(&hosts, IW_STR("never told")).n, 0);
    iw_hosts_done(&hosts);
}

static void swap(size_t *a, size_t *b)
{
    size_t kept = *a;
    *a = *b;
    *b = kept;
}

/* The next permutation in lexicographic order; false after the last. */
static bool next_order(size_t *order, size_t n)
{
    size_t i = n - 1, k = n - 1;
    while (i > 0 && order[i - 1] >= order[i])
        i--;
    if (i == 0)
        return false;
    while (order[k] <= order[i - 1])
        k--;
    swap(&order[i - 1], &order[k]);
    for (k = n - 1; i < k; i++, k--)
        swap(&order[i], &order[k]);
    return true;
}

static void any_order_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        size_t order[MOST_NAMES] = {0, 1, 2, 3, 4}, n = 0;
        while (n < MOST_NAMES && CASES[i].names[n] != NULL)
            n++;
        do
            settle_in_order(&CASES[i], order, n);
        while (next_order(order, n));
    }
}

static void labels(void **state)
{
    static const struct {
        const char *computer, *label;
    } LABELS[] = {
        {"WEB01.corp.example", "WEB01"},
        {"WEB01", "WEB01"},
        {"", ""},
        {"10.1.2.3", "10.1.2.3"},
        {"::1", "::1"},
        {".x", ".x"},
        {"1.2.3.4x", "1"},
        {"fe80::1.corp", "fe80::1.corp"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++)
        assert_true(
            iw_str_equal(iw_host_label(iw_str_of(LABELS[i].computer)), iw_str_of(LABELS[i].label)));
}

static void names_are_copied(void **state)
{
    char name[] = "WEB01";
    struct iw_hosts hosts;
    (void)state;
    iw_hosts_init(&hosts);
    assert_int_equal(iw_hosts_add(&hosts, iw_str_of(name)), IW_OK);
    name[0] = 'X';
    assert_int_equal(iw_hosts_find(&hosts, IW_STR("WEB01")).n, 0); /* not settled yet */
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    assert_true(iw_str_equal(iw_hosts_find(&hosts, IW_STR("WEB01")), IW_STR("WEB01")));
    iw_hosts_done(&hosts);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1;; n++) {
        static const char *const NAMES[] = {"A.x", "A.y", "a", "B"};
        struct iw_hosts hosts;
        enum iw_rc rc = IW_OK;
        bool has_failed;
        iw_hosts_init(&hosts);
        iw_alloc_fail_at(n);
        for (size_t i = 0; i < 4 && rc == IW_OK; i++)
            rc = iw_hosts_add(&hosts, iw_str_of(NAMES[i]));
        if (rc == IW_OK)
            rc = iw_hosts_settle(&hosts);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        iw_hosts_done(&hosts);
        if (!has_failed)
            break;
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_is_the_same),
        cmocka_unit_test(labels),
        cmocka_unit_test(names_are_copied),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
