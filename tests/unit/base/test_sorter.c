/*
 * The sorter against qsort: any budget, any number of feeds, threads; files that cannot be written,
 * end, are cut or overwritten; every allocation failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/sorter.h"
#include "tests/support/skip_because.h"

#define N_RECORDS 3000U
#define MOST_FEEDS 3U

struct record {
    struct iw_str key, payload;
};

static char *text; /* what records are cut from */
static struct record records[N_RECORDS], expected[N_RECORDS];

/* The same numbers in every run. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static int compare_records(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    int order = iw_str_compare(a->key, b->key);
    return order != 0 ? order : iw_str_compare(a->payload, b->payload);
}

#define TEXT_BYTES 300000U

/* Keys of 0 to 11 bytes over few letters, so that many are equal or begin alike; payloads of 0 to
 * 199 bytes, a few of 5,000 and of 280,000 that differ in their last byte at most. */
static int make_records(void **state)
{
    uint32_t seed = 7;
    (void)state;
    text = test_malloc(TEXT_BYTES);
    for (size_t i = 0; i < TEXT_BYTES; i++)
        text[i] = (char)(next_random(&seed) % 3 == 0 ? 0 : 'a');
    for (size_t i = 0; i < N_RECORDS; i++) {
        size_t size = i % 500 == 1 ? 280000 : i % 100 == 2 ? 5000 : next_random(&seed) % 200;
        records[i].key = (struct iw_str){text + next_random(&seed) % 500, next_random(&seed) % 12};
        records[i].payload = (struct iw_str){text + next_random(&seed) % 1000, size};
        if (size >= 5000) /* all equal but for their length */
            records[i] = (struct record){IW_STR("aa"), {text, size + i % 2}};
    }
    memcpy(expected, records, sizeof expected);
    qsort(expected, N_RECORDS, sizeof *expected, compare_records);
    return 0;
}

static int free_records(void **state)
{
    (void)state;
    test_free(text);
    return 0;
}

static void assert_reads(struct iw_sorter *sorter, bool is_last, const struct record *wanted,
                         size_t n)
{
    struct iw_sorted *sorted;
    struct iw_str key, payload;
    assert_int_equal(iw_sorter_open(sorter, is_last, &sorted, NULL), IW_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(iw_sorted_next(sorted, &key, &payload, NULL), IW_OK);
        if (!iw_str_equal(key, wanted[i].key) || !iw_str_equal(payload, wanted[i].payload))
            fail_msg("record %zu is another", i);
    }
    assert_int_equal(iw_sorted_next(sorted, &key, &payload, NULL), IW_END);
    assert_int_equal(iw_sorted_next(sorted, &key, &payload, NULL), IW_END);
    iw_sorted_close(sorted);
}

static const size_t BUDGETS[] = {0, 1, 700, 4096, 65536, 400000, 100000000};

static void any_budget_and_feeds(void **state)
{
    (void)state;
    for (size_t b = 0; b < sizeof BUDGETS / sizeof BUDGETS[0]; b++) {
        for (size_t n_feeds = 1; n_feeds <= MOST_FEEDS; n_feeds++) {
            struct iw_sorter_feed *feeds[MOST_FEEDS];
            struct iw_spill spill;
            struct iw_sorter *sorter;
            iw_spill_init(&spill);
            iw_spill_open(&spill);
            sorter = iw_sorter_new(&spill, BUDGETS[b]);
            for (size_t i = 0; i < n_feeds; i++)
                feeds[i] = iw_sorter_feed_new(sorter);
            for (size_t i = 0; i < N_RECORDS; i++)
                assert_int_equal(iw_sorter_add(feeds[i * 7 / 3 % n_feeds], records[i].key,
                                               records[i].payload, NULL),
                                 IW_OK);
            assert_int_equal(iw_sorter_finish(sorter), IW_OK);
            assert_reads(sorter, false, expected, N_RECORDS);
            assert_reads(sorter, false, expected, N_RECORDS); /* again, and the same */
            assert_reads(sorter, true, expected, N_RECORDS);
            assert_true((iw_spill_bytes(&spill) == 0) == (BUDGETS[b] == 100000000));
            iw_sorter_free(sorter);
            iw_spill_done(&spill);
        }
    }
}

/* What fits exactly stays in memory; one byte less and the file is written. */
static void at_the_edge_of_the_budget(void **state)
{
    const size_t n_held = 3 * (8 + 3 + 5 + 16); /* sizes, key, payload, reference */
    (void)state;
    for (size_t less = 0; less < 2; less++) {
        struct iw_spill spill;
        struct iw_sorter *sorter;
        struct iw_sorter_feed *feed;
        iw_spill_init(&spill);
        iw_spill_open(&spill);
        sorter = iw_sorter_new(&spill, n_held - less);
        feed = iw_sorter_feed_new(sorter);
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(iw_sorter_add(feed, IW_STR("key"), IW_STR("value"), NULL), IW_OK);
        assert_int_equal(iw_spill_bytes(&spill), less * 3 * (8 + 3 + 5));
        iw_sorter_free(sorter);
        iw_spill_done(&spill);
    }
}

