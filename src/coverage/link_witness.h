/**
 * What one witness tells of a link on one host: in which spans of the window it proves or states
 * it, and what takes it away in the others. Inside of this room only.
 */
#ifndef IW_COVERAGE_LINK_WITNESS_H
#define IW_COVERAGE_LINK_WITNESS_H

#include "coverage/link_state.h"

struct iw_witness_result {
    const struct iw_link_witness *row;
    const struct iw_telemetry_channel *channel; /* NULL: the log is not in evidence */
    struct iw_span_set proved, stated;
    struct iw_link_hole *holes;
    size_t n_holes, holes_cap;
    bool is_empty; /* channel NULL: its file is in evidence, with nothing in it */
    uint64_t n_samples;
    bool is_switched_off;         /* settings say so, of all of it */
    struct iw_str configured_why; /* what settings say, where they prove it */
    struct iw_str stated_why;     /* who or what states it, where nothing proves it */
    /* What they say, where a sample proves it although they say less, or contradict one another. */
    struct iw_str less_why;
    struct iw_str canary_why; /* which canary was seen, where no sample was */
    struct iw_str sampled_in; /* the folder a file was in */
};

/** Judges the witness of *row*; *ret* is zeroed but for it and the arena of its spans. Texts and
 * lists lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_witness_judge(const struct iw_link_host *host, struct iw_arena *arena,
                            struct iw_witness_result *ret);

#endif
