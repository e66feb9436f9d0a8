/*
 * Findings for people: hosts with the worst finding first, in each the worst first, then by time.
 *
 * What one rule says again and again of one host is one entry with a count, the first few times and
 * the last. Long text is cut and the rest counted, so that a command line of 100 kB cannot push
 * everything else off the screen, nor fill a file; NDJSON has it whole.
 */
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/utf.h"
#include "output/display.h"

#define DETAIL_INDENT 12U
#define LABEL_COLUMNS 6U
#define TIME_COLUMNS 23U
#define TITLE_INDENT (DETAIL_INDENT + TIME_COLUMNS + 2U)
#define REPEATS_SHOWN 3U
#define LEVEL_COLUMNS 8U
#define SOURCES_NAMED 5U
#define ENTRIES_SHOWN 6U
#define WHAT_CHARACTERS 300U

struct row {
    const struct iw_finding *finding;
    size_t position; /* in the run: order of time */
};

/* Rows [first, first + n) of one rule on one host. */
struct group {
    const struct row *rows;
    size_t n;
    enum iw_level host_worst;
};

struct table {
    struct row *rows;
    size_t n_rows;
    struct group *groups;
    size_t n_groups;
    size_t n_hosts;
    const struct iw_run *run;
    const struct iw_style *style;
    struct iw_buffer *out;
};

static struct iw_str rule_key(const struct iw_finding *finding)
{
    return finding->rule_id.n != 0 ? finding->rule_id : finding->title;
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = iw_str_compare(a->finding->host, b->finding->host);
    if (order == 0 && a->finding->level != b->finding->level)
        order = a->finding->level > b->finding->level ? -1 : 1;
    if (order == 0)
        order = iw_str_compare(rule_key(a->finding), rule_key(b->finding));
    return order != 0 ? order : compare_sizes(a->position, b->position);
}

static int compare_groups(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    const struct iw_finding *first = a->rows[0].finding, *second = b->rows[0].finding;
    int order = 0;
    if (a->host_worst != b->host_worst)
        order = a->host_worst > b->host_worst ? -1 : 1;
    if (order == 0)
        order = iw_str_compare(first->host, second->host);
    if (order == 0 && first->level != second->level)
        order = first->level > second->level ? -1 : 1;
    return order != 0 ? order : compare_sizes(a->rows[0].position, b->rows[0].position);
}

static bool same_group(const struct iw_finding *a, const struct iw_finding *b)
{
    return iw_str_equal(a->host, b->host) && a->level == b->level &&
           iw_str_equal(rule_key(a), rule_key(b));
}

static void make_groups(struct table *table)
{
    enum iw_level worst = IW_LEVEL_INFORMATIONAL;
    for (size_t i = 0; i < table->n_rows; i++) {
        const struct row *row = &table->rows[i], *before = i != 0 ? row - 1 : NULL;
        if (before == NULL || !iw_str_equal(before->finding->host, row->finding->host)) {
            worst = row->finding->level; /* the first of a host is its worst */
            table->n_hosts++;
        }
        if (before == NULL || !same_group(before->finding, row->finding))
            table->groups[table->n_groups++] = (struct group){row, 0, worst};
        table->groups[table->n_groups - 1].n++;
    }
}

static bool collect(struct table *table, enum iw_level min_level)
{
    const struct iw_findings *findings = &table->run->findings;
    table->rows = iw_calloc(findings->n, sizeof *table->rows);
    table->groups = iw_calloc(findings->n, sizeof *table->groups);
    if (table->rows == NULL || table->groups == NULL)
        return false;
    for (size_t i = 0; i < findings->n; i++) {
        if (findings->items[i]->level >= min_level)
            table->rows[table->n_rows++] = (struct row){findings->items[i], i};
    }
    qsort(table->rows, table->n_rows, sizeof *table->rows, compare_rows);
    make_groups(table);
    qsort(table->groups, table->n_groups, sizeof *table->groups, compare_groups);
    return true;
}

static const struct iw_host_span *find_host(const struct iw_run *run, struct iw_str host)
{
    for (size_t i = 0; i < run->n_hosts; i++) {
        if (iw_str_equal(run->hosts[i].host, host))
            return &run->hosts[i];
    }
    return NULL;
}

