/**
 * Items and whole rules that say the same get one number, so that they are evaluated once an event.
 *
 * Thousands of rules ask for the same few things (`Image` ends with `\powershell.exe`), and the
 * same rule may stand in several files.
 */
#ifndef IW_SIGMA_SIGMA_SHARE_H
#define IW_SIGMA_SIGMA_SHARE_H

#include "sigma/sigma_plan.h"

/** Gives every item its `share` and every plan its `body`: numbers from 0, equal where items (of
 * rules that read fields in the same way) or plans are equal. IW_OK or IW_ENOMEM. */
enum iw_rc iw_share_number(struct iw_rule_plan *const *plans, size_t n, size_t *ret_n_shares,
                           size_t *ret_n_bodies);

#endif
