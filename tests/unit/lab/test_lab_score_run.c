/*
 * `iiswarden-lab score` from scenario to report, with a generator and a detector that do what the
 * test says: the generator writes into evidence/ what the detector is to answer. And the file of
 * expectations.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lab/lab_command_score.h"
#include "lab/score/score_expect.h"
#include "lab/score/score_files.h"
#include "lab/score/score_report.h"
#include "lab/score/score_spawn.h"

#define FINDING_HEAD "{\"schema\":\"iiswarden.finding/1\",\"kind\":\"chain\",\"title\":\"Shell\","

#define TOLD                                                                                       \
    FINDING_HEAD "\"level\":\"high\",\"analytic\":[\"AN1108\"],\"host\":\"WEB01\","                \
                 "\"subject\":{\"type\":\"process\",\"name\":\"`|x\"},\"evidence\":["              \
                 "{\"channel\":\"S\",\"record_id\":3,\"source\":"                                  \
                 "\"evidence/WEB01/S.evtx\"}]}\n"

static char folder[128];

/* path below the test's folder; three can be in use at a time. */
static const char *below(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void put(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

/* Contents of a file in a buffer of the test's. */
static const char *get(const char *path)
{
    static char text[65536];
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t used = fread(text, 1, sizeof text - 1, stream);
    text[used] = '\0';
    fclose(stream);
    return text;
}

static int make_folder(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/test-lab-score-XXXXXX", parent != NULL ? parent : P_tmpdir);
    if (mkdtemp(folder) == NULL || mkdir(below("scenarios"), 0777) != 0) {
        return 1;
    }
    put(below("detector"),
        "#!/bin/sh\n"
        "case $1 in\n"
        "hunt) echo \"$*\" >>runs\n"
        "  case \"$*\" in *--trust*) exit 64;;\n"
        "  *behaviour.json*) cat behaviour.json; exit 1;;\n"
        "  *--baseline*) cat baseline.json; exit 1;;\n"
        "  *--coverage*) cat evidence/coverage >coverage.ndjson 2>&- || exit 64;; esac\n"
        "  cat evidence/hunt; read status <evidence/status; exit $status;;\n"
        "baseline) case \"$*\" in *--behaviour*)\n"
        "  [ \"$*\" = \"baseline create evidence --behaviour --since \"\\\n"
        "2026-01-05T06:00:00Z\" --until 2026-01-05T09:00:00Z -o behaviour.json\" ] ||\n"
        "  exit 70; cat before/known >behaviour.json 2>&- || exit 64; exit 0;; esac\n"
        "  [ \"$*\" = \"baseline create before -o baseline.json\" ] ||\n"
        "  exit 70; cat before/known >baseline.json 2>&- || exit 64;;\n"
        "die) kill -9 $$;;\n"
        "sleep) exec sleep 20;;\n"
        "endless) exec yes;;\n"
        "status) echo out; echo log >&2; pwd; exit 5;;\n"
        "esac\n");
    return chmod(below("detector"), 0755);
}

static int remove_folder(void **state)
{
    (void)state;
    iw_lab_folder_remove(folder);
    return 0;
}

/* What a scenario file's first word makes: see generate(). */
static void put_scenario(const char *name, const char *word)
{
    char path[256];
    snprintf(path, sizeof path, "%s/scenarios/%s.yml", folder, name);
    put(path, word);
}

static void put_in(const char *directory, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    put(path, text);
}

static void write_manifest(const struct iw_lab_generate_options *options, bool is_attack)
{
    char text[4096];
    bool is_blind = options->n_without == 1 && strcmp(options->without[0], "sysmon") == 0;
    int used = snprintf(
        text, sizeof text,
        "{\"type\":\"run\",\"schema\":\"iiswarden.lab/1\",\"scenario\":\"s\",\"family\":\"%s\","
        "\"shows\":[\"%s\"],\"seed\":%u,\"server_days\":0.5}\n"
        "{\"type\":\"act\",\"id\":\"shell\",\"list\":\"%s\"}\n",
        is_attack ? "webshell" : "negative", is_attack ? "upload" : "7.5.10 updater",
        (unsigned)options->seed, is_attack ? "attack" : "acts");
    if (!is_blind) {
        used += snprintf(text + used, sizeof text - (size_t)used,
                         "{\"type\":\"trace\",\"act\":\"shell\",\"host\":\"WEB01\",\"source\":"
                         "\"WEB01/S.evtx\",\"channel\":\"S\",\"event_id\":1,\"record_id\":3}\n");
    }
    snprintf(text + used, sizeof text - (size_t)used,
             "%s{\"type\":\"coverage\",\"host\":\"WEB01\",\"analytic\":\"AN1108\",\"verdict\":"
             "\"%s\"}\n",
             is_attack ? "{\"type\":\"must\",\"finding\":\"shell\",\"analytic\":\"AN1108\","
                         "\"acts\":[\"shell\"],\"level\":\"medium\"}\n"
                       : "{\"type\":\"must_not\",\"act\":\"shell\"}\n",
             is_blind    ? "blind"
             : is_attack ? "detected"
                         : "clear");
    put_in(options->output, "manifest.ndjson", text);
}

/* The double of the generator. Words: found, missed, quiet, false, failing (detector), broken
 * (output), refused (scenario), aided (the finding comes with a baseline only), unaided (of a
 * detector that knows no baselines). Evidence differs from the base's for --names 2 and without
 * sysmon only. */
static bool generate(const struct iw_lab_generate_options *options, struct iw_lab_error *error)
{
    char word[32] = "";
    char evidence[512];
    FILE *stream = fopen(options->scenario, "rb");
    assert_non_null(stream);
    assert_non_null(fgets(word, sizeof word, stream));
    fclose(stream);
    if (strcmp(word, "dying") == 0) {
        kill(getpid(), SIGKILL);
    }
    if (strcmp(word, "refused") == 0) {
        return iw_lab_error_set(error, "line 3: no such site");
    }
    snprintf(evidence, sizeof evidence, "%s/evidence", options->output);
    assert_true(iw_lab_folder_make(evidence, error));
    bool is_attack = strcmp(word, "quiet") != 0 && strcmp(word, "false") != 0;
    bool is_blind = options->n_without == 1 && strcmp(options->without[0], "sysmon") == 0;
    bool is_told = (strcmp(word, "found") == 0 || strcmp(word, "false") == 0) && !is_blind;
    write_manifest(options, is_attack);
    if (strcmp(word, "aided") == 0 || strcmp(word, "unaided") == 0) {
        char before[512];
        snprintf(before, sizeof before, "%s/before", options->output);
        assert_true(iw_lab_folder_make(before, error));
        put_in(options->output, "trust.pem", "x");
        put_in(options->output, "behaviour.txt", "2026-01-05T06:00:00Z 2026-01-05T09:00:00Z\n");
        if (strcmp(word, "aided") == 0) {
            put_in(before, "known", TOLD);
        }
    }
    put_in(evidence, "status", strcmp(word, "failing") == 0 ? "70\n" : is_told ? "1\n" : "0\n");
    put_in(evidence, "names", options->names == 2 ? "two" : "one");
    put_in(evidence, "hunt", strcmp(word, "broken") == 0 ? "{\"schema\":\n" : is_told ? TOLD : "");
    if (strcmp(word, "found") == 0) {
        put_in(evidence, "coverage",
               "{\"schema\":\"iiswarden.coverage/1\",\"host\":\"WEB01\",\"analytic\":\"AN1108\","
               "\"verdict\":\"detected\"}\n");
    }
    return true;
}

static int score(const char *const *more)
{
    char *argv[16];
    int argc = 0;
    argv[argc++] = (char *)(uintptr_t) "score";
    argv[argc++] = (char *)(uintptr_t)below("scenarios");
    argv[argc++] = (char *)(uintptr_t) "--iiswarden";
    argv[argc++] = (char *)(uintptr_t)below("detector");
    for (size_t i = 0; more[i] != NULL; i++) {
        argv[argc++] = (char *)(uintptr_t)more[i];
    }
    argv[argc] = NULL;
    return iw_lab_command_score(argc, argv, generate);
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void test_whole(void **state)
{
    (void)state;
    char report[256];
    char other[256];
    char scores[256];
    snprintf(report, sizeof report, "%s", below("report.md"));
    snprintf(other, sizeof other, "%s", below("other.md"));
    snprintf(scores, sizeof scores, "%s", below("scores.txt"));
    put_scenario("b-found", "found");
    put_scenario("a-missed", "missed");
    put_scenario("c-false", "false");
    assert_int_equal(
        score((const char *const[]){"-o", report, "--write-expect", scores, "--jobs", "1", NULL}),
        0);
    assert_int_equal(
        score((const char *const[]){"-o", other, "--expect", scores, "--jobs", "3", NULL}), 0);
    char first[65536];
    snprintf(first, sizeof first, "%s", get(report));
    assert_string_equal(first, get(other));
    assert_string_equal(get(scores),
                        "# Written by `iiswarden-lab score --write-expect`; compared by --expect.\n"
                        "a-missed base runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "a-missed names-2 runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "a-missed without runs 1 found 0/0 false 0 verdicts 0/1\n"
                        "b-found base runs 1 found 1/1 false 0 verdicts 1/1\n"
                        "b-found names-2 runs 1 found 1/1 false 0 verdicts 1/1\n"
                        "b-found without runs 1 found 0/0 false 0 verdicts 0/1\n"
                        "c-false base runs 1 found 0/0 false 1 verdicts 0/1\n"
                        "c-false names-2 runs 1 found 0/0 false 1 verdicts 0/1\n"
                        "c-false without runs 1 found 0/0 false 0 verdicts 0/1\n");
    assert_has(first, "3 scenarios as written, 9 runs in all. 84 further variants");
    assert_has(first, "| AN1108 | as written | 2 | 1 | 0 | 1 | 50.0 % | 0 |");
    assert_has(first, "| AN1108 | all variants | 4 | 2 | 0 | 2 | 50.0 % | 2 |");
    assert_has(first, "| all | as written | 1 | 1 | 50.0 % | 1.5 | 0.667 | 0.017 to 3.714 |");
    assert_has(first, "### Hard negatives (7.5)");
    assert_has(first, "| 7.5.10 updater | 1 | 0 of 0 | 0 of 0 | 0 | 0 | 1 | 2 |");
    assert_has(first, "| upload | 2 | 1 of 2 | 2 of 4 | 0 | 2 | 0 | 0 |");
    assert_has(first,
               "- **a-missed**: `shell (AN1108, medium)`; acts: `shell`; nothing is about any "
               "of it; in: base, names 2\n");
    assert_has(first,
               "- **c-false**: `Shell [chain, high, AN1108] on WEB01: '/x`; acts: `shell (must "
               "not)`; in: base, names 2\n");
    assert_has(first, "- **b-found**: `AN1108 on WEB01 is blind; answered: detected`; in: without "
                      "sysmon\n");
    assert_has(first, "In 6 runs the detector did not know `--coverage`.");
    assert_has(first, "| AN1108 | blind | 1 | 0 | 0 | 2 |");
    assert_has(first, "| without sysmon | 3 | 0 | 0 | 0 | 0 | 0 of 0 | 0 | 0 | 2 | 0 | 0 of 3 |");
    assert_has(first, "| seed 2 | 0 | 3 | 0 | 0 | ");
}

/* What a user gives beside the evidence: a baseline that is made, one that the detector does not
 * know, and roots it does not know either. Verdicts are asked for without aids only. */
static void test_aids(void **state)
{
    (void)state;
    char report[256];
    char scores[256];
    snprintf(report, sizeof report, "%s", below("aids.md"));
    snprintf(scores, sizeof scores, "%s", below("aids.txt"));
    put_scenario("a-aided", "aided");
    put_scenario("b-unaided", "unaided");
    assert_int_equal(score((const char *const[]){"-o", report, "--write-expect", scores, NULL}), 0);
    assert_string_equal(get(scores),
                        "# Written by `iiswarden-lab score --write-expect`; compared by --expect.\n"
                        "a-aided base runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "a-aided baseline runs 1 found 1/1 false 0 verdicts 0/0\n"
                        "a-aided behaviour runs 1 found 1/1 false 0 verdicts 0/0\n"
                        "a-aided names-2 runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "a-aided without runs 1 found 0/0 false 0 verdicts 0/1\n"
                        "b-unaided base runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "b-unaided names-2 runs 1 found 0/1 false 0 verdicts 0/1\n"
                        "b-unaided without runs 1 found 0/0 false 0 verdicts 0/1\n");
    assert_has(get(report), "| with baseline | 1 | 0 | 0 | 0 | 1 | 1 of 1 |");
    assert_has(get(report), "| with trust | 0 | 0 | 0 | 0 | 2 | 0 of 0 |");
    assert_has(get(report), "| with behaviour | 1 | 0 | 0 | 0 | 1 | 1 of 1 |");
    assert_has(get(report), "| with changes | 0 | 2 | 0 | 0 | 0 | 0 of 0 |");
}

static void test_quick_and_kept(void **state)
{
    (void)state;
    put_scenario("a", "found");
    assert_int_equal(
        score((const char *const[]){"--quick", "-o", below("r.md"), "--keep", below("kept"), NULL}),
        0);
    assert_has(get(below("r.md")), "1 scenarios as written, 2 runs in all. 0 further");
    assert_int_equal(access(below("kept/a/base/evidence/hunt"), R_OK), 0);
    assert_int_equal(access(below("kept/a/names-2/findings.ndjson"), R_OK), 0);
    /* One run of the detector says both. */
    assert_string_equal(get(below("kept/a/base/runs")),
                        "hunt --format ndjson --coverage coverage.ndjson evidence\n");
    assert_int_not_equal(access(below("kept/a/without-sysmon"), R_OK), 0);
    /* Not into a folder that has something in it. */
    assert_int_equal(
        score((const char *const[]){"--quick", "-o", below("r.md"), "--keep", below("kept"), NULL}),
        1);
}

/* Chances and nothing else; each that makes the same evidence is not played again. */
static void test_seeds(void **state)
{
    (void)state;
    put_scenario("a", "found");
    assert_int_equal(score((const char *const[]){"--seeds", "4", "-o", below("r.md"), "--keep",
                                                 below("kept"), NULL}),
                     0);
    assert_has(get(below("r.md")), "iiswarden-lab score --seeds 4`");
    assert_has(get(below("r.md")), "1 scenarios as written, 1 runs in all. 3 further");
    assert_int_equal(access(below("kept/a/seed-4/status"), R_OK), 0);
    assert_int_not_equal(access(below("kept/a/seed-5"), R_OK), 0);
    static const char *const wrong[][4] = {{"--seeds", "0", NULL},
                                           {"--seeds", "21", NULL},
                                           {"--seeds", "3", "--quick", NULL},
                                           {"--seeds", "3", "--expect=x", NULL}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(score(wrong[i]), 2);
    }
}

static void test_failures(void **state)
{
    (void)state;
    put_scenario("a-failing", "failing");
    put_scenario("b-broken", "broken");
    put_scenario("c-refused", "refused");
    put_scenario("d-dying", "dying");
    assert_int_equal(score((const char *const[]){"--quick", "-o", below("r.md"), "--write-expect",
                                                 below("scores.txt"), NULL}),
                     1);
    const char *report = get(below("r.md"));
    assert_has(report, "**4 runs were not judged because their evidence was not made; in 4 the "
                       "detector failed");
    assert_has(report, "- **a-failing**: `the detector failed`; `hunt: exit status 70`; in: base, "
                       "names 2\n");
    assert_has(report, "- **b-broken**: `the detector failed`");
    assert_has(report, "- **c-refused**: `the evidence was not made`; `line 3: no such site`; in: "
                       "base, names 2\n");
    assert_has(report, "- **d-dying**: `the evidence was not made`; `was not played to its end`; "
                       "in: base, names 2\n");
    assert_has(report, "| AN1108 | as written | 2 | 0 | 0 | 2 | 0.0 % | 0 |");
    assert_has(get(below("scores.txt")),
               "\nc-refused base runs 0 found 0/0 false 0 verdicts 0/0\n");
}

static void test_worse_by_command(void **state)
{
    (void)state;
    put_scenario("a", "missed");
    put(below("scores.txt"), "a base runs 1 found 1/1 false 0 verdicts 0/1\n");
    assert_int_equal(score((const char *const[]){"--quick", "-o", below("r.md"), "--expect",
                                                 below("scores.txt"), NULL}),
                     1);
    put(below("scores.txt"), "a base runs 1 found 0/1 false 4 verdicts 0/1\n");
    assert_int_equal(score((const char *const[]){"--quick", "-o", below("r.md"), "--expect",
                                                 below("scores.txt"), NULL}),
                     0);
}

static void test_wrong_use(void **state)
{
    (void)state;
    put_scenario("a", "found");
    assert_int_equal(score((const char *const[]){"--jobs", "0", NULL}), 2);
    assert_int_equal(score((const char *const[]){"--nothing", NULL}), 2);
    char name[] = "score";
    char *alone[] = {name, NULL};
    assert_int_equal(iw_lab_command_score(1, alone, generate), 2);
    put(below("scenarios/b.txt"), "");
    assert_int_equal(score((const char *const[]){below("scenarios/b.txt"), NULL}), 1);
    assert_int_equal(score((const char *const[]){below("scenarios/a.yml"), NULL}), 1); /* twice */
    assert_int_equal(score((const char *const[]){"--iiswarden", below("nothing"), NULL}), 1);
}

static bool spawn(const char *word, unsigned time_limit_s, int *status, struct iw_lab_error *error)
{
    char program[256];
    const char *words[] = {"detector", word, NULL};
    snprintf(program, sizeof program, "%s/detector", folder);
    struct iw_lab_spawn wanted = {.program = program,
                                  .words = words,
                                  .folder = folder,
                                  .output = "out.txt",
                                  .log = "log.txt",
                                  .time_limit_s = time_limit_s};
    return iw_lab_spawn(&wanted, status, error);
}

static void test_spawn(void **state)
{
    (void)state;
    struct iw_lab_error error = {.text = ""};
    int status = 0;
    assert_true(spawn("status", 20, &status, &error));
    assert_int_equal(status, 5);
    assert_memory_equal(get(below("out.txt")), "out\n", 4);
    assert_has(get(below("out.txt")), strrchr(folder, '/'));
    assert_string_equal(get(below("log.txt")), "log\n");
    assert_false(spawn("die", 20, &status, &error));
    assert_string_equal(error.text, "ended by signal 9");
    assert_false(spawn("sleep", 0, &status, &error));
    assert_string_equal(error.text, "not done after 0 s");
    assert_false(spawn("endless", 60, &status, &error)); /* SIGXFSZ after 64 MiB */
    assert_string_equal(error.text, "ended by signal 25");
    put(below("detector"), "not a program");
    assert_int_equal(chmod(below("detector"), 0644), 0);
    assert_false(spawn("status", 20, &status, &error));
}

/* A score of one scenario's base. */
static void make_score(struct iw_lab_score *made, size_t n_found, size_t n_missed, size_t n_false)
{
    struct iw_lab_run_status status = {.state = IW_LAB_RUN_JUDGED};
    struct iw_lab_truth truth = {.family = "webshell", .server_days = 1};
    struct iw_lab_findings findings = {0};
    *made = (struct iw_lab_score){0};
    iw_lab_score_add(made, "s", iw_lab_variant_at(0, (struct iw_lab_plan){0}), &status, &truth,
                     &findings, NULL);
    for (size_t i = 0; i < n_found + n_missed; i++) {
        made->musts = iw_lab_list_room(made->musts, made->n_musts, sizeof *made->musts);
        made->musts[made->n_musts++] = (struct iw_lab_must_fact){
            .analytic = "AN1108", .state = i < n_found ? IW_LAB_MUST_FOUND : IW_LAB_MUST_MISSED};
    }
    for (size_t i = 0; i < n_false; i++) {
        made->findings = iw_lab_list_room(made->findings, made->n_findings, sizeof *made->findings);
        made->findings[made->n_findings++] = (struct iw_lab_finding_fact){.is_true = false};
    }
}

static struct iw_lab_expect_result compare(const char *expected, size_t n_found, size_t n_missed,
                                           size_t n_false)
{
    struct iw_lab_score made;
    struct iw_lab_error error = {.text = ""};
    struct iw_lab_expect_result result;
    put(below("e.txt"), expected);
    make_score(&made, n_found, n_missed, n_false);
    if (!iw_lab_expect_compare(below("e.txt"), &made, (struct iw_lab_plan){0}, NULL, &result,
                               &error)) {
        fail_msg("%s", error.text);
    }
    iw_lab_score_done(&made);
    return result;
}

static void test_expectations(void **state)
{
    (void)state;
    static const char expected[] = "# a comment\n\ns base runs 1 found 3/4 false 1 verdicts 0/0\n";
    struct iw_lab_expect_result same = compare(expected, 3, 1, 1);
    assert_int_equal(same.n_worse + same.n_better + same.n_new + same.n_unasked, 0);
    assert_int_equal(compare(expected, 2, 2, 1).n_worse, 1);
    assert_int_equal(compare(expected, 3, 1, 2).n_worse, 1);
    assert_int_equal(compare(expected, 4, 0, 1).n_better, 1);
    assert_int_equal(compare(expected, 4, 0, 1).n_worse, 0);
    assert_int_equal(compare(expected, 3, 1, 0).n_better, 1);
    /* Better in one does not hide worse in another. */
    struct iw_lab_expect_result mixed = compare(expected, 4, 0, 2);
    assert_int_equal(mixed.n_better, 1);
    assert_int_equal(mixed.n_worse, 1);
    /* As many missed, but less is asked for. */
    assert_int_equal(compare(expected, 2, 1, 1).n_worse, 1);
    /* A run that is missing, one that is new, and a scenario that was not played. */
    assert_int_equal(compare("s seeds runs 2 found 0/0 false 0 verdicts 0/0\n", 0, 0, 0).n_worse,
                     1);
    assert_int_equal(compare("", 1, 0, 0).n_new, 1);
    assert_int_equal(compare("t base runs 1 found 1/1 false 0 verdicts 0/0\n", 0, 0, 0).n_unasked,
                     1);
}

static void test_refused_expectations(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "s base runs 1 found 3/4 false 1\n",
        "s base runs 1 found 3/4 false 1 verdicts 0/0 more\n",
        "s nogroup runs 1 found 3/4 false 1 verdicts 0/0\n",
        "s base runs x found 3/4 false 1 verdicts 0/0\n",
        "s base runs 1 found 5/4 false 1 verdicts 0/0\n",
        "s base runs 1 found 3 false 1 verdicts 0/0\n",
        ("s base runs 1 found 3/4 false 1 verdicts 0/0\n"
         "s base runs 1 found 3/4 false 1 verdicts 0/0\n"),
    };
    struct iw_lab_score made;
    struct iw_lab_error error;
    struct iw_lab_expect_result result;
    make_score(&made, 0, 0, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        put(below("e.txt"), wrong[i]);
        assert_false(iw_lab_expect_compare(below("e.txt"), &made, (struct iw_lab_plan){0}, NULL,
                                           &result, &error));
    }
    assert_false(iw_lab_expect_compare(below("none"), &made, (struct iw_lab_plan){0}, NULL, &result,
                                       &error));
    iw_lab_score_done(&made);
}

static void test_digests(void **state)
{
    (void)state;
    uint64_t first = 0;
    uint64_t second = 0;
    put(below("scenarios/x"), "1");
    put(below("scenarios/y"), "2");
    assert_true(iw_lab_folder_digest(below("scenarios"), &first, NULL));
    put(below("scenarios/x"), "2");
    put(below("scenarios/y"), "1");
    assert_true(iw_lab_folder_digest(below("scenarios"), &second, NULL));
    assert_true(first != second);
    assert_false(iw_lab_folder_digest(below("nothing"), &second, NULL));
    put(below("a"), "run 1\nx\n");
    put(below("b"), "run 2\nx\n");
    assert_true(iw_lab_lines_digest(below("a"), "run", &first, NULL));
    assert_true(iw_lab_lines_digest(below("b"), "run", &second, NULL));
    assert_true(first == second);
    assert_true(iw_lab_lines_digest(below("b"), NULL, &second, NULL));
    assert_true(first != second);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_aids, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_seeds, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_quick_and_kept, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_failures, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_worse_by_command, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_wrong_use, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_spawn, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_expectations, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_refused_expectations, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_digests, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
