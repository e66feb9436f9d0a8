/**
 * Chains of evidence, analytic AN1108: a script or module appears among the files of a web server,
 * it is asked for, compiled, and the server's worker starts a shell; or a shell that a worker
 * started writes such a file. Many events, one finding (docs/DETECTIONS.md has links, scores,
 * floors).
 *
 * Pass 1: iw_chain_fact_read of every event (chain_fact.h); what it gives goes into the order of
 * hosts. Pass 2, for each host: iw_chains_begin, then for each of its facts in event time
 * iw_host_context_tell for those of context and iw_chains_see for those of chains (of one event,
 * the fact of context is told first), then iw_chains_end. One thread at a time.
 *
 * A chain is known by its file (host, canonical path): all shells it explains are links of it. A
 * shell goes to the file whose URL was asked for, else to the latest one that fits; shells that no
 * file explains are one chain for each worker process. What is no link never stands in the
 * evidence; what nearly was one is told in `why`. The order in which facts of equal times come
 * decides nothing.
 *
 * Memory of a host is bounded (IW_LIMIT_CHAIN_*): what is forgotten is counted, depends on the
 * facts alone, and is said in the finding it may be missing from.
 */
#ifndef IW_DETECT_CHAINS_H
#define IW_DETECT_CHAINS_H

#include "context/file_requests.h"
#include "context/host_context.h"
#include "detect/chain/chain_fact.h"
#include "detect/chain/chain_settings.h"
#include "detect/chain/chain_telemetry.h"
#include "detect/reconcile.h"
#include "order/fact.h"
#include "result/ledger.h"

/* --- what the engine answers ------------------------------------------------------------------ */

/** The first request for a file after it was written. Texts and *item* live in the arena given. */
struct iw_chain_request {
    bool is_logged; /* a log of requests of this host was read; false: nothing can be said */
    bool is_found;
    bool is_site_known; /* false: another site may have been asked */
    struct iw_str url;
    int64_t begin_ns, end_ns; /* end: whole seconds */
    uint64_t n_requests;      /* for that URL after the writing */
    uint64_t n_before;        /* for that URL before it, or not told apart from that */
    bool is_served_before;    /* one before it got an answer below 400: a page was there */
    bool is_first_ever; /* no log knows one before it, long silent, and hardly anybody asked since;
                           and there was something */
    uint32_t n_addresses, n_agents, n_forwarded; /* who asked, ever; whom proxies named */
    struct iw_request_values addresses;          /* some of these */
    struct iw_request_moment moment;             /* where it is found; texts may be empty */
    bool has_item;
    struct iw_evidence_item item; /* role is set by the chain; all columns in its fields */
};
/** More addresses than these ask for a page that is known to all. */
#define IW_CHAIN_MANY_ADDRESSES 16U
/** A page that was served before it was written again, or that all the world asks for, is asked for
 * whether or not the writing matters. */
static inline bool iw_chain_is_served(const struct iw_chain_request *request)
{
    return request->is_served_before || request->n_addresses > IW_CHAIN_MANY_ADDRESSES;
}
/** Asks for the file *path* (normal form) on *host*. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_requests(void *context, struct iw_str host, struct iw_str path,
                                         int64_t written_ns, struct iw_arena *arena,
                                         struct iw_chain_request *ret);

/** The request for a page that ran as something was started. */
struct iw_chain_running {
    struct iw_running_request request;
    struct iw_evidence_item item; /* of it, where it is found; its role is set by the chain */
    int64_t time_ns;              /* of what was started; this and the next are set by the chain */
    bool is_shown_before;         /* another one is the same request */
};
/** Asks which requests for the file *path* of *host* ran at *times_ns*. *made_ns*: the writing of
 * the file. *ret*: one for each time, zero before. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_running(void *context, struct iw_str host, struct iw_str path,
                                        int64_t made_ns, const int64_t *times_ns, size_t n,
                                        struct iw_arena *arena, struct iw_chain_running *ret);

/** Asks for the page of that file name whose first request ever ran at some time from
 * *compiled_ns* to *until_ns*, of a site of *pool*. *ret_path*: in the arena; empty: there is no
 * such page, or more than one, or no log covers the time before. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_page(void *context, struct iw_str host, struct iw_str pool,
                                     struct iw_str name, int64_t compiled_ns, int64_t until_ns,
                                     struct iw_arena *arena, struct iw_str *ret_path);

/** A web file as it was collected, whose content does what a request tells it and that nobody
 * approved: perhaps a page nobody saw come. */
