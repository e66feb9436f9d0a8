/**
 * Inside of trails: what is kept of one event.
 */
#ifndef IW_DETECT_COMPONENT_TRAIL_STATE_H
#define IW_DETECT_COMPONENT_TRAIL_STATE_H

#include "base/map.h"
#include "detect/chain/actor_event.h"
#include "detect/chain/component_trails.h"
#include "detect/chain/deployment.h"

/** Acts (a change, a module that was written), and what came after: pools, children. */
struct iw_trail {
    struct iw_str host;
    const char *role; /* of an item of evidence; static */
    int64_t time_ns;
    uint8_t clock; /* enum iw_fact_clock */
    struct iw_str channel;
    uint32_t event_id;
    uint64_t record_id;
    struct iw_fact_place place;
    struct iw_str payload;
    struct iw_str who;                            /* of an act: one line */
    const struct iw_actor_event *process, *logon; /* of whoever did it; NULL: not in evidence */
    bool is_by_server; /* a process of the web server, or what descends from one, did it */
    bool is_named;     /* the program that did it is known */
    bool is_by_hand;   /* under an interactive logon, or below a desktop */
    struct iw_deployment deployment; /* what deployed it */
    const char *tool; /* of a page: the tool that did, of which nothing says whose; static; NULL */
    const char *near_by; /* what was deployed within minutes; static; NULL: nothing */
    size_t near_at;      /* its event: place in deployments + 1; 0: found no room */
};

struct iw_trail_list {
    struct iw_trail *items;
    size_t n, cap;
};

/** The server's own configuration was written over (Sysmon 11). */
struct iw_trail_written {
    int64_t time_ns;
    uint8_t clock; /* enum iw_fact_clock */
    bool has_pid;
    uint64_t pid;
    uint64_t record_id;
    struct iw_str path; /* without `\\?\` */
    /* Once its host is told: */
    enum iw_trail_commit_kind kind; /* NONE, ENDED, SHARED or OWN */
    size_t act;                     /* place in acts of what answers it */
    size_t cluster;                 /* of SHARED: place in clusters */
};

/** Writings of one process that are more than the changes it told of. */
struct iw_trail_cluster {
    size_t n_writings, n_changes;
};

/** Which acts and writings are a host's. */
struct iw_trail_span {
    struct iw_str host;
    size_t begin, end;                 /* places in acts */
    size_t begin_written, end_written; /* places in written */
};

struct iw_component_trails {
    const struct iw_chain_settings *settings;
    struct iw_chain_settings defaults;
    const struct iw_ledger *ledger;
    const struct iw_host_context *context;
    struct iw_arena arena;
    struct iw_map by_event;     /* host, channel, record id (or time) → place in acts + 1 */
    struct iw_map by_page;      /* the same → place in pages + 1 */
    struct iw_trail_list acts;  /* by host, then time: as they came */
    struct iw_trail_list pages; /* writings of pages: who did it, without what the event says */
    struct iw_trail_list after;
    struct iw_trail_list commands;    /* that name a DLL, of programs that change web servers */
    struct iw_trail_list deployments; /* near an act */
    size_t first_act;                 /* of the present host */
    struct iw_trail_span *spans;      /* of hosts with acts */
    size_t n_spans, spans_cap;
    struct iw_trail_written *written; /* by host, then as they came */
    size_t n_written, written_cap;
    size_t first_written; /* of the present host */
    struct iw_trail_cluster *clusters;
    size_t n_clusters, clusters_cap;
    struct {               /* the latest, which may turn out to be near an act */
        const char *words; /* NULL: none yet */
        int64_t time_ns;
        uint32_t event_id;
        uint64_t record_id;
        struct iw_fact_place place;
        struct iw_buffer channel, payload;
        size_t kept; /* place in deployments + 1; 0: not kept */
    } deployment;
    struct { /* who wrote the page before: nearly always of this one too */
        uint64_t process_number;
        struct iw_str user, who;
    } page;
    struct { /* whoever did the act before: nearly always of this one too */
        uint64_t process_number, logon_id;
        int64_t logon_begin_ns;
        const struct iw_actor_event *process, *logon;
    } actor;
    struct {                  /* what the baseline said of the page before that a tool wrote */
        struct iw_buffer key; /* process, account, folder */
        bool is_usual;
    } usual;
    struct iw_arena scratch;
    struct iw_map destinations; /* of the host: what its web servers spoke to before → acts then */
    struct iw_arena names;      /* of the destinations */
    uint64_t n_hidden;          /* acts and what came after them, past the limits */
    uint64_t n_pages_hidden;    /* writings of pages: they are no acts */
    uint64_t n_written_hidden;
    iw_chain_ask_behaviour *ask_behaviour; /* NULL: no baseline of behaviour */
    void *ask_context;
};

/** One more of a list, with what the event says. NULL: no memory. */
struct iw_trail *iw_trail_keep(struct iw_component_trails *trails, struct iw_trail_list *list,
                               const struct iw_fact *fact, const char *role);
/** Who did it, as evidence, and whether a deployment did; *process* may be NULL. IW_OK or
 * IW_ENOMEM.
 */
enum iw_rc iw_trail_tell_act(struct iw_component_trails *trails, const struct iw_process *process,
                             const struct iw_chain_fact *what, struct iw_trail *trail);
/** Who did it, as one line. IW_OK or IW_ENOMEM. */
enum iw_rc iw_trail_tell_who(struct iw_component_trails *trails, const struct iw_process *process,
                             const struct iw_chain_fact *what, int64_t time_ns, struct iw_str *ret);
/** Makes it found by its event; *place*: behind it in its list. IW_OK or IW_ENOMEM. */
enum iw_rc iw_trail_index(struct iw_component_trails *trails, struct iw_map *map,
                          const struct iw_trail *trail, size_t place);
/** A page was written. component_trail_pages.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_trail_see_page(struct iw_component_trails *trails, const struct iw_fact *fact,
                             const struct iw_chain_fact *what);

/** A tool that the baseline of behaviour has writing there as that account is a deployment of the
 * page. component_trail_usual.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_trail_ask_usual(struct iw_component_trails *trails, const struct iw_process *process,
                              const struct iw_chain_fact *what, struct iw_trail *trail);

/** The key of an event in by_event. p NULL: no memory. */
struct iw_str iw_trail_key(struct iw_str host, struct iw_str channel, uint64_t record_id,
                           int64_t time_ns, struct iw_arena *arena);
/** The server's configuration was written over. component_trail_commit.c. IW_OK or IW_ENOMEM. */
enum iw_rc iw_trail_see_written(struct iw_component_trails *trails, const struct iw_fact *fact,
                                const struct iw_chain_fact *what);
/** Finds what answers each writing of a host that is told. component_trail_match.c. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_trail_match(struct iw_component_trails *trails, const struct iw_trail_span *span);

/** One change is several 29s, the file, a 50, all within moments of one process. */
#define IW_TRAIL_COMMIT_NS IW_NS_PER_SECOND
/** A path as the configuration system (`\\?\C:\Windows\...`) and others write it, the same. */
struct iw_str iw_trail_plain_path(struct iw_str path);

#endif
