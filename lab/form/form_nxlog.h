/*
 * Members of an event as NXLog flattens them; also the core of what OTRF published.
 */
#ifndef IW_LAB_FORM_NXLOG_H
#define IW_LAB_FORM_NXLOG_H

#include "lab/form/form_lines.h"

/* Adds all members to an open object. The times are texts in whatever spelling the form has. */
void iw_lab_form_nxlog_members(struct iw_lab_form_json *json,
                               const struct iw_lab_form_options *options,
                               const struct iw_lab_record *record, const char *event_time,
                               const char *received_time);

/* FILETIME steps until the collector has the event. */
#define IW_LAB_FORM_NXLOG_LATER 21370000U

#endif
