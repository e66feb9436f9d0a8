/**
 * The state of one link on one host: in which spans of the window it is proved or stated, and what
 * takes it away in the others.
 */
#ifndef IW_COVERAGE_LINK_STATE_H
#define IW_COVERAGE_LINK_STATE_H

#include "context/server_events.h"
#include "coverage/canary_proofs.h"
#include "coverage/coverage_links.h"
#include "result/coverage.h"
#include "result/inventory.h"

/** As iw_proofs_ask. */
typedef enum iw_rc iw_proofs_asked(const struct iw_proofs *proofs, struct iw_str host,
                                   enum iw_sense sense, const struct iw_sense_subject *subject,
                                   int64_t time_ns, struct iw_arena *scratch,
                                   struct iw_proof_answer *ret);

struct iw_link_found;
struct iw_link_page;
struct iw_link_gone_list;

/** A folder that the host serves. Of each it is asked by itself whether a file that comes there
 * would have been told of: audit lists are lists of folders, and Sysmon's filters of the beginnings
 * of paths, so that what is told of one shows nothing of another. */
struct iw_link_root {
    struct iw_str key;  /* folded; empty: which folder it is is not known */
    struct iw_str path; /* as the configuration has it */
    bool is_assumed;    /* no configuration names it */
    bool is_far;      /* a share of another machine, or not known: logs of this host show nothing */
    int64_t until_ns; /* the host served it until then; IW_TIME_UNKNOWN: it does now */
};

/** What is known of a host beside its logs. */
struct iw_link_host {
    struct iw_str name;
    struct iw_log_host log;
    const struct iw_inventory_server *server; /* NULL: the inventory knows none */
    const struct iw_link_root *roots;         /* its web roots: by key, behind them those far */
    size_t n_roots, n_far_roots;              /* those that are not far; those that are */
    const struct iw_link_root *asked;         /* of these the one that is judged; NULL: any */
    bool is_outermost; /* that one is known to lie in no other: what lies elsewhere is not of it */
    const struct iw_link_page *pages; /* link_pages.h */
    size_t n_pages;
    struct iw_link_gone_list *gone, *page_writes; /* link_gone.h; NULL: none */
    struct iw_text_list unread_roots;       /* roots, as written, of which no file is in evidence */
    const struct iw_server_fact *rewritten; /* the first time a web.config of such a root was
                                               written; NULL: no event tells of it */
    const struct iw_server_fact *outdated;  /* changed applicationHost.config behind the copy in
                                               evidence; NULL: no event tells of it */
    int64_t outdated_ns;                    /* from then on the copy is not known to hold */
    struct iw_text_list endings;            /* of files that run there; none: as IIS is installed */
    const struct iw_telemetry_row *rows;    /* of the host */
    size_t n_rows;
    bool has_32_bit;       /* a pool of it runs 32-bit workers */
    bool is_beside_events; /* it has events, and none is of the window */
    const struct iw_proofs *proofs;
    iw_proofs_asked *ask;                    /* asks *proofs*; NULL: no settings are in evidence */
    const struct iw_canary_report *canaries; /* NULL: nobody looked for any */
    struct iw_text_list clock_notes;         /* which times are corrected, and which are not */
    /* What was found of it so far: links of several analytics and gaps of a log that shows several
     * links are looked for once. NULL: nothing is kept. */
    struct iw_link_found *found;
};

/** What one source of events lacks. */
struct iw_link_want {
    const struct iw_link_witness *witness; /* NULL: the link is read from files */
    enum iw_lack lack;
    struct iw_proof_mend *mends; /* configurations of Sysmon to be mended; NULL: none is known */
};

/** A part of the window in which the link is neither proved nor stated. */
struct iw_link_hole {
    int64_t from_ns, to_ns;
    struct iw_str why;
    struct iw_link_want want;
};

struct iw_link_root_result;

struct iw_link_result {
    struct iw_coverage_link link;     /* all but is_required and fix */
    bool has_stated;                  /* some of the window is stated and not proved */
    const struct iw_link_hole *holes; /* may overlap; in order of begin, end, why */
    size_t n_holes;
    const struct iw_link_root_result *of_roots; /* of a link that is about web roots: of each */
    size_t n_of_roots;
    struct iw_text_list open_roots; /* those of which it has holes, as the configuration has them */
    /* What closes the holes: all of one witness, and of several witnesses those of one. In the
     * order of the witnesses. */
    const struct iw_link_want *wants;
    size_t n_wants;
};

/** A link as far as it is about one web root. */
struct iw_link_root_result {
    const struct iw_link_root *root;
    struct iw_link_result result;
};

/** In the arena of all that is found of the host. */
struct iw_link_found {
    bool is_found[IW_LINK_COUNT];
    struct iw_link_result links[IW_LINK_COUNT];
    bool *has_gaps; /* by channel of the host's log */
    struct iw_log_gaps *gaps;
    struct iw_str *folders; /* by switch of the host, of an audit list; p NULL: not read yet */
};

/** Texts and lists lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_link_state_find(const struct iw_link_host *host, enum iw_link link,
                              struct iw_arena *arena, struct iw_link_result *ret);

#endif
