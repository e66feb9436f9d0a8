/*
 * What to bring, form by form: hostile folders stay texts, equal needs give equal bytes. That the
 * forms can be read by what they are for is tested on whole ones (tests/integration/run).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_forms.h"
#include "output/collect.h"
#include "sample_run.h"

static const struct iw_str roots[] = {IW_STR("%SystemDrive%\\inetpub\\wwwroot"),
                                      IW_STR("D:\\R&D's $(x) \xE2\x80\x99y")};
static const struct iw_str lacking[] = {IW_STR("WEB01"), IW_STR("WEB\x1B[2J"), IW_STR("WEB03")};
static const struct iw_str note = IW_STR("1 folders are left out \xE2\x80\xAE");

static struct iw_need items[] = {
    {.form = IW_NEED_FILES,
     .weight = IW_NEED_DECIDES,
     .name = IW_STR("event log Security"),
     .what_for = IW_STR("what for: \"this\""),
     .kind = IW_STR("evtx"),
     .folder = IW_STR("%SystemRoot%\\System32\\winevt\\Logs"),
     .mask = IW_STR("Microsoft-Windows-Sysmon%4Operational.evtx"),
     .hosts = {lacking, 2}},
    {.form = IW_NEED_FILES,
     .name = IW_STR("registry hive SYSTEM"),
     .what_for = IW_STR("settings"),
     .kind = IW_STR("registry"),
     .folder = IW_STR("%SystemRoot%\\System32\\config"),
     .mask = IW_STR("SYSTEM"),
     .key = IW_STR("HKLM\\SYSTEM")},
    {.form = IW_NEED_FILES,
     .name = IW_STR("web root D:\\R&D's $(x) \xE2\x80\x99y"),
     .what_for = IW_STR("pages"),
     .kind = IW_STR("page"),
     .folder = IW_STR("D:\\R&D's $(x) \xE2\x80\x99y"),
     .mask = IW_STR("*"),
     .is_recursive = true,
     .is_root = true,
     .is_literal = true},
    {.form = IW_NEED_COMMAND,
     .name = IW_STR("permissions"),
     .what_for = IW_STR("who may write"),
     .kind = IW_STR("settings"),
     .command = IW_STR("foreach ($p in $roots) { icacls.exe \"$p\" }"),
     .file = IW_STR("icacls.txt"),
     .needs_roots = true},
    {.form = IW_NEED_ASKED,
     .name = IW_STR("change records"),
     .what_for = IW_STR("what was planned"),
     .kind = IW_STR("changes")},
};
static struct iw_needs needs = {.items = items,
                                .n = sizeof items / sizeof *items,
                                .roots = {roots, 2},
                                .notes = {&note, 1},
                                .hosts = {lacking, 3},
                                .is_narrowed = true};
static const struct iw_style plain = {false, 0}, narrow = {true, 40};
static struct iw_buffer out;

static void write_form(size_t form)
{
    switch (form) {
    case 0:
        iw_output_needs_table(&needs, &plain, &out);
        return;
    case 1:
        iw_output_needs_ndjson(&needs, &out);
        return;
    case 2:
        iw_output_needs_kape(&needs, &out);
        return;
    case 3:
        iw_output_needs_velociraptor(&needs, &out);
        return;
    case 4:
        iw_output_needs_powershell(&needs, &out);
        return;
    default:
        iw_output_needs_table(&needs, &narrow, &out);
    }
}
#define N_FORMS 6U

static void says(size_t form, const char *text)
{
    iw_buffer_done(&out);
    iw_buffer_init(&out);
    write_form(form);
    if (iw_str_find(iw_buffer_str(&out), iw_str_of(text)) == SIZE_MAX)
        fail_msg("form %zu lacks: %s\n%.*s", form, text, IW_STR_ARG(iw_buffer_str(&out)));
}

static void list_for_people(void **state)
{
    (void)state;
    says(0, "Files that can change a blind verdict\n"
            "  %SystemRoot%\\System32\\winevt\\Logs\\Microsoft-Windows-Sysmon%4Operational.evtx\n"
            "    what for: \"this\"\n"
            "    lacking: WEB01, WEB\\x1b[2J\n");
    says(0, "\nFiles that tell more\n  %SystemRoot%\\System32\\config\\SYSTEM\n    settings\n");
    says(0, "  D:\\R&D's $(x) \xE2\x80\x99y\\**\\*\n    pages\n");
    says(0, "  $roots = @([Environment]::ExpandEnvironmentVariables("
            "'%SystemDrive%\\inetpub\\wwwroot'), [Environment]::ExpandEnvironmentVariables("
            "'D:\\R&D''s $(x) \xE2\x80\x99\xE2\x80\x99y'))\n");
    says(0, "  foreach ($p in $roots) { icacls.exe \"$p\" }\n"
            "    into commands\\icacls.txt: who may write\n");
    says(0, "To ask for\n  change records\n    what was planned\n");
    says(0, "1 folders are left out \\u{202e}\nFiles keep their Windows paths: ");
    says(0, ".\nAN0184 IIS components, AN1108 web shells.\n");
}

/* Whose it is stands in front where it is one host's, and is counted where it is everybody's. */
static void who_lacks_it(void **state)
{
    (void)state;
    items[0].hosts.n = 3;
    says(0, "    lacking: all 3 hosts\n");
    items[0].hosts.n = 1;
    says(0, "    lacking: WEB01\n");
    needs.hosts.n = 1;
    says(0, "What WEB01 lacks\n\nFiles that can change a blind verdict\n");
    assert_int_equal(iw_str_find(iw_buffer_str(&out), IW_STR("lacking: ")), SIZE_MAX);
    items[0].hosts.n = 2;
    needs.hosts.n = 3;
}

