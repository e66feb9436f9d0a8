/*
 * What is not as the baseline has it: load points and web files that are new, gone or otherwise,
 * and what brings no module in. Levels are those of the table in src/detect/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

struct difference {
    struct iw_baseline_entry was, now;
    struct iw_baseline_difference item;
    struct iw_baseline_differences all;
};

static void differ(struct rig *rig, struct difference *difference, enum iw_baseline_change change)
{
    memset(difference, 0, sizeof *difference);
    difference->was = (struct iw_baseline_entry){.host = IW_STR("web01"),
                                                 .kind = IW_STR("globalModule"),
                                                 .name = IW_STR("Old"),
                                                 .scope = IW_STR(""),
                                                 .image = IW_STR("C:\\x\\old.dll"),
                                                 .json = IW_STR("{\"name\":\"Old\"}")};
    difference->now.component = rig->servers[0].n_components != 0 ? rig->components[0] : NULL;
    difference->now.web_file = rig->servers[0].n_web_files != 0 ? rig->web_files : NULL;
    difference->item = (struct iw_baseline_difference){
        .change = change,
        .was = change != IW_BASELINE_ADDED ? &difference->was : NULL,
        .now = change != IW_BASELINE_REMOVED ? &difference->now : NULL,
        .approval = IW_APPROVAL_NONE};
    difference->all = (struct iw_baseline_differences){.items = &difference->item, .n = 1};
    rig->input.differences = &difference->all;
}

static void baseline_added(void **state)
{
    struct rig *rig = *state;
    struct difference difference;
    (void)rig_component(rig, "globalModule", "Evil", "C:\\x\\evil.dll");
    differ(rig, &difference, IW_BASELINE_ADDED);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that the baseline does not have: Evil");
    assert_int_equal(rig->seen[0].finding.attack.n, 1);
    difference.item.approval = IW_APPROVAL_APPROVED;
    rig_none(rig);
    difference.item.approval = IW_APPROVAL_EXPIRED;
    difference.item.approval_why = IW_STR("bob, CHG-1");
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that the baseline does not have: Evil");
    rig_says(rig, "the approval has expired: bob, CHG-1");
}

static void baseline_modified(void **state)
{
    static const struct iw_str FIELD = {"sha256", 6}, WAS = {"aa", 2}, NOW = {"bb", 2};
    struct rig *rig = *state;
    struct difference difference;
    (void)rig_component(rig, "globalModule", "Evil", "C:\\x\\evil.dll");
    differ(rig, &difference, IW_BASELINE_MODIFIED);
    difference.item.fields = (struct iw_text_list){&FIELD, 1};
    difference.item.was_values = (struct iw_text_list){&WAS, 1};
    difference.item.now_values = (struct iw_text_list){&NOW, 1};
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that is not as in the baseline: Evil");
    rig_says(rig, "why: sha256 was aa, is bb");
    rig_says(rig, "evidence: baseline b.json {\"name\":\"Old\"}");
    rig_says(rig, "evidence: configuration t/applicationHost.config {\"kind\":\"globalModule\"");
}

static void baseline_removed(void **state)
{
    struct rig *rig = *state;
    struct difference difference;
    differ(rig, &difference, IW_BASELINE_REMOVED);
    rig_one(rig, IW_LEVEL_LOW, "Component of the baseline is gone: Old");
    assert_int_equal(rig->seen[0].finding.attack.n, 0);
    difference.was.name = IW_STR("RequestFilteringModule");
    rig_one(rig, IW_LEVEL_MEDIUM, "Protecting module is gone: RequestFilteringModule");
    rig->inventory.n_servers = 2;
    difference.item.server = 3; /* of a server that is not judged */
    rig_none(rig);
    difference.item.server = 1;
    assert_int_equal(rig_run(rig), 1);
    assert_string_equal(rig->seen[0].host, "WEB02");
}

/* Taking a filter or a log away, or all modules at once, protects whoever does it; the nearest
 * other things do not. */
static void baseline_taken_away(void **state)
{
    static const struct {
        const char *name, *owner, *state;
        enum iw_level level;
    } ENTRIES[] = {
        {"RequestFilteringModule", "modules", "written", IW_LEVEL_MEDIUM},
        {"HttpLoggingModule", "modules", "written", IW_LEVEL_MEDIUM},
        {"ModSecurity IIS (64bits)", "modules", "written", IW_LEVEL_MEDIUM},
        {"<clear/>", "modules", "written", IW_LEVEL_MEDIUM},
        {"<clear/>", "isapiFilters", "written", IW_LEVEL_MEDIUM},
        {"<clear/>", "handlers", "written", IW_LEVEL_LOW},
        {"<clear/>", "httpHandlers", "written", IW_LEVEL_LOW},
        {"RequestFilteringModule", "modules", "refused", IW_LEVEL_LOW}, /* IIS answers 500.19 */
        {"Session", "modules", "written", IW_LEVEL_LOW},
    };
    struct rig *rig = *state;
    struct difference difference;
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; i++) {
        char title[128];
        struct iw_inventory_component *row;
        rig_again(rig);
        row = rig_component(rig, "removedEntry", ENTRIES[i].name, "");
        row->owner = iw_str_of(ENTRIES[i].owner);
        row->state = ENTRIES[i].state;
        rig_none(rig); /* without a baseline */
        differ(rig, &difference, IW_BASELINE_ADDED);
        (void)snprintf(title, sizeof title, "%s: %s",
                       ENTRIES[i].level == IW_LEVEL_MEDIUM
                           ? "Protecting module is taken away"
                           : "Component that the baseline does not have",
                       ENTRIES[i].name);
        rig_one(rig, ENTRIES[i].level, title);
    }
    rig_again(rig);
    differ(rig, &difference, IW_BASELINE_REMOVED); /* it is there again */
    difference.was.kind = IW_STR("removedEntry");
    difference.was.name = IW_STR("RequestFilteringModule");
    rig_one(rig, IW_LEVEL_LOW, "Component of the baseline is gone: RequestFilteringModule");
}

