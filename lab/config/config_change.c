/*
 * Changes of a configuration (iw_lab_config_apply) and what stands in it (iw_lab_config_get).
 *
 * What it does: finds the section's collection at the server, under a location or in a web.config;
 * adds, removes, sets; the texts of event 29. A change is checked whole before anything is touched.
 * Source: collections, <remove> and lockItem of Microsoft's IIS configuration reference.
 * What it ignores: overrideMode (whether a section is locked below), types of values. An entry that
 * is only inherited cannot be set under a location or in a web.config.
 */
#include "lab/config/config_file.h"
#include "lab/config/config_path.h"
#include "lab/config/config_schema.h"
#include "lab/config/config_step.h"
#include "lab/config/config_text.h"

#include "lab/lab_alloc.h"

#include <string.h>
#include <strings.h>

struct task {
    struct iw_lab_config *config;
    const struct iw_lab_config_change *change;
    const struct iw_lab_config_section *section;
    const char *location; /* NULL: none */
    struct iw_lab_config_steps *steps;
    struct iw_lab_error *error;
};

static const char *plain_name(const struct iw_lab_config_attribute *attribute)
{
    return attribute->name + (attribute->name[0] == '@');
}

static bool is_plain(const struct iw_lab_config_attribute *attribute)
{
    return strpbrk(attribute->name, "/[") == NULL;
}

