/*
 * A run: its parts begin and end together. Notes are a list in the arena whose room is the next
 * power of two, so that it needs no capacity of its own.
 */
#include "result/run.h"

#include "base/alloc.h"

#include <assert.h>
#include <stdarg.h>

#include "base/arena_text.h"
#include "base/limits.h"

const char *iw_confinement_state_name(enum iw_confinement_state state)
{
    static const char *const NAMES[] = {
        [IW_CONFINEMENT_OFF] = "off",
        [IW_CONFINEMENT_ON] = "on",
        [IW_CONFINEMENT_UNAVAILABLE] = "unavailable",
    };
    assert((unsigned)state < sizeof NAMES / sizeof NAMES[0]);
    return NAMES[state];
}

void iw_run_init(struct iw_run *run)
{
    memset(run, 0, sizeof *run);
    iw_arena_init(&run->arena, 0);
    iw_ledger_init(&run->ledger);
    iw_rule_account_init(&run->rules);
    iw_telemetry_init(&run->telemetry);
    iw_coverage_init(&run->coverage);
    iw_rule_coverage_init(&run->rule_coverage);
    iw_inventory_init(&run->inventory);
    iw_spill_init(&run->spill);
    iw_findings_init(&run->findings, &run->spill, IW_LIMIT_SORT_BYTES);
}

void iw_run_done(struct iw_run *run)
{
    iw_findings_done(&run->findings);
    iw_spill_done(&run->spill);
    iw_inventory_done(&run->inventory);
    iw_free(run->learned.items);
    run->learned = (struct iw_learned_list){0};
    iw_telemetry_done(&run->telemetry);
    iw_coverage_done(&run->coverage);
    iw_rule_coverage_done(&run->rule_coverage);
    iw_rule_account_done(&run->rules);
    iw_ledger_done(&run->ledger);
    iw_arena_done(&run->arena);
    run->hosts = NULL;
    run->n_hosts = 0;
    run->notes = (struct iw_text_list){NULL, 0};
}

enum iw_rc iw_run_note(struct iw_run *run, const char *format, ...)
{
    size_t n = run->notes.n;
    struct iw_str *items;
    struct iw_str note;
    va_list args;

    va_start(args, format);
    note = iw_arena_vformat(&run->arena, format, args);
    va_end(args);
    if (note.p == NULL)
        return IW_ENOMEM;
    memcpy(&items, &run->notes.items, sizeof items); /* the arena's own memory, so not const here */
    if ((n & (n - 1)) == 0) {
        items = iw_arena_calloc(&run->arena, n != 0 ? n * 2 : 1, sizeof *items);
        if (items == NULL)
            return IW_ENOMEM;
        if (n != 0)
            memcpy(items, run->notes.items, n * sizeof *items);
    }
    items[n] = note;
    run->notes = (struct iw_text_list){items, n + 1};
    return IW_OK;
}
