/*
 * The account of a run for people: what was read, what was not and why, in as few lines as that
 * takes. A line is there only when it says something; lists show their first few and count the
 * rest, because the manifest has all of it.
 */
#include "output/display.h"

#define LABEL_COLUMNS 10U
#define ITEMS_SHOWN 10U
#define SKIPPED_SHOWN 3U

struct writer {
    const struct iw_run *run;
    const struct iw_style *style;
    struct iw_buffer *out;
    struct iw_buffer scratch;
};

static void add_label(struct writer *writer, const char *label)
{
    if (*label == '\0') {
        iw_display_spaces(writer->out, LABEL_COLUMNS);
        return;
    }
    iw_display_tone(writer->out, writer->style, IW_TONE_FAINT);
    iw_display_cell(writer->out, iw_str_of(label), LABEL_COLUMNS);
    iw_display_plain(writer->out, writer->style);
}

static void end_line(struct writer *writer)
{
    iw_buffer_add_char(writer->out, '\n');
}

/* What was put together in scratch, as one wrapped line. */
static void add_scratch(struct writer *writer, size_t indent)
{
    writer->out->failed |= writer->scratch.failed;
    iw_display_wrapped(writer->out, writer->style, indent, 3, iw_buffer_str(&writer->scratch));
}

static size_t count_sources(const struct iw_run *run, enum iw_source_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < run->ledger.n; i++)
        n += run->ledger.sources[i].state == state;
    return n;
}

static void add_and_more(struct writer *writer, uint64_t n)
{
    iw_display_spaces(writer->out, LABEL_COLUMNS);
    iw_buffer_add(writer->out, IW_STR("and "));
    iw_display_count(writer->out, n);
    iw_buffer_add(writer->out, IW_STR(" more\n"));
}

static void add_read(struct writer *writer)
{
    struct iw_account total = iw_ledger_total(&writer->run->ledger);
    struct iw_buffer *out = writer->out;
    add_label(writer, "Read");
    iw_display_counted(out, count_sources(writer->run, IW_SOURCE_READ), "file", "files");
    iw_buffer_add(out, IW_STR(", "));
    iw_display_bytes(out, total.read_bytes);
    iw_buffer_add(out, IW_STR(", "));
    iw_display_counted(out, total.n_records, "event", "events");
    if (total.n_decoded < total.n_records) {
        iw_buffer_add(out, IW_STR(" ("));
        iw_display_count(out, total.n_decoded);
        iw_buffer_add(out, IW_STR(" decoded: no rule asks for the others)"));
    }
    end_line(writer);
}

/* Files of one state with their reasons. */
static void add_sources(struct writer *writer, enum iw_source_state state, const char *label,
                        const char *what, size_t max_shown)
{
    const struct iw_ledger *ledger = &writer->run->ledger;
    size_t n = count_sources(writer->run, state), shown = 0;
    if (n == 0)
        return;
    add_label(writer, label);
    if (state == IW_SOURCE_LOST)
        iw_display_tone(writer->out, writer->style, IW_TONE_WARNING);
    iw_display_counted(writer->out, n, "file", "files");
    iw_buffer_add(writer->out, iw_str_of(what));
    if (state == IW_SOURCE_LOST)
        iw_display_plain(writer->out, writer->style);
    end_line(writer);
    for (size_t i = 0; i < ledger->n && shown < max_shown; i++) {
        const struct iw_source *source = &ledger->sources[i];
        if (source->state != state)
            continue;
        iw_buffer_clear(&writer->scratch);
        iw_buffer_add(&writer->scratch, source->path);
        if (source->reason.n != 0)
            iw_buffer_add(&writer->scratch, IW_STR(": "));
        iw_buffer_add(&writer->scratch, source->reason);
        iw_display_spaces(writer->out, LABEL_COLUMNS);
        add_scratch(writer, LABEL_COLUMNS);
        shown++;
    }
    if (shown < n && max_shown != 0)
        add_and_more(writer, n - shown);
}

/* The first file, in order of path, that has a kind of damage. */
static const struct iw_source *first_damaged(const struct iw_ledger *ledger, enum iw_damage kind,
                                             size_t *ret_n_files)
{
    const struct iw_source *first = NULL;
    *ret_n_files = 0;
    for (size_t i = 0; i < ledger->n; i++) {
        if (ledger->sources[i].account.damage[kind].count == 0)
            continue;
        if (first == NULL)
            first = &ledger->sources[i];
        ++*ret_n_files;
    }
    return first;
}

