/**
 * Deployment activity: programs and records that put files and components on servers every day.
 *
 * A name excuses nothing, and neither does a part of a path: a program counts where it lies in the
 * folder of the system drive that it is installed in, in which neither users nor pools may write.
 * Agents that may be put anywhere (`D:\agent\bin`) prove nothing by their place; what a service
 * started, and no broker between them, took an administrator to set up: that is said in other words
 * and weighs less.
 */
#ifndef IW_DETECT_DEPLOYMENT_H
#define IW_DETECT_DEPLOYMENT_H

#include "base/str.h"
#include "context/lineage.h"
#include "detect/chain/chain_settings.h"

#define IW_DEPLOYMENT_PLACES 4U

struct iw_deployment_program {
    const char *name;                         /* file name, lower case */
    const char *places[IW_DEPLOYMENT_PLACES]; /* detect/drive_path.h; NULL from some place on */
    const char *words;                        /* "Web Deploy", "a build agent" */
    const char *like;                         /* of one elsewhere that a service started; NULL: such
                                                 a program is installed nowhere else */
};

enum iw_deployment_proof {
    IW_DEPLOYMENT_NONE = 0,
    IW_DEPLOYMENT_LIKE, /* named like one, anywhere, and started by a service */
    IW_DEPLOYMENT_KNOWN /* lies where it is installed */
};

struct iw_deployment {
    enum iw_deployment_proof proof;
    const char *words; /* NULL: none */
};

/** The row of a program with that image; NULL: none, or it lies elsewhere than it should. */
const struct iw_deployment_program *iw_deployment_of_program(struct iw_str image);
/** What a record of an installation is called, by the log's channel and event id; NULL: it is
 * none. */
const char *iw_deployment_of_record(struct iw_str channel, uint32_t event_id);
/**
 * What deployed, where a process, or one that it descends from, is a deployment: the nearest that
 * is known, else the nearest that is like one. What descends from a web server is never one, and
 * *ret_by_server (may be NULL) says so.
 *
 * @param process  NULL: not known; then only *image* is asked
 */
struct iw_deployment iw_deployment_above(const struct iw_process *process, struct iw_str image,
                                         const struct iw_chain_settings *settings,
                                         bool *ret_by_server);

#endif
