/*
 * Measures the readers alone (EVTX, JSON, whatever the files are): one thread, files from the page
 * cache, private bounded reads, structural verification of every template in every chunk, as in
 * production. Every field delivered
 * is touched (its name id, type and first byte), so nothing can be optimised away.
 *
 *   bench_readers [--reps N] [--mode fields|reject|both] PATH...
 *
 * Prints one line per mode: median, lowest and highest of N (default 5) passes over all files;
 * bytes are file bytes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "event/batch.h"
#include "evidence/evidence.h"
#include "input/reader.h"

#define MOST_REPS 101

struct bench {
    struct iw_names names;
    struct iw_route route;
    struct iw_ledger ledger;
    struct iw_evidence evidence;
    struct iw_batch batch;
    uint64_t n_events, n_fields, value_bytes, checksum;
};

static double now_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_readers: %s\n", what);
    exit(70);
}

static void touch_batch(struct bench *bench)
{
    for (size_t i = 0; i < bench->batch.n; i++) {
        const struct iw_event *event = &bench->batch.events[i];
        bench->checksum += event->event_id + (uint64_t)event->time_ns;
        for (uint32_t k = 0; k < event->n_fields; k++) {
            const struct iw_field *field = &event->fields[k];
            bench->checksum += field->name->id + field->type + (field->n != 0 ? field->p[0] : 0);
            bench->value_bytes += field->n;
        }
        bench->n_fields += event->n_fields;
    }
    bench->n_events += bench->batch.n;
}

static void read_file(struct bench *bench, struct iw_reader *reader,
                      const struct iw_reader_class *class, size_t index)
{
    const struct iw_evidence_file *file = &bench->evidence.files[index];
    struct iw_account account = {0};
    struct iw_error error;
    int fd;
    if (iw_evidence_open(file, &bench->ledger, &fd, &error) != IW_OK)
        die(error.message);
    for (uint64_t offset = 0; offset < file->size_bytes;) {
        struct iw_slice slice = iw_reader_slice(class, file, index, offset);
        if (class->begin(reader, fd, file, &slice, &account) != IW_OK)
            die("no memory");
        while (class->next(reader, &bench->batch) == IW_OK)
            touch_batch(bench);
        offset += slice.n_bytes;
    }
    (void)close(fd);
}

/* Of this process on a processor: on a machine that is busy with other work it says what the clock
 * cannot. */
static double processor_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double one_pass(struct bench *bench)
{
    struct iw_reader_options options = {&bench->names, &bench->route, false, false};
    struct iw_reader *readers[IW_EVIDENCE_KIND_COUNT] = {NULL};
    double started = now_seconds();
    bench->n_events = bench->n_fields = bench->value_bytes = 0;
    for (size_t i = 0; i < bench->evidence.n; i++) {
        enum iw_evidence_kind kind = bench->evidence.files[i].kind;
        const struct iw_reader_class *class = iw_reader_class_of(kind);
        if (readers[kind] == NULL)
            readers[kind] = class->make(&options);
        if (readers[kind] == NULL)
            die("no memory");
        read_file(bench, readers[kind], class, i);
    }
    for (unsigned kind = 0; kind < IW_EVIDENCE_KIND_COUNT; kind++) {
        if (readers[kind] != NULL)
            iw_reader_class_of((enum iw_evidence_kind)kind)->free(readers[kind]);
    }
    return now_seconds() - started;
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void measure(struct bench *bench, const char *mode, unsigned n_reps)
{
    double seconds[MOST_REPS], bytes = (double)bench->evidence.total_bytes, median, processor;
    (void)one_pass(bench); /* warms the page cache and the allocator */
    processor = processor_seconds();
    for (unsigned i = 0; i < n_reps; i++)
        seconds[i] = one_pass(bench);
    processor = (processor_seconds() - processor) / n_reps;
    qsort(seconds, n_reps, sizeof seconds[0], compare_doubles);
    median = seconds[n_reps / 2];
    (void)printf("%-7s median %.3f s (%.3f-%.3f, n=%u)  %.2f GB/s  %.2f M records/s  %llu records  "
                 "%.1f fields/record  %.0f value "
                 "bytes/record  processor %.3f s a pass (%.2f GB a second)  checksum %llx\n",
                 mode, median, seconds[0], seconds[n_reps - 1], n_reps, bytes / median / 1e9,
                 (double)bench->n_events / median / 1e6, (unsigned long long)bench->n_events,
                 (double)bench->n_fields / (double)bench->n_events,
                 (double)bench->value_bytes / (double)bench->n_events, processor,
                 bytes / processor / 1e9, (unsigned long long)bench->checksum);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct iw_error error;
    unsigned n_reps = 5;
    const char *mode = "both";
    int first = 1;

    for (; first + 1 < argc && argv[first][0] == '-'; first += 2) {
        if (strcmp(argv[first], "--reps") == 0)
            n_reps = (unsigned)strtoul(argv[first + 1], NULL, 10);
        else if (strcmp(argv[first], "--mode") == 0)
            mode = argv[first + 1];
        else
            die("usage: bench_readers [--reps N] [--mode fields|reject|both] PATH...");
    }
    if (first >= argc || n_reps < 1 || n_reps > MOST_REPS)
        die("usage: bench_readers [--reps N] [--mode fields|reject|both] PATH...");
    struct iw_evidence_options options = {(const char *const *)(argv + first),
                                          (size_t)(argc - first), NULL, NULL};
    iw_ledger_init(&bench.ledger);
    if (iw_names_init(&bench.names) != IW_OK || iw_batch_init(&bench.batch) != IW_OK ||
        iw_evidence_walk(&options, NULL, &bench.ledger, &bench.evidence, &error) != IW_OK)
        die("no memory");
    (void)printf("%zu files, %.1f MB\n", bench.evidence.n,
                 (double)bench.evidence.total_bytes / 1e6);
    iw_route_init(&bench.route);
    if (strcmp(mode, "fields") != 0)
        measure(&bench, "reject", n_reps);
    iw_route_want_all(&bench.route);
    if (strcmp(mode, "reject") != 0)
        measure(&bench, "fields", n_reps);
    iw_route_done(&bench.route);
    iw_batch_done(&bench.batch);
    iw_evidence_done(&bench.evidence);
    iw_ledger_done(&bench.ledger);
    iw_names_done(&bench.names);
    return 0;
}
