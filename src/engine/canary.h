/**
 * `coverage --canary`: reads a plan, then all evidence for what it says of the acts.
 */
#ifndef IW_ENGINE_CANARY_H
#define IW_ENGINE_CANARY_H

#include "engine/engine.h"
#include "result/canary.h"

/**
 * Reads the plan of *path* into *plan* (before the process is confined), then the evidence; fills
 * *report*, which borrows the acts of *plan*, and of *run* what iw_engine_events fills. All three
 * are initialised.
 *
 * @return IW_OK also when evidence was lost or the run interrupted; IW_EUSAGE / IW_EIO: the plan;
 * IW_ENOMEM
 */
enum iw_rc iw_engine_canary(const struct iw_engine_options *options, const char *path,
                            struct iw_canary_plan *plan, struct iw_run *run,
                            struct iw_canary_report *report, struct iw_error *err);

#endif
