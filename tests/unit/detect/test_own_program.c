/*
 * ASP.NET Core as `dotnet publish` writes it (Microsoft, "web.config file"): every such application
 * starts its own program. It weighs less only where all speaks for it (design §8: a load point that
 * nobody vouches for is medium).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define TITLE "Component that nobody vouches for: "
#define SHOP "D:\\shop\\Shop.dll"
#define CONFIG "D:\\shop\\web.config"

static struct iw_item_file hosted;

/* The site S in D:\shop, whose web.config starts that image with that program. */
static struct iw_inventory_component *core(struct rig *rig, const char *image, const char *program)
{
    struct iw_inventory_component *row = rig_component(rig, "aspNetCoreProcess", "", image);
    rig->roots[0] = (struct iw_inventory_root){.site = IW_STR("S"),
                                               .application = IW_STR("/"),
                                               .directory = IW_STR("/"),
                                               .path = IW_STR("D:\\shop"),
                                               .is_resolved = true,
                                               .is_collected = true};
    rig->servers[0].roots = rig->roots;
    rig->servers[0].n_roots = 1;
    hosted = rig_file(program, NULL);
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    row->scope = IW_STR("S");
    row->config_path = IW_STR(CONFIG);
    row->hosted = &hosted;
    return row;
}

static void as_it_is_published(void **state)
{
    struct rig *rig = *state;
    (void)core(rig, "dotnet", SHOP);
    rig_one(rig, IW_LEVEL_LOW, TITLE "dotnet");
    rig_says(rig, "why: lowered: it is the application's own program");
    rig_says(rig, "why: it runs " SHOP);
    hosted.state = IW_ITEM_FILE_NOT_COLLECTED;
    hosted.why = "not in evidence";
    rig_one(rig, IW_LEVEL_LOW, TITLE "dotnet");
    rig_says(rig, "blind: hash, version and signature of " SHOP " are not known");
}

static void what_it_starts_and_with_what(void **state)
{
    static const struct {
        const char *image, *program;
        enum iw_level level;
    } CASES[] = {
        {"C:\\Program Files\\dotnet\\dotnet.exe", SHOP, IW_LEVEL_LOW},
        {"D:\\shop\\Shop.exe", "D:\\shop\\Shop.exe", IW_LEVEL_LOW},
        {"C:\\ProgramData\\dotnet\\dotnet.exe", SHOP, IW_LEVEL_MEDIUM},
        {"D:\\Program Files\\dotnet\\dotnet.exe", SHOP, IW_LEVEL_MEDIUM},
        {"D:\\shop\\Other.exe", "D:\\shop\\Shop.exe", IW_LEVEL_MEDIUM},
        {"dotnet", "D:\\other\\Shop.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "D:\\shop2\\Shop.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "C:\\ProgramData\\Shop.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "\\\\10.0.0.7\\x\\Shop.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "D:\\shop\\x \\Shop.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "D:\\shop\\pwsh.dll", IW_LEVEL_MEDIUM},
        {"dotnet", "D:\\shop\\MSBuild.dll", IW_LEVEL_MEDIUM},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        rig_done(rig);
        rig_init(rig);
        (void)core(rig, CASES[i].image, CASES[i].program);
        assert_int_equal(rig_run(rig), 1);
        if (rig->seen[0].finding.level != CASES[i].level)
            fail_msg("%s %s", CASES[i].image, CASES[i].program);
    }
}

static void that_is_odd(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = core(rig, "dotnet", SHOP);
    hosted.n_damage = 1;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    hosted.n_damage = 0;
    hosted.is_pe = false;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    hosted.is_pe = true;
    hosted.signature = IW_ITEM_SIGNATURE_TAMPERED;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    hosted.signature = IW_ITEM_SIGNATURE_NONE_EMBEDDED;
    hosted.state = IW_ITEM_FILE_MISSING;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    hosted.state = IW_ITEM_FILE_READ;
    rig->roots[0].path = IW_STR("D:\\"); /* a folder below the root is no application */
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    rig->roots[0].path = IW_STR("D:\\shop");
    rig_one(rig, IW_LEVEL_LOW, TITLE "dotnet");
    row->hosted = NULL;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
}

static void signed_is_what_it_runs(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        core(rig, "C:\\Program Files\\dotnet\\dotnet.exe", "C:\\Data\\x.dll");
    rig_give_file(rig, row, NULL)->signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "C:\\Program Files\\dotnet\\dotnet.exe");
    hosted.signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_LOW, TITLE "C:\\Program Files\\dotnet\\dotnet.exe");
}

static void that_came_while_it_was_watched(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *fact;
    (void)core(rig, "dotnet", SHOP);
    fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, SHOP, 100);
    fact->image = IW_STR("C:\\Windows\\System32\\Robocopy.exe");
    rig_one(rig, IW_LEVEL_LOW, TITLE "dotnet"); /* a release, as of a bin */
    fact->image = IW_STR(INETSRV "w3wp.exe");
    assert_true(rig_run(rig) >= 1);
    assert_true(rig->seen[0].finding.level >= IW_LEVEL_MEDIUM);
    fact->path = IW_STR(CONFIG);
    fact->image = IW_STR("C:\\Windows\\System32\\Robocopy.exe");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
    rig->facts.n = 0;
    fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 100);
    fact->configuration = IW_STR("/system.webServer/aspNetCore/@processPath");
    fact->new_value = IW_STR("dotnet");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "dotnet");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_it_is_published),     TEST(what_it_starts_and_with_what),   TEST(that_is_odd),
        TEST(signed_is_what_it_runs), TEST(that_came_while_it_was_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
