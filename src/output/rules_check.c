/*
 * `rules check`: problems by rule, one line each in the form editors know (file:line:column:), and
 * the list of checks.
 */
#include "base/json.h"
#include "output/display.h"
#include "output/rules.h"

#define DEFAULT_WIDTH 100U
#define NAME_COLUMNS 24U
#define SEVERITY_COLUMNS 8U

static enum iw_tone severity_tone(enum iw_severity severity)
{
    return severity == IW_SEVERITY_ERROR     ? IW_TONE_CRITICAL
           : severity == IW_SEVERITY_WARNING ? IW_TONE_WARNING
                                             : IW_TONE_FAINT;
}

static struct iw_style wrapping(const struct iw_style *style)
{
    struct iw_style copy = *style;
    copy.width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    return copy;
}

static void add_problem(struct iw_buffer *out, const struct iw_style *style,
                        const struct iw_rule_entry *entry, const struct iw_rule_problem *problem)
{
    struct iw_style wrapped = wrapping(style);
    iw_display_text(out, entry->file, 0);
    if (problem->line != 0)
        iw_buffer_printf(out, ":%u:%u", problem->line, problem->column);
    iw_buffer_add(out, IW_STR(": "));
    iw_display_toned(out, style, severity_tone(problem->check->severity),
                     iw_severity_name(problem->check->severity));
    iw_buffer_printf(out, ": %s\n", problem->check->name);
    iw_display_spaces(out, 4);
    iw_display_wrapped(out, &wrapped, 4, 6, problem->message);
}

static void add_counts(struct iw_buffer *out, const struct iw_rule_account *account,
                       const struct iw_rule_problems *problems)
{
    if (problems->n != 0)
        iw_buffer_add_char(out, '\n');
    iw_display_counted(out, iw_rule_account_count(account), "document", "documents");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_count(out, account->n_by_state[IW_RULE_LOADED]);
    iw_buffer_add(out, IW_STR(" loaded: "));
    iw_display_counted(out, problems->n_by_severity[IW_SEVERITY_ERROR], "error", "errors");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_counted(out, problems->n_by_severity[IW_SEVERITY_WARNING], "warning", "warnings");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_counted(out, problems->n_by_severity[IW_SEVERITY_NOTE], "note", "notes");
    iw_buffer_add(out, IW_STR(".\n"));
}

void iw_output_problems_table(const struct iw_rule_account *account,
                              const struct iw_rule_problems *problems, const struct iw_style *style,
                              struct iw_buffer *out)
{
    for (size_t i = 0; i < problems->n; i++) {
        const struct iw_rule_problem *problem = &problems->items[i];
        const struct iw_rule_entry *entry = &account->entries[problem->entry];
        if (i == 0 || problems->items[i - 1].entry != problem->entry) {
            if (i != 0)
                iw_buffer_add_char(out, '\n');
            iw_display_tone(out, style, IW_TONE_STRONG);
            iw_display_text(out, entry->title.n != 0 ? entry->title : IW_STR("(no title)"), 90);
            iw_display_plain(out, style);
            iw_buffer_add_char(out, '\n');
        }
        add_problem(out, style, entry, problem);
    }
    add_counts(out, account, problems);
}

void iw_output_problems_ndjson(const struct iw_rule_account *account,
                               const struct iw_rule_problems *problems, struct iw_buffer *out)
{
    for (size_t i = 0; i < problems->n; i++) {
        const struct iw_rule_problem *problem = &problems->items[i];
        const struct iw_rule_entry *entry = &account->entries[problem->entry];
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.rule-problem/1"));
        iw_json_member_text(&json, "check", iw_str_of(problem->check->name));
        iw_json_member_text(&json, "severity",
                            iw_str_of(iw_severity_name(problem->check->severity)));
        iw_json_member_text_or_null(&json, "title", entry->title);
        iw_json_member_text_or_null(&json, "id", entry->id);
        iw_json_member_text(&json, "file", entry->file);
        if (problem->line != 0)
            iw_json_member_u64(&json, "line", problem->line);
        else
            iw_json_member_null(&json, "line");
        if (problem->column != 0)
            iw_json_member_u64(&json, "column", problem->column);
        else
            iw_json_member_null(&json, "column");
        iw_json_member_text(&json, "message", problem->message);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
    }
}

void iw_output_checks_table(const struct iw_rule_check *checks, size_t n,
                            const struct iw_style *style, struct iw_buffer *out)
{
    struct iw_style wrapped = wrapping(style);
    for (size_t i = 0; i < n; i++) {
        iw_display_cell(out, iw_str_of(checks[i].name), NAME_COLUMNS);
        iw_display_tone(out, style, severity_tone(checks[i].severity));
        iw_display_cell(out, iw_str_of(iw_severity_name(checks[i].severity)), SEVERITY_COLUMNS);
        iw_display_plain(out, style);
        iw_display_wrapped(out, &wrapped, NAME_COLUMNS + SEVERITY_COLUMNS, 3,
                           iw_str_of(checks[i].what));
    }
}

void iw_output_checks_ndjson(const struct iw_rule_check *checks, size_t n, struct iw_buffer *out)
{
    for (size_t i = 0; i < n; i++) {
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.rule-check/1"));
        iw_json_member_text(&json, "check", iw_str_of(checks[i].name));
        iw_json_member_text(&json, "severity", iw_str_of(iw_severity_name(checks[i].severity)));
        iw_json_member_text(&json, "what", iw_str_of(checks[i].what));
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
    }
}
