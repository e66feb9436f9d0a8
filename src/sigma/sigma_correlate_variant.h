/**
 * A correlation with one demand less: without the window, without the order, without what it rules
 * out, without the bounds, without one field of `group-by`. What then holds, and by how much it was
 * missed, says why the correlation itself did not hold.
 */
#ifndef IW_SIGMA_SIGMA_CORRELATE_VARIANT_H
#define IW_SIGMA_SIGMA_CORRELATE_VARIANT_H

#include "base/arena.h"
#include "sigma/sigma_correlate_plan.h"

enum iw_correlate_demand {
    IW_DEMAND_WINDOW = 0,
    IW_DEMAND_ORDER,
    IW_DEMAND_ABSENCE,
    IW_DEMAND_BOUNDS,
    IW_DEMAND_COUNT
};

/**
 * Makes a copy of *plan* without *demand*, lists in *arena*.
 *
 * @param ret_is_off  the demand is none of this correlation, or says nothing when it is dropped
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_correlate_drop_demand(const struct iw_correlate_plan *plan,
                                    enum iw_correlate_demand demand, struct iw_arena *arena,
                                    struct iw_correlate_plan *ret, bool *ret_is_off);
/** The same without field *field* of `group-by`. */
enum iw_rc iw_correlate_drop_field(const struct iw_correlate_plan *plan, size_t field,
                                   struct iw_arena *arena, struct iw_correlate_plan *ret);

/** By how much *number* misses the bound it misses by most, and which bound that is. */
double iw_correlate_shortfall(const struct iw_correlate_plan *plan, double number,
                              double *ret_wanted);

#endif
