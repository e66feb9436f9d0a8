/**
 * Correlations from text, for tests: rules, then events one after the other through the scanner
 * into the correlator; what was told, as lines of text.
 *
 * A line: `title[key,key] @COMPLETING FIRST..LAST =VALUE nEVENTS hHELD ORDINAL:RULE …`, times in
 * seconds. Events are numbered from 0.
 */
#ifndef IW_TESTS_SUPPORT_CORRELATE_RIG_H
#define IW_TESTS_SUPPORT_CORRELATE_RIG_H

#include "base/buffer.h"
#include "sigma/sigma_correlate.h"
#include "tests/support/sigma_bench.h"

/** One second as the correlator counts. */
#define RIG_SECOND 1000000000LL

struct correlate_rig {
    struct sigma_bench bench;
    struct iw_sigma_scanner *scanner;
    struct iw_correlator *correlator;
    struct iw_buffer lines;
    uint64_t n_events;
    bool is_local_time; /* of the events fed next */
};

/** Loads *yaml*; *options* may be NULL, its callback is the rig's. Asserts that nothing fails. */
void correlate_rig_open(struct correlate_rig *rig, const char *yaml,
                        const struct iw_correlate_options *options);
void correlate_rig_close(struct correlate_rig *rig);

/** Feeds an event, a flat map; its `Computer` is the settled host. */
void correlate_rig_event(struct correlate_rig *rig, int64_t time_ns, const char *event_yaml);
/** Feeds the events of a text: one a line, `SECONDS EVENT`, SECONDS with a fraction or `?` for no
 * known time. */
void correlate_rig_events(struct correlate_rig *rig, const char *text);
/** Ends the feeding: all lines. The rig's. */
const char *correlate_rig_end(struct correlate_rig *rig);

/** All in one: rules, events, and the lines that are expected. */
void correlate_rig_expect(const char *yaml, const char *events, const char *lines);
/** The same with a report at every event at which a correlation holds. */
void correlate_rig_expect_every(const char *yaml, const char *events, const char *lines);

#endif
