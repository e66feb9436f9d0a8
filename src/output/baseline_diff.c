/*
 * Differences between servers and their baseline. The line of a difference holds both states whole,
 * so that `baseline approve` needs nothing else.
 */
#include "base/json.h"
#include "output/baseline.h"
#include "output/display.h"

/* --- NDJSON -------------------------------------------------------------------------------- */

static void add_ready(struct iw_json *json, const char *key, const struct iw_baseline_entry *entry)
{
    iw_json_key(json, iw_str_of(key));
    if (entry == NULL) {
        iw_json_null(json);
        return;
    }
    iw_buffer_add(json->out, entry->json);
    json->need_comma = true;
}

static const struct iw_baseline_entry *subject_of(const struct iw_baseline_difference *difference)
{
    return difference->now != NULL ? difference->now : difference->was;
}

static void add_component(struct iw_json *json, const struct iw_baseline_entry *entry)
{
    iw_json_key(json, IW_STR("component"));
    iw_json_object(json);
    iw_json_member_text(json, "kind", entry->kind);
    iw_json_member_text(json, "name", entry->name);
    iw_json_member_text(json, "scope", entry->scope);
    iw_json_member_text_or_null(json, "image", entry->image);
    iw_json_object_end(json);
}

static void add_farm(struct iw_json *json, const struct iw_baseline_difference *difference)
{
    iw_json_key(json, IW_STR("farm"));
    if (difference->of_servers == 0) {
        iw_json_null(json);
        return;
    }
    iw_json_object(json);
    iw_json_member_u64(json, "servers", difference->n_servers);
    iw_json_member_u64(json, "of", difference->of_servers);
    iw_json_object_end(json);
}

