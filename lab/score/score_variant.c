/*
 * The table of variants (see score_variant.h).
 *
 * What it does: lists them. The sources are those of `without` in lab/scenarios/README.md.
 * What it ignores: whether a variant changes anything of a scenario; that is found out by playing
 * it.
 */
#include "lab/score/score_variant.h"

#include "lab/score/score_aid.h"

#include <string.h>

#define N_QUICK 2U
#define HALF_SECOND_NS INT64_C(500000000)
#define WITHOUT(source)                                                                            \
    {                                                                                              \
        "without " source, "without", source, 0, 1, 0, false, 0                                    \
    }
#define WITH(name, group, aids)                                                                    \
    {                                                                                              \
        name, group, NULL, 0, 1, 0, false, aids                                                    \
    }

static const struct iw_lab_variant variants[] = {
    {"base", "base", NULL, 0, 1, 0, false, 0},
    {"names 2", "names-2", NULL, 0, 2, 0, false, 0},
    {"names 3", "names-3", NULL, 0, 3, 0, false, 0},
    {"seed 2", "seeds", NULL, 2, 1, 0, false, 0},
    {"seed 3", "seeds", NULL, 3, 1, 0, false, 0},
    {"jitter", "jitter", NULL, 0, 1, HALF_SECOND_NS, false, 0},
    {"jitter seed 2", "jitter", NULL, 2, 1, HALF_SECOND_NS, false, 0},
    {"only 4688", "only-4688", NULL, 0, 1, 0, true, 0},
    WITHOUT("sysmon"),
    WITHOUT("sysmon:1"),
    WITHOUT("sysmon:7"),
    WITHOUT("sysmon:11"),
    WITHOUT("security"),
    WITHOUT("security:4688"),
    WITHOUT("security:4663"),
    WITHOUT("iis_configuration"),
    WITHOUT("powershell"),
    WITHOUT("system"),
    WITHOUT("application"),
    WITHOUT("w3c"),
    WITHOUT("configuration"),
    WITHOUT("history"),
    WITHOUT("web_files"),
    WITHOUT("modules"),
    WITH("with baseline", "baseline", IW_LAB_AID_BASELINE),
    WITH("with changes", "changes", IW_LAB_AID_CHANGES),
    WITH("with baseline, changes", "baseline-changes", IW_LAB_AID_BASELINE | IW_LAB_AID_CHANGES),
    WITH("with trust", "trust", IW_LAB_AID_TRUST),
    WITH("with changes, trust", "changes-trust", IW_LAB_AID_CHANGES | IW_LAB_AID_TRUST),
    WITH("with estate", "estate", IW_LAB_AID_ESTATE),
    WITH("with behaviour", "behaviour", IW_LAB_AID_BEHAVIOUR),
};

#define SEED(number)                                                                               \
    {                                                                                              \
        "seed " #number, "seeds", NULL, number, 1, 0, false, 0                                     \
    }

/* Many chances of a scenario, for counting what happens seldom. */
static const struct iw_lab_variant seeds[IW_LAB_MAX_SEEDS] = {
    {"base", "base", NULL, 0, 1, 0, false, 0},
    SEED(2),
    SEED(3),
    SEED(4),
    SEED(5),
    SEED(6),
    SEED(7),
    SEED(8),
    SEED(9),
    SEED(10),
    SEED(11),
    SEED(12),
    SEED(13),
    SEED(14),
    SEED(15),
    SEED(16),
    SEED(17),
    SEED(18),
    SEED(19),
    SEED(20),
};

const struct iw_lab_variant *iw_lab_variant_at(size_t i, struct iw_lab_plan plan)
{
    if (plan.n_seeds > 0) {
        return i < plan.n_seeds && i < IW_LAB_MAX_SEEDS ? &seeds[i] : NULL;
    }
    size_t n = plan.is_quick ? N_QUICK : sizeof variants / sizeof variants[0];
    return i < n ? &variants[i] : NULL;
}

const char *iw_lab_variant_group_at(size_t i)
{
    size_t n_groups = 0;
    for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++) {
        if (v > 0 && strcmp(variants[v].group, variants[v - 1].group) == 0) {
            continue;
        }
        if (n_groups++ == i) {
            return variants[v].group;
        }
    }
    return NULL;
}
