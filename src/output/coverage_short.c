/*
 * Coverage in a line for each analytic: what a hunt ends with.
 */
#include "output/display.h"

#define SHORT_SHOWN 6U

void iw_display_analytics(struct iw_buffer *out)
{
    for (enum iw_analytic analytic = 0; analytic < IW_ANALYTIC_COUNT; analytic++) {
        iw_buffer_add(out, analytic == 0 ? IW_STR("") : IW_STR(", "));
        iw_buffer_add(out, iw_analytic_name(analytic));
        iw_buffer_add_char(out, ' ');
        iw_buffer_add(out, iw_analytic_text(analytic));
    }
}

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
        iw_buffer_add(out, iw_display_host(record->host));
        for (size_t k = 0; k < record->n_links; k++) {
            if (!record->links[k].is_required || record->links[k].state >= IW_LINK_STATED)
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

static bool is_judged(const struct iw_coverage *coverage, struct iw_str analytic)
{
    for (size_t i = 0; i < coverage->n_records; i++) {
        if (iw_str_equal(coverage->records[i].analytic, analytic))
            return true;
    }
    return false;
}

bool iw_coverage_add_counts(const struct iw_coverage *coverage, enum iw_analytic analytic,
                            struct iw_buffer *out)
{
    struct iw_str name = iw_analytic_name(analytic);
    size_t n = 0;
    if (!is_judged(coverage, name))
        return false;
    iw_buffer_add(out, name);
    iw_buffer_add(out, IW_STR(" ("));
    iw_buffer_add(out, iw_analytic_text(analytic));
    iw_buffer_add_char(out, ')');
    add_count(out, coverage, name, IW_VERDICT_DETECTED, &n);
    add_count(out, coverage, name, IW_VERDICT_CLEAR, &n);
    add_count(out, coverage, name, IW_VERDICT_BLIND, &n);
    return true;
}

bool iw_coverage_short_line(const struct iw_coverage *coverage, size_t number,
                            struct iw_buffer *out)
{
    if (number > IW_ANALYTIC_COUNT || coverage->n_records == 0)
        return false;
    if (number == IW_ANALYTIC_COUNT) {
        iw_buffer_add(out, IW_STR("iiswarden coverage tells when, why, and what closes it"));
        return true;
    }
    (void)iw_coverage_add_counts(coverage, (enum iw_analytic)number, out);
    add_blind_hosts(coverage, iw_analytic_name((enum iw_analytic)number), out);
    return true;
}
