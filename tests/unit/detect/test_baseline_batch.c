/*
 * Web files that are not as in the baseline, all in the same way, are one finding; what is not
 * alike in one of these ways is told by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "detect/baseline_batch.h"
#include "tests/unit/detect/reconcile_rig.h"

struct world {
    struct rig *rig;
    struct iw_baseline_entry now[RIG_WEB_FILES];
    struct iw_baseline_difference items[RIG_WEB_FILES];
    struct iw_baseline_differences all;
    char paths[RIG_WEB_FILES][64];
    const struct iw_inventory_web_file *in_chain;
    const char *deployment;
};

static bool ask_act(void *context, const struct iw_server_fact *fact, struct iw_arena *scratch,
                    struct iw_act_trail *ret)
{
    const struct world *world = context;
    (void)scratch;
    *ret =
        (struct iw_act_trail){.who = fact->user, .deployment = world->deployment, .is_named = true};
    return true;
}

static bool is_in_chain(void *context, struct iw_str host,
                        const struct iw_inventory_web_file *web_file, enum iw_level level,
                        struct iw_arena *scratch)
{
    const struct world *world = context;
    (void)host;
    (void)level;
    (void)scratch;
    return world->in_chain == web_file;
}

/* *n* new pages of a site: a00.aspx, a01.aspx, ..., each a second after the one before. */
static void pages(struct world *world, struct rig *rig, size_t n)
{
    rig_again(rig);
    memset(world, 0, sizeof *world);
    world->rig = rig;
    for (size_t i = 0; i < n; i++) {
        struct iw_inventory_web_file *made;
        (void)snprintf(world->paths[i], sizeof world->paths[i], "D:\\shop\\%s\\a%02zu.aspx",
                       i % 2 == 0 ? "Views" : "Services", i);
        made = rig_web_file(rig, world->paths[i]);
        made->site = IW_STR("Shop");
        made->keeps_time = true;
        made->file.modified_ns = T(1000 + (int64_t)i);
        made->file.sha256[2] = (uint8_t)i;
        made->file.source = iw_str_of(world->paths[i]);
        world->now[i] = (struct iw_baseline_entry){.host = IW_STR("web01"), .web_file = made};
        world->items[i] = (struct iw_baseline_difference){
            .change = IW_BASELINE_ADDED, .now = &world->now[i], .approval = IW_APPROVAL_NONE};
    }
    world->all = (struct iw_baseline_differences){.items = world->items, .n = n};
    rig->input.differences = &world->all;
    rig->input.is_web_file_in_chain = is_in_chain;
    rig->input.told = world;
}

static size_t n_of_title(const struct rig *rig, const char *begin)
{
    size_t n = 0;
    for (size_t i = 0; i < rig->n_seen; i++)
        n += strncmp(rig->seen[i].title, begin, strlen(begin)) == 0;
    return n;
}

#define BATCH_OF_5 "5 web files that the baseline does not have: D:\\shop"

static void many_are_one(void **state)
{
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, IW_BATCH_FILES);
    rig_one(rig, IW_LEVEL_MEDIUM, BATCH_OF_5);
    rig_says(rig, "why: 5 files of site Shop do not stand in the baseline\n");
    rig_says(rig, "why: no event tells who wrote them\n");
    rig_says(rig, "why: they came from 1970-01-01T00:16:40Z to 1970-01-01T00:16:44Z, as their own "
                  "times say\n");
    rig_says(rig, "why: 2 in D:\\shop\\Services\n");
    rig_says(rig, "why: 3 in D:\\shop\\Views\n");
    rig_says(rig, "blind: no event of this host tells of a file being written");
    rig_says(rig, "triage: iiswarden baseline diff lists all of them\n");
    assert_int_equal(rig->seen[0].finding.kind, IW_FINDING_WEBFILE);
    assert_int_equal(rig->seen[0].finding.n_evidence, 5);
    pages(&world, rig, IW_BATCH_FILES - 1);
    assert_int_equal(rig_run(rig), IW_BATCH_FILES - 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a0"), 4);
}

