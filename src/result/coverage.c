/*
 * Names of coverage, and its arena.
 */
#include "result/coverage.h"

#include <string.h>

static const struct {
    struct iw_str name, text;
} ANALYTICS[IW_ANALYTIC_COUNT] = {
    [IW_ANALYTIC_COMPONENTS] = {{"AN0184", 6}, {"IIS components", 14}},
    [IW_ANALYTIC_WEB_SHELLS] = {{"AN1108", 6}, {"web shells", 10}},
};

struct iw_str iw_analytic_name(enum iw_analytic analytic)
{
    return ANALYTICS[analytic].name;
}

struct iw_str iw_analytic_text(enum iw_analytic analytic)
{
    return ANALYTICS[analytic].text;
}

enum iw_analytic iw_analytic_find(struct iw_str name)
{
    enum iw_analytic found = 0;
    while (found < IW_ANALYTIC_COUNT && !iw_str_equal(ANALYTICS[found].name, name))
        found++;
    return found;
}

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
