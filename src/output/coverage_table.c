/*
 * Coverage for people: first a line for each host and analytic with its verdict and required links,
 * then, for what is blind, when and why. What is open stands out; what is proved is faint.
 */
#include "output/display.h"

#include "base/timestamp.h"

#define HOST_COLUMNS 18U
#define ANALYTIC_COLUMNS 10U
#define VERDICT_COLUMNS 10U
#define WHY_INDENT 4U
#define SPANS_SHOWN 6U
#define SHORT_SHOWN 6U

static enum iw_tone verdict_tone(enum iw_verdict verdict)
{
    static const enum iw_tone TONES[IW_VERDICT_COUNT] = {[IW_VERDICT_CLEAR] = IW_TONE_FAINT,
                                                         [IW_VERDICT_BLIND] = IW_TONE_WARNING,
                                                         [IW_VERDICT_DETECTED] = IW_TONE_HIGH};
    return TONES[verdict];
}

static bool is_open(const struct iw_coverage_link *link)
{
    return link->state < IW_LINK_STATED;
}

static void add_cell(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone,
                     const char *text, size_t columns)
{
    iw_display_tone(out, style, tone);
    iw_display_cell(out, iw_str_of(text), columns);
    iw_display_plain(out, style);
}

static struct iw_str host_words(struct iw_str host)
{
    return host.n != 0 ? host : IW_STR("(host unknown)");
}

/* "file_created gap, process_created proved" */
static void add_links(const struct iw_coverage_record *record, struct iw_buffer *scratch)
{
    size_t n = 0;
    iw_buffer_clear(scratch);
    for (size_t i = 0; i < record->n_links; i++) {
        const struct iw_coverage_link *link = &record->links[i];
        if (!link->is_required)
            continue;
        iw_buffer_printf(scratch, "%s%.*s %s", n++ == 0 ? "" : ", ", IW_STR_ARG(link->name),
                         iw_link_state_name(link->state));
    }
}

static void add_row(const struct iw_coverage_record *record, bool is_first,
                    const struct iw_style *style, struct iw_buffer *scratch, struct iw_buffer *out)
{
    iw_display_tone(out, style, IW_TONE_STRONG);
    iw_display_cell(out, is_first ? host_words(record->host) : IW_STR(""), HOST_COLUMNS);
    iw_display_plain(out, style);
    iw_display_cell(out, record->analytic, ANALYTIC_COLUMNS);
    add_cell(out, style, verdict_tone(record->verdict), iw_verdict_name(record->verdict),
             VERDICT_COLUMNS);
    add_links(record, scratch);
    out->failed |= scratch->failed;
    iw_display_wrapped(out, style, HOST_COLUMNS + ANALYTIC_COLUMNS + VERDICT_COLUMNS, 4,
                       iw_buffer_str(scratch));
}

static void add_head(const struct iw_style *style, struct iw_buffer *out)
{
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_cell(out, IW_STR("HOST"), HOST_COLUMNS);
    iw_display_cell(out, IW_STR("ANALYTIC"), ANALYTIC_COLUMNS);
    iw_display_cell(out, IW_STR("VERDICT"), VERDICT_COLUMNS);
    iw_buffer_add(out, IW_STR("REQUIRED LINKS"));
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
}

static size_t count_spans(const struct iw_coverage_record *record, enum iw_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < record->n_spans; i++)
        n += record->spans[i].verdict == verdict;
    return n;
}

static bool is_all_blind(const struct iw_coverage_record *record)
{
    return record->n_spans == 1 && record->spans[0].verdict == IW_VERDICT_BLIND;
}

static bool is_open_throughout(const struct iw_coverage_link *link)
{
    return link->is_required && link->state < IW_LINK_GAP;
}

/* Links that are open in all of the window: told once, and not again for each span. */
static void add_open_links(const struct iw_coverage_record *record, const struct iw_style *style,
                           struct iw_buffer *scratch, struct iw_buffer *out)
{
    for (size_t i = 0; i < record->n_links; i++) {
        const struct iw_coverage_link *link = &record->links[i];
        if (!link->is_required || !is_open(link) ||
            (!is_open_throughout(link) && record->n_spans > 1))
            continue;
        iw_buffer_clear(scratch);
        if (record->n_spans > 1)
            iw_buffer_add(scratch, IW_STR("throughout  "));
        iw_buffer_add(scratch, link->name);
        iw_buffer_add(scratch, IW_STR(": "));
        iw_buffer_add(scratch, link->why);
        out->failed |= scratch->failed;
        iw_display_spaces(out, WHY_INDENT);
        iw_display_wrapped(out, style, WHY_INDENT + 2, 4, iw_buffer_str(scratch));
    }
}

