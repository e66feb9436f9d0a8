/*
 * The pipeline over a reader of the test's own: slices closed in order whatever thread read them,
 * cancellation, failures at every place, files that cannot be opened. Label `threads`: also run
 * under ThreadSanitizer.
 *
 * This file defines iw_reader_class_of, so that the real table of readers is not linked. The fake
 * reader delivers one event for every 10 bytes of a slice, its offset the offset of those bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "engine/pipeline.h"
#include "tests/support/test_folder.h"
#include "tests/support/skip_because.h"

#define SLICE_BYTES 100U
#define LEAD_BYTES 10U
#define EVENT_BYTES 10U

/* --- the fake reader ---------------------------------------------------------------------- */

struct iw_reader {
    uint64_t at, end;
    uint32_t source;
    struct iw_account *account;
};

static _Atomic unsigned n_readers;

static struct iw_reader *fake_make(const struct iw_reader_options *options)
{
    struct iw_reader *reader = iw_calloc(1, sizeof *reader);
    (void)options;
    if (reader != NULL)
        n_readers++;
    return reader;
}

static void fake_free(struct iw_reader *reader)
{
    n_readers--;
    iw_free(reader);
}

static enum iw_rc fake_begin(struct iw_reader *reader, int fd, const struct iw_evidence_file *file,
                             const struct iw_slice *slice, struct iw_account *account)
{
    uint8_t byte;
    assert_int_equal(pread(fd, &byte, 1, (off_t)slice->offset), 1); /* the file of this slice */
    assert_int_equal(byte, 'a' + (int)slice->file);
    reader->at = slice->offset;
    reader->end = slice->offset + slice->n_bytes;
    reader->source = (uint32_t)file->ledger_index;
    reader->account = account;
    if (slice->offset / SLICE_BYTES % 3 == 0) /* some slices take longer than others */
        (void)sched_yield();
    return IW_OK;
}

static enum iw_rc fake_next(struct iw_reader *reader, struct iw_batch *batch)
{
    iw_batch_clear(batch);
    for (; batch->n < 3 && reader->at < reader->end; reader->at += EVENT_BYTES) {
        batch->events[batch->n++] =
            (struct iw_event){.source = reader->source, .offset = reader->at};
        reader->account->n_records++;
    }
    return batch->n != 0 ? IW_OK : IW_END;
}

static const struct iw_reader_class FAKE_CLASS = {
    "fake", IW_EVIDENCE_EVTX, SLICE_BYTES, LEAD_BYTES, fake_make, fake_free, fake_begin, fake_next};

const struct iw_reader_class *iw_reader_class_of(enum iw_evidence_kind kind)
{
    return kind == IW_EVIDENCE_EVTX ? &FAKE_CLASS : NULL;
}

/* --- the evidence ------------------------------------------------------------------------- */

#define N_FILES 3U
static const uint64_t SIZES[N_FILES] = {1000, 110, 730};
#define N_SLICES (10U + 1U + 8U) /* 110 + 8 × 100 + 90; 110; 110 + 6 × 100 + 20 */
#define N_EVENTS (100U + 11U + 73U)

struct scene {
    char folder[TEST_FOLDER_BYTES];
    struct iw_evidence_file files[N_FILES];
    struct iw_evidence evidence;
    struct iw_run run;
    struct iw_engine_options options;
    struct iw_progress progress;
    _Atomic bool cancelled;
    struct iw_pipeline pipeline;
};

static void path_of(const struct scene *scene, unsigned file, char path[600])
{
    (void)snprintf(path, 600, "%s/%u.log", scene->folder, file);
}

static void add_file(struct scene *scene, unsigned file)
{
    char path[600];
    struct iw_source source = {.kind = IW_STR("fake"), .size_bytes = SIZES[file]};
    FILE *stream;
    path_of(scene, file, path);
    stream = fopen(path, "wb");
    assert_non_null(stream);
    for (uint64_t i = 0; i < SIZES[file]; i++)
        assert_int_equal(fputc('a' + (int)file, stream), 'a' + (int)file);
    assert_int_equal(fclose(stream), 0);
    source.path = iw_str_of(path);
    scene->files[file] =
        (struct iw_evidence_file){.kind = IW_EVIDENCE_EVTX,
                                  .ledger_index = iw_ledger_add(&scene->run.ledger, &source),
                                  .size_bytes = SIZES[file],
                                  .stdin_fd = -1};
}

