/*
 * Reports as records and findings.
 *
 * Identity: the anchor of the event that completed it, and the group. Which rules and how many
 * events stood behind it may change with more evidence of the same act; these do not.
 */
#include "engine/correlation_report.h"

#include "base/packed.h"
#include "engine/rule_finding.h"

/* --- records ------------------------------------------------------------------------------- */

size_t iw_correlation_report_completing(const struct iw_correlate_report *report)
{
    for (size_t i = report->n_evidence; i-- > 0;) {
        if (report->evidence[i].ordinal == report->completing)
            return i;
    }
    return SIZE_MAX;
}

void iw_correlation_report_write(const struct iw_correlate_report *report, struct iw_buffer *out)
{
    size_t completing = iw_correlation_report_completing(report);
    iw_pack_number(out, report->correlation);
    iw_pack_text(out, report->host);
    iw_pack_number(out, (uint64_t)report->first_ns);
    iw_pack_number(out, (uint64_t)report->last_ns);
    iw_pack_number(out, report->is_count);
    iw_pack_number(out, report->count);
    iw_buffer_add(out, (struct iw_str){(const char *)&report->number, sizeof report->number});
    iw_pack_number(out, report->n_events);
    iw_pack_number(out, report->n_held);
    iw_pack_number(out, report->n_evidence_all);
    iw_pack_number(out, report->n_key);
    for (size_t i = 0; i < report->n_key; i++) {
        iw_pack_text(out, report->key[i].name);
        iw_pack_text(out, report->key[i].text);
    }
    iw_pack_number(out, report->n_evidence);
    for (size_t i = 0; i < report->n_evidence; i++) {
        iw_pack_number(out, report->evidence[i].rule);
        iw_pack_number(out, report->evidence[i].is_correlation);
    }
    iw_pack_number(out, completing != SIZE_MAX ? completing : report->n_evidence);
}

/* Lists of a record that was cut short are shorter than they say, and the record is broken. */
static enum iw_rc read_lists(struct iw_unpacking *in, struct iw_arena *arena,
                             struct iw_kept_report *ret)
{
    struct iw_reported_key *keys;
    struct iw_reported_event *events;
    ret->n_keys = iw_unpack_count(in);
    keys = iw_arena_alloc(arena, (ret->n_keys + 1) * sizeof *keys);
    if (keys == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_keys; i++) {
        keys[i].name = iw_unpack_text(in);
        keys[i].text = iw_unpack_text(in);
    }
    ret->n_events_named = iw_unpack_count(in);
    events = iw_arena_alloc(arena, (ret->n_events_named + 1) * sizeof *events);
    if (events == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->n_events_named; i++) {
        events[i].rule = (uint32_t)iw_unpack_below(in, UINT32_MAX);
        events[i].is_correlation = iw_unpack_below(in, 2) != 0;
    }
    ret->completing = (size_t)iw_unpack_below(in, ret->n_events_named + 1);
    ret->adds_completing = ret->completing == ret->n_events_named;
    if (ret->adds_completing)
        events[ret->n_events_named++] =
            (struct iw_reported_event){(uint32_t)ret->correlation, true};
    ret->keys = keys;
    ret->events = events;
    return IW_OK;
}

