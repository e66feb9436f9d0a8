/*
 * Forms in which an event is a line: one file a host (what a collector received), or one a channel
 * (what was exported on the host). A dialect says how the line reads.
 *
 * The functions are those of struct iw_lab_form_class; the dialect must outlive the form.
 */
#ifndef IW_LAB_FORM_LINES_H
#define IW_LAB_FORM_LINES_H

#include "lab/form/form_json.h"
#include "lab/form/lab_form.h"

struct iw_lab_line_dialect {
    /* Path below root: HOST/<before><channel file><after> a channel, or <before>HOST<after>. */
    const char *before;
    const char *after;
    bool is_per_channel; /* exported after the fact: a cleared log's file begins anew */
    /* Adds the event to line, without line end. */
    void (*write)(struct iw_lab_form_text *line, const struct iw_lab_form_options *options,
                  const struct iw_lab_record *record);
};

struct iw_lab_form *iw_lab_form_lines_open(const struct iw_lab_line_dialect *dialect,
                                           const struct iw_lab_form_options *options);
bool iw_lab_form_lines_add(struct iw_lab_form *form, const struct iw_lab_record *record,
                           struct iw_lab_place *place, struct iw_lab_error *error);
bool iw_lab_form_lines_clear(struct iw_lab_form *form, const char *channel,
                             struct iw_lab_error *error);
bool iw_lab_form_lines_close(struct iw_lab_form *form, struct iw_lab_error *error);

/* System/Computer of the record: its own, or the host's. */
const char *iw_lab_form_computer(const struct iw_lab_form_options *options,
                                 const struct iw_lab_record *record);

/* The record's time as the writer's header says it. */
uint64_t iw_lab_form_header_time(const struct iw_lab_form_options *options,
                                 const struct iw_lab_record *record);

/* True for the field that holds all of a classic event's unnamed strings. */
bool iw_lab_form_is_unnamed(const struct iw_lab_record *record, size_t i);

#endif
