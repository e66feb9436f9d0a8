/*
 * Fixes: each link and lack gets the text that closes it, and no name out of evidence becomes code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "coverage/fixes.h"

static struct iw_inventory_root roots[] = {
    {.path = IW_STR("D:\\O'Neil & \"x\""), .is_resolved = true}, /* no path of Windows */
    {.path = IW_STR("D:\\O'Neil & S\xC3\xB6hne $(calc)"), .is_resolved = true},
};
static struct iw_inventory_site sites[] = {{.name = IW_STR("a' b"), .id = 7}, {.id = 12}};
static struct iw_inventory_server server = {
    .roots = roots, .n_roots = 2, .sites = sites, .n_sites = 2};
static struct iw_arena arena;

static int setup(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static void each_closes_its_link(void **state)
{
    static const struct {
        const char *link;
        enum iw_lack lack;
        const char *has, *has_not;
    } CASES[] = {
        {"file_created", IW_LACK_SOURCE, "<FileCreate onmatch=\"include\">", "ImageLoad"},
        {"file_created", IW_LACK_SOURCE,
         "<TargetFilename condition=\"begin with\">D:\\O&#39;Neil &amp; S&#246;hne "
         "$(calc)\\</TargetFilename>",
         NULL},
        {"file_created", IW_LACK_SOURCE, "<!-- 1 folders are left out", NULL},
        {"file_created", IW_LACK_AUDIT_ENTRY,
         "foreach ($path in 'D:\\O''Neil & S\xC3\xB6hne $(calc)') { $acl = Get-Acl -Audit "
         "-LiteralPath $path; $acl.AddAuditRule($rule); Set-Acl -LiteralPath $path -AclObject $acl "
         "}",
         "auditpol"},
        {"file_created", IW_LACK_POLICY, "{0CCE921D-69AE-11D9-BED3-505054503030}", "<FileCreate"},
        {"file_created", IW_LACK_PROOF, "iiswarden collect-list", NULL},
        {"file_created", IW_LACK_UNBROKEN, "Windows event forwarding", "auditpol"},
        {"file_created", IW_LACK_ROOM, "wevtutil.exe sl Security /ms:4294901760", NULL},
        {"process_created", IW_LACK_SOURCE, "<ProcessCreate onmatch=\"exclude\" />", "Get-Acl"},
        {"process_created", IW_LACK_SOURCE, "{0CCE922B-69AE-11D9-BED3-505054503030}", NULL},
        {"process_created", IW_LACK_COMMAND_LINE,
         "\\Policies\\System\\Audit' /v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f",
         "Sysmon"},
        {"registration", IW_LACK_CHANNEL,
         "wevtutil.exe sl Microsoft-IIS-Configuration/Operational /e:true", "auditpol"},
        {"registration", IW_LACK_AUDIT_ENTRY,
         "foreach ($path in 'C:\\Windows\\System32\\inetsrv\\config')", "O''Neil"},
        {"module_load", IW_LACK_SOURCE,
         "<ImageLoad onmatch=\"include\">\n    <Image condition=\"end "
         "with\">\\inetsrv\\w3wp.exe</Image>",
         "auditpol"},
        {"configuration", IW_LACK_FILE, "redirection.config", "Sysmon"},
        {"request", IW_LACK_COLUMNS, "sites/site[@id=7]/logFile' -Name logExtFileFlags", "a' b"},
        {"request", IW_LACK_CHANNEL, "-Name dontLog -Value $false", NULL},
        {"request", IW_LACK_CHANNEL, "sites/site[@id=12]/logFile' -Name enabled -Value $true",
         NULL},
        {"compiled", IW_LACK_FILTER, "end with\">.compiled<", NULL},
        {"logon", IW_LACK_POLICY, "{0CCE9215-69AE-11D9-BED3-505054503030}", NULL},
        {"network", IW_LACK_FILTER, "<NetworkConnect", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_str fix =
            iw_coverage_fix(iw_str_of(CASES[i].link), CASES[i].lack, &server, &arena);
        if (iw_str_find(fix, iw_str_of(CASES[i].has)) == SIZE_MAX)
            fail_msg("%s lacks %s:\n%.*s", CASES[i].link, CASES[i].has, IW_STR_ARG(fix));
        if (CASES[i].has_not != NULL && iw_str_find(fix, iw_str_of(CASES[i].has_not)) != SIZE_MAX)
            fail_msg("%s has %s:\n%.*s", CASES[i].link, CASES[i].has_not, IW_STR_ARG(fix));
        assert_int_not_equal(fix.p[fix.n - 1], '\n');
    }
}

/* A required link without a source always has a fix. */
static void every_required_link_has_one(void **state)
{
    static const char *const LINKS[] = {"file_created", "process_created", "configuration",
                                        "registration", "module_load"};
    (void)state;
    for (size_t i = 0; i < sizeof LINKS / sizeof *LINKS; i++) {
        assert_true(iw_coverage_fix(iw_str_of(LINKS[i]), IW_LACK_SOURCE, NULL, &arena).n > 40);
        assert_true(iw_coverage_fix(iw_str_of(LINKS[i]), IW_LACK_PROOF, NULL, &arena).n > 40);
    }
}

static void default_roots_are_said_to_be(void **state)
{
    struct iw_str fix = iw_coverage_fix(IW_STR("file_created"), IW_LACK_FILTER, NULL, &arena);
    (void)state;
    assert_int_not_equal(iw_str_find(fix, IW_STR("C:\\inetpub\\wwwroot\\<")), SIZE_MAX);
    assert_int_not_equal(iw_str_find(fix, IW_STR("assumed")), SIZE_MAX);
}

static void nothing_to_mend(void **state)
{
    struct iw_str fix = iw_coverage_fix(IW_STR("unheard_of"), IW_LACK_SOURCE, NULL, &arena);
    (void)state;
    assert_non_null(fix.p);
    assert_int_equal(fix.n, 0);
    fix = iw_coverage_fix(IW_STR("configuration"), IW_LACK_COMMAND_LINE, NULL, &arena);
    assert_non_null(fix.p);
    assert_int_equal(fix.n, 0);
    fix = iw_coverage_fix_of_state(IW_STR("module_load"), IW_LINK_PROVED, NULL, &arena);
    assert_int_equal(fix.n, 0);
    fix = iw_coverage_fix_of_state(IW_STR("module_load"), IW_LINK_GAP, NULL, &arena);
    assert_int_not_equal(iw_str_find(fix, IW_STR("Windows event forwarding")), SIZE_MAX);
    fix = iw_coverage_fix_of_state(IW_STR("module_load"), IW_LINK_ABSENT, NULL, &arena);
    assert_int_not_equal(iw_str_find(fix, IW_STR("<ImageLoad")), SIZE_MAX);
}

static void no_memory(void **state)
{
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip();
    for (uint64_t n = 1;; n++) {
        struct iw_str fix;
        iw_arena_done(&arena);
        iw_arena_init(&arena, 0);
        iw_alloc_fail_at(n);
        fix = iw_coverage_fix(IW_STR("file_created"), IW_LACK_SOURCE, &server, &arena);
        if (iw_alloc_count() < n)
            break;
        assert_null(fix.p);
    }
    iw_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_closes_its_link, setup, teardown),
        cmocka_unit_test_setup_teardown(every_required_link_has_one, setup, teardown),
        cmocka_unit_test_setup_teardown(default_roots_are_said_to_be, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_to_mend, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
