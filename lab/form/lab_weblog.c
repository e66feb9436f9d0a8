/*
 * Logs of requests (see lab_weblog.h).
 *
 * What it does: one file a site and UTC day, one httperr1.log a host; header blocks where HTTP.sys
 * writes them; CRLF. Format: W3C extended log of IIS 10.0 and HTTPERR of the HTTP Server API, as
 * Microsoft documents them ("W3C Logging", KB820729): fields separated by one space, `-` for none,
 * whitespace and control characters become `+`, times are UTC. What it ignores: hourly and weekly
 * files, the limits of line length and file size, custom fields, buffering.
 */
#include "lab/form/lab_weblog.h"

#include "lab/evtx/lab_text.h"
#include "lab/form/form_text.h"
#include "lab/form/lab_sink.h"
#include "lab/lab_alloc.h"

#include <inttypes.h>
#include <string.h>

#define FILETIME_DAY 864000000000ULL
#define DATE_BYTES 11U
#define CLOCK_BYTES 9U
#define HTTP_VERSION "HTTP/1.1"

const char iw_lab_weblog_default_fields[] =
    "date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
    "cs(Referer) sc-status sc-substatus sc-win32-status time-taken";

static const char httperr_fields[] =
    "date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status s-siteid "
    "s-reason s-queuename";

struct site {
    uint32_t site_id;
    uint64_t day;
    bool needs_header;
    char *fields; /* of the header above */
    struct iw_lab_sink sink;
};

struct iw_lab_weblog {
    const char *root;
    const char *host;
    struct site *sites;
    size_t n_sites;
    struct iw_lab_sink refused;
    struct iw_lab_form_text line;
};

/* A value and the space before it, unless it is the line's first. */
static void add_text(struct iw_lab_weblog *log, const char *text)
{
    if (log->line.n_bytes > 0) {
        iw_lab_form_text_put(&log->line, " ");
    }
    if (text == NULL || *text == '\0') {
        text = "-";
    }
    size_t first = log->line.n_bytes;
    iw_lab_form_text_put(&log->line, text);
    for (size_t i = first; i < log->line.n_bytes; i++) {
        uint8_t c = (uint8_t)log->line.bytes[i];
        if (c <= 0x20 || c == 0x7F) {
            log->line.bytes[i] = '+';
        }
    }
}

static void add_number(struct iw_lab_weblog *log, uint32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRIu32, number);
    add_text(log, text);
}

/* HTTPERR has no zeros: what is not known is left out. */
static void add_known_number(struct iw_lab_weblog *log, uint32_t number)
{
    if (number == 0) {
        add_text(log, NULL);
    } else {
        add_number(log, number);
    }
}

static void print_when(uint64_t filetime, char date[DATE_BYTES], char clock[CLOCK_BYTES])
{
    char text[32];
    iw_lab_text_print_time(filetime, text);
    memcpy(date, text, DATE_BYTES - 1);
    date[DATE_BYTES - 1] = '\0';
    memcpy(clock, text + DATE_BYTES, CLOCK_BYTES - 1);
    clock[CLOCK_BYTES - 1] = '\0';
}

static void add_when(struct iw_lab_weblog *log, uint64_t filetime, bool is_clock)
{
    char date[DATE_BYTES];
    char clock[CLOCK_BYTES];
    print_when(filetime, date, clock);
    add_text(log, is_clock ? clock : date);
}

static void add_date(struct iw_lab_weblog *log, const struct iw_lab_request *request)
{
    add_when(log, request->filetime, false);
}

static void add_time(struct iw_lab_weblog *log, const struct iw_lab_request *request)
{
    add_when(log, request->filetime, true);
}

static void add_site_name(struct iw_lab_weblog *log, const struct iw_lab_request *request)
{
    char text[24];
    snprintf(text, sizeof text, "W3SVC%" PRIu32, request->site_id);
    add_text(log, text);
}

static void add_computer(struct iw_lab_weblog *log, const struct iw_lab_request *request)
{
    (void)request;
    add_text(log, log->host);
}

static void add_version(struct iw_lab_weblog *log, const struct iw_lab_request *request)
{
    (void)request;
    add_text(log, HTTP_VERSION);
}

#define TEXT(member)                                                                               \
    {                                                                                              \
        .text = offsetof(struct iw_lab_request, member), .is_text = true                           \
    }
#define NUMBER(member)                                                                             \
    {                                                                                              \
        .number = offsetof(struct iw_lab_request, member)                                          \
    }

/* What stands in a field: a member of the request, or what a function adds. */
struct field_value {
    void (*add)(struct iw_lab_weblog *log, const struct iw_lab_request *request);
    size_t text;
    size_t number;
    bool is_text;
};

