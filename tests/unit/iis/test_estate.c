/*
 * Estates: what is read, what is told, which entry a host has, who is listed. Expectations come
 * from docs/CHANGES.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "iis/change/estate.h"

static const char sample[] = "estate:\n"
                             "  servers:\n"
                             "    - host: WEB01\n"
                             "      fqdn: web01.corp.example\n"
                             "      roles: [web, exchange]\n"
                             "      sites: [Default Web Site, Shop]\n"
                             "      owner: Shop team\n"
                             "      operators: ['CORP\\joe', S-1-5-21-1-2-3-1104]\n"
                             "      deployers: 'CORP\\svc_deploy'\n"
                             "    - host: 'web*'\n"
                             "    - host: web02\n"
                             "      operators: []\n"
                             "  operators: ['CORP\\root']\n";

static struct iw_estate *estate;
static struct iw_error err;

static enum iw_rc add(struct iw_str yaml)
{
    memset(&err, 0, sizeof err);
    return iw_estate_add_yaml(estate, yaml, "e.yml", &err);
}

static void expect_problem(size_t i, uint32_t line, const char *host, const char *what)
{
    size_t n;
    const struct iw_change_problem *problem = iw_estate_problems(estate, &n) + i;
    if (i >= n)
        fail_msg("only %zu problems, expected \"%s\"", n, what);
    if (problem->line != line || !iw_str_equal(problem->what, iw_str_of(what)) ||
        !iw_str_equal(problem->id, iw_str_of(host)))
        fail_msg("got %u [%.*s] \"%.*s\", expected %u [%s] \"%s\"", problem->line,
                 IW_STR_ARG(problem->id), IW_STR_ARG(problem->what), line, host, what);
}

static size_t n_problems(void)
{
    size_t n;
    (void)iw_estate_problems(estate, &n);
    return n;
}

static size_t n_servers(void)
{
    size_t n;
    (void)iw_estate_servers(estate, &n);
    return n;
}

static const struct iw_estate_server *find(const char *label, const char *computer)
{
    const struct iw_estate_server *server;
    assert_int_equal(iw_estate_find(estate, iw_str_of(label), iw_str_of(computer), &server), IW_OK);
    return server;
}

static enum iw_holds lists(const struct iw_estate_server *server, unsigned accounts,
                           const char *name, const char *sid)
{
    enum iw_holds holds;
    assert_int_equal(
        iw_estate_lists_account(estate, server, accounts, iw_str_of(name), iw_str_of(sid), &holds),
        IW_OK);
    return holds;
}

static void test_read(void **state)
{
    const struct iw_estate_server *servers;
    size_t n;
    (void)state;
    assert_int_equal(add(iw_str_of(sample)), IW_OK);
    assert_int_equal(n_problems(), 0);
    servers = iw_estate_servers(estate, &n);
    assert_int_equal(n, 3);
    assert_true(iw_str_equal(servers[0].host, IW_STR("WEB01")));
    assert_true(iw_str_equal(servers[0].fqdn, IW_STR("web01.corp.example")));
    assert_true(iw_str_equal(servers[0].owner, IW_STR("Shop team")));
    assert_int_equal(servers[0].roles.n, 2);
    assert_true(iw_str_equal(servers[0].roles.items[1], IW_STR("exchange")));
    assert_int_equal(servers[0].sites.n, 2);
    assert_true(iw_str_equal(servers[0].sites.items[0], IW_STR("Default Web Site")));
    assert_int_equal(servers[0].operators.n, 2);
    assert_int_equal(servers[0].deployers.n, 1);
    assert_int_equal(servers[0].line, 3);
    assert_false(servers[0].is_glob);
    assert_true(servers[1].is_glob);
    assert_int_equal(servers[1].sites.n, 0);
    assert_int_equal(servers[2].operators.n, 0);
}

static void test_find(void **state)
{
    const struct iw_estate_server *servers;
    size_t n;
    (void)state;
    assert_int_equal(add(iw_str_of(sample)), IW_OK);
    servers = iw_estate_servers(estate, &n);
    assert_ptr_equal(find("web01", ""), &servers[0]);
    assert_ptr_equal(find("web01", "WEB01.CORP.example"), &servers[0]);
    assert_ptr_equal(find("", "web01.corp.example"), &servers[0]);
    /* Another domain: not that server, but the glob means it. */
    assert_ptr_equal(find("web01", "web01.other.example"), &servers[1]);
    /* A name comes before a glob that stands above it. */
    assert_ptr_equal(find("WEB02", ""), &servers[2]);
    assert_ptr_equal(find("web03", "web03.corp.example"), &servers[1]);
    assert_null(find("app01", ""));
    assert_null(find("", ""));
}

