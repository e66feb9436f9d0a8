/*
 * inventory and baseline from words to exit status, over an engine of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "command_rig.h"
#include "fake_engine.h"
#include "tests/unit/output/sample_inventory.h"
#include "tests/unit/output/sample_run.h"

/* --- inventory --- */

static void inventory_has_three_forms(void **state)
{
    (void)state;
    fake_engine.fill = sample_inventory_fill;
    assert_int_equal(RUN("inventory", "x"), 0);
    assert_memory_equal(said, "{\"schema\":\"iiswarden.inventory/1\"", 33);
    assert_int_equal(RUN("inventory", "x", "-f", "csv"), 0);
    assert_memory_equal(said, "host,server,record,", 19);
    assert_int_equal(RUN("inventory", "x", "--format=table"), 0);
    assert_memory_equal(said, "WEB01\n", 6);
    assert_null(strstr(said, "The other components"));
    assert_int_equal(RUN("inventory", "x", "--format=table", "--all"), 0);
    assert_said("  The other components: 2\n");
    /* A form of one command is none of another. */
    assert_int_equal(RUN("hunt", "x", "--format", "csv"), 64);
    assert_complained("--format csv: expected table|ndjson\n");
}

static void inventory_asks_the_engine(void **state)
{
    (void)state;
    assert_int_equal(RUN("inventory", "x", "--trust", ".", "--trust", "..", "--yara", ".",
                         "--web-root", "D:\\sites", "-j3", "--host", "WEB09"),
                     0);
    assert_string_equal(fake_engine.first_trust, ".");
    assert_int_equal(fake_engine.servers.n_trust_paths, 2);
    assert_int_equal(fake_engine.servers.n_yara_paths, 1);
    assert_string_equal(fake_engine.first_web_root, "D:\\sites");
    assert_int_equal(fake_engine.options.n_jobs, 3);
    assert_string_equal(fake_engine.host, "WEB09");
    assert_int_equal(RUN("inventory", "x", "--trust", "absent"), 64);
    assert_complained("--trust absent: No such file or directory\n");
    assert_int_equal(RUN("inventory", "x", "--yara", "absent"), 64);
    assert_complained("--yara absent: No such file or directory\n");
    assert_int_equal(RUN("inventory", "x", "--web-root", "/var/www"), 64);
    assert_complained("--web-root /var/www: expected a path of the server, such as C:\\sites or "
                      "WEB01:C:\\sites\n");
    assert_int_equal(RUN("inventory", "x", "--web-root", "WEB01:D:\\sites"), 0);
    assert_string_equal(fake_engine.first_web_root, "WEB01:D:\\sites");
    assert_int_equal(RUN("inventory"), 64);
    assert_complained("no evidence given");
}

static void inventory_tells_lost_evidence(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    assert_int_equal(RUN("inventory", "x", "-f", "table"), 2);
    assert_said("2 files were not read, or only in part:\n");
    fake_engine.rc = IW_EIO;
    assert_int_equal(RUN("inventory", "x"), 70);
    assert_string_equal(said, "");
    assert_complained("the engine says IW_EIO\n");
}

/* What anchors trust is never written over. */
static void inventory_keeps_its_inputs(void **state)
{
    (void)state;
    write_file("evidence", "x", 1);
    assert_int_equal(RUN("inventory", "y", "--trust", "evidence", "-o", "evidence"), 64);
    assert_int_equal(fake_engine.n_calls, 0);
}

/* --- baseline --- */

static void fill_server(struct iw_run *run)
{
    run->inventory.servers =
        iw_arena_calloc(&run->inventory.arena, 1, sizeof run->inventory.servers[0]);
    assert_non_null(run->inventory.servers);
    run->inventory.servers[0].host = IW_STR("web01");
    run->inventory.servers[0].is_authoritative = true;
    run->inventory.n_servers = 1;
}

static void fill_refused(struct iw_run *run)
{
    run->baseline = IW_RUN_BASELINE_REFUSED;
}

static void fill_compared(struct iw_run *run)
{
    run->baseline = IW_RUN_BASELINE_USED;
    run->differences.n_compared = 1;
}

static void fill_uncompared(struct iw_run *run)
{
    run->baseline = IW_RUN_BASELINE_USED;
}

