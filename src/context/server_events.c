/*
 * Facts of web servers out of events. A table says which events matter and what they are; what an
 * event says is put into a fact whose texts are borrowed, looked up by everything that makes it
 * itself, and copied only when it is new.
 *
 * Left out on purpose: files by other endings than those of programs, configurations and scripts;
 * copies that Windows keeps for itself; what ASP.NET compiles.
 */
#include "context/server_events.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/map.h"
#include "context/event_reading.h"
#include "context/pool_account.h"
#include "context/registry_place.h"
#include "context/share_path.h"
#include "context/worker_process.h"
#include "event/channel.h"

#define DEVICE_PREFIX IW_STR("\\\\?\\")
#define WRITE_DATA 0x2U
#define APPEND_DATA 0x4U
#define DELETE 0x10000U

struct iw_server_events {
    struct iw_arena arena;   /* of facts kept */
    struct iw_arena scratch; /* of the present event */
    struct iw_buffer key;
    struct iw_map by_key; /* → struct iw_server_fact * */
    size_t n_of_kind[IW_SERVER_FACT_KIND_COUNT];
    uint64_t n_hidden, n_cut;
};

struct reading {
    struct iw_event_reading fields;
    struct iw_server_fact fact;
};

typedef bool read_fact(struct reading *reading);

/* --- fields --------------------------------------------------------------------------------- */

static struct iw_str field(struct reading *reading, uint32_t canonical)
{
    return iw_reading_text(&reading->fields, canonical);
}

static uint64_t number(struct reading *reading, uint32_t canonical)
{
    struct iw_str text = field(reading, canonical);
    struct iw_value value = {(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8};
    uint64_t result = 0;
    return text.n != 0 && iw_value_u64(value, &result) ? result : 0;
}

static struct iw_str plain_path(struct iw_str path)
{
    if (!iw_str_begins_nocase(path, DEVICE_PREFIX))
        return path;
    return (struct iw_str){path.p + DEVICE_PREFIX.n, path.n - DEVICE_PREFIX.n};
}

static void read_sha256(struct reading *reading)
{
    reading->fact.has_sha256 =
        iw_hex_read(field(reading, IW_FIELD_SHA256), reading->fact.sha256, 32);
}

static bool ends_with_one(struct iw_str path, const char *const *endings, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_ends_nocase(path, iw_str_of(endings[i])))
            return true;
    }
    return false;
}

/* --- which files ---------------------------------------------------------------------------- */

/* Source that ASP.NET compiles with the application. */
static bool is_application_source(struct iw_str path)
{
    return (iw_str_ends_nocase(path, IW_STR(".cs")) || iw_str_ends_nocase(path, IW_STR(".vb"))) &&
           iw_str_holds_nocase(path, IW_STR("\\app_code\\"));
}

/* What a worker may load, run or obey. */
static bool is_of_interest(struct iw_str path)
{
    static const char *const ENDINGS[] = {
        ".dll",  ".exe",  ".ocx",   ".config", ".aspx",   ".ashx", ".asmx", ".asp",
        ".cer",  ".svc",  ".axd",   ".cshtml", ".vbhtml", ".asa",  ".cdx",  ".php",
        ".jsp",  ".jspx", ".cfm",   ".cgi",    ".pl",     ".war",  ".ascx", ".asax",
        ".soap", ".rem",  ".shtml", ".stm",    ".phtml"};
    static const char *const STORES[] = {"\\windows\\winsxs\\", "\\windows\\softwaredistribution\\",
                                         "\\windows\\installer\\", "\\windows\\servicing\\",
                                         "\\temporary asp.net files\\"};
    if (!ends_with_one(path, ENDINGS, sizeof ENDINGS / sizeof ENDINGS[0]) &&
        !is_application_source(path))
        return false;
    for (size_t i = 0; i < sizeof STORES / sizeof STORES[0]; i++) {
        if (iw_str_holds_nocase(path, iw_str_of(STORES[i])))
            return false;
    }
    return true;
}

/* --- kinds of events ------------------------------------------------------------------------- */

static void read_process(struct reading *reading)
{
    reading->fact.process_id = number(reading, IW_FIELD_PROCESS_ID);
    reading->fact.user = field(reading, IW_FIELD_USER);
}

