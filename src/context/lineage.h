/**
 * Lineage: which process started which, on one host, at a moment of its event time.
 *
 * Facts are told in event time; answers hold for the moment of the fact told last. A process is
 * known by its Sysmon GUID, or by its id from its start to its end, to the next start of the same
 * id, or to the next boot. Sysmon and Security may both tell of one process: two witnesses, one
 * process. A process that was only named (as the parent of another, its own start not in evidence)
 * is one too; what is not told of it is unknown and never guessed. A parent that is not known is
 * NULL.
 *
 * Memory is bounded (IW_LIMIT_LINEAGE_PROCESSES, IW_LIMIT_LINEAGE_BYTES); whoever is past it is
 * forgotten in an order that depends on the facts alone, and counted. One thread at a time.
 */
#ifndef IW_CONTEXT_LINEAGE_H
#define IW_CONTEXT_LINEAGE_H

#include "base/timestamp.h"
#include "context/context_fact.h"

/** How far apart two witnesses tell of one start or end: the second is a log time. */
#define IW_LINEAGE_WITNESS_NS (2 * IW_NS_PER_SECOND)

/** How a process is known to have ended. */
enum iw_process_fate {
    IW_PROCESS_ALIVE = 0, /* as far as is known */
    IW_PROCESS_ENDED,     /* an event says so */
    IW_PROCESS_REPLACED,  /* another one has its id: it ended some time before */
    IW_PROCESS_BOOTED     /* the machine started anew */
};

/** A process; borrowed, valid until the next fact is told. Texts are empty where nothing tells. */
struct iw_process {
    uint64_t number; /* of this process in this lineage: never used again */
    struct iw_process_name name;
    struct iw_str command_line;
    struct iw_str user, sid; /* whom it runs as */
    bool has_logon;
    uint64_t logon_id;
    bool witnesses[IW_WITNESS_COUNT]; /* whose start events tell of it; none: it was only named */
    struct iw_event_place place;      /* of the first start event; event id 0: not known */
    int64_t first_ns;                 /* its start; of one that was only named: the first mention */
    enum iw_process_fate fate;
    int64_t end_ns;                     /* of a fate: at the latest; IW_TIME_UNKNOWN while alive */
    const struct iw_process *parent;    /* NULL: not known */
    struct iw_process_name parent_name; /* as its start named it */
};

struct iw_lineage;

/** NULL: no memory. */
struct iw_lineage *iw_lineage_new(void);
void iw_lineage_free(struct iw_lineage *lineage);
/** Forgets everything: the next host. Counts stay. */
void iw_lineage_clear(struct iw_lineage *lineage);

/** Tells a fact; kinds that are not of processes are passed over. *time_ns* is that of the event,
 * never before the one told last; IW_TIME_UNKNOWN before all others. IW_OK or IW_ENOMEM: the fact
 * is then told in part. */
enum iw_rc iw_lineage_tell(struct iw_lineage *lineage, int64_t time_ns,
                           const struct iw_context_fact *fact);

/**
 * The process an event at *time_ns* names, not before the fact told last: by GUID, else the one
 * that has the id then. One that just ended (IW_LINEAGE_WITNESS_NS) still has it, as long as no
 * other does. NULL: not known, or its image is another one.
 */
const struct iw_process *iw_lineage_find(const struct iw_lineage *lineage,
                                         const struct iw_process_name *name, int64_t time_ns);

/** Walking up. *ret_complete* (may be NULL): all ancestors are known: the chain ends at the
 * programs that Windows itself starts. */
const struct iw_process *iw_process_ancestor(const struct iw_process *process, struct iw_str file,
                                             bool *ret_complete);
/** The IIS worker it is or descends from, the nearest; NULL: none among those known. */
const struct iw_process *iw_process_worker(const struct iw_process *process, bool *ret_complete);
/** All ancestors, nearest first; at most *n*. Returns their number. */
size_t iw_process_ancestors(const struct iw_process *process, const struct iw_process **ret,
                            size_t n, bool *ret_complete);

struct iw_lineage_account {
    uint64_t n_processes;      /* started or named */
    uint64_t n_joined;         /* told by a second witness */
    uint64_t n_only_named;     /* never seen to start */
    uint64_t n_orphans;        /* starts whose parent is not known */
    uint64_t n_unmatched_ends; /* ends of processes that are not known */
    uint64_t n_forgotten;      /* past the limits */
    uint64_t n_contradictions; /* a parent that descends from its child: left unknown */
    uint64_t n_not_followed;   /* parents with more ancestors than are followed, of a process that
                                  has children: left unknown */
    uint64_t n_not_compared;   /* starts and ends of an id that more processes had at that moment
                                  than are compared */
    uint64_t n_steps;          /* processes looked at on the way: the work, which is linear */
    size_t n_kept, peak_kept;
};
struct iw_lineage_account iw_lineage_account(const struct iw_lineage *lineage);

#endif
