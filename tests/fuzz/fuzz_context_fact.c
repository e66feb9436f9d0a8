/*
 * Context facts and subjects as bytes: whatever bytes come back from the temporary file, parsing
 * ends in a refusal or in a fact that says the same when it is written again, and lineage and
 * logons take it. Input: a stream of facts, each behind its length (2 bytes) and a time step (1
 * byte).
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "context/context_subject.h"
#include "context/host_context.h"

static void try_subject(struct iw_str bytes, struct iw_buffer *again)
{
    struct iw_context_subject subject;
    if (!iw_context_subject_parse(bytes, &subject))
        return;
    iw_buffer_clear(again);
    iw_context_subject_write(&subject, again);
    FUZZ_REQUIRE(again->n == bytes.n);
}

static void ask(const struct iw_host_context *context, const struct iw_context_fact *fact,
                int64_t time_ns)
{
    const struct iw_process_name *name =
        fact->kind == IW_CONTEXT_PROCESS_START ? &fact->u.start.name : &fact->u.end.name;
    const struct iw_process *process, *ancestors[8];
    bool is_complete;
    if (fact->kind != IW_CONTEXT_PROCESS_START && fact->kind != IW_CONTEXT_PROCESS_END)
        return;
    process = iw_lineage_find(context->lineage, name, time_ns);
    if (process == NULL)
        return;
    FUZZ_REQUIRE(process->parent != process);
    FUZZ_REQUIRE(iw_process_ancestors(process, ancestors, 8, &is_complete) <= 8);
    (void)iw_process_worker(process, &is_complete);
    (void)iw_host_context_logon(context, process);
}

static void try_fact(struct iw_host_context *context, struct iw_str bytes, struct iw_buffer *again,
                     int64_t time_ns)
{
    struct iw_context_fact fact, second;
    if (iw_context_fact_parse(bytes, &fact)) {
        iw_buffer_clear(again);
        iw_context_fact_write(&fact, again);
        FUZZ_REQUIRE(!again->failed);
        FUZZ_REQUIRE(again->n == bytes.n); /* a number for true may differ, nothing else */
        FUZZ_REQUIRE(iw_context_fact_parse(iw_buffer_str(again), &second));
        FUZZ_REQUIRE(second.kind == fact.kind);
    }
    FUZZ_REQUIRE(iw_host_context_tell(context, time_ns, NULL, bytes) == IW_OK);
    if (iw_context_fact_parse(bytes, &fact))
        ask(context, &fact, time_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct iw_host_context context;
    struct iw_buffer again;
    int64_t time_ns = 0;

    iw_buffer_init(&again);
    FUZZ_REQUIRE(iw_host_context_init(&context, NULL, NULL) == IW_OK);
    iw_host_context_begin(&context, IW_STR("WEB01"));
    while (input.n != 0) {
        size_t n, wanted = fuzz_take_u16(&input) % 4096U;
        uint8_t step = fuzz_take_u8(&input);
        const uint8_t *p = fuzz_take(&input, wanted, &n);
        char *bytes = malloc(n + 1); /* exactly as long: one byte past it is seen */
        FUZZ_REQUIRE(bytes != NULL);
        if (n != 0)
            memcpy(bytes, p, n);
        time_ns += step * (IW_NS_PER_SECOND / 16);
        try_fact(&context, (struct iw_str){bytes, n}, &again, time_ns);
        try_subject((struct iw_str){bytes, n}, &again);
        free(bytes);
    }
    iw_host_context_done(&context);
    iw_buffer_done(&again);
    return 0;
}
