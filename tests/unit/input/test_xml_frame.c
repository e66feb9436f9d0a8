/*
 * Files of events in all the ways they are written, and what stands around events. Framing must not
 * depend on how much of the text is in view.
 */
#include "tests/unit/input/xml_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/xml/xml_frame.h"

#define E1 XML_RIG_VALUE("1", "one")
#define E2 XML_RIG_VALUE("2", "two")
#define E3 XML_RIG_VALUE("3", "three")
#define NONE IW_DAMAGE_COUNT

struct layout {
    const char *text;
    enum iw_damage damage;
    size_t n_events;
    const char *values[3]; /* of V, in order; NULL: not looked at */
};

static const struct layout LAYOUTS[] = {
    {E1, NONE, 1, {"one"}},
    {E1 E2 E3, NONE, 3, {"one", "two", "three"}},
    {E1 "\n" E2 "\r\n" E3 "\n", NONE, 3, {"one", "two", "three"}},
    {"<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>" E1 E2 "</Events>",
     NONE,
     2,
     {"one", "two"}},
    {"<?xml version='1.0'?>" E1 "<?xml version='1.0'?>\n" E2 "\n<?xml version='1.0'?>" E3,
     NONE,
     3,
     {"one", "two", "three"}},
    {"\xEF\xBB\xBF" E1 "\xEF\xBB\xBF" E2, NONE, 2, {"one", "two"}},
    {"<Events xmlns='x'><!-- " E1 " -->" E2 "</Events>", IW_DAMAGE_TEXT_BETWEEN, 1, {"two"}},
    {"<QueryList><Query Id='0'><Select Path='S'>*[System]</Select></Query></QueryList>" E1,
     NONE,
     1,
     {"one"}},
    {"<Root a='>'><x>" E1 "</x></Root>", NONE, 1, {"one"}},
    /* What a log writes before and behind an event on its line. */
    {"<13>Jan  5 10:00:00 web01 evt: " E1 "\nJan  5 10:00:01 web01 " E2 " tail\n" E3,
     NONE,
     3,
     {"one", "two", "three"}},
    {"evtxexport 20181227\n\n" E1 "\n" E2, IW_DAMAGE_TEXT_BETWEEN, 2, {"one", "two"}},
    {E1 "\na line of its own\nand another\n" E2, IW_DAMAGE_TEXT_BETWEEN, 2, {"one", "two"}},
    {E1 "\nthe end\n", IW_DAMAGE_TEXT_BETWEEN, 1, {"one"}},
    /* What is left of an event. */
    {"Data></EventData></Event>" E1, IW_DAMAGE_RECORD_HEADER, 1, {"one"}},
    {"<EventData><Data>x</Data></EventData>" E1, IW_DAMAGE_RECORD_HEADER, 1, {"one"}},
    {E1 "\n\x01\x02\xFF\n" E2, IW_DAMAGE_RECORD_HEADER, 2, {"one", "two"}},
    {E1 "<Evmnt><System><EventID>1</EventID></System></Event>" E2,
     IW_DAMAGE_RECORD_HEADER,
     2,
     {"one", "two"}},
    /* Marks inside an event that are none of its own. */
    {XML_RIG_VALUE("1", "<![CDATA[</Event><Event>]]>") E2, NONE, 2, {"</Event><Event>", "two"}},
    {XML_RIG_VALUE("1", "<![CDATA[" E3 "]]>") E2, NONE, 2, {E3, "two"}},
    {XML_RIG_VALUE("1", "<!-- </Event> -->x") E2, NONE, 2, {"x", "two"}},
    {XML_RIG_VALUE("1", "<?p </Event> ?>x") E2, IW_DAMAGE_COUNT, 2, {NULL, "two"}},
    {XML_RIG_EVENT("1", "<UserData><Event><a/></Event></UserData>") E2, NONE, 2, {NULL, "two"}},
    {XML_RIG_EVENT("1", "<UserData><Event x='1'/></UserData>") E2, NONE, 2, {NULL, "two"}},
    {XML_RIG_EVENT("1", "<EventData><Data Name='</Event>'/><Data Name='V'>q</Data></EventData>") E2,
     IW_DAMAGE_TEXT_REPAIRED,
     2,
     {"q", "two"}},
    {"<e:Event xmlns:e='" XML_RIG_NAMESPACE "'><e:System><e:EventID>7</e:EventID></e:System>"
     "<e:EventData><e:Data Name='V'>p</e:Data></e:EventData></e:Event>" E2,
     NONE,
     2,
     {"p", "two"}},
    {"<Event/>" E2, IW_DAMAGE_FORM_UNKNOWN, 1, {"two"}},
    {"<Event a='/>'></Event>" E2, IW_DAMAGE_FORM_UNKNOWN, 1, {"two"}},
    {"", NONE, 0, {NULL}},
    {" \r\n\t", NONE, 0, {NULL}},
    {"<Events></Events>", NONE, 0, {NULL}},
};

