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

/* What a line tells apart: a host that is clear while findings stand is not like one without. */
enum group { GROUP_DETECTED = 0, GROUP_CLEAR_BUT, GROUP_CLEAR, GROUP_BLIND, GROUP_COUNT };

static enum group group_of(const struct iw_coverage_record *record)
{
    if (record->verdict == IW_VERDICT_CLEAR)
        return iw_coverage_is_clear_but(record) ? GROUP_CLEAR_BUT : GROUP_CLEAR;
    return record->verdict == IW_VERDICT_BLIND ? GROUP_BLIND : GROUP_DETECTED;
}

/* " (file_created, process_created)" */
static void add_open_links(const struct iw_coverage_record *record, struct iw_buffer *out)
{
    size_t n = 0;
    for (size_t i = 0; i < record->n_links; i++) {
        if (!record->links[i].is_required || record->links[i].state >= IW_LINK_STATED)
            continue;
        iw_buffer_add(out, n++ == 0 ? IW_STR(" (") : IW_STR(", "));
        iw_buffer_add(out, record->links[i].name);
    }
    if (n != 0)
        iw_buffer_add_char(out, ')');
}

/* "WEB01 (file_created)" */
static void add_host(const struct iw_coverage_record *record, enum group group,
                     struct iw_buffer *out)
{
    iw_display_server(out, record->host, record->server);
    if (group == GROUP_CLEAR_BUT) {
        iw_buffer_add(out, IW_STR(" ("));
        iw_coverage_tell_standing(record, out);
        iw_buffer_add_char(out, ')');
    } else {
        add_open_links(record, out);
    }
}

/* ": WEB01 (file_created), WEB02 (module_load, registration)". Those that have a name come first: a
 * few places are all there is, and the file of a nameless one says little at this length. */
static void add_hosts(const struct iw_coverage *coverage, struct iw_str analytic, enum group group,
                      struct iw_buffer *out)
{
    size_t n = 0, n_more = 0;
    for (unsigned nameless = 0; nameless < 2; nameless++) {
        for (size_t i = 0; i < coverage->n_records; i++) {
            const struct iw_coverage_record *record = &coverage->records[i];
            if (!iw_str_equal(record->analytic, analytic) || group_of(record) != group ||
                (record->host.n == 0) != (nameless == 1))
                continue;
            if (n == SHORT_SHOWN) {
                n_more++;
                continue;
            }
            iw_buffer_add(out, n++ == 0 ? IW_STR(": ") : IW_STR(", "));
            add_host(record, group, out);
        }
    }
    if (n_more != 0) {
        iw_buffer_add(out, IW_STR(" and "));
        iw_display_counted(out, n_more, "more host", "more hosts");
    }
}

/* " (on 1 host but for the web.config files of its sites, which are not in evidence)" */
static void add_unread(const struct iw_coverage *coverage, struct iw_str analytic, enum group group,
                       struct iw_buffer *out)
{
    uint64_t n = 0;
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        n += iw_str_equal(record->analytic, analytic) && group_of(record) == group &&
             record->n_unread_roots != 0;
    }
    if (n == 0 || (group != GROUP_CLEAR && group != GROUP_CLEAR_BUT))
        return;
    iw_buffer_add(out, IW_STR(" (on "));
    iw_display_counted(out, n, "host", "hosts");
    iw_buffer_add(out, IW_STR(" but for web.config files of web roots that are not in evidence)"));
}

/* " (partial on 1)": every finding that makes it so lacks a link itself. */
static void add_partial(const struct iw_coverage *coverage, struct iw_str analytic,
                        struct iw_buffer *out)
{
    size_t n = 0;
    for (size_t i = 0; i < coverage->n_records; i++)
        n += iw_str_equal(coverage->records[i].analytic, analytic) &&
             coverage->records[i].verdict == IW_VERDICT_DETECTED && coverage->records[i].is_partial;
    if (n == 0)
        return;
    iw_buffer_add(out, IW_STR(" (partial on "));
    iw_display_count(out, n);
    iw_buffer_add_char(out, ')');
}

/* "detected on 1 host, clear but for findings on 2 hosts, blind on 3 hosts"; with the names of
 * those of which there is more to say. */
static void add_groups(const struct iw_coverage *coverage, struct iw_str analytic, bool with_names,
                       struct iw_buffer *out)
{
    static const struct iw_str WORDS[GROUP_COUNT] = {
        [GROUP_DETECTED] = {"detected", 8},
        [GROUP_CLEAR_BUT] = {"clear but for findings", 22},
        [GROUP_CLEAR] = {"clear", 5},
        [GROUP_BLIND] = {"blind", 5}};
    struct iw_str between = IW_STR(" ");
    for (enum group group = 0; group < GROUP_COUNT; group++) {
        size_t n = 0;
        for (size_t i = 0; i < coverage->n_records; i++)
            n += iw_str_equal(coverage->records[i].analytic, analytic) &&
                 group_of(&coverage->records[i]) == group;
        if (n == 0)
            continue;
        iw_buffer_add(out, between);
        iw_buffer_add(out, WORDS[group]);
        iw_buffer_add(out, IW_STR(" on "));
        iw_display_counted(out, n, "host", "hosts");
        between = IW_STR(", ");
        add_unread(coverage, analytic, group, out);
        if (group == GROUP_DETECTED)
            add_partial(coverage, analytic, out);
        if (!with_names || (group != GROUP_CLEAR_BUT && group != GROUP_BLIND))
            continue;
        add_hosts(coverage, analytic, group, out);
        between = IW_STR("; "); /* behind names */
    }
}

static bool is_judged(const struct iw_coverage *coverage, struct iw_str analytic)
{
    for (size_t i = 0; i < coverage->n_records; i++) {
        if (iw_str_equal(coverage->records[i].analytic, analytic))
            return true;
    }
    return false;
}

static bool add_line(const struct iw_coverage *coverage, enum iw_analytic analytic, bool with_names,
                     struct iw_buffer *out)
{
    struct iw_str name = iw_analytic_name(analytic);
    if (!is_judged(coverage, name))
        return false;
    iw_buffer_add(out, name);
    iw_buffer_add(out, IW_STR(" ("));
    iw_buffer_add(out, iw_analytic_text(analytic));
    iw_buffer_add_char(out, ')');
    add_groups(coverage, name, with_names, out);
    return true;
}

bool iw_coverage_add_counts(const struct iw_coverage *coverage, enum iw_analytic analytic,
                            struct iw_buffer *out)
{
    return add_line(coverage, analytic, false, out);
}

bool iw_coverage_short_line(const struct iw_coverage *coverage, size_t number,
                            struct iw_buffer *out)
{
    if (number > IW_ANALYTIC_COUNT || coverage->n_records == 0)
        return false;
    if (number == IW_ANALYTIC_COUNT)
        iw_buffer_add(out, IW_STR("iiswarden coverage tells when, why, and what closes it"));
    else
        (void)add_line(coverage, (enum iw_analytic)number, true, out);
    return true;
}
