/*
 * Context facts: what each event becomes (fields as domain.md §2.1 and §2.2 shows them), that bytes
 * say it again, and what becomes of long texts, odd bytes and missing memory. Subjects of events in
 * the same way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/limits.h"
#include "context/context_fact.h"
#include "context/context_subject.h"
#include "tests/support/test_event.h"
#include "tests/unit/context/context_rig.h"

#define EVT IW_PLACE_EVENT_DATA
#define SYS IW_PLACE_SYSTEM
#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define W3WP "C:\\Windows\\System32\\inetsrv\\w3wp.exe"
#define CMD "C:\\Windows\\System32\\cmd.exe"
#define GUID "{A23EAE89-BD56-5903-0000-0010E9D95E00}"
#define PARENT_GUID "a23eae89-bd28-5903-0000-00102f345d00"

struct fixture {
    struct iw_names names;
    struct iw_arena arena;
    struct iw_buffer bytes;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    if (iw_names_init(&f->names) != IW_OK)
        return -1;
    iw_arena_init(&f->arena, 0);
    iw_buffer_init(&f->bytes);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    iw_buffer_done(&f->bytes);
    iw_arena_done(&f->arena);
    iw_names_done(&f->names);
    test_free(f);
    return 0;
}

/* Reads the event, writes the fact and parses it: what comes back is what is judged. */
static struct iw_context_fact fact_of(struct fixture *f, const struct iw_event *event)
{
    struct iw_context_fact fact, again;
    assert_int_equal(iw_context_fact_read(event, &f->arena, &fact), IW_OK);
    iw_buffer_clear(&f->bytes);
    iw_context_fact_write(&fact, &f->bytes);
    assert_false(f->bytes.failed);
    assert_true(iw_context_fact_parse(iw_buffer_str(&f->bytes), &again));
    assert_int_equal(again.kind, fact.kind);
    return again;
}

static void sysmon_start(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = EVENT(
        f, SYSMON, 1, {"ProcessGuid", GUID, EVT}, {"ProcessId", "4312", EVT}, {"Image", CMD, EVT},
        {"CommandLine", "cmd /c whoami", EVT}, {"User", "IIS APPPOOL\\DefaultAppPool", EVT},
        {"LogonId", "0x5d2a1", EVT}, {"ParentProcessGuid", PARENT_GUID, EVT},
        {"ParentProcessId", "2020", EVT}, {"ParentImage", W3WP, EVT},
        {"ParentCommandLine", "w3wp.exe -ap \"DefaultAppPool\"", EVT});
    struct iw_context_fact fact = fact_of(f, &event);
    struct iw_process_guid expected = {
        {0xa2, 0x3e, 0xae, 0x89, 0xbd, 0x56, 0x59, 0x03, 0, 0, 0, 0x10, 0xe9, 0xd9, 0x5e, 0}};
    assert_int_equal(fact.kind, IW_CONTEXT_PROCESS_START);
    assert_int_equal(fact.u.start.witness, IW_WITNESS_SYSMON);
    assert_true(fact.u.start.name.has_pid);
    assert_int_equal(fact.u.start.name.pid, 4312);
    assert_true(iw_process_guid_equal(fact.u.start.name.guid, expected));
    assert_true(iw_process_guid_known(fact.u.start.parent.guid));
    assert_int_equal(fact.u.start.parent.guid.bytes[15], 0);
    assert_int_equal(fact.u.start.parent.guid.bytes[14], 0x5d);
    assert_int_equal(fact.u.start.parent.pid, 2020);
    text_is(fact.u.start.name.image, CMD);
    text_is(fact.u.start.parent.image, W3WP);
    text_is(fact.u.start.command_line, "cmd /c whoami");
    text_is(fact.u.start.parent_command_line, "w3wp.exe -ap \"DefaultAppPool\"");
    text_is(fact.u.start.user, "IIS APPPOOL\\DefaultAppPool");
    assert_true(fact.u.start.has_logon);
    assert_int_equal(fact.u.start.logon_id, 0x5d2a1);
}

