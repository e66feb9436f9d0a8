/*
 * `iiswarden-lab generate` and `check` (see lab_generate.h).
 *
 * What it does: plays a scenario once without writing, so that every contradiction is found before
 * anything is made; then again with output. Copies of the farm are made one after the other, or in
 * one stream all together. What it ignores: how the parts do it.
 */
#include "lab/lab_generate.h"

#include "lab/act/lab_act.h"
#include "lab/evtx/lab_text.h"
#include "lab/generate/generate_tree.h"
#include "lab/lab_alloc.h"
#include "lab/lab_tree.h"
#include "lab/life/lab_life.h"
#include "lab/world/lab_agenda.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_BUFFER_BYTES ((size_t)256 * 1024)

/* ---- one world */

static bool play(struct iw_lab_world *world)
{
    struct iw_lab_output *output = world->options.output;
    bool is_own = world->options.copy_first == 0;
    bool ok = iw_lab_world_build(world) && iw_lab_acts_install(world) &&
              (!is_own || iw_lab_acts_schedule(world)) && iw_lab_life_schedule(world);
    bool has_files = ok && output != NULL && output->stream == NULL;
    for (size_t i = 0; has_files && ok && i < world->n_hosts; i++) {
        ok = iw_lab_tree_write_files(world->hosts[i], output->before, false) &&
             iw_lab_tree_write_registry(world->hosts[i], output->before, false);
    }
    if (ok && output != NULL && output->manifest != NULL) {
        iw_lab_manifest_begin(world);
    }
    ok = ok && iw_lab_world_run(world) &&
         (!is_own || (iw_lab_acts_check_seen(world) && iw_lab_acts_note_approved(world, NULL)));
    for (size_t i = 0; has_files && ok && i < world->n_hosts; i++) {
        ok = iw_lab_tree_write_files(world->hosts[i], output->evidence, true) &&
             iw_lab_tree_write_registry(world->hosts[i], output->evidence, true) &&
             iw_lab_tree_write_settings(world->hosts[i], output->evidence);
    }
    if (has_files && ok && is_own) {
        ok = iw_lab_tree_write_records(world, output->directory);
    }
    for (size_t i = 0; ok && output != NULL && i < world->n_hosts; i++) {
        ok = iw_lab_logs_close(world->hosts[i]);
    }
    if (ok && output != NULL && output->manifest != NULL) {
        iw_lab_manifest_end(world);
    }
    return ok;
}

static bool play_farms(const struct iw_lab_scenario *scenario,
                       const struct iw_lab_generate_options *options, unsigned first, unsigned end,
                       struct iw_lab_output *output, struct iw_lab_error *error)
{
    struct iw_lab_world_options world_options = {.seed = options->seed,
                                                 .jitter = (uint64_t)options->jitter_ns / 100,
                                                 .without = options->without,
                                                 .n_without = options->n_without,
                                                 .is_only_4688 = options->is_only_4688,
                                                 .copy_first = first,
                                                 .copy_end = end,
                                                 .output = output};
    struct iw_lab_world *world = iw_lab_world_new(scenario, &world_options, error);
    bool ok = play(world);
    iw_lab_world_free(world);
    return ok;
}

/* ---- folders */

/* README.txt: what this is, and what happens when. */
static bool write_about(const char *directory, const struct iw_lab_scenario *scenario,
                        struct iw_lab_error *error)
{
    const struct iw_lab_yaml *yaml = &scenario->yaml;
    char *text = NULL;
    size_t size_bytes = 0;
    FILE *out = open_memstream(&text, &size_bytes);
    fprintf(
        out,
        "Scenario %s\n\n%s\n\nevidence/        what was collected: give this folder to a "
        "detector\nbefore/          configuration and files before the story, for a "
        "baseline\n*.yml, trust.pem  where there: change records, estate and signers' root "
        "for a detector\nmanifest.ndjson  what happened, where it left traces, and what is true\n"
        "truth-lineage.ndjson  every process that started: by whom, under which logon and pool\n\n"
        "What happens (UTC; ! marks the attack), beside daily life:\n\n",
        scenario->name, iw_lab_yaml_text(yaml, &yaml->nodes[0], "about", ""));
    for (size_t i = 0; i < scenario->n_acts; i++) {
        const struct iw_lab_act *act = &scenario->acts[i];
        const struct iw_lab_yaml_node *detail = iw_lab_yaml_first(yaml, act->details);
        char time[32];
        iw_lab_text_print_time(act->time, time);
        time[10] = ' ';
        time[23] = '\0';
        fprintf(out, "%s %c %-16s", time, act->is_attack ? '!' : ' ', act->verb);
        for (; detail != NULL; detail = iw_lab_yaml_next(yaml, detail)) {
            if (detail->kind == IW_LAB_YAML_TEXT) {
                fprintf(out, " %s %s;", detail->key, detail->text);
            }
        }
        fputc('\n', out);
    }
    fclose(out);
    bool ok = iw_lab_tree_write_readme(directory, text, error);
    free(text);
    return ok;
}

