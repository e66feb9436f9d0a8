/*
 * `rules explain` of a correlation for people: what it asks for, what its rules had to give, then
 * group by group the times it held, or what it came nearest to; then the groups that one field
 * keeps apart. The correlations it stands on follow in the same way.
 */
#include "output/rules_explain_correlation.h"

#include "output/display.h"

#define LABEL_COLUMNS 10U
#define TEXT_CHARACTERS 400U
#define KEY_COLUMNS 60U
#define TITLE_COLUMNS 70U
#define DEFAULT_WIDTH 100U

static void add_label(struct iw_buffer *out, const struct iw_style *style, const char *label)
{
    iw_display_toned(out, style, IW_TONE_STRONG, label);
    iw_display_spaces(out, LABEL_COLUMNS - strlen(label));
}

static void add_wrapped(struct iw_buffer *out, const struct iw_style *style, size_t indent,
                        struct iw_str text)
{
    struct iw_style wrapped = *style;
    wrapped.width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    iw_display_wrapped(out, &wrapped, indent, 4,
                       (struct iw_str){text.p, iw_display_fit(text, TEXT_CHARACTERS)});
}

/* --- what it asks for, and what there is --------------------------------------------------- */

static void add_form(struct iw_buffer *out, const struct iw_style *style,
                     const struct iw_explained_correlation *correlation)
{
    add_label(out, style, "Asks for");
    iw_display_text(out, correlation->type, 0);
    iw_buffer_add(out, IW_STR(": "));
    iw_display_text(out, correlation->condition, 0);
    iw_buffer_add(out, IW_STR(" within "));
    iw_display_text(out, correlation->span, 0);
    for (size_t i = 0; i < correlation->group_by.n; i++) {
        iw_buffer_add(out, i == 0 ? IW_STR(", by ") : IW_STR(" and "));
        iw_display_text(out, correlation->group_by.items[i], KEY_COLUMNS);
    }
    iw_buffer_add_char(out, '\n');
}

static void add_step(struct iw_buffer *out, const struct iw_explained_step *step)
{
    iw_display_text(out, step->title, TITLE_COLUMNS);
    iw_buffer_add(out, IW_STR(": "));
    if (step->is_correlation)
        iw_display_counted(out, step->n_matched, "event at which it held",
                           "events at which it held");
    else
        iw_display_counted(out, step->n_matched, "event", "events");
    iw_buffer_add(out, IW_STR(" in "));
    iw_display_counted(out, step->n_groups, "group", "groups");
    if (step->n_lacking != 0) {
        iw_buffer_add(out, IW_STR("; "));
        iw_display_count(out, step->n_lacking);
        iw_buffer_add(out, IW_STR(" took no part: no "));
        iw_display_text(out, step->lacking, KEY_COLUMNS);
    }
    iw_buffer_add_char(out, '\n');
}

/* What took no part, and what a hunt could not hold. */
static void add_account(struct iw_buffer *out, const struct iw_style *style,
                        const struct iw_explained_correlation *correlation)
{
    static const char TIME[] = " took no part: their time is unknown\n";
    static const char VALUE[] = " took part without a value that could be counted\n";
    static const char CUT[] = " had more values than are looked at\n";
    const struct {
        uint64_t n;
        const char *words;
    } ROWS[] = {{correlation->n_untimed, TIME},
                {correlation->n_no_value, VALUE},
                {correlation->n_cut, CUT}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        if (ROWS[i].n == 0)
            continue;
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_display_counted(out, ROWS[i].n, "event", "events");
        iw_buffer_add(out, iw_str_of(ROWS[i].words));
    }
    if (correlation->n_given_up != 0) {
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_display_tone(out, style, IW_TONE_WARNING);
        iw_buffer_add(out, IW_STR("A hunt gives up "));
        iw_display_counted(out, correlation->n_given_up, "group", "groups");
        iw_buffer_add(out, IW_STR(" open at a time, the first at "));
        iw_display_time(out, correlation->given_up_ns, true);
        iw_buffer_add(out, IW_STR(": from there it may miss what is told here."));
        iw_display_plain(out, style);
        iw_buffer_add_char(out, '\n');
    }
    if (correlation->is_apart_cut) {
        iw_display_spaces(out, LABEL_COLUMNS);
        iw_buffer_add(out, IW_STR("Too many events to compare all groups with one another.\n"));
    }
}

