/*
 * Names of accounts are compared as Windows shows them in events: DOMAIN\name. A configuration may
 * write them otherwise: `name`, `.\name`, `name@domain`.
 */
#include "context/web_identity.h"

#include "base/path_name.h"
#include "context/pool_account.h"
#include "context/worker_process.h"

static const struct {
    const char *identity, *sid, *name;
} WINDOWS[] = {
    {"LocalSystem", "S-1-5-18", "NT AUTHORITY\\SYSTEM"},
    {"LocalService", "S-1-5-19", "NT AUTHORITY\\LOCAL SERVICE"},
    {"NetworkService", "S-1-5-20", "NT AUTHORITY\\NETWORK SERVICE"},
};
#define N_WINDOWS (sizeof WINDOWS / sizeof WINDOWS[0])

/* Its row; N_WINDOWS: none of Windows' own. */
static size_t windows_account(struct iw_str user, struct iw_str sid)
{
    size_t i = 0;
    while (i < N_WINDOWS && !iw_str_equal_nocase(sid, iw_str_of(WINDOWS[i].sid)) &&
           !iw_str_equal_nocase(user, iw_str_of(WINDOWS[i].name)))
        i++;
    return i;
}

/* --- workers that started ----------------------------------------------------------------------
 */

void iw_worker_accounts_init(struct iw_worker_accounts *accounts)
{
    accounts->n = 0;
    accounts->n_not_kept = 0;
    iw_arena_init(&accounts->arena, 0);
}

void iw_worker_accounts_done(struct iw_worker_accounts *accounts)
{
    iw_arena_done(&accounts->arena);
    accounts->n = 0;
}

void iw_worker_accounts_clear(struct iw_worker_accounts *accounts)
{
    accounts->n = 0;
    iw_arena_reset(&accounts->arena);
}

/* A copy elsewhere, or one that somebody started, says nothing of pools. */
static bool is_worker_of_service(const struct iw_process_start *start)
{
    struct iw_str folder = iw_path_folder(start->name.image);
    return iw_is_worker_image(start->name.image) &&
           (iw_str_ends_nocase(folder, IW_STR(":\\Windows\\System32\\inetsrv")) ||
            iw_str_ends_nocase(folder, IW_STR(":\\Windows\\SysWOW64\\inetsrv"))) &&
           (start->parent.image.n == 0 ||
            iw_str_equal_nocase(iw_path_name(start->parent.image), IW_STR("svchost.exe")));
}

/* Security 4688 may have told who started it, not whom it runs as: that is the machine itself. */
static bool is_told(const struct iw_process_start *start)
{
    if (start->user.n == 0 && start->sid.n == 0)
        return false;
    return start->witness != IW_WITNESS_SECURITY ||
           (windows_account(start->user, start->sid) != 0 &&
            (start->user.n == 0 || start->user.p[start->user.n - 1] != '$'));
}

static bool is_same(const struct iw_worker_account *account, struct iw_str user, struct iw_str sid)
{
    return (user.n != 0 && iw_str_equal_nocase(account->user, user)) ||
           (sid.n != 0 && iw_str_equal_nocase(account->sid, sid));
}

static enum iw_rc add(struct iw_worker_accounts *accounts, const struct iw_process_start *start,
                      struct iw_str pool)
{
    struct iw_worker_account one = {.user = iw_arena_copy(&accounts->arena, start->user),
                                    .sid = iw_arena_copy(&accounts->arena, start->sid),
                                    .pool = iw_arena_copy(&accounts->arena, pool)};
    if (one.user.p == NULL || one.sid.p == NULL || one.pool.p == NULL)
        return IW_ENOMEM;
    accounts->items[accounts->n++] = one;
    return IW_OK;
}

