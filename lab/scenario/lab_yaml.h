/*
 * A YAML file as a tree of nodes that remember their lines, for the lab's scenarios.
 *
 * YAML 1.1 by libyaml; one document; no anchors, aliases or tags. Words as ${page} are put in while
 * reading. A text has at most IW_LAB_YAML_TEXT_BYTES, so that an event can hold it. Every complaint
 * says "file:line: reason".
 */
#ifndef IW_LAB_YAML_H
#define IW_LAB_YAML_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IW_LAB_YAML_TEXT_BYTES 20000U

enum iw_lab_yaml_kind { IW_LAB_YAML_TEXT, IW_LAB_YAML_LIST, IW_LAB_YAML_MAP };

struct iw_lab_yaml_node {
    enum iw_lab_yaml_kind kind;
    const char *key;            /* in a map, else NULL */
    const char *text;           /* "" for lists and maps */
    uint32_t line;              /* from 1 */
    uint32_t first_child, next; /* indexes; 0: none */
    uint32_t n_children;
};

struct iw_lab_yaml {
    const char *path;               /* borrowed */
    struct iw_lab_yaml_node *nodes; /* 0 is the document */
    size_t n_nodes, n_room;
    char **texts;
    size_t n_texts, n_texts_room;
};

/* Reads a whole file; names_index (from 1) chooses among the alternatives of its map `names`. Call
 * iw_lab_yaml_done() in both cases. */
bool iw_lab_yaml_read(struct iw_lab_yaml *yaml, const char *path, unsigned names_index,
                      struct iw_lab_error *error);
void iw_lab_yaml_done(struct iw_lab_yaml *yaml);

const struct iw_lab_yaml_node *iw_lab_yaml_first(const struct iw_lab_yaml *yaml,
                                                 const struct iw_lab_yaml_node *node);
const struct iw_lab_yaml_node *iw_lab_yaml_next(const struct iw_lab_yaml *yaml,
                                                const struct iw_lab_yaml_node *node);

/* The child of that key; NULL when there is none, or map is NULL or no map. */
const struct iw_lab_yaml_node *iw_lab_yaml_get(const struct iw_lab_yaml *yaml,
                                               const struct iw_lab_yaml_node *map, const char *key);
/* Its text, or otherwise (which may be NULL). */
const char *iw_lab_yaml_text(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                             const char *key, const char *otherwise);

/* Fills error with "file:line: …" and returns false. */
bool iw_lab_yaml_fail(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *node,
                      struct iw_lab_error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Is it a map with these keys and no others? keys is a list of words: `by*` is needed, `file` may
 * be there. A value is one text unless the word says `:map`, `:maps` (a list of maps), `:texts` (a
 * list of texts) or `:any`, before the star: `files:texts*`. The word `…` allows any others.
 */
bool iw_lab_yaml_check(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                       const char *keys, struct iw_lab_error *error);

/* Is it a word of such a list (or of any list of words separated by spaces)? */
bool iw_lab_yaml_is_word(const char *words, const char *word);

/* Values; an absent key leaves *value as it is and is no error. */
bool iw_lab_yaml_number(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                        const char *key, uint64_t max, uint64_t *value, struct iw_lab_error *error);
bool iw_lab_yaml_flag(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                      const char *key, bool *value, struct iw_lab_error *error);
/* 250ms, 15s, 3m, 2h, 4d, 1h30m, 1.5s: FILETIME steps (100 ns), ten years at most. Only a shift may
 * have a sign: -30s, +2h. */
bool iw_lab_yaml_span(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                      const char *key, uint64_t *value, struct iw_lab_error *error);
bool iw_lab_yaml_shift(const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map,
                       const char *key, int64_t *value, struct iw_lab_error *error);
bool iw_lab_yaml_read_span(const char *text, uint64_t *value);

#endif
