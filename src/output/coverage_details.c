#include "output/coverage_holes.h"
#include "output/coverage_parts.h"

#include "base/map.h"
#include "output/display.h"

#define INDENT 4U
#define HOLES_SHOWN 6U
#define LINES_MOST 8U

struct writer {
    const struct iw_coverage *coverage;
    const struct iw_style *style;
    struct iw_buffer *out;
    struct iw_buffer scratch; /* of one line */
    struct iw_arena arena;    /* of all of it */
    bool no_memory;
};

static void add_line(struct writer *writer, size_t indent, unsigned max_lines)
{
    writer->out->failed |= writer->scratch.failed;
    iw_display_spaces(writer->out, indent);
    iw_display_wrapped(writer->out, writer->style, indent + 2, max_lines,
                       iw_buffer_str(&writer->scratch));
    iw_buffer_clear(&writer->scratch);
}

static bool has_blind_span(const struct iw_coverage_record *record)
{
    for (size_t i = 0; i < record->n_spans; i++) {
        if (record->spans[i].verdict == IW_VERDICT_BLIND)
            return true;
    }
    return false;
}

static bool has_findings(const struct iw_coverage_record *record)
{
    return iw_coverage_n_standing(record, IW_COVERAGE_STANDING) != 0;
}

/* Whether the same words may be told of it as of other hosts: nothing of it hangs on a time. */
static bool is_plain(const struct iw_coverage_record *record)
{
    return record->verdict == IW_VERDICT_BLIND && record->n_spans <= 1 && !has_findings(record);
}

/* --- links ---------------------------------------------------------------------------------- */

static bool is_told_of_link(const struct iw_coverage_record *record,
                            const struct iw_coverage_link *link)
{
    return link->is_required && link->state < IW_LINK_STATED &&
           (iw_coverage_open_throughout(link) || record->n_spans <= 1);
}

static bool is_first_of_its_reason(const struct iw_coverage_record *record, size_t link)
{
    for (size_t i = 0; i < link; i++) {
        if (is_told_of_link(record, &record->links[i]) &&
            iw_str_equal(record->links[i].why, record->links[link].why))
            return false;
    }
    return true;
}

/* Links that are open in all of the window, those of one reason on one line. */
static void add_open_links(struct writer *writer, const struct iw_coverage_record *record)
{
    for (size_t i = 0; i < record->n_links; i++) {
        const struct iw_coverage_link *link = &record->links[i];
        if (!is_told_of_link(record, link) || !is_first_of_its_reason(record, i))
            continue;
        if (record->n_spans > 1)
            iw_buffer_add(&writer->scratch, IW_STR("throughout  "));
        iw_buffer_add(&writer->scratch, link->name);
        for (size_t k = i + 1; k < record->n_links; k++) {
            if (!is_told_of_link(record, &record->links[k]) ||
                !iw_str_equal(record->links[k].why, link->why))
                continue;
            iw_buffer_add(&writer->scratch, IW_STR(", "));
            iw_buffer_add(&writer->scratch, record->links[k].name);
        }
        iw_buffer_add(&writer->scratch, IW_STR(": "));
        iw_buffer_add(&writer->scratch, link->why);
        add_line(writer, INDENT, 4);
    }
}

/* Whether a link is stated by somebody or something, or proved but for something (as coverage/
 * words it). */
static bool is_limited(const struct iw_coverage_link *link)
{
    return link->is_required && link->state >= IW_LINK_STATED &&
           (link->state == IW_LINK_STATED ||
            iw_str_find(link->why, IW_STR(" only in part ")) != SIZE_MAX ||
            iw_str_find(link->why, IW_STR("; but for ")) != SIZE_MAX);
}

static bool has_limited_link(const struct iw_coverage_record *record)
{
    for (size_t i = 0; i < record->n_links; i++) {
        if (is_limited(&record->links[i]))
            return true;
    }
    return false;
}

