/*
 * The records of an explanation; they are filled by sigma/ and engine/.
 */
#include "result/explanation.h"

#include <assert.h>

const char *iw_answer_name(enum iw_answer answer)
{
    static const char *const NAMES[] = {"no", "unknown", "yes"};
    assert((unsigned)answer < sizeof NAMES / sizeof *NAMES);
    return NAMES[answer];
}

void iw_explain_report_init(struct iw_explain_report *report)
{
    memset(report, 0, sizeof *report);
    iw_arena_init(&report->arena, 0);
}

void iw_explain_report_done(struct iw_explain_report *report)
{
    iw_arena_done(&report->arena);
    memset(report, 0, sizeof *report);
}
