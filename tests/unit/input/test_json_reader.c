/*
 * Framing and damage: where records begin and end, whatever the slices, and what one bad byte
 * costs. What is expected is written down beside the input.
 */
#include "tests/unit/input/json_rig.h"

#include "base/json.h"

#define LINES IW_EVIDENCE_JSON_LINES
#define WHOLE IW_EVIDENCE_JSON
#define HEAD "\"Channel\":\"C\",\"Provider_Name\":\"P\",\"Computer\":\"H\","
#define EVENT(id, value) "{" HEAD "\"EventID\":" #id ",\"F\":\"" value "\"}"

/* --- framing
 * ---------------------------------------------------------------------------------------------
 */

static void assert_ids(const struct json_rig_result *result, const char *ids)
{
    char got[256] = "";
    for (size_t i = 0; i < result->n; i++)
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%u ",
                       result->events[i].event_id);
    assert_string_equal(got, ids);
}

static void expect_ids(enum iw_evidence_kind kind, const char *text, const char *ids)
{
    struct json_rig_result result = json_rig_read_text(kind, text);
    assert_ids(&result, ids);
    json_rig_assert_only(&result, IW_DAMAGE_COUNT);
    json_rig_done(&result);
}

static void records_however_they_are_joined(void **state)
{
    (void)state;
    expect_ids(LINES, EVENT(1, "a") "\n" EVENT(2, "b") "\n", "1 2 ");
    expect_ids(LINES, EVENT(1, "a") "\r\n\r\n\n" EVENT(2, "b"), "1 2 ");
    expect_ids(LINES, EVENT(1, "a") EVENT(2, "b") " " EVENT(3, "c") "\n" EVENT(4, "d"), "1 2 3 4 ");
    expect_ids(LINES, EVENT(1, "a") ",\n" EVENT(2, "b") ",\n", "1 2 ");
    expect_ids(LINES, "[" EVENT(1, "a") "," EVENT(2, "b") "]\n" EVENT(3, "c"), "1 2 3 ");
    expect_ids(WHOLE, "[" EVENT(1, "a") ",\n" EVENT(2, "b") "]\n", "1 2 ");
    expect_ids(WHOLE, EVENT(1, "a") EVENT(2, "b") EVENT(3, "c"), "1 2 3 ");
    expect_ids(WHOLE, "{\n  " HEAD "\n  \"EventID\": 1\n}\n{\n  " HEAD "\n  \"EventID\": 2\n}\n",
               "1 2 ");
    expect_ids(WHOLE, "\x1E" EVENT(1, "a") "\n\x1E" EVENT(2, "b") "\n", "1 2 ");
    expect_ids(WHOLE, "[]", "");
    expect_ids(LINES, "{}\n{\"index\":{\"_index\":\"x\"}}\n" EVENT(1, "a") "\n", "1 ");
}

