#include "engine/context_line.h"

#include "base/alloc.h"
#include "base/buffer.h"

/* Values of one field in a line: a process may have dozens of ancestors. */
#define VALUES_SHOWN 6U

void iw_context_lines_init(struct iw_context_lines *lines)
{
    memset(lines, 0, sizeof *lines);
    iw_buffer_init(&lines->text);
}

void iw_context_lines_done(struct iw_context_lines *lines)
{
    iw_free(lines->lines);
    iw_buffer_done(&lines->text);
}

void iw_context_lines_clear(struct iw_context_lines *lines)
{
    lines->n = 0;
}

static void add_values(struct iw_buffer *out, const struct iw_context_answer *answer)
{
    size_t n_shown = answer->n < VALUES_SHOWN ? answer->n : VALUES_SHOWN;
    if (answer->n == 0)
        iw_buffer_add(out, IW_STR("none"));
    for (size_t i = 0; i < n_shown; i++) {
        if (i != 0)
            iw_buffer_add(out, IW_STR(", "));
        iw_buffer_add(out, answer->values[i]);
    }
    if (answer->n > n_shown)
        iw_buffer_printf(out, " and %zu more", answer->n - n_shown);
    if (answer->is_partial)
        iw_buffer_add(out, IW_STR(" (there may be others)"));
    if (answer->is_assumed)
        iw_buffer_add(out, IW_STR(" (assumed: no configuration of that moment says so)"));
}

enum iw_rc iw_context_lines_add(struct iw_context_lines *lines, struct iw_str field,
                                const struct iw_context_answer *answer, struct iw_arena *arena)
{
    struct iw_str line;
    if (!answer->is_known)
        return IW_OK;
    iw_buffer_clear(&lines->text);
    iw_buffer_add(&lines->text, field);
    iw_buffer_add(&lines->text, IW_STR(": "));
    add_values(&lines->text, answer);
    if (lines->text.failed ||
        !iw_array_reserve(&lines->lines, &lines->cap, lines->n + 1, sizeof *lines->lines))
        return IW_ENOMEM;
    line = iw_arena_copy(arena, iw_buffer_str(&lines->text));
    if (line.p == NULL)
        return IW_ENOMEM;
    lines->lines[lines->n++] = line;
    return IW_OK;
}

struct iw_text_list iw_context_lines_list(const struct iw_context_lines *lines,
                                          struct iw_arena *arena)
{
    struct iw_str *items = iw_arena_alloc(arena, (lines->n + 1) * sizeof *items);
    if (items != NULL && lines->n != 0)
        memcpy(items, lines->lines, lines->n * sizeof *items);
    return (struct iw_text_list){items, items != NULL ? lines->n : 0};
}