struct iw_chain_collected {
    const struct iw_inventory_web_file *file;
    bool is_proved;     /* by the configuration of that time: that the URL was this file's */
    int64_t asked_ns;   /* its first request ever, as far as logs know, began */
    int64_t silence_ns; /* so long before that the logs begin: nobody asked then */
};
struct iw_chain_collected_list {
    const struct iw_chain_collected *items; /* by asked_ns */
    size_t n;
};
/** Asks for those of *host*, once for each host that has a shell no file explains. *ret*: lives
 * until iw_chains_end. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_collected(void *context, struct iw_str host,
                                          struct iw_chain_collected_list *ret);
/** Who called the runs of a command: the URL for which a request ran at most of its times. */
struct iw_chain_callers {
    bool is_found; /* there is one, asked for so seldom beside that it is no chance */
    struct iw_str url;
};
/** Asks which URL of *host* was asked for whenever something ran. *times_ns*: some of its runs.
 * IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_callers(void *context, struct iw_str host, const int64_t *times_ns,
                                        size_t n_times, struct iw_arena *arena,
                                        struct iw_chain_callers *ret);

/** What a baseline of behaviour says of a child of a worker. */
enum iw_chain_behaviour {
    IW_BEHAVIOUR_NOT_KNOWN = 0, /* there is no baseline, or it does not have it */
    IW_BEHAVIOUR_KNOWN,         /* usual in a span that was named as clean */
    IW_BEHAVIOUR_KNOWN_HERE     /* usual, but learned inside the evidence that is hunted */
};
/** What a baseline of behaviour knows, and what one learns. */
enum iw_chain_usage_kind {
    IW_CHAIN_USAGE_CHILD = 0,     /* of a worker: pool, shape of the command line, program */
    IW_CHAIN_USAGE_BELOW,         /* the same of what such a child started */
    IW_CHAIN_USAGE_WRITER,        /* of files: web root, kind of account, program */
    IW_CHAIN_USAGE_ADMINISTRATOR, /* account */
    IW_CHAIN_USAGE_COUNT
};
struct iw_chain_usage {
    enum iw_chain_usage_kind kind;
    struct iw_str scope, name, image; /* pool or root; shape, kind of account or account; program */
    int64_t time_ns;
};
/** IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_behaviour(void *context, struct iw_str host,
                                          const struct iw_chain_usage *usage,
                                          enum iw_chain_behaviour *ret);

/** What was learned of one usage; texts live until the call returns. */
struct iw_chain_learned {
    struct iw_chain_usage usage; /* its time is that of the first */
    uint64_t n, n_days;
    const char *refused; /* why it is not to be taken for usual; static; NULL: nothing */
    const char *doubt;   /* why somebody is to look at it; static; NULL: nothing */
};
/** Told when a host ends. IW_OK, or what iw_chains_end returns. */
typedef enum iw_rc iw_chain_take_learned(void *context, struct iw_str host,
                                         const struct iw_chain_learned *learned,
                                         struct iw_error *err);

/** The file *path* (normal form) of *host* as it was collected, if its content has something to say
 * and nobody approved it, or it is not as in the baseline; else NULL. It lives as long as the
 * chains. IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_web_file(void *context, struct iw_str host, struct iw_str path,
                                         struct iw_arena *arena,
                                         const struct iw_inventory_web_file **ret);

/** Whether a source of links would have told of all in a span. */
struct iw_chain_reach {
    bool is_seen;           /* it would have, so far as the host has evidence */
    int64_t from_ns, to_ns; /* else: the last part of the span of which it would not */
    struct iw_str why;      /* and why; lives until the next host */
    int64_t begins_ns;      /* the evidence of the host begins so late in the span; or
                               IW_TIME_UNKNOWN: before it */
};
/** Asks about the host whose facts come, and [*from_ns*, *until_ns*]; *file*: a page, of whose web
 * root alone is asked (empty: of all). IW_OK or IW_ENOMEM. */
typedef enum iw_rc iw_chain_ask_reach(void *context, enum iw_chain_source source,
                                      struct iw_str file, int64_t from_ns, int64_t until_ns,
                                      struct iw_chain_reach *ret);

/** An event that became a link of a chain: for whoever would print a finding of a rule about it. */
struct iw_chain_link {
    struct iw_str host, channel;
    uint32_t event_id;
    uint64_t record_id;
    int64_t time_ns;
    enum iw_level level; /* that the chain has at least, unless something explains it */
    uint8_t content[IW_FACT_CONTENT_BYTES];
};
/** Told just before the finding in whose evidence the event stands, as medium, and once more where
 * its level is higher. What is not shown is told when it repeats what is: the same act once more,
 * but for its numbers. Nothing else is told. IW_OK, or what iw_chains_see returns. */
