/**
 * Inside of chains: what is held of one host while its facts go by.
 *
 * Files wait for shells; a shell waits until no file that may come before it can still come, then
 * it goes to a chain, for good, unless it turns out to have written a file that nothing else
 * explains. Everything here belongs to `struct iw_chains`; texts and events are blocks of their own
 * whose bytes are counted.
 */
#ifndef IW_DETECT_CHAIN_STATE_H
#define IW_DETECT_CHAIN_STATE_H

#include "base/limits.h"
#include "base/linked.h"
#include "base/map.h"
#include "detect/chain/actor_event.h"
#include "detect/chain/chain_index.h"
#include "detect/chain/chain_order.h"
#include "detect/chain/chain_score.h"
#include "detect/chain/chains.h"
#include "detect/chain/habit.h"
#include "detect/chain/program_kind.h"
#include "detect/chain/web_file_path.h"

/** A clock that was set back. */
struct iw_chain_clock {
    int64_t old_ns, new_ns;
};
#define IW_CHAIN_CLOCKS 4U

/** An event kept as evidence. */
struct iw_chain_item {
    struct iw_chain_item *next;
    const char *role; /* static */
    struct iw_chain_moment moment;
    struct iw_str channel;
    uint32_t event_id;
    uint64_t record_id;
    struct iw_fact_place *places; /* the event's, then its copies' */
    size_t n_places;
    uint64_t n_copies_hidden;
    uint8_t content[IW_FACT_CONTENT_BYTES];
    struct iw_str payload;            /* bytes of the chain fact */
    bool is_link;                     /* a writing that a shell was joined by */
    bool is_asked_about;              /* of a writing: whether requests were asked for */
    bool is_request_logged;           /* and if so, whether a log would show one */
    bool is_served;                   /* and that one is as they were before, or as all send it */
    bool is_first_ever;               /* or nobody ever asked before, and hardly anybody did */
    int64_t request_begin_ns;         /* of the first request after that; or unknown */
    struct iw_chain_written *written; /* what is known of a writing; NULL: it is none */
    uint64_t likeness; /* equal: the same act once more, but for its numbers; 0: not known yet */
    uint32_t n_shared; /* further owners */
    size_t n_bytes;
};

/** In the order they were appended, which is that of their times. */
struct iw_chain_items {
    struct iw_chain_item *first, *last;
    size_t n;
    uint64_t n_hidden; /* past the limit */
    int64_t hidden_ns; /* the latest of these, where there are any */
};

enum iw_chain_place {
    IW_CHAIN_PLACE_NONE = 0,   /* no folder of a web server */
    IW_CHAIN_PLACE_POSSIBLE,   /* only the file's ending speaks for it */
    IW_CHAIN_PLACE_USUAL,      /* a folder that web servers use by default */
    IW_CHAIN_PLACE_ASSUMED,    /* a root of a configuration, not proved for that moment */
    IW_CHAIN_PLACE_CONFIGURED, /* a root of the configuration in force */
};

#define IW_CHAIN_ROOTS 4U

/** As many web files of one writer within ten minutes are a burst. */
#define IW_CHAIN_BURST_FILES 20U
/** Files one process, or one account from one address, wrote within ten minutes. */
struct iw_chain_run {
    int64_t first_ns;
    uint64_t n_files;
};

/** What is known of one writing of a file, beside its event; a block of its own. */
struct iw_chain_written {
    iw_chain_marks marks;              /* by the web server, over the network, by a deployment */
    const char *deployment;            /* what that was; NULL: none; static */
    bool is_by_shell;                  /* a shell, or what it started, wrote it */
    bool is_of_share;                  /* told by the audit of a share */
    bool is_by_system;                 /* System wrote it: for SMB, or for a driver */
    bool is_contradicted;              /* another form of its record names another writer */
    struct iw_chain_run *run;          /* NULL: not counted */
    struct iw_str logon;               /* how the writer had logged on; its own block, or empty */
    struct iw_actor_event logon_event; /* the same as evidence; its text a block of its own */
};

/** A span in which the same was deployed again and again. */
struct iw_chain_deployed {
    const char *words; /* static */
    int64_t first_ns, last_ns;
};
#define IW_CHAIN_DEPLOYED 256U

/** One file of a web server that was written. */
struct iw_chain_file {
    struct iw_chain_node node; /* by its key */
    struct iw_link by_time;    /* files, by latest writing */
    struct iw_link waiting;    /* of these, those no shell went to: in *waiting* or *beyond* */
    struct iw_link unasked;    /* of these, those whose requests were not asked for */
    struct iw_link asked_for;  /* of these, those with a request after a writing */
    struct iw_link late;       /* those asked for the first time past TimeWindow, by that time */
    int64_t late_ns;           /* of that request, where it is in that list */
    bool is_woken;             /* joined by that, or by its compiling, though written before
                                  TimeWindow: which is counted from then on */
    struct iw_chain_moment woken;
    struct iw_str path, key; /* in the block of the file */
    struct iw_str odd;       /* static */
    bool is_unseen;    /* no event tells of its coming: the first of *writes* is its compiling, */
    bool is_collected; /* or, where this is set, stands for its first request and for no event */
    bool is_path_assumed; /* every event so far spelt it in a way that had to be settled */
    bool is_beyond_iis;   /* no site of IIS reaches it, by a configuration that is known whole: a
                             page of other servers alone, if of any */
    enum iw_web_file_class class;
    enum iw_chain_place place;
    const struct iw_inventory_root *roots[IW_CHAIN_ROOTS]; /* that reach it; of the inventory */
    size_t n_roots;
    bool has_more_roots;                                 /* than there is room for */
    struct iw_chain_item *writes[IW_LIMIT_CHAIN_WRITES]; /* in time; past the limit the last is the
                                                            latest */
    size_t n_writes;
    uint64_t n_all_writes;
    struct iw_chain_item *times, *deleted; /* NULL: not seen */
    iw_chain_marks marks;                  /* whatever writing */
    struct iw_chain *chain;                /* NULL: it waits */
    size_t n_bytes;
};

