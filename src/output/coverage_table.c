/*
 * Coverage for people: first a line for each host and analytic with its verdict and required links,
 * then, for what is blind, when and why, then what closes it. What is open stands out; what is
 * proved is faint.
 */
#include "output/coverage_parts.h"
#include "output/display.h"
#include "output/incomplete.h"

#define HOST_COLUMNS 18U
#define ANALYTIC_COLUMNS 10U
#define VERDICT_COLUMNS 10U
#define HOST_NOTES 3U /* told of one host; the rest is counted */

static enum iw_tone verdict_tone(enum iw_verdict verdict)
{
    static const enum iw_tone TONES[IW_VERDICT_COUNT] = {[IW_VERDICT_CLEAR] = IW_TONE_FAINT,
                                                         [IW_VERDICT_BLIND] = IW_TONE_WARNING,
                                                         [IW_VERDICT_DETECTED] = IW_TONE_HIGH};
    return TONES[verdict];
}

static void add_cell(struct iw_buffer *out, const struct iw_style *style, enum iw_tone tone,
                     const char *text, size_t columns)
{
    iw_display_tone(out, style, tone);
    iw_display_cell(out, iw_str_of(text), columns);
    iw_display_plain(out, style);
}

/* "file_created gap, process_created proved"; what stands beside the verdict stands next to it. */
static void add_links(const struct iw_coverage_record *record, struct iw_buffer *scratch)
{
    size_t n = 0;
    iw_buffer_clear(scratch);
    if (iw_coverage_is_clear_but(record)) {
        iw_buffer_add(scratch, IW_STR("but for "));
        iw_coverage_tell_standing(record, scratch);
        iw_buffer_add(scratch, IW_STR("; "));
    }
    if (record->verdict == IW_VERDICT_DETECTED && record->is_partial)
        iw_buffer_add(scratch, IW_STR("partial; "));
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
    size_t used = 0;
    iw_display_tone(out, style, IW_TONE_STRONG);
    if (is_first && record->server.n != 0) { /* no name fits it: a line of its own */
        iw_buffer_clear(scratch);
        iw_display_server(scratch, record->host, record->server);
        iw_display_text(out, iw_buffer_str(scratch), 0);
        iw_buffer_add_char(out, '\n');
        is_first = false;
    }
    if (is_first) /* not into the last column: the next cell would touch it */
        used = iw_display_text(out, iw_display_host(record->host), HOST_COLUMNS - 1);
    iw_display_plain(out, style);
    iw_display_spaces(out, HOST_COLUMNS - used);
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

/* What the names in the rows mean. */
static void add_legend(struct iw_buffer *out)
{
    iw_buffer_add_char(out, '\n');
    iw_display_analytics(out);
    iw_buffer_add(out, IW_STR(". Times are UTC.\nClear: every required link was proved or stated "
                              "throughout, and nothing complete was found; what was found all the "
                              "same stands beside it, but for what is informational.\n"));
}

static bool is_first_of_host(const struct iw_coverage *coverage, size_t i)
{
    const struct iw_coverage_record *own = &coverage->records[i], *before = own - 1;
    return i == 0 || !iw_str_equal(own->host, before->host) ||
           !iw_str_equal(own->server, before->server);
}

static void add_beyond(const struct iw_coverage *coverage, const struct iw_style *style,
                       struct iw_buffer *out)
{
    bool is_told[IW_ANALYTIC_COUNT + 1] = {false};
    iw_buffer_add(out, IW_STR("\nBeyond any verdict:\n"));
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        enum iw_analytic which = iw_analytic_find(record->analytic);
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
        if (!is_first_of_host(coverage, i))
            continue;
        for (size_t k = 0; k < record->notes.n; k++) {
            bool is_cut = k == HOST_NOTES && record->notes.n > HOST_NOTES + 1;
            iw_buffer_clear(scratch);
            iw_buffer_add(scratch, iw_display_host(record->host));
            iw_buffer_add(scratch, IW_STR(": "));
            if (is_cut)
                iw_buffer_printf(scratch, "%zu more notes: --format ndjson has them",
                                 record->notes.n - k);
            else
                iw_buffer_add(scratch, record->notes.items[k]);
            out->failed |= scratch->failed;
            iw_buffer_add(out, IW_STR("Note: "));
            iw_display_wrapped(out, style, 6, 4, iw_buffer_str(scratch));
            if (is_cut)
                break;
        }
    }
}

void iw_output_coverage_table(const struct iw_run *run, const struct iw_style *style,
                              struct iw_buffer *out)
{
    const struct iw_coverage *coverage = &run->coverage;
    struct iw_buffer scratch;
    if (coverage->n_records == 0) {
        iw_buffer_add(out, run->interrupted
                               ? IW_STR("No host was judged: nothing can be said of anything.\n")
                               : IW_STR("No host was met: nothing can be said of anything.\n"));
        iw_incomplete_add_partial(run, style, out);
        return;
    }
    iw_buffer_init(&scratch);
    add_head(style, out);
    for (size_t i = 0; i < coverage->n_records; i++)
        add_row(&coverage->records[i], is_first_of_host(coverage, i), style, &scratch, out);
    add_legend(out);
    for (size_t i = 0; i < coverage->notes.n; i++) {
        iw_buffer_add(out, IW_STR("Note: "));
        iw_display_wrapped(out, style, 6, 4, coverage->notes.items[i]);
    }
    add_host_notes(coverage, style, &scratch, out);
    iw_coverage_add_details(coverage, style, out);
    iw_coverage_add_advice(coverage, style, out);
    add_beyond(coverage, style, out);
    iw_incomplete_add_partial(run, style, out);
    out->failed |= scratch.failed;
    iw_buffer_done(&scratch);
}
