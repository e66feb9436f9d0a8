/**
 * All change records, as the readers fill them and the judge reads them. Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_CHANGE_LIST_H
#define IW_IIS_CHANGE_CHANGE_LIST_H

#include "base/map.h"
#include "iis/change/change_record.h"
#include "iis/change/changes.h"

/** A record in the list of a label. */
struct change_link {
    uint32_t record;
    uint32_t next; /* index + 1; 0: the last */
};

struct iw_changes {
    struct iw_arena arena;
    struct iw_change_problems problems;
    struct change_record *records;
    size_t n, cap;
    struct iw_map by_id;    /* id → index + 1 of its first record */
    struct iw_map by_label; /* label of hosts without signs, folded → its newest link, index + 1 */
    struct change_link *links;
    size_t n_links, cap_links;
    uint32_t *wide; /* records with a host that has signs */
    size_t n_wide, cap_wide;
};

/** Begins a file: its name for problems. IW_OK; IW_ELIMIT (size); IW_ENOMEM. */
enum iw_rc changes_begin_file(struct iw_changes *changes, struct iw_str bytes, const char *name,
                              struct iw_error *err);
/** Builds the record of a draft and takes it. IW_OK, also where it was refused; IW_ELIMIT: there
 * are too many; IW_ENOMEM. */
enum iw_rc changes_take(struct iw_changes *changes, const struct change_draft *draft,
                        struct iw_error *err);

/** The text of a file as UTF-8: marks go, UTF-16 (either order, with its mark; little-endian
 * without one) is converted. p NULL: no memory. */
struct iw_str changes_text_of(struct iw_str bytes, struct iw_arena *arena);

#endif
