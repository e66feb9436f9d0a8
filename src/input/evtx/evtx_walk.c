/*
 * Walking a chunk. A record is a frame (mark, size, id, time … size again) around BinXML; records
 * lie back to back.
 *
 * When the next frame is not whole, the walk looks for the next whole one in steps of 8 (all sizes
 * are multiples of it) and tries to read what lies between as one record: a flipped bit in a mark
 * or a size must not cost the record, and never costs its neighbours (traps T3, T4, T20, T21). The
 * bucket chains of the chunk header are never followed (T5).
 *
 * Behind the live records lie former ones that were not overwritten. They are counted, and read
 * only on request.
 */
#include "input/evtx/evtx_walk.h"

uint32_t evtx_record_size_at(struct evtx_chunk_view chunk, uint32_t at)
{
    uint32_t size_bytes;
    if (at > chunk.size || chunk.size - at < EVTX_RECORD_SMALLEST ||
        iw_load_u32(chunk.data + at) != EVTX_RECORD_MAGIC)
        return 0;
    size_bytes = iw_load_u32(chunk.data + at + 4);
    if (size_bytes < EVTX_RECORD_SMALLEST || size_bytes > chunk.size - at ||
        iw_load_u32(chunk.data + at + size_bytes - 4) != size_bytes)
        return 0;
    return size_bytes;
}

static void header_disagrees(struct evtx_walk *walk, struct iw_account *account)
{
    if (!walk->has_disagreed)
        iw_account_damage(account, IW_DAMAGE_HEADER_DISAGREES, walk->file_offset, 1);
    walk->has_disagreed = true;
}

/* The end of the record that the header calls its last one, when it is there and has the id the
 * header says; else 0. */
static uint32_t end_of_last_record(struct evtx_chunk_view chunk)
{
    uint32_t at = iw_load_u32(chunk.data + EVTX_CHUNK_LAST_AT), size_bytes;
    if (at < EVTX_CHUNK_HEADER_BYTES)
        return 0;
    size_bytes = evtx_record_size_at(chunk, at);
    if (size_bytes == 0 ||
        iw_load_u64(chunk.data + at + 8) != iw_load_u64(chunk.data + EVTX_CHUNK_LAST_ID_AT))
        return 0;
    return at + size_bytes;
}

void evtx_walk_begin(struct evtx_walk *walk, struct evtx_chunk_view chunk, uint64_t file_offset,
                     bool has_header, struct iw_account *account)
{
    uint32_t free_at = iw_load_u32(chunk.data + EVTX_CHUNK_FREE_AT);
    walk->chunk = chunk;
    walk->file_offset = file_offset;
    walk->at = EVTX_CHUNK_HEADER_BYTES;
    walk->first_id = walk->last_id = walk->previous_id = 0;
    walk->in_stale = walk->has_disagreed = false;
    walk->last_end = end_of_last_record(chunk);
    walk->live_end = free_at;
    if (free_at < EVTX_CHUNK_HEADER_BYTES || free_at > EVTX_CHUNK_BYTES) {
        if (has_header)
            header_disagrees(walk, account);
        walk->live_end = walk->last_end != 0 ? walk->last_end : EVTX_CHUNK_BYTES;
    } else if (!has_header && walk->last_end == 0) {
        walk->live_end = EVTX_CHUNK_BYTES; /* nothing in the header is worth believing */
    } else if (walk->live_end < walk->last_end) {
        /* Two fields of the header and the record itself against one field. */
        header_disagrees(walk, account);
        walk->live_end = walk->last_end;
    }
    if (walk->live_end > chunk.size)
        walk->live_end = chunk.size;
}

/* The next whole frame behind *at*, or *end*. */
static uint32_t find_frame(struct evtx_chunk_view chunk, uint32_t at, uint32_t end)
{
    for (at = (at + EVTX_RECORD_ALIGN) & ~(EVTX_RECORD_ALIGN - 1); at < end;
         at += EVTX_RECORD_ALIGN) {
        if (evtx_record_size_at(chunk, at) != 0)
            return at;
    }
    return end;
}

