/*
 * The estate as YAML. As with change records, keys are those of the format alone: an `operator:`
 * passed over would make everybody a stranger.
 */
#include "iis/change/estate.h"

#include "base/alloc.h"
#include "base/fold.h"
#include "base/limits.h"
#include "base/map.h"
#include "iis/change/host_glob.h"
#include "iis/change/yaml_values.h"

struct accounts {
    struct iw_text_list texts;
    struct iw_account_name *names;
};

/* Account lists by bit: operators, deployers. */
enum { N_LISTS = 2 };

struct entry {
    struct iw_glob host, fqdn;
    bool has_fqdn;
    struct accounts lists[N_LISTS];
};

struct iw_estate {
    struct iw_arena arena;
    struct iw_change_problems problems;
    struct iw_estate_server *servers;
    struct entry *entries; /* beside servers */
    size_t n, cap, cap_entries;
    struct iw_map by_name; /* host and FQDN, folded → index of the first */
    /* For all servers; several files add to them. */
    struct iw_account_name *common[N_LISTS];
    size_t n_common[N_LISTS], cap_common[N_LISTS];
};

struct iw_estate *iw_estate_new(void)
{
    struct iw_estate *estate = iw_calloc(1, sizeof *estate);

    if (estate == NULL)
        return NULL;
    iw_arena_init(&estate->arena, 0);
    estate->problems.arena = &estate->arena;
    iw_map_init(&estate->by_name);
    return estate;
}

void iw_estate_free(struct iw_estate *estate)
{
    if (estate == NULL)
        return;
    iw_change_problems_done(&estate->problems);
    iw_map_done(&estate->by_name);
    iw_free(estate->servers);
    iw_free(estate->entries);
    for (unsigned i = 0; i < N_LISTS; i++)
        iw_free(estate->common[i]);
    iw_arena_done(&estate->arena);
    iw_free(estate);
}

const struct iw_estate_server *iw_estate_servers(const struct iw_estate *estate, size_t *ret_n)
{
    *ret_n = estate->n;
    return estate->servers;
}

const struct iw_change_problem *iw_estate_problems(const struct iw_estate *estate, size_t *ret_n)
{
    *ret_n = estate->problems.n;
    return estate->problems.items;
}

size_t iw_estate_problems_hidden(const struct iw_estate *estate)
{
    return estate->problems.n_hidden;
}

/* --- reading --------------------------------------------------------------------------------- */

struct estate_reading {
    struct iw_estate *estate;
    struct iw_arena *arena; /* of the trees */
    struct iw_error *err;
    bool has_estate;
};

/* A server that is being read. */
struct server_reading {
    struct estate_reading *reading;
    struct iw_estate_server server;
    struct entry entry;
    bool is_bad;
};

static enum iw_rc tell(struct estate_reading *reading, const struct iw_yaml_node *node,
                       struct iw_str host, struct iw_str key, const char *what)
{
    return iw_change_problems_add(&reading->estate->problems, node->line, node->column, host,
                                  "%.*s%s%s", IW_STR_ARG(key), key.n != 0 ? ": " : "", what);
}

static enum iw_rc refuse(struct server_reading *server, const struct iw_yaml_node *node,
                         struct iw_str key, const char *what)
{
    server->is_bad = true;
    return tell(server->reading, node, server->server.host, key, what);
}

