/**
 * Change records: what somebody planned to change, where, when and by whom (docs/CHANGES.md).
 *
 * A record explains an act; it never hides one. Judging is three-valued: a clause that holds, one
 * that fails, and one that cannot be checked because the evidence does not say.
 */
#ifndef IW_IIS_CHANGE_CHANGES_H
#define IW_IIS_CHANGE_CHANGES_H

#include "base/arena.h"
#include "result/finding.h"

enum iw_act_action { IW_ACT_UNKNOWN = 0, IW_ACT_ADD = 1, IW_ACT_MODIFY = 2, IW_ACT_REMOVE = 4 };

/** One act as the evidence tells it. Empty, zero and NULL mean: the evidence does not say. */
struct iw_act {
    struct iw_str host, computer;   /* label; as the event wrote it (FQDN) */
    int64_t first_ns, last_ns;      /* IW_TIME_UNKNOWN: no moment is known. Where only a span is
                                       known, the act lies anywhere within it */
    struct iw_str actor, actor_sid; /* "CORP\deploy" */
    enum iw_act_action action;
    struct iw_str component_kind, component_name; /* of a component */
    struct iw_str path;                           /* Windows path of the file it is about */
    bool has_sha256;
    uint8_t sha256[32];
    bool is_signature_known; /* publisher below says all there is to say */
    struct iw_str publisher; /* proved signer */
};

struct iw_changes;

/** Records that cannot be used; told, never fatal. */
struct iw_change_problem {
    struct iw_str file;
    uint32_t line, column;
    struct iw_str id; /* of the record, where it has one */
    struct iw_str what;
};

/** Empty; NULL: no memory. */
struct iw_changes *iw_changes_new(void);
void iw_changes_free(struct iw_changes *changes);

/**
 * Reads records from YAML (or JSON). One bad record is a problem, the others are taken.
 *
 * @return IW_OK, also with problems; IW_EFORMAT: not YAML at all, or no `changes`; IW_ELIMIT;
 * IW_ENOMEM
 */
enum iw_rc iw_changes_add_yaml(struct iw_changes *changes, struct iw_str bytes, const char *name,
                               struct iw_error *err);
/** The same from CSV, by a map (YAML: clause → column, and `time_zone`). */
enum iw_rc iw_changes_add_csv(struct iw_changes *changes, struct iw_str bytes, const char *name,
                              struct iw_str map, const char *map_name, struct iw_error *err);

size_t iw_changes_count(const struct iw_changes *changes);
const struct iw_change_problem *iw_changes_problems(const struct iw_changes *changes,
                                                    size_t *ret_n);

/** The best outcome of all records for an act. *ret* lives in *arena*. IW_OK or IW_ENOMEM. Any
 * thread. *changes* NULL or empty: NOT_CHECKED. */
enum iw_rc iw_changes_judge(const struct iw_changes *changes, const struct iw_act *act,
                            struct iw_arena *arena, struct iw_change *ret);

#endif
