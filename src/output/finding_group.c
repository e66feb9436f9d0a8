/*
 * One entry of the table of findings. What one rule says again and again of one host is one entry
 * with a count, the first few times, the first of each process or file it is about, and the last.
 * Long text is cut and the rest counted, so that a
 * command line of 100 kB cannot push everything else off the screen, nor fill a file; NDJSON has it
 * whole.
 */
#include "output/finding_group.h"

#include <limits.h>

#include "base/arena_text.h"
#include "base/hash.h"
#include "base/utf.h"
#include "output/display.h"
#include "result/finding_record.h"

#define DETAIL_INDENT 12U
#define LABEL_COLUMNS 6U
#define TIME_COLUMNS 23U
#define TITLE_INDENT (DETAIL_INDENT + TIME_COLUMNS + 2U)
#define LEVEL_COLUMNS 8U
/* Findings of chains have some fifty reasons at most. */
#define REASONS_WEIGHED 256U
#define WHAT_CHARACTERS 300U
/* Of a digest, so many bytes tell texts apart. */
#define SUBJECT_BYTES 16U

/* --- gathering --------------------------------------------------------------------------- */

void iw_finding_group_init(struct iw_finding_group *group)
{
    memset(group, 0, sizeof *group);
    iw_arena_init(&group->kept, 0);
    iw_arena_init(&group->scratch, 0);
    iw_map_init(&group->subjects);
}

void iw_finding_group_done(struct iw_finding_group *group)
{
    iw_map_done(&group->subjects);
    iw_arena_done(&group->kept);
    iw_arena_done(&group->scratch);
}

void iw_finding_group_clear(struct iw_finding_group *group)
{
    iw_map_done(&group->subjects);
    iw_map_init(&group->subjects);
    iw_arena_reset(&group->kept);
    group->n = group->n_others = 0;
    group->n_shown = 0;
    group->has_more_others = false;
    group->has_several_kinds = false;
    group->user = group->pool = group->asked_by = (struct iw_shared_text){{NULL, 0}, false};
}

static const struct iw_evidence_item *first_item(const struct iw_finding *finding)
{
    return finding->n_evidence != 0 ? &finding->evidence[0] : NULL;
}

static bool is_of_one_kind(const struct iw_finding *a, const struct iw_finding *b)
{
    const struct iw_evidence_item *first = first_item(a), *second = first_item(b);
    return first != NULL && second != NULL && first->event_id == second->event_id &&
           iw_str_equal(first->channel, second->channel);
}

static bool share(struct iw_shared_text *shared, struct iw_str text, struct iw_arena *arena)
{
    if (text.n == 0)
        return true;
    if (shared->text.n != 0) {
        shared->differs = shared->differs || !iw_str_equal(shared->text, text);
        return true;
    }
    shared->text = iw_arena_copy(arena, text);
    return shared->text.p != NULL;
}

static struct iw_str what_of(const struct iw_finding *finding)
{
    return finding->detail.n != 0 ? finding->detail : finding->subject_name;
}

/* Whether a finding is about what none before was about; past the limit that is not known. IW_OK or
 * IW_ENOMEM. */
static enum iw_rc ask_subject(struct iw_finding_group *group, const struct iw_finding *finding,
                              bool *ret_is_new)
{
    uint8_t digest[32];
    struct iw_str key = {(const char *)digest, SUBJECT_BYTES};
    *ret_is_new = false;
    if (!iw_sha256(what_of(finding), digest))
        return IW_ENOMEM;
    if (iw_map_find(&group->subjects, key) != NULL)
        return IW_OK;
    if (group->subjects.n >= IW_GROUP_SUBJECTS_KNOWN) {
        group->has_more_others = true;
        return IW_OK;
    }
    key = iw_arena_copy(&group->kept, key);
    if (key.p == NULL || iw_map_add(&group->subjects, key, ret_is_new) == NULL)
        return IW_ENOMEM;
    return IW_OK;
}

