/*
 * One record through the executor. Input: u16 offset of the record's BinXML behind the chunk's
 * header, u16 its length, then the chunk from offset 512 on. Read twice: with the cache empty and
 * with what the first time taught; both must say the same.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "input/evtx/evtx_execute.h"

struct result {
    enum evtx_outcome outcome;
    uint32_t event_id, n_fields, flags;
    uint64_t n_odd;
};

static struct result read_record(struct evtx_executor *x, struct evtx_chunk_view chunk,
                                 uint32_t begin, uint32_t limit)
{
    struct iw_event event = {.record_id = 1};
    struct iw_account account = {0};
    struct result result = {.outcome = EVTX_RECORD_LOST};
    x->batch = fuzz_batch();
    x->account = &account;
    x->chunk = chunk;
    x->file_offset = 4096;
    iw_batch_clear(x->batch);
    evtx_cache_begin_chunk(&x->cache);
    FUZZ_REQUIRE(evtx_execute_record(x, begin, limit, &event, &result.outcome) == IW_OK);
    iw_event_settle_time(&event);
    fuzz_require_event(&event);
    result.event_id = event.event_id;
    result.n_fields = event.n_fields;
    result.flags = event.flags;
    result.n_odd = account.damage[IW_DAMAGE_VALUE_ODD].count;
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct evtx_executor *x;
    struct fuzz_input input = {data, size};
    uint32_t begin = EVTX_CHUNK_HEADER_BYTES + fuzz_take_u16(&input), limit;
    uint8_t *bytes = calloc(1, EVTX_CHUNK_BYTES);
    struct result first, second;
    struct evtx_chunk_view chunk = {bytes, EVTX_CHUNK_BYTES};
    const uint8_t *p;
    size_t n;

    if (x == NULL) {
        x = malloc(sizeof *x);
        FUZZ_REQUIRE(x != NULL);
    }
    FUZZ_REQUIRE(bytes != NULL);
    evtx_executor_init(x, fuzz_names(), fuzz_route());
    limit = begin + fuzz_take_u16(&input);
    p = fuzz_take(&input, EVTX_CHUNK_BYTES - EVTX_CHUNK_HEADER_BYTES, &n);
    if (n != 0)
        memcpy(bytes + EVTX_CHUNK_HEADER_BYTES, p, n);
    if (limit > EVTX_CHUNK_BYTES)
        limit = EVTX_CHUNK_BYTES;
    if (begin > limit)
        begin = limit;
    first = read_record(x, chunk, begin, limit);
    second = read_record(x, chunk, begin, limit);
    FUZZ_REQUIRE(first.outcome == second.outcome);
    FUZZ_REQUIRE(first.event_id == second.event_id);
    FUZZ_REQUIRE(first.n_fields == second.n_fields);
    FUZZ_REQUIRE(first.flags == second.flags);
    FUZZ_REQUIRE(first.n_odd == second.n_odd);
    evtx_executor_done(x);
    free(bytes);
    return 0;
}