static void nothing_at_all(void **state)
{
    struct iw_spill spill;
    struct iw_sorter *sorter;
    (void)state;
    for (unsigned n_feeds = 0; n_feeds < 2; n_feeds++) {
        iw_spill_init(&spill);
        sorter = iw_sorter_new(&spill, 0);
        if (n_feeds != 0)
            assert_non_null(iw_sorter_feed_new(sorter));
        assert_int_equal(iw_sorter_finish(sorter), IW_OK);
        assert_reads(sorter, true, NULL, 0);
        iw_sorter_free(sorter);
        iw_spill_done(&spill);
    }
    iw_sorter_free(NULL);
    iw_sorted_close(NULL);
}

/* --- threads ------------------------------------------------------------------------------ */

struct thread {
    pthread_t id;
    struct iw_sorter_feed *feed;
    size_t first;
    enum iw_rc rc;
};

static void *add_every_third(void *argument)
{
    struct thread *thread = argument;
    for (size_t i = thread->first; i < N_RECORDS && thread->rc == IW_OK; i += MOST_FEEDS)
        thread->rc = iw_sorter_add(thread->feed, records[i].key, records[i].payload, NULL);
    return NULL;
}

static void threads(void **state)
{
    struct thread all[MOST_FEEDS] = {{.rc = IW_OK}};
    struct iw_spill spill;
    struct iw_sorter *sorter;
    (void)state;
    iw_spill_init(&spill);
    iw_spill_open(&spill);
    sorter = iw_sorter_new(&spill, 30000);
    for (size_t i = 0; i < MOST_FEEDS; i++)
        all[i] = (struct thread){.feed = iw_sorter_feed_new(sorter), .first = i};
    for (size_t i = 0; i < MOST_FEEDS; i++)
        assert_int_equal(pthread_create(&all[i].id, NULL, add_every_third, &all[i]), 0);
    for (size_t i = 0; i < MOST_FEEDS; i++) {
        assert_int_equal(pthread_join(all[i].id, NULL), 0);
        assert_int_equal(all[i].rc, IW_OK);
    }
    assert_int_equal(iw_sorter_finish(sorter), IW_OK);
    assert_reads(sorter, true, expected, N_RECORDS);
    iw_sorter_free(sorter);
    iw_spill_done(&spill);
}

/* --- a file that fails -------------------------------------------------------------------- */

/* Adds until it is refused; everything taken must come back. Returns how many were taken. */
static size_t add_until_refused(struct iw_spill *spill, size_t budget_bytes, struct iw_error *err)
{
    static struct record taken[N_RECORDS];
    struct iw_sorter *sorter = iw_sorter_new(spill, budget_bytes);
    struct iw_sorter_feed *feed = iw_sorter_feed_new(sorter);
    size_t n = 0;
    while (n < N_RECORDS && iw_sorter_add(feed, records[n].key, records[n].payload, err) == IW_OK)
        n++;
    /* Nothing is taken after a refusal, not even what would fit. */
    if (n < N_RECORDS)
        assert_int_equal(iw_sorter_add(feed, IW_STR(""), IW_STR(""), NULL), err->rc);
    memcpy(taken, records, n * sizeof *taken);
    qsort(taken, n, sizeof *taken, compare_records);
    assert_int_equal(iw_sorter_finish(sorter), IW_OK);
    assert_reads(sorter, false, taken, n);
    iw_sorter_free(sorter);
    return n;
}

static void full_disk(void **state)
{
    struct iw_spill spill;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_spill_init(&spill);
    spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    if (spill.fd < 0)
        skip_because("no /dev/full here");
    assert_in_range(add_until_refused(&spill, 10000, &err), 2, N_RECORDS - 1);
    assert_int_equal(err.rc, IW_EIO);
    assert_non_null(strstr(err.message, "No space left on device"));
    assert_non_null(strstr(err.where, "temporary file"));
    iw_spill_done(&spill);
}

static void no_file(void **state)
{
    struct iw_spill spill;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_spill_init(&spill);
    spill.open_errno = 13;
    assert_in_range(add_until_refused(&spill, 10000, &err), 2, N_RECORDS - 1);
    assert_int_equal(err.rc, IW_EIO);
    assert_non_null(strstr(err.message, "no temporary file (set TMPDIR): Permission denied"));
    /* and none is needed while memory does */
    err.rc = IW_OK;
    assert_int_equal(add_until_refused(&spill, 100000000, &err), N_RECORDS);
}

