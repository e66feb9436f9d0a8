/*
 * `rules explain` for programs: the rule with its counts, then one object for each event shown,
 * whole.
 */
#include "output/json_members.h"
#include "output/rules_explain_correlation.h"

/* What the evidence has, where it has nothing for the rule. */
static void add_channels(struct iw_json *json, const struct iw_run *run, bool is_told)
{
    iw_json_key(json, IW_STR("has"));
    iw_json_array(json);
    for (size_t i = 0; is_told && i < run->telemetry.n_channels; i++) {
        const struct iw_telemetry_channel *channel = &run->telemetry.channels[i];
        iw_json_object(json);
        iw_json_member_text_or_null(json, "host", channel->host);
        iw_json_member_text_or_null(json, "channel", channel->channel);
        iw_json_member_u64(json, "events", channel->n_events);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_rule(const struct iw_run *run, const struct iw_explain_report *report,
                     struct iw_buffer *out)
{
    const struct iw_rule_entry *entry = &run->rules.entries[report->rule_entry];
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.explained-rule/1"));
    iw_json_member_text_or_null(&json, "id", entry->id);
    iw_json_member_text_or_null(&json, "title", entry->title);
    iw_json_member_text_or_null(&json, "level", entry->level);
    iw_json_member_text_or_null(&json, "logsource", entry->log_source);
    iw_json_member_list(&json, "channels", report->wanted_channels);
    iw_json_member_text(&json, "file", entry->file);
    iw_json_member_u64(&json, "line", entry->line);
    iw_json_member_list(&json, "condition", report->conditions);
    iw_json_member_u64(&json, "events", report->n_events);
    iw_json_member_u64(&json, "of_logsource", report->n_of_source);
    iw_json_member_u64(&json, "copies_joined", run->n_duplicate_events);
    iw_json_member_u64(&json, "matched", report->n_matched);
    iw_json_member_u64(&json, "unknown", report->n_unknown);
    iw_json_member_u64(&json, "elsewhere", report->n_elsewhere);
    add_channels(&json, run, report->n_of_source == 0 && !report->is_chosen);
    iw_json_key(&json, IW_STR("missed_for"));
    iw_json_array(&json);
    for (size_t i = 0; i < report->n_counts; i++) {
        iw_json_object(&json);
        iw_json_member_text(&json, "item", report->counts[i].name);
        iw_json_member_u64(&json, "events", report->counts[i].n_blamed);
        iw_json_object_end(&json);
    }
    iw_json_array_end(&json);
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

static void add_context(struct iw_json *json, const struct iw_explained_context *context)
{
    const char *state = !context->is_known ? "unknown" : context->is_partial ? "partial" : "known";
    iw_json_object(json);
    iw_json_member_text(json, "field", context->field);
    iw_json_member_text(json, "state", iw_str_of(state));
    iw_json_member_bool(json, "assumed", context->is_assumed);
    iw_json_key(json, IW_STR("values"));
    iw_json_array(json);
    for (size_t i = 0; i < context->n_values; i++)
        iw_json_text(json, context->values[i]);
    iw_json_array_end(json);
    iw_json_member_u64(json, "values_more", context->n_values_more);
    iw_json_member_text_or_null(json, "why", context->why);
    iw_json_member_text_or_null(json, "evidence", context->evidence);
    iw_json_object_end(json);
}

static void add_item(struct iw_json *json, const struct iw_explained_item *item)
{
    iw_json_object(json);
    iw_json_member_text_or_null(json, "key", item->key);
    iw_json_member_u64(json, "line", item->line);
    iw_json_member_text(json, "answer", iw_str_of(iw_answer_name(item->answer)));
    iw_json_member_bool(json, "blamed", item->is_blamed);
    iw_json_member_bool(json, "absent", item->is_absent);
    iw_json_key(json, IW_STR("event"));
    iw_json_array(json);
    for (size_t i = 0; i < item->n_event_values; i++)
        iw_json_text(json, item->event_values[i]);
    iw_json_array_end(json);
    iw_json_member_u64(json, "event_more", item->n_event_values_more);
    iw_json_key(json, IW_STR("context"));
    iw_json_array(json);
    for (size_t i = 0; i < item->n_context; i++)
        add_context(json, &item->context[i]);
    iw_json_array_end(json);
    iw_json_key(json, IW_STR("values"));
    iw_json_array(json);
    for (size_t i = 0; i < item->n_values; i++) {
        iw_json_object(json);
        iw_json_member_text(json, "answer", iw_str_of(iw_answer_name(item->values[i].answer)));
        iw_json_member_text(json, "text", item->values[i].text);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    iw_json_object_end(json);
}

static void add_selection(struct iw_json *json, const struct iw_explained_selection *selection)
{
    static const char *const BLAMES[] = {NULL, "must-hold", "must-not-hold"};
    iw_json_object(json);
    iw_json_member_text(json, "name", selection->name);
    iw_json_member_text(json, "answer", iw_str_of(iw_answer_name(selection->answer)));
    iw_json_member_text_or_null(json, "blame", iw_str_of(BLAMES[selection->blame]));
    iw_json_key(json, IW_STR("groups"));
    iw_json_array(json);
    for (size_t g = 0; g < selection->n_groups; g++) {
        const struct iw_explained_group *group = &selection->groups[g];
        iw_json_object(json);
        iw_json_member_text(json, "answer", iw_str_of(iw_answer_name(group->answer)));
        iw_json_key(json, IW_STR("items"));
        iw_json_array(json);
        for (size_t i = 0; i < group->n_items; i++)
            add_item(json, &group->items[i]);
        iw_json_array_end(json);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
    iw_json_object_end(json);
}

static void add_event(const struct iw_explained_event *event, struct iw_buffer *out)
{
    const struct iw_explanation *why = &event->explanation;
    struct iw_json json;
    iw_json_init(&json, out);
    iw_json_object(&json);
    iw_json_member_text(&json, "schema", IW_STR("iiswarden.explained-event/1"));
    iw_json_member_text(&json, "answer", iw_str_of(iw_answer_name(why->answer)));
    iw_json_member_u64(&json, "failing", why->n_failing);
    iw_json_member_time(&json, "time", event->time_ns);
    iw_json_member_text_or_null(&json, "computer", event->computer);
    iw_json_member_text_or_null(&json, "channel", event->channel);
    iw_json_member_u64(&json, "event_id", event->event_id);
    iw_json_member_u64(&json, "record_id", event->record_id);
    iw_json_member_text(&json, "source", event->source);
    iw_json_member_u64(&json, "offset", event->offset);
    iw_json_member_bool(&json, "recovered", event->is_recovered);
    iw_json_member_list(&json, "changes", why->changes);
    iw_json_key(&json, IW_STR("selections"));
    iw_json_array(&json);
    for (size_t i = 0; i < why->n_selections; i++)
        add_selection(&json, &why->selections[i]);
    iw_json_array_end(&json);
    iw_json_object_end(&json);
    iw_buffer_add_char(out, '\n');
}

void iw_output_explanation_ndjson(const struct iw_run *run, const struct iw_explain_report *report,
                                  struct iw_buffer *out)
{
    if (report->n_correlations != 0) {
        iw_output_explained_correlations_ndjson(run, report, out);
        return;
    }
    add_rule(run, report, out);
    for (size_t i = 0; i < report->n_shown; i++) {
        add_event(&report->events[i], out);
        iw_buffer_breathe(out);
    }
}
