/**
 * Building events of a batch from names and values: what readers of text formats share.
 *
 * The order is begin, head, then (only where head said that the event is wanted) any number of
 * fields, end. One builder per reader, one thread. Bytes of values and texts of the head are
 * borrowed and must live as long as the batch (its arena, or a buffer the reader keeps until the
 * next batch); names of fields are copied.
 */
#ifndef IW_EVENT_BUILDER_H
#define IW_EVENT_BUILDER_H

#include "base/map.h"
#include "event/batch.h"
#include "event/route.h"

#define IW_BUILDER_CHANNEL_BYTES 256U

/** What every event says of itself. Texts are valid UTF-8; empty when unknown. */
struct iw_event_head {
    struct iw_str channel, provider, computer;
    uint32_t event_id;
    uint64_t record_id; /* 0: unknown */
    int64_t created_ns; /* or IW_TIME_UNKNOWN */
};

struct iw_event_builder {
    const struct iw_names *names;
    const struct iw_route *route;
    struct iw_map known; /* spelling → struct iw_name *, kept from batch to batch */
    struct iw_arena known_arena;
    struct iw_batch *batch;
    struct iw_event *event; /* being built; NULL between events */
    size_t first_field;
    bool is_cut;
    const struct iw_name *long_name; /* the last one of the event that is not kept, or NULL */
    /* The channel asked for last: most events come in runs. */
    const struct iw_route_channel *wishes;
    char wishes_channel[IW_BUILDER_CHANNEL_BYTES];
    size_t wishes_n;
};

/** *names* (frozen) and *route* must outlive it. Cannot fail. */
void iw_event_builder_init(struct iw_event_builder *builder, const struct iw_names *names,
                           const struct iw_route *route);
void iw_event_builder_done(struct iw_event_builder *builder);

/** Whether the batch has room for one more event, however many fields it has. */
bool iw_event_builder_has_room(const struct iw_batch *batch);

/** Starts an event of the record at *offset* of source *source*. The batch has room. */
void iw_event_builder_begin(struct iw_event_builder *builder, struct iw_batch *batch,
                            uint32_t source, uint64_t offset);
/** Sets the head. Whether somebody wants the event decoded: if not, no field need be added. */
bool iw_event_builder_head(struct iw_event_builder *builder, const struct iw_event_head *head);
/**
 * Adds one field. IW_OK; IW_ELIMIT: past IW_LIMIT_EVENT_FIELDS, the field is left out and the event
 * marked as cut; IW_ENOMEM.
 */
enum iw_rc iw_event_builder_add(struct iw_event_builder *builder, enum iw_place place,
                                struct iw_str name, struct iw_value value);
/** The same with text (valid UTF-8) as the value. */
enum iw_rc iw_event_builder_add_text(struct iw_event_builder *builder, enum iw_place place,
                                     struct iw_str name, struct iw_str text);
/** The same with a name that was described already (iw_names_describe) and lives as long as the
 * batch: for readers that know their columns. IW_OK or IW_ELIMIT. */
enum iw_rc iw_event_builder_add_known(struct iw_event_builder *builder, enum iw_place place,
                                      const struct iw_name *name, struct iw_str text);
/** Fields of the event so far. */
size_t iw_event_builder_count(const struct iw_event_builder *builder);
/** Marks the event: a part of it was lost. */
void iw_event_builder_cut(struct iw_event_builder *builder);
/** Ends the event and keeps it in the batch. Whether it was cut: the caller counts that. */
bool iw_event_builder_end(struct iw_event_builder *builder);
/** Forgets the event that was begun. */
void iw_event_builder_cancel(struct iw_event_builder *builder);

#endif
