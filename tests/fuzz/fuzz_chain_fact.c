/*
 * Chain facts as bytes, and chains out of them: whatever bytes come back from the temporary file,
 * parsing ends in a refusal or in a fact that says the same when it is written again, and chains
 * take facts in any number and give findings that are whole. Input: a stream of facts, each behind
 * its length (2 bytes), a time step (1 byte: the upper two bits are the clock) and its kind (1
 * byte: even for a fact of context).
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "detect/chain/chains.h"
#include "detect/chain/component_trails.h"

static enum iw_rc take_finding(void *context, struct iw_finding *finding, struct iw_error *err)
{
    (void)context;
    (void)err;
    FUZZ_REQUIRE(finding->n_evidence != 0);
    FUZZ_REQUIRE(finding->score <= 100);
    FUZZ_REQUIRE(finding->why.n != 0 && finding->title.n != 0);
    FUZZ_REQUIRE(finding->first_time_ns <= finding->last_time_ns);
    for (size_t i = 0; i < finding->n_evidence; i++) {
        fuzz_require_json(finding->evidence[i].fields_json);
        FUZZ_REQUIRE(i == 0 || finding->evidence[i - 1].time_ns <= finding->evidence[i].time_ns);
    }
    return IW_OK;
}

static void write_again(struct iw_str bytes, struct iw_buffer *again)
{
    struct iw_chain_fact fact, second;
    if (!iw_chain_fact_parse(bytes, &fact))
        return;
    iw_buffer_clear(again);
    iw_chain_fact_write(&fact, again);
    FUZZ_REQUIRE(!again->failed);
    FUZZ_REQUIRE(iw_chain_fact_parse(iw_buffer_str(again), &second));
    FUZZ_REQUIRE(second.kind == fact.kind && iw_str_equal(second.path, fact.path));
    FUZZ_REQUIRE(second.process.pid == fact.process.pid);
}

/* A finding about whatever record came last, as the reconciler would make it. */
static void extend(const struct iw_component_trails *trails, uint64_t record_id)
{
    struct iw_evidence_item item = {.role = IW_STR("registration"),
                                    .channel = IW_STR("Application"),
                                    .record_id = record_id,
                                    .fields_json = IW_STR("{}")};
    struct iw_finding finding = {.kind = IW_FINDING_COMPONENT,
                                 .level = IW_LEVEL_LOW,
                                 .score = 30,
                                 .host = IW_STR("web01"),
                                 .detail = IW_STR("x.dll"),
                                 .evidence = &item,
                                 .n_evidence = 1};
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    FUZZ_REQUIRE(iw_component_trails_extend(trails, &finding, &arena) == IW_OK);
    FUZZ_REQUIRE(finding.score <= 100 && finding.level <= IW_LEVEL_MEDIUM);
    for (size_t i = 0; i < finding.n_evidence; i++)
        fuzz_require_json(finding.evidence[i].fields_json);
    iw_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    struct iw_chains_input ask = {.take_finding = take_finding};
    struct iw_host_context context;
    struct iw_chains *chains = iw_chains_new(&ask);
    struct iw_component_trails *trails = iw_component_trails_new(NULL, NULL);
    struct iw_buffer again;
    struct iw_error err;
    int64_t time_ns = 0;
    uint64_t last = 0;

    iw_buffer_init(&again);
    FUZZ_REQUIRE(chains != NULL && trails != NULL);
    FUZZ_REQUIRE(iw_host_context_init(&context, NULL, NULL) == IW_OK);
    iw_host_context_begin(&context, IW_STR("WEB01"));
    iw_chains_begin(chains, &context, NULL);
    iw_component_trails_begin(trails, &context);
    while (input.n != 0) {
        size_t n, wanted = fuzz_take_u16(&input) % 4096U;
        uint8_t step = fuzz_take_u8(&input), kind = fuzz_take_u8(&input);
        const uint8_t *p = fuzz_take(&input, wanted, &n);
        char *bytes = malloc(n + 1); /* exactly as long: one byte past it is seen */
        struct iw_fact fact = {.kind = IW_FACT_CHAIN,
                               .clock = step >> 6,
                               .channel = IW_STR("Application"),
                               .event_id = 1033,
                               .record_id = input.n};
        const struct iw_chain_fact *what;
        struct iw_chain_fact said;
        FUZZ_REQUIRE(bytes != NULL);
        if (n != 0)
            memcpy(bytes, p, n);
        time_ns += (step & 63U) * (IW_NS_PER_SECOND / 16);
        fact.time_ns = time_ns;
        fact.payload = (struct iw_str){bytes, n};
        if (kind % 2 == 0) {
            FUZZ_REQUIRE(iw_host_context_tell(&context, time_ns, NULL, fact.payload) == IW_OK);
        } else {
            write_again(fact.payload, &again);
            what = iw_chain_fact_parse(fact.payload, &said) ? &said : NULL;
            FUZZ_REQUIRE(iw_chains_see(chains, &fact, what, &err) == IW_OK);
            FUZZ_REQUIRE(iw_component_trails_see(trails, &fact, what) == IW_OK);
            last = fact.record_id;
        }
        free(bytes);
    }
    FUZZ_REQUIRE(iw_chains_end(chains, &err) == IW_OK);
    (void)iw_component_trails_end(trails);
    extend(trails, last);
    iw_component_trails_free(trails);
    iw_chains_free(chains);
    iw_host_context_done(&context);
    iw_buffer_done(&again);
    return 0;
}
