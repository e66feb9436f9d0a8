/*
 * First and last moments, and counts of what is different. All of it is the same in whatever order
 * requests come: least and greatest, sums, unions; a union past its limit is "more" for good.
 */
#include "context/url_history.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "base/limits.h"

/* What is different among values; only their hashes are kept. */
struct distinct {
    uint64_t hashes[IW_LIMIT_URL_VALUES];
    uint32_t n; /* IW_LIMIT_URL_VALUES + 1: more */
};

/* One (computer, watched URL, whether the site is known). */
struct row {
    struct iw_str computer;
    const struct iw_watched_url *url; /* the first of its list */
    struct iw_url_fact fact;          /* without host and url */
    struct distinct addresses, agents;
};

struct row_key {
    const struct iw_watched_url *url;
    bool is_site_known;
};

struct iw_url_history {
    const struct iw_watched_urls *urls;
    struct iw_arena arena, scratch;
    struct iw_map rows; /* struct row_key and computer → struct row * */
    uint64_t n_hidden;
};

struct iw_url_history *iw_url_history_new(const struct iw_watched_urls *urls)
{
    struct iw_url_history *history = iw_calloc(1, sizeof *history);
    if (history == NULL)
        return NULL;
    history->urls = urls;
    iw_arena_init(&history->arena, 0);
    iw_arena_init(&history->scratch, 0);
    iw_map_init(&history->rows);
    return history;
}

void iw_url_history_free(struct iw_url_history *history)
{
    if (history == NULL)
        return;
    iw_map_done(&history->rows);
    iw_arena_done(&history->arena);
    iw_arena_done(&history->scratch);
    iw_free(history);
}

/* --- values that are different --- */

static void note_hash(struct distinct *distinct, uint64_t hash)
{
    if (distinct->n > IW_LIMIT_URL_VALUES)
        return;
    for (uint32_t i = 0; i < distinct->n; i++) {
        if (distinct->hashes[i] == hash)
            return;
    }
    if (distinct->n < IW_LIMIT_URL_VALUES)
        distinct->hashes[distinct->n] = hash;
    distinct->n++;
}

static void note_value(struct distinct *distinct, struct iw_str value)
{
    if (value.n != 0)
        note_hash(distinct, iw_hash_bytes(value.p, value.n, 0));
}

static void unite(struct distinct *into, const struct distinct *from)
{
    for (uint32_t i = 0; i < from->n && i < IW_LIMIT_URL_VALUES; i++)
        note_hash(into, from->hashes[i]);
    if (from->n > IW_LIMIT_URL_VALUES)
        into->n = IW_LIMIT_URL_VALUES + 1;
}

static unsigned method_of(struct iw_str method)
{
    static const struct {
        const char *name;
        enum iw_url_method bit;
    } METHODS[] = {{"GET", IW_METHOD_GET},       {"HEAD", IW_METHOD_HEAD},
                   {"POST", IW_METHOD_POST},     {"PUT", IW_METHOD_PUT},
                   {"DELETE", IW_METHOD_DELETE}, {"OPTIONS", IW_METHOD_OPTIONS}};
    if (method.n == 0)
        return 0;
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++) {
        if (iw_str_equal_nocase(method, iw_str_of(METHODS[i].name)))
            return METHODS[i].bit;
    }
    return IW_METHOD_OTHER;
}

/* --- moments --- */

