/*
 * Former states of the configuration: what each held that the next newer one does not, and the
 * reverse. AppHostSvc copies applicationHost.config two minutes after a change and keeps the time
 * of the file, so that a copy's time is when that state was written, where the collection keeps
 * times.
 */
#include "iis/inventory/server_build.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "result/history_line.h"

/* Files that one program wrote at once have one time to so much. */
#define STAMP_NS (60 * IW_NS_PER_SECOND)

/* One state as sorted lines, each a component. */
struct state {
    const struct iw_collected_file *file;
    enum iw_config_part part;
    uint32_t number;
    struct iw_str *lines;
    size_t n;
    struct iw_inventory_root *roots;
    size_t n_roots;
};

static int compare_lines(const void *left, const void *right)
{
    const struct iw_str *a = left, *b = right;
    return iw_str_compare(*a, *b);
}

/* What a line is made of. */
struct naming {
    const char *kind;
    struct iw_str name, place, image, type, clsid;
};

static struct iw_str keep_line(struct iw_server_build *build, const struct naming *naming,
                               struct iw_str what)
{
    struct iw_str line = {NULL, 0};
    struct iw_buffer text;
    iw_buffer_init(&text);
    iw_history_line_write(iw_str_of(naming->kind), naming->name, naming->place, what, &text);
    if (!text.failed)
        line = iw_keep(build, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return line;
}

/* Kind, name, place and what is loaded, in normal form: spelling alone is no change. */
static struct iw_str line_of(struct iw_server_build *build, const struct naming *naming)
{
    struct iw_server_path path = {.path = IW_STR("")};
    struct iw_str what = naming->type.n != 0 ? naming->type : naming->clsid;
    if (naming->image.n != 0) {
        if (!iw_server_path_read(iw_build_program(naming->image), false, &build->work, &path))
            return (struct iw_str){NULL, 0};
        what = path.path;
    }
    return keep_line(build, naming, what);
}

static struct iw_str line_of_component(struct iw_server_build *build,
                                       const struct iw_component *component)
{
    const struct naming naming = {iw_component_kind_name(component->kind),
                                  component->name,
                                  component->place,
                                  component->image,
                                  component->type,
                                  component->clsid};
    return line_of(build, &naming);
}

/* History holds applicationHost.config alone: what stands in another file is in no state of it. */
static bool is_in_history(const struct iw_config *config, const struct iw_component *component)
{
    for (const struct iw_config_file *file = config->files; file != NULL; file = file->next) {
        if (iw_str_equal(file->tree.name, component->file))
            return file->role == IW_CONFIG_SERVER;
    }
    return true; /* named by configSource */
}

static enum iw_rc read_lines(struct iw_server_build *build, const struct iw_config *config,
                             struct state *state)
{
    struct iw_components components;
    IW_TRY(iw_components_read(config, &build->work, &components));
    state->lines = iw_arena_calloc(&build->work, components.n + 1, sizeof *state->lines);
    if (state->lines == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < components.n; i++) {
        if (components.items[i].scope == IW_COMPONENT_OF_WEB_CONFIG ||
            !is_in_history(config, &components.items[i]))
            continue;
        state->lines[state->n] = line_of_component(build, &components.items[i]);
        if (state->lines[state->n++].p == NULL)
            return IW_ENOMEM;
    }
    if (state->n != 0)
        qsort(state->lines, state->n, sizeof *state->lines, compare_lines);
    return IW_OK;
}

/* What the state served. Kept: the configuration is gone when the next state is read. */
static enum iw_rc read_roots(struct iw_server_build *build, const struct iw_config *config,
                             struct state *state)
{
    struct iw_server server;
    size_t n = 0;
    IW_TRY(iw_server_read(config, &build->work, &server));
    for (size_t s = 0; s < server.n_sites; s++) {
        for (size_t a = 0; a < server.sites[s].n_applications; a++)
            n += server.sites[s].applications[a].n_directories;
    }
    state->roots = iw_arena_calloc(&build->inventory->arena, n + 1, sizeof *state->roots);
    if (state->roots == NULL)
        return IW_ENOMEM;
    for (size_t s = 0; s < server.n_sites; s++) {
        const struct iw_server_site *site = &server.sites[s];
        for (size_t a = 0; a < site->n_applications; a++) {
            for (size_t d = 0; d < site->applications[a].n_directories; d++) {
                if (!iw_keep_root(build, site, &site->applications[a],
                                  &site->applications[a].directories[d],
                                  &state->roots[state->n_roots++]))
                    return IW_ENOMEM;
            }
        }
    }
    return IW_OK;
}

static enum iw_rc read_state(struct iw_server_build *build,
                             const struct iw_config_candidate *candidate, struct state *state)
{
    struct iw_config *config = iw_config_begin(build);
    enum iw_rc rc = IW_ENOMEM;
    *state = (struct state){.file = candidate->file,
                            .part = candidate->part,
                            .number = iw_config_history_number(candidate->file->key)};
    if (config != NULL)
        rc = iw_config_take(build, config, candidate->file, IW_CONFIG_SERVER, IW_STR(""));
    if (rc == IW_OK)
        rc = iw_config_settle(config);
    if (rc == IW_OK)
        rc = read_lines(build, config, state);
    if (rc == IW_OK && state->part != IW_CONFIG_PART_POOL)
        rc = read_roots(build, config, state);
    for (const struct iw_config_problem *at = config != NULL ? config->problems : NULL;
         rc == IW_OK && at != NULL; at = at->next) {
        if (at->kind == IW_CONFIG_PROBLEM_FILE)
            rc = iw_build_problem(build, "damaged", at->file, at->line, at->column, at->place,
                                  at->what);
    }
    iw_config_free(config);
    return rc;
}

/* --- comparing ------------------------------------------------------------------------------ */

/* The kind and name of a line, by which a removal and an addition are one change. */
static struct iw_str head_of(struct iw_str line)
{
    return iw_history_line_read(line).head;
}

static bool has_head(const struct iw_text_list *list, struct iw_str head)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_str_equal(head_of(list->items[i]), head))
            return true;
    }
    return false;
}