/* Some runs are written, then the file may not grow. */
static void disk_that_fills(void **state)
{
    struct rlimit before, limit;
    struct iw_spill spill;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 300000; /* record 1 alone has 280,000 bytes */
    iw_spill_init(&spill);
    iw_spill_open(&spill);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_in_range(add_until_refused(&spill, 4000, &err), 100, N_RECORDS - 1);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(err.rc, IW_EIO);
    assert_non_null(strstr(err.message, "File too large"));
    iw_spill_done(&spill);
}

/* A sorter with many runs in the file. */
static struct iw_sorter *make_spilled(struct iw_spill *spill)
{
    struct iw_sorter *sorter;
    struct iw_sorter_feed *feed;
    iw_spill_init(spill);
    iw_spill_open(spill);
    sorter = iw_sorter_new(spill, 4000);
    feed = iw_sorter_feed_new(sorter);
    for (size_t i = 0; i < N_RECORDS; i++)
        assert_int_equal(iw_sorter_add(feed, records[i].key, records[i].payload, NULL), IW_OK);
    return sorter;
}

/* No room to merge some runs beforehand: all are read at once, and nothing is lost. */
static void full_disk_while_merging(void **state)
{
    struct iw_spill spill;
    struct iw_sorter *sorter = make_spilled(&spill);
    char path[64];
    int fd;
    (void)state;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", spill.fd);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(close(spill.fd), 0);
    spill.fd = fd;
    assert_int_equal(iw_sorter_finish(sorter), IW_OK);
    assert_reads(sorter, false, expected, N_RECORDS);
    iw_sorter_free(sorter);
    iw_spill_done(&spill);
}

/* The first failure when everything is read. */
static enum iw_rc read_all(struct iw_sorter *sorter, struct iw_error *err)
{
    struct iw_sorted *sorted;
    struct iw_str key, payload;
    enum iw_rc rc = iw_sorter_open(sorter, false, &sorted, err);
    while (rc == IW_OK)
        rc = iw_sorted_next(sorted, &key, &payload, err);
    iw_sorted_close(sorted);
    return rc;
}

static void damaged_file(void **state)
{
    static const char NOISE[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    (void)state;
    for (unsigned kind = 0; kind < 2; kind++) {
        struct iw_spill spill;
        struct iw_sorter *sorter = make_spilled(&spill);
        struct iw_error err = {.rc = IW_OK};
        assert_int_equal(iw_sorter_finish(sorter), IW_OK);
        if (kind == 0)
            assert_int_equal(ftruncate(spill.fd, 1000), 0);
        else {
            for (off_t at = 0; at < (off_t)iw_spill_bytes(&spill); at += 16)
                assert_int_equal(pwrite(spill.fd, NOISE, 16, at), 16);
        }
        assert_int_equal(read_all(sorter, &err), IW_EIO);
        assert_non_null(strstr(err.where, "temporary file"));
        assert_true(err.message[0] != '\0');
        iw_sorter_free(sorter);
        iw_spill_done(&spill);
    }
}

/* --- no memory ---------------------------------------------------------------------------- */

#ifdef IW_FAULT_INJECTION
static enum iw_rc sort_few(struct iw_spill *spill)
{
    struct iw_sorter *sorter = iw_sorter_new(spill, 2000);
    struct iw_sorter_feed *feed = sorter != NULL ? iw_sorter_feed_new(sorter) : NULL;
    enum iw_rc rc = feed != NULL ? IW_OK : IW_ENOMEM;
    for (size_t i = 0; i < 300 && rc == IW_OK; i++)
        rc = iw_sorter_add(feed, records[i].key, records[i].payload, NULL);
    if (rc == IW_OK)
        rc = iw_sorter_finish(sorter);
    if (rc == IW_OK)
        rc = read_all(sorter, NULL);
    iw_sorter_free(sorter);
    return rc;
}
#endif

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    size_t n_failed = 0;
    for (uint64_t n = 1;; n++) {
        struct iw_spill spill;
        enum iw_rc rc;
        bool was_reached;
        iw_spill_init(&spill);
        iw_spill_open(&spill);
        iw_alloc_fail_at(n);
        rc = sort_few(&spill);
        was_reached = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        iw_spill_done(&spill);
        /* A merge beforehand that finds no memory is left out: that may go well. */
        assert_true(rc == IW_ENOMEM || rc == IW_END);
        assert_true(was_reached || rc == IW_END);
        n_failed += rc == IW_ENOMEM;
        if (!was_reached)
            break;
    }
    assert_true(n_failed > 10);
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_budget_and_feeds),
        cmocka_unit_test(at_the_edge_of_the_budget),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(threads),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(no_file),
        cmocka_unit_test(disk_that_fills),
        cmocka_unit_test(full_disk_while_merging),
        cmocka_unit_test(damaged_file),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, make_records, free_records);
}