/** How a shell was joined to its file. */
struct iw_chain_join {
    iw_chain_marks marks;
    struct iw_chain_moment write;   /* of the file, that came before it, or that it made */
    int64_t request_begin_ns;       /* of the request that counts; or unknown */
    const char *deployment;         /* near the writing and before the shell; NULL: none; static */
    uint64_t n_burst;               /* files its writer wrote in that run, before the shell */
    bool is_contradicted;           /* the record of the writing is */
    bool is_by_share;               /* the audit of a share tells of that writing */
    bool is_late, is_unexcused;     /* by its first request or compiling, past TimeWindow; and what
                                       excuses the writing does not count */
    struct iw_chain_moment woken;   /* that, where it is so */
    struct iw_chain_item *compiled; /* what its worker compiled; shared; NULL: none is known */
    struct iw_chain_item *renamed, *renamed_to; /* what was renamed in the folder of a page that
                                                   nobody saw come; shared; NULL: nothing was */
    struct iw_chain_item *others[IW_LIMIT_CHAIN_OTHERS]; /* writings of other files that fit, the
                                                            best first; shared */
    size_t n_others, n_more_others;
};

/** A shell that a web server started, and what it did. */
struct iw_chain_shell {
    struct iw_chain_node node; /* by its number */
    struct iw_link link;       /* in pending, in its chain, or among those not shown */
    struct iw_link hidden;     /* of these, those of its chain */
    uint64_t number;           /* of its process in the lineage; 0: not known */
    struct iw_chain_moment moment;
    const struct iw_program *program;
    uint64_t worker_number; /* of its web server's process; 0: not known */
    uint64_t worker_pid;    /* 0: not known */
    struct iw_str worker;   /* key of its chain where no file explains it; block of the shell */
    struct iw_str pool;     /* empty: not known; block of the shell */
    struct iw_str server;   /* image of the web server; block of the shell */
    struct iw_str image;    /* block of the shell */
    struct iw_str parent;   /* image of what started it, below its web server; empty: that itself
                               did, or it is not known; block of the shell */
    uint64_t parent_pid;    /* 0: not known */
    struct iw_str page;     /* that CGI runs by it, or that what started it ran; empty: none is
                               known to; block of the shell */
    bool is_iis;
    enum iw_web_identity identity; /* by which it is one, where no web server stands above it */
    uint64_t pid;
    bool is_system;                /* runs under SYSTEM's logon itself */
    struct iw_chain_item *brought; /* the web server's writing of its program; shared; or NULL */
    struct iw_chain_item *loaded;  /* its worker's load of a library that a web server wrote; or
                                      NULL */
    struct iw_chain_item *loaded_written; /* and that writing; both are shared */
    iw_chain_marks marks;                 /* of itself and of what it did */
    struct iw_chain_join join;
    struct iw_chain_items items;
    struct iw_chain *chain; /* NULL: not decided yet */
    bool is_shown;          /* else its start alone is kept, for the case that it comes back */
    struct iw_habit *habit; /* its command; NULL: not counted */
    struct iw_habit *below[IW_LIMIT_HABIT_BELOW]; /* commands below it, each once */
    size_t n_below;
    bool has_unknown_below;  /* one that is not counted */
    bool is_below_unusual;   /* one that the baseline of behaviour does not have */
    bool is_spoken_for;      /* its file itself speaks for what it is joined by */
    bool is_trace;           /* its start is in no event: it started then, or before */
    bool is_after_file;      /* its habit first ran after the writing it is joined by */
    uint64_t n_runs_before;  /* of its habit before the writing it is joined by */
    size_t n_looks;          /* more files might have fitted than so many; 0: all were looked at */
    bool is_hurried;         /* decided while files of its moment might still come */
    struct iw_str near_miss; /* a line; its own block, or empty */
    struct iw_str beside;    /* the same: the file that came beside its habit */
    uint64_t techniques;     /* bits: IW_CHAIN_TECHNIQUES */
    size_t n_bytes;
};

#define IW_CHAIN_TECHNIQUES 8U
/** The technique of a bit, or NULL. */
const char *iw_chain_technique(size_t i);

