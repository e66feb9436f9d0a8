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

/* What only ASP.NET and ASP run is a page of IIS or of none; so is what configures them. */
static bool may_be_of_other_server(const struct iw_chain_file *file)
{
    struct iw_str name = iw_path_name(file->path);
    const struct iw_web_ending *ending = iw_web_ending_of(name);
    if (ending != NULL)
        return ending->language != IW_WEB_LANGUAGE_ASP_NET &&
               ending->language != IW_WEB_LANGUAGE_ASP;
    return !iw_str_ends_nocase(name, IW_STR(".dll")) &&
           !iw_str_ends_nocase(name, IW_STR(".config"));
}

/* What the folder and the name say where no configuration does. */
static enum iw_chain_place usual_place(const struct iw_chain_file *file,
                                       const struct iw_chain_settings *settings)
{
    if (file->n_roots != 0 ||
        (iw_web_folder_is_usual(file->path, settings) && is_usual_name(file, settings)))
        return IW_CHAIN_PLACE_USUAL;
    return file->class == IW_WEB_FILE_SCRIPT && is_usual_name(file, settings) &&
                   iw_path_writable_place(file->path) == NULL
               ? IW_CHAIN_PLACE_POSSIBLE
               : IW_CHAIN_PLACE_NONE;
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
    file->is_beyond_iis = false;
    if (file->n_roots != 0 && !is_root_assumed(file))
        file->place = is_whole ? IW_CHAIN_PLACE_CONFIGURED : IW_CHAIN_PLACE_ASSUMED;
    else if (iw_chain_list_covers(&chains->settings->web_roots, file->path))
        file->place = IW_CHAIN_PLACE_ASSUMED;
    else if (!is_whole || may_be_of_other_server(file))
        file->place = usual_place(file, chains->settings);
    else
        file->place = IW_CHAIN_PLACE_NONE;
    /* The configuration says that no site reaches it: that is of IIS, and of no other server. */
    file->is_beyond_iis =
        is_whole && (file->place == IW_CHAIN_PLACE_USUAL || file->place == IW_CHAIN_PLACE_POSSIBLE);
    if (file->waiting.list != NULL &&
        (file->waiting.list == &chains->beyond) != file->is_beyond_iis)
        iw_chain_file_wait(chains, file);
    return IW_OK;
}