static const struct {
    const char *name;
    struct field_value value;
} fields_known[] = {
    {"date", {.add = add_date}},
    {"time", {.add = add_time}},
    {"s-sitename", {.add = add_site_name}},
    {"s-computername", {.add = add_computer}},
    {"s-ip", TEXT(server_ip)},
    {"cs-method", TEXT(method)},
    {"cs-uri-stem", TEXT(stem)},
    {"cs-uri-query", TEXT(query)},
    {"s-port", NUMBER(port)},
    {"cs-username", TEXT(user)},
    {"c-ip", TEXT(client_ip)},
    {"cs-version", {.add = add_version}},
    {"cs(User-Agent)", TEXT(agent)},
    {"cs(Cookie)", TEXT(cookie)},
    {"cs(Referer)", TEXT(referer)},
    {"cs-host", TEXT(host_header)},
    {"sc-status", NUMBER(status)},
    {"sc-substatus", NUMBER(substatus)},
    {"sc-win32-status", NUMBER(win32)},
    {"sc-bytes", NUMBER(sent_bytes)},
    {"cs-bytes", NUMBER(received_bytes)},
    {"time-taken", NUMBER(took_ms)},
};

/* The field of that name, or NULL. */
static const struct field_value *find_field(const char *name, size_t size_bytes)
{
    for (size_t i = 0; i < sizeof fields_known / sizeof fields_known[0]; i++) {
        if (strlen(fields_known[i].name) == size_bytes &&
            memcmp(fields_known[i].name, name, size_bytes) == 0) {
            return &fields_known[i].value;
        }
    }
    return NULL;
}

bool iw_lab_weblog_knows_fields(const char *fields, struct iw_lab_error *error)
{
    size_t n_fields = 0;
    while (*(fields += strspn(fields, " ")) != '\0') {
        size_t size_bytes = strcspn(fields, " ");
        if (find_field(fields, size_bytes) == NULL) {
            return iw_lab_error_set(error, "no such W3C field: %.*s", (int)size_bytes, fields);
        }
        fields += size_bytes;
        n_fields++;
    }
    return n_fields > 0 || iw_lab_error_set(error, "no W3C fields");
}

static void add_field(struct iw_lab_weblog *log, const struct iw_lab_request *request,
                      const struct field_value *field)
{
    const char *base = (const char *)request;
    if (field->add != NULL) {
        field->add(log, request);
    } else if (field->is_text) {
        const char *text = NULL;
        memcpy(&text, base + field->text, sizeof text);
        add_text(log, text);
    } else {
        uint32_t number = 0;
        memcpy(&number, base + field->number, sizeof number);
        add_number(log, number);
    }
}

struct iw_lab_weblog *iw_lab_weblog_new(const char *root, const char *host)
{
    struct iw_lab_weblog *log = iw_lab_alloc_zeroed(1, sizeof *log);
    log->root = root;
    log->host = host;
    return log;
}

static struct site *find_site(struct iw_lab_weblog *log, uint32_t site_id)
{
    for (size_t i = 0; i < log->n_sites; i++) {
        if (log->sites[i].site_id == site_id) {
            return &log->sites[i];
        }
    }
    log->sites = iw_lab_alloc_resize(log->sites, log->n_sites + 1, sizeof *log->sites);
    struct site *site = &log->sites[log->n_sites++];
    *site = (struct site){.site_id = site_id};
    return site;
}

/* The site's file of the day; a new day begins a new one. */
static bool open_day(struct iw_lab_weblog *log, struct site *site, uint64_t filetime,
                     struct iw_lab_error *error)
{
    char path[IW_LAB_PLACE_BYTES];
    char date[DATE_BYTES];
    char clock[CLOCK_BYTES];
    uint64_t day = filetime / FILETIME_DAY;
    print_when(filetime, date, clock);
    if (site->sink.stream != NULL && day == site->day) {
        return true;
    }
    if (day < site->day) {
        return iw_lab_error_set(error, "request of %s after those of a later day", date);
    }
    int used = snprintf(path, sizeof path,
                        "%s/C/inetpub/logs/LogFiles/W3SVC%" PRIu32 "/u_ex%.2s%.2s%.2s.log",
                        log->host, site->site_id, date + 2, date + 5, date + 8);
    if (used < 0 || (size_t)used >= sizeof path) {
        return iw_lab_error_set(error, "path too long: %.200s", log->host);
    }
    site->day = day;
    site->needs_header = true;
    return iw_lab_sink_close(&site->sink, error) &&
           iw_lab_sink_open(&site->sink, log->root, path, error);
}

