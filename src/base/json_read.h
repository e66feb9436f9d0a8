/**
 * Reading small JSON documents of our own kind (baselines, signatures, outputs given back): strict,
 * bounded, as a tree. Not for evidence, whose damage is read over (input/json/).
 *
 * Strict: RFC 8259 and nothing else; text that is not UTF-8, a lone surrogate and a name that
 * stands twice in one object are refused. No recursion.
 */
#ifndef IW_BASE_JSON_READ_H
#define IW_BASE_JSON_READ_H

#include "base/arena.h"
#include "base/error.h"

enum iw_json_kind {
    IW_JSON_NULL = 0,
    IW_JSON_FALSE,
    IW_JSON_TRUE,
    IW_JSON_NUMBER,
    IW_JSON_TEXT,
    IW_JSON_ARRAY,
    IW_JSON_OBJECT
};

/** One value. Lives in the arena; never changed after reading. */
struct iw_json_node {
    enum iw_json_kind kind;
    uint32_t n;                              /* members or elements */
    struct iw_str name;                      /* of a member of an object, unescaped; else empty */
    struct iw_str text;                      /* TEXT: unescaped, may hold NUL; NUMBER: as written */
    const struct iw_json_node *first, *next; /* first child; next sibling */
};

/**
 * Reads one value that fills *text* but for white space around it.
 *
 * @param ret  tree in *arena*; texts without escapes point into *text*, which must live as long
 * @return IW_OK; IW_EFORMAT (*err*: offset and what); IW_ELIMIT: deeper than IW_LIMIT_TREE_DEPTH,
 * more values than IW_LIMIT_TREE_VALUES, more members of one object than IW_LIMIT_TREE_MEMBERS;
 * IW_ENOMEM
 */
enum iw_rc iw_json_read(struct iw_str text, struct iw_arena *arena, const struct iw_json_node **ret,
                        struct iw_error *err);

/** The member of that name, or NULL. *object* may be NULL or of another kind. */
const struct iw_json_node *iw_json_find(const struct iw_json_node *object, struct iw_str name);

#endif
