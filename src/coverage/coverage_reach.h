/**
 * Whether a link of one host could have been seen in a span, asked host by host before there are
 * verdicts: whoever tells findings says the same as the verdict will.
 */
#ifndef IW_COVERAGE_COVERAGE_REACH_H
#define IW_COVERAGE_COVERAGE_REACH_H

#include "coverage/coverage_host.h"

struct iw_coverage_reach;

/** What a span is to a link. */
struct iw_link_reach {
    bool is_seen; /* all of the span, so far as the host has evidence, is proved or stated */
    int64_t from_ns, to_ns; /* else: the last part of the span that is not */
    struct iw_str why;      /* and what takes it away; lives until the next host */
    int64_t begins_ns;      /* the evidence of the host begins so late in the span; or
                               IW_TIME_UNKNOWN: before it */
};

/** Asks of *input*, which lives longer and whose window is open; what was found is not looked at.
 * NULL: no memory. */
struct iw_coverage_reach *iw_coverage_reach_new(const struct iw_coverage_input *input);
/** NULL is fine. */
void iw_coverage_reach_free(struct iw_coverage_reach *reach);
/** The next host, spelt as in the telemetry; what was said of the last one is gone. */
void iw_coverage_reach_begin(struct iw_coverage_reach *reach, struct iw_str host);
/**
 * Asks about [*from_ns*, *until_ns*], both part of it. A link is found once a host.
 *
 * @param file  of a link about files: the one it is about, of whose web root alone is told; empty,
 *              or in none: of all
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_coverage_reach_ask(struct iw_coverage_reach *reach, enum iw_link link,
                                 struct iw_str file, int64_t from_ns, int64_t until_ns,
                                 struct iw_link_reach *ret);
/**
 * Whether one log of the witnesses of a link was being written at a moment: what another witness
 * would show does not count.
 *
 * @param ret_why  where it is not known to have been: why; lives until the next host
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_coverage_reach_ask_log(struct iw_coverage_reach *reach, enum iw_link link,
                                     struct iw_str channel, int64_t time_ns, bool *ret_is_written,
                                     struct iw_str *ret_why);

#endif
