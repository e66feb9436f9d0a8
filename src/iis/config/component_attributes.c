/*
 * Attributes that decide what runs. Sources: Microsoft's reference of handlers/add, httpHandlers/
 * add, aspNetCore, trace listeners, accessPolicy. An attribute left out has the value
 * the schema gives it, so that writing a default down is no change.
 */
#include "iis/config/component_attributes.h"

#include <stdlib.h>

#include "base/fold.h"
#include "iis/config/web_pattern.h"

struct attribute {
    enum iw_component_kind kind;
    const char *name;     /* in the order of names, within a kind */
    const char *standard; /* what it is where it is not written */
    bool is_list;         /* of items between commas */
    bool is_folded;
    bool is_set; /* a list whose order says nothing: sorted */
};

static const struct attribute ATTRIBUTES[] = {
    {IW_COMPONENT_HANDLER, "allowPathInfo", "false", false, true, false},
    {IW_COMPONENT_HANDLER, "modules", "ManagedPipelineHandler", true, false, false},
    {IW_COMPONENT_HANDLER, "path", "", true, true, false},
    {IW_COMPONENT_HANDLER, "requireAccess", "Script", true, true, false},
    {IW_COMPONENT_HANDLER, "resourceType", "Unspecified", false, true, false},
    {IW_COMPONENT_HANDLER, "verb", "", true, false, false},
    {IW_COMPONENT_NET_HANDLER, "verb", "", true, false, false},
    {IW_COMPONENT_ASP_NET_CORE_PROCESS, "hostingModel", "OutOfProcess", false, true, false},
    {IW_COMPONENT_TRACE_LISTENER, "initializeData", "", false, false, false},
    {IW_COMPONENT_ACCESS_POLICY, "accessPolicy", "Read", true, true, true},
};
enum { N_ATTRIBUTES = sizeof ATTRIBUTES / sizeof ATTRIBUTES[0] };

static int compare_items(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

/* The items of a value, in *arena*; one, where it is no list. NULL: no memory. */
static struct iw_str *items_of(const struct attribute *attribute, struct iw_str value,
                               struct iw_arena *arena, size_t *ret_n)
{
    size_t most = 1;
    struct iw_str *items;
    *ret_n = 0;
    for (size_t i = 0; i < value.n; i++)
        most += value.p[i] == ',';
    items = iw_arena_calloc(arena, most, sizeof *items);
    while (items != NULL && value.n != 0) {
        items[(*ret_n)++] = attribute->is_list ? iw_web_list_next(&value, ',') : value;
        if (!attribute->is_list)
            value.n = 0;
    }
    if (attribute->is_set && *ret_n > 1)
        qsort(items, *ret_n, sizeof *items, compare_items);
    return items;
}

/* "name=value", items of a list joined by one comma. p NULL: no memory. */
static struct iw_str text_of(const struct attribute *attribute, struct iw_str value,
                             struct iw_arena *arena)
{
    size_t n = strlen(attribute->name), n_items;
    char *out = iw_arena_alloc(arena, n + value.n + 2);
    const struct iw_str *items = items_of(attribute, value, arena, &n_items);
    if (out == NULL || items == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(out, attribute->name, n);
    out[n++] = '=';
    for (size_t i = 0; i < n_items; i++) {
        if (attribute->is_set && i != 0 && iw_str_equal(items[i], items[i - 1]))
            continue;
        if (i != 0)
            out[n++] = ',';
        if (items[i].n != 0)
            memcpy(out + n, items[i].p, items[i].n);
        n += items[i].n;
    }
    return (struct iw_str){out, n};
}

static struct iw_str settle(const struct attribute *attribute,
                            const struct iw_config_element *element, struct iw_arena *arena)
{
    struct iw_str value =
        iw_config_value(element, iw_str_of(attribute->name), iw_str_of(attribute->standard));
    if (attribute->is_folded && value.n != 0) {
        value = iw_fold_text(value, arena);
        if (value.p == NULL)
            return value;
    }
    return text_of(attribute, value, arena);
}

enum iw_rc iw_component_attributes(const struct iw_component *component, struct iw_arena *arena,
                                   struct iw_text_list *ret)
{
    struct iw_str *items = iw_arena_calloc(arena, N_ATTRIBUTES, sizeof *items);
    size_t n = 0;
    *ret = (struct iw_text_list){0};
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < N_ATTRIBUTES; i++) {
        if (ATTRIBUTES[i].kind != component->kind || component->element == NULL ||
            component->state == IW_COMPONENT_UNKNOWN)
            continue;
        items[n] = settle(&ATTRIBUTES[i], component->element, arena);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, n};
    return IW_OK;
}
