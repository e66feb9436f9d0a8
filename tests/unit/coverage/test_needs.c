/*
 * What to bring: the table names everything the program reads; what evidence has is taken away, and
 * nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "coverage/needs.h"
#include "evidence/evidence.h"
#include "tests/support/skip_because.h"

static struct iw_needs needs;
static struct iw_run run;

static int setup(void **state)
{
    (void)state;
    iw_needs_init(&needs);
    iw_run_init(&run);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    iw_needs_done(&needs);
    iw_run_done(&run);
    return 0;
}

static const struct iw_need *find(const char *folder, const char *mask)
{
    for (size_t i = 0; i < needs.n; i++) {
        if (needs.items[i].form == IW_NEED_FILES &&
            iw_str_equal_nocase(needs.items[i].folder, iw_str_of(folder)) &&
            iw_str_equal(needs.items[i].mask, iw_str_of(mask)))
            return &needs.items[i];
    }
    return NULL;
}

#define LOGS "%SystemRoot%\\System32\\winevt\\Logs"
#define WWWROOT "%SystemDrive%\\inetpub\\wwwroot"

/* --- the table --- */

static void every_kind_of_evidence_has_a_row(void **state)
{
    /* The names that the ledger gives to kinds, in the order of enum iw_evidence_kind; a new kind
     * needs its word here and its row in the table. */
    static const char *const KINDS[] = {"page",     "evtx",         "json",          "json",
                                        "xml",      "web-log",      "config",        "pe",
                                        "registry", "catalogue",    "sysmon-config", "audit-policy",
                                        "channels", "audit-entries"};
    assert_true(IW_EVIDENCE_KIND_COUNT <= sizeof KINDS / sizeof *KINDS);
    (void)state;
    for (size_t kind = 0; kind < IW_EVIDENCE_KIND_COUNT; kind++) {
        bool has_row = false;
        for (size_t i = 0; i < iw_need_n_rows; i++)
            has_row |= strcmp(iw_need_rows[i].kind, KINDS[kind]) == 0;
        if (!has_row)
            fail_msg("nothing in the table is of kind %s", KINDS[kind]);
    }
}

static void rows_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < iw_need_n_rows; i++) {
        const struct iw_need_row *row = &iw_need_rows[i];
        assert_non_null(row->name);
        /* Each is complete in itself: the row above may not be lacking. */
        if (strstr(row->what_for, "the same of") != NULL || strstr(row->name, "the same") != NULL)
            fail_msg("%s: %s", row->name, row->what_for);
        assert_true(strlen(row->what_for) > 10);
        assert_int_equal(row->form == IW_NEED_FILES, row->folder != NULL);
        assert_int_equal(row->form == IW_NEED_FILES, row->mask != NULL);
        assert_int_equal(row->form == IW_NEED_COMMAND, row->command != NULL);
        assert_int_equal(row->form == IW_NEED_COMMAND, row->file != NULL);
        if (row->folder != NULL) {
            assert_int_equal(row->folder[0], '%');
            assert_int_not_equal(row->folder[strlen(row->folder) - 1], '\\');
        }
        if (row->command != NULL) /* written into one line of remarks and of CSV */
            assert_null(strpbrk(row->command, "\n\r"));
        for (size_t k = 0; k < i && row->file != NULL; k++)
            assert_true(iw_need_rows[k].file == NULL || strcmp(iw_need_rows[k].file, row->file));
    }
}

