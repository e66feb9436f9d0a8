/**
 * What could have been seen, as plain records (contract: docs/DATA-MODEL.md,
 * `iiswarden.coverage/1`): for each host and analytic the state of every link, and of which spans
 * of the window that is true.
 *
 * Filled by coverage/ and engine/, shown by `coverage` and, in short, by `hunt`.
 */
#ifndef IW_RESULT_COVERAGE_H
#define IW_RESULT_COVERAGE_H

#include "base/buffer.h"
#include "result/finding.h"

/** What is asked of every host: analytics of strategy DET0068. The only list of them, by name. */
enum iw_analytic { IW_ANALYTIC_COMPONENTS = 0, IW_ANALYTIC_WEB_SHELLS, IW_ANALYTIC_COUNT };

/** "AN0184", "AN1108"; static, never empty. */
struct iw_str iw_analytic_name(enum iw_analytic analytic);
/** What it looks for, for people: "IIS components", "web shells"; static, never empty. */
struct iw_str iw_analytic_text(enum iw_analytic analytic);
/** The analytic of that name; IW_ANALYTIC_COUNT: none has it. */
enum iw_analytic iw_analytic_find(struct iw_str name);

/** What is said of a host, or of a span of its window. In the order of what decides: the later
 * one prevails in a record. */
enum iw_verdict { IW_VERDICT_CLEAR = 0, IW_VERDICT_BLIND, IW_VERDICT_DETECTED, IW_VERDICT_COUNT };

/** Whether a link of an analytic could have been seen. */
enum iw_link_state {
    IW_LINK_ABSENT = 0, /* its sources are not in evidence, or are switched off */
    IW_LINK_NOT_PROVED, /* a source is there; nothing shows that it would have told */
    IW_LINK_GAP,        /* proved or stated, but not for the whole window */
    IW_LINK_STATED, /* the operator's word alone (--telemetry), or a configuration of Sysmon that
                       nothing shows to have been loaded */
    IW_LINK_PROVED, /* a sample, a configuration or a canary shows it */
    IW_LINK_STATE_COUNT
};

/** "clear", "blind", "detected"; never NULL. */
const char *iw_verdict_name(enum iw_verdict verdict);
/** "absent", "not-proved", "gap", "stated", "proved"; never NULL. */
const char *iw_link_state_name(enum iw_link_state state);

/** The line of a fix behind which another way to the same stands; so does any that begins with
 * `# or`. */
#define IW_COVERAGE_OR "# or, in its place or beside it:"

/** One link of an analytic on one host. */
struct iw_coverage_link {
    struct iw_str name; /* "file_created", "process_created", "registration", ... */
    enum iw_link_state state;
    bool is_required;     /* decides verdicts */
    struct iw_str source; /* what proves it or comes nearest: "Sysmon 11"; empty: nothing */
    struct iw_str why;    /* one line, always */
    struct iw_str fix;    /* what to paste, one line or several; empty: nothing to mend */
};

/** A part of the window with one verdict; spans of a record follow one another without a hole. */
struct iw_coverage_span {
    int64_t from_ns, to_ns; /* to is not part of it, but for the last */
    enum iw_verdict verdict;
    struct iw_text_list why; /* of a blind span: which link, and what took it away */
};

/** What a record says of a finding, beside its id. */
struct iw_coverage_finding {
    enum iw_level level;
    int64_t time_ns; /* or IW_TIME_UNKNOWN */
    struct iw_str title;
    struct iw_str blind; /* the first thing that it says it could not see; empty: none */
};
#define IW_COVERAGE_NAMED 3U

/** One host and analytic. */
struct iw_coverage_record {
    struct iw_str host;   /* settled; empty: nothing names it */
    struct iw_str server; /* of a host without a name: its applicationHost.config, as the inventory
                             names it; empty: none, or the host has a name */
    struct iw_str analytic; /* iw_analytic_name */
    enum iw_verdict verdict;
    bool is_partial; /* detected: by findings that are partial themselves alone; else something of
                        the analytic was seen, and a required link was blind */
    /* AN0184: web roots of the server of which no file is in evidence. What a web.config adds there
     * is not known, whatever the verdict, which stands on applicationHost.config. */
    uint64_t n_unread_roots;
    struct iw_text_list findings; /* ids, of what is told of this host and analytic */
    /* All findings that stand, beyond those listed, too; of levels below IW_COVERAGE_STANDING none.
     */
    uint64_t n_standing[IW_LEVEL_COUNT];
    struct iw_coverage_finding named[IW_COVERAGE_NAMED]; /* of them the gravest, then the first */
    size_t n_named;
    const struct iw_coverage_link *links; /* required ones first, each in the order of the chain */
    size_t n_links;
    const struct iw_coverage_span *spans; /* by time; none: the window is not known */
    size_t n_spans;
    struct iw_text_list beyond;   /* what no log can show; flips no verdict */
    struct iw_text_list notes;    /* of the host: what to know in reading its spans */
    struct iw_text_list switched; /* what was cleared or switched off on the host, by time; the same
                                     for every analytic, and flips no verdict by itself */
};

struct iw_coverage {
    struct iw_arena arena;
    const struct iw_coverage_record *records; /* by host, analytic */
    size_t n_records;
    struct iw_text_list notes; /* what holds of no single host: limits, hosts of the estate */
};

/** What stands: findings of that level or above that no change record explains. Everything that
 * counts or lists them, for people or programs, begins with it. */
#define IW_COVERAGE_STANDING IW_LEVEL_LOW
/** How many findings of *least* or above stand. */
uint64_t iw_coverage_n_standing(const struct iw_coverage_record *record, enum iw_level least);
/** Whether it is clear, and findings stand all the same: no verdict says of such a host that
 * nothing was found, and whoever prints it says so (iw_coverage_tell_standing). */
bool iw_coverage_is_clear_but(const struct iw_coverage_record *record);
/** "3 findings, 2 of medium or above"; "no finding": of those that stand. */
void iw_coverage_tell_standing(const struct iw_coverage_record *record, struct iw_buffer *out);

void iw_coverage_init(struct iw_coverage *coverage);
void iw_coverage_done(struct iw_coverage *coverage);

#endif
