/**
 * The processes of one host that a lineage keeps, by GUID and by id; inside the room.
 *
 * Nodes are linked into chains of their hash, into the list of those that had the same id, into
 * their parent's list of children, and into one of two lists by which they are forgotten: *idle*
 * (over, and nobody's parent) first, then *busy*, each in the order in which they came to it. Those
 * that have not ended are a list of their own, by the time they began.
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
    struct iw_process_node *next_pid;      /* of the same slot; of an id its newest owner only */
    struct iw_process_node *older, *newer; /* who had the id before, and after */
    struct iw_process_node *first_child, *next_sibling, *prev_sibling;
    struct iw_link link;       /* in `idle` or `busy` */
    struct iw_link alive_link; /* in `alive`, or in none */
    size_t n_bytes;            /* of its texts */
};

#define IW_PROCESS_SLOTS 16384U

struct iw_process_table {
    struct iw_process_node *by_guid[IW_PROCESS_SLOTS];
    struct iw_process_node *by_pid[IW_PROCESS_SLOTS];
    struct iw_linked idle, busy;
    struct iw_linked alive; /* fate IW_PROCESS_ALIVE, by first_ns */
    size_t n, n_bytes;
    uint64_t n_made, n_forgotten;
    uint64_t n_steps; /* nodes looked at to put one in its place, or to tell who is meant */
    size_t peak;
};

/** The first of those that have not ended; NULL: all have. */
struct iw_process_node *iw_process_table_first_alive(const struct iw_process_table *table);

void iw_process_table_clear(struct iw_process_table *table);
/** A new node, in *busy* and *alive*, since *first_ns*, under no name. NULL: no memory. Others may
 * be forgotten, but for *keep* (may be NULL). */
struct iw_process_node *iw_process_table_add(struct iw_process_table *table, int64_t first_ns,
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
/** The one that got the id last; `older` leads to the one that had it before. */
struct iw_process_node *iw_process_table_pid(const struct iw_process_table *table, uint64_t pid);
/** NULL takes it away. */
void iw_process_table_set_parent(struct iw_process_table *table, struct iw_process_node *node,
                                 struct iw_process_node *parent);
void iw_process_table_end(struct iw_process_table *table, struct iw_process_node *node,
                          enum iw_process_fate fate, int64_t time_ns);

#endif
