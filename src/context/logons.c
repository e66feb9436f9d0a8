/*
 * Logons by id. They stand in two lists in the order in which they will be forgotten, those that
 * ended before those that did not; and in two by their beginning, for a boot ends all before it.
 */
#include "context/logons.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/linked.h"

#define SLOTS 4096U
/* The same logon told twice: the event is doubled, or a service wrote it again. */
#define SAME_NS (2 * IW_NS_PER_SECOND)

/* Type of a logon over the network (Security 4624): shares, and all that asks for them. */
#define NETWORK 3U

struct node {
    struct iw_logon logon; /* first: nodes are handed out as logons */
    struct node *next_slot;
    struct iw_link link;       /* in `ended` or `open` */
    struct iw_link begin_link; /* in `begun` or `unbegun` */
};

struct iw_logons {
    struct node *slots[SLOTS];
    struct iw_linked ended, open;
    struct iw_linked begun, unbegun; /* by begin_ns; those whose beginning is not known */
    struct iw_logons_account account;
};

/* The accounts of the system log on with it, under ids that never change. */
static const struct iw_logon SYSTEM_LOGONS[] = {
    {.id = 0x3e7,
     .is_of_windows = true,
     .elevated = IW_SAID_YES,
     .user = {"NT AUTHORITY\\SYSTEM", 19},
     .sid = {"S-1-5-18", 8},
     .begin_ns = IW_TIME_UNKNOWN,
     .end_ns = IW_TIME_UNKNOWN},
    {.id = 0x3e5,
     .is_of_windows = true,
     .user = {"NT AUTHORITY\\LOCAL SERVICE", 26},
     .sid = {"S-1-5-19", 8},
     .begin_ns = IW_TIME_UNKNOWN,
     .end_ns = IW_TIME_UNKNOWN},
    {.id = 0x3e4,
     .is_of_windows = true,
     .user = {"NT AUTHORITY\\NETWORK SERVICE", 28},
     .sid = {"S-1-5-20", 8},
     .begin_ns = IW_TIME_UNKNOWN,
     .end_ns = IW_TIME_UNKNOWN},
};

static const struct iw_logon *system_logon(uint64_t id)
{
    for (size_t i = 0; i < sizeof SYSTEM_LOGONS / sizeof SYSTEM_LOGONS[0]; i++) {
        if (SYSTEM_LOGONS[i].id == id)
            return &SYSTEM_LOGONS[i];
    }
    return NULL;
}

struct iw_logons *iw_logons_new(void)
{
    return iw_calloc(1, sizeof(struct iw_logons));
}

void iw_logons_free(struct iw_logons *logons)
{
    if (logons == NULL)
        return;
    iw_logons_clear(logons);
    iw_free(logons);
}

struct iw_logons_account iw_logons_account(const struct iw_logons *logons)
{
    return logons->account;
}

/* --- lists and slots ---------------------------------------------------------------------------
 */

static struct node *first_of(const struct iw_linked *list)
{
    return list->first != NULL ? IW_LINKED_IN(list->first, struct node, link) : NULL;
}

static void free_text(struct iw_str *text)
{
    if (text->n != 0)
        iw_free((void *)(uintptr_t)text->p);
    *text = IW_STR("");
}

static void free_credentials(struct iw_logon_credentials *credentials)
{
    free_text(&credentials->account);
    free_text(&credentials->server);
    free_text(&credentials->address);
}

/* Empties a logon, but for its id. */
static void empty(struct iw_logon *logon)
{
    free_text(&logon->user);
    free_text(&logon->sid);
    free_text(&logon->address);
    free_text(&logon->workstation);
    for (size_t i = 0; i < logon->n_credentials; i++)
        free_credentials(&logon->credentials[i]);
    *logon =
        (struct iw_logon){.id = logon->id, .begin_ns = IW_TIME_UNKNOWN, .end_ns = IW_TIME_UNKNOWN};
}