/* Version 2 tells the new process's account where it is another one; version 1 the creator's. */
static void security_start(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = EVENT(
        f, "Security", 4688, {"SubjectUserSid", "S-1-5-18", EVT},
        {"SubjectUserName", "WEB01$", EVT}, {"SubjectDomainName", "CORP", EVT},
        {"SubjectLogonId", "0x3e7", EVT}, {"NewProcessId", "0x10d8", EVT},
        {"NewProcessName", W3WP, EVT}, {"ProcessId", "0x7e4", EVT}, {"CommandLine", "", EVT},
        {"TargetUserSid", "S-1-5-82-1-2-3-4-5", EVT}, {"TargetUserName", "DefaultAppPool", EVT},
        {"TargetDomainName", "IIS APPPOOL", EVT}, {"TargetLogonId", "0x5d2a1", EVT},
        {"ParentProcessName", "C:\\Windows\\System32\\svchost.exe", EVT});
    struct iw_context_fact fact = fact_of(f, &event);
    assert_int_equal(fact.u.start.witness, IW_WITNESS_SECURITY);
    assert_int_equal(fact.u.start.name.pid, 0x10d8);
    assert_int_equal(fact.u.start.parent.pid, 0x7e4);
    text_is(fact.u.start.user, "IIS APPPOOL\\DefaultAppPool");
    text_is(fact.u.start.sid, "S-1-5-82-1-2-3-4-5");
    assert_int_equal(fact.u.start.logon_id, 0x5d2a1);
    assert_false(iw_process_guid_known(fact.u.start.name.guid));
    event = EVENT(f, "Security", 4688, {"SubjectUserSid", "S-1-5-21-1-2-3-500", EVT},
                  {"SubjectUserName", "admin", EVT}, {"SubjectDomainName", "CORP", EVT},
                  {"SubjectLogonId", "0x9001", EVT}, {"NewProcessId", "0x10", EVT},
                  {"NewProcessName", CMD, EVT}, {"ProcessId", "0x14", EVT},
                  {"TargetUserSid", "S-1-0-0", EVT}, {"TargetUserName", "-", EVT},
                  {"TargetDomainName", "-", EVT}, {"TargetLogonId", "0x0", EVT});
    fact = fact_of(f, &event);
    text_is(fact.u.start.user, "CORP\\admin");
    text_is(fact.u.start.sid, "S-1-5-21-1-2-3-500");
    assert_int_equal(fact.u.start.logon_id, 0x9001);
    text_is(fact.u.start.parent.image, "");
}

static void ends(void **state)
{
    struct fixture *f = *state;
    struct iw_event event = EVENT(f, SYSMON, 5, {"ProcessGuid", GUID, EVT},
                                  {"ProcessId", "4312", EVT}, {"Image", CMD, EVT});
    struct iw_context_fact fact = fact_of(f, &event);
    assert_int_equal(fact.kind, IW_CONTEXT_PROCESS_END);
    assert_int_equal(fact.u.end.witness, IW_WITNESS_SYSMON);
    assert_true(iw_process_guid_known(fact.u.end.name.guid));
    event = EVENT(f, "Security", 4689, {"ProcessId", "0x10d8", EVT}, {"ProcessName", CMD, EVT});
    fact = fact_of(f, &event);
    assert_int_equal(fact.u.end.witness, IW_WITNESS_SECURITY);
    assert_int_equal(fact.u.end.name.pid, 0x10d8);
    text_is(fact.u.end.name.image, CMD);
}