static void add_host_line(const struct table *table, struct iw_str host, uint64_t n_findings)
{
    const struct iw_host_span *span = find_host(table->run, host);
    struct iw_buffer *out = table->out;
    iw_display_tone(out, table->style, IW_TONE_STRONG);
    (void)iw_display_text(out, host.n != 0 ? host : IW_STR("(host unknown)"), 64);
    iw_display_plain(out, table->style);
    iw_buffer_add(out, IW_STR("   "));
    iw_display_counted(out, n_findings, "finding", "findings");
    if (span != NULL) {
        iw_buffer_add(out, IW_STR(" in "));
        iw_display_counted(out, span->n_events, "event", "events");
        if (iw_time_known(span->first_ns)) {
            iw_buffer_add(out, IW_STR(", "));
            iw_display_span(out, span->first_ns, span->last_ns);
            iw_buffer_add(out, IW_STR(" UTC"));
        }
    }
    iw_buffer_add(out, IW_STR("\n\n"));
}

static void add_label(const struct table *table, const char *label)
{
    iw_display_spaces(table->out, DETAIL_INDENT);
    if (*label == '\0') {
        iw_display_spaces(table->out, LABEL_COLUMNS);
        return;
    }
    iw_display_tone(table->out, table->style, IW_TONE_FAINT);
    iw_display_cell(table->out, iw_str_of(label), LABEL_COLUMNS);
    iw_display_plain(table->out, table->style);
}

static void add_detail(const struct table *table, const char *label, unsigned max_lines,
                       struct iw_str text)
{
    if (text.n == 0)
        return;
    add_label(table, label);
    iw_display_wrapped(table->out, table->style, DETAIL_INDENT + LABEL_COLUMNS, max_lines, text);
}

/* One entry a line; what is past the first few is counted. */
static void add_list_detail(const struct table *table, const char *label,
                            const struct iw_text_list *list)
{
    for (size_t i = 0; i < list->n && i < ENTRIES_SHOWN; i++)
        add_detail(table, i == 0 ? label : "", 3, list->items[i]);
    if (list->n > ENTRIES_SHOWN) {
        add_label(table, "");
        iw_buffer_add(table->out, IW_STR("and "));
        iw_display_count(table->out, list->n - ENTRIES_SHOWN);
        iw_buffer_add(table->out, IW_STR(" more\n"));
    }
}

static void add_time_cell(struct iw_buffer *out, int64_t time_ns)
{
    if (iw_time_known(time_ns))
        iw_display_time(out, time_ns, true);
    else
        iw_display_cell(out, IW_STR("time unknown"), TIME_COLUMNS);
    iw_display_spaces(out, 2);
}

static void add_title_line(const struct table *table, const struct group *group,
                           struct iw_buffer *scratch)
{
    static const char *const LEVELS[IW_LEVEL_COUNT] = {
        [IW_LEVEL_INFORMATIONAL] = "info", [IW_LEVEL_LOW] = "low",
        [IW_LEVEL_MEDIUM] = "medium",      [IW_LEVEL_HIGH] = "high",
        [IW_LEVEL_CRITICAL] = "critical",
    };
    const struct iw_finding *finding = group->rows[0].finding;
    struct iw_buffer *out = table->out;

    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, finding->title);
    if (group->n > 1) {
        iw_buffer_add(scratch, IW_STR(", "));
        iw_display_counted(scratch, group->n, "event", "events");
    }
    /* A rule sees one event, so all its findings are partial: a word worth reading only elsewhere.
     */
    if (finding->is_partial && finding->kind != IW_FINDING_RULE)
        iw_buffer_add(scratch, IW_STR(" (partial)"));
    for (size_t i = 0; i < finding->attack.n; i++) {
        iw_buffer_add(scratch, i == 0 ? IW_STR(" [") : IW_STR(" "));
        iw_buffer_add(scratch, finding->attack.items[i]);
    }
    if (finding->attack.n != 0)
        iw_buffer_add_char(scratch, ']');
    out->failed |= scratch->failed;
    iw_display_spaces(out, 2);
    iw_display_tone(out, table->style, iw_display_level_tone(finding->level));
    iw_display_cell(out, iw_str_of(LEVELS[finding->level]), LEVEL_COLUMNS);
    iw_display_plain(out, table->style);
    iw_display_spaces(out, 2);
    add_time_cell(out, finding->first_time_ns);
    iw_display_wrapped(out, table->style, TITLE_INDENT, 3, iw_buffer_str(scratch));
}