static void add_limited_links(struct writer *writer, const struct iw_coverage_record *record)
{
    for (size_t i = 0; i < record->n_links; i++) {
        if (!is_limited(&record->links[i]))
            continue;
        iw_buffer_add(&writer->scratch, record->links[i].name);
        iw_buffer_printf(&writer->scratch, " %s: ", iw_link_state_name(record->links[i].state));
        iw_buffer_add(&writer->scratch, record->links[i].why);
        add_line(writer, INDENT, 4);
    }
}

/* --- holes ---------------------------------------------------------------------------------- */

/* "2021-03-14 06:00:00 to 2021-03-14 08:00:00  file_created, process_created: WHY" */
static void add_hole(struct writer *writer, const struct iw_coverage_record *record,
                     const struct iw_coverage_hole *hole)
{
    struct iw_buffer *scratch = &writer->scratch;
    size_t n = 0;
    /* The window's last moment is part of it; what lies a moment behind is not shown. */
    bool is_last = hole->to_ns == record->spans[record->n_spans - 1].to_ns;
    iw_display_span(scratch, hole->from_ns, is_last ? hole->to_ns - 1 : hole->to_ns);
    iw_buffer_add(scratch, IW_STR("  "));
    for (size_t i = 0; i < record->n_links && i < 64; i++) {
        if ((hole->links >> i & 1) == 0)
            continue;
        iw_buffer_add(scratch, n++ == 0 ? IW_STR("") : IW_STR(", "));
        iw_buffer_add(scratch, record->links[i].name);
    }
    iw_buffer_add(scratch, n != 0 ? IW_STR(": ") : IW_STR(""));
    iw_buffer_add(scratch, hole->why);
    add_line(writer, INDENT, 6);
}

static void add_holes(struct writer *writer, const struct iw_coverage_record *record)
{
    const struct iw_coverage_hole *holes;
    size_t n;
    if (record->n_spans <= 1)
        return;
    if (!iw_coverage_holes(record, &writer->arena, &holes, &n)) {
        writer->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n && i < HOLES_SHOWN; i++)
        add_hole(writer, record, &holes[i]);
    if (n <= HOLES_SHOWN)
        return;
    iw_display_spaces(writer->out, INDENT);
    iw_display_counted(writer->out, n - HOLES_SHOWN, "more gap", "more gaps");
    iw_buffer_add(writer->out, IW_STR(" (--format ndjson lists all)\n"));
}

/* --- findings ------------------------------------------------------------------------------- */

static void add_findings(struct writer *writer, const struct iw_coverage_record *record)
{
    struct iw_buffer *out = writer->out, *scratch = &writer->scratch;
    uint64_t n = iw_coverage_n_standing(record, IW_COVERAGE_STANDING);
    if (n == 0)
        return;
    iw_display_spaces(out, INDENT);
    iw_coverage_tell_standing(record, out);
    iw_buffer_add(out, record->n_named == 0  ? IW_STR("\n")
                       : n > record->n_named ? IW_STR(", the gravest:\n")
                                             : IW_STR(":\n"));
    for (size_t i = 0; i < record->n_named; i++) {
        const struct iw_coverage_finding *finding = &record->named[i];
        iw_display_spaces(out, INDENT + 2);
        iw_display_tone(out, writer->style, iw_display_level_tone(finding->level));
        iw_display_cell(out, iw_str_of(iw_level_name(finding->level)), 13);
        iw_display_plain(out, writer->style);
        iw_buffer_add_char(out, ' ');
        iw_display_time(scratch, finding->time_ns, true);
        iw_buffer_add(scratch, IW_STR("  "));
        iw_buffer_add(scratch, finding->title);
        out->failed |= scratch->failed;
        iw_display_wrapped(out, writer->style, INDENT + 16, 3, iw_buffer_str(scratch));
        iw_buffer_clear(scratch);
        /* Of what is below, the finding itself tells; the same is not told twice. */
        if (finding->blind.n == 0 || finding->level < IW_LEVEL_MEDIUM ||
            (i != 0 && iw_str_equal(finding->blind, finding[-1].blind)))
            continue;
        iw_buffer_add(scratch, IW_STR("blind: "));
        iw_buffer_add(scratch, finding->blind);
        add_line(writer, INDENT + 16, 4);
    }
}

