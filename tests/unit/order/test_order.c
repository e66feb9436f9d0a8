/*
 * Facts read back against a naive joining of all pairs: any order of adding, any division among
 * feeds, memory for all or for next to nothing; a full disk; every allocation failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "order/order.h"

#define N_FACTS 1200U
#define LINE_BYTES 1024U
#define AMPLE ((size_t)64 * 1024 * 1024)
#define SCARCE ((size_t)16 * 1024)

/* WEB02 is two machines: names with two domains share the label, and the label alone is a third
 * (event/host.h). WEB03 was never told: it is known by its label. */
static const char *const COMPUTERS[] = {
    "WEB01",           "web01.corp.example", "WEB01.corp.example", "WEB02", "web02.a.example",
    "WEB02.b.example", "WEB02.B.example",    "10.0.0.7",           "",      "WEB03.corp.example"};
#define N_COMPUTERS (sizeof COMPUTERS / sizeof COMPUTERS[0])
#define N_TOLD (N_COMPUTERS - 1)
static const char *const CHANNELS[] = {"Security", "SECURITY",
                                       "Microsoft-Windows-Sysmon/Operational", ""};
static const char *const PAYLOADS[] = {"", "one", "two"};

static struct iw_fact facts[N_FACTS];
static struct iw_hosts hosts;
static char expected[N_FACTS][LINE_BYTES];
static size_t n_expected;
static uint64_t expected_copies, expected_conflicts;
static size_t n_added = N_FACTS; /* of facts, by add_all */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static struct iw_fact random_fact(uint32_t *seed, uint32_t number)
{
    struct iw_fact fact = {
        .kind = 1 + next_random(seed) % 2,
        .time_ns =
            next_random(seed) % 12 == 0 ? IW_TIME_UNKNOWN : (int64_t)(next_random(seed) % 9) - 4,
        .clock = IW_CLOCK_LOG,
        .channel = iw_str_of(CHANNELS[next_random(seed) % 4]),
        .computer = iw_str_of(COMPUTERS[next_random(seed) % N_COMPUTERS]),
        .event_id = 4,
        .record_id = next_random(seed) % 4,
        .place = {number / 100, number, 0},
    };
    fact.content[0] = (uint8_t)(next_random(seed) % 3);
    fact.payload = iw_str_of(PAYLOADS[fact.content[0]]);
    return fact;
}

/* --- what is expected: by the words of order.h -------------------------------------------- */

static struct iw_str host_of(const struct iw_fact *fact)
{
    struct iw_str host = iw_hosts_find(&hosts, fact->computer);
    return host.n != 0 ? host : iw_host_label(fact->computer);
}

static bool same_record(const struct iw_fact *a, const struct iw_fact *b)
{
    return a->kind == b->kind && a->time_ns == b->time_ns && a->record_id == b->record_id &&
           iw_str_equal_nocase(a->channel, b->channel) && iw_str_equal(host_of(a), host_of(b));
}

static bool is_copy(const struct iw_fact *a, const struct iw_fact *b)
{
    return same_record(a, b) && memcmp(a->content, b->content, sizeof a->content) == 0 &&
           (a->record_id != 0 || iw_time_known(a->time_ns));
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(left, right);
}

static size_t add_head(char *line, const struct iw_fact *fact, struct iw_str host)
{
    size_t n =
        (size_t)snprintf(line, LINE_BYTES, "%.*s|%u|%lld|%llu|%u|%.*s|", (int)host.n, host.p,
                         fact->kind, (long long)fact->time_ns, (unsigned long long)fact->record_id,
                         fact->content[0], (int)fact->payload.n, fact->payload.p);
    for (size_t i = 0; i < fact->channel.n; i++)
        line[n++] = iw_ascii_lower(fact->channel.p[i]);
    line[n] = '\0';
    return n;
}

