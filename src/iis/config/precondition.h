/**
 * preCondition: in which workers a module, handler or filter is there at all.
 */
#ifndef IW_IIS_PRECONDITION_H
#define IW_IIS_PRECONDITION_H

#include "iis/config/config_server.h"

enum iw_precondition {
    IW_PRECONDITION_FAILS,
    IW_PRECONDITION_HOLDS,
    IW_PRECONDITION_UNKNOWN /* a condition nobody documents: it may hold */
};

/**
 * Judges the conditions (all must hold) for a worker of *pool*. NULL: some worker whose pool is not
 * known; what depends on it is unknown. managedHandler is a condition of requests and holds.
 */
enum iw_precondition iw_precondition_judge(struct iw_str conditions,
                                           const struct iw_server_pool *pool);

#endif
