/*
 * Where collected files lay, layout by layout.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "evidence/windows_path.h"
#include "tests/support/skip_because.h"

static const struct {
    const char *path, *windows_path, *host;
} CASES[] = {
    /* KAPE */
    {"kape/WEB01/C/Windows/System32/winevt/Logs/Security.evtx",
     "C:\\Windows\\System32\\winevt\\Logs\\Security.evtx", "WEB01"},
    {"WEB01/D/inetpub/logs/LogFiles/W3SVC1/u_ex210314.log",
     "D:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210314.log", "WEB01"},
    {"/cases/7/WEB01/c/Windows/x.evtx", "C:\\Windows\\x.evtx", "WEB01"},
    {"C/Windows/System32/winevt/Logs/System.evtx",
     "C:\\Windows\\System32\\winevt\\Logs\\System.evtx", ""},
    {"./C/Windows/x", "C:\\Windows\\x", ""},
    {"../C/Windows/x", "C:\\Windows\\x", ""},
    {"WEB01/C/Program Files (x86)/a.dll", "C:\\Program Files (x86)\\a.dll", "WEB01"},
    {"WEB01/C/Windows.old/Windows/System32/x", "C:\\Windows.old\\Windows\\System32\\x", "WEB01"},
    /* %4 is Windows' own where nothing is percent-encoded */
    {"WEB01/C/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx",
     "C:\\Windows\\System32\\winevt\\Logs\\Microsoft-Windows-Sysmon%4Operational.evtx", "WEB01"},
    {"WEB01/C/Windows/a%5Cb", "C:\\Windows\\a%5Cb", "WEB01"},
    /* Velociraptor */
    {"WEB01/uploads/auto/C%3A/Windows/System32/winevt/Logs/Security.evtx",
     "C:\\Windows\\System32\\winevt\\Logs\\Security.evtx", "WEB01"},
    {"WEB01/uploads/ntfs/%5C%5C.%5CC%3A/Windows/System32/config/SYSTEM",
     "C:\\Windows\\System32\\config\\SYSTEM", "WEB01"},
    {"WEB01/uploads/auto/C%3a/Windows/x", "C:\\Windows\\x", "WEB01"},
    {"WEB01/uploads/auto/E%3A/sites/app/web.config", "E:\\sites\\app\\web.config", "WEB01"},
    {"uploads/auto/C%3A/Windows/x", "C:\\Windows\\x", ""},
    {"WEB01/uploads/auto/C%3A/Windows/Logs/Microsoft-Windows-Sysmon%254Operational.evtx",
     "C:\\Windows\\Logs\\Microsoft-Windows-Sysmon%4Operational.evtx", "WEB01"},
    {"WEB01/uploads/auto/C%3A/Windows/Logs/X%4Admin.evtx", "C:\\Windows\\Logs\\X%4Admin.evtx",
     "WEB01"},
    {"WEB01/uploads/auto/C%3A/Windows/100%", "C:\\Windows\\100%", "WEB01"},
    {"Collection-WEB01-2021-03-14T06_40_13Z/uploads/auto/C%3A/Windows/x", "C:\\Windows\\x",
     "WEB01"},
    {"Collection-web-01.corp.example-2021-03-14T06_40_13Z/uploads/auto/C%3A/Windows/x",
     "C:\\Windows\\x", "web-01.corp.example"},
    {"Collection-of-logs/uploads/auto/C%3A/Windows/x", "C:\\Windows\\x", "Collection-of-logs"},
    {"WEB01/uploads/ntfs/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1/Windows/"
     "System32/x",
     "C:\\Windows\\System32\\x", "WEB01"},
    /* Dissect, and drives with a colon */
    {"WEB01/fs/C:/Windows/x", "C:\\Windows\\x", "WEB01"},
    {"WEB01/D:/sites/x.aspx", "D:\\sites\\x.aspx", "WEB01"},
    /* mounted image: C: is taken */
    {"/mnt/WEB01/Windows/System32/winevt/Logs/x.evtx",
     "C:\\Windows\\System32\\winevt\\Logs\\x.evtx", "WEB01"},
    {"Windows/System32/x", "C:\\Windows\\System32\\x", ""},
    {"img/windows/system32/x", "C:\\windows\\system32\\x", "img"},
    {"img/Windows.old/Windows/System32/x", "C:\\Windows.old\\Windows\\System32\\x", "img"},
    {"img/Windows/System32/Windows/System32/x", "C:\\Windows\\System32\\Windows\\System32\\x",
     "img"},
    /* the innermost drive counts */
    {"/mnt/C:/cases/WEB01/C/Windows/x", "C:\\Windows\\x", "WEB01"},
    {"A/C/Users/b/D/Windows/x", "D:\\Windows\\x", "b"},
    /* nothing to know */
    {"Security.evtx", "", ""},
    {"logs/WEB01/Security.evtx", "", ""},
    {"A/Security.evtx", "", ""},
    {"C/notes/x", "", ""},
    {"WEB01/C", "", ""},
    {"WEB01/C:", "", ""},
    {"Windows/x", "", ""},
    {"-", "", ""},
    {"", "", ""},
};

