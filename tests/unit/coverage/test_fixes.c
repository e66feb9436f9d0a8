/*
 * Fixes: what a source of events lacks gets its text, and no name out of evidence becomes code.
 * That the text closes the hole: test_fix_closes.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "coverage/fixes.h"
#include "tests/support/skip_because.h"

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

static const struct iw_link_witness *witness_of(enum iw_link link, const char *name)
{
    for (size_t i = 0; i < iw_n_link_witnesses; i++) {
        if (iw_link_witnesses[i].link == link && strcmp(iw_link_witnesses[i].name, name) == 0)
            return &iw_link_witnesses[i];
    }
    fail_msg("%s is not seen in %s", iw_link_name(link), name);
    return NULL;
}

static struct iw_str fix_all(const struct iw_link_want *wants, size_t n,
                             const struct iw_inventory_server *of)
{
    const struct iw_link_result link = {.wants = wants, .n_wants = n};
    return iw_coverage_fix(&link, of, &arena);
}

static struct iw_str fix_of(const struct iw_link_witness *witness, enum iw_lack lack,
                            const struct iw_inventory_server *of)
{
    const struct iw_link_want want = {.witness = witness, .lack = lack};
    return fix_all(&want, 1, of);
}

static void what_each_lack_asks_for(void **state)
{
    static const struct {
        enum iw_link link;
        const char *witness;
        enum iw_lack lack;
        const char *has, *has_not;
    } CASES[] = {
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_SOURCE, "<FileCreate onmatch=\"include\">",
         "ImageLoad"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_SOURCE, "# bring the log",
         "collect-list names"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_SOURCE,
         "<TargetFilename condition=\"begin with\">D:\\O&#39;Neil &amp; S&#246;hne "
         "$(calc)\\</TargetFilename>",
         NULL},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_SOURCE, "<!-- 1 folders are left out", NULL},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_SOURCE, "onmatch=\"exclude\" alone", NULL},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_PROOF, "collect-list names", "# bring the log"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_MISSED, "<FileCreate onmatch=\"include\">",
         "collect-list"},
        {IW_LINK_FILE_CREATED, "Security 4663", IW_LACK_MISSED, "do it again", NULL},
        {IW_LINK_REGISTRATION, "IIS-Configuration/Operational", IW_LACK_EMPTY,
         "have it write something", "/e:true"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_FILTER, "collect-list names", "forwarding"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_CHANNEL,
         "wevtutil.exe sl Microsoft-Windows-Sysmon/Operational /e:true", "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_ROOM,
         "wevtutil.exe sl Microsoft-Windows-Sysmon/Operational /ms:1073741824", "Security"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_RUNNING, "Start-Service", "forwarding"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_QUEUE, "could not keep up", "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_COPY, "# bring the log", "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_UNBROKEN, "Windows event forwarding",
         "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Sysmon 11", IW_LACK_FILE, "redirection.config", "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Security 4663", IW_LACK_AUDIT_ENTRY,
         "foreach ($path in 'D:\\O''Neil & S\xC3\xB6hne $(calc)') { $acl = Get-Acl -Audit "
         "-LiteralPath $path; $acl.AddAuditRule($rule); Set-Acl -LiteralPath $path -AclObject $acl "
         "}",
         "auditpol"},
        {IW_LINK_FILE_CREATED, "Security 4663", IW_LACK_POLICY,
         "{0CCE921D-69AE-11D9-BED3-505054503030}", "<FileCreate"},
        {IW_LINK_FILE_CREATED, "Security 4663", IW_LACK_ROOM,
         "wevtutil.exe sl Security /ms:4294901760", "Sysmon"},
        {IW_LINK_PROCESS_CREATED, "Sysmon 1", IW_LACK_SOURCE,
         "<ProcessCreate onmatch=\"exclude\" />", "Get-Acl"},
        {IW_LINK_PROCESS_CREATED, "Security 4688", IW_LACK_POLICY,
         "{0CCE922B-69AE-11D9-BED3-505054503030}", "Sysmon"},
        {IW_LINK_PROCESS_CREATED, "Security 4688", IW_LACK_COMMAND_LINE,
         "\\Policies\\System\\Audit' /v ProcessCreationIncludeCmdLine_Enabled /t REG_DWORD /d 1 /f",
         "Sysmon"},
        {IW_LINK_REGISTRATION, "IIS-Configuration/Operational", IW_LACK_CHANNEL,
         "wevtutil.exe sl Microsoft-IIS-Configuration/Operational /e:true", "auditpol"},
        {IW_LINK_REGISTRATION, "IIS-Configuration/Operational", IW_LACK_ROOM,
         "sl Microsoft-IIS-Configuration/Operational /ms:268435456", "/e:true"},
        {IW_LINK_REGISTRATION, "Security 4663", IW_LACK_AUDIT_ENTRY,
         "foreach ($path in 'C:\\Windows\\System32\\inetsrv\\config')", "O''Neil"},
        {IW_LINK_COMPILED, "Security 4663", IW_LACK_AUDIT_ENTRY,
         "\\v4.0.30319\\Temporary ASP.NET Files')", "inetsrv"},
        {IW_LINK_MODULE_LOAD, "Sysmon 7", IW_LACK_SOURCE,
         "<ImageLoad onmatch=\"include\">\n    <Image condition=\"end "
         "with\">\\inetsrv\\w3wp.exe</Image>",
         "auditpol"},
        {IW_LINK_REQUEST, "log of requests", IW_LACK_COLUMNS,
         "sites/site[@id=7]/logFile' -Name logExtFileFlags", "a' b"},
        {IW_LINK_REQUEST, "log of requests", IW_LACK_CHANNEL, "-Name dontLog -Value $false",
         "wevtutil"},
        {IW_LINK_REQUEST, "log of requests", IW_LACK_CHANNEL,
         "sites/site[@id=12]/logFile' -Name enabled -Value $true", NULL},
        {IW_LINK_REQUEST, "log of requests", IW_LACK_ROOM, "# bring the log", "wevtutil"},
        {IW_LINK_REQUEST, "log of requests", IW_LACK_UNBROKEN, "# bring the log", "forwarding"},
        {IW_LINK_COMPILED, "Sysmon 11", IW_LACK_FILTER, "end with\">.compiled<", NULL},
        {IW_LINK_LOGON, "Security 4624", IW_LACK_POLICY, "{0CCE9215-69AE-11D9-BED3-505054503030}",
         NULL},
        {IW_LINK_NETWORK, "Sysmon 3", IW_LACK_FILTER, "<NetworkConnect", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct iw_str fix =
            fix_of(witness_of(CASES[i].link, CASES[i].witness), CASES[i].lack, &server);
        if (iw_str_find(fix, iw_str_of(CASES[i].has)) == SIZE_MAX)
            fail_msg("case %zu lacks %s:\n%.*s", i, CASES[i].has, IW_STR_ARG(fix));
        if (CASES[i].has_not != NULL && iw_str_find(fix, iw_str_of(CASES[i].has_not)) != SIZE_MAX)
            fail_msg("case %zu has %s:\n%.*s", i, CASES[i].has_not, IW_STR_ARG(fix));
        assert_int_not_equal(fix.p[fix.n - 1], '\n');
    }
}

/* Whatever a link of an analytic is seen in, its log may be absent and prove nothing, and may be
 * cut short; the one without any is read from files. */
