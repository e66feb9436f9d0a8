/*
 * A small JSON reader for the lab's own input: one text becomes a tree of nodes in one array.
 *
 * Node 0 is the document. Children of an object or array are linked by first_child and next (0 =
 * none). Text is decoded UTF-8 that may hold NUL (from \u0000) and lone surrogates in their
 * three-byte form (from \ud800).
 */
#ifndef IW_LAB_JSON_H
#define IW_LAB_JSON_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_json_kind {
    IW_LAB_JSON_NULL,
    IW_LAB_JSON_FALSE,
    IW_LAB_JSON_TRUE,
    IW_LAB_JSON_NUMBER, /* text holds the number as written */
    IW_LAB_JSON_STRING,
    IW_LAB_JSON_ARRAY,
    IW_LAB_JSON_OBJECT
};

struct iw_lab_json_node {
    enum iw_lab_json_kind kind;
    const char *key;  /* member name with NUL behind it, or NULL */
    const char *text; /* NUL-terminated */
    size_t size_bytes;
    uint32_t first_child;
    uint32_t next;
    uint32_t n_children;
};

struct iw_lab_json {
    struct iw_lab_json_node *nodes;
    size_t n_nodes;
    size_t n_room;
    char *texts;
};

/* Parses size_bytes bytes. False with the place and reason in error. Call iw_lab_json_done() in
 * both cases. */
bool iw_lab_json_parse(struct iw_lab_json *json, const char *text, size_t size_bytes,
                       struct iw_lab_error *error);
void iw_lab_json_done(struct iw_lab_json *json);

/* The member of an object, or NULL. */
const struct iw_lab_json_node *iw_lab_json_member(const struct iw_lab_json *json,
                                                  const struct iw_lab_json_node *object,
                                                  const char *key);

/* First child and next sibling, or NULL. */
const struct iw_lab_json_node *iw_lab_json_first(const struct iw_lab_json *json,
                                                 const struct iw_lab_json_node *node);
const struct iw_lab_json_node *iw_lab_json_next(const struct iw_lab_json *json,
                                                const struct iw_lab_json_node *node);

#endif