/* --- titles --------------------------------------------------------------------------------- */

static struct iw_str title_words(const struct iw_coverage_record *record)
{
    switch (record->verdict) {
    case IW_VERDICT_DETECTED:
        if (record->is_partial)
            return has_blind_span(record) ? IW_STR("detected, partial, and blind in part")
                                          : IW_STR("detected, partial");
        return has_blind_span(record) ? IW_STR("detected, and blind in part") : IW_STR("detected");
    case IW_VERDICT_BLIND:
        return record->is_partial ? IW_STR("suspected, and blind") : IW_STR("blind");
    case IW_VERDICT_CLEAR:
    case IW_VERDICT_COUNT:
        break;
    }
    return iw_coverage_is_clear_but(record) ? IW_STR("clear but for findings") : IW_STR("clear");
}

static enum iw_tone verdict_tone(enum iw_verdict verdict)
{
    static const enum iw_tone TONES[IW_VERDICT_COUNT] = {[IW_VERDICT_CLEAR] = IW_TONE_FAINT,
                                                         [IW_VERDICT_BLIND] = IW_TONE_WARNING,
                                                         [IW_VERDICT_DETECTED] = IW_TONE_HIGH};
    return TONES[verdict];
}

static void add_host(const struct iw_coverage_record *record, struct iw_buffer *out)
{
    (void)iw_display_text(out, iw_display_host(record->host), 72);
    if (record->server.n == 0)
        return;
    iw_buffer_add(out, IW_STR(" of "));
    (void)iw_display_text(out, record->server, 0);
}

static void add_window(const struct iw_coverage_record *record, struct iw_buffer *out)
{
    if (record->n_spans == 0)
        iw_buffer_add(out, IW_STR("nothing of it has a time"));
    else
        iw_display_span(out, record->spans[0].from_ns,
                        record->spans[record->n_spans - 1].to_ns - 1);
}

/* "WEB01 AN1108 blind within 2021-03-14 06:00:00 to …" */
static void add_title(struct writer *writer, const struct iw_coverage_record *record)
{
    struct iw_buffer *out = writer->out;
    bool is_all_blind = record->n_spans == 1 && has_blind_span(record);
    iw_display_tone(out, writer->style, IW_TONE_STRONG);
    add_host(record, out);
    iw_display_plain(out, writer->style);
    iw_buffer_add_char(out, ' ');
    iw_buffer_add(out, record->analytic);
    iw_buffer_add_char(out, ' ');
    iw_display_tone(out, writer->style, verdict_tone(record->verdict));
    iw_buffer_add(out, title_words(record));
    iw_display_plain(out, writer->style);
    iw_buffer_add(out, record->n_spans == 0 ? IW_STR(": ")
                       : is_all_blind       ? IW_STR(" throughout: ")
                                            : IW_STR(" within "));
    add_window(record, out);
    iw_buffer_add_char(out, '\n');
}

static void add_record(struct writer *writer, const struct iw_coverage_record *record)
{
    iw_buffer_add_char(writer->out, '\n');
    add_title(writer, record);
    add_open_links(writer, record);
    add_holes(writer, record);
    add_limited_links(writer, record);
    add_findings(writer, record);
}

/* --- hosts of which the same is true -------------------------------------------------------- */

struct group {
    const struct iw_coverage_record **records;
    size_t n;
};

static bool make_key(const struct iw_coverage_record *record, struct iw_buffer *ret)
{
    iw_buffer_clear(ret);
    iw_buffer_add(ret, record->analytic);
    for (size_t i = 0; i < record->n_links; i++) {
        if (!is_told_of_link(record, &record->links[i]))
            continue;
        iw_buffer_add_char(ret, '\n');
        iw_buffer_add(ret, record->links[i].name);
        iw_buffer_add_char(ret, '\t');
        iw_buffer_add(ret, record->links[i].why);
    }
    return !ret->failed;
}

