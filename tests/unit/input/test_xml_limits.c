/*
 * Limits of the XML reader, each at the limit and one past it, and events inside another format.
 */
#include "tests/unit/input/xml_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "event/builder.h"

#define AFTER XML_RIG_VALUE("3", "three")
static const char HEAD[] = "<Event xmlns='" XML_RIG_NAMESPACE "'><System><EventID>7</EventID>"
                           "<Channel>C</Channel></System>";

static void add_times(struct iw_buffer *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        iw_buffer_add(out, iw_str_of(text));
}

/* Event, UserData and so many elements in it; the innermost holds the text. */
static void nested(size_t n_elements, bool broken, struct iw_buffer *out)
{
    iw_buffer_init(out);
    iw_buffer_add(out, iw_str_of(HEAD));
    iw_buffer_add(out, IW_STR("<UserData>"));
    add_times(out, "<V>", n_elements);
    iw_buffer_add(out, broken ? IW_STR("\x01") : IW_STR("deep"));
    add_times(out, "</V>", n_elements);
    iw_buffer_add(out, IW_STR("<W>w</W></UserData></Event>" AFTER));
}

static void depth(void **state)
{
    (void)state;
    for (int broken = 0; broken < 2; broken++) {
        for (size_t past = 0; past < 2; past++) {
            struct iw_buffer text;
            struct xml_rig_result result;
            nested(IW_LIMIT_TEXT_DEPTH - 2 + past, broken, &text);
            result = xml_rig_read(text.p, text.n, NULL);
            assert_int_equal(result.n, 2);
            assert_int_equal(result.account.damage[IW_DAMAGE_RECORD_CUT].count, past);
            assert_int_equal(result.account.damage[IW_DAMAGE_TEXT_REPAIRED].count, broken);
            assert_string_equal(result.events[0].value, past          ? ""
                                                        : broken != 0 ? "\xEF\xBF\xBD"
                                                                      : "deep");
            assert_non_null(strstr(result.events[0].fields, "\"W\":\"w\""));
            assert_string_equal(result.events[1].value, "three");
            xml_rig_free(&result);
            iw_buffer_done(&text);
        }
    }
}

