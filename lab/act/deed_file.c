/*
 * Deeds of files and requests (see lab_deed.h).
 *
 * What it does: writing and deleting; a request with what ASP.NET does at the first one of a page:
 * the compiler, its results in Temporary ASP.NET Files. What it ignores: what pages would do.
 */
#include "lab/act/lab_deed.h"

#include <stdio.h>
#include <string.h>

struct iw_lab_file *iw_lab_deed_write(struct iw_lab_host *host,
                                      const struct iw_lab_process *process, const char *path,
                                      const struct iw_lab_content *content)
{
    struct iw_lab_file *file = iw_lab_file_put(host, path, content);
    iw_lab_log_file_created(host, process, file);
    return file;
}

bool iw_lab_deed_delete(struct iw_lab_host *host, const struct iw_lab_process *process,
                        const char *path)
{
    struct iw_lab_file *file = iw_lab_host_file(host, path);
    if (file == NULL) {
        return false;
    }
    const struct iw_lab_act *before = host->world->cause;
    host->world->cause = file->act;
    iw_lab_log_file_deleted(host, process, path);
    host->world->cause = before;
    file->is_deleted = true;
    return true;
}

/* ---- requests */

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), n = strlen(ending);
    return length >= n && strcasecmp(text + length - n, ending) == 0;
}

static bool is_compiled_kind(const char *path)
{
    return ends_with(path, ".aspx") || ends_with(path, ".ashx") || ends_with(path, ".asmx") ||
           ends_with(path, ".cshtml");
}

#define FRAMEWORK "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"

/* csc, cvtres, App_Web_*.dll, PAGE.HASH.compiled */
static void compile_page(struct iw_lab_host *host, struct iw_lab_process *worker,
                         const struct iw_lab_file *page)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char word[9] = "";
    char command[700];
    const char *folder = FRAMEWORK "Temporary ASP.NET Files\\root\\5a6f2c10\\b1d3e4f5\\";
    const char *name = strrchr(page->path, '\\') + 1;
    /* Eight names a page: they come again, so that a long life does not fill the memory. */
    struct iw_lab_random random = {.state = iw_lab_random_of_text(page->path) +
                                            iw_lab_random_below(&host->random, 8)};
    for (size_t i = 0; i < 8; i++) {
        word[i] = letters[iw_lab_random_below(&random, 36)];
    }
    snprintf(command, sizeof command,
             "\"" FRAMEWORK "csc.exe\" /noconfig /fullpaths @\"%s%s.cmdline\"", folder, word);
    struct iw_lab_program_facts csc = {.image = FRAMEWORK "csc.exe", .command = command};
    struct iw_lab_process *compiler =
        iw_lab_deed_start(host, NULL, &csc, NULL, worker, 900 * IW_LAB_MILLISECOND);
    char more[700];
    snprintf(more, sizeof more,
             FRAMEWORK
             "cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 \"/OUT:C:\\Windows\\TEMP\\RES%.4s"
             ".tmp\" \"%sCSC%.4s.TMP\"",
             word, folder, word + 4);
    struct iw_lab_program_facts cvtres = {.image = FRAMEWORK "cvtres.exe", .command = more};
    iw_lab_host_pass(host, 350);
    iw_lab_deed_start(host, NULL, &cvtres, NULL, compiler, 90 * IW_LAB_MILLISECOND);
    iw_lab_host_pass(host, 200);
    char dll[400], compiled[700], text[500];
    snprintf(dll, sizeof dll, "%sApp_Web_%s.dll", folder, word);
    struct iw_lab_content content = iw_lab_content_by_name(host, dll);
    content.pe.kind = IW_LAB_PE_MANAGED;
    iw_lab_deed_write(host, compiler, dll, &content);
    snprintf(compiled, sizeof compiled, "%s%.200s.%08x.compiled", folder, name,
             (unsigned)(iw_lab_random_of_text(page->path) & 0xFFFFFFFF));
    snprintf(text, sizeof text,
             "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<preserve resultType=\"3\" "
             "virtualPath=\"/%.200s\" assembly=\"App_Web_%s\" />\r\n",
             name, word);
    struct iw_lab_content xml = {.kind = IW_LAB_CONTENT_TEXT,
                                 .text = iw_lab_host_intern(host, text)};
    iw_lab_deed_write(host, worker, compiled, &xml);
    iw_lab_host_pass(host, 120);
}

/* HTTP.sys writes what it has collected once a minute: what is younger when the evidence ends never
 * reached the file. */
#define BUFFERED (60 * IW_LAB_SECOND)

static void log_visit(struct iw_lab_host *host, const struct iw_lab_visit *visit, unsigned took_ms)
{
    struct iw_lab_weblog *log = iw_lab_log_requests(host);
    const char *query = strchr(visit->url, '?');
    struct iw_lab_place place;
    struct iw_lab_error error = {.text = ""};
    if (log == NULL || host->telemetry.w3c_fields == NULL || !visit->site->is_logging ||
        host->is_request_log_off || iw_lab_world_is_without(host->world, "w3c") ||
        host->world->options.is_only_4688 || iw_lab_host_leaves_out(host, "W3C")) {
        return;
    }
    const char *stem = iw_lab_log_print(
        host, "%.*s", (int)(query == NULL ? strlen(visit->url) : (size_t)(query - visit->url)),
        visit->url);
    struct iw_lab_request request = {.filetime = iw_lab_host_time(host),
                                     .site_id = visit->site->id,
                                     .server_ip = host->address,
                                     .method = visit->method,
                                     .stem = stem,
                                     .query = query == NULL ? NULL : query + 1,
                                     .user = visit->user,
                                     .client_ip = visit->address,
                                     .agent = visit->agent,
                                     .referer = visit->referer,
                                     .port = visit->site->port,
                                     .status = visit->status,
                                     .substatus = visit->substatus,
                                     .win32 = visit->win32,
                                     .sent_bytes = visit->sent,
                                     .received_bytes = visit->received,
                                     .took_ms = took_ms};
    if (!iw_lab_weblog_add(log, host->telemetry.w3c_fields, &request, &place, &error)) {
        iw_lab_world_fail(host->world, NULL, "%s", error.text);
        return;
    }
    iw_lab_log_trace_line(host, &place);
}

bool iw_lab_deed_request(struct iw_lab_host *host, const struct iw_lab_visit *visit)
{
    char url[2048], path[2048];
    struct iw_lab_pool *pool = NULL;
    uint64_t begun = host->now;
    size_t length = strcspn(visit->url, "?");
    if (length >= sizeof url) {
        return iw_lab_world_fail(host->world, NULL, "url too long: %.100s…", visit->url);
    }
    memcpy(url, visit->url, length);
    url[length] = '\0';
    if (!iw_lab_site_resolve(visit->site, url, path, sizeof path, &pool)) {
        return iw_lab_world_fail(host->world, NULL, "site %s has no place for %s",
                                 visit->site->name, visit->url);
    }
    struct iw_lab_process *worker = iw_lab_deed_worker(host, pool);
    struct iw_lab_file *file = iw_lab_host_file(host, path);
    if (file != NULL && !file->is_compiled && is_compiled_kind(path) && pool->clr[0] != '\0' &&
        visit->status < 400) {
        const struct iw_lab_act *before = host->world->cause;
        file->is_compiled = true;
        host->world->cause = file->act;
        host->world->link = "compile";
        compile_page(host, worker, file);
        host->world->link = NULL;
        host->world->cause = before;
    }
    iw_lab_host_pass(host, visit->took_ms);
    log_visit(host, visit, (unsigned)((host->now - begun) / IW_LAB_MILLISECOND));
    return true;
}
