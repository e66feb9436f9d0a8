/**
 * Accounts that application pools work as, and whom an account therefore may be.
 *
 * A pool's own account (`IIS APPPOOL\\Name`, S-1-5-82) is nobody else's. A pool may be given
 * another one: an account of a domain or of the machine (`processModel
 * identityType="SpecificUser"`), as which tasks, services and people may work too; or one of
 * Windows' own (LocalSystem, LocalService, NetworkService), as which half of Windows works. Which
 * accounts these are is told by the configuration, for pools that serve something, and by workers
 * whose start was seen.
 *
 * Source of the format: IIS_schema.xml, section system.applicationHost/applicationPools.
 */
#ifndef IW_CONTEXT_WEB_IDENTITY_H
#define IW_CONTEXT_WEB_IDENTITY_H

#include "base/limits.h"
#include "context/context_fact.h"
#include "context/web_places.h"

enum iw_web_identity {
    IW_WEB_IDENTITY_NONE = 0,
    IW_WEB_IDENTITY_POOL,    /* a pool's own, or IIS' own for visitors: nobody else works as it */
    IW_WEB_IDENTITY_ACCOUNT, /* one that a pool was given; others may work as it too */
    IW_WEB_IDENTITY_WINDOWS, /* one of Windows' own that a pool was given */
    IW_WEB_IDENTITY_NAMED    /* one that a setting names; whoever has settings answers that */
};

/** An account a worker started as. Texts lie in the arena of its list. */
struct iw_worker_account {
    struct iw_str user, sid; /* one may be empty */
    struct iw_str pool;      /* empty: not told, or several */
};
/** Those of one host, each once. */
struct iw_worker_accounts {
    struct iw_arena arena;
    struct iw_worker_account items[IW_LIMIT_WORKER_ACCOUNTS];
    size_t n;
    uint64_t n_not_kept; /* starts of workers as accounts past the limit; of all hosts */
};

void iw_worker_accounts_init(struct iw_worker_accounts *accounts);
void iw_worker_accounts_done(struct iw_worker_accounts *accounts);
/** Forgets them: the next host. The count stays. */
void iw_worker_accounts_clear(struct iw_worker_accounts *accounts);
/** A process started: where it is a worker, in IIS' own folder, by the service host that starts
 * workers, its account is known from now on. IW_OK or IW_ENOMEM. */
enum iw_rc iw_worker_accounts_tell(struct iw_worker_accounts *accounts,
                                   const struct iw_process_start *start);

/** Whom an account (either text may be empty) may be. *server*: of the host; NULL: none is known.
 * *ret_pool*: the one pool that works as it; empty: not known, or several. Borrowed. */
enum iw_web_identity iw_web_identity_of(const struct iw_worker_accounts *accounts,
                                        const struct iw_inventory_server *server,
                                        struct iw_str user, struct iw_str sid,
                                        struct iw_str *ret_pool);

#endif