/* A worker that starts, or that starts something. */
static bool read_worker(struct reading *reading)
{
    struct iw_str image = field(reading, IW_FIELD_IMAGE);
    struct iw_str parent = field(reading, IW_FIELD_PARENT_IMAGE);
    struct iw_server_fact *fact = &reading->fact;
    if (iw_is_worker_image(image)) {
        fact->path = image;
        fact->pool = iw_worker_pool(field(reading, IW_FIELD_COMMAND_LINE));
    } else if (iw_is_worker_image(parent)) {
        fact->path = parent;
        fact->pool = iw_worker_pool(field(reading, IW_FIELD_PARENT_COMMAND_LINE));
    } else {
        return false;
    }
    return true;
}

static bool read_load(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    fact->image = field(reading, IW_FIELD_IMAGE);
    if (!iw_is_worker_image(fact->image))
        return false;
    fact->path = plain_path(field(reading, IW_FIELD_IMAGE_LOADED));
    fact->is_signed = field(reading, IW_FIELD_SIGNED);
    fact->signature = field(reading, IW_FIELD_SIGNATURE);
    fact->signature_status = field(reading, IW_FIELD_SIGNATURE_STATUS);
    fact->company = field(reading, IW_FIELD_COMPANY);
    read_sha256(reading);
    return fact->path.n != 0;
}

static bool read_file(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    fact->path = plain_path(field(reading, IW_FIELD_TARGET_FILENAME));
    if (!is_of_interest(fact->path))
        return false;
    fact->image = field(reading, IW_FIELD_IMAGE);
    read_process(reading);
    read_sha256(reading);
    return true;
}

/* An access is a use of rights that were granted: 2 and 4 write, 0x10000 deletes or moves. */
static bool read_access(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    uint64_t mask = number(reading, IW_FIELD_ACCESS_MASK);
    if ((mask & (WRITE_DATA | APPEND_DATA | DELETE)) == 0)
        return false;
    if ((mask & (WRITE_DATA | APPEND_DATA)) == 0)
        fact->kind = IW_FACT_FILE_DELETED;
    fact->path = plain_path(field(reading, IW_FIELD_OBJECT_NAME));
    if (!is_of_interest(fact->path))
        return false;
    fact->image = field(reading, IW_FIELD_PROCESS_NAME);
    fact->process_id = number(reading, IW_FIELD_PROCESS_ID);
    fact->user = iw_reading_account(&reading->fields, IW_FIELD_SUBJECT_USER_NAME,
                                    IW_FIELD_SUBJECT_DOMAIN_NAME);
    return true;
}

static bool read_value(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    struct iw_str target = field(reading, IW_FIELD_TARGET_OBJECT);
    fact->path = iw_registry_place(target);
    if (!iw_registry_place_loads_code(fact->path) ||
        iw_str_begins_nocase(field(reading, IW_FIELD_EVENT_TYPE), IW_STR("Delete")))
        return false;
    fact->location = target;
    fact->new_value = field(reading, IW_FIELD_DETAILS);
    fact->image = field(reading, IW_FIELD_IMAGE);
    read_process(reading);
    return true;
}

/* Opened for writing over the network. The program that wrote is another machine's. */
static bool read_share(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    struct iw_str target;
    if ((number(reading, IW_FIELD_ACCESS_MASK) & (WRITE_DATA | APPEND_DATA)) == 0)
        return false;
    target = iw_share_target(&reading->fields);
    if (!is_of_interest(target))
        return false;
    fact->path = iw_share_path(&reading->fields, target);
    if (fact->path.p == NULL) {
        reading->fields.no_memory = true;
        return false;
    }
    if (iw_str_begins_nocase(fact->path, IW_STR("\\??\\")))
        fact->path = (struct iw_str){fact->path.p + 4, fact->path.n - 4};
    fact->address = iw_reading_own(&reading->fields, IW_FIELD_IP_ADDRESS);
    fact->user = iw_reading_account(&reading->fields, IW_FIELD_SUBJECT_USER_NAME,
                                    IW_FIELD_SUBJECT_DOMAIN_NAME);
    return is_of_interest(fact->path);
}

