/*
 * Who brought what the baseline does not have: a release or an update lowers the difference to low
 * and is named; each thing that speaks against it keeps the level, and is named too. Levels are
 * those of docs/DETECTIONS.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define MODULE INETSRV "rewrite.dll"
#define NEW_PAGE "Web file that the baseline does not have: News.aspx"
#define NEW_MODULE "Component that the baseline does not have: RewriteModule"
#define OTHER_MODULE "Component that is not as in the baseline: RewriteModule"

/* What the trails say, by the number of the event's record. */
struct world {
    struct rig *rig;
    struct iw_act_trail trails[8];
    bool has_trail[8];
    bool is_in_chain;
    struct iw_baseline_entry now;
    struct iw_baseline_difference item;
    struct iw_baseline_differences all;
};

static bool ask_act(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                    struct iw_act_trail *ret)
{
    const struct world *world = context;
    (void)scratch;
    if (fact->record_id >= 8 || !world->has_trail[fact->record_id])
        return false;
    *ret = world->trails[fact->record_id];
    return true;
}

static bool is_in_chain(void *context, struct iw_str host,
                        const struct iw_inventory_web_file *web_file, enum iw_level level,
                        struct iw_arena *scratch)
{
    const struct world *world = context;
    (void)scratch;
    return world->is_in_chain && iw_str_equal(host, IW_STR("WEB01")) && web_file != NULL &&
           level == IW_LEVEL_INFORMATIONAL;
}

static void trail(struct world *world, size_t record, const char *deployment)
{
    world->has_trail[record] = true;
    world->trails[record] = (struct iw_act_trail){
        .who = IW_STR("msdeploy.exe as CORP\\deploy"), .deployment = deployment, .is_named = true};
}

static void differ(struct world *world, enum iw_baseline_change change)
{
    struct rig *rig = world->rig;
    world->now = (struct iw_baseline_entry){.host = IW_STR("web01")};
    world->now.component = rig->servers[0].n_components != 0 ? rig->components[0] : NULL;
    world->now.web_file = rig->servers[0].n_web_files != 0 ? rig->web_files : NULL;
    world->item = (struct iw_baseline_difference){
        .change = change, .now = &world->now, .approval = IW_APPROVAL_NONE};
    world->all = (struct iw_baseline_differences){.items = &world->item, .n = 1};
    rig->input.differences = &world->all;
    rig->input.ask_act = ask_act;
    rig->input.acts = world;
    rig->input.is_web_file_in_chain = is_in_chain;
    rig->input.told = world;
}

/* --- pages ------------------------------------------------------------------------------------ */

/* A page of a release: one event tells that Web Deploy wrote it at second 5. */
static struct iw_server_fact *page(struct world *world, struct rig *rig)
{
    struct iw_server_fact *write;
    rig_again(rig);
    *world = (struct world){.rig = rig};
    (void)rig_web_file(rig, "D:\\shop\\News.aspx");
    write = rig_fact(rig, IW_FACT_FILE_WRITTEN, "D:\\shop\\News.aspx", 5);
    write->image = IW_STR("C:\\Program Files\\IIS\\Microsoft Web Deploy V3\\msdeploy.exe");
    write->user = IW_STR("CORP\\deploy");
    trail(world, 5, "Web Deploy");
    differ(world, IW_BASELINE_ADDED);
    return write;
}

static void stays(struct rig *rig, const char *title, const char *because)
{
    rig_one(rig, IW_LEVEL_MEDIUM, title);
    rig_says(rig, "that lowers nothing: ");
    rig_says(rig, because);
}

static void page_of_a_release(void **state)
{
    struct rig *rig = *state;
    struct world world;
    (void)page(&world, rig);
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    rig_says(rig, "why: deployment: Web Deploy, msdeploy.exe as CORP\\deploy, first at "
                  "1970-01-01T00:00:05Z (C, event 1, record 5); nobody else is known to have "
                  "brought it: lowered to low");
    rig_says(rig, "blind: the collection kept no times of files");
    assert_int_equal(rig->seen[0].finding.score, iw_level_score(IW_LEVEL_LOW));
    rig->web_files[0].keeps_time = true;
    rig->web_files[0].file.modified_ns = T(605);
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    rig_says_not(rig, "kept no times");
    rig->input.ask_act = NULL; /* nobody knows who did it: as before, and nothing is said */
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    rig_says_not(rig, "deployment");
}

