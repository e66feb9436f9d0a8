/**
 * What rules matched, between pass 1 and pass 2: threads give hits, pass 2 takes them in groups of
 * one event.
 *
 * Hits are kept in a sorter, so their number has no bound but the space of the temporary file. All
 * hits of one rule that may be copies of one event come one behind the other, those of the same
 * content together, and each content's in order of source and offset.
 */
#ifndef IW_ENGINE_HITS_H
#define IW_ENGINE_HITS_H

#include "base/sorter.h"
#include "result/finding.h"

struct iw_hits {
    struct iw_sorter *sorter;
};

/** A thread's way in; zero-initialise, then iw_hit_feed_init. */
struct iw_hit_feed {
    struct iw_sorter_feed *feed;
    struct iw_buffer key, record, identity;
};

/** *spill* lives longer. IW_OK or IW_ENOMEM; done is needed in every case. */
enum iw_rc iw_hits_init(struct iw_hits *hits, struct iw_spill *spill, size_t budget_bytes);
void iw_hits_done(struct iw_hits *hits);

/** Made by one thread at a time, before any hit is added; ended before *hits* is. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_hit_feed_init(struct iw_hit_feed *feed, struct iw_hits *hits);
void iw_hit_feed_done(struct iw_hit_feed *feed);
/**
 * Adds a copy of a rule's finding of one event: `computer`, `rule_account` and `evidence[0]` are
 * set, the host is not yet. IW_OK, IW_ENOMEM, IW_ELIMIT, IW_EIO (as iw_sorter_add).
 */
enum iw_rc iw_hit_feed_add(struct iw_hit_feed *feed, const struct iw_finding *finding,
                           struct iw_error *err);

/** One hit as it is read back. */
struct iw_hit {
    struct iw_str record; /* result/finding_record.h; borrowed until the next hit is read */
    bool is_same_record;  /* rule, host's label, channel, record id and time are those of the hit
                             before */
    bool is_same_content; /* and the event is the same, field by field */
};

/** Reads hits; they are gone afterwards. */
struct iw_hit_reader {
    struct iw_sorted *sorted;
    char before[32]; /* what tells records and contents apart, of the hit before */
    bool has_before;
};

/** Ends the adding. Done is needed in every case. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_hit_reader_init(struct iw_hit_reader *reader, struct iw_hits *hits,
                              struct iw_error *err);
void iw_hit_reader_done(struct iw_hit_reader *reader);
/** IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_hit_reader_next(struct iw_hit_reader *reader, struct iw_hit *ret,
                              struct iw_error *err);

#endif
