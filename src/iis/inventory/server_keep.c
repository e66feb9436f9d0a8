/*
 * What every step of a build needs: copies that stay, rows that grow.
 */
#include "iis/inventory/server_build.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "base/arena_text.h"

bool iw_build_is_cancelled(const struct iw_server_build *build)
{
    return build->options->cancelled != NULL && atomic_load(build->options->cancelled);
}

struct iw_str iw_keep(struct iw_server_build *build, struct iw_str text)
{
    return text.n != 0 ? iw_arena_copy(&build->inventory->arena, text) : IW_STR("");
}

struct iw_str iw_keep_format(struct iw_server_build *build, const char *format, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, format);
    text = iw_arena_vformat(&build->inventory->arena, format, args);
    va_end(args);
    return text;
}

/* Room is the next power of two, so that a list needs no capacity of its own. */
bool iw_keep_line(struct iw_server_build *build, struct iw_text_list *list, struct iw_str text)
{
    struct iw_str *items = (struct iw_str *)(uintptr_t)list->items;
    if (text.p == NULL)
        return false;
    if ((list->n & (list->n - 1)) == 0) {
        size_t cap = list->n != 0 ? list->n * 2 : 1;
        items = iw_arena_calloc(&build->inventory->arena, cap, sizeof *items);
        if (items == NULL)
            return false;
        if (list->n != 0)
            memcpy(items, list->items, list->n * sizeof *items);
    }
    items[list->n] = text;
    *list = (struct iw_text_list){items, list->n + 1};
    return true;
}

void *iw_rows_add(struct iw_rows *rows, size_t row_bytes)
{
    char *row;
    if (!iw_array_reserve(&rows->items, &rows->cap, rows->n + 1, row_bytes))
        return NULL;
    row = (char *)rows->items + rows->n++ * row_bytes;
    memset(row, 0, row_bytes);
    return row;
}

bool iw_rows_keep(struct iw_server_build *build, struct iw_rows *rows, size_t row_bytes,
                  void *ret_items, size_t *ret_n)
{
    void *items = NULL;
    if (rows->n != 0) {
        items = iw_arena_calloc(&build->inventory->arena, rows->n, row_bytes);
        if (items == NULL)
            return false;
        memcpy(items, rows->items, rows->n * row_bytes);
    }
    memcpy(ret_items, &items, sizeof items);
    *ret_n = rows->n;
    return true;
}

enum iw_rc iw_build_problem(struct iw_server_build *build, const char *kind, struct iw_str source,
                            uint32_t line, uint32_t column, struct iw_str place, struct iw_str what)
{
    struct iw_inventory_problem *problem = iw_rows_add(&build->problems, sizeof *problem);
    if (problem == NULL)
        return IW_ENOMEM;
    *problem = (struct iw_inventory_problem){
        .kind = iw_str_of(kind),
        .source = iw_keep(build, source),
        .line = line,
        .column = column,
        .place = iw_keep(build, place),
        .what = iw_keep(build, what),
    };
    return problem->source.p != NULL && problem->place.p != NULL && problem->what.p != NULL
               ? IW_OK
               : IW_ENOMEM;
}

bool iw_build_is_mine(const struct iw_server_build *build, const struct iw_collected_file *file)
{
    return file->key.n != 0 ? build->takes_placed : build->takes_loose;
}
