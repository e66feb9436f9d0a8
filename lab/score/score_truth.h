/*
 * The truth of one run, as `generate` writes it to manifest.ndjson (lab/score/README.md): what was
 * done, what of it can be seen in the evidence, and what an honest tool reports.
 *
 * All texts belong to the truth and live until iw_lab_truth_done().
 */
#ifndef IW_LAB_SCORE_TRUTH_H
#define IW_LAB_SCORE_TRUTH_H

#include "lab/lab_error.h"
#include "lab/score/score_aid.h"
#include "lab/score/score_documents.h"
#include "lab/score/score_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_level {
    IW_LAB_LEVEL_INFORMATIONAL,
    IW_LAB_LEVEL_LOW,
    IW_LAB_LEVEL_MEDIUM,
    IW_LAB_LEVEL_HIGH,
    IW_LAB_LEVEL_CRITICAL
};

enum iw_lab_verdict {
    IW_LAB_VERDICT_DETECTED,
    IW_LAB_VERDICT_CLEAR,
    IW_LAB_VERDICT_BLIND,
    IW_LAB_VERDICT_NOT_ANSWERED
};

struct iw_lab_act {
    const char *id;
    bool is_attack;
    bool is_may;      /* a finding about it is no mistake, with the aids of the run */
    bool is_must_not; /* a finding about it is one, and the table says so */
    size_t n_traces;  /* 0: nobody could see it in this run */
    size_t n_own;     /* of these, those that say what it is */
};

/* Whether a finding says of itself that a part of it is missing. */
enum iw_lab_partial { IW_LAB_PARTIAL_ANY, IW_LAB_PARTIAL_YES, IW_LAB_PARTIAL_NO };

enum iw_lab_trace_kind {
    IW_LAB_TRACE_EVENT,    /* source, channel, number: the record id */
    IW_LAB_TRACE_LINE,     /* source, number: the line */
    IW_LAB_TRACE_FILE,     /* source, file: its Windows path */
    IW_LAB_TRACE_COMPONENT /* source, name, image: an entry of a configuration */
};

struct iw_lab_trace {
    enum iw_lab_trace_kind kind;
    size_t act; /* place in acts */
    const char *host;
    const char *source; /* below evidence/ */
    const char *channel;
    uint64_t number;
    const char *file;
    const char *name;  /* NULL when the manifest has none */
    const char *image; /* likewise */
    const char
        *link; /* which link of a chain it is ("compile"), when its act does not say; or NULL */
};

struct iw_lab_must {
    const char *finding;
    const char *analytic;
    const char *host; /* may be NULL */
    struct iw_lab_places acts;
    struct iw_lab_places enough; /* empty: all of acts must be visible for it to be due */
    enum iw_lab_level level;
    enum iw_lab_level at_most; /* the highest level it may have */
    const char *change;        /* status of the change, when there are change records; NULL: any */
    unsigned with, without;    /* aids with which it is due, and without which */
    bool is_asked;             /* those of this run fit */
    struct iw_lab_words shows; /* of the must, else of the run */
    struct iw_lab_words links; /* traces of these links it has, where there are any */
    struct iw_lab_words tells; /* texts it says in a field or a reason */
    struct iw_lab_words blind; /* words of what it says it was blind for */
    struct iw_lab_words attack, attack_not; /* techniques it is, and is not, tagged with */
    enum iw_lab_partial partial;
    bool is_once; /* no other finding of medium or above is about its acts */
};

/* Acts of which no one finding may tell: they do not belong together. */
struct iw_lab_apart {
    struct iw_lab_places acts;
};

/* An act about which a finding is no mistake, under these aids. */
struct iw_lab_may {
    size_t act;
    unsigned with, without;
};

struct iw_lab_wanted_verdict {
    const char *host;
    const char *analytic;
    enum iw_lab_verdict verdict;
    struct iw_lab_words blind;  /* the required links that nothing shows; empty: not said */
    struct iw_lab_words beyond; /* words of what no event can show, as it must say */
};

struct iw_lab_truth {
    struct iw_lab_documents documents;
    const char *scenario;
    const char *family;
    struct iw_lab_words shows;
    double server_days; /* hosts with a web server times days */
    struct iw_lab_act *acts;
    size_t n_acts;
    struct iw_lab_trace *traces;
    size_t n_traces;
    struct iw_lab_must *musts;
    size_t n_musts;
    struct iw_lab_may *mays;
    size_t n_mays;
    struct iw_lab_apart *aparts;
    size_t n_aparts;
    unsigned aids; /* of the run: enum iw_lab_aid, or-ed */
    struct iw_lab_wanted_verdict *verdicts;
    size_t n_verdicts;
};

/* Reads manifest.ndjson. False with path, line and reason in error when it cannot be read, is no
 * manifest, names an act it does not have, or has a line of an unknown type. Call
 * iw_lab_truth_done() in both cases. */
bool iw_lab_truth_read(struct iw_lab_truth *truth, const char *path, struct iw_lab_error *error);

/* The same from memory. */
bool iw_lab_truth_parse(struct iw_lab_truth *truth, const char *text, size_t size_bytes,
                        struct iw_lab_error *error);

/* The truth of a run with these aids; as read it is that of one without any. */
void iw_lab_truth_set_aids(struct iw_lab_truth *truth, unsigned aids);

/* May be called on a zeroed truth. */
void iw_lab_truth_done(struct iw_lab_truth *truth);

/* Place of a level or verdict by its word; false when word is NULL or no such word. */
bool iw_lab_level_read(const char *word, enum iw_lab_level *level);
bool iw_lab_verdict_read(const char *word, enum iw_lab_verdict *verdict);

/* The word of a level or verdict ("not answered" for the last). */
const char *iw_lab_level_name(enum iw_lab_level level);
const char *iw_lab_verdict_name(enum iw_lab_verdict verdict);

#endif
