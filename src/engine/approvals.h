/**
 * Change records and the estate of a run: read before the process is confined, asked when servers
 * are judged.
 */
#ifndef IW_ENGINE_APPROVALS_H
#define IW_ENGINE_APPROVALS_H

#include "engine/engine.h"
#include "iis/change/changes.h"
#include "iis/change/estate.h"

struct iw_approvals {
    struct iw_arena arena;
    struct iw_changes *changes; /* NULL: none were given */
    struct iw_estate *estate;   /* NULL: none was given */
};

/** Reads the user's files. A record or server that is not right is no error: it is told by
 * iw_approvals_tell(). IW_OK; IW_EUSAGE (a file nothing can be taken of); IW_EIO; IW_ENOMEM.
 * iw_approvals_close must follow whatever it returns. */
enum iw_rc iw_approvals_open(struct iw_approvals *approvals,
                             const struct iw_server_options *options, struct iw_error *err);
void iw_approvals_close(struct iw_approvals *approvals);

/** Notes what was refused, counts it in the run, and adds the servers of the estate that no
 * evidence tells of to run->inventory, whose hosts are settled. IW_OK or IW_ENOMEM. */
enum iw_rc iw_approvals_tell(const struct iw_approvals *approvals, struct iw_run *run);

#endif
