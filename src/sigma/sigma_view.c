/*
 * Fields of one event by id. Heads of lists stand in one array over all ids; what an event filled
 * is emptied again before the next, so the cost is that of its own fields.
 */
#include "sigma/sigma_view.h"

#include "base/alloc.h"
#include "base/fold.h"
#include "base/utf.h"

/* EventID, Channel, Provider_Name and Computer are answered from the event's head where a reader
 * gave no such field. */
#define N_HEAD_FIELDS 4U

bool iw_view_init(struct iw_view *view, size_t n_names)
{
    memset(view, 0, sizeof *view);
    iw_arena_init(&view->arena, 0);
    view->n_heads = n_names > IW_FIELD_COUNT ? n_names : IW_FIELD_COUNT;
    view->heads = iw_calloc(view->n_heads, sizeof *view->heads);
    view->tails = iw_calloc(view->n_heads, sizeof *view->tails);
    return view->heads != NULL && view->tails != NULL;
}

void iw_view_done(struct iw_view *view)
{
    iw_arena_done(&view->arena);
    iw_free(view->heads);
    iw_free(view->tails);
}

void iw_view_forget(struct iw_view *view)
{
    for (size_t i = 0; view->event != NULL && i < view->event->n_fields; i++) {
        uint32_t id = view->event->fields[i].name->id;
        if (id < view->n_heads)
            view->heads[id] = NULL;
    }
    view->heads[IW_FIELD_EVENT_ID] = view->heads[IW_FIELD_CHANNEL] = NULL;
    view->heads[IW_FIELD_PROVIDER_NAME] = view->heads[IW_FIELD_COMPUTER] = NULL;
    view->cells = NULL;
    view->n_cells = 0;
    view->event = NULL;
    iw_arena_reset(&view->arena);
}

static struct iw_cell *add_cell(struct iw_view *view, uint32_t id)
{
    struct iw_cell *cell = &view->cells[view->n_cells++];
    if (id == IW_NAME_UNASKED || id >= view->n_heads)
        return cell;
    if (view->heads[id] == NULL)
        view->heads[id] = cell;
    else
        view->tails[id]->next = cell;
    view->tails[id] = cell;
    return cell;
}

static void add_head_text(struct iw_view *view, uint32_t id, struct iw_str text)
{
    struct iw_cell *cell;
    if (view->heads[id] != NULL || text.n == 0)
        return;
    cell = add_cell(view, id);
    cell->text = text;
    cell->state = IW_CELL_TEXT;
}

/* The event id in decimal; in the arena. */
static struct iw_str event_id_text(struct iw_view *view)
{
    char digits[10];
    size_t at = sizeof digits;
    uint32_t left = view->event->event_id;
    struct iw_str text;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left != 0);
    text = iw_arena_copy(&view->arena, (struct iw_str){digits + at, sizeof digits - at});
    view->no_memory |= text.p == NULL;
    return text;
}

bool iw_view_set(struct iw_view *view, const struct iw_event *event)
{
    iw_view_forget(view);
    view->no_memory = false;
    view->taxonomy = iw_taxonomy_of(event->channel, event->event_id);
    view->cells =
        iw_arena_calloc(&view->arena, event->n_fields + N_HEAD_FIELDS, sizeof *view->cells);
    view->renamed = NULL;
    if (view->taxonomy != NULL)
        view->renamed =
            iw_arena_calloc(&view->arena, view->taxonomy->n_rows, sizeof *view->renamed);
    if (view->cells == NULL || (view->taxonomy != NULL && view->renamed == NULL))
        return false;
    view->event = event;
    for (size_t i = 0; i < event->n_fields; i++) {
        if (event->fields[i].place != IW_PLACE_RENDERING)
            add_cell(view, event->fields[i].name->id)->field = &event->fields[i];
    }
    add_head_text(view, IW_FIELD_CHANNEL, event->channel);
    add_head_text(view, IW_FIELD_PROVIDER_NAME, event->provider);
    add_head_text(view, IW_FIELD_COMPUTER, event->computer);
    if (view->heads[IW_FIELD_EVENT_ID] == NULL)
        add_head_text(view, IW_FIELD_EVENT_ID, event_id_text(view));
    /* Nothing may be kept of an event that was not taken. */
    if (view->no_memory)
        iw_view_forget(view);
    return !view->no_memory;
}

static struct iw_cell *renamed(struct iw_view *view, const struct iw_taxonomy_row *row)
{
    struct iw_cell *cell = &view->renamed[row - view->taxonomy->rows];
    if (cell->state == IW_CELL_RAW) {
        enum iw_rc rc = iw_taxonomy_value(row, view->event, &view->arena, &cell->text);
        cell->state = rc == IW_END ? IW_CELL_ABSENT : IW_CELL_TEXT;
        view->no_memory |= rc == IW_ENOMEM;
    }
    return (cell->state & IW_CELL_ABSENT) == 0 ? cell : NULL;
}

/* All values the rows of one name have. */
static struct iw_cell *all_renamed(struct iw_view *view, const struct iw_taxonomy_row *row)
{
    const struct iw_taxonomy_row *end = view->taxonomy->rows + view->taxonomy->n_rows;
    uint32_t canonical = row->canonical;
    struct iw_cell *first = NULL, *last = NULL;

    for (; row != end && row->canonical == canonical; row++) {
        struct iw_cell *cell = renamed(view, row);
        if (cell == NULL)
            continue;
        if (first == NULL)
            first = cell;
        else
            last->next = cell;
        last = cell;
    }
    return first;
}

struct iw_cell *iw_view_first(struct iw_view *view, uint32_t id, bool by_taxonomy)
{
    struct iw_cell *own = id < view->n_heads ? view->heads[id] : NULL;
    const struct iw_taxonomy_row *row;

    if (view->taxonomy == NULL || (view->taxonomy->is_virtual ? own != NULL : !by_taxonomy))
        return own;
    row = iw_taxonomy_find(view->taxonomy, id);
    return row != NULL ? all_renamed(view, row) : own;
}

/* Decodes the text of a cell as it is. */
static struct iw_str plain_text(struct iw_view *view, struct iw_cell *cell)
{
    if ((cell->state & IW_CELL_TEXT) == 0) {
        cell->text = iw_value_text(iw_field_value(cell->field), &view->arena);
        cell->state |= IW_CELL_TEXT;
    }
    return cell->text;
}

static struct iw_str folded_text(struct iw_view *view, struct iw_cell *cell)
{
    bool is_ascii;

    if ((cell->state & IW_CELL_FOLDED) != 0)
        return cell->folded;
    if ((cell->state & IW_CELL_TEXT) == 0 && cell->field->type == IW_VALUE_UTF16) {
        cell->folded = iw_fold_utf16(cell->field->p, cell->field->n, &view->arena, &is_ascii);
    } else {
        cell->folded = plain_text(view, cell);
        is_ascii = iw_utf8_is_ascii(cell->folded);
        if (cell->folded.p != NULL)
            cell->folded = iw_fold_text(cell->folded, &view->arena);
    }
    cell->state |= is_ascii ? IW_CELL_FOLDED : IW_CELL_FOLDED | IW_CELL_FOREIGN;
    return cell->folded;
}

struct iw_str iw_view_text(struct iw_view *view, struct iw_cell *cell, bool folded)
{
    struct iw_str text = folded ? folded_text(view, cell) : plain_text(view, cell);
    if (text.p != NULL)
        return text;
    view->no_memory = true;
    return IW_STR("");
}

bool iw_cell_is_null(const struct iw_cell *cell)
{
    return cell->field != NULL && cell->field->type == IW_VALUE_NULL;
}
