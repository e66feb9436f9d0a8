/*
 * Differences as NDJSON and for people: members and their order, hostile text, counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "output/baseline.h"

static const struct iw_baseline_entry was = {.kind = IW_STR("globalModule"),
                                             .name = IW_STR("M"),
                                             .scope = IW_STR("S/app"),
                                             .image = IW_STR("a.dll"),
                                             .json = IW_STR("{\"w\":1}")};
static const struct iw_baseline_entry now = {.kind = IW_STR("globalModule"),
                                             .name = IW_STR("M\x1B[2J\xE2\x80\xAE"),
                                             .scope = IW_STR("S/app"),
                                             .image = IW_STR("b.dll\n"),
                                             .json = IW_STR("{\"n\":2}")};
static const struct iw_str field = IW_STR("image"), old_value = IW_STR("a.dll"),
                           new_value = IW_STR("b.dll\n");

static struct iw_baseline_difference items[] = {
    {.id = "d-0000000000000001",
     .change = IW_BASELINE_MODIFIED,
     .host = IW_STR("web01"),
     .was = &was,
     .now = &now,
     .fields = {&field, 1},
     .was_values = {&old_value, 1},
     .now_values = {&new_value, 1},
     .approval = IW_APPROVAL_NONE,
     .n_servers = 1,
     .of_servers = 12},
    {.id = "d-0000000000000002",
     .change = IW_BASELINE_REMOVED,
     .host = IW_STR("web01"),
     .was = &was,
     .approval = IW_APPROVAL_APPROVED,
     .approval_why = IW_STR("by alice, T: R")},
};
static const struct iw_baseline_differences differences = {
    .items = items, .n = 2, .n_unapproved = 1, .n_compared = 1, .n_equal = 7, .n_uncompared = 3};

static void is_text(const struct iw_buffer *out, const char *expected)
{
    if (!iw_str_equal(iw_buffer_str(out), iw_str_of(expected)))
        fail_msg("%.*s", IW_STR_ARG(iw_buffer_str(out)));
}

static void lines_of_json(void **state)
{
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_output_differences_ndjson(&differences, &out);
    is_text(&out,
            "{\"schema\":\"iiswarden.difference/1\",\"id\":\"d-0000000000000001\","
            "\"change\":\"modified\",\"host\":\"web01\",\"component\":{\"kind\":\"globalModule\","
            "\"name\":\"M\\u001b[2J\\u202e\",\"scope\":\"S/app\",\"image\":\"b.dll\\n\"},"
            "\"was\":{\"w\":1},\"now\":{\"n\":2},\"fields\":[\"image\"],\"approval\":\"none\","
            "\"approval_why\":null,\"farm\":{\"servers\":1,\"of\":12}}\n"
            "{\"schema\":\"iiswarden.difference/1\",\"id\":\"d-0000000000000002\","
            "\"change\":\"removed\",\"host\":\"web01\",\"component\":{\"kind\":\"globalModule\","
            "\"name\":\"M\",\"scope\":\"S/app\",\"image\":\"a.dll\"},"
            "\"was\":{\"w\":1},\"now\":null,\"fields\":[],\"approval\":\"approved\","
            "\"approval_why\":\"by alice, T: R\",\"farm\":null}\n");
    iw_buffer_done(&out);
}

static void for_people(void **state)
{
    const struct iw_style style = {.color = false};
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_output_differences_table(&differences, &style, &out);
    is_text(&out, "web01\n"
                  "~ globalModule M\\x1b[2J\\u{202e} at S/app (only on 1 of 12 servers)\n"
                  "    image: a.dll \xE2\x86\x92 b.dll\\x0a\n"
                  "    id: d-0000000000000001\n"
                  "- globalModule M at S/app\n"
                  "    image: a.dll\n"
                  "    id: d-0000000000000002\n"
                  "    approved by alice, T: R\n"
                  "\n"
                  "2 differences, 1 of them approved; 7 entries as in the baseline (3 without "
                  "comparing their files).\n");
    iw_buffer_done(&out);
}

static void nothing_compared(void **state)
{
    const struct iw_baseline_differences none = {0};
    const struct iw_style style = {.color = false};
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_output_differences_table(&none, &style, &out);
    is_text(&out, "No server was compared.\n");
    iw_buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_json),
        cmocka_unit_test(for_people),
        cmocka_unit_test(nothing_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
