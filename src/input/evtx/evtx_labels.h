/**
 * Labels: the few strings that repeat in every record (channel, provider, computer), decoded once.
 *
 * A label lives as long as its reader, so events of all batches may point to it. Past
 * IW_LIMIT_HOSTS different ones a label is made in the batch instead.
 */
#ifndef IW_INPUT_EVTX_LABELS_H
#define IW_INPUT_EVTX_LABELS_H

#include "event/event.h"
#include "event/route.h"

struct evtx_label {
    struct iw_str text;                    /* UTF-8 */
    const struct iw_route_channel *wishes; /* of a channel with this name */
};

/** One memory of the last label for each use: files mostly repeat themselves. */
enum evtx_label_use {
    EVTX_LABEL_CHANNEL,
    EVTX_LABEL_PROVIDER,
    EVTX_LABEL_COMPUTER,
    EVTX_LABEL_USE_COUNT
};

struct evtx_labels {
    struct iw_arena arena;
    struct iw_map by_bytes; /* type byte and value bytes → struct evtx_label * */
    const struct iw_route *route;
    struct {
        const uint8_t *p; /* copy of the bytes of the last value, in the arena */
        uint32_t n;
        uint8_t type;
        const struct evtx_label *label;
    } last[EVTX_LABEL_USE_COUNT];
};

void evtx_labels_init(struct evtx_labels *labels, const struct iw_route *route);
void evtx_labels_done(struct evtx_labels *labels);

/** The label of a value; NULL when there is no memory. *batch_arena* is used past the limit. */
const struct evtx_label *evtx_labels_find(struct evtx_labels *labels, enum evtx_label_use use,
                                          struct iw_value value, struct iw_arena *batch_arena);

#endif
