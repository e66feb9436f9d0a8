/*
 * XML under attack and under damage: every byte, every reference, every end, declarations, noise.
 * One record may suffer; its neighbours never do.
 */
#include "tests/unit/input/xml_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf.h"

#define BEFORE XML_RIG_VALUE("1", "one")
#define AFTER XML_RIG_VALUE("3", "three")
#define FFFD "\xEF\xBF\xBD"

/* The record in the middle has *raw* in its value, and must have *expected*; *damage* and nothing
 * else is counted. */
static void require_value(const char *raw, size_t n_raw, const char *expected,
                          enum iw_damage damage)
{
    char text[4096];
    size_t n = 0;
    struct xml_rig_result result;
    const char *const parts[] = {BEFORE "\n<Event xmlns='" XML_RIG_NAMESPACE
                                        "'><System><EventID>7</EventID><EventRecordID>2"
                                        "</EventRecordID><Channel>C</Channel></System><EventData>"
                                        "<Data Name='U'>u</Data><Data Name='V'>a",
                                 "b</Data><Data Name='W'>w</Data></EventData></Event>\n" AFTER};
    memcpy(text, parts[0], strlen(parts[0]));
    n = strlen(parts[0]);
    memcpy(text + n, raw, n_raw);
    n += n_raw;
    memcpy(text + n, parts[1], strlen(parts[1]));
    n += strlen(parts[1]);
    result = xml_rig_read(text, n, NULL);
    if (result.n != 3)
        fail_msg("%zu records of 3 with %.*s (%02x)", result.n, (int)n_raw, raw, (uint8_t)raw[0]);
    assert_string_equal(result.events[0].value, "one");
    assert_string_equal(result.events[2].value, "three");
    assert_int_equal(result.events[1].record_id, 2);
    assert_string_equal(result.events[1].value, expected);
    assert_int_equal(result.events[1].flags, IW_EVENT_DECODED);
    assert_non_null(strstr(result.events[1].fields, "\"U\":\"u\""));
    assert_non_null(strstr(result.events[1].fields, "\"W\":\"w\""));
    xml_rig_assert_only(&result, damage, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
}

static void every_byte(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        const char raw = (char)byte;
        char expected[16];
        bool is_bad = byte >= 0x80 || byte == '<' || byte == '&' ||
                      (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
        if (byte >= 0x80 || (byte < 0x20 && is_bad))
            (void)snprintf(expected, sizeof expected, "a" FFFD "b");
        else
            (void)snprintf(expected, sizeof expected, "a%cb", byte == '\r' ? '\n' : raw);
        require_value(&raw, 1, expected, is_bad ? IW_DAMAGE_TEXT_REPAIRED : IW_DAMAGE_COUNT);
    }
}

/* XML 1.0, 2.2: what a character is. */
static bool is_character(unsigned long number)
{
    return number == 9 || number == 10 || number == 13 || (number >= 0x20 && number <= 0xD7FF) ||
           (number >= 0xE000 && number <= 0xFFFD) || (number >= 0x10000 && number <= 0x10FFFF);
}

static void every_reference(void **state)
{
    static const unsigned long FAR[] = {0xD7FF,   0xD800,   0xDBFF,     0xDC00,     0xDFFF,
                                        0xE000,   0xFFFD,   0xFFFE,     0xFFFF,     0x10000,
                                        0x10FFFF, 0x110000, 0x7FFFFFFF, 0xFFFFFFFF, 0x1000000D1};
    (void)state;
    for (unsigned i = 0; i < 0x180 + sizeof FAR / sizeof FAR[0]; i++) {
        unsigned long number = i < 0x180 ? i : FAR[i - 0x180];
        bool is_good = is_character(number);
        for (int hex = 0; hex < 2; hex++) {
            char raw[40], expected[16] = "a", utf8[4];
            int n = snprintf(raw, sizeof raw, hex != 0 ? "&#x%lX;" : "&#%lu;", number);
            size_t n_utf8 = is_good ? iw_utf8_put((uint32_t)number, utf8) : 0;
            if (is_good)
                memcpy(expected + 1, utf8, n_utf8);
            else
                memcpy(expected + 1, FFFD, 3);
            expected[1 + (is_good ? n_utf8 : 3)] = 'b';
            require_value(raw, (size_t)n, expected,
                          is_good ? IW_DAMAGE_COUNT : IW_DAMAGE_TEXT_REPAIRED);
        }
    }
}

static void other_repairs(void **state)
{
    static const struct {
        const char *raw, *expected;
    } CASES[] = {
        {"&#xD83D;&#xDE00;", "a\xF0\x9F\x98\x80"
                             "b"}, /* a pair as two references */
        {"&#xD83D;x&#xDE00;", "a" FFFD "x" FFFD "b"},
        {"\xED\xA0\x80", "a" FFFD FFFD FFFD "b"}, /* a surrogate in UTF-8 */
        {"\xC0\xAF", "a" FFFD FFFD "b"},          /* over-long */
        {"\xE2\x82", "a" FFFD FFFD "b"},          /* half a character */
        {"\xEF\xBF\xBF", "a\xEF\xBF\xBF"
                         "b"}, /* U+FFFF is UTF-8, only not XML */
        {"&nbsp;", "a&nbsp;b"},
        {"&lol;&amp;", "a&lol;&b"},
        {"&", "a&b"},
        {"&#", "a&#b"},
        {"&#;", "a&#;b"},
        {"&#x;", "a&#x;b"},
        {"&#12", "a&#12b"},
        {"&#xZ;", "a&#xZ;b"},
        {" < ", "a < b"},
        {"<<>>", "a<<>>b"},
        {"< b>", "a< b>b"},
        {"<=", "a<=b"},
        {"]]>", "a]]>b"},
        {"</nothing>", "ab"},
        {"<![CDATA[", "a<![CDATA[b"},
        {"<!-- ", "a<!-- b"},
        {"<!-- x -- y -->", "ab"},
        {"<?", "a<?b"},
        {"<!x>", "a<!x>b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        require_value(CASES[i].raw, strlen(CASES[i].raw), CASES[i].expected,
                      IW_DAMAGE_TEXT_REPAIRED);
}

/* Tags that do not fit together: nothing that can be read is lost. */
static void broken_tags(void **state)
{
    static const char *const DATA[] = {
        "<Data Name=\"V\">v<Data Name=\"W\">w</Data>",
        "<Data Name=\"V>v</Data><Data Name=\"W\">w</Data>",
        "<Data Name=V>v</Data><Data Name=W>w</Data>",
        "<Data Name=\"V\" \x01>v</Data><Data Name=\"W\" Name=\"W2\">w</Data>",
        "<Data Name=\"V\">v</Dat><Data Name=\"W\">w</Data>",
        "<Data Name=\"V\">v</Data></Data></x><Data Name=\"W\">w</Data>",
        "<b><i><Data Name=\"V\">v</Data></b><Data Name=\"W\">w</Data>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof DATA / sizeof DATA[0]; i++) {
        char text[2048];
        struct xml_rig_result result;
        bool is_mixed = i == 0 || i == 4; /* the next value begins inside the open one */
        (void)snprintf(text, sizeof text,
                       BEFORE XML_RIG_EVENT("2", "<EventData>%s</EventData>") AFTER, DATA[i]);
        result = xml_rig_read(text, strlen(text), NULL);
        assert_int_equal(result.n, 3);
        assert_non_null(result.events[1].value);
        if (strcmp(result.events[1].value, "v") != 0)
            fail_msg("case %zu: %s", i, result.events[1].fields);
        assert_non_null(strstr(result.events[1].fields, "\"W\":\"w\""));
        assert_string_equal(result.events[2].value, "three");
        xml_rig_assert_only(&result, IW_DAMAGE_TEXT_REPAIRED,
                            is_mixed ? IW_DAMAGE_RECORD_CUT : IW_DAMAGE_COUNT, IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

/* A file that ends anywhere: the records before are whole, of the last what can be read. */
static void every_end(void **state)
{
    static const char TEXT[] = "<Events>" BEFORE "<Event xmlns='" XML_RIG_NAMESPACE
                               "'><System><EventID>4688</EventID><EventRecordID>22</EventRecordID>"
                               "<Channel>Chan</Channel></System><EventData><Data Name='V'>caf\xC3"
                               "\xA9&lt;x&#65;<![CDATA[y]]></Data></EventData></Event></Events>";
    static const char VALUE[] = "caf\xC3\xA9<xAy";
    size_t first = 8 + strlen(BEFORE), whole = sizeof TEXT - 1 - strlen("</Events>");
    (void)state;
    for (size_t n = 0; n < sizeof TEXT; n++) {
        struct xml_rig_result result = xml_rig_read(TEXT, n, NULL);
        uint64_t cut = result.account.damage[IW_DAMAGE_RECORD_CUT].count;
        if (n >= first) {
            assert_string_equal(result.events[0].value, "one");
            assert_int_equal(result.events[0].flags, IW_EVENT_DECODED);
        }
        if (n > first + 7 && n < whole) {
            const struct xml_rig_event *event = &result.events[1];
            if (cut + result.account.damage[IW_DAMAGE_RECORD].count != 1)
                fail_msg("%zu bytes: cut %u: %s", n, (unsigned)cut, TEXT + n - 30);
            assert_int_equal(result.n, 1 + cut);
            if (cut != 0) {
                assert_int_equal(event->flags, IW_EVENT_DECODED | IW_EVENT_CUT);
                assert_true(event->event_id == 4688 || event->event_id == 0);
                assert_true(event->record_id == 22 || event->record_id == 0);
                if (event->value != NULL)
                    assert_memory_equal(event->value, VALUE, strlen(event->value));
            }
        }
        if (n >= whole) {
            assert_int_equal(result.n, 2);
            assert_string_equal(result.events[1].value, VALUE);
        }
        if (n == whole || n == sizeof TEXT - 1)
            xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

/* --- declarations
 * --------------------------------------------------------------------------------------------------
 */

#define BILLION_LAUGHS                                                                             \
    "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY a "                                             \
    "\"&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;\">"                                                \
    "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">"             \
    "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>"

/* Before the events: refused, and what it defines is not filled in. */
static void a_document_type(void **state)
{
    static const char *const TYPES[] = {
        BILLION_LAUGHS,
        "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://host.example/x'> %p;]>",
        "<!DOCTYPE x [<!ENTITY e \"" AFTER "\">]>",
        "<!DOCTYPE x [ not closed ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        char text[4096];
        struct xml_rig_result result;
        (void)snprintf(text, sizeof text, "<?xml version='1.0'?>%s<Events>%s%s</Events>", TYPES[i],
                       XML_RIG_VALUE("1", "a&e;b"), AFTER);
        result = xml_rig_read(text, strlen(text), NULL);
        assert_int_equal(result.n, 2);
        assert_string_equal(result.events[0].value, "a&e;b");
        assert_string_equal(result.events[1].value, "three");
        xml_rig_assert_only(&result, IW_DAMAGE_DTD, IW_DAMAGE_TEXT_REPAIRED, IW_DAMAGE_COUNT);
        assert_int_equal(result.account.damage[IW_DAMAGE_DTD].first_offset, 21);
        xml_rig_free(&result);
    }
}

/* Inside an event: that event is refused. */
static void a_document_type_in_an_event(void **state)
{
    static const char *const TYPES[] = {BILLION_LAUGHS, "<!ENTITY x 'y'>", "<!DOCTYPE html>"};
    (void)state;
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++) {
        char text[4096];
        struct xml_rig_result result;
        (void)snprintf(text, sizeof text, BEFORE XML_RIG_VALUE("2", "%s&e;") AFTER, TYPES[i]);
        result = xml_rig_read(text, strlen(text), NULL);
        assert_int_equal(result.n, 2);
        assert_string_equal(result.events[0].value, "one");
        assert_string_equal(result.events[1].value, "three");
        xml_rig_assert_only(&result, IW_DAMAGE_DTD, IW_DAMAGE_COUNT);
        assert_int_equal(result.account.damage[IW_DAMAGE_DTD].first_offset, strlen(BEFORE));
        assert_int_equal(result.account.lost_bytes, strlen(text) - strlen(BEFORE) - strlen(AFTER));
        xml_rig_free(&result);
    }
}

/* A megabyte of declarations without an end: each byte is looked at a few times only. */
static void declarations_without_end(void **state)
{
    static const char *const PIECES[] = {"<!ENTITY", "<!ENTITY[", "<!DOCTYPE[<!ENTITY ",
                                         "<!ENTITY'"};
    (void)state;
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        struct iw_buffer text;
        struct xml_rig_result result;
        struct timespec began, ended;
        iw_buffer_init(&text);
        iw_buffer_add(&text, IW_STR(BEFORE));
        while (text.n < 1024 * 1024)
            iw_buffer_add(&text, iw_str_of(PIECES[i]));
        iw_buffer_add(&text, IW_STR(">" AFTER));
        assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began), 0);
        result = xml_rig_read(text.p, text.n, NULL);
        assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended), 0);
        assert_true(ended.tv_sec - began.tv_sec < 5);
        assert_int_equal(result.n, 2);
        assert_string_equal(result.events[1].value, "three");
        assert_true(result.account.damage[IW_DAMAGE_DTD].count != 0);
        xml_rig_free(&result);
        iw_buffer_done(&text);
    }
}

/* Events hidden in a comment are not read, and said to stand there; other comments are nothing. */
static void events_in_a_comment(void **state)
{
    struct xml_rig_result result;
    (void)state;
    result = xml_rig_read(IW_STR(BEFORE "<!-- " AFTER " -->" AFTER).p,
                          sizeof(BEFORE "<!-- " AFTER " -->" AFTER) - 1, NULL);
    assert_int_equal(result.n, 2);
    xml_rig_assert_only(&result, IW_DAMAGE_TEXT_BETWEEN, IW_DAMAGE_COUNT);
    assert_int_equal(result.account.damage[IW_DAMAGE_TEXT_BETWEEN].first_offset, sizeof BEFORE - 1);
    xml_rig_free(&result);
    result = xml_rig_read(IW_STR(BEFORE "<!-- Event <b>x</b> -->" AFTER).p,
                          sizeof(BEFORE "<!-- Event <b>x</b> -->" AFTER) - 1, NULL);
    assert_int_equal(result.n, 2);
    xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
}

/* What Windows does not write: an element in a text, a second <System>. The event is marked, also
 * where the first <System> is one that nobody wants. */
static void not_as_windows_writes(void **state)
{
    static const struct {
        const char *text;
        bool is_cut;
    } CASES[] = {
        {XML_RIG_VALUE("1", "evil<b/>marker"), true},
        {XML_RIG_VALUE("1", "evil<b/>"), true},
        {XML_RIG_VALUE("1", "<b/>marker"), true},
        {XML_RIG_VALUE("1", "evil<!-- c -->marker"), false},
        {XML_RIG_EVENT("1", "<System><EventID>4688</EventID></System>"), true},
        {XML_RIG_EVENT("1", "<x:System Name='y'><EventID>4688</EventID></x:System>"), true},
        {XML_RIG_EVENT("1", "<UserData><a><System>b</System></a></UserData>"), false},
        {XML_RIG_VALUE("1", "C:\\System32 "), false},
    };
    struct iw_route route;
    (void)state;
    iw_route_init(&route);
    assert_int_equal(iw_route_want(&route, IW_STR("Security"), 4688), IW_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct xml_rig_result result = xml_rig_read(CASES[i].text, strlen(CASES[i].text), NULL);
        assert_int_equal(result.n, 1);
        assert_int_equal((result.events[0].flags & IW_EVENT_CUT) != 0, CASES[i].is_cut);
        xml_rig_free(&result);
        if (strstr(CASES[i].text, "System>b") == NULL && strstr(CASES[i].text, "4688") == NULL)
            continue;
        result = xml_rig_read(CASES[i].text, strlen(CASES[i].text), &route);
        assert_int_equal(result.n, 1);
        assert_int_equal((result.events[0].flags & IW_EVENT_CUT) != 0, CASES[i].is_cut);
        assert_int_equal((result.events[0].flags & IW_EVENT_DECODED) != 0, false);
        xml_rig_free(&result);
    }
    iw_route_done(&route);
}

/* --- noise
 * ---------------------------------------------------------------------------------------------------------
 */

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 33;
}

