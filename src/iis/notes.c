#include "iis/notes.h"

#include <stdlib.h>

#include "base/arena_text.h"

enum { FIRST_ROOM = 8 };

void iw_notes_init(struct iw_notes *notes, struct iw_arena *arena)
{
    *notes = (struct iw_notes){.arena = arena};
}

static bool reserve(struct iw_notes *notes)
{
    size_t cap = notes->cap == 0 ? (size_t)FIRST_ROOM : notes->cap * 2;
    struct iw_str *items;

    if (notes->n < notes->cap)
        return true;
    items = iw_arena_calloc(notes->arena, cap, sizeof *items);
    if (items == NULL)
        return false;
    if (notes->n != 0)
        memcpy(items, notes->items, notes->n * sizeof *items);
    notes->items = items;
    notes->cap = cap;
    return true;
}

void iw_notes_add(struct iw_notes *notes, const char *format, ...)
{
    struct iw_str text = {NULL, 0};
    va_list arguments;

    va_start(arguments, format);
    if (reserve(notes))
        text = iw_arena_vformat(notes->arena, format, arguments);
    va_end(arguments);
    if (text.p == NULL)
        notes->no_memory = true;
    else
        notes->items[notes->n++] = text;
}

static int compare(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

void iw_notes_sort(struct iw_notes *notes)
{
    size_t n = 0;

    if (notes->n == 0)
        return;
    qsort(notes->items, notes->n, sizeof notes->items[0], compare);
    for (size_t i = 0; i < notes->n; i++)
        if (n == 0 || !iw_str_equal(notes->items[n - 1], notes->items[i]))
            notes->items[n++] = notes->items[i];
    notes->n = n;
}

enum iw_rc iw_notes_take(const struct iw_notes *notes, struct iw_text_list *ret)
{
    *ret = (struct iw_text_list){notes->items, notes->n};
    return notes->no_memory ? IW_ENOMEM : IW_OK;
}