static void page_by_somebody(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_server_fact *write = page(&world, rig);
    trail(&world, 5, NULL);
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    rig_says_not(rig, "deployment");
    world.trails[5].tool = "robocopy"; /* named, and what would vouch for it; no reason */
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    rig_says(rig, "why: copied by robocopy: ");
    rig_says(rig, "first at 1970-01-01T00:00:05Z (C, event 1, record 5); whoever has an account "
                  "can do that, so it lowers nothing: a change record would");
    world.trails[5].tool = NULL;
    trail(&world, 5, "robocopy"); /* the web server's account, whose parents nobody saw */
    write->user = IW_STR("IIS APPPOOL\\ShopPool");
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    rig_says_not(rig, "deployment");
    write->user = IW_STR("S-1-5-82-1-2-3-4-5");
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    write->user = IW_STR("S-1-5-18");
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    world.has_trail[5] = false; /* the program's name alone says nothing of a page */
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    (void)page(&world, rig);
    write = rig_fact(rig, IW_FACT_FILE_WRITTEN, "D:\\shop\\News.aspx", 6);
    write->image = IW_STR("C:\\Windows\\System32\\cmd.exe");
    trail(&world, 6, NULL);
    stays(rig, NEW_PAGE, "others did a part of it");
    world.has_trail[6] = false;
    stays(rig, NEW_PAGE, "or it is not known who did");
    trail(&world, 6, "robocopy");
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    rig_says(rig, "why: deployment: Web Deploy, ");
}

/* Of the page, among findings of whatever runs it. */
static void page_is(struct rig *rig, enum iw_level level, const char *says, const char *says_not)
{
    size_t n = rig_run(rig), i = 0;
    while (i < n && strcmp(rig->seen[i].title, NEW_PAGE) != 0)
        i++;
    assert_true(i < n);
    assert_int_equal(rig->seen[i].finding.level, level);
    if (says != NULL && strstr(rig->seen[i].all, says) == NULL)
        fail_msg("'%s' is not in\n%s", says, rig->seen[i].all);
    if (says_not != NULL && strstr(rig->seen[i].all, says_not) != NULL)
        fail_msg("'%s' is in\n%s", says_not, rig->seen[i].all);
}

/* What ran nobody's request when it was released is a page by the handler that came since. */
static void file_that_became_a_page(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_baseline_entry handler = {.host = IW_STR("web01")};
    struct iw_baseline_entry former = {
        .host = IW_STR("web01"), .kind = IW_STR("accessPolicy"), .scope = IW_STR("Shop/uploads")};
    struct iw_baseline_difference items[2];
    (void)page(&world, rig);
    handler.component = rig_component(rig, "handler", "News", "");
    handler.kind = IW_STR("handler");
    handler.name = IW_STR("News");
    rig->web_files[0].handler = IW_STR("NEWS");
    items[0] = world.item;
    items[1] = (struct iw_baseline_difference){
        .change = IW_BASELINE_ADDED, .now = &handler, .approval = IW_APPROVAL_NONE};
    world.all = (struct iw_baseline_differences){.items = items, .n = 2};
    page_is(rig, IW_LEVEL_MEDIUM,
            "that lowers nothing: what makes it a page is not as in the baseline", NULL);
    page_is(rig, IW_LEVEL_MEDIUM, "have become a page by that", NULL);
    items[1].approval = IW_APPROVAL_EXPIRED;
    page_is(rig, IW_LEVEL_MEDIUM, "that lowers nothing: what makes it", NULL);
    items[1].approval = IW_APPROVAL_APPROVED; /* somebody approved that handler */
    page_is(rig, IW_LEVEL_LOW, NULL, "become a page");
    items[1].approval = IW_APPROVAL_NONE;
    rig->web_files[0].handler = IW_STR("Other");
    page_is(rig, IW_LEVEL_LOW, NULL, "become a page");
    items[1] = (struct iw_baseline_difference){
        .change = IW_BASELINE_REMOVED, .was = &former, .approval = IW_APPROVAL_NONE};
    rig->web_files[0].site = IW_STR("Shop");
    page_is(rig, IW_LEVEL_MEDIUM, "that lowers nothing: what makes it", NULL);
    former.scope = IW_STR("shop"); /* scripts are allowed in all of the site */
    page_is(rig, IW_LEVEL_MEDIUM, "have become a page by that", NULL);
    former.scope = IW_STR("");
    page_is(rig, IW_LEVEL_MEDIUM, "that lowers nothing: what makes it", NULL);
    former.scope = IW_STR("Shop2/uploads");
    page_is(rig, IW_LEVEL_LOW, NULL, "become a page");
    items[1].server = 1;
    former.scope = IW_STR("Shop");
    page_is(rig, IW_LEVEL_LOW, NULL, "become a page");
}

static void page_by_hand(void **state)
{
    struct rig *rig = *state;
    struct world world;
    (void)page(&world, rig);
    world.trails[5].is_by_hand = true;
    stays(rig, NEW_PAGE, "a console or a desktop");
}

static void page_of_a_chain(void **state)
{
    struct rig *rig = *state;
    struct world world;
    (void)page(&world, rig);
    world.is_in_chain = true;
    stays(rig, NEW_PAGE, "a chain of evidence is known by it");
}