static void logons(void **state)
{
    struct fixture *f = *state;
    struct iw_event event =
        EVENT(f, "Security", 4624, {"TargetUserSid", "S-1-5-21-1-2-3-1104", EVT},
              {"TargetUserName", "ana", EVT}, {"TargetDomainName", "CORP", EVT},
              {"TargetLogonId", "0x81f2c", EVT}, {"LogonType", "10", EVT},
              {"WorkstationName", "ADMIN-PC", EVT}, {"IpAddress", "::ffff:10.0.0.5", EVT},
              {"TargetLinkedLogonId", "0x81f00", EVT}, {"ElevatedToken", "%%1842", EVT});
    struct iw_context_fact fact = fact_of(f, &event);
    assert_int_equal(fact.kind, IW_CONTEXT_LOGON);
    assert_int_equal(fact.u.logon.logon_id, 0x81f2c);
    assert_int_equal(fact.u.logon.linked_id, 0x81f00);
    assert_int_equal(fact.u.logon.type, 10);
    assert_int_equal(fact.u.logon.elevated, IW_SAID_YES);
    text_is(fact.u.logon.user, "CORP\\ana");
    text_is(fact.u.logon.address, "10.0.0.5");
    text_is(fact.u.logon.workstation, "ADMIN-PC");
    event = EVENT(f, "Security", 4624, {"TargetLogonId", "0x1", EVT}, {"IpAddress", "-", EVT},
                  {"ElevatedToken", "%%1843", EVT});
    fact = fact_of(f, &event);
    text_is(fact.u.logon.address, "");
    assert_int_equal(fact.u.logon.elevated, IW_SAID_NO);
    event = EVENT(f, "Security", 4647, {"TargetLogonId", "0x81f2c", EVT});
    fact = fact_of(f, &event);
    assert_int_equal(fact.kind, IW_CONTEXT_LOGOFF);
    assert_int_equal(fact.u.logoff.logon_id, 0x81f2c);
    event = EVENT(f, "Security", 4672, {"SubjectLogonId", "0x81f2c", EVT},
                  {"SubjectUserName", "ana", EVT});
    fact = fact_of(f, &event);
    assert_int_equal(fact.kind, IW_CONTEXT_PRIVILEGES);
    text_is(fact.u.privileges.user, "ana");
    event = EVENT(f, "Security", 4648, {"SubjectLogonId", "0x81f2c", EVT},
                  {"TargetUserName", "svc", EVT}, {"TargetDomainName", "CORP", EVT},
                  {"TargetServerName", "SQL01", EVT}, {"ProcessId", "0x4", EVT},
                  {"ProcessName", CMD, EVT}, {"IpAddress", "10.0.0.9", EVT});
    fact = fact_of(f, &event);
    assert_int_equal(fact.kind, IW_CONTEXT_CREDENTIALS);
    text_is(fact.u.credentials.account, "CORP\\svc");
    text_is(fact.u.credentials.server, "SQL01");
    text_is(fact.u.credentials.address, "10.0.0.9");
    assert_int_equal(fact.u.credentials.process.pid, 4);
}

static void boots_and_others(void **state)
{
    struct fixture *f = *state;
    struct iw_context_fact fact;
    struct iw_event event = EVENT(f, "System", 12, {"MajorVersion", "10", EVT});
    assert_int_equal(iw_context_fact_read(&event, &f->arena, &fact), IW_END);
    event.provider = IW_STR("Microsoft-Windows-Kernel-General");
    assert_true(fact_of(f, &event).u.boot.is_exact);
    event = EVENT(f, "System", 6005, {"x", "", EVT});
    assert_int_equal(iw_context_fact_read(&event, &f->arena, &fact), IW_END);
    event.provider = IW_STR("EventLog");
    assert_false(fact_of(f, &event).u.boot.is_exact);
    event = EVENT(f, "Security", 4608, {"x", "", EVT});
    assert_int_equal(fact_of(f, &event).kind, IW_CONTEXT_BOOT);
    /* Nothing that is not decoded, of another channel, or without any name of a process. */
    event = EVENT(f, SYSMON, 1, {"ProcessId", "4", EVT});
    event.flags = 0;
    assert_int_equal(iw_context_fact_read(&event, &f->arena, &fact), IW_END);
    event = EVENT(f, "Application", 4688, {"NewProcessId", "0x4", EVT});
    assert_int_equal(iw_context_fact_read(&event, &f->arena, &fact), IW_END);
    event = EVENT(f, SYSMON, 1, {"ProcessId", "none", EVT}, {"ProcessGuid", "{0}", EVT});
    assert_int_equal(iw_context_fact_read(&event, &f->arena, &fact), IW_END);
}

/* At the limit whole, one past it cut, between characters. */
static void long_texts(void **state)
{
    struct fixture *f = *state;
    static char text[IW_LIMIT_CONTEXT_TEXT_BYTES + 2];
    static const struct {
        size_t n, kept;
        bool ends_in_two_bytes;
    } CASES[] = {{IW_LIMIT_CONTEXT_TEXT_BYTES, IW_LIMIT_CONTEXT_TEXT_BYTES, false},
                 {IW_LIMIT_CONTEXT_TEXT_BYTES + 1, IW_LIMIT_CONTEXT_TEXT_BYTES, false},
                 {IW_LIMIT_CONTEXT_TEXT_BYTES + 1, IW_LIMIT_CONTEXT_TEXT_BYTES - 1, true}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_event event;
        struct iw_context_fact fact;
        memset(text, 'x', sizeof text);
        text[CASES[i].n] = '\0';
        if (CASES[i].ends_in_two_bytes)
            memcpy(text + CASES[i].n - 2, "\xC3\xA9", 2);
        event = EVENT(f, SYSMON, 1, {"ProcessId", "4", EVT}, {"CommandLine", text, EVT});
        fact = fact_of(f, &event);
        assert_int_equal(fact.u.start.command_line.n, CASES[i].kept);
    }
}

