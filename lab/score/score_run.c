/*
 * One scenario, played (see score_run.h).
 *
 * What it does: the detector runs inside the variant's folder on `evidence`, so that no path of
 * this machine gets into its output. A variant whose evidence and truth are, byte for byte, those
 * of the base is not played again. What it ignores: what the detector says.
 */
#include "lab/score/score_run.h"

#include "lab/score/score_aid.h"
#include "lab/score/score_files.h"
#include "lab/score/score_spawn.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WRONG_USE 64
#define MAX_STATUS 7 /* bits: findings, losses, and one to come */
/* Where a run's coverage lies in its folder. */
#define COVERAGE_FILE "coverage.ndjson"
/* The line of a manifest that names the variant and so always differs. */
#define RUN_LINE "\"type\":\"run\""

static const char *const state_names[] = {"judged", "same", "not-made", "detector-failed",
                                          "not-answered"};
static const char *const coverage_names[] = {"answered", "no-option", "failed", "not-asked"};

/* What tells two runs apart. */
struct prints {
    uint64_t evidence;
    uint64_t truth;
};

bool iw_lab_run_folder(const char *folder, const struct iw_lab_variant *variant, char *out,
                       size_t size_bytes, struct iw_lab_error *error)
{
    if (!iw_lab_path_join(out, size_bytes, folder, variant->name, error)) {
        return false;
    }
    for (char *at = out + strlen(folder) + 1; *at != '\0'; at++) {
        *at = *at == ' ' || *at == ':' || *at == ',' ? '-' : *at;
    }
    return true;
}

static bool generate(const struct iw_lab_run_options *options, const char *scenario,
                     const struct iw_lab_variant *variant, const char *folder,
                     struct iw_lab_error *error)
{
    struct iw_lab_generate_options wanted = {.scenario = scenario,
                                             .output = folder,
                                             .seed = variant->seed,
                                             .names = variant->names,
                                             .jitter_ns = variant->jitter_ns,
                                             .without = &variant->without,
                                             .n_without = variant->without != NULL ? 1 : 0,
                                             .is_only_4688 = variant->is_only_4688,
                                             .scale = 1};
    return options->generate(&wanted, error);
}

static bool take_prints(const char *folder, struct prints *prints, struct iw_lab_error *error)
{
    char path[PATH_MAX];
    return iw_lab_path_join(path, sizeof path, folder, "evidence", error) &&
           iw_lab_folder_digest(path, &prints->evidence, error) &&
           iw_lab_path_join(path, sizeof path, folder, "manifest.ndjson", error) &&
           iw_lab_lines_digest(path, RUN_LINE, &prints->truth, error);
}

/* A step of the detector: its words, where its output goes. False: the reason is in status. */
static bool run_step(const struct iw_lab_run_options *options, const char *folder,
                     const char *const *words, const char *output, int *exit_status,
                     struct iw_lab_run_status *status)
{
    struct iw_lab_error error = {.text = ""};
    struct iw_lab_spawn spawn = {.program = options->program,
                                 .words = words,
                                 .folder = folder,
                                 .output = output,
                                 .log = "detector.log",
                                 .time_limit_s = options->time_limit_s};
    if (!iw_lab_spawn(&spawn, exit_status, &error)) {
        snprintf(status->reason, sizeof status->reason, "%s: %.480s", words[1], error.text);
        return false;
    }
    if (*exit_status > MAX_STATUS && *exit_status != WRONG_USE) {
        snprintf(status->reason, sizeof status->reason, "%s: exit status %d", words[1],
                 *exit_status);
        return false;
    }
    return true;
}

/* Runs the detector for something a hunt is to be given; one that does not know the words has not
 * answered. */
static bool make_aid(const struct iw_lab_run_options *options, const char *folder,
                     const char *const words[], const char *log, struct iw_lab_run_status *status)
{
    int exit_status = 0;
    if (!run_step(options, folder, words, log, &exit_status, status)) {
        return false;
    }
    if (exit_status == WRONG_USE) {
        status->state = IW_LAB_RUN_NOT_ANSWERED;
        return false;
    }
    return true;
}

/* The baseline of the servers as they were when the story began. True when there is one; else the
 * status says why. */
static bool make_baseline(const struct iw_lab_run_options *options, const char *folder,
                          struct iw_lab_run_status *status)
{
    static const char *const words[] = {"iiswarden", "baseline",      "create", "before",
                                        "-o",        "baseline.json", NULL};
    return make_aid(options, folder, words, "baseline.log", status);
}

