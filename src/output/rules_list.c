/*
 * `rules list`: what became of every document, as a table of 100 columns or as NDJSON.
 */
#include "base/json.h"
#include "output/display.h"
#include "output/rules.h"

#define STATE_COLUMNS 14U
#define LEVEL_COLUMNS 8U
#define SOURCE_COLUMNS 28U
#define DETAIL_INDENT (STATE_COLUMNS + LEVEL_COLUMNS + 6U)
/* Where the output has no width of its own: a file that somebody reads. */
#define DEFAULT_WIDTH 100U

/* A rule that names no level is low (docs/RULES.md). */
static enum iw_level level_of(const struct iw_rule_entry *entry)
{
    enum iw_level level;
    return iw_level_parse(entry->level, &level) ? level : IW_LEVEL_LOW;
}

static bool is_shown(const struct iw_rule_entry *entry, const struct iw_rule_filter *filter)
{
    if (iw_rule_entry_is_beside(entry))
        return false;
    if (filter->min_level >= 0 && (int)level_of(entry) < filter->min_level)
        return false;
    return filter->pattern == NULL || iw_rule_entry_has(entry, iw_str_of(filter->pattern));
}

static enum iw_tone state_tone(enum iw_rule_state state)
{
    return state == IW_RULE_REFUSED  ? IW_TONE_WARNING
           : state == IW_RULE_LOADED ? IW_TONE_STRONG
                                     : IW_TONE_FAINT;
}

static void add_toned_cell(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone,
                           struct iw_str text, size_t columns)
{
    iw_display_tone(out, style, tone);
    iw_display_cell(out, text, columns);
    iw_display_plain(out, style);
}

static void add_place(struct iw_buffer *out, const struct iw_rule_entry *entry)
{
    iw_display_text(out, entry->file, 0);
    if (entry->line != 0)
        iw_buffer_printf(out, ":%u", entry->line);
    if (entry->state == IW_RULE_REFUSED && entry->column != 0)
        iw_buffer_printf(out, ":%u", entry->column);
}

static void add_entry(struct iw_buffer *out, const struct iw_style *style,
                      const struct iw_rule_entry *entry)
{
    struct iw_style wrapped = *style;
    wrapped.width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    iw_buffer_add(out, IW_STR("  "));
    add_toned_cell(out, style, state_tone(entry->state),
                   iw_str_of(iw_rule_state_name(entry->state)), STATE_COLUMNS);
    iw_buffer_add(out, IW_STR("  "));
    if (entry->level.n != 0)
        add_toned_cell(out, style, iw_display_level_tone(level_of(entry)), entry->level,
                       LEVEL_COLUMNS);
    else
        iw_display_cell(out, IW_STR("-"), LEVEL_COLUMNS);
    iw_buffer_add(out, IW_STR("  "));
    iw_display_wrapped(out, &wrapped, DETAIL_INDENT, 2,
                       entry->title.n != 0 ? entry->title : IW_STR("(no title)"));
    iw_display_spaces(out, DETAIL_INDENT);
    iw_display_cell(out, entry->log_source.n != 0 ? entry->log_source : IW_STR("-"),
                    SOURCE_COLUMNS);
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, entry->id.n != 0 ? entry->id : IW_STR("(no id)"), 40);
    iw_buffer_add_char(out, '\n');
    iw_display_spaces(out, DETAIL_INDENT);
    add_place(out, entry);
    iw_buffer_add_char(out, '\n');
    if (entry->reason.n == 0)
        return;
    iw_display_spaces(out, DETAIL_INDENT);
    iw_display_wrapped(out, &wrapped, DETAIL_INDENT, 3, entry->reason);
}

void iw_output_rules_table(const struct iw_rule_account *account,
                           const struct iw_rule_filter *filter, const struct iw_style *style,
                           struct iw_buffer *out)
{
    size_t n_by_state[IW_RULE_STATE_COUNT] = {0}, n_shown = 0;
    for (size_t i = 0; i < account->n; i++) {
        if (!is_shown(&account->entries[i], filter))
            continue;
        add_entry(out, style, &account->entries[i]);
        n_by_state[account->entries[i].state]++;
        n_shown++;
    }
    if (n_shown != 0)
        iw_buffer_add_char(out, '\n');
    iw_display_counted(out, n_shown, "document", "documents");
    for (size_t state = 0; state < IW_RULE_STATE_COUNT; state++) {
        iw_buffer_add(out, state == 0 ? IW_STR(": ") : IW_STR(", "));
        iw_display_count(out, n_by_state[state]);
        iw_buffer_printf(out, " %s", iw_rule_state_name((enum iw_rule_state)state));
    }
    iw_buffer_add(out, IW_STR("."));
    if (n_shown != iw_rule_account_count(account)) {
        iw_buffer_add_char(out, ' ');
        iw_display_count(out, iw_rule_account_count(account) - n_shown);
        iw_buffer_add(out, IW_STR(" not shown."));
    }
    iw_buffer_add_char(out, '\n');
}

static void add_number_or_null(struct iw_json *json, const char *key, uint64_t value)
{
    if (value != 0)
        iw_json_member_u64(json, key, value);
    else
        iw_json_member_null(json, key);
}

void iw_output_rules_ndjson(const struct iw_rule_account *account,
                            const struct iw_rule_filter *filter, struct iw_buffer *out)
{
    for (size_t i = 0; i < account->n; i++) {
        const struct iw_rule_entry *entry = &account->entries[i];
        struct iw_json json;
        if (!is_shown(entry, filter))
            continue;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.rule/1"));
        iw_json_member_text(&json, "state", iw_str_of(iw_rule_state_name(entry->state)));
        iw_json_member_text_or_null(&json, "level", entry->level);
        iw_json_member_text_or_null(&json, "title", entry->title);
        iw_json_member_text_or_null(&json, "id", entry->id);
        iw_json_member_text_or_null(&json, "logsource", entry->log_source);
        iw_json_member_bool(&json, "builtin", entry->is_builtin);
        iw_json_member_text(&json, "file", entry->file);
        add_number_or_null(&json, "line", entry->line);
        add_number_or_null(&json, "column", entry->column);
        iw_json_member_text_or_null(&json, "reason", entry->reason);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
}
