/*
 * Which acts there are.
 *
 * A page of comments alone tests what is said of files. For the child of a worker there is no way
 * but to have a worker start something: the page does that with a fixed command that does nothing
 * (`cmd.exe /c rem`), takes nothing from the request, answers to the machine itself only, and is
 * removed at once. It is what a web shell looks like to every product, which is the point.
 *
 * The module is a copy of static.dll of that very server, so that no foreign code is brought; it is
 * registered without being enabled (/add:false), for one pool and for 64-bit workers only: in a
 * 32-bit one the same path means another file, and a worker that misses a module does not start.
 */
#include "coverage/canary_plan.h"

#include <stdio.h>

#include "base/arena_text.h"
#include "base/limits.h"
#include "base/script_quote.h"
#include "coverage/sysmon_rules.h"

#define STAMP_LENGTH 16U /* 20260105T100000Z */
#define APPCMD "& \"$env:SystemRoot\\System32\\inetsrv\\appcmd.exe\""
#define SET_STAMP "$stamp = [DateTime]::UtcNow.ToString('yyyyMMdd\\THHmmss\\Z')\n"

bool iw_canary_marker_fits(struct iw_str marker)
{
    if (marker.n < 8 || marker.n > 32 || marker.p[0] < 'a' || marker.p[0] > 'z')
        return false;
    for (size_t i = 0; i < marker.n; i++) {
        if (!(marker.p[i] >= 'a' && marker.p[i] <= 'z') &&
            !(marker.p[i] >= '0' && marker.p[i] <= '9'))
            return false;
    }
    return true;
}

/* --- literals --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `20260105T100000Z` */
static int64_t read_stamp(struct iw_str text)
{
    char full[24];
    int64_t time_ns;
    if (text.n < STAMP_LENGTH || text.p[8] != 'T' || text.p[15] != 'Z')
        return IW_TIME_UNKNOWN;
    for (size_t i = 0; i < 15; i++) {
        if (i != 8 && !is_digit(text.p[i]))
            return IW_TIME_UNKNOWN;
    }
    (void)snprintf(full, sizeof full, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2sZ", text.p, text.p + 4,
                   text.p + 6, text.p + 9, text.p + 11, text.p + 13);
    return iw_time_parse(iw_str_of(full), &time_ns) ? time_ns : IW_TIME_UNKNOWN;
}

bool iw_canary_literal_find(struct iw_str marker, struct iw_str text, struct iw_str *ret_id,
                            int64_t *ret_done_ns)
{
    for (;;) {
        size_t at = iw_str_find(text, marker);
        struct iw_str rest;
        if (at == SIZE_MAX)
            return false;
        rest = (struct iw_str){text.p + at + marker.n, text.n - at - marker.n};
        text = rest;
        if (rest.n < 1 + IW_CANARY_ID_BYTES || rest.p[0] != '-')
            continue;
        *ret_id = (struct iw_str){rest.p + 1, IW_CANARY_ID_BYTES};
        rest = (struct iw_str){rest.p + 1 + IW_CANARY_ID_BYTES, rest.n - 1 - IW_CANARY_ID_BYTES};
        *ret_done_ns = rest.n != 0 && rest.p[0] == '-'
                           ? read_stamp((struct iw_str){rest.p + 1, rest.n - 1})
                           : IW_TIME_UNKNOWN;
        return true;
    }
}

/* --- making --- */

struct maker {
    struct iw_canary_plan *plan;
    struct iw_buffer text;
    size_t n_files, n_children, n_modules; /* of the whole plan: ids are unique in it */
    size_t n_left_out;
};

static struct iw_str take_text(struct maker *maker)
{
    struct iw_str ret = {NULL, 0};
    if (!maker->text.failed)
        ret = iw_arena_copy(&maker->plan->arena, iw_buffer_str(&maker->text));
    iw_buffer_clear(&maker->text);
    return ret;
}

static bool has_room(struct maker *maker, size_t n, size_t number)
{
    if (maker->plan->n + n <= IW_LIMIT_CANARY_ACTS && number < 1000)
        return true;
    maker->n_left_out += n;
    return false;
}

static enum iw_rc add(struct maker *maker, char letter, size_t number, enum iw_canary_kind kind,
                      struct iw_str host, struct iw_str subject, struct iw_str run,
                      struct iw_str undo)
{
    struct iw_arena *arena = &maker->plan->arena;
    struct iw_canary_act act = {.id = iw_arena_format(arena, "%c%03zu", letter, number),
                                .kind = kind,
                                .host = host,
                                .subject = subject,
                                .run = run,
                                .undo = undo};
    if (act.id.p == NULL || run.p == NULL || undo.p == NULL || !iw_arena_keep(arena, &act.host) ||
        !iw_arena_keep(arena, &act.subject))
        return IW_ENOMEM;
    maker->plan->acts[maker->plan->n++] = act;
    return IW_OK;
}

