/*
 * Lines of text for people, and ids.
 */
#include <stdarg.h>

#include "base/alloc.h"
#include "base/arena_text.h"
#include "base/hex.h"
#include "iis/baseline/baseline_inside.h"

struct iw_str iw_baseline_text(struct iw_arena *arena, const char *format, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, format);
    text = iw_arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

void iw_baseline_note(struct iw_baseline_notes *notes, const char *format, ...)
{
    struct iw_str text;
    va_list args;
    va_start(args, format);
    text = iw_arena_vformat(notes->arena, format, args);
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
    iw_hex_write(digest, 8, ret + 2);
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
