/*
 * `rules explain` for people: the rule, what the evidence had for it, then event by event the walk
 * through its condition. Selections that decided are written out; of a long list of values the ones
 * that hold, or the first few.
 */
#include "base/json.h"
#include "output/display.h"
#include "output/rules_explain_correlation.h"

#define LABEL_COLUMNS 10U
#define VALUES_SHOWN 6U
#define TEXT_CHARACTERS 400U
#define COUNTS_SHOWN 8U
#define CHANNELS_SHOWN 12U
#define DEFAULT_WIDTH 100U

static struct iw_style wrapping(const struct iw_style *style)
{
    struct iw_style copy = *style;
    copy.width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    return copy;
}

static void add_label(struct iw_buffer *out, const struct iw_style *style, const char *label)
{
    iw_display_toned(out, style, IW_TONE_STRONG, label);
    iw_display_spaces(out, LABEL_COLUMNS - strlen(label));
}

/* Evidence and rules may hold very long texts. */
static struct iw_str cut(struct iw_str text)
{
    return (struct iw_str){text.p, iw_display_fit(text, TEXT_CHARACTERS)};
}

static void add_wrapped(struct iw_buffer *out, const struct iw_style *style, size_t indent,
                        struct iw_str text)
{
    struct iw_style wrapped = wrapping(style);
    iw_display_wrapped(out, &wrapped, indent, 4, cut(text));
}

/* --- the rule and the counts --- */

static void add_rule(struct iw_buffer *out, const struct iw_style *style,
                     const struct iw_rule_entry *entry)
{
    add_label(out, style, "Rule");
    iw_display_text(out, entry->title, 0);
    iw_buffer_add(out, IW_STR(" ["));
    iw_display_text(out, entry->level.n != 0 ? entry->level : IW_STR("low"), 0);
    iw_buffer_add(out, IW_STR("]\n"));
    iw_display_spaces(out, LABEL_COLUMNS);
    iw_display_text(out, entry->file, 0);
    iw_buffer_printf(out, ":%u", entry->line);
    if (entry->id.n != 0) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_text(out, entry->id, 40);
    }
    iw_buffer_add_char(out, '\n');
}

static void add_source(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_rule_entry *entry, const struct iw_explain_report *report)
{
    add_label(out, style, "Source");
    iw_display_text(out, entry->log_source, 0);
    for (size_t i = 0; i < report->wanted_channels.n; i++) {
        iw_buffer_add(out, i == 0 ? IW_STR(": ") : IW_STR("; "));
        iw_display_text(out, report->wanted_channels.items[i], 0);
    }
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < report->conditions.n; i++) {
        add_label(out, style, i == 0 ? "Condition" : "or");
        add_wrapped(out, style, LABEL_COLUMNS, report->conditions.items[i]);
    }
}

static void add_channels(struct iw_buffer *out, const struct iw_style *style,
                         const struct iw_run *run)
{
    size_t n_shown = 0;
    iw_display_spaces(out, LABEL_COLUMNS);
    iw_display_toned(out, style, IW_TONE_WARNING,
                     "No event is of the rule's log source. The evidence has:\n");
    for (size_t i = 0; i < run->telemetry.n_channels && n_shown < CHANNELS_SHOWN; i++, n_shown++) {
        const struct iw_telemetry_channel *channel = &run->telemetry.channels[i];
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_display_text(out, channel->host, 40);
        iw_buffer_add(out, IW_STR("  "));
        iw_display_text(out, channel->channel, 0);
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, channel->n_events, "event", "events");
        iw_buffer_add_char(out, '\n');
    }
    if (n_shown == 0) {
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_buffer_add(out, IW_STR("no events at all\n"));
    } else if (run->telemetry.n_channels > n_shown) {
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_buffer_printf(out, "and %zu more channels: iiswarden events --profile\n",
                         run->telemetry.n_channels - n_shown);
    }
}

static void add_elsewhere(struct iw_buffer *out, const struct iw_explain_report *report)
{
    if (report->n_elsewhere == 0)
        return;
    iw_display_spaces(out, LABEL_COLUMNS);
    iw_display_counted(out, report->n_elsewhere, "chosen event is", "chosen events are");
    iw_buffer_add(out, IW_STR(" of another log source, such as "));
    iw_display_text(out, report->elsewhere, 120);
    iw_buffer_add(out, IW_STR(": this rule never sees them\n"));
}