static void layouts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LAYOUTS / sizeof LAYOUTS[0]; i++) {
        const struct layout *layout = &LAYOUTS[i];
        struct xml_rig_result result = xml_rig_read(layout->text, strlen(layout->text), NULL);
        if (result.n != layout->n_events)
            fail_msg("%zu events in: %s", result.n, layout->text);
        xml_rig_assert_only(&result, layout->damage, IW_DAMAGE_COUNT);
        for (size_t k = 0; k < layout->n_events && k < 3; k++) {
            if (layout->values[k] != NULL)
                assert_string_equal(result.events[k].value, layout->values[k]);
        }
        xml_rig_free(&result);
    }
}

/* An event that lost its end, by whatever open mark, is cut; the next ones are whole. */
static void the_next_event_is_never_taken(void **state)
{
    static const char *const CONTENTS[] = {
        "x",
        "x</Data></EventData>",
        "<![CDATA[x",
        "<!-- x",
        "<?p x",
        "<Data Name=\"",
        "<Data Name",
        "x</Data></EventData></Eve",
        "<Data Name='x",
        "&#",
        "<",
        "</",
        "<!",
        "<![CDATA",
        "x<a><b><c>",
    };
    static const char HEAD[] = "<Event xmlns='" XML_RIG_NAMESPACE "'><System><EventID>7</EventID>"
                               "<Channel>C</Channel></System><EventData><Data Name=\"V\">";
    (void)state;
    for (size_t i = 0; i < sizeof CONTENTS / sizeof CONTENTS[0]; i++) {
        for (int with_cdata = 0; with_cdata < 2; with_cdata++) {
            struct xml_rig_result result;
            char text[4096];
            (void)snprintf(text, sizeof text, "%s%s\n%s\n%s", HEAD, CONTENTS[i],
                           with_cdata ? XML_RIG_VALUE("2", "<![CDATA[two]]><!-- -->") : E2, E3);
            result = xml_rig_read(text, strlen(text), NULL);
            if (result.n != 3)
                fail_msg("%zu events of 3 with: %s", result.n, CONTENTS[i]);
            assert_int_equal(result.events[0].event_id, 7);
            assert_true((result.events[0].flags & IW_EVENT_CUT) != 0);
            assert_string_equal(result.events[1].value, "two");
            assert_string_equal(result.events[2].value, "three");
            assert_int_equal(result.account.damage[IW_DAMAGE_RECORD_CUT].count, 1);
            assert_int_equal(result.account.damage[IW_DAMAGE_RECORD_CUT].first_offset, 0);
            xml_rig_free(&result);
        }
    }
}

