/**
 * Reads every EVTX file below a path and calls back for each event and the rules it matches.
 */
#ifndef IW_TESTS_SUPPORT_EVTX_SCAN_H
#define IW_TESTS_SUPPORT_EVTX_SCAN_H

#include "sigma/sigma.h"

/** One event that some rule matched. */
struct scan_match {
    struct iw_str path;
    const struct iw_event *event;
    const struct iw_sigma_rule *rule;
};

/** Told of each decoded event of a file. */
typedef void scan_event_callback(void *context, struct iw_str path, const struct iw_event *event);

/** Reads what the rules of *ruleset* want decoded. Returns the number of events decoded; fails the
 * test on any error. */
uint64_t scan_events(const char *path, const struct iw_names *names,
                     const struct iw_sigma_ruleset *ruleset, scan_event_callback *callback,
                     void *context);

typedef void scan_callback(void *context, const struct scan_match *match);

/** Returns the number of events decoded; fails the test on any error. */
uint64_t scan_evtx(const char *path, const struct iw_names *names,
                   const struct iw_sigma_ruleset *ruleset, scan_callback *callback, void *context);

/** Unpacks a tar archive into a new folder made from *folder* (mkdtemp). */
bool unpack_archive(const char *archive, char *folder);
/** Removes such a folder. */
void remove_folder(const char *folder);

#endif
