/**
 * The audit view: what an auditor asks of each server, answered from a run alone (contract:
 * docs/DATA-MODEL.md, `iiswarden.audit/1`).
 *
 * An answer is never better than its evidence: what the evidence does not show is "not provable
 * from this evidence", which is neither yes nor no.
 */
#ifndef IW_RESULT_AUDIT_H
#define IW_RESULT_AUDIT_H

#include "result/run.h"

/** The first three are the executive questions of strategy DET0068, the others those of control. */
enum iw_audit_question {
    IW_AUDIT_INVENTORY = 0,
    IW_AUDIT_CHANGES,
    IW_AUDIT_PERSISTENCE,
    IW_AUDIT_CHANGE_CONTROL,
    IW_AUDIT_ADMINISTRATION,
    IW_AUDIT_WRITE_PATHWAYS,
    IW_AUDIT_MONITORING,
    IW_AUDIT_QUESTION_COUNT
};
#define IW_AUDIT_EXECUTIVE_COUNT 3

enum iw_audit_answer {
    IW_AUDIT_YES = 0,
    IW_AUDIT_PARTLY,
    IW_AUDIT_NO,
    IW_AUDIT_NOT_PROVABLE,
    IW_AUDIT_ANSWER_COUNT
};

/** "inventory", "changes", ...; never NULL. */
const char *iw_audit_question_name(enum iw_audit_question question);
/** What is asked, for people; never NULL. */
const char *iw_audit_question_text(enum iw_audit_question question);
/** "yes", "partly", "no", "not-provable"; never NULL. */
const char *iw_audit_answer_name(enum iw_audit_answer answer);
/** The same for people: "not provable from this evidence"; never NULL. */
const char *iw_audit_answer_text(enum iw_audit_answer answer);

struct iw_audit_reply {
    enum iw_audit_answer answer;
    struct iw_str why;            /* one line, always */
    struct iw_text_list evidence; /* what stands behind it, a line each */
};

struct iw_audit_host {
    struct iw_str host;   /* settled; empty: nothing names it */
    struct iw_str server; /* of a host without a name: its applicationHost.config; empty: none, or
                             the host has a name */
    struct iw_audit_reply replies[IW_AUDIT_QUESTION_COUNT];
};

struct iw_audit {
    struct iw_arena arena;
    struct iw_audit_host *hosts; /* by name: those that coverage or the inventory knows */
    size_t n_hosts;
    size_t n_answers[IW_AUDIT_QUESTION_COUNT][IW_AUDIT_ANSWER_COUNT]; /* of all hosts */
};

void iw_audit_init(struct iw_audit *audit);
void iw_audit_done(struct iw_audit *audit);
/** Fills *audit* (initialised); texts may borrow from *run*. IW_OK; IW_ENOMEM; IW_EIO: findings
 * cannot be read. */
enum iw_rc iw_audit_make(const struct iw_run *run, struct iw_audit *audit, struct iw_error *err);

#endif