static void every_link_has_one(void **state)
{
    static const enum iw_lack LACKS[] = {IW_LACK_SOURCE, IW_LACK_PROOF,    IW_LACK_CHANNEL,
                                         IW_LACK_ROOM,   IW_LACK_UNBROKEN, IW_LACK_COPY,
                                         IW_LACK_RUNNING};
    (void)state;
    for (size_t a = 0; a < IW_ANALYTIC_COUNT; a++) {
        for (size_t k = 0; k < iw_analytics[a].n_links; k++) {
            enum iw_link link = iw_analytics[a].links[k].link;
            size_t n = 0;
            assert_true(iw_link_name(link)[0] != '\0');
            for (size_t w = 0; w < iw_n_link_witnesses; w++) {
                if (iw_link_witnesses[w].link != link)
                    continue;
                n++;
                for (size_t i = 0; i < sizeof LACKS / sizeof *LACKS; i++) {
                    if (fix_of(&iw_link_witnesses[w], LACKS[i], NULL).n < 30)
                        fail_msg("%s in %s: %d", iw_link_name(link), iw_link_witnesses[w].name,
                                 (int)LACKS[i]);
                }
            }
            assert_int_equal(n == 0, link == IW_LINK_CONFIGURATION);
        }
    }
    assert_int_not_equal(
        iw_str_find(fix_of(NULL, IW_LACK_FILE, NULL), IW_STR("redirection.config")), SIZE_MAX);
}

