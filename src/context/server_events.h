/**
 * What events tell of web servers: facts that are laid beside configuration and files later.
 *
 * One collector per thread while events flow, then merged into one and settled. Within the limits
 * nothing in the result depends on how events were divided among threads, or on their order; past
 * them facts are counted by kind as hidden, and which are kept depends on who came first.
 *
 * Field facts: Sysmon 1, 2, 5, 7, 11, 13, 23, 26, 29; Security 4657, 4663, 4688, 5145;
 * Microsoft-Windows- IIS-Configuration 29 ("Changes to '%Configuration%' ... have successfully been
 * committed") and 50; Microsoft-Windows-IIS-W3SVC-WP 2214, 2220, 2280, 2282, 2293, 2295, 2296
 * (message tables of the providers). Field names are canonical (event/taxonomy.h).
 */
#ifndef IW_CONTEXT_SERVER_EVENTS_H
#define IW_CONTEXT_SERVER_EVENTS_H

#include "event/event.h"
#include "event/host.h"
#include "event/route.h"

enum iw_server_fact_kind {
    IW_FACT_WORKER = 0,     /* a worker process was there; path: its image */
    IW_FACT_CONFIG_CHANGE,  /* event 29; path: the file */
    IW_FACT_CONFIG_COMMIT,  /* event 50; path: the file */
    IW_FACT_CONFIG_LOGGING, /* IIS-Configuration/Operational was written, whatever it said */
    IW_FACT_MODULE_LOAD,    /* a worker loaded path */
    IW_FACT_FILE_WRITTEN,   /* path was created, written or given other times */
    IW_FACT_FILE_DELETED,
    IW_FACT_REGISTRY_SET, /* a value that makes it load code; path: its place, without the control
                             set (registry_place.h) */
    IW_FACT_LOAD_FAILURE, /* the worker could not load path */
    IW_SERVER_FACT_KIND_COUNT
};

/**
 * One fact. Events that say the same are one fact: the earliest stands for all. Texts are empty
 * where the event does not say, are cut at IW_LIMIT_SERVER_FACT_TEXT_BYTES, and live in the
 * collector.
 */
struct iw_server_fact {
    enum iw_server_fact_kind kind;
    struct iw_str computer;    /* as the event wrote it */
    struct iw_str host;        /* settled; empty before */
    struct iw_str path;        /* see kind; without `\\?\` */
    struct iw_str pool;        /* of a worker */
    struct iw_str image;       /* program that wrote, or that loaded */
    struct iw_str user;        /* account, or SID where there is only that */
    struct iw_str address;     /* of a write over the network (5145): where it came from */
    uint64_t process_id;       /* 0: not known */
    struct iw_str config_path; /* of a change: "MACHINE/WEBROOT/APPHOST" */
    struct iw_str location;    /* of a change; of a value of the registry, as the event names it */
    struct iw_str configuration;        /* of a change: which setting */
    struct iw_str old_value, new_value; /* Sysmon does not tell lists: "Binary Data" */
    bool has_sha256;
    uint8_t sha256[32];
    struct iw_str is_signed, signature, signature_status, company; /* as Sysmon 7 says */
    /* The event that stands for all. */
    struct iw_str channel;
    uint32_t event_id;
    uint64_t record_id;
    uint32_t source; /* in the ledger */
    uint64_t offset;
    int64_t time_ns, last_ns; /* of the first and the last */
    uint64_t n;               /* events, copies among them */
};

struct iw_server_facts {
    const struct iw_server_fact *items; /* by host, kind, path, time, then everything else */
    size_t n;
    uint64_t n_hidden; /* not kept: limits */
    uint64_t n_cut;    /* texts that were cut */
};

/** Some of them, one behind the other. */
struct iw_fact_span {
    const struct iw_server_fact *items;
    size_t n;
};

struct iw_server_events;

/** Asks for the events the collector wants decoded. IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_events_route(struct iw_route *route);

/** Whether a record of that log and number tells a fact of that kind, if it tells one. Letter case
 * of the log does not count. Pure. */
bool iw_server_event_is(enum iw_server_fact_kind kind, struct iw_str channel, uint32_t event_id);

/** NULL: no memory. */
struct iw_server_events *iw_server_events_new(void);
void iw_server_events_free(struct iw_server_events *events);
/** Looks at one event, decoded or not; recovered ones as well. IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_events_add(struct iw_server_events *events, const struct iw_event *event);
/** Adds all of *from*, which is not changed. IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_events_merge(struct iw_server_events *into,
                                  const struct iw_server_events *from);
/** Tells *hosts* the computers of all facts. IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_events_hosts(const struct iw_server_events *events, struct iw_hosts *hosts);
/** Facts with their hosts, in order. *ret* lives as long as *events* and *hosts*; *hosts* is
 * settled. Call once, last. IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_events_settle(struct iw_server_events *events, const struct iw_hosts *hosts,
                                   struct iw_server_facts *ret);

/** Whether a file was created, written or moved to its place, and not only given other times
 * (Sysmon 2), which changes nothing in it. */
static inline bool iw_fact_is_writing(const struct iw_server_fact *fact)
{
    return fact->kind == IW_FACT_FILE_WRITTEN && fact->event_id != 2;
}

/** Whether an event itself tells that the web server did it: a worker, or whatever works as a
 * pool's own account. That something descends from a worker it does not tell. */
bool iw_fact_is_of_server(const struct iw_server_fact *fact);
/** Whether a writing is told by the audit of a share. */
static inline bool iw_fact_is_of_share(const struct iw_server_fact *fact)
{
    return fact->kind == IW_FACT_FILE_WRITTEN && fact->event_id == 5145;
}

/** The facts of a host (letter case ignored): *ret_n* of them from the returned one on. */
const struct iw_server_fact *iw_server_facts_of(const struct iw_server_facts *facts,
                                                struct iw_str host, size_t *ret_n);
/** The facts of a kind about a path of a host (letter case of both ignored). */
struct iw_fact_span iw_server_facts_at(const struct iw_server_facts *facts, struct iw_str host,
                                       enum iw_server_fact_kind kind, struct iw_str path);

#endif