static size_t slot_of(uint64_t id)
{
    return iw_hash_bytes(&id, sizeof id, 0) % SLOTS; /* evidence chooses ids */
}

static void forget(struct iw_logons *logons, struct node *node)
{
    struct node **link = &logons->slots[slot_of(node->logon.id)];
    for (; *link != node; link = &(*link)->next_slot)
        logons->account.n_steps++;
    *link = node->next_slot;
    iw_linked_remove(&node->link);
    iw_linked_remove(&node->begin_link);
    empty(&node->logon);
    iw_free(node);
    logons->account.n_kept--;
}

void iw_logons_clear(struct iw_logons *logons)
{
    while (logons->ended.first != NULL)
        forget(logons, first_of(&logons->ended));
    while (logons->open.first != NULL)
        forget(logons, first_of(&logons->open));
}

static struct node *node_of(const struct iw_logons *logons, uint64_t id)
{
    struct node *node = logons->slots[slot_of(id)];
    while (node != NULL && node->logon.id != id)
        node = node->next_slot;
    return node;
}

/* The logon under an id, made when there was none. NULL: no memory. */
static struct node *take(struct iw_logons *logons, uint64_t id, bool *ret_new)
{
    struct node *node = node_of(logons, id);
    *ret_new = node == NULL;
    if (node != NULL)
        return node;
    if (logons->account.n_kept >= IW_LIMIT_LOGONS) {
        forget(logons, first_of(logons->ended.first != NULL ? &logons->ended : &logons->open));
        logons->account.n_forgotten++;
    }
    node = iw_calloc(1, sizeof *node);
    if (node == NULL)
        return NULL;
    node->logon.id = id;
    node->logon.begin_ns = node->logon.end_ns = IW_TIME_UNKNOWN;
    node->next_slot = logons->slots[slot_of(id)];
    logons->slots[slot_of(id)] = node;
    iw_linked_append(&logons->open, &node->link);
    iw_linked_append(&logons->unbegun, &node->begin_link);
    if (++logons->account.n_kept > logons->account.peak_kept)
        logons->account.peak_kept = logons->account.n_kept;
    return node;
}

/* --- telling -----------------------------------------------------------------------------------
 */

/* What is known stays. */
static bool fill(struct iw_str *field, struct iw_str text)
{
    char *copy;
    if (field->n != 0 || text.n == 0)
        return true;
    copy = iw_malloc(text.n);
    if (copy == NULL)
        return false;
    memcpy(copy, text.p, text.n);
    *field = (struct iw_str){copy, text.n};
    return true;
}

/* Whether what is told of an account can be of this logon: by SID, else by name. */
static bool may_be_same(const struct iw_logon *logon, struct iw_str user, struct iw_str sid)
{
    if (logon->sid.n != 0 && sid.n != 0)
        return iw_str_equal_nocase(logon->sid, sid);
    return logon->user.n == 0 || user.n == 0 || iw_str_equal_nocase(logon->user, user);
}

/* What is told comes in event time, so that whoever began last stands last. */
static void set_begin(struct iw_logons *logons, struct node *node, int64_t time_ns)
{
    node->logon.begin_ns = time_ns;
    iw_linked_remove(&node->begin_link);
    iw_linked_append(iw_time_known(time_ns) ? &logons->begun : &logons->unbegun, &node->begin_link);
}

/* Another logon under the same id. */
static void replace(struct iw_logons *logons, struct node *node)
{
    logons->account.n_reused += !iw_time_known(node->logon.end_ns);
    empty(&node->logon);
    set_begin(logons, node, IW_TIME_UNKNOWN);
    iw_linked_remove(&node->link);
    iw_linked_append(&logons->open, &node->link);
}

static bool is_told_again(const struct iw_logon *logon, const struct iw_logon_begin *begin,
                          int64_t time_ns)
{
    if (!may_be_same(logon, begin->user, begin->sid) || iw_time_known(logon->end_ns))
        return false;
    if (!logon->is_seen)
        return true;
    return logon->type == begin->type && iw_time_known(time_ns) && iw_time_known(logon->begin_ns) &&
           time_ns - logon->begin_ns <= SAME_NS;
}