static void baseline_is_created(void **state)
{
    (void)state;
    fake_engine.fill = fill_server;
    assert_int_equal(RUN("baseline", "create", "x"), 0);
    assert_string_equal(said, "{\"schema\":\"iiswarden.baseline/1\",\"farm\":false,\"entries\":0,"
                              "\"servers\":[{\"host\":\"web01\",\"authoritative\":true}]}\n");
    fake_engine.fill = NULL;
    assert_int_equal(RUN("baseline", "create", "x"), 64);
    assert_complained("no web server in the evidence");
}

/* Half a server is no baseline. Must be last: the flag stays set in this process. */
static void interrupted_baseline(void **state)
{
    (void)state;
    fake_engine.fill = fill_server;
    fake_engine.interrupts = true;
    assert_int_equal(RUN("baseline", "create", "x"), 130);
    assert_string_equal(said, "");
}

static void baseline_is_compared(void **state)
{
    (void)state;
    write_file("evidence", "kept", 4);
    fake_engine.fill = fill_compared;
    assert_int_equal(RUN("baseline", "diff", "evidence", "x", "--format=table"), 0);
    assert_string_equal(fake_engine.baseline, "evidence");
    assert_string_equal(said, "0 differences, 0 of them approved; 0 entries as in the baseline.\n");
    fake_engine.fill = fill_uncompared;
    assert_int_equal(RUN("baseline", "diff", "evidence", "x", "--format=table"), 2);
    assert_string_equal(said, "No server was compared.\n");
    fake_engine.fill = fill_refused;
    assert_int_equal(RUN("baseline", "diff", "evidence", "x", "--format=table"), 2);
    assert_string_equal(said, "");
    assert_int_equal(RUN("hunt", "x", "--baseline", "evidence", "--format=ndjson"), 2);
    assert_string_equal(fake_engine.baseline, "evidence");
    assert_int_equal(RUN("hunt", "x", "--baseline", "missing"), 64);
    assert_int_equal(RUN("hunt", "x", "--baseline", "evidence", "-o", "evidence"), 64);
    assert_complained("evidence is to be read and will not be overwritten");
}

/* --- collect-list --- */

static void list_of_what_to_bring(void **state)
{
    (void)state;
    assert_int_equal(RUN("collect-list"), 0);
    assert_int_equal(fake_engine.n_calls, 0);
    assert_memory_equal(said, "{\"schema\":\"iiswarden.need/1\"", 28);
    assert_int_equal(RUN("collect-list", "--format=table"), 0);
    assert_memory_equal(said, "Files that can change a blind verdict\n", 38);
    assert_int_equal(RUN("collect-list", "--kape", "--web-root", "D:\\sites"), 0);
    assert_said("Path: \"D:\\\\sites\\\\\"\n");
    assert_int_equal(RUN("collect-list", "--velociraptor"), 0);
    assert_said("name: Custom.Windows.IISWarden.Collect\n");
    assert_int_equal(RUN("collect-list", "--powershell"), 0);
    assert_said("#Requires -Version 5.1\n");
    assert_int_equal(fake_engine.n_calls, 0);
}

static void list_of_what_evidence_lacks(void **state)
{
    (void)state;
    fake_engine.fill = sample_inventory_fill;
    assert_int_equal(RUN("collect-list", "x", "--web-root", "D:\\sites"), 0);
    assert_int_equal(fake_engine.n_calls, 1);
    assert_string_equal(fake_engine.first_web_root, "D:\\sites");
    assert_said("\"lacking\":[\"WEB01\"");
    fake_engine.fill = sample_run_fill;
    assert_int_equal(RUN("collect-list", "x"), 2);
    fake_engine.rc = IW_EIO;
    assert_int_equal(RUN("collect-list", "x", "--kape"), 70);
}

static void lists_that_cannot_be(void **state)
{
    (void)state;
    assert_int_equal(RUN("collect-list", "--kape", "--powershell"), 64);
    assert_complained("choose one");
    assert_int_equal(RUN("collect-list", "--kape", "--format", "table"), 64);
    assert_int_equal(RUN("collect-list", "--manifest", "m"), 64);
    assert_int_equal(RUN("collect-list", "--web-root", "/var/www"), 64);
    assert_int_equal(fake_engine.n_calls, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(inventory_has_three_forms),     TEST(inventory_asks_the_engine),
        TEST(inventory_tells_lost_evidence), TEST(inventory_keeps_its_inputs),
        TEST(baseline_is_created),           TEST(baseline_is_compared),
        TEST(list_of_what_to_bring),         TEST(list_of_what_evidence_lacks),
        TEST(lists_that_cannot_be),          TEST(interrupted_baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
