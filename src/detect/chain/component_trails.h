/**
 * Trails of components, analytic AN0184: who changed the configuration or wrote a module, by which
 * process, under which logon and from where; what was deployed at that time; what the web server
 * did next.
 *
 * The reconciler says that a component is not approved (detect/reconcile.h); what happened around
 * it stands in the same facts chains are made of. So trails are gathered while each host's facts go
 * by, and each finding of the reconciler is extended before it is put: no second finding.
 *
 * For each host: begin, see for its facts in event time (those of context are told to the context
 * first), end. When all hosts were read: iw_component_trails_extend for every finding. Memory is
 * bounded (IW_LIMIT_TRAILS, IW_LIMIT_TRAIL_BYTES, IW_LIMIT_TRAIL_PAGES, IW_LIMIT_TRAIL_WRITINGS);
 * what finds no room is counted. One thread at a time.
 */
#ifndef IW_DETECT_COMPONENT_TRAILS_H
#define IW_DETECT_COMPONENT_TRAILS_H

#include "context/host_context.h"
#include "detect/chain/act_trail.h"
#include "detect/chain/chain_fact.h"
#include "detect/chain/chains.h"
#include "result/ledger.h"

struct iw_component_trails;

/** *settings* (NULL: the defaults) and *ledger* (NULL: sources are empty) live longer. NULL: no
 * memory. */
struct iw_component_trails *iw_component_trails_new(const struct iw_chain_settings *settings,
                                                    const struct iw_ledger *ledger);
/** From now on findings say whether who changed a server is an administrator of it that the
 * baseline of behaviour knows. *context* lives longer. */
void iw_component_trails_ask(struct iw_component_trails *trails, iw_chain_ask_behaviour *ask,
                             void *context);
void iw_component_trails_free(struct iw_component_trails *trails);
/** The next host; *context* lives until the end. */
void iw_component_trails_begin(struct iw_component_trails *trails,
                               const struct iw_host_context *context);
/** Takes a fact of kind IW_FACT_CHAIN and what it says, as iw_chains_see. IW_OK or IW_ENOMEM. */
enum iw_rc iw_component_trails_see(struct iw_component_trails *trails, const struct iw_fact *fact,
                                   const struct iw_chain_fact *what);
/** The host is told. IW_OK or IW_ENOMEM. */
enum iw_rc iw_component_trails_end(struct iw_component_trails *trails);

/**
 * Extends a finding of the reconciler about a component: who did what its evidence shows, what was
 * deployed near, what followed within TimeWindow; as lines of `why` with their points, items of
 * evidence and lines of `triage`. What a web server's own process did is one level higher, high at
 * most, unless change records explain it. Findings of other kinds are left as they are.
 *
 * @param arena  new lists live there
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_component_trails_extend(const struct iw_component_trails *trails,
                                      struct iw_finding *finding, struct iw_arena *arena);

/**
 * Who did the act that an event of a host tells of: a change of the configuration, the writing of a
 * module or of a page. Texts live as long as the trails.
 *
 * @param scratch  is used; no memory in it: false
 * @return false: nothing is known of it
 */
bool iw_component_trails_act(const struct iw_component_trails *trails, struct iw_str host,
                             struct iw_str channel, uint64_t record_id, int64_t time_ns,
                             struct iw_arena *scratch, struct iw_act_trail *ret);

/** Whether a file is one whose every change the configuration system tells:
 * applicationHost.config, administration.config, redirection.config of inetsrv. */
bool iw_trail_is_configuration(struct iw_str path);

/** The event (Sysmon 11) of a writing of such a file. */
struct iw_trail_writing {
    struct iw_str host, path;
    int64_t time_ns;
    uint64_t record_id;
};

enum iw_trail_commit_kind {
    IW_TRAIL_COMMIT_NONE = 0, /* no event 29 or 50 about that file stands near */
    IW_TRAIL_COMMIT_OTHER,    /* one does, of another process, or of one that is not told */
    IW_TRAIL_COMMIT_ENDED,  /* the change that the same process told of was done (50) before it was
                               written, and no other is told */
    IW_TRAIL_COMMIT_SHARED, /* the process that wrote it told of fewer changes than it wrote: which
                               of its writings is none of them is not known */
    IW_TRAIL_COMMIT_OWN,    /* one does, of the process that wrote it, and it is this one's */
};

/** What the configuration system told of that file at that time. */
struct iw_trail_commit {
    enum iw_trail_commit_kind kind;
    bool is_cut;       /* changes or writings were more than is kept: all but OWN say nothing */
    uint32_t event_id; /* the first event of that change; of ENDED the last */
    uint64_t record_id;
    int64_t time_ns;
    size_t n_writings, n_changes; /* of SHARED: of that process around that time */
};

/**
 * Whether a writing is one of the configuration system, which tells what it changes (29) and then
 * that it is done (50), both from within the process that changed it. One change is one writing: it
 * stands within a second of what is told and not behind its 50, and as many writings of a process
 * are answered as it told of changes. What another process tells is near only where the clocks
 * cannot tell which came first. Asked when all hosts were read.
 *
 * Not known here: how the system writes the file. Where it does so without making or overwriting
 * it, its own writing shows in no Sysmon 11, and one past it just before its 50 is taken for it.
 */
void iw_component_trails_commit(const struct iw_component_trails *trails,
                                const struct iw_trail_writing *writing,
                                struct iw_trail_commit *ret);

struct iw_component_trails_account {
    uint64_t n_acts, n_after; /* kept */
    uint64_t n_hidden;        /* past the limits */
};
struct iw_component_trails_account
iw_component_trails_account(const struct iw_component_trails *trails);

#endif
