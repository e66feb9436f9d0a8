/**
 * Notes: a list of lines for people, made in an arena.
 *
 * A failed allocation is remembered; a writer adds freely and asks once at the end. One thread.
 */
#ifndef IW_IIS_NOTES_H
#define IW_IIS_NOTES_H

#include "base/arena.h"
#include "base/error.h"
#include "result/finding.h"

struct iw_notes {
    struct iw_arena *arena;
    struct iw_str *items;
    size_t n, cap;
    bool no_memory;
};

void iw_notes_init(struct iw_notes *notes, struct iw_arena *arena);
/** printf; texts of evidence must not hold NUL, which would end them. */
void iw_notes_add(struct iw_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** The same lines in the order of their bytes, each once. */
void iw_notes_sort(struct iw_notes *notes);
/** What was added; the list lies in the arena. IW_OK or IW_ENOMEM. */
enum iw_rc iw_notes_take(const struct iw_notes *notes, struct iw_text_list *ret);

#endif
