/*
 * The forms in which events are collected: EVTX, event XML, dialects of JSON. A form writes the
 * events of one host; which files it makes is its own affair.
 *
 * A new form is one file with a class and its row in lab_form.c.
 */
#ifndef IW_LAB_FORM_H
#define IW_LAB_FORM_H

#include "lab/event/lab_record.h"
#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define IW_LAB_PLACE_BYTES 512U

/* Where an event came to stand. */
struct iw_lab_place {
    char path[IW_LAB_PLACE_BYTES]; /* below options.root, with / */
    uint64_t line;                 /* from 1; 0 in forms that are no lines */
};

/* Texts and stream are borrowed until the form is closed. */
struct iw_lab_form_options {
    const char *root;     /* folder of the evidence */
    const char *host;     /* label; the host's folder below root */
    const char *computer; /* full name */
    int64_t header_shift; /* FILETIME steps that JSON header times are off (a local time said to be
                             UTC); times inside the payload are not touched */
    FILE *stream;         /* JSON forms: write here instead of to files; NULL: to files */
};

struct iw_lab_form;

struct iw_lab_form_class {
    const char *name; /* as in scenarios: evtx, xml, winlogbeat, nxlog, evtx_dump, otrf */
    const char *about;
    bool is_stream_able; /* options.stream may be given */
    bool is_cleared; /* a cleared channel's events are gone; false: forwarded as they happened */
    /* Nothing is created before the first event of it. */
    struct iw_lab_form *(*open)(const struct iw_lab_form_options *options);
    /* Writes the event; record ids and time order within a channel are the caller's. place may be
     * NULL. */
    bool (*add)(struct iw_lab_form *form, const struct iw_lab_record *record,
                struct iw_lab_place *place, struct iw_lab_error *error);
    /* A channel is cleared: when is_cleared, its file begins anew with the next event. */
    bool (*clear)(struct iw_lab_form *form, const char *channel, struct iw_lab_error *error);
    /* Finishes and frees; accepts NULL. False: writing failed. */
    bool (*close)(struct iw_lab_form *form, struct iw_lab_error *error);
};

/* NULL when there is no such form, or past the last. */
const struct iw_lab_form_class *iw_lab_form_find(const char *name);
const struct iw_lab_form_class *iw_lab_form_at(size_t i);

#endif