static void wrappers(void **state)
{
    /* Before, between and behind two records. */
    static const char *const FORMS[][3] = {
        {"{\"took\":5,\"_shards\":{\"total\":1},\"hits\":{\"total\":{\"value\":2},\"hits\":[", ",",
         "]},\"more\":\"x\"}"},
        {"{\"records\":[", ",", "]}"},
        {"{\"Events\":[", ",\n", "]}"},
        {"{\"Events\":{\"Event\":[", ",", "]}}"},
        {"{\"value\":[", ",", "],\"@odata.nextLink\":\"http://x/y\"}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        char text[2048];
        for (int hit = 0; hit < 2; hit++) {
            const char *one =
                hit != 0 ? "{\"_index\":\"w\",\"_source\":" EVENT(1, "a") "}" : EVENT(1, "a");
            (void)snprintf(text, sizeof text, "%s%s%s%s%s", FORMS[i][0], one, FORMS[i][1],
                           EVENT(2, "b"), FORMS[i][2]);
            expect_ids(WHOLE, text, "1 2 ");
            if (strchr(text, '\n') == NULL) {
                strcat(text, "\n" EVENT(3, "c"));
                expect_ids(LINES, text, "1 2 3 ");
            }
        }
    }
}

/* 300 records of lengths that differ, read in slices of every size, come out the same. */
static void slices_do_not_matter(void **state)
{
    static const char *const ENDS[] = {"\n", "\r\n", "\n\n", "\n\0\0\n"};
    static const size_t END_BYTES[] = {1, 2, 2, 4};
    char *text = malloc(64 * 1024);
    (void)state;
    assert_non_null(text);
    for (size_t e = 0; e < 4; e++) {
        size_t n = 0;
        struct json_rig_result whole;
        for (unsigned i = 0; i < 40; i++) {
            n += (size_t)sprintf(text + n, "{" HEAD "\"EventID\":%u,\"F\":\"%.*s\"}", i + 1,
                                 (int)(i * 7 % 40), "0123456789012345678901234567890123456789");
            memcpy(text + n, ENDS[e], END_BYTES[e]);
            n += END_BYTES[e];
        }
        whole = json_rig_read(LINES, text, n, 0);
        assert_int_equal(whole.n, 40);
        for (uint64_t slice = 1; slice < 400; slice += slice < 140 ? 1 : 37) {
            struct json_rig_result cut = json_rig_read(LINES, text, n, slice);
            assert_int_equal(cut.n, 40);
            for (size_t i = 0; i < 40; i++) {
                assert_string_equal(cut.events[i].json, whole.events[i].json);
                assert_int_equal(cut.events[i].offset, whole.events[i].offset);
                assert_int_equal(text[cut.events[i].offset], '{');
            }
            json_rig_assert_only(&cut, IW_DAMAGE_COUNT);
            json_rig_done(&cut);
        }
        json_rig_done(&whole);
    }
    free(text);
}

static size_t to_utf16(const char *text, bool big, bool mark, uint8_t *out)
{
    size_t n = 0;
    if (mark) {
        out[n++] = big ? 0xFE : 0xFF;
        out[n++] = big ? 0xFF : 0xFE;
    }
    for (; *text != '\0'; text++) {
        out[n++] = big ? 0 : (uint8_t)*text;
        out[n++] = big ? (uint8_t)*text : 0;
    }
    return n;
}

static void encodings(void **state)
{
    const char *text = EVENT(1, "a") "\r\n" EVENT(2, "b") "\r\n" EVENT(3, "c") "\r\n";
    uint8_t bytes[2048];
    (void)state;
    expect_ids(LINES, "\xEF\xBB\xBF" EVENT(1, "a") "\n" EVENT(2, "b"), "1 2 ");
    for (int form = 0; form < 4; form++) {
        size_t n = to_utf16(text, form & 1, form & 2, bytes);
        for (int kind = 0; kind < 2; kind++) {
            struct json_rig_result result = json_rig_read(kind == 0 ? LINES : WHOLE, bytes, n, 0);
            assert_ids(&result, "1 2 3 ");
            assert_int_equal(result.events[0].offset, (form & 2) != 0 ? 2 : 0);
            assert_int_equal(result.events[1].offset,
                             ((form & 2) != 0 ? 2U : 0U) + 2 * (strlen(EVENT(1, "a")) + 2));
            json_rig_assert_only(&result, IW_DAMAGE_COUNT);
            json_rig_done(&result);
        }
        for (uint64_t slice = 2; slice < 100; slice += 2) {
            struct json_rig_result result = json_rig_read(LINES, bytes, n, slice);
            assert_ids(&result, "1 2 3 ");
            json_rig_done(&result);
        }
    }
}

/* --- one bad byte
 * ----------------------------------------------------------------------------------------------
 */

/* The value as the flat JSON of the output writes it. */
static void expected_text(unsigned byte, char out[64])
{
    struct iw_buffer buffer;
    char text[8] = {'x', (char)byte, 'y', 0};
    iw_buffer_init(&buffer);
    iw_buffer_add(&buffer, IW_STR("\"F\":\""));
    iw_json_escape(&buffer, (struct iw_str){text, 3});
    iw_buffer_add(&buffer, IW_STR("\""));
    assert_true(buffer.n < 64);
    memcpy(out, buffer.p, buffer.n);
    out[buffer.n] = '\0';
    iw_buffer_done(&buffer);
}

static size_t three_records(const char *value, size_t value_n, const char *between, char *out)
{
    size_t n = 0;
    n += (size_t)sprintf(out, "%s%s{" HEAD "\"EventID\":2,\"F\":\"", EVENT(1, "a"), between);
    memcpy(out + n, value, value_n);
    n += value_n;
    return n + (size_t)sprintf(out + n, "\",\"G\":\"behind\"}%s%s", between, EVENT(3, "c"));
}

static void every_byte_in_a_value(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (int form = 0; form < 3; form++) {
            char text[1024], expected[64];
            const char value[3] = {'x', (char)byte, 'y'};
            size_t n = three_records(value, 3, form == 2 ? "" : "\n", text);
            struct json_rig_result result = json_rig_read(form == 0 ? LINES : WHOLE, text, n, 0);
            bool is_line_end = form == 0 && byte == '\n';
            bool is_sound = byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
            if (is_line_end) { /* a line end always ends the record: its first half stays */
                assert_ids(&result, "1 2 3 ");
                assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_CUT), 1);
                assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_HEADER), 1);
                json_rig_done(&result);
                continue;
            }
            expected_text(byte, expected);
            assert_ids(&result, "1 2 3 ");
            json_rig_assert_has(&result.events[1], expected);
            json_rig_assert_has(&result.events[1], "\"G\":\"behind\"");
            assert_int_equal(json_rig_count(&result, IW_DAMAGE_TEXT_REPAIRED), is_sound ? 0 : 1);
            json_rig_assert_only(&result, IW_DAMAGE_TEXT_REPAIRED, IW_DAMAGE_COUNT);
            json_rig_done(&result);
        }
    }
}

