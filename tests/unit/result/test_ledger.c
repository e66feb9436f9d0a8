/*
 * The ledger: sums, first offsets, states, what counts as loss, and every allocation failing once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "result/ledger.h"
#include "tests/support/skip_because.h"

/* What the exit status says, row by row: written down here a second time on purpose. */
static const struct {
    enum iw_damage kind;
    const char *name;
    bool is_loss;
} EXPECTED[] = {
    {IW_DAMAGE_FILE_HEADER, "file-header", false},
    {IW_DAMAGE_HEADER_DISAGREES, "header-disagrees", false},
    {IW_DAMAGE_CHECKSUM, "checksum", false},
    {IW_DAMAGE_CHUNK, "chunk", true},
    {IW_DAMAGE_CHUNK_HEADER, "chunk-header", false},
    {IW_DAMAGE_CHUNK_SHORT, "chunk-short", false},
    {IW_DAMAGE_CHUNK_PARTIAL, "chunk-partial", true},
    {IW_DAMAGE_CHUNKS_MISSING, "chunks-missing", true},
    {IW_DAMAGE_TRAILING_BYTES, "trailing-bytes", false},
    {IW_DAMAGE_RECORD_HEADER, "record-header", true},
    {IW_DAMAGE_RECORD, "record", true},
    {IW_DAMAGE_RECORD_CUT, "record-cut", true},
    {IW_DAMAGE_LIMIT, "limit", true},
    {IW_DAMAGE_RECORD_FRAME, "record-frame", false},
    {IW_DAMAGE_SHRANK, "shrank", true},
    {IW_DAMAGE_READ_ERROR, "read-error", true},
    {IW_DAMAGE_STALE, "stale", false},
    {IW_DAMAGE_RECOVERED, "recovered", false},
    {IW_DAMAGE_VALUE_ODD, "value-odd", false},
    {IW_DAMAGE_TEXT_REPAIRED, "text-repaired", false},
    {IW_DAMAGE_FORM_UNKNOWN, "form-unknown", true},
    {IW_DAMAGE_DTD, "dtd", true},
    {IW_DAMAGE_TEXT_BETWEEN, "text-between", false},
    {IW_DAMAGE_CONFIG, "config", true},
    {IW_DAMAGE_PROGRAM, "program", true},
    {IW_DAMAGE_PROGRAM_ODD, "program-odd", false},
    {IW_DAMAGE_SIGNATURE, "signature", false},
    {IW_DAMAGE_REGISTRY, "registry", true},
    {IW_DAMAGE_REGISTRY_ODD, "registry-odd", false},
    {IW_DAMAGE_YARA, "yara", true},
    {IW_DAMAGE_TIME_UNKNOWN, "time-unknown", false},
    {IW_DAMAGE_TIME_LOCAL, "time-local", false},
    {IW_DAMAGE_COLUMNS, "columns", false},
    {IW_DAMAGE_FIELDS_ASSUMED, "fields-assumed", false},
    {IW_DAMAGE_FIELDS_UNKNOWN, "fields-unknown", true},
    {IW_DAMAGE_PADDING, "padding", false},
};

static void every_kind_has_a_row(void **state)
{
    (void)state;
    assert_int_equal(sizeof EXPECTED / sizeof EXPECTED[0], IW_DAMAGE_COUNT);
    for (unsigned i = 0; i < IW_DAMAGE_COUNT; i++) {
        const struct iw_damage_row *row = iw_damage_row(EXPECTED[i].kind);
        struct iw_account account = {0};
        assert_string_equal(row->name, EXPECTED[i].name);
        assert_non_null(row->sentence);
        assert_non_null(row->sentence_one);
        assert_int_equal(row->is_loss, EXPECTED[i].is_loss);
        iw_account_damage(&account, EXPECTED[i].kind, 0, 1);
        assert_int_equal(iw_account_has_loss(&account), EXPECTED[i].is_loss);
    }
}

static void damage_keeps_lowest_offset(void **state)
{
    struct iw_account a = {0}, b = {0}, ab = {0}, ba = {0};
    (void)state;
    iw_account_damage(&a, IW_DAMAGE_RECORD, 500, 2);
    iw_account_damage(&a, IW_DAMAGE_RECORD, 900, 1);
    iw_account_damage(&a, IW_DAMAGE_CHUNK, 7, 0); /* nothing happened */
    iw_account_damage(&b, IW_DAMAGE_RECORD, 100, 4);
    iw_account_damage(&b, IW_DAMAGE_STALE, 0, 1);
    assert_int_equal(a.damage[IW_DAMAGE_RECORD].count, 3);
    assert_int_equal(a.damage[IW_DAMAGE_RECORD].first_offset, 500);
    assert_int_equal(a.damage[IW_DAMAGE_CHUNK].count, 0);
    a.n_records = 10;
    b.n_records = UINT64_MAX;
    a.lost_bytes = 3;
    b.lost_bytes = 4;
    iw_account_add(&ab, &a);
    iw_account_add(&ab, &b);
    iw_account_add(&ba, &b);
    iw_account_add(&ba, &a);
    assert_memory_equal(&ab, &ba, sizeof ab);
    assert_int_equal(ab.damage[IW_DAMAGE_RECORD].count, 7);
    assert_int_equal(ab.damage[IW_DAMAGE_RECORD].first_offset, 100);
    assert_int_equal(ab.lost_bytes, 7);
    assert_true(ab.n_records == UINT64_MAX); /* stops, does not begin again at 0 */
}

