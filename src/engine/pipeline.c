/*
 * Pass 1. Workers take slices from a cursor under a lock, read and consume them, and close them in
 * turn.
 *
 * A slice whose turn has not come waits with its output in hand, so at most one slice per thread is
 * held; slices are of equal size, so the wait is short. A failure anywhere stops all workers at
 * their next batch.
 */
#include "engine/pipeline.h"

#include <pthread.h>
#include <unistd.h>

#include "base/alloc.h"

struct shared {
    const struct iw_pipeline *pipeline;
    const struct iw_consumer *consumer;
    pthread_mutex_t giving; /* the cursor; held while more of standard input is waited for */
    size_t next_file;       /* cursor: next slice to give out */
    uint64_t next_offset;
    uint64_t n_given; /* ticket of the next slice */
    pthread_mutex_t lock;
    pthread_cond_t turn_changed;
    uint64_t turn; /* ticket that may close */
    enum iw_rc rc; /* first failure */
    struct iw_error error;
    _Atomic bool stop;
    _Atomic bool was_stopped; /* by a consumer that takes no more */
};

struct worker {
    struct shared *shared;
    void *state;
    pthread_t thread;
    bool is_started;
    struct iw_reader *readers[IW_EVIDENCE_KIND_COUNT];
    struct iw_batch batch;
    size_t open_file; /* index of the file *fd* belongs to */
    int fd;
};

