/**
 * Differences between a server and its baseline, as plain records: what was, what is now, whether
 * somebody approved it. Filled by iis/baseline, read by output/ and whoever judges.
 *
 * Texts live in the arena given to whoever fills them; nothing here owns memory.
 */
#ifndef IW_RESULT_DIFFERENCE_H
#define IW_RESULT_DIFFERENCE_H

#include "result/inventory.h"

/** One component or web file as compared. Also what a difference shows as `was` and `now`. */
struct iw_baseline_entry {
    struct iw_str host;  /* lower-case label; empty: the server had no name, or of a farm */
    struct iw_str kind;  /* "globalModule", ..., "webFile" */
    struct iw_str name;  /* as written; of a web file: its path */
    struct iw_str scope; /* "" = the server, else "Default Web Site/app" */
    struct iw_str image; /* as written; empty: none */
    struct iw_str json;  /* its object, as the document has it; only of entries of a difference */
    const struct iw_inventory_component *component; /* of an entry of an inventory, else NULL */
    const struct iw_inventory_web_file *web_file;   /* the same */
};

enum iw_baseline_change {
    IW_BASELINE_ADDED = 0,
    IW_BASELINE_REMOVED,
    IW_BASELINE_MODIFIED,
    IW_BASELINE_CHANGE_COUNT
};

/** "added", "removed", "modified". Never NULL. */
const char *iw_baseline_change_name(enum iw_baseline_change change);

/** Room for "d-", 16 hex digits, "-" and a number, and a NUL. */
#define IW_DIFFERENCE_ID_BYTES 32U

struct iw_baseline_difference {
    char id[IW_DIFFERENCE_ID_BYTES]; /* the same wherever the same difference is met; "-2" where
                                        one server has it twice */
    enum iw_baseline_change change;
    struct iw_str host;                        /* server of the evidence; empty: it has no name */
    size_t server;                             /* its place in the inventory */
    const struct iw_baseline_entry *was, *now; /* NULL where it is added, removed */
    struct iw_text_list fields; /* of a modified one: names of what differs ("image", "sha256") */
    struct iw_text_list was_values, now_values; /* of the fields, for people; as many */
    enum iw_approval approval;                  /* APPROVED, EXPIRED or NONE */
    struct iw_str approval_why;                 /* who, ticket, reason; empty: nobody approved it */
    size_t n_servers, of_servers; /* it is on that many of so many compared with the same servers'
                                     baseline; 0: each server has its own */
};

struct iw_baseline_differences {
    struct iw_baseline_difference *items; /* by host, kind, scope, name, change, id */
    size_t n;
    size_t n_unapproved; /* of them: neither approved nor known, so that there is something to
                            look at; the expired ones too */
    size_t n_compared;   /* servers of the evidence that have a baseline; 0: nothing was said */
    size_t n_equal;      /* entries that are as they were */
    size_t n_uncompared; /* of them: a file that only one side has in its evidence */
    struct iw_text_list notes; /* what could not be compared: one line each */
    bool *is_compared;         /* a server of the inventory each: it has a baseline */
    /** Entries of the inventory that are equal but for a file only one side has. */
    const struct iw_baseline_entry **uncompared;
};

#endif