/* One line a fact, then its places in order. Facts are in order of place. */
static void expect_all(void)
{
    static bool is_joined[N_FACTS];
    memset(is_joined, 0, sizeof is_joined);
    n_expected = 0;
    expected_copies = expected_conflicts = 0;
    for (size_t i = 0; i < N_FACTS; i++) {
        char *line = expected[n_expected];
        size_t n, n_places = 1;
        if (is_joined[i])
            continue;
        n = add_head(line, &facts[i], host_of(&facts[i]));
        n += (size_t)snprintf(line + n, LINE_BYTES - n, " %u:%llu", facts[i].place.source,
                              (unsigned long long)facts[i].place.offset);
        for (size_t k = i + 1; k < N_FACTS; k++) {
            if (is_joined[k] || !is_copy(&facts[i], &facts[k]))
                continue;
            is_joined[k] = true;
            expected_copies++;
            if (n_places++ <= IW_LIMIT_COPIES_SHOWN)
                n += (size_t)snprintf(line + n, LINE_BYTES - n, " %u:%llu", facts[k].place.source,
                                      (unsigned long long)facts[k].place.offset);
        }
        n_expected++;
    }
    /* Of all joined facts of one record, all but one are in conflict. */
    for (size_t i = 0; i < N_FACTS; i++) {
        bool has_earlier = false;
        if (is_joined[i] || facts[i].record_id == 0)
            continue;
        for (size_t k = 0; k < i; k++)
            has_earlier |= !is_joined[k] && same_record(&facts[i], &facts[k]);
        expected_conflicts += has_earlier;
    }
    qsort(expected, n_expected, LINE_BYTES, compare_lines);
}

static int set_up(void **state)
{
    uint32_t seed = 11;
    (void)state;
    iw_hosts_init(&hosts);
    for (size_t i = 0; i < N_TOLD; i++)
        assert_int_equal(iw_hosts_add(&hosts, iw_str_of(COMPUTERS[i])), IW_OK);
    assert_int_equal(iw_hosts_settle(&hosts), IW_OK);
    for (uint32_t i = 0; i < N_FACTS; i++)
        facts[i] = random_fact(&seed, i);
    expect_all();
    assert_true(expected_copies > 100 && expected_conflicts > 100 && n_expected > 100);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_hosts_done(&hosts);
    return 0;
}

/* --- reading ------------------------------------------------------------------------------ */

struct reading {
    char lines[N_FACTS][LINE_BYTES];
    struct {
        char host[64];
        int64_t time_ns;
    } heads[N_FACTS];
    size_t n;
    struct iw_order_account account;
};

static struct reading *make_reading(void)
{
    struct reading *reading = test_calloc(1, sizeof *reading);
    assert_non_null(reading);
    return reading;
}

static enum iw_rc read_all(struct iw_order *order, enum iw_order_reading which, bool is_last,
                           struct reading *ret, struct iw_error *err)
{
    struct iw_order_reader *reader;
    struct iw_fact fact;
    enum iw_rc rc;
    ret->n = 0;
    IW_TRY(iw_order_open(order, which, is_last, &reader, err));
    while ((rc = iw_order_next(reader, &fact, err)) == IW_OK) {
        char *line = ret->lines[ret->n];
        size_t n = add_head(line, &fact, fact.host);
        assert_true(ret->n < N_FACTS);
        n += (size_t)snprintf(line + n, LINE_BYTES - n, " %u:%llu", fact.place.source,
                              (unsigned long long)fact.place.offset);
        for (size_t i = 0; i < fact.n_copies; i++)
            n += (size_t)snprintf(line + n, LINE_BYTES - n, " %u:%llu", fact.copies[i].source,
                                  (unsigned long long)fact.copies[i].offset);
        (void)snprintf(ret->heads[ret->n].host, sizeof ret->heads[0].host, "%.*s", (int)fact.host.n,
                       fact.host.p);
        ret->heads[ret->n++].time_ns = fact.time_ns;
    }
    ret->account = iw_order_account(reader);
    if (rc == IW_END)
        assert_int_equal(iw_order_next(reader, &fact, err), IW_END); /* and stays there */
    iw_order_close(reader);
    return rc == IW_END ? IW_OK : rc;
}

