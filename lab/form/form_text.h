/*
 * Text that grows, and how values are written into it: as JSON strings, as XML text, as plain text.
 *
 * Memory belongs to the text until iw_lab_form_text_done(). Input is UTF-8 that may hold a lone
 * surrogate in its three-byte form (see lab_text.h); what is no UTF-8 becomes U+FFFD.
 */
#ifndef IW_LAB_FORM_TEXT_H
#define IW_LAB_FORM_TEXT_H

#include "lab/evtx/lab_value.h"

struct iw_lab_form_text {
    char *bytes; /* not terminated */
    size_t n_bytes;
    size_t room;
};

void iw_lab_form_text_done(struct iw_lab_form_text *text);

void iw_lab_form_text_add(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes);
void iw_lab_form_text_put(struct iw_lab_form_text *text, const char *string);
void iw_lab_form_text_print(struct iw_lab_form_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* In decimal. */
void iw_lab_form_text_number(struct iw_lab_form_text *text, uint64_t number);

/* Adds a JSON string with its quotes (RFC 8259): control characters escaped, other text as it is. A
 * lone surrogate becomes U+FFFD, as in the languages of the writers. */
void iw_lab_form_text_put_json(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes);

/* Adds XML 1.0 text, fit for elements and for attributes in single quotes: & < > ' as entities,
 * tab, CR and LF as character references, so that they survive and an event stays one line;
 * characters XML cannot carry become U+FFFD. */
void iw_lab_form_text_put_xml(struct iw_lab_form_text *text, const char *bytes, size_t size_bytes);

/* What a value reads as: strings themselves, others as Windows shows them. An array or binary XML
 * has none: empty. */
struct iw_lab_form_value {
    const char *text;
    size_t size_bytes;
    char scratch[512];
};

void iw_lab_form_value_read(struct iw_lab_form_value *out, const struct iw_lab_value *value);

/* A GUID of the catalogue as a writer spells it: letters in upper or lower case, in braces or not.
 */
void iw_lab_form_print_guid(const char *guid, bool is_upper, bool has_braces, char out[40]);

/* "2026-01-05T10:00:00.123Z" with 0 to 7 decimals, cut, another character for T, and what stands
 * for the zone (fewer than 16 bytes). */
void iw_lab_form_print_time(uint64_t filetime, unsigned n_decimals, char between, const char *zone,
                            char out[48]);

#endif
