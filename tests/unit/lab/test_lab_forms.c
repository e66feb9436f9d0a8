/*
 * What forms do with files: none before the first event, one a channel or a host, cleared logs,
 * streams, places, and what fails. What they say is judged in tests/integration/lab.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab/form/lab_form.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define FILETIME_2026 134120808000000000ULL /* 2026-01-05T10:00:00Z */
#define LOGS "WEB01/C/Windows/System32/winevt/Logs/"

struct rig {
    char root[64];
    const struct iw_lab_form_class *class;
    struct iw_lab_form *form;
    struct iw_lab_form_options options;
    struct iw_lab_record record;
    struct iw_lab_place place;
    struct iw_lab_error error;
    uint64_t next_record_id;
};

static int make_rig(void **state)
{
    static struct rig rig;
    memset(&rig, 0, sizeof rig);
    strcpy(rig.root, "lab_forms_XXXXXX");
    rig.options = (struct iw_lab_form_options){
        .root = rig.root, .host = "WEB01", .computer = "WEB01.lab.example"};
    rig.next_record_id = 4001;
    *state = &rig;
    return mkdtemp(rig.root) == NULL ? -1 : 0;
}

static int remove_rig(void **state)
{
    struct rig *rig = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", rig->root);
    return system(command);
}

static void open_form(struct rig *rig, const char *name)
{
    rig->class = iw_lab_form_find(name);
    assert_non_null(rig->class);
    assert_string_equal(rig->class->name, name);
    rig->form = rig->class->open(&rig->options);
    assert_non_null(rig->form);
}

static bool add(struct rig *rig, const char *channel, uint16_t event_id)
{
    iw_lab_record_begin(&rig->record, iw_lab_kind_named(channel, event_id), FILETIME_2026, "4",
                        NULL);
    rig->record.header.record_id = rig->next_record_id++;
    return rig->class->add(rig->form, &rig->record, &rig->place, &rig->error);
}

static void check_place(const struct rig *rig, const char *path, uint64_t line)
{
    assert_string_equal(rig->place.path, path);
    assert_int_equal(rig->place.line, line);
}

static bool is_there(const struct rig *rig, const char *path)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", rig->root, path);
    return access(full, F_OK) == 0;
}

static size_t count_in(const struct rig *rig, const char *path, const char *needle)
{
    static char text[65536];
    char full[512];
    snprintf(full, sizeof full, "%s/%s", rig->root, path);
    FILE *stream = fopen(full, "rb");
    assert_non_null(stream);
    text[fread(text, 1, sizeof text - 1, stream)] = '\0';
    fclose(stream);
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++) {
        n++;
    }
    return n;
}

static void close_form(struct rig *rig)
{
    assert_true(rig->class->close(rig->form, &rig->error));
}

static void test_list(void **state)
{
    (void)state;
    static const char *const names[] = {"evtx", "xml", "winlogbeat", "nxlog", "evtx_dump", "otrf"};
    size_t n = 0;
    for (; iw_lab_form_at(n) != NULL; n++) {
        const char *name = iw_lab_form_at(n)->name;
        assert_string_equal(name, names[n]);
        assert_ptr_equal(iw_lab_form_find(name), iw_lab_form_at(n));
        assert_int_equal(iw_lab_form_at(n)->is_stream_able,
                         strcmp(name, "evtx") != 0 && strcmp(name, "xml") != 0);
        assert_true(iw_lab_form_at(n)->close(NULL, NULL));
    }
    assert_int_equal(n, sizeof names / sizeof names[0]);
    assert_null(iw_lab_form_find("csv"));
}

static void test_nothing_before_the_first_event(void **state)
{
    struct rig *rig = *state;
    for (size_t i = 0; iw_lab_form_at(i) != NULL; i++) {
        open_form(rig, iw_lab_form_at(i)->name);
        assert_true(rig->class->clear(rig->form, "Security", &rig->error));
        close_form(rig);
    }
    assert_false(is_there(rig, "WEB01"));
    assert_false(is_there(rig, "siem"));
}

static void test_a_file_a_channel(void **state)
{
    struct rig *rig = *state;
    open_form(rig, "xml");
    assert_true(add(rig, SYSMON, 1));
    check_place(rig, "WEB01/events/Microsoft-Windows-Sysmon%4Operational.xml", 1);
    assert_true(add(rig, "Security", 4688));
    check_place(rig, "WEB01/events/Security.xml", 1);
    assert_true(add(rig, SYSMON, 5));
    check_place(rig, "WEB01/events/Microsoft-Windows-Sysmon%4Operational.xml", 2);
    close_form(rig);
    open_form(rig, "evtx_dump");
    assert_true(add(rig, SYSMON, 1));
    check_place(rig, "WEB01/events/Microsoft-Windows-Sysmon%4Operational.jsonl", 1);
    close_form(rig);
    open_form(rig, "evtx");
    assert_true(add(rig, "Windows PowerShell", 400));
    check_place(rig, LOGS "Windows PowerShell.evtx", 0);
    close_form(rig);
    assert_true(is_there(rig, LOGS "Windows PowerShell.evtx"));
}

static void test_a_file_a_host(void **state)
{
    struct rig *rig = *state;
    static const char *const names[] = {"winlogbeat", "nxlog", "otrf"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "siem/%s-WEB01.ndjson", names[i]);
        open_form(rig, names[i]);
        assert_true(add(rig, SYSMON, 1));
        check_place(rig, path, 1);
        assert_true(add(rig, "Security", 1102));
        check_place(rig, path, 2);
        close_form(rig);
        assert_int_equal(count_in(rig, path, "\n"), 2);
    }
}