static void every_lone_surrogate(void **state)
{
    (void)state;
    for (unsigned unit = 0xD800; unit < 0xE000; unit++) {
        for (int kind = 0; kind < 2; kind++) {
            char text[1024], value[16];
            struct json_rig_result result;
            size_t n;
            (void)snprintf(value, sizeof value, "x\\u%04xy", unit);
            n = three_records(value, strlen(value), "\n", text);
            result = json_rig_read(kind == 0 ? LINES : WHOLE, text, n, 0);
            assert_ids(&result, "1 2 3 ");
            json_rig_assert_has(&result.events[1], "\"F\":\"x\xEF\xBF\xBDy\"");
            json_rig_assert_has(&result.events[1], "\"G\":\"behind\"");
            assert_int_equal(json_rig_count(&result, IW_DAMAGE_TEXT_REPAIRED), 1);
            json_rig_assert_only(&result, IW_DAMAGE_TEXT_REPAIRED, IW_DAMAGE_COUNT);
            json_rig_done(&result);
        }
    }
}

/* A record cut off anywhere: those around it survive, and of it what stands before the cut. */
static void cut_off_anywhere(void **state)
{
    const char *record = EVENT(2, "b");
    const size_t whole = strlen(record);
    (void)state;
    for (size_t keep = 1; keep < whole; keep++) {
        for (int kind = 0; kind < 2; kind++) {
            char text[1024];
            struct json_rig_result result;
            bool has_id = strstr(record, "\"EventID\":2,") + 12 <= record + keep;
            (void)snprintf(text, sizeof text, "%s\n%.*s\n%s\n", EVENT(1, "a"), (int)keep, record,
                           EVENT(3, "c"));
            result = json_rig_read_text(kind == 0 ? LINES : WHOLE, text);
            assert_true(result.n >= 2);
            assert_int_equal(result.events[0].event_id, 1);
            assert_int_equal(result.events[result.n - 1].event_id, 3);
            json_rig_assert_has(&result.events[result.n - 1], "\"F\":\"c\"");
            if (has_id || result.n == 3) {
                assert_int_equal(result.n, 3);
                /* Channel and provider make it an event; its id may be behind the cut. */
                assert_true(result.events[1].event_id == 2 ||
                            (!has_id && result.events[1].event_id == 0));
                assert_true((result.events[1].flags & IW_EVENT_CUT) != 0);
            }
            assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_CUT) +
                                 json_rig_count(&result, IW_DAMAGE_RECORD),
                             1);
            json_rig_done(&result);
        }
    }
}