/* Adds all facts, *first* first and then in steps, to *n_feeds* feeds in turn. */
static enum iw_rc add_all(struct iw_order *order, size_t n_feeds, size_t first, size_t step,
                          struct iw_error *err)
{
    struct iw_order_feed feeds[3] = {0};
    enum iw_rc rc = IW_OK;
    for (size_t i = 0; i < n_feeds && rc == IW_OK; i++)
        rc = iw_order_feed_init(&feeds[i], order);
    for (size_t i = 0, at = first; i < n_added && rc == IW_OK; i++, at = (at + step) % n_added) {
        rc = iw_order_add(&feeds[i % n_feeds], IW_ORDER_OVERALL, &facts[at], err);
        if (rc == IW_OK)
            rc = iw_order_add(&feeds[i % n_feeds], IW_ORDER_OF_HOSTS, &facts[at], err);
    }
    for (size_t i = 0; i < n_feeds; i++)
        iw_order_feed_done(&feeds[i]);
    return rc;
}

static void check_lines(struct reading *reading)
{
    qsort(reading->lines, reading->n, LINE_BYTES, compare_lines);
    assert_int_equal(reading->n, n_expected);
    for (size_t i = 0; i < n_expected; i++)
        assert_string_equal(reading->lines[i], expected[i]);
    assert_int_equal(reading->account.n_facts, n_expected);
    assert_int_equal(reading->account.n_copies, expected_copies);
    assert_int_equal(reading->account.n_conflicts, expected_conflicts);
}

static void check_times_rise(const struct reading *reading)
{
    for (size_t i = 1; i < reading->n; i++)
        assert_true(reading->heads[i - 1].time_ns <= reading->heads[i].time_ns);
}

/* Each host once, in one piece, its times rising. */
static void check_hosts(const struct reading *reading)
{
    size_t n_hosts = 1;
    for (size_t i = 1; i < reading->n; i++) {
        if (strcmp(reading->heads[i - 1].host, reading->heads[i].host) == 0) {
            assert_true(reading->heads[i - 1].time_ns <= reading->heads[i].time_ns);
            continue;
        }
        n_hosts++;
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(reading->heads[k].host, reading->heads[i].host);
    }
    /* WEB01, WEB02, WEB02.B.example, web02.a.example, 10.0.0.7, the nameless, WEB03. */
    assert_int_equal(n_hosts, 7);
}

static void check_same(const struct reading *a, const struct reading *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++)
        assert_string_equal(a->lines[i], b->lines[i]);
}

struct variant {
    size_t budget, n_feeds, first, step;
};

static const struct variant VARIANTS[] = {
    {AMPLE, 1, 0, 1},  {AMPLE, 3, 5, 7},    {AMPLE, 2, 1199, 1199},
    {SCARCE, 1, 0, 1}, {SCARCE, 3, 17, 11}, {SCARCE, 2, 600, 1199},
};

/* In the same sequence, whatever the variant; and what is expected. */
static void test_differential(void **state)
{
    struct reading *first[IW_ORDER_READINGS], *reading = make_reading();
    (void)state;
    for (size_t i = 0; i < sizeof VARIANTS / sizeof VARIANTS[0]; i++) {
        const struct variant *v = &VARIANTS[i];
        struct iw_spill spill;
        struct iw_order *order;
        iw_spill_init(&spill);
        iw_spill_open(&spill);
        order = iw_order_new(&spill, v->budget);
        assert_non_null(order);
        assert_false(iw_order_has_facts(order, IW_ORDER_OVERALL));
        assert_int_equal(add_all(order, v->n_feeds, v->first, v->step, NULL), IW_OK);
        assert_true(iw_order_has_facts(order, IW_ORDER_OVERALL));
        assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
        assert_true((iw_spill_bytes(&spill) != 0) == (v->budget == SCARCE));
        for (size_t which = 0; which < IW_ORDER_READINGS; which++) {
            struct reading *into = i == 0 ? make_reading() : reading;
            if (i == 0)
                first[which] = into;
            assert_int_equal(read_all(order, (enum iw_order_reading)which, false, into, NULL),
                             IW_OK);
            check_same(into, first[which]);
            assert_int_equal(read_all(order, (enum iw_order_reading)which, true, into, NULL),
                             IW_OK); /* again */
            check_same(into, first[which]);
        }
        iw_order_free(order);
        iw_spill_done(&spill);
    }
    check_times_rise(first[IW_ORDER_OVERALL]);
    check_hosts(first[IW_ORDER_OF_HOSTS]);
    check_lines(first[IW_ORDER_OVERALL]);
    check_lines(first[IW_ORDER_OF_HOSTS]);
    test_free(first[0]);
    test_free(first[1]);
    test_free(reading);
}

