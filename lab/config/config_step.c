/*
 * Texts of event 29 (see config_step.h).
 *
 * Source: published events and Sigma rules show /system.webServer/modules/add with the name as
 * NewValue, /system.webServer/httpLogging/@dontLog,
 * /system.applicationHost/sites/site[@name="Default Web Site" and @id="1"]/@state, and
 * /system.webServer/modules/remove with an empty NewValue. The forms add[@name="X"],
 * add[@name="X"]/@image and remove[@name="X"], the old value of a removal (the key) and the empty
 * old value of what stood at its default follow from the pattern; no source shows them.
 * What it ignores: quotes in keys, which nothing shows escaped; EditOperationType.
 */
#include "lab/config/config_step.h"

#include "lab/config/config_schema.h"
#include "lab/config/config_text.h"
#include "lab/lab_alloc.h"

#include <string.h>

enum { MAX_DEPTH = 32 };

/* [@name="X" and @id="1"] of the keys the element has. */
static void add_keys(struct iw_lab_config_text *text, const struct iw_lab_config_section *section,
                     const struct iw_lab_element *element)
{
    const char *between = "[@";
    for (size_t i = 0; i < IW_LAB_CONFIG_MAX_KEYS && section->keys[i] != NULL; i++) {
        const char *value = iw_lab_element_get(element, section->keys[i]);
        if (value != NULL) {
            iw_lab_config_text_join(text, between, section->keys[i], "=\"", value, "\"", NULL);
            between = " and @";
        }
    }
    if (between[0] == ' ') {
        iw_lab_config_text_join(text, "]", NULL);
    }
}

/*
 * The path of the element below <configuration> and <location> in the words of event 29, with last
 * (NULL: its own name) as the last element's name. first_key gets its first key's value, or NULL.
 */
static struct iw_lab_config_text describe(const struct iw_lab_element *element, const char *last,
                                          const char **first_key)
{
    const struct iw_lab_element *chain[MAX_DEPTH];
    size_t n = 0;
    for (; element->parent != NULL && n < MAX_DEPTH; element = element->parent) {
        if (strcmp(element->name, "location") != 0) {
            chain[n++] = element;
        }
    }
    struct iw_lab_config_text text = {0};
    struct iw_lab_config_text plain = {0}; /* the same without keys, to look collections up */
    *first_key = NULL;
    while (n > 0) {
        const struct iw_lab_element *at = chain[--n];
        const char *name = strcmp(at->name, "remove") == 0 ? NULL : at->name;
        const struct iw_lab_config_section *section =
            plain.bytes == NULL ? NULL : iw_lab_config_find_collection(plain.bytes, name);
        iw_lab_config_text_join(&text, "/", n == 0 && last != NULL ? last : at->name, NULL);
        iw_lab_config_text_join(&plain, plain.bytes == NULL ? "" : "/", at->name, NULL);
        if (section != NULL) {
            add_keys(&text, section, at);
        }
        *first_key = section == NULL ? NULL : iw_lab_element_get(at, section->keys[0]);
    }
    iw_lab_alloc_release(plain.bytes);
    return text;
}

static void append_step(struct iw_lab_config_steps *steps, struct iw_lab_config_text *text,
                        const char *old_value, const char *new_value)
{
    steps->items = iw_lab_alloc_resize(steps->items, steps->n_items + 1, sizeof *steps->items);
    steps->items[steps->n_items++] = (struct iw_lab_config_step){
        .configuration = iw_lab_config_text_take(text),
        .old_value = iw_lab_alloc_text(old_value, strlen(old_value)),
        .new_value = iw_lab_alloc_text(new_value, strlen(new_value)),
    };
}

void iw_lab_config_step_add(struct iw_lab_config_steps *steps, const struct iw_lab_element *element)
{
    if (steps == NULL) {
        return;
    }
    const char *key;
    struct iw_lab_config_text text = describe(element, NULL, &key);
    append_step(steps, &text, "", key == NULL ? "" : key);
}

void iw_lab_config_step_remove(struct iw_lab_config_steps *steps,
                               const struct iw_lab_element *element)
{
    if (steps == NULL) {
        return;
    }
    const char *key;
    struct iw_lab_config_text text = describe(element, "remove", &key);
    append_step(steps, &text, key == NULL ? "" : key, "");
}

void iw_lab_config_step_set(struct iw_lab_config_steps *steps, const struct iw_lab_element *element,
                            const char *attribute, const char *old_value, const char *new_value)
{
    if (steps == NULL) {
        return;
    }
    const char *key;
    struct iw_lab_config_text text = describe(element, NULL, &key);
    iw_lab_config_text_join(&text, "/@", attribute, NULL);
    append_step(steps, &text, old_value == NULL ? "" : old_value, new_value);
}

void iw_lab_config_steps_done(struct iw_lab_config_steps *steps)
{
    for (size_t i = 0; i < steps->n_items; i++) {
        iw_lab_alloc_release(steps->items[i].configuration);
        iw_lab_alloc_release(steps->items[i].old_value);
        iw_lab_alloc_release(steps->items[i].new_value);
    }
    iw_lab_alloc_release(steps->items);
    *steps = (struct iw_lab_config_steps){0};
}
