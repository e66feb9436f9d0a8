/*
 * Where a file of a web server lies: which roots of the configuration reach it, and how sure that
 * is.
 */
#include "base/path_name.h"
#include "detect/chain/chain_state.h"
#include "detect/detect_text.h"
#include "iis/config/server_path.h"
#include "iis/web/web_defaults.h"

/* Whether it runs where it lies by an ordinary installation; else by a handler of some site alone,
 * which must then be that of the file. */
static bool is_usual_name(const struct iw_chain_file *file,
                          const struct iw_chain_settings *settings)
{
    struct iw_str name = iw_path_name(file->path);
    return iw_web_ending_of(name) != NULL || !iw_handled_names_has(&settings->handled, name);
}

/* Every root that reaches it, also those of sites above: the deepest alone does not say who serves
 * it. A root whose URL for it belongs to an application below does not. */
static enum iw_rc find_roots(struct iw_chains *chains, struct iw_chain_file *file,
                             const struct iw_web_state *state)
{
    bool is_handled = file->class == IW_WEB_FILE_SCRIPT && !is_usual_name(file, chains->settings);
    const struct iw_host_context *context = chains->context;
    const struct iw_inventory_server *server =
        is_handled && context->places != NULL ? iw_web_places_server(context->places, context->host)
                                              : NULL;
    file->n_roots = 0;
    file->has_more_roots = false;
    for (size_t i = 0; i < state->n_roots; i++) {
        struct iw_str url;
        if (state->keys[i].n == 0 || !iw_server_path_covers(state->keys[i], file->key))
            continue;
        url = iw_web_url_of_file(state, i, file->path, &chains->scratch);
        if (url.p == NULL)
            return IW_ENOMEM;
        if (url.n == 0 || (is_handled && !iw_handlers_run_url(server, state->roots[i].site, url)))
            continue;
        if (file->n_roots < IW_CHAIN_ROOTS)
            file->roots[file->n_roots++] = &state->roots[i];
        else
            file->has_more_roots = true;
    }
    return IW_OK;
}

static bool is_root_assumed(const struct iw_chain_file *file)
{
    for (size_t i = 0; i < file->n_roots; i++) {
        if (!file->roots[i]->is_assumed)
            return false;
    }
    return true;
}

enum iw_rc iw_chain_find_place(struct iw_chains *chains, struct iw_chain_file *file,
                               int64_t time_ns)
{
    const struct iw_host_context *context = chains->context;
    struct iw_web_state state = {.knowledge = IW_WEB_UNKNOWN, .is_partial = true};
    bool is_whole;

    if (context->places != NULL)
        state = iw_web_places_at(context->places, context->host, time_ns);
    IW_TRY(find_roots(chains, file, &state));
    is_whole = state.knowledge == IW_WEB_CONFIGURED && !state.is_partial && !file->is_path_assumed;
    file->place = IW_CHAIN_PLACE_NONE;
    if (file->n_roots != 0 && !is_root_assumed(file))
        file->place = is_whole ? IW_CHAIN_PLACE_CONFIGURED : IW_CHAIN_PLACE_ASSUMED;
    else if (iw_chain_list_covers(&chains->settings->web_roots, file->path))
        file->place = IW_CHAIN_PLACE_ASSUMED;
    else if (is_whole)
        return IW_OK; /* the configuration says that no site reaches it */
    else if (file->n_roots != 0 || (iw_web_folder_is_usual(file->path, chains->settings) &&
                                    is_usual_name(file, chains->settings)))
        file->place = IW_CHAIN_PLACE_USUAL;
    else if (file->class == IW_WEB_FILE_SCRIPT && is_usual_name(file, chains->settings) &&
             iw_path_writable_place(file->path) == NULL)
        file->place = IW_CHAIN_PLACE_POSSIBLE;
    return IW_OK;
}
