/*
 * Names of questions and answers.
 */
#include "result/audit.h"

const char *iw_audit_question_name(enum iw_audit_question question)
{
    static const char *const names[IW_AUDIT_QUESTION_COUNT] = {
        "inventory",      "changes",        "persistence", "change-control",
        "administration", "write-pathways", "monitoring"};
    return names[question];
}

const char *iw_audit_question_text(enum iw_audit_question question)
{
    static const char *const texts[IW_AUDIT_QUESTION_COUNT] = {
        "Is the server inventoried, with what it loads and runs approved?",
        "Are unauthorised changes monitored?",
        "Can it be determined quickly whether a backdoor persists?",
        "Change control: does a change record explain what changed?",
        "Privileged administration: is it known who changes the server, and from where?",
        "Write pathways: is it known who may write content by what the configuration opens?",
        "Monitoring: was it continuous over the time asked about?"};
    return texts[question];
}

const char *iw_audit_answer_name(enum iw_audit_answer answer)
{
    static const char *const names[IW_AUDIT_ANSWER_COUNT] = {"yes", "partly", "no", "not-provable"};
    return names[answer];
}

const char *iw_audit_answer_text(enum iw_audit_answer answer)
{
    static const char *const texts[IW_AUDIT_ANSWER_COUNT] = {"yes", "partly", "no",
                                                             "not provable from this evidence"};
    return texts[answer];
}