/* Whether a reason ("LINK: WHY") is of a link that is open throughout. */
static bool is_told(const struct iw_coverage_record *record, struct iw_str reason)
{
    for (size_t i = 0; i < record->n_links; i++) {
        struct iw_str name = record->links[i].name;
        if (is_open_throughout(&record->links[i]) && reason.n > name.n && reason.p[name.n] == ':' &&
            iw_str_equal((struct iw_str){reason.p, name.n}, name))
            return true;
    }
    return false;
}

/* Its reasons that are not told yet; false: there are none. */
static bool add_reasons(const struct iw_coverage_record *record,
                        const struct iw_coverage_span *span, struct iw_buffer *out)
{
    size_t n = 0;
    for (size_t i = 0; i < span->why.n; i++) {
        if (is_told(record, span->why.items[i]))
            continue;
        iw_buffer_add(out, n++ == 0 ? IW_STR("  ") : IW_STR("; "));
        iw_buffer_add(out, span->why.items[i]);
    }
    return n != 0;
}

/* What to paste, line by line and never wrapped: a broken line would not be what it was. */
static void add_fix(const struct iw_coverage_link *link, const struct iw_style *style,
                    struct iw_buffer *out)
{
    struct iw_str fix = link->fix;
    iw_display_spaces(out, WHY_INDENT);
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_buffer_add(out, IW_STR("to see "));
    iw_display_text(out, link->name, 0);
    iw_buffer_add_char(out, ':');
    iw_display_plain(out, style);
    iw_buffer_add_char(out, '\n');
    while (fix.n != 0) {
        size_t n = iw_str_find(fix, IW_STR("\n"));
        struct iw_str line = {fix.p, n == SIZE_MAX ? fix.n : n};
        iw_display_spaces(out, WHY_INDENT + 2);
        iw_display_text(out, line, 0);
        iw_buffer_add_char(out, '\n');
        n = n == SIZE_MAX ? fix.n : n + 1;
        fix = (struct iw_str){fix.p + n, fix.n - n};
    }
}

/* Once for each open link. */
static void add_fixes(const struct iw_coverage_record *record, const struct iw_style *style,
                      struct iw_buffer *out)
{
    for (size_t i = 0; i < record->n_links; i++) {
        const struct iw_coverage_link *link = &record->links[i];
        if (!link->is_required || !is_open(link) || link->fix.n == 0)
            continue;
        add_fix(link, style, out);
    }
}

static void add_blind_spans(const struct iw_coverage_record *record, const struct iw_style *style,
                            struct iw_buffer *scratch, struct iw_buffer *out)
{
    size_t n_more = 0;
    for (size_t i = 0, n = 0; i < record->n_spans; i++) {
        const struct iw_coverage_span *span = &record->spans[i];
        iw_buffer_clear(scratch);
        iw_display_span(scratch, span->from_ns, span->to_ns);
        if (span->verdict != IW_VERDICT_BLIND || !add_reasons(record, span, scratch))
            continue;
        if (n == SPANS_SHOWN) {
            n_more++;
            continue;
        }
        n++;
        out->failed |= scratch->failed;
        iw_display_spaces(out, WHY_INDENT);
        iw_display_wrapped(out, style, WHY_INDENT + 2, 6, iw_buffer_str(scratch));
    }
    if (n_more == 0)
        return;
    iw_display_spaces(out, WHY_INDENT);
    iw_display_counted(out, n_more, "more blind span", "more blind spans");
    iw_buffer_add(out, IW_STR(" (--format ndjson lists all)\n"));
}

static struct iw_str title_words(const struct iw_coverage_record *record)
{
    switch (record->verdict) {
    case IW_VERDICT_DETECTED:
        return count_spans(record, IW_VERDICT_BLIND) != 0 ? IW_STR("detected, and blind in part")
                                                          : IW_STR("detected");
    case IW_VERDICT_BLIND:
        return record->is_partial ? IW_STR("suspected, and blind") : IW_STR("blind");
    case IW_VERDICT_CLEAR:
    case IW_VERDICT_COUNT:
        break;
    }
    return IW_STR("clear but for findings that are no whole chain");
}