/* How long the damaged record at *at* is, when the next good one begins at *next*; 0 when nothing
 * there looks like one. */
static uint32_t repaired_size(struct evtx_chunk_view chunk, uint32_t at, uint32_t next)
{
    bool has_mark, is_sane;
    uint32_t size_bytes;
    if (next - at < EVTX_RECORD_SMALLEST)
        return 0;
    has_mark = iw_load_u32(chunk.data + at) == EVTX_RECORD_MAGIC;
    size_bytes = iw_load_u32(chunk.data + at + 4);
    is_sane = size_bytes >= EVTX_RECORD_SMALLEST && size_bytes <= next - at;
    if (is_sane && iw_load_u32(chunk.data + at + size_bytes - 4) == size_bytes)
        return size_bytes; /* the mark is damaged */
    if (iw_load_u32(chunk.data + next - 4) == next - at)
        return next - at; /* the size is damaged, its copy is not */
    if (!has_mark)
        return 0;
    return is_sane ? size_bytes : next - at; /* the copy is damaged, or both */
}

static void count_outcome(struct evtx_walk *walk, struct evtx_executor *x, uint32_t at,
                          uint32_t size_bytes, enum evtx_outcome outcome)
{
    uint64_t offset = walk->file_offset + at;
    if (outcome == EVTX_RECORD_CUT)
        iw_account_damage(x->account, IW_DAMAGE_RECORD_CUT, offset, 1);
    if (outcome == EVTX_RECORD_LIMIT)
        iw_account_damage(x->account, IW_DAMAGE_LIMIT, offset, 1);
    if (outcome == EVTX_RECORD_LOST) {
        iw_account_damage(x->account, IW_DAMAGE_RECORD, offset, 1);
        x->account->lost_bytes += size_bytes;
    }
}

/* Reads one record into the next event of the batch. *ret_full: the batch's memory is used up, try
 * again with an empty one. */
static enum iw_rc read_record(struct evtx_walk *walk, struct evtx_executor *x, uint32_t at,
                              uint32_t size_bytes, uint32_t flags, enum evtx_outcome *ret_outcome,
                              bool *ret_full)
{
    struct iw_event *event = &x->batch->events[x->batch->n];
    uint64_t record_id = iw_load_u64(walk->chunk.data + at + 8);
    uint64_t n_odd = x->account->damage[IW_DAMAGE_VALUE_ODD].count;

    *ret_full = false;
    memset(event, 0, sizeof *event);
    event->created_ns = iw_time_from_filetime(iw_load_u64(walk->chunk.data + at + 16));
    event->record_id = record_id;
    event->flags = flags;
    event->source = walk->source;
    event->offset = walk->file_offset + at;
    x->file_offset = event->offset;
    IW_TRY(evtx_execute_record(x, at + EVTX_RECORD_HEADER_BYTES, at + size_bytes - 4, event,
                               ret_outcome));
    if (*ret_outcome == EVTX_RECORD_LIMIT && x->batch->arena.hit_cap && x->batch->n != 0) {
        x->account->damage[IW_DAMAGE_VALUE_ODD].count = n_odd; /* it will be read again */
        *ret_full = true;
        return IW_OK;
    }
    /* A former record whose names were overwritten would come out under whatever now stands there.
     */
    if ((flags & IW_EVENT_RECOVERED) != 0 && x->has_odd_names)
        *ret_outcome = EVTX_RECORD_LOST;
    if (*ret_outcome == EVTX_RECORD_LOST ||
        (*ret_outcome == EVTX_RECORD_LIMIT && event->n_fields == 0)) {
        if (x->batch->n == 0)
            iw_batch_clear(x->batch); /* what it used up must not be missing to the next one */
        return IW_OK;
    }
    iw_event_settle_time(event);
    x->batch->n++;
    x->account->n_records++;
    if ((event->flags & IW_EVENT_DECODED) != 0)
        x->account->n_decoded++;
    if ((flags & IW_EVENT_RECOVERED) != 0)
        iw_account_damage(x->account, IW_DAMAGE_RECOVERED, event->offset, 1);
    return IW_OK;
}