/* Every byte of a fact changed, and every prefix of it: refused or some fact, never read beyond. */
static void odd_bytes(void **state)
{
    struct fixture *f = *state;
    struct iw_event event =
        EVENT(f, SYSMON, 1, {"ProcessGuid", GUID, EVT}, {"ProcessId", "4312", EVT},
              {"Image", CMD, EVT}, {"User", "CORP\\ana", EVT}, {"LogonId", "0x5d2a1", EVT});
    struct iw_context_fact fact;
    char *whole, *bytes;
    size_t n;

    (void)fact_of(f, &event);
    n = f->bytes.n;
    whole = malloc(n);
    assert_non_null(whole);
    memcpy(whole, f->bytes.p, n);
    for (size_t kept = 0; kept < n; kept++) {
        bytes = malloc(kept + 1);
        memcpy(bytes, whole, kept);
        assert_false(iw_context_fact_parse((struct iw_str){bytes, kept}, &fact));
        free(bytes);
    }
    for (size_t at = 0; at < n; at++) {
        for (unsigned value = 0; value < 256; value++) {
            bytes = malloc(n);
            memcpy(bytes, whole, n);
            bytes[at] = (char)value;
            (void)iw_context_fact_parse((struct iw_str){bytes, n}, &fact);
            free(bytes);
        }
    }
    free(whole);
    assert_false(iw_context_fact_parse(IW_STR(""), &fact));
    assert_false(iw_context_fact_parse(IW_STR("\x63"), &fact));
}

