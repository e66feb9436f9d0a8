/*
 * `rules test`: what did not pass, with the nearest reason; then what nobody tests; then counts.
 */
#include "base/json.h"
#include "output/display.h"
#include "output/rules.h"

#define DEFAULT_WIDTH 100U
#define REASONS_SHOWN 6U

static enum iw_tone state_tone(enum iw_rule_test_state state)
{
    return state == IW_RULE_TEST_SKIPPED ? IW_TONE_WARNING : IW_TONE_CRITICAL;
}

static void add_result(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_rule_test_result *result)
{
    struct iw_style wrapped = *style;
    wrapped.width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    iw_display_text(out, result->file, 0);
    if (result->line != 0)
        iw_buffer_printf(out, ":%u", result->line);
    iw_buffer_add(out, IW_STR(": "));
    iw_display_toned(out, style, state_tone(result->state), iw_rule_test_state_name(result->state));
    iw_buffer_add(out, IW_STR(": "));
    iw_display_text(out, result->reason, 200);
    iw_buffer_add_char(out, '\n');
    if (result->rule.n != 0) {
        iw_buffer_add(out, IW_STR("    "));
        iw_display_text(out, result->rule, 90);
        if (result->why.n != 0) {
            iw_buffer_add(out, IW_STR(": "));
            iw_display_text(out, result->why, 90);
        }
        iw_buffer_add_char(out, '\n');
    }
    for (size_t i = 0; i < result->changes.n && i < REASONS_SHOWN; i++) {
        iw_buffer_add(out, IW_STR("      - "));
        iw_display_wrapped(out, &wrapped, 8, 4, result->changes.items[i]);
    }
    if (result->changes.n > REASONS_SHOWN)
        iw_buffer_printf(out, "        and %zu more\n", result->changes.n - REASONS_SHOWN);
}

static void add_counts(struct iw_buffer *out, const struct iw_rule_test_report *report)
{
    iw_display_counted(out, report->n, "test", "tests");
    iw_buffer_add(out, IW_STR(" in "));
    iw_display_counted(out, report->n_files, "file", "files");
    for (size_t i = 0; i < IW_RULE_TEST_STATE_COUNT; i++) {
        if (i != IW_RULE_TEST_PASSED && i != IW_RULE_TEST_FAILED && report->n_by_state[i] == 0)
            continue;
        iw_buffer_add(out, i == 0 ? IW_STR(": ") : IW_STR(", "));
        iw_display_count(out, report->n_by_state[i]);
        iw_buffer_printf(out, " %s", iw_rule_test_state_name((enum iw_rule_test_state)i));
    }
    iw_buffer_add(out, IW_STR(".\n"));
}

void iw_output_rule_tests_table(const struct iw_rule_test_report *report,
                                const struct iw_style *style, struct iw_buffer *out)
{
    size_t n_shown = report->notes.n;
    for (size_t i = 0; i < report->n; i++) {
        if (report->items[i].state == IW_RULE_TEST_PASSED)
            continue;
        add_result(out, style, &report->items[i]);
        n_shown++;
    }
    for (size_t i = 0; i < report->notes.n; i++) {
        iw_display_toned(out, style, IW_TONE_FAINT, "note: ");
        iw_display_text(out, report->notes.items[i], 120);
        iw_buffer_add_char(out, '\n');
    }
    if (n_shown != 0)
        iw_buffer_add_char(out, '\n');
    add_counts(out, report);
}

static void add_reasons(struct iw_json *json, const struct iw_text_list *list)
{
    iw_json_key(json, IW_STR("changes"));
    iw_json_array(json);
    for (size_t i = 0; i < list->n; i++)
        iw_json_text(json, list->items[i]);
    iw_json_array_end(json);
}

void iw_output_rule_tests_ndjson(const struct iw_rule_test_report *report, struct iw_buffer *out)
{
    for (size_t i = 0; i < report->n; i++) {
        const struct iw_rule_test_result *result = &report->items[i];
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.rule-test/1"));
        iw_json_member_text(&json, "state", iw_str_of(iw_rule_test_state_name(result->state)));
        iw_json_member_text_or_null(&json, "rule", result->rule);
        iw_json_member_text_or_null(&json, "why", result->why);
        iw_json_member_text(&json, "file", result->file);
        if (result->line != 0)
            iw_json_member_u64(&json, "line", result->line);
        else
            iw_json_member_null(&json, "line");
        iw_json_member_text_or_null(&json, "reason", result->reason);
        add_reasons(&json, &result->changes);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
}