/* Ties: time, channel without letter case, record id, content (order.h). */
static void test_ties(void **state)
{
    static const struct {
        int64_t time_ns;
        const char *channel;
        uint64_t record_id;
        uint8_t content;
    } SORTED[] = {
        {IW_TIME_UNKNOWN, "Z", 9, 9}, {-1, "z", 9, 9},       {0, "Application", 7, 0},
        {0, "SECURITY", 1, 200},      {0, "security", 2, 0}, {0, "Security", 256, 3},
        {0, "Security", 256, 4},      {1, "", 0, 0},
    };
    size_t n = sizeof SORTED / sizeof SORTED[0];
    struct iw_spill spill;
    struct iw_order *order;
    struct iw_order_feed feed = {0};
    struct iw_order_reader *reader;
    struct iw_fact fact;
    (void)state;
    iw_spill_init(&spill);
    order = iw_order_new(&spill, AMPLE);
    assert_non_null(order);
    assert_int_equal(iw_order_feed_init(&feed, order), IW_OK);
    for (size_t i = n; i-- > 0;) {
        struct iw_fact added = {.kind = 1,
                                .time_ns = SORTED[i].time_ns,
                                .channel = iw_str_of(SORTED[i].channel),
                                .computer = IW_STR("WEB01"),
                                .record_id = SORTED[i].record_id,
                                .content = {SORTED[i].content},
                                .place = {7, UINT64_MAX, 3},
                                .clock = IW_CLOCK_REQUEST,
                                .dialect = 255,
                                .event_id = UINT32_MAX,
                                .payload = IW_STR("\0x")};
        assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
    }
    iw_order_feed_done(&feed);
    assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
    assert_int_equal(iw_order_open(order, IW_ORDER_OVERALL, true, &reader, NULL), IW_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
        assert_true(fact.time_ns == SORTED[i].time_ns && fact.record_id == SORTED[i].record_id);
        assert_int_equal(fact.content[0], SORTED[i].content);
        assert_true(iw_str_equal(fact.channel, iw_str_of(SORTED[i].channel)));
        assert_true(fact.place.source == 7 && fact.place.offset == UINT64_MAX &&
                    fact.place.line == 3);
        assert_true(fact.clock == IW_CLOCK_REQUEST && fact.dialect == 255 &&
                    fact.event_id == UINT32_MAX);
        assert_true(iw_str_equal(fact.payload, IW_STR("\0x")));
        assert_true(iw_str_equal(fact.host, IW_STR("WEB01")));
    }
    assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
    assert_int_equal(iw_order_account(reader).n_untimed, 1);
    assert_int_equal(iw_order_account(reader).n_conflicts, 1); /* record 256 */
    iw_order_close(reader);
    iw_order_free(order);
    iw_spill_done(&spill);
}