/* Evidence of two runs in one folder would be nobody's. */
static bool is_fresh(const char *directory, struct iw_lab_error *error)
{
    DIR *folder = opendir(directory);
    size_t n = 0;
    if (folder == NULL) {
        return errno == ENOENT ||
               iw_lab_error_set(error, "%s: cannot open: %s", directory, strerror(errno));
    }
    while (readdir(folder) != NULL) {
        n++;
    }
    closedir(folder);
    return n <= 2 || /* . and .. */
           iw_lab_error_set(error, "%s is not empty: give a folder that is new", directory);
}

static bool close_file(FILE **file)
{
    bool ok = *file == NULL || fclose(*file) == 0;
    *file = NULL;
    return ok;
}

static bool generate_files(const struct iw_lab_generate_options *options,
                           const struct iw_lab_scenario *scenario, struct iw_lab_error *error)
{
    char evidence[PATH_MAX], before[PATH_MAX], manifest[PATH_MAX], lineage[PATH_MAX];
    struct iw_lab_output output = {
        .evidence = evidence, .before = before, .directory = options->output};
    unsigned n_farms = options->scale == 0 ? 1 : options->scale;
    if (strlen(options->output) + 32 > sizeof evidence) {
        return iw_lab_error_set(error, "path too long: %.200s", options->output);
    }
    snprintf(evidence, sizeof evidence, "%.*s/evidence", PATH_MAX - 32, options->output);
    snprintf(before, sizeof before, "%.*s/before", PATH_MAX - 32, options->output);
    snprintf(manifest, sizeof manifest, "%.*s/manifest.ndjson", PATH_MAX - 32, options->output);
    snprintf(lineage, sizeof lineage, "%.*s/truth-lineage.ndjson", PATH_MAX - 32, options->output);
    if (!is_fresh(options->output, error) || !write_about(options->output, scenario, error)) {
        return false;
    }
    char inside[PATH_MAX + 2]; /* before/ is there, also when there was nothing yet */
    snprintf(inside, sizeof inside, "%s/x", before);
    if (!iw_lab_tree_make_parents(inside, error)) {
        return false;
    }
    output.manifest = fopen(manifest, "wb");
    output.lineage = fopen(lineage, "wb");
    if (output.manifest == NULL || output.lineage == NULL) {
        (void)close_file(&output.manifest);
        (void)close_file(&output.lineage);
        return iw_lab_error_set(error, "%s: cannot create its files: %s", options->output,
                                strerror(errno));
    }
    bool ok = play_farms(scenario, options, 0, 1, &output, error);
    bool is_written = close_file(&output.manifest);
    if ((!close_file(&output.lineage) || !is_written) && ok) {
        ok = iw_lab_error_set(error, "%s: writing failed: %s", manifest, strerror(errno));
    }
    for (unsigned farm = 1; ok && farm < n_farms; farm++) {
        ok = play_farms(scenario, options, farm, farm + 1, &output, error);
    }
    return ok;
}

bool iw_lab_generate(const struct iw_lab_generate_options *options, struct iw_lab_error *error)
{
    struct iw_lab_scenario scenario;
    bool ok = iw_lab_scenario_read(&scenario, options->scenario,
                                   options->names == 0 ? 1 : options->names, error) &&
              play_farms(&scenario, options, 0, 1, NULL, error);
    if (ok && options->is_stream) {
        struct iw_lab_output output = {.evidence = "", .before = "", .stream = stdout};
        (void)setvbuf(stdout, NULL, _IOFBF, STREAM_BUFFER_BYTES);
        ok = play_farms(&scenario, options, 0, options->scale == 0 ? 1 : options->scale, &output,
                        error);
        if (fflush(stdout) != 0) {
            ok = iw_lab_error_set(error, "standard output: writing failed: %s", strerror(errno));
        }
    } else if (ok && options->output != NULL) {
        ok = generate_files(options, &scenario, error);
    }
    iw_lab_scenario_done(&scenario);
    return ok;
}
