/*
 * What the detector said: findings (iiswarden.finding/1) and coverage (iiswarden.coverage/1), as
 * far as the judgement needs them. All texts belong to the lists and live until their _done().
 */
#ifndef IW_LAB_SCORE_FINDINGS_H
#define IW_LAB_SCORE_FINDINGS_H

#include "lab/lab_error.h"
#include "lab/score/score_documents.h"
#include "lab/score/score_list.h"
#include "lab/score/score_truth.h"

struct iw_lab_item {
    const char *host;    /* the item's, else the finding's; may be NULL */
    const char *channel; /* NULL when it is no event */
    const char *source;  /* below evidence/; NULL when it is not known */
    uint64_t record_id;
    uint64_t line;
    bool has_record;
    bool has_line;
    struct iw_lab_words values; /* of its fields, lists taken apart */
};

struct iw_lab_finding {
    const char *id; /* "" when it has none; so are the next three */
    const char *kind;
    const char *title;
    const char *subject; /* its name */
    bool is_component;   /* by its kind or its subject's type */
    enum iw_lab_level level;
    const char *change; /* its status; "" when it has none */
    struct iw_lab_words analytics;
    const char *host; /* may be NULL */
    struct iw_lab_words why, blind, attack;
    bool is_partial;
    struct iw_lab_item *items;
    size_t n_items;
};

struct iw_lab_findings {
    struct iw_lab_documents documents;
    struct iw_lab_finding *items;
    size_t n;
};

struct iw_lab_answer {
    const char *host;
    const char *analytic;
    enum iw_lab_verdict verdict;
    struct iw_lab_words open;   /* its links that are neither proved nor stated */
    struct iw_lab_words beyond; /* what no event can show */
};

struct iw_lab_answers {
    struct iw_lab_documents documents;
    struct iw_lab_answer *items;
    size_t n;
};

/* Both read a file the detector wrote. False with path, line and reason in error when a line is not
 * of the schema. Call the _done() in both cases. */
bool iw_lab_findings_read(struct iw_lab_findings *findings, const char *path,
                          struct iw_lab_error *error);
bool iw_lab_answers_read(struct iw_lab_answers *answers, const char *path,
                         struct iw_lab_error *error);

/* The same from memory. */
bool iw_lab_findings_parse(struct iw_lab_findings *findings, const char *text, size_t size_bytes,
                           struct iw_lab_error *error);
bool iw_lab_answers_parse(struct iw_lab_answers *answers, const char *text, size_t size_bytes,
                          struct iw_lab_error *error);

/* May be called on zeroed lists. */
void iw_lab_findings_done(struct iw_lab_findings *findings);
void iw_lab_answers_done(struct iw_lab_answers *answers);

#endif
