/*
 * One scenario, played (see score_run.h).
 *
 * What it does: the detector runs inside the variant's folder on `evidence`, so that no path of
 * this machine gets into its output. A variant whose evidence and truth are, byte for byte, those
 * of the base is not played again. What it ignores: what the detector says.
 */
#include "lab/score/score_run.h"

#include "lab/score/score_files.h"
#include "lab/score/score_spawn.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define WRONG_USE 64
#define MAX_STATUS 7 /* bits: findings, losses, and one to come */
/* The line of a manifest that names the variant and so always differs. */
#define RUN_LINE "\"type\":\"run\""

static const char *const state_names[] = {"judged", "same", "not-made", "detector-failed"};
static const char *const coverage_names[] = {"answered", "no-command", "failed"};

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
        *at = *at == ' ' || *at == ':' ? '-' : *at;
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

static void run_detector(const struct iw_lab_run_options *options, const char *folder,
                         struct iw_lab_run_status *status)
{
    static const char *const hunt[] = {"iiswarden", "hunt", "--format", "ndjson", "evidence", NULL};
    static const char *const coverage[] = {"iiswarden", "coverage", "--format",
                                           "ndjson",    "evidence", NULL};
    struct iw_lab_spawn spawn = {.program = options->program,
                                 .words = hunt,
                                 .folder = folder,
                                 .output = "findings.ndjson",
                                 .log = "detector.log",
                                 .time_limit_s = options->time_limit_s};
    struct iw_lab_error error = {.text = ""};
    int exit_status = 0;
    status->state = IW_LAB_RUN_DETECTOR_FAILED;
    status->coverage = IW_LAB_COVERAGE_FAILED;
    if (!iw_lab_spawn(&spawn, &exit_status, &error)) {
        snprintf(status->reason, sizeof status->reason, "hunt: %.480s", error.text);
        return;
    }
    if (exit_status > MAX_STATUS) {
        snprintf(status->reason, sizeof status->reason, "hunt: exit status %d", exit_status);
        return;
    }
    status->state = IW_LAB_RUN_JUDGED;
    spawn.words = coverage;
    spawn.output = "coverage.ndjson";
    if (!iw_lab_spawn(&spawn, &exit_status, &error)) {
        snprintf(status->reason, sizeof status->reason, "coverage: %.480s", error.text);
    } else if (exit_status == WRONG_USE) {
        status->coverage = IW_LAB_COVERAGE_NO_COMMAND;
    } else if (exit_status > MAX_STATUS) {
        snprintf(status->reason, sizeof status->reason, "coverage: exit status %d", exit_status);
    } else {
        status->coverage = IW_LAB_COVERAGE_ANSWERED;
    }
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
    } else if (!is_base && own.evidence == base->evidence && own.truth == base->truth) {
        status->state = IW_LAB_RUN_SAME;
    } else {
        run_detector(options, folder, status);
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
        const struct iw_lab_variant *variant = iw_lab_variant_at(i, options->is_quick);
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
            if (find_word(state_names, 4, line, &state) &&
                find_word(coverage_names, 3, space + 1, &coverage)) {
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