/* What was exported after the clear has lost what was before; what was forwarded has not. */
static void test_cleared_logs(void **state)
{
    struct rig *rig = *state;
    open_form(rig, "xml");
    assert_true(add(rig, "Security", 4688));
    assert_true(add(rig, "System", 7036));
    assert_true(rig->class->clear(rig->form, "Security", &rig->error));
    assert_false(is_there(rig, "WEB01/events/Security.xml"));
    assert_true(add(rig, "Security", 1102));
    check_place(rig, "WEB01/events/Security.xml", 1);
    assert_true(add(rig, "System", 7036));
    check_place(rig, "WEB01/events/System.xml", 2);
    close_form(rig);
    assert_int_equal(count_in(rig, "WEB01/events/Security.xml", "<EventID>4688<"), 0);
    assert_int_equal(count_in(rig, "WEB01/events/Security.xml", "<EventID>1102<"), 1);
    open_form(rig, "winlogbeat");
    assert_true(add(rig, "Security", 4688));
    assert_true(rig->class->clear(rig->form, "Security", &rig->error));
    assert_true(add(rig, "Security", 1102));
    check_place(rig, "siem/winlogbeat-WEB01.ndjson", 2);
    close_form(rig);
    assert_int_equal(count_in(rig, "siem/winlogbeat-WEB01.ndjson", "\"event_id\":\"4688\""), 1);
}

static void test_cleared_evtx(void **state)
{
    struct rig *rig = *state;
    open_form(rig, "evtx");
    assert_true(add(rig, "Security", 4688));
    assert_true(rig->class->clear(rig->form, "Security", &rig->error));
    assert_false(is_there(rig, LOGS "Security.evtx"));
    assert_true(rig->class->clear(rig->form, "Security", &rig->error));
    rig->next_record_id = 0x7A6F;
    assert_true(add(rig, "Security", 1102));
    check_place(rig, LOGS "Security.evtx", 0);
    close_form(rig);
    /* The header's next record id is one more than the only record's. */
    char full[512];
    unsigned char header[32];
    snprintf(full, sizeof full, "%s/" LOGS "Security.evtx", rig->root);
    FILE *stream = fopen(full, "rb");
    assert_non_null(stream);
    assert_int_equal(fread(header, sizeof header, 1, stream), 1);
    fclose(stream);
    assert_int_equal(header[24] + 256 * header[25], 0x7A70);
}

static void test_stream(void **state)
{
    struct rig *rig = *state;
    rig->options.stream = tmpfile();
    assert_non_null(rig->options.stream);
    for (size_t i = 0; iw_lab_form_at(i) != NULL; i++) {
        if (iw_lab_form_at(i)->is_stream_able) {
            open_form(rig, iw_lab_form_at(i)->name);
            assert_true(add(rig, SYSMON, 1));
            assert_true(rig->class->clear(rig->form, SYSMON, &rig->error));
            assert_true(add(rig, "Security", 4688));
            check_place(rig, "", 2);
            close_form(rig);
        }
    }
    assert_false(is_there(rig, "WEB01"));
    assert_false(is_there(rig, "siem"));
    rewind(rig->options.stream);
    size_t n_lines = 0;
    for (int c = fgetc(rig->options.stream); c != EOF; c = fgetc(rig->options.stream)) {
        n_lines += c == '\n' ? 1 : 0;
    }
    assert_int_equal(n_lines, 8);
    fclose(rig->options.stream);
}

/* A kind somebody made, not one of the catalogue. */
static void test_other_kinds(void **state)
{
    struct rig *rig = *state;
    struct iw_lab_kind failed = *iw_lab_kind_named("Security", 4625);
    failed.keywords = 0x8010000000000000ULL;
    for (size_t i = 0; iw_lab_form_at(i) != NULL; i++) {
        open_form(rig, iw_lab_form_at(i)->name);
        iw_lab_record_begin(&rig->record, &failed, FILETIME_2026, "728", NULL);
        rig->record.computer = "OTHER.lab.example";
        assert_true(rig->class->add(rig->form, &rig->record, NULL, &rig->error));
        close_form(rig);
    }
    assert_int_equal(count_in(rig, "WEB01/events/Security.xml", "0x8010000000000000"), 1);
    assert_int_equal(count_in(rig, "siem/nxlog-WEB01.ndjson", "AUDIT_FAILURE"), 1);
    assert_int_equal(count_in(rig, "siem/winlogbeat-WEB01.ndjson", "Audit Failure"), 1);
    assert_int_equal(count_in(rig, "siem/winlogbeat-WEB01.ndjson", "OTHER.lab.example"), 1);
}

static void test_folder_that_cannot_be(void **state)
{
    struct rig *rig = *state;
    char root[96];
    snprintf(root, sizeof root, "%s/file", rig->root);
    fclose(fopen(root, "wb"));
    rig->options.root = root;
    for (size_t i = 0; iw_lab_form_at(i) != NULL; i++) {
        open_form(rig, iw_lab_form_at(i)->name);
        rig->error.text[0] = '\0';
        assert_false(add(rig, "Security", 4688));
        assert_non_null(strstr(rig->error.text, "cannot make folder"));
        assert_false(add(rig, "Security", 4688));
        close_form(rig);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test_setup_teardown(test_nothing_before_the_first_event, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_a_file_a_channel, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_a_file_a_host, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_cleared_logs, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_cleared_evtx, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_stream, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_other_kinds, make_rig, remove_rig),
        cmocka_unit_test_setup_teardown(test_folder_that_cannot_be, make_rig, remove_rig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
