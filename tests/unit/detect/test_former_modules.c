/*
 * A module that was registered for an hour, loaded, and taken away again (domain.md §7.3,
 * "uninstall after use"): history, events and files tell of one subject, and what a former
 * configuration names is not called unnamed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "result/history_line.h"
#include "tests/unit/detect/reconcile_rig.h"

#define DLL "C:\\Users\\Public\\evil.dll"
#define FORMER "Worker loaded a module that only former configurations name: "

static const struct iw_str LINES[] = {{"globalModule Evil: " DLL, 43}, {"nativeModule Evil", 17}};

/* Newest first: the third state has it no more, the second has it, the first had it not. */
static void life(struct rig *rig, int64_t from_s, int64_t until_s)
{
    for (size_t i = 0; i < 3; i++)
        rig->versions[i] = (struct iw_inventory_version){.number = (uint32_t)(3 - i),
                                                         .source = IW_STR("h"),
                                                         .from_ns = T(until_s),
                                                         .until_ns = T(until_s + 1000)};
    rig->versions[1].from_ns = T(from_s);
    rig->versions[1].until_ns = T(until_s);
    rig->versions[1].added = (struct iw_text_list){LINES, 2};
    rig->versions[2].from_ns = T(from_s - 1000);
    rig->versions[2].until_ns = T(from_s);
    rig->versions[2].removed = (struct iw_text_list){LINES, 2};
    rig->servers[0].versions = rig->versions;
    rig->servers[0].n_versions = 3;
}

static struct iw_server_fact *loaded(struct rig *rig, int64_t time_s)
{
    struct iw_server_fact *load = rig_fact(rig, IW_FACT_MODULE_LOAD, DLL, time_s);
    load->is_signed = IW_STR("false");
    load->signature_status = IW_STR("Unavailable");
    return load;
}

static struct iw_server_fact *change(struct rig *rig, int64_t time_s)
{
    struct iw_server_fact *made = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", time_s);
    made->configuration = IW_STR("/system.webServer/globalModules/add[@name=\"Evil\"]");
    made->new_value = IW_STR("Evil");
    made->user = IW_STR("S-1-5-20");
    made->process_id = 5972;
    return made;
}

static void one_finding_for_all(void **state)
{
    struct rig *rig = *state;
    life(rig, 2000, 5000);
    rig_one(rig, IW_LEVEL_LOW, "Component that was configured for a short time only: Evil");
    rig_says(rig, "triage: collect " DLL "\n");
    (void)change(rig, 1990);
    (void)loaded(rig, 2500);
    rig_one(rig, IW_LEVEL_MEDIUM, FORMER "Evil");
    rig_says(rig, "why: only former configurations have: globalModule Evil");
    rig_says(rig, "why: a worker loaded " DLL " from a user's folder; only ");
    rig_says(rig, "evidence: registration");
    rig_says(rig, "evidence: module_load");
    rig_says_not(rig, "no configuration in evidence names it");
    (void)rig_fact(rig, IW_FACT_FILE_DELETED, DLL, 6000);
    rig_one(rig, IW_LEVEL_MEDIUM, FORMER "Evil");
    rig_says(rig, "triage: look for " DLL " in shadow copies");
}

/* There for months: history says nothing of it, and the load is none of a module nobody named. */
static void a_long_life(void **state)
{
    struct rig *rig = *state;
    life(rig, 2000, 2000 + 100 * 24 * 3600);
    rig_none(rig);
    (void)loaded(rig, 2500);
    rig_one(rig, IW_LEVEL_MEDIUM, FORMER "evil.dll");
    rig_says_not(rig, "no configuration in evidence names it");
    rig->servers[0].n_versions = 0;
    rig_one(rig, IW_LEVEL_MEDIUM, "Worker loads a module that no configuration names: evil.dll");
}

/* The DLL still lies there: the file is the subject, and its former entry is told of it. */
static void a_file_that_is_still_there(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row;
    life(rig, 2000, 5000);
    row = rig_loose_file(rig, "moduleFile", "C:\\users\\public\\EVIL.dll", &RIG_NATIVE);
    (void)change(rig, 1990);
    (void)loaded(rig, 2500);
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(rig->seen[0].finding.level, IW_LEVEL_MEDIUM);
    rig_says(rig, "why: only former configurations have: globalModule Evil");
    rig_says(rig, "has the exports of a module, and only former configurations name it\n");
    rig_says(rig, "evidence: registration"); /* by the name of the entry */
    /* Where another entry names it now, each is a subject. */
    row->kind = "isapiFilter";
    row->state = "written";
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    assert_int_equal(rig_run(rig), 2);
}

static bool is_named;

static bool knows(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                  struct iw_act_trail *ret)
{
    (void)context;
    (void)scratch;
    *ret = (struct iw_act_trail){.who = IW_STR("x"), .is_named = is_named};
    return fact->kind == IW_FACT_CONFIG_CHANGE;
}

/* Event 29 has a number alone; the DLL was written under it. */
static void a_process_that_its_writing_names(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *writing;
    life(rig, 2000, 5000);
    (void)change(rig, 1990);
    writing = rig_fact(rig, IW_FACT_FILE_WRITTEN, DLL, 1980);
    writing->event_id = 11;
    writing->image = IW_STR("C:\\Windows\\System32\\wbem\\WmiPrvSE.exe");
    writing->process_id = 5972;
    rig->input.ask_act = knows;
    is_named = false;
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "why: process 5972, which changed the configuration, is "
                  "C:\\Windows\\System32\\wbem\\WmiPrvSE.exe: it wrote " DLL " (event 11");
    writing->time_ns = writing->last_ns = T(1990 + 600);
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "why: process 5972");
    writing->time_ns = writing->last_ns = T(1990 + 601); /* the number may be another's */
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "why: process 5972");
    writing->time_ns = writing->last_ns = T(1980);
    writing->process_id = 5973;
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "why: process 597");
    writing->process_id = 5972;
    is_named = true; /* its start is in evidence */
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "why: process 597");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_finding_for_all),
        TEST(a_long_life),
        TEST(a_file_that_is_still_there),
        TEST(a_process_that_its_writing_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