static bool read_commit(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    fact->path = plain_path(field(reading, IW_FIELD_PHYSICAL_PATH));
    fact->user = field(reading, IW_FIELD_SECURITY_USER_ID);
    fact->process_id = number(reading, IW_FIELD_EXECUTION_PROCESS_ID);
    return true;
}

static bool read_change(struct reading *reading)
{
    struct iw_server_fact *fact = &reading->fact;
    fact->config_path = field(reading, IW_FIELD_CONFIG_PATH);
    fact->location = field(reading, IW_FIELD_EFFECTIVE_LOCATION_PATH);
    fact->configuration = field(reading, IW_FIELD_CONFIGURATION);
    fact->old_value = field(reading, IW_FIELD_OLD_VALUE);
    fact->new_value = field(reading, IW_FIELD_NEW_VALUE);
    return read_commit(reading);
}

/* Which value names the DLL differs by event and export; it is the one that ends like one. */
static bool read_failure(struct reading *reading)
{
    const struct iw_event *event = reading->fields.event;
    for (uint32_t i = 0; i < event->n_fields; i++) {
        struct iw_str text;
        if (event->fields[i].place != IW_PLACE_EVENT_DATA)
            continue;
        text = iw_value_text(iw_field_value(&event->fields[i]), reading->fields.scratch);
        if (text.p == NULL) {
            reading->fields.no_memory = true;
            return false;
        }
        if (!iw_str_ends_nocase(text, IW_STR(".dll")))
            continue;
        reading->fact.path = plain_path(text);
        return true;
    }
    return false;
}

static const struct {
    const char *channel;
    uint32_t event_id;
    enum iw_server_fact_kind kind;
    read_fact *read;
} EVENTS[] = {
    {IW_CHANNEL_SYSMON, 1, IW_FACT_WORKER, read_worker},
    {IW_CHANNEL_SYSMON, 5, IW_FACT_WORKER, read_worker},
    {"Security", 4688, IW_FACT_WORKER, read_worker},
    {IW_CHANNEL_SYSMON, 7, IW_FACT_MODULE_LOAD, read_load},
    {IW_CHANNEL_SYSMON, 2, IW_FACT_FILE_WRITTEN, read_file},
    {IW_CHANNEL_SYSMON, 11, IW_FACT_FILE_WRITTEN, read_file},
    {IW_CHANNEL_SYSMON, 29, IW_FACT_FILE_WRITTEN, read_file},
    {IW_CHANNEL_SYSMON, 23, IW_FACT_FILE_DELETED, read_file},
    {IW_CHANNEL_SYSMON, 26, IW_FACT_FILE_DELETED, read_file},
    {"Security", 4663, IW_FACT_FILE_WRITTEN, read_access},
    {IW_CHANNEL_SYSMON, 13, IW_FACT_REGISTRY_SET, read_value},
    {"Security", 4657, IW_FACT_REGISTRY_SET, read_value},
    {"Security", 5145, IW_FACT_FILE_WRITTEN, read_share},
    {IW_CHANNEL_IIS_CONFIGURATION, 29, IW_FACT_CONFIG_CHANGE, read_change},
    {IW_CHANNEL_IIS_CONFIGURATION, 50, IW_FACT_CONFIG_COMMIT, read_commit},
    {"Application", 2214, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2220, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2280, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2282, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2293, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2295, IW_FACT_LOAD_FAILURE, read_failure},
    {"Application", 2296, IW_FACT_LOAD_FAILURE, read_failure},
};

bool iw_server_event_is(enum iw_server_fact_kind kind, struct iw_str channel, uint32_t event_id)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++) {
        if (EVENTS[i].kind == kind && EVENTS[i].event_id == event_id &&
            iw_str_equal_nocase(iw_str_of(EVENTS[i].channel), channel))
            return true;
    }
    return false;
}

enum iw_rc iw_server_events_route(struct iw_route *route)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++)
        IW_TRY(iw_route_want(route, iw_str_of(EVENTS[i].channel), EVENTS[i].event_id));
    return IW_OK;
}

/* --- keeping -------------------------------------------------------------------------------- */

struct iw_server_events *iw_server_events_new(void)
{
    struct iw_server_events *events = iw_calloc(1, sizeof *events);
    if (events == NULL)
        return NULL;
    iw_arena_init(&events->arena, 0);
    iw_arena_init(&events->scratch, 0);
    iw_buffer_init(&events->key);
    iw_map_init(&events->by_key);
    return events;
}