/* Whether the chunk's header knows of a record that should lie where only zeros are. */
static bool header_knows_more(const struct evtx_walk *walk)
{
    uint32_t last_at = iw_load_u32(walk->chunk.data + EVTX_CHUNK_LAST_AT);
    return last_at >= walk->at && last_at < walk->live_end &&
           iw_load_u64(walk->chunk.data + EVTX_CHUNK_LAST_ID_AT) > walk->last_id;
}

/*
 * Whether a record whose size copy is missing was torn: zero from the last sector border inside it
 * to its end. Disks lose whole sectors; the values behind the border are lost, and would pass for
 * short ones.
 */
static bool is_torn(struct evtx_chunk_view chunk, uint32_t at, uint32_t size_bytes)
{
    uint32_t end = at + size_bytes, border = (end - 1) & ~(EVTX_SECTOR_BYTES - 1);
    return border > at && iw_bytes_are_zero(chunk.data + border, end - border);
}

/* Remembers the id of a live record. */
static void note_live(struct evtx_walk *walk, uint32_t at)
{
    walk->previous_id = walk->last_id;
    walk->last_id = iw_load_u64(walk->chunk.data + at + 8);
    if (walk->first_id == 0)
        walk->first_id = walk->last_id;
}

/* A place among the live records where no whole frame begins. */
static enum iw_rc read_damaged(struct evtx_walk *walk, struct evtx_executor *x, bool *ret_full)
{
    uint32_t at = walk->at, next = find_frame(walk->chunk, at, walk->live_end);
    uint32_t size_bytes = repaired_size(walk->chunk, at, next);
    enum evtx_outcome outcome = EVTX_RECORD_LOST;

    *ret_full = false;
    if (next == walk->live_end && iw_bytes_are_zero(walk->chunk.data + at, next - at) &&
        !header_knows_more(walk)) {
        walk->at =
            next; /* an archived log's header counts to the end of the chunk: nothing is missing */
        return IW_OK;
    }
    if (size_bytes != 0) {
        IW_TRY(read_record(walk, x, at, size_bytes, walk->is_carved ? IW_EVENT_RECOVERED : 0,
                           &outcome, ret_full));
        if (*ret_full)
            return IW_OK;
        if (outcome == EVTX_RECORD_GOOD && is_torn(walk->chunk, at, size_bytes)) {
            x->batch->events[x->batch->n - 1].flags |= IW_EVENT_CUT;
            outcome = EVTX_RECORD_CUT;
        } else if (outcome != EVTX_RECORD_LOST) {
            iw_account_damage(x->account, IW_DAMAGE_RECORD_FRAME, walk->file_offset + at, 1);
        }
        count_outcome(walk, x, at, size_bytes, outcome);
        if (outcome != EVTX_RECORD_LOST)
            note_live(walk, at);
        walk->at = at + size_bytes;
        if (walk->at < next)
            walk->at = (walk->at + EVTX_RECORD_ALIGN - 1) & ~(EVTX_RECORD_ALIGN - 1);
        return IW_OK;
    }
    iw_account_damage(x->account, IW_DAMAGE_RECORD_HEADER, walk->file_offset + at, 1);
    x->account->lost_bytes += next - at;
    walk->at = next;
    return IW_OK;
}

static enum iw_rc read_live(struct evtx_walk *walk, struct evtx_executor *x, bool *ret_full)
{
    uint32_t size_bytes = evtx_record_size_at(walk->chunk, walk->at);
    enum evtx_outcome outcome;
    if (size_bytes == 0)
        return read_damaged(walk, x, ret_full);
    if (walk->last_end != 0 && walk->at >= walk->last_end &&
        iw_load_u64(walk->chunk.data + walk->at + 8) <= walk->last_id) {
        /* Behind the last record and counting backwards: the free-space offset is too large (T3).
         */
        header_disagrees(walk, x->account);
        walk->in_stale = true;
        *ret_full = false;
        return IW_OK;
    }
    IW_TRY(read_record(walk, x, walk->at, size_bytes, walk->is_carved ? IW_EVENT_RECOVERED : 0,
                       &outcome, ret_full));
    if (*ret_full)
        return IW_OK;
    count_outcome(walk, x, walk->at, size_bytes, outcome);
    note_live(walk, walk->at);
    walk->at += size_bytes;
    return IW_OK;
}

