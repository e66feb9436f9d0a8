/*
 * Of which time a statement is true: the operator's words, configurations of Sysmon in force.
 */
#include "proofs_rig.h"

static void words_have_a_time(void **state)
{
    static const struct {
        const char *time;
        enum iw_proof_state state;
        const char *until; /* when the answer is another; NULL: never */
    } TIMES[] = {{"2026-01-04T23:59:59.999", IW_PROOF_SILENT, "2026-01-05T00:00:00"},
                 {"2026-01-05T00:00:00", IW_PROOF_LOGGED, "2026-01-07T00:00:00"},
                 {"2026-01-06T23:59:59.5", IW_PROOF_LOGGED, "2026-01-07T00:00:00"},
                 {"2026-01-07T00:00:00", IW_PROOF_SILENT, NULL}};
    const struct given given = {IS_WORD, "t.yml",
                                WORDS(WORD("Sysmon 11", ", from: 2026-01-05, to: 2026-01-06"))};
    struct iw_proofs *proofs = proofs_of(&given, "");
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct iw_proof_answer got;
        int64_t time_ns, until_ns = IW_TIME_UNKNOWN;
        assert_true(iw_time_parse(iw_str_of(TIMES[i].time), &time_ns));
        if (TIMES[i].until != NULL)
            assert_true(iw_time_parse(iw_str_of(TIMES[i].until), &until_ns));
        ask(proofs, "web01", IW_SENSE_SYSMON_FILE, time_ns, &arena, &got);
        assert_int_equal(got.state, TIMES[i].state);
        assert_true(got.to_ns == until_ns);
    }
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

/* One answer holds until anything that is said begins or ends, whichever word says it. */
static void answers_hold_until_something_changes(void **state)
{
    static const struct {
        const char *time, *until; /* NULL: for ever */
        enum iw_proof_state state;
    } TIMES[] = {{"2026-01-04T00:00:00", "2026-01-05T00:00:00", IW_PROOF_SILENT},
                 {"2026-01-05T00:00:00", "2026-01-06T00:00:00", IW_PROOF_LOGGED},
                 {"2026-01-06T00:00:00", "2026-01-08T00:00:00", IW_PROOF_NOT_LOGGED},
                 {"2026-01-08T00:00:00", NULL, IW_PROOF_SILENT}};
    const struct given given = {
        IS_WORD, "t.yml",
        WORDS(WORD("Sysmon 11", ", from: 2026-01-05, to: 2026-01-06")
                  WORD_OFF("Sysmon 11", ", from: 2026-01-06, to: 2026-01-07"))};
    struct iw_proofs *proofs = proofs_of(&given, "");
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct iw_proof_answer got;
        int64_t time_ns, until_ns = IW_TIME_UNKNOWN;
        assert_true(iw_time_parse(iw_str_of(TIMES[i].time), &time_ns));
        if (TIMES[i].until != NULL)
            assert_true(iw_time_parse(iw_str_of(TIMES[i].until), &until_ns));
        ask(proofs, "web01", IW_SENSE_SYSMON_FILE, time_ns, &arena, &got);
        if (got.state != TIMES[i].state || got.to_ns != until_ns)
            fail_msg("%s: %d until %lld", TIMES[i].time, (int)got.state, (long long)got.to_ns);
    }
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

static void hash_of(const char *bytes, char out[80])
{
    uint8_t digest[32];
    assert_true(iw_sha256(iw_str_of(bytes), digest));
    memcpy(out, "SHA256=", 7);
    iw_hex_write(digest, 32, out + 7);
    out[71] = '\0';
}