static enum iw_rc show(struct iw_finding_group *group, struct iw_str record, struct iw_error *err)
{
    record = iw_arena_copy(&group->kept, record);
    if (record.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    IW_TRY(iw_finding_record_read(record, &group->kept, &group->shown[group->n_shown], err));
    group->n_shown++;
    return IW_OK;
}

enum iw_rc iw_finding_group_add(struct iw_finding_group *group, struct iw_str record,
                                struct iw_error *err)
{
    struct iw_finding read, *finding = &read;
    bool is_new;
    iw_arena_reset(&group->scratch);
    IW_TRY(iw_finding_record_read(record, &group->scratch, finding, err));
    if (ask_subject(group, finding, &is_new) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (group->n < IW_GROUP_SHOWN || (is_new && group->n_shown < IW_GROUP_SUBJECTS))
        IW_TRY(show(group, record, err));
    else
        group->n_others += is_new;
    if (!share(&group->user, finding->user, &group->kept) ||
        !share(&group->pool, finding->pool, &group->kept) ||
        !share(&group->asked_by, finding->asked_by, &group->kept))
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (group->n != 0 && !is_of_one_kind(&group->shown[0], finding))
        group->has_several_kinds = true;
    group->last_time_ns = finding->last_time_ns;
    group->n++;
    return IW_OK;
}

/* --- writing ----------------------------------------------------------------------------- */

struct writer {
    const struct iw_style *style;
    struct iw_buffer *out;
};

static void add_label(struct iw_buffer *out, const struct iw_style *style, const char *label)
{
    iw_display_spaces(out, DETAIL_INDENT);
    if (*label == '\0') {
        iw_display_spaces(out, LABEL_COLUMNS);
        return;
    }
    iw_display_tone(out, style, IW_TONE_FAINT);
    iw_display_cell(out, iw_str_of(label), LABEL_COLUMNS);
    iw_display_plain(out, style);
}

void iw_finding_detail(const struct iw_style *style, struct iw_buffer *out, const char *label,
                       unsigned max_lines, struct iw_str text)
{
    if (text.n == 0)
        return;
    add_label(out, style, label);
    iw_display_wrapped(out, style, DETAIL_INDENT + LABEL_COLUMNS, max_lines, text);
}

void iw_finding_rest(const struct iw_style *style, struct iw_buffer *out, uint64_t n)
{
    add_label(out, style, "");
    iw_buffer_add(out, IW_STR("and "));
    iw_display_count(out, n);
    iw_buffer_add(out, IW_STR(" more\n"));
}

static void add_detail(const struct writer *writer, const char *label, unsigned max_lines,
                       struct iw_str text)
{
    iw_finding_detail(writer->style, writer->out, label, max_lines, text);
}

/* What a reason weighs: its points, whichever way (`+15 request: ...`); the sum above all. */
static uint64_t weight_of(struct iw_str reason)
{
    size_t n = 1;
    uint64_t points;
    if (iw_str_begins_nocase(reason, IW_STR("= ")))
        return UINT64_MAX;
    if (reason.n < 2 || (reason.p[0] != '+' && reason.p[0] != '-'))
        return 0;
    while (n < reason.n && reason.p[n] >= '0' && reason.p[n] <= '9')
        n++;
    return iw_str_to_u64((struct iw_str){reason.p + 1, n - 1}, &points) ? points : 0;
}

/* How many reasons go before this one; of equal weight, the earlier. */
static size_t rank_of(const struct iw_text_list *reasons, size_t at, size_t n)
{
    uint64_t weight = weight_of(reasons->items[at]);
    size_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t other = weight_of(reasons->items[i]);
        rank += other > weight || (other == weight && i < at);
    }
    return rank;
}

/* In their order; where there are more than are shown, the weightiest and the sum. */
static void add_reasons(const struct writer *writer, const struct iw_text_list *reasons)
{
    size_t n = reasons->n < REASONS_WEIGHED ? reasons->n : REASONS_WEIGHED, n_shown = 0;
    for (size_t i = 0; i < n; i++) {
        if (rank_of(reasons, i, n) < IW_FINDING_ENTRIES_SHOWN)
            add_detail(writer, n_shown++ == 0 ? "why" : "", 3, reasons->items[i]);
    }
    if (reasons->n > n_shown)
        iw_finding_rest(writer->style, writer->out, reasons->n - n_shown);
}

/* One entry a line; what is past the first few is counted. */
static void add_list_detail(const struct writer *writer, const char *label,
                            const struct iw_text_list *list)
{
    for (size_t i = 0; i < list->n && i < IW_FINDING_ENTRIES_SHOWN; i++)
        add_detail(writer, i == 0 ? label : "", 3, list->items[i]);
    if (list->n > IW_FINDING_ENTRIES_SHOWN)
        iw_finding_rest(writer->style, writer->out, list->n - IW_FINDING_ENTRIES_SHOWN);
}

static void add_time_cell(struct iw_buffer *out, const struct iw_finding *finding)
{
    bool is_second = iw_finding_tells_seconds(finding);
    if (iw_time_known(finding->first_time_ns)) {
        iw_display_time(out, finding->first_time_ns, !is_second);
        iw_display_spaces(out, is_second ? sizeof ".000" - 1 : 0);
    } else {
        iw_display_cell(out, IW_STR("time unknown"), TIME_COLUMNS);
    }
    iw_display_spaces(out, 2);
}

static void add_title_line(const struct writer *writer, const struct iw_finding_group *group,
                           struct iw_buffer *scratch)
{
    static const char *const LEVELS[IW_LEVEL_COUNT] = {
        [IW_LEVEL_INFORMATIONAL] = "info", [IW_LEVEL_LOW] = "low",
        [IW_LEVEL_MEDIUM] = "medium",      [IW_LEVEL_HIGH] = "high",
        [IW_LEVEL_CRITICAL] = "critical",
    };
    const struct iw_finding *finding = &group->shown[0];
    struct iw_buffer *out = writer->out;

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
    iw_display_tone(out, writer->style, iw_display_level_tone(finding->level));
    iw_display_cell(out, iw_str_of(LEVELS[finding->level]), LEVEL_COLUMNS);
    iw_display_plain(out, writer->style);
    iw_display_spaces(out, 2);
    add_time_cell(out, finding);
    iw_display_wrapped(out, writer->style, TITLE_INDENT, 3, iw_buffer_str(scratch));
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

static void add_single_what(const struct writer *writer, const struct iw_finding *finding,
                            struct iw_buffer *scratch)
{
    iw_buffer_clear(scratch);
    add_what(scratch, finding);
    writer->out->failed |= scratch->failed;
    add_detail(writer, "what", UINT_MAX, iw_buffer_str(scratch));
}

/* Those that are not shown: how many, of how many others, and when the last one was. */
static void add_rest(const struct writer *writer, const struct iw_finding_group *group)
{
    struct iw_buffer *out = writer->out;
    if (group->n_shown == group->n)
        return;
    add_label(out, writer->style, "");
    iw_buffer_add(out, IW_STR("and "));
    iw_display_count(out, group->n - group->n_shown);
    iw_buffer_add(out, IW_STR(" more"));
    if (group->n_others != 0) {
        iw_buffer_add(out, group->has_more_others ? IW_STR(" (at least ") : IW_STR(" ("));
        iw_display_counted(out, group->n_others, "other that is not named here",
                           "others that are not named here");
        iw_buffer_add(out, IW_STR(" among them)"));
    }
    iw_buffer_add(out, IW_STR(", the last at "));
    iw_display_time(out, group->last_time_ns, !iw_finding_tells_seconds(&group->shown[0]));
    iw_buffer_add_char(out, '\n');
}

/* The first few of a group, and the first of each process or file it is about. */
static void add_repeats(const struct writer *writer, const struct iw_finding_group *group,
                        struct iw_buffer *scratch)
{
    struct iw_buffer *out = writer->out;
    for (size_t i = 0; i < group->n_shown; i++) {
        const struct iw_finding *finding = &group->shown[i];
        iw_buffer_clear(scratch);
        iw_display_time(scratch, finding->first_time_ns, !iw_finding_tells_seconds(finding));
        iw_buffer_add(scratch, IW_STR("  "));
        if (group->has_several_kinds)
            add_kind_of_event(scratch, finding);
        if (writer->style->width == 0)
            add_what(scratch, finding);
        else /* the two lines cut it */
            iw_buffer_add(scratch, what_of(finding));
        out->failed |= scratch->failed;
        add_detail(writer, i == 0 ? "what" : "", 2, iw_buffer_str(scratch));
    }
    add_rest(writer, group);
}

/* What a finding is made of comes before what stands beside it: how somebody had logged on, what a
 * file holds now. */
static bool is_beside(const struct iw_evidence_item *item)
{
    return iw_str_equal(item->role, IW_STR("logon")) || iw_str_equal(item->role, IW_STR("file"));
}

/* The event itself, and how often a copy of it was met. */
static void add_source(const struct writer *writer, const struct iw_finding_group *group,
                       struct iw_buffer *scratch)
{
    const struct iw_finding *finding = &group->shown[0];
    const struct iw_evidence_item *item = NULL;
    uint64_t n_copies = finding->n_copies_hidden;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        if (iw_str_equal(finding->evidence[i].role, IW_STR("copy")))
            n_copies++;
        else if (item == NULL || (is_beside(item) && !is_beside(&finding->evidence[i])))
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
    else if (item->offset != 0 || item->channel.n != 0) /* else the file as a whole is meant */
        iw_buffer_printf(scratch, ", offset %llu", (unsigned long long)item->offset);
    if (n_copies != 0) {
        iw_buffer_add(scratch, IW_STR(", and "));
        iw_display_counted(scratch, n_copies, "copy", "copies");
    }
    if (group->n > 1)
        iw_buffer_add(scratch, IW_STR(" (the first)"));
    writer->out->failed |= scratch->failed;
    add_detail(writer, "from", 3, iw_buffer_str(scratch));
}

/* A text all of a group share, or the first one's with a word that there are others. */
static void add_shared(const struct writer *writer, const char *label, unsigned max_lines,
                       const struct iw_shared_text *shared, struct iw_buffer *scratch)
{
    if (shared->text.n == 0)
        return;
    iw_buffer_clear(scratch);
    iw_buffer_add(scratch, shared->text);
    if (shared->differs)
        iw_buffer_add(scratch, IW_STR(", and others"));
    writer->out->failed |= scratch->failed;
    add_detail(writer, label, max_lines, iw_buffer_str(scratch));
}

void iw_finding_group_write(const struct iw_finding_group *group, const struct iw_style *style,
                            struct iw_buffer *scratch, struct iw_buffer *out)
{
    const struct writer writer = {style, out};
    const struct iw_finding *finding = &group->shown[0];
    add_title_line(&writer, group, scratch);
    add_shared(&writer, "who", 2, &group->user, scratch);
    add_shared(&writer, "pool", 2, &group->pool, scratch);
    add_shared(&writer, "asked", 4, &group->asked_by, scratch);
    if (group->n == 1)
        add_single_what(&writer, finding, scratch);
    else
        add_repeats(&writer, group, scratch);
    add_reasons(&writer, &finding->why);
    add_source(&writer, group, scratch);
    add_list_detail(&writer, "blind", &finding->blind);
}