static void all_of_it_without_evidence(void **state)
{
    const char *const roots[] = {"D:\\sites\\shop\\", "WEB01:E:\\a b", "c:\\INETPUB\\wwwroot",
                                 "D:\\x\"y"};
    (void)state;
    assert_int_equal(iw_needs_find(roots, 4, NULL, &needs), IW_OK);
    assert_false(needs.is_narrowed);
    assert_non_null(find(LOGS, "Security.evtx"));
    assert_non_null(find("D:\\sites\\shop", "*"));
    assert_non_null(find("E:\\a b", "*"));
    assert_true(find("E:\\a b", "*")->is_literal);
    assert_non_null(find("C:\\xampp\\htdocs", "*"));
    assert_null(find("C:\\INETPUB\\wwwroot", "*")); /* stands in the table */
    assert_int_equal(find("C:\\xampp\\htdocs", "*")->weight, IW_NEED_IF_INSTALLED);
    assert_int_equal(find(LOGS, "MSExchange Management.evtx")->weight, IW_NEED_IF_INSTALLED);
    assert_int_equal(find(LOGS, "Security.evtx")->weight, IW_NEED_DECIDES);
    assert_int_equal(find(LOGS, "Application.evtx")->weight, IW_NEED_TELLS);
    assert_int_equal(needs.hosts.n, 0);
    assert_int_equal(needs.roots.n, 3);
    assert_int_equal(needs.notes.n, 1); /* the path that can be none */
    assert_int_equal(
        iw_str_find(needs.notes.items[0],
                    IW_STR("1 folder or file that the configuration names is left out")),
        0);
}

/* --- what evidence has --- */

static void add_source(const char *path, const char *windows_path, const char *host,
                       enum iw_source_state state)
{
    const struct iw_source source = {.path = iw_str_of(path),
                                     .kind = IW_STR("evtx"),
                                     .windows_path = iw_str_of(windows_path),
                                     .host_hint = iw_str_of(host),
                                     .state = state};
    assert_int_not_equal(iw_ledger_add(&run.ledger, &source), SIZE_MAX);
}

static void what_evidence_has_is_not_asked_for(void **state)
{
    static struct iw_host_span hosts[] = {{.host = IW_STR("WEB01")}, {.host = IW_STR("WEB02")}};
    static struct iw_telemetry_channel channel = {.host = IW_STR("WEB02"),
                                                  .channel = IW_STR("Security")};
    const struct iw_need *need;
    (void)state;
    run.hosts = hosts;
    run.n_hosts = 2;
    run.telemetry.channels = &channel;
    run.telemetry.n_channels = 1;
    add_source("c/WEB01/C/Windows/System32/winevt/Logs/Security.evtx",
               "C:\\Windows\\System32\\winevt\\Logs\\Security.evtx", "web01.corp.example",
               IW_SOURCE_READ);
    add_source("c/WEB01/C/Windows/System32/winevt/Logs/System.evtx",
               "C:\\Windows\\System32\\winevt\\Logs\\System.evtx", "WEB01", IW_SOURCE_LOST);
    add_source("c/WEB01/C/Windows/System32/inetsrv/config/schema/IIS_schema.xml",
               "C:\\WINDOWS\\system32\\inetsrv\\config\\schema\\IIS_schema.xml", "WEB01",
               IW_SOURCE_SKIPPED);
    add_source("c/WEB01/C/Windows/System32/inetsrv/de/x.exe",
               "C:\\Windows\\System32\\inetsrv\\de\\x.exe", "WEB01", IW_SOURCE_SKIPPED);
    add_source("c/WEB01/commands/auditpol.csv", "", "WEB01", IW_SOURCE_SKIPPED);
    add_source("loose/Setup.evtx", "C:\\Windows\\System32\\winevt\\Logs\\Setup.evtx", "",
               IW_SOURCE_READ);
    assert_int_equal(iw_needs_find(NULL, 0, &run, &needs), IW_OK);
    assert_true(needs.is_narrowed);
    assert_int_equal(needs.hosts.n, 2);
    assert_true(iw_str_equal(needs.hosts.items[1], IW_STR("WEB02")));
    assert_null(find(LOGS, "Security.evtx")); /* one has the file, the other its events */
    need = find(LOGS, "System.evtx");         /* what was lost is to be brought again */
    assert_int_equal(need->hosts.n, 2);
    need = find("%SystemRoot%\\System32\\inetsrv\\config", "*"); /* at any depth */
    assert_int_equal(need->hosts.n, 1);
    assert_true(iw_str_equal(need->hosts.items[0], IW_STR("WEB02")));
    assert_int_equal(find("%SystemRoot%\\System32\\inetsrv", "*.exe")->hosts.n, 2); /* too deep */
    assert_int_equal(find(LOGS, "Setup.evtx")->hosts.n, 2); /* whose it is, is not known */
    for (size_t i = 0; i < needs.n; i++) {
        assert_int_not_equal(needs.items[i].form, IW_NEED_ASKED);
        if (iw_str_equal(needs.items[i].file, IW_STR("auditpol.csv")))
            assert_int_equal(needs.items[i].hosts.n, 1);
    }
    run.telemetry.channels = NULL;
    run.telemetry.n_channels = 0;
    run.hosts = NULL;
    run.n_hosts = 0;
}

