/*
 * The element tree (see config_tree.h).
 *
 * What it does: links, attributes, document order, deep copy.
 * What it ignores: text between elements (IIS configuration has none), namespaces, and quadratic
 * cost: a file has a thousand elements.
 */
#include "lab/config/config_tree.h"

#include "lab/lab_alloc.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static char *copy_text(const char *text)
{
    return text == NULL ? NULL : iw_lab_alloc_text(text, strlen(text));
}

static void link_before(struct iw_lab_element *parent, struct iw_lab_element *element,
                        struct iw_lab_element *sibling)
{
    struct iw_lab_element *previous = sibling == NULL ? parent->last : sibling->previous;
    element->parent = parent;
    element->previous = previous;
    element->next = sibling;
    if (previous == NULL) {
        parent->first = element;
    } else {
        previous->next = element;
    }
    if (sibling == NULL) {
        parent->last = element;
    } else {
        sibling->previous = element;
    }
}

static void unlink_element(struct iw_lab_element *element)
{
    struct iw_lab_element *parent = element->parent;
    if (parent == NULL) {
        return;
    }
    if (element->previous == NULL) {
        parent->first = element->next;
    } else {
        element->previous->next = element->next;
    }
    if (element->next == NULL) {
        parent->last = element->previous;
    } else {
        element->next->previous = element->previous;
    }
    element->parent = NULL;
    element->previous = NULL;
    element->next = NULL;
}

struct iw_lab_element *iw_lab_element_new(struct iw_lab_element *parent, const char *name)
{
    struct iw_lab_element *element = iw_lab_alloc_zeroed(1, sizeof *element);
    element->name = copy_text(name);
    if (parent != NULL) {
        link_before(parent, element, NULL);
    }
    return element;
}

struct iw_lab_element *iw_lab_element_new_comment(struct iw_lab_element *parent, const char *text)
{
    struct iw_lab_element *element = iw_lab_element_new(parent, NULL);
    element->comment = copy_text(text);
    return element;
}

static void free_one(struct iw_lab_element *element)
{
    for (size_t i = 0; i < element->n_attributes; i++) {
        iw_lab_alloc_release(element->attributes[i].name);
        iw_lab_alloc_release(element->attributes[i].value);
    }
    iw_lab_alloc_release(element->attributes);
    iw_lab_alloc_release(element->name);
    iw_lab_alloc_release(element->comment);
    iw_lab_alloc_release(element);
}

void iw_lab_element_free(struct iw_lab_element *element)
{
    if (element == NULL) {
        return;
    }
    unlink_element(element);
    struct iw_lab_element *at = element;
    while (at != NULL) {
        if (at->first != NULL) {
            at = at->first;
            continue;
        }
        struct iw_lab_element *parent = at->parent; /* NULL for the root of what is freed */
        unlink_element(at);
        free_one(at);
        at = parent;
    }
}

static struct iw_lab_element *copy_one(struct iw_lab_element *parent,
                                       const struct iw_lab_element *from)
{
    struct iw_lab_element *copy = iw_lab_element_new(parent, from->name);
    copy->comment = copy_text(from->comment);
    copy->is_cdata = from->is_cdata;
    copy->is_encoded = from->is_encoded;
    for (size_t i = 0; i < from->n_attributes; i++) {
        iw_lab_element_set(copy, from->attributes[i].name, from->attributes[i].value);
    }
    return copy;
}

struct iw_lab_element *iw_lab_element_copy(const struct iw_lab_element *element)
{
    struct iw_lab_element *copy = copy_one(NULL, element);
    const struct iw_lab_element *from = element;
    struct iw_lab_element *to = copy;
    while (true) {
        if (from->first != NULL) {
            from = from->first;
            to = copy_one(to, from);
            continue;
        }
        while (from != element && from->next == NULL) {
            from = from->parent;
            to = to->parent;
        }
        if (from == element) {
            return copy;
        }
        from = from->next;
        to = copy_one(to->parent, from);
    }
}

void iw_lab_element_move_before(struct iw_lab_element *element, struct iw_lab_element *sibling)
{
    struct iw_lab_element *parent = element->parent;
    if (parent == NULL || element == sibling) {
        return;
    }
    unlink_element(element);
    link_before(parent, element, sibling);
}

const struct iw_lab_element *iw_lab_element_following(const struct iw_lab_element *root,
                                                      const struct iw_lab_element *element)
{
    if (element->first != NULL) {
        return element->first;
    }
    while (element != root && element->next == NULL) {
        element = element->parent;
    }
    return element == root ? NULL : element->next;
}

static size_t find_attribute(const struct iw_lab_element *element, const char *name)
{
    size_t i = 0;
    while (i < element->n_attributes && strcmp(element->attributes[i].name, name) != 0) {
        i++;
    }
    return i;
}

const char *iw_lab_element_get(const struct iw_lab_element *element, const char *name)
{
    size_t i = find_attribute(element, name);
    return i == element->n_attributes ? NULL : element->attributes[i].value;
}

void iw_lab_element_set(struct iw_lab_element *element, const char *name, const char *value)
{
    size_t i = find_attribute(element, name);
    char *copy = copy_text(value); /* value may be the text that is replaced */
    if (i == element->n_attributes) {
        element->attributes =
            iw_lab_alloc_resize(element->attributes, i + 1, sizeof *element->attributes);
        element->attributes[i].name = copy_text(name);
        element->n_attributes++;
    } else {
        iw_lab_alloc_release(element->attributes[i].value);
    }
    element->attributes[i].value = copy;
}

void iw_lab_element_unset(struct iw_lab_element *element, const char *name)
{
    size_t i = find_attribute(element, name);
    if (i == element->n_attributes) {
        return;
    }
    iw_lab_alloc_release(element->attributes[i].name);
    iw_lab_alloc_release(element->attributes[i].value);
    element->n_attributes--;
    memmove(&element->attributes[i], &element->attributes[i + 1],
            (element->n_attributes - i) * sizeof *element->attributes);
}

struct iw_lab_element *iw_lab_element_child(const struct iw_lab_element *element, const char *name)
{
    struct iw_lab_element *child = element == NULL ? NULL : element->first;
    while (child != NULL && (child->name == NULL || strcmp(child->name, name) != 0)) {
        child = child->next;
    }
    return child;
}

struct iw_lab_element *iw_lab_element_make_child(struct iw_lab_element *element, const char *name)
{
    struct iw_lab_element *child = iw_lab_element_child(element, name);
    return child == NULL ? iw_lab_element_new(element, name) : child;
}

struct iw_lab_element *iw_lab_element_find(const struct iw_lab_element *element, const char *name,
                                           const char *attribute, const char *value)
{
    struct iw_lab_element *child = iw_lab_element_child(element, name);
    for (; child != NULL; child = child->next) {
        const char *is = child->name == NULL || strcmp(child->name, name) != 0
                             ? NULL
                             : iw_lab_element_get(child, attribute);
        if (is != NULL && strcasecmp(is, value) == 0) {
            return child;
        }
    }
    return NULL;
}
