/**
 * Deployment activity: programs and records that put files and components on servers every day.
 *
 * A name excuses nothing, and neither does a part of a path: a program counts where it lies in the
 * folder of the system drive that it is installed in, in which neither users nor pools may write.
 * Agents that may be put anywhere (`D:\agent\bin`) prove nothing by their place; what a service
 * started, and no broker between them, took an administrator to set up: that is said in other words
 * and weighs less.
 *
 * Tools (robocopy, xcopy, git, the command of Web Deploy, iisreset) do what whoever starts them
 * says: at a desktop, over WMI or WinRM, through a service or a task that was made for it. They
 * count only below a deployment that is none, an agent or an installer; else it is the baseline of
 * behaviour that knows who works with them (usual_writer.h).
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
    const char *usual; /* of a tool that the baseline of behaviour has there; NULL: it is no tool */
};

enum iw_deployment_proof {
    IW_DEPLOYMENT_NONE = 0,
    IW_DEPLOYMENT_USUAL, /* a tool that the baseline of behaviour has there */
    IW_DEPLOYMENT_LIKE,  /* named like one, anywhere, and started by a service */
    IW_DEPLOYMENT_KNOWN  /* lies where it is installed */
};

struct iw_deployment {
    enum iw_deployment_proof proof;
    const char *words; /* NULL: none */
};

/** The row of a program with that image; NULL: none, or it lies elsewhere than it should. */
const struct iw_deployment_program *iw_deployment_of_program(struct iw_str image);
/** Whether that is one that does what it is told. *program* may be NULL. */
static inline bool iw_deployment_is_tool(const struct iw_deployment_program *program)
{
    return program != NULL && program->usual != NULL;
}
/** What a record of an installation is called, by the log's channel and event id; NULL: it is
 * none. */
const char *iw_deployment_of_record(struct iw_str channel, uint32_t event_id);
/**
 * What deployed, where a process, or one that it descends from, is a deployment and no tool: the
 * nearest that is known, else the nearest that is like one. What descends from a web server is
 * never one, and *ret_by_server (may be NULL) says so.
 *
 * @param process  NULL: not known; then only *image* is asked
 */
struct iw_deployment iw_deployment_above(const struct iw_process *process, struct iw_str image,
                                         const struct iw_chain_settings *settings,
                                         bool *ret_by_server);

#endif