static void very_deep(void **state)
{
    struct iw_buffer text;
    struct xml_rig_result result;
    (void)state;
    nested(100000, false, &text);
    result = xml_rig_read(text.p, text.n, NULL);
    assert_int_equal(result.n, 2);
    xml_rig_assert_only(&result, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
    iw_buffer_done(&text);
}

static void fields(void **state)
{
    (void)state;
    for (size_t past = 0; past < 2; past++) {
        struct iw_buffer text;
        struct xml_rig_result result;
        iw_buffer_init(&text);
        iw_buffer_add(&text, iw_str_of(HEAD)); /* two fields */
        iw_buffer_add(&text, IW_STR("<EventData>"));
        add_times(&text, "<Data>x</Data>", IW_LIMIT_EVENT_FIELDS - 2 + past);
        iw_buffer_add(&text, IW_STR("</EventData></Event>" AFTER));
        result = xml_rig_read(text.p, text.n, NULL);
        assert_int_equal(result.n, 2);
        assert_int_equal(result.events[0].n_fields, IW_LIMIT_EVENT_FIELDS);
        assert_int_equal((result.events[0].flags & IW_EVENT_CUT) != 0, past);
        xml_rig_assert_only(&result, past ? IW_DAMAGE_RECORD_CUT : IW_DAMAGE_COUNT,
                            IW_DAMAGE_COUNT);
        assert_string_equal(result.events[1].value, "three");
        xml_rig_free(&result);
        iw_buffer_done(&text);
    }
}

static void names(void **state)
{
    (void)state;
    for (size_t past = 0; past < 2; past++) {
        size_t n = IW_LIMIT_XML_NAME_UNITS + past;
        char name[IW_LIMIT_XML_NAME_UNITS + 2] = "", text[2048];
        struct xml_rig_result result;
        memset(name, 'n', n);
        (void)snprintf(text, sizeof text, "%s<UserData><%s>x</%s></UserData></Event>" AFTER, HEAD,
                       name, name);
        result = xml_rig_read(text, strlen(text), NULL);
        assert_int_equal(result.n, 2);
        xml_rig_assert_only(&result, past ? IW_DAMAGE_RECORD_CUT : IW_DAMAGE_COUNT,
                            IW_DAMAGE_COUNT);
        xml_rig_free(&result);
    }
}

/* An event of exactly *n* bytes, and the next one. */
static void sized(size_t n, struct iw_buffer *out)
{
    static const char OPEN[] = "<EventData><Data Name='V'>",
                      CLOSE[] = "</Data></EventData></Event>";
    size_t n_value = n - strlen(HEAD) - strlen(OPEN) - strlen(CLOSE);
    char *room;
    iw_buffer_init(out);
    iw_buffer_add(out, iw_str_of(HEAD));
    iw_buffer_add(out, iw_str_of(OPEN));
    room = iw_buffer_room(out, n_value);
    assert_non_null(room);
    memset(room, 'v', n_value);
    out->n += n_value;
    iw_buffer_add(out, iw_str_of(CLOSE));
    assert_int_equal(out->n, n);
    iw_buffer_add(out, IW_STR("\n" AFTER));
}

static void size(void **state)
{
    static const size_t SIZES[] = {IW_LIMIT_TEXT_RECORD_BYTES, IW_LIMIT_TEXT_RECORD_BYTES + 1,
                                   IW_LIMIT_TEXT_RECORD_BYTES + 262144,
                                   3 * IW_LIMIT_TEXT_RECORD_BYTES};
    (void)state;
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        struct iw_buffer text;
        struct xml_rig_result result;
        sized(SIZES[i], &text);
        result = xml_rig_read(text.p, text.n, NULL);
        assert_int_equal(result.n, i == 0 ? 2 : 1);
        assert_string_equal(result.events[result.n - 1].value, "three");
        xml_rig_assert_only(&result, i == 0 ? IW_DAMAGE_COUNT : IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
        assert_int_equal(result.account.lost_bytes, i == 0 ? 0 : SIZES[i]);
        xml_rig_free(&result);
        iw_buffer_done(&text);
    }
}

/* Many large events: a batch ends before its memory does. */
static void large_events_in_a_row(void **state)
{
    struct iw_buffer one, all;
    struct xml_rig_result result;
    (void)state;
    sized(700000, &one);
    iw_buffer_init(&all);
    for (int i = 0; i < 40; i++)
        iw_buffer_add(&all, iw_buffer_str(&one));
    result = xml_rig_read(all.p, all.n, NULL);
    assert_int_equal(result.n, 80);
    xml_rig_assert_only(&result, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
    iw_buffer_done(&one);
    iw_buffer_done(&all);
}

/* Sixteen megabytes of bytes that need three each do not fit a batch: refused, and said so. */
static void what_grows_past_the_batch(void **state)
{
    struct iw_buffer text;
    struct xml_rig_result result;
    (void)state;
    sized(IW_LIMIT_TEXT_RECORD_BYTES, &text);
    memset(text.p + 1000, 1, IW_LIMIT_TEXT_RECORD_BYTES - 2000);
    result = xml_rig_read(text.p, text.n, NULL);
    assert_int_equal(result.n, 1);
    assert_string_equal(result.events[0].value, "three");
    xml_rig_assert_only(&result, IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
    xml_rig_free(&result);
    iw_buffer_done(&text);
}

/* What could make a reader look at the same bytes again and again: must end within the time of the
 * test, and take no more than one event each. */
static void hostile_to_time(void **state)
{
    static const char *const PIECES[] = {
        "<![CDATA[",
        "<!--",
        "<?x ",
        "<a b=\"<a b='",
        "<a b=\"<",
        "<Event ",
        "</Event <",
        "<Event xmlns='" XML_RIG_NAMESPACE "'><![CDATA[",
        "<![CDATA[</Event>",
        "<![CDATA[<Event><System>]]",
        "<!DOCTYPE [",
        "&#x",
        "&",
        "<a ",
        "<e:",
        "x:Event>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        for (int inside = 0; inside < 2; inside++) {
            struct iw_buffer text;
            struct xml_rig_result result;
            iw_buffer_init(&text);
            if (inside != 0)
                iw_buffer_add(&text, iw_str_of(HEAD));
            while (text.n < 300000)
                iw_buffer_add(&text, iw_str_of(PIECES[i]));
            iw_buffer_add(&text, IW_STR("\n</Event>" AFTER));
            result = xml_rig_read(text.p, text.n, NULL);
            assert_int_not_equal(result.n, 0);
            assert_string_equal(result.events[result.n - 1].value, "three");
            xml_rig_free(&result);
            iw_buffer_done(&text);
        }
    }
}

/* --- events inside another format
 * -------------------------------------------------------------------------------- */

static enum iw_rc decode(const char *span, unsigned level, struct iw_account *account,
                         struct iw_event_builder *builder)
{
    const struct iw_span_class *class = iw_span_class_of(IW_EVIDENCE_XML);
    const struct iw_reader_options options = {.names = xml_rig_names(), .route = xml_rig_route()};
    struct iw_span_decoder *decoder = class->make(&options);
    enum iw_rc rc;
    assert_non_null(decoder);
    iw_batch_clear(xml_rig_batch());
    iw_event_builder_begin(builder, xml_rig_batch(), 4, 99);
    rc = class->decode(decoder, iw_str_of(span), level, builder, account, 99);
    class->free(decoder);
    if (rc == IW_OK)
        (void)iw_event_builder_end(builder);
    else
        iw_event_builder_cancel(builder);
    return rc;
}

static void spans(void **state)
{
    static const struct {
        const char *span;
        unsigned depth;
        enum iw_rc rc;
        enum iw_damage damage;
        bool is_cut;
    } CASES[] = {
        {XML_RIG_VALUE("1", "one"), 1, IW_OK, IW_DAMAGE_COUNT, false},
        {XML_RIG_VALUE("1", "one"), IW_LIMIT_NESTED_FORMATS - 1, IW_OK, IW_DAMAGE_COUNT, false},
        {XML_RIG_VALUE("1", "one"), IW_LIMIT_NESTED_FORMATS, IW_ELIMIT, IW_DAMAGE_COUNT, false},
        {"<?xml version='1.0' encoding='utf-16'?>\r\n" XML_RIG_VALUE("1", "one"), 1, IW_OK,
         IW_DAMAGE_COUNT, false},
        {XML_RIG_VALUE("1", "one\x01"), 1, IW_OK, IW_DAMAGE_TEXT_REPAIRED, false},
        {XML_RIG_VALUE("1", "one") XML_RIG_VALUE("2", "two"), 1, IW_OK, IW_DAMAGE_COUNT, true},
        {"<Event><System><EventID>7</EventID><Chan", 1, IW_OK, IW_DAMAGE_COUNT, true},
        {"<Event><Sys", 1, IW_EFORMAT, IW_DAMAGE_COUNT, false},
        {"<Event/>", 1, IW_END, IW_DAMAGE_COUNT, false},
        {"<EventData><Data>x</Data></EventData>", 1, IW_END, IW_DAMAGE_COUNT, false},
        {"no XML", 1, IW_END, IW_DAMAGE_COUNT, false},
        {"", 1, IW_END, IW_DAMAGE_COUNT, false},
        {"<!DOCTYPE a [<!ENTITY b 'c'>]>" XML_RIG_VALUE("1", "one"), 1, IW_OK, IW_DAMAGE_DTD,
         false},
        {XML_RIG_VALUE("1", "<!DOCTYPE a>"), 1, IW_EFORMAT, IW_DAMAGE_DTD, false},
    };
    struct iw_event_builder builder;
    (void)state;
    iw_event_builder_init(&builder, xml_rig_names(), xml_rig_route());
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_account account = {0};
        const struct iw_event *event = &xml_rig_batch()->events[0];
        enum iw_rc rc = decode(CASES[i].span, CASES[i].depth, &account, &builder);
        if (rc != CASES[i].rc)
            fail_msg("%s for %s", iw_rc_name(rc), CASES[i].span);
        for (unsigned kind = 0; kind < IW_DAMAGE_COUNT; kind++)
            assert_int_equal(account.damage[kind].count, kind == CASES[i].damage);
        if (rc != IW_OK)
            continue;
        assert_int_equal(event->event_id, 7);
        assert_int_equal(event->source, 4);
        assert_int_equal(event->offset, 99);
        assert_int_equal((event->flags & IW_EVENT_CUT) != 0, CASES[i].is_cut);
    }
    iw_event_builder_done(&builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth),
        cmocka_unit_test(very_deep),
        cmocka_unit_test(fields),
        cmocka_unit_test(names),
        cmocka_unit_test(size),
        cmocka_unit_test(large_events_in_a_row),
        cmocka_unit_test(what_grows_past_the_batch),
        cmocka_unit_test(hostile_to_time),
        cmocka_unit_test(spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
