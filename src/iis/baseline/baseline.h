/**
 * A baseline: the components and executable web files of one or several servers as somebody found
 * them right, as a document that is kept, compared, approved and signed (docs/BASELINE.md).
 *
 * The document (`iiswarden.baseline/1`, docs/DATA-MODEL.md) is JSON, one object a line, sorted, and
 * made of the evidence alone: equal evidence gives equal bytes. Texts of a baseline and of a
 * difference live in the arena given. A baseline is never changed once read; any thread.
 */
#ifndef IW_IIS_BASELINE_BASELINE_H
#define IW_IIS_BASELINE_BASELINE_H

#include "base/buffer.h"
#include "result/difference.h"

struct iw_baseline;

/**
 * Writes the document of an inventory.
 *
 * @param is_farm  the servers should be alike: each entry stands there once, with the number of
 *                 servers that have it
 * @param arena    scratch, and where *ret_notes* lives
 * @param out      document is appended; out->failed is IW_ENOMEM here
 * @param ret_notes  what the document cannot vouch for, one line each: servers whose configuration
 *                 is not known whole, entries that only some servers of a farm have
 * @return IW_OK; IW_ELIMIT: more servers or entries than a document may hold; IW_ENOMEM
 */
enum iw_rc iw_baseline_write(const struct iw_inventory *inventory, bool is_farm,
                             struct iw_arena *arena, struct iw_buffer *out,
                             struct iw_text_list *ret_notes, struct iw_error *err);

/**
 * Reads a document. One that is damaged anywhere is refused as a whole: half a baseline would call
 * things added that are not.
 *
 * @param bytes  not needed afterwards
 * @param name   for messages
 * @param ret    in *arena*
 * @return IW_OK; IW_EFORMAT (*err* says line and what); IW_ELIMIT; IW_ENOMEM
 */
enum iw_rc iw_baseline_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                            struct iw_baseline **ret, struct iw_error *err);

bool iw_baseline_is_farm(const struct iw_baseline *baseline);
size_t iw_baseline_n_servers(const struct iw_baseline *baseline);
size_t iw_baseline_n_entries(const struct iw_baseline *baseline);
size_t iw_baseline_n_approvals(const struct iw_baseline *baseline);

/**
 * Compares every server of *inventory* with its server of the baseline: by host; with the common
 * entries where the baseline is of a farm; and with the only server of a baseline where none of the
 * evidence has its name (a note says so). IW_OK, IW_ECANCELLED (nothing is compared) or IW_ENOMEM.
 *
 * @param now_ns  by which approvals expire; IW_TIME_UNKNOWN: every approval with an end is expired
 * @param cancelled  ends the comparison; may be NULL
 */
enum iw_rc iw_baseline_compare(const struct iw_baseline *baseline,
                               const struct iw_inventory *inventory, int64_t now_ns,
                               const _Atomic bool *cancelled, struct iw_arena *arena,
                               struct iw_baseline_differences *ret);

/** Sets approval of every component and web file of *inventory* by what the comparison of this
 * inventory says; those of servers the baseline does not know, and what stands for something that
 * could not be read, stay as they are. Texts are borrowed from *differences*. */
void iw_baseline_mark(const struct iw_baseline_differences *differences,
                      struct iw_inventory *inventory);

/** Who approves, and why. All but expires must say something. */
struct iw_baseline_approver {
    struct iw_str by, ticket, reason;
    int64_t expires_ns; /* IW_TIME_UNKNOWN: never */
};

/**
 * Appends to *out* the document with approvals of the named differences.
 *
 * @param document  the document as it is
 * @param diff      what `baseline diff --format ndjson` wrote
 * @param ids       of differences in it
 * @return IW_OK; IW_EUSAGE: an id that is not in *diff*, nothing named, a text that is missing or
 * longer than IW_LIMIT_APPROVAL_TEXT_BYTES; IW_EFORMAT: *document* or *diff* is damaged, or a
 * difference does not have the content its id stands for; IW_ELIMIT; IW_ENOMEM
 */
enum iw_rc iw_baseline_approve(struct iw_str document, struct iw_str diff,
                               const struct iw_text_list *ids,
                               const struct iw_baseline_approver *approver, struct iw_buffer *out,
                               struct iw_error *err);

#endif
