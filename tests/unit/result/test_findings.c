/*
 * All findings of a run: order whatever the order they were put in and the memory there is,
 * numbering of equal ids, records that come back as they were, a file that takes no more, and every
 * allocation failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <fcntl.h>

#include "base/alloc.h"
#include "tests/support/test_findings.h"
#include "tests/support/skip_because.h"

#define PLENTY ((size_t)1 << 20)

static const char LONG[] =
    "a text long enough that a finding has several times the bytes of its id, "
    "as findings do, so that ids find room where findings do not: a command "
    "line, a path, a value of the configuration, a user, a pool, an event";

static struct iw_finding make(int64_t time_ns, const char *host)
{
    return (struct iw_finding){
        .title = IW_STR("t"),
        .rule_id = IW_STR("5f3c0ac9"),
        .host = iw_str_of(host),
        .first_time_ns = time_ns,
        .last_time_ns = time_ns,
        .subject_type = IW_STR("process"),
        .subject_name = IW_STR("C:\\Windows\\System32\\cmd.exe"),
        .anchor = IW_STR("1|1607689681299|{guid}"),
    };
}

static void begin(struct iw_findings *findings, struct iw_spill *spill, size_t budget_bytes)
{
    iw_spill_init(spill);
    iw_spill_open(spill);
    iw_findings_init(findings, spill, budget_bytes);
}

static void end(struct iw_findings *findings, struct iw_spill *spill)
{
    iw_findings_done(findings);
    iw_spill_done(spill);
}

/* --- records ------------------------------------------------------------------------------ */

static const struct iw_str LIST[] = {{"one", 3}, {"", 0}, {"a\0b", 3}};

static struct iw_finding make_full(struct iw_evidence_item items[2])
{
    static const struct iw_text_list ALL = {LIST, 3};
    struct iw_finding f = make(INT64_MIN, "HOST");
    items[0] = (struct iw_evidence_item){
        IW_STR("match"), -5, IW_STR("C"),     29,          UINT64_MAX, IW_STR("s.evtx"),
        1ULL << 40,      0,  IW_STR("other"), IW_STR("{}")};
    items[1] = (struct iw_evidence_item){.role = IW_STR("copy"), .time_ns = INT64_MAX, .line = 7};
    f.kind = IW_FINDING_TELEMETRY;
    f.level = IW_LEVEL_CRITICAL;
    f.score = 100;
    f.is_partial = true;
    f.rule_title = IW_STR("another title");
    f.computer = IW_STR("HOST.corp");
    f.analytic = f.attack = f.why = f.blind = f.triage = ALL;
    f.change = (struct iw_change){
        .status = IW_CHANGE_UNEXPLAINED, .record = IW_STR("CHG-1"), .why = IW_STR("window")};
    f.evidence = items;
    f.n_evidence = 2;
    f.n_copies_hidden = 3;
    f.event_json = IW_STR("{\"EventID\":1}");
    f.rule_account = 12;
    f.user = IW_STR("u");
    f.pool = IW_STR("p");
    f.detail = IW_STR("d");
    (void)snprintf(f.id, sizeof f.id, "f-0123456789abcdef-4294967295");
    return f;
}

static void write_record(const struct iw_finding *finding, struct iw_buffer *out)
{
    iw_buffer_clear(out);
    iw_finding_record_write(finding, out);
    assert_false(out->failed);
}