struct iw_chain {
    struct iw_chain_node node; /* by its worker */
    struct iw_link by_activity;
    struct iw_chain_file *file; /* NULL: known by its worker */
    struct iw_str worker;       /* key of the map, where there is no file; its own block */
    struct iw_linked shells;    /* those shown, in time */
    struct iw_linked hidden;    /* those not shown, as far as they are known */
    size_t n_shown;
    uint64_t n_shells;            /* all */
    struct iw_chain_moment first; /* of the first shell */
    uint64_t first_pid;
    int64_t last_ns;
    iw_chain_marks hidden_marks; /* of shells that are not shown */
    bool hidden_is_unusual;      /* one of these is in no baseline, and no habit either */
    bool is_behind_page;         /* of a worker: its runs that pages make doubtful */
    bool is_behind_run;          /* the same of runs that did something odd, and those behind */
    bool hidden_is_joined;       /* for one of these the file speaks, or it wrote that */
    bool hidden_is_early;        /* before the writing one of these had hardly run */
    struct iw_habit *first_habits[IW_LIMIT_HABIT_BELOW]; /* whose first runs came after the file */
    size_t n_first_habits;
    struct iw_habit *hidden_habits[IW_LIMIT_HABIT_BELOW]; /* of these, where no baseline has them */
    size_t n_hidden_habits;
    uint64_t hidden_techniques;
    int64_t hidden_last_ns;
    struct iw_str near_after; /* a line; its own block, or empty */
    struct iw_str beside;     /* the same: that of a shell that is not shown */
};

/** What a worker compiles while a page is asked for comes within that, and so does a shell that the
 * request was for. */
#define IW_CHAIN_COMPILED_NEAR_NS (10 * IW_NS_PER_SECOND)
/** A compiling, and by whom. */
struct iw_chain_compiling {
    struct iw_chain_moment moment;
    uint64_t worker_number;
    uint64_t pid;
    int64_t written_ns;         /* of the latest file of its name; or unknown: none was seen */
    struct iw_chain_item *item; /* its event; shared; NULL: none that tells when it was compiled */
};
/** The latest of a host: one compiling leaves up to five events. */
#define IW_CHAIN_COMPILINGS 64U
/** Of these, named pages that no file seen before is; and as many that one may be. */
#define IW_CHAIN_UNSEEN 16U

/** The latest compiling of a page by one worker. */
struct iw_chain_compiled {
    struct iw_chain_compiling by;
    struct iw_str pool; /* empty: not known; its own block */
    struct iw_chain_item *item;
};
/** A worker's load of a library that a web server wrote. */
struct iw_chain_load {
    struct iw_chain_compiling by;         /* by whom, and when */
    struct iw_chain_item *item, *written; /* the second is shared */
};
#define IW_CHAIN_LOADS 16U
/** A program or library that a web server wrote. */
struct iw_chain_brought {
    struct iw_chain_node node; /* by its path, in the block */
    struct iw_link by_time;    /* of its latest writing */
    struct iw_chain_item *item;
    size_t n_bytes;
    bool is_by_management; /* a management service wrote it, and no web server */
};
/** What was renamed or moved in an audited folder: the access to the old name, and to the folder;
 * NULL: nothing was, or the second half is not seen. */
struct iw_chain_rename {
    struct iw_chain_item *from, *to;
    struct iw_str folder; /* key of that; its own block; empty while *to* is NULL */
    uint64_t pid;         /* who did it */
};
/** The latest of a host, and the latest of which the first half is known alone. */
#define IW_CHAIN_RENAMES 64U
#define IW_CHAIN_RENAMES_BEGUN 16U
#define IW_CHAIN_PAGE_WORKERS 4U
/** All files of one name, as far as ASP.NET tells pages apart. */
struct iw_chain_page {
    struct iw_chain_node node; /* by its name in lower case, in the block of the page */
    struct iw_link by_time;
    struct iw_chain_compiled compiled[IW_CHAIN_PAGE_WORKERS]; /* the latest last */
    size_t n_compiled;
    size_t n_bytes;
};

/** A page that a command of a shell, or of what it started, says that it writes. */
struct iw_chain_named {
    uint64_t shell;             /* number of its process */
    struct iw_chain_item *item; /* the command's event; NULL: a file took it */
    struct iw_str path;         /* as it is written there; its own block */
};
#define IW_CHAIN_NAMED 64U

/** A shell that no event of a start tells of, by what is left of it. */
struct iw_chain_trace {
    uint64_t pid;
    int64_t time_ns;
    const struct iw_program *program;
};
#define IW_CHAIN_TRACES 32U

struct iw_chains {
    struct iw_chains_input input;
    struct iw_chain_settings defaults;
    const struct iw_chain_settings *settings;
    const struct iw_host_context *context; /* of the host; NULL: between hosts */
    const struct iw_chain_telemetry *telemetry;
    struct iw_arena scratch; /* of one fact */
    struct iw_arena arena;   /* of one finding */
    struct iw_chains_account account;

