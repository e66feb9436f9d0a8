/*
 * Change records as CSV: rows by RFC 4180, maps, forms of times, and limits. Expectations come from
 * the RFC and docs/CHANGES.md; what a record says is asked by judging an act.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "iis/change/change_time.h"
#include "iis/change/changes.h"
#include "iis/change/csv_rows.h"

#define MAP                                                                                        \
    "id: Number\nhosts: CI\nfrom: Start\nto: End\npath: Path\nactors: Who\ntime_zone: "            \
    "\"+01:00\"\n"
#define HEADER "Number,CI,Start,End,Path,Who\n"

static struct iw_changes *changes;
static struct iw_error err;
static struct iw_arena arena;

static enum iw_rc add(const char *csv, const char *map)
{
    memset(&err, 0, sizeof err);
    return iw_changes_add_csv(changes, iw_str_of(csv), "c.csv", iw_str_of(map), "m.yml", &err);
}

static size_t n_problems(void)
{
    size_t n;
    (void)iw_changes_problems(changes, &n);
    return n;
}

static void expect_problem(size_t i, uint32_t line, const char *id, const char *what)
{
    size_t n;
    const struct iw_change_problem *problem = iw_changes_problems(changes, &n) + i;
    if (i >= n)
        fail_msg("only %zu problems, expected \"%s\"", n, what);
    if (problem->line != line || !iw_str_equal(problem->what, iw_str_of(what)) ||
        !iw_str_equal(problem->id, iw_str_of(id)))
        fail_msg("got %u [%.*s] \"%.*s\", expected %u [%s] \"%s\"", problem->line,
                 IW_STR_ARG(problem->id), IW_STR_ARG(problem->what), line, id, what);
}

static int64_t at(const char *text)
{
    int64_t time_ns;
    assert_true(iw_time_parse(iw_str_of(text), &time_ns));
    return time_ns;
}

static enum iw_change_status status(const char *host, const char *path, const char *when,
                                    const char *actor)
{
    struct iw_change change;
    const struct iw_act act = {.host = iw_str_of(host),
                               .first_ns = at(when),
                               .last_ns = at(when),
                               .path = iw_str_of(path),
                               .actor = iw_str_of(actor)};
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    return change.status;
}

static void test_a_table(void **state)
{
    (void)state;
    assert_int_equal(add(HEADER "C1,web01;web02,2026-01-05 11:00,2026-01-05 12:00:00,C:\\w\\**,\n"
                                "C2,web03,2026-01-05T11:00:00Z,2026-01-05T12:00:00Z,C:\\w\\**,"
                                "CORP\\a; CORP\\b\n",
                         MAP),
                     IW_OK);
    assert_int_equal(n_problems(), 0);
    assert_int_equal(iw_changes_count(changes), 2);
    /* The zone of the map holds where a time has none: 11:00 is 10:00 UTC. */
    assert_int_equal(status("web02", "C:\\w\\x", "2026-01-05T10:00:00Z", ""), IW_CHANGE_EXPLAINED);
    assert_int_equal(status("web02", "C:\\w\\x", "2026-01-05T11:00:01Z", ""), IW_CHANGE_PARTLY);
    assert_int_equal(status("web03", "C:\\w\\x", "2026-01-05T11:30:00Z", "corp\\B"),
                     IW_CHANGE_EXPLAINED);
    assert_int_equal(status("web03", "C:\\w\\x", "2026-01-05T11:30:00Z", "corp\\c"),
                     IW_CHANGE_PARTLY);
    assert_int_equal(status("web03", "C:\\w\\x", "2026-01-05T10:30:00Z", "corp\\b"),
                     IW_CHANGE_PARTLY);
}

