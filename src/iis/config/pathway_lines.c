/*
 * Lists grow by doubling inside of the arena: they are short.
 */
#include "iis/config/pathway_lines.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/arena_text.h"
#include "base/limits.h"

void iw_pathway_add(struct iw_pathway_lines *lines, struct iw_str line)
{
    if (line.p != NULL && lines->n == lines->cap) {
        size_t cap = lines->cap != 0 ? lines->cap * 2 : 8;
        struct iw_str *items = iw_arena_calloc(lines->arena, cap, sizeof *items);
        if (items != NULL) {
            if (lines->n != 0)
                memcpy(items, lines->items, lines->n * sizeof *items);
            lines->items = items;
            lines->cap = cap;
        }
    }
    if (line.p == NULL || lines->n == lines->cap)
        lines->no_memory = true;
    else
        lines->items[lines->n++] = line;
}

void iw_pathway_say(struct iw_pathway_lines *lines, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    iw_pathway_add(lines, iw_arena_vformat(lines->arena, format, args));
    va_end(args);
}

struct iw_str iw_pathway_text(struct iw_str text)
{
    size_t n = IW_LIMIT_PATHWAY_TEXT_BYTES;

    if (text.n <= n)
        return text;
    while (n != 0 && ((uint8_t)text.p[n] & 0xC0) == 0x80)
        n--; /* not inside of a character */
    return (struct iw_str){text.p, n};
}

struct iw_str iw_pathway_value(const struct iw_config_element *element, struct iw_str name)
{
    return iw_pathway_text(iw_config_value(element, name, IW_STR("")));
}

static int compare_lines(const void *left, const void *right)
{
    return iw_str_compare(*(const struct iw_str *)left, *(const struct iw_str *)right);
}

enum iw_rc iw_pathway_sort(struct iw_pathway_lines *lines, struct iw_text_list *ret)
{
    if (lines->n != 0)
        qsort(lines->items, lines->n, sizeof *lines->items, compare_lines);
    *ret = (struct iw_text_list){lines->items, lines->n};
    return lines->no_memory ? IW_ENOMEM : IW_OK;
}

/* --- names -------------------------------------------------------------------------------- */

static void append(struct iw_pathway_names *names, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(struct iw_pathway_names *names, const char *format, ...)
{
    va_list args;
    struct iw_str text;

    va_start(args, format);
    text = iw_arena_vformat(names->arena, format, args);
    va_end(args);
    names->no_memory |= text.p == NULL;
    names->text = text;
}

void iw_pathway_name(struct iw_pathway_names *names, struct iw_str name)
{
    if (names->n++ >= IW_LIMIT_PATHWAY_NAMES || names->no_memory)
        return;
    name = iw_pathway_text(name);
    append(names, "%.*s%s%.*s", IW_STR_ARG(names->text), names->n > 1 ? ", " : "",
           IW_STR_ARG(name));
}

struct iw_str iw_pathway_named(struct iw_pathway_names *names)
{
    if (!names->no_memory && names->n > IW_LIMIT_PATHWAY_NAMES)
        append(names, "%.*s and %zu more", IW_STR_ARG(names->text),
               names->n - IW_LIMIT_PATHWAY_NAMES);
    if (names->no_memory)
        return (struct iw_str){NULL, 0};
    return names->n == 0 ? IW_STR("") : names->text;
}
