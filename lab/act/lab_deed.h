/*
 * What can be done on a host: a deed changes the world and has it logged. Acts of scenarios and
 * daily life are made of deeds.
 *
 * Failures are noted in the world (iw_lab_world_fail) and give NULL or false.
 */
#ifndef IW_LAB_DEED_H
#define IW_LAB_DEED_H

#include "lab/log/lab_log.h"

/* ---- processes and sessions (deed_process.c) */

/* Starts a program. session NULL: the parent's. lives 0: until somebody ends it. */
struct iw_lab_process *iw_lab_deed_start(struct iw_lab_host *host, const char *key,
                                         const struct iw_lab_program_facts *facts,
                                         struct iw_lab_session *session,
                                         const struct iw_lab_process *parent, uint64_t lives);
/* The same, with other facts of the parent in the logs. */
struct iw_lab_process *iw_lab_deed_start_shown(struct iw_lab_host *host, const char *key,
                                               const struct iw_lab_program_facts *facts,
                                               struct iw_lab_session *session,
                                               const struct iw_lab_process *shown_parent,
                                               uint64_t lives);
void iw_lab_deed_end(struct iw_lab_host *host, struct iw_lab_process *process);
/* The pool's worker, started when there is none: its logon, its native modules. */
struct iw_lab_process *iw_lab_deed_worker(struct iw_lab_host *host, struct iw_lab_pool *pool);
/* The same for a pool without worker; its worker gets this number, which is free. */
struct iw_lab_process *iw_lab_deed_worker_numbered(struct iw_lab_host *host,
                                                   struct iw_lab_pool *pool, unsigned number);
/* The worker ends; reason as in iw_lab_log_recycle(), NULL: not logged. */
void iw_lab_deed_recycle(struct iw_lab_host *host, struct iw_lab_pool *pool, const char *reason);
struct iw_lab_session *iw_lab_deed_logon(struct iw_lab_host *host, const char *key,
                                         const struct iw_lab_account *account, const char *type,
                                         const char *address, const char *workstation,
                                         bool is_elevated);
void iw_lab_deed_logoff(struct iw_lab_host *host, struct iw_lab_session *session);
/* The desktop of an interactive session. */
struct iw_lab_process *iw_lab_deed_explorer(struct iw_lab_host *host,
                                            struct iw_lab_session *session);
/* A DLL is loaded into a process; what it is signed with follows from the file. */
void iw_lab_deed_load(struct iw_lab_host *host, const struct iw_lab_process *process,
                      const char *dll);

/* ---- files (deed_file.c) */
struct iw_lab_file *iw_lab_deed_write(struct iw_lab_host *host,
                                      const struct iw_lab_process *process, const char *path,
                                      const struct iw_lab_content *content);
/* false: there is no such file. */
bool iw_lab_deed_delete(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *path);

/* ---- requests (deed_request.c) */
struct iw_lab_visit {
    const struct iw_lab_site *site;
    const char *url; /* path and query */
    const char *method, *address, *agent, *referer, *user;
    unsigned status, substatus, win32, sent, received, took_ms;
};
/* The request is answered by the pool's worker, which compiles what is new to it, and logged. */
bool iw_lab_deed_request(struct iw_lab_host *host, const struct iw_lab_visit *visit);

/* ---- configuration (deed_config.c) */
struct iw_lab_edit {
    struct iw_lab_config_change change;
    const char *file; /* of a web.config; NULL: the server's */
};
/* is_text: the file is edited, not changed through the configuration system. process NULL: it has
 * been so before the story begins; nothing is logged, nothing follows. */
bool iw_lab_deed_configure(struct iw_lab_host *host, const struct iw_lab_process *process,
                           const struct iw_lab_edit *edits, size_t n_edits, bool is_text,
                           struct iw_lab_error *error);
/* An older configuration of the server comes back: version 0 is that of the beginning, others are
 * those of inetpub\\history. False: there is none of that number. */
bool iw_lab_deed_restore_config(struct iw_lab_host *host, const struct iw_lab_process *process,
                                uint64_t version);

#endif