enum iw_rc iw_worker_accounts_tell(struct iw_worker_accounts *accounts,
                                   const struct iw_process_start *start)
{
    struct iw_str pool;
    if (!is_worker_of_service(start) || !is_told(start) || iw_pool_of_account(start->user).n != 0 ||
        iw_is_pool_sid(start->sid))
        return IW_OK;
    pool = iw_worker_pool(start->command_line);
    for (size_t i = 0; i < accounts->n; i++) {
        struct iw_worker_account *known = &accounts->items[i];
        if (!is_same(known, start->user, start->sid))
            continue;
        if (!iw_str_equal_nocase(known->pool, pool))
            known->pool = IW_STR("");
        return IW_OK;
    }
    if (accounts->n == IW_LIMIT_WORKER_ACCOUNTS) {
        accounts->n_not_kept++;
        return IW_OK;
    }
    return add(accounts, start, pool);
}

/* --- asking ------------------------------------------------------------------------------------
 */

static bool serves_something(const struct iw_inventory_server *server, struct iw_str pool)
{
    for (size_t i = 0; i < server->n_roots; i++) {
        if (iw_web_root_has_pool(&server->roots[i], pool))
            return true;
    }
    return false;
}

/* Up to the first *c*, all of it where there is none; *ret_rest*: behind it. */
static struct iw_str before(struct iw_str text, char c, struct iw_str *ret_rest)
{
    const char *at = text.n != 0 ? memchr(text.p, c, text.n) : NULL;
    size_t n = at != NULL ? (size_t)(at - text.p) : text.n;
    *ret_rest = at != NULL ? (struct iw_str){at + 1, text.n - n - 1} : IW_STR("");
    return (struct iw_str){text.p, n};
}

/* Whether what a configuration writes is *user*, as events write it. What has no domain, or another
 * form of one, is of whichever: the name decides. */
static bool is_configured(struct iw_str written, struct iw_str user)
{
    struct iw_str name, of_user, domain, rest;
    if (written.n == 0 || user.n == 0)
        return false;
    if (iw_str_equal_nocase(written, user))
        return true;
    (void)before(user, '\\', &of_user);
    domain = before(written, '\\', &name);
    if (name.n != 0)
        return iw_str_equal(domain, IW_STR(".")) && iw_str_equal_nocase(name, of_user);
    return iw_str_equal_nocase(before(written, '@', &rest), of_user);
}

static bool works_as(const struct iw_inventory_pool *pool, struct iw_str user, size_t windows)
{
    if (windows < N_WINDOWS)
        return iw_str_equal_nocase(pool->identity, iw_str_of(WINDOWS[windows].identity));
    return iw_str_equal_nocase(pool->identity, IW_STR("SpecificUser")) &&
           is_configured(pool->user, user);
}

static void note_pool(struct iw_str pool, size_t n_before, struct iw_str *ret)
{
    if (n_before == 0)
        *ret = pool;
    else if (!iw_str_equal_nocase(pool, *ret))
        *ret = IW_STR("");
}

enum iw_web_identity iw_web_identity_of(const struct iw_worker_accounts *accounts,
                                        const struct iw_inventory_server *server,
                                        struct iw_str user, struct iw_str sid,
                                        struct iw_str *ret_pool)
{
    size_t windows = windows_account(user, sid), n = 0;
    *ret_pool = iw_pool_of_account(user);
    if (ret_pool->n != 0 || iw_is_pool_sid(sid) || iw_is_visitor_account(user, sid))
        return IW_WEB_IDENTITY_POOL;
    for (size_t i = 0; server != NULL && i < server->n_pools; i++) {
        const struct iw_inventory_pool *pool = &server->pools[i];
        if (works_as(pool, user, windows) && serves_something(server, pool->name))
            note_pool(pool->name, n++, ret_pool);
    }
    for (size_t i = 0; i < accounts->n; i++) {
        if (is_same(&accounts->items[i], user, sid))
            note_pool(accounts->items[i].pool, n++, ret_pool);
    }
    if (n == 0)
        return IW_WEB_IDENTITY_NONE;
    return windows < N_WINDOWS ? IW_WEB_IDENTITY_WINDOWS : IW_WEB_IDENTITY_ACCOUNT;
}
