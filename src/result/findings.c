/*
 * All findings of a run.
 *
 * Numbering equal ids takes three small sortings, because equal ids need not stand together: ids
 * with the position of their finding; of those that meet an equal one, position and number; the
 * latter is read beside the findings. Only where a number has two digits do findings move ("-10"
 * stands before "-2"): then all are sorted again under their full ids.
 */
#include "result/findings.h"

#include <stdio.h>

#include "base/sort_key.h"
#include "result/finding_record.h"

/* The share of the budget of the small sortings. */
#define SMALL_SHARE 4U
#define FIRST_OF_TWO_DIGITS 10U

void iw_findings_init(struct iw_findings *findings, struct iw_spill *spill, size_t budget_bytes)
{
    memset(findings, 0, sizeof *findings);
    findings->spill = spill;
    findings->budget_bytes = budget_bytes;
    iw_buffer_init(&findings->key);
    iw_buffer_init(&findings->record);
}

void iw_findings_done(struct iw_findings *findings)
{
    iw_sorter_free(findings->sorter);
    iw_sorter_free(findings->numbers);
    iw_buffer_done(&findings->key);
    iw_buffer_done(&findings->record);
    iw_findings_init(findings, findings->spill, findings->budget_bytes);
}

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* A sorter with one feed. */
static enum iw_rc make_sorter(const struct iw_findings *findings, size_t budget_bytes,
                              struct iw_sorter **ret, struct iw_sorter_feed **ret_feed,
                              struct iw_error *err)
{
    *ret = iw_sorter_new(findings->spill, budget_bytes);
    *ret_feed = *ret != NULL ? iw_sorter_feed_new(*ret) : NULL;
    return *ret_feed != NULL ? IW_OK : no_memory(err);
}

enum iw_rc iw_findings_put(struct iw_findings *findings, struct iw_finding *finding,
                           struct iw_error *err)
{
    if (findings->feed == NULL)
        IW_TRY(
            make_sorter(findings, findings->budget_bytes, &findings->sorter, &findings->feed, err));
    if (iw_finding_make_id(finding, &findings->key) != IW_OK)
        return no_memory(err);
    iw_buffer_clear(&findings->key);
    iw_buffer_clear(&findings->record);
    iw_finding_record_key(finding, &findings->key);
    iw_finding_record_write(finding, &findings->record);
    if (findings->key.failed || findings->record.failed)
        return no_memory(err);
    IW_TRY(iw_sorter_add(findings->feed, iw_buffer_str(&findings->key),
                         iw_buffer_str(&findings->record), err));
    findings->n++;
    findings->n_by_level[finding->level]++;
    return IW_OK;
}

/* --- numbering --------------------------------------------------------------------------- */

/* Ids and positions of all findings, in order of id. */
static enum iw_rc list_ids(struct iw_findings *findings, struct iw_sorter_feed *ids,
                           struct iw_error *err)
{
    struct iw_sorted *sorted;
    struct iw_str key, record;
    enum iw_rc rc;
    IW_TRY(iw_sorter_open(findings->sorter, false, &sorted, err));
    for (uint64_t position = 0; (rc = iw_sorted_next(sorted, &key, &record, err)) == IW_OK;
         position++) {
        iw_buffer_clear(&findings->key);
        iw_buffer_add(&findings->key, iw_finding_record_id(record));
        iw_sort_key_u64(&findings->key, position);
        rc = findings->key.failed
                 ? no_memory(err)
                 : iw_sorter_add(ids, iw_buffer_str(&findings->key), IW_STR(""), err);
        if (rc != IW_OK)
            break;
    }
    iw_sorted_close(sorted);
    return rc == IW_END ? IW_OK : rc;
}

/* Whether *key* (id and position) has the id in *before*; keeps it there. */
static bool is_same_id(char before[IW_FINDING_ID_BYTES], struct iw_str key)
{
    char id[IW_FINDING_ID_BYTES] = {0};
    size_t n = key.n - sizeof(uint64_t);
    bool is_same;
    if (n < sizeof id)
        memcpy(id, key.p, n);
    is_same = memcmp(id, before, sizeof id) == 0;
    memcpy(before, id, sizeof id);
    return is_same;
}

/* The second and later ones of each id get a number, kept by position. */
static enum iw_rc number_ids(struct iw_sorted *ids, struct iw_sorter_feed *numbers,
                             uint32_t *ret_highest, struct iw_buffer *scratch, struct iw_error *err)
{
    char before[IW_FINDING_ID_BYTES] = {0};
    struct iw_str key, nothing;
    uint32_t number = 1;
    enum iw_rc rc;
    *ret_highest = 1;
    while ((rc = iw_sorted_next(ids, &key, &nothing, err)) == IW_OK) {
        number = is_same_id(before, key) && number < UINT32_MAX ? number + 1 : 1;
        if (number == 1)
            continue;
        if (number > *ret_highest)
            *ret_highest = number;
        iw_buffer_clear(scratch);
        iw_buffer_add(scratch, (struct iw_str){key.p + key.n - sizeof(uint64_t), sizeof(uint64_t)});
        iw_sort_key_u32(scratch, number);
        if (scratch->failed)
            return no_memory(err);
        IW_TRY(iw_sorter_add(numbers, iw_buffer_str(scratch), IW_STR(""), err));
    }
    return rc == IW_END ? IW_OK : rc;
}

