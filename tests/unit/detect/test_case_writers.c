/*
 * Who brought a component, and whom to look for: a copy over SMB is told twice (System writes, the
 * audit of the share knows for whom), and is one act, that of who was there (domain.md §7.1).
 * Accounts without a logon of their own lead elsewhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define DLL "C:\\Program Files\\Common Files\\Web\\owcext.dll"
#define CONFIG INETSRV "config\\applicationHost.config"

static struct iw_inventory_component *filter(struct rig *rig)
{
    struct iw_inventory_component *row = rig_component(rig, "isapiFilter", "Sisu", DLL);
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    row->config_path = IW_STR(CONFIG);
    return row;
}

static struct iw_server_fact *wrote(struct rig *rig, const char *path, int64_t time_s,
                                    const char *image, const char *user)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, path, time_s);
    fact->event_id = 11;
    fact->image = iw_str_of(image);
    fact->user = iw_str_of(user);
    return fact;
}

static struct iw_server_fact *wrote_over_share(struct rig *rig, const char *path, int64_t time_s)
{
    struct iw_server_fact *fact = wrote(rig, path, time_s, "", "CORP\\it-ops");
    fact->event_id = 5145;
    fact->address = IW_STR("10.37.7.77");
    return fact;
}

static size_t n_asked;

static enum iw_rc count_acts(const struct iw_changes *changes, const struct iw_act *act,
                             struct iw_arena *arena, struct iw_change *ret)
{
    (void)changes;
    (void)act;
    (void)arena;
    n_asked++;
    *ret = (struct iw_change){.status = IW_CHANGE_UNEXPLAINED};
    return IW_OK;
}

static void a_copy_over_the_network_is_one_act(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *share;
    (void)filter(rig);
    rig->input.changes = (const struct iw_changes *)rig;
    rig->input.judge_change = count_acts;
    (void)wrote(rig, DLL, 100, "System", "NT AUTHORITY\\SYSTEM");
    share = wrote_over_share(rig, DLL, 101);
    n_asked = 0;
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(n_asked, 1);
    assert_true(iw_str_equal(rig->seen[0].finding.user, IW_STR("CORP\\it-ops")));
    rig_says(rig, "why: written over the network (SMB) by CORP\\it-ops from 10.37.7.77 at ");
    rig_says(rig, "triage: find the logon of CORP\\it-ops over the network from 10.37.7.77 before");
    rig_says(rig, "\"IpAddress\":\"10.37.7.77\"");
    rig_says(rig, "\"Image\":\"System\""); /* evidence all the same */
    rig_says_not(rig, "written by System");
    /* Another time is another writing. */
    share->time_ns = share->last_ns = T(111);
    n_asked = 0;
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(n_asked, 2);
    rig_says(rig, "why: written by System as NT AUTHORITY\\SYSTEM at ");
    share->time_ns = share->last_ns = T(110);
    n_asked = 0;
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(n_asked, 1);
    /* Only System writes for others. */
    rig->fact_items[0].image = IW_STR("C:\\Windows\\explorer.exe");
    n_asked = 0;
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(n_asked, 2);
}

static void whom_to_look_for(void **state)
{
    static const struct {
        const char *user, *says;
    } CASES[] = {
        {"CORP\\bob", "triage: find the logon of CORP\\bob and the process that acted at"},
        {"S-1-5-21-1-2-3-500", "triage: find the logon of S-1-5-21-1-2-3-500 and the process"},
        {"NT AUTHORITY\\SYSTEM", "triage: find the process that acted as NT AUTHORITY\\SYSTEM at"},
        {"S-1-5-18", "triage: find the process that acted as NT AUTHORITY\\SYSTEM (S-1-5-18) at"},
        {"S-1-5-20",
         "triage: find the process that acted as NT AUTHORITY\\NETWORK SERVICE (S-1-5-20) at"},
        {"CORP\\WEB01$", "triage: find the process that acted as CORP\\WEB01$ at"},
        {"IIS APPPOOL\\Shop", "triage: find the requests that IIS APPPOOL\\Shop was serving at"},
        {"S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415",
         "triage: find the requests that S-1-5-82-3006700770"},
        {"NT AUTHORITY\\IUSR", "triage: find the requests that NT AUTHORITY\\IUSR was serving"},
    };
    struct rig *rig = *state;
    (void)filter(rig);
    (void)wrote(rig, DLL, 100, "C:\\x\\y.exe", "");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        rig->fact_items[0].user = iw_str_of(CASES[i].user);
        assert_int_equal(rig_run(rig), 1);
        rig_says(rig, CASES[i].says);
        if (i > 1)
            rig_says_not(rig, "find the logon of");
    }
}

static bool knows(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                  struct iw_act_trail *ret)
{
    (void)context;
    (void)fact;
    (void)scratch;
    *ret = (struct iw_act_trail){.who = IW_STR("y.exe")};
    return true;
}

/* What the trail will say with its lineage is not said before. */
static void writers_that_trails_know(void **state)
{
    struct rig *rig = *state;
    (void)filter(rig);
    (void)wrote(rig, DLL, 100, "C:\\x\\y.exe", "CORP\\bob");
    (void)wrote(rig, DLL, 200, "C:\\x\\y.exe", "CORP\\bob"); /* the same once more */
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "why: written by y.exe as CORP\\bob at 1970-01-01T00:01:40Z");
    rig_says_not(rig, "00:03:20Z (");
    rig->input.ask_act = knows;
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "why: written by");
}

/* Without the configuration's own log the writing of its file is all there is. */
static void who_wrote_the_configuration(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = filter(rig);
    (void)wrote(rig, CONFIG, 100, "C:\\Windows\\System32\\notepad.exe", "CORP\\bob");
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "why: the file it is configured in was written by notepad.exe as CORP\\bob at");
    rig_says(rig, "blind: no event of Microsoft-IIS-Configuration/Operational of this host: that "
                  "its file was written is told, what was changed in it is not\n");
    rig->fact_items[0].event_id = 2; /* other times, the same content */
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "who changed the configuration, and when, is not told\n");
    rig->fact_items[0].event_id = 11;
    row->config_path = IW_STR("E:\\shop\\web.config");
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "who changed the configuration, and when, is not told\n");
    rig_says_not(rig, "notepad");
}

/* Microsoft's own image under another name: the entry is odd, not what it names. */
static void what_to_preserve_of_a_built_in_image(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "handler", "web_config", INETSRV "asp.dll");
    row->known = IW_ITEM_KNOWN_IMAGE_OTHER_NAME;
    rig_give_file(rig, row, NULL)->state = IW_ITEM_FILE_NOT_COLLECTED;
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "triage: preserve t/applicationHost.config and read what else it sets");
    rig_says_not(rig, "triage: collect");
    row->files[0].state = IW_ITEM_FILE_READ;
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "triage: preserve t/file (SHA-256");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_over_the_network_is_one_act),
        TEST(whom_to_look_for),
        TEST(writers_that_trails_know),
        TEST(who_wrote_the_configuration),
        TEST(what_to_preserve_of_a_built_in_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
