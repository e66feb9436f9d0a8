/**
 * One group of a correlation under a plan with one demand less: the best attempt, that is what came
 * nearest to the correlation itself.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_TRIAL_H
#define IW_SIGMA_SIGMA_CORRELATE_TRIAL_H

#include "sigma/sigma_correlate_state.h"
#include "sigma/sigma_correlate_variant.h"

struct iw_correlate_trial {
    enum iw_correlate_demand dropped;
    const struct iw_correlate_plan *asked; /* the correlation itself */
    struct iw_correlate_plan plan;
    bool is_off;
    struct iw_correlate_total total;
    struct iw_correlate_setting setting;
    union iw_correlate_state state;
    bool is_begun;

    /* Of the group. */
    uint64_t n_held;
    bool is_cut; /* too much was in the window at a time */
    double badness;
    double number, wanted;
    int64_t needed_ns;
    uint64_t completing;
    int64_t completing_ns;
    struct iw_correlate_chosen chosen;
    uint64_t excluded;                           /* ABSENCE: the steps that were ruled out */
    int64_t last_ns[IW_LIMIT_CORRELATION_STEPS]; /* ABSENCE: by step */
};

/** Lists of its plan lie in *arena*. IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_correlate_trial_init(struct iw_correlate_trial *trial,
                                   const struct iw_correlate_plan *plan,
                                   enum iw_correlate_demand dropped, struct iw_arena *arena);
void iw_correlate_trial_done(struct iw_correlate_trial *trial);

/** Forgets the group. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_trial_begin(struct iw_correlate_trial *trial);
/** The next event of the group; its window is not looked at. *scratch* is the caller's, emptied
 * between events. IW_OK or IW_ENOMEM. */
enum iw_rc iw_correlate_trial_take(struct iw_correlate_trial *trial,
                                   const struct iw_correlate_arrival *arrival,
                                   struct iw_arena *scratch);

/** The beginning of the window of *plan* that ends at *time_ns*. */
int64_t iw_correlate_plan_cutoff(const struct iw_correlate_plan *plan, int64_t time_ns);

#endif
