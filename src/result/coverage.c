/*
 * Names of coverage, and its arena.
 */
#include "result/coverage.h"

#include <string.h>

const char *iw_verdict_name(enum iw_verdict verdict)
{
    static const char *const names[IW_VERDICT_COUNT] = {"clear", "blind", "detected"};
    return names[verdict];
}

const char *iw_link_state_name(enum iw_link_state state)
{
    static const char *const names[IW_LINK_STATE_COUNT] = {"absent", "not-proved", "gap", "stated",
                                                           "proved"};
    return names[state];
}

void iw_coverage_init(struct iw_coverage *coverage)
{
    memset(coverage, 0, sizeof *coverage);
    iw_arena_init(&coverage->arena, 0);
}

void iw_coverage_done(struct iw_coverage *coverage)
{
    iw_arena_done(&coverage->arena);
    memset(coverage, 0, sizeof *coverage);
}