static int compare_u64(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_moments(const struct iw_url_moment *a, const struct iw_url_moment *b)
{
    int order = (a->end_ns > b->end_ns) - (a->end_ns < b->end_ns);
    if (order == 0)
        order = compare_u64(a->source, b->source);
    return order != 0 ? order : compare_u64(a->offset, b->offset);
}

static void note_moments(struct iw_url_fact *fact, const struct iw_url_moment *first,
                         const struct iw_url_moment *last)
{
    if (!fact->has_moments || compare_moments(first, &fact->first) < 0)
        fact->first = *first;
    if (!fact->has_moments || compare_moments(last, &fact->last) > 0)
        fact->last = *last;
    fact->has_moments = true;
}

static void note_answer(struct iw_url_fact *fact, const struct iw_url_moment *answered)
{
    if (!fact->has_answer || compare_moments(answered, &fact->first_answered) < 0)
        fact->first_answered = *answered;
    fact->has_answer = true;
}

/* --- rows --- */

/* *ret NULL: no room. */
static enum iw_rc row_of(struct iw_url_history *history, struct row_key row_key,
                         struct iw_str computer, struct row **ret)
{
    size_t key_n = sizeof row_key.url + 1 + computer.n;
    char *bytes = iw_arena_alloc(&history->scratch, key_n);
    struct iw_str key = {bytes, key_n};
    struct iw_map_entry *entry;
    struct row *row;

    *ret = NULL;
    if (bytes == NULL)
        return IW_ENOMEM;
    memcpy(bytes, &row_key.url, sizeof row_key.url);
    bytes[sizeof row_key.url] = row_key.is_site_known;
    if (computer.n != 0)
        memcpy(bytes + sizeof row_key.url + 1, computer.p, computer.n);
    entry = iw_map_find(&history->rows, key);
    if (entry != NULL) {
        *ret = entry->value.pointer;
        return IW_OK;
    }
    if (history->rows.n >= IW_LIMIT_URL_FACTS)
        return IW_OK;
    row = iw_arena_calloc(&history->arena, 1, sizeof *row);
    key = iw_arena_copy(&history->arena, key);
    if (row == NULL || key.p == NULL)
        return IW_ENOMEM;
    row->url = row_key.url;
    row->fact.is_site_known = row_key.is_site_known;
    row->computer = (struct iw_str){key.p + sizeof row_key.url + 1, computer.n};
    entry = iw_map_add(&history->rows, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = row;
    *ret = row;
    return IW_OK;
}

static void note_request(struct row *row, const struct iw_event *event,
                         const struct iw_web_request *request)
{
    const struct iw_url_moment moment = {request->end_ns, request->start_ns, event->source,
                                         event->offset,   event->line,       request->is_local};
    struct iw_url_fact *fact = &row->fact;
    bool is_answered = request->status != 0 && request->status < 400;

    fact->n_requests++;
    fact->n_answered += is_answered;
    fact->methods |= method_of(request->method);
    note_value(&row->addresses, request->address);
    note_value(&row->agents, request->agent);
    if (!iw_time_known(request->end_ns)) {
        fact->n_timeless++;
        return;
    }
    note_moments(fact, &moment, &moment);
    if (is_answered)
        note_answer(fact, &moment);
}

enum iw_rc iw_url_history_add(struct iw_url_history *history, const struct iw_event *event)
{
    struct iw_web_request request;
    const struct iw_watched_url *url;
    struct row *row;
    enum iw_rc rc;

    if (history->urls->by_key.n == 0)
        return IW_OK;
    iw_arena_reset(&history->scratch);
    rc = iw_web_request_read(event, &history->scratch, &request);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(iw_watched_urls_find(history->urls, &request, &history->scratch, &url));
    if (url == NULL)
        return IW_OK;
    IW_TRY(row_of(history, (struct row_key){url, request.site_id != 0}, event->computer, &row));
    if (row == NULL)
        history->n_hidden++;
    else
        note_request(row, event, &request);
    return IW_OK;
}

static void unite_rows(struct row *into, const struct row *from)
{
    into->fact.n_requests += from->fact.n_requests;
    into->fact.n_answered += from->fact.n_answered;
    into->fact.n_timeless += from->fact.n_timeless;
    into->fact.methods |= from->fact.methods;
    unite(&into->addresses, &from->addresses);
    unite(&into->agents, &from->agents);
    if (from->fact.has_moments)
        note_moments(&into->fact, &from->fact.first, &from->fact.last);
    if (from->fact.has_answer)
        note_answer(&into->fact, &from->fact.first_answered);
}

enum iw_rc iw_url_history_merge(struct iw_url_history *into, const struct iw_url_history *from)
{
    into->n_hidden += from->n_hidden;
    for (size_t i = 0; i < from->rows.n; i++) {
        const struct row *row = from->rows.entries[i].value.pointer;
        struct row *own;
        iw_arena_reset(&into->scratch);
        IW_TRY(
            row_of(into, (struct row_key){row->url, row->fact.is_site_known}, row->computer, &own));
        if (own == NULL)
            into->n_hidden += row->fact.n_requests;
        else
            unite_rows(own, row);
    }
    return IW_OK;
}

enum iw_rc iw_url_history_hosts(const struct iw_url_history *history, struct iw_hosts *hosts)
{
    for (size_t i = 0; i < history->rows.n; i++) {
        const struct row *row = history->rows.entries[i].value.pointer;
        IW_TRY(iw_hosts_add(hosts, row->computer));
    }
    return IW_OK;
}

/* --- facts --- */

static int compare_facts(const void *left, const void *right)
{
    const struct iw_url_fact *a = left, *b = right;
    int order = iw_str_compare(a->host, b->host);
    if (order == 0)
        order = iw_str_compare(a->url->path, b->url->path);
    if (order == 0)
        order = compare_u64(a->url->site_id, b->url->site_id);
    if (order == 0)
        order = iw_str_compare(a->url->url, b->url->url);
    return order != 0 ? order : (int)b->is_site_known - (int)a->is_site_known;
}

/* Rows of one host under several names are one. Marks those that went into another by url NULL. */
static enum iw_rc unite_hosts(struct iw_url_history *history, const struct iw_hosts *hosts)
{
    struct iw_map by_host;
    enum iw_rc rc = IW_OK;

    iw_map_init(&by_host);
    for (size_t i = 0; i < history->rows.n && rc == IW_OK; i++) {
        struct row *row = history->rows.entries[i].value.pointer;
        struct iw_map_entry *entry;
        char *key;
        row->fact.host = iw_hosts_find(hosts, row->computer);
        key = iw_arena_alloc(&history->arena, sizeof row->url + 1 + row->fact.host.n);
        if (key == NULL) {
            rc = IW_ENOMEM;
            break;
        }
        memcpy(key, &row->url, sizeof row->url);
        key[sizeof row->url] = row->fact.is_site_known;
        if (row->fact.host.n != 0)
            memcpy(key + sizeof row->url + 1, row->fact.host.p, row->fact.host.n);
        entry = iw_map_add(&by_host, (struct iw_str){key, sizeof row->url + 1 + row->fact.host.n},
                           NULL);
        if (entry == NULL) {
            rc = IW_ENOMEM;
        } else if (entry->value.pointer == NULL) {
            entry->value.pointer = row;
        } else {
            unite_rows(entry->value.pointer, row);
            row->url = NULL;
        }
    }
    iw_map_done(&by_host);
    return rc;
}

/* One URL may be watched on many hosts: only its own counts. */
static bool is_own(const struct row *row, const struct iw_watched_url *url)
{
    return iw_str_equal_nocase(row->fact.host, url->host);
}

static size_t count_facts(const struct iw_url_history *history)
{
    size_t n = 0;
    for (size_t i = 0; i < history->rows.n; i++) {
        const struct row *row = history->rows.entries[i].value.pointer;
        for (const struct iw_watched_url *url = row->url; url != NULL; url = url->next)
            n += is_own(row, url);
    }
    return n;
}

enum iw_rc iw_url_history_settle(struct iw_url_history *history, const struct iw_hosts *hosts,
                                 struct iw_url_facts *ret)
{
    struct iw_url_fact *items;
    size_t n = 0;

    *ret = (struct iw_url_facts){.n_hidden = history->n_hidden};
    IW_TRY(unite_hosts(history, hosts));
    items = iw_arena_calloc(&history->arena, count_facts(history) + 1, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < history->rows.n; i++) {
        const struct row *row = history->rows.entries[i].value.pointer;
        for (const struct iw_watched_url *url = row->url; url != NULL; url = url->next) {
            if (!is_own(row, url))
                continue;
            items[n] = row->fact;
            items[n].url = url;
            items[n].n_addresses = row->addresses.n;
            items[n++].n_agents = row->agents.n;
        }
    }
    qsort(items, n, sizeof *items, compare_facts);
    ret->items = items;
    ret->n = n;
    return IW_OK;
}
