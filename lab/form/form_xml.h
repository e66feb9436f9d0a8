/*
 * The payload of an event as XML, for forms that carry XML inside.
 */
#ifndef IW_LAB_FORM_XML_H
#define IW_LAB_FORM_XML_H

#include "lab/event/lab_record.h"
#include "lab/form/form_text.h"

/* Adds the element under UserData; the record's kind has one. */
void iw_lab_form_xml_user_data(struct iw_lab_form_text *line, const struct iw_lab_record *record);

#endif
