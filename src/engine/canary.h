/**
 * `coverage --canary`: a plan, and what the events of a hunt say of its acts.
 */
#ifndef IW_ENGINE_CANARY_H
#define IW_ENGINE_CANARY_H

#include "base/error.h"
#include "result/canary.h"

/** What a hunt is asked about canaries. Both are initialised; the report borrows the acts. */
struct iw_canary_ask {
    const char *path;                /* of the plan */
    struct iw_canary_plan *plan;     /* read from it */
    struct iw_canary_report *report; /* filled */
};

/** Reads the plan, before the process is confined. IW_OK; IW_EUSAGE / IW_EIO: the file;
 * IW_ENOMEM. */
enum iw_rc iw_canary_ask_open(const struct iw_canary_ask *ask, struct iw_error *err);

#endif