static void records_come_back(void **state)
{
    struct iw_evidence_item items[2];
    struct iw_finding full = make_full(items), empty = {.kind = IW_FINDING_RULE}, read;
    struct iw_buffer first, second;
    struct iw_arena arena;
    (void)state;
    iw_buffer_init(&first);
    iw_buffer_init(&second);
    iw_arena_init(&arena, 0);
    write_record(&full, &first);
    assert_int_equal(iw_finding_record_read(iw_buffer_str(&first), &arena, &read, NULL), IW_OK);
    assert_string_equal(read.id, full.id);
    assert_true(read.first_time_ns == INT64_MIN && read.rule_account == 12 && read.is_partial);
    assert_int_equal(read.kind, IW_FINDING_TELEMETRY);
    assert_int_equal(read.level, IW_LEVEL_CRITICAL);
    assert_int_equal(read.change.status, IW_CHANGE_UNEXPLAINED);
    assert_true(iw_str_equal(read.rule_title, IW_STR("another title")));
    assert_true(iw_str_equal(read.triage.items[2], LIST[2]));
    assert_int_equal(read.n_evidence, 2);
    assert_true(read.evidence[0].record_id == UINT64_MAX && read.evidence[0].time_ns == -5);
    assert_true(iw_str_equal(read.evidence[0].host, IW_STR("other")));
    assert_int_equal(read.evidence[1].line, 7);
    write_record(&read, &second); /* nothing is lost that is written */
    assert_true(iw_str_equal(iw_buffer_str(&first), iw_buffer_str(&second)));
    write_record(&empty, &first);
    assert_int_equal(iw_finding_record_read(iw_buffer_str(&first), &arena, &read, NULL), IW_OK);
    assert_int_equal(read.title.n + read.rule_title.n + read.n_evidence + read.why.n, 0);
    iw_buffer_done(&first);
    iw_buffer_done(&second);
    iw_arena_done(&arena);
}

/* A disk that gives back something else: an error or another finding, never a crash. */
static void damaged_records(void **state)
{
    struct iw_evidence_item items[2];
    struct iw_finding full = make_full(items), read;
    struct iw_buffer record;
    struct iw_arena arena;
    struct iw_error err;
    (void)state;
    iw_buffer_init(&record);
    iw_arena_init(&arena, (size_t)1 << 20);
    write_record(&full, &record);
    for (size_t n = 0; n < record.n; n++) {
        char *cut = test_malloc(n + 1); /* so that reading past the end is seen */
        memcpy(cut, record.p, n);
        assert_int_equal(iw_finding_record_read((struct iw_str){cut, n}, &arena, &read, &err),
                         IW_EIO);
        test_free(cut);
        iw_arena_reset(&arena);
    }
    for (size_t at = 0; at < record.n; at++) {
        for (unsigned value = 0; value < 256; value += 51) {
            char before = record.p[at];
            record.p[at] = (char)(uint8_t)value;
            (void)iw_finding_record_read(iw_buffer_str(&record), &arena, &read, NULL);
            record.p[at] = before;
            iw_arena_reset(&arena);
        }
    }
    iw_buffer_done(&record);
    iw_arena_done(&arena);
}

/* --- order -------------------------------------------------------------------------------- */

/* Six findings, some with equal ids, put in an order given by *permutation*. */
static void fill(struct iw_findings *findings, const unsigned permutation[6])
{
    for (unsigned i = 0; i < 6; i++) {
        unsigned which = permutation[i];
        struct iw_finding finding = make(which < 3 ? 100 : 200 + which, which == 0 ? "A" : "B");
        struct iw_evidence_item item = {.source = IW_STR("log.evtx"), .offset = which};
        finding.evidence = &item;
        finding.n_evidence = 1;
        if (which == 5)
            finding.anchor = IW_STR("another");
        assert_int_equal(iw_findings_put(findings, &finding, NULL), IW_OK);
    }
}

static void describe(const struct iw_findings *findings, struct iw_buffer *out)
{
    struct test_findings all;
    assert_true(test_findings_read(findings, &all));
    for (size_t i = 0; i < all.n; i++) {
        const struct iw_finding *finding = &all.items[i];
        iw_buffer_printf(out, "%lld %.*s %s @%llu\n", (long long)finding->first_time_ns,
                         IW_STR_ARG(finding->host), finding->id,
                         (unsigned long long)finding->evidence[0].offset);
    }
    test_findings_done(&all);
}

static void order_does_not_depend_on_insertion(void **state)
{
    unsigned permutation[6] = {0, 1, 2, 3, 4, 5};
    struct iw_buffer first, now;
    (void)state;
    iw_buffer_init(&first);
    iw_buffer_init(&now);
    /* All 720 permutations, by Heap's method; the same with memory for all and for none. */
    unsigned counters[6] = {0}, i = 0;
    size_t n_tried = 0;
    for (;;) {
        struct iw_findings findings;
        struct iw_spill spill;
        begin(&findings, &spill, n_tried % 2 == 0 ? PLENTY : 1);
        fill(&findings, permutation);
        assert_int_equal(iw_findings_settle(&findings, NULL), IW_OK);
        iw_buffer_clear(&now);
        describe(&findings, &now);
        if (n_tried++ == 0)
            iw_buffer_add(&first, iw_buffer_str(&now));
        assert_int_equal(now.n, first.n);
        assert_memory_equal(now.p, first.p, first.n);
        end(&findings, &spill);
        while (i < 6 && counters[i] >= i)
            counters[i++] = 0;
        if (i == 6)
            break;
        unsigned other = i % 2 == 0 ? 0 : counters[i];
        unsigned kept = permutation[other];
        permutation[other] = permutation[i];
        permutation[i] = kept;
        counters[i]++;
        i = 0;
    }
    assert_int_equal(n_tried, 720);
    iw_buffer_done(&first);
    iw_buffer_done(&now);
}

