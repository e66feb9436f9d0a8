/*
 * Recognition: content decides what is read, the name how bad it is when there is nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "evidence/sniff.h"
#include "evidence/sniff_json.h"
#include "tests/unit/evidence/tree.h"

#define KIB 1024U

static char content[2 * 1024 * KIB + 1];

static void sniff_file(const char *name, size_t n, struct iw_sniffed *ret)
{
    int fd;
    tree_write(name, content, n);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    iw_sniff(fd, iw_str_of(name), n, ret);
    assert_int_equal(close(fd), 0);
}

static void expect(const char *name, size_t n, enum iw_evidence_kind kind,
                   enum iw_source_state state, const char *kind_name, const char *reason)
{
    struct iw_sniffed got;
    sniff_file(name, n, &got);
    assert_int_equal(got.kind, kind);
    assert_int_equal(got.state, state);
    assert_string_equal(got.kind_name, kind_name);
    assert_string_equal(got.reason, reason);
}

static void expect_log(const char *name, size_t n)
{
    expect(name, n, IW_EVIDENCE_EVTX, IW_SOURCE_PENDING, "evtx", "");
}

static void put(size_t offset, const char *bytes, size_t n)
{
    memcpy(content + offset, bytes, n);
}

static void clear(void)
{
    memset(content, 0, sizeof content);
}

static void a_log_under_any_name(void **state)
{
    (void)state;
    clear();
    put(0, "ElfFile\0", 8);
    put(4096, "ElfChnk\0", 8);
    expect_log("Security.evtx", 4096 + 64 * KIB);
    expect_log("notes.txt", 4096 + 64 * KIB);
    expect_log("-", 4096 + 64 * KIB);
    clear();
    put(0, "ElfChnk\0", 8); /* carved */
    expect_log("blob.bin", 64 * KIB);
    expect_log("cut.bin", 8);
    expect("short.bin", 7, IW_EVIDENCE_UNKNOWN, IW_SOURCE_SKIPPED, "unknown", "unknown type");
}

static void a_log_that_ends_in_its_header(void **state)
{
    (void)state;
    clear();
    put(0, "ElfFile\0", 8);
    expect("a.bin", 8, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "event log cut off inside its header, after 8 bytes");
    expect("b.evtx", 4095, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "event log cut off inside its header, after 4095 bytes");
    expect("c.evtx", 4096, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "event log that ends after its header: no block of records");
    put(4096, "E", 1); /* from here on it is the reader's to say what is lost */
    expect_log("d.evtx", 4097);
}

/* The header stands, the blocks were wiped. */
static void a_log_of_zeros(void **state)
{
    const size_t size = 4096 + 17 * 64 * KIB;
    (void)state;
    clear();
    put(0, "ElfFile\0", 8);
    expect("a.evtx", size, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "event log whose blocks of records are all zeros");
    put(4096 + 16 * 64 * KIB, "garbage", 7); /* damage is the reader's */
    expect_log("a.evtx", size);
}

/* Every position of the grid, with and without room for a header. */
static void a_log_without_its_header(void **state)
{
    const size_t size = 4096 + 17 * 64 * KIB;
    (void)state;
    for (unsigned lead = 0; lead <= 4096; lead += 4096) {
        for (unsigned block = 0; block < 17; block += 4) {
            clear();
            put(lead + block * 64 * KIB, "ElfChnk\0", 8);
            expect_log("x.EVTX", size);
            if (lead + block != 0)
                expect("x.bin", size, IW_EVIDENCE_UNKNOWN, IW_SOURCE_SKIPPED, "unknown",
                       "unknown type");
        }
    }
    clear();
    put(4096 + 512, "ElfChnk\0", 8); /* off the grid */
    expect("x.evtx", size, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "named .evtx, but zeros instead of an event log");
    clear();
    put(4096, "ElfChnk\0", 8);
    expect("x.evtx", 4096 + 7, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "named .evtx, but zeros instead of an event log");
    expect_log("x.evtx", 4096 + 8);
}

