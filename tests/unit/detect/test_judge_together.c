/*
 * What stands together though it is many entries: variables of one profiler, load points of one
 * product. Levels are those of the table in src/detect/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "result/history_line.h"
#include "tests/unit/detect/reconcile_rig.h"

/* --- products ------------------------------------------------------------------------------- */

static const char PRODUCT[] = "Product whose load points nobody vouches for: Contoso.Shop";

/* One of two findings is of this level and title. */
/* --- profilers --------------------------------------------------------------------------------
 */

#define ENVIRONMENT "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\"
#define PROFILER "C:\\Program Files\\Apm\\p64.dll"

static struct iw_inventory_component *variable(struct rig *rig, const char *owner, const char *name,
                                               const char *path)
{
    struct iw_inventory_component *row = rig_component(rig, "environmentVariable", name, path);
    row->owner = iw_str_of(owner);
    row->config_path =
        iw_str_of(strcmp(owner, "WAS") == 0 ? ENVIRONMENT "WAS" : ENVIRONMENT "W3SVC");
    row->state = "registry";
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    return row;
}

static void add_profiler(struct rig *rig, const char *owner)
{
    variable(rig, owner, "COR_ENABLE_PROFILING", "")->arguments = IW_STR("1");
    variable(rig, owner, "COR_PROFILER", "")->clsid = IW_STR("{A}");
    (void)rig_give_file(rig, variable(rig, owner, "COR_PROFILER_PATH_64", PROFILER), NULL);
}

/* Class, switch and path, of both services: one profiler is one finding, which says what they hold;
 * and who signed its file vouches for all of them. */
static void variables_of_one_profiler(void **state)
{
    struct rig *rig = *state;
    add_profiler(rig, "W3SVC");
    add_profiler(rig, "WAS");
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: COR_PROFILER_PATH_64");
    rig_says(rig, "why: COR_PROFILER={A} in " ENVIRONMENT "W3SVC\n");
    rig_says(rig, "why: COR_ENABLE_PROFILING=1 in " ENVIRONMENT "WAS\n");
    rig_says(rig, "why: COR_PROFILER_PATH_64=" PROFILER " in " ENVIRONMENT "WAS\n");
    rig_says(rig, "reg.exe query");
    rig_says_not(rig, "appcmd");
    rig->files[0][2].signature = rig->files[0][5].signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_LOW, "Component that nobody vouches for: COR_PROFILER_PATH_64");
}

/* Who set the value, and when, stands in the finding; without an event it says that. */
static void who_set_a_variable(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *set;
    add_profiler(rig, "W3SVC");
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: COR_PROFILER_PATH_64");
    rig_says(rig, "blind: no event of Sysmon 13 or Security 4657 tells of its value");
    set = rig_fact(rig, IW_FACT_REGISTRY_SET, "Services\\WAS\\Environment", 50);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: COR_PROFILER_PATH_64");
    rig_says(rig, "blind: no event of Sysmon 13");
    set->path = IW_STR("services\\w3svc\\environment");
    set->location = IW_STR("HKLM\\System\\CurrentControlSet\\Services\\W3SVC\\Environment");
    set->user = IW_STR("CORP\\ana");
    set->image = IW_STR("C:\\reg.exe");
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: COR_PROFILER_PATH_64");
    rig_says_not(rig, "blind: no event of Sysmon 13");
    rig_says(rig, "find the logon of CORP\\ana");
    assert_int_equal(rig->seen[0].finding.first_time_ns, T(50));
    rig_says(rig, "registry_set");
}

/* Another runtime, another environment, another file are others; a class whose file nobody names
 * speaks for itself. */
static void variables_of_other_profilers(void **state)
{
    struct rig *rig = *state;
    add_profiler(rig, "W3SVC");
    rig->files[0][2].signature = IW_ITEM_SIGNATURE_ANCHORED;
    variable(rig, "W3SVC", "CORECLR_PROFILER", "")->clsid = IW_STR("{B}");
    assert_int_equal(rig_run(rig), 2);
    rig_again(rig);
    add_profiler(rig, "W3SVC");
    rig->files[0][2].signature = IW_ITEM_SIGNATURE_ANCHORED;
    variable(rig, "WAS", "COR_PROFILER", "")->clsid = IW_STR("{B}");
    assert_int_equal(rig_run(rig), 2);
    rig_again(rig);
    add_profiler(rig, "W3SVC");
    (void)variable(rig, "W3SVC", "COR_PROFILER_PATH_32", "C:\\Temp\\p32.dll");
    assert_int_equal(rig_run(rig), 2);
    rig_again(rig);
    variable(rig, "W3SVC", "COR_PROFILER", "")->clsid = IW_STR("{B}");
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: COR_PROFILER");
    rig_says(rig, "why: COR_PROFILER={B} in ");
}

static void one_of_two(const struct rig *rig, enum iw_level level, const char *title)
{
    assert_int_equal(rig->n_seen, 2);
    for (size_t i = 0; i < rig->n_seen; i++) {
        if (strcmp(rig->seen[i].title, title) == 0) {
            assert_int_equal(rig->seen[i].finding.level, level);
            return;
        }
    }
    fail_msg("'%s' is neither '%s' nor '%s'", title, rig->seen[0].title, rig->seen[1].title);
}

