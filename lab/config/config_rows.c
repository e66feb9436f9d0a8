/*
 * Tables of elements to a tree (see config_rows.h).
 *
 * What it does: reads the row notation of this folder's own tables.
 * What it ignores: errors in a table beyond assertions; values with an apostrophe, which no table
 * has.
 */
#include "lab/config/config_rows.h"

#include "lab/lab_alloc.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_DEPTH = 12 };

static void read_attributes(struct iw_lab_element *element, const char *text)
{
    while (*text == ' ') {
        text++;
        size_t name_bytes = strcspn(text, "=");
        const char *value = text + name_bytes + 2; /* behind =' */
        size_t value_bytes = strcspn(value, "'");
        assert(text[name_bytes] == '=' && text[name_bytes + 1] == '\'');
        assert(value[value_bytes] == '\'');
        char *name = iw_lab_alloc_text(text, name_bytes);
        char *copy = iw_lab_alloc_text(value, value_bytes);
        iw_lab_element_set(element, name, copy);
        iw_lab_alloc_release(name);
        iw_lab_alloc_release(copy);
        text = value + value_bytes + 1;
    }
    assert(*text == '\0');
}

static struct iw_lab_element *read_row(struct iw_lab_element *parent, const char *text)
{
    if (*text == '!') {
        return iw_lab_element_new_comment(parent, text + 1);
    }
    size_t name_bytes = strcspn(text, " ");
    char *name = iw_lab_alloc_text(text, name_bytes);
    struct iw_lab_element *element = iw_lab_element_new(parent, name);
    iw_lab_alloc_release(name);
    read_attributes(element, text + name_bytes);
    return element;
}

void iw_lab_config_rows_grow(struct iw_lab_element *parent, const struct iw_lab_config_row *rows,
                             size_t n_rows, unsigned features)
{
    struct iw_lab_element *at[MAX_DEPTH + 1] = {parent};
    unsigned left_out = MAX_DEPTH + 1; /* depth of the row that was left out */
    for (size_t i = 0; i < n_rows; i++) {
        unsigned depth = rows[i].depth;
        assert(depth >= IW_LAB_CONFIG_ROWS_TOP && depth <= MAX_DEPTH);
        if (depth > left_out) {
            continue;
        }
        bool is_there = rows[i].features == 0 || (rows[i].features & features) != 0;
        left_out = is_there ? MAX_DEPTH + 1 : depth;
        if (is_there) {
            at[depth] = read_row(at[depth - 1], rows[i].text);
        }
    }
}
