/**
 * What the change records' answer does to the level of a finding about the act.
 *
 * Explained drops to informational; the finding is still counted and printed. Unverified drops by
 * one step and never below low: nothing speaks against the record, and its time or its content does
 * for it; where neither can be checked any old record would fit, and the level stays. Every
 * other answer, and a question nobody asked, leaves the level as it is.
 */
#ifndef IW_RESULT_CHANGE_LEVEL_H
#define IW_RESULT_CHANGE_LEVEL_H

#include "result/finding.h"

/** The level with that answer; never higher than *level*. */
enum iw_level iw_change_level(const struct iw_change *change, enum iw_level level);

/** The word for a status: "explained", "not-checked". */
const char *iw_change_status_name(enum iw_change_status status);

#endif
