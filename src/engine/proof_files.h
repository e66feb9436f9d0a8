/**
 * Files that say what hosts log, from the evidence into coverage/'s proofs: read in pass 0, given
 * their hosts in pass 2. The registry comes by the inventory, which has its hives open.
 */
#ifndef IW_ENGINE_PROOF_FILES_H
#define IW_ENGINE_PROOF_FILES_H

#include "coverage/proofs.h"
#include "engine/begin.h"
#include "engine/tree_hosts.h"
#include "iis/inventory/inventory_build.h"

/** The user's files (`--telemetry`): before the process is confined. IW_OK; IW_EUSAGE (one that is
 * not right: *err* says where); IW_EIO; IW_ENOMEM. */
enum iw_rc iw_proof_files_open(struct iw_proofs *proofs, const char *const *paths, size_t n_paths,
                               struct iw_error *err);

/** Pass 0: all files of the evidence that say what is logged; the ledger learns what became of
 * each. IW_OK, also when it was cancelled; IW_ENOMEM. */
enum iw_rc iw_proof_files_read(const struct iw_evidence *evidence,
                               const struct iw_engine_options *options, struct iw_proofs *proofs,
                               struct iw_run *run, struct iw_error *err);

/** Of struct iw_inventory_options; *context* is the struct iw_proofs. */
enum iw_rc iw_proof_files_hear(void *context, struct iw_str host,
                               const struct iw_registry_facts *facts, const struct iw_str *sources);

/** Pass 2: every statement gets its host, and what there is to say of the files is told in *run.
 * *hosts* is settled. IW_OK or IW_ENOMEM. */
enum iw_rc iw_proof_files_settle(struct iw_proofs *proofs, const struct iw_tree_hosts *trees,
                                 const struct iw_hosts *hosts,
                                 const struct iw_engine_options *options, struct iw_run *run);

#endif
