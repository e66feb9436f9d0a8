#include "iis/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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
    va_list arguments;
    char *text;
    int n;

    va_start(arguments, format);
    n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    text = n < 0 || !reserve(notes) ? NULL : iw_arena_alloc(notes->arena, (size_t)n + 1);
    if (text == NULL) {
        notes->no_memory = true;
        return;
    }
    va_start(arguments, format);
    (void)vsnprintf(text, (size_t)n + 1, format, arguments);
    va_end(arguments);
    notes->items[notes->n++] = (struct iw_str){text, (size_t)n};
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
