/**
 * The lives of a log: Windows counts its records upwards for as long as its file is there, over
 * clears, archives and starts, and from 1 again in a file that is begun anew because the old one
 * was deleted. So ids that go back while time goes on begin another life: nothing of the time
 * between the two is there, and the ids of one life fill no hole of another.
 *
 * Ids that go back because the clock was set are of one life: then an event tells of a step that
 * lies between the two, from behind the one to before the other, and is about as long as time goes
 * back there. A step of another place excuses nothing.
 */
#ifndef IW_COVERAGE_LOG_LIVES_H
#define IW_COVERAGE_LOG_LIVES_H

#include "base/arena.h"
#include "base/error.h"
#include "coverage/switches.h"

/** So much longer than time goes back a step may be, or as long again: a log is silent at times. */
#define IW_LOG_LIVES_REST_NS (INT64_C(24) * 3600 * IW_NS_PER_SECOND)

struct iw_log_life {
    const struct iw_record_run *runs; /* of one life, by id; may overlap */
    size_t n_runs;
    uint64_t lowest, highest;
    int64_t first_ns, last_ns; /* of its earliest and its latest record */
};

struct iw_log_lives {
    const struct iw_log_life *items; /* by time; one at least where there is a run with a time */
    size_t n;
};

/**
 * Finds them in the runs of a log; runs without times are left out.
 *
 * @param switches  of the host: clocks that were set; NULL where n_switches is 0
 * @param arena     of the lists
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_log_lives_find(const struct iw_record_run *runs, size_t n,
                             const struct iw_switch *switches, size_t n_switches,
                             struct iw_arena *arena, struct iw_log_lives *ret);

#endif
