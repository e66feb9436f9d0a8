/*
 * What Windows logs of what happens: each function writes the events of one happening, as far as
 * the host's telemetry has them, with ids, numbers and times that agree.
 *
 * Field names and order are the catalogue's. Failures (a full disk) are noted in the world and end
 * the run; nothing is returned.
 */
#ifndef IW_LAB_LOG_H
#define IW_LAB_LOG_H

#include "lab/form/lab_form.h"
#include "lab/world/lab_world.h"

#define IW_LAB_SYSMON "Microsoft-Windows-Sysmon/Operational"
#define IW_LAB_IIS_CONFIGURATION "Microsoft-IIS-Configuration/Operational"
#define IW_LAB_POWERSHELL "Microsoft-Windows-PowerShell/Operational"

/* ---- the books (lab_log.c) */

/* Opens them where the world's output says. */
bool iw_lab_logs_open(struct iw_lab_host *host);
/* Finishes all files. */
bool iw_lab_logs_close(struct iw_lab_host *host);
/* Accepts NULL. */
void iw_lab_logs_free(struct iw_lab_logs *logs);

/* An event of that kind, with all fields at their initial value; NULL when the host does not log
 * it. pid is that of the writer (decimal), sid that in System/Security or NULL. */
struct iw_lab_record *iw_lab_log_begin(struct iw_lab_host *host, const char *channel, uint16_t id,
                                       const char *pid, const char *sid);
/* The same for a kind that is not in the catalogue; it must live as long as the host. */
struct iw_lab_record *iw_lab_log_begin_kind(struct iw_lab_host *host,
                                            const struct iw_lab_kind *kind, const char *pid,
                                            const char *sid);
/* Writes it, unless a filter keeps it out. */
void iw_lab_log_end(struct iw_lab_host *host, struct iw_lab_record *record);
/* An event whose payload is unnamed texts. */
void iw_lab_log_texts(struct iw_lab_host *host, const char *channel, uint16_t id, const char *pid,
                      const char *sid, const char *const *texts, size_t n_texts);
