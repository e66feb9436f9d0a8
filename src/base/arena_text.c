#include "base/arena_text.h"

#include <stdio.h>

struct iw_str iw_arena_vformat(struct iw_arena *arena, const char *format, va_list args)
{
    va_list again;
    char *p = NULL;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n >= 0)
        p = iw_arena_alloc(arena, (size_t)n + 1);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    (void)vsnprintf(p, (size_t)n + 1, format, args);
    return (struct iw_str){p, (size_t)n};
}

struct iw_str iw_arena_format(struct iw_arena *arena, const char *format, ...)
{
    va_list args;
    struct iw_str text;
    va_start(args, format);
    text = iw_arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

struct iw_str iw_arena_lower(struct iw_arena *arena, struct iw_str text)
{
    char *p = iw_arena_alloc(arena, text.n + 1);

    if (p == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < text.n; i++)
        p[i] = iw_ascii_lower(text.p[i]);
    return (struct iw_str){p, text.n};
}
