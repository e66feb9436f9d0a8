/**
 * Facts of a run in event time: threads add them in pass 1, pass 2 reads them back, sorted through
 * the temporary file where memory does not hold them.
 *
 * Two orders. *Overall*: of all hosts by (time, channel, record id, content), for correlations. *Of
 * hosts*: host by host (by label, then name, in lower case), each by (time, context first, channel,
 * record id, content), for context: whoever reads it holds the state of one host at a time, and has
 * met all that is known of an instant (kinds from IW_FACT_FIRST_OF_CONTEXT on) before anything that
 * is judged by it. A fact is added for one of them or for both.
 *
 * Which names are one host and how far clocks were off is known when all was read, so it is decided
 * while reading back: the order of hosts is kept by label, which all names of one machine share;
 * where a label stands for several machines its facts are sorted once more, by machine. Facts whose
 * times must be corrected are rare; where there are any, all are sorted once more under the right
 * times before they are read.
 *
 * Copies are joined: facts of one kind, host, channel, record id, time and content are one fact
 * with several places. Equal lines of one log of requests are events of their own; those of another
 * copy of the log are joined with them one by one. The result is the same whatever the threads, the
 * order they added in, the division of the evidence over files, and the memory there was.
 */
#ifndef IW_ORDER_ORDER_H
#define IW_ORDER_ORDER_H

#include "base/sorter.h"
#include "event/host.h"
#include "order/clock.h"
#include "order/fact.h"

enum iw_order_reading {
    IW_ORDER_OVERALL = 0,
    IW_ORDER_OF_HOSTS,
    IW_ORDER_READINGS,
};

struct iw_order;

/** *spill* lives longer; *budget_bytes* is shared by the two orders. NULL: no memory. */
struct iw_order *iw_order_new(struct iw_spill *spill, size_t budget_bytes);
/** Its feeds and readers were ended before. NULL is fine. */
void iw_order_free(struct iw_order *order);

/** A thread's way in; zero-initialise, then iw_order_feed_init. */
struct iw_order_feed {
    struct iw_order *order;
    struct iw_sorter_feed *feeds[IW_ORDER_READINGS];
    struct iw_buffer key, record;
};

/** Made by one thread at a time, before any fact is added. IW_OK or IW_ENOMEM; done is needed in
 * every case. */
enum iw_rc iw_order_feed_init(struct iw_order_feed *feed, struct iw_order *order);
void iw_order_feed_done(struct iw_order_feed *feed);
/**
 * Adds a fact (copied). One thread at a time a feed.
 *
 * @return IW_OK; IW_ENOMEM; IW_ELIMIT (4 GiB or more); IW_EIO: the temporary file cannot be
 * written: nothing more can be added, all that was taken is still there
 */
enum iw_rc iw_order_add(struct iw_order_feed *feed, enum iw_order_reading reading,
                        const struct iw_fact *fact, struct iw_error *err);

/**
 * Ends the adding and corrects times. *hosts* and *clocks* (may be NULL) are settled and live as
 * long as the order is read.
 *
 * @return IW_OK; IW_ENOMEM; IW_EIO: there is no room for sorting once more: it can be read, but
 * not all times are corrected
 */
enum iw_rc iw_order_settle(struct iw_order *order, const struct iw_hosts *hosts,
                           struct iw_clocks *clocks, struct iw_error *err);
/** Whether anything was added for this reading. */
bool iw_order_has_facts(const struct iw_order *order, enum iw_order_reading reading);

/**
 * Appends what *overall* orders events by (time, channel, record id, content): the bytes of two
 * facts compare as the facts are read, and are equal for copies. A failed allocation is remembered
 * by the buffer.
 */
void iw_order_event_key(const struct iw_fact *fact, struct iw_buffer *key);

/** What reading came to; exact once IW_END was returned. */
struct iw_order_account {
    uint64_t n_facts;     /* given out, copies joined */
    uint64_t n_copies;    /* facts that were copies of another */
    uint64_t n_conflicts; /* facts that share host, channel, record id and time with another of
                             their kind and differ in content: both are given out */
    uint64_t n_untimed;   /* facts without a time */
    uint64_t n_searched;  /* facts looked at to find what others are copies of: the work */
    uint64_t n_cut;       /* times that forms of one record were more than is held to find copies
                             among them (IW_LIMIT_GROUP_BYTES): later ones may be copies of earlier
                             ones, and are given out */
};

struct iw_order_reader;

/**
 * Begins to read.
 *
 * @param is_last  what was read is released: this order is not read again
 * @param ret      closed with iw_order_close
 * @return IW_OK, IW_ENOMEM, IW_EIO
 */
enum iw_rc iw_order_open(struct iw_order *order, enum iw_order_reading reading, bool is_last,
                         struct iw_order_reader **ret, struct iw_error *err);
/** The next fact, borrowed until the next call. IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_order_next(struct iw_order_reader *reader, struct iw_fact *ret, struct iw_error *err);
struct iw_order_account iw_order_account(const struct iw_order_reader *reader);
/** NULL is fine. */
void iw_order_close(struct iw_order_reader *reader);

#endif
