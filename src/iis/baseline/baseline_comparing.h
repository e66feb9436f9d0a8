/**
 * One comparison while it is made: what its steps share. Inside iis/baseline/ only.
 */
#ifndef IW_IIS_BASELINE_COMPARING_H
#define IW_IIS_BASELINE_COMPARING_H

#include "base/map.h"
#include "iis/baseline/baseline_inside.h"
#include "iis/baseline/baseline_pair.h"

struct iw_baseline_found {
    struct iw_baseline_difference difference;
    const struct iw_baseline_record *was, *now;
};

struct iw_baseline_comparing {
    const struct iw_baseline *baseline;
    const struct iw_inventory *inventory;
    int64_t now_ns;
    const _Atomic bool *cancelled; /* may be NULL */
    struct iw_arena *arena;
    struct iw_baseline_differences *ret;
    struct iw_baseline_notes notes;
    struct iw_baseline_found *found;
    size_t n_found, found_cap;
    size_t uncompared_cap;
    bool is_common; /* several servers against one set of entries */
    size_t n_compared;
};

/* One server of the evidence while it is compared. */
struct iw_baseline_subject {
    const struct iw_inventory_server *server;
    const struct iw_baseline_server *baseline;
    size_t index;
    struct iw_str host;                 /* label */
    struct iw_baseline_record *records; /* of now */
    size_t n_records;
    struct iw_baseline_side was, now;
    /* What is known of places now; asked for every entry that is missing. */
    struct iw_map scopes, unknown_kinds;
    struct iw_map collected;  /* folders of files whose content the baseline knows */
    struct iw_str *root_keys; /* of collected roots */
    size_t n_root_keys;
    bool has_registry;
    size_t n_withheld, n_elsewhere, n_one_sided;
    size_t n_idle; /* entries of behaviour that did not happen */
};

/** Learns what the evidence shows of places: sites, folders, kinds that cannot be read. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_baseline_learn_places(const struct iw_baseline_comparing *comparing,
                                    struct iw_baseline_subject *subject);
/** Whether the absence of an entry may be called its removal; counts it where not. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_baseline_may_be_missed(const struct iw_baseline_comparing *comparing,
                                     struct iw_baseline_subject *subject,
                                     const struct iw_baseline_record *record, bool *ret);
/** Says for a server what could not be compared. */
void iw_baseline_note_subject(struct iw_baseline_comparing *comparing,
                              const struct iw_baseline_subject *subject);
/** A host in a note. */
struct iw_str iw_baseline_named(struct iw_str host);
/** Puts what was found into its order and hands it over. IW_OK or IW_ENOMEM. */
enum iw_rc iw_baseline_hand_over(struct iw_baseline_comparing *comparing);

#endif
