#include "context/request_store.h"

#include "base/alloc.h"
#include "base/packed.h"

#define BLOCK_BYTES ((size_t)128 * 1024)

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

void iw_request_store_init(struct iw_request_store *store, struct iw_spill *spill,
                           size_t budget_bytes)
{
    memset(store, 0, sizeof *store);
    store->spill = spill;
    store->budget_bytes = budget_bytes;
    iw_arena_init(&store->arena, 0);
    iw_buffer_init(&store->writing);
    iw_buffer_init(&store->reading);
}

void iw_request_store_done(struct iw_request_store *store)
{
    for (size_t i = 0; i < store->n_blocks; i++) {
        if (store->blocks[i].held == NULL)
            iw_spill_release(store->spill, store->blocks[i].offset, store->blocks[i].n_bytes);
        iw_free(store->blocks[i].held);
    }
    iw_free(store->blocks);
    iw_buffer_done(&store->writing);
    iw_buffer_done(&store->reading);
    iw_arena_done(&store->arena);
}

/* --- writing -------------------------------------------------------------------------------- */

static enum iw_rc end_block(struct iw_request_store *store, struct iw_error *err)
{
    struct iw_str bytes = iw_buffer_str(&store->writing);
    struct iw_request_block block = {.first_key = store->first_key, .n_bytes = bytes.n};
    if (bytes.n == 0)
        return IW_OK;
    if (!iw_array_reserve(&store->blocks, &store->cap, store->n_blocks + 1, sizeof *store->blocks))
        return no_memory(err);
    if (store->held_bytes + bytes.n <= store->budget_bytes) {
        block.held = iw_malloc(bytes.n);
        if (block.held == NULL)
            return no_memory(err);
        memcpy(block.held, bytes.p, bytes.n);
        store->held_bytes += bytes.n;
    } else {
        block.offset = iw_spill_reserve(store->spill, bytes.n);
        IW_TRY(iw_spill_write(store->spill, block.offset, bytes, err));
    }
    store->blocks[store->n_blocks++] = block;
    iw_buffer_clear(&store->writing);
    return IW_OK;
}

enum iw_rc iw_request_store_add(struct iw_request_store *store, struct iw_str key,
                                struct iw_str payload, struct iw_error *err)
{
    if (store->writing.n == 0) {
        store->first_key = iw_arena_copy(&store->arena, key);
        if (store->first_key.p == NULL)
            return no_memory(err);
    }
    iw_pack_text(&store->writing, key);
    iw_pack_text(&store->writing, payload);
    if (store->writing.failed)
        return no_memory(err);
    return store->writing.n >= BLOCK_BYTES ? end_block(store, err) : IW_OK;
}

enum iw_rc iw_request_store_finish(struct iw_request_store *store, struct iw_error *err)
{
    IW_TRY(end_block(store, err));
    iw_buffer_done(&store->writing);
    iw_buffer_init(&store->writing);
    return IW_OK;
}

/* --- reading -------------------------------------------------------------------------------- */

void iw_request_store_seek(struct iw_request_store *store, struct iw_str prefix,
                           struct iw_request_cursor *ret)
{
    size_t low = 0, high = store->n_blocks; /* the first block that begins at or past the prefix */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(store->blocks[middle].first_key, prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret = (struct iw_request_cursor){
        .store = store, .prefix = prefix, .block = low != 0 ? low - 1 : 0};
}

static enum iw_rc open_block(struct iw_request_cursor *cursor, struct iw_error *err)
{
    struct iw_request_store *store = cursor->store;
    const struct iw_request_block *block = &store->blocks[cursor->block];
    if (block->held == NULL && store->in_reading != cursor->block + 1) {
        char *room;
        store->in_reading = 0;
        iw_buffer_clear(&store->reading);
        room = iw_buffer_room(&store->reading, block->n_bytes);
        if (room == NULL)
            return no_memory(err);
        IW_TRY(iw_spill_read(store->spill, block->offset, room, block->n_bytes, err));
        store->in_reading = cursor->block + 1;
    }
    cursor->rest =
        (struct iw_str){block->held != NULL ? block->held : store->reading.p, block->n_bytes};
    cursor->is_open = true;
    return IW_OK;
}

static bool begins_with(struct iw_str key, struct iw_str prefix)
{
    return key.n >= prefix.n && iw_str_equal((struct iw_str){key.p, prefix.n}, prefix);
}

enum iw_rc iw_request_store_next(struct iw_request_cursor *cursor, struct iw_str *ret_key,
                                 struct iw_str *ret_payload, struct iw_error *err)
{
    for (;;) {
        struct iw_unpacking in;
        if (cursor->is_open && cursor->rest.n == 0) {
            cursor->is_open = false;
            cursor->block++;
        }
        if (cursor->block >= cursor->store->n_blocks)
            return IW_END;
        if (!cursor->is_open)
            IW_TRY(open_block(cursor, err));
        in = (struct iw_unpacking){cursor->rest, false};
        *ret_key = iw_unpack_text(&in);
        *ret_payload = iw_unpack_text(&in);
        if (in.is_broken)
            return iw_error_set(err, IW_EIO,
                                "the temporary file does not hold what was written to it");
        cursor->rest = in.left;
        if (begins_with(*ret_key, cursor->prefix))
            return IW_OK;
        if (iw_str_compare(*ret_key, cursor->prefix) > 0)
            return IW_END;
    }
}
