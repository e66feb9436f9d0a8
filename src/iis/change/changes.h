/**
 * Change records: what somebody planned to change, where, when and by whom (docs/CHANGES.md).
 *
 * A record explains an act; it never hides one. Judging is three-valued: a clause that holds, one
 * that fails, and one that cannot be checked because the evidence does not say.
 */
#ifndef IW_IIS_CHANGE_CHANGES_H
#define IW_IIS_CHANGE_CHANGES_H

#include "base/arena.h"
#include "iis/change/change_problems.h"
#include "result/finding.h"

enum iw_act_action { IW_ACT_UNKNOWN = 0, IW_ACT_ADD = 1, IW_ACT_MODIFY = 2, IW_ACT_REMOVE = 4 };

/**
 * One act as the evidence tells it. Empty, zero and NULL mean: the evidence does not say; but a
 * moment that is not known is IW_TIME_UNKNOWN. An act is one change of one component or file; what
 * is found about it later (a load, a copy) is judged by the act it follows from.
 */
struct iw_act {
    struct iw_str host, computer; /* label; as the event wrote it (FQDN) */
    /* The act lies anywhere within; one end alone may be known. */
    int64_t first_ns, last_ns;
    /* Latest moment at which what it made is known to be there still (0: no such moment): whether
       an approval that ends was outlived. */
    int64_t still_ns;
    struct iw_str actor, actor_sid; /* "CORP\deploy" */
    enum iw_act_action action;
    struct iw_str component_kind, component_name; /* of a component */
    struct iw_str path;                           /* Windows path of the file it is about */
    bool has_sha256;
    uint8_t sha256[32];
    bool is_signature_known; /* publisher below says all there is to say */
    struct iw_str publisher; /* proved signer; empty: nobody is proved */
};

struct iw_changes;

/** Empty; NULL: no memory. After a function below returned IW_ENOMEM only iw_changes_free() may be
 * called. */
struct iw_changes *iw_changes_new(void);
void iw_changes_free(struct iw_changes *changes);

/**
 * Reads records from YAML (or JSON; UTF-8 or UTF-16). A record that is not right is a problem, the
 * others are taken; so is a document that is not. A file nothing can be taken of is an error.
 *
 * @param bytes  not needed afterwards
 * @param name   for messages; copied
 * @return IW_OK, also with problems; IW_EFORMAT: not YAML, or no document has `changes`; IW_ERULE:
 *         YAML that is refused (base/yaml_node.h); IW_ELIMIT: too large, or too many records (those
 *         before are taken); IW_ENOMEM. *err* says where and what
 */
enum iw_rc iw_changes_add_yaml(struct iw_changes *changes, struct iw_str bytes, const char *name,
                               struct iw_error *err);
/**
 * The same from CSV (RFC 4180), by a map: YAML from clause to column or constant, with `time_zone`,
 * `time_format`, `delimiter`, `list_separator` (docs/CHANGES.md). A row that is not right is a
 * problem.
 *
 * @return as above; IW_EFORMAT: a map that is not right (*err* names the map), or a CSV file
 *         without the columns it names
 */
enum iw_rc iw_changes_add_csv(struct iw_changes *changes, struct iw_str bytes, const char *name,
                              struct iw_str map, const char *map_name, struct iw_error *err);

/** Records taken. */
size_t iw_changes_count(const struct iw_changes *changes);
/** Problems of all files, in the order they were read; owned by *changes*. */
const struct iw_change_problem *iw_changes_problems(const struct iw_changes *changes,
                                                    size_t *ret_n);
/** Problems past IW_LIMIT_CHANGE_PROBLEMS. */
size_t iw_changes_problems_hidden(const struct iw_changes *changes);

/**
 * The best outcome of all records for an act.
 *
 * A record is about an act when its hosts and its component or path may be those of the act (where
 * both the record and the act have both, both must agree). Of one record: EXPIRED where the act, or
 * what it made, lies past the approval's end, for an approval that has ended approves nothing;
 * else PARTLY where a clause fails; else UNVERIFIED where one cannot be checked; else EXPLAINED.
 *
 * Of several, best first: EXPLAINED, UNVERIFIED (nothing speaks against it), PARTLY (a live
 * approval, but something speaks against it), EXPIRED (no approval at that time); UNEXPLAINED: no
 * record is about it. Equal ones by fewest failing, then fewest unchecked clauses, then id, file
 * and line, so that the order of files does not matter.
 *
 * @param changes  NULL or without records: NOT_CHECKED
 * @param arena    *ret* lives there
 * @param ret      why: one line in UTF-8, times in UTC; names the other records about the act
 * @return IW_OK or IW_ENOMEM. Any thread.
 */
enum iw_rc iw_changes_judge(const struct iw_changes *changes, const struct iw_act *act,
                            struct iw_arena *arena, struct iw_change *ret);

#endif
