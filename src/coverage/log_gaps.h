/**
 * Gaps: when one log of one host could not tell, and why.
 *
 * A log is silent when it is so for more than an hour and more than ten times its usual pause, but
 * not as it often is at that hour; or for more than an hour as it never is at that hour
 * (log_rhythm.h); and another source of the host is not: where all are silent for longer than that
 * (the machine was off), the rest of it must be longer than that as well; but all at once is a gap,
 * too, where the log of System or of Security goes on behind it and tells of no start of Windows
 * and of no clock that was set over it, or where Windows ended late in it. Jumps of record ids,
 * clears, stops and damage always count, however short: a gap lasts a millisecond at least. What is
 * stopped is so until it is started, or there is an event again; what Sysmon lost (255) is lost
 * until there is proof again. Pauses are the ones between parts of presence (presence.h), so that a
 * burst of events is one; the usual one is the mean of all but the longest, asked for where there
 * are three at least: one long silence, or the years a template lay in store, does not excuse
 * itself.
 */
#ifndef IW_COVERAGE_LOG_GAPS_H
#define IW_COVERAGE_LOG_GAPS_H

#include "coverage/lack.h"
#include "coverage/span_set.h"
#include "coverage/switches.h"
#include "result/ledger.h"
#include "result/telemetry.h"

/** What a log has beyond its usual pause before it counts as silent. */
#define IW_SILENCE_NS (INT64_C(3600) * IW_NS_PER_SECOND)
#define IW_SILENCE_PAUSES 10

/** Which events of the log a gap takes away. */
enum iw_gap_scope {
    IW_GAP_OF_ALL = 0,
    IW_GAP_OF_PROCESSES, /* of the audit of processes */
    IW_GAP_OF_FILES,     /* of the audit of files */
    IW_GAP_OF_LOGONS
};

struct iw_log_gap {
    int64_t from_ns, to_ns;
    enum iw_gap_scope scope;
    enum iw_lack lack; /* what would have kept it from being one */
    /* The log tells again of something from to_ns on; of what is asked about only where an event
     * shows it, or settings say that it is logged. */
    bool lasts_till_proof;
    bool lasts_till_sample; /* likewise, and settings show nothing of it */
    /* Of an audit list: the key of its folder. Whoever asks about other folders than samples are of
     * asks iw_folder_audits_again. Empty: of all. */
    struct iw_str folder;
    int64_t off_ns, on_ns; /* of one with a folder: taken away; given back, INT64_MAX: never */
    bool is_narrowed;      /* likewise: samples are of what was left, and end nothing */
    struct iw_str why;     /* "record ids 740 to 1480 are missing" */
};

/** From here on a sample of before shows nothing any more. */
struct iw_log_break {
    int64_t time_ns;
    struct iw_str why;
};

struct iw_log_gaps {
    const struct iw_log_gap *items; /* by begin, end, scope, why */
    size_t n;
    const struct iw_log_break *breaks; /* by time */
    size_t n_breaks;
};

/** A host as its logs tell of it. */
struct iw_log_host {
    const struct iw_telemetry_channel *channels; /* all of this host */
    size_t n_channels;
    const struct iw_switch *switches; /* all of this host, by time */
    size_t n_switches;
    bool switches_cut;              /* there were more than are kept */
    const struct iw_ledger *ledger; /* NULL: nothing was damaged */
    int64_t from_ns, to_ns;         /* the window, to is not part of it */
};

/** The first switch of a host at the moment or behind it; n_switches: there is none. A log has many
 * runs and silences, and a host many switches. */
size_t iw_log_first_switch(const struct iw_log_host *host, int64_t time_ns);
/** The first part that ends at *from_ns* or later; n: none does. A log may have thousands of runs,
 * each of which asks about its own. */
size_t iw_first_part_from(const struct iw_time_part *parts, size_t n, int64_t from_ns);
/** The usual pause of a log, its longest left out; 0: too few are known. */
int64_t iw_log_usual_pause(const struct iw_telemetry_channel *channel);
/** The longest pause between parts; 0: there is none. */
int64_t iw_longest_pause(const struct iw_time_part *parts, size_t n);
/** The gaps of one of the channels, within the window, and its breaks. Texts and lists lie in
 * *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_log_gaps_find(const struct iw_log_host *host,
                            const struct iw_telemetry_channel *channel, struct iw_arena *arena,
                            struct iw_log_gaps *ret);

/** `2021-03-14 06:40:13`; p NULL: no memory. */
struct iw_str iw_log_time(int64_t time_ns, struct iw_arena *arena);

#endif
