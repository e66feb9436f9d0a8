/**
 * Runs of sorted records, in memory or in the temporary file: the sorter's own parts (base/sorter.h
 * is for everybody else).
 *
 * In both places a record is its two sizes, the key and the payload, one behind the other.
 */
#ifndef IW_BASE_SORT_RUN_H
#define IW_BASE_SORT_RUN_H

#include "base/buffer.h"
#include "base/spill.h"

struct iw_sort_header {
    uint32_t key_n, payload_n;
};

/** A record in memory. */
struct iw_sort_entry {
    uint64_t prefix; /* the first bytes of its key, as a number */
    const uint8_t *record;
};

/** A run in the file. */
struct iw_sort_region {
    uint64_t offset, n_bytes;
};

static inline struct iw_sort_header iw_sort_header_of(const uint8_t *record)
{
    struct iw_sort_header header;
    memcpy(&header, record, sizeof header);
    return header;
}

static inline uint64_t iw_sort_record_bytes(struct iw_sort_header header)
{
    return sizeof header + (uint64_t)header.key_n + header.payload_n;
}

/** The first eight bytes of a key as a number that compares as they do. */
uint64_t iw_sort_prefix(struct iw_str key);
/** Order of two records in memory, for qsort over struct iw_sort_entry. */
int iw_sort_compare_entries(const void *left, const void *right);

/* --- writing ----------------------------------------------------------------------------- */

struct iw_sort_writer {
    const struct iw_spill *spill;
    uint64_t at;
    struct iw_buffer gathered;
};

/** Writes to space that was reserved. */
void iw_sort_writer_init(struct iw_sort_writer *writer, const struct iw_spill *spill,
                         uint64_t offset);
void iw_sort_writer_done(struct iw_sort_writer *writer);
/** IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_sort_writer_add(struct iw_sort_writer *writer, struct iw_str key,
                              struct iw_str payload, struct iw_error *err);
/** What was gathered goes to the file. IW_OK or IW_EIO. */
enum iw_rc iw_sort_writer_flush(struct iw_sort_writer *writer, struct iw_error *err);

/* --- reading ----------------------------------------------------------------------------- */

/** Stands on one record of a run (the head) or at its end. */
struct iw_sort_reader {
    /* a run in memory */
    const struct iw_sort_entry *entries;
    size_t n_entries;
    /* a run in the file */
    const struct iw_spill *spill;
    uint64_t at, end;  /* of the head, of the run */
    uint64_t released; /* up to here the space was given back */
    bool releases;
    uint8_t *buffer; /* holds [buffer_at, buffer_at + buffer_n) of the file; the head's key too */
    size_t buffer_cap, buffer_n;
    uint64_t buffer_at;
    /* the head */
    bool is_at_end;
    uint64_t prefix;
    struct iw_sort_header head;
};

/** A run in memory; *entries* are sorted and live longer. Never fails. */
void iw_sort_reader_init_memory(struct iw_sort_reader *reader, const struct iw_sort_entry *entries,
                                size_t n);
/** A run in the file. IW_OK, IW_ENOMEM, IW_EIO. Done is needed in every case. */
enum iw_rc iw_sort_reader_init_file(struct iw_sort_reader *reader, const struct iw_spill *spill,
                                    struct iw_sort_region region, size_t buffer_bytes,
                                    bool releases, struct iw_error *err);
void iw_sort_reader_done(struct iw_sort_reader *reader);
/** To the next record. IW_OK (also at the end), IW_ENOMEM, IW_EIO. */
enum iw_rc iw_sort_reader_step(struct iw_sort_reader *reader, struct iw_error *err);
/** The head's key. */
struct iw_str iw_sort_reader_key(const struct iw_sort_reader *reader);
/**
 * The head's payload, borrowed until the next step: from the buffer, or read into *large* when it
 * does not fit there. IW_OK, IW_ENOMEM, IW_EIO.
 */
enum iw_rc iw_sort_reader_payload(struct iw_sort_reader *reader, struct iw_buffer *large,
                                  struct iw_str *ret, struct iw_error *err);
/** Order of two heads by key and payload; *ret_order is <0, 0, >0. IW_OK or IW_EIO. */
enum iw_rc iw_sort_reader_compare(const struct iw_sort_reader *a, const struct iw_sort_reader *b,
                                  int *ret_order, struct iw_error *err);

#endif
