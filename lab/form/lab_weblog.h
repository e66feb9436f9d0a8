/*
 * Logs of requests as HTTP.sys writes them: W3C extended logs of IIS, and HTTPERR.
 *
 * Entries are given in the order of completion; a file's header is written when it begins, when the
 * service started anew and when the fields change. HTTP.sys keeps what is younger than its last
 * flush in a buffer: a caller who wants that leaves those entries out.
 *
 * Texts of entries and lists of fields are borrowed for the call. False: an unknown field, a
 * request of a day before that of the one before it, or writing failed.
 */
#ifndef IW_LAB_WEBLOG_H
#define IW_LAB_WEBLOG_H

#include "lab/form/lab_form.h"

/* Texts are raw; spaces and controls become + as HTTP.sys does it. NULL or "" is written as -. */
struct iw_lab_request {
    uint64_t filetime; /* the end of the request */
    uint32_t site_id;
    const char *server_ip, *method, *stem, *query, *user, *client_ip, *agent, *referer,
        *host_header;
    const char *cookie;
    uint32_t port, status, substatus, win32, sent_bytes, received_bytes, took_ms;
};

struct iw_lab_refused {
    uint64_t filetime;
    const char *client_ip, *server_ip, *method, *url, *reason, *queue;
    uint32_t client_port, server_port, status, site_id;
};

struct iw_lab_weblog;

/* The default set of fields, separated by spaces. */
extern const char iw_lab_weblog_default_fields[];

/* True when every name of fields (separated by spaces) is a W3C field that can be written. */
bool iw_lab_weblog_knows_fields(const char *fields, struct iw_lab_error *error);

/* root and host are borrowed until close; host (the label) is s-computername too. Nothing is
 * created before the first entry. */
struct iw_lab_weblog *iw_lab_weblog_new(const char *root, const char *host);

/* Below root: HOST/C/inetpub/logs/LogFiles/W3SVC<id>/u_ex<YYMMDD>.log, a new file each UTC day. The
 * fields may change at any time. place may be NULL. */
bool iw_lab_weblog_add(struct iw_lab_weblog *log, const char *fields,
                       const struct iw_lab_request *request, struct iw_lab_place *place,
                       struct iw_lab_error *error);

/* Below root: HOST/C/Windows/System32/LogFiles/HTTPERR/httperr1.log. Numbers that are 0 are written
 * as -; without a method there was no request, so no version either. */
bool iw_lab_weblog_add_refused(struct iw_lab_weblog *log, const struct iw_lab_refused *refused,
                               struct iw_lab_place *place, struct iw_lab_error *error);

/* The service starts anew: the next entry of each site is preceded by a header. */
void iw_lab_weblog_restart(struct iw_lab_weblog *log);

/* Finishes and frees; accepts NULL. */
bool iw_lab_weblog_close(struct iw_lab_weblog *log, struct iw_lab_error *error);

#endif
