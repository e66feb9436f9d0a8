/**
 * Lines that say who may write where: "name: words for a person". Names are stable; a reader may
 * search for them. Texts and the list lie in the arena.
 */
#ifndef IW_IIS_PATHWAY_LINES_H
#define IW_IIS_PATHWAY_LINES_H

#include "base/arena.h"
#include "iis/config/config_merge.h"
#include "result/finding.h"

struct iw_pathway_lines {
    struct iw_arena *arena;
    struct iw_str *items;
    size_t n, cap;
    bool no_memory; /* what is said afterwards is dropped */
};

/** Adds a line. Texts of evidence go through iw_pathway_text(). */
void iw_pathway_say(struct iw_pathway_lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Adds a line that exists already in the arena. */
void iw_pathway_add(struct iw_pathway_lines *lines, struct iw_str line);
/** The text, or its first IW_LIMIT_PATHWAY_TEXT_BYTES: one value of a configuration may be told of
 * every root. */
struct iw_str iw_pathway_text(struct iw_str text);
/** An attribute's value, ready to be said. */
struct iw_str iw_pathway_value(const struct iw_config_element *element, struct iw_str name);
/** The lines in the order of their bytes. IW_OK or IW_ENOMEM. */
enum iw_rc iw_pathway_sort(struct iw_pathway_lines *lines, struct iw_text_list *ret);

/** Names joined by commas: the first IW_LIMIT_PATHWAY_NAMES, and how many more there are. */
struct iw_pathway_names {
    struct iw_arena *arena;
    struct iw_str text; /* p NULL: none yet */
    size_t n;
    bool no_memory;
};

void iw_pathway_name(struct iw_pathway_names *names, struct iw_str name);
/** The whole, with " and 3 more" where there are more. p NULL: no memory. */
struct iw_str iw_pathway_named(struct iw_pathway_names *names);

#endif
