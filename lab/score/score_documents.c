/*
 * Files of JSON lines (see score_documents.h).
 *
 * What it does: cuts at line ends and gives each line to the lab's JSON reader.
 * What it ignores: the size of files; they are the lab's own and the detector's output for it.
 */
#include "lab/score/score_documents.h"

#include "lab/lab_alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_BYTES 65536U

bool iw_lab_documents_parse(struct iw_lab_documents *documents, const char *text, size_t size_bytes,
                            const char *name, struct iw_lab_error *error)
{
    *documents = (struct iw_lab_documents){0};
    size_t line = 0;
    for (size_t at = 0; at < size_bytes;) {
        const char *start = text + at;
        const char *end = memchr(start, '\n', size_bytes - at);
        size_t length = end != NULL ? (size_t)(end - start) : size_bytes - at;
        at += length + 1;
        line++;
        if (length == 0) {
            continue;
        }
        documents->items =
            iw_lab_list_room(documents->items, documents->n, sizeof *documents->items);
        struct iw_lab_document *document = &documents->items[documents->n++];
        *document = (struct iw_lab_document){.line = line};
        struct iw_lab_error reason = {.text = ""};
        if (!iw_lab_json_parse(&document->json, start, length, &reason)) {
            return iw_lab_error_set(error, "%s:%zu: %s", name, line, reason.text);
        }
        if (document->json.nodes[0].kind != IW_LAB_JSON_OBJECT) {
            return iw_lab_error_set(error, "%s:%zu: an object expected", name, line);
        }
    }
    return true;
}

bool iw_lab_documents_read(struct iw_lab_documents *documents, const char *path,
                           struct iw_lab_error *error)
{
    *documents = (struct iw_lab_documents){0};
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%s: cannot read: %s", path, strerror(errno));
    }
    char *text = NULL;
    size_t size_bytes = 0;
    size_t used = 0;
    do {
        text = iw_lab_alloc_resize(text, size_bytes + READ_BYTES, 1);
        used = fread(text + size_bytes, 1, READ_BYTES, stream);
        size_bytes += used;
    } while (used > 0);
    bool ok = ferror(stream) == 0;
    fclose(stream);
    if (!ok) {
        iw_lab_error_set(error, "%s: reading failed", path);
    } else {
        ok = iw_lab_documents_parse(documents, text, size_bytes, path, error);
    }
    iw_lab_alloc_release(text);
    return ok;
}

void iw_lab_documents_done(struct iw_lab_documents *documents)
{
    for (size_t i = 0; i < documents->n; i++) {
        iw_lab_json_done(&documents->items[i].json);
    }
    iw_lab_alloc_release(documents->items);
    *documents = (struct iw_lab_documents){0};
}

const char *iw_lab_document_text(const struct iw_lab_json *json,
                                 const struct iw_lab_json_node *object, const char *key)
{
    const struct iw_lab_json_node *node =
        object == NULL ? NULL : iw_lab_json_member(json, object, key);
    return node != NULL && node->kind == IW_LAB_JSON_STRING ? node->text : NULL;
}

bool iw_lab_document_number(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                            const char *key, uint64_t *number)
{
    const struct iw_lab_json_node *node =
        object == NULL ? NULL : iw_lab_json_member(json, object, key);
    if (node == NULL || (node->kind != IW_LAB_JSON_NUMBER && node->kind != IW_LAB_JSON_STRING) ||
        node->text[0] < '0' || node->text[0] > '9') {
        return false;
    }
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(node->text, &end, 10);
    if (errno != 0 || *end != '\0') {
        return false;
    }
    *number = value;
    return true;
}

void iw_lab_document_words(const struct iw_lab_json *json, const struct iw_lab_json_node *object,
                           const char *key, struct iw_lab_words *words)
{
    const struct iw_lab_json_node *list =
        object == NULL ? NULL : iw_lab_json_member(json, object, key);
    if (list == NULL || list->kind != IW_LAB_JSON_ARRAY) {
        return;
    }
    const struct iw_lab_json_node *word = iw_lab_json_first(json, list);
    for (; word != NULL; word = iw_lab_json_next(json, word)) {
        if (word->kind == IW_LAB_JSON_STRING) {
            iw_lab_words_add(words, word->text);
        }
    }
}