/* Neither the order of the evidence nor files that come besides rename it. */
static void its_id_is_its_own(void **state)
{
    struct rig *rig = *state;
    struct world world;
    char id[IW_FINDING_ID_BYTES];
    pages(&world, rig, 6);
    assert_int_equal(rig_run(rig), 1);
    (void)snprintf(id, sizeof id, "%s", rig->seen[0].finding.id);
    for (size_t i = 0; i < 3; i++) { /* differences turned around */
        struct iw_baseline_difference held = world.items[i];
        world.items[i] = world.items[5 - i];
        world.items[5 - i] = held;
    }
    assert_int_equal(rig_run(rig), 1);
    assert_string_equal(rig->seen[0].finding.id, id);
    pages(&world, rig, 7);
    assert_int_equal(rig_run(rig), 1);
    assert_string_equal(rig->seen[0].finding.id, id);
    world.items[1].approval = IW_APPROVAL_APPROVED; /* without the first, by path: another one */
    assert_int_equal(rig_run(rig), 1);
    assert_string_not_equal(rig->seen[0].finding.id, id);
}

static void what_stands_out_is_told(void **state)
{
    static const struct iw_str RUNS = {"starts-process: starts a process (line 1)", 41};
    static const struct iw_str PLACE = {"only-script: the only script among", 34};
    static const struct iw_str YOUNG = {"younger-than-neighbours: far younger than", 41};
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, 9);
    rig->web_files[3].marks = (struct iw_text_list){&PLACE, 1};
    rig->web_files[4].marks = (struct iw_text_list){&RUNS, 1};
    rig->web_files[4].n_strong_marks = 2;
    rig->web_files[5].marks = (struct iw_text_list){&YOUNG, 1};
    world.in_chain = &rig->web_files[6];
    assert_int_equal(rig_run(rig), 4);
    assert_int_equal(n_of_title(rig, "6 web files that the baseline does not have: D:\\shop"), 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a03.aspx"), 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a04.aspx"), 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a06.aspx"), 1);
    for (size_t i = 0; i < rig->n_seen; i++)
        assert_int_equal(rig->seen[i].finding.level, IW_LEVEL_MEDIUM);
}

/* Another site, another way, another time: not the same batch. */
static void what_is_not_alike(void **state)
{
    static const struct iw_str SHA = {"sha256", 6};
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, 6);
    rig->web_files[5].site = IW_STR("Other");
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, BATCH_OF_5), 1);
    pages(&world, rig, 6);
    world.paths[5][0] = 'E'; /* nor another volume, which has no folder in common */
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, BATCH_OF_5), 1);
    pages(&world, rig, 6);
    world.items[2].change = IW_BASELINE_MODIFIED;
    world.items[2].fields = (struct iw_text_list){&SHA, 1};
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, "Web file that is not as in the baseline: a02.aspx"), 1);
    pages(&world, rig, 6);
    rig->web_files[5].file.modified_ns = T(1004 + 600); /* ten minutes after the one before */
    assert_int_equal(rig_run(rig), 1);
    rig->web_files[5].file.modified_ns = T(1004 + 601);
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a05.aspx"), 1);
    rig->web_files[5].keeps_time = false; /* when it came is not known */
    assert_int_equal(rig_run(rig), 2);
}

static void write_all(struct rig *rig, struct world *world, size_t n)
{
    for (size_t i = 0; i < 2 * n; i++) { /* facts are in order of paths: Services before Views */
        size_t of = i < n ? i : i - n;
        struct iw_server_fact *fact;
        if ((i < n) != (of % 2 != 0))
            continue;
        fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, world->paths[of], 2000 + (int64_t)of);
        fact->image = IW_STR("C:\\Windows\\System32\\robocopy.exe");
        fact->user = IW_STR("CORP\\deploy");
    }
    rig->input.ask_act = ask_act;
    rig->input.acts = world;
}