/* Sixteen other places are listed; all are counted. */
static void test_many_copies(void **state)
{
    struct iw_spill spill;
    struct iw_order *order;
    struct iw_order_feed feed = {0};
    struct iw_order_reader *reader;
    struct iw_fact fact;
    (void)state;
    for (size_t n = IW_LIMIT_COPIES_SHOWN; n <= IW_LIMIT_COPIES_SHOWN + 1U; n++) {
        iw_spill_init(&spill);
        order = iw_order_new(&spill, AMPLE);
        feed = (struct iw_order_feed){0};
        assert_int_equal(iw_order_feed_init(&feed, order), IW_OK);
        for (size_t i = n + 1; i-- > 0;) {
            struct iw_fact added = {.kind = 1,
                                    .time_ns = 5,
                                    .channel = IW_STR("Security"),
                                    .computer = IW_STR("WEB01"),
                                    .record_id = 1,
                                    .place = {(uint32_t)i, 0, 0},
                                    .payload = IW_STR("")};
            assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
        }
        iw_order_feed_done(&feed);
        assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
        assert_int_equal(iw_order_open(order, IW_ORDER_OVERALL, true, &reader, NULL), IW_OK);
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
        assert_int_equal(fact.place.source, 0);
        assert_int_equal(fact.n_copies, IW_LIMIT_COPIES_SHOWN);
        assert_int_equal(fact.n_copies_hidden, n - IW_LIMIT_COPIES_SHOWN);
        for (size_t i = 0; i < fact.n_copies; i++)
            assert_int_equal(fact.copies[i].source, i + 1);
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
        assert_int_equal(iw_order_account(reader).n_copies, n);
        iw_order_close(reader);
        iw_order_free(order);
        iw_spill_done(&spill);
    }
}

/* Copies of other forms are told; with one form too many, an event of its own begins. */
static void test_variants(void **state)
{
    static const size_t N_FORMS[] = {2, IW_LIMIT_COPIES_SHOWN + 1U, IW_LIMIT_COPIES_SHOWN + 2U};
    (void)state;
    for (size_t c = 0; c < 3; c++) {
        struct iw_spill spill;
        struct iw_order *order;
        struct iw_order_feed feed = {0};
        struct iw_order_reader *reader;
        struct iw_fact fact;
        size_t n = N_FORMS[c],
               n_told = n - 1 < IW_LIMIT_COPIES_SHOWN ? n - 1 : IW_LIMIT_COPIES_SHOWN;
        iw_spill_init(&spill);
        order = iw_order_new(&spill, AMPLE);
        assert_int_equal(iw_order_feed_init(&feed, order), IW_OK);
        for (size_t i = 0; i < 2 * n; i++) { /* each form twice */
            char form[2] = {'f', (char)('a' + i / 2)};
            struct iw_fact added = {.kind = 1,
                                    .time_ns = 5,
                                    .channel = IW_STR("Security"),
                                    .computer = IW_STR("WEB01"),
                                    .record_id = 1,
                                    .place = {(uint32_t)i, 0, 0},
                                    .payload = {form, 2}};
            assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
        }
        iw_order_feed_done(&feed);
        assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
        assert_int_equal(iw_order_open(order, IW_ORDER_OVERALL, true, &reader, NULL), IW_OK);
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
        assert_true(iw_str_equal(fact.payload, IW_STR("fa")));
        assert_int_equal(fact.n_variants, n_told);
        for (size_t i = 0; i < n_told; i++)
            assert_int_equal(fact.variants[i].p[1], 'b' + i);
        assert_int_equal(fact.n_copies + fact.n_copies_hidden, 2 * (n_told + 1) - 1);
        assert_int_equal(iw_order_next(reader, &fact, NULL), n - 1 > n_told ? IW_OK : IW_END);
        if (n - 1 > n_told) {
            assert_int_equal(fact.payload.p[1], 'b' + n_told);
            assert_int_equal(fact.n_copies, 1);
            assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
        }
        iw_order_close(reader);
        iw_order_free(order);
        iw_spill_done(&spill);
    }
}

/* Two equal lines in one log, three in a copy of it: three requests. Past the limit they are
 * copies. */
