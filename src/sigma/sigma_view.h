/**
 * An event as rules ask for it: fields by id, each decoded and folded at most once.
 *
 * One per scanner; every iw_view_set() forgets the event before. Fields of RenderingInfo are left
 * out.
 */
#ifndef IW_SIGMA_SIGMA_VIEW_H
#define IW_SIGMA_SIGMA_VIEW_H

#include "event/event.h"
#include "event/taxonomy.h"

enum iw_cell_state {
    IW_CELL_RAW = 0,
    IW_CELL_TEXT = 1U << 0,    /* text is set */
    IW_CELL_FOLDED = 1U << 1,  /* folded is set */
    IW_CELL_FOREIGN = 1U << 2, /* folded holds more than ASCII */
    IW_CELL_ABSENT = 1U << 3   /* the taxonomy has no value for it */
};

/** One value of the event. */
struct iw_cell {
    const struct iw_field *field; /* NULL: made from the event's head, or by the taxonomy */
    struct iw_cell *next;         /* of the same name */
    struct iw_str text, folded;
    uint8_t state; /* enum iw_cell_state */
};

struct iw_view {
    const struct iw_event *event;
    struct iw_arena arena;
    struct iw_cell **heads; /* by name id: first cell of that name */
    struct iw_cell **tails;
    size_t n_heads;
    struct iw_cell *cells;
    size_t n_cells;
    const struct iw_taxonomy *taxonomy; /* of the event, or NULL */
    struct iw_cell *renamed;            /* one per row of it */
    bool no_memory;                     /* an answer is missing: the event must not count */
};

/** *n_names*: ids in use (iw_names.n). False: no memory. */
bool iw_view_init(struct iw_view *view, size_t n_names);
void iw_view_done(struct iw_view *view);
/** Looks at another event. False: no memory. */
bool iw_view_set(struct iw_view *view, const struct iw_event *event);

/** Forgets the event; its texts die with the next iw_view_set(). */
void iw_view_forget(struct iw_view *view);

/** The first value named *id*, or NULL; by its taxonomy name when asked so. */
struct iw_cell *iw_view_first(struct iw_view *view, uint32_t id, bool by_taxonomy);
/** The text of a value, as it is or folded. Without memory an empty one, and view->no_memory. */
struct iw_str iw_view_text(struct iw_view *view, struct iw_cell *cell, bool folded);
/** Whether the folded text holds more than ASCII; asked after iw_view_text(). */
static inline bool iw_cell_is_foreign(const struct iw_cell *cell)
{
    return (cell->state & IW_CELL_FOREIGN) != 0;
}
/** Whether the value is null in the evidence (not merely empty text). */
bool iw_cell_is_null(const struct iw_cell *cell);

#endif