static bool is_key(const struct iw_lab_config_section *section, const char *name)
{
    for (size_t i = 0; i < IW_LAB_CONFIG_MAX_KEYS && section->keys[i] != NULL; i++) {
        if (strcmp(section->keys[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* What the change says of an attribute, or NULL. */
static const char *said(const struct iw_lab_config_change *change, const char *name)
{
    for (size_t i = 0; i < change->n_attributes; i++) {
        if (strcmp(plain_name(&change->attributes[i]), name) == 0) {
            return change->attributes[i].value;
        }
    }
    return NULL;
}

static bool is_same(const struct iw_lab_config_section *section, const char *a, const char *b)
{
    a = a == NULL ? "" : a;
    b = b == NULL ? "" : b;
    return (section->rules & IW_LAB_CONFIG_EXACT) != 0 ? strcmp(a, b) == 0 : strcasecmp(a, b) == 0;
}

/* Is the element the one the change names? Keys it does not say are not compared. */
static bool is_named(const struct iw_lab_config_section *section,
                     const struct iw_lab_element *element,
                     const struct iw_lab_config_change *change)
{
    bool is_combined = (section->rules & IW_LAB_CONFIG_COMBINED) != 0;
    size_t n_keys = is_combined ? IW_LAB_CONFIG_MAX_KEYS : 1;
    bool is_one_said = false;
    for (size_t i = 0; i < n_keys && section->keys[i] != NULL; i++) {
        const char *value = said(change, section->keys[i]);
        if (value != NULL &&
            !is_same(section, value, iw_lab_element_get(element, section->keys[i]))) {
            return false;
        }
        is_one_said = is_one_said || value != NULL;
    }
    return is_one_said;
}

/* Would an element with the attributes of the change be a second one of the same key? */
static bool is_twin(const struct iw_lab_config_section *section,
                    const struct iw_lab_element *element, const struct iw_lab_config_change *change)
{
    bool is_combined = (section->rules & IW_LAB_CONFIG_COMBINED) != 0;
    for (size_t i = 0; i < IW_LAB_CONFIG_MAX_KEYS && section->keys[i] != NULL; i++) {
        const char *value = said(change, section->keys[i]);
        bool same = is_same(section, value, iw_lab_element_get(element, section->keys[i]));
        if (is_combined ? !same : same && value != NULL) {
            return !is_combined;
        }
    }
    return is_combined;
}

typedef bool comparison(const struct iw_lab_config_section *section,
                        const struct iw_lab_element *element,
                        const struct iw_lab_config_change *change);

static struct iw_lab_element *find_in(const struct iw_lab_element *container, const char *name,
                                      const struct task *task, comparison *compare)
{
    struct iw_lab_element *child = iw_lab_element_child(container, name);
    for (; child != NULL; child = child->next) {
        if (child->name != NULL && strcmp(child->name, name) == 0 &&
            compare(task->section, child, task->change)) {
            return child;
        }
    }
    return NULL;
}

/* Below what the section's path begins; NULL when there is no such location. */
static struct iw_lab_element *find_base(const struct iw_lab_config *config,
                                        const struct iw_lab_config_section *section,
                                        const char *location)
{
    if (location != NULL) {
        return iw_lab_config_find_location(config, location);
    }
    struct iw_lab_element *unlocked = (section->rules & IW_LAB_CONFIG_UNLOCKED) != 0
                                          ? iw_lab_config_find_location(config, "")
                                          : NULL;
    return unlocked == NULL ? config->root : unlocked;
}

/* The element at the path below base; with is_made, made when it is not there; else NULL. */
static struct iw_lab_element *walk_down(struct iw_lab_element *base, const char *path, bool is_made)
{
    struct iw_lab_element *at = base;
    while (at != NULL && *path != '\0') {
        size_t name_bytes = strcspn(path, "/");
        char *name = iw_lab_alloc_text(path, name_bytes);
        at = is_made ? iw_lab_element_make_child(at, name) : iw_lab_element_child(at, name);
        iw_lab_alloc_release(name);
        path += name_bytes;
        path += *path == '/';
    }
    return at;
}

static struct iw_lab_element *find_container(const struct iw_lab_config *config,
                                             const struct iw_lab_config_section *section,
                                             const char *location)
{
    return walk_down(find_base(config, section, location), section->path, false);
}

static struct iw_lab_element *make_container(const struct task *task)
{
    struct iw_lab_element *base = find_base(task->config, task->section, task->location);
    if (base == NULL) {
        base = iw_lab_element_new(task->config->root, "location");
        iw_lab_element_set(base, "path", task->location);
    }
    return walk_down(base, task->section->path, true);
}

/* The entry after what stands in this container, given the one it inherits. */
static struct iw_lab_element *inherit(const struct task *task,
                                      const struct iw_lab_element *container,
                                      struct iw_lab_element *inherited, comparison *compare)
{
    if (iw_lab_element_child(container, "clear") != NULL ||
        find_in(container, "remove", task, compare) != NULL) {
        inherited = NULL;
    }
    struct iw_lab_element *own = find_in(container, task->section->element, task, compare);
    return own == NULL ? inherited : own;
}

/* The entry that a location gets from the server and from the locations above it, or NULL. */
static struct iw_lab_element *find_inherited(const struct task *task, comparison *compare)
{
    const struct iw_lab_element *container = find_container(task->config, task->section, NULL);
    struct iw_lab_element *entry = find_in(container, task->section->element, task, compare);
    for (size_t i = 1; task->location[i] != '\0'; i++) {
        if (task->location[i] == '/') {
            char *above = iw_lab_alloc_text(task->location, i);
            container = find_container(task->config, task->section, above);
            entry = inherit(task, container, entry, compare);
            iw_lab_alloc_release(above);
        }
    }
    return entry;
}

static void set_value(const struct task *task, struct iw_lab_element *element, const char *name,
                      const char *value)
{
    const char *is = iw_lab_element_get(element, name);
    if (is == NULL || strcmp(is, value) != 0) {
        iw_lab_config_step_set(task->steps, element, name, is, value);
        iw_lab_element_set(element, name, value);
    }
}

/* Sets an attribute that may be a path; elements on the way are made. */
static void set_attribute(const struct task *task, struct iw_lab_element *element,
                          const struct iw_lab_config_attribute *attribute)
{
    const char *path = attribute->name;
    struct iw_lab_config_part part;
    while (iw_lab_config_path_next(&path, &part) && !part.is_attribute) {
        struct iw_lab_element *child = iw_lab_config_path_child(element, &part);
        if (child == NULL) {
            child = iw_lab_element_new(element, part.name);
            if (part.key[0] != '\0') {
                iw_lab_element_set(child, part.key, part.value);
                iw_lab_config_step_add(task->steps, child);
            }
        }
        element = child;
    }
    set_value(task, element, part.name, attribute->value);
}

/* What would be an element, as the text of a comment or of a CDATA section. */
static void add_text(const struct task *task, struct iw_lab_element *container)
{
    struct iw_lab_config_text text = {0};
    iw_lab_config_text_join(&text, "<", task->section->element, NULL);
    for (size_t i = 0; i < task->change->n_attributes; i++) {
        const struct iw_lab_config_attribute *attribute = &task->change->attributes[i];
        iw_lab_config_text_join(&text, " ", plain_name(attribute), "=\"", attribute->value, "\"",
                                NULL);
    }
    iw_lab_config_text_join(&text, " />", NULL);
    char *words = iw_lab_config_text_take(&text);
    iw_lab_element_new_comment(container, words)->is_cdata =
        task->change->spelling == IW_LAB_CONFIG_CDATA;
    iw_lab_alloc_release(words);
}

static bool add_clear(const struct task *task)
{
    if (task->config->kind != IW_LAB_CONFIG_KIND_WEB && task->location == NULL) {
        return iw_lab_error_set(task->error, "%s: the server's own entries are not cleared",
                                task->section->path);
    }
    iw_lab_element_new(make_container(task), "clear");
    return true;
}

static bool add_element(const struct task *task)
{
    const struct iw_lab_config_section *section = task->section;
    const struct iw_lab_config_change *change = task->change;
    struct iw_lab_element *twin = NULL;
    const struct iw_lab_element *there = find_container(task->config, section, task->location);
    if (task->config->kind == IW_LAB_CONFIG_KIND_SERVER && task->location != NULL) {
        twin = find_inherited(task, is_twin);
    }
    twin = inherit(task, there, twin, is_twin);
    if (twin != NULL) {
        return iw_lab_error_set(task->error, "%s has an entry with the key of \"%s\" already",
                                section->path, change->attributes[0].value);
    }
    struct iw_lab_element *container = make_container(task);
    if (change->spelling == IW_LAB_CONFIG_COMMENT || change->spelling == IW_LAB_CONFIG_CDATA) {
        add_text(task, container);
        return true;
    }
    struct iw_lab_element *before = (section->rules & IW_LAB_CONFIG_AT_FRONT) != 0
                                        ? iw_lab_element_child(container, section->element)
                                        : NULL;
    struct iw_lab_element *element = iw_lab_element_new(container, section->element);
    iw_lab_element_move_before(element, before);
    element->is_encoded = change->spelling == IW_LAB_CONFIG_ENCODED;
    for (size_t i = 0; i < change->n_attributes; i++) {
        if (is_plain(&change->attributes[i])) {
            iw_lab_element_set(element, plain_name(&change->attributes[i]),
                               change->attributes[i].value);
        }
    }
    iw_lab_config_step_add(task->steps, element);
    for (size_t i = 0; i < change->n_attributes; i++) {
        const struct iw_lab_config_attribute *attribute = &change->attributes[i];
        if (!is_plain(attribute)) {
            set_attribute(task, element, attribute);
        } else if (!is_key(section, plain_name(attribute))) {
            iw_lab_config_step_set(task->steps, element, plain_name(attribute), "",
                                   attribute->value);
        }
    }
    return true;
}

/* <remove key="…"/>, behind others of its kind and before what the file adds. */
static void add_remove(const struct task *task)
{
    struct iw_lab_element *container = make_container(task);
    struct iw_lab_element *sibling = container->first;
    while (sibling != NULL && sibling->name != NULL &&
           (strcmp(sibling->name, "remove") == 0 || strcmp(sibling->name, "clear") == 0)) {
        sibling = sibling->next;
    }
    struct iw_lab_element *element = iw_lab_element_new(container, "remove");
    iw_lab_element_move_before(element, sibling);
    for (size_t i = 0; i < task->change->n_attributes; i++) {
        const char *name = plain_name(&task->change->attributes[i]);
        if (is_key(task->section, name)) {
            iw_lab_element_set(element, name, task->change->attributes[i].value);
        }
    }
    iw_lab_config_step_remove(task->steps, element);
}

static bool refuse_missing(const struct task *task)
{
    return iw_lab_error_set(task->error, "%s has no entry \"%s\"%s%s", task->section->path,
                            task->change->attributes[0].value, task->location == NULL ? "" : " at ",
                            task->location == NULL ? "" : task->location);
}

static bool remove_element(const struct task *task)
{
    const struct iw_lab_element *container =
        find_container(task->config, task->section, task->location);
    struct iw_lab_element *own = find_in(container, task->section->element, task, is_named);
    if (own != NULL) {
        iw_lab_config_step_remove(task->steps, own);
        iw_lab_element_free(own);
        return true;
    }
    bool is_server = task->config->kind != IW_LAB_CONFIG_KIND_WEB;
    if ((is_server && task->location == NULL) ||
        find_in(container, "remove", task, is_named) != NULL) {
        return refuse_missing(task);
    }
    if (is_server) {
        const struct iw_lab_element *inherited = find_inherited(task, is_named);
        if (inherited == NULL) {
            return refuse_missing(task);
        }
        const char *lock = iw_lab_element_get(inherited, "lockItem");
        if (lock != NULL && strcmp(lock, "true") == 0) {
            return iw_lab_error_set(task->error, "%s: \"%s\" is locked (lockItem) by the server",
                                    task->section->path, task->change->attributes[0].value);
        }
    }
    add_remove(task);
    return true;
}

static bool set_attributes(const struct task *task)
{
    const struct iw_lab_config_change *change = task->change;
    const struct iw_lab_config_section *section = task->section;
    bool is_of_element =
        section->element != NULL && is_key(section, plain_name(change->attributes));
    struct iw_lab_element *element;
    if (is_of_element) {
        const struct iw_lab_element *container =
            find_container(task->config, section, task->location);
        element = find_in(container, section->element, task, is_named);
        if (element == NULL) {
            return refuse_missing(task);
        }
        if (change->n_attributes < 2) {
            return iw_lab_error_set(task->error, "%s: nothing to set on \"%s\"", section->path,
                                    change->attributes[0].value);
        }
    } else {
        element = make_container(task);
    }
    for (size_t i = is_of_element ? 1 : 0; i < change->n_attributes; i++) {
        set_attribute(task, element, &change->attributes[i]);
    }
    return true;
}

/* Is the change one that this section and this file can have? */
static bool check_section(const struct task *task)
{
    const struct iw_lab_config_section *section = task->section;
    enum iw_lab_config_kind kind = task->config->kind;
    if ((section->rules & IW_LAB_CONFIG_SERVER_ONLY) != 0 &&
        (kind == IW_LAB_CONFIG_KIND_WEB || task->location != NULL)) {
        return iw_lab_error_set(task->error,
                                "%s can be set for the server only (allowDefinition AppHostOnly)",
                                section->path);
    }
    if (kind != IW_LAB_CONFIG_KIND_WEB &&
        !iw_lab_config_is_registered(task->config->root, section->path)) {
        return iw_lab_error_set(task->error,
                                "%s is not in configSections of this file (feature not installed, "
                                "or a section of web.config)",
                                section->path);
    }
    return true;
}

static bool check_attributes(const struct task *task)
{
    const struct iw_lab_config_change *change = task->change;
    const struct iw_lab_config_section *section = task->section;
    if (change->verb == IW_LAB_CONFIG_CLEAR) {
        return (change->n_attributes == 0 && section->element != NULL) ||
               iw_lab_error_set(task->error, "%s: only a collection is cleared, without attributes",
                                section->path);
    }
    if (change->n_attributes == 0) {
        return iw_lab_error_set(task->error, "change of %s without attributes", section->path);
    }
    for (size_t i = 0; i < change->n_attributes; i++) {
        const struct iw_lab_config_attribute *attribute = &change->attributes[i];
        if (attribute->value == NULL || !iw_lab_config_path_check(attribute->name)) {
            return iw_lab_error_set(task->error, "%s: cannot read attribute \"%s\"", section->path,
                                    attribute->name);
        }
        if ((change->spelling == IW_LAB_CONFIG_COMMENT && strstr(attribute->value, "--") != NULL) ||
            (change->spelling == IW_LAB_CONFIG_CDATA && strstr(attribute->value, "]]>") != NULL)) {
            return iw_lab_error_set(task->error,
                                    "%s: \"%s\" would end the comment or CDATA section",
                                    section->path, attribute->value);
        }
    }
    if (change->verb == IW_LAB_CONFIG_SET) {
        return true;
    }
    if (section->element == NULL) {
        return iw_lab_error_set(task->error, "%s is no collection: it can only be set",
                                section->path);
    }
    bool is_keyed = is_key(section, plain_name(change->attributes));
    for (size_t i = 1; i < change->n_attributes && change->verb == IW_LAB_CONFIG_ADD; i++) {
        is_keyed = is_keyed || is_key(section, plain_name(&change->attributes[i]));
    }
    return is_keyed || iw_lab_error_set(task->error, "%s: the key (%s) is missing", section->path,
                                        section->keys[0]);
}

static const char *real_location(const char *location)
{
    return location == NULL || location[0] == '\0' ? NULL : location;
}

bool iw_lab_config_apply(struct iw_lab_config *config, const struct iw_lab_config_change *change,
                         struct iw_lab_config_steps *steps, struct iw_lab_error *error)
{
    struct task task = {
        .config = config,
        .change = change,
        .section = iw_lab_config_find_section(change->section),
        .location = real_location(change->location),
        .steps = steps,
        .error = error,
    };
    if (task.section == NULL) {
        return iw_lab_error_set(error, "there is no section \"%s\"", change->section);
    }
    if (!check_section(&task) || !check_attributes(&task)) {
        return false;
    }
    switch (change->verb) {
    case IW_LAB_CONFIG_ADD:
        return add_element(&task);
    case IW_LAB_CONFIG_REMOVE:
        return remove_element(&task);
    case IW_LAB_CONFIG_SET:
        return set_attributes(&task);
    case IW_LAB_CONFIG_CLEAR:
        return add_clear(&task);
    default:
        return iw_lab_error_set(error, "unknown kind of change");
    }
}

const char *iw_lab_config_get(const struct iw_lab_config *config, const char *section,
                              const char *location, const char *key, const char *attribute)
{
    const struct iw_lab_config_section *found = iw_lab_config_find_section(section);
    if (found == NULL) {
        return NULL;
    }
    const struct iw_lab_element *at = find_container(config, found, real_location(location));
    if (at != NULL && key[0] != '\0') {
        at = found->element == NULL ? NULL
                                    : iw_lab_element_find(at, found->element, found->keys[0], key);
    }
    struct iw_lab_config_part part;
    while (at != NULL && iw_lab_config_path_next(&attribute, &part)) {
        if (part.is_attribute) {
            return iw_lab_element_get(at, part.name);
        }
        at = iw_lab_config_path_child(at, &part);
    }
    return NULL;
}