/* Bytes changed, removed and doubled at random in the middle one of nine events: the four in front
 * and the four behind are whole. Only what damages the middle's own bytes is tried. */
static void random_damage(void **state)
{
    static const char MIDDLE[] = XML_RIG_EVENT(
        "5", "<EventData><Data Name='V'>five</Data><Data Name='C'><![CDATA[c]]></Data><!-- c -->"
             "<Data Name='E'>&lt;&#65;</Data></EventData><RenderingInfo Culture='x'/>");
    uint64_t seed = 1;
    (void)state;
    for (unsigned round = 0; round < 6000; round++) {
        char text[8192], middle[2048];
        size_t n = sizeof MIDDLE - 1, n_text;
        struct xml_rig_result result;
        memcpy(middle, MIDDLE, n);
        for (unsigned i = 0; i < 1 + round % 3; i++) {
            size_t at = next_random(&seed) % n;
            if (round % 2 == 0) {
                static const char ODD[] = "<>&\"'/!?-[]=;\0\x01\xFF aE";
                middle[at] = ODD[next_random(&seed) % (sizeof ODD - 1)];
            } else {
                size_t gone = 1 + next_random(&seed) % 40;
                gone = gone < n - at ? gone : n - at - 1;
                memmove(middle + at, middle + at + gone, n - at - gone);
                n -= gone;
            }
        }
        n_text = (size_t)snprintf(text, sizeof text, "%s%s%s%s", BEFORE, BEFORE, BEFORE, BEFORE);
        memcpy(text + n_text, middle, n);
        n_text += n;
        n_text += (size_t)snprintf(text + n_text, sizeof text - n_text, "%s%s%s%s", AFTER, AFTER,
                                   AFTER, AFTER);
        result = xml_rig_read(text, n_text, NULL);
        if (result.n < 8)
            fail_msg("round %u: %zu events of: %.*s", round, result.n, (int)n, middle);
        for (size_t i = 0; i < 4; i++) {
            assert_string_equal(result.events[i].value, "one");
            if (result.events[result.n - 1 - i].value == NULL ||
                strcmp(result.events[result.n - 1 - i].value, "three") != 0)
                fail_msg("round %u: neighbour %zu of: %.*s", round, i, (int)n, middle);
        }
        xml_rig_free(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte),
        cmocka_unit_test(every_reference),
        cmocka_unit_test(other_repairs),
        cmocka_unit_test(broken_tags),
        cmocka_unit_test(every_end),
        cmocka_unit_test(a_document_type),
        cmocka_unit_test(a_document_type_in_an_event),
        cmocka_unit_test(declarations_without_end),
        cmocka_unit_test(events_in_a_comment),
        cmocka_unit_test(not_as_windows_writes),
        cmocka_unit_test(random_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