/* The worked example of docs/CHANGES.md. */
static void test_the_worked_example(void **state)
{
    (void)state;
    assert_int_equal(
        add("sep=;\n"
            "Number;Configuration item;Planned start date;Planned end date;Assigned to;Short "
            "description;Folder;State\r\n"
            "CHG0030017;\"web01, web02\";05.01.2026 11:00;05.01.2026 12:00;CORP\\deploy;\"Shop "
            "4.2; second try\";C:\\inetpub\\wwwroot\\shop\\**;Closed\r\n",
            "delimiter: \";\"\nlist_separator: \",\"\ntime_format: dd.mm.yyyy hh:mm\n"
            "time_zone: \"+01:00\"\nid: Number\nhosts: Configuration item\n"
            "from: Planned start date\nto: Planned end date\nactors: Assigned to\n"
            "reason: Short description\npath: Folder\napproved_by: {value: change board}\n"
            "action: {value: [add, modify]}\n"),
        IW_OK);
    assert_int_equal(n_problems(), 0);
    {
        struct iw_change change;
        const struct iw_act act = {.host = IW_STR("WEB02"),
                                   .first_ns = at("2026-01-05T10:30:00Z"),
                                   .last_ns = at("2026-01-05T10:30:00Z"),
                                   .action = IW_ACT_ADD,
                                   .actor = IW_STR("CORP\\deploy"),
                                   .path = IW_STR("c:\\inetpub\\wwwroot\\shop\\a.aspx")};
        assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
        assert_int_equal(change.status, IW_CHANGE_EXPLAINED);
        assert_true(iw_str_equal(
            change.why, IW_STR("CHG0030017: Shop 4.2; second try (approved by change board)")));
    }
}

static void test_bad_rows(void **state)
{
#define GOOD(id) id ",a,2026-01-05 11:00,2026-01-05 12:00,C:\\w,\n"
    (void)state;
    assert_int_equal(add(HEADER GOOD("C1")                                            /* 2 */
                         "C2,a,2026-01-05 11:00\n"                                    /* 3 */
                         "\"C3\"x,a,b,c,d,e\n" GOOD("C4")                             /* 4, 5 */
                         "\r\n,,,,,\n"                                                /* 6, 7 */
                         "C5,a,05.01.2026,2026-01-05 12:00,C:\\w,\n" GOOD("\"C\n6\"") /* 8, 9, 10 */
                         "C7,,2026-01-05 11:00,2026-01-05 12:00,C:\\w,\n"             /* 11 */
                         "\"C8,a,b\n" GOOD("C9"),                                     /* 12, 13 */
                         MAP),
                     IW_OK);
    expect_problem(0, 3, "", "the row has 3 columns, the header 6");
    expect_problem(1, 4, "", "text behind a quoted field");
    expect_problem(2, 8, "C5", "from: not a time of this form: \"05.01.2026\"");
    expect_problem(3, 11, "C7", "hosts is missing");
    expect_problem(4, 12, "", "a quoted field that is not closed");
    assert_int_equal(n_problems(), 5);
    assert_int_equal(iw_changes_count(changes), 4); /* C1, C4, C6, C9 */
#undef GOOD
}

