/**
 * Inside of chains: a chain while it becomes a finding. Everything made for it lies in the arena of
 * the finding.
 */
#ifndef IW_DETECT_CHAIN_TELLING_H
#define IW_DETECT_CHAIN_TELLING_H

#include "detect/chain/chain_state.h"

/** The file was asked for. */
#define IW_MARKS_REQUEST                                                                           \
    (IW_MARK(REQUEST) | IW_MARK(REQUEST_UNDECIDED) | IW_MARK(REQUEST_SERVED) |                     \
     IW_MARK(REQUEST_AFTER))

/** Lines that grow in the arena. */
struct iw_chain_lines {
    struct iw_arena *arena;
    struct iw_str *items;
    size_t n, cap;
    bool no_memory;
};

/** A writing of another file that fits, and the shell it was found with. */
struct iw_chain_other {
    const struct iw_chain_item *write;
    const struct iw_chain_shell *shell;
};

struct iw_telling {
    struct iw_chains *chains;
    struct iw_chain *chain;
    struct iw_arena *arena;
    bool is_early;
    const struct iw_chain_shell *best;      /* the one that scores highest; never NULL */
    const struct iw_chain_shell *wrote;     /* the first that wrote the file; NULL: none did */
    struct iw_chain_fact best_start;        /* its start, as its event says it */
    struct iw_chain_fact write;             /* the writing the best one was joined by; of a file */
    const struct iw_chain_item *write_item; /* NULL: no file */
    struct iw_chain_request request;        /* for the file, from that writing on */
    bool is_compiled_by_any; /* ASP.NET compiled it between the two, for whoever of the public
                                asked first */
    struct iw_chain_running *running; /* for shown shells behind its writing; in the arena */
    size_t n_running;
    size_t best_running; /* of the best one, counted from 1; 0: it is none of these */
    const struct iw_inventory_web_file *web_file; /* as collected; NULL: nothing to say of it */
    iw_chain_marks marks;
    struct iw_habit_none none; /* why what recurs is no habit; *why* NULL: nothing is to be said */
    struct iw_change change;
    bool is_file_asked; /* change records were asked about the file */
    struct iw_chain_other others[IW_LIMIT_CHAIN_OTHERS]; /* that no finding has as a link */
    size_t n_others;
    uint64_t n_more_others; /* of one shell, past the limit */
    bool has_more_others;   /* of further shells */
    int64_t first_ns, last_ns;
    struct iw_chain_lines why, blind, triage;
    struct iw_finding *finding;
};

void iw_chain_say(struct iw_chain_lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** `2026-01-05T10:00:00.000Z` in the arena. */
const char *iw_chain_time_text(struct iw_telling *telling, int64_t time_ns);
/** Of a request: its log knows whole seconds. */
const char *iw_chain_request_time_text(struct iw_telling *telling, int64_t time_ns);
/** "w3wp.exe (pool ShopPool)". */
struct iw_str iw_chain_server_text(struct iw_telling *telling);

/** Finds the requests that ran as shells of the chain were started. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_find_running(struct iw_telling *telling);
/** Who asked for the page, for the table: addresses, for whom a proxy asked, agents. */
struct iw_str iw_chain_askers(struct iw_telling *telling);

/** A line for every mark, the floor and the sum, then what else is to be known. */
void iw_chain_explain(struct iw_telling *telling);
/** `-20 usual-here`: what was usual, and where that was learned; *head* begins the line. */
void iw_chain_say_usual_here(struct iw_telling *telling, const char *head);
/** The first file that came beside a habit of the chain, a line; or empty. */
struct iw_str iw_chain_beside(const struct iw_chain *chain);
/** Sets *none*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_find_none(struct iw_telling *telling);
/** The page that *none* is about; NULL: it is about none. */
const struct iw_habit_page *iw_chain_page_of_none(const struct iw_telling *telling);
/** That line; and what recurs and is no habit all the same. */
void iw_chain_say_habit(struct iw_telling *telling);
/** What a span of the host is to a source, of files to the web root of the chain's page; where
 * nobody can be asked, the source is there or not, all the time. Telemetry is known. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_chain_reach_of(const struct iw_telling *telling, enum iw_chain_source source,
                             int64_t from_ns, int64_t until_ns, struct iw_chain_reach *ret);
/** Which links could not be seen. */
void iw_chain_tell_blind(struct iw_telling *telling);
/** That the clock was set back near it, and what that may hide. */
void iw_chain_tell_clock(struct iw_telling *telling);
/** What to preserve, what to ask, how to go back. */
void iw_chain_advise(struct iw_telling *telling);
/** The fields of a fact as a JSON object in the arena; p NULL: no memory. */
struct iw_str iw_chain_fact_json(struct iw_str payload, struct iw_arena *arena);
/** Tells each event in the evidence as a link, as medium, and of the chain's level where that is
 * higher. IW_OK, or what taking a link returned. */
enum iw_rc iw_chain_tell_level(struct iw_telling *telling, struct iw_error *err);
/** Gathers the other files that fit. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_tell_others(struct iw_telling *telling);
/** Links in event time. IW_OK or IW_ENOMEM. */
enum iw_rc iw_chain_evidence(struct iw_telling *telling);
/** Whether a writing of the file is a link: a shown shell was joined by it, or came behind it
 * within TimeWindow. */
bool iw_chain_is_link(const struct iw_telling *telling, const struct iw_chain_item *write);

#endif