/* The span in which the servers behaved as they should: two times in behaviour.txt. */
static bool read_span(const char *folder, char since[32], char until[32])
{
    char path[PATH_MAX];
    FILE *stream = iw_lab_path_join(path, sizeof path, folder, "behaviour.txt", NULL)
                       ? fopen(path, "rb")
                       : NULL;
    bool ok = stream != NULL && fscanf(stream, "%31s %31s", since, until) == 2;
    if (stream != NULL) {
        fclose(stream);
    }
    return ok;
}

/* The baseline of what the servers did in the span that is known to be clean; as make_baseline. */
static bool make_behaviour(const struct iw_lab_run_options *options, const char *folder,
                           struct iw_lab_run_status *status)
{
    char since[32], until[32];
    const char *const words[] = {"iiswarden",      "baseline", "create",  "evidence", "--behaviour",
                                 "--since",        since,      "--until", until,      "-o",
                                 "behaviour.json", NULL};
    if (!read_span(folder, since, until)) {
        snprintf(status->reason, sizeof status->reason, "behaviour.txt: no span");
        return false;
    }
    return make_aid(options, folder, words, "behaviour.log", status);
}

/* One run of the detector: findings go to its output, coverage, where it is asked for, to a file.
 */
static bool run_hunt(const struct iw_lab_run_options *options, const char *folder, unsigned aids,
                     bool asks_coverage, int *exit_status, struct iw_lab_run_status *status)
{
    const char *words[18] = {"iiswarden", "hunt", "--format", "ndjson"};
    const struct iw_lab_aid_row *row = NULL;
    size_t n = 4;
    if (asks_coverage) {
        words[n++] = "--coverage";
        words[n++] = COVERAGE_FILE;
    }
    for (size_t i = 0; (row = iw_lab_aid_at(i)) != NULL; i++) {
        if ((aids & row->aid) != 0) {
            words[n++] = row->option;
            words[n++] = row->file;
        }
    }
    words[n] = "evidence";
    return run_step(options, folder, words, "findings.ndjson", exit_status, status);
}

/* Coverage is asked for in the same run, without aids only. A detector that does not know the
 * option is run once more without it. */
static bool hunt(const struct iw_lab_run_options *options, const char *folder, unsigned aids,
                 struct iw_lab_run_status *status)
{
    int exit_status = 0;
    if (!run_hunt(options, folder, aids, aids == 0, &exit_status, status)) {
        return false;
    }
    if (exit_status != WRONG_USE && aids == 0) {
        status->coverage = IW_LAB_COVERAGE_ANSWERED;
    } else if (aids == 0) {
        status->coverage = IW_LAB_COVERAGE_NO_OPTION;
        if (!run_hunt(options, folder, aids, false, &exit_status, status)) {
            return false;
        }
    }
    if (exit_status == WRONG_USE && aids != 0) {
        status->state = IW_LAB_RUN_NOT_ANSWERED;
        return false;
    }
    if (exit_status == WRONG_USE) {
        snprintf(status->reason, sizeof status->reason, "hunt: exit status %d", exit_status);
        return false;
    }
    status->state = IW_LAB_RUN_JUDGED;
    return true;
}

static void run_detector(const struct iw_lab_run_options *options, const char *folder,
                         unsigned aids, struct iw_lab_run_status *status)
{
    status->state = IW_LAB_RUN_DETECTOR_FAILED;
    status->coverage = aids != 0 ? IW_LAB_COVERAGE_NOT_ASKED : IW_LAB_COVERAGE_FAILED;
    if ((aids & IW_LAB_AID_BASELINE) != 0 && !make_baseline(options, folder, status)) {
        return;
    }
    if ((aids & IW_LAB_AID_BEHAVIOUR) != 0 && !make_behaviour(options, folder, status)) {
        return;
    }
    (void)hunt(options, folder, aids, status); /* what went wrong stands in the status */
}

/* Has generate made what the aids are made from? */
static bool has_aids(const char *folder, unsigned aids)
{
    const struct iw_lab_aid_row *row = NULL;
    char path[PATH_MAX];
    for (size_t i = 0; (row = iw_lab_aid_at(i)) != NULL; i++) {
        if ((aids & row->aid) != 0 &&
            (!iw_lab_path_join(path, sizeof path, folder, row->source, NULL) ||
             access(path, R_OK) != 0)) {
            return false;
        }
    }
    return true;
}

