/**
 * Entries of before and now in pairs. Several entries may have one key (a section can add, remove
 * and add again), so both sides are multisets: equal ones are paired first, then those alike but
 * for a file, then those of one owner, then the rest in the order of their content. Where an entry
 * stands in its file makes no difference. Inside iis/baseline/ only.
 */
#ifndef IW_IIS_BASELINE_PAIR_H
#define IW_IIS_BASELINE_PAIR_H

#include "base/map.h"
#include "iis/baseline/baseline_record.h"

struct iw_baseline_slot {
    const struct iw_baseline_record *record;
    struct iw_baseline_slot *partner; /* NULL: none */
};

struct iw_baseline_side {
    struct iw_baseline_slot *slots;
    size_t n;
};

/** Pairs them. Slots are put into another order; those of unknown entries stay without partner.
 * n log n. */
void iw_baseline_pair(struct iw_baseline_side *was, struct iw_baseline_side *now);

/** What differs between partners; fields are named in the order of enum iw_baseline_field, then
 * "path", "sha256" and "twin". *collected* holds the folders (folded) of which the baseline knew
 * files: one that came into such a folder as the 32-bit twin of an image is a difference. */
struct iw_baseline_contrast {
    const char *fields[IW_BASELINE_FIELD_COUNT + 3];
    size_t n_fields;
    bool is_uncompared; /* a file that only one side has */
};
void iw_baseline_contrast(const struct iw_baseline_record *was,
                          const struct iw_baseline_record *now, const struct iw_map *collected,
                          struct iw_baseline_contrast *ret);

/** What *record* has in a field that differs from *other*, for people. p NULL: no memory. */
struct iw_str iw_baseline_value(const struct iw_baseline_record *record,
                                const struct iw_baseline_record *other, const char *field,
                                struct iw_arena *arena);

#endif