static void test_times(void **state)
{
    static const struct {
        const char *form, *text, *utc; /* utc NULL: refused */
    } TIMES[] = {
        {"iso", "2026-01-05 11:00", "2026-01-05T10:00:00Z"},
        {"iso", "2026-01-05T11:00:07", "2026-01-05T10:00:07Z"},
        {"ISO", "2026-01-05T11:00:00.5", "2026-01-05T10:00:00.5Z"},
        {"iso", "2026-01-05T11:00Z", "2026-01-05T11:00:00Z"},
        {"iso", "2026-01-05 11:00 -05:30", "2026-01-05T16:30:00Z"},
        {"iso", "05.01.2026 11:00", NULL},
        {"iso", "2026-02-29 11:00", NULL},
        {"iso", "2026-01-05 11", NULL},
        {"iso", "2026-01-05 11:00 CET", NULL},
        {"iso", "2026-01-05 11:00 +25:00", NULL},
        {"iso", "1500-01-05 11:00", NULL},
        {"iso", "", NULL},
        {"dd.mm.yyyy hh:mm", "05.01.2026 11:00", "2026-01-05T10:00:00Z"},
        {"dd.mm.yyyy hh:mm", "5.1.2026 9:00:30", "2026-01-05T08:00:30Z"},
        {"dd.mm.yyyy hh:mm", "13.12.2026 11:00Z", "2026-12-13T11:00:00Z"},
        {"dd.mm.yyyy hh:mm", "12.13.2026 11:00", NULL},
        {"dd.mm.yyyy hh:mm", "05.01.26 11:00", NULL},
        {"dd.mm.yyyy hh:mm", "05.01.2026 11:00 PM", NULL},
        {"dd.mm.yyyy hh:mm", "01/05/2026 11:00", NULL},
        {"mm/dd/yyyy hh:mm", "01/05/2026 11:00", "2026-01-05T10:00:00Z"},
        {"mm/dd/yyyy hh:mm", "1/5/2026 1:00:09 PM", "2026-01-05T12:00:09Z"},
        {"mm/dd/yyyy hh:mm", "1/5/2026 12:30 am", "2026-01-04T23:30:00Z"},
        {"mm/dd/yyyy hh:mm", "1/5/2026 12:30PM", "2026-01-05T11:30:00Z"},
        {"mm/dd/yyyy hh:mm", "1/5/2026 13:30 PM", NULL},
        {"mm/dd/yyyy hh:mm", "1/5/2026 0:30 AM", NULL},
        {"mm/dd/yyyy hh:mm", "13/05/2026 11:00", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct change_time_form form = {.has_zone = true, .zone_seconds = 3600};
        int64_t time_ns = 0;
        const char *wrong;
        assert_true(change_time_order_parse(iw_str_of(TIMES[i].form), &form.order));
        wrong = change_time_parse(iw_str_of(TIMES[i].text), &form, &time_ns);
        if ((wrong == NULL) != (TIMES[i].utc != NULL) ||
            (wrong == NULL && time_ns != at(TIMES[i].utc)))
            fail_msg("%s \"%s\": %s %lld", TIMES[i].form, TIMES[i].text, wrong != NULL ? wrong : "",
                     (long long)time_ns);
    }
}

static void test_zones(void **state)
{
    int32_t seconds = 0;
    enum change_time_order order;
    (void)state;
    assert_true(change_time_zone_parse(IW_STR("Z"), &seconds));
    assert_int_equal(seconds, 0);
    assert_true(change_time_zone_parse(IW_STR("+05:45"), &seconds));
    assert_int_equal(seconds, 5 * 3600 + 45 * 60);
    assert_true(change_time_zone_parse(IW_STR("-0330"), &seconds));
    assert_int_equal(seconds, -(3 * 3600 + 30 * 60));
    assert_false(change_time_zone_parse(IW_STR("Europe/Berlin"), &seconds));
    assert_false(change_time_zone_parse(IW_STR("CET"), &seconds));
    assert_false(change_time_zone_parse(IW_STR("+1"), &seconds));
    assert_false(change_time_zone_parse(IW_STR(""), &seconds));
    assert_false(change_time_order_parse(IW_STR("yyyy"), &order));
}

static void test_bad_maps(void **state)
{
    static const struct {
        const char *map;
        enum iw_rc rc;
        uint32_t line;
        const char *message;
    } MAPS[] = {
        {"", IW_EFORMAT, 0, "the map is empty"},
        {"[a]", IW_EFORMAT, 1, "a map must be a map of clauses"},
        {"{", IW_EFORMAT, 2, NULL},
        {"id: a\nid: b\n", IW_ERULE, 2, NULL},
        {"ids: a\n", IW_EFORMAT, 1, "ids: no such key in a map"},
        {MAP "component: x\n", IW_EFORMAT, 8, "component: must be a map of kind and name"},
        {MAP "component: {sort: x}\n", IW_EFORMAT, 8, "sort: no such key in component"},
        {MAP "reason: {value: a, more: b}\n", IW_EFORMAT, 8,
         "reason: must be the name of a column, or {value: CONSTANT}"},
        {MAP "reason: {value: [a]}\n", IW_EFORMAT, 8, "reason: must be one text"},
        {MAP "reason: ''\n", IW_EFORMAT, 8,
         "reason: must be the name of a column, or {value: CONSTANT}"},
        {MAP "delimiter: ab\n", IW_EFORMAT, 8, "delimiter: must be one ASCII character"},
        {MAP "delimiter: \"\\n\"\n", IW_EFORMAT, 8, "delimiter: must be one ASCII character"},
        {MAP "list_separator: '\"'\n", IW_EFORMAT, 8,
         "list_separator: must be one ASCII character"},
        {MAP "delimiter: ';'\n", IW_EFORMAT, 1, "list_separator: is the delimiter"},
        {MAP "time_format: yyyy\n", IW_EFORMAT, 8,
         "time_format: must be iso, \"dd.mm.yyyy hh:mm\" or \"mm/dd/yyyy hh:mm\""},
        {"time_zone: Europe/Berlin\n", IW_EFORMAT, 1,
         "time_zone: must be an offset (`Z`, `+01:00`)"},
        {"hosts: a\nfrom: b\nto: c\npath: d\n", IW_EFORMAT, 1, "id: is missing"},
        {"id: n\nhosts: a\nfrom: b\nto: c\n", IW_EFORMAT, 1,
         "a component (its name) or a path is needed"},
        {MAP "---\nid: x\n", IW_EFORMAT, 0, "a map is one document"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof MAPS / sizeof MAPS[0]; i++) {
        const enum iw_rc rc = add(HEADER, MAPS[i].map);
        if (rc != MAPS[i].rc || err.line != MAPS[i].line || strcmp(err.where, "m.yml") != 0 ||
            (MAPS[i].message != NULL && strcmp(err.message, MAPS[i].message) != 0))
            fail_msg("map %zu: %s %s:%u \"%s\"", i, iw_rc_name(rc), err.where, err.line,
                     err.message);
    }
    assert_int_equal(n_problems(), 0);
}

static void test_bad_headers(void **state)
{
    (void)state;
    assert_int_equal(add("", MAP), IW_EFORMAT);
    assert_string_equal(err.message, "no header: the file is empty");
    assert_string_equal(err.where, "c.csv");
    assert_int_equal(add("Number,CI,Start,End,Who\n", MAP), IW_EFORMAT);
    assert_string_equal(err.message, "the column \"Path\" of the map is not in the file");
    assert_int_equal(add("Number,CI,Start,End,Path,Who,who \n", MAP), IW_EFORMAT);
    assert_string_equal(err.message, "the column \"Who\" of the map is there twice");
    assert_int_equal(add("\"Number,CI\n", MAP), IW_EFORMAT);
    assert_string_equal(err.message, "no header: a quoted field that is not closed");
    assert_int_equal(add("\n\nnumber, ci ,START,End,Path,Who\n", MAP), IW_OK);
}

static void test_a_time_without_zone(void **state)
{
    static const char map[] = "id: Number\nhosts: CI\nfrom: Start\nto: End\npath: Path\n";
    (void)state;
    assert_int_equal(add(HEADER "C1,a,2026-01-05 11:00,2026-01-05 12:00Z,C:\\w,\n", map), IW_OK);
    expect_problem(0, 2, "C1", "from: a time needs its zone (`Z`, `+01:00`): \"2026-01-05 11:00\"");
    assert_int_equal(iw_changes_count(changes), 0);
}

/* A component from the map, name from a column, paths over lines of one cell. */
static void test_constants_and_lines_in_cells(void **state)
{
    struct iw_change change;
    struct iw_act act = {.host = IW_STR("a"),
                         .first_ns = at("2026-01-05T10:30:00Z"),
                         .last_ns = at("2026-01-05T10:30:00Z"),
                         .component_kind = IW_STR("globalModule"),
                         .component_name = IW_STR("Contoso \"Auth\"")};
    (void)state;
    assert_int_equal(add("Number,CI,Start,End,Paths,Module\n"
                         "C1,a,2026-01-05 10:00,2026-01-05 11:00,\"C:\\w\\**\r\nD:\\v\\**\","
                         "\"Contoso \"\"Auth\"\"\"\n",
                         "id: Number\nhosts: CI\nfrom: Start\nto: End\npath: Paths\n"
                         "component: {kind: {value: globalModule}, name: Module}\n"
                         "list_separator: \"\\n\"\ntime_zone: Z\n"),
                     IW_OK);
    assert_int_equal(n_problems(), 0);
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_UNVERIFIED); /* its path is not told */
    act.path = IW_STR("D:\\v\\x");
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_EXPLAINED);
    act.path = IW_STR("E:\\v\\x");
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_UNEXPLAINED);
}