static void equal_ids_are_numbered_by_content(void **state)
{
    static const unsigned BACKWARDS[6] = {5, 4, 3, 2, 1, 0};
    struct iw_findings findings;
    struct test_findings all;
    struct iw_spill spill;
    char base[19];
    (void)state;
    begin(&findings, &spill, PLENTY);
    fill(&findings, BACKWARDS);
    assert_int_equal(iw_findings_settle(&findings, NULL), IW_OK);
    for (unsigned pass = 0; pass < 2; pass++) { /* reading again changes nothing */
        assert_true(test_findings_read(&findings, &all));
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(all.items[i].evidence[0].offset, i);
        memcpy(base, all.items[1].id, 18);
        base[18] = '\0';
        assert_string_equal(all.items[1].id, base);
        assert_memory_equal(all.items[2].id, base, 18);
        assert_string_equal(all.items[2].id + 18, "-2");
        assert_string_equal(all.items[3].id + 18, "-3");
        assert_string_equal(all.items[4].id + 18, "-4");
        assert_string_equal(all.items[0].id + 18, "");
        assert_string_equal(all.items[5].id + 18, "");
        test_findings_done(&all);
    }
    end(&findings, &spill);
}

static int compare_ids(const void *left, const void *right)
{
    return strcmp(left, right);
}

/* 123 of one id and moment: numbered by content, and in the order of their ids as texts. */
static void many_equal_ids(void **state)
{
    static char ids[123][IW_FINDING_ID_BYTES];
    (void)state;
    for (unsigned kind = 0; kind < 2; kind++) {
        struct iw_findings findings;
        struct test_findings all;
        struct iw_spill spill;
        struct iw_evidence_item item = {.source = IW_STR("s")};
        begin(&findings, &spill, kind == 0 ? PLENTY : 2000);
        for (unsigned i = 0; i < 123; i++) {
            struct iw_finding finding = make(7, "H");
            item.offset = i * 50 % 123; /* each once */
            finding.evidence = &item;
            finding.n_evidence = 1;
            assert_int_equal(iw_findings_put(&findings, &finding, NULL), IW_OK);
        }
        assert_int_equal(iw_findings_settle(&findings, NULL), IW_OK);
        assert_true(test_findings_read(&findings, &all));
        assert_int_equal(all.n, 123);
        for (size_t i = 0; i < 123; i++) {
            unsigned number = (unsigned)all.items[i].evidence[0].offset + 1;
            (void)snprintf(ids[i], sizeof ids[i], "%.18s", all.items[0].id);
            if (number > 1)
                (void)snprintf(ids[i] + 18, sizeof ids[i] - 18, "-%u", number);
            assert_string_equal(all.items[i].id, ids[i]);
        }
        qsort(ids, 123, sizeof ids[0], compare_ids);
        for (size_t i = 0; i < 123; i++)
            assert_string_equal(all.items[i].id, ids[i]);
        test_findings_done(&all);
        end(&findings, &spill);
    }
}

static void levels_are_counted(void **state)
{
    struct iw_findings findings;
    struct iw_spill spill;
    (void)state;
    begin(&findings, &spill, PLENTY);
    assert_int_equal(iw_findings_settle(&findings, NULL), IW_OK); /* of nothing */
    for (unsigned i = 0; i < 7; i++) {
        struct iw_finding finding = make(i, "H");
        finding.level = i < 5 ? IW_LEVEL_LOW : IW_LEVEL_CRITICAL;
        assert_int_equal(iw_findings_put(&findings, &finding, NULL), IW_OK);
    }
    assert_int_equal(findings.n, 7);
    assert_int_equal(findings.n_by_level[IW_LEVEL_LOW], 5);
    assert_int_equal(findings.n_by_level[IW_LEVEL_CRITICAL], 2);
    assert_int_equal(findings.n_by_level[IW_LEVEL_HIGH], 0);
    end(&findings, &spill);
}

