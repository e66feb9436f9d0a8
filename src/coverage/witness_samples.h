/**
 * The samples of one witness of a link: which of its log's are its own, and when they were there.
 * Inside of this room only.
 */
#ifndef IW_COVERAGE_WITNESS_SAMPLES_H
#define IW_COVERAGE_WITNESS_SAMPLES_H

#include "coverage/link_state.h"

/** A witness whose log is in evidence. */
struct iw_witness_log {
    const struct iw_link_host *host;
    const struct iw_link_witness *row;
    const struct iw_telemetry_channel *channel;
    const struct iw_telemetry_sample **own; /* samples of the log that the witness tells of */
    size_t n_own;
};

/** Finds which samples are those of a witness, of the root that *host* asks about, in *arena*:
 * once, for a log has many runs, each of which asks about them. Keeps the other three. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_witness_log_find(const struct iw_link_host *host, const struct iw_link_witness *row,
                               const struct iw_telemetry_channel *channel, struct iw_arena *arena,
                               struct iw_witness_log *ret);

/**
 * Whether a file in a folder (folded) shows what is logged of the folders that are asked about: of
 * web roots of the one that it lies in, and of those below that. A root that another one lies in is
 * shown by no file of that other one, whose list may be its own.
 */
bool iw_witness_asks_of(const struct iw_link_host *host, enum iw_link_folders folders,
                        struct iw_str folder);

/** Whether the moment lies in the span. */
static inline bool iw_span_holds(const struct iw_span *span, int64_t time_ns)
{
    return time_ns >= span->from_ns && time_ns < span->to_ns;
}

/** Whether one surely lies in *run*: of a part of time only first and last are known. *ret_folder*
 * is set to the folder of a file, where it is empty. */
bool iw_witness_has_sample(const struct iw_witness_log *of, const struct iw_span *run,
                           struct iw_str *ret_folder);
/** How many there are; where any record is one, those without a time, too. */
uint64_t iw_witness_count_samples(const struct iw_witness_log *of);
/** The first moment from *from_ns* on at which one surely is; INT64_MAX: there is none. */
int64_t iw_witness_next_sample(const struct iw_witness_log *of, int64_t from_ns);

/** The last moment of *run* before *before_ns* at which one surely is; IW_TIME_UNKNOWN: there is
 * none.
 */
int64_t iw_witness_last_sample(const struct iw_witness_log *of, const struct iw_span *run,
                               int64_t before_ns);

/** The first process of a pool's account that surely started in *run* and whose start Sysmon did
 * not tell, though it told of its end; NULL: there is none, or the witness is not Sysmon's of
 * starts. Not of programs of Windows that workers run by themselves, which many filters leave out.
 */
const struct iw_untold_process *iw_witness_untold_start(const struct iw_witness_log *of,
                                                        const struct iw_span *run);

/** Parts of time that are in *run*, cut to the moments that surely are; by time, none overlaps
 * another. */
struct iw_witness_moments {
    struct iw_time_part *parts;
    size_t n;
};

/** When there were samples in *run*, and *also_ns* where that is known. In *arena*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_witness_moments_find(const struct iw_witness_log *of, const struct iw_span *run,
                                   int64_t also_ns, struct iw_arena *arena,
                                   struct iw_witness_moments *ret);

#endif