static struct iw_server_fact *fact_of(struct rig *rig, const char *path)
{
    for (size_t i = 0; i < rig->facts.n; i++) {
        if (iw_str_equal(rig->fact_items[i].path, iw_str_of(path)))
            return &rig->fact_items[i];
    }
    return NULL;
}

/* A page of another writer among those of a release is not told with them. */
static void who_wrote_it(void **state)
{
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, 6);
    write_all(rig, &world, 6);
    rig_one(rig, IW_LEVEL_MEDIUM, "6 web files that the baseline does not have: D:\\shop");
    rig_says(rig, "all written alike: by C:\\Windows\\System32\\robocopy.exe as CORP\\deploy\n");
    rig_says(rig, "why: they came from 1970-01-01T00:33:20Z to 1970-01-01T00:33:25Z, as events "
                  "tell\n");
    assert_int_equal(rig->seen[0].finding.n_evidence, 12);
    world.deployment = "robocopy";
    rig_one(rig, IW_LEVEL_LOW, "6 web files that the baseline does not have: D:\\shop");
    rig_says(rig, "why: deployment: robocopy, CORP\\deploy, first at 1970-01-01T00:33:20Z");
    fact_of(rig, world.paths[3])->user = IW_STR("CORP\\bob");
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, BATCH_OF_5), 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a03.aspx"), 1);
}

static void limits(void **state)
{
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, IW_LIMIT_BATCH_FILES);
    rig_run(rig);
    assert_int_equal(rig->seen[0].finding.n_evidence, IW_LIMIT_BATCH_FILES);
    rig_says_not(rig, "not shown one by one");
    pages(&world, rig, IW_LIMIT_BATCH_FILES + 1);
    rig_run(rig);
    assert_int_equal(rig->seen[0].finding.n_evidence, IW_LIMIT_BATCH_FILES);
    rig_says(rig, "why: 1 of the files are not shown one by one\n");
    pages(&world, rig, IW_LIMIT_BATCH_FOLDERS + 1);
    for (size_t i = 0; i <= IW_LIMIT_BATCH_FOLDERS; i++) {
        (void)snprintf(world.paths[i], sizeof world.paths[i], "D:\\shop\\f%zu\\a.aspx", i);
        rig->web_files[i].file.path = iw_str_of(world.paths[i]);
    }
    rig_run(rig);
    rig_says(rig, "why: 1 in D:\\shop\\f7\n");
    rig_says_not(rig, "why: 1 in D:\\shop\\f8\n");
    rig_says(rig, "why: 1 more folders are not named\n");
}

static bool is_shown(const struct rig *rig, const char *path)
{
    const struct iw_finding *finding = &rig->seen[0].finding;
    for (size_t i = 0; i < finding->n_evidence; i++) {
        if (iw_str_equal(finding->evidence[i].source, iw_str_of(path)))
            return true;
    }
    return false;
}

