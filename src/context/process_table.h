/**
 * The processes of one host that a lineage keeps, by GUID and by id; inside the room.
 *
 * Nodes are linked into chains of their hash, into their parent's list of children, and into one of
 * two lists by which they are forgotten: *idle* (over, and nobody's parent) first, then *busy*,
 * each in the order in which they came to it.
 */
#ifndef IW_CONTEXT_PROCESS_TABLE_H
#define IW_CONTEXT_PROCESS_TABLE_H

#include "base/linked.h"
#include "context/lineage.h"

struct iw_process_node;

struct iw_process_node {
    struct iw_process process;       /* first: nodes are handed out as processes */
    bool ended_by[IW_WITNESS_COUNT]; /* whose end events told of it */
    bool is_orphan;                  /* counted as one */
    struct iw_process_node *next_guid;
    struct iw_process_node *next_pid; /* of the same slot, the one added later first */
    struct iw_process_node *first_child, *next_sibling, *prev_sibling;
    struct iw_link link; /* in `idle` or `busy` */
    size_t n_bytes;      /* of its texts */
};

#define IW_PROCESS_SLOTS 16384U

struct iw_process_table {
    struct iw_process_node *by_guid[IW_PROCESS_SLOTS];
    struct iw_process_node *by_pid[IW_PROCESS_SLOTS];
    struct iw_linked idle, busy;
    size_t n, n_bytes;
    uint64_t n_made, n_forgotten;
    size_t peak;
};

/** The node of a link of *idle* or *busy*; NULL of NULL. */
struct iw_process_node *iw_process_node_in(struct iw_link *link);

void iw_process_table_clear(struct iw_process_table *table);
/** A new node, in *busy*, under no name. NULL: no memory. Others may be forgotten, but for *keep*
 * (may be NULL). */
struct iw_process_node *iw_process_table_add(struct iw_process_table *table,
                                             const struct iw_process_node *keep);
/** Copies *text* into *field*, which had none. False: no memory. */
bool iw_process_table_text(struct iw_process_table *table, struct iw_process_node *node,
                           struct iw_str *field, struct iw_str text);
void iw_process_table_name_guid(struct iw_process_table *table, struct iw_process_node *node,
                                struct iw_process_guid guid);
void iw_process_table_name_pid(struct iw_process_table *table, struct iw_process_node *node,
                               uint64_t pid);
struct iw_process_node *iw_process_table_guid(const struct iw_process_table *table,
                                              struct iw_process_guid guid);
/** The one that got the id last; and the one that had it before. */
struct iw_process_node *iw_process_table_pid(const struct iw_process_table *table, uint64_t pid);
struct iw_process_node *iw_process_table_older(const struct iw_process_node *node);
/** NULL takes it away. */
void iw_process_table_set_parent(struct iw_process_table *table, struct iw_process_node *node,
                                 struct iw_process_node *parent);
void iw_process_table_end(struct iw_process_table *table, struct iw_process_node *node,
                          enum iw_process_fate fate, int64_t time_ns);

#endif