static void test_equal_lines(void **state)
{
    static const struct {
        size_t n_first, n_second, n_events;
    } CASES[] = {
        {2, 3, 3}, {3, 2, 3}, {1, 1, 1}, {IW_LIMIT_EQUAL_LINES + 5U, 0, IW_LIMIT_EQUAL_LINES}};
    (void)state;
    for (size_t c = 0; c < sizeof CASES / sizeof CASES[0]; c++) {
        struct iw_spill spill;
        struct iw_order *order;
        struct iw_order_feed feed = {0};
        struct iw_order_reader *reader;
        struct iw_fact fact;
        size_t n = CASES[c].n_first + CASES[c].n_second;
        iw_spill_init(&spill);
        order = iw_order_new(&spill, AMPLE);
        assert_int_equal(iw_order_feed_init(&feed, order), IW_OK);
        for (size_t i = 0; i < n; i++) {
            struct iw_fact added = {.kind = 1,
                                    .time_ns = 5,
                                    .channel = IW_STR("W3C"),
                                    .computer = IW_STR("WEB01"),
                                    .place = {i >= CASES[c].n_first, i, i + 1},
                                    .payload = IW_STR("x")};
            assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
        }
        iw_order_feed_done(&feed);
        assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
        assert_int_equal(iw_order_open(order, IW_ORDER_OVERALL, true, &reader, NULL), IW_OK);
        for (size_t i = 0; i < CASES[c].n_events; i++) {
            assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
            if (i < CASES[c].n_first && i < CASES[c].n_second) {
                assert_int_equal(fact.place.source, 0);
                assert_int_equal(fact.n_copies, 1);
                assert_int_equal(fact.copies[0].source, 1);
            }
        }
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
        assert_int_equal(iw_order_account(reader).n_copies, n - CASES[c].n_events);
        iw_order_close(reader);
        iw_order_free(order);
        iw_spill_done(&spill);
    }
}

static struct iw_order *order_of(struct iw_spill *spill, struct iw_order_feed *feed)
{
    struct iw_order *order;
    iw_spill_init(spill);
    iw_spill_open(spill);
    order = iw_order_new(spill, AMPLE);
    *feed = (struct iw_order_feed){0};
    assert_int_equal(iw_order_feed_init(feed, order), IW_OK);
    return order;
}

static struct iw_order_reader *open_order(struct iw_order *order, struct iw_order_feed *feed,
                                          const struct iw_hosts *known,
                                          enum iw_order_reading reading)
{
    struct iw_order_reader *reader;
    iw_order_feed_done(feed);
    assert_int_equal(iw_order_settle(order, known, NULL, NULL), IW_OK);
    assert_int_equal(iw_order_open(order, reading, true, &reader, NULL), IW_OK);
    return reader;
}

/* Of hosts, the context of an instant is read before all that is judged by it, whatever its channel
 * and record; overall it is not. */
static void test_context_first(void **state)
{
    static const struct {
        uint32_t kind;
        int64_t time_ns;
        const char *channel;
        uint64_t record_id;
    } SORTED[] = {
        {IW_FACT_FIRST_OF_CONTEXT, IW_TIME_UNKNOWN, "Z", 9},
        {IW_FACT_MATCH, IW_TIME_UNKNOWN, "A", 1},
        {IW_FACT_FIRST_OF_CONTEXT, 5, "M", 3},
        {IW_FACT_FIRST_OF_OTHERS - 1, 5, "Z", 9},
        {IW_FACT_MATCH, 5, "A", 1},
        {IW_FACT_FIRST_OF_OTHERS, 5, "A", 2},
        {IW_FACT_MATCH, 5, "A", 2}, /* the record is the same, the content is not */
        {IW_FACT_FIRST_OF_CONTEXT, 6, "A", 1},
    };
    size_t n = sizeof SORTED / sizeof SORTED[0];
    struct iw_spill spill;
    struct iw_order_feed feed;
    struct iw_order *order = order_of(&spill, &feed);
    struct iw_order_reader *reader;
    struct iw_fact fact;
    (void)state;
    for (size_t i = n; i-- > 0;) {
        struct iw_fact added = {.kind = SORTED[i].kind,
                                .time_ns = SORTED[i].time_ns,
                                .channel = iw_str_of(SORTED[i].channel),
                                .computer = IW_STR("WEB01"),
                                .record_id = SORTED[i].record_id,
                                .content = {(uint8_t)i},
                                .payload = IW_STR("")};
        assert_int_equal(iw_order_add(&feed, IW_ORDER_OF_HOSTS, &added, NULL), IW_OK);
    }
    reader = open_order(order, &feed, &hosts, IW_ORDER_OF_HOSTS);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
        assert_int_equal(fact.content[0], i);
        assert_int_equal(fact.kind, SORTED[i].kind);
        assert_true(fact.time_ns == SORTED[i].time_ns);
        assert_int_equal(fact.record_id, SORTED[i].record_id);
    }
    assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
    assert_int_equal(iw_order_account(reader).n_conflicts, 0);
    iw_order_close(reader);
    iw_order_free(order);
    iw_spill_done(&spill);
}

