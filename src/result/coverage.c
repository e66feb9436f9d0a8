/*
 * Names of coverage, and its arena.
 */
#include "result/coverage.h"

#include <inttypes.h>
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

uint64_t iw_coverage_n_standing(const struct iw_coverage_record *record, enum iw_level least)
{
    uint64_t n = 0;
    for (enum iw_level level = least; level < IW_LEVEL_COUNT; level++)
        n += record->n_standing[level];
    return n;
}

bool iw_coverage_is_clear_but(const struct iw_coverage_record *record)
{
    return record->verdict == IW_VERDICT_CLEAR &&
           iw_coverage_n_standing(record, IW_COVERAGE_STANDING) != 0;
}

void iw_coverage_tell_standing(const struct iw_coverage_record *record, struct iw_buffer *out)
{
    uint64_t n = iw_coverage_n_standing(record, IW_COVERAGE_STANDING);
    uint64_t n_medium = iw_coverage_n_standing(record, IW_LEVEL_MEDIUM);
    if (n == 0) {
        iw_buffer_add(out, IW_STR("no finding"));
        return;
    }
    iw_buffer_printf(out, "%" PRIu64 " %s", n, n == 1 ? "finding" : "findings");
    if (n_medium == 0)
        iw_buffer_add(out, IW_STR(" below medium"));
    else if (n_medium == n)
        iw_buffer_add(out, IW_STR(" of medium or above"));
    else
        iw_buffer_printf(out, ", %" PRIu64 " of medium or above", n_medium);
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
