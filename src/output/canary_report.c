/*
 * Seen by whom, when and how late; or not seen, and what that means.
 */
#include "output/canary.h"

#include "base/host_label.h"
#include "base/json.h"
#include "output/display.h"

#define INDENT 6U

static void add_delay(const struct iw_canary_sighting *sighting, struct iw_buffer *out)
{
    int64_t delay_s;
    if (!iw_time_known(sighting->time_ns) || !iw_time_known(sighting->done_ns))
        return;
    /* The stamp has no fractions of a second. */
    delay_s = (sighting->time_ns - sighting->done_ns) / IW_NS_PER_SECOND;
    if (delay_s < 0)
        iw_buffer_printf(out, ", %lld s before it was done: the clocks differ",
                         -(long long)delay_s);
    else
        iw_buffer_printf(out, ", %lld s after it was done", (long long)delay_s);
}

static void add_sighting(const struct iw_canary_sighting *sighting, const struct iw_style *style,
                         struct iw_buffer *out)
{
    iw_display_spaces(out, INDENT);
    iw_buffer_add(out, IW_STR("seen by "));
    iw_buffer_add(out, sighting->source);
    iw_buffer_add(out, IW_STR(" at "));
    iw_display_time(out, sighting->time_ns, true);
    add_delay(sighting, out);
    if (sighting->n > 1) {
        iw_buffer_add(out, IW_STR(", "));
        iw_display_counted(out, sighting->n, "event", "events");
    }
    iw_buffer_add_char(out, '\n');
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_spaces(out, INDENT + 2);
    iw_display_wrapped(out, style, INDENT + 2, 2, sighting->path);
    iw_display_plain(out, style);
}

/* A plan may name a host by its label or its full name. */
static bool is_one_host(struct iw_str a, struct iw_str b)
{
    return iw_str_equal_nocase(iw_host_label(a), iw_host_label(b));
}

static bool has_events(const struct iw_run *run, struct iw_str host)
{
    for (size_t i = 0; i < run->n_hosts; i++) {
        if (host.n == 0 || is_one_host(run->hosts[i].host, host))
            return true;
    }
    return false;
}

/* What verdicts say of the act's link on its host, first where it is required; NULL: nothing. */
static const struct iw_coverage_link *link_of(const struct iw_run *run,
                                              const struct iw_canary_act *act)
{
    const struct iw_coverage_link *found = NULL;
    for (size_t i = 0; i < run->coverage.n_records; i++) {
        const struct iw_coverage_record *record = &run->coverage.records[i];
        if (!is_one_host(record->host, act->host))
            continue;
        for (size_t k = 0; k < record->n_links; k++) {
            const struct iw_coverage_link *link = &record->links[k];
            if (iw_str_equal(link->name, iw_str_of(iw_canary_kind_link(act->kind))) &&
                (found == NULL || link->is_required))
                found = link;
        }
    }
    return found;
}

/* What closes a required link stands behind the verdicts, once for all hosts. */
static void add_fix(const struct iw_run *run, const struct iw_canary_act *act,
                    struct iw_buffer *out)
{
    const struct iw_coverage_link *link = link_of(run, act);
    struct iw_str rest = link != NULL ? link->fix : IW_STR("");
    if (rest.n == 0)
        return;
    iw_display_spaces(out, INDENT);
    if (link->is_required) {
        iw_buffer_printf(out, "what closes it: below, to see %s on ",
                         iw_canary_kind_link(act->kind));
        iw_buffer_add(out, iw_display_host(act->host));
        iw_buffer_add_char(out, '\n');
        return;
    }
    iw_buffer_add(out, IW_STR("what closes it:\n"));
    while (rest.n != 0) {
        size_t n = iw_str_find(rest, IW_STR("\n"));
        struct iw_str line = {rest.p, n == SIZE_MAX ? rest.n : n};
        iw_display_spaces(out, INDENT + 2);
        iw_display_text(out, line, 0);
        iw_buffer_add_char(out, '\n');
        n = n == SIZE_MAX ? rest.n : n + 1;
        rest = (struct iw_str){rest.p + n, rest.n - n};
    }
}

static void add_not_seen(const struct iw_run *run, const struct iw_canary_act *act,
                         const struct iw_style *style, struct iw_buffer *out)
{
    iw_display_spaces(out, INDENT);
    iw_display_toned(out, style, IW_TONE_WARNING, "not seen");
    iw_buffer_printf(out, " by %s; ", iw_canary_kind_sources(act->kind));
    iw_buffer_add(out, has_events(run, act->host)
                           ? IW_STR("if it was done within the time of these logs, the link is "
                                    "blind\n")
                           : IW_STR("no events of this host are in evidence\n"));
}