static void page_that_stands_out(void **state)
{
    static const struct iw_str UPLOAD = {"upload-folder: in a folder named for uploads, images",
                                         51};
    static const struct iw_str WEAK = {"saves-upload: saves files it is sent (line 3)", 45};
    static const struct iw_str YOUNG = {"younger-than-neighbours: far younger than", 41};
    static const struct iw_str NOTE = {"code-elsewhere: has no code of its own", 38};
    static const struct iw_str RUNS = {"starts-process: starts a process (line 1)", 41};
    struct rig *rig = *state;
    struct world world;
    (void)page(&world, rig);
    rig->web_files[0].marks = (struct iw_text_list){&UPLOAD, 1};
    stays(rig, NEW_PAGE, "it stands out");
    rig->web_files[0].marks = (struct iw_text_list){&WEAK, 1};
    stays(rig, NEW_PAGE, "it stands out");
    rig->web_files[0].marks = (struct iw_text_list){&YOUNG, 1};
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    rig->web_files[0].marks = (struct iw_text_list){&NOTE, 1};
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    /* What the content says keeps its own level and title, whoever brought it. */
    rig->web_files[0].marks = (struct iw_text_list){&RUNS, 1};
    rig->web_files[0].n_strong_marks = 2;
    rig_one(rig, IW_LEVEL_MEDIUM, NEW_PAGE);
    rig_says(rig, "starts-process");
}

static void page_that_is_another(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_server_fact *write = page(&world, rig);
    rig->web_files[0].keeps_time = true;
    rig->web_files[0].file.modified_ns = T(606); /* ten minutes and a second later */
    stays(rig, NEW_PAGE, "the file was written later than that");
    write = page(&world, rig);
    write->has_sha256 = true;
    write->sha256[0] = 0x11;
    stays(rig, NEW_PAGE, "what was written is not what the file holds now");
    write->sha256[0] = 0xAA;
    write->sha256[1] = 0xBB;
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
    (void)page(&world, rig);
    (void)rig_fact(rig, IW_FACT_FILE_DELETED, "D:\\shop\\News.aspx", 6);
    stays(rig, NEW_PAGE, "was deleted after that, and is there again");
    rig->fact_items[1].time_ns = rig->fact_items[1].last_ns = T(5);
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
}

/* Two forms of one record name two programs: one of them was made. */
static void page_of_two_writers(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_server_fact *write;
    (void)page(&world, rig);
    write = rig_fact(rig, IW_FACT_FILE_WRITTEN, "D:\\shop\\News.aspx", 5);
    write->image = IW_STR("C:\\Windows\\System32\\cmd.exe");
    stays(rig, NEW_PAGE, "two forms of it name two writers");
    write->image = rig->fact_items[0].image; /* the same, without the account */
    rig_one(rig, IW_LEVEL_LOW, NEW_PAGE);
}

/* --- components ------------------------------------------------------------------------------- */

/* A module of Microsoft's that Windows Installer writes (record 6) and registers (record 5). */
static void module(struct world *world, struct rig *rig)
{
    struct iw_inventory_component *row;
    struct iw_server_fact *fact;
    rig_again(rig);
    *world = (struct world){.rig = rig};
    row = rig_component(rig, "globalModule", "RewriteModule", MODULE);
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    (void)rig_give_file(rig, row, &RIG_NATIVE);
    fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "C:\\x\\applicationHost.config", 5);
    fact->configuration = IW_STR("/system.webServer/globalModules/add[@name=\"RewriteModule\"]");
    fact->new_value = IW_STR("RewriteModule");
    fact->process_id = 77;
    fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, MODULE, 6);
    fact->image = IW_STR("C:\\Windows\\System32\\msiexec.exe");
    fact->process_id = 77;
    trail(world, 5, "Windows Installer");
    trail(world, 6, "Windows Installer");
    differ(world, IW_BASELINE_ADDED);
}

static void module_of_a_product(void **state)
{
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig_says(rig, "deployment: Windows Installer, ");
    rig_says(rig, "first at 1970-01-01T00:00:05Z");
    world.trails[5].is_by_hand = true; /* an administrator starts setup: the catalogue vouches */
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
}

static void module_nobody_vouches_for(void **state)
{
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    rig->components[0][0].known = IW_ITEM_KNOWN_UNKNOWN;
    stays(rig, NEW_MODULE, "a package can be made by anybody");
    rig->files[0][0].signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig->files[0][0].signature = IW_ITEM_SIGNATURE_UNANCHORED;
    stays(rig, NEW_MODULE, "nobody vouches for what it brought");
}