void iw_server_events_free(struct iw_server_events *events)
{
    if (events == NULL)
        return;
    iw_map_done(&events->by_key);
    iw_buffer_done(&events->key);
    iw_arena_done(&events->scratch);
    iw_arena_done(&events->arena);
    iw_free(events);
}

#define N_TEXTS 16U

/* All texts of a fact, computer and path first. */
static void list_texts(struct iw_server_fact *fact, struct iw_str *ret[N_TEXTS])
{
    struct iw_str *const TEXTS[N_TEXTS] = {&fact->computer,      &fact->path,
                                           &fact->pool,          &fact->image,
                                           &fact->user,          &fact->address,
                                           &fact->config_path,   &fact->location,
                                           &fact->configuration, &fact->old_value,
                                           &fact->new_value,     &fact->is_signed,
                                           &fact->signature,     &fact->signature_status,
                                           &fact->company,       &fact->channel};
    memcpy(ret, TEXTS, sizeof TEXTS);
}

static void add_text(struct iw_buffer *out, struct iw_str text)
{
    iw_buffer_add(out, (struct iw_str){(const char *)&text.n, sizeof text.n});
    iw_buffer_add(out, text);
}

/* A change is an act of its own; of everything else only what differs. Letter case differs: which
 * of two spellings stays would depend on who came first. */
static bool is_single(enum iw_server_fact_kind kind)
{
    return kind == IW_FACT_CONFIG_CHANGE || kind == IW_FACT_CONFIG_COMMIT ||
           kind == IW_FACT_REGISTRY_SET;
}