static void add_groups_count(struct iw_buffer *out, const struct iw_style *style,
                             const struct iw_explained_correlation *correlation)
{
    add_label(out, style, "Groups");
    iw_display_count(out, correlation->n_groups);
    iw_buffer_add(out, IW_STR(", "));
    iw_display_count(out, correlation->n_groups_held);
    iw_buffer_add(out, IW_STR(" held"));
    if (correlation->n_episodes != 0) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, correlation->n_episodes, "time", "times");
    }
    iw_buffer_add_char(out, '\n');
    if (correlation->n_groups != 0)
        return;
    iw_display_spaces(out, LABEL_COLUMNS);
    iw_display_toned(out, style, IW_TONE_WARNING,
                     "No event took part. Explain its rules one by one to see why.\n");
}

/* --- a group ------------------------------------------------------------------------------- */

static void add_event(struct iw_buffer *out, const struct iw_explained_step_event *event,
                      bool has_value)
{
    iw_display_spaces(out, 8);
    iw_display_time(out, event->time_ns, !iw_channel_tells_seconds(event->channel));
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, event->host, 40);
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, event->step, TITLE_COLUMNS);
    if (has_value) {
        iw_buffer_add(out, IW_STR("  ("));
        iw_display_text(out, event->value.n != 0 ? event->value : IW_STR("none"), KEY_COLUMNS);
        iw_buffer_add_char(out, ')');
    }
    iw_buffer_add_char(out, '\n');
    iw_display_spaces(out, 12);
    iw_display_text(out, event->channel, 60);
    iw_buffer_printf(out, " %u", event->event_id);
    if (event->record_id != 0)
        iw_buffer_printf(out, ", record %llu", (unsigned long long)event->record_id);
    iw_buffer_add(out, IW_STR(", "));
    iw_display_text(out, event->source, 0);
    if (event->line != 0)
        iw_buffer_printf(out, ", line %llu", (unsigned long long)event->line);
    else
        iw_buffer_printf(out, ", offset %llu", (unsigned long long)event->offset);
    if (event->n_copies != 0) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, event->n_copies, "copy", "copies");
    }
    iw_buffer_add_char(out, '\n');
}

static void add_events(struct iw_buffer *out, const struct iw_explained_step_event *events,
                       size_t n_shown, uint64_t n_all, bool has_value)
{
    for (size_t i = 0; i < n_shown; i++) {
        if (i != 0 && i == n_shown / 2 && n_shown < n_all) {
            iw_display_spaces(out, 8);
            iw_display_counted(out, n_all - n_shown, "event between is", "events between are");
            iw_buffer_add(out, IW_STR(" not shown\n"));
        }
        add_event(out, &events[i], has_value);
    }
}

static void add_episode(struct iw_buffer *out, const struct iw_explained_correlation *correlation,
                        const struct iw_explained_episode *episode)
{
    iw_display_spaces(out, 4);
    iw_buffer_add(out, IW_STR("held at "));
    iw_display_time(out, episode->completing_ns, true);
    if (episode->is_count) {
        iw_buffer_add(out, IW_STR(": "));
        iw_display_count(out, episode->count);
        iw_buffer_add(out, IW_STR(", asked for: "));
    } else {
        iw_buffer_printf(out, ": %.15g, asked for: ", episode->number);
    }
    iw_display_text(out, correlation->condition, TITLE_COLUMNS);
    if (episode->n_held > 1) {
        iw_buffer_add(out, IW_STR("; it went on to "));
        iw_display_time(out, episode->last_ns, true);
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, episode->n_events, "event in all", "events in all");
    }
    iw_buffer_add_char(out, '\n');
    add_events(out, episode->events, episode->n_shown, episode->n_all, false);
}

static void add_miss(struct iw_buffer *out, const struct iw_style *style,
                     const struct iw_explained_miss *miss)
{
    iw_buffer_add(out, IW_STR("    - "));
    add_wrapped(out, style, 6, miss->words);
    add_events(out, miss->events, miss->n_shown, miss->n_all, miss->kind == IW_MISS_APART);
}

