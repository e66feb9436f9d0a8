/*
 * Requests become rows of hours in a feed, rows pass through the sorter by the name of the machine,
 * URL, site and hour, and come out of it whole: of all portions, and of each file once.
 */
#include "context/url_requests.h"

#include "base/alloc.h"
#include "base/fold.h"
#include "base/sort_key.h"
#include "base/sorter.h"
#include "context/request_table.h"
#include "event/flatten.h"
#include "event/web_log.h"

#define NS_PER_HOUR (INT64_C(3600) * IW_NS_PER_SECOND)
/* Site and hour, behind the texts of a key. */
#define NUMBERS_BYTES (sizeof(uint64_t) + sizeof(int64_t))

struct iw_url_requests_feed {
    struct iw_url_requests *requests;
    struct iw_url_requests_feed *next;
    struct iw_sorter_feed *sorted;
    struct iw_arena arena;   /* of rows */
    struct iw_arena scratch; /* of the present event */
    struct iw_map rows;      /* key → struct held_row * */
    struct iw_buffer key, fields, payload;
    struct iw_request_logs logs;
    bool is_ended;
};

struct held_row {
    struct iw_str computer;
    struct iw_request_row row;
};

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

/* --- the whole ------------------------------------------------------------------------------ */

struct iw_url_requests *iw_url_requests_new(struct iw_spill *spill, size_t budget_bytes)
{
    struct iw_url_requests *requests = iw_calloc(1, sizeof *requests);
    if (requests == NULL)
        return NULL;
    iw_arena_init(&requests->arena, 0);
    iw_map_init(&requests->known);
    iw_map_init(&requests->labels);
    iw_request_logs_init(&requests->logs);
    iw_request_store_init(&requests->store, spill, budget_bytes / 2);
    requests->sorter = iw_sorter_new(spill, budget_bytes);
    if (iw_url_endings_init(&requests->endings) == IW_OK && requests->sorter != NULL)
        return requests;
    iw_url_requests_free(requests);
    return NULL;
}

static void feed_free(struct iw_url_requests_feed *feed)
{
    iw_map_done(&feed->rows);
    iw_arena_done(&feed->arena);
    iw_arena_done(&feed->scratch);
    iw_buffer_done(&feed->key);
    iw_buffer_done(&feed->fields);
    iw_buffer_done(&feed->payload);
    iw_request_logs_done(&feed->logs);
    iw_free(feed);
}

void iw_url_requests_free(struct iw_url_requests *requests)
{
    if (requests == NULL)
        return;
    for (struct iw_url_requests_feed *feed = requests->feeds, *next; feed != NULL; feed = next) {
        next = feed->next;
        feed_free(feed);
    }
    iw_sorter_free(requests->sorter);
    iw_request_store_done(&requests->store);
    iw_request_logs_done(&requests->logs);
    iw_url_endings_done(&requests->endings);
    iw_map_done(&requests->known);
    iw_map_done(&requests->labels);
    iw_arena_done(&requests->arena);
    iw_free(requests);
}

enum iw_rc iw_url_requests_know(struct iw_url_requests *requests,
                                const struct iw_inventory *inventory)
{
    IW_TRY(iw_url_endings_know(&requests->endings, inventory));
    for (size_t i = 0; i < inventory->n_servers; i++) {
        const struct iw_inventory_server *server = &inventory->servers[i];
        for (size_t k = 0; k < server->n_web_files; k++) {
            struct iw_text_list urls = server->web_files[k].urls;
            for (size_t u = 0; u < urls.n; u++) {
                struct iw_url_key key;
                IW_TRY(iw_url_key(&requests->endings, urls.items[u], &requests->arena, &key));
                if (!key.runs && iw_map_add(&requests->known, key.text, NULL) == NULL)
                    return IW_ENOMEM;
            }
        }
    }
    return IW_OK;
}

enum iw_rc iw_url_requests_route(struct iw_route *route)
{
    return iw_route_want_channel(route, IW_STR(IW_CHANNEL_W3SVC));
}

/* --- a feed --------------------------------------------------------------------------------- */