static void add_damage_kind(struct writer *writer, enum iw_damage kind, uint64_t count,
                            const char *label)
{
    const struct iw_damage_row *row = iw_damage_row(kind);
    size_t n_files;
    const struct iw_source *first = first_damaged(&writer->run->ledger, kind, &n_files);
    struct iw_buffer *scratch = &writer->scratch;

    iw_buffer_clear(scratch);
    iw_display_count(scratch, count);
    iw_buffer_add_char(scratch, ' ');
    iw_buffer_add(scratch, iw_str_of(count == 1 ? row->sentence_one : row->sentence));
    if (n_files > 1) {
        iw_buffer_add(scratch, IW_STR(", in "));
        iw_display_counted(scratch, n_files, "file", "files");
    }
    iw_buffer_add(scratch, n_files > 1 ? IW_STR("; the first: ") : IW_STR(": "));
    if (first != NULL) {
        iw_buffer_add(scratch, first->path);
        if (kind != IW_DAMAGE_CONFIG) /* a note says line and column */
            iw_buffer_printf(scratch, ", offset %llu",
                             (unsigned long long)first->account.damage[kind].first_offset);
    }
    add_label(writer, label);
    add_scratch(writer, LABEL_COLUMNS);
}

/* Kinds that mean loss, or those that do not; returns the label the next line needs. */
static const char *add_damage_kinds(struct writer *writer, const struct iw_account *total,
                                    bool is_loss, const char *label)
{
    for (enum iw_damage kind = 0; kind < IW_DAMAGE_COUNT; kind++) {
        if (total->damage[kind].count == 0 || iw_damage_row(kind)->is_loss != is_loss)
            continue;
        add_damage_kind(writer, kind, total->damage[kind].count, label);
        label = "";
    }
    return label;
}

static void add_damage(struct writer *writer)
{
    struct iw_account total = iw_ledger_total(&writer->run->ledger);
    const char *label = add_damage_kinds(writer, &total, true, "Damage");
    if (total.lost_bytes != 0) {
        add_label(writer, label);
        iw_display_bytes(writer->out, total.lost_bytes);
        iw_buffer_add(writer->out, IW_STR(" passed over as damaged\n"));
    }
    (void)add_damage_kinds(writer, &total, false, "Noticed");
}

static void add_hosts(struct writer *writer)
{
    const struct iw_run *run = writer->run;
    struct iw_buffer *out = writer->out;
    size_t n_shown = run->n_hosts < ITEMS_SHOWN ? run->n_hosts : ITEMS_SHOWN;
    size_t widest = 0;
    for (size_t i = 0; i < n_shown; i++) {
        size_t columns = iw_display_columns(run->hosts[i].host);
        widest = columns > widest ? columns : widest;
    }
    widest = widest > 32 ? 32 : widest;
    for (size_t i = 0; i < n_shown; i++) {
        const struct iw_host_span *host = &run->hosts[i];
        add_label(writer, i != 0 ? "" : run->n_hosts == 1 ? "Host" : "Hosts");
        iw_display_cell(out, iw_display_host(host->host), widest);
        iw_display_spaces(out, 2);
        iw_display_counted(out, host->n_events, "event", "events");
        iw_buffer_add(out, IW_STR(", "));
        iw_display_span(out, host->first_ns, host->last_ns);
        iw_buffer_add(out, iw_time_known(host->first_ns) ? IW_STR(" UTC\n") : IW_STR("\n"));
    }
    if (n_shown < run->n_hosts)
        add_and_more(writer, run->n_hosts - n_shown);
}

static void add_state_count(struct writer *writer, enum iw_rule_state state, const char *what,
                            bool is_first)
{
    size_t n = writer->run->rules.n_by_state[state];
    if (n == 0 && !is_first)
        return;
    if (!is_first)
        iw_buffer_add(writer->out, IW_STR(", "));
    iw_display_count(writer->out, n);
    iw_buffer_add(writer->out, iw_str_of(what));
}

/* One line about a rule, with its place. */
static void add_about_rule(struct writer *writer, const struct iw_rule_entry *entry,
                           struct iw_str words)
{
    iw_buffer_clear(&writer->scratch);
    iw_buffer_add(&writer->scratch, entry->file);
    if (entry->line != 0)
        iw_buffer_printf(&writer->scratch, ":%u", entry->line);
    iw_buffer_add(&writer->scratch, IW_STR(": "));
    iw_buffer_add(&writer->scratch, words);
    iw_display_spaces(writer->out, LABEL_COLUMNS);
    add_scratch(writer, LABEL_COLUMNS);
}