    struct iw_chain_index files, shells, by_worker, pages, brought;
    struct iw_linked brought_by_time;
    size_t n_brought;
    struct iw_chain_load loads[IW_CHAIN_LOADS]; /* a ring */
    size_t n_loads;
    struct iw_chain_rename renames[IW_CHAIN_RENAMES], begun[IW_CHAIN_RENAMES_BEGUN]; /* rings */
    size_t n_renames, n_begun;
    struct iw_map writers; /* writer → its latest struct iw_chain_run * */
    struct iw_arena keys;  /* of writers, and runs */
    size_t n_runs, n_key_bytes;
    struct iw_linked by_time, waiting, unasked, asked_for, late; /* files */
    struct iw_linked beyond;  /* those beyond IIS that wait: so many that they displace no other */
    struct iw_linked pending; /* shells not decided, in time */
    struct iw_linked not_shown; /* shells known by their process alone */
    struct iw_linked chains;    /* by latest activity */
    size_t n_waiting, n_beyond, n_not_shown, n_pending;
    size_t n_bytes;
    uint64_t n_files_forgotten;                    /* of this host */
    int64_t forgotten_from_ns, forgotten_until_ns; /* writings of files that were forgotten */
    struct iw_chain_compiling compilings[IW_CHAIN_COMPILINGS]; /* of any page; a ring */
    size_t n_compilings;
    struct iw_chain_compiling unseen[IW_CHAIN_UNSEEN]; /* of pages no file seen is; a ring */
    size_t n_unseen;
    struct iw_chain_compiling seen[IW_CHAIN_UNSEEN]; /* of pages that one may be; a ring */
    size_t n_seen;
    struct iw_linked pages_by_time;
    size_t n_pages;
    struct iw_chain_deployed deployed[IW_CHAIN_DEPLOYED]; /* a ring */
    size_t n_deployed;
    struct iw_chain_named named[IW_CHAIN_NAMED]; /* the first of this host */
    size_t n_named;
    struct iw_chain_trace traces[IW_CHAIN_TRACES]; /* a ring */
    size_t n_traces;
    struct iw_chain_clock clocks[IW_CHAIN_CLOCKS]; /* the first */
    size_t n_clocks;                               /* how often it was set back, on this host */
    struct iw_chain_collected_list collected;      /* of this host, once it was asked for */
    bool has_collected;
    size_t n_page_asks, n_near_asks, n_caller_asks; /* of this host */
    uint64_t n_looks;                               /* at writings, of this host */
    struct iw_habits habits;
    struct iw_habits usages;      /* writers and administrators, where they are learned */
    struct iw_chain *latest_open; /* chain without a file whose shell was decided last */
    int64_t latest_open_ns;
};

/* --- items, blocks (chain_items.c) ------------------------------------------------------------ */

/** Keeps the event of a fact. NULL: no memory. */
struct iw_chain_item *iw_chain_item_new(struct iw_chains *chains, const struct iw_fact *fact,
                                        const char *role);
/** One owner less. */
void iw_chain_item_free(struct iw_chains *chains, struct iw_chain_item *item);
/** One owner more. *item* may be NULL. */
struct iw_chain_item *iw_chain_item_share(struct iw_chain_item *item);
/** One that stands for no event, at a moment: it has no places and is never evidence. NULL: no
 * memory. */
struct iw_chain_item *iw_chain_item_of_nothing(struct iw_chains *chains,
                                               struct iw_chain_moment moment, const char *role);
/** Appends the event of a fact. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_items_add(struct iw_chains *chains, struct iw_chain_items *items,
                              const struct iw_fact *fact, const char *role);
/** Frees all but the first, and counts them. */
void iw_chain_items_cut(struct iw_chains *chains, struct iw_chain_items *items);
/** Counts one that is not kept. */
void iw_chain_items_hide(struct iw_chain_items *items, int64_t time_ns);
void iw_chain_items_free(struct iw_chains *chains, struct iw_chain_items *items);
/** A text as a block of its own, counted; p NULL: no memory. Empty texts are no blocks. */
struct iw_str iw_chain_text_keep(struct iw_chains *chains, struct iw_str text);
void iw_chain_text_free(struct iw_chains *chains, struct iw_str *text);
/** Tells that an event is a link of a chain of that level: with its finding, whose evidence shows
 * it; or, of what is not shown, when one like it is. IW_OK, or what taking it returned. */
enum iw_rc iw_chain_tell_fact(struct iw_chains *chains, const struct iw_fact *fact,
                              struct iw_error *err);
enum iw_rc iw_chain_tell_link(struct iw_chains *chains, const struct iw_chain_item *item,
                              enum iw_level level, struct iw_error *err);
/** The moment of a fact. */
struct iw_chain_moment iw_chain_moment_of(const struct iw_fact *fact);

/* --- files (chain_files.c) -------------------------------------------------------------------- */

enum iw_rc iw_chains_see_file(struct iw_chains *chains, const struct iw_fact *fact,
                              const struct iw_chain_fact *what, struct iw_error *err);
void iw_chain_file_free(struct iw_chains *chains, struct iw_chain_file *file);
/** Puts it among those that wait for a shell, last; or takes it out. */
void iw_chain_file_wait(struct iw_chains *chains, struct iw_chain_file *file);
void iw_chain_file_wait_no_more(struct iw_chains *chains, struct iw_chain_file *file);
/** The latest writing among those kept; NULL: there is none. */
const struct iw_chain_item *iw_chain_latest_write(const struct iw_chain_file *file);

/* --- where it lies (chain_place.c) ------------------------------------------------------------ */

/** Sets roots and place, by the configuration of that moment. What IIS's configuration does not
 * name may still be a page of another server, and has the place that it would have without that
 * configuration. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_find_place(struct iw_chains *chains, struct iw_chain_file *file,
                               int64_t time_ns);

/* --- one writing, deployments (chain_written.c) ----------------------------------------------- */

/** Says of a writing, which is among those of the file, what is known. *process*: may be NULL.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_describe_write(struct iw_chains *chains, const struct iw_chain_file *file,
                                   struct iw_chain_item *item, const struct iw_chain_fact *what,
                                   const struct iw_process *process, bool is_by_shell);
void iw_chain_written_free(struct iw_chains *chains, struct iw_chain_written *written);
/** Adds to *join* what the writing says of it, as far as it came before the shell. */
void iw_chain_join_write(const struct iw_chains *chains, const struct iw_chain_file *file,
                         const struct iw_chain_item *write, const struct iw_chain_shell *shell,
                         struct iw_chain_join *join);