static void roots_are_those_of_the_configuration(void **state)
{
    static struct iw_inventory_root roots[] = {
        {.path = IW_STR("D:\\sites\\shop"), .is_resolved = true},
        {.path = IW_STR("%NOWHERE%\\x"), .is_resolved = false},
        {.path = IW_STR("C:\\assumed"), .is_resolved = true, .is_assumed = true},
    };
    static struct iw_inventory_root other[] = {
        {.path = IW_STR("d:\\Sites\\Shop"), .is_resolved = true},
        {.path = IW_STR("C:\\inetpub\\wwwroot"), .is_resolved = true},
    };
    static struct iw_item_file file = {.state = IW_ITEM_FILE_NOT_COLLECTED,
                                       .path = IW_STR("C:\\Program Files\\ARR\\router.dll")};
    static struct iw_inventory_component component = {
        .kind = "globalModule", .files = &file, .n_files = 1};
    static struct iw_inventory_site site = {.log_folder = IW_STR("E:\\logs\\W3SVC1")};
    static struct iw_inventory_server servers[] = {
        {.host = IW_STR("WEB01"),
         .source = IW_STR("x"),
         .is_authoritative = true,
         .roots = roots,
         .n_roots = 3,
         .components = &component,
         .n_components = 1,
         .sites = &site,
         .n_sites = 1},
        {.host = IW_STR("WEB02"),
         .source = IW_STR("y"),
         .is_authoritative = true,
         .roots = other,
         .n_roots = 2},
    };
    (void)state;
    run.inventory.servers = servers;
    run.inventory.n_servers = 2;
    add_source("w", "D:\\sites\\shop\\bin\\x.dll", "WEB02", IW_SOURCE_SKIPPED);
    assert_int_equal(iw_needs_find(NULL, 0, &run, &needs), IW_OK);
    assert_int_equal(find("D:\\sites\\shop", "*")->hosts.n, 1);
    assert_true(iw_str_equal(find("D:\\sites\\shop", "*")->hosts.items[0], IW_STR("WEB01")));
    assert_null(find("C:\\assumed", "*"));
    assert_null(find("C:\\xampp\\htdocs", "*")); /* no root of either */
    assert_null(find(WWWROOT, "*"));             /* as the configuration spells it: */
    assert_int_equal(find("C:\\inetpub\\wwwroot", "*")->hosts.n, 1);
    assert_non_null(find("C:\\Program Files\\ARR", "router.dll"));
    assert_false(find("C:\\Program Files\\ARR", "router.dll")->is_recursive);
    assert_non_null(find("E:\\logs\\W3SVC1", "*.log"));
    assert_int_equal(needs.notes.n, 1);
    run.inventory.servers = NULL;
    run.inventory.n_servers = 0;
}

static void evidence_of_nobody_lacks_everything(void **state)
{
    (void)state;
    assert_int_equal(iw_needs_find(NULL, 0, &run, &needs), IW_OK);
    assert_false(needs.is_narrowed);
    assert_true(needs.n > iw_need_n_rows);
}

static void no_memory(void **state)
{
    const char *const roots[] = {"D:\\sites"};
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        iw_needs_done(&needs);
        iw_needs_init(&needs);
        iw_alloc_fail_at(n);
        rc = iw_needs_find(roots, 1, &run, &needs);
        if (iw_alloc_count() < n) {
            assert_int_equal(rc, IW_OK);
            break;
        }
        assert_int_equal(rc, IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_evidence_has_a_row),
        cmocka_unit_test(rows_are_whole),
        cmocka_unit_test_setup_teardown(all_of_it_without_evidence, setup, teardown),
        cmocka_unit_test_setup_teardown(what_evidence_has_is_not_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(roots_are_those_of_the_configuration, setup, teardown),
        cmocka_unit_test_setup_teardown(evidence_of_nobody_lacks_everything, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
