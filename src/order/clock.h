/**
 * Mislabelled clocks: exports whose header times are a local clock written as if it were UTC.
 *
 * A record of Sysmon has two times, the one of its header and UtcTime, which Sysmon itself wrote in
 * UTC. Where both are there and the header is off by a whole number of quarter-hours (5 s at most
 * beside it), the record is a *witness* of how far the export's clock is off at that time; one that
 * agrees is a witness that it is right. At least three witnesses in a row of one opinion make a
 * *piece* of the export's time; the nearest piece says by how much a header time is corrected, so
 * that a change to summer time within an export is followed.
 *
 * A clock is that of one host in one export: all files of one dialect in one folder (of one
 * collection, where the evidence keeps Windows paths). Only times that a JSON dialect wrote
 * (IW_CLOCK_EXPORT) are corrected: EVTX files hold UTC by their format. Where pieces contradict one
 * another (overlap in time), nothing is corrected and that is told.
 */
#ifndef IW_ORDER_CLOCK_H
#define IW_ORDER_CLOCK_H

#include "event/event.h"
#include "event/host.h"
#include "result/run.h"

struct iw_clocks;

/** Which export each source of the ledger belongs to is read off its path; the ledger is complete
 * and lives longer. NULL: no memory. */
struct iw_clocks *iw_clocks_new(const struct iw_ledger *ledger);
/** An empty one for another thread; *clocks* lives longer. NULL: no memory. */
struct iw_clocks *iw_clocks_new_beside(const struct iw_clocks *clocks);
void iw_clocks_free(struct iw_clocks *clocks);
/** Looks at an event. One thread at a time. IW_OK or IW_ENOMEM. */
enum iw_rc iw_clocks_add(struct iw_clocks *clocks, const struct iw_event *event);
/** Adds all witnesses of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_clocks_merge(struct iw_clocks *into, const struct iw_clocks *from);
/** Decides the corrections; *hosts* is settled and lives longer. IW_OK or IW_ENOMEM. */
enum iw_rc iw_clocks_settle(struct iw_clocks *clocks, const struct iw_hosts *hosts);

/** Whether any clock is corrected. */
bool iw_clocks_corrects(const struct iw_clocks *clocks);
/** The corrected time of a header time (IW_CLOCK_EXPORT) that *dialect* wrote in *source* about
 * *computer*; unchanged where nothing is known. One thread at a time. */
int64_t iw_clocks_correct(struct iw_clocks *clocks, uint32_t source, uint8_t dialect,
                          struct iw_str computer, int64_t time_ns);
/** A number of the clock by which all *n* sources tell of *host* (settled), for the two functions
 * below; SIZE_MAX: they are of several, or nothing is known of one. Where two dialects of an export
 * tell of the host there are two clocks. */
size_t iw_clocks_common(const struct iw_clocks *clocks, const uint32_t *sources, size_t n,
                        struct iw_str host);
/** Whether its times are corrected. SIZE_MAX: they are not. */
bool iw_clocks_is_off(const struct iw_clocks *clocks, size_t clock);
/** The corrected time of a header time of a clock that is off. */
int64_t iw_clocks_correct_by(const struct iw_clocks *clocks, size_t clock, int64_t time_ns);
/** Adds a note to the run for each corrected clock, and for those whose witnesses contradict one
 * another. IW_OK or IW_ENOMEM. */
enum iw_rc iw_clocks_tell(const struct iw_clocks *clocks, struct iw_run *run);

#endif
