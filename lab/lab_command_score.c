/*
 * The command `iiswarden-lab score` (see lab_command_score.h).
 *
 * What it does: reads options, lists the scenarios, has them played in a folder of its own, judges
 * what they left in the order of their names, writes report and expectations. What it ignores: what
 * a scenario is; see lab/scenarios/README.md.
 */
#include "lab/lab_command_score.h"

#include "lab/lab_alloc.h"
#include "lab/score/score_count.h"
#include "lab/score/score_expect.h"
#include "lab/score/score_files.h"
#include "lab/score/score_jobs.h"
#include "lab/score/score_report.h"

#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".yml"
#define TIME_LIMIT_S 600
#define MAX_JOBS 64

enum option_id {
    OPTION_PROGRAM = 256,
    OPTION_QUICK,
    OPTION_SEEDS,
    OPTION_EXPECT,
    OPTION_WRITE,
    OPTION_JOBS,
    OPTION_KEEP
};

struct arguments {
    struct iw_lab_run_options run;
    const char *program;
    const char *report;
    const char *expect;
    const char *write_expect;
    const char *keep;
    unsigned n_jobs;
    char **paths;
    size_t n_paths;
};

/* Scenario files and their names without folder and ending, in byte order of the names. */
struct scenarios {
    struct iw_lab_words paths;
    struct iw_lab_words names;
};

void iw_lab_command_score_usage(FILE *stream)
{
    fputs("       iiswarden-lab score DIR|FILE... [--iiswarden PROGRAM] [--quick | --seeds N] [-o "
          "REPORT.md]\n"
          "                     [--expect FILE] [--write-expect FILE] [--jobs N] [--keep DIR]\n",
          stream);
}

static int wrong_use(const char *reason)
{
    if (reason != NULL) {
        fprintf(stderr, "iiswarden-lab: %s\n", reason);
    }
    fputs("usage:\n", stderr);
    iw_lab_command_score_usage(stderr);
    return 2;
}

static bool read_count(const char *text, unsigned max, unsigned *count)
{
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    *count = (unsigned)number;
    return *text >= '0' && *text <= '9' && errno == 0 && *end == '\0' && number >= 1 &&
           number <= max;
}

static bool read_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"iiswarden", required_argument, NULL, OPTION_PROGRAM},
        {"quick", no_argument, NULL, OPTION_QUICK},
        {"seeds", required_argument, NULL, OPTION_SEEDS},
        {"expect", required_argument, NULL, OPTION_EXPECT},
        {"write-expect", required_argument, NULL, OPTION_WRITE},
        {"jobs", required_argument, NULL, OPTION_JOBS},
        {"keep", required_argument, NULL, OPTION_KEEP},
        {NULL, 0, NULL, 0},
    };
    int id = 0;
    bool ok = true;
    optind = 0; /* the program may have read others before */
    while (ok && (id = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
        switch (id) {
        case 'o':
            arguments->report = optarg;
            break;
        case OPTION_PROGRAM:
            arguments->program = optarg;
            break;
        case OPTION_QUICK:
            arguments->run.plan.is_quick = true;
            break;
        case OPTION_SEEDS:
            ok = read_count(optarg, IW_LAB_MAX_SEEDS, &arguments->run.plan.n_seeds);
            break;
        case OPTION_EXPECT:
            arguments->expect = optarg;
            break;
        case OPTION_WRITE:
            arguments->write_expect = optarg;
            break;
        case OPTION_JOBS:
            ok = read_count(optarg, MAX_JOBS, &arguments->n_jobs);
            break;
        case OPTION_KEEP:
            arguments->keep = optarg;
            break;
        default:
            ok = false;
        }
    }
    /* Other chances are neither quick nor what expectations were written of. */
    bool is_seeds = arguments->run.plan.n_seeds > 0;
    ok = ok && !(is_seeds && (arguments->run.plan.is_quick || arguments->expect != NULL ||
                              arguments->write_expect != NULL));
    arguments->paths = argv + optind;
    arguments->n_paths = ok ? (size_t)(argc - optind) : 0;
    return ok;
}

/* The program given, else `iiswarden` beside this one, as an absolute path. */
static bool find_program(const char *given, char *out, struct iw_lab_error *error)
{
    char beside[PATH_MAX];
    if (given == NULL) {
        ssize_t length = readlink("/proc/self/exe", beside, sizeof beside - 1);
        if (length <= 0) {
            return iw_lab_error_set(error, "cannot tell where this program is: use --iiswarden");
        }
        beside[length] = '\0';
        char *slash = strrchr(beside, '/');
        size_t room = sizeof beside - (size_t)(slash + 1 - beside);
        if (snprintf(slash + 1, room, "iiswarden") >= (int)room) {
            return iw_lab_error_set(error, "path too long: %.200s", beside);
        }
        given = beside;
    }
    return (realpath(given, out) != NULL && access(out, X_OK) == 0) ||
           iw_lab_error_set(error, "%.300s: is no program: %s", given, strerror(errno));
}

