/**
 * A baseline: the components and executable web files of one or several servers as somebody found
 * them right, as a document that is kept, compared, approved and signed.
 *
 * The document (`iiswarden.baseline/1`, docs/DATA-MODEL.md) is JSON, one object a line, sorted, and
 * made of the evidence alone: equal evidence gives equal bytes. Texts of a baseline and of a
 * difference live in the arena given.
 */
#ifndef IW_IIS_BASELINE_BASELINE_H
#define IW_IIS_BASELINE_BASELINE_H

#include "base/buffer.h"
#include "result/inventory.h"

/** One component or web file as compared. Also what a difference shows as `was` and `now`. */
struct iw_baseline_entry {
    struct iw_str host;  /* lower-case label; empty: the server had no name */
    struct iw_str kind;  /* "globalModule", ..., "webFile" */
    struct iw_str name;  /* as written; of a web file: its path */
    struct iw_str scope; /* "" = the server, else "Default Web Site/app" */
    struct iw_str image; /* as written; empty: none */
    struct iw_str json;  /* the entry's own object, as the document has it */
    const struct iw_inventory_component *component; /* of an entry of an inventory, else NULL */
    const struct iw_inventory_web_file *web_file;   /* the same */
};

enum iw_baseline_change { IW_BASELINE_ADDED, IW_BASELINE_REMOVED, IW_BASELINE_MODIFIED };

struct iw_baseline_difference {
    enum iw_baseline_change change;
    const struct iw_baseline_entry *was, *now; /* NULL where it is added, removed */
    struct iw_text_list fields;   /* of a modified one: names of what differs ("image", "sha256") */
    enum iw_approval approval;    /* APPROVED, EXPIRED or NONE */
    struct iw_str approval_why;   /* who, ticket, reason; empty: nobody approved it */
    size_t n_servers, of_servers; /* of a farm: it differs on that many of so many; 0: no farm */
};

struct iw_baseline_differences {
    struct iw_baseline_difference *items; /* by host, kind, name, scope */
    size_t n;
    size_t n_equal;            /* entries that are as they were */
    struct iw_text_list notes; /* what could not be compared: one line each */
};

struct iw_baseline;

/**
 * Reads a document.
 *
 * @param bytes  not needed afterwards
 * @param name   for messages
 * @param ret    in *arena*
 * @return IW_OK; IW_EFORMAT (*err* says line and what); IW_ELIMIT; IW_ENOMEM
 */
enum iw_rc iw_baseline_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                            struct iw_baseline **ret, struct iw_error *err);

/** Compares every server of *inventory* with its server of the baseline: by host, and where both
 * have but one, with that one (a note says so when their names differ). IW_OK or IW_ENOMEM. */
enum iw_rc iw_baseline_compare(const struct iw_baseline *baseline,
                               const struct iw_inventory *inventory, struct iw_arena *arena,
                               struct iw_baseline_differences *ret);

/** Sets approval of every component and web file of *inventory* by what the comparison says; those
 * of servers the baseline does not know stay as they are. IW_OK or IW_ENOMEM. */
enum iw_rc iw_baseline_mark(const struct iw_baseline *baseline,
                            const struct iw_baseline_differences *differences,
                            struct iw_inventory *inventory);

#endif
