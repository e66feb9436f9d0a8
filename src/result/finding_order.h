/**
 * Order of findings that depends on nothing but what they say. Used by iw_findings_settle alone.
 */
#ifndef IW_RESULT_FINDING_ORDER_H
#define IW_RESULT_FINDING_ORDER_H

#include "result/finding.h"

/**
 * Tells equal ids apart ("-2", "-3" in order of time, host and content) and sorts by (first_time,
 * host, id). Ids must be fresh, without such numbers. Allocates nothing of ours.
 */
void iw_findings_order(struct iw_findings *findings);

#endif