static struct scene *scene_new(unsigned n_jobs)
{
    struct scene *scene = test_calloc(1, sizeof *scene);
    assert_true(test_folder_make(scene->folder));
    iw_run_init(&scene->run);
    for (unsigned i = 0; i < N_FILES; i++)
        add_file(scene, i);
    scene->evidence = (struct iw_evidence){.files = scene->files, .n = N_FILES};
    scene->options = (struct iw_engine_options){
        .n_jobs = n_jobs, .cancelled = &scene->cancelled, .progress = &scene->progress};
    scene->pipeline =
        (struct iw_pipeline){&scene->options, NULL, NULL, &scene->evidence, &scene->run};
    return scene;
}

static void scene_free(struct scene *scene)
{
    for (unsigned i = 0; i < N_FILES; i++) {
        char path[600];
        path_of(scene, i, path);
        (void)unlink(path);
    }
    (void)rmdir(scene->folder);
    iw_run_done(&scene->run);
    assert_int_equal(n_readers, 0);
    test_free(scene);
}

/* --- the consumer ------------------------------------------------------------------------- */

struct written {
    uint32_t source;
    uint64_t offset;
};

struct thread_state;

struct consumer_state {
    struct scene *scene;
    struct written written[N_EVENTS]; /* in the order of closing */
    size_t n_written;
    unsigned n_closed, n_begun, n_ended, n_kept;
    bool is_closing; /* two at once would be seen by ThreadSanitizer, and here */
    /* When something happens, counted from 1; 0: never. */
    unsigned fail_begin_at, fail_close_at, fail_end_at;
    _Atomic unsigned fail_batch_at, cancel_batch_at, n_batches;
    enum iw_rc rc;
    bool is_silent; /* fails without filling the error */
};

struct thread_state {
    struct consumer_state *shared;
    struct written held[SLICE_BYTES / EVENT_BYTES + 1];
    size_t n_held;
};

static void *thread_begin(void *context)
{
    struct consumer_state *shared = context;
    struct thread_state *state;
    if (++shared->n_begun == shared->fail_begin_at)
        return NULL;
    state = calloc(1, sizeof *state);
    state->shared = shared;
    return state;
}

static enum iw_rc take_batch(void *thread, const struct iw_batch *batch)
{
    struct thread_state *state = thread;
    struct consumer_state *shared = state->shared;
    unsigned serial = ++shared->n_batches;
    if (serial == shared->fail_batch_at)
        return shared->rc;
    if (serial == shared->cancel_batch_at)
        shared->scene->cancelled = true;
    for (size_t i = 0; i < batch->n; i++)
        state->held[state->n_held++] =
            (struct written){batch->events[i].source, batch->events[i].offset};
    return IW_OK;
}

static enum iw_rc close_slice(void *thread, struct iw_error *err)
{
    struct thread_state *state = thread;
    struct consumer_state *shared = state->shared;
    assert_false(shared->is_closing);
    shared->is_closing = true;
    if (++shared->n_closed == shared->fail_close_at) {
        shared->is_closing = false;
        return shared->is_silent ? shared->rc : iw_error_set(err, shared->rc, "disk full");
    }
    for (size_t i = 0; i < state->n_held; i++)
        shared->written[shared->n_written++] = state->held[i];
    state->n_held = 0;
    (void)sched_yield();
    shared->is_closing = false;
    return IW_OK;
}

static enum iw_rc thread_end(void *thread, bool keep)
{
    struct thread_state *state = thread;
    struct consumer_state *shared = state->shared;
    free(state);
    shared->n_kept += keep;
    return ++shared->n_ended == shared->fail_end_at && keep ? shared->rc : IW_OK;
}