static void add_counts(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_run *run, const struct iw_explain_report *report)
{
    add_label(out, style, "Events");
    iw_display_count(out, report->n_events);
    iw_buffer_add(out, IW_STR(" read, "));
    iw_display_count(out, report->n_of_source);
    iw_buffer_add(out, IW_STR(" of the rule's log source"));
    if (report->is_chosen)
        iw_buffer_add(out, IW_STR(" and chosen"));
    if (run->n_duplicate_events != 0) {
        iw_buffer_add(out, IW_STR(" ("));
        iw_display_counted(out, run->n_duplicate_events, "copy joined)", "copies joined)");
    }
    iw_buffer_add(out, IW_STR(", "));
    iw_display_count(out, report->n_matched);
    iw_buffer_add(out, IW_STR(" matched"));
    if (report->n_unknown != 0) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_count(out, report->n_unknown);
        iw_buffer_add(out, IW_STR(" unknown"));
    }
    iw_buffer_add_char(out, '\n');
    add_elsewhere(out, report);
    if (report->n_of_source != 0 || report->n_elsewhere != 0)
        return;
    if (!report->is_chosen) {
        add_channels(out, style, run);
        return;
    }
    iw_display_spaces(out, LABEL_COLUMNS);
    iw_display_toned(out, style, IW_TONE_WARNING, "--where and --record choose no event.\n");
}

static void add_blamed(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_explain_report *report)
{
    uint64_t n_missed = report->n_of_source - report->n_matched;
    for (size_t i = 0; i < report->n_counts && i < COUNTS_SHOWN; i++) {
        if (i == 0)
            add_label(out, style, "Misses");
        else
            iw_display_spaces(out, LABEL_COLUMNS);
        iw_display_count(out, report->counts[i].n_blamed);
        iw_buffer_add(out, IW_STR(" of "));
        iw_display_count(out, n_missed);
        iw_buffer_add(out, IW_STR(" because of "));
        iw_display_text(out, report->counts[i].name, 80);
        iw_buffer_add_char(out, '\n');
    }
    if (report->n_counts > COUNTS_SHOWN) {
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_buffer_printf(out, "and %zu more items\n", report->n_counts - COUNTS_SHOWN);
    }
}

/* --- an event --- */

static const char *mark(enum iw_answer answer)
{
    return answer == IW_ANSWER_YES ? "yes" : answer == IW_ANSWER_NO ? "no " : "?  ";
}

static void add_value(struct iw_buffer *out, const struct iw_style *style,
                      const struct iw_explained_value *value)
{
    iw_display_spaces(out, 13);
    iw_buffer_printf(out, "%s  ", mark(value->answer));
    add_wrapped(out, style, 18, value->text.n != 0 ? value->text : IW_STR("''"));
}

/* The values that hold; where none does, the first few. */
static void add_values(struct iw_buffer *out, const struct iw_style *style,
                       const struct iw_explained_item *item)
{
    size_t n_yes = 0, n_shown = 0;
    for (size_t i = 0; i < item->n_values; i++)
        n_yes += item->values[i].answer == IW_ANSWER_YES;
    for (size_t i = 0; i < item->n_values && n_shown < VALUES_SHOWN; i++) {
        bool holds = item->values[i].answer == IW_ANSWER_YES;
        if (n_yes != 0 && !holds && item->answer == IW_ANSWER_YES)
            continue;
        add_value(out, style, &item->values[i]);
        n_shown++;
    }
    if (n_shown < item->n_values) {
        iw_display_spaces(out, 18);
        iw_buffer_printf(out, "and %zu more\n", item->n_values - n_shown);
    }
}

/* Where the text of a context line begins. */
#define CONTEXT_INDENT 22U

static void add_context_line(struct iw_buffer *out, const struct iw_style *style,
                             struct iw_str label, struct iw_str text)
{
    iw_display_spaces(out, 13);
    iw_display_text(out, label, 40);
    iw_buffer_add(out, IW_STR(": "));
    add_wrapped(out, style, CONTEXT_INDENT, text);
}

/* Why it is not known, or not all of it, and what would tell; *is_told*: the sentence of the item
 * says it. */