/** The writing a shell of the file's chain is joined by. */
const struct iw_chain_item *iw_chain_joined_write(const struct iw_chain_file *file,
                                                  const struct iw_chain_shell *shell);
/** The witness of the same writing that knows the writer's logon; NULL: none does. */
const struct iw_chain_written *iw_chain_logon_of(const struct iw_chain_file *file,
                                                 const struct iw_chain_item *write);
/** Something was deployed. */
void iw_chains_note_deployment(struct iw_chains *chains, int64_t time_ns, const char *words);
/** What was deployed, *until_ns* at the latest, within ten minutes of a moment; NULL: nothing. */
const char *iw_chains_deployed_near(const struct iw_chains *chains, int64_t time_ns,
                                    int64_t until_ns);
/** Something was deployed so near to a moment that it may have brought a file. */
bool iw_chains_is_deployed_near(const struct iw_chains *chains, int64_t time_ns);

/* --- compiling (chain_compiled.c) ------------------------------------------------------------- */

enum iw_rc iw_chains_see_compiled(struct iw_chains *chains, const struct iw_fact *fact,
                                  const struct iw_chain_fact *what);
/** Something was compiled that is not named. *item*: its event, which is shared; NULL: the event
 * does not tell when (a load). */
void iw_chains_note_compiling(struct iw_chains *chains, const struct iw_fact *fact,
                              const struct iw_process *compiler_or_worker, uint64_t pid,
                              struct iw_chain_item *item);
/** A compiler was started by a worker. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_note_compiler(struct iw_chains *chains, const struct iw_fact *fact,
                                   const struct iw_process *compiler, uint64_t pid);
/** A copy of a library that ASP.NET makes to load it: nothing was compiled. */
bool iw_chain_is_shadow_copy(struct iw_str path);
bool iw_chain_is_of_worker(const struct iw_chain_compiling *one,
                           const struct iw_chain_shell *shell);
/** What the shell's worker compiled between a writing and it, of whatever page: while the page was
 * asked for (*request_ns*, or unknown), else the latest; NULL: nothing. */
const struct iw_chain_compiling *iw_chain_compiling_between(const struct iw_chains *chains,
                                                            struct iw_chain_moment write,
                                                            int64_t request_ns,
                                                            const struct iw_chain_shell *shell);
/** Whether the shell's worker compiled a page while one was asked for, whose request began then:
 * within ten seconds, and before the shell. */
bool iw_chain_is_compiling_at(const struct iw_chains *chains, struct iw_chain_moment request,
                              const struct iw_chain_shell *shell);
/** What the shell's worker compiled last before it, within TimeWindow; NULL: nothing that is known,
 * or something was deployed near it and no shell came within ten seconds, or it was a page that the
 * log of requests knows as an old one. */
const struct iw_chain_compiling *iw_chain_compiling_before(const struct iw_chains *chains,
                                                           const struct iw_chain_shell *shell);
/** The latest compiling of a page of the file's name between a writing and a shell, by the shell's
 * worker or one of its pool; NULL: none. *rc*: IW_OK or IW_ENOMEM. */
struct iw_chain_item *iw_chain_compiled_between(struct iw_chains *chains,
                                                const struct iw_chain_file *file,
                                                const struct iw_chain_item *write,
                                                const struct iw_chain_shell *shell, enum iw_rc *rc);
void iw_chains_forget_compilings(struct iw_chains *chains);

/* --- programs that the web server wrote (chain_brought.c) --------------------------------------
 */

/** A web server wrote a program. *what*: of any other writing nothing is kept. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_chains_note_program(struct iw_chains *chains, const struct iw_fact *fact,
                                  const struct iw_chain_fact *what);
/** The latest writing of an image by a web server, before a moment and within TimeWindow; NULL in
 * *ret*: none is known. *or_management*: or by a management service, which deploys programs too:
 * only what that starts itself is then of interest. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_find_brought(struct iw_chains *chains, struct iw_str image,
                                  struct iw_chain_moment moment, bool or_management,
                                  struct iw_chain_item **ret);
void iw_chains_forget_brought(struct iw_chains *chains);

/* --- libraries that it wrote, and loaded (chain_loaded.c) --------------------------------------
 */

/** A worker loaded a library: kept where a web server wrote that within TimeWindow. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chains_note_load(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what);
void iw_chains_forget_loads(struct iw_chains *chains);
/** Sets the latest such load by the worker of a shell within ten minutes before it, if there is
 * one. */
void iw_chain_find_loaded(struct iw_chains *chains, struct iw_chain_shell *shell);

/* --- what runs as an account of the web server (chain_identity.c) ------------------------------
 */

/** Whether a process that no web server is known to stand above is one of the web server's by its
 * account. *process*: it; NULL: not known. *is_complete*: all its ancestors are known. *ret_pool*:
 * the pool that works as it; empty: not known. Borrowed. */
enum iw_web_identity iw_chain_identity_of(const struct iw_chains *chains,
                                          const struct iw_chain_fact *what,
                                          const struct iw_process *process, bool is_complete,
                                          struct iw_str *ret_pool);
/** What a program in no table is, that runs as an account which nobody but web servers works as:
 * started by WMI, or by another broker from a folder in which no program lies or with the arguments
 * of a shell; NULL: nothing in particular. What COM starts for its caller is ordinary. */
const struct iw_program *iw_chain_program_of_account(const struct iw_chain_fact *what,
                                                     const struct iw_process *process);
