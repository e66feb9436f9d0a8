/* Problems: a bounded list, and texts that stay on one line. */
#include "iis/change/change_problems.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"

void iw_change_problems_done(struct iw_change_problems *problems)
{
    iw_free(problems->items);
    memset(problems, 0, sizeof *problems);
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

struct iw_str iw_change_one_line(struct iw_str text, struct iw_arena *arena)
{
    bool is_clean = true;
    char *out;

    while (text.n != 0 && (unsigned char)text.p[text.n - 1] <= ' ')
        text.n--;
    while (text.n != 0 && (unsigned char)text.p[0] <= ' ')
        text = (struct iw_str){text.p + 1, text.n - 1};
    for (size_t i = 0; i < text.n; i++)
        is_clean &= !is_control((unsigned char)text.p[i]);
    if (!iw_utf8_valid(text))
        text = iw_ansi_to_arena((const uint8_t *)text.p, text.n, arena);
    if (is_clean || text.p == NULL)
        return text;
    out = iw_arena_alloc(arena, text.n);
    if (out == NULL)
        return (struct iw_str){NULL, 0};
    for (size_t i = 0; i < text.n; i++)
        out[i] = is_control((unsigned char)text.p[i]) ? ' ' : text.p[i];
    return (struct iw_str){out, text.n};
}

/* A text cut by the size of its buffer may end within a code point. */
static struct iw_str whole_code_points(struct iw_str text)
{
    for (size_t i = 0; i < 3 && text.n != 0 && !iw_utf8_valid(text); i++)
        text.n--;
    return text;
}

enum iw_rc iw_change_problems_add(struct iw_change_problems *problems, uint32_t line,
                                  uint32_t column, struct iw_str id, const char *format, ...)
{
    char text[512];
    struct iw_str what;
    va_list args;

    if (problems->n == IW_LIMIT_CHANGE_PROBLEMS) {
        problems->n_hidden++;
        return IW_OK;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!iw_array_reserve(&problems->items, &problems->cap, problems->n + 1,
                          sizeof *problems->items))
        return IW_ENOMEM;
    what = iw_change_one_line(whole_code_points(iw_str_of(text)), problems->arena);
    what = what.p != NULL ? iw_arena_copy(problems->arena, what) : what;
    if (id.n != 0) {
        id = iw_change_one_line(id, problems->arena);
        id = id.p != NULL ? iw_arena_copy(problems->arena, id) : id;
        if (id.p == NULL)
            return IW_ENOMEM;
    }
    if (what.p == NULL)
        return IW_ENOMEM;
    problems->items[problems->n++] = (struct iw_change_problem){
        .file = problems->file, .line = line, .column = column, .id = id, .what = what};
    return IW_OK;
}