static void guids(void **state)
{
    static const struct {
        const char *text;
        bool is_known;
    } CASES[] = {{GUID, true},
                 {PARENT_GUID, true},
                 {"A23EAE89BD565903000000102F345D00", true},
                 {"{00000000-0000-0000-0000-000000000000}", false},
                 {"", false},
                 {"-", false},
                 {"{A23EAE89-BD56-5903-0000-0010E9D95E0}", false},
                 {"{A23EAE89-BD56-5903-0000-0010E9D95E000}", false},
                 {"{G23EAE89-BD56-5903-0000-0010E9D95E00}", false}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(iw_process_guid_known(iw_process_guid_read(iw_str_of(CASES[i].text))),
                         CASES[i].is_known);
    assert_true(iw_process_guid_equal(
        iw_process_guid_read(IW_STR("{AB000000-0000-0000-0000-000000000001}")),
        iw_process_guid_read(IW_STR("ab000000-0000-0000-0000-000000000001"))));
}

static struct iw_context_subject subject_of(struct fixture *f, const struct iw_event *event)
{
    struct iw_context_subject subject, again;
    assert_int_equal(iw_context_subject_read(event, &f->arena, &subject), IW_OK);
    iw_buffer_clear(&f->bytes);
    iw_context_subject_write(&subject, &f->bytes);
    assert_true(iw_context_subject_parse(iw_buffer_str(&f->bytes), &again));
    for (size_t n = 0; n < f->bytes.n; n++) {
        struct iw_context_subject part;
        assert_false(iw_context_subject_parse((struct iw_str){f->bytes.p, n}, &part));
    }
    return again;
}

/* Who acts, by the channel: the writer of a record is not who it tells of. */
static void subjects(void **state)
{
    struct fixture *f = *state;
    struct iw_event event =
        EVENT(f, SYSMON, 11, {"ProcessGuid", GUID, EVT}, {"ProcessId", "2020", EVT},
              {"Image", W3WP, EVT}, {"TargetFilename", "C:\\inetpub\\wwwroot\\a.aspx", EVT},
              {"Execution_ProcessID", "999", SYS});
    struct iw_context_subject subject = subject_of(f, &event);
    assert_int_equal(subject.process.pid, 2020);
    text_is(subject.process.image, W3WP);
    text_is(subject.file, "C:\\inetpub\\wwwroot\\a.aspx");
    event = EVENT(f, SYSMON, 10, {"SourceProcessGUID", GUID, EVT}, {"SourceProcessId", "7", EVT},
                  {"SourceImage", CMD, EVT}, {"TargetProcessId", "8", EVT});
    subject = subject_of(f, &event);
    assert_int_equal(subject.process.pid, 7);
    assert_true(iw_process_guid_known(subject.process.guid));
    text_is(subject.process.image, CMD);
    event = EVENT(f, "Security", 4663, {"SubjectUserSid", "S-1-5-21-1-2-3-500", EVT},
                  {"SubjectUserName", "ana", EVT}, {"SubjectDomainName", "CORP", EVT},
                  {"SubjectLogonId", "0x9001", EVT}, {"ObjectName", "C:\\a\\b.aspx", EVT},
                  {"ProcessId", "0x7e4", EVT}, {"ProcessName", CMD, EVT});
    subject = subject_of(f, &event);
    assert_int_equal(subject.process.pid, 0x7e4);
    assert_int_equal(subject.logon_id, 0x9001);
    text_is(subject.user, "CORP\\ana");
    text_is(subject.file, "C:\\a\\b.aspx");
    event =
        EVENT(f, "Microsoft-IIS-Configuration/Operational", 29,
              {"PhysicalPath", "\\\\?\\C:\\x\\applicationHost.config", EVT},
              {"Execution_ProcessID", "4242", SYS}, {"Security_UserID", "S-1-5-21-1-2-3-500", SYS});
    subject = subject_of(f, &event);
    assert_int_equal(subject.process.pid, 4242);
    text_is(subject.sid, "S-1-5-21-1-2-3-500");
    text_is(subject.file, "C:\\x\\applicationHost.config");
    event = EVENT(f, "IIS/W3SVC", 0, {"s-sitename", "W3SVC7", EVT}, {"cs-uri-stem", "/a.aspx", EVT},
                  {"s-port", "443", EVT}, {"s-ip", "10.0.0.1", EVT}, {"cs-host", "-", EVT});
    subject = subject_of(f, &event);
    assert_true(subject.is_request);
    assert_false(subject.process.has_pid);
    text_is(subject.file, "");
    text_is(subject.request.url, "/a.aspx");
    assert_int_equal(subject.request.site_id, 7);
    assert_int_equal(subject.request.port, 443);
    text_is(subject.request.address, "10.0.0.1");
    text_is(subject.request.host, "");
    event = EVENT(f, "IIS/HTTPERR", 0, {"s-siteid", "2", EVT}, {"cs-uri", "/a.aspx?x=1?y", EVT},
                  {"s-port", "80", EVT}, {"s-ip", "-", EVT});
    subject = subject_of(f, &event);
    text_is(subject.request.url, "/a.aspx");
    assert_int_equal(subject.request.site_id, 2);
    assert_int_equal(subject.request.port, 80);
    event = EVENT(f, "Application", 1, {"x", "y", EVT}, {"Execution_ProcessID", "4242", SYS});
    subject = subject_of(f, &event);
    assert_false(subject.process.has_pid);
    assert_false(subject.has_logon);
}

/* Missing memory never looks like a field that is absent. */
static void no_memory(void **state)
{
    struct fixture *f = *state;
    struct iw_event event =
        EVENT(f, "Security", 4688, {"SubjectUserName", "admin", EVT},
              {"SubjectDomainName", "CORP", EVT}, {"NewProcessId", "0x10", EVT});
    struct iw_context_fact fact;
    enum iw_rc rc = IW_ENOMEM;
    for (uint64_t n = 1; rc != IW_OK && n < 100; n++) {
        struct iw_arena scratch;
        iw_arena_init(&scratch, 0);
        iw_alloc_fail_at(n);
        rc = iw_context_fact_read(&event, &scratch, &fact);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        if (rc == IW_OK)
            text_is(fact.u.start.user, "CORP\\admin");
        iw_arena_done(&scratch);
    }
    assert_int_equal(rc, IW_OK);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(sysmon_start),     TEST(security_start), TEST(ends),      TEST(logons),
        TEST(boots_and_others), TEST(long_texts),     TEST(odd_bytes), TEST(guids),
        TEST(subjects),         TEST(no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
