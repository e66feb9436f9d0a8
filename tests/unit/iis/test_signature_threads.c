/*
 * Several threads read one file with the same anchors and catalogues.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/iis/signature_make.h"

#define N_THREADS 4U
#define N_ROUNDS 25U

struct work {
    struct iw_str file;
    struct iw_signature_options options;
    uint32_t n_good; /* this thread's own */
};

static void *read_again_and_again(void *context)
{
    struct work *work = context;
    for (unsigned i = 0; i < N_ROUNDS; i++) {
        struct iw_signatures signatures;
        struct iw_arena arena;
        struct iw_pe pe;
        iw_arena_init(&arena, 0);
        work->n_good += iw_pe_read(work->file, NULL, &arena, &pe, NULL) == IW_OK &&
                        iw_signatures_read(work->file, &pe, &work->options, &arena, &signatures,
                                           NULL) == IW_OK &&
                        signatures.state == IW_SIGNATURE_ANCHORED && signatures.catalogue != NULL;
        iw_arena_done(&arena);
    }
    return NULL;
}

static void shared_anchors(void **state)
{
    struct made_world parties;
    struct made_bytes file, der;
    struct iw_catalogues *catalogues = iw_catalogues_new();
    struct iw_digest digest;
    struct made_reading reading;
    struct work work[N_THREADS];
    pthread_t threads[N_THREADS];
    struct iw_signature_options options = {.now_s = MADE_NOW};
    PKCS7 *data;
    (void)state;

    made_world(&parties);
    options.anchors = parties.anchors;
    file = made_plain();
    data = made_signature((struct iw_str){(char *)file.p, file.n}, IW_DIGEST_SHA256,
                          &parties.signer, NULL);
    made_token(data, &parties.stamper, MADE_NOW - MADE_DAY);
    made_embed(&file, data, 0);
    made_read_signatures(&reading, file, &options);
    digest = reading.signatures.list[0].signed_digest;
    made_reading_done(&reading);
    der = made_der(made_catalogue(&digest, 1, false, &parties.signer));
    assert_int_equal(iw_catalogues_add(catalogues, IW_STR("x"),
                                       (struct iw_str){(char *)der.p, der.n}, &options, NULL, NULL),
                     IW_OK);
    iw_catalogues_seal(catalogues);
    options.catalogues = catalogues;
    for (unsigned i = 0; i < N_THREADS; i++) {
        work[i] = (struct work){.file = {(char *)file.p, file.n}, .options = options};
        assert_int_equal(pthread_create(&threads[i], NULL, read_again_and_again, &work[i]), 0);
    }
    for (unsigned i = 0; i < N_THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(work[i].n_good, N_ROUNDS);
    }
    iw_catalogues_free(catalogues);
    made_bytes_done(&der);
    made_bytes_done(&file);
    made_world_done(&parties);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shared_anchors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
