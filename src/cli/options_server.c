#include "cli/options_server.h"

#include "cli/session.h"
#include "iis/inventory/said_root.h"

void iw_web_roots_of(const struct iw_arguments *arguments, struct iw_server_options *ret)
{
    ret->web_roots = (const char *const *)arguments->web_roots.items;
    ret->n_web_roots = arguments->web_roots.n;
}

void iw_server_options_of(const struct iw_arguments *arguments, struct iw_server_options *ret)
{
    ret->trust_paths = (const char *const *)arguments->trust.items;
    ret->n_trust_paths = arguments->trust.n;
    ret->yara_paths = (const char *const *)arguments->yara.items;
    ret->n_yara_paths = arguments->yara.n;
    iw_web_roots_of(arguments, ret);
    ret->change_paths = (const char *const *)arguments->changes.items;
    ret->n_change_paths = arguments->changes.n;
    ret->change_map_path = arguments->changes_map;
    ret->estate_path = arguments->estate;
}

enum iw_rc iw_web_roots_check(const struct iw_arguments *arguments, struct iw_error *err)
{
    const struct iw_word_list *roots = &arguments->web_roots;
    for (size_t i = 0; i < roots->n; i++) {
        struct iw_said_root root;
        if (!iw_said_root_read(iw_str_of(roots->items[i]), &root))
            return iw_error_set(
                err, IW_EUSAGE,
                "--web-root %s: expected a path of the server, such as C:\\sites or "
                "WEB01:C:\\sites",
                roots->items[i]);
    }
    return IW_OK;
}

enum iw_rc iw_server_options_check(const struct iw_arguments *arguments, struct iw_error *err)
{
    IW_TRY(iw_web_roots_check(arguments, err));
    IW_TRY(iw_session_check_paths("--trust", &arguments->trust, err));
    IW_TRY(iw_session_check_paths("--yara", &arguments->yara, err));
    IW_TRY(iw_session_check_paths("--changes", &arguments->changes, err));
    IW_TRY(iw_session_check_path("--changes-map", arguments->changes_map, err));
    return iw_session_check_path("--estate", arguments->estate, err);
}