/* In a batch of more than are shown the one that is of another kind is named, and shown first. */
static void odd_ones_come_first(void **state)
{
    static const struct {
        const char *path, *handler, *words;
        int64_t at;
    } CASES[] = {
        {"D:\\shop\\Views\\z.ashx", "PageHandlerFactory-Integrated-4.0", "(its ending)", 1060},
        {"D:\\shop\\Views\\z.aspx", "Other", "(what runs it)", 1060},
        {"D:\\shop\\zz\\z.aspx", "PageHandlerFactory-Integrated-4.0", "(its folder)", 1060},
        {"D:\\shop\\Views\\z.aspx", "PageHandlerFactory-Integrated-4.0", "(its moment)", 1400},
        {"D:\\shop\\zz\\z.ashx", "Other", "(its ending, what runs it, its folder, its moment)",
         1400},
    };
    const size_t N = IW_LIMIT_BATCH_FILES + 12;
    struct rig *rig = *state;
    struct world world;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char line[128];
        pages(&world, rig, N);
        for (size_t k = 0; k < N; k++)
            rig->web_files[k].handler = IW_STR("PageHandlerFactory-Integrated-4.0");
        (void)snprintf(world.paths[N - 1], sizeof world.paths[0], "%s", CASES[i].path);
        rig->web_files[N - 1].file.path = iw_str_of(world.paths[N - 1]);
        rig->web_files[N - 1].file.source = rig->web_files[N - 1].file.path;
        rig->web_files[N - 1].handler = iw_str_of(CASES[i].handler);
        rig->web_files[N - 1].file.modified_ns = T(CASES[i].at);
        assert_int_equal(rig_run(rig), 1);
        assert_true(is_shown(rig, world.paths[N - 1]));
        (void)snprintf(line, sizeof line, "why: unlike the rest: %s %s\n", CASES[i].path,
                       CASES[i].words);
        rig_says(rig, line);
        rig_says(rig, "why: 12 of the files are not shown one by one\n");
    }
    pages(&world, rig, N); /* as varied as this, none is odd */
    for (size_t k = 0; k < N; k++) {
        (void)snprintf(world.paths[k], sizeof world.paths[k], "D:\\shop\\f%zu\\a.aspx", k);
        rig->web_files[k].file.path = iw_str_of(world.paths[k]);
    }
    rig_run(rig);
    rig_says_not(rig, "unlike the rest");
}

/* Two in one minute, of which one may be told by itself, are as much apart as one. */
static void few_at_a_moment_of_their_own(void **state)
{
    static const struct iw_str NOTE = {"code-elsewhere: has no code of its own", 38};
    const size_t N = IW_LIMIT_BATCH_FILES + 12;
    struct rig *rig = *state;
    struct world world;
    for (size_t n_apart = 2; n_apart <= 8; n_apart++) {
        pages(&world, rig, N);
        for (size_t k = N - n_apart; k < N; k++)
            rig->web_files[k].file.modified_ns = T(1400 + (int64_t)(k - N + n_apart));
        assert_int_equal(rig_run(rig), 1);
        if (n_apart * 10 <= N)
            rig_says(rig, "why: unlike the rest: D:\\shop\\Services\\a75.aspx (its moment)\n");
        else
            rig_says_not(rig, "its moment");
    }
    pages(&world, rig, N);
    rig->web_files[N - 1].file.modified_ns = T(1400);
    rig->web_files[N - 2].file.modified_ns = T(1401);
    rig->web_files[N - 2].marks = (struct iw_text_list){&NOTE, 1};
    assert_int_equal(rig_run(rig), 2);
    for (size_t i = 0; i < 2; i++) {
        if (strstr(rig->seen[i].title, "75 web files") != NULL)
            assert_non_null(strstr(rig->seen[i].all, "a75.aspx (its moment)\n"));
    }
}

static void limit_of_odd_ones(void **state)
{
    struct rig *rig = *state;
    struct world world;
    for (size_t n = IW_LIMIT_BATCH_ODD; n <= IW_LIMIT_BATCH_ODD + 1; n++) {
        pages(&world, rig, RIG_WEB_FILES);
        for (size_t k = 0; k < IW_LIMIT_BATCH_ODD; k++) { /* four of each of two endings */
            (void)snprintf(world.paths[k], sizeof world.paths[k], "D:\\shop\\Views\\a%zu.%s", k,
                           k % 2 == 0 ? "ashx" : "asmx");
            rig->web_files[k].file.path = iw_str_of(world.paths[k]);
        }
        rig->web_files[RIG_WEB_FILES - 1].handler =
            n > IW_LIMIT_BATCH_ODD ? IW_STR("Other") : rig->web_files[0].handler;
        assert_int_equal(rig_run(rig), 1);
        rig_says(rig, "why: unlike the rest: D:\\shop\\Views\\a6.ashx (its ending)\n");
        if (n > IW_LIMIT_BATCH_ODD)
            rig_says(rig, "why: 1 more are unlike the rest\n");
        else
            rig_says_not(rig, "more are unlike the rest");
    }
}

