/*
 * Measures facts in event time (src/order/): events as JSON lines on standard input, one fact of
 * each, kept, sorted through the temporary file and read back. Nothing is stored but that file: the
 * input is read in pieces of 8 MiB, one after the other.
 *
 *   iiswarden-lab generate SCENARIO.yml -o - --scale N | bench_order [--reading hosts|overall]
 *       [--budget BYTES] [--text FILE]
 *
 * Prints the processor time of reading the events, of keeping facts (with the digest of what each
 * record says) and of reading facts back, bytes spilled, and peak memory. --text also writes the
 * facts as lines in the order they came, for `sort`.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/packed.h"
#include "input/reader.h"
#include "order/order.h"

#define PIECE_BYTES ((size_t)8 * 1024 * 1024)

struct bench {
    enum iw_order_reading reading;
    size_t budget_bytes;
    FILE *text;

    struct iw_names names;
    struct iw_route route;
    struct iw_batch batch;
    struct iw_hosts hosts;
    struct iw_spill spill;
    struct iw_order *order;
    struct iw_order_feed feed;
    struct iw_buffer payload;
    struct iw_arena scratch;

    const struct iw_reader_class *class;
    struct iw_reader *reader;
    int piece_fd;
    uint64_t n_events, fact_bytes;
    double keeping;
};

/* Of this process on a processor: others may be busy. */
static double now_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_order: %s\n", what);
    exit(70);
}

/* What context would keep of an event. */
static void make_payload(struct bench *bench, const struct iw_event *event)
{
    static const uint32_t FIELDS[] = {
        IW_FIELD_PROCESS_GUID, IW_FIELD_PROCESS_ID, IW_FIELD_PARENT_PROCESS_GUID, IW_FIELD_IMAGE,
        IW_FIELD_USER,         IW_FIELD_LOGON_ID,   IW_FIELD_TARGET_FILENAME};
    iw_buffer_clear(&bench->payload);
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++)
        iw_pack_text(&bench->payload, iw_event_text(event, FIELDS[i], &bench->scratch));
}

static void write_text(struct bench *bench, const struct iw_fact *fact)
{
    (void)fprintf(bench->text, "%.*s\t%020lld\t%.*s\t%020llu\t", IW_STR_ARG(fact->computer),
                  (long long)fact->time_ns, IW_STR_ARG(fact->channel),
                  (unsigned long long)fact->record_id);
    for (size_t i = 0; i < sizeof fact->content; i++)
        (void)fprintf(bench->text, "%02x", fact->content[i]);
    for (size_t i = 0; i < fact->payload.n; i++)
        (void)fputc(fact->payload.p[i] < ' ' ? ' ' : fact->payload.p[i], bench->text);
    (void)fputc('\n', bench->text);
}

static void keep(struct bench *bench, const struct iw_event *event)
{
    struct iw_fact fact;
    struct iw_error err;
    iw_arena_reset(&bench->scratch);
    make_payload(bench, event);
    if (iw_fact_of_event(event, &bench->scratch, &fact) != IW_OK || bench->payload.failed ||
        iw_hosts_add(&bench->hosts, event->computer) != IW_OK)
        die("no memory");
    fact.kind = IW_FACT_FIRST_OF_CONTEXT;
    fact.payload = iw_buffer_str(&bench->payload);
    if (iw_order_add(&bench->feed, bench->reading, &fact, &err) != IW_OK)
        die(err.message);
    bench->fact_bytes += fact.payload.n + fact.channel.n + fact.computer.n + 40;
    if (bench->text != NULL)
        write_text(bench, &fact);
}

static void read_piece(struct bench *bench, const char *bytes, size_t n)
{
    struct iw_evidence_file file = {
        .kind = IW_EVIDENCE_JSON_LINES, .size_bytes = n, .stdin_fd = -1};
    struct iw_account account = {0};
    if (pwrite(bench->piece_fd, bytes, n, 0) != (ssize_t)n ||
        ftruncate(bench->piece_fd, (off_t)n) != 0)
        die("a piece cannot be kept");
    for (uint64_t offset = 0; offset < n;) {
        struct iw_slice slice = iw_reader_slice(bench->class, &file, 0, offset);
        if (bench->class->begin(bench->reader, bench->piece_fd, &file, &slice, &account) != IW_OK)
            die("no memory");
        while (bench->class->next(bench->reader, &bench->batch) == IW_OK) {
            double begun = now_seconds();
            for (size_t i = 0; i < bench->batch.n; i++)
                keep(bench, &bench->batch.events[i]);
            bench->keeping += now_seconds() - begun;
            bench->n_events += bench->batch.n;
        }
        offset += slice.n_bytes;
    }
}