static void add_keys(struct iw_buffer *out, const struct iw_correlated_group *group)
{
    for (size_t i = 0; i < group->n_keys; i++) {
        iw_buffer_add(out, i == 0 ? IW_STR("") : IW_STR(", "));
        iw_display_text(out, group->keys[i].name, KEY_COLUMNS);
        iw_buffer_add(out, IW_STR(" = "));
        iw_display_text(out, group->keys[i].text, KEY_COLUMNS);
    }
    if (group->n_keys == 0)
        iw_buffer_add(out, IW_STR("all events"));
}

static void add_group(struct iw_buffer *out, const struct iw_style *style,
                      const struct iw_explained_correlation *correlation,
                      const struct iw_correlated_group *group)
{
    bool is_apart = group->n_of_step == NULL;
    iw_buffer_add_char(out, '\n');
    if (group->n_episodes != 0)
        iw_display_toned(out, style, IW_TONE_HIGH, "HELD");
    else
        iw_display_toned(out, style, IW_TONE_STRONG, is_apart ? "APART" : "NEAR MISS");
    iw_buffer_add(out, IW_STR("  "));
    add_keys(out, group);
    iw_buffer_add(out, IW_STR("  ("));
    iw_display_counted(out, group->n_events, "event", "events");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_span(out, group->first_ns, group->last_ns);
    iw_buffer_add(out, IW_STR(")\n"));
    for (size_t i = 0; i < group->n_episodes_shown; i++)
        add_episode(out, correlation, &group->episodes[i]);
    if (group->n_episodes > group->n_episodes_shown) {
        iw_display_spaces(out, 4);
        iw_buffer_add(out, IW_STR("and "));
        iw_display_counted(out, group->n_episodes - group->n_episodes_shown, "more time",
                           "more times");
        iw_buffer_add_char(out, '\n');
    }
    for (size_t i = 0; i < group->n_misses; i++)
        add_miss(out, style, &group->misses[i]);
    if (group->is_cut)
        iw_buffer_add(out, IW_STR("    More was in the window at a time than is held: what was "
                                  "nearest may not be told.\n"));
}

/* --- all ----------------------------------------------------------------------------------- */

static void add_correlation(struct iw_buffer *out, const struct iw_style *style,
                            const struct iw_explained_correlation *correlation)
{
    add_form(out, style, correlation);
    for (size_t i = 0; i < correlation->n_steps; i++) {
        if (i == 0)
            add_label(out, style, "Rules");
        else
            iw_display_spaces(out, LABEL_COLUMNS);
        add_step(out, &correlation->steps[i]);
        iw_buffer_breathe(out);
    }
    add_groups_count(out, style, correlation);
    add_account(out, style, correlation);
    for (size_t i = 0; i < correlation->n_shown; i++) {
        add_group(out, style, correlation, &correlation->groups[i]);
        iw_buffer_breathe(out);
    }
    for (size_t i = 0; i < correlation->n_apart_shown; i++) {
        add_group(out, style, correlation, &correlation->apart[i]);
        iw_buffer_breathe(out);
    }
    if (correlation->n_groups > correlation->n_shown) {
        iw_buffer_add_char(out, '\n');
        iw_display_counted(out, correlation->n_groups - correlation->n_shown, "more group is",
                           "more groups are");
        iw_buffer_add(out, IW_STR(" not shown (--limit).\n"));
    }
}

void iw_output_explained_correlations(const struct iw_run *run,
                                      const struct iw_explain_report *report,
                                      const struct iw_style *style, struct iw_buffer *out)
{
    add_label(out, style, "Events");
    iw_display_count(out, report->n_events);
    iw_buffer_add(out, IW_STR(" read"));
    if (run->n_duplicate_events != 0) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, run->n_duplicate_events, "matched copy joined",
                           "matched copies joined");
    }
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < run->notes.n; i++) { /* clocks that were corrected, and the like */
        add_label(out, style, "Note");
        add_wrapped(out, style, LABEL_COLUMNS, run->notes.items[i]);
    }
    for (size_t i = 0; i < report->n_correlations; i++) {
        if (i != 0) {
            iw_buffer_add_char(out, '\n');
            add_label(out, style, "Part");
            iw_display_text(out, report->correlations[i].title, 0);
            iw_buffer_add_char(out, '\n');
        }
        add_correlation(out, style, &report->correlations[i]);
    }
}