static void layouts(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_windows_path got;
        char shown[256];
        assert_true(iw_windows_path_read(iw_str_of(CASES[i].path), &arena, &got));
        (void)snprintf(shown, sizeof shown, "%s: %.*s", CASES[i].path,
                       IW_STR_ARG(got.windows_path));
        if (!iw_str_equal(got.windows_path, iw_str_of(CASES[i].windows_path)))
            fail_msg("%s", shown);
        if (!iw_str_equal(got.host_hint, iw_str_of(CASES[i].host)))
            fail_msg("%s: host %.*s", CASES[i].path, IW_STR_ARG(got.host_hint));
    }
    iw_arena_done(&arena);
}

/* Any bytes, any number of parts: no crash, no result that is cut. */
static void hostile_paths(void **state)
{
    char path[IW_LIMIT_PATH_BYTES];
    struct iw_windows_path got;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i + 1 < sizeof path; i += 2)
        memcpy(path + i, "a/", 2);
    memcpy(path, "C/Windows/", 10);
    assert_true(iw_windows_path_read((struct iw_str){path, sizeof path}, &arena, &got));
    assert_int_equal(got.windows_path.n, 0);
    for (unsigned byte = 0; byte < 256; byte++) {
        char tail[] = "H/uploads/auto/C%3A/Windows/?%??%";
        tail[28] = (char)byte;
        tail[30] = (char)byte;
        assert_true(iw_windows_path_read((struct iw_str){tail, sizeof tail - 1}, &arena, &got));
        assert_true(iw_str_begins_nocase(got.windows_path, IW_STR("C:\\Windows\\")));
    }
    iw_arena_done(&arena);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    struct iw_windows_path got;
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    iw_alloc_fail_at(1);
    assert_false(iw_windows_path_read(IW_STR("H/C%3A/x"), &arena, &got));
    iw_alloc_fail_at(1);
    assert_false(iw_windows_path_read(IW_STR("H/C/Windows/x"), &arena, &got));
    iw_alloc_fail_at(0);
    iw_arena_done(&arena);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

/* What one path tells of its tree, the others are read by. */
static void trees_are_learnt(void **state)
{
    static const char *const KNOWN[] = {
        "case/WEB01/C/Windows/System32/x", "/mnt/WEB02/Windows/System32/config/SYSTEM",
        "Collection-WEB04-2021-03-14T06_40_13Z/uploads/auto/C%3A/Windows/System32/x",
        "Windows/System32/x", /* the folder one is in: tells nothing of others */
    };
    static const struct {
        const char *path, *windows_path, *host;
    } OTHERS[] = {
        {"case/WEB01/D/sites/shop/x.aspx", "D:\\sites\\shop\\x.aspx", "WEB01"},
        {"case/WEB01/C/data/x", "C:\\data\\x", "WEB01"},
        {"case/WEB01/C/x", "C:\\x", "WEB01"},
        {"case/WEB01/notes/x", "", "WEB01"}, /* beside the drives */
        {"case/WEB01/D", "", "WEB01"},       /* a file, not a drive */
        {"case/WEB03/D/sites/x", "", ""},
        {"/mnt/WEB02/inetpub/wwwroot/x.aspx", "C:\\inetpub\\wwwroot\\x.aspx", "WEB02"},
        {"/mnt/WEB02/D/x", "C:\\D\\x", "WEB02"},
        /* beside what a collector uploaded: of that host */
        {"Collection-WEB04-2021-03-14T06_40_13Z/uploads/data/commands/auditpol.csv", "", "WEB04"},
        {"Collection-WEB04-2021-03-14T06_40_13Z/results/x.json", "", "WEB04"},
        {"Collection-WEB05-2021-03-14T06_40_13Z/results/x.json", "", ""},
        {"/mnt/other/x", "", ""},
        {"inetpub/x", "", ""},
    };
    struct iw_windows_trees trees;
    struct iw_arena arena;
    struct iw_windows_path got;
    (void)state;
    iw_arena_init(&arena, 0);
    iw_windows_trees_init(&trees);
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++) {
        assert_true(iw_windows_path_read(iw_str_of(KNOWN[i]), &arena, &got));
        assert_true(iw_windows_trees_learn(&trees, &got));
    }
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++) {
        assert_true(iw_windows_trees_read(&trees, iw_str_of(OTHERS[i].path), &arena, &got));
        if (!iw_str_equal(got.windows_path, iw_str_of(OTHERS[i].windows_path)) ||
            !iw_str_equal(got.host_hint, iw_str_of(OTHERS[i].host)))
            fail_msg("%s: '%.*s' of '%.*s'", OTHERS[i].path, IW_STR_ARG(got.windows_path),
                     IW_STR_ARG(got.host_hint));
    }
    iw_windows_trees_done(&trees);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_learnt),
        cmocka_unit_test(layouts),
        cmocka_unit_test(hostile_paths),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