static void add_outcome(const struct iw_run *run, const struct iw_canary_outcome *outcome,
                        const struct iw_style *style, struct iw_buffer *out)
{
    const struct iw_canary_act *act = outcome->act;
    iw_buffer_add(out, IW_STR("  "));
    iw_display_text(out, act->id, 0);
    iw_buffer_printf(out, "  %s, ", iw_canary_kind_link(act->kind));
    iw_buffer_printf(out, "%s: ", iw_canary_kind_name(act->kind));
    iw_display_text(out, act->subject, 0);
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < outcome->n; i++)
        add_sighting(&outcome->sightings[i], style, out);
    if (outcome->n != 0)
        return;
    add_not_seen(run, act, style, out);
    if (has_events(run, act->host))
        add_fix(run, act, out);
}

void iw_output_canary_table(const struct iw_run *run, const struct iw_canary_report *report,
                            const struct iw_style *style, struct iw_buffer *out)
{
    size_t n_seen = 0;
    for (size_t i = 0; i < report->n_outcomes; i++) {
        struct iw_str host = report->outcomes[i].act->host;
        if (i == 0 || !iw_str_equal(report->outcomes[i - 1].act->host, host)) {
            iw_display_tone(out, style, IW_TONE_STRONG);
            iw_display_text(out, iw_display_host(host), 0);
            iw_display_plain(out, style);
            iw_buffer_add_char(out, '\n');
        }
        add_outcome(run, &report->outcomes[i], style, out);
        n_seen += report->outcomes[i].n != 0;
        iw_buffer_breathe(out);
    }
    iw_buffer_add_char(out, '\n');
    iw_display_count(out, n_seen);
    iw_buffer_add(out, IW_STR(" of "));
    iw_display_counted(out, report->n_outcomes, "act was seen.\n", "acts were seen.\n");
    if (report->n_foreign != 0) {
        iw_display_counted(out, report->n_foreign, "event has", "events have");
        iw_buffer_add(out, IW_STR(" the marker and fit no act of the plan on their host.\n"));
    }
    if (report->n_hidden != 0) {
        iw_display_counted(out, report->n_hidden, "event", "events");
        iw_buffer_add(out, IW_STR(" more found no room.\n"));
    }
}

static void add_sighting_json(const struct iw_canary_sighting *sighting, struct iw_json *json)
{
    iw_json_object(json);
    iw_json_member_text(json, "source", sighting->source);
    iw_json_member_text(json, "host", sighting->host);
    iw_json_member_time(json, "time", sighting->time_ns);
    iw_json_member_time(json, "done", sighting->done_ns);
    iw_json_key(json, IW_STR("delay_s"));
    if (iw_time_known(sighting->time_ns) && iw_time_known(sighting->done_ns))
        iw_json_i64(json, (sighting->time_ns - sighting->done_ns) / IW_NS_PER_SECOND);
    else
        iw_json_null(json);
    iw_json_member_u64(json, "events", sighting->n);
    iw_json_member_u64(json, "record_id", sighting->record_id);
    iw_json_member_text(json, "file", sighting->path);
    iw_json_object_end(json);
}

void iw_output_canary_ndjson(const struct iw_run *run, const struct iw_canary_report *report,
                             struct iw_buffer *out)
{
    for (size_t i = 0; i < report->n_outcomes; i++) {
        const struct iw_canary_outcome *outcome = &report->outcomes[i];
        const struct iw_coverage_link *link = outcome->n == 0 ? link_of(run, outcome->act) : NULL;
        struct iw_json json;
        iw_json_init(&json, out);
        iw_json_object(&json);
        iw_json_member_text(&json, "schema", IW_STR("iiswarden.canary/1"));
        iw_json_member_text_or_null(&json, "host", outcome->act->host);
        iw_json_member_text(&json, "id", outcome->act->id);
        iw_json_member_text(&json, "kind", iw_str_of(iw_canary_kind_name(outcome->act->kind)));
        iw_json_member_text(&json, "link", iw_str_of(iw_canary_kind_link(outcome->act->kind)));
        iw_json_member_text(&json, "subject", outcome->act->subject);
        iw_json_member_bool(&json, "seen", outcome->n != 0);
        iw_json_key(&json, IW_STR("sightings"));
        iw_json_array(&json);
        for (size_t k = 0; k < outcome->n; k++)
            add_sighting_json(&outcome->sightings[k], &json);
        iw_json_array_end(&json);
        iw_json_member_text_or_null(&json, "fix", link != NULL ? link->fix : IW_STR(""));
        iw_json_object_end(&json);
        iw_buffer_add_char(out, '\n');
        iw_buffer_breathe(out);
    }
}
