/**
 * Canaries: harmless acts with a marker nobody else uses, done by an administrator, and what the
 * evidence says of them afterwards.
 *
 * An act that was seen proves its link for the moment it was done: that source, on that host, tells
 * of such acts. One that was not seen proves a blind spot, as long as its log covers that moment.
 */
#ifndef IW_RESULT_CANARY_H
#define IW_RESULT_CANARY_H

#include "result/finding.h"

enum iw_canary_kind {
    IW_CANARY_FILE = 0,       /* a page of comments alone appears in a web root */
    IW_CANARY_REQUEST,        /* a page is asked for */
    IW_CANARY_CHILD,          /* a worker starts cmd.exe, which does nothing */
    IW_CANARY_REGISTRATION,   /* a copy of Microsoft's own module is registered */
    IW_CANARY_LOAD,           /* ... a worker loads it */
    IW_CANARY_UNREGISTRATION, /* ... and it is taken out again */
    IW_CANARY_KIND_COUNT
};

/** "file", "request", "child", ...; never NULL. */
const char *iw_canary_kind_name(enum iw_canary_kind kind);
/** Where an act of this kind is looked for: "Sysmon 11 or Security 4663"; never NULL. */
const char *iw_canary_kind_sources(enum iw_canary_kind kind);
/** The link that an act of this kind proves, as verdicts name it; never NULL. */
const char *iw_canary_kind_link(enum iw_canary_kind kind);

/** One act of a plan. Texts live in the arena of the plan. */
struct iw_canary_act {
    struct iw_str id; /* "f001"; acts on one object share it: its registration, load, ... */
    enum iw_canary_kind kind;
    struct iw_str host;    /* empty: not known */
    struct iw_str subject; /* folder, URL or pool it is done in */
    /* Lines of PowerShell; empty where the act before it with the same id does this one, too. */
    struct iw_str run, undo;
};

struct iw_canary_plan {
    struct iw_arena arena;
    struct iw_str marker;       /* of lower-case letters and digits; begins every literal */
    struct iw_canary_act *acts; /* by host, then in the order to do them */
    size_t n;
};

void iw_canary_plan_init(struct iw_canary_plan *plan);
void iw_canary_plan_done(struct iw_canary_plan *plan);

/** Where an act was seen. */
struct iw_canary_sighting {
    struct iw_str source; /* "Sysmon 11"; static text */
    struct iw_str host;   /* settled */
    uint64_t n;           /* events */
    /* Of the earliest: */
    int64_t time_ns; /* of the event; IW_TIME_UNKNOWN: it has none */
    int64_t done_ns; /* when the act was done, as its own literal says; or IW_TIME_UNKNOWN */
    uint64_t record_id;
    struct iw_str path; /* of the file it was read from */
    bool proves;        /* one of the events says all that its link needs: who the parent is */
};

struct iw_canary_outcome {
    const struct iw_canary_act *act;
    const struct iw_canary_sighting *sightings; /* by source, host */
    size_t n;                                   /* 0: it was not seen */
};

/** That a source tells of a link, at a moment: what verdicts ask for. */
struct iw_canary_proof {
    struct iw_str host; /* settled */
    struct iw_str link, source;
    int64_t time_ns;       /* known */
    struct iw_str subject; /* of the act */
};

struct iw_canary_report {
    struct iw_arena arena;
    struct iw_canary_outcome *outcomes; /* in the order of the plan */
    size_t n_outcomes;
    struct iw_canary_proof *proofs; /* by host, link, time, source */
    size_t n_proofs;
    uint64_t n_foreign; /* events with the marker that fit no act of the plan, or another host */
    uint64_t n_hidden;  /* events that found no room because of the limit */
};

void iw_canary_report_init(struct iw_canary_report *report);
void iw_canary_report_done(struct iw_canary_report *report);

#endif
