/**
 * Inside of url_requests: rows of requests in the order of their keys, to be asked for any key.
 *
 * Written once, in order, in blocks; while they are few they stay in memory, then they go to the
 * temporary file. In memory is the first key of each block, so that a question reads the blocks it
 * needs and no others. One thread.
 */
#ifndef IW_CONTEXT_REQUEST_STORE_H
#define IW_CONTEXT_REQUEST_STORE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/spill.h"

struct iw_request_block {
    struct iw_str first_key;
    char *held;      /* NULL: in the temporary file */
    uint64_t offset; /* there */
    uint64_t n_bytes;
};

struct iw_request_store {
    struct iw_spill *spill;
    size_t budget_bytes; /* of blocks in memory */
    struct iw_arena arena;
    struct iw_request_block *blocks;
    size_t n_blocks, cap;
    size_t held_bytes;
    struct iw_str first_key; /* of the block being written */
    struct iw_buffer writing;
    struct iw_buffer reading; /* the block of the file that was read last */
    size_t in_reading;        /* its number + 1; 0: none */
};

void iw_request_store_init(struct iw_request_store *store, struct iw_spill *spill,
                           size_t budget_bytes);
void iw_request_store_done(struct iw_request_store *store);
/** Adds a record; keys come in byte order, equal ones too. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_request_store_add(struct iw_request_store *store, struct iw_str key,
                                struct iw_str payload, struct iw_error *err);
/** The last record was added. IW_OK, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_request_store_finish(struct iw_request_store *store, struct iw_error *err);

/** A reading of the records whose keys begin with a prefix. */
struct iw_request_cursor {
    struct iw_request_store *store;
    struct iw_str prefix; /* borrowed */
    size_t block;
    struct iw_str rest; /* of the block, not read yet */
    bool is_open;       /* the block is */
};

void iw_request_store_seek(struct iw_request_store *store, struct iw_str prefix,
                           struct iw_request_cursor *ret);
/** The next record, borrowed until the next call. IW_OK, IW_END, IW_ENOMEM, IW_EIO. */
enum iw_rc iw_request_store_next(struct iw_request_cursor *cursor, struct iw_str *ret_key,
                                 struct iw_str *ret_payload, struct iw_error *err);

#endif
