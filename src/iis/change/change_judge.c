/*
 * The best outcome of all records for an act. Only records that may be of its host are asked: those
 * listed for its labels, and those whose hosts have signs.
 */
#include "iis/change/change_verdict.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/change/change_list.h"

/* What is found while the records of one act are asked. */
struct judging {
    const struct iw_changes *changes;
    const struct iw_act *act;
    struct change_case ask;
    uint32_t *candidates; /* of the host, in order, each once */
    size_t n_candidates, cap;
    struct change_verdict *verdicts; /* about the act */
    size_t n_verdicts, cap_verdicts;
    size_t n_of_host;
};

static bool add_candidate(struct judging *judging, uint32_t record)
{
    if (!iw_array_reserve(&judging->candidates, &judging->cap, judging->n_candidates + 1,
                          sizeof *judging->candidates))
        return false;
    judging->candidates[judging->n_candidates++] = record;
    return true;
}

static bool add_label(struct judging *judging, struct iw_str label)
{
    const struct iw_changes *changes = judging->changes;
    const struct iw_map_entry *entry = iw_map_find(&changes->by_label, label);
    uint64_t at = entry != NULL ? entry->value.number : 0;

    for (; at != 0; at = changes->links[at - 1].next)
        if (!add_candidate(judging, changes->links[at - 1].record))
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Those of one list are; sorting them again would take longer than asking them. */
static bool is_ascending(const struct judging *judging)
{
    for (size_t i = 1; i < judging->n_candidates; i++)
        if (judging->candidates[i - 1] > judging->candidates[i])
            return false;
    return true;
}

static bool find_candidates(struct judging *judging)
{
    const struct iw_changes *changes = judging->changes;
    const struct iw_host_names *host = &judging->ask.host;
    size_t n = 0;

    for (size_t i = 0; host->n == 0 && i < changes->n; i++)
        if (!add_candidate(judging, (uint32_t)i))
            return false;
    for (size_t i = 0; i < host->n; i++)
        if (!add_label(judging, host->labels[i]))
            return false;
    for (size_t i = 0; host->n != 0 && i < changes->n_wide; i++)
        if (!add_candidate(judging, changes->wide[i]))
            return false;
    if (judging->n_candidates == 0)
        return true;
    if (!is_ascending(judging))
        qsort(judging->candidates, judging->n_candidates, sizeof *judging->candidates, by_number);
    for (size_t i = 0; i < judging->n_candidates; i++)
        if (i == 0 || judging->candidates[i] != judging->candidates[n - 1])
            judging->candidates[n++] = judging->candidates[i];
    judging->n_candidates = n;
    return true;
}

static bool ask_candidates(struct judging *judging)
{
    for (size_t i = 0; i < judging->n_candidates; i++) {
        struct change_verdict verdict;
        change_verdict_find(&judging->changes->records[judging->candidates[i]], &judging->ask,
                            &verdict);
        judging->n_of_host += verdict.is_of_host;
        if (verdict.status == IW_CHANGE_NOT_CHECKED)
            continue;
        if (!iw_array_reserve(&judging->verdicts, &judging->cap_verdicts, judging->n_verdicts + 1,
                              sizeof *judging->verdicts))
            return false;
        judging->verdicts[judging->n_verdicts++] = verdict;
    }
    return true;
}

/* --- the answer ------------------------------------------------------------------------------ */

static int by_worth(const void *a, const void *b)
{
    if (change_verdict_is_better(a, b))
        return -1;
    return change_verdict_is_better(b, a) ? 1 : 0;
}

static void add_others(const struct judging *judging, struct iw_buffer *out)
{
    const size_t n_named = judging->n_verdicts - 1 < IW_LIMIT_CHANGE_OTHERS
                               ? judging->n_verdicts - 1
                               : IW_LIMIT_CHANGE_OTHERS;

    for (size_t i = 1; i <= n_named; i++) {
        iw_buffer_add(out, i == 1 ? IW_STR("; also ") : IW_STR(", "));
        iw_buffer_add(out, judging->verdicts[i].record->id);
        iw_buffer_printf(out, " (%s)", change_status_word(judging->verdicts[i].status));
    }
    if (judging->n_verdicts - 1 > n_named)
        iw_buffer_printf(out, " and %zu more", judging->n_verdicts - 1 - n_named);
}

static void explain_nothing(const struct judging *judging, struct iw_buffer *out)
{
    if (judging->ask.component_name.n == 0 && judging->ask.path.n == 0)
        iw_buffer_add(out,
                      IW_STR("it names no component and no file that a record could speak of"));
    else if (judging->ask.host.n == 0)
        iw_buffer_add(out, IW_STR("no change record for this subject; its host is not known"));
    else if (judging->n_of_host == 0)
        iw_buffer_add(out, IW_STR("no change record for this host"));
    else
        iw_buffer_printf(out, "no change record for this subject (%zu for this host)",
                         judging->n_of_host);
}

static enum iw_rc answer(struct judging *judging, struct iw_arena *arena, struct iw_change *ret)
{
    struct iw_buffer why;
    const struct change_verdict *best = NULL;

    iw_buffer_init(&why);
    if (judging->n_verdicts == 0) {
        ret->status = IW_CHANGE_UNEXPLAINED;
        explain_nothing(judging, &why);
    } else {
        qsort(judging->verdicts, judging->n_verdicts, sizeof *judging->verdicts, by_worth);
        best = &judging->verdicts[0];
        ret->status = best->status;
        ret->keeps_level = best->status == IW_CHANGE_UNVERIFIED && !change_verdict_is_dated(best);
        ret->record = iw_arena_copy(arena, best->record->id);
        change_verdict_explain(best, judging->act, &why);
        add_others(judging, &why);
    }
    ret->why = why.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&why));
    iw_buffer_done(&why);
    return ret->why.p != NULL && (best == NULL || ret->record.p != NULL) ? IW_OK : IW_ENOMEM;
}

enum iw_rc iw_changes_judge(const struct iw_changes *changes, const struct iw_act *act,
                            struct iw_arena *arena, struct iw_change *ret)
{
    struct judging judging = {.changes = changes, .act = act};
    struct iw_arena scratch;
    enum iw_rc rc = IW_ENOMEM;

    memset(ret, 0, sizeof *ret);
    if (changes == NULL || changes->n == 0)
        return IW_OK;
    iw_arena_init(&scratch, 0);
    if (change_case_init(act, &scratch, &judging.ask) && find_candidates(&judging) &&
        ask_candidates(&judging))
        rc = answer(&judging, arena, ret);
    iw_free(judging.candidates);
    iw_free(judging.verdicts);
    iw_arena_done(&scratch);
    return rc;
}