typedef enum iw_rc iw_chain_take_link(void *context, const struct iw_chain_link *link,
                                      struct iw_error *err);

/** Takes a finding, without its id; gone after the call. IW_OK, or what iw_chains_see returns. */
typedef enum iw_rc iw_chain_take_finding(void *context, struct iw_finding *finding,
                                         struct iw_error *err);

/** All of it lives longer than the chains. */
struct iw_chains_input {
    const struct iw_chain_settings *settings; /* NULL: the defaults */
    const struct iw_ledger *ledger;           /* paths of sources; NULL: sources are empty */
    iw_chain_ask_requests *ask_requests;      /* NULL: no log of requests is read */
    iw_chain_ask_running *ask_running;        /* NULL: as before */
    iw_chain_ask_page *ask_page;              /* NULL: pages nobody saw come are not looked for */
    iw_chain_ask_collected *ask_collected;    /* NULL: as before */
    iw_chain_ask_callers *ask_callers;        /* NULL: no log of requests is read */
    iw_chain_ask_behaviour *ask_behaviour;    /* NULL: no baseline */
    iw_chain_take_learned *take_learned;      /* NULL: nothing is learned */
    int64_t learn_since_ns, learn_until_ns;   /* IW_TIME_UNKNOWN: open */
    iw_chain_ask_web_file *ask_web_file;      /* NULL: no web files */
    iw_chain_ask_reach *ask_reach;            /* NULL: sources are there or not, all the time */
    const struct iw_changes *changes;         /* NULL: nobody planned anything */
    iw_change_judge *judge_change;            /* NULL: changes are not asked */
    iw_chain_take_link *take_link;            /* may be NULL */
    iw_chain_take_finding *take_finding;
    void *context; /* of all functions above */
};

/* --- the way of facts --------------------------------------------------------------------------
 */

struct iw_chains;

/** NULL: no memory. */
struct iw_chains *iw_chains_new(const struct iw_chains_input *input);
void iw_chains_free(struct iw_chains *chains);
/** The next host: *context* has begun with it. *telemetry*: what it logged; NULL: not known. Both
 * live until iw_chains_end. */
void iw_chains_begin(struct iw_chains *chains, const struct iw_host_context *context,
                     const struct iw_chain_telemetry *telemetry);
/** Takes a fact of kind IW_FACT_CHAIN of the host, in event time. *what*: what its bytes say
 * (iw_chain_fact_parse), read once for whoever sees it; NULL: they say nothing, which is counted.
 * IW_OK, IW_ENOMEM, what taking a finding returned. */
enum iw_rc iw_chains_see(struct iw_chains *chains, const struct iw_fact *fact,
                         const struct iw_chain_fact *what, struct iw_error *err);
/** Gives out what is left, and forgets the host; also after a failure. As iw_chains_see. */
enum iw_rc iw_chains_end(struct iw_chains *chains, struct iw_error *err);

/** What all hosts came to. */
struct iw_chains_account {
    uint64_t n_facts, n_odd;    /* seen; of these, bytes that were no facts */
    uint64_t n_untimed;         /* facts without a time: no order, so no link */
    uint64_t n_files, n_shells; /* candidates; shells that a web server started */
    uint64_t n_findings;
    uint64_t n_files_forgotten;   /* past the limit, before a shell came */
    uint64_t n_brought_forgotten; /* programs that web servers wrote, past the limit */
    uint64_t n_shells_forgotten;  /* past the limit: what they start later is not joined to them */
    uint64_t n_hurried;           /* shells decided before all of their moment was known */
    uint64_t n_looks_cut;         /* shells that looked at fewer files than others, past a limit */
    uint64_t n_told_early;        /* chains told before the end of their host, for memory */
    uint64_t n_pages_not_asked;   /* shells for whose page nobody looked any more, past the limit */
    uint64_t n_named_not_kept;    /* pages that commands name, past the limit */
    uint64_t n_habits_not_kept;   /* runs of commands that are not counted, past the limit */
    uint64_t n_habits_not_asked;  /* habits of which nobody asked what called them, past a limit */
    size_t peak_bytes;            /* of one host */
};
struct iw_chains_account iw_chains_account(const struct iw_chains *chains);

#endif
