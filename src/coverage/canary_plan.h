/**
 * Plans of canaries: which harmless acts fit these servers, as a script for an administrator and as
 * a file to compare the evidence with later (`iiswarden.canary-plan/1`).
 *
 * Every object an act makes is named `MARKER-ID-YYYYMMDDTHHMMSSZ`: the marker of the plan, the act,
 * and the time it is done, put there by the script. The evidence alone then tells which act it sees
 * and how long after it was done.
 */
#ifndef IW_COVERAGE_CANARY_PLAN_H
#define IW_COVERAGE_CANARY_PLAN_H

#include "base/buffer.h"
#include "base/error.h"
#include "result/canary.h"
#include "result/inventory.h"

/** Letters and digits of an act's id. */
#define IW_CANARY_ID_BYTES 4U
/** Whether a text can be a marker: 8 to 32 lower-case ASCII letters and digits, a letter first. */
bool iw_canary_marker_fits(struct iw_str marker);

/** Fills *plan* (initialised) for the servers; none: for the default web root. At most
 * IW_LIMIT_CANARY_ACTS acts, *ret_n_left_out counts what found no place. IW_OK or IW_ENOMEM. */
enum iw_rc iw_canary_plan_make(const struct iw_inventory *inventory, struct iw_str marker,
                               struct iw_canary_plan *plan, size_t *ret_n_left_out);

/** The acts as PowerShell 5.1, host by host, what each proves, and how to undo them. */
void iw_canary_plan_script(const struct iw_canary_plan *plan, struct iw_buffer *out);
/** The plan as JSON, one object. */
void iw_canary_plan_write(const struct iw_canary_plan *plan, struct iw_buffer *out);
/** Reads it back; texts are copied. IW_OK; IW_EFORMAT, IW_ELIMIT (*err* says what); IW_ENOMEM. */
enum iw_rc iw_canary_plan_read(struct iw_str text, struct iw_canary_plan *plan,
                               struct iw_error *err);

/**
 * Looks for a literal of the plan in *text*. *ret_id* borrows the id behind the marker (which may
 * be of no act); *ret_done_ns* is the time in it, IW_TIME_UNKNOWN where none stands there.
 */
bool iw_canary_literal_find(struct iw_str marker, struct iw_str text, struct iw_str *ret_id,
                            int64_t *ret_done_ns);

#endif