static struct iw_str what_of(const struct iw_finding *finding)
{
    return finding->detail.n != 0 ? finding->detail : finding->subject_name;
}

/* What was done, cut for people. */
static void add_what(struct iw_buffer *out, const struct iw_finding *finding)
{
    struct iw_str text = what_of(finding);
    size_t end = iw_display_fit(text, WHAT_CHARACTERS);
    uint64_t n_left = 0;
    iw_buffer_add(out, (struct iw_str){text.p, end});
    for (size_t at = end; at < text.n; n_left++)
        (void)iw_utf8_next(text, &at);
    if (n_left == 0)
        return;
    iw_buffer_add(out, IW_STR("… ("));
    iw_display_counted(out, n_left, "more character", "more characters");
    iw_buffer_add(out, IW_STR("; whole in NDJSON)"));
}

static const struct iw_evidence_item *first_item(const struct iw_finding *finding)
{
    return finding->n_evidence != 0 ? &finding->evidence[0] : NULL;
}

/* Whether the group is of several kinds of event: one act often stands in two logs. */
static bool has_several_kinds(const struct group *group)
{
    const struct iw_evidence_item *first = first_item(group->rows[0].finding);
    for (size_t i = 1; i < group->n; i++) {
        const struct iw_evidence_item *item = first_item(group->rows[i].finding);
        if (first == NULL || item == NULL || item->event_id != first->event_id ||
            !iw_str_equal(item->channel, first->channel))
            return true;
    }
    return false;
}

/* `Sysmon 1`, `Security 4688`. */
static void add_kind_of_event(struct iw_buffer *out, const struct iw_finding *finding)
{
    static const struct iw_str PREFIX = {"Microsoft-Windows-", 18}, SUFFIX = {"/Operational", 12};
    const struct iw_evidence_item *item = first_item(finding);
    struct iw_str channel;
    if (item == NULL)
        return;
    channel = item->channel;
    if (iw_str_begins_nocase(channel, PREFIX)) {
        channel.p += PREFIX.n;
        channel.n -= PREFIX.n;
    }
    if (iw_str_ends_nocase(channel, SUFFIX))
        channel.n -= SUFFIX.n;
    iw_buffer_add(out, channel);
    iw_buffer_printf(out, " %u  ", item->event_id);
}

static void add_single_what(const struct table *table, const struct iw_finding *finding,
                            struct iw_buffer *scratch)
{
    iw_buffer_clear(scratch);
    add_what(scratch, finding);
    table->out->failed |= scratch->failed;
    add_detail(table, "what", UINT_MAX, iw_buffer_str(scratch));
}

/* The first few of a group and when the last one was. */
static void add_repeats(const struct table *table, const struct group *group,
                        struct iw_buffer *scratch)
{
    struct iw_buffer *out = table->out;
    size_t shown = group->n < REPEATS_SHOWN ? group->n : REPEATS_SHOWN;
    bool names_kinds = has_several_kinds(group);
    for (size_t i = 0; i < shown; i++) {
        const struct iw_finding *finding = group->rows[i].finding;
        iw_buffer_clear(scratch);
        iw_display_time(scratch, finding->first_time_ns, true);
        iw_buffer_add(scratch, IW_STR("  "));
        if (names_kinds)
            add_kind_of_event(scratch, finding);
        if (table->style->width == 0)
            add_what(scratch, finding);
        else /* the two lines cut it */
            iw_buffer_add(scratch, what_of(finding));
        out->failed |= scratch->failed;
        add_detail(table, i == 0 ? "what" : "", 2, iw_buffer_str(scratch));
    }
    if (shown < group->n) {
        add_label(table, "");
        iw_buffer_add(out, IW_STR("and "));
        iw_display_count(out, group->n - shown);
        iw_buffer_add(out, IW_STR(" more, the last at "));
        iw_display_time(out, group->rows[group->n - 1].finding->last_time_ns, true);
        iw_buffer_add_char(out, '\n');
    }
}

