#include "iis/inventory/said_root.h"

#include "event/host.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* `C:\...` or `\\server\...`: a path of a server, not of this machine. */
static bool is_windows_path(struct iw_str path)
{
    if (path.n >= 3 && is_letter(path.p[0]) && path.p[1] == ':')
        return path.p[2] == '\\' || path.p[2] == '/';
    return path.n >= 3 && path.p[0] == '\\' && path.p[1] == '\\';
}

/* Names of hosts hold neither separators nor blanks. */
static bool is_host(struct iw_str host)
{
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] == '\\' || host.p[i] == '/' || host.p[i] == ' ')
            return false;
    }
    return host.n >= 2;
}

bool iw_said_root_read(struct iw_str text, struct iw_said_root *ret)
{
    const char *colon = text.n != 0 ? memchr(text.p, ':', text.n) : NULL;
    size_t at = colon != NULL ? (size_t)(colon - text.p) : 0;
    *ret = (struct iw_said_root){.host = IW_STR(""), .path = text};
    if (is_windows_path(text))
        return true;
    if (colon == NULL)
        return false;
    ret->host = (struct iw_str){text.p, at};
    ret->path = (struct iw_str){text.p + at + 1, text.n - at - 1};
    return is_host(ret->host) && is_windows_path(ret->path);
}

bool iw_said_root_is_of(const struct iw_said_root *root, struct iw_str host)
{
    return root->host.n == 0 || iw_str_equal_nocase(root->host, host) ||
           iw_str_equal_nocase(iw_host_label(root->host), host);
}
