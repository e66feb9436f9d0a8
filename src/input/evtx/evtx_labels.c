/*
 * Labels by the bytes of their value. The last one of each use is compared first: one memcmp in the
 * common case.
 */
#include "input/evtx/evtx_labels.h"

#include "base/limits.h"

#define LONGEST_LABEL_BYTES 1024U

void evtx_labels_init(struct evtx_labels *labels, const struct iw_route *route)
{
    memset(labels, 0, sizeof *labels);
    iw_arena_init(&labels->arena, 0);
    iw_map_init(&labels->by_bytes);
    labels->route = route;
}

void evtx_labels_done(struct evtx_labels *labels)
{
    iw_map_done(&labels->by_bytes);
    iw_arena_done(&labels->arena);
}

static struct evtx_label *make_label(const struct evtx_labels *labels, struct iw_value value,
                                     struct iw_arena *arena)
{
    struct evtx_label *label = iw_arena_alloc(arena, sizeof *label);
    struct iw_str text = iw_value_text(value, arena);
    if (label == NULL || text.p == NULL)
        return NULL;
    /* The text of a UTF-8 value is borrowed from a program, which may go before the label does. */
    label->text = iw_arena_copy(arena, text);
    if (label->text.p == NULL)
        return NULL;
    label->wishes = iw_route_find(labels->route, label->text);
    return label;
}

static const struct evtx_label *find_in_map(struct evtx_labels *labels, enum evtx_label_use use,
                                            struct iw_value value, struct iw_arena *batch_arena)
{
    uint8_t bytes[LONGEST_LABEL_BYTES + 1];
    struct iw_str key = {(const char *)bytes, (size_t)value.n + 1};
    struct iw_map_entry *entry;
    struct evtx_label *label;

    if (value.n > LONGEST_LABEL_BYTES)
        return make_label(labels, value, batch_arena);
    bytes[0] = value.type;
    if (value.n != 0)
        memcpy(bytes + 1, value.p, value.n);
    entry = iw_map_find(&labels->by_bytes, key);
    if (entry == NULL) {
        if (labels->by_bytes.n >= IW_LIMIT_HOSTS)
            return make_label(labels, value, batch_arena);
        key = iw_arena_copy(&labels->arena, key);
        label = key.p != NULL ? make_label(labels, value, &labels->arena) : NULL;
        entry = label != NULL ? iw_map_add(&labels->by_bytes, key, NULL) : NULL;
        if (entry == NULL)
            return NULL;
        entry->value.pointer = label;
    }
    labels->last[use].p = (const uint8_t *)entry->key.p + 1;
    labels->last[use].n = value.n;
    labels->last[use].type = value.type;
    labels->last[use].label = entry->value.pointer;
    return entry->value.pointer;
}

const struct evtx_label *evtx_labels_find(struct evtx_labels *labels, enum evtx_label_use use,
                                          struct iw_value value, struct iw_arena *batch_arena)
{
    if (labels->last[use].label != NULL && labels->last[use].n == value.n &&
        labels->last[use].type == value.type &&
        (value.n == 0 || memcmp(labels->last[use].p, value.p, value.n) == 0))
        return labels->last[use].label;
    return find_in_map(labels, use, value, batch_arena);
}