/* The event itself, and how often a copy of it was met. */
static void add_source(const struct table *table, const struct group *group,
                       struct iw_buffer *scratch)
{
    const struct iw_finding *finding = group->rows[0].finding;
    const struct iw_evidence_item *item = NULL;
    uint64_t n_copies = finding->n_copies_hidden;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        if (iw_str_equal(finding->evidence[i].role, IW_STR("copy")))
            n_copies++;
        else if (item == NULL)
            item = &finding->evidence[i];
    }
    if (item == NULL)
        return;
    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, item->source);
    if (item->line != 0)
        iw_buffer_printf(scratch, ", line %llu", (unsigned long long)item->line);
    else if (item->record_id != 0)
        iw_buffer_printf(scratch, ", record %llu", (unsigned long long)item->record_id);
    else
        iw_buffer_printf(scratch, ", offset %llu", (unsigned long long)item->offset);
    if (n_copies != 0) {
        iw_buffer_add(scratch, IW_STR(", and "));
        iw_display_counted(scratch, n_copies, "copy", "copies");
    }
    if (group->n > 1)
        iw_buffer_add(scratch, IW_STR(" (the first)"));
    table->out->failed |= scratch->failed;
    add_detail(table, "from", 3, iw_buffer_str(scratch));
}

/* A text all of a group share, or the first one's with a word that there are others. */
static void add_shared(const struct table *table, const char *label, const struct group *group,
                       size_t member_offset, struct iw_buffer *scratch)
{
    struct iw_str first = {NULL, 0};
    bool differs = false;
    for (size_t i = 0; i < group->n; i++) {
        const char *base = (const char *)group->rows[i].finding;
        struct iw_str text;
        memcpy(&text, base + member_offset, sizeof text);
        if (first.n == 0)
            first = text;
        differs |= text.n != 0 && !iw_str_equal(first, text);
    }
    if (first.n == 0)
        return;
    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, first);
    if (differs)
        iw_buffer_add(scratch, IW_STR(", and others"));
    table->out->failed |= scratch->failed;
    add_detail(table, label, 2, iw_buffer_str(scratch));
}

static void add_group(const struct table *table, const struct group *group,
                      struct iw_buffer *scratch)
{
    const struct iw_finding *finding = group->rows[0].finding;
    add_title_line(table, group, scratch);
    add_shared(table, "who", group, offsetof(struct iw_finding, user), scratch);
    add_shared(table, "pool", group, offsetof(struct iw_finding, pool), scratch);
    if (group->n == 1)
        add_single_what(table, finding, scratch);
    else
        add_repeats(table, group, scratch);
    add_list_detail(table, "why", &finding->why);
    add_source(table, group, scratch);
    add_list_detail(table, "blind", &finding->blind);
    add_list_detail(table, "next", &finding->triage);
    iw_buffer_add_char(table->out, '\n');
}

static void add_groups(const struct table *table, struct iw_buffer *scratch)
{
    for (size_t i = 0; i < table->n_groups;) {
        struct iw_str host = table->groups[i].rows[0].finding->host;
        uint64_t n_findings = 0;
        size_t end = i;
        for (;
             end < table->n_groups && iw_str_equal(table->groups[end].rows[0].finding->host, host);
             end++)
            n_findings += table->groups[end].n;
        add_host_line(table, host, n_findings);
        for (; i < end; i++)
            add_group(table, &table->groups[i], scratch);
    }
}

static void add_level_counts(const struct iw_run *run, enum iw_level from, enum iw_level below,
                             struct iw_buffer *out)
{
    bool need_comma = false;
    for (enum iw_level level = below; level-- > from;) {
        uint64_t n = 0;
        for (size_t i = 0; i < run->findings.n; i++)
            n += run->findings.items[i]->level == level;
        if (n == 0)
            continue;
        if (need_comma)
            iw_buffer_add(out, IW_STR(", "));
        iw_display_count(out, n);
        iw_buffer_add_char(out, ' ');
        iw_buffer_add(out, iw_str_of(iw_level_name(level)));
        need_comma = true;
    }
}

/* What may hold the answer and was not asked for. */
static void add_former_line(const struct table *table)
{
    struct iw_account total = iw_ledger_total(&table->run->ledger);
    uint64_t n = total.damage[IW_DAMAGE_STALE].count;
    struct iw_buffer *out = table->out;
    if (n == 0)
        return;
    iw_display_counted(out, n, "former record", "former records");
    iw_buffer_add(out, IW_STR(" behind the live ones "));
    iw_buffer_add(out, n == 1 ? IW_STR("was") : IW_STR("were"));
    iw_buffer_add(out, IW_STR(" not searched; --recover reads "));
    iw_buffer_add(out, n == 1 ? IW_STR("it.\n") : IW_STR("them.\n"));
}

