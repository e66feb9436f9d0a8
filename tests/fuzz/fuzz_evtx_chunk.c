/*
 * One chunk through the walk. Input: a byte of options (1 former records too, 2 the header is not
 * believed, 4 cut where the input ends rather than padded with zeros), then the chunk.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "input/evtx/evtx_walk.h"

enum { RECOVER = 1, NO_HEADER = 2, CUT = 4 };

static struct evtx_executor *executor(void)
{
    static struct evtx_executor *made;
    if (made == NULL) {
        made = malloc(sizeof *made);
        FUZZ_REQUIRE(made != NULL);
        evtx_executor_init(made, fuzz_names(), fuzz_route());
    }
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    unsigned options = fuzz_take_u8(&input);
    uint8_t *bytes = calloc(1, EVTX_CHUNK_BYTES);
    size_t n;
    const uint8_t *p = fuzz_take(&input, EVTX_CHUNK_BYTES, &n);
    struct evtx_executor *x = executor();
    struct evtx_walk walk = {.recover = (options & RECOVER) != 0};
    struct iw_account account = {0};
    struct evtx_chunk_view chunk = {bytes, (options & CUT) != 0 ? (uint32_t)n : EVTX_CHUNK_BYTES};
    uint64_t n_events = 0, n_calls = 0, last_offset = 0;
    bool at_end = false;

    FUZZ_REQUIRE(bytes != NULL);
    if (n != 0)
        memcpy(bytes, p, n);
    x->batch = fuzz_batch();
    x->account = &account;
    x->chunk = chunk;
    evtx_cache_begin_chunk(&x->cache);
    evtx_walk_begin(&walk, chunk, 4096, (options & NO_HEADER) == 0, &account);
    while (!at_end) {
        iw_batch_clear(x->batch);
        FUZZ_REQUIRE(evtx_walk_fill(&walk, x, &at_end) == IW_OK);
        FUZZ_REQUIRE(++n_calls <= EVTX_CHUNK_BYTES);
        n_events += x->batch->n;
        for (size_t i = 0; i < x->batch->n; i++) {
            const struct iw_event *event = &x->batch->events[i];
            FUZZ_REQUIRE(event->offset > last_offset); /* in order, none twice */
            last_offset = event->offset;
            fuzz_require_event(event);
        }
    }
    FUZZ_REQUIRE(n_events == account.n_records);
    fuzz_require_account(&account);
    FUZZ_REQUIRE(account.lost_bytes <= EVTX_CHUNK_BYTES);
    free(bytes);
    return 0;
}