static bool make_key(struct iw_buffer *key, struct iw_server_fact *fact)
{
    struct iw_str *texts[N_TEXTS];
    iw_buffer_clear(key);
    iw_buffer_add_char(key, (char)fact->kind);
    list_texts(fact, texts);
    for (size_t i = 0; i < N_TEXTS; i++)
        add_text(key, *texts[i]);
    if (fact->kind != IW_FACT_CONFIG_LOGGING)
        iw_buffer_add(key, (struct iw_str){(const char *)&fact->event_id, sizeof fact->event_id});
    if (fact->has_sha256)
        iw_buffer_add(key, (struct iw_str){(const char *)fact->sha256, sizeof fact->sha256});
    if (is_single(fact->kind)) {
        iw_buffer_add(key, (struct iw_str){(const char *)&fact->time_ns, sizeof fact->time_ns});
        iw_buffer_add(key, (struct iw_str){(const char *)&fact->record_id, sizeof fact->record_id});
        iw_buffer_add(key,
                      (struct iw_str){(const char *)&fact->process_id, sizeof fact->process_id});
    }
    return !key->failed;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* Which of two events of one fact stands for it: the earliest, one without a time last. */
static int compare_origin(const struct iw_server_fact *a, const struct iw_server_fact *b)
{
    int order = 0;
    if (iw_time_known(a->time_ns) != iw_time_known(b->time_ns))
        return iw_time_known(a->time_ns) ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    order = compare_u64(a->record_id, b->record_id);
    if (order == 0)
        order = compare_u64(a->source, b->source);
    if (order == 0)
        order = compare_u64(a->offset, b->offset);
    return order;
}

static void join(struct iw_server_fact *kept, const struct iw_server_fact *fact)
{
    int64_t first_ns = kept->time_ns;
    iw_time_widen(&first_ns, &kept->last_ns, fact->time_ns);
    iw_time_widen(&first_ns, &kept->last_ns, fact->last_ns);
    kept->n += fact->n;
    if (compare_origin(fact, kept) >= 0)
        return;
    kept->time_ns = fact->time_ns;
    kept->record_id = fact->record_id;
    kept->event_id = fact->event_id;
    kept->source = fact->source;
    kept->offset = fact->offset;
    kept->process_id = fact->process_id;
}

/* Cut between two characters. */
static struct iw_str cut(struct iw_server_events *events, struct iw_str text)
{
    size_t n = IW_LIMIT_SERVER_FACT_TEXT_BYTES;
    if (text.n <= n)
        return text;
    while (n != 0 && ((uint8_t)text.p[n] & 0xC0U) == 0x80U)
        n--;
    events->n_cut++;
    return (struct iw_str){text.p, n};
}

static enum iw_rc keep_new(struct iw_server_events *events, const struct iw_server_fact *fact)
{
    struct iw_str key = iw_arena_copy(&events->arena, iw_buffer_str(&events->key));
    struct iw_server_fact *kept = iw_arena_alloc(&events->arena, sizeof *kept);
    struct iw_str *texts[N_TEXTS];
    struct iw_map_entry *entry;
    if (kept == NULL || key.p == NULL)
        return IW_ENOMEM;
    *kept = *fact;
    list_texts(kept, texts);
    for (size_t i = 0; i < N_TEXTS; i++) {
        *texts[i] = texts[i]->n != 0 ? iw_arena_copy(&events->arena, *texts[i]) : IW_STR("");
        if (texts[i]->p == NULL)
            return IW_ENOMEM;
    }
    entry = iw_map_add(&events->by_key, key, NULL);
    if (entry == NULL)
        return IW_ENOMEM;
    entry->value.pointer = kept;
    events->n_of_kind[fact->kind]++;
    return IW_OK;
}

static enum iw_rc keep(struct iw_server_events *events, struct iw_server_fact *fact)
{
    struct iw_map_entry *entry;
    struct iw_str *texts[N_TEXTS];
    list_texts(fact, texts);
    for (size_t i = 0; i < N_TEXTS; i++)
        *texts[i] = cut(events, *texts[i]);
    if (!make_key(&events->key, fact))
        return IW_ENOMEM;
    entry = iw_map_find(&events->by_key, iw_buffer_str(&events->key));
    if (entry != NULL) {
        join(entry->value.pointer, fact);
        return IW_OK;
    }
    if (events->n_of_kind[fact->kind] >= IW_LIMIT_SERVER_FACTS ||
        events->arena.held_bytes >= IW_LIMIT_SERVER_FACT_BYTES) {
        events->n_hidden += fact->n;
        return IW_OK;
    }
    return keep_new(events, fact);
}

static void begin(struct reading *reading, enum iw_server_fact_kind kind)
{
    const struct iw_event *event = reading->fields.event;
    reading->fact = (struct iw_server_fact){.kind = kind,
                                            .computer = event->computer,
                                            .channel = event->channel,
                                            .event_id = event->event_id,
                                            .record_id = event->record_id,
                                            .source = event->source,
                                            .offset = event->offset,
                                            .time_ns = event->time_ns,
                                            .last_ns = event->time_ns,
                                            .n = 1};
}

static enum iw_rc read_one(struct iw_server_events *events, struct reading *reading, size_t row)
{
    bool is_fact;
    iw_arena_reset(&events->scratch);
    begin(reading, EVENTS[row].kind);
    is_fact = EVENTS[row].read(reading);
    if (reading->fields.no_memory)
        return IW_ENOMEM;
    return is_fact ? keep(events, &reading->fact) : IW_OK;
}

enum iw_rc iw_server_events_add(struct iw_server_events *events, const struct iw_event *event)
{
    struct reading reading = {.fields = {event, &events->scratch, false}};
    bool is_configuration =
        iw_str_equal_nocase(event->channel, IW_STR(IW_CHANNEL_IIS_CONFIGURATION));
    /* What was overwritten once says nothing about the log being written at its time and on. */
    if (is_configuration && (event->flags & IW_EVENT_RECOVERED) == 0) {
        begin(&reading, IW_FACT_CONFIG_LOGGING);
        IW_TRY(keep(events, &reading.fact));
    }
    if ((event->flags & IW_EVENT_DECODED) == 0)
        return IW_OK;
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++) {
        if (EVENTS[i].event_id == event->event_id &&
            iw_str_equal_nocase(iw_str_of(EVENTS[i].channel), event->channel))
            return read_one(events, &reading, i);
    }
    return IW_OK;
}

enum iw_rc iw_server_events_merge(struct iw_server_events *into,
                                  const struct iw_server_events *from)
{
    into->n_hidden += from->n_hidden;
    into->n_cut += from->n_cut;
    for (size_t i = 0; i < from->by_key.n; i++) {
        struct iw_server_fact fact =
            *(const struct iw_server_fact *)from->by_key.entries[i].value.pointer;
        IW_TRY(keep(into, &fact));
    }
    return IW_OK;
}