static void add_nothing_line(const struct table *table, enum iw_level min_level)
{
    struct iw_buffer *out = table->out;
    uint64_t n_events = iw_ledger_total(&table->run->ledger).n_records;
    if (n_events == 0) {
        iw_buffer_add(out, IW_STR("No events were read, so nothing could be found.\n"));
        return;
    }
    iw_buffer_add(out, IW_STR("No findings at or above "));
    iw_buffer_add(out, iw_str_of(iw_level_name(min_level)));
    iw_buffer_add(out, IW_STR(" in "));
    iw_display_counted(out, n_events, "event", "events");
    iw_buffer_add(out, IW_STR(" of "));
    iw_display_counted(out, table->run->n_hosts, "host", "hosts");
    iw_buffer_add(out, IW_STR(".\n"
                              "Whether these logs could have shown an attack is another question:\n"
                              "`iiswarden events --profile` shows what they hold.\n"));
}

static void add_totals_line(const struct table *table, enum iw_level min_level)
{
    struct iw_buffer *out = table->out;
    iw_display_counted(out, table->n_rows, "finding", "findings");
    iw_buffer_add(out, IW_STR(" on "));
    iw_display_counted(out, table->n_hosts, "host", "hosts");
    iw_buffer_add(out, IW_STR(": "));
    add_level_counts(table->run, min_level, IW_LEVEL_COUNT, out);
    iw_buffer_add(out, IW_STR(".\n"));
}

static void add_left_out_line(const struct table *table, enum iw_level min_level)
{
    if (table->n_rows == table->run->findings.n)
        return;
    iw_buffer_add(table->out, IW_STR("Below "));
    iw_buffer_add(table->out, iw_str_of(iw_level_name(min_level)));
    iw_buffer_add(table->out, IW_STR(" and not shown: "));
    add_level_counts(table->run, IW_LEVEL_INFORMATIONAL, min_level, table->out);
    iw_buffer_add(table->out, IW_STR(" (--min-level informational shows all).\n"));
}

static bool is_incomplete(const struct iw_source *source)
{
    return source->state == IW_SOURCE_LOST || source->state == IW_SOURCE_PENDING ||
           iw_account_has_loss(&source->account);
}

/* Nothing found must never be read as clear where evidence is missing. */
static void add_not_read(const struct table *table)
{
    struct iw_buffer *out = table->out;
    const struct iw_ledger *ledger = &table->run->ledger;
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < ledger->n; i++)
        n += is_incomplete(&ledger->sources[i]);
    if (n == 0)
        return;
    iw_display_tone(out, table->style, IW_TONE_WARNING);
    iw_display_counted(out, n, "file was", "files were");
    iw_buffer_add(out, IW_STR(" not read, or only in part:"));
    iw_display_plain(out, table->style);
    iw_buffer_add_char(out, '\n');
    for (size_t i = 0; i < ledger->n && shown < SOURCES_NAMED; i++) {
        const struct iw_source *source = &ledger->sources[i];
        if (!is_incomplete(source))
            continue;
        iw_display_spaces(out, 2);
        iw_display_wrapped(out, table->style, 2, 2, source->path);
        shown++;
    }
    if (shown < n) {
        iw_buffer_add(out, IW_STR("  and "));
        iw_display_count(out, n - shown);
        iw_buffer_add(out, IW_STR(" more\n"));
    }
}

void iw_output_findings_table(const struct iw_run *run, enum iw_level min_level,
                              const struct iw_style *style, struct iw_buffer *out)
{
    struct table table = {.run = run, .style = style, .out = out};
    struct iw_buffer scratch;

    iw_buffer_init(&scratch);
    if (!collect(&table, min_level)) {
        out->failed = true;
        goto done;
    }
    add_groups(&table, &scratch);
    if (run->interrupted)
        iw_display_toned(out, style, IW_TONE_WARNING,
                         "Interrupted: only part of the evidence was looked at.");
    if (run->interrupted)
        iw_buffer_add_char(out, '\n');
    if (table.n_rows == 0) {
        add_nothing_line(&table, min_level);
        add_former_line(&table);
    } else {
        add_totals_line(&table, min_level);
    }
    add_left_out_line(&table, min_level);
    add_not_read(&table);
done:
    iw_buffer_done(&scratch);
    iw_free(table.groups);
    iw_free(table.rows);
}