/** Whether a file that fits speaks for a shell that an account of Windows ran: half of Windows
 * works as that. *write*: of the file; *request_begin_ns*: of the request between the two; or
 * unknown. */
bool iw_chain_identity_is_spoken_for(const struct iw_chain_shell *shell,
                                     const struct iw_chain_item *write, int64_t request_begin_ns);

/* --- shells (chain_shells.c) ------------------------------------------------------------------ */

enum iw_rc iw_chains_see_process(struct iw_chains *chains, const struct iw_fact *fact,
                                 const struct iw_chain_fact *what, struct iw_error *err);
/** The pool of a worker (NULL: not known), else that of an account; empty: not known. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chains_find_pool(struct iw_chains *chains, const struct iw_process *worker,
                               struct iw_str user, int64_t time_ns, struct iw_str *ret);
/** What somebody did who may descend from a shell: a connection, a change. */
enum iw_rc iw_chains_see_act(struct iw_chains *chains, const struct iw_fact *fact,
                             const struct iw_chain_fact *what, const char *role,
                             iw_chain_marks marks, struct iw_error *err);
/** Whether it is no shell of itself, but how a page runs by CGI or FastCGI. */
bool iw_chain_is_cgi_run(const struct iw_chain_shell *shell);
/** The shell that a process is, or descends from; NULL: none that is known. */
struct iw_chain_shell *iw_chains_shell_of(const struct iw_chains *chains,
                                          const struct iw_process *process);
/** The shell of that process; NULL: none. */
struct iw_chain_shell *iw_chains_shell_by_number(const struct iw_chains *chains, uint64_t number);
/** Decides all shells that no file of an earlier or undecidable time can reach any more;
 * IW_TIME_UNKNOWN: all. */
enum iw_rc iw_chains_decide(struct iw_chains *chains, int64_t now_ns, struct iw_error *err);
/** Decides the oldest that waits, whatever may still come. There must be one. */
enum iw_rc iw_chains_hurry(struct iw_chains *chains, struct iw_error *err);
/** Decides one. */
enum iw_rc iw_chains_decide_shell(struct iw_chains *chains, struct iw_chain_shell *shell,
                                  struct iw_error *err);
/** Joins a shell anew; a NULL *join*: to nothing. What the former one shared is let go. */
void iw_chain_shell_join(struct iw_chains *chains, struct iw_chain_shell *shell,
                         const struct iw_chain_join *join);
void iw_chain_shell_free(struct iw_chains *chains, struct iw_chain_shell *shell);
/** Appends an event of what a shell did. */
enum iw_rc iw_chain_shell_add(struct iw_chains *chains, struct iw_chain_shell *shell,
                              const struct iw_fact *fact, const char *role, iw_chain_marks marks,
                              struct iw_error *err);

/* --- what is shown (chain_like.c) ------------------------------------------------------------- */

/** Whether a chain that shows many shells may show one more, which is like none of them. */
bool iw_chain_has_room(const struct iw_chain *chain, bool is_worth);
/** Whether all that a shell did is shown of another of the chain, and whether it must be kept
 * rather than others. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_repeats(struct iw_chains *chains, const struct iw_chain *chain,
                            struct iw_chain_shell *shell, bool *ret, bool *ret_worth);
/** Tells what a shell that is not listed any more did as links, as far as another one shows the
 * like. IW_OK, or what taking a link returned. */
enum iw_rc iw_chain_tell_repeats(struct iw_chains *chains, const struct iw_chain *chain,
                                 const struct iw_chain_shell *shell, struct iw_error *err);
/** Makes the start of a page's run like all others of that interpreter, whatever page it is. */
void iw_chain_like_of_run(struct iw_chain_item *start);
/** Shows one that is hidden. */
void iw_chain_show(struct iw_chains *chains, struct iw_chain_shell *shell);

/* --- joining (chain_choose.c, chain_list.c) --------------------------------------------------- */

/** The file a shell goes to, or NULL; sets its join, or its near miss. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_choose(struct iw_chains *chains, struct iw_chain_shell *shell,
                            struct iw_chain_file **ret);
/** The chain of a file, made where there is none; NULL: no memory. */
struct iw_chain *iw_chain_of_file(struct iw_chains *chains, struct iw_chain_file *file);
/** The chain of a shell's worker, made where there is none; NULL: no memory. */
struct iw_chain *iw_chain_of_worker(struct iw_chains *chains, const struct iw_chain_shell *shell);
/** Puts a shell that is in no list into a chain. It may be gone afterwards, where it has no number.
 * IW_OK, or what taking a link returned. */
enum iw_rc iw_chain_put(struct iw_chains *chains, struct iw_chain *chain,
                        struct iw_chain_shell *shell, struct iw_error *err);
/** Takes a shell out of its chain; the chain goes where it was the last one. */
void iw_chain_take_out(struct iw_chains *chains, struct iw_chain_shell *shell);
/** Whether a writing came before a shell, within TimeWindow, and not by it. */
bool iw_chain_write_explains(const struct iw_chains *chains, const struct iw_chain_item *write,
                             const struct iw_chain_shell *shell);
