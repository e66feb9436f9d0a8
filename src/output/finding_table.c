/*
 * Findings for people: hosts with the worst finding first, in each the worst first, then by time;
 * what one rule says again and again is one entry (finding_group.c).
 *
 * However many findings there are, two sortings do it: first by host, level and rule, which brings
 * each entry's findings together; then the entries themselves, written already, by the worst of
 * their host. What an entry does not show (the whole event, fields of the evidence) is left out
 * before.
 */
#include "base/hash.h"
#include "base/packed.h"
#include "base/sort_key.h"
#include "output/display.h"
#include "output/finding_advice.h"
#include "output/incomplete.h"
#include "result/finding_record.h"

#define RULE_DIGEST_BYTES 16U

struct table {
    const struct iw_run *run;
    const struct iw_style *style;
    struct iw_buffer *out;
    uint64_t n_rows;
    uint64_t n_hosts;
    struct iw_error failure; /* the rows found no room: those that did are shown */
    struct iw_sorter *rows, *entries;
    struct iw_sorter_feed *row_feed, *entry_feed;
    struct iw_buffer key, text, entry, scratch;
    /* of the host the rows are of */
    struct iw_buffer host;
    uint64_t n_of_host;
    enum iw_level worst;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- rows: findings by host, level, rule and time ---------------------------------------- */

static struct iw_str rule_key(const struct iw_finding *finding)
{
    return finding->rule_id.n != 0 ? finding->rule_id : finding->title;
}

static void leave_out_details(struct iw_finding *finding)
{
    finding->event_json = finding->anchor = finding->computer = (struct iw_str){NULL, 0};
    for (size_t i = 0; i < finding->n_evidence; i++)
        finding->evidence[i].fields_json = (struct iw_str){NULL, 0};
}

static enum iw_rc add_row(struct table *table, struct iw_finding *finding, struct iw_error *err)
{
    uint8_t digest[32];
    leave_out_details(finding);
    iw_buffer_clear(&table->key);
    iw_buffer_clear(&table->text);
    if (!iw_sha256(rule_key(finding), digest))
        return no_memory(err);
    iw_sort_key_text(&table->key, finding->host);
    iw_sort_key_u8(&table->key, (uint8_t)(IW_LEVEL_COUNT - finding->level));
    iw_buffer_add(&table->key, (struct iw_str){(const char *)digest, RULE_DIGEST_BYTES});
    iw_sort_key_u64(&table->key, table->n_rows); /* findings come in order of time */
    iw_finding_record_write(finding, &table->text);
    if (table->key.failed || table->text.failed)
        return no_memory(err);
    IW_TRY(iw_sorter_add(table->row_feed, iw_buffer_str(&table->key), iw_buffer_str(&table->text),
                         &table->failure));
    table->n_rows++;
    return IW_OK;
}

static enum iw_rc collect_rows(struct table *table, enum iw_level min_level, struct iw_error *err)
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, &table->run->findings, err);
    while (rc == IW_OK && (rc = iw_finding_cursor_next(&cursor, &finding, err)) == IW_OK) {
        if (finding->level >= min_level)
            rc = add_row(table, finding, err);
    }
    iw_finding_cursor_done(&cursor);
    if (rc == IW_END || table->failure.rc == IW_EIO)
        rc = iw_sorter_finish(table->rows) == IW_OK ? IW_OK : no_memory(err);
    return rc;
}

/* --- entries: what is shown, by the worst of the host ------------------------------------- */

