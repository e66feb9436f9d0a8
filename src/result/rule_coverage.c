/*
 * Names of what can be said of rules, and their arena.
 */
#include "result/rule_coverage.h"

#include <string.h>

const char *iw_sight_name(enum iw_sight sight)
{
    static const char *const names[IW_SIGHT_COUNT] = {"blind", "not-proved", "partly", "able"};
    return names[sight];
}

void iw_rule_coverage_init(struct iw_rule_coverage *coverage)
{
    memset(coverage, 0, sizeof *coverage);
    iw_arena_init(&coverage->arena, 0);
}

void iw_rule_coverage_done(struct iw_rule_coverage *coverage)
{
    iw_arena_done(&coverage->arena);
    memset(coverage, 0, sizeof *coverage);
}