static void add_refused(struct writer *writer)
{
    const struct iw_rule_account *rules = &writer->run->rules;
    size_t shown = 0;
    for (size_t i = 0; i < rules->n && shown < ITEMS_SHOWN; i++) {
        if (rules->entries[i].state != IW_RULE_REFUSED)
            continue;
        add_about_rule(writer, &rules->entries[i], rules->entries[i].reason);
        shown++;
    }
    if (shown < rules->n_by_state[IW_RULE_REFUSED])
        add_and_more(writer, rules->n_by_state[IW_RULE_REFUSED] - shown);
}

/* What their authors should look at; the manifest has all of it. */
static void add_rule_notes(struct writer *writer)
{
    const struct iw_rule_account *rules = &writer->run->rules;
    size_t n = 0;
    for (size_t i = 0; i < rules->n; i++) {
        if (rules->entries[i].note.n == 0)
            continue;
        if (n++ < SKIPPED_SHOWN)
            add_about_rule(writer, &rules->entries[i], rules->entries[i].note);
    }
    if (n > SKIPPED_SHOWN)
        add_and_more(writer, n - SKIPPED_SHOWN);
}

/* Rules whose answer is not complete. */
static void add_rule_limits(struct writer *writer)
{
    const struct iw_rule_account *rules = &writer->run->rules;
    uint64_t n_unknown = 0, n_undecided = 0, n_unkept = 0;
    for (size_t i = 0; i < rules->n; i++) {
        n_unknown += rules->entries[i].n_unknown;
        n_undecided += rules->entries[i].n_undecided;
        n_unkept += rules->entries[i].n_unkept;
    }
    if (n_unknown != 0) {
        add_label(writer, "");
        iw_display_counted(writer->out, n_unknown, "answer", "answers");
        iw_buffer_add(writer->out, IW_STR(" unknown: a regular expression gave up on the event\n"));
    }
    if (n_undecided != 0) {
        add_label(writer, "");
        iw_display_counted(writer->out, n_undecided, "answer", "answers");
        iw_buffer_add(writer->out, IW_STR(" unknown: what is known of the event's context "
                                          "(ancestors, logon, site) does not decide\n"));
    }
    if (n_unkept != 0) {
        add_label(writer, "");
        iw_display_counted(writer->out, n_unkept, "finding", "findings");
        iw_buffer_add(writer->out, IW_STR(" not kept: the temporary file took no more\n"));
    }
}

/* A rule that asked for what no host logged found nothing, and that says nothing. */
static void add_rule_coverage(struct writer *writer)
{
    const struct iw_rule_coverage *coverage = &writer->run->rule_coverage;
    size_t n_shown = 0;
    for (; n_shown < coverage->n_hosts && n_shown < ITEMS_SHOWN; n_shown++) {
        iw_buffer_clear(&writer->scratch);
        (void)iw_rule_coverage_short_line(coverage, n_shown, &writer->scratch);
        add_label(writer, "");
        add_scratch(writer, LABEL_COLUMNS);
    }
    if (n_shown < coverage->n_hosts)
        add_and_more(writer, coverage->n_hosts - n_shown);
}

static void add_rules(struct writer *writer)
{
    if (writer->run->rules.n == 0)
        return;
    add_label(writer, "Rules");
    add_state_count(writer, IW_RULE_LOADED, " loaded", true);
    add_state_count(writer, IW_RULE_NOT_APPLICABLE, " not applicable", false);
    add_state_count(writer, IW_RULE_NOT_YET, " not supported yet", false);
    add_state_count(writer, IW_RULE_REFUSED, " refused", false);
    end_line(writer);
    add_refused(writer);
    add_rule_notes(writer);
    add_rule_limits(writer);
    add_rule_coverage(writer);
}

/* Silent when both protections are on: that is how it should be. */
static void add_confinement(struct writer *writer)
{
    const struct iw_run *run = writer->run;
    struct iw_buffer *scratch = &writer->scratch;
    if (run->landlock == IW_CONFINEMENT_ON && run->seccomp == IW_CONFINEMENT_ON)
        return;
    iw_buffer_clear(scratch);
    if (run->landlock != IW_CONFINEMENT_ON && run->seccomp != IW_CONFINEMENT_ON)
        iw_buffer_add(scratch, IW_STR("none"));
    else if (run->landlock != IW_CONFINEMENT_ON)
        iw_buffer_add(scratch, IW_STR("seccomp on, Landlock not"));
    else
        iw_buffer_add(scratch, IW_STR("Landlock on, seccomp not"));
    if (run->confinement_why[0] != '\0')
        iw_buffer_printf(scratch, ": %s", run->confinement_why);
    add_label(writer, "Confined");
    add_scratch(writer, LABEL_COLUMNS);
}