struct iw_url_requests_feed *iw_url_requests_feed_new(struct iw_url_requests *requests)
{
    struct iw_url_requests_feed *feed = iw_calloc(1, sizeof *feed);
    if (feed == NULL)
        return NULL;
    feed->requests = requests;
    iw_arena_init(&feed->arena, 0);
    iw_arena_init(&feed->scratch, 0);
    iw_map_init(&feed->rows);
    iw_buffer_init(&feed->key);
    iw_buffer_init(&feed->fields);
    iw_buffer_init(&feed->payload);
    iw_request_logs_init(&feed->logs);
    feed->sorted = iw_sorter_feed_new(requests->sorter);
    if (feed->sorted == NULL) {
        feed_free(feed);
        return NULL;
    }
    feed->next = requests->feeds;
    requests->feeds = feed;
    return feed;
}

/* All rows to the sorter. */
static enum iw_rc hand_over(struct iw_url_requests_feed *feed, struct iw_error *err)
{
    for (size_t i = 0; i < feed->rows.n; i++) {
        const struct held_row *held = feed->rows.entries[i].value.pointer;
        iw_buffer_clear(&feed->payload);
        iw_pack_text(&feed->payload, held->computer);
        iw_request_row_pack(&held->row, &feed->payload);
        if (feed->payload.failed)
            return no_memory(err);
        IW_TRY(iw_sorter_add(feed->sorted, feed->rows.entries[i].key, iw_buffer_str(&feed->payload),
                             err));
    }
    iw_map_done(&feed->rows);
    iw_map_init(&feed->rows);
    iw_arena_done(&feed->arena);
    iw_arena_init(&feed->arena, 0);
    return IW_OK;
}

bool iw_request_label(struct iw_str name, struct iw_arena *arena, struct iw_str *ret)
{
    *ret = iw_fold_text(iw_host_label(name), arena);
    return ret->p != NULL;
}

static enum iw_rc take_label(struct iw_str label, const struct iw_str *url_key,
                             iw_request_take_prefix *take, void *context, struct iw_error *err)
{
    struct iw_buffer prefix;
    enum iw_rc rc;
    iw_buffer_init(&prefix);
    iw_sort_key_text(&prefix, label);
    if (url_key != NULL)
        iw_sort_key_text(&prefix, *url_key);
    rc = prefix.failed ? iw_error_set(err, IW_ENOMEM, "no memory")
                       : take(context, iw_buffer_str(&prefix));
    iw_buffer_done(&prefix);
    return rc;
}

