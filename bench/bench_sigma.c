/*
 * Measures matching alone: one thread, events decoded by the EVTX reader as in a hunt, each given
 * to the scanner. Says where the time goes: by log source, and how many rules were looked at
 * closely.
 *
 *   bench_sigma [--reps N] [--plain] --rules PATH [--rules PATH]... EVIDENCE...
 *
 * --plain walks every rule instead. Times are medians of N (default 5) passes over everything;
 * reading is measured in passes of its own and shown beside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/map.h"
#include "base/timestamp.h"
#include "event/batch.h"
#include "evidence/evidence.h"
#include "input/reader.h"
#include "sigma/sigma.h"

#define MOST_REPS 101
#define MOST_RULE_PATHS 16
#define SHOWN_SOURCES 12

/* What one (channel, event id) costs. */
struct cost {
    char name[96];
    uint64_t n_events, n_matches, n_walked, ns;
};

struct bench {
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *scanner; /* NULL: only read */
    struct iw_route route;
    struct iw_ledger ledger;
    struct iw_evidence evidence;
    struct iw_batch batch;
    uint64_t n_events, n_matches;
    struct iw_arena arena;
    struct iw_map by_source; /* filled in a pass of its own: looking at the clock costs */
    bool wants_costs;
};

static void die(const char *what)
{
    (void)fprintf(stderr, "bench_sigma: %s\n", what);
    exit(70);
}

static struct cost *cost_of(struct bench *bench, const struct iw_event *event)
{
    char name[96];
    struct iw_map_entry *entry;
    struct cost *cost;
    size_t n =
        (size_t)snprintf(name, sizeof name, "%.*s %u", IW_STR_ARG(event->channel), event->event_id);

    n = n < sizeof name ? n : sizeof name - 1;
    entry = iw_map_find(&bench->by_source, (struct iw_str){name, n});
    if (entry != NULL)
        return entry->value.pointer;
    cost = iw_arena_calloc(&bench->arena, 1, sizeof *cost);
    if (cost == NULL)
        die("no memory");
    memcpy(cost->name, name, n);
    entry = iw_map_add(&bench->by_source, (struct iw_str){cost->name, n}, NULL);
    if (entry == NULL)
        die("no memory");
    entry->value.pointer = cost;
    return cost;
}

static void match_event(struct bench *bench, const struct iw_event *event)
{
    const uint32_t *rules;
    uint64_t begun = 0, walked = 0;
    size_t n;

    if (bench->wants_costs) {
        walked = iw_sigma_scanner_walked(bench->scanner);
        begun = iw_clock_ns();
    }
    if (iw_sigma_scanner_match(bench->scanner, event, &rules, &n) != IW_OK)
        die("no memory");
    bench->n_matches += n;
    if (bench->wants_costs) {
        uint64_t ended = iw_clock_ns();
        struct cost *cost = cost_of(bench, event);
        cost->ns += ended - begun;
        cost->n_events++;
        cost->n_matches += n;
        cost->n_walked += iw_sigma_scanner_walked(bench->scanner) - walked;
    }
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
        while (class->next(reader, &bench->batch) == IW_OK) {
            bench->n_events += bench->batch.n;
            for (size_t i = 0; i < bench->batch.n && bench->scanner != NULL; i++) {
                if ((bench->batch.events[i].flags & IW_EVENT_DECODED) != 0)
                    match_event(bench, &bench->batch.events[i]);
            }
        }
        offset += slice.n_bytes;
    }
    (void)close(fd);
}

static double one_pass(struct bench *bench)
{
    struct iw_reader *readers[IW_EVIDENCE_KIND_COUNT] = {NULL};
    struct iw_reader_options options = {&bench->names, &bench->route, false, false};
    uint64_t begun = iw_clock_ns();

    bench->n_events = bench->n_matches = 0;
    for (size_t i = 0; i < bench->evidence.n; i++) {
        enum iw_evidence_kind kind = bench->evidence.files[i].kind;
        const struct iw_reader_class *class = iw_reader_class_of(kind);
        if (readers[kind] == NULL)
            readers[kind] = class->make(&options);
        if (readers[kind] == NULL)
            die("no memory");
        read_file(bench, readers[kind], class, i);
    }
    for (size_t kind = 0; kind < IW_EVIDENCE_KIND_COUNT; kind++) {
        if (readers[kind] != NULL)
            iw_reader_class_of((enum iw_evidence_kind)kind)->free(readers[kind]);
    }
    return (double)(iw_clock_ns() - begun) / 1e9;
}

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static double median_pass(struct bench *bench, unsigned n_reps, double *ret_low, double *ret_high)
{
    double seconds[MOST_REPS];
    (void)one_pass(bench); /* warms the page cache, the allocator and the buckets */
    for (unsigned i = 0; i < n_reps; i++)
        seconds[i] = one_pass(bench);
    qsort(seconds, n_reps, sizeof seconds[0], compare_doubles);
    *ret_low = seconds[0];
    *ret_high = seconds[n_reps - 1];
    return seconds[n_reps / 2];
}