static void add_notes(struct writer *writer)
{
    const struct iw_run *run = writer->run;
    for (size_t i = 0; i < run->notes.n; i++) {
        add_label(writer, "Note");
        iw_display_wrapped(writer->out, writer->style, LABEL_COLUMNS, 4, run->notes.items[i]);
    }
    if (run->n_duplicate_events != 0) {
        add_label(writer, "Copies");
        iw_display_counted(writer->out, run->n_duplicate_events, "matching event was a copy",
                           "matching events were copies");
        iw_buffer_add(writer->out, IW_STR(" of another and told once\n"));
    }
}

/* So that "no finding" is not taken for "nothing there". */
static void add_coverage(struct writer *writer)
{
    for (size_t i = 0;; i++) {
        iw_buffer_clear(&writer->scratch);
        if (!iw_coverage_short_line(&writer->run->coverage, i, &writer->scratch))
            return;
        add_label(writer, i == 0 ? "Coverage" : "");
        add_scratch(writer, LABEL_COLUMNS);
    }
}

static void add_rate(struct iw_buffer *out, uint64_t n, double seconds)
{
    iw_display_count(out, (uint64_t)((double)n / seconds));
    iw_buffer_add(out, IW_STR(" events/s"));
}

static void add_took(struct writer *writer)
{
    const struct iw_run *run = writer->run;
    struct iw_account total = iw_ledger_total(&run->ledger);
    double seconds = (double)run->elapsed_ns / 1e9;
    add_label(writer, "Took");
    if (seconds < 1)
        iw_buffer_printf(writer->out, "%.0f ms", seconds * 1000);
    else
        iw_buffer_printf(writer->out, "%.*f s", seconds < 10 ? 1 : 0, seconds);
    if (seconds >= 1 && total.n_records != 0) { /* below that a rate is noise */
        iw_buffer_add(writer->out, IW_STR(", "));
        iw_display_bytes(writer->out, (uint64_t)((double)total.read_bytes / seconds));
        iw_buffer_add(writer->out, IW_STR("/s, "));
        add_rate(writer->out, total.n_records, seconds);
    }
    if (run->peak_memory_bytes != 0) {
        iw_buffer_add(writer->out, IW_STR(", "));
        iw_display_bytes(writer->out, run->peak_memory_bytes);
        iw_buffer_add(writer->out, IW_STR(" of memory at most"));
    }
    if (iw_spill_bytes(&run->spill) != 0) {
        iw_buffer_add(writer->out, IW_STR(", "));
        iw_display_bytes(writer->out, iw_spill_bytes(&run->spill));
        iw_buffer_add(writer->out, IW_STR(" through a temporary file"));
    }
    end_line(writer);
}

void iw_output_account(const struct iw_run *run, const struct iw_style *style,
                       struct iw_buffer *out)
{
    struct writer writer = {.run = run, .style = style, .out = out};

    iw_buffer_init(&writer.scratch);
    if (run->interrupted || run->failure.rc != IW_OK) {
        add_label(&writer, "Stopped");
        iw_display_toned(out, style, IW_TONE_WARNING,
                         run->failure.rc != IW_OK
                             ? "no room for more results: all of this is partial"
                             : "interrupted before the end: all of this is partial");
        end_line(&writer);
    }
    add_read(&writer);
    add_sources(&writer, IW_SOURCE_LOST, "Lost", " could not be read", ITEMS_SHOWN);
    add_sources(&writer, IW_SOURCE_PENDING, "Unread", " not reached", 0);
    add_damage(&writer);
    add_sources(&writer, IW_SOURCE_SKIPPED, "Skipped", " in which nothing is looked for",
                SKIPPED_SHOWN);
    add_sources(&writer, IW_SOURCE_DUPLICATE, "Same file", " reached twice, read once", 0);
    add_hosts(&writer);
    add_rules(&writer);
    add_coverage(&writer);
    add_confinement(&writer);
    add_notes(&writer);
    add_took(&writer);
    iw_buffer_done(&writer.scratch);
}