/* (Join-Path 'FOLDER' "MARKER-f001-$stamp.aspx") */
static void add_page_path(struct maker *maker, struct iw_str folder, char letter, size_t number)
{
    iw_buffer_add(&maker->text, IW_STR("(Join-Path "));
    iw_quote_powershell(&maker->text, folder);
    iw_buffer_printf(&maker->text, " \"%.*s-%c%03zu-$stamp.aspx\")",
                     IW_STR_ARG(maker->plan->marker), letter, number);
}

static void add_removal(struct maker *maker, struct iw_str folder, char letter, size_t number)
{
    iw_buffer_add(&maker->text, IW_STR("Get-ChildItem -LiteralPath "));
    iw_quote_powershell(&maker->text, folder);
    iw_buffer_printf(&maker->text, " -Filter '%.*s-%c%03zu-*.aspx' | Remove-Item\n",
                     IW_STR_ARG(maker->plan->marker), letter, number);
}

/* A folder with its separator where it is a drive. */
static struct iw_str folder_of(struct maker *maker, struct iw_str path)
{
    return path.n == 2 ? iw_arena_format(&maker->plan->arena, "%.*s\\", IW_STR_ARG(path)) : path;
}

static enum iw_rc add_file(struct maker *maker, struct iw_str host, struct iw_str folder)
{
    size_t number = ++maker->n_files;
    struct iw_str run, undo;
    if (!has_room(maker, 1, number))
        return IW_OK;
    iw_buffer_add(&maker->text, IW_STR(SET_STAMP "Set-Content -LiteralPath "));
    add_page_path(maker, folder, 'f', number);
    iw_buffer_printf(&maker->text,
                     " -Encoding ASCII -Value '<%%-- IISWarden canary %.*s: comments alone, may be "
                     "removed --%%>'\n",
                     IW_STR_ARG(maker->plan->marker));
    run = take_text(maker);
    add_removal(maker, folder, 'f', number);
    undo = take_text(maker);
    return add(maker, 'f', number, IW_CANARY_FILE, host, folder, run, undo);
}

/* --- a page that a worker runs --- */

struct address {
    struct iw_str scheme, ip, port, host;
};

/* `http *:80:shop.example`; false: nothing a request can be sent to. */
static bool read_binding(struct iw_str text, struct address *ret)
{
    size_t space = iw_str_find(text, IW_STR(" ")), last, before;
    struct iw_str rest;
    if (space == SIZE_MAX)
        return false;
    ret->scheme = (struct iw_str){text.p, space};
    rest = (struct iw_str){text.p + space + 1, text.n - space - 1};
    for (last = rest.n; last > 0 && rest.p[last - 1] != ':'; last--)
        ;
    if (last < 2)
        return false;
    for (before = last - 1; before > 0 && rest.p[before - 1] != ':'; before--)
        ;
    if (before == 0)
        return false;
    ret->ip = (struct iw_str){rest.p, before - 1};
    ret->port = (struct iw_str){rest.p + before, last - 1 - before};
    ret->host = (struct iw_str){rest.p + last, rest.n - last};
    if (ret->ip.n == 0 || iw_str_equal(ret->ip, IW_STR("*")))
        ret->ip = IW_STR("localhost");
    for (size_t i = 0; i < ret->port.n; i++) {
        if (!is_digit(ret->port.p[i]))
            return false;
    }
    return ret->port.n != 0 && iw_str_equal_nocase(ret->scheme, IW_STR("http"));
}

static bool find_address(const struct iw_inventory_server *server, struct iw_str site,
                         struct address *ret)
{
    for (size_t i = 0; i < server->n_sites; i++) {
        const struct iw_inventory_site *one = &server->sites[i];
        for (size_t k = 0; iw_str_equal_nocase(one->name, site) && k < one->bindings.n; k++) {
            if (read_binding(one->bindings.items[k], ret) &&
                iw_path_can_be_pasted(ret->host.n != 0 ? ret->host : IW_STR("x")))
                return true;
        }
    }
    return false;
}

/* A path of a URL, percent-encoded but for `/`. */
static void add_url_path(struct iw_buffer *out, struct iw_str path)
{
    if (iw_str_equal(path, IW_STR("/")))
        return;
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
            (c != '\0' && strchr("/-._~", c) != NULL))
            iw_buffer_add_char(out, c);
        else
            iw_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