/* The group of what can be told together; one that others are told with already: NULL. */
static bool gather(struct writer *writer, struct iw_map *groups)
{
    const struct iw_coverage *coverage = writer->coverage;
    for (size_t i = 0; i < coverage->n_records; i++) {
        struct iw_map_entry *entry;
        struct group *group;
        struct iw_str key;
        bool is_new;
        if (!is_plain(&coverage->records[i]))
            continue;
        if (!make_key(&coverage->records[i], &writer->scratch))
            return false;
        key = iw_arena_copy(&writer->arena, iw_buffer_str(&writer->scratch));
        entry = key.p != NULL ? iw_map_add(groups, key, &is_new) : NULL;
        if (entry == NULL)
            return false;
        if (is_new)
            entry->value.pointer = iw_arena_calloc(&writer->arena, 1, sizeof *group);
        group = entry->value.pointer;
        if (group == NULL)
            return false;
        if (group->n % 64 == 0) {
            const struct iw_coverage_record **more =
                iw_arena_calloc(&writer->arena, group->n + 64, sizeof *more);
            if (more == NULL)
                return false;
            if (group->n != 0)
                memcpy(more, group->records, group->n * sizeof *more);
            group->records = more;
        }
        group->records[group->n++] = &coverage->records[i];
    }
    iw_buffer_clear(&writer->scratch);
    return true;
}

/* "AN0184 blind throughout on 9 hosts", why, and the hosts with their windows. */
static void add_group(struct writer *writer, const struct group *group)
{
    const struct iw_coverage_record *first = group->records[0];
    struct iw_buffer *out = writer->out;
    iw_buffer_add_char(out, '\n');
    iw_buffer_add(out, first->analytic);
    iw_display_toned(out, writer->style, IW_TONE_WARNING, " blind throughout");
    iw_buffer_add(out, IW_STR(" on "));
    iw_display_counted(out, group->n, "host", "hosts");
    iw_buffer_add_char(out, '\n');
    add_open_links(writer, first);
    for (size_t i = 0; i < group->n; i++) {
        iw_display_spaces(out, INDENT);
        iw_display_tone(out, writer->style, IW_TONE_STRONG);
        add_host(group->records[i], out);
        iw_display_plain(out, writer->style);
        iw_buffer_add(out, IW_STR(": "));
        add_window(group->records[i], out);
        iw_buffer_add_char(out, '\n');
    }
}

static void add_plain(struct writer *writer, const struct iw_map *groups)
{
    for (size_t i = 0; i < groups->n; i++) {
        const struct group *group = groups->entries[i].value.pointer;
        if (group->n == 1)
            add_record(writer, group->records[0]);
        else
            add_group(writer, group);
        iw_buffer_breathe(writer->out);
    }
}

void iw_coverage_add_details(const struct iw_coverage *coverage, const struct iw_style *style,
                             struct iw_buffer *out)
{
    struct writer writer = {.coverage = coverage, .style = style, .out = out};
    struct iw_map groups;
    iw_buffer_init(&writer.scratch);
    iw_arena_init(&writer.arena, 0);
    iw_map_init(&groups);
    for (size_t i = 0; i < coverage->n_records; i++) {
        const struct iw_coverage_record *record = &coverage->records[i];
        if (is_plain(record) || (record->verdict != IW_VERDICT_BLIND && !has_blind_span(record) &&
                                 !has_findings(record) && !has_limited_link(record)))
            continue;
        add_record(&writer, record);
        iw_buffer_breathe(out);
    }
    if (gather(&writer, &groups))
        add_plain(&writer, &groups);
    else
        writer.no_memory = true;
    out->failed |= writer.no_memory || writer.scratch.failed;
    iw_map_done(&groups);
    iw_arena_done(&writer.arena);
    iw_buffer_done(&writer.scratch);
}