static int compare_costs(const void *left, const void *right)
{
    const struct iw_map_entry *a = left, *b = right;
    const struct cost *x = a->value.pointer, *y = b->value.pointer;
    return (x->ns < y->ns) - (x->ns > y->ns);
}

static void print_costs(struct bench *bench)
{
    bench->wants_costs = true;
    (void)one_pass(bench);
    qsort(bench->by_source.entries, bench->by_source.n, sizeof *bench->by_source.entries,
          compare_costs);
    (void)printf("  ns/event  looked at  matches/event     events  log source\n");
    for (size_t i = 0; i < bench->by_source.n && i < SHOWN_SOURCES; i++) {
        const struct cost *cost = bench->by_source.entries[i].value.pointer;
        double n = (double)cost->n_events;
        (void)printf("%10.0f %10.2f %14.3f %10llu  %s\n", (double)cost->ns / n,
                     (double)cost->n_walked / n, (double)cost->n_matches / n,
                     (unsigned long long)cost->n_events, cost->name);
    }
}

static void load_rules(struct bench *bench, const char *const *paths, size_t n_paths)
{
    struct iw_sigma_compiler *compiler = iw_sigma_compiler_new(&bench->names, &bench->account);
    struct iw_error error = {0};
    uint64_t begun = iw_clock_ns();

    if (compiler == NULL)
        die("no memory");
    for (size_t i = 0; i < n_paths; i++) {
        if (iw_sigma_compiler_add_path(compiler, paths[i], &error) != IW_OK)
            die(error.message);
    }
    if (iw_sigma_compiler_finish(compiler, &bench->ruleset) != IW_OK ||
        iw_sigma_ruleset_route(bench->ruleset, &bench->route) != IW_OK)
        die("no memory");
    iw_sigma_compiler_free(compiler);
    (void)printf("%zu rules ready in %.3f s\n", iw_sigma_ruleset_count(bench->ruleset),
                 (double)(iw_clock_ns() - begun) / 1e9);
}

static void measure(struct bench *bench, unsigned n_reps, bool plain)
{
    double low, high, reading, both;
    double n;

    reading = median_pass(bench, n_reps, &low, &high);
    n = (double)bench->n_events;
    (void)printf("reading  median %.3f s (%.3f-%.3f, n=%u)  %.0f k events/s\n", reading, low, high,
                 n_reps, n / reading / 1e3);
    bench->scanner =
        plain ? iw_sigma_scanner_new_plain(bench->ruleset) : iw_sigma_scanner_new(bench->ruleset);
    if (bench->scanner == NULL)
        die("no memory");
    both = median_pass(bench, n_reps, &low, &high);
    (void)printf(
        "matching median %.3f s (%.3f-%.3f, n=%u)  %.0f k events/s with reading, %.0f ns an "
        "event alone  %llu events  %llu matches\n",
        both, low, high, n_reps, n / both / 1e3, (both - reading) / n * 1e9,
        (unsigned long long)bench->n_events, (unsigned long long)bench->n_matches);
    print_costs(bench);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    const char *rules[MOST_RULE_PATHS];
    size_t n_rules = 0;
    struct iw_error error;
    unsigned n_reps = 5;
    bool plain = false;
    int at = 1;

    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--plain") == 0)
            plain = true;
        else if (strcmp(argv[at], "--reps") == 0 && at + 1 < argc)
            n_reps = (unsigned)strtoul(argv[++at], NULL, 10);
        else if (strcmp(argv[at], "--rules") == 0 && at + 1 < argc && n_rules < MOST_RULE_PATHS)
            rules[n_rules++] = argv[++at];
        else
            break;
    }
    if (at >= argc || n_rules == 0 || n_reps < 1 || n_reps > MOST_REPS)
        die("usage: bench_sigma [--reps N] [--plain] --rules PATH... EVIDENCE...");
    struct iw_evidence_options options = {(const char *const *)(argv + at), (size_t)(argc - at),
                                          NULL, NULL};
    iw_ledger_init(&bench.ledger);
    iw_rule_account_init(&bench.account);
    iw_route_init(&bench.route);
    iw_arena_init(&bench.arena, 0);
    iw_map_init(&bench.by_source);
    if (iw_names_init(&bench.names) != IW_OK || iw_batch_init(&bench.batch) != IW_OK ||
        iw_evidence_walk(&options, NULL, &bench.ledger, &bench.evidence, &error) != IW_OK)
        die("no memory");
    load_rules(&bench, rules, n_rules);
    measure(&bench, n_reps, plain);
    iw_sigma_scanner_free(bench.scanner);
    iw_sigma_ruleset_free(bench.ruleset);
    iw_map_done(&bench.by_source);
    iw_arena_done(&bench.arena);
    iw_route_done(&bench.route);
    iw_batch_done(&bench.batch);
    iw_evidence_done(&bench.evidence);
    iw_ledger_done(&bench.ledger);
    iw_rule_account_done(&bench.account);
    iw_names_done(&bench.names);
    return 0;
}
