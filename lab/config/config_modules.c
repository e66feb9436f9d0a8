/*
 * Which native modules a worker loads, and %variables% in paths.
 *
 * Source: preCondition of Microsoft's globalModules/add reference (the conditions are separated by
 * commas and must all hold; appPoolName takes names separated by semicolons), classicMode of
 * installed files; WOW64's %ProgramFiles% for 32-bit processes.
 * What it ignores: managedHandler is a condition of requests, not of loading, and holds. A
 * condition that is not known does not hold.
 */
#include "lab/config/config_file.h"
#include "lab/config/config_text.h"
#include "lab/lab_alloc.h"

#include <string.h>
#include <strings.h>

struct worker {
    const char *pool;
    const char *clr;
    bool is_32;
    bool is_classic;
};

static bool is_word(const char *text, size_t size_bytes, const char *word)
{
    return strlen(word) == size_bytes && strncasecmp(text, word, size_bytes) == 0;
}

static bool is_in_list(const char *list, size_t size_bytes, const char *name)
{
    while (size_bytes > 0) {
        size_t i = 0;
        while (i < size_bytes && list[i] != ';') {
            i++;
        }
        if (is_word(list, i, name)) {
            return true;
        }
        i += i < size_bytes;
        list += i;
        size_bytes -= i;
    }
    return false;
}

static bool holds_one(const char *condition, size_t size_bytes, const struct worker *worker)
{
    static const char version[] = "runtimeVersion";
    static const char pools[] = "appPoolName=";
    if (is_word(condition, size_bytes, "bitness32")) {
        return worker->is_32;
    }
    if (is_word(condition, size_bytes, "bitness64")) {
        return !worker->is_32;
    }
    if (is_word(condition, size_bytes, "integratedMode")) {
        return !worker->is_classic;
    }
    if (is_word(condition, size_bytes, "classicMode") ||
        is_word(condition, size_bytes, "ISAPIMode")) {
        return worker->is_classic;
    }
    if (size_bytes >= sizeof version - 1 &&
        strncasecmp(condition, version, sizeof version - 1) == 0) {
        return is_word(condition + sizeof version - 1, size_bytes - (sizeof version - 1),
                       worker->clr);
    }
    if (size_bytes >= sizeof pools - 1 && strncasecmp(condition, pools, sizeof pools - 1) == 0) {
        return is_in_list(condition + sizeof pools - 1, size_bytes - (sizeof pools - 1),
                          worker->pool);
    }
    return is_word(condition, size_bytes, "managedHandler");
}

static bool holds(const char *conditions, const struct worker *worker)
{
    conditions = conditions == NULL ? "" : conditions;
    for (conditions += strspn(conditions, ", "); *conditions != '\0';
         conditions += strspn(conditions, ", ")) {
        size_t size_bytes = strcspn(conditions, ",");
        size_t used = size_bytes;
        while (used > 0 && conditions[used - 1] == ' ') {
            used--;
        }
        if (!holds_one(conditions, used, worker)) {
            return false;
        }
        conditions += size_bytes;
    }
    return true;
}

/* The pool's attribute, else that of applicationPoolDefaults, else NULL. */
static const char *pool_value(const struct iw_lab_config *config, const char *pool,
                              const char *attribute)
{
    const char *value = iw_lab_config_get(config, "applicationPools", NULL, pool, attribute);
    return value != NULL ? value
                         : iw_lab_config_get(config, "applicationPools/applicationPoolDefaults",
                                             NULL, "", attribute);
}

static const char *variable(const char *name, size_t size_bytes, bool is_32)
{
    static const struct {
        const char *name;
        const char *in_64;
        const char *in_32;
    } variables[] = {
        {"windir", "C:\\Windows", "C:\\Windows"},
        {"SystemRoot", "C:\\Windows", "C:\\Windows"},
        {"SystemDrive", "C:", "C:"},
        {"ProgramFiles", "C:\\Program Files", "C:\\Program Files (x86)"},
        {"ProgramFiles(x86)", "C:\\Program Files (x86)", "C:\\Program Files (x86)"},
        {"ProgramW6432", "C:\\Program Files", "C:\\Program Files"},
        {"CommonProgramFiles", "C:\\Program Files\\Common Files",
         "C:\\Program Files (x86)\\Common Files"},
        {"ProgramData", "C:\\ProgramData", "C:\\ProgramData"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        if (is_word(name, size_bytes, variables[i].name)) {
            return is_32 ? variables[i].in_32 : variables[i].in_64;
        }
    }
    return NULL;
}

char *iw_lab_config_expand(const char *text, bool is_32)
{
    struct iw_lab_config_text out = {0};
    while (*text != '\0') {
        size_t plain_bytes = strcspn(text, "%");
        iw_lab_config_text_append(&out, text, plain_bytes);
        text += plain_bytes;
        if (*text == '\0') {
            break;
        }
        size_t name_bytes = strcspn(text + 1, "%");
        const char *value =
            text[1 + name_bytes] == '%' ? variable(text + 1, name_bytes, is_32) : NULL;
        if (value == NULL) {
            iw_lab_config_text_append(&out, "%", 1);
            text++;
        } else {
            iw_lab_config_text_append(&out, value, strlen(value));
            text += name_bytes + 2;
        }
    }
    return iw_lab_config_text_take(&out);
}

void iw_lab_config_native_modules(const struct iw_lab_config *config, const char *pool, bool is_32,
                                  const char *clr, struct iw_lab_config_modules *modules)
{
    const char *mode = pool_value(config, pool, "managedPipelineMode");
    struct worker worker = {
        .pool = pool,
        .clr = clr != NULL ? clr : pool_value(config, pool, "managedRuntimeVersion"),
        .is_32 = is_32,
        .is_classic = mode != NULL && strcasecmp(mode, "Classic") == 0,
    };
    worker.clr = worker.clr == NULL ? "" : worker.clr;
    *modules = (struct iw_lab_config_modules){0};
    const struct iw_lab_element *group = iw_lab_element_child(config->root, "system.webServer");
    const struct iw_lab_element *add =
        iw_lab_element_child(iw_lab_element_child(group, "globalModules"), "add");
    for (; add != NULL; add = add->next) {
        const char *name = iw_lab_element_get(add, "name");
        const char *image = iw_lab_element_get(add, "image");
        if (name == NULL || image == NULL ||
            !holds(iw_lab_element_get(add, "preCondition"), &worker)) {
            continue;
        }
        modules->items =
            iw_lab_alloc_resize(modules->items, modules->n_items + 1, sizeof *modules->items);
        modules->items[modules->n_items++] = (struct iw_lab_config_module){
            .name = iw_lab_alloc_text(name, strlen(name)),
            .image = iw_lab_config_expand(image, is_32),
        };
    }
}

void iw_lab_config_modules_done(struct iw_lab_config_modules *modules)
{
    for (size_t i = 0; i < modules->n_items; i++) {
        iw_lab_alloc_release(modules->items[i].name);
        iw_lab_alloc_release(modules->items[i].image);
    }
    iw_lab_alloc_release(modules->items);
    *modules = (struct iw_lab_config_modules){0};
}
