/*
 * The forms there are; for lab_form.c alone. Which files each makes stands at its head.
 */
#ifndef IW_LAB_FORM_LIST_H
#define IW_LAB_FORM_LIST_H

#include "lab/form/lab_form.h"

extern const struct iw_lab_form_class iw_lab_form_evtx;
extern const struct iw_lab_form_class iw_lab_form_evtx_dump;
extern const struct iw_lab_form_class iw_lab_form_nxlog;
extern const struct iw_lab_form_class iw_lab_form_otrf;
extern const struct iw_lab_form_class iw_lab_form_winlogbeat;
extern const struct iw_lab_form_class iw_lab_form_xml;

#endif
