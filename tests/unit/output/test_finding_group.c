/*
 * One entry of the table for what one rule says of one host: what is shown of many findings, and
 * how the others are counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "output/finding_group.h"
#include "result/finding_record.h"

#define EPOCH_NS (1600000000 * IW_NS_PER_SECOND)

static struct iw_buffer record, scratch, out;

/* A finding about that subject, the i-th of its group. *asked_by*: NULL: nobody asked. */
static void add_asked(struct iw_finding_group *group, const char *subject, const char *asked_by)
{
    struct iw_error err;
    struct iw_finding finding = {.kind = IW_FINDING_RULE,
                                 .level = IW_LEVEL_MEDIUM,
                                 .title = IW_STR("A rule"),
                                 .host = IW_STR("WEB01"),
                                 .subject_type = IW_STR("file"),
                                 .subject_name = iw_str_of(subject),
                                 .asked_by = iw_str_of(asked_by != NULL ? asked_by : "")};
    finding.first_time_ns = finding.last_time_ns = EPOCH_NS + (int64_t)group->n * IW_NS_PER_SECOND;
    iw_buffer_clear(&record);
    iw_finding_record_write(&finding, &record);
    assert_false(record.failed);
    assert_int_equal(iw_finding_group_add(group, iw_buffer_str(&record), &err), IW_OK);
}

static void add(struct iw_finding_group *group, const char *subject)
{
    add_asked(group, subject, NULL);
}

static const char *written(const struct iw_finding_group *group)
{
    static const struct iw_style WIDE = {.width = 0};
    iw_buffer_clear(&out);
    iw_finding_group_write(group, &WIDE, &scratch, &out);
    iw_buffer_add_char(&out, '\0');
    assert_false(out.failed);
    return iw_buffer_str(&out).p;
}

static size_t lines_with(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        n++;
    return n;
}

static void of_one_subject_the_first_few_are_shown(void **state)
{
    struct iw_finding_group group;
    const char *text;
    (void)state;
    iw_finding_group_init(&group);
    for (unsigned i = 0; i < 40; i++)
        add(&group, "C:\\a.dll");
    text = written(&group);
    assert_int_equal(lines_with(text, "C:\\a.dll"), IW_GROUP_SHOWN);
    assert_non_null(strstr(text, "and 37 more, the last at 2020-09-13 12:27:19"));
    iw_finding_group_done(&group);
}

/* What comes late and once is not lost behind what came often. */
static void each_subject_is_named(void **state)
{
    struct iw_finding_group group;
    const char *text;
    (void)state;
    iw_finding_group_init(&group);
    for (unsigned i = 0; i < 500; i++)
        add(&group, "C:\\often.dll");
    add(&group, "C:\\once.dll");
    for (unsigned i = 0; i < 500; i++)
        add(&group, "C:\\often.dll");
    text = written(&group);
    assert_int_equal(lines_with(text, "C:\\often.dll"), IW_GROUP_SHOWN);
    assert_int_equal(lines_with(text, "2020-09-13 12:35:00.000  C:\\once.dll"), 1);
    assert_non_null(strstr(text, "and 997 more, the last at"));
    iw_finding_group_done(&group);
}

static void those_not_named_are_counted(void **state)
{
    struct iw_finding_group group;
    const char *text;
    char name[32];
    (void)state;
    iw_finding_group_init(&group);
    for (unsigned i = 0; i < IW_GROUP_SUBJECTS + 5; i++) {
        (void)snprintf(name, sizeof name, "C:\\%u.dll", i);
        add(&group, name);
        add(&group, name);
    }
    text = written(&group);
    /* The second of the first stands among the first few. */
    assert_int_equal(lines_with(text, ".dll"), IW_GROUP_SUBJECTS);
    assert_int_equal(lines_with(text, "C:\\22.dll"), 1);
    assert_null(strstr(text, "C:\\23.dll"));
    assert_non_null(
        strstr(text, "and 34 more (6 others that are not named here among them), the last at"));
    /* The next group knows nothing of this one. */
    iw_finding_group_clear(&group);
    add(&group, "C:\\22.dll");
    add(&group, "C:\\28.dll");
    text = written(&group);
    assert_int_equal(lines_with(text, ".dll"), 2);
    assert_null(strstr(text, "more"));
    iw_finding_group_done(&group);
}

static void subjects_are_told_apart_up_to_a_limit(void **state)
{
    struct iw_finding_group group;
    char name[32];
    (void)state;
    iw_finding_group_init(&group);
    for (unsigned i = 0; i <= IW_GROUP_SUBJECTS_KNOWN; i++) {
        if (i == IW_GROUP_SUBJECTS_KNOWN)
            assert_null(strstr(written(&group), "at least"));
        (void)snprintf(name, sizeof name, "C:\\%u.dll", i);
        add(&group, name);
    }
    assert_non_null(
        strstr(written(&group), "(at least 65,512 others that are not named here among them)"));
    iw_finding_group_done(&group);
}

/* What a client calls itself never reaches a terminal as it is. */
static void who_asked_has_a_line(void **state)
{
    struct iw_finding_group group;
    const char *text;
    (void)state;
    iw_finding_group_init(&group);
    add(&group, "C:\\a.aspx");
    assert_null(strstr(written(&group), "asked"));
    add_asked(&group, "C:\\a.aspx", "203.0.113.9, \x1b[31mcurl");
    text = written(&group);
    assert_non_null(strstr(text, "\n            asked 203.0.113.9, "));
    assert_null(strchr(text, '\x1b'));
    add_asked(&group, "C:\\b.aspx", "198.51.100.7");
    assert_non_null(strstr(written(&group), "curl, and others\n"));
    iw_finding_group_done(&group);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(of_one_subject_the_first_few_are_shown),
        cmocka_unit_test(each_subject_is_named),
        cmocka_unit_test(those_not_named_are_counted),
        cmocka_unit_test(subjects_are_told_apart_up_to_a_limit),
        cmocka_unit_test(who_asked_has_a_line),
    };
    int failed;
    iw_buffer_init(&record);
    iw_buffer_init(&scratch);
    iw_buffer_init(&out);
    failed = cmocka_run_group_tests(TESTS, NULL, NULL);
    iw_buffer_done(&record);
    iw_buffer_done(&scratch);
    iw_buffer_done(&out);
    return failed;
}
