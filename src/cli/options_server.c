#include "cli/options_server.h"

#include "cli/session.h"

void iw_server_options_of(const struct iw_arguments *arguments, struct iw_server_options *ret)
{
    ret->trust_paths = (const char *const *)arguments->trust.items;
    ret->n_trust_paths = arguments->trust.n;
    ret->yara_paths = (const char *const *)arguments->yara.items;
    ret->n_yara_paths = arguments->yara.n;
    ret->web_roots = (const char *const *)arguments->web_roots.items;
    ret->n_web_roots = arguments->web_roots.n;
    ret->change_paths = (const char *const *)arguments->changes.items;
    ret->n_change_paths = arguments->changes.n;
    ret->change_map_path = arguments->changes_map;
    ret->estate_path = arguments->estate;
}

/* `C:\...` or `\\server\...`: a path of the server, not of this machine. */
static bool is_windows_path(const char *path)
{
    bool has_drive = ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z')) &&
                     path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return has_drive || (path[0] == '\\' && path[1] == '\\' && path[2] != '\0');
}

static enum iw_rc check_web_roots(const struct iw_word_list *roots, struct iw_error *err)
{
    for (size_t i = 0; i < roots->n; i++) {
        if (!is_windows_path(roots->items[i]))
            return iw_error_set(err, IW_EUSAGE,
                                "--web-root %s: expected a path of the server, such as C:\\sites",
                                roots->items[i]);
    }
    return IW_OK;
}

static enum iw_rc check_path(const char *option, const char *path, struct iw_error *err)
{
    char *item = (char *)(uintptr_t)path;
    const struct iw_word_list list = {.items = &item, .n = path != NULL};
    return iw_session_check_paths(option, &list, err);
}

enum iw_rc iw_server_options_check(const struct iw_arguments *arguments, struct iw_error *err)
{
    IW_TRY(check_web_roots(&arguments->web_roots, err));
    IW_TRY(iw_session_check_paths("--trust", &arguments->trust, err));
    IW_TRY(iw_session_check_paths("--yara", &arguments->yara, err));
    IW_TRY(iw_session_check_paths("--changes", &arguments->changes, err));
    IW_TRY(check_path("--changes-map", arguments->changes_map, err));
    return check_path("--estate", arguments->estate, err);
}