/* All of standard input, in pieces that end with a line. */
static void read_all(struct bench *bench)
{
    char *bytes = malloc(PIECE_BYTES);
    size_t n = 0, n_lines;
    ssize_t n_read;
    if (bytes == NULL)
        die("no memory");
    while ((n_read = read(STDIN_FILENO, bytes + n, PIECE_BYTES - n)) > 0) {
        n += (size_t)n_read;
        if (n < PIECE_BYTES)
            continue;
        for (n_lines = n; n_lines != 0 && bytes[n_lines - 1] != '\n';)
            n_lines--;
        if (n_lines == 0)
            die("a line is too long");
        read_piece(bench, bytes, n_lines);
        memmove(bytes, bytes + n_lines, n - n_lines);
        n -= n_lines;
    }
    if (n != 0)
        read_piece(bench, bytes, n);
    free(bytes);
}

static uint64_t read_back(struct bench *bench)
{
    struct iw_order_reader *reader = NULL;
    struct iw_fact fact;
    struct iw_error err;
    uint64_t n = 0;
    enum iw_rc rc;
    if (iw_hosts_settle(&bench->hosts) != IW_OK)
        die("no memory");
    if (iw_order_settle(bench->order, &bench->hosts, NULL, &err) != IW_OK ||
        iw_order_open(bench->order, bench->reading, true, &reader, &err) != IW_OK)
        die(err.message);
    while ((rc = iw_order_next(reader, &fact, &err)) == IW_OK)
        n++;
    if (rc != IW_END)
        die(err.message);
    iw_order_close(reader);
    return n;
}

/* VmHWM in bytes. */
static double peak_bytes(void)
{
    FILE *status = fopen("/proc/self/status", "re");
    char line[256];
    double kib = 0;
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            kib = strtod(line + 6, NULL);
    }
    if (status != NULL)
        (void)fclose(status);
    return kib * 1024;
}

static void begin(struct bench *bench)
{
    struct iw_reader_options options = {&bench->names, &bench->route, false, false};
    iw_route_init(&bench->route);
    iw_route_want_all(&bench->route);
    iw_hosts_init(&bench->hosts);
    iw_buffer_init(&bench->payload);
    iw_arena_init(&bench->scratch, 0);
    iw_spill_init(&bench->spill);
    iw_spill_open(&bench->spill);
    bench->class = iw_reader_class_of(IW_EVIDENCE_JSON_LINES);
    bench->piece_fd = memfd_create("piece", MFD_CLOEXEC);
    /* Half of it is of the other order, in which nothing is kept. */
    bench->order = iw_order_new(&bench->spill, 2 * bench->budget_bytes);
    if (iw_names_init(&bench->names) != IW_OK || iw_batch_init(&bench->batch) != IW_OK ||
        bench->order == NULL || iw_order_feed_init(&bench->feed, bench->order) != IW_OK ||
        (bench->reader = bench->class->make(&options)) == NULL || bench->piece_fd < 0)
        die("no memory");
}

static void end(struct bench *bench)
{
    bench->class->free(bench->reader);
    iw_order_feed_done(&bench->feed);
    iw_order_free(bench->order);
    iw_spill_done(&bench->spill);
    iw_arena_done(&bench->scratch);
    iw_buffer_done(&bench->payload);
    iw_hosts_done(&bench->hosts);
    iw_batch_done(&bench->batch);
    iw_route_done(&bench->route);
    iw_names_done(&bench->names);
    (void)close(bench->piece_fd);
}

int main(int argc, char **argv)
{
    static struct bench bench = {.reading = IW_ORDER_OF_HOSTS, .budget_bytes = IW_LIMIT_SORT_BYTES};
    double begun, all, back;
    uint64_t n;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--reading") == 0)
            bench.reading =
                strcmp(argv[i + 1], "overall") == 0 ? IW_ORDER_OVERALL : IW_ORDER_OF_HOSTS;
        else if (strcmp(argv[i], "--budget") == 0)
            bench.budget_bytes = (size_t)strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--text") == 0)
            bench.text = fopen(argv[i + 1], "we");
        else
            die("usage: bench_order [--reading hosts|overall] [--budget BYTES] [--text FILE]");
    }
    begin(&bench);
    begun = now_seconds();
    read_all(&bench);
    all = now_seconds() - begun;
    begun = now_seconds();
    n = read_back(&bench);
    back = now_seconds() - begun;
    if (bench.text != NULL && fclose(bench.text) != 0)
        die("the text cannot be written");
    (void)printf("%llu events, %zu computer names, %llu facts, %.0f bytes a fact\n",
                 (unsigned long long)bench.n_events, bench.hosts.by_computer.n,
                 (unsigned long long)n, (double)bench.fact_bytes / (double)bench.n_events);
    (void)printf("keeping %.2f s (%.2f us a fact)  reading back %.2f s (%.2f us a fact)  all with "
                 "the input %.2f s\n",
                 bench.keeping, bench.keeping / (double)bench.n_events * 1e6, back,
                 back / (double)n * 1e6, all + back);
    (void)printf("spilled %.1f MB  VmHWM %.1f MB\n", (double)iw_spill_bytes(&bench.spill) / 1e6,
                 peak_bytes() / 1e6);
    end(&bench);
    return 0;
}