static void list_for_programs(void **state)
{
    (void)state;
    says(1, "{\"schema\":\"iiswarden.need/"
            "1\",\"form\":\"files\",\"weight\":\"tells\",\"name\":\"registry hive SYSTEM\","
            "\"what_for\":\"settings\",\"kind\":\"registry\",\"folder\":"
            "\"%SystemRoot%\\\\System32\\\\config\",\"mask\":\"SYSTEM\",\"recursive\":false,"
            "\"web_root\":false,\"registry_key\":\"HKLM\\\\SYSTEM\",\"command\":null,"
            "\"file\":null,\"roots\":[],\"lacking\":[]}\n");
}

static void target_of_kape(void **state)
{
    (void)state;
    says(2, "        Name: \"event log Security\"\n"
            "        Category: \"EventLogs\"\n"
            "        Path: \"C:\\\\Windows\\\\System32\\\\winevt\\\\Logs\\\\\"\n"
            "        FileMask: \"Microsoft-Windows-Sysmon%4Operational.evtx\"\n"
            "        Recursive: false\n"
            "        Comment: \"what for: \\\"this\\\"\"\n");
    says(2, "        Path: \"D:\\\\R&D's $(x) \xE2\x80\x99y\\\\\"\n        Recursive: true\n");
    says(2, "#   foreach ($p in $roots) { icacls.exe \"$p\" }\n#       > icacls.txt\n");
    says(2, "# 1 folders are left out \\u{202e}\n");
}

static void artifact_of_velociraptor(void **state)
{
    (void)state;
    says(3, "      \"%SystemRoot%\\System32\\winevt\\Logs\","
            "\"Microsoft-Windows-Sysmon%4Operational.evtx\",N,Y\n");
    says(3, "      \"D:\\R&D's $(x) \xE2\x80\x99y\",\"*\",Y,N\n");
    says(3, "      \"icacls.txt\",\"$roots = @([Environment]");
    says(3, "{ icacls.exe \"\"$p\"\" }\"\n");
}

static void script_of_powershell(void **state)
{
    (void)state;
    says(4, "\xEF\xBB\xBF#Requires -Version 5.1\n");
    says(4, "    @{ Folder = 'D:\\R&D''s $(x) \xE2\x80\x99\xE2\x80\x99y'; Mask = '*'; Recursive = "
            "$true; Variables = $false; Root = $true }\n");
    says(4, "    @{ Key = 'HKLM\\SYSTEM'; Folder = '%SystemRoot%\\System32\\config'; Name = "
            "'SYSTEM'; Variables = $true }\n");
    says(4, "Save-Output 'icacls.txt' { foreach ($p in $roots) { icacls.exe \"$p\" } }\n");
}

static void nothing_lacking(void **state)
{
    const struct iw_needs none = {.is_narrowed = true};
    (void)state;
    iw_buffer_init(&out);
    iw_output_needs_table(&none, &plain, &out);
    assert_true(iw_str_equal(iw_buffer_str(&out),
                             IW_STR("Nothing is missing of the hosts in this evidence.\n")));
    iw_buffer_clear(&out);
    iw_output_needs_kape(&none, &out);
    assert_true(iw_str_ends_nocase(iw_buffer_str(&out), IW_STR("\nTargets: []\n")));
    iw_buffer_done(&out);
}

static void no_form_steers_a_terminal(void **state)
{
    (void)state;
    for (size_t form = 0; form < N_FORMS; form++) {
        struct iw_str text;
        iw_buffer_done(&out);
        iw_buffer_init(&out);
        write_form(form);
        text = iw_buffer_str(&out);
        if (form == 4) /* its byte order mark */
            text = (struct iw_str){text.p + 3, text.n - 3};
        assert_false(text_is_unsafe(text, form == 5));
    }
}

static void failures_are_told(void **state)
{
    (void)state;
    every_form_survives_failures(N_FORMS, write_form, &out);
}

static int teardown(void **state)
{
    (void)state;
    iw_buffer_done(&out);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(list_for_people, teardown),
        cmocka_unit_test_teardown(who_lacks_it, teardown),
        cmocka_unit_test_teardown(list_for_programs, teardown),
        cmocka_unit_test_teardown(target_of_kape, teardown),
        cmocka_unit_test_teardown(artifact_of_velociraptor, teardown),
        cmocka_unit_test_teardown(script_of_powershell, teardown),
        cmocka_unit_test_teardown(nothing_lacking, teardown),
        cmocka_unit_test_teardown(no_form_steers_a_terminal, teardown),
        cmocka_unit_test_teardown(failures_are_told, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