static enum iw_rc run(struct scene *scene, struct consumer_state *consumer, struct iw_error *err)
{
    const struct iw_consumer functions = {consumer, thread_begin, take_batch, close_slice,
                                          thread_end};
    enum iw_rc rc;
    consumer->scene = scene;
    rc = iw_pipeline_run(&scene->pipeline, &functions, err);
    if (consumer->n_begun != 0 && consumer->n_begun == consumer->fail_begin_at)
        consumer->n_begun--; /* that one has no state to end */
    assert_int_equal(consumer->n_ended, consumer->n_begun);
    return rc;
}

/* What was written is a beginning of the evidence in its order, or all of it. */
static void assert_in_order(const struct consumer_state *consumer)
{
    size_t n = 0;
    for (uint32_t file = 0; file < N_FILES; file++) {
        for (uint64_t offset = 0; offset < SIZES[file]; offset += EVENT_BYTES, n++) {
            if (n >= consumer->n_written)
                return;
            assert_int_equal(consumer->written[n].source, file);
            assert_int_equal(consumer->written[n].offset, offset);
        }
    }
}

/* --- tests -------------------------------------------------------------------------------- */

static void slices_close_in_order(void **state)
{
    (void)state;
    for (unsigned n_jobs = 0; n_jobs <= 8; n_jobs++) {
        struct scene *scene = scene_new(n_jobs);
        struct consumer_state consumer = {.scene = NULL};
        assert_int_equal(run(scene, &consumer, NULL), IW_OK);
        assert_int_equal(consumer.n_written, N_EVENTS);
        assert_int_equal(consumer.n_closed, N_SLICES);
        assert_in_order(&consumer);
        assert_false(scene->run.interrupted);
        assert_true(n_jobs == 0 || consumer.n_begun == n_jobs);
        assert_int_equal(consumer.n_kept, consumer.n_begun);
        assert_int_equal(scene->progress.n_events, N_EVENTS);
        assert_int_equal(scene->progress.done_bytes, SIZES[0] + SIZES[1] + SIZES[2]);
        for (unsigned i = 0; i < N_FILES; i++) {
            assert_int_equal(scene->run.ledger.sources[i].state, IW_SOURCE_READ);
            assert_int_equal(scene->run.ledger.sources[i].account.n_records,
                             SIZES[i] / EVENT_BYTES);
        }
        scene_free(scene);
    }
}

/* Never more threads than slices, and at least one even for nothing. */
static void number_of_threads(void **state)
{
    static const struct {
        size_t n_files;
        unsigned n_jobs, n_most;
    } CASES[] = {{0, 8, 1}, {1, 200, 11}, {N_FILES, IW_LIMIT_JOBS + 1000, 11 + 2 + 8}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct scene *scene = scene_new(CASES[i].n_jobs);
        struct consumer_state consumer = {.scene = NULL};
        scene->evidence.n = CASES[i].n_files;
        assert_int_equal(run(scene, &consumer, NULL), IW_OK);
        assert_in_range(consumer.n_begun, 1, CASES[i].n_most);
        scene_free(scene);
    }
}

static void cancelled_in_the_middle(void **state)
{
    (void)state;
    for (unsigned n_jobs = 1; n_jobs <= 8; n_jobs++) {
        for (unsigned at = 1; at <= 41; at += 8) {
            struct scene *scene = scene_new(n_jobs);
            struct consumer_state consumer = {.cancel_batch_at = at};
            assert_int_equal(run(scene, &consumer, NULL), IW_OK);
            assert_true(scene->run.interrupted);
            assert_true(consumer.n_written < N_EVENTS);
            assert_int_equal(consumer.n_kept, consumer.n_begun); /* partial results are kept */
            if (n_jobs == 1)
                assert_in_order(&consumer);
            scene_free(scene);
        }
    }
}

static void cancelled_before(void **state)
{
    struct scene *scene = scene_new(4);
    struct consumer_state consumer = {.scene = NULL};
    (void)state;
    scene->cancelled = true;
    assert_int_equal(run(scene, &consumer, NULL), IW_OK);
    assert_true(scene->run.interrupted);
    assert_int_equal(consumer.n_batches, 0);
    assert_int_equal(scene->run.ledger.sources[0].state, IW_SOURCE_PENDING);
    scene_free(scene);
}