static void test_encodings(void **state)
{
    static const char csv[] = HEADER "C1,a,2026-01-05 10:00Z,2026-01-05 11:00Z,C:\\B\xFC"
                                     "cher\\**,\n"; /* 1252 */
    static const char utf8[] =
        "\xEF\xBB\xBF" HEADER "C1,b,2026-01-05 10:00Z,2026-01-05 11:00Z,C:\\B\xC3\xBC"
        "cher\\**,\r";
    uint8_t wide[2 * sizeof csv];
    const size_t n = sizeof csv - 1;
    (void)state;
    wide[0] = 0xFF, wide[1] = 0xFE;
    for (size_t i = 0; i < n; i++) {
        wide[2 + 2 * i] = (uint8_t)csv[i];
        wide[3 + 2 * i] = 0;
    }
    assert_int_equal(add(csv, MAP), IW_OK);
    assert_int_equal(add(utf8, MAP), IW_OK);
    assert_int_equal(iw_changes_add_csv(changes, (struct iw_str){(const char *)wide, 2 + 2 * n},
                                        "w.csv", iw_str_of(MAP), "m.yml", &err),
                     IW_OK);
    assert_int_equal(iw_changes_count(changes), 3);
    assert_int_equal(status("a",
                            "c:\\b\xC3\x9C"
                            "CHER\\x",
                            "2026-01-05T10:00:00Z", ""),
                     IW_CHANGE_EXPLAINED);
    assert_int_equal(status("b",
                            "c:\\b\xC3\x9C"
                            "CHER\\x",
                            "2026-01-05T10:00:00Z", ""),
                     IW_CHANGE_EXPLAINED);
}