static void add_child_page(struct maker *maker, struct iw_str folder, size_t number)
{
    char page[768];
    (void)snprintf(
        page, sizeof page,
        "<%%@ Page Language=\"C#\" %%><%% if (!Request.IsLocal) { Response.StatusCode = 404; "
        "Response.End(); } var start = new "
        "System.Diagnostics.ProcessStartInfo(Environment.SystemDirectory + \"\\\\cmd.exe\", \"/c "
        "rem %.*s-c%03zu-\" + DateTime.UtcNow.ToString(\"yyyyMMdd'T'HHmmss'Z'\")); "
        "start.UseShellExecute = false; start.CreateNoWindow = true; "
        "System.Diagnostics.Process.Start(start); %%>IISWarden canary, may be removed",
        IW_STR_ARG(maker->plan->marker), number);
    iw_buffer_add(&maker->text, IW_STR(SET_STAMP "Set-Content -LiteralPath "));
    add_page_path(maker, folder, 'c', number);
    iw_buffer_add(&maker->text, IW_STR(" -Encoding ASCII -Value "));
    iw_quote_powershell(&maker->text, iw_str_of(page));
    iw_buffer_add_char(&maker->text, '\n');
}

static void add_request(struct maker *maker, const struct iw_inventory_root *root,
                        const struct address *address, size_t number)
{
    struct iw_buffer *out = &maker->text;
    iw_buffer_printf(out, "Invoke-WebRequest -UseBasicParsing -Uri ('http://%.*s:%.*s",
                     IW_STR_ARG(address->ip), IW_STR_ARG(address->port));
    add_url_path(out, root->application);
    add_url_path(out, root->directory);
    iw_buffer_printf(out, "/%.*s-c%03zu-' + $stamp + '.aspx')", IW_STR_ARG(maker->plan->marker),
                     number);
    if (address->host.n != 0) {
        iw_buffer_add(out, IW_STR(" -Headers @{ Host = "));
        iw_quote_powershell(out, address->host);
        iw_buffer_add(out, IW_STR(" }"));
    }
    iw_buffer_add(out, IW_STR(" | Out-Null\n"));
}

static enum iw_rc add_child(struct maker *maker, const struct iw_inventory_server *server,
                            const struct iw_inventory_root *root)
{
    size_t number = ++maker->n_children;
    struct iw_str folder = root->path, page, request, undo;
    struct address address;
    if (!find_address(server, root->site, &address) || !has_room(maker, 3, number)) {
        maker->n_left_out += maker->n_children == number;
        return IW_OK;
    }
    add_child_page(maker, folder, number);
    page = take_text(maker);
    add_request(maker, root, &address, number);
    request = take_text(maker);
    add_removal(maker, folder, 'c', number);
    undo = take_text(maker);
    IW_TRY(add(maker, 'c', number, IW_CANARY_FILE, server->host, folder, page, undo));
    IW_TRY(
        add(maker, 'c', number, IW_CANARY_REQUEST, server->host, root->site, request, IW_STR("")));
    return add(maker, 'c', number, IW_CANARY_CHILD, server->host, root->pool, IW_STR(""),
               IW_STR(""));
}

/* --- a module --- */

static bool pool_fits(struct iw_str name)
{
    return iw_path_can_be_pasted(name) && iw_str_find(name, IW_STR(",")) == SIZE_MAX &&
           iw_str_find(name, IW_STR(";")) == SIZE_MAX;
}