static void write_status(const char *folder, const struct iw_lab_run_status *status)
{
    char path[PATH_MAX];
    if (!iw_lab_path_join(path, sizeof path, folder, "status", NULL)) {
        return;
    }
    FILE *stream = fopen(path, "wb");
    if (stream != NULL) {
        fprintf(stream, "%s %s\n%s\n", state_names[status->state], coverage_names[status->coverage],
                status->reason);
        fclose(stream);
    }
}

static void remove_made(const char *folder)
{
    static const char *const made[] = {"evidence", "before"};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        char path[PATH_MAX];
        if (iw_lab_path_join(path, sizeof path, folder, made[i], NULL)) {
            iw_lab_folder_remove(path);
        }
    }
}

/* Plays one variant; base holds the prints of the first when is_base is false, else gets them. */
static void run_variant(const struct iw_lab_run_options *options, const char *scenario,
                        const struct iw_lab_variant *variant, const char *folder, bool is_base,
                        struct prints *base, struct iw_lab_run_status *status)
{
    struct iw_lab_error error = {.text = "unknown reason"};
    struct prints own = {0};
    *status = (struct iw_lab_run_status){.state = IW_LAB_RUN_NOT_MADE,
                                         .coverage = IW_LAB_COVERAGE_FAILED};
    if (!iw_lab_folder_make(folder, &error) ||
        !generate(options, scenario, variant, folder, &error) ||
        !take_prints(folder, &own, &error)) {
        snprintf(status->reason, sizeof status->reason, "%s", error.text);
    } else if (variant->aids != 0
                   ? !has_aids(folder, variant->aids)
                   : !is_base && own.evidence == base->evidence && own.truth == base->truth) {
        status->state = IW_LAB_RUN_SAME;
    } else {
        run_detector(options, folder, variant->aids, status);
    }
    if (!options->is_kept) {
        remove_made(folder);
    }
    if (is_base) {
        *base = own;
    }
}

void iw_lab_run_scenario(const struct iw_lab_run_options *options, const char *scenario,
                         const char *folder)
{
    struct iw_lab_run_status status = {.state = IW_LAB_RUN_JUDGED};
    struct prints base = {0};
    bool is_base_made = true;
    for (size_t i = 0;; i++) {
        const struct iw_lab_variant *variant = iw_lab_variant_at(i, options->plan);
        char path[PATH_MAX];
        if (variant == NULL || !iw_lab_run_folder(folder, variant, path, sizeof path, NULL)) {
            return;
        }
        if (is_base_made) {
            run_variant(options, scenario, variant, path, i == 0, &base, &status);
        } else {
            iw_lab_folder_make(path, NULL); /* its status is the base's */
        }
        write_status(path, &status);
        is_base_made = i == 0 ? status.state != IW_LAB_RUN_NOT_MADE : is_base_made;
    }
}

static bool find_word(const char *const *names, size_t n, const char *word, size_t *place)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], word) == 0) {
            *place = i;
            return true;
        }
    }
    return false;
}

void iw_lab_run_status_read(const char *variant_folder, struct iw_lab_run_status *status)
{
    char path[PATH_MAX];
    char line[64] = "";
    size_t state = 0;
    size_t coverage = 0;
    *status = (struct iw_lab_run_status){.state = IW_LAB_RUN_NOT_MADE,
                                         .coverage = IW_LAB_COVERAGE_FAILED,
                                         .reason = "was not played to its end"};
    FILE *stream = iw_lab_path_join(path, sizeof path, variant_folder, "status", NULL)
                       ? fopen(path, "rb")
                       : NULL;
    if (stream == NULL) {
        return;
    }
    if (fgets(line, sizeof line, stream) != NULL) {
        char *space = strchr(line, ' ');
        line[strcspn(line, "\n")] = '\0';
        if (space != NULL) {
            *space = '\0';
            if (find_word(state_names, sizeof state_names / sizeof state_names[0], line, &state) &&
                find_word(coverage_names, sizeof coverage_names / sizeof coverage_names[0],
                          space + 1, &coverage)) {
                status->state = (enum iw_lab_run_state)state;
                status->coverage = (enum iw_lab_coverage_state)coverage;
                status->reason[0] = '\0';
            }
        }
    }
    if (status->reason[0] == '\0' && fgets(status->reason, sizeof status->reason, stream) != NULL) {
        status->reason[strcspn(status->reason, "\n")] = '\0';
    }
    fclose(stream);
}