static enum iw_rc note(struct iw_server_build *build, struct iw_text_list *list, struct iw_str line)
{
    return iw_keep_line(build, list, line) ? IW_OK : IW_ENOMEM;
}

/* *older* against *newer*: lines only in the older one were removed since, the others added. */
static enum iw_rc compare(struct iw_server_build *build, const struct state *older,
                          const struct state *newer, struct iw_text_list *ret_gone,
                          struct iw_text_list *ret_come)
{
    size_t i = 0, k = 0;
    while (i < older->n || k < newer->n) {
        int order = i == older->n   ? 1
                    : k == newer->n ? -1
                                    : iw_str_compare(older->lines[i], newer->lines[k]);
        if (order < 0)
            IW_TRY(note(build, ret_gone, older->lines[i]));
        else if (order > 0)
            IW_TRY(note(build, ret_come, newer->lines[k]));
        i += order <= 0;
        k += order >= 0;
    }
    return IW_OK;
}

/* What is named in both lists by the same kind and name has changed. */
static enum iw_rc sort_out(struct iw_server_build *build, const struct iw_text_list *gone,
                           const struct iw_text_list *come, struct iw_inventory_version *version)
{
    for (size_t i = 0; i < gone->n; i++) {
        bool is_changed = has_head(come, head_of(gone->items[i]));
        IW_TRY(note(build, is_changed ? &version->changed : &version->added, gone->items[i]));
    }
    for (size_t i = 0; i < come->n; i++) {
        if (!has_head(gone, head_of(come->items[i])))
            IW_TRY(note(build, &version->removed, come->items[i]));
    }
    return IW_OK;
}

static int64_t time_of(const struct iw_server_build *build, const struct iw_collected_file *file)
{
    return build->collection->keeps_times ? file->file->modified_ns : IW_TIME_UNKNOWN;
}

/* What is in a copy is no newer than the copy, whether it keeps the file's time or was made then.
 * Not where most files have that time: then it is a stamp, which may be any. */
static int64_t copy_time_of(const struct iw_server_build *build,
                            const struct iw_collected_file *file)
{
    const struct iw_collection *collection = build->collection;
    int64_t own_ns = file->file->modified_ns;
    size_t n_same = 0;
    if (!iw_time_known(own_ns))
        return IW_TIME_UNKNOWN;
    for (size_t i = 0; i < collection->n; i++) {
        int64_t other_ns = collection->files[i].file->modified_ns;
        n_same += iw_time_known(other_ns) && other_ns / STAMP_NS == own_ns / STAMP_NS;
    }
    return 2 * n_same <= collection->n ? own_ns : IW_TIME_UNKNOWN;
}

static enum iw_rc tell(struct iw_server_build *build, const struct state *state,
                       const struct state *newer, struct iw_inventory_version *version)
{
    struct iw_text_list gone = {NULL, 0}, come = {NULL, 0};
    version->source = iw_keep(build, state->file->source);
    version->path = state->file->path;
    version->number = state->number;
    version->roots = state->roots;
    version->n_roots = state->n_roots;
    version->from_ns = time_of(build, state->file);
    version->until_ns = time_of(build, newer->file);
    if (state->part == IW_CONFIG_PART_POOL) /* holds what concerns one pool: less is no change */
        version->from_ns = version->until_ns = IW_TIME_UNKNOWN;
    if (version->source.p == NULL)
        return IW_ENOMEM;
    IW_TRY(compare(build, state, newer, &gone, &come));
    if (state->part == IW_CONFIG_PART_POOL)
        come.n = 0;
    return sort_out(build, &gone, &come, version);
}