/* --- settling ------------------------------------------------------------------------------- */

enum iw_rc iw_server_events_hosts(const struct iw_server_events *events, struct iw_hosts *hosts)
{
    for (size_t i = 0; i < events->by_key.n; i++) {
        const struct iw_server_fact *fact = events->by_key.entries[i].value.pointer;
        if (fact->computer.n != 0)
            IW_TRY(iw_hosts_add(hosts, fact->computer));
    }
    return IW_OK;
}

static int compare_facts(const void *left, const void *right)
{
    struct iw_server_fact a = *(const struct iw_server_fact *)left;
    struct iw_server_fact b = *(const struct iw_server_fact *)right;
    struct iw_str *texts_a[N_TEXTS], *texts_b[N_TEXTS];
    int order = iw_str_compare_nocase(a.host, b.host);
    if (order == 0)
        order = compare_u64(a.kind, b.kind);
    if (order == 0)
        order = iw_str_compare_nocase(a.path, b.path);
    if (order == 0)
        order = compare_origin(&a, &b);
    list_texts(&a, texts_a);
    list_texts(&b, texts_b);
    for (size_t i = 0; order == 0 && i < N_TEXTS; i++)
        order = iw_str_compare(*texts_a[i], *texts_b[i]);
    return order != 0 ? order : memcmp(a.sha256, b.sha256, sizeof a.sha256);
}

enum iw_rc iw_server_events_settle(struct iw_server_events *events, const struct iw_hosts *hosts,
                                   struct iw_server_facts *ret)
{
    size_t n = events->by_key.n;
    struct iw_server_fact *items = iw_arena_calloc(&events->arena, n + 1, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        items[i] = *(const struct iw_server_fact *)events->by_key.entries[i].value.pointer;
        items[i].host = iw_hosts_find(hosts, items[i].computer);
        if (items[i].host.n == 0)
            items[i].host = iw_host_label(items[i].computer);
    }
    if (n != 0)
        qsort(items, n, sizeof *items, compare_facts);
    *ret = (struct iw_server_facts){items, n, events->n_hidden, events->n_cut};
    return IW_OK;
}

bool iw_fact_is_of_server(const struct iw_server_fact *fact)
{
    return iw_is_worker_image(fact->image) || iw_is_pool_sid(fact->user) ||
           iw_pool_of_account(fact->user).n != 0;
}

const struct iw_server_fact *iw_server_facts_of(const struct iw_server_facts *facts,
                                                struct iw_str host, size_t *ret_n)
{
    size_t first = 0, last = facts->n, end;
    while (first < last) { /* the first that is not before the host */
        size_t middle = first + (last - first) / 2;
        if (iw_str_compare_nocase(facts->items[middle].host, host) < 0)
            first = middle + 1;
        else
            last = middle;
    }
    end = first;
    while (end < facts->n && iw_str_equal_nocase(facts->items[end].host, host))
        end++;
    *ret_n = end - first;
    return facts->items + first;
}

/* Where a fact stands to those of a host and kind about a path. */
static int compare_place(const struct iw_server_fact *fact, struct iw_str host,
                         enum iw_server_fact_kind kind, struct iw_str path)
{
    int order = iw_str_compare_nocase(fact->host, host);
    if (order == 0)
        order = compare_u64(fact->kind, kind);
    return order != 0 ? order : iw_str_compare_nocase(fact->path, path);
}

struct iw_fact_span iw_server_facts_at(const struct iw_server_facts *facts, struct iw_str host,
                                       enum iw_server_fact_kind kind, struct iw_str path)
{
    size_t bounds[2]; /* the first that is not before them, and the first that is behind them */
    for (int is_past = 0; is_past < 2; is_past++) {
        size_t low = is_past != 0 ? bounds[0] : 0, high = facts->n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (compare_place(&facts->items[middle], host, kind, path) < is_past)
                low = middle + 1;
            else
                high = middle;
        }
        bounds[is_past] = low;
    }
    return (struct iw_fact_span){facts->items + bounds[0], bounds[1] - bounds[0]};
}
