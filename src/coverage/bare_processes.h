/**
 * When processes started and the log says too little of them: no command line, or no parent. A
 * sample of before shows nothing of such a span: the field was switched off.
 */
#ifndef IW_COVERAGE_BARE_PROCESSES_H
#define IW_COVERAGE_BARE_PROCESSES_H

#include "coverage/log_gaps.h"

/** So many starts without them, and none with, over more than so long. The first processes of
 * Windows have no command line: these are few, and within seconds. */
#define IW_BARE_FEWEST 3U
#define IW_BARE_NS (INT64_C(300) * IW_NS_PER_SECOND)

struct iw_bare_span {
    int64_t from_ns,
        to_ns;         /* from the first such start to the next sample, or to the window's end */
    uint64_t n_events; /* that surely lie in it */
};

/** Those of a channel within the window, in order; the list lies in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_bare_processes_find(const struct iw_log_host *host,
                                  const struct iw_telemetry_channel *channel,
                                  struct iw_arena *arena, struct iw_bare_span **ret, size_t *ret_n);

/** "from ... on Sysmon 1 comes without command line or parent (7 events)"; p NULL: no memory. */
struct iw_str iw_bare_span_words(const struct iw_bare_span *span, const char *source,
                                 struct iw_arena *arena);

#endif
