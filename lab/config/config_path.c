/*
 * Paths below an element (see config_path.h).
 *
 * What it does: child elements by name, at most one [@key='value'] (either quote) a part, the
 * attribute at the end with or without @.
 * What it ignores: the rest of XPath.
 */
#include "lab/config/config_path.h"

#include <string.h>

static bool copy_part(char *out, size_t room_bytes, const char *text, size_t size_bytes)
{
    if (size_bytes == 0 || size_bytes >= room_bytes) {
        return false;
    }
    memcpy(out, text, size_bytes);
    out[size_bytes] = '\0';
    return true;
}

/* [@key='value'] at *at, which moves behind it. */
static bool read_condition(const char **at, struct iw_lab_config_part *part)
{
    const char *key = *at + 2;
    if ((*at)[1] != '@') {
        return false;
    }
    size_t key_bytes = strcspn(key, "=]");
    if (key[key_bytes] != '=' || !copy_part(part->key, sizeof part->key, key, key_bytes)) {
        return false;
    }
    const char *value = key + key_bytes + 1;
    char quote = *value;
    const char *end = quote == '"' || quote == '\'' ? strchr(value + 1, quote) : NULL;
    if (end == NULL || end[1] != ']') {
        return false;
    }
    *at = end + 2;
    return copy_part(part->value, sizeof part->value, value + 1, (size_t)(end - value - 1));
}

bool iw_lab_config_path_next(const char **path, struct iw_lab_config_part *part)
{
    const char *at = *path;
    *part = (struct iw_lab_config_part){0};
    bool has_at = *at == '@';
    at += has_at;
    size_t name_bytes = strcspn(at, "/[]@='\"");
    if (!copy_part(part->name, sizeof part->name, at, name_bytes)) {
        return false;
    }
    at += name_bytes;
    part->is_attribute = *at == '\0';
    if (*at == '[' && !read_condition(&at, part)) {
        return false;
    }
    if (!part->is_attribute) {
        if (has_at || *at != '/') {
            return false;
        }
        at++;
    }
    *path = at;
    return true;
}

bool iw_lab_config_path_check(const char *path)
{
    struct iw_lab_config_part part;
    do {
        if (!iw_lab_config_path_next(&path, &part)) {
            return false;
        }
    } while (!part.is_attribute);
    return true;
}

struct iw_lab_element *iw_lab_config_path_child(const struct iw_lab_element *element,
                                                const struct iw_lab_config_part *part)
{
    return part->key[0] == '\0' ? iw_lab_element_child(element, part->name)
                                : iw_lab_element_find(element, part->name, part->key, part->value);
}
