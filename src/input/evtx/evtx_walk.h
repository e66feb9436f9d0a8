/**
 * Walking the records of one chunk: live ones, what damage left of them, and former ones behind
 * them.
 */
#ifndef IW_INPUT_EVTX_WALK_H
#define IW_INPUT_EVTX_WALK_H

#include "input/evtx/evtx_execute.h"

struct evtx_walk {
    struct evtx_chunk_view chunk;
    uint64_t file_offset;       /* of the chunk */
    uint32_t at;                /* next place to look at */
    uint32_t live_end;          /* where the live records end, as far as is known yet */
    uint32_t last_end;          /* end of the record the header calls its last one; 0: not there */
    uint32_t source;            /* ledger index, for the events */
    uint64_t first_id, last_id; /* of the live records seen so far; 0 = none yet */
    uint64_t previous_id;       /* of the live record before the last */
    bool is_carved;             /* every record is marked recovered */
    bool recover;               /* deliver former records too */
    bool in_stale;              /* behind the live records */
    bool has_disagreed;         /* the header was found wrong, and that was counted */
};

/**
 * Begins a chunk. *chunk.data* must be zero from chunk.size to 65,536.
 *
 * @param has_header  the header can be believed; otherwise all of the chunk is searched
 */
void evtx_walk_begin(struct evtx_walk *walk, struct evtx_chunk_view chunk, uint64_t file_offset,
                     bool has_header, struct iw_account *account);

/**
 * Reads records into the executor's batch until it is full or the chunk ends (*ret_end).
 *
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc evtx_walk_fill(struct evtx_walk *walk, struct evtx_executor *executor, bool *ret_end);

/** Whether a record can begin at *at*: mark, sane size, equal copy of the size. Returns its size,
 * or 0. */
uint32_t evtx_record_size_at(struct evtx_chunk_view chunk, uint32_t at);

#endif
