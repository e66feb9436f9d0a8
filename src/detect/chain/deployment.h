/**
 * Deployment activity: programs and records that put files and components on servers every day.
 *
 * A name excuses nothing: what is recognised here weighs in a score and is named there, and its
 * path is asked too where Windows or a product has one.
 */
#ifndef IW_DETECT_DEPLOYMENT_H
#define IW_DETECT_DEPLOYMENT_H

#include "base/str.h"
#include "context/lineage.h"
#include "detect/chain/chain_settings.h"

struct iw_deployment_program {
    const char *name;  /* file name, lower case */
    const char *place; /* part of its path, lower case; NULL: it may lie anywhere */
    const char *words; /* "Web Deploy", "a build agent" */
};

/** The row of a program with that image; NULL: none, or it lies elsewhere than it should. */
const struct iw_deployment_program *iw_deployment_of_program(struct iw_str image);
/** What a record of an installation is called, by the log's channel and event id; NULL: it is
 * none. */
const char *iw_deployment_of_record(struct iw_str channel, uint32_t event_id);
/**
 * What deployed, where a process, or one that it descends from, is a deployment; NULL: none is.
 * What descends from a web server is never one, and *ret_by_server (may be NULL) says so.
 *
 * @param process  NULL: not known; then only *image* is asked
 */
const char *iw_deployment_above(const struct iw_process *process, struct iw_str image,
                                const struct iw_chain_settings *settings, bool *ret_by_server);

#endif
