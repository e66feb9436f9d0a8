/*
 * The manifest of a run: one JSON object a line (iiswarden.lab/1; members in lab/score/README.md).
 */
#include "lab/evtx/lab_text.h"
#include "lab/generate/generate_tree.h"

#include <inttypes.h>
#include <string.h>

void iw_lab_manifest_text(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(stream, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(stream, "\\u%04x", c);
        } else {
            fputc(c, stream);
        }
    }
    fputc('"', stream);
}

static void put_member(FILE *stream, const char *key, const char *text)
{
    if (text != NULL) {
        fprintf(stream, ",\"%s\":", key);
        iw_lab_manifest_text(stream, text);
    }
}

static void put_time(FILE *stream, const char *key, uint64_t filetime)
{
    char text[32];
    iw_lab_text_print_time(filetime, text);
    put_member(stream, key, text);
}

static void put_list(FILE *stream, const struct iw_lab_yaml *yaml, const char *key,
                     const struct iw_lab_yaml_node *list)
{
    const struct iw_lab_yaml_node *item = iw_lab_yaml_first(yaml, list);
    fprintf(stream, ",\"%s\":[", key);
    for (const char *comma = ""; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        fputs(comma, stream);
        iw_lab_manifest_text(stream, item->text);
        comma = ",";
    }
    fputc(']', stream);
}

void iw_lab_output_trace(struct iw_lab_output *output, const struct iw_lab_trace *trace)
{
    FILE *stream = output->manifest;
    fputs("{\"type\":\"trace\"", stream);
    put_member(stream, "act", trace->act);
    put_member(stream, "host", trace->host);
    put_member(stream, "source", trace->source);
    if (trace->channel != NULL) {
        put_member(stream, "channel", trace->channel);
        fprintf(stream, ",\"event_id\":%u,\"record_id\":%" PRIu64, trace->event_id,
                trace->record_id);
    }
    if (trace->line > 0) {
        fprintf(stream, ",\"line\":%" PRIu64, trace->line);
    }
    put_member(stream, "file", trace->path);
    if (trace->kind != NULL) {
        fputs(",\"component\":{\"kind\":", stream);
        iw_lab_manifest_text(stream, trace->kind);
        put_member(stream, "name", trace->name);
        put_member(stream, "image", trace->image);
        fputc('}', stream);
    }
    put_member(stream, "link", trace->link);
    put_time(stream, "time", trace->filetime);
    fputs("}\n", stream);
}

static void put_hosts(const struct iw_lab_world *world, const char *key, bool is_web_only)
{
    FILE *stream = world->options.output->manifest;
    const char *comma = "";
    fprintf(stream, ",\"%s\":[", key);
    for (size_t i = 0; i < world->n_hosts; i++) {
        if (!is_web_only || world->hosts[i]->is_web) {
            fputs(comma, stream);
            iw_lab_manifest_text(stream, world->hosts[i]->name);
            comma = ",";
        }
    }
    fputc(']', stream);
}

void iw_lab_manifest_begin(const struct iw_lab_world *world)
{
    FILE *stream = world->options.output->manifest;
    const struct iw_lab_scenario *s = world->scenario;
    size_t n_web = 0;
    for (size_t i = 0; i < world->n_hosts; i++) {
        n_web += world->hosts[i]->is_web;
    }
    fputs("{\"type\":\"run\",\"schema\":\"iiswarden.lab/1\",\"synthetic\":true", stream);
    put_member(stream, "scenario", s->name);
    put_member(stream, "family", s->family);
    put_list(stream, &s->yaml, "shows", s->shows);
    fprintf(stream, ",\"seed\":%" PRIu64 ",\"names\":%u,\"jitter\":\"%" PRIu64 "ms\"",
            world->random.state, s->names_index, world->options.jitter / IW_LAB_MILLISECOND);
    fputs(",\"without\":[", stream);
    for (size_t i = 0; i < world->options.n_without; i++) {
        fputs(i == 0 ? "" : ",", stream);
        iw_lab_manifest_text(stream, world->options.without[i]);
    }
    fprintf(stream, "],\"only_4688\":%s", world->options.is_only_4688 ? "true" : "false");
    put_time(stream, "from", s->from);
    put_time(stream, "to", s->to);
    put_hosts(world, "hosts", false);
    put_hosts(world, "web_hosts", true);
    fprintf(stream, ",\"server_days\":%.4f}\n",
            (double)n_web * (double)(s->to - s->from) / (double)IW_LAB_SECOND / 86400);
    for (size_t i = 0; i < s->n_acts; i++) {
        const struct iw_lab_act *act = &s->acts[i];
        fputs("{\"type\":\"act\"", stream);
        put_member(stream, "id", act->id);
        put_member(stream, "list", act->is_attack ? "attack" : "acts");
        put_member(stream, "verb", act->verb);
        put_member(stream, "host", act->host == NULL ? world->hosts[0]->name : act->host);
        put_time(stream, "time", act->time);
        fprintf(stream, ",\"line\":%u}\n", act->line);
    }
}