enum iw_rc iw_correlation_report_read(struct iw_str record, struct iw_arena *arena,
                                      struct iw_kept_report *ret, struct iw_error *err)
{
    struct iw_unpacking in = {record, false};
    ret->correlation = (size_t)iw_unpack_number(&in);
    ret->host = iw_unpack_text(&in);
    ret->first_ns = (int64_t)iw_unpack_number(&in);
    ret->last_ns = (int64_t)iw_unpack_number(&in);
    ret->is_count = iw_unpack_number(&in) != 0;
    ret->count = iw_unpack_number(&in);
    (void)iw_unpack_bytes(&in, &ret->number, sizeof ret->number);
    ret->n_events = iw_unpack_number(&in);
    ret->n_held = iw_unpack_number(&in);
    ret->n_evidence_all = iw_unpack_number(&in);
    if (read_lists(&in, arena, ret) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (iw_unpack_is_whole(&in))
        return IW_OK;
    return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
}

/* --- findings ------------------------------------------------------------------------------ */

struct builder {
    const struct iw_kept_report *report;
    const struct iw_match_input *input;
    const struct iw_finding *events;
    struct iw_arena *arena;
    struct iw_finding *finding;
    struct iw_str *lines; /* of why */
    struct iw_buffer text;
};

static struct iw_str kept(struct builder *b)
{
    return b->text.failed ? (struct iw_str){NULL, 0}
                          : iw_arena_copy(b->arena, iw_buffer_str(&b->text));
}

static void add_lower(struct iw_buffer *out, struct iw_str text)
{
    for (size_t i = 0; i < text.n; i++)
        iw_buffer_add_char(out, iw_ascii_lower(text.p[i]));
}

/* The event's anchor, with the group behind: one event may complete several. */
static enum iw_rc set_anchor(struct builder *b)
{
    iw_buffer_clear(&b->text);
    iw_buffer_add(&b->text, b->finding->anchor);
    for (size_t i = 0; i < b->report->n_keys; i++) {
        iw_buffer_add_char(&b->text, '|');
        add_lower(&b->text, b->report->keys[i].text);
    }
    b->finding->anchor = kept(b);
    return b->finding->anchor.p != NULL ? IW_OK : IW_ENOMEM;
}

/* What the event stands for in the correlation. */
static struct iw_str role_of(const struct builder *b, size_t i)
{
    const struct iw_reported_event *event = &b->report->events[i];
    if (b->report->adds_completing && i == b->report->completing)
        return IW_STR("match");
    return event->is_correlation ? b->input->correlations[event->rule].title
                                 : b->input->rules[event->rule].title;
}

/* All events with all places each was read from. */
static enum iw_rc set_evidence(struct builder *b)
{
    struct iw_finding *f = b->finding;
    size_t n = 0;
    for (size_t i = 0; i < b->report->n_events_named; i++)
        n += b->events[i].n_evidence;
    f->evidence = iw_arena_alloc(b->arena, (n + 1) * sizeof *f->evidence);
    f->n_evidence = 0;
    f->n_copies_hidden = 0;
    if (f->evidence == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < b->report->n_events_named; i++) {
        const struct iw_finding *event = &b->events[i];
        f->n_copies_hidden += event->n_copies_hidden;
        for (size_t k = 0; k < event->n_evidence; k++) {
            struct iw_evidence_item *item = &f->evidence[f->n_evidence++];
            *item = event->evidence[k];
            if (k == 0)
                item->role = role_of(b, i);
            item->host = iw_str_equal(event->host, f->host) ? IW_STR("") : event->host;
        }
    }
    return IW_OK;
}

/* --- why --- */

#define MOST_LINES 8U

static enum iw_rc add_line(struct builder *b)
{
    struct iw_str line = kept(b);
    if (line.p == NULL)
        return IW_ENOMEM;
    b->lines[b->finding->why.n++] = line;
    iw_buffer_clear(&b->text);
    return IW_OK;
}

static enum iw_rc add_group(struct builder *b)
{
    const struct iw_kept_report *report = b->report;
    if (report->n_keys == 0)
        return IW_OK;
    iw_buffer_add(&b->text, IW_STR("group: "));
    for (size_t i = 0; i < report->n_keys; i++) {
        if (i != 0)
            iw_buffer_add(&b->text, IW_STR(", "));
        iw_buffer_add(&b->text, report->keys[i].name);
        iw_buffer_add(&b->text, IW_STR(" = "));
        iw_buffer_add(&b->text, report->keys[i].text);
    }
    return add_line(b);
}

static enum iw_rc add_counts(struct builder *b)
{
    const struct iw_kept_report *report = b->report;
    size_t n_listed = report->n_events_named - (report->adds_completing ? 1 : 0);
    char last[IW_TIME_TEXT_BYTES];
    if (report->is_count)
        iw_buffer_printf(&b->text, "count when the condition was met: %llu",
                         (unsigned long long)report->count);
    else
        iw_buffer_printf(&b->text, "value when the condition was met: %.6g", report->number);
    IW_TRY(add_line(b));
    iw_buffer_printf(&b->text, "events that met it: %llu",
                     (unsigned long long)report->n_evidence_all);
    if (n_listed < report->n_evidence_all)
        iw_buffer_printf(&b->text, ", %zu of them listed", n_listed);
    IW_TRY(add_line(b));
    if (b->input->fire_every || report->n_held < 2)
        return IW_OK;
    iw_buffer_printf(&b->text, "it went on: met at %llu events, %llu events in all, the last at %s",
                     (unsigned long long)report->n_held, (unsigned long long)report->n_events,
                     iw_time_words(report->last_ns, false, last));
    return add_line(b);
}

static enum iw_rc add_other_hosts(struct builder *b)
{
    for (size_t i = 0; i < b->report->n_events_named; i++) {
        if (iw_str_equal(b->events[i].host, b->report->host))
            continue;
        iw_buffer_add(&b->text, IW_STR("events of other hosts took part"));
        return add_line(b);
    }
    return IW_OK;
}

static enum iw_rc add_clock(struct builder *b)
{
    if (!b->finding->is_local_time)
        return IW_OK;
    iw_buffer_add(&b->text, IW_STR(IW_LOCAL_TIME_WORDS));
    return add_line(b);
}

static enum iw_rc set_why(struct builder *b, const struct iw_sigma_rule *rule)
{
    b->lines = iw_arena_calloc(b->arena, MOST_LINES, sizeof *b->lines);
    b->finding->why = (struct iw_text_list){b->lines, 0};
    if (b->lines == NULL)
        return IW_ENOMEM;
    iw_buffer_clear(&b->text);
    if (rule->description.n != 0) {
        iw_buffer_add(&b->text, rule->description);
        IW_TRY(add_line(b));
    }
    IW_TRY(add_group(b));
    IW_TRY(add_counts(b));
    IW_TRY(add_clock(b));
    return add_other_hosts(b);
}

enum iw_rc iw_correlation_report_finding(const struct iw_kept_report *report,
                                         const struct iw_match_input *input,
                                         const struct iw_finding *events, struct iw_arena *arena,
                                         struct iw_finding *ret)
{
    const struct iw_sigma_rule *rule = &input->correlations[report->correlation];
    struct builder b = {
        .report = report, .input = input, .events = events, .arena = arena, .finding = ret};
    enum iw_rc rc;
    *ret = events[report->completing];
    iw_buffer_init(&b.text);
    rc = iw_rule_finding_complete(rule, arena, ret);
    ret->kind = IW_FINDING_CORRELATION;
    ret->is_partial = false; /* its rules say what the whole is */
    ret->host = report->host;
    ret->first_time_ns = report->first_ns;
    ret->last_time_ns = report->last_ns;
    if (rc == IW_OK)
        rc = set_anchor(&b);
    if (rc == IW_OK)
        rc = set_evidence(&b);
    if (rc == IW_OK)
        rc = set_why(&b, rule);
    if (rc == IW_OK)
        rc = iw_match_tell_hidden_copies(ret, arena);
    iw_buffer_done(&b.text);
    return rc;
}
