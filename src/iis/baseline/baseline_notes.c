/*
 * Lines of text for people, and ids.
 */
#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "iis/baseline/baseline_inside.h"

__attribute__((format(printf, 2, 0))) static struct iw_str text_of(struct iw_arena *arena,
                                                                   const char *format, va_list args)
{
    va_list again;
    int n;
    char *out;
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    out = n >= 0 ? iw_arena_alloc(arena, (size_t)n + 1) : NULL;
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    (void)vsnprintf(out, (size_t)n + 1, format, args);
    return (struct iw_str){out, (size_t)n};
}

struct iw_str iw_baseline_text(struct iw_arena *arena, const char *format, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, format);
    text = text_of(arena, format, args);
    va_end(args);
    return text;
}

void iw_baseline_note(struct iw_baseline_notes *notes, const char *format, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, format);
    text = text_of(notes->arena, format, args);
    va_end(args);
    if (text.p == NULL ||
        !iw_array_reserve(&notes->items, &notes->cap, notes->n + 1, sizeof notes->items[0]))
        notes->failed = true;
    else
        notes->items[notes->n++] = text;
}

bool iw_baseline_notes_end(struct iw_baseline_notes *notes, struct iw_text_list *ret)
{
    struct iw_str *items = iw_arena_calloc(notes->arena, notes->n + 1, sizeof items[0]);
    bool is_whole = items != NULL && !notes->failed;
    *ret = (struct iw_text_list){0};
    if (is_whole) {
        if (notes->n != 0)
            memcpy(items, notes->items, notes->n * sizeof items[0]);
        *ret = (struct iw_text_list){items, notes->n};
    }
    iw_free(notes->items);
    *notes = (struct iw_baseline_notes){.arena = notes->arena};
    return is_whole;
}

void iw_baseline_id(const uint8_t digest[32], char ret[IW_DIFFERENCE_ID_BYTES])
{
    ret[0] = 'd';
    ret[1] = '-';
    iw_baseline_hex_write(digest, 8, ret + 2);
    ret[18] = '\0';
}

bool iw_baseline_line(struct iw_str *rest, struct iw_str *ret)
{
    const char *end = rest->n != 0 ? memchr(rest->p, '\n', rest->n) : NULL;
    if (rest->n == 0)
        return false;
    ret->p = rest->p;
    ret->n = end != NULL ? (size_t)(end - rest->p) : rest->n;
    rest->n -= end != NULL ? ret->n + 1 : ret->n;
    rest->p = end != NULL ? end + 1 : rest->p + ret->n;
    return true;
}