/* A file cut off anywhere keeps all records before the cut. */
static void file_truncated_at_every_byte(void **state)
{
    const char *text = EVENT(1, "a") "\n" EVENT(2, "b") "\n" EVENT(3, "c");
    size_t ends[3], n = 0;
    (void)state;
    for (const char *p = text; n < 3; p++) {
        if (*p == '}')
            ends[n++] = (size_t)(p - text) + 1;
    }
    for (size_t cut = 1; cut < strlen(text); cut++) {
        size_t sound = (cut >= ends[0] ? 1U : 0U) + (cut >= ends[1] ? 1U : 0U);
        for (int kind = 0; kind < 2; kind++) {
            struct json_rig_result result = json_rig_read(kind == 0 ? LINES : WHOLE, text, cut, 0);
            assert_true(result.n >= sound && result.n <= sound + 1);
            for (size_t i = 0; i < sound; i++)
                assert_int_equal(result.events[i].flags & IW_EVENT_CUT, 0);
            json_rig_done(&result);
        }
    }
}

static void noise(void **state)
{
    uint64_t seed = 88172645463325252ULL;
    static const char ALPHABET[] = "{}[]\",:\\\n\r tfn0-.eu";
    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        char text[700];
        size_t n = 0;
        unsigned length = round % 200;
        struct json_rig_result result;
        n += (size_t)sprintf(text, "%s\n", EVENT(1, "a"));
        for (unsigned i = 0; i < length; i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            text[n++] =
                (round & 1) != 0 ? ALPHABET[seed % (sizeof ALPHABET - 1)] : (char)(seed % 255);
        }
        n += (size_t)sprintf(text + n, "\n%s\n", EVENT(3, "c"));
        result = json_rig_read(LINES, text, n, 0);
        assert_true(result.n >= 2);
        assert_int_equal(result.events[0].event_id, 1);
        assert_int_equal(result.events[result.n - 1].event_id, 3);
        json_rig_done(&result);
        result = json_rig_read(WHOLE, text, n, 0);
        assert_true(result.n >= 1);
        json_rig_done(&result);
    }
}

/* --- the account
 * ---------------------------------------------------------------------------------------------
 */

static void expect_damage(enum iw_evidence_kind kind, const char *text, const char *ids,
                          enum iw_damage damage, uint64_t offset, uint64_t lost_bytes)
{
    struct json_rig_result result = json_rig_read_text(kind, text);
    assert_ids(&result, ids);
    assert_int_equal(json_rig_count(&result, damage), 1);
    assert_int_equal(result.account.damage[damage].first_offset, offset);
    assert_int_equal(result.account.lost_bytes, lost_bytes);
    json_rig_assert_only(&result, damage, IW_DAMAGE_COUNT);
    json_rig_done(&result);
}

static void what_the_account_says(void **state)
{
    const uint64_t second = strlen(EVENT(1, "a")) + 1;
    (void)state;
    expect_damage(LINES, EVENT(1, "a") "\n{\"a\":1}\n" EVENT(3, "c"), "1 3 ",
                  IW_DAMAGE_FORM_UNKNOWN, second, 7);
    expect_damage(LINES, EVENT(1, "a") "\nnot json\n" EVENT(3, "c"), "1 3 ",
                  IW_DAMAGE_RECORD_HEADER, second, 8);
    expect_damage(LINES, EVENT(1, "a") "\n{\"a\":1,\"b\n" EVENT(3, "c"), "1 3 ", IW_DAMAGE_RECORD,
                  second, 9);
    expect_damage(LINES, EVENT(1, "a") "\n{" HEAD "\"EventID\":2,\"F\":\"b\n" EVENT(3, "c"),
                  "1 2 3 ", IW_DAMAGE_RECORD_CUT, second, 0);
    expect_damage(WHOLE, "[" EVENT(1, "a") ",junk," EVENT(3, "c") "]", "1 3 ",
                  IW_DAMAGE_RECORD_HEADER, second + 1, 5);
    /* XML inside JSON, before there is a reader of XML, or broken: counted, never silent. */
    if (iw_span_class_of(IW_EVIDENCE_XML) == NULL)
        expect_damage(LINES, EVENT(1, "a") "\n{\"_raw\":\"<Event></Event>\"}\n" EVENT(3, "c"),
                      "1 3 ", IW_DAMAGE_FORM_UNKNOWN, second, 0);
}

