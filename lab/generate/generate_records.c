/*
 * What stands beside the evidence: change records, the estate, the root of the signers (see
 * generate_tree.h).
 *
 * What it does: DIR/changes.yml with times in UTC and hashes of files as an act left them,
 * DIR/estate.yml as the scenario has it, DIR/behaviour.txt with the span that is clean,
 * DIR/trust.pem when something is signed. Format: YAML, all texts in double quotes.
 */
#include "lab/evtx/lab_text.h"
#include "lab/generate/generate_tree.h"
#include "lab/lab_alloc.h"
#include "lab/sign/lab_sign.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define MAX_DEPTH 6U /* of what an estate holds */

static void put_list(FILE *out, const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *list)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    for (const char *before = "["; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        fputs(before, out);
        iw_lab_manifest_text(out, item->text);
        before = ", ";
    }
    fputs(list->n_children == 0 ? "[]\n" : "]\n", out);
}

static void put_map(FILE *out, const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *map)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, map);
    for (const char *before = "{"; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        fprintf(out, "%s%s: ", before, item->key);
        iw_lab_manifest_text(out, item->text);
        before = ", ";
    }
    fputs("}\n", out);
}

/* One clause of a record; hash is what its sha256 stands for. */
static void put_clause(FILE *out, const struct iw_lab_world *world,
                       const struct iw_lab_yaml_node *node, const char *hash)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    if (strcmp(node->key, "sha256") == 0) {
        fprintf(out, "%s\n", node->kind == IW_LAB_YAML_TEXT ? node->text : hash);
    } else if (iw_lab_yaml_is_word("from to expires", node->key)) {
        uint64_t time = 0;
        char text[32];
        iw_lab_scenario_read_time(world->scenario, node->text, &time);
        iw_lab_text_print_time(time, text);
        fprintf(out, "%.19sZ\n", text);
    } else if (node->kind == IW_LAB_YAML_LIST) {
        put_list(out, yaml, node);
    } else if (node->kind == IW_LAB_YAML_MAP) {
        put_map(out, yaml, node);
    } else {
        iw_lab_manifest_text(out, node->text);
        fputc('\n', out);
    }
}

static void put_changes(FILE *out, const struct iw_lab_world *world)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *record = iw_lab_yaml_first(yaml, world->scenario->changes);
    fputs("changes:\n", out);
    for (size_t i = 0; record != NULL; record = iw_lab_yaml_next(yaml, record), i++) {
        const struct iw_lab_yaml_node *clause = iw_lab_yaml_first(yaml, record);
        for (const char *before = "  - "; clause != NULL; clause = iw_lab_yaml_next(yaml, clause)) {
            fprintf(out, "%s%s: ", before, clause->key);
            put_clause(out, world, clause, world->approved[i]);
            before = "    ";
        }
    }
}

/* Maps and lists of any form, as JSON, which is YAML too. Walked with a stack of our own. */
static void put_any(FILE *out, const struct iw_lab_yaml *yaml, const struct iw_lab_yaml_node *root)
{
    const struct iw_lab_yaml_node *open[MAX_DEPTH + 1] = {root};
    const struct iw_lab_yaml_node *at = iw_lab_yaml_first(yaml, root);
    size_t depth = 0;
    fputs("{", out);
    for (;;) {
        if (at == NULL) { /* the innermost list or map ends */
            fputc(open[depth]->kind == IW_LAB_YAML_MAP ? '}' : ']', out);
            if (depth == 0) {
                break;
            }
            at = iw_lab_yaml_next(yaml, open[depth--]);
            fputs(at == NULL ? "" : ", ", out);
            continue;
        }
        if (at->key != NULL) {
            iw_lab_manifest_text(out, at->key);
            fputs(": ", out);
        }
        if (at->kind != IW_LAB_YAML_TEXT && depth < MAX_DEPTH) {
            fputc(at->kind == IW_LAB_YAML_MAP ? '{' : '[', out);
            open[++depth] = at;
            at = iw_lab_yaml_first(yaml, at);
            continue;
        }
        iw_lab_manifest_text(out, at->text);
        at = iw_lab_yaml_next(yaml, at);
        fputs(at == NULL ? "" : ", ", out);
    }
    fputc('\n', out);
}

static FILE *begin(struct iw_lab_world *world, const char *directory, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 32, directory, name);
    FILE *out = fopen(path, "wb");
    if (out == NULL) {
        iw_lab_world_fail(world, NULL, "%s: cannot create: %s", path, strerror(errno));
    }
    return out;
}

static bool end(struct iw_lab_world *world, FILE *out, const char *name)
{
    return fclose(out) == 0 || iw_lab_world_fail(world, NULL, "%s: writing failed", name);
}

/* behaviour.txt: since and until, in UTC. */
static bool write_span(struct iw_lab_world *world, const char *directory)
{
    char since[32], until[32];
    FILE *out = begin(world, directory, "behaviour.txt");
    if (out == NULL) {
        return false;
    }
    iw_lab_text_print_time(world->scenario->clean_from, since);
    iw_lab_text_print_time(world->scenario->clean_to, until);
    fprintf(out, "%.19sZ %.19sZ\n", since, until);
    return end(world, out, "behaviour.txt");
}

bool iw_lab_tree_write_records(struct iw_lab_world *world, const char *directory)
{
    if (world->scenario->changes != NULL) {
        FILE *out = begin(world, directory, "changes.yml");
        if (out == NULL) {
            return false;
        }
        put_changes(out, world);
        if (!end(world, out, "changes.yml")) {
            return false;
        }
    }
    if (world->scenario->estate != NULL) {
        FILE *out = begin(world, directory, "estate.yml");
        if (out == NULL) {
            return false;
        }
        put_any(out, &world->scenario->yaml, world->scenario->estate);
        if (!end(world, out, "estate.yml")) {
            return false;
        }
    }
    if (world->scenario->clean_to != 0 && !write_span(world, directory)) {
        return false;
    }
    if (world->has_signed) {
        FILE *out = begin(world, directory, "trust.pem");
        if (out == NULL) {
            return false;
        }
        char *text = iw_lab_sign_trust();
        fputs(text, out);
        iw_lab_alloc_release(text);
        return end(world, out, "trust.pem");
    }
    return true;
}
