/*
 * One event as a host logs it, put together field by field: names and texts become the types of the
 * catalogue.
 */
#ifndef IW_LAB_RECORD_H
#define IW_LAB_RECORD_H

#include "lab/event/lab_catalogue.h"

/* Texts given to it are borrowed: they must live until it is written. It points into itself, so it
 * must not be copied. */
struct iw_lab_record {
    const struct iw_lab_kind *kind;
    const char *host;           /* label, as WEB01 */
    const char *computer;       /* as System/Computer says it, WEB01.lab.example */
    struct iw_lab_event header; /* time (FILETIME), record id, process, user; not its values */
    struct iw_lab_value values[IW_LAB_KIND_MAX_FIELDS]; /* one for each field of the kind */
    uint8_t bytes[IW_LAB_KIND_MAX_FIELDS][68];
    uint8_t user_sid[68];
    const char *user_sid_text; /* NULL: none */
    size_t n_values;
};

/* Every field begins as `-`, 0, a zero GUID or the null SID. user_sid may be NULL. */
void iw_lab_record_begin(struct iw_lab_record *record, const struct iw_lab_kind *kind,
                         uint64_t filetime, const char *process_id, const char *user_sid);

/* Sets a field; a name the kind has not got, or text that does not fit the field's type, is a
 * mistake of the caller and stops the program. */
void iw_lab_record_set(struct iw_lab_record *record, const char *name, const char *text);

/* As iw_lab_record_set(), for names and texts that somebody wrote: false when they do not fit.
 * Numbers are decimal or 0x…; BOOL also takes true and false, FILETIME a UTC time
 * ("2026-01-05T10:00:00.5Z"). The field's value is undefined after false. */
bool iw_lab_record_try_set(struct iw_lab_record *record, const char *name, const char *text);

/* Sets the strings of an unnamed field; items live until the event is written. */
void iw_lab_record_set_items(struct iw_lab_record *record, const struct iw_lab_value *items,
                             uint32_t n_items);

/* The text of a field as the event shows it, or NULL when the kind has not got it or it is an
 * array; out is used where the value is no text. */
const char *iw_lab_record_get(const struct iw_lab_record *record, const char *name, char *out,
                              size_t size_bytes);

#endif