static enum iw_rc number_findings(struct iw_findings *findings, uint32_t *ret_highest,
                                  struct iw_error *err)
{
    size_t budget_bytes = findings->budget_bytes / SMALL_SHARE;
    struct iw_sorter *ids;
    struct iw_sorter_feed *id_feed, *number_feed;
    struct iw_sorted *sorted = NULL;
    enum iw_rc rc = make_sorter(findings, budget_bytes, &ids, &id_feed, err);
    if (rc == IW_OK)
        rc = make_sorter(findings, budget_bytes, &findings->numbers, &number_feed, err);
    if (rc == IW_OK)
        rc = list_ids(findings, id_feed, err);
    if (rc == IW_OK && iw_sorter_finish(ids) != IW_OK)
        rc = no_memory(err);
    if (rc == IW_OK)
        rc = iw_sorter_open(ids, true, &sorted, err);
    if (rc == IW_OK)
        rc = number_ids(sorted, number_feed, ret_highest, &findings->key, err);
    iw_sorted_close(sorted);
    iw_sorter_free(ids);
    if (rc == IW_OK && iw_sorter_finish(findings->numbers) != IW_OK)
        rc = no_memory(err);
    return rc;
}

/* All findings again, by their full ids. */
static enum iw_rc copy_under_full_ids(struct iw_findings *findings, struct iw_sorter_feed *into,
                                      struct iw_error *err)
{
    struct iw_finding_cursor cursor;
    struct iw_finding *finding;
    enum iw_rc rc = iw_finding_cursor_init(&cursor, findings, err);
    while (rc == IW_OK && (rc = iw_finding_cursor_next(&cursor, &finding, err)) == IW_OK) {
        iw_buffer_clear(&findings->key);
        iw_buffer_clear(&findings->record);
        iw_finding_record_key(finding, &findings->key);
        iw_finding_record_write(finding, &findings->record);
        if (findings->key.failed || findings->record.failed)
            rc = no_memory(err);
        else
            rc = iw_sorter_add(into, iw_buffer_str(&findings->key),
                               iw_buffer_str(&findings->record), err);
    }
    iw_finding_cursor_done(&cursor);
    return rc == IW_END ? IW_OK : rc;
}

static enum iw_rc sort_under_full_ids(struct iw_findings *findings, struct iw_error *err)
{
    struct iw_sorter *sorter;
    struct iw_sorter_feed *feed;
    enum iw_rc rc = make_sorter(findings, findings->budget_bytes, &sorter, &feed, err);
    if (rc == IW_OK)
        rc = copy_under_full_ids(findings, feed, err);
    if (rc == IW_OK && iw_sorter_finish(sorter) != IW_OK)
        rc = no_memory(err);
    if (rc != IW_OK) {
        iw_sorter_free(sorter);
        return rc;
    }
    iw_sorter_free(findings->sorter);
    iw_sorter_free(findings->numbers);
    findings->sorter = sorter;
    findings->feed = feed;
    findings->numbers = NULL;
    return IW_OK;
}

enum iw_rc iw_findings_settle(struct iw_findings *findings, struct iw_error *err)
{
    uint32_t highest;
    enum iw_rc rc;
    if (findings->sorter == NULL)
        return IW_OK;
    if (iw_sorter_finish(findings->sorter) != IW_OK)
        return no_memory(err);
    rc = number_findings(findings, &highest, err);
    if (rc != IW_OK) {
        iw_sorter_free(findings->numbers);
        findings->numbers = NULL;
        return rc;
    }
    return highest < FIRST_OF_TWO_DIGITS ? IW_OK : sort_under_full_ids(findings, err);
}

/* --- reading ----------------------------------------------------------------------------- */

static enum iw_rc next_number(struct iw_finding_cursor *cursor, struct iw_error *err)
{
    struct iw_str key, nothing;
    enum iw_rc rc = IW_END;
    cursor->numbered = UINT64_MAX;
    if (cursor->numbers != NULL)
        rc = iw_sorted_next(cursor->numbers, &key, &nothing, err);
    if (rc == IW_OK) {
        cursor->numbered = iw_sort_key_read_u64(key.p);
        cursor->number = iw_sort_key_read_u32(key.p + sizeof(uint64_t));
    }
    return rc == IW_END ? IW_OK : rc;
}

enum iw_rc iw_finding_cursor_init(struct iw_finding_cursor *cursor,
                                  const struct iw_findings *findings, struct iw_error *err)
{
    memset(cursor, 0, sizeof *cursor);
    iw_arena_init(&cursor->arena, 0);
    if (findings->sorter == NULL)
        return IW_OK;
    IW_TRY(iw_sorter_open(findings->sorter, false, &cursor->sorted, err));
    if (findings->numbers != NULL)
        IW_TRY(iw_sorter_open(findings->numbers, false, &cursor->numbers, err));
    return next_number(cursor, err);
}

void iw_finding_cursor_done(struct iw_finding_cursor *cursor)
{
    iw_sorted_close(cursor->sorted);
    iw_sorted_close(cursor->numbers);
    iw_arena_done(&cursor->arena);
    memset(cursor, 0, sizeof *cursor);
}

enum iw_rc iw_finding_cursor_next(struct iw_finding_cursor *cursor, struct iw_finding **ret,
                                  struct iw_error *err)
{
    struct iw_finding *finding = &cursor->finding;
    struct iw_str key, record;
    if (cursor->sorted == NULL)
        return IW_END;
    IW_TRY(iw_sorted_next(cursor->sorted, &key, &record, err));
    iw_arena_reset(&cursor->arena);
    IW_TRY(iw_finding_record_read(record, &cursor->arena, finding, err));
    if (cursor->position == cursor->numbered) {
        size_t n = strlen(finding->id);
        (void)snprintf(finding->id + n, sizeof finding->id - n, "-%u", cursor->number);
        IW_TRY(next_number(cursor, err));
    }
    cursor->position++;
    *ret = finding;
    return IW_OK;
}
