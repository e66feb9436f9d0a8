/*
 * The web server itself writes what decides which code an application runs (domain.md §7.3: a
 * managed module in web.config needs no administrator): what was not collected cannot be judged by
 * what it holds, so the writing is told. Nearest states in which less is said stand beside it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define ROOT "E:\\CRM\\Reports"
#define TITLE "Web server wrote the configuration of an application: "
#define WORKER "C:\\Windows\\System32\\inetsrv\\w3wp.exe"

static void roots(struct rig *rig, bool is_collected)
{
    rig->roots[0] = (struct iw_inventory_root){.path = IW_STR("E:\\CRM"), .is_resolved = true};
    rig->roots[1] = (struct iw_inventory_root){
        .path = IW_STR(ROOT), .is_resolved = true, .is_collected = is_collected};
    rig->servers[0].roots = rig->roots;
    rig->servers[0].n_roots = 2;
}

static struct iw_server_fact *wrote(struct rig *rig, const char *path, int64_t time_s)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, path, time_s);
    fact->image = IW_STR(WORKER);
    fact->user = IW_STR("IIS APPPOOL\\Reports");
    return fact;
}

static void configuration_that_was_not_collected(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *fact;
    roots(rig, false);
    fact = wrote(rig, ROOT "\\Admin\\Web.config", 100);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT); /* of the application, not of the site around it */
    rig_says(rig, "why: the web server itself wrote " ROOT "\\Admin\\Web.config,");
    rig_says(rig, "evidence: file_created");
    rig_says(rig, "blind: no file of that application is in evidence");
    rig_says_not(rig, "into bin");
    assert_true(rig->seen[0].finding.is_by_server_weighed);
    /* Whoever deploys is no web server. */
    fact->image = IW_STR("C:\\Program Files\\IIS\\msdeploy.exe");
    fact->user = IW_STR("CORP\\deploy");
    rig_none(rig);
    /* What works as a pool is one, whatever its program. */
    fact->user = IW_STR("S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT);
    fact->user = IW_STR("IIS APPPOOL\\Reports");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT);
    /* No application lies there; no configuration is called so. */
    fact->path = IW_STR("E:\\CRMReports\\web.config");
    rig_none(rig);
    fact->path = IW_STR(ROOT "\\my-web.config");
    rig_none(rig);
}

static void library_beside_it(void **state)
{
    struct rig *rig = *state;
    roots(rig, false);
    (void)wrote(rig, ROOT "\\bin\\a.dll", 100);
    rig_none(rig); /* alone: rules of single events tell it */
    (void)wrote(rig, ROOT "\\bin\\b.dll", 101);
    (void)wrote(rig, ROOT "\\bin\\b.dll", 105); /* the same once more */
    (void)wrote(rig, ROOT "\\uploads\\c.dll", 102);
    (void)wrote(rig, ROOT "\\web.config", 103);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT);
    rig_says(rig, "why: it wrote 2 libraries into bin as well, the first " ROOT "\\bin\\a.dll:");
    rig_says(rig, "bin\\\\a.dll");
    /* That of another application does not belong to it. */
    rig->facts.n = 0;
    (void)wrote(rig, "E:\\CRM\\bin\\a.dll", 100);
    (void)wrote(rig, ROOT "\\web.config", 103);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT);
    rig_says_not(rig, "into bin");
}

/* What was collected is judged by what it holds; that it was written stays low, and is not said
 * beside what is said of the library itself. */
static void application_that_was_collected(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row;
    roots(rig, true);
    (void)wrote(rig, ROOT "\\bin\\a.dll", 100);
    (void)wrote(rig, ROOT "\\web.config", 103);
    rig_one(rig, IW_LEVEL_LOW, TITLE ROOT);
    rig_says_not(rig, "blind: no file of that application");
    row = rig_loose_file(rig, "assemblyFile", ROOT "\\bin\\A.dll", &RIG_MANAGED);
    rig_one(rig, IW_LEVEL_LOW, "Module file that no configuration names: x.dll");
    row->approval = IW_APPROVAL_BASELINE;
    rig_one(rig, IW_LEVEL_LOW, TITLE ROOT);
    /* Without a library what it holds is enough. */
    rig->facts.n = 0;
    (void)wrote(rig, ROOT "\\web.config", 103);
    rig_none(rig);
}

static bool by_server(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                      struct iw_act_trail *ret)
{
    (void)fact;
    (void)scratch;
    *ret = (struct iw_act_trail){.is_by_server = *(const bool *)context};
    return true;
}

/* cmd.exe that a worker started. */
static void written_by_what_the_server_started(void **state)
{
    struct rig *rig = *state;
    bool is_by_server = true;
    struct iw_server_fact *fact;
    roots(rig, false);
    fact = wrote(rig, ROOT "\\web.config", 100);
    fact->image = IW_STR("C:\\Windows\\System32\\cmd.exe");
    fact->user = IW_STR("NT AUTHORITY\\NETWORK SERVICE");
    rig_none(rig);
    rig->input.ask_act = by_server;
    rig->input.acts = &is_by_server;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ROOT);
    is_by_server = false;
    rig_none(rig);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(configuration_that_was_not_collected),
        TEST(library_beside_it),
        TEST(application_that_was_collected),
        TEST(written_by_what_the_server_started),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