static enum iw_rc tell_begin(struct iw_logons *logons, int64_t time_ns,
                             const struct iw_context_fact *fact)
{
    const struct iw_logon_begin *begin = &fact->u.logon;
    bool is_new, ok;
    struct node *node = take(logons, begin->logon_id, &is_new);
    struct iw_logon *logon;
    if (node == NULL)
        return IW_ENOMEM;
    logon = &node->logon;
    if (!is_new && !is_told_again(logon, begin, time_ns))
        replace(logons, node);
    logons->account.n_logons += !logon->is_seen;
    if (!logon->is_seen) {
        set_begin(logons, node, time_ns);
        logon->place = fact->place;
    }
    logon->is_seen = true;
    logon->type = begin->type;
    if (begin->linked_id != 0)
        logon->linked_id = begin->linked_id;
    if (begin->elevated != IW_SAID_NOTHING)
        logon->elevated = begin->elevated;
    ok = fill(&logon->user, begin->user) && fill(&logon->sid, begin->sid) &&
         fill(&logon->address, begin->address) && fill(&logon->workstation, begin->workstation);
    return ok ? IW_OK : IW_ENOMEM;
}

static void tell_end(struct iw_logons *logons, int64_t time_ns, uint64_t id)
{
    struct node *node = node_of(logons, id);
    if (node == NULL || iw_time_known(node->logon.end_ns))
        return;
    node->logon.end_ns = time_ns;
    iw_linked_remove(&node->link);
    iw_linked_append(iw_time_known(time_ns) ? &logons->ended : &logons->open, &node->link);
}

/* The logon of which a later event tells. */
static struct node *told_later(struct iw_logons *logons, uint64_t id, struct iw_str user,
                               struct iw_str sid)
{
    bool is_new;
    struct node *node = take(logons, id, &is_new);
    if (node == NULL)
        return NULL;
    if (!is_new && !may_be_same(&node->logon, user, sid)) {
        replace(logons, node);
        is_new = true;
    }
    logons->account.n_inferred += is_new;
    return fill(&node->logon.user, user) && fill(&node->logon.sid, sid) ? node : NULL;
}

/* Given to administrators: where the logon itself does not say whether it is elevated, this does.
 */
static enum iw_rc tell_privileges(struct iw_logons *logons,
                                  const struct iw_logon_privileges *privileges)
{
    struct node *node = told_later(logons, privileges->logon_id, privileges->user, privileges->sid);
    if (node == NULL)
        return IW_ENOMEM;
    if (node->logon.elevated == IW_SAID_NOTHING)
        node->logon.elevated = IW_SAID_YES;
    return IW_OK;
}

static enum iw_rc tell_credentials(struct iw_logons *logons, int64_t time_ns,
                                   const struct iw_credentials_use *use)
{
    struct node *node = told_later(logons, use->logon_id, IW_STR(""), IW_STR(""));
    struct iw_logon_credentials *kept;
    struct iw_logon *logon;
    if (node == NULL)
        return IW_ENOMEM;
    logon = &node->logon;
    if (logon->n_credentials == IW_LIMIT_LOGON_CREDENTIALS) {
        free_credentials(&logon->credentials[0]);
        memmove(&logon->credentials[0], &logon->credentials[1],
                (IW_LIMIT_LOGON_CREDENTIALS - 1) * sizeof logon->credentials[0]);
        logon->n_credentials--;
        logon->n_credentials_hidden++;
    }
    kept = &logon->credentials[logon->n_credentials++];
    *kept = (struct iw_logon_credentials){.time_ns = time_ns};
    return fill(&kept->account, use->account) && fill(&kept->server, use->server) &&
                   fill(&kept->address, use->address)
               ? IW_OK
               : IW_ENOMEM;
}

