/*
 * Sources of the registry that contradict one another: the stronger answers, equal ones as the
 * worse says, and that they differ is told.
 */
#include "proofs_rig.h"

#include "iis/hive/registry_facts.h"

#define WRITTEN 100

enum { EXPORT, BACKUP, HIVE, NO_SOURCE }; /* strengths */

static const struct iw_str SOURCES[] = {
    {"planted.reg", 11}, {"RegBack\\SOFTWARE", 16}, {"config\\SOFTWARE", 15}, {"b.reg", 5}};

struct said {
    int strength;
    int number; /* -1: not set */
};

static struct iw_registry_fact fact_of(const struct said *said, uint32_t source)
{
    return (struct iw_registry_fact){.state = said->number < 0 ? IW_FACT_ABSENT : IW_FACT_KNOWN,
                                     .key = IW_STR("HKLM\\K"),
                                     .name = IW_STR("V"),
                                     .has_number = said->number >= 0,
                                     .number = said->number < 0 ? 0 : (uint64_t)said->number,
                                     .written_ns =
                                         said->strength == EXPORT ? IW_TIME_UNKNOWN : WRITTEN,
                                     .source = source,
                                     .strength = (unsigned)said->strength};
}

static void sources_that_differ(void **state)
{
    static const struct {
        struct said answer, rival;
        int64_t asked_ns;
        enum iw_proof_state expected;
        bool is_contradicted;
        const char *why;
    } CASES[] = {
        {{HIVE, 1},
         {EXPORT, 0},
         WRITTEN,
         IW_PROOF_LOGGED,
         false,
         "V = 1; planted.reg says otherwise, and counts less"},
        {{HIVE, 0},
         {EXPORT, 1},
         WRITTEN,
         IW_PROOF_NOT_LOGGED,
         false,
         "V = 0; planted.reg says otherwise, and counts less"},
        {{HIVE, -1},
         {EXPORT, 1},
         WRITTEN,
         IW_PROOF_NOT_LOGGED,
         false,
         "V is not set; planted.reg says otherwise, and counts less"},
        {{BACKUP, 0},
         {EXPORT, 1},
         WRITTEN,
         IW_PROOF_NOT_LOGGED,
         false,
         "planted.reg says otherwise"},
        /* What is outweighed says nothing by itself, of whatever time. */
        {{HIVE, 0}, {EXPORT, 1}, WRITTEN - 1, IW_PROOF_SILENT, false, "what it was before is not"},
        /* Of equal ones the worse counts. */
        {{EXPORT, 1}, {EXPORT, 0}, WRITTEN, IW_PROOF_NOT_LOGGED, true, "V = 0"},
        {{EXPORT, 0}, {EXPORT, 1}, WRITTEN, IW_PROOF_NOT_LOGGED, true, "V = 0"},
        {{HIVE, 1}, {HIVE, 0}, WRITTEN, IW_PROOF_NOT_LOGGED, true, "V = 0"},
        {{HIVE, 1}, {NO_SOURCE, 0}, WRITTEN, IW_PROOF_LOGGED, false, "V = 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_registry_facts facts = {0};
        struct iw_registry_fact rival = fact_of(&CASES[i].rival, 0);
        struct iw_proofs *proofs = iw_proofs_new();
        struct iw_proof_answer got;
        struct iw_arena arena;
        facts.values[IW_REGISTRY_COMMAND_LINE_AUDIT] = fact_of(&CASES[i].answer, 2);
        if (CASES[i].rival.strength != NO_SOURCE)
            facts.values[IW_REGISTRY_COMMAND_LINE_AUDIT].rival = &rival;
        assert_non_null(proofs);
        assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
        assert_int_equal(iw_proofs_settle(proofs), IW_OK);
        iw_arena_init(&arena, 0);
        ask(proofs, "web01", IW_SENSE_AUDIT_COMMAND_LINE, CASES[i].asked_ns, &arena, &got);
        if (got.state != CASES[i].expected || got.is_contradicted != CASES[i].is_contradicted ||
            iw_str_find(got.why, iw_str_of(CASES[i].why)) == SIZE_MAX)
            fail_msg("case %zu: %d, contradicted %d, %.*s", i, (int)got.state, got.is_contradicted,
                     IW_STR_ARG(got.why));
        iw_arena_done(&arena);
        iw_proofs_free(proofs);
    }
}

/* A channel that the hive does not hold may be on or off: an export beside it does not say. */
static void a_channel_of_an_export_beside_a_hive(void **state)
{
    static const struct said NOT_SET = {HIVE, -1}, ON = {EXPORT, 1};
    struct iw_registry_facts facts = {0};
    struct iw_registry_fact rival = fact_of(&ON, 0);
    struct iw_proofs *proofs = iw_proofs_new();
    struct iw_proof_answer got;
    struct iw_arena arena;
    (void)state;
    assert_non_null(proofs);
    facts.values[IW_REGISTRY_CHANNEL_IIS_CONFIGURATION] = fact_of(&NOT_SET, 2);
    facts.values[IW_REGISTRY_CHANNEL_IIS_CONFIGURATION].rival = &rival;
    assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
    assert_int_equal(iw_proofs_settle(proofs), IW_OK);
    iw_arena_init(&arena, 0);
    ask(proofs, "web01", IW_SENSE_CONFIGURATION_LOG, IW_TIME_UNKNOWN, &arena, &got);
    assert_int_equal(got.state, IW_PROOF_SILENT);
    iw_arena_done(&arena);
    iw_proofs_free(proofs);
}

static struct iw_registry_fact hash_of(const char *text, int strength, uint32_t source)
{
    return (struct iw_registry_fact){.state = IW_FACT_KNOWN,
                                     .key = IW_STR("HKLM\\K"),
                                     .name = IW_STR("ConfigHash"),
                                     .text = iw_str_of(text),
                                     .written_ns = IW_TIME_UNKNOWN,
                                     .source = source,
                                     .strength = (unsigned)strength};
}

/* Which configuration was loaded: the hive says, and the note names the export; of two exports
 * neither does. */
static void configurations_that_differ(void **state)
{
    (void)state;
    for (int is_hive = 0; is_hive < 2; is_hive++) {
        struct iw_registry_fact rival = hash_of("SHA256=CD", EXPORT, 0);
        struct iw_registry_sysmon sysmon = {
            .service = IW_STR("SysmonDrv"),
            .config_hash = hash_of("SHA256=AB", is_hive ? HIVE : EXPORT, is_hive ? 2 : 3)};
        struct iw_registry_facts facts = {.sysmon = &sysmon, .n_sysmon = 1};
        struct iw_proofs *proofs = iw_proofs_new();
        const struct iw_proof_note *notes;
        struct iw_proof_answer got;
        struct iw_arena arena;
        size_t n;
        assert_non_null(proofs);
        sysmon.config_hash.rival = &rival;
        iw_arena_init(&arena, 0);
        give(proofs, &(struct given){IW_PROOF_SYSMON_CONFIG, "s.xml", ALL_FILES}, "web01");
        assert_int_equal(iw_proofs_add_registry(proofs, IW_STR("web01"), &facts, SOURCES), IW_OK);
        assert_int_equal(iw_proofs_settle(proofs), IW_OK);
        notes = iw_proofs_notes(proofs, &n);
        assert_int_equal(n, 1);
        assert_true(iw_str_equal(notes[0].source, SOURCES[0]));
        assert_true(iw_str_holds_nocase(notes[0].what, is_hive ? IW_STR("which counts more")
                                                               : IW_STR("neither counts")));
        /* Neither is s.xml: where one of them counts, s.xml does not. */
        ask(proofs, "web01", IW_SENSE_SYSMON_FILE, IW_TIME_UNKNOWN, &arena, &got);
        assert_int_equal(got.state, is_hive ? IW_PROOF_SILENT : IW_PROOF_LOGGED);
        assert_int_equal(got.is_unconfirmed, !is_hive);
        iw_arena_done(&arena);
        iw_proofs_free(proofs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_that_differ),
        cmocka_unit_test(a_channel_of_an_export_beside_a_hive),
        cmocka_unit_test(configurations_that_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