static const struct iw_host_span *find_host(const struct iw_run *run, struct iw_str host)
{
    size_t low = 0, high = run->n_hosts;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = iw_str_compare(run->hosts[middle].host, host);
        if (order == 0)
            return &run->hosts[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void add_host_line(const struct table *table, struct iw_str host, uint64_t n_findings,
                          struct iw_buffer *out)
{
    const struct iw_host_span *span = find_host(table->run, host);
    iw_display_tone(out, table->style, IW_TONE_STRONG);
    (void)iw_display_text(out, iw_display_host(host), 64);
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

/* The text goes to its place: below its host's line (*part* 1), or is that line (0). *triage*: what
 * to do next, or NULL. */
static enum iw_rc add_entry(struct table *table, uint8_t part, enum iw_level level,
                            uint64_t position, const struct iw_text_list *triage,
                            struct iw_error *err)
{
    iw_buffer_clear(&table->entry);
    iw_pack_text(&table->entry, iw_buffer_str(&table->text));
    if (triage != NULL)
        iw_finding_advice_pack(triage, &table->entry);
    iw_buffer_clear(&table->key);
    iw_sort_key_u8(&table->key, (uint8_t)(IW_LEVEL_COUNT - table->worst));
    iw_sort_key_text(&table->key, iw_buffer_str(&table->host));
    iw_sort_key_u8(&table->key, part);
    iw_sort_key_u8(&table->key, (uint8_t)(IW_LEVEL_COUNT - level));
    iw_sort_key_u64(&table->key, position);
    if (table->key.failed || table->text.failed || table->entry.failed)
        return no_memory(err);
    return iw_sorter_add(table->entry_feed, iw_buffer_str(&table->key),
                         iw_buffer_str(&table->entry), err);
}

static enum iw_rc end_host(struct table *table, struct iw_error *err)
{
    if (table->n_of_host == 0)
        return IW_OK;
    iw_buffer_clear(&table->text);
    add_host_line(table, iw_buffer_str(&table->host), table->n_of_host, &table->text);
    table->n_hosts++;
    table->n_of_host = 0;
    return add_entry(table, 0, IW_LEVEL_INFORMATIONAL, 0, NULL, err);
}

static enum iw_rc end_group(struct table *table, struct iw_finding_group *group, uint64_t position,
                            struct iw_error *err)
{
    const struct iw_finding *finding = &group->shown[0];
    if (group->n == 0)
        return IW_OK;
    if (table->n_of_host == 0 || !iw_str_equal(iw_buffer_str(&table->host), finding->host)) {
        IW_TRY(end_host(table, err));
        iw_buffer_clear(&table->host);
        iw_buffer_add(&table->host, finding->host);
        if (table->host.failed)
            return no_memory(err);
        table->worst = finding->level; /* the first of a host is its worst */
    }
    table->n_of_host += group->n;
    iw_buffer_clear(&table->text);
    iw_finding_group_write(group, table->style, &table->scratch, &table->text);
    IW_TRY(add_entry(table, 1, finding->level, position, &finding->triage, err));
    iw_finding_group_clear(group);
    return IW_OK;
}

/* Rows whose keys agree but for the position are one group. */
static bool is_same_group(struct iw_str key, const struct iw_buffer *before)
{
    return key.n == before->n && memcmp(key.p, before->p, key.n - sizeof(uint64_t)) == 0;
}

static enum iw_rc group_rows(struct table *table, struct iw_sorted *rows,
                             struct iw_finding_group *group, struct iw_buffer *first,
                             struct iw_error *err)
{
    struct iw_str key, record;
    uint64_t position = 0;
    enum iw_rc rc;
    while ((rc = iw_sorted_next(rows, &key, &record, err)) == IW_OK) {
        if (group->n == 0 || !is_same_group(key, first)) {
            IW_TRY(end_group(table, group, position, err));
            position = iw_sort_key_read_u64(key.p + key.n - sizeof(uint64_t));
            iw_buffer_clear(first);
            iw_buffer_add(first, key);
            if (first->failed)
                return no_memory(err);
        }
        IW_TRY(iw_finding_group_add(group, record, err));
    }
    if (rc != IW_END)
        return rc;
    IW_TRY(end_group(table, group, position, err));
    return end_host(table, err);
}

static enum iw_rc make_entries(struct table *table, struct iw_error *err)
{
    struct iw_finding_group group;
    struct iw_buffer first;
    struct iw_sorted *rows;
    enum iw_rc rc;
    IW_TRY(iw_sorter_open(table->rows, true, &rows, err));
    iw_finding_group_init(&group);
    iw_buffer_init(&first);
    rc = group_rows(table, rows, &group, &first, err);
    iw_buffer_done(&first);
    iw_finding_group_done(&group);
    iw_sorted_close(rows);
    if (rc == IW_OK && iw_sorter_finish(table->entries) != IW_OK)
        rc = no_memory(err);
    return rc;
}

static enum iw_rc write_entry(struct table *table, struct iw_finding_advice *advice,
                              struct iw_str record, struct iw_error *err)
{
    struct iw_unpacking in = {record, false};
    enum iw_rc rc = IW_OK;
    iw_buffer_add(table->out, iw_unpack_text(&in));
    if (in.left.n == 0) { /* the line of a host */
        iw_finding_advice_forget(advice);
    } else {
        rc = iw_finding_advice_write(advice, in.left, table->style, &table->scratch, table->out);
        iw_buffer_add_char(table->out, '\n');
    }
    if (in.is_broken || rc == IW_EIO)
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    return rc == IW_OK ? IW_OK : no_memory(err);
}

static enum iw_rc write_entries(struct table *table, struct iw_error *err)
{
    struct iw_finding_advice advice;
    struct iw_sorted *entries;
    struct iw_str key, record;
    enum iw_rc rc = IW_END;
    IW_TRY(iw_sorter_open(table->entries, true, &entries, err));
    iw_finding_advice_init(&advice);
    while (!table->out->failed && (rc = iw_sorted_next(entries, &key, &record, err)) == IW_OK) {
        rc = write_entry(table, &advice, record, err);
        if (rc != IW_OK)
            break;
        iw_buffer_breathe(table->out);
    }
    iw_finding_advice_done(&advice);
    iw_sorted_close(entries);
    return table->out->failed || rc == IW_END ? IW_OK : rc;
}

/* --- what stands below the findings ------------------------------------------------------- */

static void add_level_counts(const struct iw_run *run, enum iw_level from, enum iw_level below,
                             struct iw_buffer *out)
{
    bool need_comma = false;
    for (enum iw_level level = below; level-- > from;) {
        uint64_t n = run->findings.n_by_level[level];
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
                              "Whether these logs could have shown an attack is another question: "
                              "ask\n`iiswarden coverage`"));
    iw_buffer_add(out,
                  table->run->coverage.n_records != 0 ? IW_STR(". In short:\n") : IW_STR(".\n"));
    for (enum iw_analytic analytic = 0; analytic < IW_ANALYTIC_COUNT; analytic++) {
        if (iw_coverage_add_counts(&table->run->coverage, analytic, out))
            iw_buffer_add(out, IW_STR(".\n"));
    }
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

/* --- the table ---------------------------------------------------------------------------- */

static enum iw_rc write_findings(struct table *table, enum iw_level min_level, struct iw_error *err)
{
    const struct iw_findings *findings = &table->run->findings;
    table->rows = iw_sorter_new(findings->spill, findings->budget_bytes);
    table->entries = iw_sorter_new(findings->spill, findings->budget_bytes);
    if (table->rows == NULL || table->entries == NULL)
        return no_memory(err);
    table->row_feed = iw_sorter_feed_new(table->rows);
    table->entry_feed = iw_sorter_feed_new(table->entries);
    if (table->row_feed == NULL || table->entry_feed == NULL)
        return no_memory(err);
    IW_TRY(collect_rows(table, min_level, err));
    IW_TRY(make_entries(table, err));
    return write_entries(table, err);
}

static void write_summary(const struct table *table, enum iw_level min_level)
{
    iw_incomplete_add_partial(table->run, table->style, table->out);
    if (table->n_rows == 0) {
        add_nothing_line(table, min_level);
        add_former_line(table);
    } else {
        add_totals_line(table, min_level);
    }
    add_left_out_line(table, min_level);
    if (table->failure.rc != IW_OK)
        iw_display_toned(table->out, table->style, IW_TONE_WARNING,
                         "No room in the temporary file: only the earliest are shown.\n");
    iw_incomplete_add_files(table->run, table->style, table->out);
}

enum iw_rc iw_output_findings_table(const struct iw_run *run, enum iw_level min_level,
                                    const struct iw_style *style, struct iw_buffer *out,
                                    struct iw_error *err)
{
    struct table table = {.run = run, .style = style, .out = out};
    enum iw_rc rc;

    iw_buffer_init(&table.key);
    iw_buffer_init(&table.text);
    iw_buffer_init(&table.entry);
    iw_buffer_init(&table.scratch);
    iw_buffer_init(&table.host);
    rc = write_findings(&table, min_level, err);
    if (rc == IW_OK)
        write_summary(&table, min_level);
    else
        out->failed = true;
    if (rc == IW_OK && table.failure.rc != IW_OK) {
        rc = table.failure.rc;
        if (err != NULL)
            *err = table.failure;
    }
    iw_sorter_free(table.rows);
    iw_sorter_free(table.entries);
    iw_buffer_done(&table.key);
    iw_buffer_done(&table.text);
    iw_buffer_done(&table.entry);
    iw_buffer_done(&table.scratch);
    iw_buffer_done(&table.host);
    return rc;
}