/* --- rows --------------------------------------------------------------------------------------
 */

/* Rows as `[a|b]`, bad ones as `!`, with the line each begins in. */
static void rows_of(struct iw_str text, char delimiter, struct iw_buffer *out)
{
    static struct csv_row row;
    struct csv_reader reader;
    csv_reader_init(&reader, text, delimiter);
    iw_buffer_clear(out);
    while (csv_next(&reader, &row) == IW_OK) {
        iw_buffer_printf(out, "%u%s", row.line, row.wrong != NULL ? "!" : "[");
        for (size_t i = 0; row.wrong == NULL && i < row.n; i++) {
            iw_buffer_add(out, i != 0 ? IW_STR("|") : IW_STR(""));
            iw_buffer_add(out, row.fields[i]);
        }
        iw_buffer_add(out, row.wrong == NULL ? IW_STR("]") : IW_STR(""));
    }
    csv_reader_done(&reader);
}

static void test_rows(void **state)
{
    static const struct {
        const char *csv, *rows;
    } CASES[] = {
        {"aaa,bbb\r\nzzz,yyy\r\n", "1[aaa|bbb]2[zzz|yyy]"}, /* RFC 4180, 2.1, 2.2 */
        {"aaa,bbb\nzzz,yyy", "1[aaa|bbb]2[zzz|yyy]"},
        {"aaa,bbb\rzzz,yyy\r", "1[aaa|bbb]2[zzz|yyy]"},
        {"a b, c \n", "1[a b| c ]"}, /* 2.4: spaces are part of a field */
        {"\"aaa\",\"b,\r\nbb\",c\r\nz\n", "1[aaa|b,\r\nbb|c]3[z]"}, /* 2.5, 2.6 */
        {"\"b\"\"b\",\"\"\"\",\"\"\n", "1[b\"b|\"|]"},              /* 2.7 */
        {"a\"b,c\"\n", "1[a\"b|c\"]"},
        {",\n", "1[|]"},
        {"a,\n\n\r\nb", "1[a|]4[b]"},
        {"\"a\"b,c\nd\n", "1!2[d]"},
        {"\"a\nb\nc", "1!2[b]3[c]"},
        {"x,\"a\nb\",\"c\"d\ne", "1!2!3[e]"},
        {"", ""},
        {"\n\r\n", ""},
    };
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        rows_of(iw_str_of(CASES[i].csv), ',', &out);
        if (!iw_str_equal(iw_buffer_str(&out), iw_str_of(CASES[i].rows)))
            fail_msg("case %zu: got %.*s, expected %s", i, IW_STR_ARG(iw_buffer_str(&out)),
                     CASES[i].rows);
    }
    rows_of(IW_STR("a\tb,c\n"), '\t', &out);
    assert_true(iw_str_equal(iw_buffer_str(&out), IW_STR("1[a|b,c]")));
    iw_buffer_done(&out);
}