static void scenarios_done(struct scenarios *scenarios)
{
    for (size_t i = 0; i < scenarios->paths.n; i++) {
        iw_lab_alloc_release((void *)(uintptr_t)scenarios->paths.items[i]);
        iw_lab_alloc_release((void *)(uintptr_t)scenarios->names.items[i]);
    }
    iw_lab_words_done(&scenarios->paths);
    iw_lab_words_done(&scenarios->names);
}

/* Puts a file in its place by name. */
static bool add_scenario(struct scenarios *scenarios, const char *path, struct iw_lab_error *error)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t length = strlen(base);
    size_t ending = strlen(ENDING);
    if (length <= ending || strcmp(base + length - ending, ENDING) != 0 ||
        strcspn(base, " \t\r\n") != length || base[0] == '#') {
        return iw_lab_error_set(error, "%.300s: a scenario is a file NAME%s", path, ENDING);
    }
    const char *name = iw_lab_alloc_text(base, length - ending);
    iw_lab_words_add(&scenarios->paths, iw_lab_alloc_text(path, strlen(path)));
    iw_lab_words_add(&scenarios->names, name);
    for (size_t i = scenarios->names.n - 1; i > 0; i--) {
        const char **names = scenarios->names.items + i - 1;
        const char **paths = scenarios->paths.items + i - 1;
        int order = strcmp(names[0], names[1]);
        if (order == 0) {
            return iw_lab_error_set(error, "there are two scenarios %.200s", name);
        }
        if (order < 0) {
            break;
        }
        const char *other_name = names[0];
        const char *other_path = paths[0];
        names[0] = names[1];
        paths[0] = paths[1];
        names[1] = other_name;
        paths[1] = other_path;
    }
    return true;
}

static bool add_folder(struct scenarios *scenarios, const char *path, struct iw_lab_error *error)
{
    bool ok = true;
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return iw_lab_error_set(error, "%.300s: cannot read: %s", path, strerror(errno));
    }
    const struct dirent *entry = NULL;
    while (ok && (entry = readdir(folder)) != NULL) {
        size_t length = strlen(entry->d_name);
        char file[PATH_MAX];
        if (length > strlen(ENDING) && entry->d_name[0] != '.' &&
            strcmp(entry->d_name + length - strlen(ENDING), ENDING) == 0) {
            ok = iw_lab_path_join(file, sizeof file, path, entry->d_name, error) &&
                 add_scenario(scenarios, file, error);
        }
    }
    closedir(folder);
    return ok;
}

static bool list_scenarios(const struct arguments *arguments, struct scenarios *scenarios,
                           struct iw_lab_error *error)
{
    bool ok = true;
    for (size_t i = 0; ok && i < arguments->n_paths; i++) {
        const char *path = arguments->paths[i];
        struct stat status;
        if (stat(path, &status) != 0) {
            ok = iw_lab_error_set(error, "%.300s: %s", path, strerror(errno));
        } else {
            ok = S_ISDIR(status.st_mode) ? add_folder(scenarios, path, error)
                                         : add_scenario(scenarios, path, error);
        }
    }
    return ok && (scenarios->names.n > 0 || iw_lab_error_set(error, "there is no scenario"));
}

/* The folder to play in: that of --keep, which must be new or empty, or a temporary one. */
static bool make_work_folder(const char *keep, char *out, struct iw_lab_error *error)
{
    char made[PATH_MAX];
    if (keep == NULL) {
        const char *parent = getenv("TMPDIR");
        parent = parent != NULL && *parent != '\0' ? parent : P_tmpdir;
        return iw_lab_path_join(made, sizeof made, parent, "iiswarden-score-XXXXXX", error) &&
               ((mkdtemp(made) != NULL && realpath(made, out) != NULL) ||
                iw_lab_error_set(error, "%.300s: cannot make folder: %s", made, strerror(errno)));
    }
    if (rmdir(keep) != 0 && errno != ENOENT) {
        return iw_lab_error_set(error, "--keep %.300s: must be a new or empty folder: %s", keep,
                                strerror(errno));
    }
    return iw_lab_folder_make(keep, error) &&
           (realpath(keep, out) != NULL ||
            iw_lab_error_set(error, "%.300s: %s", keep, strerror(errno)));
}