/* A text that lives until the next event. */
const char *iw_lab_log_print(struct iw_lab_host *host, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Is the channel being written (not switched off)? */
bool iw_lab_log_has(const struct iw_lab_host *host, const char *channel);
/* The channel is emptied; it goes on counting. */
void iw_lab_log_clear(struct iw_lab_host *host, const char *channel);
/* As many of its numbers are given to records that nobody has. */
void iw_lab_log_lose(struct iw_lab_host *host, const char *channel, uint64_t n_records);
/* Did the act leave such an event on the host? channel may be short (Sysmon, IIS-Configuration). */
bool iw_lab_log_was_seen(const struct iw_lab_host *host, const struct iw_lab_act *act,
                         const char *channel, unsigned id);
/* Is it the name or the shorthand of a channel that the catalogue has, or the whole name of another
 * one (`Vendor-Product/Operational`)? */
bool iw_lab_log_knows_channel(const char *name);
/* Shorthand of scenarios to the channel's name; other names are returned as they are. */
const char *iw_lab_log_channel(const char *name);
/* The host's logs of requests; NULL when nothing is written, or it is no web server. */
struct iw_lab_weblog *iw_lab_log_requests(struct iw_lab_host *host);
/* Notes a line of a file as a trace of the world's act and cause. */
void iw_lab_log_trace_line(struct iw_lab_host *host, const struct iw_lab_place *place);

/* ---- processes (log_process.c) */
void iw_lab_log_process_start(struct iw_lab_host *host, const struct iw_lab_process *process,
                              const struct iw_lab_process *parent);
void iw_lab_log_process_end(struct iw_lab_host *host, const struct iw_lab_process *process);
void iw_lab_log_load(struct iw_lab_host *host, const struct iw_lab_process *process,
                     const char *dll, const char *signature, const char *status);
void iw_lab_log_open_process(struct iw_lab_host *host, const struct iw_lab_process *source,
                             const struct iw_lab_process *target, const char *access);
void iw_lab_log_inject(struct iw_lab_host *host, const struct iw_lab_process *source,
                       const struct iw_lab_process *target);
void iw_lab_log_connect(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *address, const char *name, const char *port);
void iw_lab_log_resolve(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *name, const char *answer);
void iw_lab_log_registry(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const char *type, const char *key, const char *value);
void iw_lab_log_pipe(struct iw_lab_host *host, const struct iw_lab_process *process,
                     const char *name, bool is_connect);
void iw_lab_log_script(struct iw_lab_host *host, const struct iw_lab_process *process,
                       const char *text, const char *path);

/* ---- files (log_file.c) */
void iw_lab_log_file_created(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const struct iw_lab_file *file);
void iw_lab_log_file_modified(struct iw_lab_host *host, const struct iw_lab_process *process,
                              const char *path);
void iw_lab_log_file_renamed(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *from, const char *to);
void iw_lab_log_file_deleted(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *path);
void iw_lab_log_stream(struct iw_lab_host *host, const struct iw_lab_process *process,
                       const char *path, const char *stream, const char *text);
void iw_lab_log_file_time(struct iw_lab_host *host, const struct iw_lab_process *process,
                          const char *path, uint64_t created, uint64_t before);
/* The folder is audited no longer: its SACL is gone. */
void iw_lab_log_sacl_removed(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *folder);
void iw_lab_log_share_write(struct iw_lab_host *host, const struct iw_lab_session *session,
                            const char *share, const struct iw_lab_file *file);

/* ---- logons (log_logon.c) */
void iw_lab_log_logon(struct iw_lab_host *host, const struct iw_lab_session *session);
void iw_lab_log_logoff(struct iw_lab_host *host, const struct iw_lab_session *session);
void iw_lab_log_failed_logon(struct iw_lab_host *host, const struct iw_lab_account *account,
                             const char *name, const char *type, const char *address);

/* ---- the web server (log_iis.c) */
void iw_lab_log_config_steps(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *path, const char *config_path, const char *location,
                             const struct iw_lab_config_steps *steps);
/* After the steps of one action, once for each file. process NULL: the event names none. */
void iw_lab_log_config_committed(struct iw_lab_host *host, const struct iw_lab_process *process,
                                 const char *path);
void iw_lab_log_recycle(struct iw_lab_host *host, const struct iw_lab_pool *pool, const char *pid,
                        const char *reason);
void iw_lab_log_crash(struct iw_lab_host *host, const struct iw_lab_process *worker,
                      const char *module, const char *code);
void iw_lab_log_module_failed(struct iw_lab_host *host, const struct iw_lab_pool *pool, uint16_t id,
                              const char *dll, const char *error);
void iw_lab_log_viewstate(struct iw_lab_host *host, const struct iw_lab_process *worker,
                          const char *url, const char *address);

/* ---- the system (log_system.c) */
/* Sysmon complains: of a full queue, of its driver. */
void iw_lab_log_sysmon_error(struct iw_lab_host *host, const char *id, const char *text);
void iw_lab_log_service_state(struct iw_lab_host *host, const char *name, const char *state);
void iw_lab_log_service_start(struct iw_lab_host *host, const char *name, const char *from,
                              const char *to);
void iw_lab_log_service_installed(struct iw_lab_host *host, const struct iw_lab_session *session,
                                  const char *name, const char *image, const char *account);
void iw_lab_log_msi(struct iw_lab_host *host, const struct iw_lab_session *session,
                    const char *product, const char *version, const char *manufacturer);
void iw_lab_log_servicing(struct iw_lab_host *host, const char *package, bool is_update,
                          const char *client);
void iw_lab_log_task(struct iw_lab_host *host, const struct iw_lab_session *session,
                     const char *name, const char *command);
void iw_lab_log_task_run(struct iw_lab_host *host, const struct iw_lab_process *process,
                         const char *name);
void iw_lab_log_cleared(struct iw_lab_host *host, const struct iw_lab_session *session,
                        const char *channel);
void iw_lab_log_audit_policy(struct iw_lab_host *host, const struct iw_lab_session *session,
                             enum iw_lab_audit audit, bool is_enabled);
void iw_lab_log_sysmon_state(struct iw_lab_host *host, const char *state);
void iw_lab_log_sysmon_config(struct iw_lab_host *host, const char *hash);
void iw_lab_log_clock(struct iw_lab_host *host, const struct iw_lab_process *process, int64_t step);
void iw_lab_log_malware(struct iw_lab_host *host, const char *path, const char *threat,
                        const char *action);
void iw_lab_log_cmdlet(struct iw_lab_host *host, const char *cmdlet, const char *parameters,
                       const char *user, bool is_failed);

/* ---- shared by those files */
static inline void iw_lab_log_set_process(struct iw_lab_record *record,
                                          const struct iw_lab_process *process)
{
    iw_lab_record_set(record, "ProcessGuid", process->guid);
    iw_lab_record_set(record, "ProcessId", process->pid);
    iw_lab_record_set(record, "Image", process->image);
}
/* DOMAIN\user; lives until the next event. */
const char *iw_lab_log_user(struct iw_lab_host *host, const struct iw_lab_session *session);
/* SubjectUserSid … or TargetUserSid …: prefix is Subject or Target. Security names SYSTEM by the
 * computer's account. */
void iw_lab_log_set_subject(struct iw_lab_record *record, struct iw_lab_host *host,
                            const char *prefix, const struct iw_lab_session *session);
/* The host's time as Sysmon writes it; lives until the next event. */
const char *iw_lab_log_utc(struct iw_lab_host *host, uint64_t true_time);

#endif