static void test_limits_of_rows(void **state)
{
    static struct csv_row row;
    struct csv_reader reader;
    struct iw_buffer text;
    (void)state;
    iw_buffer_init(&text);
    for (size_t extra = 0; extra < 2; extra++) {
        iw_buffer_clear(&text);
        for (size_t i = 1; i < IW_LIMIT_CSV_COLUMNS + extra; i++)
            iw_buffer_add_char(&text, ',');
        csv_reader_init(&reader, iw_buffer_str(&text), ',');
        assert_int_equal(csv_next(&reader, &row), IW_OK);
        assert_int_equal(row.n, IW_LIMIT_CSV_COLUMNS + extra);
        assert_int_equal(row.wrong != NULL, extra);
        csv_reader_done(&reader);

        for (unsigned quoted = 0; quoted < 2; quoted++) {
            const size_t n = IW_LIMIT_CSV_ROW_BYTES + extra - (quoted != 0 ? 2 : 0);
            iw_buffer_clear(&text);
            iw_buffer_add(&text, quoted != 0 ? IW_STR("\"") : IW_STR(""));
            memset(iw_buffer_room(&text, n), 'a', n);
            text.n += n;
            iw_buffer_add(&text, quoted != 0 ? IW_STR("\"\nb") : IW_STR("\nb"));
            csv_reader_init(&reader, iw_buffer_str(&text), ',');
            assert_int_equal(csv_next(&reader, &row), IW_OK);
            assert_int_equal(row.wrong != NULL, extra);
            assert_int_equal(csv_next(&reader, &row), IW_OK);
            assert_true(iw_str_equal(row.fields[0], IW_STR("b")));
            csv_reader_done(&reader);
        }
    }
    iw_buffer_done(&text);
}

/* Each line closes the field of the line before and opens one: from whichever line it is read, the
 * row has no end. Reading all of it for every line is given up. */
