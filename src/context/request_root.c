#include "context/request_root.h"
#include "context/url_key.h"

#include "iis/web/web_defaults.h"

/* --- the site by its bindings --------------------------------------------------------------- */

/* `http *:80:www.contoso.com`, `https [::1]:443:`. Texts are borrowed. */
struct binding {
    struct iw_str address, host;
    uint64_t port;
};

static bool read_binding(struct iw_str text, struct binding *ret)
{
    const char *blank = text.n != 0 ? memchr(text.p, ' ', text.n) : NULL;
    struct iw_str protocol = {text.p, blank != NULL ? (size_t)(blank - text.p) : 0};
    struct iw_str rest;
    const char *host, *port;
    if (blank == NULL || (!iw_str_equal_nocase(protocol, IW_STR("http")) &&
                          !iw_str_equal_nocase(protocol, IW_STR("https"))))
        return false;
    rest = (struct iw_str){blank + 1, text.n - protocol.n - 1};
    host = rest.n != 0 ? memrchr(rest.p, ':', rest.n) : NULL;
    port = host != NULL && host != rest.p ? memrchr(rest.p, ':', (size_t)(host - rest.p)) : NULL;
    if (port == NULL)
        return false;
    ret->address = (struct iw_str){rest.p, (size_t)(port - rest.p)};
    if (ret->address.n > 1 && ret->address.p[0] == '[') /* of version 6 */
        ret->address = (struct iw_str){ret->address.p + 1, ret->address.n - 2};
    ret->host = (struct iw_str){host + 1, rest.n - (size_t)(host + 1 - rest.p)};
    return iw_str_to_u64((struct iw_str){port + 1, (size_t)(host - port) - 1}, &ret->port);
}

/* `www.contoso.com:8080` → `www.contoso.com`. */
static struct iw_str without_port(struct iw_str host)
{
    const char *colon = host.n != 0 ? memrchr(host.p, ':', host.n) : NULL;
    if (colon != NULL && host.p[host.n - 1] != ']')
        host.n = (size_t)(colon - host.p);
    return host;
}

/* How well a binding takes a request: 0, not at all; a name before an address. What the log does
 * not tell excludes nothing. */
static unsigned fit_of(const struct binding *binding, const struct iw_context_request *request)
{
    struct iw_str host = without_port(request->host);
    bool takes_all = binding->address.n == 0 || iw_str_equal(binding->address, IW_STR("*"));
    unsigned fit = 1;
    if (binding->port != request->port)
        return 0;
    if (!takes_all && request->address.n != 0) {
        if (!iw_str_equal_nocase(binding->address, request->address))
            return 0;
        fit += 1;
    }
    if (binding->host.n == 0 || host.n == 0)
        return fit;
    if (iw_str_equal_nocase(binding->host, host))
        return fit + 4;
    /* `*.contoso.com` */
    return binding->host.n > 2 && binding->host.p[0] == '*' &&
                   iw_str_ends_nocase(host,
                                      (struct iw_str){binding->host.p + 1, binding->host.n - 1})
               ? fit + 2
               : 0;
}

static unsigned fit_of_site(const struct iw_inventory_site *site,
                            const struct iw_context_request *request)
{
    unsigned best = 0;
    for (size_t i = 0; i < site->bindings.n; i++) {
        struct binding binding;
        unsigned fit =
            read_binding(site->bindings.items[i], &binding) ? fit_of(&binding, request) : 0;
        best = fit > best ? fit : best;
    }
    return best;
}

/* The one site that takes it; NULL: none, or it cannot be told which. A binding whose name or
 * address the log does not tell may be the better one, so without these all that fit are equal. */
static const struct iw_inventory_site *site_by_binding(const struct iw_inventory_server *server,
                                                       const struct iw_context_request *request)
{
    const struct iw_inventory_site *found = NULL;
    bool tells_all = request->host.n != 0 && request->address.n != 0;
    unsigned best = 0, n = 0;
    for (size_t i = 0; i < server->n_sites; i++) {
        unsigned fit = fit_of_site(&server->sites[i], request);
        if (fit == 0 || (tells_all && fit < best))
            continue;
        n = tells_all && fit > best ? 1 : n + 1;
        best = fit;
        found = &server->sites[i];
    }
    return n == 1 ? found : NULL;
}

static const struct iw_inventory_site *site_by_id(const struct iw_inventory_server *server,
                                                  uint64_t id)
{
    for (size_t i = 0; i < server->n_sites; i++) {
        if (server->sites[i].id == id)
            return &server->sites[i];
    }
    return NULL;
}

/* --- the file ------------------------------------------------------------------------------- */

/* Up to the first part that ends like a program: what follows is given to it. */
static struct iw_str without_path_info(struct iw_str url)
{
    for (size_t at = 0; at < url.n;) {
        const char *slash = memchr(url.p + at, '/', url.n - at);
        size_t end = slash != NULL ? (size_t)(slash - url.p) : url.n;
        if (iw_web_ending_of((struct iw_str){url.p + at, end - at}) != NULL)
            return (struct iw_str){url.p, end};
        at = end + 1;
    }
    return url;
}

enum iw_rc iw_request_root_find(const struct iw_web_state *state,
                                const struct iw_inventory_server *server,
                                const struct iw_context_request *request, int64_t time_ns,
                                struct iw_arena *arena, struct iw_request_root *ret)
{
    const struct iw_inventory_site *site = NULL;
    size_t root;
    enum iw_rc rc;

    struct iw_str url = iw_url_without_tickets(request->url, arena);

    if (url.p == NULL)
        return IW_ENOMEM;
    *ret = (struct iw_request_root){
        .site = IW_STR(""), .named = without_path_info(url), .file = IW_STR("")};
    if (server == NULL)
        return IW_OK;
    if (request->site_id != 0)
        site = site_by_id(server, request->site_id);
    else if (request->port != 0 && server->is_authoritative)
        site = site_by_binding(server, request);
    if (site == NULL)
        return IW_OK;
    ret->site = site->name;
    /* Ids and bindings are those of the live configuration; folders those of the moment. */
    ret->is_assumed = state->knowledge != IW_WEB_CONFIGURED || !iw_time_known(time_ns) ||
                      time_ns < server->config_written_ns;
    rc = iw_web_root_of_url(state, site->name, url, arena, &root);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    ret->root = &state->roots[root];
    ret->is_assumed |= ret->root->is_assumed;
    ret->file = iw_web_file_of_url(state, root, ret->named, arena);
    return ret->file.p != NULL ? IW_OK : IW_ENOMEM;
}
