/*
 * The web server itself wrote what decides which code an application runs: its web.config, and
 * libraries of its bin. With both a managed module or handler is registered without administrator
 * rights and without any event of the configuration system (domain.md §7.3). Where the files of the
 * application were collected, what they hold is judged, and the writing is told beside it; where
 * they were not, nothing but the writing is known.
 */
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"

/* What the server wrote below one root. */
struct written {
    struct iw_str configuration; /* the first path; empty: none */
    struct iw_str library;
    size_t n_configurations, n_libraries; /* paths */
};

static bool is_configuration(struct iw_str path)
{
    return iw_str_equal_nocase(iw_path_name(path), IW_STR("web.config"));
}

static bool is_library(struct iw_str path)
{
    return iw_str_ends_nocase(path, IW_STR(".dll")) &&
           iw_str_ends_nocase(iw_path_folder(path), IW_STR("\\bin"));
}

/* A worker, what descends from one, or whatever works as a pool's own account. */
static bool is_by_server(const struct iw_judging *judging, const struct iw_server_fact *fact)
{
    struct iw_act_trail trail;
    return iw_fact_is_of_server(fact) || (iw_ask_act(judging, fact, &trail) && trail.is_by_server);
}

/* The innermost root around a file: that of its application. n_roots: none. */
static size_t root_of(const struct iw_inventory_server *server, struct iw_str path)
{
    size_t best = server->n_roots;
    for (size_t i = 0; i < server->n_roots; i++) {
        if (iw_path_is_below(path, server->roots[i].path) &&
            (best == server->n_roots || server->roots[i].path.n > server->roots[best].path.n))
            best = i;
    }
    return best;
}

/* Twins of one path stand together. */
static void note(struct iw_str path, struct iw_str *first, size_t *n)
{
    if ((*n)++ == 0)
        *first = path;
}

static enum iw_rc say_library(struct iw_case *named, const struct written *written)
{
    if (written->n_libraries == 0)
        return IW_OK;
    IW_TRY(iw_case_path(named, written->library));
    return iw_case_line(named, &named->why,
                        "it wrote %zu %s into bin as well, the first %.*s: with both a module or "
                        "handler is registered without administrator rights",
                        written->n_libraries, written->n_libraries == 1 ? "library" : "libraries",
                        IW_STR_ARG(written->library));
}

static enum iw_rc judge(struct iw_judging *judging, const struct iw_inventory_root *root,
                        const struct written *written)
{
    struct iw_case *named = NULL;
    if (written->n_configurations == 0 || (root->is_collected && written->n_libraries == 0))
        return IW_OK; /* what was collected is judged by what it holds */
    if (root->is_collected)
        IW_TRY(iw_case_find_at(judging, written->library, &named));
    if (named != NULL) /* the library is told as a component */
        return IW_OK;
    named = iw_case_of_application(judging, root->path);
    IW_TRY(iw_case_say(named, root->is_collected ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Web server wrote the configuration of an application",
                       "the web server itself wrote %.*s, in which modules and handlers can be "
                       "registered",
                       IW_STR_ARG(written->configuration)));
    named->action = IW_ACT_MODIFY;
    named->is_by_server_weighed = true;
    IW_TRY(iw_case_path(named, written->configuration));
    if (written->n_configurations > 1)
        IW_TRY(iw_case_line(named, &named->why, "%zu more such files of that application",
                            written->n_configurations - 1));
    IW_TRY(say_library(named, written));
    if (root->is_collected)
        return iw_case_line(named, &named->why,
                            "what was collected of that application is judged by what it holds; "
                            "what it held then is not known");
    return iw_case_line(named, &named->blind,
                        "no file of that application is in evidence: what the web server wrote "
                        "into it is not known");
}

enum iw_rc iw_judge_server_wrote(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    const struct iw_fact_span *writes = &judging->facts[IW_FACT_FILE_WRITTEN];
    struct written *written = iw_arena_calloc(judging->arena, server->n_roots + 1, sizeof *written);
    struct iw_str last = IW_STR("");
    if (written == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < writes->n; i++) {
        const struct iw_server_fact *fact = &writes->items[i];
        bool is_config = is_configuration(fact->path);
        size_t at;
        if ((!is_config && !is_library(fact->path)) || iw_str_equal_nocase(fact->path, last) ||
            !is_by_server(judging, fact))
            continue;
        at = root_of(server, fact->path);
        if (at == server->n_roots)
            continue;
        last = fact->path;
        if (is_config)
            note(fact->path, &written[at].configuration, &written[at].n_configurations);
        else
            note(fact->path, &written[at].library, &written[at].n_libraries);
    }
    for (size_t i = 0; i < server->n_roots; i++)
        IW_TRY(judge(judging, &server->roots[i], &written[i]));
    return IW_OK;
}
