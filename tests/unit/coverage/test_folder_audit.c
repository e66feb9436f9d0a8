/*
 * Audit lists that are taken from folders, and what shows them to be audited again: a sample is of
 * one folder and what lies below, not of others.
 */
#include "coverage_rig.h"

#include "coverage/folder_audit.h"

#define MINUTE (60 * SECOND)
#define OFF (10 * HOUR + SECOND)
#define ROOT "D:\\Sites\\Shop"

static void assert_blind(size_t i, const char *analytic, int64_t from_ns, int64_t to_ns)
{
    const struct iw_coverage_record *record = record_of(0, analytic);
    for (size_t k = 0; k < record->n_spans; k++) {
        if (record->spans[k].verdict != IW_VERDICT_BLIND)
            continue;
        if (record->spans[k].from_ns != from_ns || record->spans[k].to_ns != to_ns)
            fail_msg("case %zu: blind from %lld to %lld", i, (long long)record->spans[k].from_ns,
                     (long long)record->spans[k].to_ns);
        return;
    }
    fail_msg("case %zu: nothing is blind", i);
}

static void each_folder_shows_its_own(void **state)
{
    static const struct {
        const char *folder;
        bool is_root_seen; /* samples of the root go on; those of inetsrv\config always do */
        enum iw_switch_kind on;
        bool is_whole;
        int64_t to_ns;
        bool is_narrowed; /* and so what was left */
    } CASES[] = {
        {ROOT, true, 0, false, 11 * HOUR, false},
        {"D:\\Sites", true, 0, false, 11 * HOUR, false},
        {"D:\\", true, 0, false, 11 * HOUR, false},
        {ROOT, false, 0, false, DAY + 1, false},
        {"D:\\Sites", false, 0, false, DAY + 1, false},
        /* Of which folder inside a sample is nobody knows. */
        {ROOT "\\uploads", true, 0, false, DAY + 1, false},
        {ROOT "\\default.aspx", true, 0, false, DAY + 1, false},
        /* Given back, as a whole or not. */
        {ROOT "\\uploads", true, IW_SWITCH_SACL_ON, true, 12 * HOUR, false},
        {ROOT "\\uploads", true, IW_SWITCH_SACL_ON, false, DAY + 1, false},
        {ROOT, true, IW_SWITCH_SACL_ON, true, 11 * HOUR, false},
        /* Which folder it is cannot be told. */
        {"", true, 0, false, DAY + 1, false},
        {"D:\\SITES~1\\Shop", true, 0, false, DAY + 1, false},
        {"\\Device\\HarddiskVolume3\\Sites\\Shop", true, 0, false, DAY + 1, false},
        /* Samples are of what was left. */
        {ROOT, true, 0, false, DAY + 1, true},
        {"D:\\", true, 0, false, DAY + 1, true},
        {ROOT, true, IW_SWITCH_SACL_ON, false, DAY + 1, true},
        {ROOT, true, IW_SWITCH_SACL_ON, true, 12 * HOUR, true},
        {"D:\\SITES~1\\Shop", true, 0, false, DAY + 1, true},
        /* It may be a root under another name, and the root is seen. */
        {"E:\\Elsewhere", true, 0, false, 11 * HOUR, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        on_only("Security");
        fill_channels();
        if (!CASES[i].is_root_seen) { /* till ten */
            static struct iw_time_part early[11];
            memcpy(early, parts, sizeof early);
            for (size_t k = 0; k < channels[0].n_samples; k++) {
                if (channels[0].samples[k].kind == IW_SAMPLE_FILE &&
                    iw_str_equal(channels[0].samples[k].folder, folder_of(IW_FOLDERS_ROOTS))) {
                    channels[0].samples[k].parts = early;
                    channels[0].samples[k].n_parts = COUNT(early);
                }
            }
        }
        switches[0] = (struct iw_switch){.kind = IW_SWITCH_SACL_OFF,
                                         .host = IW_STR("WEB01"),
                                         .subject = iw_str_of(CASES[i].folder),
                                         .by = IW_STR("Security 4907"),
                                         .time_ns = OFF,
                                         .is_narrowed = CASES[i].is_narrowed};
        switches[1] = switches[0];
        switches[1].kind = IW_SWITCH_SACL_ON;
        switches[1].is_whole = CASES[i].is_whole;
        switches[1].time_ns = 12 * HOUR;
        switch_list.n = CASES[i].on != 0 ? 2 : 1;
        iw_coverage_done(&coverage);
        iw_coverage_init(&coverage);
        assert_int_equal(iw_coverage_judge(&input, &coverage), IW_OK);
        assert_blind(i, "AN1108", OFF, CASES[i].to_ns);
    }
}

/* Before the window, and never shown since. */
static void what_was_taken_before_the_window(void **state)
{
    (void)state;
    on_only("Security");
    switches[0] = (struct iw_switch){.kind = IW_SWITCH_SACL_OFF,
                                     .host = IW_STR("WEB01"),
                                     .subject = IW_STR(ROOT "\\uploads"),
                                     .by = IW_STR("Security 4907"),
                                     .time_ns = OFF};
    switch_list.n = 1;
    input.since_ns = 15 * HOUR;
    judge();
    assert_blind(0, "AN1108", 15 * HOUR, DAY + 1);
}

/* Two roots: each by itself, the one inside by what is seen of the other, too. A part that begins
 * within a minute shows nothing. */
static void roots_by_themselves(void **state)
{
    static struct iw_time_part later[2] = {{20 * MINUTE, 20 * MINUTE, 1},
                                           {40 * MINUTE, 40 * MINUTE, 1}},
                               never[1] = {{5 * MINUTE, 5 * MINUTE, 1}};
    struct iw_telemetry_sample seen[] = {
        {IW_SAMPLE_FILE, IW_STR("d:\\a"), later, 2},
        {IW_SAMPLE_FILE, IW_STR("d:\\a b"), later, 1},
        {IW_SAMPLE_FILE, IW_STR("d:\\b"), never, 1},
        {IW_SAMPLE_FILE_ON_DEVICE, IW_STR("d:\\b"), later, 2},
    };
    const struct iw_telemetry_channel channel = {.samples = seen, .n_samples = COUNT(seen)};
    const struct iw_str asked[] = {IW_STR("d:\\a\\b"), IW_STR("d:\\b"), IW_STR("d:\\a"),
                                   IW_STR("d:\\a b")};
    static const struct {
        const char *folder;
        int64_t off_ns;
        bool is_part;
        int64_t again_ns;
    } CASES[] = {
        {"d:\\a", 10 * MINUTE, true, 20 * MINUTE},
        {"d:\\a", 19 * MINUTE - 1, true, 20 * MINUTE},
        {"d:\\a", 19 * MINUTE, true, 40 * MINUTE},
        {"d:\\a", 20 * MINUTE, true, 40 * MINUTE}, /* the same part shows nothing */
        {"d:\\a", 39 * MINUTE - 1, true, 40 * MINUTE},
        {"d:\\a", 39 * MINUTE, true, INT64_MAX},
        {"d:\\a\\b", 0, true, INT64_MAX},
        {"d:\\a b", 10 * MINUTE, true, 20 * MINUTE},
        {"d:\\a b", 20 * MINUTE, true, INT64_MAX},
        {"d:\\b", 10 * MINUTE, true, INT64_MAX},
        {"d:\\b", 4 * MINUTE - 1, true, 5 * MINUTE},
        {"d:", 10 * MINUTE, true, INT64_MAX},
        {"d:", 4 * MINUTE - 1, true, 20 * MINUTE},
        {"d:\\a\\c", 10 * MINUTE, true, INT64_MAX},
        {"d:\\c", 10 * MINUTE, false, 10 * MINUTE},
        {"d:\\a\\b", 10 * MINUTE, true, INT64_MAX},
    };
    struct iw_folder_audits audits;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_folder_audits_init(&audits, &channel, asked, COUNT(asked), &arena), IW_OK);
    for (size_t round = 0; round < 2; round++) { /* and again, by what is known by then */
        for (size_t i = 0; i < COUNT(CASES); i++) {
            bool is_part;
            int64_t again;
            assert_int_equal(iw_folder_audits_again(&audits, iw_str_of(CASES[i].folder),
                                                    CASES[i].off_ns, &is_part, &again),
                             IW_OK);
            if (is_part != CASES[i].is_part || again != CASES[i].again_ns)
                fail_msg("case %zu: %d, %lld", i, is_part, (long long)again);
        }
    }
    iw_folder_audits_done(&audits);
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        HOST(each_folder_shows_its_own),
        HOST(what_was_taken_before_the_window),
        HOST(roots_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