/* Text or list of texts, copied; *ret_wrong where it is not. */
static enum iw_rc read_texts(struct estate_reading *reading, const struct iw_yaml_node *node,
                             bool may_be_list, struct iw_text_list *ret, const char **ret_wrong)
{
    struct iw_arena *arena = &reading->estate->arena;
    struct change_values values = {.n = 0};
    struct iw_str *items;

    IW_TRY(yaml_values_read(node, may_be_list, reading->arena, &values, ret_wrong));
    if (*ret_wrong == NULL && values.n > IW_LIMIT_CHANGE_VALUES)
        *ret_wrong = "too many values";
    if (*ret_wrong != NULL)
        return IW_OK;
    items = iw_arena_calloc(arena, values.n, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < values.n; i++) {
        struct iw_str text = iw_change_one_line(values.items[i].text, arena);
        if (text.p == NULL)
            return IW_ENOMEM;
        if (values.items[i].text.n > IW_LIMIT_CHANGE_VALUE_BYTES || text.n == 0) {
            *ret_wrong = text.n == 0 ? "is empty" : "is too long";
            return IW_OK;
        }
        items[i] = iw_arena_copy(arena, text);
        if (items[i].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, values.n};
    return IW_OK;
}

static enum iw_rc read_accounts(struct estate_reading *reading, const struct iw_yaml_node *node,
                                struct accounts *ret, const char **ret_wrong)
{
    const bool is_empty = node->kind == IW_YAML_SEQUENCE && node->n_entries == 0;

    /* An empty list is what a form has before somebody fills it: nobody is listed. */
    *ret_wrong = NULL;
    if (is_empty)
        return IW_OK;
    IW_TRY(read_texts(reading, node, true, &ret->texts, ret_wrong));
    if (*ret_wrong != NULL)
        return IW_OK;
    ret->names = iw_arena_calloc(&reading->estate->arena, ret->texts.n, sizeof *ret->names);
    if (ret->names == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < ret->texts.n; i++) {
        if (!iw_account_name_read(ret->texts.items[i], &reading->estate->arena, &ret->names[i]))
            return IW_ENOMEM;
        if (ret->names[i].name.n == 0 && ret->names[i].sid.n == 0)
            *ret_wrong = "names no account";
    }
    return IW_OK;
}

/* Which list a key is; N_LISTS: none. */
static unsigned list_of(struct iw_str key)
{
    if (iw_str_equal(key, IW_STR("operators")))
        return 0;
    return iw_str_equal(key, IW_STR("deployers")) ? 1 : N_LISTS;
}

static enum iw_rc read_key(struct server_reading *server, const struct iw_yaml_entry *pair)
{
    struct iw_estate_server *to = &server->server;
    const struct iw_str key = pair->key->text;
    const unsigned list = list_of(key);
    struct iw_text_list texts = {NULL, 0};
    const char *wrong = NULL;
    const bool is_host = iw_str_equal(key, IW_STR("host")),
               is_fqdn = iw_str_equal(key, IW_STR("fqdn")),
               is_owner = iw_str_equal(key, IW_STR("owner")),
               is_roles = iw_str_equal(key, IW_STR("roles"));

    if (list < N_LISTS) {
        IW_TRY(read_accounts(server->reading, pair->value, &server->entry.lists[list], &wrong));
        return wrong != NULL ? refuse(server, pair->value, key, wrong) : IW_OK;
    }
    if (!is_host && !is_fqdn && !is_owner && !is_roles && !iw_str_equal(key, IW_STR("sites")))
        return refuse(server, pair->key, key, "no such key in a server");
    IW_TRY(read_texts(server->reading, pair->value, !is_host && !is_fqdn && !is_owner, &texts,
                      &wrong));
    if (wrong != NULL)
        return refuse(server, pair->value, key, wrong);
    if (is_host)
        to->host = texts.items[0];
    else if (is_fqdn)
        to->fqdn = texts.items[0];
    else if (is_owner)
        to->owner = texts.items[0];
    else if (is_roles)
        to->roles = texts;
    else
        to->sites = texts;
    return IW_OK;
}

static enum iw_rc read_glob(struct server_reading *server, const struct iw_yaml_node *node,
                            struct iw_str text, struct iw_glob *ret)
{
    struct iw_arena *arena = &server->reading->estate->arena;
    struct iw_str folded;
    enum iw_rc rc;

    while (text.n > 1 && text.p[text.n - 1] == '.') /* the root, as in evidence */
        text.n--;
    folded = iw_fold_text(text, arena);
    if (folded.p == NULL)
        return IW_ENOMEM;
    rc = iw_glob_read(folded, '.', arena, ret);
    if (rc == IW_ELIMIT)
        return refuse(server, node, IW_STR("host"), "is too long");
    server->server.is_glob |= rc == IW_OK && !iw_glob_is_literal(ret);
    return rc;
}

/* The same name twice: which one is meant depends on the order of files, which is told. */
static enum iw_rc note_twin(struct server_reading *server)
{
    struct iw_estate *estate = server->reading->estate;
    const struct iw_str host = server->entry.host.text, fqdn = server->entry.fqdn.text;
    char *key = iw_arena_alloc(&estate->arena, host.n + fqdn.n + 1);
    struct iw_map_entry *known;
    bool is_new = false;

    if (key == NULL)
        return IW_ENOMEM;
    memcpy(key, host.p, host.n);
    key[host.n] = ' ';
    if (fqdn.n != 0)
        memcpy(key + host.n + 1, fqdn.p, fqdn.n);
    known = iw_map_add(&estate->by_name, (struct iw_str){key, host.n + fqdn.n + 1}, &is_new);
    if (known == NULL)
        return IW_ENOMEM;
    if (is_new) {
        known->value.number = estate->n;
        return IW_OK;
    }
    return iw_change_problems_add(
        &estate->problems, server->server.line, 0, server->server.host,
        "the server stands at %.*s:%u already; both are kept, the first one counts",
        IW_STR_ARG(estate->servers[known->value.number].file),
        estate->servers[known->value.number].line);
}

static enum iw_rc take_server(struct server_reading *server)
{
    struct iw_estate *estate = server->reading->estate;

    if (estate->n == IW_LIMIT_ESTATE_SERVERS) {
        iw_error_set(server->reading->err, IW_ELIMIT, "more than %u servers: the rest is not read",
                     IW_LIMIT_ESTATE_SERVERS);
        iw_error_place(server->reading->err, estate->problems.file.p, server->server.line, 0);
        return IW_ELIMIT;
    }
    if (!iw_array_reserve(&estate->servers, &estate->cap, estate->n + 1, sizeof *estate->servers) ||
        !iw_array_reserve(&estate->entries, &estate->cap_entries, estate->n + 1,
                          sizeof *estate->entries))
        return IW_ENOMEM;
    IW_TRY(note_twin(server));
    server->server.operators = server->entry.lists[0].texts;
    server->server.deployers = server->entry.lists[1].texts;
    estate->servers[estate->n] = server->server;
    estate->entries[estate->n++] = server->entry;
    return IW_OK;
}

static enum iw_rc read_server(struct estate_reading *reading, const struct iw_yaml_node *node)
{
    struct server_reading server = {
        .reading = reading, .server = {.file = reading->estate->problems.file, .line = node->line}};
    const struct iw_str none = {NULL, 0};

    if (node->kind != IW_YAML_MAPPING)
        return refuse(&server, node, none, "a server must be a map");
    for (const struct iw_yaml_entry *pair = node->first; pair != NULL; pair = pair->next)
        IW_TRY(read_key(&server, pair));
    if (iw_yaml_find(node, "host") == NULL)
        IW_TRY(refuse(&server, node, IW_STR("host"), "is missing"));
    if (server.is_bad)
        return IW_OK;
    IW_TRY(read_glob(&server, node, server.server.host, &server.entry.host));
    server.entry.has_fqdn = server.server.fqdn.n != 0;
    if (server.entry.has_fqdn)
        IW_TRY(read_glob(&server, node, server.server.fqdn, &server.entry.fqdn));
    return server.is_bad ? IW_OK : take_server(&server);
}

static enum iw_rc read_common(struct estate_reading *reading, const struct iw_yaml_entry *pair,
                              unsigned list)
{
    struct iw_estate *estate = reading->estate;
    const struct iw_str none = {NULL, 0};
    struct accounts accounts = {.names = NULL};
    const char *wrong = NULL;

    IW_TRY(read_accounts(reading, pair->value, &accounts, &wrong));
    if (wrong != NULL)
        return tell(reading, pair->value, none, pair->key->text, wrong);
    if (!iw_array_reserve(&estate->common[list], &estate->cap_common[list],
                          estate->n_common[list] + accounts.texts.n, sizeof *accounts.names))
        return IW_ENOMEM;
    for (size_t i = 0; i < accounts.texts.n; i++)
        estate->common[list][estate->n_common[list]++] = accounts.names[i];
    return IW_OK;
}

static enum iw_rc read_estate(struct estate_reading *reading, const struct iw_yaml_node *node)
{
    const struct iw_str none = {NULL, 0};

    if (node->kind != IW_YAML_MAPPING)
        return tell(reading, node, none, IW_STR("estate"), "must be a map");
    for (const struct iw_yaml_entry *pair = node->first; pair != NULL; pair = pair->next) {
        const unsigned list = list_of(pair->key->text);
        if (list < N_LISTS) {
            IW_TRY(read_common(reading, pair, list));
        } else if (!iw_str_equal(pair->key->text, IW_STR("servers"))) {
            IW_TRY(tell(reading, pair->key, none, pair->key->text, "no such key in an estate"));
        } else if (pair->value->kind != IW_YAML_SEQUENCE) {
            IW_TRY(tell(reading, pair->value, none, IW_STR("servers"), "must be a list"));
        } else {
            for (const struct iw_yaml_entry *item = pair->value->first; item != NULL;
                 item = item->next)
                IW_TRY(read_server(reading, item->value));
        }
    }
    return IW_OK;
}

static enum iw_rc on_document(void *context, const struct iw_yaml_node *root)
{
    struct estate_reading *reading = context;
    const struct iw_yaml_node *estate = iw_yaml_find(root, "estate");
    const struct iw_str none = {NULL, 0};

    if (estate == NULL)
        return tell(reading, root, none, none, "a document without `estate`");
    reading->has_estate = true;
    for (const struct iw_yaml_entry *pair = root->first; pair != NULL; pair = pair->next)
        if (!iw_str_equal(pair->key->text, IW_STR("estate")))
            IW_TRY(tell(reading, pair->key, none, pair->key->text, "no such key beside `estate`"));
    return read_estate(reading, estate);
}

enum iw_rc iw_estate_add_yaml(struct iw_estate *estate, struct iw_str bytes, const char *name,
                              struct iw_error *err)
{
    struct iw_arena arena;
    struct estate_reading reading = {.estate = estate, .arena = &arena, .err = err};
    enum iw_rc rc;

    if (bytes.n > IW_LIMIT_CHANGE_FILE_BYTES) {
        iw_error_set(err, IW_ELIMIT, "the file is larger than %lu bytes",
                     IW_LIMIT_CHANGE_FILE_BYTES);
        iw_error_place(err, name, 0, 0);
        return IW_ELIMIT;
    }
    estate->problems.file = iw_arena_copy(&estate->arena, iw_str_of(name));
    if (estate->problems.file.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    iw_arena_init(&arena, 0);
    rc = yaml_values_each_document(bytes, name, &arena, &estate->problems, on_document, &reading,
                                   err);
    if (rc == IW_OK && !reading.has_estate) {
        rc = iw_error_set(err, IW_EFORMAT, "there is no `estate` in this file");
        iw_error_place(err, name, 0, 0);
    }
    iw_arena_done(&arena);
    return rc;
}

/* --- asking ---------------------------------------------------------------------------------- */

/* A domain that the evidence does not give does not speak against an entry. */
static bool means(const struct entry *entry, const struct iw_host_names *host)
{
    if (entry->has_fqdn && host->knows_whole)
        return iw_host_glob_means(&entry->fqdn, host) == IW_HOLDS_YES;
    return iw_host_glob_means(&entry->host, host) != IW_HOLDS_NO;
}

enum iw_rc iw_estate_find(const struct iw_estate *estate, struct iw_str label,
                          struct iw_str computer, const struct iw_estate_server **ret)
{
    struct iw_host_names host;
    struct iw_arena scratch;
    bool is_read;

    *ret = NULL;
    iw_arena_init(&scratch, 0);
    is_read = iw_host_names_read(label, computer, &scratch, &host);
    for (unsigned globs = 0; is_read && host.n != 0 && globs < 2 && *ret == NULL; globs++)
        for (size_t i = 0; i < estate->n && *ret == NULL; i++)
            if (estate->servers[i].is_glob == (globs == 1) && means(&estate->entries[i], &host))
                *ret = &estate->servers[i];
    iw_arena_done(&scratch);
    return is_read ? IW_OK : IW_ENOMEM;
}

/* Counts what is listed, and keeps the best answer. */
static void ask_list(const struct iw_account_name *listed, size_t n,
                     const struct iw_account_name *actor, size_t *n_listed, enum iw_holds *best)
{
    const enum iw_holds one = iw_account_name_is_listed(listed, n, actor);

    *n_listed += n;
    if (*best != IW_HOLDS_YES && one != IW_HOLDS_NO)
        *best = one;
}

enum iw_rc iw_estate_lists_account(const struct iw_estate *estate,
                                   const struct iw_estate_server *server, unsigned accounts,
                                   struct iw_str name, struct iw_str sid, enum iw_holds *ret)
{
    const struct entry *entry = server != NULL ? &estate->entries[server - estate->servers] : NULL;
    struct iw_account_name actor;
    struct iw_arena scratch;
    enum iw_holds best = IW_HOLDS_NO;
    size_t n_listed = 0;
    bool is_read;

    iw_arena_init(&scratch, 0);
    is_read = iw_account_name_read(name, &scratch, &actor) &&
              iw_account_name_set_sid(&actor, sid, &scratch);
    for (unsigned list = 0; is_read && list < N_LISTS; list++) {
        if ((accounts & (1U << list)) == 0)
            continue;
        ask_list(estate->common[list], estate->n_common[list], &actor, &n_listed, &best);
        if (entry != NULL)
            ask_list(entry->lists[list].names, entry->lists[list].texts.n, &actor, &n_listed,
                     &best);
    }
    iw_arena_done(&scratch);
    if (best == IW_HOLDS_NO && (n_listed == 0 || entry == NULL))
        best = IW_HOLDS_UNKNOWN;
    *ret = best;
    return is_read ? IW_OK : IW_ENOMEM;
}