/* --- first seen ----------------------------------------------------------------------------- */

static bool has_line(const struct state *state, struct iw_str line)
{
    return state->n != 0 && bsearch(&line, state->lines, state->n, sizeof line, compare_lines);
}

/* The oldest state of the history that has a component, going back without a gap. */
static enum iw_rc find_first(struct iw_server_build *build, const struct state *states, size_t n,
                             struct iw_inventory_component *row)
{
    const struct naming naming = {row->kind,  row->name, row->scope,
                                  row->image, row->type, row->clsid};
    struct iw_str line = line_of(build, &naming);
    const struct state *first = NULL;
    if (line.p == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n && states[i].part == IW_CONFIG_PART_HISTORY; i++) {
        if (!has_line(&states[i], line))
            break;
        first = &states[i];
    }
    if (first == NULL)
        return IW_OK;
    row->first_seen.time_ns = time_of(build, first->file);
    row->first_seen.by = IW_STR("configuration history");
    row->first_seen.source = iw_keep(build, first->file->source);
    return row->first_seen.source.p != NULL ? IW_OK : IW_ENOMEM;
}

/* What stands in a web.config, the registry or nowhere is in no history. */
static enum iw_rc find_all_first(struct iw_server_build *build, const struct state *states,
                                 size_t n)
{
    struct iw_inventory_component *rows = build->components.items;
    if (n == 0 || states[0].part != IW_CONFIG_PART_HISTORY)
        return IW_OK;
    for (size_t i = 0; i < build->components.n; i++) {
        if (iw_str_equal(rows[i].config_source, build->live->source))
            IW_TRY(find_first(build, states, n, &rows[i]));
    }
    return IW_OK;
}

/* --- all ------------------------------------------------------------------------------------ */

/* History newest first, then backups, then what was written for pools. */
static int compare_states(const void *left, const void *right)
{
    const struct state *a = left, *b = right;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    if (a->number != b->number)
        return a->number > b->number ? -1 : 1;
    return iw_str_compare(a->file->source, b->file->source);
}

static bool is_former(enum iw_config_part part)
{
    return part == IW_CONFIG_PART_HISTORY || part == IW_CONFIG_PART_BACKUP ||
           part == IW_CONFIG_PART_POOL;
}

static enum iw_rc read_states(struct iw_server_build *build, struct state *states, size_t *ret_n)
{
    size_t n_hidden = 0;
    for (size_t i = 0; i < build->n_configs; i++) {
        const struct iw_config_candidate *candidate = &build->configs[i];
        if (!is_former(candidate->part) || candidate->file->is_copy)
            continue;
        if (*ret_n == IW_LIMIT_INVENTORY_VERSIONS)
            n_hidden++;
        else
            IW_TRY(read_state(build, candidate, &states[(*ret_n)++]));
    }
    if (n_hidden == 0)
        return IW_OK;
    return iw_build_problem(
        build, "limit", IW_STR(""), 0, 0, IW_STR(""),
        iw_keep_format(build, "%zu more former configurations were not read", n_hidden));
}

enum iw_rc iw_build_versions(struct iw_server_build *build)
{
    struct iw_inventory_server *server = build->server;
    struct state *states, live = {.file = build->live};
    size_t n = 0;
    if (build->live == NULL || !build->takes_placed)
        return IW_OK;
    server->config_written_ns = time_of(build, build->live);
    server->config_copy_ns = copy_time_of(build, build->live);
    states = iw_arena_calloc(&build->work, IW_LIMIT_INVENTORY_VERSIONS, sizeof *states);
    if (states == NULL)
        return IW_ENOMEM;
    IW_TRY(read_lines(build, build->config, &live));
    IW_TRY(read_states(build, states, &n));
    if (n != 0)
        qsort(states, n, sizeof *states, compare_states);
    IW_TRY(find_all_first(build, states, n));
    server->versions = iw_arena_calloc(&build->inventory->arena, n + 1, sizeof *server->versions);
    if (server->versions == NULL)
        return IW_ENOMEM;
    server->n_versions = n;
    for (size_t i = 0; i < n; i++) {
        bool follows = i != 0 && states[i].part == IW_CONFIG_PART_HISTORY;
        IW_TRY(tell(build, &states[i], follows ? &states[i - 1] : &live, &server->versions[i]));
    }
    return IW_OK;
}