static void add_gap(struct iw_buffer *out, const struct iw_style *style,
                    const struct iw_explained_context *context, bool is_told)
{
    if (context->is_known && !context->is_partial)
        return;
    iw_display_spaces(out, CONTEXT_INDENT);
    iw_buffer_add(out, context->n_values != 0 ? IW_STR("there may be others")
                                              : IW_STR("it is not known"));
    if (is_told || context->why.n == 0) {
        iw_buffer_add_char(out, '\n');
        return;
    }
    iw_buffer_add(out, IW_STR(": "));
    add_wrapped(out, style, CONTEXT_INDENT, context->why);
    iw_display_spaces(out, CONTEXT_INDENT);
    iw_buffer_add(out, IW_STR("needed: "));
    add_wrapped(out, style, CONTEXT_INDENT, context->evidence);
}

/* What context knows of a field. */
static void add_context(struct iw_buffer *out, const struct iw_style *style,
                        const struct iw_explained_item *item,
                        const struct iw_explained_context *context)
{
    bool is_own = iw_str_begins_nocase(item->key, context->field);
    struct iw_str label = is_own ? IW_STR("context") : context->field;
    for (size_t i = 0; i < context->n_values; i++)
        add_context_line(out, style, label, context->values[i]);
    if (context->n_values_more != 0) {
        iw_display_spaces(out, CONTEXT_INDENT);
        iw_buffer_printf(out, "and %zu more values\n", context->n_values_more);
    }
    if (context->n_values == 0)
        add_context_line(out, style, label,
                         context->is_known && !context->is_partial ? IW_STR("none") : IW_STR("?"));
    if (context->is_assumed) {
        iw_display_spaces(out, CONTEXT_INDENT);
        iw_buffer_add(out, IW_STR("assumed: no configuration of that moment says so\n"));
    }
    add_gap(out, style, context, item->is_blamed);
}

static void add_item(struct iw_buffer *out, const struct iw_style *style,
                     const struct iw_explained_item *item)
{
    iw_display_spaces(out, 8);
    if (item->is_blamed)
        iw_display_tone(out, style, IW_TONE_WARNING);
    iw_buffer_printf(out, "%s  ", mark(item->answer));
    iw_display_text(out, item->key.n != 0 ? item->key : IW_STR("(keyword)"), 60);
    if (item->line != 0)
        iw_buffer_printf(out, "  (line %u)", item->line);
    if (item->is_blamed)
        iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < item->n_context; i++)
        add_context(out, style, item, &item->context[i]);
    if (item->is_absent) {
        iw_display_spaces(out, 13);
        iw_buffer_add(out, IW_STR("event: no such field\n"));
    }
    for (size_t i = 0; i < item->n_event_values; i++) {
        iw_display_spaces(out, 13);
        iw_buffer_add(out, IW_STR("event: "));
        add_wrapped(out, style, 20, item->event_values[i]);
    }
    if (item->n_event_values_more != 0) {
        iw_display_spaces(out, 20);
        iw_buffer_printf(out, "and %zu more values\n", item->n_event_values_more);
    }
    add_values(out, style, item);
}

/* *is_told*: with its items. Of a match, what did not hold is one line. */
static void add_selection(struct iw_buffer *out, const struct iw_style *style,
                          const struct iw_explained_selection *selection, bool is_told)
{
    static const char *const BLAMES[] = {"", "  must hold", "  must not hold"};
    iw_buffer_printf(out, "    %s  ", mark(selection->answer));
    iw_display_text(out, selection->name, 60);
    if (selection->blame != IW_BLAME_NONE)
        iw_display_toned(out, style, IW_TONE_WARNING, BLAMES[selection->blame]);
    iw_buffer_add_char(out, '\n');
    for (size_t g = 0; g < selection->n_groups && is_told; g++) {
        const struct iw_explained_group *group = &selection->groups[g];
        /* Of a list that holds, what holds; of a filter that does not, one line is enough. */
        if (selection->n_groups > 1 && group->answer != selection->answer)
            continue;
        if (g != 0 && selection->n_groups > 1)
            iw_buffer_add(out, IW_STR("        or\n"));
        for (size_t i = 0; i < group->n_items; i++)
            add_item(out, style, &group->items[i]);
    }
}