static bool put_header(struct iw_lab_weblog *log, struct iw_lab_sink *sink, const char *software,
                       uint64_t filetime, const char *fields, struct iw_lab_error *error)
{
    char date[DATE_BYTES];
    char clock[CLOCK_BYTES];
    print_when(filetime, date, clock);
    log->line.n_bytes = 0;
    iw_lab_form_text_put(&log->line, "#Software: ");
    iw_lab_form_text_put(&log->line, software);
    iw_lab_form_text_put(&log->line, "\r\n#Version: 1.0\r\n#Date: ");
    iw_lab_form_text_put(&log->line, date);
    iw_lab_form_text_put(&log->line, " ");
    iw_lab_form_text_put(&log->line, clock);
    iw_lab_form_text_put(&log->line, "\r\n#Fields: ");
    iw_lab_form_text_put(&log->line, fields);
    iw_lab_form_text_put(&log->line, "\r\n");
    return iw_lab_sink_put(sink, log->line.bytes, log->line.n_bytes, 4, NULL, error);
}

static bool put_entry(struct iw_lab_weblog *log, struct iw_lab_sink *sink,
                      struct iw_lab_place *place, struct iw_lab_error *error)
{
    iw_lab_form_text_put(&log->line, "\r\n");
    return iw_lab_sink_put(sink, log->line.bytes, log->line.n_bytes, 1, place, error);
}

/* Fields are compared as they are written; the caller's text may be gone by the next entry. */
static bool begin_entry(struct iw_lab_weblog *log, struct site *site, const char *fields,
                        uint64_t filetime, struct iw_lab_error *error)
{
    if (!open_day(log, site, filetime, error)) {
        return false;
    }
    if (site->fields == NULL || strcmp(site->fields, fields) != 0) {
        iw_lab_alloc_release(site->fields);
        site->fields = iw_lab_alloc_text(fields, strlen(fields));
        site->needs_header = true;
    }
    if (!site->needs_header) {
        return true;
    }
    site->needs_header = false;
    return put_header(log, &site->sink, "Microsoft Internet Information Services 10.0", filetime,
                      fields, error);
}

bool iw_lab_weblog_add(struct iw_lab_weblog *log, const char *fields,
                       const struct iw_lab_request *request, struct iw_lab_place *place,
                       struct iw_lab_error *error)
{
    struct site *site = find_site(log, request->site_id);
    if (!iw_lab_weblog_knows_fields(fields, error) ||
        !begin_entry(log, site, fields, request->filetime, error)) {
        return false;
    }
    log->line.n_bytes = 0;
    while (*(fields += strspn(fields, " ")) != '\0') {
        size_t size_bytes = strcspn(fields, " ");
        add_field(log, request, find_field(fields, size_bytes));
        fields += size_bytes;
    }
    return put_entry(log, &site->sink, place, error);
}

static bool open_refused(struct iw_lab_weblog *log, uint64_t filetime, struct iw_lab_error *error)
{
    char path[IW_LAB_PLACE_BYTES];
    if (log->refused.stream != NULL) {
        return true;
    }
    int used = snprintf(path, sizeof path, "%s/C/Windows/System32/LogFiles/HTTPERR/httperr1.log",
                        log->host);
    if (used < 0 || (size_t)used >= sizeof path) {
        return iw_lab_error_set(error, "path too long: %.200s", log->host);
    }
    return iw_lab_sink_open(&log->refused, log->root, path, error) &&
           put_header(log, &log->refused, "Microsoft HTTP API 2.0", filetime, httperr_fields,
                      error);
}

bool iw_lab_weblog_add_refused(struct iw_lab_weblog *log, const struct iw_lab_refused *refused,
                               struct iw_lab_place *place, struct iw_lab_error *error)
{
    if (!open_refused(log, refused->filetime, error)) {
        return false;
    }
    bool has_request = refused->method != NULL && *refused->method != '\0';
    log->line.n_bytes = 0;
    add_when(log, refused->filetime, false);
    add_when(log, refused->filetime, true);
    add_text(log, refused->client_ip);
    add_known_number(log, refused->client_port);
    add_text(log, refused->server_ip);
    add_known_number(log, refused->server_port);
    add_text(log, has_request ? HTTP_VERSION : NULL);
    add_text(log, refused->method);
    add_text(log, refused->url);
    add_text(log, NULL);
    add_known_number(log, refused->status);
    add_known_number(log, refused->site_id);
    add_text(log, refused->reason);
    add_text(log, refused->queue);
    return put_entry(log, &log->refused, place, error);
}

void iw_lab_weblog_restart(struct iw_lab_weblog *log)
{
    for (size_t i = 0; i < log->n_sites; i++) {
        log->sites[i].needs_header = true;
    }
}

bool iw_lab_weblog_close(struct iw_lab_weblog *log, struct iw_lab_error *error)
{
    if (log == NULL) {
        return true;
    }
    bool ok = iw_lab_sink_close(&log->refused, error);
    for (size_t i = 0; i < log->n_sites; i++) {
        ok = iw_lab_sink_close(&log->sites[i].sink, error) && ok;
        iw_lab_alloc_release(log->sites[i].fields);
    }
    iw_lab_alloc_release(log->sites);
    iw_lab_form_text_done(&log->line);
    iw_lab_alloc_release(log);
    return ok;
}
