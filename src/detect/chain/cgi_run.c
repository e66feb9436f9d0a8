/*
 * Sources: Microsoft's reference of handlers/add (scriptProcessor: the program and what it is told;
 * of CGI the first `%s` is the file, the second the query) and of fastCgi/application (fullPath,
 * arguments).
 */
#include "detect/chain/cgi_run.h"

#include "base/path_name.h"

static struct iw_str trim(struct iw_str text)
{
    while (text.n != 0 && text.p[0] == ' ')
        text = (struct iw_str){text.p + 1, text.n - 1};
    while (text.n != 0 && text.p[text.n - 1] == ' ')
        text.n--;
    return text;
}

/* What stands behind the program in a line that begins with it: `"C:\p\perl.exe" -T x`, and without
 * quotes, and under its name alone. */
static struct iw_str behind_program(struct iw_str line, struct iw_str name)
{
    line = trim(line);
    for (size_t at = 0; at + name.n <= line.n; at++) {
        struct iw_str rest = {line.p + at, line.n - at};
        if (!iw_str_begins_nocase(rest, name))
            continue;
        rest = (struct iw_str){rest.p + name.n, rest.n - name.n};
        if (rest.n != 0 && rest.p[0] == '"')
            rest = (struct iw_str){rest.p + 1, rest.n - 1};
        return trim(rest);
    }
    return IW_STR("");
}

/* The page that `%s` of a template stands for, in what the program was told. False: it was told
 * something else. */
static bool fits_template(struct iw_str wanted, struct iw_str told, struct iw_str *ret_page)
{
    size_t at = iw_str_find(wanted, IW_STR("%s")), n = 0;
    char end;
    *ret_page = IW_STR("");
    if (at == SIZE_MAX)
        return iw_str_equal_nocase(wanted, told);
    if (!iw_str_begins_nocase(told, (struct iw_str){wanted.p, at}))
        return false;
    end = at != 0 && wanted.p[at - 1] == '"' ? '"' : ' ';
    while (at + n < told.n && told.p[at + n] != end)
        n++;
    *ret_page = (struct iw_str){told.p + at, n};
    return n != 0;
}

static bool is_in_force(const struct iw_inventory_component *component)
{
    return !component->is_disabled && strcmp(component->state, "refused") != 0;
}

/* A handler that runs pages by CGI. */
static bool is_cgi_handler(const struct iw_inventory_component *component)
{
    return strcmp(component->kind, "handler") == 0 && is_in_force(component) &&
           iw_str_equal_nocase(iw_inventory_attribute(component, "modules"), IW_STR("CgiModule"));
}

static bool is_fast_cgi(const struct iw_inventory_component *component)
{
    return strcmp(component->kind, "fastCgi") == 0 && is_in_force(component);
}

/* Whether what an entry names was told what the entry says. */
static bool is_of_entry(const struct iw_inventory_component *component, struct iw_str name,
                        struct iw_str command_line, struct iw_str *ret_page)
{
    struct iw_str told = behind_program(command_line, name);
    *ret_page = IW_STR("");
    if (is_cgi_handler(component))
        return command_line.n == 0 ||
               fits_template(behind_program(component->image, name), told, ret_page);
    return is_fast_cgi(component) &&
           (command_line.n == 0 || iw_str_equal_nocase(trim(component->arguments), told));
}

static enum iw_rc is_page_of_site(const struct iw_web_state *state, struct iw_str page,
                                  struct iw_arena *scratch, bool *ret)
{
    bool no_memory = false;
    size_t root;
    *ret = page.n == 0 || iw_web_roots_of_file(state, page, scratch, &root, 1, &no_memory) != 0;
    return no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_cgi_run_read(const struct iw_inventory_server *server,
                           const struct iw_web_state *state, const struct iw_program *program,
                           struct iw_str image, struct iw_str command_line,
                           struct iw_arena *scratch, struct iw_cgi_run *ret)
{
    struct iw_str name = iw_path_name(image);
    *ret = (struct iw_cgi_run){false, IW_STR("")};
    if (server == NULL || program == NULL || program->kind != IW_PROGRAM_INTERPRETER)
        return IW_OK;
    for (size_t i = 0; i < server->n_components && !ret->is; i++) {
        const struct iw_inventory_component *component = &server->components[i];
        struct iw_str page;
        if (!iw_str_equal_nocase(component->image_path, image) ||
            !is_of_entry(component, name, command_line, &page))
            continue;
        IW_TRY(is_page_of_site(state, page, scratch, &ret->is));
        ret->page = page;
    }
    return IW_OK;
}