/* ---- truth */

/* Under which aids of the detector it is true. */
static void put_aids(FILE *stream, const struct iw_lab_yaml *yaml,
                     const struct iw_lab_yaml_node *node)
{
    static const char *const keys[] = {"with", "without"};
    for (size_t i = 0; i < 2; i++) {
        const struct iw_lab_yaml_node *list = iw_lab_yaml_get(yaml, node, keys[i]);
        if (list != NULL) {
            put_list(stream, yaml, keys[i], list);
        }
    }
}

/* Was a source taken away without which it is not asked for? */
static bool is_unasked(const struct iw_lab_world *world, const struct iw_lab_yaml_node *node)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *item =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, node, "unless"));
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        for (size_t i = 0; i < world->options.n_without; i++) {
            if (strcmp(world->options.without[i], item->text) == 0) {
                return true;
            }
        }
        if (world->options.is_only_4688) {
            return true;
        }
    }
    return false;
}

/* What it says beside the acts it is about. */
static void put_told(FILE *stream, const struct iw_lab_yaml *yaml,
                     const struct iw_lab_yaml_node *node)
{
    static const char *const lists[] = {"links", "tells", "blind", "attack", "attack_not"};
    static const char *const flags[] = {"partial", "once"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct iw_lab_yaml_node *list = iw_lab_yaml_get(yaml, node, lists[i]);
        if (list != NULL) {
            put_list(stream, yaml, lists[i], list);
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        const char *flag = iw_lab_yaml_text(yaml, node, flags[i], NULL);
        if (flag != NULL) {
            fprintf(stream, ",\"%s\":%s", flags[i], flag);
        }
    }
}

static void put_must(const struct iw_lab_world *world, const struct iw_lab_yaml_node *node)
{
    FILE *stream = world->options.output->manifest;
    const struct iw_lab_scenario *s = world->scenario;
    const struct iw_lab_yaml *yaml = &s->yaml;
    const struct iw_lab_yaml_node *acts = iw_lab_yaml_get(yaml, node, "acts");
    const struct iw_lab_yaml_node *enough = iw_lab_yaml_get(yaml, node, "enough");
    const struct iw_lab_yaml_node *shows = iw_lab_yaml_get(yaml, node, "shows");
    const struct iw_lab_act *first = iw_lab_scenario_act(s, iw_lab_yaml_first(yaml, acts)->text);
    if (is_unasked(world, node)) {
        return;
    }
    fputs("{\"type\":\"must\"", stream);
    put_member(stream, "finding", iw_lab_yaml_text(yaml, node, "finding", ""));
    put_member(stream, "analytic", iw_lab_yaml_text(yaml, node, "analytic", ""));
    put_member(stream, "host",
               iw_lab_yaml_text(yaml, node, "host",
                                first->host == NULL ? world->hosts[0]->name : first->host));
    put_list(stream, yaml, "acts", acts);
    if (enough != NULL) {
        put_list(stream, yaml, "enough", enough);
    }
    put_member(stream, "level", iw_lab_yaml_text(yaml, node, "level", "medium"));
    put_member(stream, "at_most", iw_lab_yaml_text(yaml, node, "at_most", NULL));
    put_member(stream, "change", iw_lab_yaml_text(yaml, node, "change", NULL));
    put_aids(stream, yaml, node);
    put_told(stream, yaml, node);
    put_list(stream, yaml, "shows", shows != NULL ? shows : s->shows);
    fprintf(stream, ",\"line\":%u}\n", node->line);
}

static void put_acts(const struct iw_lab_world *world, const char *type)
{
    FILE *stream = world->options.output->manifest;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *item =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, type));
    for (; item != NULL; item = iw_lab_yaml_next(yaml, item)) {
        fprintf(stream, "{\"type\":\"%s\"", type);
        put_member(stream, "act",
                   item->kind == IW_LAB_YAML_MAP ? iw_lab_yaml_text(yaml, item, "act", "")
                                                 : item->text);
        put_aids(stream, yaml, item);
        fputs("}\n", stream);
    }
}

static void put_aparts(const struct iw_lab_world *world)
{
    FILE *stream = world->options.output->manifest;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, "apart"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        if (!is_unasked(world, node)) {
            fputs("{\"type\":\"apart\"", stream);
            put_list(stream, yaml, "acts", iw_lab_yaml_get(yaml, node, "acts"));
            fprintf(stream, ",\"line\":%u}\n", node->line);
        }
    }
}