static struct node *first_begun(const struct iw_linked *list)
{
    return list->first != NULL ? IW_LINKED_IN(list->first, struct node, begin_link) : NULL;
}

/* Ids begin anew; the system's own logons have ids of their own. */
static void tell_boot(struct iw_logons *logons, int64_t time_ns, const struct iw_boot *boot)
{
    int64_t before_ns = iw_boot_time(boot, time_ns);
    struct node *node;
    if (!iw_time_known(before_ns))
        return;
    while ((node = first_begun(&logons->unbegun)) != NULL)
        forget(logons, node);
    while ((node = first_begun(&logons->begun)) != NULL && node->logon.begin_ns < before_ns)
        forget(logons, node);
}

enum iw_rc iw_logons_tell(struct iw_logons *logons, int64_t time_ns,
                          const struct iw_context_fact *fact)
{
    switch (fact->kind) {
    case IW_CONTEXT_LOGON:
        return tell_begin(logons, time_ns, fact);
    case IW_CONTEXT_LOGOFF:
        tell_end(logons, time_ns, fact->u.logoff.logon_id);
        break;
    case IW_CONTEXT_PRIVILEGES:
        return tell_privileges(logons, &fact->u.privileges);
    case IW_CONTEXT_CREDENTIALS:
        return tell_credentials(logons, time_ns, &fact->u.credentials);
    case IW_CONTEXT_BOOT:
        tell_boot(logons, time_ns, &fact->u.boot);
        break;
    case IW_CONTEXT_PROCESS_START:
    case IW_CONTEXT_PROCESS_END:
    case IW_CONTEXT_FACT_KIND_COUNT:
        break;
    }
    return IW_OK;
}

/* --- asking ------------------------------------------------------------------------------------
 */

const struct iw_logon *iw_logons_find(const struct iw_logons *logons, uint64_t id)
{
    const struct node *node = node_of(logons, id);
    const struct iw_logon *system = system_logon(id);
    /* Without the event of its start the table knows more of a system's logon. */
    if (node != NULL && (node->logon.is_seen || system == NULL))
        return &node->logon;
    return system;
}

const struct iw_logon *iw_logons_linked(const struct iw_logons *logons,
                                        const struct iw_logon *logon)
{
    const struct iw_logon *other =
        logon->linked_id != 0 ? iw_logons_find(logons, logon->linked_id) : NULL;
    /* Both name each other, as far as both say so; else the id is another logon's by now. */
    if (other == NULL || (other->linked_id != 0 && other->linked_id != logon->id))
        return NULL;
    return other;
}

struct iw_str iw_logons_address(const struct iw_logons *logons, const struct iw_logon *logon)
{
    const struct iw_logon *other;
    if (logon->address.n != 0)
        return logon->address;
    other = iw_logons_linked(logons, logon);
    return other != NULL ? other->address : IW_STR("");
}

/* A machine that speaks to itself has an address of 127.0.0.0/8 or ::1, or none ("-"). */
static bool is_over_network(const struct iw_logon *logon)
{
    const struct iw_str address = logon->address;
    return logon->type == NETWORK && address.n > 1 &&
           !iw_str_begins_nocase(address, IW_STR("127.")) && !iw_str_equal(address, IW_STR("::1"));
}

const struct iw_logon *iw_logons_over_network(const struct iw_logons *logons, int64_t time_ns,
                                              int64_t within_ns)
{
    size_t n = 0;
    for (struct iw_link *link = logons->begun.last; link != NULL; link = link->prev) {
        const struct iw_logon *logon = &IW_LINKED_IN(link, struct node, begin_link)->logon;
        if (n++ == IW_LIMIT_LOGONS_NEAR)
            break;
        if (logon->begin_ns > time_ns)
            continue;
        if ((uint64_t)time_ns - (uint64_t)logon->begin_ns > (uint64_t)within_ns)
            break;
        if (is_over_network(logon))
            return logon;
    }
    return NULL;
}
