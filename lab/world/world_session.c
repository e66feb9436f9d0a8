/*
 * Logon sessions of a host (see lab_world.h).
 *
 * What it does: the sessions Windows always has, those of application pools, and logons of
 * accounts, each with a logon id of its own. What it ignores: logging them.
 */
#include "lab/lab_alloc.h"
#include "lab/world/lab_world.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static struct iw_lab_session *add(struct iw_lab_host *host, const char *key)
{
    struct iw_lab_session *session = iw_lab_alloc_zeroed(1, sizeof *session);
    session->key = iw_lab_arena_copy(&host->arena, key);
    session->next = host->sessions;
    session->logon_process = "Advapi  ";
    session->package = "Negotiate";
    session->workstation = session->address = "-";
    snprintf(session->port, sizeof session->port, "-");
    session->integrity = "High";
    session->is_open = true;
    host->sessions = session;
    return session;
}

static void give_logon_id(struct iw_lab_host *host, struct iw_lab_session *session)
{
    host->next_logon_id += 0x1000 + iw_lab_random_below(&host->random, 0x9000);
    snprintf(session->logon_id, sizeof session->logon_id, "0x%llx",
             (unsigned long long)host->next_logon_id);
}

void iw_lab_session_make_builtin(struct iw_lab_host *host)
{
    static const struct {
        const char *key, *sid, *user, *domain, *logon_id, *integrity;
    } rows[] = {
        {"local", "S-1-5-19", "LOCAL SERVICE", "NT AUTHORITY", "0x3e5", "System"},
        {"network", "S-1-5-20", "NETWORK SERVICE", "NT AUTHORITY", "0x3e4", "System"},
        {"system", "S-1-5-18", "SYSTEM", "NT AUTHORITY", "0x3e7", "System"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct iw_lab_session *session = add(host, rows[i].key);
        session->sid = rows[i].sid;
        session->user = rows[i].user;
        session->domain = rows[i].domain;
        snprintf(session->logon_id, sizeof session->logon_id, "%s", rows[i].logon_id);
        session->integrity = rows[i].integrity;
        session->type = "5";
        session->is_builtin = true;
        session->is_privileged = strcmp(rows[i].key, "system") == 0;
    }
    host->next_logon_id = 0x40000 + iw_lab_random_below(&host->random, 0x40000);
}

struct iw_lab_session *iw_lab_host_session(struct iw_lab_host *host, const char *key)
{
    struct iw_lab_session *session = host->sessions;
    while (session != NULL && (session->key == NULL || strcmp(session->key, key) != 0)) {
        session = session->next;
    }
    if (session == NULL && strncmp(key, "pool:", 5) == 0) {
        struct iw_lab_pool *pool = iw_lab_host_pool(host, key + 5);
        return pool == NULL ? NULL : iw_lab_session_of_pool(host, pool);
    }
    return session;
}

/* Windows makes a pool's SID of the SHA-1 of its name, lower case, UTF-16LE. Names of scenarios are
 * ASCII. */
static void hash_pool(const char *name, uint32_t parts[5])
{
    uint8_t wide[256];
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size_bytes = 0;
    size_t n = 0;
    for (; *name != '\0' && n + 2 <= sizeof wide; name++) {
        wide[n++] = (uint8_t)tolower((unsigned char)*name);
        wide[n++] = 0;
    }
    if (EVP_Digest(wide, n, digest, &size_bytes, EVP_sha1(), NULL) == 1) {
        memcpy(parts, digest, 20);
    }
}

struct iw_lab_session *iw_lab_session_of_pool(struct iw_lab_host *host, struct iw_lab_pool *pool)
{
    static const char *const builtin[][2] = {
        {"LocalSystem", "system"}, {"NetworkService", "network"}, {"LocalService", "local"}};
    char key[128];
    if (pool->session != NULL) {
        return pool->session;
    }
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(pool->identity, builtin[i][0]) == 0) {
            return pool->session = iw_lab_host_session(host, builtin[i][1]);
        }
    }
    snprintf(key, sizeof key, "pool:%s", pool->name);
    struct iw_lab_session *session = add(host, key);
    if (strcmp(pool->identity, "ApplicationPoolIdentity") == 0) {
        uint32_t parts[5] = {0};
        hash_pool(pool->name, parts);
        session->sid = iw_lab_arena_print(&host->arena, "S-1-5-82-%u-%u-%u-%u-%u", parts[0],
                                          parts[1], parts[2], parts[3], parts[4]);
        session->user = pool->name;
        session->domain = "IIS APPPOOL";
    } else {
        const struct iw_lab_account *account =
            iw_lab_scenario_account(host->world->scenario, pool->identity);
        const char *bare = strchr(pool->identity, '\\');
        session->user = bare == NULL ? pool->identity : bare + 1;
        session->domain = host->world->scenario->domain;
        session->sid =
            account != NULL
                ? account->sid
                : iw_lab_scenario_sid(&host->arena, session->domain,
                                      2000 + iw_lab_random_of_text(session->user) % 5000);
    }
    session->type = "5";
    give_logon_id(host, session);
    session->is_builtin = true;
    session->is_open = false; /* until the first worker starts */
    return pool->session = session;
}

struct iw_lab_session *iw_lab_session_new(struct iw_lab_host *host, const char *key,
                                          const struct iw_lab_account *account, const char *type,
                                          const char *address, const char *workstation,
                                          bool is_elevated)
{
    struct iw_lab_session *session = add(host, key);
    bool is_network = strcmp(type, "3") == 0;
    session->sid = account->sid;
    session->user = account->name;
    session->domain = account->domain;
    session->type = iw_lab_host_intern(host, type);
    give_logon_id(host, session);
    session->is_privileged = account->is_privileged && is_elevated;
    session->integrity = is_elevated ? "High" : "Medium";
    session->logon_process = is_network ? "NtLmSsp " : "User32 ";
    session->package = is_network ? "NTLM" : "Negotiate";
    session->workstation = iw_lab_host_intern(host, workstation);
    session->address = iw_lab_host_intern(host, address);
    snprintf(session->port, sizeof session->port, "%u",
             strcmp(type, "10") == 0
                 ? 0U
                 : 49152U + (unsigned)iw_lab_random_below(&host->random, 16000));
    return session;
}

bool iw_lab_type_has_desktop(const char *type)
{
    return strcmp(type, "2") == 0 || strcmp(type, "10") == 0;
}

bool iw_lab_is_key(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= 40 && strcspn(text, ": \n\t") == length;
}

void iw_lab_session_release(struct iw_lab_host *host, struct iw_lab_session *session)
{
    struct iw_lab_session **link = &host->sessions;
    if (session->key != NULL) {
        return;
    }
    while (*link != session) {
        link = &(*link)->next;
    }
    *link = session->next;
    iw_lab_alloc_release(session);
}