/* "WEB01  AN1108  blind, 2021-03-14 06:00:00 to …" */
static void add_title(const struct iw_coverage_record *record, const struct iw_style *style,
                      struct iw_buffer *out)
{
    iw_display_tone(out, style, IW_TONE_STRONG);
    (void)iw_display_text(out, host_words(record->host), 72);
    iw_display_plain(out, style);
    iw_buffer_add_char(out, ' ');
    iw_buffer_add(out, record->analytic);
    iw_buffer_add_char(out, ' ');
    iw_display_tone(out, style, verdict_tone(record->verdict));
    iw_buffer_add(out, title_words(record));
    iw_display_plain(out, style);
    if (record->n_spans == 0) {
        iw_buffer_add(out, IW_STR(": nothing of this host has a time\n"));
        return;
    }
    iw_buffer_add(out, is_all_blind(record) ? IW_STR(" throughout: ") : IW_STR(" within "));
    iw_display_span(out, record->spans[0].from_ns, record->spans[record->n_spans - 1].to_ns);
    iw_buffer_add_char(out, '\n');
}

static void add_findings(const struct iw_coverage_record *record, const struct iw_style *style,
                         struct iw_buffer *scratch, struct iw_buffer *out)
{
    if (record->findings.n == 0)
        return;
    iw_buffer_clear(scratch);
    iw_display_counted(scratch, record->findings.n, "finding", "findings");
    for (size_t i = 0; i < record->findings.n && i < 3; i++) {
        iw_buffer_add(scratch, i == 0 ? IW_STR(": ") : IW_STR(", "));
        iw_buffer_add(scratch, record->findings.items[i]);
    }
    if (record->findings.n > 3)
        iw_buffer_add(scratch, IW_STR(", …"));
    out->failed |= scratch->failed;
    iw_display_spaces(out, WHY_INDENT);
    iw_display_wrapped(out, style, WHY_INDENT + 2, 2, iw_buffer_str(scratch));
}

static void add_details(const struct iw_coverage_record *record, const struct iw_style *style,
                        struct iw_buffer *scratch, struct iw_buffer *out)
{
    if (record->verdict != IW_VERDICT_BLIND && count_spans(record, IW_VERDICT_BLIND) == 0 &&
        record->findings.n == 0)
        return;
    iw_buffer_add_char(out, '\n');
    add_title(record, style, out);
    add_open_links(record, style, scratch, out);
    if (record->n_spans > 1)
        add_blind_spans(record, style, scratch, out);
    add_fixes(record, style, out);
    add_findings(record, style, scratch, out);
}

static void add_beyond(const struct iw_coverage *coverage, const struct iw_style *style,
                       struct iw_buffer *out)
{
    bool is_told[2] = {false, false};
    iw_buffer_add(out, IW_STR("\nBeyond any verdict:\n"));
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        size_t which = iw_str_equal(record->analytic, IW_STR("AN1108")) ? 1 : 0;
        if (is_told[which])
            continue;
        is_told[which] = true;
        for (size_t k = 0; k < record->beyond.n; k++) {
            iw_display_spaces(out, 2);
            iw_buffer_add(out, record->analytic);
            iw_buffer_add_char(out, ' ');
            iw_display_wrapped(out, style, 9, 4, record->beyond.items[k]);
        }
    }
}

/* What is said of a host stands in each of its records. */
static void add_host_notes(const struct iw_coverage *coverage, const struct iw_style *style,
                           struct iw_buffer *scratch, struct iw_buffer *out)
{
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        if (i != 0 && iw_str_equal(coverage->records[i - 1].host, record->host))
            continue;
        for (size_t k = 0; k < record->notes.n; k++) {
            iw_buffer_clear(scratch);
            iw_buffer_add(scratch, host_words(record->host));
            iw_buffer_add(scratch, IW_STR(": "));
            iw_buffer_add(scratch, record->notes.items[k]);
            out->failed |= scratch->failed;
            iw_buffer_add(out, IW_STR("Note: "));
            iw_display_wrapped(out, style, 6, 4, iw_buffer_str(scratch));
        }
    }
}