static struct iw_source source_of(const char *path)
{
    struct iw_source source = {.path = iw_str_of(path), .kind = IW_STR("evtx"), .size_bytes = 5};
    return source;
}

static void states_follow_what_happened(void **state)
{
    struct iw_account part = {.n_records = 2}, damaged = {0}, total;
    struct iw_ledger ledger;
    char path[] = "a.evtx";
    struct iw_source source = source_of(path);
    (void)state;

    iw_ledger_init(&ledger);
    assert_int_equal(iw_ledger_add(&ledger, &source), 0);
    path[0] = 'b'; /* texts are copied */
    assert_int_equal(iw_ledger_add(&ledger, &source), 1);
    assert_true(iw_str_equal(ledger.sources[0].path, IW_STR("a.evtx")));
    assert_int_equal(ledger.sources[0].state, IW_SOURCE_PENDING);
    assert_false(iw_ledger_has_loss(&ledger));

    iw_ledger_account(&ledger, 0, &part);
    iw_ledger_account(&ledger, 0, &part);
    assert_int_equal(ledger.sources[0].state, IW_SOURCE_READ);
    assert_false(iw_ledger_has_loss(&ledger));
    iw_account_damage(&damaged, IW_DAMAGE_CHUNK, 4096, 1);
    iw_ledger_account(&ledger, 0, &damaged);
    assert_true(iw_ledger_has_loss(&ledger));

    iw_ledger_lose(&ledger, 1, "first reason");
    iw_ledger_lose(&ledger, 1, "second reason");
    iw_ledger_account(&ledger, 1, &part); /* lost stays lost, its records count */
    assert_int_equal(ledger.sources[1].state, IW_SOURCE_LOST);
    assert_true(iw_str_equal(ledger.sources[1].reason, IW_STR("first reason")));
    total = iw_ledger_total(&ledger);
    assert_int_equal(total.n_records, 6);
    assert_int_equal(total.damage[IW_DAMAGE_CHUNK].first_offset, 4096);
    iw_ledger_done(&ledger);
}

static void a_lost_source_is_a_loss(void **state)
{
    struct iw_source source = source_of("missing");
    struct iw_ledger ledger;
    (void)state;
    iw_ledger_init(&ledger);
    source.state = IW_SOURCE_SKIPPED;
    assert_int_equal(iw_ledger_add(&ledger, &source), 0);
    source.state = IW_SOURCE_DUPLICATE;
    assert_int_equal(iw_ledger_add(&ledger, &source), 1);
    assert_false(iw_ledger_has_loss(&ledger));
    source.state = IW_SOURCE_LOST;
    assert_int_equal(iw_ledger_add(&ledger, &source), 2);
    assert_true(iw_ledger_has_loss(&ledger));
    iw_ledger_done(&ledger);
}

static void *add_parts(void *argument)
{
    struct iw_ledger *ledger = argument;
    struct iw_account part = {.n_records = 1};
    for (unsigned i = 0; i < 1000; i++)
        iw_ledger_account(ledger, 0, &part);
    return NULL;
}

static void threads_add_to_one_source(void **state)
{
    struct iw_source source = source_of("x");
    struct iw_ledger ledger;
    pthread_t threads[4];
    (void)state;
    iw_ledger_init(&ledger);
    assert_int_equal(iw_ledger_add(&ledger, &source), 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_parts, &ledger), 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(iw_ledger_total(&ledger).n_records, 4000);
    iw_ledger_done(&ledger);
}

/* Every allocation fails once: the ledger says so and stays whole. */
static void no_memory(void **state)
{
    (void)state;
#ifdef IW_FAULT_INJECTION
    for (uint64_t n = 1; n <= 3; n++) {
        struct iw_source source = source_of("x");
        struct iw_ledger ledger;
        iw_ledger_init(&ledger);
        iw_alloc_fail_at(n);
        if (n <= 2)
            assert_true(iw_ledger_add(&ledger, &source) == SIZE_MAX);
        else
            assert_true(iw_ledger_add(&ledger, &source) == 0);
        assert_int_equal(ledger.n, n <= 2 ? 0 : 1);
        iw_alloc_fail_at(0);
        assert_true(iw_ledger_add(&ledger, &source) != SIZE_MAX);
        iw_ledger_done(&ledger);
    }
#else
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_row),        cmocka_unit_test(damage_keeps_lowest_offset),
        cmocka_unit_test(states_follow_what_happened), cmocka_unit_test(a_lost_source_is_a_loss),
        cmocka_unit_test(threads_add_to_one_source),   cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