/* Event 16: a configuration is in force from the moment it names it, to the next. */
static void configurations_in_force(void **state)
{
    const struct given files[] = {{IW_PROOF_SYSMON_CONFIG, "all.xml", ALL_FILES},
                                  {IW_PROOF_SYSMON_CONFIG, "none.xml", NO_FILES}};
    static const struct {
        int64_t at, from, to; /* -1: open */
        enum iw_proof_state state;
        const char *source, *why;
    } TIMES[] = {
        {5, -1, 10, IW_PROOF_SILENT, "",
         "was changed at 1970-01-01T00:00:10Z (event 16): which one"},
        {10, 10, 20, IW_PROOF_LOGGED, "all.xml", ""},
        {19, 10, 20, IW_PROOF_LOGGED, "all.xml", ""},
        {20, 20, 30, IW_PROOF_NOT_LOGGED, "none.xml", ""},
        {30, -1, 35, IW_PROOF_SILENT, "", "a configuration was in force that is not in evidence"},
        {35, -1, 40, IW_PROOF_SILENT, "", "a configuration was in force that is not in evidence"},
        {40, 40, -1, IW_PROOF_LOGGED, "all.xml", ""},
        {-1, 40, -1, IW_PROOF_LOGGED, "all.xml", ""}, /* whenever: the last */
    };
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_arena arena;
    char all[80], none[80];
    bool is_known;
    (void)state;
    assert_non_null(proofs);
    give(proofs, &files[0], "web01");
    give(proofs, &files[1], "web01");
    hash_of(ALL_FILES, all);
    hash_of(NO_FILES, none);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
#define MARK(hash, seconds, known)                                                                 \
    do {                                                                                           \
        assert_int_equal(iw_proofs_config_in_force(proofs, IW_STR("WEB01"), iw_str_of(hash),       \
                                                   (seconds)*IW_NS_PER_SECOND, &is_known),         \
                         IW_OK);                                                                   \
        assert_int_equal(is_known, known);                                                         \
    } while (0)
    MARK(all, 40, true);
    MARK(none, 20, true);
    MARK("SHA256=00", 30, false);
    MARK("", 35, false); /* `-c --`: event 16 tells no hash */
    MARK(all, 10, true);
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof TIMES / sizeof TIMES[0]; i++) {
        struct iw_proof_answer got;
        ask(proofs, "web01", IW_SENSE_SYSMON_FILE,
            TIMES[i].at < 0 ? IW_TIME_UNKNOWN : TIMES[i].at * IW_NS_PER_SECOND, &arena, &got);
        if (got.state != TIMES[i].state || !iw_str_equal(got.source, iw_str_of(TIMES[i].source)) ||
            iw_str_find(got.why, iw_str_of(TIMES[i].why)) == SIZE_MAX ||
            got.is_in_force != (got.state != IW_PROOF_SILENT))
            fail_msg("case %zu: %d %.*s %.*s", i, (int)got.state, IW_STR_ARG(got.source),
                     IW_STR_ARG(got.why));
        assert_true(got.from_ns ==
                    (TIMES[i].from < 0 ? IW_TIME_UNKNOWN : TIMES[i].from * IW_NS_PER_SECOND));
        assert_true(got.to_ns ==
                    (TIMES[i].to < 0 ? IW_TIME_UNKNOWN : TIMES[i].to * IW_NS_PER_SECOND));
    }
    assert_int_equal(
        iw_proofs_config_in_force(proofs, IW_STR("other"), iw_str_of(all), 0, &is_known), IW_OK);
    assert_false(is_known);
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

/* What the registry says was loaded: since its key was written, or where that is not known, of
 * hosts of which event 16 says nothing. What was collected and is confirmed by nothing is told to
 * be so. */
