/**
 * What was known of an event's context, in words: lines of a finding's `why`, one for each field
 * that a rule asked for.
 */
#ifndef IW_ENGINE_CONTEXT_LINE_H
#define IW_ENGINE_CONTEXT_LINE_H

#include "base/arena.h"
#include "event/context_answer.h"
#include "result/finding.h"

/** Initialise, then clear for each rule. */
struct iw_context_lines {
    struct iw_str *lines; /* texts lie in the caller's arena */
    size_t n, cap;
    struct iw_buffer text;
};

void iw_context_lines_init(struct iw_context_lines *lines);
void iw_context_lines_done(struct iw_context_lines *lines);
void iw_context_lines_clear(struct iw_context_lines *lines);
/** Adds a line, in *arena*: the field and its values, and whether they are assumed. What is not
 * known gives none. IW_OK or IW_ENOMEM. */
enum iw_rc iw_context_lines_add(struct iw_context_lines *lines, struct iw_str field,
                                const struct iw_context_answer *answer, struct iw_arena *arena);
/** The lines, as a list in *arena*; items is NULL where there is no memory. */
struct iw_text_list iw_context_lines_list(const struct iw_context_lines *lines,
                                          struct iw_arena *arena);

#endif