/* The prefix of the next line is no part of a value that lost its end. */
static void a_cut_line(void **state)
{
    static const char TEXT[] = "<13>a <Event><System><EventID>7</EventID><Channel>C</Channel>"
                               "</System><EventData><Data Name='V'>half\n<13>b " E2;
    struct xml_rig_result result = xml_rig_read(TEXT, sizeof TEXT - 1, NULL);
    (void)state;
    assert_int_equal(result.n, 2);
    assert_string_equal(result.events[0].value, "half");
    assert_int_equal(result.events[1].flags, IW_EVENT_DECODED);
    assert_int_equal(result.events[1].offset, strstr(TEXT, "<Event xmlns") - TEXT);
    xml_rig_assert_only(&result, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
}

/* --- the view
 * ------------------------------------------------------------------------------------------------------
 */

struct items {
    struct xml_item item[256];
    size_t n;
};

/* Frames *text* with a view that grows by *step* bytes and loses what is spare at once. */
static void frame(const char *text, size_t step, struct items *ret)
{
    size_t n = strlen(text), begin = 0, end = 0;
    struct xml_framer framer;
    xml_framer_begin(&framer);
    ret->n = 0;
    for (;;) {
        char *copy = malloc(end - begin + 1); /* so that a byte too far is found */
        struct xml_item item;
        size_t spare;
        assert_non_null(copy);
        memcpy(copy, text + begin, end - begin);
        item = xml_framer_next(&framer, (struct iw_str){copy, end - begin}, end == n, end == n);
        free(copy);
        if (item.kind == XML_ITEM_END)
            return;
        if (item.kind != XML_ITEM_MORE) {
            item.begin += begin;
            item.end += begin;
            assert_true(ret->n < 256);
            ret->item[ret->n++] = item;
        } else {
            assert_true(end < n);
            end = end + step < n ? end + step : n;
        }
        spare = xml_framer_spare(&framer);
        assert_true(spare <= end - begin);
        xml_framer_drop(&framer, spare);
        begin += spare;
    }
}

static bool is_same(const struct xml_item *a, const struct xml_item *b)
{
    return a->kind == b->kind && a->begin == b->begin && a->end == b->end &&
           a->is_closed == b->is_closed && a->has_dtd == b->has_dtd;
}

static void whatever_is_in_view(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LAYOUTS / sizeof LAYOUTS[0]; i++) {
        struct items whole, parts;
        frame(LAYOUTS[i].text, SIZE_MAX / 2, &whole);
        for (size_t step = 1; step < 80; step += step < 12 ? 1 : 13) {
            frame(LAYOUTS[i].text, step, &parts);
            if (parts.n != whole.n)
                fail_msg("step %zu: %zu items, %zu in one piece: %s", step, parts.n, whole.n,
                         LAYOUTS[i].text);
            for (size_t k = 0; k < whole.n; k++) {
                if (!is_same(&parts.item[k], &whole.item[k]))
                    fail_msg("step %zu, item %zu: %d %zu-%zu, in one piece %d %zu-%zu: %s", step, k,
                             parts.item[k].kind, parts.item[k].begin, parts.item[k].end,
                             whole.item[k].kind, whole.item[k].begin, whole.item[k].end,
                             LAYOUTS[i].text);
            }
        }
    }
}

/* Many events, more than the window reads at once, with nothing between them. */
static void a_long_file(void **state)
{
    struct iw_buffer text;
    struct xml_rig_result result;
    (void)state;
    iw_buffer_init(&text);
    for (unsigned i = 0; i < 6000; i++)
        iw_buffer_add(&text, i % 2 == 0 ? IW_STR(E1) : IW_STR(E2 "\n"));
    result = xml_rig_read(text.p, text.n, NULL);
    assert_int_equal(result.n, 6000);
    for (unsigned i = 0; i < 6000; i++) {
        size_t pair = sizeof E1 - 1 + sizeof E2;
        assert_string_equal(result.events[i].value, i % 2 == 0 ? "one" : "two");
        assert_int_equal(result.events[i].offset, i / 2 * pair + (i % 2) * (sizeof E1 - 1));
    }
    xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
    iw_buffer_done(&text);
}

/* --- encodings
 * ------------------------------------------------------------------------------------------------------
 */

static size_t widen(const char *text, bool big, char *out)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        out[2 * i + big] = text[i];
        out[2 * i + !big] = 0;
    }
    return 2 * n;
}

