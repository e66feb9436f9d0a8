/**
 * YAML documents as small trees that remember where each piece stood and how it was quoted.
 *
 * Aliases are followed, and count as everything they stand for: an alias bomb meets the limit on
 * nodes. Refused: duplicate keys, keys that are not scalars, merge keys, tags other than !!str, and
 * anything past the limits of base/limits.h.
 */
#ifndef IW_BASE_YAML_NODE_H
#define IW_BASE_YAML_NODE_H

#include "base/arena.h"
#include "base/error.h"

enum iw_yaml_kind { IW_YAML_SCALAR = 0, IW_YAML_SEQUENCE, IW_YAML_MAPPING };

struct iw_yaml_node;

/** One item of a sequence (no key) or one pair of a mapping. */
struct iw_yaml_entry {
    const struct iw_yaml_node *key; /* NULL in a sequence; else a scalar */
    const struct iw_yaml_node *value;
    struct iw_yaml_entry *next;
};

struct iw_yaml_node {
    enum iw_yaml_kind kind;
    bool is_plain;      /* scalar without quotes or tag: may be a number, a boolean or null */
    uint32_t line;      /* 1-based */
    uint32_t column;    /* 1-based */
    struct iw_str text; /* of a scalar; UTF-8 */
    struct iw_yaml_entry *first, *last;
    size_t n_entries;
    size_t n_nodes;  /* this and everything below, aliases expanded */
    uint32_t height; /* levels below this one */
};

/** A parser over one text. The trees live in the arena given. */
struct iw_yaml_stream;

/** NULL: no memory. *yaml* and *arena* must outlive it. */
struct iw_yaml_stream *iw_yaml_stream_new(struct iw_str yaml, struct iw_arena *arena);
void iw_yaml_stream_free(struct iw_yaml_stream *stream);

/**
 * Reads the next document.
 *
 * @param ret  its root; NULL for an empty document. Valid as long as the arena
 * @return IW_OK; IW_END after the last one; IW_EFORMAT (not YAML: nothing more can be read);
 *         IW_ERULE (YAML that is refused: the next document can be read); IW_ELIMIT (the same, a
 *         limit; past IW_LIMIT_YAML_DEPTH_PASSED nothing more can be read); IW_ENOMEM. *err* says
 * line and column.
 */
enum iw_rc iw_yaml_stream_next(struct iw_yaml_stream *stream, const struct iw_yaml_node **ret,
                               struct iw_error *err);

/** The value of *key* in a mapping, or NULL. */
const struct iw_yaml_node *iw_yaml_find(const struct iw_yaml_node *mapping, const char *key);

/** Whether a scalar is YAML 1.2's null: plain and empty, `~`, `null`, `Null` or `NULL`. */
bool iw_yaml_is_null(const struct iw_yaml_node *node);

#endif