/* The verdict of the first source that was taken away and says one; else the scenario's. */
static const char *verdict_of(const struct iw_lab_world *world, const char *host,
                              const char *analytic)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *truth = world->scenario->truth;
    const struct iw_lab_yaml_node *without = iw_lab_yaml_get(yaml, truth, "without");
    for (size_t i = 0; i < world->options.n_without; i++) {
        const struct iw_lab_yaml_node *source =
            iw_lab_yaml_get(yaml, without, world->options.without[i]);
        const char *text =
            iw_lab_yaml_text(yaml, iw_lab_yaml_get(yaml, source, host), analytic, NULL);
        if (source == NULL) {
            return NULL; /* the scenario does not say */
        }
        if (text != NULL) {
            return text;
        }
    }
    if (world->options.is_only_4688) {
        return NULL;
    }
    return iw_lab_yaml_text(yaml,
                            iw_lab_yaml_get(yaml, iw_lab_yaml_get(yaml, truth, "coverage"), host),
                            analytic, NULL);
}

/* Which links nothing shows: said of the evidence as it is, not of what was taken away. And what no
 * event could show. */
static void put_blind(const struct iw_lab_world *world, const char *host, const char *analytic)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *blind = iw_lab_yaml_get(yaml, world->scenario->truth, "blind");
    const struct iw_lab_yaml_node *links =
        iw_lab_yaml_get(yaml, iw_lab_yaml_get(yaml, blind, host), analytic);
    if (links != NULL && world->options.n_without == 0 && !world->options.is_only_4688) {
        put_list(world->options.output->manifest, yaml, "blind", links);
    }
    links = iw_lab_yaml_get(
        yaml, iw_lab_yaml_get(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, "beyond"), host),
        analytic);
    if (links != NULL) {
        put_list(world->options.output->manifest, yaml, "beyond", links);
    }
}

static void put_verdicts(const struct iw_lab_world *world)
{
    static const char *const analytics[] = {"AN0184", "AN1108"};
    FILE *stream = world->options.output->manifest;
    for (size_t i = 0; i < world->n_hosts; i++) {
        for (size_t k = 0; k < 2; k++) {
            const char *host = world->hosts[i]->name;
            const char *verdict = verdict_of(world, host, analytics[k]);
            if (verdict != NULL) {
                fputs("{\"type\":\"coverage\"", stream);
                put_member(stream, "host", host);
                put_member(stream, "analytic", analytics[k]);
                put_member(stream, "verdict", verdict);
                put_blind(world, host, analytics[k]);
                fputs("}\n", stream);
            }
        }
    }
}

static void put_process(FILE *stream, const char *key, const struct iw_lab_process *process)
{
    if (process != NULL) {
        fprintf(stream, ",\"%s\":{\"key\":", key);
        iw_lab_manifest_text(stream, process->key == NULL ? "" : process->key);
        put_member(stream, "guid", process->guid);
        put_member(stream, "pid", process->pid);
        put_member(stream, "image", process->image);
        put_member(stream, "logon_id", process->session->logon_id);
        put_member(stream, "user", process->session->user);
        put_member(stream, "pool", process->pool == NULL ? NULL : process->pool->name);
        fputc('}', stream);
    }
}

/* Who belonged to whom: as claimed by the scenario, with the numbers of this run. Processes without
 * a key are gone; they are named as the scenario names them. */
static void put_context(const struct iw_lab_world *world)
{
    FILE *stream = world->options.output->manifest;
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, "context"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        const char *name = iw_lab_yaml_text(yaml, node, "process", "");
        for (size_t i = 0; i < world->n_hosts; i++) {
            struct iw_lab_process *process = iw_lab_host_process(world->hosts[i], name);
            if (process == NULL) {
                continue;
            }
            fputs("{\"type\":\"context\"", stream);
            put_member(stream, "host", world->hosts[i]->name);
            put_process(stream, "process", process);
            put_member(stream, "parent", iw_lab_yaml_text(yaml, node, "parent", NULL));
            put_member(stream, "session", iw_lab_yaml_text(yaml, node, "session", NULL));
            put_member(stream, "pool", iw_lab_yaml_text(yaml, node, "pool", NULL));
            fputs("}\n", stream);
        }
    }
}

void iw_lab_manifest_end(const struct iw_lab_world *world)
{
    const struct iw_lab_yaml *yaml = &world->scenario->yaml;
    const struct iw_lab_yaml_node *node =
        iw_lab_yaml_first(yaml, iw_lab_yaml_get(yaml, world->scenario->truth, "must"));
    for (; node != NULL; node = iw_lab_yaml_next(yaml, node)) {
        put_must(world, node);
    }
    put_acts(world, "may");
    put_acts(world, "must_not");
    put_aparts(world);
    put_verdicts(world);
    put_context(world);
}
