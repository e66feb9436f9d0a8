/*
 * The variants in which every scenario is played: other names, other seeds, moved times, and one
 * source taken away at a time; and the scenario as written with what a user gives beside the
 * evidence.
 */
#ifndef IW_LAB_SCORE_VARIANT_H
#define IW_LAB_SCORE_VARIANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct iw_lab_variant {
    const char *name;
    const char *group;   /* variants whose scores are kept as one in the file of expectations */
    const char *without; /* a source, or NULL */
    uint64_t seed;       /* 0: the scenario's */
    uint32_t names;
    int64_t jitter_ns;
    bool is_only_4688;
    unsigned aids; /* enum iw_lab_aid, or-ed: given to the detector beside the evidence */
};

/* Which variants are played: all of them when it is zeroed. */
struct iw_lab_plan {
    bool is_quick;    /* only the first two */
    unsigned n_seeds; /* the scenario as written, and so many seeds in all: up to
                         IW_LAB_MAX_SEEDS; 0: not so */
};

#define IW_LAB_MAX_SEEDS 20U

/* Variant number i of the plan, from 0 on: 0 is the scenario as it is written. NULL behind the
 * last. */
const struct iw_lab_variant *iw_lab_variant_at(size_t i, struct iw_lab_plan plan);

/* The groups, in the order of the variants; NULL behind the last. */
const char *iw_lab_variant_group_at(size_t i);

#endif
