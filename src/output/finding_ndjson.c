/*
 * Findings as `iiswarden.finding/1`, one a line (docs/DATA-MODEL.md).
 *
 * The order of keys is part of the contract: a line is compared byte by byte between runs. Every
 * key but `event` is always there. What is only for the table (user, pool, detail) and what
 * identity is made of (anchor, digest) is not written: the evidence says it.
 */
#include "output/json_members.h"
#include "output/output.h"
#include "result/change_level.h"

/* A value that is JSON already. */
static void add_ready(struct iw_json *json, const char *key, struct iw_str value)
{
    iw_json_key(json, iw_str_of(key));
    iw_buffer_add(json->out, value);
    json->need_comma = true;
}

static void add_rule(struct iw_json *json, const struct iw_finding *finding)
{
    if (finding->rule_id.n == 0 && finding->rule_title.n == 0) {
        iw_json_member_null(json, "rule");
        return;
    }
    iw_json_key(json, IW_STR("rule"));
    iw_json_object(json);
    iw_json_member_text_or_null(json, "id", finding->rule_id);
    iw_json_member_text_or_null(json, "title", finding->rule_title);
    iw_json_object_end(json);
}

static void add_subject(struct iw_json *json, const struct iw_finding *finding)
{
    iw_json_key(json, IW_STR("subject"));
    iw_json_object(json);
    iw_json_member_text_or_null(json, "type", finding->subject_type);
    iw_json_member_text_or_null(json, "name", finding->subject_name);
    iw_json_object_end(json);
}

static void add_change(struct iw_json *json, const struct iw_change *change)
{
    iw_json_key(json, IW_STR("change"));
    iw_json_object(json);
    iw_json_member_text(json, "status", iw_str_of(iw_change_status_name(change->status)));
    iw_json_member_text_or_null(json, "record", change->record);
    iw_json_member_text_or_null(json, "why", change->why);
    iw_json_object_end(json);
}

static void add_evidence_item(struct iw_json *json, const struct iw_evidence_item *item)
{
    iw_json_object(json);
    iw_json_member_text(json, "role", item->role);
    iw_json_member_time(json, "time", item->time_ns);
    iw_json_member_text_or_null(json, "channel", item->channel);
    iw_json_member_u64_or_null(json, "event_id", item->event_id,
                               item->channel.n != 0 || item->event_id != 0);
    iw_json_member_u64_or_null(json, "record_id", item->record_id, item->record_id != 0);
    iw_json_member_text(json, "source", item->source);
    iw_json_member_u64(json, "offset", item->offset);
    iw_json_member_u64_or_null(json, "line", item->line, item->line != 0);
    add_ready(json, "fields", item->fields_json.n != 0 ? item->fields_json : IW_STR("{}"));
    if (item->host.n != 0)
        iw_json_member_text(json, "host", item->host);
    iw_json_object_end(json);
}

static void add_evidence(struct iw_json *json, const struct iw_finding *finding)
{
    iw_json_key(json, IW_STR("evidence"));
    iw_json_array(json);
    for (size_t i = 0; i < finding->n_evidence; i++)
        add_evidence_item(json, &finding->evidence[i]);
    iw_json_array_end(json);
}

static void add_finding(struct iw_json *json, const struct iw_finding *finding)
{
    iw_json_object(json);
    iw_json_member_text(json, "schema", IW_STR("iiswarden.finding/1"));
    iw_json_member_text(json, "id", iw_str_of(finding->id));
    iw_json_member_text(json, "kind", iw_str_of(iw_finding_kind_name(finding->kind)));
    iw_json_member_text(json, "title", finding->title);
    iw_json_member_text(json, "level", iw_str_of(iw_level_name(finding->level)));
    iw_json_member_u64(json, "score", finding->score);
    iw_json_member_list(json, "analytic", finding->analytic);
    iw_json_member_bool(json, "partial", finding->is_partial);
    iw_json_member_list(json, "attack", finding->attack);
    add_rule(json, finding);
    iw_json_member_text_or_null(json, "host", finding->host);
    iw_json_member_time(json, "first_time", finding->first_time_ns);
    iw_json_member_time(json, "last_time", finding->last_time_ns);
    add_subject(json, finding);
    add_change(json, &finding->change);
    iw_json_member_list(json, "why", finding->why);
    add_evidence(json, finding);
    iw_json_member_list(json, "blind", finding->blind);
    iw_json_member_list(json, "triage", finding->triage);
    if (finding->event_json.n != 0)
        add_ready(json, "event", finding->event_json);
    iw_json_object_end(json);
}

enum iw_rc iw_output_findings_ndjson(const struct iw_run *run, enum iw_level min_level,
                                     struct iw_buffer *out, struct iw_error *err)
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, &run->findings, err);
    while (rc == IW_OK && !out->failed &&
           (rc = iw_finding_cursor_next(&cursor, &finding, err)) == IW_OK) {
        struct iw_json json;
        if (finding->level < min_level)
            continue;
        iw_json_init(&json, out);
        add_finding(&json, finding);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
    iw_finding_cursor_done(&cursor);
    if (rc == IW_END)
        rc = IW_OK;
    out->failed = out->failed || rc != IW_OK;
    return rc;
}
