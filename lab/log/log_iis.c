/*
 * What is logged of the web server: IIS-Configuration 29 50, WAS 5002 5011 5079 5080 5186, W3SVC-WP
 * 2280 2282 2293 2295 2296 2214 2220, Application Error 1000, ASP.NET 1316 (see lab_log.h).
 */
#include "lab/log/lab_log.h"

#include <stdio.h>
#include <string.h>

void iw_lab_log_config_steps(struct iw_lab_host *host, const struct iw_lab_process *process,
                             const char *path, const char *config_path, const char *location,
                             const struct iw_lab_config_steps *steps)
{
    const char *physical = iw_lab_arena_print(&host->arena, "\\\\?\\%s", path);
    for (size_t i = 0; i < steps->n_items; i++) {
        struct iw_lab_record *record = iw_lab_log_begin(host, IW_LAB_IIS_CONFIGURATION, 29,
                                                        process->pid, process->session->sid);
        if (record == NULL) {
            return;
        }
        iw_lab_record_set(record, "PhysicalPath", physical);
        iw_lab_record_set(record, "ConfigPath", config_path);
        iw_lab_record_set(record, "EffectiveLocationPath", location);
        iw_lab_record_set(record, "Configuration", steps->items[i].configuration);
        iw_lab_record_set(record, "EditOperationType", "1");
        iw_lab_record_set(record, "OldValue", steps->items[i].old_value);
        iw_lab_record_set(record, "NewValue", steps->items[i].new_value);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_config_committed(struct iw_lab_host *host, const struct iw_lab_process *process,
                                 const char *path)
{
    struct iw_lab_record *record =
        iw_lab_log_begin(host, IW_LAB_IIS_CONFIGURATION, 50, process == NULL ? "0" : process->pid,
                         process == NULL ? "S-1-5-18" : process->session->sid);
    if (record != NULL) {
        iw_lab_record_set(record, "PhysicalPath",
                          iw_lab_arena_print(&host->arena, "\\\\?\\%s", path));
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_recycle(struct iw_lab_host *host, const struct iw_lab_pool *pool, const char *pid,
                        const char *reason)
{
    uint16_t id = strcmp(reason, "config") == 0     ? 5080
                  : strcmp(reason, "schedule") == 0 ? 5074
                  : strcmp(reason, "idle") == 0     ? 5186
                                                    : 5079;
    struct iw_lab_record *record = iw_lab_log_begin(host, "System", id, "0", NULL);
    if (record != NULL) {
        iw_lab_record_set(record, "AppPoolID", pool->name);
        iw_lab_record_try_set(record, "ProcessID", pid); /* some of them have none */
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_crash(struct iw_lab_host *host, const struct iw_lab_process *worker,
                      const char *module, const char *code)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%x", worker->number);
    const char *texts[] = {"w3wp.exe",
                           "10.0.20348.1",
                           "405e4a6b",
                           module,
                           "4.8.4161.0",
                           "5f7e6148",
                           code,
                           "00000000000a1b2c",
                           pid,
                           "01dc7e1ac2b64f30",
                           worker->image,
                           module,
                           "6c0bb4a2-21f2-4b1e-9d0e-5b6f0c1a7d33",
                           ""};
    iw_lab_log_texts(host, "Application", 1000, "0", NULL, texts, sizeof texts / sizeof texts[0]);
    struct iw_lab_record *record = iw_lab_log_begin(host, "System", 5011, "0", NULL);
    if (record != NULL) {
        iw_lab_record_set(record, "AppPoolID", worker->pool->name);
        iw_lab_record_set(record, "ProcessID", worker->pid);
        iw_lab_log_end(host, record);
    }
}

void iw_lab_log_module_failed(struct iw_lab_host *host, const struct iw_lab_pool *pool, uint16_t id,
                              const char *dll, const char *error)
{
    const char *name = strrchr(dll, '\\') == NULL ? dll : strrchr(dll, '\\') + 1;
    struct iw_lab_record *record = iw_lab_log_begin(host, "Application", id, "0", NULL);
    if (record == NULL) {
        return;
    }
    static const char *const fields[] = {"ModuleDll", "ModulePath", "FilterDll", "ApplicationDll"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        iw_lab_record_try_set(record, fields[i], dll); /* the kinds call it differently */
    }
    iw_lab_record_try_set(record, "ModuleName", name);
    iw_lab_record_try_set(record, "Architecture", pool->is_32 ? "x86" : "AMD64");
    iw_lab_record_try_set(record, "Binary", error);
    iw_lab_log_end(host, record);
}

void iw_lab_log_viewstate(struct iw_lab_host *host, const struct iw_lab_process *worker,
                          const char *url, const char *address)
{
    const char *utc = iw_lab_arena_copy(&host->arena, iw_lab_log_utc(host, host->now));
    static const char reason[] = "Viewstate verification failed. Reason: The viewstate supplied "
                                 "failed integrity check.";
    const char *texts[] = {"4009",
                           reason,
                           utc,
                           utc,
                           "8a2b7c0f1d3e4a55b6c7d8e9f0a1b2c3",
                           "112",
                           "3",
                           "50203",
                           "/LM/W3SVC/1/ROOT",
                           "Full",
                           "/",
                           "C:\\inetpub\\wwwroot\\",
                           host->name,
                           "",
                           worker->pid,
                           "w3wp.exe",
                           worker->pool->session->user,
                           url,
                           url,
                           address,
                           "",
                           "False",
                           "",
                           "IIS APPPOOL\\DefaultAppPool"};
    iw_lab_log_texts(host, "Application", 1316, "0", NULL, texts, sizeof texts / sizeof texts[0]);
}
