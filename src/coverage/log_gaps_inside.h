/**
 * Inside of log_gaps: what is gathered of one log, kind by kind, before it is sorted.
 */
#ifndef IW_COVERAGE_LOG_GAPS_INSIDE_H
#define IW_COVERAGE_LOG_GAPS_INSIDE_H

#include "base/arena_text.h"
#include "base/map.h"
#include "coverage/folder_audit.h"
#include "coverage/log_gaps.h"

/** The samples of a kind, of all folders, by time; last_ns is the latest so far. */
struct iw_gap_samples {
    struct iw_time_part *parts; /* NULL: nobody asked for them yet */
    size_t n;
};

struct iw_gap_gathering {
    const struct iw_log_host *host;
    const struct iw_telemetry_channel *channel;
    struct iw_arena *arena;
    struct iw_log_gap *gaps;
    size_t n_gaps, gaps_cap;
    struct iw_log_break *breaks;
    size_t n_breaks, breaks_cap;
    struct iw_gap_samples samples[IW_SAMPLE_KIND_COUNT];
    struct iw_folder_audits audits; /* by folders that samples of files are of */
    bool has_audits;                /* likewise */
    struct iw_map switched_on; /* while switches are gone through, backwards: kind and subject →
                                  switch, the next behind */
    int64_t silence_ns;        /* beyond which it counts; INT64_MAX: it never does */
    enum iw_lack lack;         /* of the gaps that are added next */
};

/** What people call the log. */
struct iw_str iw_gap_log_name(const struct iw_gap_gathering *in);
/** Adds the part of a gap that lies in the window; why.p NULL: no memory. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gap_add(struct iw_gap_gathering *in, int64_t from_ns, int64_t to_ns,
                      enum iw_gap_scope scope, struct iw_str why);
/** The same of a break. */
enum iw_rc iw_gap_add_break(struct iw_gap_gathering *in, int64_t time_ns, struct iw_str why);
/** Whether the log speaks by itself: false of one that speaks only when somebody acts, which is
 * never silent for long, and late only where its first record has another id than 1. */
bool iw_gap_speaks_by_itself(const struct iw_gap_gathering *in);

/* --- of switches, which are gone through backwards --- */

/** A moment so much later, as far as there are times. */
static inline int64_t iw_gap_later(int64_t time_ns, int64_t by_ns)
{
    int64_t later_ns;
    return __builtin_add_overflow(time_ns, by_ns, &later_ns) ? INT64_MAX : later_ns;
}

/** "Sysmon was stopped at 2021-03-14 06:40:13 (Sysmon 4)"; p NULL: no memory. */
struct iw_str iw_gap_words(struct iw_gap_gathering *in, const char *what,
                           const struct iw_switch *from);
/** When the next switch of that kind and subject came; INT64_MAX: never. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gap_next_on(struct iw_gap_gathering *in, enum iw_switch_kind kind,
                          struct iw_str subject, int64_t *ret);
/** Off from a moment on: till *on_ns*, or there is something again in a part that begins more than
 * IW_SWITCH_CONFIRMED_NS later: what came till then may have been on its way and shows nothing.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_gap_add_off(struct iw_gap_gathering *in, const struct iw_time_part *parts, size_t n,
                          int64_t time_ns, int64_t on_ns, enum iw_gap_scope scope,
                          struct iw_str why);
/** Of a switch that the service of event logs tells of itself (log_gaps_service.c). */
enum iw_rc iw_gap_see_service(struct iw_gap_gathering *in, const struct iw_switch *own);

/** Add gaps of their kind; the channel has parts of time. IW_OK or IW_ENOMEM. */
enum iw_rc iw_gap_find_silence(struct iw_gap_gathering *in);
enum iw_rc iw_gap_find_records(struct iw_gap_gathering *in);
enum iw_rc iw_gap_find_damage(struct iw_gap_gathering *in);
enum iw_rc iw_gap_find_switches(struct iw_gap_gathering *in);

#endif
