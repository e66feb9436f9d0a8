/*
 * Writing one JSON document into a text: members with their commas.
 *
 * The text is the caller's. Names are written as they are; name is NULL for what has none (the
 * document, items of an array).
 */
#ifndef IW_LAB_FORM_JSON_H
#define IW_LAB_FORM_JSON_H

#include "lab/form/form_text.h"

struct iw_lab_form_json {
    struct iw_lab_form_text *text;
    bool needs_comma;
};

/* bracket: { or [, and } or ] for the end. */
void iw_lab_form_json_begin(struct iw_lab_form_json *json, const char *name, char bracket);
void iw_lab_form_json_end(struct iw_lab_form_json *json, char bracket);

void iw_lab_form_json_text(struct iw_lab_form_json *json, const char *name, const char *string);
void iw_lab_form_json_bytes(struct iw_lab_form_json *json, const char *name, const char *bytes,
                            size_t size_bytes);
void iw_lab_form_json_number(struct iw_lab_form_json *json, const char *name, uint64_t number);

/* A word that stands without quotes: null, true, -5. */
void iw_lab_form_json_word(struct iw_lab_form_json *json, const char *name, const char *word);

#endif