static void test_accounts(void **state)
{
    enum { BOTH = IW_ESTATE_OPERATORS | IW_ESTATE_DEPLOYERS };
    const struct iw_estate_server *web01, *web02;
    (void)state;
    assert_int_equal(add(iw_str_of(sample)), IW_OK);
    web01 = find("web01", "");
    web02 = find("web02", "");
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "corp\\JOE", "S-1-5-9"), IW_HOLDS_YES);
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "CORP\\root", "S-1-5-9"), IW_HOLDS_YES);
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "", "s-1-5-21-1-2-3-1104"), IW_HOLDS_YES);
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "CORP\\eve", "S-1-5-9"), IW_HOLDS_NO);
    /* One of the listed is a SID, and the evidence has a name only. */
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "CORP\\eve", ""), IW_HOLDS_UNKNOWN);
    assert_int_equal(lists(web01, IW_ESTATE_OPERATORS, "", ""), IW_HOLDS_UNKNOWN);
    assert_int_equal(lists(web01, IW_ESTATE_DEPLOYERS, "CORP\\svc_deploy", ""), IW_HOLDS_YES);
    assert_int_equal(lists(web01, IW_ESTATE_DEPLOYERS, "CORP\\joe", ""), IW_HOLDS_NO);
    assert_int_equal(lists(web01, BOTH, "CORP\\svc_deploy", "S-1-5-9"), IW_HOLDS_YES);
    /* Nobody is listed: nothing can be said. */
    assert_int_equal(lists(web02, IW_ESTATE_DEPLOYERS, "CORP\\joe", ""), IW_HOLDS_UNKNOWN);
    assert_int_equal(lists(web02, IW_ESTATE_OPERATORS, "CORP\\joe", ""), IW_HOLDS_NO);
    /* A host the estate does not list. */
    assert_int_equal(lists(NULL, IW_ESTATE_OPERATORS, "CORP\\root", ""), IW_HOLDS_YES);
    assert_int_equal(lists(NULL, IW_ESTATE_OPERATORS, "CORP\\joe", ""), IW_HOLDS_UNKNOWN);
}

static void test_problems(void **state)
{
    (void)state;
    assert_int_equal(add(IW_STR("estate:\n"
                                "  servers:\n"
                                "    - x\n"
                                "    - {host: a, role: b}\n"
                                "    - {owner: b}\n"
                                "    - {host: [a]}\n"
                                "    - {host: a, sites: {x: y}}\n"
                                "    - {host: a, owner: ' '}\n"
                                "    - {host: a, operators: 'CORP\\'}\n"
                                "    - {host: good}\n"
                                "    - {host: GOOD}\n"
                                "    - {host: good, fqdn: good.example}\n"
                                "  operator: [b]\n"
                                "  deployers: [[b]]\n"
                                "more: x\n"
                                "---\n"
                                "estate: [x]\n"
                                "---\n"
                                "other: y\n"
                                "---\n"
                                "estate: {servers: x}\n")),
                     IW_OK);
    expect_problem(0, 15, "", "more: no such key beside `estate`");
    expect_problem(1, 3, "", "a server must be a map");
    expect_problem(2, 4, "a", "role: no such key in a server");
    expect_problem(3, 5, "", "host: is missing");
    expect_problem(4, 6, "", "host: must be one text");
    expect_problem(5, 7, "a", "sites: must be a text or a list of texts");
    expect_problem(6, 8, "a", "owner: is empty");
    expect_problem(7, 9, "a", "operators: names no account");
    expect_problem(8, 11, "GOOD",
                   "the server stands at e.yml:10 already; both are kept, the first one counts");
    expect_problem(9, 13, "", "operator: no such key in an estate");
    expect_problem(10, 14, "", "deployers: must be one text");
    expect_problem(11, 17, "", "estate: must be a map");
    expect_problem(12, 19, "", "a document without `estate`");
    expect_problem(13, 21, "", "servers: must be a list");
    assert_int_equal(n_problems(), 14);
    assert_int_equal(n_servers(), 3);
}

static void test_files_nothing_can_be_taken_of(void **state)
{
    (void)state;
    assert_int_equal(add(IW_STR("")), IW_EFORMAT);
    assert_string_equal(err.message, "there is no `estate` in this file");
    assert_int_equal(add(IW_STR("estate: [\n")), IW_EFORMAT);
    assert_int_equal(err.line, 2);
    assert_int_equal(add(IW_STR("estate: !x {}\n")), IW_ERULE);
    assert_string_equal(err.where, "e.yml");
    assert_int_equal(n_problems(), 0);
}