/* Of one witness all, of several one; what is said of all of them stands once, at the end. */
static void several_wants(void **state)
{
    const struct iw_link_witness *sysmon = witness_of(IW_LINK_FILE_CREATED, "Sysmon 11");
    const struct iw_link_witness *security = witness_of(IW_LINK_FILE_CREATED, "Security 4663");
    const struct iw_link_want all[] = {{sysmon, IW_LACK_ROOM, NULL},
                                       {sysmon, IW_LACK_UNBROKEN, NULL}};
    const struct iw_link_want any[] = {{sysmon, IW_LACK_PROOF, NULL},
                                       {security, IW_LACK_PROOF, NULL}};
    struct iw_str fix = fix_all(all, 2, &server);
    size_t at;
    (void)state;
    assert_int_not_equal(iw_str_find(fix, IW_STR("/ms:")), SIZE_MAX);
    assert_int_not_equal(iw_str_find(fix, IW_STR("forwarding")), SIZE_MAX);
    assert_int_equal(iw_str_find(fix, IW_STR("# or, in its place")), SIZE_MAX);
    fix = fix_all(any, 2, &server);
    at = iw_str_find(fix, IW_STR("# or, in its place"));
    assert_true(iw_str_find(fix, IW_STR("</RuleGroup>")) < at);
    assert_true(iw_str_find(fix, IW_STR("auditpol")) > at);
    at = iw_str_find(fix, IW_STR("collect-list"));
    assert_true(at > iw_str_find(fix, IW_STR("Set-Acl")));
    fix = (struct iw_str){fix.p + at + 1, fix.n - at - 1};
    assert_int_equal(iw_str_find(fix, IW_STR("collect-list")), SIZE_MAX);
}

/* Values of a configuration cannot end the remark they stand in. */
static void lines_of_settings_stay_remarks(void **state)
{
    struct iw_proof_mend mend = {.source = IW_STR("a\nInvoke-Item b"),
                                 .n = 1,
                                 .lines = {{7, IW_STR("x\r\nInvoke-Item \xE2\x80\xA8y")}}};
    const struct iw_link_want want = {witness_of(IW_LINK_FILE_CREATED, "Sysmon 11"), IW_LACK_FILTER,
                                      &mend};
    struct iw_str fix = fix_all(&want, 1, &server);
    (void)state;
    assert_int_not_equal(iw_str_find(fix, IW_STR("remove line 7: ")), SIZE_MAX);
    assert_int_equal(iw_str_find(fix, IW_STR("\nInvoke")), SIZE_MAX);
    assert_int_equal(iw_str_find(fix, IW_STR("\r")), SIZE_MAX);
    assert_int_equal(iw_str_find(fix, IW_STR("\xE2\x80\xA8")), SIZE_MAX);
}

static void default_roots_are_said_to_be(void **state)
{
    struct iw_str fix = fix_of(witness_of(IW_LINK_FILE_CREATED, "Sysmon 11"), IW_LACK_PROOF, NULL);
    (void)state;
    assert_int_not_equal(iw_str_find(fix, IW_STR("C:\\inetpub\\wwwroot\\<")), SIZE_MAX);
    assert_int_not_equal(iw_str_find(fix, IW_STR("assumed")), SIZE_MAX);
}

static void nothing_to_mend(void **state)
{
    struct iw_str fix = fix_all(NULL, 0, NULL);
    (void)state;
    assert_non_null(fix.p);
    assert_int_equal(fix.n, 0);
}

static void no_memory(void **state)
{
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t n = 1;; n++) {
        struct iw_str fix;
        iw_arena_done(&arena);
        iw_arena_init(&arena, 0);
        iw_alloc_fail_at(n);
        fix = fix_of(&iw_link_witnesses[0], IW_LACK_SOURCE, &server);
        if (iw_alloc_count() < n)
            break;
        assert_null(fix.p);
    }
    iw_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_each_lack_asks_for, setup, teardown),
        cmocka_unit_test_setup_teardown(every_link_has_one, setup, teardown),
        cmocka_unit_test_setup_teardown(several_wants, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_of_settings_stay_remarks, setup, teardown),
        cmocka_unit_test_setup_teardown(default_roots_are_said_to_be, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_to_mend, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