/* --- failures ----------------------------------------------------------------------------- */

/* What was put before the disk was full can be read, in order and with its number. */
static void full_disk(void **state)
{
    struct iw_findings findings;
    struct test_findings all;
    struct iw_spill spill;
    struct iw_error err = {.rc = IW_OK};
    uint64_t n = 0;
    (void)state;
    iw_spill_init(&spill);
    spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    if (spill.fd < 0)
        skip_because("no /dev/full here");
    iw_findings_init(&findings, &spill, 10000);
    for (enum iw_rc rc = IW_OK; rc == IW_OK && n < 1000; n += rc == IW_OK) {
        struct iw_finding finding = make(1000 - (int64_t)n, "H");
        finding.anchor = iw_str_of(n % 2 == 0 ? "even" : "odd");
        finding.detail = (struct iw_str){LONG, sizeof LONG - 1};
        rc = iw_findings_put(&findings, &finding, &err);
    }
    assert_int_equal(err.rc, IW_EIO);
    assert_true(n > 5 && n < 1000);
    assert_int_equal(findings.n, n);
    assert_int_equal(iw_findings_settle(&findings, NULL), IW_OK);
    assert_true(test_findings_read(&findings, &all));
    for (size_t i = 1; i < all.n; i++)
        assert_true(all.items[i - 1].first_time_ns < all.items[i].first_time_ns);
    assert_string_equal(all.items[2].id + 18, "-2");
    test_findings_done(&all);
    end(&findings, &spill);
}

/* The disk is full when ids are to be numbered: they can be read without. */
static void full_disk_while_numbering(void **state)
{
    struct iw_findings findings;
    struct test_findings all;
    struct iw_spill spill;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    iw_spill_init(&spill);
    spill.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    if (spill.fd < 0)
        skip_because("no /dev/full here");
    iw_findings_init(&findings, &spill, PLENTY);
    for (int64_t i = 0; i < 100; i++) {
        struct iw_finding finding = make(i, "H");
        assert_int_equal(iw_findings_put(&findings, &finding, NULL), IW_OK);
    }
    findings.budget_bytes = 1000;
    assert_int_equal(iw_findings_settle(&findings, &err), IW_EIO);
    assert_int_equal(err.rc, IW_EIO);
    assert_true(test_findings_read(&findings, &all));
    assert_int_equal(all.n, 100);
    assert_int_equal(strlen(all.items[99].id), 18);
    test_findings_done(&all);
    end(&findings, &spill);
}

static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    static const unsigned FORWARDS[6] = {0, 1, 2, 3, 4, 5};
    for (size_t budget_bytes = 500; budget_bytes <= PLENTY; budget_bytes += PLENTY - 500) {
        for (uint64_t n = 1;; n++) {
            struct iw_findings findings;
            struct test_findings all = {.n = 0};
            struct iw_spill spill;
            bool was_reached, is_whole = false;
            begin(&findings, &spill, budget_bytes);
            fill(&findings, FORWARDS);
            for (unsigned i = 0; i < 12; i++) {
                struct iw_finding finding = make(300, "B");
                assert_int_equal(iw_findings_put(&findings, &finding, NULL), IW_OK);
            }
            iw_alloc_fail_at(n);
            if (iw_findings_settle(&findings, NULL) == IW_OK)
                is_whole = test_findings_read(&findings, &all);
            was_reached = iw_alloc_count() >= n;
            iw_alloc_fail_at(0);
            assert_true(is_whole ? all.n == 18 : was_reached);
            test_findings_done(&all);
            end(&findings, &spill);
            if (!was_reached)
                break;
        }
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(damaged_records),
        cmocka_unit_test(order_does_not_depend_on_insertion),
        cmocka_unit_test(equal_ids_are_numbered_by_content),
        cmocka_unit_test(many_equal_ids),
        cmocka_unit_test(levels_are_counted),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(full_disk_while_numbering),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
