/*
 * Two sorters, one an order. How a reading joins copies and finds hosts: fact_reader.c.
 */
#include "order/order.h"

#include <stdatomic.h>

#include "base/alloc.h"
#include "order/fact_reader.h"
#include "order/fact_record.h"

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

struct iw_order {
    struct iw_spill *spill;
    size_t budget_bytes; /* of one sorter */
    struct iw_sorter *sorters[IW_ORDER_READINGS];
    _Atomic bool has_facts[IW_ORDER_READINGS];
    const struct iw_hosts *hosts; /* once settled */
};

struct iw_order *iw_order_new(struct iw_spill *spill, size_t budget_bytes)
{
    struct iw_order *order = iw_calloc(1, sizeof *order);
    if (order == NULL)
        return NULL;
    order->spill = spill;
    order->budget_bytes = budget_bytes / IW_ORDER_READINGS;
    for (size_t i = 0; i < IW_ORDER_READINGS; i++) {
        order->sorters[i] = iw_sorter_new(spill, order->budget_bytes);
        if (order->sorters[i] == NULL) {
            iw_order_free(order);
            return NULL;
        }
    }
    return order;
}

void iw_order_free(struct iw_order *order)
{
    if (order == NULL)
        return;
    for (size_t i = 0; i < IW_ORDER_READINGS; i++)
        iw_sorter_free(order->sorters[i]);
    iw_free(order);
}

/* --- adding ------------------------------------------------------------------------------- */

enum iw_rc iw_order_feed_init(struct iw_order_feed *feed, struct iw_order *order)
{
    iw_buffer_init(&feed->key);
    iw_buffer_init(&feed->record);
    feed->order = order;
    for (size_t i = 0; i < IW_ORDER_READINGS; i++) {
        feed->feeds[i] = iw_sorter_feed_new(order->sorters[i]);
        if (feed->feeds[i] == NULL)
            return IW_ENOMEM;
    }
    return IW_OK;
}

void iw_order_feed_done(struct iw_order_feed *feed)
{
    iw_buffer_done(&feed->key);
    iw_buffer_done(&feed->record);
}

/* One fact into a feed of a sorter. */
static enum iw_rc put(struct iw_sorter_feed *feed, struct iw_buffer *key, struct iw_buffer *record,
                      enum iw_order_reading reading, const struct iw_fact *fact,
                      struct iw_error *err)
{
    iw_buffer_clear(key);
    iw_buffer_clear(record);
    iw_fact_record_write(fact, reading, key, record);
    if (key->failed || record->failed)
        return no_memory(err);
    return iw_sorter_add(feed, iw_buffer_str(key), iw_buffer_str(record), err);
}

enum iw_rc iw_order_add(struct iw_order_feed *feed, enum iw_order_reading reading,
                        const struct iw_fact *fact, struct iw_error *err)
{
    IW_TRY(put(feed->feeds[reading], &feed->key, &feed->record, reading, fact, err));
    atomic_store_explicit(&feed->order->has_facts[reading], true, memory_order_relaxed);
    return IW_OK;
}

bool iw_order_has_facts(const struct iw_order *order, enum iw_order_reading reading)
{
    return atomic_load_explicit(&order->has_facts[reading], memory_order_relaxed);
}

/* --- settling ----------------------------------------------------------------------------- */

struct correcting {
    struct iw_clocks *clocks;
    enum iw_order_reading reading;
    struct iw_sorter_feed *feed;
    struct iw_buffer key, record;
};

static enum iw_rc correct_all(struct correcting *correcting, struct iw_sorted *sorted,
                              struct iw_error *err)
{
    struct iw_str key, record;
    struct iw_fact fact;
    enum iw_rc rc;
    while ((rc = iw_sorted_next(sorted, &key, &record, err)) == IW_OK) {
        IW_TRY(iw_fact_record_read(correcting->reading, key, record, &fact, err));
        if (fact.clock == IW_CLOCK_EXPORT)
            fact.time_ns = iw_clocks_correct(correcting->clocks, fact.place.source, fact.dialect,
                                             fact.computer, fact.time_ns);
        IW_TRY(put(correcting->feed, &correcting->key, &correcting->record, correcting->reading,
                   &fact, err));
    }
    return rc == IW_END ? IW_OK : rc;
}

/* Sorts what is in a sorter once more, under corrected times. Where there is no room for that, it
 * stays as it is. */
static enum iw_rc correct(struct iw_order *order, enum iw_order_reading reading,
                          struct iw_clocks *clocks, struct iw_error *err)
{
    struct correcting correcting = {.clocks = clocks, .reading = reading};
    struct iw_sorter *corrected = iw_sorter_new(order->spill, order->budget_bytes);
    struct iw_sorted *sorted = NULL;
    enum iw_rc rc;
    iw_buffer_init(&correcting.key);
    iw_buffer_init(&correcting.record);
    correcting.feed = corrected != NULL ? iw_sorter_feed_new(corrected) : NULL;
    rc = correcting.feed != NULL ? iw_sorter_open(order->sorters[reading], false, &sorted, err)
                                 : no_memory(err);
    if (rc == IW_OK)
        rc = correct_all(&correcting, sorted, err);
    iw_sorted_close(sorted);
    iw_buffer_done(&correcting.key);
    iw_buffer_done(&correcting.record);
    if (rc == IW_OK && iw_sorter_finish(corrected) != IW_OK)
        rc = no_memory(err);
    if (rc != IW_OK) {
        iw_sorter_free(corrected);
        return rc;
    }
    iw_sorter_free(order->sorters[reading]);
    order->sorters[reading] = corrected;
    return IW_OK;
}

enum iw_rc iw_order_settle(struct iw_order *order, const struct iw_hosts *hosts,
                           struct iw_clocks *clocks, struct iw_error *err)
{
    order->hosts = hosts;
    for (size_t i = 0; i < IW_ORDER_READINGS; i++) {
        if (iw_sorter_finish(order->sorters[i]) != IW_OK)
            return no_memory(err);
    }
    for (size_t i = 0; i < IW_ORDER_READINGS; i++) {
        if (clocks != NULL && iw_clocks_corrects(clocks) &&
            iw_order_has_facts(order, (enum iw_order_reading)i))
            IW_TRY(correct(order, (enum iw_order_reading)i, clocks, err));
    }
    return IW_OK;
}

enum iw_rc iw_order_open(struct iw_order *order, enum iw_order_reading reading, bool is_last,
                         struct iw_order_reader **ret, struct iw_error *err)
{
    const struct iw_fact_reader_options options = {.spill = order->spill,
                                                   .budget_bytes = order->budget_bytes,
                                                   .sorter = order->sorters[reading],
                                                   .reading = reading,
                                                   .hosts = order->hosts,
                                                   .is_last = is_last};
    return iw_fact_reader_new(&options, ret, err);
}