static void configurations_of_the_registry(void **state)
{
    enum { UNWRITTEN = -1, NO_EVENT = -1 };
    static const struct {
        const char *hash; /* "": of the collected file; NULL: none */
        int64_t written, event, at;
        enum iw_proof_state state;
        bool is_in_force, is_unconfirmed;
    } CASES[] = {
        {NULL, UNWRITTEN, NO_EVENT, 50, IW_PROOF_LOGGED, false, true},
        {"", UNWRITTEN, NO_EVENT, 50, IW_PROOF_LOGGED, true, false},
        {"", 40, NO_EVENT, 40, IW_PROOF_LOGGED, true, false},
        {"", 40, NO_EVENT, 39, IW_PROOF_LOGGED, false, true}, /* it may have been the same before */
        {"SHA256=00", UNWRITTEN, NO_EVENT, 50, IW_PROOF_SILENT, false, false},
        {"SHA256=00", 40, NO_EVENT, 40, IW_PROOF_SILENT, false, false},
        {"SHA256=00", 40, NO_EVENT, 39, IW_PROOF_LOGGED, false, true},
        {"SHA256=00", UNWRITTEN, 20, 30, IW_PROOF_LOGGED, true, false}, /* the event decides */
        {"SHA256=00", UNWRITTEN, 20, 19, IW_PROOF_SILENT, false, false},
        {"SHA256=00", 40, 20, 39, IW_PROOF_LOGGED, true, false},
        {"SHA256=00", 40, 20, 40, IW_PROOF_SILENT, false, false},
    };
    static const struct iw_str SOURCES[] = {{"SYSTEM", 6}};
    const struct given file = {IW_PROOF_SYSMON_CONFIG, "all.xml", ALL_FILES};
    struct iw_arena arena;
    char all[80];
    (void)state;
    hash_of(ALL_FILES, all);
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_registry_sysmon sysmon = {.service = IW_STR("SysmonDrv")};
        struct iw_registry_facts facts = {.sysmon = &sysmon, .n_sysmon = 1};
        struct iw_proofs *proofs = iw_proofs_new();
        struct iw_proof_answer got;
        assert_non_null(proofs);
        give(proofs, &file, "web01");
        sysmon.config_hash.state = CASES[i].hash != NULL ? IW_FACT_KNOWN : IW_FACT_ABSENT;
        if (CASES[i].hash != NULL)
            sysmon.config_hash.text = iw_str_of(CASES[i].hash[0] != '\0' ? CASES[i].hash : all);
        sysmon.config_hash.written_ns =
            CASES[i].written < 0 ? IW_TIME_UNKNOWN : CASES[i].written * IW_NS_PER_SECOND;
        assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
        assert_int_equal(iw_proofs_settle(proofs), IW_OK);
        if (CASES[i].event >= 0)
            assert_int_equal(iw_proofs_config_in_force(proofs, IW_STR("web01"), iw_str_of(all),
                                                       CASES[i].event * IW_NS_PER_SECOND, NULL),
                             IW_OK);
        ask(proofs, "web01", IW_SENSE_SYSMON_FILE, CASES[i].at * IW_NS_PER_SECOND, &arena, &got);
        if (got.state != CASES[i].state || got.is_in_force != CASES[i].is_in_force ||
            got.is_unconfirmed != CASES[i].is_unconfirmed)
            fail_msg("case %zu: %d %.*s", i, (int)got.state, IW_STR_ARG(got.why));
        iw_proofs_free(proofs);
    }
    iw_arena_done(&arena);
}

/* More changes than are kept: nothing is claimed any more. */
static void marks_limit(void **state)
{
    const struct given file = {IW_PROOF_SYSMON_CONFIG, "all.xml", ALL_FILES};
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_proof_answer got;
    struct iw_arena arena;
    char all[80];
    (void)state;
    assert_non_null(proofs);
    give(proofs, &file, "web01");
    hash_of(ALL_FILES, all);
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i <= IW_LIMIT_PROOF_MARKS; i++) {
        if (i == IW_LIMIT_PROOF_MARKS) {
            ask(proofs, "web01", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
            assert_int_equal(got.state, IW_PROOF_LOGGED);
        }
        assert_int_equal(
            iw_proofs_config_in_force(proofs, IW_STR("web01"), iw_str_of(all), (int64_t)i, NULL),
            IW_OK);
    }
    ask(proofs, "web01", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_SILENT);
    assert_true(got.why.n != 0);
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_a_time),
        cmocka_unit_test(answers_hold_until_something_changes),
        cmocka_unit_test(configurations_in_force),
        cmocka_unit_test(configurations_of_the_registry),
        cmocka_unit_test(marks_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