static void utf16(void **state)
{
    static const char TEXT[] =
        "<?xml version='1.0' encoding='utf-16'?>\r\n<Events>" E1 E2 "</Events>";
    char wide[2 + 2 * sizeof TEXT + 16];
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        bool big = kind >= 2, mark = kind % 2 == 0;
        size_t lead = mark ? 2 : 0, n;
        struct xml_rig_result result;
        memcpy(wide, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        n = lead + widen(TEXT, big, wide + lead);
        result = xml_rig_read(wide, n, NULL);
        assert_int_equal(result.n, 2);
        assert_string_equal(result.events[1].value, "two");
        assert_int_equal(result.events[1].offset, lead + 2 * (size_t)(strstr(TEXT, E2) - TEXT));
        xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

static void utf16_with_half_a_pair(void **state)
{
    static const char TEXT[] = XML_RIG_VALUE("1", "a#b") E2;
    char wide[2 + 2 * sizeof TEXT];
    size_t n = 2 + widen(TEXT, false, wide + 2), at = 2 + 2 * (size_t)(strchr(TEXT, '#') - TEXT);
    struct xml_rig_result result;
    (void)state;
    memcpy(wide, "\xFF\xFE", 2);
    memcpy(wide + at, "\x00\xD8", 2);
    result = xml_rig_read(wide, n, NULL);
    assert_int_equal(result.n, 2);
    assert_string_equal(result.events[0].value, "a\xEF\xBF\xBD"
                                                "b");
    assert_string_equal(result.events[1].value, "two");
    assert_int_equal(result.events[1].offset, 2 + 2 * (strstr(TEXT, E2) - TEXT));
    xml_rig_assert_only(&result, IW_DAMAGE_TEXT_REPAIRED, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
}

/* windows-1252 is read as such where it is declared and the event is not UTF-8; a wrong or missing
 * declaration changes nothing about UTF-8. */
static void declared_encodings(void **state)
{
    static const struct {
        const char *declared, *raw, *value;
        enum iw_damage damage;
    } CASES[] = {
        {"encoding=\"windows-1252\"", "caf\xE9 \x80", "caf\xC3\xA9 \xE2\x82\xAC", IW_DAMAGE_COUNT},
        {"encoding='ISO-8859-1'", "caf\xE9", "caf\xC3\xA9", IW_DAMAGE_COUNT},
        {"encoding='windows-1252'", "caf\xC3\xA9", "caf\xC3\xA9", IW_DAMAGE_COUNT},
        {"encoding='utf-8'", "caf\xE9", "caf\xEF\xBF\xBD", IW_DAMAGE_TEXT_REPAIRED},
        {"", "caf\xE9", "caf\xEF\xBF\xBD", IW_DAMAGE_TEXT_REPAIRED},
        {"encoding='utf-16'", "caf\xC3\xA9", "caf\xC3\xA9", IW_DAMAGE_COUNT},
        {"encoding='x-nonsense'", "caf\xC3\xA9", "caf\xC3\xA9", IW_DAMAGE_COUNT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct xml_rig_result result;
        char text[1024];
        (void)snprintf(text, sizeof text,
                       "<?xml version='1.0' %s?><Event><System><EventID>7</EventID></System>"
                       "<EventData><Data Name='V'>%s</Data></EventData></Event>",
                       CASES[i].declared, CASES[i].raw);
        result = xml_rig_read(text, strlen(text), NULL);
        assert_int_equal(result.n, 1);
        assert_string_equal(result.events[0].value, CASES[i].value);
        xml_rig_assert_only(&result, CASES[i].damage, IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),
        cmocka_unit_test(the_next_event_is_never_taken),
        cmocka_unit_test(a_cut_line),
        cmocka_unit_test(whatever_is_in_view),
        cmocka_unit_test(a_long_file),
        cmocka_unit_test(utf16),
        cmocka_unit_test(utf16_with_half_a_pair),
        cmocka_unit_test(declared_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