static void named_evtx_and_none(void **state)
{
    (void)state;
    clear();
    expect("a.evtx", 0, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx", "named .evtx, but empty");
    expect("b.evtx", 69632, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "named .evtx, but zeros instead of an event log");
    memset(content, 'g', sizeof content);
    expect("c.eVtX", sizeof content, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "named .evtx, but no event log in it");
    put(0, "PK\3\4", 4);
    expect("d.evtx", 100, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "evtx",
           "named .evtx, but looks like: ZIP archive; unpack it and give the folder");
}

static void hints(void **state)
{
    static const struct {
        const char *name, *bytes, *kind_name;
        size_t n;
    } CASES[] = {
        {"a", "PK\3\4....", "zip", 8},
        {"a", "7z\xBC\xAF\x27\x1C", "7z", 6},
        {"a", "\x1F\x8B\x08", "gzip", 3},
        {"a", "#Software: Microsoft Exchange Server", "w3c", 36},
        {"a", "<?xml version=\"1.0\"?>", "xml", 21},
        {"web.config", "<?xml version=\"1.0\"?>", "xml", 21},
        {"a", "{\"EventID\":1}", "json", 13},
        {"a.ndjson", "\n{}", "json", 3},
        {"a", "\x30\0\0\0LfLe", "evt", 8},
        {"a.txt", "hello", "unknown", 5},
        {"a.json", "", "unknown", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_sniffed got;
        put(0, CASES[i].bytes, CASES[i].n);
        sniff_file(CASES[i].name, CASES[i].n, &got);
        assert_int_equal(got.state, IW_SOURCE_SKIPPED);
        assert_int_equal(got.kind, IW_EVIDENCE_UNKNOWN);
        assert_string_equal(got.kind_name, CASES[i].kind_name);
        assert_int_not_equal(got.reason[0], '\0');
    }
    expect("empty.txt", 0, IW_EVIDENCE_UNKNOWN, IW_SOURCE_SKIPPED, "unknown", "empty");
}

/* 1.2.840.113549.1.7.2 over 1.3.6.1.4.1.311.10.1, as every catalogue begins. */
#define CATALOGUE                                                                                  \
    "\x30\x82\x27\xAF\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02\xA0\x82\x27\xA0\x30\x82\x27"     \
    "\x9C\x02\x01\x01\x31\x0B\x30\x09\x06\x05\x2B\x0E\x03\x02\x1A\x05\0\x30\x82\x1B\x1F\x06\x09"   \
    "\x2B"                                                                                         \
    "\x06\x01\x04\x01\x82\x37\x0A\x01\xA0\x82"

/* Parts of the server: skipped as events, and told apart whatever the name. */
static void server_files(void **state)
{
    static const struct {
        const char *name;
        struct iw_str bytes;
        enum iw_evidence_kind kind;
    } CASES[] = {
        {"a", IW_STR("regf...."), IW_EVIDENCE_HIVE},
        {"a.txt", IW_STR("MZ\x90\0\3\0\0\0"), IW_EVIDENCE_PE},
        {"a", IW_STR("MZ"), IW_EVIDENCE_PE},
        {"a", IW_STR("Windows Registry Editor Version 5.00\r\n"), IW_EVIDENCE_HIVE},
        {"a", IW_STR("\xFF\xFER\0E\0G\0E\0D\0I\0T\0004\0"), IW_EVIDENCE_HIVE},
        {"a", IW_STR(CATALOGUE), IW_EVIDENCE_CATALOGUE},
        {"a", IW_STR("<configuration/>"), IW_EVIDENCE_CONFIG},
        {"a", IW_STR("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- <x> -->\r\n<configuration>"),
         IW_EVIDENCE_CONFIG},
        {"a", IW_STR("<!DOCTYPE x []><configuration a='b'>"), IW_EVIDENCE_CONFIG},
        {"a", IW_STR("\xFF\xFE<\0c\0o\0n\0f\0i\0g\0u\0r\0a\0t\0i\0o\0n\0>\0"), IW_EVIDENCE_CONFIG},
        {"a", IW_STR("\0<\0c\0o\0n\0f\0i\0g\0u\0r\0a\0t\0i\0o\0n\0>"), IW_EVIDENCE_CONFIG},
        {"a", /* events in a comment make no log of it */
         IW_STR("<configuration><!-- <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/"
                "event'><System><EventID>1</EventID></System></Event> --></configuration>"),
         IW_EVIDENCE_CONFIG},
        {"web.config", IW_STR("<configurations/>"), IW_EVIDENCE_UNKNOWN},
        {"web.config", IW_STR("<Configuration>"), IW_EVIDENCE_UNKNOWN},
        {"a", IW_STR("0\x82 plain text"), IW_EVIDENCE_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_sniffed got;
        clear();
        put(0, CASES[i].bytes.p, CASES[i].bytes.n);
        sniff_file(CASES[i].name, CASES[i].bytes.n, &got);
        if (got.kind != CASES[i].kind)
            fail_msg("case %zu: kind %d", i, (int)got.kind);
        assert_int_equal(got.state, IW_SOURCE_SKIPPED);
        assert_int_not_equal(got.reason[0], '\0');
    }
}

/* Configurations of Sysmon in use begin with pages of comment. */
static void an_element_behind_a_long_comment(void **state)
{
    static const char end[] = "--><Sysmon schemaversion='4.90'>";
    static const struct {
        size_t at; /* of the `>` or blank behind the name */
        enum iw_evidence_kind kind;
    } PLACES[] = {{4 * KIB - 1, IW_EVIDENCE_SYSMON_CONFIG},
                  {4 * KIB, IW_EVIDENCE_SYSMON_CONFIG},
                  {64 * KIB - 1, IW_EVIDENCE_SYSMON_CONFIG},
                  {64 * KIB, IW_EVIDENCE_UNKNOWN}};
    (void)state;
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        struct iw_sniffed got;
        size_t begin = PLACES[i].at - 10; /* `--><Sysmon` */
        clear();
        memset(content, ' ', begin);
        put(0, "<!--", 4);
        put(begin, end, sizeof end - 1);
        sniff_file("a.xml", begin + sizeof end - 1, &got);
        if (got.kind != PLACES[i].kind)
            fail_msg("case %zu: kind %d", i, (int)got.kind);
    }
}

#define EVENT "{\"EventID\":1,\"Channel\":\"C\"}"

static void expect_json(const char *name, const char *text, enum iw_evidence_kind kind)
{
    clear();
    put(0, text, strlen(text));
    expect(name, strlen(text), kind, IW_SOURCE_PENDING, "json", "");
}

static void json_by_content(void **state)
{
    (void)state;
    expect_json("a.bin", EVENT "\n" EVENT "\n", IW_EVIDENCE_JSON_LINES);
    expect_json("-", EVENT, IW_EVIDENCE_JSON_LINES);
    expect_json("a.csv", "\r\n\n" EVENT "\r\n", IW_EVIDENCE_JSON_LINES);
    expect_json("a", "\xEF\xBB\xBF" EVENT "\n", IW_EVIDENCE_JSON_LINES);
    expect_json("a", EVENT EVENT EVENT, IW_EVIDENCE_JSON_LINES);
    expect_json("a", "[" EVENT "," EVENT "]", IW_EVIDENCE_JSON);
    expect_json("a", "{\n  \"EventID\": 1,\n  \"Channel\": \"C\"\n}\n", IW_EVIDENCE_JSON);
    expect_json("a", "{\n\"records\": [\n" EVENT ",\n" EVENT "\n]}", IW_EVIDENCE_JSON);
    /* A first line that is damaged, at its end or at its beginning. */
    expect_json("a", "{\"EventID\":1,\"Cha\n" EVENT "\n", IW_EVIDENCE_JSON_LINES);
    expect_json("a", "tID\":1,\"Channel\":\"C\"}\n" EVENT "\n", IW_EVIDENCE_JSON_LINES);
    /* What carries events. */
    expect_json("a", "{\"event\":\"<Event xmlns=''>\"}\n", IW_EVIDENCE_JSON_LINES);
    expect_json("a", "{\"event\":\"\\u003cEvent xmlns=''>\"}\n", IW_EVIDENCE_JSON_LINES);
    expect_json("a", "{\"message\":\"{\\\"EventID\\\":1,\\\"Channel\\\":\\\"C\\\"}\"}\n",
                IW_EVIDENCE_JSON_LINES);
}

/* What tells an event may stand behind a long text, up to the limit of the further look. */
static void json_with_a_long_first_record(void **state)
{
    static const char HEAD[] = "{\"ScriptText\":\"",
                      TAIL[] = "\",\"EventID\":1,\"Channel\":\"C\"}\n";
    static const size_t LENGTHS[] = {70000, IW_SNIFF_JSON_FURTHER_BYTES,
                                     IW_SNIFF_JSON_FURTHER_BYTES + 100};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t n = LENGTHS[i];
        char *text = malloc(n + 1);
        assert_non_null(text);
        memset(text, 'x', n);
        memcpy(text, HEAD, sizeof HEAD - 1);
        memcpy(text + n - (sizeof TAIL - 1), TAIL, sizeof TAIL);
        clear();
        put(0, text, n);
        if (i < 2)
            expect("a", n, IW_EVIDENCE_JSON_LINES, IW_SOURCE_PENDING, "json", "");
        else
            expect("a", n, IW_EVIDENCE_UNKNOWN, IW_SOURCE_SKIPPED, "json",
                   "JSON, but no Windows events in its first 1 MiB");
        free(text);
    }
}

static void json_in_utf16(void **state)
{
    static const char TEXT[] = EVENT "\n" EVENT "\n";
    (void)state;
    for (int form = 0; form < 4; form++) {
        size_t n = 0;
        clear();
        if ((form & 2) != 0) {
            put(0, (form & 1) != 0 ? "\xFE\xFF" : "\xFF\xFE", 2);
            n = 2;
        }
        for (size_t i = 0; i + 1 < sizeof TEXT; i++, n += 2)
            content[n + (size_t)(form & 1)] = TEXT[i];
        expect("a", n, IW_EVIDENCE_JSON_LINES, IW_SOURCE_PENDING, "json", "");
    }
}

/* What stands further in may have been logged: a magic in text hides no events. Where the first
 * block has zeros, as that of an archive or a disk has, it is what it says. */
static void magic_in_text(void **state)
{
    static const struct {
        const char *bytes, *kind_name;
        size_t n, offset;
    } MAGICS[] = {{"ustar", "tar", 5, 257}, {"\x55\xAA", "raw", 2, 510}};
    static const char XML[] =
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>";
    (void)state;
    for (size_t i = 0; i < sizeof MAGICS / sizeof MAGICS[0]; i++) {
        memset(content, ' ', 4096);
        put(0, XML, sizeof XML - 1);
        put(MAGICS[i].offset, MAGICS[i].bytes, MAGICS[i].n);
        expect("a.log", 4096, IW_EVIDENCE_XML, IW_SOURCE_PENDING, "xml", "");
        put(0, EVENT "\n" EVENT "\n               ", 2 * sizeof EVENT + 15);
        expect("a.log", 4096, IW_EVIDENCE_JSON_LINES, IW_SOURCE_PENDING, "json", "");
        memset(content, ' ', 4096);
        for (size_t k = 0; k < 4096; k += 2)
            content[k + 1] = 0;
        for (size_t k = 0; k + 1 < sizeof XML; k++)
            content[2 * k] = XML[k];
        put(MAGICS[i].offset, MAGICS[i].bytes, MAGICS[i].n);
        expect("a.log", 4096, IW_EVIDENCE_XML, IW_SOURCE_PENDING, "xml", "");

        struct iw_sniffed got;
        clear();
        put(0, "a.ndjson", 8);
        put(512, "\n" EVENT "\n", sizeof EVENT + 1);
        put(MAGICS[i].offset, MAGICS[i].bytes, MAGICS[i].n);
        sniff_file("a", 4096, &got);
        assert_int_equal(got.state, IW_SOURCE_SKIPPED);
        assert_string_equal(got.kind_name, MAGICS[i].kind_name);
    }
}

static void json_without_events(void **state)
{
    static const struct {
        const char *name, *text, *kind_name, *reason;
        enum iw_source_state state;
    } CASES[] = {
        {"package.json", "{\"name\":\"x\",\"version\":\"1\"}", "json",
         "JSON, but no Windows events in its first 1 MiB", IW_SOURCE_SKIPPED},
        {"a", "[1,2,3]", "json", "JSON, but no Windows events in its first 1 MiB",
         IW_SOURCE_SKIPPED},
        /* Amazon's trail has an eventID, too. */
        {"trail", "{\"Records\":[{\"eventID\":\"8f\",\"eventName\":\"x\"}]}", "json",
         "JSON, but no Windows events in its first 1 MiB", IW_SOURCE_SKIPPED},
        {"a.json", "PK\3\4", "json",
         "named as JSON, but looks like: ZIP archive; unpack it and give the folder",
         IW_SOURCE_SKIPPED},
        {"a.NDJSON", "hello", "json", "named as JSON, but does not begin like it",
         IW_SOURCE_SKIPPED},
        {"a.json", "", "unknown", "empty", IW_SOURCE_SKIPPED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        clear();
        put(0, CASES[i].text, strlen(CASES[i].text));
        expect(CASES[i].name, strlen(CASES[i].text), IW_EVIDENCE_UNKNOWN, CASES[i].state,
               CASES[i].kind_name, CASES[i].reason);
    }
    clear();
    expect("a.jsonl", 8192, IW_EVIDENCE_UNKNOWN, IW_SOURCE_LOST, "json",
           "named as JSON, but begins with zeros only");
}

static void a_read_that_fails(void **state)
{
    struct iw_sniffed got;
    int fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)state;
    assert_true(fd >= 0);
    iw_sniff(fd, IW_STR("x"), 100, &got);
    assert_int_equal(got.state, IW_SOURCE_LOST);
    assert_string_equal(got.reason, "cannot be read: Is a directory");
    assert_int_equal(close(fd), 0);
}

static int enter(void **state)
{
    (void)state;
    tree_enter();
    return 0;
}

static int leave(void **state)
{
    (void)state;
    tree_leave();
    return 0;
}

/* Logs of requests, and what only looks like one. */
static void logs_of_requests_are_recognised_by_content(void **state)
{
    static const struct {
        struct iw_str bytes;
        enum iw_evidence_kind kind;
    } CASES[] = {
        {IW_STR("#Software: Microsoft Internet Information Services 10.0"), IW_EVIDENCE_WEB_LOG},
        {IW_STR("#Software: Microsoft HTTP API 2.0"), IW_EVIDENCE_WEB_LOG},
        {IW_STR("#Date: 2026-01-05 00:00:00\r\n#Fields: date time cs-method\r\n"),
         IW_EVIDENCE_WEB_LOG},
        {IW_STR("\xEF\xBB\xBF#Fields: time cs-uri-stem\n"), IW_EVIDENCE_WEB_LOG},
        {IW_STR("\xFF\xFE#\0F\0i\0e\0l\0d\0s\0:\0 \0c\0s\0-\0u\0r\0i\0"), IW_EVIDENCE_WEB_LOG},
        {IW_STR("2026-01-05 10:42:07 10.0.0.1 GET /a - 80 - ::1 - - 200 0 0 1\n"),
         IW_EVIDENCE_WEB_LOG},
        {IW_STR("01 tail of a line\n2026-01-05 10:42:07 10.0.0.1 POST /a - 80\n"),
         IW_EVIDENCE_WEB_LOG},
        {IW_STR("::1 - - [08/Apr/2001:17:39:04 -0800] \"GET / HTTP/1.0\" 200 3401\n"),
         IW_EVIDENCE_WEB_LOG},
        {IW_STR("10.0.0.1, -, 03/20/01, 7:55:20, W3SVC2, A, 10.0.0.2, 1, 2, 3, 200, 0, GET, /, -,"),
         IW_EVIDENCE_WEB_LOG},
        /* what a client sent makes no event of a log */
        {IW_STR("#Software: Microsoft Internet Information Services 10.0\n<Event xmlns='http://"
                "schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID>"
                "</System></Event>"),
         IW_EVIDENCE_WEB_LOG},
        /* other programs' logs */
        {IW_STR("#Version: 1.5\n#Software: Microsoft Windows Firewall\n#Fields: date time action "
                "protocol src-ip"),
         IW_EVIDENCE_UNKNOWN},
        {IW_STR("#Fields: date-time,client-ip,cs-method\n"), IW_EVIDENCE_UNKNOWN},
        {IW_STR("2026-01-05 10:42:07 service started\n"), IW_EVIDENCE_UNKNOWN},
        {IW_STR("a, b, 1/2/3, d, e, f, g, h, i, j, k, l, m, n, o,\n"), IW_EVIDENCE_UNKNOWN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_sniffed got;
        put(0, CASES[i].bytes.p, CASES[i].bytes.n);
        sniff_file("a.log", CASES[i].bytes.n, &got);
        assert_int_equal(got.kind, CASES[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_under_any_name),
        cmocka_unit_test(a_log_that_ends_in_its_header),
        cmocka_unit_test(a_log_of_zeros),
        cmocka_unit_test(a_log_without_its_header),
        cmocka_unit_test(named_evtx_and_none),
        cmocka_unit_test(hints),
        cmocka_unit_test(server_files),
        cmocka_unit_test(an_element_behind_a_long_comment),
        cmocka_unit_test(json_by_content),
        cmocka_unit_test(json_with_a_long_first_record),
        cmocka_unit_test(json_in_utf16),
        cmocka_unit_test(magic_in_text),
        cmocka_unit_test(json_without_events),
        cmocka_unit_test(a_read_that_fails),
        cmocka_unit_test(logs_of_requests_are_recognised_by_content),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
