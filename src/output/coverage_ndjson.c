/*
 * Coverage as `iiswarden.coverage/1`: a line for each host and analytic.
 */
#include "output/coverage_json.h"
#include "output/json_members.h"
#include "output/output.h"

/* How many stand of each level: more than are listed, where these are many. */
static void add_standing(struct iw_json *json, const struct iw_coverage_record *record)
{
    iw_json_key(json, IW_STR("standing"));
    iw_json_object(json);
    for (enum iw_level level = IW_LEVEL_COUNT - 1; level >= IW_COVERAGE_STANDING; level--)
        iw_json_member_u64(json, iw_level_name(level), record->n_standing[level]);
    iw_json_object_end(json);
}

static void add_links(struct iw_json *json, const struct iw_coverage_record *record)
{
    iw_json_key(json, IW_STR("links"));
    iw_json_array(json);
    for (size_t i = 0; i < record->n_links; i++) {
        const struct iw_coverage_link *link = &record->links[i];
        iw_json_object(json);
        iw_json_member_text(json, "link", link->name);
        iw_json_member_text(json, "state", iw_str_of(iw_link_state_name(link->state)));
        iw_json_member_bool(json, "required", link->is_required);
        iw_json_member_text_or_null(json, "source", link->source);
        iw_json_member_text(json, "why", link->why);
        iw_json_member_text_or_null(json, "fix", link->fix);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_spans(struct iw_json *json, const struct iw_coverage_record *record)
{
    iw_json_key(json, IW_STR("spans"));
    iw_json_array(json);
    for (size_t i = 0; i < record->n_spans; i++) {
        const struct iw_coverage_span *span = &record->spans[i];
        iw_json_object(json);
        iw_json_member_time(json, "from", span->from_ns);
        iw_json_member_time(json, "to", span->to_ns);
        iw_json_member_text(json, "verdict", iw_str_of(iw_verdict_name(span->verdict)));
        iw_json_member_list(json, "why", span->why);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

void iw_coverage_members(struct iw_json *json, const struct iw_coverage_record *record)
{
    iw_json_member_text_or_null(json, "host", record->host);
    iw_json_member_text_or_null(json, "server", record->server);
    iw_json_member_text(json, "analytic", record->analytic);
    iw_json_member_text(json, "verdict", iw_str_of(iw_verdict_name(record->verdict)));
    iw_json_member_bool(json, "partial", record->is_partial);
    iw_json_member_list(json, "findings", record->findings);
    add_standing(json, record);
    add_links(json, record);
    add_spans(json, record);
    iw_json_member_list(json, "beyond", record->beyond);
    iw_json_member_list(json, "notes", record->notes);
}

void iw_output_coverage_ndjson(const struct iw_run *run, struct iw_buffer *out)
{
    for (size_t i = 0; i < run->coverage.n_records; i++) {
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.coverage/1"));
        iw_coverage_members(&json, &run->coverage.records[i]);
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
}