/** Whether something happened to the file after a writing that is a link; NULL: it did not. */
bool iw_chain_is_of_writing(const struct iw_chain_file *file, const struct iw_chain_item *item);
/** What is not shown of a chain reaches that far: to that moment, and to what that shell did. */
void iw_chain_reach_hidden_time(struct iw_chain *chain, int64_t time_ns);
void iw_chain_reach_hidden(struct iw_chain *chain, const struct iw_chain_shell *shell);
/** First and last of its shells anew, after some left. */
void iw_chain_find_first(struct iw_chain *chain);
void iw_chain_touch(struct iw_chains *chains, struct iw_chain *chain, int64_t time_ns);
void iw_chain_free(struct iw_chains *chains, struct iw_chain *chain);
/** Forgets and tells until the limits hold. */
enum iw_rc iw_chains_keep_limits(struct iw_chains *chains, struct iw_error *err);
/** Whether the file is beyond the shell's server: no site of IIS reaches it. */
bool iw_chain_file_is_beyond(const struct iw_chain_file *file, const struct iw_chain_shell *shell);
/** Whether a pool is that of the file, by the configuration of the time it came. */
bool iw_chain_file_is_of_pool(const struct iw_chain_file *file, struct iw_str pool);
/** Whether nothing that is known or assumed gives the file to another pool than the shell's. */
bool iw_chain_file_may_be_of(const struct iw_chain_file *file, const struct iw_chain_shell *shell);
/** A page whose coming nobody saw, of which *item* is known, which it takes. NULL in *ret*, and the
 * item stays: the path is that of a file that was seen, or of none of a web server. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chains_add_without_event(struct iw_chains *chains, struct iw_str path,
                                       struct iw_chain_item *item, struct iw_chain_file **ret);
/** A page whose coming nobody saw, made of its compiling, which it takes. NULL in *ret*: the path
 * is that of a file that was seen, or of none of a web server; the compiling stays. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chains_add_unseen(struct iw_chains *chains, struct iw_str path,
                                struct iw_chain_compiling *compiling, struct iw_chain_file **ret);
/** The file of a path that events tell of; NULL in *ret*: none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_find_file(struct iw_chains *chains, struct iw_str path,
                               struct iw_chain_file **ret);
/** The latest page that was collected and that may explain a shell no event of a file explains, as
 * a file that waits, or as one that was written longer ago than TimeWindow; NULL in *ret*: there is
 * none. *ret_asked_ns*: its first request. *ret_younger*: else the latest that would, were
 * its time not after the shell; or NULL. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_find_collected(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                    struct iw_chain_file **ret, int64_t *ret_asked_ns,
                                    const struct iw_inventory_web_file **ret_younger);
/** Forgets a file that waits. */
void iw_chains_forget_file(struct iw_chains *chains, struct iw_chain_file *file);

/* --- written longer ago than TimeWindow (chain_late.c) ----------------------------------------
 */

/** The latest writing before a shell, where it came longer before it than TimeWindow; else NULL. */
struct iw_chain_item *iw_chain_late_write(const struct iw_chains *chains,
                                          const struct iw_chain_file *file,
                                          const struct iw_chain_shell *shell);
/** Requests were asked about a writing of a file: keeps its first request, if it is that. */
void iw_chains_note_late(struct iw_chains *chains, struct iw_chain_file *file,
                         const struct iw_chain_item *write);
/** The file, written longer before a shell than TimeWindow, that was asked for the first time ever
 * (`late_ns`) right before it; NULL in *ret*: there is none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_find_late(struct iw_chains *chains, const struct iw_chain_shell *shell,
                               struct iw_chain_file **ret);

/* --- traces (chain_trace.c, chain_shells.c) ----------------------------------------------------
 */

/** What a shell whose start is in no event left: makes it known, once. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_see_trace(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what, const char *role);
struct iw_chain_above;
/** A shell of it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_new_trace(struct iw_chains *chains, const struct iw_fact *fact,
                               const struct iw_chain_fact *what, const struct iw_chain_above *above,
                               const struct iw_program *program, const char *role);

/* --- named by commands (chain_named.c) ---------------------------------------------------------
 */

/** Keeps the page that a command says it writes, if it names one. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_note_named(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                const struct iw_fact *fact, const struct iw_chain_fact *what);
/** All shells are decided: those that no file explains go to the page their commands name, where no
 * event tells of it. IW_OK, or what taking a link returned. */
enum iw_rc iw_chains_join_named(struct iw_chains *chains, struct iw_error *err);
void iw_chains_forget_named(struct iw_chains *chains);

/* --- habits (chain_habit.c, chain_habit_file.c)
 * ------------------------------------------------------------------- */

/** Counts the command of a shell (*is_below* false), or of what it started. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_note(struct iw_chains *chains, struct iw_chain_shell *shell,
                               const struct iw_chain_fact *what, const struct iw_process *process,
                               bool is_below, int64_t time_ns);
/** What a shell did speaks against its habit, where the marks do. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_see_marks(struct iw_chains *chains, struct iw_chain_shell *shell,
                                    iw_chain_marks marks);
/** A shell did something that speaks against its habit; *why*: static. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_see_odd(struct iw_chains *chains, struct iw_chain_shell *shell,
                                  const char *why);
/** Whether a file that fits is no reason for a shell: the habit was there before it, and nothing of
 * the file speaks. *since_ns*: since when it is used: its writing, or its first request, where it
 * was joined by that. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_excuses(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                  struct iw_chain_file *file, const struct iw_chain_item *write,
                                  int64_t since_ns, bool *ret);
/** Says of a habit that a file came beside it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_say_beside(struct iw_chains *chains, struct iw_chain_shell *shell,
                                     const struct iw_chain_file *file, int64_t written_ns);
/** A shell was joined to a file: what that says of its habit. *since_ns*: as above. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chain_habit_joined(struct iw_chains *chains, struct iw_chain_shell *shell,
                                 struct iw_chain_file *file, const struct iw_chain_item *write,
                                 int64_t since_ns);
/** Asks once who called a command: what that says spoils it. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_ask_callers(struct iw_chains *chains, struct iw_habit *habit);
/** Why a command is no habit of the whole evidence, static; NULL: it is. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_is_none(struct iw_chains *chains, struct iw_habit *habit,
                                  const char **ret);
/** Whether what a shell ran, with all that it started, is a habit of the whole evidence.
 * *ret_none*: why not; may be NULL. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_is_usual(struct iw_chains *chains, const struct iw_chain_shell *shell,
                                   bool *ret, struct iw_habit_none *ret_none);
/** The same of shells of a chain that are not shown, none of which the baseline has. */
enum iw_rc iw_chain_habit_hidden_usual(struct iw_chains *chains, const struct iw_chain *chain,
                                       bool *ret);