static void whole_file_survives_damage(void **state)
{
    struct json_rig_result result;
    (void)state;
    /* A brace is missing; the next record begins at the indent of the first. */
    result =
        json_rig_read_text(WHOLE, "[\n  {" HEAD "\"EventID\":1,\"F\":{\"a\":\"b\"\n  },\n  {" HEAD
                                  "\"EventID\":2}\n]\n");
    assert_ids(&result, "1 2 ");
    json_rig_assert_has(&result.events[0], "\"F.a\":\"b\"");
    json_rig_assert_only(&result, IW_DAMAGE_RECORD_CUT, IW_DAMAGE_COUNT);
    json_rig_done(&result);
    /* All on one line. */
    result = json_rig_read_text(WHOLE, "[{" HEAD "\"EventID\":1,\"F\":{\"a\":\"b\"},{" HEAD
                                       "\"EventID\":2},{" HEAD "\"EventID\":3}]");
    assert_ids(&result, "1 2 3 ");
    json_rig_done(&result);
    result = json_rig_read_text(WHOLE, EVENT(1, "a") "{" HEAD "\"EventID\":2,\"F\":\"cut"
                                                     "\n" EVENT(3, "c") EVENT(4, "d"));
    assert_ids(&result, "1 2 3 4 ");
    json_rig_done(&result);
}

static void rejected_records_keep_their_head(void **state)
{
    struct iw_route route;
    struct json_rig_result result;
    const char *text = EVENT(7, "a");
    (void)state;
    iw_route_init(&route);
    result = json_rig_read_routed(LINES, text, strlen(text), 0, &route);
    assert_int_equal(result.n, 1);
    assert_string_equal(result.events[0].channel, "C");
    assert_string_equal(result.events[0].computer, "H");
    assert_string_equal(result.events[0].provider, "P");
    assert_int_equal(result.events[0].event_id, 7);
    assert_int_equal(result.events[0].flags & IW_EVENT_DECODED, 0);
    assert_string_equal(result.events[0].json, "{}");
    assert_int_equal(result.account.n_decoded, 0);
    json_rig_done(&result);
    iw_route_done(&route);
}

/* --- limits
 * ------------------------------------------------------------------------------------------------
 */

static void long_lines(void **state)
{
    const size_t limit = IW_LIMIT_TEXT_RECORD_BYTES;
    char *text = malloc(limit + 4096);
    (void)state;
    assert_non_null(text);
    for (size_t over = 0; over < 2; over++) {
        const char *first = "{" HEAD "\"EventID\":1,\"F\":\"";
        size_t n = strlen(first);
        struct json_rig_result result;
        memcpy(text, first, n);
        memset(text + n, 'x', limit + over - n - 2);
        memcpy(text + limit + over - 2, "\"}", 2);
        n = limit + over + (size_t)sprintf(text + limit + over, "\n%s\n", EVENT(2, "b"));
        result = json_rig_read(LINES, text, n, 0);
        assert_ids(&result, over != 0 ? "2 " : "1 2 ");
        assert_int_equal(json_rig_count(&result, IW_DAMAGE_LIMIT), over);
        assert_int_equal(result.account.lost_bytes, over != 0 ? limit + 2 : 0);
        json_rig_assert_only(&result, IW_DAMAGE_LIMIT, IW_DAMAGE_COUNT);
        json_rig_done(&result);
    }
    free(text);
}

