/*
 * Which fields of an event are there and filled: one table look-up per payload field, by the hash
 * the name already carries; nearly always not even that. Events of a kind have the same names in
 * the same order, and mostly come of the same template, by which their names are known without
 * comparing texts. So many names in so many events are counted once for all of these; what is
 * counted of each is what was not filled.
 */
#include "coverage/collector_state.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "coverage/raw_text.h"

/* Room for the counters of the shape's names up to *number*. */
static bool fills_grow(struct iw_collector *c, struct collector_row *row, uint32_t number)
{
    size_t n_slots = row->shape->n_names > number ? row->shape->n_names : (size_t)number + 1;
    struct collector_fill *fills;
    if (n_slots < row->n_slots + row->n_slots / 4)
        n_slots = row->n_slots + row->n_slots / 4;
    fills = iw_calloc(n_slots, sizeof *fills);
    if (fills == NULL)
        return false;
    if (row->fills != NULL && row->n_slots != 0)
        memcpy(fills, row->fills, row->n_slots * sizeof *fills);
    iw_free(row->fills);
    row->fills = fills;
    c->fill_bytes += (n_slots - row->n_slots) * sizeof *fills;
    row->n_slots = n_slots;
    return true;
}

/* The counter of a name that was counted before, or NULL. */
struct collector_fill *iw_collector_fill_look(const struct collector_row *row,
                                              const struct iw_shape_name *name)
{
    return name != NULL && row->fills != NULL && name->number < row->n_slots &&
                   row->fills[name->number].n_present != 0
               ? &row->fills[name->number]
               : NULL;
}

/* One for a name that was not (*ret_name NULL: in no row either); *ret NULL when the row has no
 * room for another. */
enum iw_rc iw_collector_fill_add(struct iw_collector *c, struct collector_row *row,
                                 struct iw_str text, uint32_t hash, struct iw_shape_name **ret_name,
                                 struct collector_fill **ret)
{
    struct iw_shape_name *name = *ret_name;
    *ret = NULL;
    if (row->n_fills >= IW_LIMIT_PROFILE_FIELDS || iw_collector_is_full(c))
        return IW_OK;
    if (name == NULL) {
        size_t bytes_before = row->shape->table_bytes;
        name = iw_shape_add(row->shape, &c->arena, text, hash);
        if (name == NULL)
            return IW_ENOMEM;
        c->fill_bytes += row->shape->table_bytes - bytes_before;
    }
    if (name->number >= row->n_slots && !fills_grow(c, row, name->number))
        return IW_ENOMEM;
    row->n_fills++;
    *ret_name = name;
    *ret = &row->fills[name->number];
    return IW_OK;
}

static bool is_counted_field(const struct iw_field *field)
{
    return field->place != IW_PLACE_SYSTEM && field->place != IW_PLACE_RENDERING;
}

/* Events of the row in which its first names came in order, counted as such, become counts. */
static void settle_alike(struct collector_row *row)
{
    for (size_t i = 0; i < row->n_alike; i++)
        row->fills[i] = iw_collector_fill_of(row, i);
    row->n_alike_events = 0;
}

/* One more event that has the first *n* of the row's names in order. */
static void add_alike(struct collector_row *row, uint32_t n)
{
    if (n != row->n_alike) {
        settle_alike(row);
        row->n_alike = n;
    }
    row->n_alike_events++;
}

/* The first field that is not of System, mostly the dozenth: four at a time. */
static const struct iw_field *behind_system(const struct iw_field *field,
                                            const struct iw_field *end)
{
    _Static_assert(IW_PLACE_SYSTEM == 0, "several are told at once");
    while (end - field >= 4 &&
           (field[0].place | field[1].place | field[2].place | field[3].place) == 0)
        field += 4;
    while (field < end && field->place == IW_PLACE_SYSTEM)
        field++;
    return field;
}

/* Nearly all events of a kind have the same names in the same order, of one template: how many of
 * the next *n* fields are as those of the last event were. What is not filled is noted. */
static size_t count_same(const struct iw_field *field, const struct iw_shape_name *name,
                         struct collector_fill *fill, size_t n)
{
    size_t i = 0;
    for (; i < n; i++, field++, name++, fill++) {
        if (name->serial != field->name->serial || name->place != field->place)
            break;
        if ((field->n <= 2 || field->type == IW_VALUE_NULL) && !iw_raw_says(field))
            fill->n_filled--; /* all are counted as filled */
    }
    return i;
}

/* As long as the names are those of other events, in the same order, there is nothing to do but to
 * note what is not filled. *ret_number: of the first name that did not come. The first field that
 * is left, or n_fields. */
static uint32_t count_alike(struct collector_row *row, const struct iw_event *event,
                            uint32_t *ret_number)
{
    const struct iw_field *const end = event->fields + event->n_fields;
    const struct iw_field *field = behind_system(event->fields, end);
    size_t n_left = (size_t)(end - field);
    size_t at = count_same(field, row->shape->names, row->fills,
                           n_left < row->n_leading ? n_left : row->n_leading);
    for (field += at; field < end; field++) {
        struct iw_shape_name *name = &row->shape->names[at];
        if (!is_counted_field(field))
            continue;
        if (at == row->n_leading || !iw_shape_name_is_of(name, field->name))
            break;
        name->place = field->place;
        if (!iw_raw_says(field))
            row->fills[at].n_filled--;
        at++;
    }
    *ret_number = (uint32_t)at;
    add_alike(row, *ret_number);
    return (uint32_t)(field - event->fields);
}

/* Of the first *n* fields, which count_alike counted: a name that comes once more is to be known.
 */
static void mark_counted(struct iw_collector *c, const struct collector_row *row,
                         const struct iw_event *event, uint32_t n)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct iw_field *field = &event->fields[i];
        struct iw_shape_name *name;
        if (!is_counted_field(field))
            continue;
        name = &row->shape->names[number++];
        name->last_event = c->serial;
        if (iw_raw_says(field))
            name->last_filled = c->serial;
    }
}

enum iw_rc iw_collector_count_fields(struct iw_collector *c, struct collector_row *row,
                                     const struct iw_event *event)
{
    const struct iw_name *last = NULL;
    struct iw_shape_name *name = NULL;
    struct collector_fill *fill = NULL;
    uint32_t expected; /* number of the next name */
    uint32_t i = count_alike(row, event, &expected);
    row->n_decoded++;
    if (i == event->n_fields)
        return IW_OK;
    mark_counted(c, row, event, i);
    for (; i < event->n_fields; i++) {
        const struct iw_field *field = &event->fields[i];
        if (!is_counted_field(field))
            continue;
        /* Values of a list share a name, which may be long. */
        if (field->name != last) {
            name = iw_shape_look_at(row->shape, expected, field->name->text, field->name->hash);
            fill = iw_collector_fill_look(row, name);
            if (fill == NULL)
                IW_TRY(iw_collector_fill_add(c, row, field->name->text, field->name->hash, &name,
                                             &fill));
            if (name != NULL)
                expected = name->number + 1;
        }
        last = field->name;
        row->n_fields_hidden += fill == NULL;
        if (fill == NULL)
            continue;
        if (name->last_event != c->serial)
            fill->n_present++;
        name->last_event = c->serial;
        if (name->last_filled == c->serial || !iw_raw_says(field))
            continue;
        name->last_filled = c->serial;
        fill->n_filled++;
    }
    while (row->fills != NULL && row->n_leading < row->n_slots &&
           row->n_leading < row->shape->n_names && row->fills[row->n_leading].n_present != 0)
        row->n_leading++;
    return IW_OK;
}