static bool write_report(const struct arguments *arguments, const struct iw_lab_score *score,
                         struct iw_lab_error *error)
{
    if (arguments->report == NULL) {
        iw_lab_report_write(stdout, score, arguments->run.plan);
        return fflush(stdout) == 0 || iw_lab_error_set(error, "writing failed");
    }
    FILE *stream = fopen(arguments->report, "wb");
    if (stream == NULL) {
        return iw_lab_error_set(error, "%.300s: cannot write: %s", arguments->report,
                                strerror(errno));
    }
    iw_lab_report_write(stream, score, arguments->run.plan);
    bool ok = ferror(stream) == 0;
    ok = fclose(stream) == 0 && ok;
    return ok || iw_lab_error_set(error, "%.300s: writing failed", arguments->report);
}

/* One line on standard error; true when every run was judged. */
static bool tell_sum(const struct iw_lab_score *score)
{
    static const struct iw_lab_filter all = {0};
    struct iw_lab_counts counts = iw_lab_count(score, &all);
    fprintf(stderr,
            "%zu runs judged, %zu same as written, %zu not made, detector failed in %zu: found "
            "%zu of %zu, %zu false, verdicts right %zu of %zu\n",
            counts.n_judged, counts.n_same, counts.n_not_made, counts.n_failed, counts.n_found,
            iw_lab_counts_due(&counts), counts.n_false, counts.n_right,
            iw_lab_counts_asked(&counts));
    return counts.n_not_made + counts.n_failed == 0;
}

/* Reads the old expectations before it writes new ones: both may be the same file. */
static bool look_at_expectations(const struct arguments *arguments,
                                 const struct iw_lab_score *score, struct iw_lab_error *error)
{
    bool ok = true;
    if (arguments->expect != NULL) {
        struct iw_lab_expect_result result;
        ok = iw_lab_expect_compare(arguments->expect, score, arguments->run.plan, stderr, &result,
                                   error);
        if (ok) {
            fprintf(stderr, "%s: %zu worse, %zu better, %zu new, %zu not asked for\n",
                    arguments->expect, result.n_worse, result.n_better, result.n_new,
                    result.n_unasked);
            ok = result.n_worse == 0 || iw_lab_error_set(error, "it got worse than expected");
        }
    }
    if (arguments->write_expect != NULL) {
        struct iw_lab_error *unless_told = ok ? error : NULL;
        ok = iw_lab_expect_write(arguments->write_expect, score, unless_told) && ok;
    }
    return ok;
}

static bool play_and_judge(const struct arguments *arguments, const struct scenarios *scenarios,
                           const char *folder, struct iw_lab_error *error)
{
    struct iw_lab_score score = {0};
    bool ok = iw_lab_run_all(&arguments->run, &scenarios->paths, &scenarios->names, folder,
                             arguments->n_jobs, error);
    for (size_t i = 0; ok && i < scenarios->names.n; i++) {
        char path[PATH_MAX];
        ok = iw_lab_path_join(path, sizeof path, folder, scenarios->names.items[i], error);
        if (ok) {
            iw_lab_score_gather(&score, scenarios->names.items[i], path, arguments->run.plan);
        }
    }
    if (ok) {
        bool is_whole = tell_sum(&score);
        ok = write_report(arguments, &score, error) &&
             look_at_expectations(arguments, &score, error) &&
             (is_whole || iw_lab_error_set(error, "not every run could be judged"));
    }
    iw_lab_score_done(&score);
    return ok;
}

int iw_lab_command_score(int argc, char **argv, iw_lab_generate_function *generate)
{
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct arguments arguments = {.run = {.generate = generate, .time_limit_s = TIME_LIMIT_S},
                                  .n_jobs = n_processors < 1          ? 1
                                            : n_processors > MAX_JOBS ? MAX_JOBS
                                                                      : (unsigned)n_processors};
    struct scenarios scenarios = {0};
    struct iw_lab_error error = {.text = "unknown reason"};
    char program[PATH_MAX];
    char folder[PATH_MAX];
    if (!read_arguments(argc, argv, &arguments)) {
        return wrong_use("score: an option is unknown or its value does not fit");
    }
    if (arguments.n_paths == 0) {
        return wrong_use("score: scenarios or their folder are needed");
    }
    bool ok = find_program(arguments.program, program, &error) &&
              list_scenarios(&arguments, &scenarios, &error) &&
              make_work_folder(arguments.keep, folder, &error);
    if (ok) {
        arguments.run.program = program;
        arguments.run.is_kept = arguments.keep != NULL;
        ok = play_and_judge(&arguments, &scenarios, folder, &error);
        if (arguments.keep == NULL) {
            iw_lab_folder_remove(folder);
        }
    }
    if (!ok) {
        fprintf(stderr, "iiswarden-lab: %s\n", error.text);
    }
    scenarios_done(&scenarios);
    return ok ? 0 : 1;
}
