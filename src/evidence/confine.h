/**
 * Confinement: before the first byte of evidence is read, the process gives up what reading does
 * not need.
 *
 * Landlock: no file can be created, written or removed, and only what lies below the arguments (and
 * *extra* paths) can be read. seccomp (all threads): no sockets, no exec, no ptrace, no opening for
 * writing. Outputs and spill files must be open already. Where the kernel lacks one of them the run
 * goes on and says so.
 */
#ifndef IW_EVIDENCE_CONFINE_H
#define IW_EVIDENCE_CONFINE_H

#include "result/run.h"

/**
 * Confines this process for good. Call once, before threads are started.
 *
 * @param paths  arguments and other paths that must stay readable; missing ones are ignored, "-"
 * too
 * @param run    landlock, seccomp and confinement_why are set
 */
void iw_confine(const char *const *paths, size_t n_paths, struct iw_run *run);

#endif