static void baseline_of_what_brings_no_module(void **state)
{
    static const struct iw_str TWIN = {"twin", 4}, EMPTY = {"", 0}, PATH = {"C:\\x.dll", 8};
    static const char *const KINDS[] = {"accessPolicy", "virtualDirectory"};
    struct rig *rig = *state;
    struct difference difference;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        rig_again(rig);
        (void)rig_component(rig, KINDS[i], "/", "C:\\Windows\\Temp");
        rig_none(rig);
        differ(rig, &difference, IW_BASELINE_ADDED);
        rig_one(rig, IW_LEVEL_LOW, "Component that the baseline does not have: /");
    }
    rig_again(rig);
    (void)rig_loose_file(rig, "binFile", "C:\\web\\bin\\x.dll", NULL);
    rig_none(rig);
    differ(rig, &difference, IW_BASELINE_ADDED);
    rig_one(rig, IW_LEVEL_LOW, "Component that the baseline does not have: x.dll");
    differ(rig, &difference, IW_BASELINE_MODIFIED);
    rig_one(rig, IW_LEVEL_LOW, "Component that is not as in the baseline: x.dll");
    rig_again(rig);
    (void)rig_component(rig, "globalModule", "M", "C:\\x\\m.dll");
    differ(rig, &difference, IW_BASELINE_MODIFIED);
    difference.item.fields = (struct iw_text_list){&TWIN, 1};
    difference.item.was_values = (struct iw_text_list){&EMPTY, 1};
    difference.item.now_values = (struct iw_text_list){&PATH, 1};
    rig_one(rig, IW_LEVEL_LOW, "Component that is not as in the baseline: M");
}

static void baseline_loose_and_web_files(void **state)
{
    struct rig *rig = *state;
    struct difference difference;
    struct iw_inventory_web_file *web_file;
    (void)rig_loose_file(rig, "assemblyFile", "C:\\w\\bin\\x.dll", &RIG_MANAGED);
    differ(rig, &difference, IW_BASELINE_ADDED);
    rig_one(rig, IW_LEVEL_LOW, "Component that the baseline does not have: x.dll");
    rig->files[0][0].roles.items = &RIG_START; /* loaded without any configuration */
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that the baseline does not have: x.dll");
    rig_again(rig);
    web_file = rig_web_file(rig, "C:\\w\\a.aspx");
    differ(rig, &difference, IW_BASELINE_ADDED);
    rig_one(rig, IW_LEVEL_MEDIUM, "Web file that the baseline does not have: a.aspx");
    assert_int_equal(rig->seen[0].finding.kind, IW_FINDING_WEBFILE);
    web_file->is_certain = false;
    web_file->handler = IW_STR("");
    rig_one(rig, IW_LEVEL_LOW, "Web file that the baseline does not have: a.aspx");
}

/* A chain of the level *context* is known by the file. */
static bool is_told_up_to(void *context, struct iw_str host,
                          const struct iw_inventory_web_file *web_file, enum iw_level level,
                          struct iw_arena *scratch)
{
    const enum iw_level *chain = context;
    (void)scratch;
    assert_true(host.n != 0 && web_file != NULL);
    return level <= *chain;
}

/* A page that a chain is known by is told there alone; what else differs is not told by it. */
static void baseline_in_a_chain(void **state)
{
    static const struct iw_str HASH = {"sha256", 6}, HANDLER = {"handler", 7}, WAS = {"aa", 2},
                               NOW = {"bb", 2};
    enum iw_level level = IW_LEVEL_MEDIUM;
    struct rig *rig = *state;
    struct difference difference;
    (void)rig_web_file(rig, "C:\\w\\a.aspx");
    differ(rig, &difference, IW_BASELINE_ADDED);
    rig->input.is_web_file_told = is_told_up_to;
    rig->input.told = &level;
    rig_none(rig);
    level = IW_LEVEL_LOW; /* of the chain: the difference alone says more */
    rig_one(rig, IW_LEVEL_MEDIUM, "Web file that the baseline does not have: a.aspx");
    level = IW_LEVEL_CRITICAL;
    differ(rig, &difference, IW_BASELINE_MODIFIED);
    difference.item.fields = (struct iw_text_list){&HASH, 1};
    difference.item.was_values = (struct iw_text_list){&WAS, 1};
    difference.item.now_values = (struct iw_text_list){&NOW, 1};
    rig_none(rig);
    difference.item.fields = (struct iw_text_list){&HANDLER, 1};
    rig_one(rig, IW_LEVEL_MEDIUM, "Web file that is not as in the baseline: a.aspx");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(baseline_added),
        TEST(baseline_modified),
        TEST(baseline_removed),
        TEST(baseline_taken_away),
        TEST(baseline_of_what_brings_no_module),
        TEST(baseline_loose_and_web_files),
        TEST(baseline_in_a_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