static void add_head(struct iw_buffer *out, const struct iw_style *style,
                     const struct iw_explained_event *event)
{
    const struct iw_explanation *why = &event->explanation;
    iw_buffer_add_char(out, '\n');
    if (why->answer == IW_ANSWER_YES)
        iw_display_toned(out, style, IW_TONE_HIGH, "MATCH");
    else if (why->answer == IW_ANSWER_UNKNOWN)
        iw_display_toned(out, style, IW_TONE_WARNING, "UNKNOWN");
    else
        iw_display_toned(out, style, IW_TONE_STRONG, "NO MATCH");
    iw_buffer_add(out, IW_STR("  "));
    iw_display_time(out, event->time_ns, !iw_channel_tells_seconds(event->channel));
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, event->computer, 40);
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, event->channel, 60);
    iw_buffer_printf(out, " %u, record %llu%s\n", event->event_id,
                     (unsigned long long)event->record_id,
                     event->is_recovered ? ", recovered" : "");
    iw_display_spaces(out, 4);
    iw_display_text(out, event->source, 0);
    iw_buffer_printf(out, ", offset %llu\n", (unsigned long long)event->offset);
}

static void add_changes(struct iw_buffer *out, const struct iw_style *style,
                        const struct iw_explanation *why)
{
    bool is_open = why->answer == IW_ANSWER_UNKNOWN;
    iw_buffer_add(out, is_open ? IW_STR("    What is known does not decide it. To match, ")
                               : IW_STR("    To match, "));
    iw_display_counted(out, why->n_failing,
                       is_open ? "item would have to be known, or otherwise:\n"
                               : "item would have to be otherwise:\n",
                       is_open ? "items would have to be known, or otherwise:\n"
                               : "items would have to be otherwise:\n");
    for (size_t i = 0; i < why->changes.n; i++) {
        iw_buffer_add(out, IW_STR("      - "));
        add_wrapped(out, style, 8, why->changes.items[i]);
    }
}

/* What was known is worth a line also where it did not hold. */
static bool asks_context(const struct iw_explained_selection *selection)
{
    for (size_t g = 0; g < selection->n_groups; g++) {
        for (size_t i = 0; i < selection->groups[g].n_items; i++) {
            if (selection->groups[g].items[i].n_context != 0)
                return true;
        }
    }
    return false;
}

/* The conclusion first, then the walk that led to it. */
static void add_event(struct iw_buffer *out, const struct iw_style *style,
                      const struct iw_explained_event *event)
{
    const struct iw_explanation *why = &event->explanation;
    add_head(out, style, event);
    if (why->answer != IW_ANSWER_YES)
        add_changes(out, style, why);
    for (size_t i = 0; i < why->n_selections; i++) {
        bool is_told = why->answer != IW_ANSWER_YES || why->selections[i].answer != IW_ANSWER_NO ||
                       asks_context(&why->selections[i]);
        add_selection(out, style, &why->selections[i], is_told);
    }
}

void iw_output_explanation_table(const struct iw_run *run, const struct iw_explain_report *report,
                                 const struct iw_style *style, struct iw_buffer *out)
{
    add_rule(out, style, &run->rules.entries[report->rule_entry]);
    if (report->n_correlations != 0) {
        iw_output_explained_correlations(run, report, style, out);
        return;
    }
    add_source(out, style, &run->rules.entries[report->rule_entry], report);
    add_counts(out, style, run, report);
    add_blamed(out, style, report);
    for (size_t i = 0; i < report->n_shown; i++) {
        add_event(out, style, &report->events[i]);
        iw_buffer_breathe(out);
    }
    if (report->n_of_source > report->n_shown) {
        iw_buffer_add_char(out, '\n');
        iw_display_counted(out, report->n_of_source - report->n_shown,
                           "more event of the log source is", "more events of the log source are");
        iw_buffer_add(out, IW_STR(" not shown (--limit, --where, --record).\n"));
    }
}

void iw_output_candidates(const struct iw_run *run, const struct iw_explain_report *report,
                          struct iw_buffer *out)
{
    for (size_t i = 0; i < report->n_candidates; i++) {
        const struct iw_rule_entry *entry = &run->rules.entries[report->candidates[i]];
        iw_buffer_add(out, IW_STR("  "));
        iw_display_cell(out, entry->id.n != 0 ? entry->id : IW_STR("(no id)"), 36);
        iw_buffer_add(out, IW_STR("  "));
        iw_display_text(out, entry->title, 80);
        iw_buffer_add_char(out, '\n');
    }
}
