/*
 * `rules explain` of a correlation for programs. Sums and averages are text: they may be larger or
 * finer than what readers of JSON keep.
 */
#include <stdio.h>

#include "output/json_members.h"
#include "output/rules_explain_correlation.h"

static void add_number(struct iw_json *json, const char *key, double number)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.17g", number);
    iw_json_member_text(json, key, (struct iw_str){text, n > 0 ? (size_t)n : 0});
}

static void add_steps(struct iw_json *json, const struct iw_explained_correlation *correlation)
{
    iw_json_key(json, IW_STR("rules"));
    iw_json_array(json);
    for (size_t i = 0; i < correlation->n_steps; i++) {
        const struct iw_explained_step *step = &correlation->steps[i];
        iw_json_object(json);
        iw_json_member_text(json, "title", step->title);
        iw_json_member_bool(json, "correlation", step->is_correlation);
        iw_json_member_u64(json, "matched", step->n_matched);
        iw_json_member_u64(json, "took_part", step->n_in_groups);
        iw_json_member_u64(json, "groups", step->n_groups);
        iw_json_member_u64(json, "lacking", step->n_lacking);
        iw_json_member_text_or_null(json, "lacking_field", step->lacking);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_correlation(const struct iw_run *run, const struct iw_explain_report *report,
                            const struct iw_explained_correlation *correlation, bool is_asked,
                            struct iw_buffer *out)
{
    const struct iw_rule_entry *entry = &run->rules.entries[report->rule_entry];
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.explained-correlation/1"));
    iw_json_member_bool(&json, "asked", is_asked);
    iw_json_member_text_or_null(&json, "id", is_asked ? entry->id : IW_STR(""));
    iw_json_member_text(&json, "title", correlation->title);
    iw_json_member_text_or_null(&json, "level", is_asked ? entry->level : IW_STR(""));
    iw_json_member_text_or_null(&json, "file", is_asked ? entry->file : IW_STR(""));
    iw_json_member_u64_or_null(&json, "line", entry->line, is_asked);
    iw_json_member_text(&json, "type", correlation->type);
    iw_json_member_text(&json, "condition", correlation->condition);
    iw_json_key(&json, IW_STR("timespan_ns"));
    iw_json_i64(&json, correlation->span_ns);
    iw_json_member_list(&json, "group_by", correlation->group_by);
    iw_json_member_u64(&json, "events", report->n_events);
    iw_json_member_u64(&json, "copies_joined", run->n_duplicate_events);
    add_steps(&json, correlation);
    iw_json_member_u64(&json, "groups", correlation->n_groups);
    iw_json_member_u64(&json, "groups_held", correlation->n_groups_held);
    iw_json_member_u64(&json, "episodes", correlation->n_episodes);
    iw_json_member_u64(&json, "untimed", correlation->n_untimed);
    iw_json_member_u64(&json, "without_value", correlation->n_no_value);
    iw_json_member_u64(&json, "values_cut", correlation->n_cut);
    iw_json_member_u64(&json, "given_up", correlation->n_given_up);
    if (correlation->n_given_up != 0)
        iw_json_member_time(&json, "given_up_at", correlation->given_up_ns);
    else
        iw_json_member_null(&json, "given_up_at");
    iw_json_member_bool(&json, "apart_cut", correlation->is_apart_cut);
    iw_json_member_list(&json, "notes", is_asked ? run->notes : (struct iw_text_list){NULL, 0});
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

/* --- a group ------------------------------------------------------------------------------- */

static void add_events(struct iw_json *json, const struct iw_explained_step_event *events,
                       size_t n_shown, uint64_t n_all)
{
    iw_json_member_u64(json, "evidence_all", n_all);
    iw_json_key(json, IW_STR("evidence"));
    iw_json_array(json);
    for (size_t i = 0; i < n_shown; i++) {
        const struct iw_explained_step_event *event = &events[i];
        iw_json_object(json);
        iw_json_member_text(json, "role", event->step);
        iw_json_member_bool(json, "correlation", event->is_correlation);
        iw_json_member_time(json, "time", event->time_ns);
        iw_json_member_text_or_null(json, "host", event->host);
        iw_json_member_text_or_null(json, "channel", event->channel);
        iw_json_member_u64(json, "event_id", event->event_id);
        iw_json_member_u64_or_null(json, "record_id", event->record_id, event->record_id != 0);
        iw_json_member_text(json, "source", event->source);
        iw_json_member_u64(json, "offset", event->offset);
        iw_json_member_u64_or_null(json, "line", event->line, event->line != 0);
        iw_json_member_u64(json, "copies", event->n_copies);
        iw_json_member_text_or_null(json, "value", event->value);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_episode(struct iw_json *json, const struct iw_explained_episode *episode)
{
    iw_json_object(json);
    iw_json_member_time(json, "first_time", episode->first_ns);
    iw_json_member_time(json, "held_time", episode->completing_ns);
    iw_json_member_time(json, "last_time", episode->last_ns);
    iw_json_member_u64_or_null(json, "count", episode->count, episode->is_count);
    if (episode->is_count)
        iw_json_member_null(json, "value");
    else
        add_number(json, "value", episode->number);
    iw_json_member_u64(json, "events", episode->n_events);
    iw_json_member_u64(json, "held_at", episode->n_held);
    add_events(json, episode->events, episode->n_shown, episode->n_all);
    iw_json_object_end(json);
}

static void add_miss(struct iw_json *json, const struct iw_explained_miss *miss)
{
    bool has_number = miss->kind == IW_MISS_VALUE;
    bool has_span = miss->kind != IW_MISS_RULE;
    iw_json_object(json);
    iw_json_member_text(json, "kind", iw_str_of(iw_miss_kind_name(miss->kind)));
    iw_json_member_text(json, "words", miss->words);
    iw_json_key(json, IW_STR("needed_ns"));
    if (has_span)
        iw_json_i64(json, miss->needed_ns);
    else
        iw_json_null(json);
    if (has_number) {
        add_number(json, "reached", miss->number);
        add_number(json, "wanted", miss->wanted);
    } else {
        iw_json_member_null(json, "reached");
        iw_json_member_null(json, "wanted");
    }
    iw_json_member_text_or_null(json, "rule", miss->step);
    iw_json_member_text_or_null(json, "field", miss->field);
    add_events(json, miss->events, miss->n_shown, miss->n_all);
    iw_json_object_end(json);
}

static void add_lists(struct iw_json *json, const struct iw_correlated_group *group)
{
    iw_json_member_u64(json, "episodes_all", group->n_episodes);
    iw_json_key(json, IW_STR("episodes"));
    iw_json_array(json);
    for (size_t i = 0; i < group->n_episodes_shown; i++)
        add_episode(json, &group->episodes[i]);
    iw_json_array_end(json);
    iw_json_key(json, IW_STR("misses"));
    iw_json_array(json);
    for (size_t i = 0; i < group->n_misses; i++)
        add_miss(json, &group->misses[i]);
    iw_json_array_end(json);
}

static void add_group(const struct iw_explained_correlation *correlation,
                      const struct iw_correlated_group *group, struct iw_buffer *out)
{
    bool is_apart = group->n_of_step == NULL;
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.explained-group/1"));
    iw_json_member_text(&json, "correlation", correlation->title);
    iw_json_member_text(&json, "answer",
                        group->n_episodes != 0 ? IW_STR("held")
                        : is_apart             ? IW_STR("apart")
                                               : IW_STR("missed"));
    iw_json_key(&json, IW_STR("group"));
    iw_json_array(&json);
    for (size_t i = 0; i < group->n_keys; i++) {
        iw_json_object(&json);
        iw_json_member_text(&json, "field", group->keys[i].name);
        iw_json_member_text(&json, "value", group->keys[i].text);
        iw_json_object_end(&json);
    }
    iw_json_array_end(&json);
    iw_json_member_u64(&json, "events", group->n_events);
    iw_json_key(&json, IW_STR("of_rules"));
    iw_json_array(&json);
    for (size_t i = 0; !is_apart && i < correlation->n_steps; i++)
        iw_json_u64(&json, group->n_of_step[i]);
    iw_json_array_end(&json);
    iw_json_member_time(&json, "first_time", group->first_ns);
    iw_json_member_time(&json, "last_time", group->last_ns);
    iw_json_member_bool(&json, "cut", group->is_cut);
    add_lists(&json, group);
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

void iw_output_explained_correlations_ndjson(const struct iw_run *run,
                                             const struct iw_explain_report *report,
                                             struct iw_buffer *out)
{
    for (size_t i = 0; i < report->n_correlations; i++) {
        const struct iw_explained_correlation *correlation = &report->correlations[i];
        add_correlation(run, report, correlation, i == 0, out);
        for (size_t k = 0; k < correlation->n_shown; k++) {
            add_group(correlation, &correlation->groups[k], out);
            iw_buffer_breathe(out);
        }
        for (size_t k = 0; k < correlation->n_apart_shown; k++) {
            add_group(correlation, &correlation->apart[k], out);
            iw_buffer_breathe(out);
        }
    }
}