static void deep_records(void **state)
{
    (void)state;
    /* The record is the first level. */
    for (unsigned levels = IW_LIMIT_TEXT_DEPTH - 1; levels <= IW_LIMIT_TEXT_DEPTH; levels++) {
        char text[1024];
        size_t n = (size_t)sprintf(text, "{" HEAD "\"EventID\":1,\"D\":");
        struct json_rig_result result;
        for (unsigned i = 0; i < levels; i++)
            text[n++] = '[';
        text[n++] = '5';
        for (unsigned i = 0; i < levels; i++)
            text[n++] = ']';
        n += (size_t)sprintf(text + n, ",\"G\":\"behind\"}\n%s", EVENT(2, "b"));
        result = json_rig_read(LINES, text, n, 0);
        assert_ids(&result, "1 2 ");
        json_rig_assert_has(&result.events[0], "\"G\":\"behind\"");
        assert_int_equal(strstr(result.events[0].json, "\"D\":\"5\"") != NULL,
                         levels < IW_LIMIT_TEXT_DEPTH);
        assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_CUT),
                         levels == IW_LIMIT_TEXT_DEPTH);
        json_rig_done(&result);
    }
}

static void many_fields(void **state)
{
    char *text = malloc(1024 * 1024);
    (void)state;
    assert_non_null(text);
    /* EventID, Channel, Provider_Name and Computer are fields, too. */
    for (unsigned extra = IW_LIMIT_EVENT_FIELDS - 4; extra <= IW_LIMIT_EVENT_FIELDS - 3; extra++) {
        size_t n = (size_t)sprintf(text, "{" HEAD "\"EventID\":1,\"D\":[");
        struct json_rig_result result;
        for (unsigned i = 0; i < extra; i++)
            n += (size_t)sprintf(text + n, i != 0 ? ",1" : "1");
        n += (size_t)sprintf(text + n, "]}\n%s", EVENT(2, "b"));
        result = json_rig_read(LINES, text, n, 0);
        assert_ids(&result, "1 2 ");
        assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_CUT),
                         extra == IW_LIMIT_EVENT_FIELDS - 3);
        json_rig_done(&result);
    }
    free(text);
}

/* JSON in JSON in JSON: as many envelopes as the limit says, and one more. */
static void nested_formats(void **state)
{
    char text[8192];
    (void)state;
    (void)snprintf(text, sizeof text, "%s", EVENT(5, "deep"));
    for (unsigned depth = 1; depth <= IW_LIMIT_NESTED_FORMATS + 1; depth++) {
        struct iw_buffer buffer;
        struct json_rig_result result;
        iw_buffer_init(&buffer);
        iw_buffer_add(&buffer, IW_STR("{\"message\":\""));
        iw_json_escape(&buffer, iw_str_of(text));
        iw_buffer_add(&buffer, IW_STR("\"}"));
        assert_true(buffer.n < sizeof text);
        memcpy(text, buffer.p, buffer.n);
        text[buffer.n] = '\0';
        iw_buffer_done(&buffer);
        result = json_rig_read_text(LINES, text);
        if (depth <= IW_LIMIT_NESTED_FORMATS) {
            assert_ids(&result, "5 ");
            json_rig_assert_has(&result.events[0], "\"F\":\"deep\"");
            json_rig_assert_only(&result, IW_DAMAGE_COUNT);
        } else {
            assert_int_equal(result.n, 0);
            assert_int_equal(json_rig_count(&result, IW_DAMAGE_LIMIT), 1);
        }
        json_rig_done(&result);
    }
}

/* Nests of braces and lines that never end: read again a bounded number of times. */
static void hostile_nesting(void **state)
{
    const size_t n = 4 * 1024 * 1024;
    char *text = malloc(n);
    struct json_rig_result result;
    (void)state;
    assert_non_null(text);
    for (size_t at = 0; at + 6 <= n; at += 6)
        memcpy(text + at, "{\"a\":\n", 6);
    result = json_rig_read(WHOLE, text, n / 6 * 6, 0);
    assert_int_equal(result.n, 0);
    json_rig_done(&result);
    free(text);
}

