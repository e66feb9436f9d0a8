/*
 * Elements with ordered attributes: what a configuration file is made of.
 *
 * An element owns its texts, attributes and children. Its parent owns it; a root is owned by
 * whoever made it. Walks are loops over the links, so depth costs no stack.
 */
#ifndef IW_LAB_CONFIG_TREE_H
#define IW_LAB_CONFIG_TREE_H

#include <stdbool.h>
#include <stddef.h>

struct iw_lab_element_attribute {
    char *name;
    char *value;
};

struct iw_lab_element {
    char *name; /* NULL: a comment or a CDATA section, whose text is in comment */
    char *comment;
    bool is_cdata;   /* without name: CDATA instead of a comment */
    bool is_encoded; /* values are printed as character references */
    struct iw_lab_element_attribute *attributes;
    size_t n_attributes;
    struct iw_lab_element *parent;
    struct iw_lab_element *first;
    struct iw_lab_element *last;
    struct iw_lab_element *next;
    struct iw_lab_element *previous;
};

/* A new last child of parent; with parent NULL a root. */
struct iw_lab_element *iw_lab_element_new(struct iw_lab_element *parent, const char *name);
struct iw_lab_element *iw_lab_element_new_comment(struct iw_lab_element *parent, const char *text);
/* Takes the element out of its parent, if it has one, and frees it with all below. NULL is fine. */
void iw_lab_element_free(struct iw_lab_element *element);
/* A root that is a deep copy. */
struct iw_lab_element *iw_lab_element_copy(const struct iw_lab_element *element);
/* Moves element before its sibling; sibling NULL moves it to the end. */
void iw_lab_element_move_before(struct iw_lab_element *element, struct iw_lab_element *sibling);

/* The element behind `element` in document order, within root; NULL at the end. */
const struct iw_lab_element *iw_lab_element_following(const struct iw_lab_element *root,
                                                      const struct iw_lab_element *element);

/* The value, or NULL. */
const char *iw_lab_element_get(const struct iw_lab_element *element, const char *name);
/* Sets the value where the attribute stands, or adds it as the last. */
void iw_lab_element_set(struct iw_lab_element *element, const char *name, const char *value);
void iw_lab_element_unset(struct iw_lab_element *element, const char *name);

/* The first child of that name, or NULL; element may be NULL. */
struct iw_lab_element *iw_lab_element_child(const struct iw_lab_element *element, const char *name);
/* The same, made when it is not there. */
struct iw_lab_element *iw_lab_element_make_child(struct iw_lab_element *element, const char *name);
/* The first child of that name whose attribute has that value (ASCII case ignored); NULL: none. */
struct iw_lab_element *iw_lab_element_find(const struct iw_lab_element *element, const char *name,
                                           const char *attribute, const char *value);

#endif