/* Ends the run: nobody waits for a turn any more. */
static void stop_all(struct shared *shared, bool is_asked_for)
{
    (void)pthread_mutex_lock(&shared->lock);
    shared->was_stopped |= is_asked_for;
    shared->stop = true;
    (void)pthread_cond_broadcast(&shared->turn_changed);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void fail(struct shared *shared, enum iw_rc rc, const struct iw_error *error)
{
    (void)pthread_mutex_lock(&shared->lock);
    if (shared->rc == IW_OK) {
        shared->rc = rc;
        if (error != NULL)
            shared->error = *error;
        else
            (void)iw_error_set(&shared->error, rc, rc == IW_ENOMEM ? "no memory" : "%s",
                               iw_rc_name(rc));
    }
    (void)pthread_mutex_unlock(&shared->lock);
    stop_all(shared, false);
}

static bool is_cancelled(const struct shared *shared)
{
    const _Atomic bool *cancelled = shared->pipeline->options->cancelled;
    return shared->stop || (cancelled != NULL && *cancelled);
}

/* What a worker has in hand. */
struct job {
    struct iw_slice slice;
    struct iw_evidence_file file; /* as its reader is to see it */
    uint64_t ticket;
};

/* The next slice of the file, or piece of the stream, at the cursor. */
static enum iw_rc cut_slice(const struct iw_evidence_file *file, size_t index, uint64_t offset,
                            struct job *ret, struct iw_error *err)
{
    const struct iw_reader_class *class = iw_reader_class_of(file->kind);
    struct iw_stream_piece piece;
    ret->file = *file;
    if (file->stream == NULL) {
        ret->slice = iw_reader_slice(class, file, index, offset);
        return IW_OK;
    }
    IW_TRY(iw_stream_take_piece(file->stream, class->slice_bytes, &piece, err));
    ret->slice = (struct iw_slice){index, piece.offset, piece.n_bytes, piece.is_last};
    ret->file.size_bytes = piece.offset + piece.n_bytes;
    return IW_OK;
}

/* The next slice in the order of the evidence; false when there is none. */
static bool take_slice(struct shared *shared, struct job *ret)
{
    const struct iw_evidence *evidence = shared->pipeline->evidence;
    struct iw_error error = {.rc = IW_OK};
    enum iw_rc rc = IW_END;
    (void)pthread_mutex_lock(&shared->giving);
    if (shared->next_file < evidence->n && !is_cancelled(shared))
        rc = cut_slice(&evidence->files[shared->next_file], shared->next_file, shared->next_offset,
                       ret, &error);
    if (rc == IW_OK) {
        shared->next_offset += ret->slice.n_bytes;
        if (ret->slice.is_last) {
            shared->next_file++;
            shared->next_offset = 0;
        }
        ret->ticket = shared->n_given++;
    }
    (void)pthread_mutex_unlock(&shared->giving);
    if (rc == IW_ECANCELLED)
        stop_all(shared, true);
    else if (rc != IW_OK && rc != IW_END)
        fail(shared, rc, &error);
    return rc == IW_OK;
}

/* Keeps the file of the last slice open. False when it cannot be opened: the ledger says why. */
static bool open_file(struct worker *worker, size_t file)
{
    const struct iw_pipeline *pipeline = worker->shared->pipeline;
    const struct iw_evidence_file *wanted = &pipeline->evidence->files[file];
    struct iw_error error;
    if (worker->fd >= 0 && worker->open_file == file)
        return true;
    if (worker->fd >= 0)
        (void)close(worker->fd);
    worker->fd = -1;
    worker->open_file = file;
    if (iw_evidence_open(wanted, &pipeline->run->ledger, &worker->fd, &error) == IW_OK)
        return true;
    worker->fd = -1;
    iw_ledger_lose(&pipeline->run->ledger, wanted->ledger_index, error.message);
    return false;
}

static struct iw_reader *reader_of(struct worker *worker, const struct iw_reader_class *class)
{
    const struct iw_pipeline *pipeline = worker->shared->pipeline;
    struct iw_reader_options options = {pipeline->names, pipeline->route,
                                        pipeline->options->recover, pipeline->options->verify};
    if (worker->readers[class->kind] == NULL)
        worker->readers[class->kind] = class->make(&options);
    return worker->readers[class->kind];
}

/* Events without a computer name belong to the host of their file's collection, from here on and
 * for everybody. */
static void name_hosts(const struct worker *worker, struct iw_batch *batch)
{
    const struct iw_ledger *ledger = &worker->shared->pipeline->run->ledger;
    for (size_t i = 0; i < batch->n; i++) {
        struct iw_event *event = &batch->events[i];
        if (event->computer.n != 0)
            continue;
        event->computer = ledger->sources[event->source].host_hint;
        event->flags |= IW_EVENT_HOST_ASSUMED;
    }
}

/* Waits until the slice is the first that is not closed, and hands over what it has yielded. False
 * when the run is being stopped. */
static bool close_in_turn(struct worker *worker, uint64_t ticket)
{
    struct shared *shared = worker->shared;
    struct iw_error error = {.rc = IW_OK};
    enum iw_rc rc;
    (void)pthread_mutex_lock(&shared->lock);
    while (shared->turn != ticket && !shared->stop)
        (void)pthread_cond_wait(&shared->turn_changed, &shared->lock);
    (void)pthread_mutex_unlock(&shared->lock);
    if (shared->stop)
        return false;
    rc = shared->consumer->close_slice(worker->state, &error);
    if (rc != IW_OK)
        fail(shared, rc, error.rc != IW_OK ? &error : NULL);
    return rc == IW_OK;
}

/* A file of text is one slice, however long: what it yields is handed over as it goes. */
#define BATCHES_HELD 64U

static enum iw_rc consume_slice(struct worker *worker, const struct job *job,
                                struct iw_account *account)
{
    struct shared *shared = worker->shared;
    const struct iw_reader_class *class = iw_reader_class_of(job->file.kind);
    struct iw_reader *reader = reader_of(worker, class);
    struct iw_progress *progress = shared->pipeline->options->progress;
    enum iw_rc rc = IW_OK;
    unsigned n_held = 0;

    if (reader == NULL)
        return IW_ENOMEM;
    IW_TRY(class->begin(reader, worker->fd, &job->file, &job->slice, account));
    /* What was read is consumed before the run is cancelled, so that the account and the output
     * agree. */
    while (!is_cancelled(shared) && (rc = class->next(reader, &worker->batch)) == IW_OK) {
        name_hosts(worker, &worker->batch);
        IW_TRY(shared->consumer->batch(worker->state, &worker->batch));
        if (progress != NULL)
            progress->n_events += worker->batch.n;
        if (shared->consumer->close_slice != NULL && ++n_held == BATCHES_HELD) {
            n_held = 0;
            if (!close_in_turn(worker, job->ticket))
                return IW_OK;
        }
    }
    return rc == IW_END ? IW_OK : rc;
}

/* Closes the slice when its turn has come. */
static void close_slice(struct worker *worker, uint64_t ticket)
{
    struct shared *shared = worker->shared;
    if (shared->consumer->close_slice == NULL || !close_in_turn(worker, ticket))
        return;
    (void)pthread_mutex_lock(&shared->lock);
    shared->turn++;
    (void)pthread_cond_broadcast(&shared->turn_changed);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct shared *shared = worker->shared;
    struct iw_ledger *ledger = &shared->pipeline->run->ledger;
    struct iw_progress *progress = shared->pipeline->options->progress;
    struct job job;

    while (take_slice(shared, &job)) {
        struct iw_account account = {0};
        enum iw_rc rc = IW_OK;
        if (open_file(worker, job.slice.file)) {
            rc = consume_slice(worker, &job, &account);
            iw_ledger_account(ledger, job.file.ledger_index, &account);
        }
        if (rc == IW_ECANCELLED)
            stop_all(shared, true);
        else if (rc != IW_OK)
            fail(shared, rc, NULL);
        if (job.file.stream != NULL)
            iw_stream_give_back(job.file.stream, job.slice.offset);
        close_slice(worker, job.ticket);
        if (progress != NULL)
            progress->done_bytes += job.slice.n_bytes;
    }
    return NULL;
}

static enum iw_rc worker_begin(struct worker *worker, struct shared *shared)
{
    worker->shared = shared;
    worker->fd = -1;
    IW_TRY(iw_batch_init(&worker->batch));
    worker->state = shared->consumer->thread_begin(shared->consumer->context);
    return worker->state != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc worker_end(struct worker *worker, bool keep)
{
    enum iw_rc rc = IW_OK;
    for (unsigned kind = 0; kind < IW_EVIDENCE_KIND_COUNT; kind++) {
        if (worker->readers[kind] != NULL)
            iw_reader_class_of((enum iw_evidence_kind)kind)->free(worker->readers[kind]);
    }
    iw_batch_done(&worker->batch);
    if (worker->fd >= 0)
        (void)close(worker->fd);
    if (worker->state != NULL)
        rc = worker->shared->consumer->thread_end(worker->state, keep);
    return rc;
}

/* More threads than slices would only cost memory. */
static unsigned count_workers(const struct iw_pipeline *pipeline)
{
    uint64_t n_slices = 0;
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned n_jobs = pipeline->options->n_jobs;
    if (n_jobs == 0)
        n_jobs = n_processors > 0 ? (unsigned)n_processors : 1;
    if (n_jobs > IW_LIMIT_JOBS)
        n_jobs = IW_LIMIT_JOBS;
    for (size_t i = 0; i < pipeline->evidence->n && n_slices < n_jobs; i++)
        n_slices +=
            pipeline->evidence->files[i].stream != NULL
                ? n_jobs
                : pipeline->evidence->files[i].size_bytes /
                          iw_reader_class_of(pipeline->evidence->files[i].kind)->slice_bytes +
                      1;
    return n_slices < n_jobs ? (unsigned)(n_slices != 0 ? n_slices : 1) : n_jobs;
}

/* Runs the workers; the last one on this thread, so that a run with one job starts none. */
static void run_workers(struct worker *workers, unsigned n)
{
    for (unsigned i = 0; i + 1 < n; i++)
        workers[i].is_started = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
    (void)work(&workers[n - 1]);
    for (unsigned i = 0; i + 1 < n; i++) {
        if (workers[i].is_started)
            (void)pthread_join(workers[i].thread, NULL);
    }
}

/* How long standard input was is known at its end. */
static void measure_stream(const struct iw_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->evidence->n; i++) {
        const struct iw_evidence_file *file = &pipeline->evidence->files[i];
        if (file->stream != NULL)
            pipeline->run->ledger.sources[file->ledger_index].size_bytes = file->stream->n_bytes;
    }
}

/* A file that was being read when the run was interrupted is not a file that was read. */
static void name_unfinished(const struct iw_pipeline *pipeline)
{
    struct iw_ledger *ledger = &pipeline->run->ledger;
    for (size_t i = 0; i < pipeline->evidence->n; i++) {
        const struct iw_evidence_file *file = &pipeline->evidence->files[i];
        struct iw_source *source = &ledger->sources[file->ledger_index];
        bool is_all = source->account.read_bytes >= source->size_bytes &&
                      (file->stream == NULL || iw_stream_has_ended(file->stream));
        if (source->state != IW_SOURCE_READ || is_all)
            continue;
        source->state = IW_SOURCE_PENDING;
        source->reason = IW_STR("interrupted: read in part");
    }
}

enum iw_rc iw_pipeline_run(const struct iw_pipeline *pipeline, const struct iw_consumer *consumer,
                           struct iw_error *err)
{
    struct shared shared = {.pipeline = pipeline, .consumer = consumer, .rc = IW_OK};
    unsigned n = count_workers(pipeline), n_begun = 0;
    struct worker *workers = iw_calloc(n, sizeof *workers);
    const _Atomic bool *cancelled = pipeline->options->cancelled;

    if (workers == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    (void)pthread_mutex_init(&shared.giving, NULL);
    (void)pthread_mutex_init(&shared.lock, NULL);
    (void)pthread_cond_init(&shared.turn_changed, NULL);
    for (; n_begun < n && shared.rc == IW_OK; n_begun++) {
        if (worker_begin(&workers[n_begun], &shared) != IW_OK)
            fail(&shared, IW_ENOMEM, NULL);
    }
    if (shared.rc == IW_OK)
        run_workers(workers, n);
    for (unsigned i = 0; i < n_begun; i++) {
        enum iw_rc rc = worker_end(&workers[i], shared.rc == IW_OK);
        if (rc != IW_OK)
            fail(&shared, rc, NULL);
    }
    iw_free(workers);
    (void)pthread_cond_destroy(&shared.turn_changed);
    (void)pthread_mutex_destroy(&shared.lock);
    (void)pthread_mutex_destroy(&shared.giving);
    measure_stream(pipeline);
    if (shared.was_stopped || (cancelled != NULL && *cancelled))
        pipeline->run->interrupted = true;
    if (pipeline->run->interrupted)
        name_unfinished(pipeline);
    if (shared.rc != IW_OK && err != NULL)
        *err = shared.error;
    return shared.rc;
}
