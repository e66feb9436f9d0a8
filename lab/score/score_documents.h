/*
 * A file of JSON objects, one a line, held in memory. Whoever reads texts out of it borrows them:
 * they live as long as the documents.
 */
#ifndef IW_LAB_SCORE_DOCUMENTS_H
#define IW_LAB_SCORE_DOCUMENTS_H

#include "lab/json/lab_json.h"
#include "lab/lab_error.h"
#include "lab/score/score_list.h"

struct iw_lab_document {
    struct iw_lab_json json;
    size_t line; /* from 1 on */
};

struct iw_lab_documents {
    struct iw_lab_document *items;
    size_t n;
};

/* Reads a file. False with path, line and reason in error when it cannot be read or a line is no
 * JSON object; empty lines are passed over. Call iw_lab_documents_done() in both cases. */
bool iw_lab_documents_read(struct iw_lab_documents *documents, const char *path,
                           struct iw_lab_error *error);

/* The same from memory; name is for error. */
bool iw_lab_documents_parse(struct iw_lab_documents *documents, const char *text, size_t size_bytes,
                            const char *name, struct iw_lab_error *error);

/* May be called on zeroed documents. */
void iw_lab_documents_done(struct iw_lab_documents *documents);

/* The text of a string member; NULL when object is NULL, the member is not there or no string. */
const char *iw_lab_document_text(const struct iw_lab_json *json,
                                 const struct iw_lab_json_node *object, const char *key);

/* A whole number that is not negative, written as a number or as a string. False when it is not
 * there; *number is unchanged then. */
bool iw_lab_document_number(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                            const char *key, uint64_t *number);

/* Appends the strings of a list member; other values of it are passed over. */
void iw_lab_document_words(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                           const char *key, struct iw_lab_words *words);

#endif