static void consumer_fails(void **state)
{
    static const struct {
        struct consumer_state consumer;
        const char *message;
    } CASES[] = {
        {{.fail_batch_at = 1, .rc = IW_ENOMEM}, "no memory"},
        {{.fail_batch_at = 30, .rc = IW_ENOMEM}, "no memory"},
        {{.fail_close_at = 1, .rc = IW_EIO}, "disk full"},
        {{.fail_close_at = 7, .rc = IW_EIO}, "disk full"},
        {{.fail_close_at = N_SLICES, .rc = IW_EIO}, "disk full"},
        {{.fail_close_at = 3, .rc = IW_ENOMEM, .is_silent = true}, "no memory"},
        {{.fail_begin_at = 1, .rc = IW_ENOMEM}, "no memory"},
        {{.fail_end_at = 1, .rc = IW_ENOMEM}, "no memory"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        for (unsigned n_jobs = 1; n_jobs <= 8; n_jobs++) {
            struct scene *scene = scene_new(n_jobs);
            struct consumer_state consumer;
            struct iw_error err = {.rc = IW_OK};
            memcpy(&consumer, &CASES[i].consumer, sizeof consumer);
            assert_int_equal(run(scene, &consumer, &err), consumer.rc);
            assert_int_equal(err.rc, consumer.rc);
            assert_string_equal(err.message, CASES[i].message);
            assert_in_order(&consumer); /* what got out before is whole and in order */
            assert_int_equal(consumer.n_kept, consumer.fail_end_at != 0);
            assert_false(scene->run.interrupted);
            scene_free(scene);
        }
    }
}

/* The last of several threads cannot begin: the others are freed without having run. */
static void one_thread_cannot_begin(void **state)
{
    struct scene *scene = scene_new(5);
    struct consumer_state consumer = {.fail_begin_at = 4, .rc = IW_ENOMEM};
    (void)state;
    assert_int_equal(run(scene, &consumer, NULL), IW_ENOMEM);
    assert_int_equal(consumer.n_begun, 3);
    assert_int_equal(consumer.n_batches, 0);
    scene_free(scene);
}

/* Gone between walk and open: the ledger names it, the rest is read. */
static void file_vanishes(void **state)
{
    (void)state;
    for (unsigned n_jobs = 1; n_jobs <= 8; n_jobs++) {
        struct scene *scene = scene_new(n_jobs);
        struct consumer_state consumer = {.scene = NULL};
        char path[600];
        path_of(scene, 0, path);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(run(scene, &consumer, NULL), IW_OK);
        assert_int_equal(consumer.n_written, (SIZES[1] + SIZES[2]) / EVENT_BYTES);
        assert_int_equal(consumer.n_closed, N_SLICES); /* empty ones too: the order goes on */
        assert_int_equal(consumer.written[0].source, 1);
        assert_int_equal(scene->run.ledger.sources[0].state, IW_SOURCE_LOST);
        assert_true(scene->run.ledger.sources[0].reason.n != 0);
        assert_int_equal(scene->run.ledger.sources[1].state, IW_SOURCE_READ);
        assert_true(iw_ledger_has_loss(&scene->run.ledger));
        scene_free(scene);
    }
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1;; n++) {
        struct scene *scene = scene_new(3);
        struct consumer_state consumer = {.scene = NULL};
        enum iw_rc rc;
        bool has_failed;
        iw_alloc_fail_at(n);
        rc = run(scene, &consumer, NULL);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        scene_free(scene);
        if (!has_failed)
            break;
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_close_in_order),   cmocka_unit_test(number_of_threads),
        cmocka_unit_test(cancelled_in_the_middle), cmocka_unit_test(cancelled_before),
        cmocka_unit_test(consumer_fails),          cmocka_unit_test(one_thread_cannot_begin),
        cmocka_unit_test(file_vanishes),           cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