/* Braces where none may stand: one place, however many, and the neighbours stay. */
static void braces_in_a_row(void **state)
{
    const size_t n = 1024 * 1024;
    char *text = malloc(n + 4096);
    (void)state;
    assert_non_null(text);
    for (unsigned kind = 0; kind < 2; kind++) {
        size_t at = (size_t)sprintf(text, "%s\n", EVENT(1, "a"));
        struct json_rig_result result;
        memset(text + at, '{', n);
        at += n;
        at += (size_t)sprintf(text + at, "\n%s\n", EVENT(2, "b"));
        result = json_rig_read(kind == 0 ? LINES : WHOLE, text, at, 0);
        assert_ids(&result, "1 2 ");
        /* As a whole, once for each part that came into view: a MiB is read in 16 or fewer, and one
           more stands over. */
        assert_in_range(json_rig_count(&result, IW_DAMAGE_RECORD_HEADER), 1, kind == 0 ? 1 : 17);
        json_rig_done(&result);
    }
    free(text);
}

/* A bracket that is missing takes no other record with it. */
static void unclosed_list(void **state)
{
    struct json_rig_result result = json_rig_read_text(
        WHOLE, "[{" HEAD "\"EventID\":1,\"F\":[\"x\"}," EVENT(2, "b") "," EVENT(3, "c") "]");
    (void)state;
    assert_ids(&result, "1 2 3 ");
    assert_int_equal(json_rig_count(&result, IW_DAMAGE_RECORD_CUT), 1);
    json_rig_assert_has(&result.events[1], "\"F\":\"b\"");
    json_rig_done(&result);
}

/* Line ends inside a string, as many as there may be. */
static void line_ends_in_a_string(void **state)
{
    const size_t n = 1024 * 1024;
    char *text = malloc(n + 4096);
    struct json_rig_result result;
    size_t at;
    (void)state;
    assert_non_null(text);
    at = (size_t)sprintf(text, "[{" HEAD "\"EventID\":1,\"F\":\"");
    memset(text + at, '\n', n);
    at += n;
    at += (size_t)sprintf(text + at, "x\"},\n%s]", EVENT(2, "b"));
    result = json_rig_read(WHOLE, text, at, 0);
    assert_ids(&result, "1 2 ");
    json_rig_done(&result);
    free(text);
}

/* A tail without a line end belongs to one slice; the others stop at their own end. */
static void long_tail(void **state)
{
    const size_t n = 64UL * 1024 * 1024;
    char *text = calloc(1, n);
    struct json_rig_result result;
    (void)state;
    assert_non_null(text);
    memcpy(text, EVENT(1, "a") "\n", strlen(EVENT(1, "a") "\n"));
    result = json_rig_read(LINES, text, n, 64UL * 1024);
    assert_ids(&result, "1 ");
    assert_int_equal(result.account.read_bytes, n);
    json_rig_done(&result);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_however_they_are_joined),
        cmocka_unit_test(wrappers),
        cmocka_unit_test(slices_do_not_matter),
        cmocka_unit_test(encodings),
        cmocka_unit_test(every_byte_in_a_value),
        cmocka_unit_test(every_lone_surrogate),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(file_truncated_at_every_byte),
        cmocka_unit_test(noise),
        cmocka_unit_test(what_the_account_says),
        cmocka_unit_test(whole_file_survives_damage),
        cmocka_unit_test(rejected_records_keep_their_head),
        cmocka_unit_test(long_lines),
        cmocka_unit_test(deep_records),
        cmocka_unit_test(many_fields),
        cmocka_unit_test(nested_formats),
        cmocka_unit_test(hostile_nesting),
        cmocka_unit_test(braces_in_a_row),
        cmocka_unit_test(unclosed_list),
        cmocka_unit_test(line_ends_in_a_string),
        cmocka_unit_test(long_tail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