/** The first run of a habit goes to the chain of a file that came before it: whether that says
 * anything is known when all of the host is. */
void iw_chain_habit_keep_first(struct iw_chain *chain, struct iw_habit *habit);
/** It says something, or the chain is told before that is known. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_settle_first(struct iw_chains *chains, struct iw_chain *chain);
/** Keeps the events of a chain of a file that reasons about habits name. */
void iw_chain_habit_keep_pages(struct iw_chain *chain);
void iw_chain_habits_forget_pages(struct iw_chains *chains);
/** The span that commands were logged in; NULL: not known. */
const struct iw_chain_span *iw_chain_span_of_commands(const struct iw_chains *chains);
/** iw_habit_at of one that may be changed. */
struct iw_habit *iw_chain_habit_at(struct iw_habit *habit, int64_t time_ns);
/** How files come every day: two of these three speak for each writing of the file. */
struct iw_chain_ordinary {
    bool is_ordinary;
    const char *by;     /* a deployment, replication or backup; static; NULL: not known */
    uint64_t n_days;    /* on which the same writer wrote it, as far as they are kept */
    bool is_public;     /* more than IW_CHAIN_MANY_ADDRESSES ask for it */
    bool is_by_the_way; /* public, and each writing restored it from a backup or was one of a burst:
                           nobody put it there for a shell that does nothing odd */
    uint64_t n_burst;   /* files of that burst */
};
/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_file_is_ordinary(struct iw_chains *chains, const struct iw_chain_file *file,
                                     struct iw_chain_ordinary *ret);
/** Says of a shell that it leaves such a file. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_habit_say_ordinary(struct iw_chains *chains, struct iw_chain_shell *shell,
                                       const struct iw_chain_file *file,
                                       const struct iw_chain_ordinary *ordinary);
/** A line about a shell of a habit: the file that came beside. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_keep_beside(struct iw_chains *chains, struct iw_chain_shell *shell,
                                struct iw_str text);
/** A shell of the chain is not shown any more. */
void iw_chain_habit_hide(struct iw_chain *chain, const struct iw_chain_shell *shell);
/** All of the host is known: shells that are habits leave files that came beside them. IW_OK, or
 * what taking a link returned. */
enum iw_rc iw_chains_review_habits(struct iw_chains *chains, struct iw_error *err);

/* --- learning (chain_learn.c) ------------------------------------------------------------------
 */

/** Whether commands of that moment are counted: all, where nothing is learned, else those of its
 * span. */
bool iw_chains_learn_at(const struct iw_chains *chains, int64_t time_ns);
/** A file among web files was written: by whom is learned, or asked of the baseline. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chain_learn_writer(struct iw_chains *chains, const struct iw_chain_file *file,
                                 struct iw_chain_written *written, const struct iw_chain_fact *what,
                                 const struct iw_process *process, int64_t time_ns);
/** An account that changed the configuration, or started something in a session of its own. IW_OK
 * or IW_ENOMEM. */
enum iw_rc iw_chain_learn_administrator(struct iw_chains *chains, const struct iw_chain_fact *what,
                                        int64_t time_ns);
/** Gives out what was learned of the host. IW_OK, or what taking it returned. */
enum iw_rc iw_chains_tell_learned(struct iw_chains *chains, struct iw_error *err);

/* --- renamed files (chain_renamed.c) -----------------------------------------------------------
 */

/** Half of a renaming: the old name, or the folder. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chains_note_access(struct iw_chains *chains, const struct iw_fact *fact,
                                 const struct iw_chain_fact *what);
/** The latest renaming in the folder of a file before a moment, within TimeWindow; NULL: none is
 * known. */
const struct iw_chain_rename *iw_chain_find_renamed(const struct iw_chains *chains,
                                                    const struct iw_chain_file *file,
                                                    struct iw_chain_moment moment);
/** Sets the near miss of a shell that no file explains, where something was renamed in a folder of
 * its pool shortly before. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_say_near_renamed(struct iw_chains *chains, struct iw_chain_shell *shell);
void iw_chains_forget_renames(struct iw_chains *chains);

/* --- the clock (chain_clock.c) ---------------------------------------------------------------- */

/** It was set back. */
void iw_chains_note_clock(struct iw_chains *chains, const struct iw_chain_fact *what);

/* --- telling (chain_finding.c and behind) ----------------------------------------------------- */

enum iw_rc iw_chain_tell(struct iw_chains *chains, struct iw_chain *chain, bool is_early,
                         struct iw_error *err);

#endif