/* A few that were deployed together: the one of another kind is named. */
static void odd_one_of_few(void **state)
{
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, 8);
    for (size_t k = 0; k < 8; k++) {
        (void)snprintf(world.paths[k], sizeof world.paths[k], "D:\\shop\\Views\\a%zu.aspx", k);
        rig->web_files[k].file.path = iw_str_of(world.paths[k]);
    }
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "unlike the rest");
    rig_says_not(rig, "hardly any other");
    for (size_t n_odd = 1; n_odd <= 5; n_odd++) {
        (void)snprintf(world.paths[n_odd], sizeof world.paths[0], "D:\\shop\\f%zu\\a.aspx", n_odd);
        rig->web_files[n_odd].file.path = iw_str_of(world.paths[n_odd]);
        assert_int_equal(rig_run(rig), 1);
        if (n_odd <= 2)
            rig_says(rig, "why: unlike the rest: D:\\shop\\f1\\a.aspx (its folder)\n");
        else
            rig_says_not(rig, "unlike the rest");
        if (n_odd == 3)
            rig_says(rig, "why: 3 of them have each a folder that hardly any other has: "
                          "d:\\shop\\f1 (1), d:\\shop\\f2 (1), d:\\shop\\f3 (1)\n");
        if (n_odd == 5) /* most have: there is no rest */
            rig_says_not(rig, "hardly any other");
    }
}

/* More than a tenth of many: none stands out, and what they are is told together, the rarest first.
 */
static void many_odd_ones_are_told_together(void **state)
{
    static const char *const ENDINGS[] = {"ashx", "asmx", "asmx", "svc", "svc", "svc", "cshtml"};
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, 60);
    for (size_t k = 0; k < 7; k++) {
        (void)snprintf(world.paths[k], sizeof world.paths[k], "D:\\shop\\Views\\a%zu.%s", k,
                       ENDINGS[k]);
        rig->web_files[k].file.path = iw_str_of(world.paths[k]);
    }
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "unlike the rest");
    rig_says(rig, "why: 7 of them have each an ending that hardly any other has: .ashx (1), "
                  ".cshtml (1), .asmx (2), .svc (3)\n");
}

/* What has marks that the rest has not is never among those that are only counted. */
static void marks_of_its_own(void **state)
{
    static const struct iw_str NOTE = {"code-elsewhere: has no code of its own", 38};
    static const struct iw_str YOUNG = {"younger-than-neighbours: far younger than", 41};
    const size_t N = IW_LIMIT_BATCH_FILES + 12;
    struct rig *rig = *state;
    struct world world;
    pages(&world, rig, N);
    rig->web_files[N - 1].marks = (struct iw_text_list){&NOTE, 1};
    rig->web_files[N - 2].marks = (struct iw_text_list){&YOUNG, 1};
    assert_int_equal(rig_run(rig), 2);
    assert_int_equal(n_of_title(rig, "75 web files that the baseline does not have: D:\\shop"), 1);
    assert_int_equal(n_of_title(rig, "Web file that the baseline does not have: a75.aspx"), 1);
    for (size_t k = 0; k < N; k++) /* a mark of all is nobody's own */
        rig->web_files[k].marks = (struct iw_text_list){&NOTE, 1};
    assert_int_equal(rig_run(rig), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(many_are_one),
        TEST(its_id_is_its_own),
        TEST(what_stands_out_is_told),
        TEST(what_is_not_alike),
        TEST(who_wrote_it),
        TEST(limits),
        TEST(odd_ones_come_first),
        TEST(marks_of_its_own),
        TEST(limit_of_odd_ones),
        TEST(few_at_a_moment_of_their_own),
        TEST(odd_one_of_few),
        TEST(many_odd_ones_are_told_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