void iw_output_differences_ndjson(const struct iw_baseline_differences *differences,
                                  struct iw_buffer *out)
{
    for (size_t i = 0; i < differences->n; i++) {
        const struct iw_baseline_difference *difference = &differences->items[i];
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.difference/1"));
        iw_json_member_text(&json, "id", iw_str_of(difference->id));
        iw_json_member_text(&json, "change",
                            iw_str_of(iw_baseline_change_name(difference->change)));
        iw_json_member_text(&json, "host", difference->host);
        add_component(&json, subject_of(difference));
        add_ready(&json, "was", difference->was);
        add_ready(&json, "now", difference->now);
        iw_json_key(&json, IW_STR("fields"));
        iw_json_array(&json);
        for (size_t at = 0; at < difference->fields.n; at++)
            iw_json_text(&json, difference->fields.items[at]);
        iw_json_array_end(&json);
        iw_json_member_text(&json, "approval", iw_str_of(iw_approval_name(difference->approval)));
        iw_json_member_text_or_null(&json, "approval_why", difference->approval_why);
        add_farm(&json, difference);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
}

/* --- for people ---------------------------------------------------------------------------- */

static const char *mark_of(enum iw_baseline_change change)
{
    static const char *const MARKS[IW_BASELINE_CHANGE_COUNT] = {
        [IW_BASELINE_ADDED] = "+ ",
        [IW_BASELINE_REMOVED] = "- ",
        [IW_BASELINE_MODIFIED] = "~ ",
    };
    return MARKS[change];
}

static enum iw_tone tone_of(const struct iw_baseline_difference *difference)
{
    return difference->approval == IW_APPROVAL_APPROVED ? IW_TONE_FAINT : IW_TONE_WARNING;
}

static void add_labelled(struct iw_buffer *out, const struct iw_style *style, const char *label,
                         struct iw_str text)
{
    iw_display_spaces(out, 4);
    iw_display_toned(out, style, IW_TONE_FAINT, label);
    iw_display_text(out, text, 0);
    iw_buffer_add_char(out, '\n');
}

static void add_fields(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_baseline_difference *difference)
{
    for (size_t i = 0; i < difference->fields.n; i++) {
        struct iw_str was = difference->was_values.items[i], now = difference->now_values.items[i];
        iw_display_spaces(out, 4);
        iw_display_tone(out, style, IW_TONE_FAINT);
        iw_display_text(out, difference->fields.items[i], 0);
        iw_buffer_add(out, IW_STR(": "));
        iw_display_plain(out, style);
        iw_display_text(out, was.n != 0 ? was : IW_STR("(none)"), 0);
        iw_buffer_add(out, IW_STR(" \xE2\x86\x92 "));
        iw_display_text(out, now.n != 0 ? now : IW_STR("(none)"), 0);
        iw_buffer_add_char(out, '\n');
    }
}

static void add_difference(struct iw_buffer *out, const struct iw_style *style,
                           const struct iw_baseline_difference *difference)
{
    const struct iw_baseline_entry *entry = subject_of(difference);
    iw_display_toned(out, style, tone_of(difference), mark_of(difference->change));
    iw_display_text(out, entry->kind, 0);
    iw_buffer_add_char(out, ' ');
    iw_display_text(out, entry->name.n != 0 ? entry->name : IW_STR("(no name)"), 0);
    if (entry->scope.n != 0) {
        iw_buffer_add(out, IW_STR(" at "));
        iw_display_text(out, entry->scope, 0);
    }
    if (difference->of_servers != 0)
        iw_buffer_printf(out, " (%s %zu of %zu servers)",
                         difference->n_servers < difference->of_servers ? "only on" : "on",
                         difference->n_servers, difference->of_servers);
    iw_buffer_add_char(out, '\n');
    if (difference->fields.n != 0)
        add_fields(out, style, difference);
    else if (entry->image.n != 0)
        add_labelled(out, style, "image: ", entry->image);
    add_labelled(out, style, "id: ", iw_str_of(difference->id));
    if (difference->approval != IW_APPROVAL_NONE) {
        iw_display_spaces(out, 4);
        iw_display_toned(out, style, IW_TONE_FAINT, iw_approval_name(difference->approval));
        iw_buffer_add_char(out, ' ');
        iw_display_text(out, difference->approval_why, 0);
        iw_buffer_add_char(out, '\n');
    }
}

static void add_counts(struct iw_buffer *out, const struct iw_baseline_differences *differences)
{
    if (differences->n_compared == 0) {
        iw_buffer_add(out, IW_STR("No server was compared.\n"));
        return;
    }
    if (differences->n != 0)
        iw_buffer_add_char(out, '\n');
    iw_display_counted(out, differences->n, "difference", "differences");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_count(out, differences->n - differences->n_unapproved);
    iw_buffer_add(out, IW_STR(" of them approved; "));
    iw_display_counted(out, differences->n_equal, "entry", "entries");
    iw_buffer_add(out, IW_STR(" as in the baseline"));
    if (differences->n_uncompared != 0) {
        iw_buffer_add(out, IW_STR(" ("));
        iw_display_count(out, differences->n_uncompared);
        iw_buffer_add(out, IW_STR(" without comparing their files)"));
    }
    iw_buffer_add(out, IW_STR(".\n"));
}

void iw_output_differences_table(const struct iw_baseline_differences *differences,
                                 const struct iw_style *style, struct iw_buffer *out)
{
    for (size_t i = 0; i < differences->n; i++) {
        const struct iw_baseline_difference *difference = &differences->items[i];
        if (i == 0 || differences->items[i - 1].server != difference->server) {
            if (i != 0)
                iw_buffer_add_char(out, '\n');
            iw_display_tone(out, style, IW_TONE_STRONG);
            iw_display_text(out, difference->host.n != 0 ? difference->host : IW_STR("(no name)"),
                            0);
            iw_display_plain(out, style);
            iw_buffer_add_char(out, '\n');
        }
        add_difference(out, style, difference);
        iw_buffer_breathe(out);
    }
    add_counts(out, differences);
}