/*
 * The live records end here, says the header. In a dirty log, or one that was tampered with, it may
 * know less than there is. What follows at once is live when no live record was seen at all, when
 * it goes on counting, or when the header is at odds with the last record anyway and the ids still
 * rise. (Where the header agrees with itself higher ids prove nothing: exported logs are numbered
 * anew over former records; 6 of 927 real chunks.)
 */
static void leave_live(struct evtx_walk *walk, struct evtx_executor *x)
{
    uint32_t size_bytes = evtx_record_size_at(walk->chunk, walk->at);
    uint64_t record_id = size_bytes != 0 ? iw_load_u64(walk->chunk.data + walk->at + 8) : 0;
    bool rises = record_id > walk->last_id || record_id > walk->previous_id;
    bool is_live = walk->last_id == 0 || record_id == walk->last_id + 1 ||
                   (walk->last_end != walk->at && rises);
    if (size_bytes != 0 && is_live) {
        header_disagrees(walk, x->account);
        walk->live_end = walk->at + size_bytes;
        if (walk->last_end == walk->at)
            walk->last_end = walk->live_end;
        return;
    }
    walk->in_stale = true;
    walk->at = (walk->at + EVTX_RECORD_ALIGN - 1) & ~(EVTX_RECORD_ALIGN - 1);
}

/* The next former record: counted, and with --recover read unless a live one of this chunk has its
 * id. */
static enum iw_rc read_stale(struct evtx_walk *walk, struct evtx_executor *x, bool *ret_full)
{
    uint32_t size_bytes = evtx_record_size_at(walk->chunk, walk->at);
    enum evtx_outcome outcome = EVTX_RECORD_LOST;
    uint64_t record_id;

    *ret_full = false;
    if (size_bytes == 0) {
        walk->at = find_frame(walk->chunk, walk->at, walk->chunk.size);
        return IW_OK;
    }
    record_id = iw_load_u64(walk->chunk.data + walk->at + 8);
    /* Ids of live records of this chunk are mostly the same record again; what is not read is
     * counted, whatever the reason. */
    if (walk->recover &&
        (walk->first_id == 0 || record_id < walk->first_id || record_id > walk->last_id)) {
        IW_TRY(read_record(walk, x, walk->at, size_bytes, IW_EVENT_RECOVERED, &outcome, ret_full));
        if (*ret_full)
            return IW_OK;
    }
    if (outcome == EVTX_RECORD_LOST || outcome == EVTX_RECORD_LIMIT)
        iw_account_damage(x->account, IW_DAMAGE_STALE, walk->file_offset + walk->at, 1);
    walk->at += size_bytes;
    return IW_OK;
}

enum iw_rc evtx_walk_fill(struct evtx_walk *walk, struct evtx_executor *executor, bool *ret_end)
{
    struct iw_batch *batch = executor->batch;
    bool is_full = false;

    *ret_end = false;
    while (!is_full && batch->n < IW_BATCH_EVENTS &&
           IW_BATCH_FIELDS - batch->n_fields >= IW_LIMIT_EVENT_FIELDS) {
        if (!walk->in_stale && walk->at < walk->live_end) {
            IW_TRY(read_live(walk, executor, &is_full));
        } else if (!walk->in_stale) {
            leave_live(walk, executor);
        } else if (walk->at < walk->chunk.size) {
            IW_TRY(read_stale(walk, executor, &is_full));
        } else {
            *ret_end = true;
            return IW_OK;
        }
    }
    return IW_OK;
}
