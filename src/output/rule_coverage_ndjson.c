/*
 * Rules that could have matched as `iiswarden.rule-coverage/1`: a line for each host, then one for
 * each reason, with the first of its rules.
 */
#include "base/json.h"
#include "output/output.h"

static void begin_line(struct iw_json *json, struct iw_buffer *out, const char *record,
                       struct iw_str host)
{
    iw_json_init(json, out);
    iw_json_object(json);
    iw_json_member_text(json, "schema", IW_STR("iiswarden.rule-coverage/1"));
    iw_json_member_text(json, "record", iw_str_of(record));
    iw_json_member_text_or_null(json, "host", host);
}

static void end_line(struct iw_json *json, struct iw_buffer *out)
{
    iw_json_object_end(json);
    iw_buffer_add_char(out, '\n');
    iw_buffer_breathe(out);
}

static void add_host(const struct iw_rule_coverage_host *host, uint64_t n_rules,
                     struct iw_buffer *out)
{
    struct iw_json json;
    begin_line(&json, out, "host", host->host);
    iw_json_member_time(&json, "from", host->from_ns);
    iw_json_member_time(&json, "to", host->to_ns);
    iw_json_member_u64(&json, "rules", n_rules);
    iw_json_member_u64(&json, "able", host->n_rules[IW_SIGHT_ABLE]);
    iw_json_member_u64(&json, "partly", host->n_rules[IW_SIGHT_PARTLY]);
    iw_json_member_u64(&json, "not_proved", host->n_rules[IW_SIGHT_NOT_PROVED]);
    iw_json_member_u64(&json, "blind", host->n_rules[IW_SIGHT_BLIND]);
    iw_json_member_u64(&json, "reasons_hidden", host->n_reasons_hidden);
    iw_json_member_u64(&json, "rules_hidden", host->n_rules_hidden);
    end_line(&json, out);
}

static void add_rules(struct iw_json *json, const struct iw_rule_account *account,
                      const struct iw_rule_reason *reason)
{
    iw_json_key(json, IW_STR("first"));
    iw_json_array(json);
    for (size_t i = 0; i < reason->n_listed; i++) {
        const struct iw_rule_entry *entry = &account->entries[reason->rules[i]];
        iw_json_object(json);
        iw_json_member_text_or_null(json, "id", entry->id);
        iw_json_member_text_or_null(json, "title", entry->title);
        iw_json_member_text(json, "file", entry->file);
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

static void add_reason(const struct iw_run *run, struct iw_str host,
                       const struct iw_rule_reason *reason, struct iw_buffer *out)
{
    struct iw_json json;
    begin_line(&json, out, "reason", host);
    iw_json_member_text(&json, "state", iw_str_of(iw_sight_name(reason->sight)));
    iw_json_member_text(&json, "why", reason->why);
    iw_json_member_u64(&json, "rules", reason->n_rules);
    add_rules(&json, &run->rules, reason);
    end_line(&json, out);
}

void iw_output_rule_coverage_ndjson(const struct iw_run *run, struct iw_buffer *out)
{
    const struct iw_rule_coverage *coverage = &run->rule_coverage;
    for (size_t i = 0; i < coverage->n_hosts; i++) {
        const struct iw_rule_coverage_host *host = &coverage->hosts[i];
        add_host(host, coverage->n_rules, out);
        for (size_t k = 0; k < host->n_reasons; k++)
            add_reason(run, host->host, &host->reasons[k], out);
    }
}
