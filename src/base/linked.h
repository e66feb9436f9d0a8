/**
 * Lists of things that hold their own link: appended and taken out in constant time, without memory
 * of their own. A link is in one list at most. One thread at a time.
 */
#ifndef IW_BASE_LINKED_H
#define IW_BASE_LINKED_H

#include <stddef.h>

struct iw_linked;

struct iw_link {
    struct iw_link *next, *prev;
    struct iw_linked *list; /* NULL: in none */
};

/** All zero: empty. */
struct iw_linked {
    struct iw_link *first, *last;
};

/** Puts a link that is in no list behind the last one. */
void iw_linked_append(struct iw_linked *list, struct iw_link *link);
/** Takes a link out of its list. */
void iw_linked_remove(struct iw_link *link);

/** The thing of *type* whose *member* is *link*, which is not NULL. */
#define IW_LINKED_IN(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

#endif