static void test_limit_of_reading_again(void **state)
{
    static const struct iw_str line = {"b\",\"c\n", 6};
    static struct csv_row row;
    struct csv_reader reader;
    struct iw_buffer text;
    size_t n_rows = 0;
    enum iw_rc rc;
    (void)state;
    iw_buffer_init(&text);
    while (text.n < 2 * IW_LIMIT_CSV_ROW_BYTES)
        iw_buffer_add(&text, line);
    csv_reader_init(&reader, iw_buffer_str(&text), ',');
    while ((rc = csv_next(&reader, &row)) == IW_OK) {
        assert_non_null(row.wrong);
        n_rows++;
    }
    assert_int_equal(rc, IW_ELIMIT);
    assert_int_equal(n_rows, IW_LIMIT_CSV_SCAN_BYTES / IW_LIMIT_CSV_ROW_BYTES - 1);
    csv_reader_done(&reader);
    /* A small one is read to its end. */
    csv_reader_init(&reader, (struct iw_str){text.p, line.n * 20}, ',');
    for (n_rows = 0; (rc = csv_next(&reader, &row)) == IW_OK; n_rows++)
        assert_non_null(row.wrong);
    assert_int_equal(rc, IW_END);
    assert_int_equal(n_rows, 20);
    csv_reader_done(&reader);
    iw_buffer_done(&text);
}

static void test_limit_of_records(void **state)
{
    struct iw_buffer csv;
    (void)state;
    iw_buffer_init(&csv);
    iw_buffer_add(&csv, IW_STR(HEADER));
    for (size_t i = 0; i < IW_LIMIT_CHANGE_RECORDS; i++)
        iw_buffer_printf(&csv, "C%zu,a,2026-01-05 10:00,2026-01-05 11:00,C:\\w,\n", i);
    assert_int_equal(
        iw_changes_add_csv(changes, iw_buffer_str(&csv), "c.csv", iw_str_of(MAP), "m", &err),
        IW_OK);
    assert_int_equal(iw_changes_count(changes), IW_LIMIT_CHANGE_RECORDS);
    assert_int_equal(add(HEADER "C,b,2026-01-05 10:00,2026-01-05 11:00,C:\\w,\n", MAP), IW_ELIMIT);
    assert_int_equal(iw_changes_count(changes), IW_LIMIT_CHANGE_RECORDS);
    assert_int_equal(err.line, 2);
    /* All of one host: still one question. */
    assert_int_equal(status("a", "C:\\w", "2026-01-05T09:30:00Z", ""), IW_CHANGE_EXPLAINED);
    assert_int_equal(status("b", "C:\\w", "2026-01-05T09:30:00Z", ""), IW_CHANGE_UNEXPLAINED);
    iw_buffer_done(&csv);
}

static void test_memory_may_fail_anywhere(void **state)
{
    static const char csv[] =
        HEADER "\"C \"\"1\",web01;web02,2026-01-05 11:00,2026-01-05 12:00,C:\\\xFC,a;b\n"
               "bad\n\"bad\"x\nC2,x,y,z,C:\\w,\n";
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    for (uint64_t n = 1; rc != IW_OK && n < 10000; n++) {
        struct iw_changes *own;
        iw_alloc_fail_at(n);
        own = iw_changes_new();
        rc = own == NULL ? IW_ENOMEM
                         : iw_changes_add_csv(own, iw_str_of(csv), "c", iw_str_of(MAP), "m", NULL);
        iw_alloc_fail_at(0);
        iw_changes_free(own);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
    }
    assert_int_equal(rc, IW_OK);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    changes = iw_changes_new();
    return changes != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_changes_free(changes);
    iw_arena_done(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_table),
        TEST(test_the_worked_example),
        TEST(test_bad_rows),
        TEST(test_times),
        TEST(test_zones),
        TEST(test_bad_maps),
        TEST(test_bad_headers),
        TEST(test_a_time_without_zone),
        TEST(test_constants_and_lines_in_cells),
        TEST(test_encodings),
        TEST(test_rows),
        TEST(test_limits_of_rows),
        TEST(test_limit_of_reading_again),
        TEST(test_limit_of_records),
        TEST(test_memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