/* *n* unknown modules of Contoso.Shop, each a type of its own, in three files in turn. */
static void add_product(struct rig *rig, size_t n)
{
    static const char *const FILES[] = {"a/web.config", "b/web.config", "c/web.config"};
    static const char *const TYPES[] = {"Contoso.Shop.A.Module, Shop",
                                        "contoso.shop.B.Module, Shop",
                                        "Contoso.Shop.C, Shop",
                                        "Contoso.Shop.D",
                                        "Contoso.Shop.E",
                                        "Contoso.Shop.F"};
    for (size_t i = 0; i < n; i++) {
        struct iw_inventory_component *row = rig_component(rig, "managedModule", "m", "");
        row->type = iw_str_of(TYPES[i]);
        row->known = IW_ITEM_KNOWN_UNKNOWN;
        row->config_source = iw_str_of(FILES[i % 3]);
    }
}

/* Lines of one or two files are free to whoever can write there: one finding, at its level. */
static void product_of_one_file(void **state)
{
    struct rig *rig = *state;
    for (size_t n_files = 1; n_files <= 3; n_files++) {
        rig_again(rig);
        add_product(rig, 6);
        for (size_t i = 0; i < 6; i++)
            rig->components[0][i].config_source = rig->components[0][i % n_files].config_source;
        rig_one(rig, n_files == 3 ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM, PRODUCT);
    }
    rig_again(rig); /* types that are low one by one */
    add_product(rig, 6);
    for (size_t i = 0; i < 6; i++) {
        rig->components[0][i].config_source = IW_STR("web.config");
        rig->components[0][i].kind = "wcfExtension";
    }
    rig_one(rig, IW_LEVEL_LOW, PRODUCT);
}

/* The bin folder of the application is at hand, and nothing in it has the type. */
static void product_with_bin(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row;
    add_product(rig, 6);
    for (size_t i = 0; i < 6; i++)
        rig->components[0][i].scope = IW_STR("Default Web Site/shop");
    row = rig_loose_file(rig, "assemblyFile", "C:\\shop\\bin\\else.dll", NULL);
    row->scope = IW_STR("default web site/shop");
    rig_run(rig);
    rig_says_not(rig, PRODUCT);
    assert_int_equal(rig->seen[0].finding.level, IW_LEVEL_MEDIUM);
}

static void product(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *alien;
    add_product(rig, 4); /* one type too few */
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: m");
    rig_again(rig);
    add_product(rig, 5);
    rig_one(rig, IW_LEVEL_LOW, PRODUCT);
    rig_says(rig, "why: 5 entries register 5 types of Contoso.Shop");
    /* The same type again is no other type. */
    rig_again(rig);
    add_product(rig, 4);
    add_product(rig, 1);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: m");
    /* What belongs to nothing else there stands out. */
    rig_again(rig);
    add_product(rig, 6);
    alien = rig_component(rig, "managedModule", "alien", "");
    alien->type = IW_STR("Contoso.Other.Module, Shop");
    alien->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_run(rig);
    one_of_two(rig, IW_LEVEL_LOW, PRODUCT);
    one_of_two(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: alien");
}

/* What can be asked, or is set apart, is a subject of its own. */
static void product_set_apart(void **state)
{
    static const struct iw_str NOTE = {"a note", 6};
    struct rig *rig = *state;
    struct iw_inventory_component *row;
    struct iw_server_fact *change;
    for (int how = 0; how < 5; how++) {
        rig_again(rig);
        add_product(rig, 5);
        add_product(rig, 1);
        row = &rig->components[0][5];
        row->name = IW_STR("apart");
        if (how == 0)
            rig_give_file(rig, row, &RIG_MANAGED);
        if (how == 1)
            row->notes = (struct iw_text_list){&NOTE, 1};
        if (how == 2) {
            change = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "C:\\x", 50);
            change->configuration = IW_STR("/modules/add[@name=\"Apart\"]");
        }
        if (how == 3) {
            change = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "C:\\x", 50);
            change->new_value = IW_STR("apart");
        }
        if (how == 4)
            row->known = IW_ITEM_KNOWN_NAME_OTHER_IMAGE;
        rig_run(rig);
        one_of_two(rig, IW_LEVEL_LOW, PRODUCT);
        if (how == 4)
            one_of_two(rig, IW_LEVEL_LOW, "Built-in name with another image: apart");
        else
            one_of_two(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: apart");
    }
    rig_again(rig); /* with a baseline its differences are spoken of */
    add_product(rig, 6);
    for (size_t i = 0; i < 6; i++)
        rig->components[0][i].approval = IW_APPROVAL_NONE;
    rig_none(rig);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(variables_of_one_profiler),
        TEST(who_set_a_variable),
        TEST(variables_of_other_profilers),
        TEST(product_of_one_file),
        TEST(product_with_bin),
        TEST(product),
        TEST(product_set_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