enum iw_rc iw_requests_each_label(const struct iw_url_requests *requests, struct iw_str host,
                                  const struct iw_str *url_key, struct iw_arena *arena,
                                  iw_request_take_prefix *take, void *context, struct iw_error *err)
{
    struct iw_str folded = iw_fold_text(host, arena);
    const struct iw_map_entry *entry;
    if (folded.p == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    entry = iw_map_find(&requests->labels, folded);
    for (const struct iw_request_label *label = entry != NULL ? entry->value.pointer : NULL;
         label != NULL; label = label->next)
        IW_TRY(take_label(label->text, url_key, take, context, err));
    return IW_OK;
}

/* Where an hour begins; of a request without a time, before all others. */
static int64_t hour_of(int64_t time_ns)
{
    int64_t hour = time_ns / NS_PER_HOUR - (time_ns % NS_PER_HOUR < 0);
    return iw_time_known(time_ns) ? hour : INT64_MIN;
}

static bool write_key(struct iw_url_requests_feed *feed, const struct iw_event *event,
                      const struct iw_web_request *request, struct iw_str url)
{
    struct iw_buffer *key = &feed->key;
    struct iw_str label;
    if (!iw_request_label(event->computer, &feed->scratch, &label))
        return false;
    iw_buffer_clear(key);
    iw_sort_key_text(key, label);
    iw_sort_key_text(key, url);
    iw_sort_key_u64(key, request->site_id);
    iw_sort_key_i64(key, hour_of(request->end_ns));
    iw_sort_key_text(key, event->computer);
    iw_sort_key_u32(key, event->source);
    return !key->failed;
}

static struct held_row *row_of(struct iw_url_requests_feed *feed, struct iw_str computer)
{
    struct iw_map_entry *entry = iw_map_find(&feed->rows, iw_buffer_str(&feed->key));
    struct held_row *held;
    struct iw_str key;
    if (entry != NULL)
        return entry->value.pointer;
    held = iw_arena_calloc(&feed->arena, 1, sizeof *held);
    key = iw_arena_copy(&feed->arena, iw_buffer_str(&feed->key));
    if (held == NULL || key.p == NULL)
        return NULL;
    held->computer = iw_arena_copy(&feed->arena, computer);
    entry = held->computer.p != NULL ? iw_map_add(&feed->rows, key, NULL) : NULL;
    if (entry == NULL)
        return NULL;
    entry->value.pointer = held;
    return held;
}

/* The columns, made only where they are kept. */
static enum iw_rc make_fields(struct iw_url_requests_feed *feed, const struct iw_event *event)
{
    struct iw_json json;
    iw_buffer_clear(&feed->fields);
    iw_json_init(&json, &feed->fields);
    iw_json_object(&json);
    iw_event_flatten_payload(event, &json, &feed->scratch);
    iw_json_object_end(&json);
    return feed->fields.failed ? IW_ENOMEM : IW_OK;
}

static enum iw_rc keep(struct iw_url_requests_feed *feed, const struct iw_event *event,
                       const struct iw_web_request *request, struct iw_str url)
{
    const struct iw_request_place place = {
        iw_time_known(request->end_ns) ? request->end_ns : INT64_MAX, event->source, event->offset};
    struct held_row *held;
    if (!write_key(feed, event, request, url))
        return IW_ENOMEM;
    held = row_of(feed, event->computer);
    if (held == NULL)
        return IW_ENOMEM;
    iw_buffer_clear(&feed->fields);
    if (iw_request_row_wants(&held->row, &place))
        IW_TRY(make_fields(feed, event));
    return iw_request_row_add(&held->row, request, event, iw_buffer_str(&feed->fields),
                              &feed->arena);
}

/* Whether the URL matters, and its key. */
static enum iw_rc key_of(struct iw_url_requests_feed *feed, struct iw_str url,
                         struct iw_url_key *ret, bool *ret_matters)
{
    const struct iw_url_requests *requests = feed->requests;
    *ret_matters = false;
    if (url.n == 0 || (requests->known.n == 0 && !iw_url_may_run(url)))
        return IW_OK;
    IW_TRY(iw_url_key(&requests->endings, url, &feed->scratch, ret));
    *ret_matters = ret->runs || iw_map_find(&requests->known, ret->text) != NULL;
    return IW_OK;
}

static enum iw_rc add(struct iw_url_requests_feed *feed, const struct iw_event *event)
{
    struct iw_web_request request;
    struct iw_url_key key;
    bool matters;
    enum iw_rc rc = iw_web_request_read(event, &feed->scratch, &request);
    if (rc != IW_OK)
        return rc == IW_END ? IW_OK : rc;
    IW_TRY(iw_request_logs_add(&feed->logs, event->computer, request.site_id, request.end_ns));
    IW_TRY(key_of(feed, request.stem, &key, &matters));
    return matters ? keep(feed, event, &request, key.text) : IW_OK;
}

enum iw_rc iw_url_requests_add(struct iw_url_requests_feed *feed, const struct iw_event *event,
                               struct iw_error *err)
{
    if (feed->is_ended || (event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    iw_arena_reset(&feed->scratch);
    if (add(feed, event) != IW_OK)
        return no_memory(err);
    if (feed->arena.held_bytes > IW_LIMIT_REQUEST_ROWS_BYTES)
        return hand_over(feed, err);
    return IW_OK;
}

enum iw_rc iw_url_requests_feed_end(struct iw_url_requests_feed *feed, struct iw_error *err)
{
    if (feed->is_ended)
        return IW_OK;
    feed->is_ended = true;
    if (iw_request_logs_merge(&feed->requests->logs, &feed->logs) != IW_OK)
        return no_memory(err);
    return hand_over(feed, err);
}

enum iw_rc iw_url_requests_hosts(const struct iw_url_requests *requests, struct iw_hosts *hosts)
{
    const struct iw_map *logs = &requests->logs.by_key;
    for (size_t i = 0; i < logs->n; i++) {
        const struct iw_request_log_span *span = logs->entries[i].value.pointer;
        IW_TRY(iw_hosts_add(hosts, span->computer));
    }
    return IW_OK;
}

/* --- settling ------------------------------------------------------------------------------- */

/* What one file tells of one key: so much of it is counted already. */
struct counted {
    struct counted *next;
    struct iw_request_row row;
};

/* The row of one host. */
struct host_row {
    struct host_row *next;
    struct iw_str host;
    struct iw_request_row row;
    struct counted *files;
    size_t n_files;
};

struct settling {
    struct iw_url_requests *requests;
    const struct iw_hosts *hosts;
    struct iw_arena arena; /* of one key */
    struct iw_buffer prefix, whole, payload;
    struct iw_str computer;     /* of the row being put together */
    struct iw_request_row file; /* the portions of one file */
    bool has_file;
    struct host_row *host_rows;
};

static struct iw_str host_of(const struct iw_hosts *hosts, struct iw_str computer)
{
    struct iw_str host = iw_hosts_find(hosts, computer);
    return host.n != 0 ? host : iw_host_label(computer);
}

static struct host_row *host_row_of(struct settling *settling, struct iw_str host)
{
    struct host_row **at = &settling->host_rows;
    for (; *at != NULL; at = &(*at)->next) {
        if (iw_str_equal((*at)->host, host))
            return *at;
    }
    *at = iw_arena_calloc(&settling->arena, 1, sizeof **at);
    if (*at != NULL)
        (*at)->host = host;
    return *at;
}

/* Counts what the file has more than the copy of it that was counted before. */
static void count_more(struct host_row *into, struct iw_request_row *counted,
                       const struct iw_request_row *row)
{
    for (size_t i = 0; i < IW_REQUEST_COUNTS; i++) {
        if (row->counts[i] <= counted->counts[i])
            continue;
        into->row.counts[i] += row->counts[i] - counted->counts[i];
        counted->counts[i] = row->counts[i];
    }
}

/* One file's portions are complete: they are put to its host's. */
static enum iw_rc end_file(struct settling *settling)
{
    struct host_row *into;
    struct counted *file;
    if (!settling->has_file)
        return IW_OK;
    settling->has_file = false;
    into = host_row_of(settling, host_of(settling->hosts, settling->computer));
    if (into == NULL)
        return IW_ENOMEM;
    for (file = into->files; file != NULL; file = file->next) {
        if (iw_request_row_is_copy(&file->row, &settling->file)) {
            count_more(into, &file->row, &settling->file);
            return iw_request_row_unite_values(&into->row, &settling->file, &settling->arena);
        }
    }
    if (into->n_files < IW_LIMIT_COPIES_SHOWN) {
        file = iw_arena_calloc(&settling->arena, 1, sizeof *file);
        if (file == NULL)
            return IW_ENOMEM;
        file->row = settling->file;
        file->next = into->files;
        into->files = file;
        into->n_files++;
    }
    return iw_request_row_unite(&into->row, &settling->file, &settling->arena);
}

/* All rows of one key, of one host each, to the store. */
static enum iw_rc end_key(struct settling *settling, struct iw_error *err)
{
    if (end_file(settling) != IW_OK)
        return no_memory(err);
    for (const struct host_row *at = settling->host_rows; at != NULL; at = at->next) {
        iw_buffer_clear(&settling->payload);
        iw_pack_text(&settling->payload, at->host);
        iw_request_row_pack(&at->row, &settling->payload);
        if (settling->payload.failed)
            return no_memory(err);
        IW_TRY(iw_request_store_add(&settling->requests->store, iw_buffer_str(&settling->prefix),
                                    iw_buffer_str(&settling->payload), err));
    }
    settling->host_rows = NULL;
    iw_arena_reset(&settling->arena);
    return IW_OK;
}

/* Label, URL, site and hour. False: it is no key. */
static bool prefix_of(struct iw_str key, struct iw_str *ret)
{
    struct iw_str rest = key;
    bool has_label = iw_sort_key_pass_text(&rest);
    bool has_url = has_label && iw_sort_key_pass_text(&rest);
    if (!has_url || rest.n < NUMBERS_BYTES)
        return false;
    *ret = (struct iw_str){key.p, key.n - rest.n + NUMBERS_BYTES};
    return true;
}

static bool set_buffer(struct iw_buffer *buffer, struct iw_str bytes)
{
    iw_buffer_clear(buffer);
    iw_buffer_add(buffer, bytes);
    return !buffer->failed;
}

/* One portion: of the same file as the one before, of another, or of another key. */
static enum iw_rc take(struct settling *settling, struct iw_str key, struct iw_str payload,
                       struct iw_error *err)
{
    struct iw_request_row row;
    struct iw_unpacking in;
    struct iw_str prefix, kept;

    if (!prefix_of(key, &prefix))
        return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
    if (!iw_str_equal(prefix, iw_buffer_str(&settling->prefix))) {
        IW_TRY(end_key(settling, err));
        if (!set_buffer(&settling->prefix, prefix))
            return no_memory(err);
    } else if (!iw_str_equal(key, iw_buffer_str(&settling->whole)) && end_file(settling) != IW_OK) {
        return no_memory(err);
    }
    kept = iw_arena_copy(&settling->arena, payload);
    if (kept.p == NULL || !set_buffer(&settling->whole, key))
        return no_memory(err);
    in = (struct iw_unpacking){kept, false};
    settling->computer = iw_unpack_text(&in);
    IW_TRY(iw_request_row_told(iw_request_row_unpack(&in, &settling->arena, &row), err));
    if (!settling->has_file) {
        settling->file = row;
        settling->has_file = true;
        return IW_OK;
    }
    return iw_request_row_unite(&settling->file, &row, &settling->arena) == IW_OK ? IW_OK
                                                                                  : no_memory(err);
}

static enum iw_rc take_all(struct settling *settling, struct iw_error *err)
{
    struct iw_sorted *sorted = NULL;
    struct iw_str key, payload;
    enum iw_rc rc;
    IW_TRY(iw_sorter_open(settling->requests->sorter, true, &sorted, err));
    while ((rc = iw_sorted_next(sorted, &key, &payload, err)) == IW_OK) {
        rc = take(settling, key, payload, err);
        if (rc != IW_OK)
            break;
    }
    iw_sorted_close(sorted);
    return rc == IW_END ? end_key(settling, err) : rc;
}

/* Under which labels the requests of a host may stand: names of folders stand for hosts too. */
static enum iw_rc know_labels(struct iw_url_requests *requests, const struct iw_hosts *hosts)
{
    const struct iw_map *logs = &requests->logs.by_key;
    for (size_t i = 0; i < logs->n; i++) {
        struct iw_request_log_span *span = logs->entries[i].value.pointer;
        struct iw_request_label *label = iw_arena_calloc(&requests->arena, 1, sizeof *label);
        struct iw_map_entry *entry;
        struct iw_str host;
        span->host = host_of(hosts, span->computer);
        host = iw_fold_text(span->host, &requests->arena);
        if (label == NULL || host.p == NULL ||
            !iw_request_label(span->computer, &requests->arena, &label->text))
            return IW_ENOMEM;
        entry = iw_map_add(&requests->labels, host, NULL);
        if (entry == NULL)
            return IW_ENOMEM;
        label->next = entry->value.pointer;
        for (const struct iw_request_label *at = label->next; at != NULL; at = at->next) {
            if (iw_str_equal(at->text, label->text))
                label = NULL;
            if (label == NULL)
                break;
        }
        if (label != NULL)
            entry->value.pointer = label;
    }
    return IW_OK;
}

enum iw_rc iw_url_requests_settle(struct iw_url_requests *requests, const struct iw_hosts *hosts,
                                  struct iw_error *err)
{
    struct settling settling = {.requests = requests, .hosts = hosts};
    enum iw_rc rc;
    iw_arena_init(&settling.arena, 0);
    iw_buffer_init(&settling.prefix);
    iw_buffer_init(&settling.whole);
    iw_buffer_init(&settling.payload);
    rc = know_labels(requests, hosts) == IW_OK && iw_sorter_finish(requests->sorter) == IW_OK
             ? take_all(&settling, err)
             : no_memory(err);
    if (rc == IW_OK)
        rc = iw_request_store_finish(&requests->store, err);
    iw_arena_done(&settling.arena);
    iw_buffer_done(&settling.prefix);
    iw_buffer_done(&settling.whole);
    iw_buffer_done(&settling.payload);
    iw_sorter_free(requests->sorter);
    requests->sorter = NULL;
    return rc;
}

uint64_t iw_url_requests_hidden(const struct iw_url_requests *requests)
{
    return requests->logs.n_hidden;
}