/* One record under many names of one label: an event of each machine, with its copies; looking for
 * them costs what there is. */
static void test_many_hosts(void **state)
{
    enum { N_HOSTS = 3000 };
    char name[64];
    struct iw_hosts many;
    struct iw_spill spill;
    struct iw_order_feed feed;
    struct iw_order *order = order_of(&spill, &feed);
    struct iw_order_reader *reader;
    struct iw_fact fact;
    (void)state;
    iw_hosts_init(&many);
    for (uint32_t i = 0; i < 3 * N_HOSTS; i++) { /* the third time in capitals */
        struct iw_fact added = {.kind = 1,
                                .time_ns = 5,
                                .channel = IW_STR("Security"),
                                .record_id = 1,
                                .place = {i, 0, 0},
                                .payload = IW_STR("")};
        (void)snprintf(name, sizeof name,
                       i < 2 * N_HOSTS ? "web01.x%u.example" : "WEB01.X%u.example", i % N_HOSTS);
        added.computer = iw_str_of(name);
        assert_int_equal(iw_hosts_add(&many, added.computer), IW_OK);
        assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
    }
    assert_int_equal(iw_hosts_settle(&many), IW_OK);
    reader = open_order(order, &feed, &many, IW_ORDER_OVERALL);
    for (uint32_t i = 0; i < N_HOSTS; i++) {
        assert_int_equal(iw_order_next(reader, &fact, NULL), IW_OK);
        assert_int_equal(fact.place.source, i);
        assert_int_equal(fact.n_copies, 2);
        assert_int_equal(fact.copies[1].source, i + 2 * N_HOSTS);
        assert_false(fact.is_conflict);
    }
    assert_int_equal(iw_order_next(reader, &fact, NULL), IW_END);
    assert_in_range(iw_order_account(reader).n_searched, 0, 9 * N_HOSTS);
    assert_int_equal(iw_order_account(reader).n_cut, 0);
    iw_order_close(reader);
    iw_order_free(order);
    iw_spill_done(&spill);
    iw_hosts_done(&many);
}

static size_t events_of(size_t n_forms)
{
    return (n_forms + IW_LIMIT_COPIES_SHOWN) / (IW_LIMIT_COPIES_SHOWN + 1U);
}

/* Forms of one record: as many as fit are held, and a copy of the first is found behind them; with
 * a few more it is an event of its own, and that is counted. Nothing is lost. */
static void test_large_group(void **state)
{
    static char form[64 * 1024];
    const size_t held = IW_LIMIT_GROUP_BYTES / sizeof form;
    (void)state;
    memset(form, 'f', sizeof form);
    for (size_t more = 0; more < 2; more++) {
        size_t n = held - 2 + 4 * more, n_given = 0, n_places = 0;
        struct iw_spill spill;
        struct iw_order_feed feed;
        struct iw_order *order = order_of(&spill, &feed);
        struct iw_order_reader *reader;
        struct iw_fact fact;
        for (size_t i = 0; i < n + 2; i++) {
            struct iw_fact added = {.kind = 1,
                                    .time_ns = 5,
                                    .channel = IW_STR("Security"),
                                    .computer = i == 0 || i == n + 1 ? IW_STR("web02.a.example")
                                                                     : IW_STR("WEB02"),
                                    .record_id = 1,
                                    .place = {(uint32_t)i, 0, 0},
                                    .payload = {form, i == 0 || i == n + 1 ? 1 : sizeof form}};
            form[0] = (char)i;
            form[1] = (char)(i >> 8);
            if (i == 0 || i == n + 1)
                form[0] = 'x';
            assert_int_equal(iw_order_add(&feed, IW_ORDER_OVERALL, &added, NULL), IW_OK);
        }
        reader = open_order(order, &feed, &hosts, IW_ORDER_OVERALL);
        while (iw_order_next(reader, &fact, NULL) == IW_OK) {
            n_given++;
            n_places += 1 + fact.n_copies + fact.n_copies_hidden;
        }
        assert_int_equal(n_places, n + 2);
        assert_int_equal(iw_order_account(reader).n_cut, more);
        /* A form and sixteen others are one event; behind the cut another one begins. */
        assert_int_equal(n_given,
                         more == 0 ? 1 + events_of(n) : 2 + events_of(held) + events_of(n - held));
        iw_order_close(reader);
        iw_order_free(order);
        iw_spill_done(&spill);
    }
}

