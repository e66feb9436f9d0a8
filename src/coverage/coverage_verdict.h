/**
 * Verdicts: for each host and analytic, of which spans of the window it can be said that nothing
 * was there (clear), that it could not be seen (blind), or that it was (detected).
 *
 * Only required links decide. A span is blind when a required link is neither proved nor stated in
 * it. The window of a host is the union of the spans of all its sources, or what the user asks for.
 * A host without any time has no spans and is blind.
 */
#ifndef IW_COVERAGE_COVERAGE_VERDICT_H
#define IW_COVERAGE_COVERAGE_VERDICT_H

#include "coverage/coverage_host.h"

/** Fills *ret*, which was initialised. IW_OK; IW_ECANCELLED: with the hosts that were judged till
 * then, each with all of its analytics; IW_ENOMEM. */
enum iw_rc iw_coverage_judge(const struct iw_coverage_input *input, struct iw_coverage *ret);

#endif
