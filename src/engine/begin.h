/**
 * Pass 0: what every command does before the first event: standard input aside, confinement, the
 * walk.
 */
#ifndef IW_ENGINE_BEGIN_H
#define IW_ENGINE_BEGIN_H

#include "engine/engine.h"
#include "evidence/evidence.h"

/** What pass 0 opened; iw_pass0_done frees it. */
struct iw_pass0 {
    struct iw_evidence evidence;
    struct iw_stream input; /* standard input, where it is read */
};

/**
 * Takes the beginning of standard input where asked for (and all of it, unless it can be read as it
 * comes: evidence/stream.h), confines the process, calls options->ready, walks the
 * evidence into run->ledger.
 *
 * @return IW_OK; IW_EIO, IW_ELIMIT (standard input); IW_ENOMEM. A cancelled walk is IW_OK with
 * run->interrupted.
 */
enum iw_rc iw_pass0_run(const struct iw_engine_options *options, struct iw_run *run,
                        struct iw_pass0 *ret, struct iw_error *err);
void iw_pass0_done(struct iw_pass0 *pass0);

#endif
