/**
 * What was cleared or switched off on a host, in words: whether or not a verdict hangs on it, an
 * auditor asks.
 */
#ifndef IW_COVERAGE_HOST_SWITCHES_H
#define IW_COVERAGE_HOST_SWITCHES_H

#include "coverage/log_gaps.h"
#include "result/finding.h"

/** Lines by time, those in the window of the host alone, IW_LIMIT_COVERAGE_REASONS at most and one
 * that counts the rest: "Security was cleared at 2026-01-05 10:55:01 (1102 by LAB\adm)". Texts and
 * list lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_host_switches(const struct iw_log_host *host, struct iw_arena *arena,
                            struct iw_text_list *ret);

#endif