static void module_loaded_unsigned(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_server_fact *load;
    module(&world, rig);
    rig->fact_items[2] = rig->fact_items[1]; /* facts in order of their kinds: load, then write */
    load = &rig->fact_items[1];
    load->kind = IW_FACT_MODULE_LOAD;
    load->record_id = 7;
    load->is_signed = IW_STR("false");
    rig->facts.n = 3;
    stays(rig, NEW_MODULE, "found no valid signature");
    load->is_signed = IW_STR("true");
    load->signature_status = IW_STR("Revoked");
    stays(rig, NEW_MODULE, "found no valid signature");
    load->signature_status = IW_STR("Valid");
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
}

/* Event 29 names its process by number: the one that wrote the file within ten minutes. */
static void module_registered_by_its_writer(void **state)
{
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    world.trails[5] = (struct iw_act_trail){.who = IW_STR("process 77")};
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig->fact_items[0].process_id = 78;
    stays(rig, NEW_MODULE, "others did a part of it");
    rig->fact_items[0].process_id = 77;
    rig->fact_items[1].time_ns = rig->fact_items[1].last_ns = T(605);
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig->fact_items[1].time_ns = rig->fact_items[1].last_ns = T(606);
    stays(rig, NEW_MODULE, "others did a part of it");
    world.trails[5].is_named = true; /* its program is known, and is none */
    rig->fact_items[1].time_ns = rig->fact_items[1].last_ns = T(6);
    stays(rig, NEW_MODULE, "others did a part of it");
}

/* Modules outside the usual folders have no trail: the event names the program, in its place. */
static void module_elsewhere(void **state)
{
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    world.has_trail[6] = false;
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig->fact_items[1].image = IW_STR("C:\\Users\\Public\\msiexec.exe");
    stays(rig, NEW_MODULE, "others did a part of it");
}

/* Where the log of changes is written and silent, nothing tells who registered it. */
static void module_registered_silently(void **state)
{
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    rig->fact_items[0] = rig->fact_items[1];
    rig->facts.n = 1;
    rig_one(rig, IW_LEVEL_LOW, NEW_MODULE);
    rig->fact_items[1] = rig->fact_items[0];
    rig->facts.n = 0;
    rig_log(rig, 1, 9);
    rig->facts.n = 2;
    stays(rig, NEW_MODULE, "nothing tells who changed its entry");
}

/* An update exchanges a file: who changed the entry is another matter, as long as it is the same.
 */
static void module_that_was_updated(void **state)
{
    static const struct iw_str SHA = {"sha256", 6}, BOTH[] = {{"sha256", 6}, {"image", 5}};
    struct rig *rig = *state;
    struct world world;
    module(&world, rig);
    differ(&world, IW_BASELINE_MODIFIED);
    world.item.fields = (struct iw_text_list){&SHA, 1};
    trail(&world, 5, NULL);
    rig_one(rig, IW_LEVEL_LOW, OTHER_MODULE);
    world.item.fields = (struct iw_text_list){BOTH, 2};
    stays(rig, OTHER_MODULE, "others did a part of it");
    rig->fact_items[0] = rig->fact_items[1]; /* the entry was changed unseen */
    rig->facts.n = 1;
    stays(rig, OTHER_MODULE, "nothing tells who changed its entry");
    module(&world, rig);
    differ(&world, IW_BASELINE_MODIFIED);
    world.item.fields = (struct iw_text_list){BOTH, 2};
    rig->facts.n = 1;
    stays(rig, OTHER_MODULE, "nothing tells who wrote its file");
}

/* What was low is not raised, and nothing is said to be lowered. */
static void library_of_a_release(void **state)
{
    struct rig *rig = *state;
    struct world world;
    struct iw_server_fact *write;
    rig_again(rig);
    world = (struct world){.rig = rig};
    (void)rig_loose_file(rig, "binFile", "D:\\shop\\bin\\x.dll", NULL);
    write = rig_fact(rig, IW_FACT_FILE_WRITTEN, "D:\\shop\\bin\\x.dll", 5);
    write->image = IW_STR("C:\\x\\msdeploy.exe");
    trail(&world, 5, "Web Deploy");
    differ(&world, IW_BASELINE_ADDED);
    rig_one(rig, IW_LEVEL_LOW, "Component that the baseline does not have: x.dll");
    rig_says(rig, "why: deployment: Web Deploy");
    rig_says_not(rig, "lower");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(page_of_a_release),
        TEST(page_by_somebody),
        TEST(page_by_hand),
        TEST(file_that_became_a_page),
        TEST(page_of_a_chain),
        TEST(page_that_stands_out),
        TEST(page_that_is_another),
        TEST(page_of_two_writers),
        TEST(module_of_a_product),
        TEST(module_nobody_vouches_for),
        TEST(module_loaded_unsigned),
        TEST(module_registered_by_its_writer),
        TEST(module_elsewhere),
        TEST(module_registered_silently),
        TEST(module_that_was_updated),
        TEST(library_of_a_release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
