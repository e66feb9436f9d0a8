/*
 * Change records: the list, and which records a host has. A host without signs is found by its
 * label, so that judging an act does not ask all records of a company.
 */
#include "iis/change/change_list.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"
#include "event/host.h"

struct iw_changes *iw_changes_new(void)
{
    struct iw_changes *changes = iw_calloc(1, sizeof *changes);
    if (changes == NULL)
        return NULL;
    iw_arena_init(&changes->arena, 0);
    changes->problems.arena = &changes->arena;
    iw_map_init(&changes->by_id);
    iw_map_init(&changes->by_label);
    return changes;
}

void iw_changes_free(struct iw_changes *changes)
{
    if (changes == NULL)
        return;
    iw_change_problems_done(&changes->problems);
    iw_map_done(&changes->by_id);
    iw_map_done(&changes->by_label);
    iw_free(changes->records);
    iw_free(changes->links);
    iw_free(changes->wide);
    iw_arena_done(&changes->arena);
    iw_free(changes);
}

size_t iw_changes_count(const struct iw_changes *changes)
{
    return changes->n;
}

const struct iw_change_problem *iw_changes_problems(const struct iw_changes *changes, size_t *ret_n)
{
    *ret_n = changes->problems.n;
    return changes->problems.items;
}

size_t iw_changes_problems_hidden(const struct iw_changes *changes)
{
    return changes->problems.n_hidden;
}

enum iw_rc changes_begin_file(struct iw_changes *changes, struct iw_str bytes, const char *name,
                              struct iw_error *err)
{
    if (bytes.n > IW_LIMIT_CHANGE_FILE_BYTES) {
        iw_error_set(err, IW_ELIMIT, "the file is larger than %lu bytes",
                     IW_LIMIT_CHANGE_FILE_BYTES);
        iw_error_place(err, name, 0, 0);
        return IW_ELIMIT;
    }
    changes->problems.file = iw_arena_copy(&changes->arena, iw_str_of(name));
    return changes->problems.file.p != NULL ? IW_OK : iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- hosts ---------------------------------------------------------------------------------- */

static enum iw_rc add_link(struct iw_changes *changes, struct iw_str label, uint32_t record)
{
    struct iw_map_entry *entry;

    if (!iw_array_reserve(&changes->links, &changes->cap_links, changes->n_links + 1,
                          sizeof *changes->links))
        return IW_ENOMEM;
    entry = iw_map_add(&changes->by_label, label, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    changes->links[changes->n_links++] =
        (struct change_link){.record = record, .next = (uint32_t)entry->value.number};
    entry->value.number = changes->n_links;
    return IW_OK;
}

static enum iw_rc add_hosts(struct iw_changes *changes, const struct change_record *record,
                            uint32_t index)
{
    bool is_wide = false;

    for (size_t i = 0; i < record->n_hosts; i++) {
        if (iw_glob_is_literal(&record->hosts[i]))
            IW_TRY(add_link(changes, iw_host_label(record->hosts[i].text), index));
        else
            is_wide = true;
    }
    if (!is_wide)
        return IW_OK;
    if (!iw_array_reserve(&changes->wide, &changes->cap_wide, changes->n_wide + 1,
                          sizeof *changes->wide))
        return IW_ENOMEM;
    changes->wide[changes->n_wide++] = index;
    return IW_OK;
}

/* --- records -------------------------------------------------------------------------------- */

static enum iw_rc note_id(struct iw_changes *changes, const struct change_record *record)
{
    bool is_new = false;
    struct iw_map_entry *entry = iw_map_add(&changes->by_id, record->id, &is_new);
    const struct change_record *first;

    if (entry == NULL)
        return IW_ENOMEM;
    if (is_new) {
        entry->value.number = changes->n + 1;
        return IW_OK;
    }
    first = &changes->records[entry->value.number - 1];
    return iw_change_problems_add(&changes->problems, record->line, record->column, record->id,
                                  "the id stands at %.*s:%u already; both records are taken",
                                  IW_STR_ARG(first->file), first->line);
}

enum iw_rc changes_take(struct iw_changes *changes, const struct change_draft *draft,
                        struct iw_error *err)
{
    struct change_record record;
    bool is_taken;
    enum iw_rc rc =
        change_record_build(draft, &changes->arena, &changes->problems, &record, &is_taken);

    if (rc == IW_OK && is_taken && changes->n == IW_LIMIT_CHANGE_RECORDS) {
        iw_error_set(err, IW_ELIMIT, "more than %u change records: the rest is not read",
                     IW_LIMIT_CHANGE_RECORDS);
        iw_error_place(err, changes->problems.file.p, draft->line, draft->column);
        return IW_ELIMIT;
    }
    if (rc == IW_OK && is_taken &&
        !iw_array_reserve(&changes->records, &changes->cap, changes->n + 1,
                          sizeof *changes->records))
        rc = IW_ENOMEM;
    if (rc == IW_OK && is_taken)
        rc = note_id(changes, &record);
    if (rc == IW_OK && is_taken)
        rc = add_hosts(changes, &record, (uint32_t)changes->n);
    if (rc == IW_OK && is_taken)
        changes->records[changes->n++] = record;
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

/* --- text ----------------------------------------------------------------------------------- */

static struct iw_str from_utf16(struct iw_str bytes, bool is_big_endian, struct iw_arena *arena)
{
    uint8_t *swapped;

    if (!is_big_endian)
        return iw_utf16_to_arena((const uint8_t *)bytes.p, bytes.n, arena);
    swapped = iw_arena_alloc(arena, bytes.n + 2);
    if (swapped == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i + 1 < bytes.n; i += 2) {
        swapped[i] = (uint8_t)bytes.p[i + 1];
        swapped[i + 1] = (uint8_t)bytes.p[i];
    }
    return iw_utf16_to_arena(swapped, bytes.n & ~(size_t)1, arena);
}

struct iw_str changes_text_of(struct iw_str bytes, struct iw_arena *arena)
{
    if (bytes.n >= 3 && memcmp(bytes.p, "\xEF\xBB\xBF", 3) == 0)
        return (struct iw_str){bytes.p + 3, bytes.n - 3};
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFF\xFE", 2) == 0)
        return from_utf16((struct iw_str){bytes.p + 2, bytes.n - 2}, false, arena);
    if (bytes.n >= 2 && memcmp(bytes.p, "\xFE\xFF", 2) == 0)
        return from_utf16((struct iw_str){bytes.p + 2, bytes.n - 2}, true, arena);
    if (bytes.n >= 4 && bytes.p[0] != '\0' && bytes.p[1] == '\0' && bytes.p[3] == '\0')
        return from_utf16(bytes, false, arena);
    return bytes.p != NULL ? bytes : IW_STR("");
}