/* --- trouble ------------------------------------------------------------------------------ */

/* A disk that is full from the beginning: adding fails with a reason, what was taken is there. */
static void test_full_disk(void **state)
{
    struct reading *reading = make_reading();
    struct iw_spill spill;
    struct iw_order *order;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_spill_init(&spill);
    spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    assert_true(spill.fd >= 0);
    order = iw_order_new(&spill, SCARCE);
    assert_int_equal(add_all(order, 1, 0, 1, &err), IW_EIO);
    assert_int_equal(err.rc, IW_EIO);
    assert_true(err.message[0] != '\0');
    assert_int_equal(iw_order_settle(order, &hosts, NULL, NULL), IW_OK);
    assert_int_equal(read_all(order, IW_ORDER_OVERALL, true, reading, NULL), IW_OK);
    assert_true(reading->n > 10 && reading->n < n_expected);
    iw_order_free(order);
    iw_spill_done(&spill);
    test_free(reading);
}

#ifdef IW_FAULT_INJECTION
static enum iw_rc whole_run(size_t budget, struct reading *reading)
{
    struct iw_spill spill;
    struct iw_order *order;
    enum iw_rc rc;
    iw_spill_init(&spill);
    iw_spill_open(&spill);
    order = iw_order_new(&spill, budget);
    rc = order != NULL ? add_all(order, 2, 0, 1, NULL) : IW_ENOMEM;
    if (rc == IW_OK)
        rc = iw_order_settle(order, &hosts, NULL, NULL);
    if (rc == IW_OK)
        rc = read_all(order, IW_ORDER_OF_HOSTS, true, reading, NULL);
    if (rc == IW_OK)
        rc = read_all(order, IW_ORDER_OVERALL, true, reading, NULL);
    iw_order_free(order);
    iw_spill_done(&spill);
    return rc;
}

/* Each allocation failing once: the run fails for want of memory, or did not need it. */
static void test_no_memory(void **state)
{
    struct reading *whole = make_reading(), *reading = make_reading();
    static const size_t BUDGETS[] = {AMPLE, SCARCE};
    (void)state;
    n_added = 150;
    for (size_t b = 0; b < 2; b++) {
        uint64_t n_failed = 0;
        assert_int_equal(whole_run(BUDGETS[b], whole), IW_OK);
        for (uint64_t n = 1;; n++) {
            enum iw_rc rc;
            iw_alloc_fail_at(n);
            rc = whole_run(BUDGETS[b], reading);
            if (iw_alloc_count() < n) {
                iw_alloc_fail_at(0);
                break;
            }
            iw_alloc_fail_at(0);
            assert_true(rc == IW_OK || rc == IW_ENOMEM);
            n_failed += rc == IW_ENOMEM;
            if (rc == IW_OK)
                check_same(reading, whole);
        }
        assert_true(n_failed > 10);
    }
    n_added = N_FACTS;
    test_free(whole);
    test_free(reading);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_differential), cmocka_unit_test(test_ties),
        cmocka_unit_test(test_many_copies),  cmocka_unit_test(test_variants),
        cmocka_unit_test(test_equal_lines),  cmocka_unit_test(test_context_first),
        cmocka_unit_test(test_many_hosts),   cmocka_unit_test(test_large_group),
        cmocka_unit_test(test_full_disk),
#ifdef IW_FAULT_INJECTION
        cmocka_unit_test(test_no_memory),
#endif
    };
    return cmocka_run_group_tests_name("order", tests, set_up, tear_down);
}