void iw_output_coverage_table(const struct iw_run *run, const struct iw_style *style,
                              struct iw_buffer *out)
{
    const struct iw_coverage *coverage = &run->coverage;
    struct iw_buffer scratch;
    if (coverage->n_records == 0) {
        iw_buffer_add(out, IW_STR("No host was met: nothing can be said of anything.\n"));
        return;
    }
    iw_buffer_init(&scratch);
    add_head(style, out);
    for (size_t i = 0; i < coverage->n_records; i++)
        add_row(&coverage->records[i],
                i == 0 || !iw_str_equal(coverage->records[i].host, coverage->records[i - 1].host),
                style, &scratch, out);
    for (size_t i = 0; i < coverage->n_records; i++)
        add_details(&coverage->records[i], style, &scratch, out);
    add_beyond(coverage, style, out);
    iw_buffer_add(out, IW_STR("\nTimes are UTC. Clear: every required link was proved or stated "
                              "throughout.\n"));
    for (size_t i = 0; i < coverage->notes.n; i++) {
        iw_buffer_add(out, IW_STR("Note: "));
        iw_display_wrapped(out, style, 6, 4, coverage->notes.items[i]);
    }
    add_host_notes(coverage, style, &scratch, out);
    out->failed |= scratch.failed;
    iw_buffer_done(&scratch);
}

/* --- in short ------------------------------------------------------------------------------- */

/* "WEB01 (file_created), WEB02 (module_load, registration)" */
static void add_blind_hosts(const struct iw_coverage *coverage, struct iw_str analytic,
                            struct iw_buffer *out)
{
    size_t n = 0, n_more = 0;
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        size_t n_links = 0;
        if (!iw_str_equal(record->analytic, analytic) || record->verdict != IW_VERDICT_BLIND)
            continue;
        if (n == SHORT_SHOWN) {
            n_more++;
            continue;
        }
        iw_buffer_add(out, n++ == 0 ? IW_STR(": ") : IW_STR(", "));
        iw_buffer_add(out, host_words(record->host));
        for (size_t k = 0; k < record->n_links; k++) {
            if (!record->links[k].is_required || !is_open(&record->links[k]))
                continue;
            iw_buffer_add(out, n_links++ == 0 ? IW_STR(" (") : IW_STR(", "));
            iw_buffer_add(out, record->links[k].name);
        }
        if (n_links != 0)
            iw_buffer_add_char(out, ')');
    }
    if (n_more != 0) {
        iw_buffer_add(out, IW_STR(" and "));
        iw_display_counted(out, n_more, "more host", "more hosts");
    }
}

static void add_count(struct iw_buffer *out, const struct iw_coverage *coverage,
                      struct iw_str analytic, enum iw_verdict verdict, size_t *n_told)
{
    size_t n = 0;
    for (size_t i = 0; i < coverage->n_records; i++)
        n += iw_str_equal(coverage->records[i].analytic, analytic) &&
             coverage->records[i].verdict == verdict;
    if (n == 0)
        return;
    iw_buffer_add(out, (*n_told)++ == 0 ? IW_STR(" ") : IW_STR(", "));
    iw_buffer_add(out, iw_str_of(iw_verdict_name(verdict)));
    iw_buffer_add(out, IW_STR(" on "));
    iw_display_counted(out, n, "host", "hosts");
}

bool iw_coverage_short_line(const struct iw_coverage *coverage, size_t number,
                            struct iw_buffer *out)
{
    static const struct iw_str ANALYTICS[] = {{"AN0184", 6}, {"AN1108", 6}};
    size_t n = 0;
    if (number >= sizeof ANALYTICS / sizeof ANALYTICS[0] || coverage->n_records == 0)
        return false;
    iw_buffer_add(out, ANALYTICS[number]);
    add_count(out, coverage, ANALYTICS[number], IW_VERDICT_DETECTED, &n);
    add_count(out, coverage, ANALYTICS[number], IW_VERDICT_CLEAR, &n);
    add_count(out, coverage, ANALYTICS[number], IW_VERDICT_BLIND, &n);
    add_blind_hosts(coverage, ANALYTICS[number], out);
    return true;
}