static enum iw_rc add_module(struct maker *maker, struct iw_str host, struct iw_str pool)
{
    size_t number = ++maker->n_modules;
    struct iw_buffer *out = &maker->text;
    struct iw_str run, undo, name;
    if (!has_room(maker, 3, number))
        return IW_OK;
    name = iw_arena_format(&maker->plan->arena, "%.*s-m%03zu", IW_STR_ARG(maker->plan->marker),
                           number);
    if (name.p == NULL)
        return IW_ENOMEM;
    /* A registered image that is not there keeps workers from starting: only after it is copied. */
    iw_buffer_printf(out,
                     SET_STAMP "$name = \"%.*s-$stamp\"\n"
                               "$image = \"$env:SystemRoot\\System32\\inetsrv\\$name.dll\"\n"
                               "Copy-Item -LiteralPath \"$env:SystemRoot\\System32\\inetsrv\\"
                               "static.dll\" -Destination $image\n"
                               "if (Test-Path -LiteralPath $image) {\n    " APPCMD
                               " install module \"/name:$name\" \"/image:$image\" /add:false ",
                     IW_STR_ARG(name));
    run = iw_arena_format(&maker->plan->arena, "/preCondition:bitness64,appPoolName=%.*s",
                          IW_STR_ARG(pool));
    iw_quote_powershell(out, run);
    iw_buffer_add(out, IW_STR("\n    " APPCMD " recycle apppool "));
    undo = iw_arena_format(&maker->plan->arena, "/apppool.name:%.*s", IW_STR_ARG(pool));
    iw_quote_powershell(out, undo);
    iw_buffer_add(out, IW_STR("\n}\n"));
    if (run.p == NULL || undo.p == NULL)
        return IW_ENOMEM;
    run = take_text(maker);
    iw_buffer_printf(out,
                     "foreach ($file in Get-ChildItem -LiteralPath \"$env:SystemRoot\\System32\\"
                     "inetsrv\" -Filter '%.*s-*.dll') {\n    " APPCMD
                     " uninstall module $file.BaseName\n    " APPCMD " recycle apppool ",
                     IW_STR_ARG(name));
    iw_quote_powershell(out, undo);
    iw_buffer_add(out, IW_STR("\n    Start-Sleep -Seconds 10\n    Remove-Item -LiteralPath "
                              "$file.FullName\n}\n"));
    undo = take_text(maker);
    IW_TRY(add(maker, 'm', number, IW_CANARY_REGISTRATION, host, pool, run, undo));
    IW_TRY(add(maker, 'm', number, IW_CANARY_LOAD, host, pool,
               IW_STR("# a worker of the pool loads it when it starts: ask for any page of it\n"),
               IW_STR("")));
    return add(maker, 'm', number, IW_CANARY_UNREGISTRATION, host, pool, IW_STR(""), IW_STR(""));
}

/* --- servers --- */

static const struct iw_inventory_pool *find_pool(const struct iw_inventory_server *server,
                                                 struct iw_str name)
{
    for (size_t i = 0; i < server->n_pools; i++) {
        if (iw_str_equal_nocase(server->pools[i].name, name))
            return &server->pools[i];
    }
    return NULL;
}

/* The first root of each pool that runs ASP.NET. */
static bool runs_pages(const struct iw_inventory_server *server, size_t root)
{
    const struct iw_inventory_pool *pool = find_pool(server, server->roots[root].pool);
    if (pool == NULL || pool->clr.n == 0 || !server->roots[root].is_resolved ||
        server->roots[root].is_assumed || !iw_path_can_be_pasted(server->roots[root].path) ||
        iw_str_begins_nocase(server->roots[root].path, IW_STR("\\\\")))
        return false;
    for (size_t i = 0; i < root; i++) {
        if (iw_str_equal_nocase(server->roots[i].pool, server->roots[root].pool))
            return false;
    }
    return true;
}

static enum iw_rc add_server(struct maker *maker, const struct iw_inventory_server *server)
{
    struct iw_sysmon_scope scope;
    IW_TRY(iw_sysmon_scope_of(server, 1, &maker->plan->arena, &scope));
    maker->n_left_out += scope.n_left_out;
    for (size_t i = 0; i < scope.folders.n; i++) {
        struct iw_str folder = folder_of(maker, scope.folders.items[i]);
        if (folder.p == NULL)
            return IW_ENOMEM;
        IW_TRY(add_file(maker, server->host, folder));
    }
    for (size_t i = 0; i < server->n_roots; i++) {
        if (runs_pages(server, i))
            IW_TRY(add_child(maker, server, &server->roots[i]));
    }
    for (size_t i = 0; i < server->n_pools; i++) {
        if (!server->pools[i].is_32 && pool_fits(server->pools[i].name))
            return add_module(maker, server->host, server->pools[i].name);
    }
    return IW_OK;
}

enum iw_rc iw_canary_plan_make(const struct iw_inventory *inventory, struct iw_str marker,
                               struct iw_canary_plan *plan, size_t *ret_n_left_out)
{
    static const struct iw_inventory_server assumed;
    struct maker maker = {.plan = plan};
    enum iw_rc rc;
    plan->marker = iw_arena_copy(&plan->arena, marker);
    plan->acts = iw_arena_calloc(&plan->arena, IW_LIMIT_CANARY_ACTS, sizeof *plan->acts);
    if (plan->marker.p == NULL || plan->acts == NULL)
        return IW_ENOMEM;
    iw_buffer_init(&maker.text);
    rc = inventory->n_servers == 0 ? add_server(&maker, &assumed) : IW_OK;
    for (size_t i = 0; i < inventory->n_servers && rc == IW_OK; i++)
        rc = add_server(&maker, &inventory->servers[i]);
    iw_buffer_done(&maker.text);
    *ret_n_left_out = maker.n_left_out;
    return rc;
}