static void test_limits(void **state)
{
    struct iw_buffer yaml;
    char *text = iw_malloc(IW_LIMIT_CHANGE_FILE_BYTES + 1);
    (void)state;
    assert_non_null(text);
    memset(text, '#', IW_LIMIT_CHANGE_FILE_BYTES + 1);
    assert_int_equal(add((struct iw_str){text, IW_LIMIT_CHANGE_FILE_BYTES}), IW_EFORMAT);
    assert_int_equal(add((struct iw_str){text, IW_LIMIT_CHANGE_FILE_BYTES + 1}), IW_ELIMIT);
    iw_free(text);

    iw_buffer_init(&yaml);
    for (size_t i = 0; i < IW_LIMIT_ESTATE_SERVERS; i++) {
        if (i % 10000 == 0) /* a document has a limit of its own */
            iw_buffer_add(&yaml, IW_STR("---\nestate:\n servers:\n"));
        iw_buffer_printf(&yaml, " - host: h%zu\n", i);
    }
    assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
    assert_int_equal(n_servers(), IW_LIMIT_ESTATE_SERVERS);
    assert_int_equal(add(IW_STR("estate: {servers: [{host: x}]}\n")), IW_ELIMIT);
    assert_int_equal(err.line, 1);
    assert_int_equal(n_servers(), IW_LIMIT_ESTATE_SERVERS);
    iw_buffer_done(&yaml);
}

static void test_limit_of_values(void **state)
{
    struct iw_buffer yaml;
    (void)state;
    iw_buffer_init(&yaml);
    for (size_t extra = 0; extra < 2; extra++) {
        iw_buffer_clear(&yaml);
        iw_buffer_printf(&yaml, "estate: {servers: [{host: x%zu, sites: [a", extra);
        for (size_t i = 1; i < IW_LIMIT_CHANGE_VALUES + extra; i++)
            iw_buffer_add(&yaml, IW_STR(", a"));
        iw_buffer_add(&yaml, IW_STR("]}]}\n"));
        assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
        assert_int_equal(n_servers(), 1);
        assert_int_equal(n_problems(), extra);
    }
    iw_buffer_clear(&yaml);
    iw_buffer_add(&yaml, IW_STR("estate: {servers: [{host: "));
    for (size_t i = 0; i <= IW_LIMIT_CHANGE_GLOB_POINTS; i++)
        iw_buffer_add_char(&yaml, 'h');
    iw_buffer_add(&yaml, IW_STR("}]}\n"));
    assert_int_equal(add(iw_buffer_str(&yaml)), IW_OK);
    assert_int_equal(n_servers(), 1);
    assert_int_equal(n_problems(), 2);
    iw_buffer_done(&yaml);
}

static enum iw_rc read_and_ask(void)
{
    struct iw_estate *own = iw_estate_new();
    const struct iw_estate_server *server;
    enum iw_holds holds;
    enum iw_rc rc = IW_ENOMEM;
    if (own != NULL)
        rc = iw_estate_add_yaml(own, iw_str_of(sample), "e.yml", NULL);
    if (rc == IW_OK)
        rc = iw_estate_add_yaml(own, IW_STR("estate: {servers: [{host: WEB02}, {x: y}]}"), "f",
                                NULL);
    if (rc == IW_OK)
        rc = iw_estate_find(own, IW_STR("WEB01"), IW_STR("WEB01.x"), &server);
    if (rc == IW_OK)
        rc = iw_estate_lists_account(own, server, IW_ESTATE_OPERATORS, IW_STR("A\\B"),
                                     IW_STR("S-1-5-18"), &holds);
    iw_estate_free(own);
    return rc;
}

static void test_memory_may_fail_anywhere(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    for (uint64_t n = 1; rc != IW_OK && n < 10000; n++) {
        iw_alloc_fail_at(n);
        rc = read_and_ask();
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
    }
    assert_int_equal(rc, IW_OK);
}

static int set_up(void **state)
{
    (void)state;
    estate = iw_estate_new();
    return estate != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_estate_free(estate);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_read),
        TEST(test_find),
        TEST(test_accounts),
        TEST(test_problems),
        TEST(test_files_nothing_can_be_taken_of),
        TEST(test_limits),
        TEST(test_limit_of_values),
        TEST(test_memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
