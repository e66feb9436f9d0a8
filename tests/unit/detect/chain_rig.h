/**
 * Chains out of scripts: what happens on a host as lines of text, what is found as lines of text.
 * Header only; behind cmocka.h.
 *
 * A script has a line for each event, in event time:
 *
 *     MS[L|N] VERB ARGUMENTS     at so many milliseconds; L: of the Security log, N: Sysmon without
 *                                GUIDs, else Sysmon
 *
 *     worker PID POOL            WAS starts a worker
 *     logon TYPE ACCOUNT ADDRESS              the logon under which `user` starts
 *     start PID PARENT IMAGE [COMMAND...]     "a\b.exe" below C:\Windows, or a path with a drive;
 *                                             "-": the command line is not logged; IMAGE=NAME: it
 *                                             was built under that name
 *     user PID PARENT ACCOUNT IMAGE [COMMAND...]     "~" in the account stands for a blank
 *     system PID PARENT IMAGE [COMMAND...]    under SYSTEM's logon
 *     end PID
 *     write|times|delete PID PATH
 *     share ADDRESS PATH         C:\ stands for the share's folder
 *     compiled PID NAME          in ASP.NET's folder
 *     load PID PATH              a library
 *     connect|accept PID ADDRESS it speaks to it, or is spoken to
 *     msi PRODUCT
 *     clock MS                   it is set to that time
 *     change PID SID SETTING     the configuration (29)
 *     commit PID                 its changes of applicationHost.config are done (50)
 *     pool NAME                  it is recycled
 *
 * Events go through pass 1 (iw_context_fact_read, iw_chain_fact_read) as they do in a run.
 */
#ifndef IW_TESTS_UNIT_DETECT_CHAIN_RIG_H
#define IW_TESTS_UNIT_DETECT_CHAIN_RIG_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/path_name.h"
#include "detect/chain/chains.h"
#include "detect/chain/component_trails.h"
#include "result/finding_record.h"
#include "tests/support/test_event.h"

#define MS INT64_C(1000000)
/* Zero of scripts: after the configuration came into force. */
#define CHAIN_EPOCH_NS (1600000000 * IW_NS_PER_SECOND)
#define CHAIN_FINDINGS 64U
#define SYSMON "Microsoft-Windows-Sysmon/Operational"

#ifdef __clang__ /* rows of requests leave out what they do not tell */
#pragma clang diagnostic ignored "-Wmissing-field-initializers"
#endif

struct chain_request {
    const char *path;
    int64_t begin_ms;
    unsigned n_addresses;
    uint64_t n_before;                        /* of the same URL, before the writing */
    int64_t took_ms;                          /* 0: it is not told how long it ran */
    const char *method, *address, *forwarded; /* NULL: GET, one of ours, none */
};

/* A page that was collected and does what a request tells it. */
struct chain_collected {
    const char *path;
    int64_t asked_ms, silence_ms;
    int64_t modified_ms; /* 0: its time is not that of the server's file */
    bool is_assumed;     /* no configuration proves that its URL was that */
};

struct chain_rig {
    struct iw_names names;
    struct iw_arena arena;   /* of the script's events and findings */
    struct iw_arena scratch; /* of one event */
    struct iw_buffer bytes;
    struct iw_inventory inventory;
    struct iw_inventory_server server;
    struct iw_web_places *places;
    struct iw_host_context context;
    struct iw_chain_settings settings;
    struct iw_chain_telemetry telemetry;
    struct iw_chains_input input;
    struct iw_chains *chains;
    struct iw_component_trails *trails; /* NULL: none are gathered */
    const struct chain_request *requests;
    size_t n_requests;
    const struct iw_inventory_web_file *web_file; /* that was collected; NULL: none */
    const char *page; /* the path of the page that was asked for first; NULL: none was */
    size_t n_page_asks;
    struct iw_chain_collected collected[4]; /* in the order of their first requests */
    struct iw_inventory_web_file collected_files[4];
    size_t n_collected, n_collected_asks;
    enum iw_chain_behaviour behaviour, writer;
    const char *unknown_image; /* that no baseline has; NULL: it has all, or none */
    bool is_called;            /* a page was asked for whenever something ran */
    size_t n_caller_asks;
    enum iw_change_status change;
    struct iw_finding findings[CHAIN_FINDINGS];
    size_t n_findings;
    uint64_t n_links, n_levels, record_id;
    struct {
        uint64_t record_id, shape; /* of a line; the same but for its numbers: one shape */
        bool is_told;
    } lines[2048];
    size_t n_lines;
    uint64_t given_record_id; /* 0: made of the line */
    enum iw_level link_level;
    struct {
        uint64_t pid;
        uint64_t record_id; /* of its start */
        char image[256], command_line[512];
    } processes[128];
    size_t n_processes;
};

#define CHAIN_ROOT(s, a, p, f)                                                                     \
    {                                                                                              \
        .site = {s, sizeof(s) - 1}, .application = {a, sizeof(a) - 1}, .directory = {"/", 1},      \
        .pool = {p, sizeof(p) - 1}, .path = {f, sizeof(f) - 1}, .is_resolved = true                \
    }

static struct iw_inventory_root chain_roots[] = {
    CHAIN_ROOT("Shop", "/", "ShopPool", "C:\\inetpub\\shop"),
    CHAIN_ROOT("Portal", "/", "PortalPool", "C:\\inetpub\\portal"),
    CHAIN_ROOT("Shop", "/admin", "AdminPool", "C:\\inetpub\\shop\\admin"),
    CHAIN_ROOT("Outer", "/", "OuterPool", "C:\\inetpub"),
    CHAIN_ROOT("Docs", "/", "DocsPool", "D:\\Program Data Web\\Web Documents"),
    CHAIN_ROOT("Twin", "/", "DocsPool", "D:\\Twin folder of one"),
    CHAIN_ROOT("Twin2", "/", "DocsPool", "D:\\Twin folder of two"),
};

/* --- what the engine answers ------------------------------------------------------------------ */

static inline enum iw_rc rig_take(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct chain_rig *rig = context;
    struct iw_buffer record;
    struct iw_str kept;
    if (rig->n_findings == CHAIN_FINDINGS)
        return IW_OK;
    iw_buffer_init(&record);
    assert_int_equal(iw_finding_make_id(finding, &record), IW_OK);
    iw_buffer_clear(&record);
    iw_finding_record_write(finding, &record);
    kept = iw_arena_copy(&rig->arena, iw_buffer_str(&record));
    iw_buffer_done(&record);
    return iw_finding_record_read(kept, &rig->arena, &rig->findings[rig->n_findings++], err);
}

static inline enum iw_rc rig_link(void *context, const struct iw_chain_link *link,
                                  struct iw_error *err)
{
    struct chain_rig *rig = context;
    (void)err;
    if (link->level > IW_LEVEL_MEDIUM) { /* of what was told before */
        assert_true(rig->n_links != 0);
        rig->n_levels++;
        rig->link_level = link->level;
        return IW_OK;
    }
    rig->n_links++;
    for (size_t i = 0; i < rig->n_lines; i++)
        rig->lines[i].is_told |= rig->lines[i].record_id == link->record_id;
    return IW_OK;
}

static inline struct iw_request_moment rig_moment(const struct chain_request *one)
{
    int64_t begin_ns = CHAIN_EPOCH_NS + one->begin_ms * MS;
    return (struct iw_request_moment){
        .start_ns = begin_ns,
        .end_ns = begin_ns + one->took_ms * MS,
        .status = 200,
        .method = iw_str_of(one->method != NULL ? one->method : "GET"),
        .stem = IW_STR("/x"),
        .address = iw_str_of(one->address != NULL ? one->address : "10.0.0.9"),
        .agent = IW_STR("curl/8.0"),
        .forwarded = iw_str_of(one->forwarded != NULL ? one->forwarded : "")};
}

static inline struct iw_evidence_item rig_request_item(const struct chain_rig *rig,
                                                       const struct chain_request *one)
{
    return (struct iw_evidence_item){.time_ns =
                                         CHAIN_EPOCH_NS + (one->begin_ms + one->took_ms) * MS,
                                     .channel = IW_STR("IIS/W3SVC"),
                                     .source = IW_STR("u_ex.log"),
                                     .line = 7 + (uint64_t)(one - rig->requests),
                                     .fields_json = IW_STR("{}")};
}

static inline enum iw_rc rig_requests(void *context, struct iw_str host, struct iw_str path,
                                      int64_t written_ns, struct iw_arena *arena,
                                      struct iw_chain_request *ret)
{
    const struct chain_rig *rig = context;
    (void)arena;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    memset(ret, 0, sizeof *ret);
    ret->is_logged = rig->n_requests != 0;
    for (size_t i = 0; i < rig->n_requests; i++) {
        const struct chain_request *one = &rig->requests[i];
        int64_t begin_ns = CHAIN_EPOCH_NS + one->begin_ms * MS;
        if (!iw_str_equal_nocase(path, iw_str_of(one->path)) || begin_ns < written_ns)
            continue;
        ret->is_found = ret->is_site_known = ret->has_item = true;
        ret->url = IW_STR("/x");
        ret->begin_ns = begin_ns;
        ret->moment = rig_moment(one);
        ret->end_ns = ret->moment.end_ns;
        ret->n_requests = 1;
        ret->n_before = one->n_before;
        ret->is_served_before = one->n_before != 0;
        ret->is_first_ever = one->n_before == 0 && one->n_addresses <= 2;
        ret->n_addresses = ret->n_agents = one->n_addresses;
        ret->n_forwarded = one->forwarded != NULL ? one->n_addresses : 0;
        ret->item = rig_request_item(rig, one);
        break;
    }
    return IW_OK;
}

/* As of a log of whole seconds that has the time taken. */
static inline enum iw_rc rig_running(void *context, struct iw_str host, struct iw_str path,
                                     int64_t made_ns, const int64_t *times_ns, size_t n,
                                     struct iw_arena *arena, struct iw_chain_running *ret)
{
    const struct chain_rig *rig = context;
    (void)arena;
    (void)made_ns;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < rig->n_requests; i++) {
            const struct chain_request *one = &rig->requests[i];
            struct iw_request_moment moment = rig_moment(one);
            bool is_running =
                moment.start_ns <= times_ns[k] && times_ns[k] - IW_NS_PER_SECOND < moment.end_ns;
            if (!iw_str_equal_nocase(path, iw_str_of(one->path)) ||
                (!is_running && (moment.end_ns > times_ns[k] ||
                                 times_ns[k] - moment.end_ns > IW_REQUEST_BEFORE_NS)))
                continue;
            ret[k].request = (struct iw_running_request){.is_found = true,
                                                         .is_running = is_running,
                                                         .n_at_once = is_running,
                                                         .moment = moment};
            ret[k].item = rig_request_item(rig, one);
        }
    }
    return IW_OK;
}

static inline enum iw_rc rig_web_file(void *context, struct iw_str host, struct iw_str path,
                                      struct iw_arena *arena,
                                      const struct iw_inventory_web_file **ret)
{
    const struct chain_rig *rig = context;
    (void)arena;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    for (size_t i = 0; i < rig->n_collected; i++) {
        *ret = &rig->collected_files[i];
        if (iw_str_equal_nocase(path, (*ret)->file.path))
            return IW_OK;
    }
    *ret = rig->web_file != NULL && iw_str_equal_nocase(path, rig->web_file->file.path)
               ? rig->web_file
               : NULL;
    return IW_OK;
}

static inline enum iw_rc rig_page(void *context, struct iw_str host, struct iw_str pool,
                                  struct iw_str name, int64_t compiled_ns, int64_t until_ns,
                                  struct iw_arena *arena, struct iw_str *ret_path)
{
    struct chain_rig *rig = context;
    (void)arena;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    assert_true(pool.n != 0 && compiled_ns < until_ns);
    rig->n_page_asks++;
    *ret_path = IW_STR("");
    if (rig->page != NULL && iw_str_ends_nocase(iw_str_of(rig->page), name))
        *ret_path = iw_str_of(rig->page);
    return IW_OK;
}

static inline enum iw_rc rig_collected(void *context, struct iw_str host,
                                       struct iw_chain_collected_list *ret)
{
    struct chain_rig *rig = context;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    rig->n_collected_asks++;
    *ret = (struct iw_chain_collected_list){rig->collected, rig->n_collected};
    return IW_OK;
}

/* In the order of their first requests. */
static inline void rig_add_collected(struct chain_rig *rig, const struct chain_collected *one)
{
    struct iw_inventory_web_file *file = &rig->collected_files[rig->n_collected];
    assert_true(rig->n_collected < 4);
    *file = (struct iw_inventory_web_file){
        .file = {.state = IW_ITEM_FILE_READ,
                 .path = iw_str_of(one->path),
                 .source = IW_STR("tree/a.aspx"),
                 .modified_ns = one->modified_ms != 0 ? CHAIN_EPOCH_NS + one->modified_ms * MS
                                                      : CHAIN_EPOCH_NS + 9000000 * MS},
        .keeps_time = one->modified_ms != 0};
    rig->collected[rig->n_collected++] =
        (struct iw_chain_collected){.file = file,
                                    .is_proved = !one->is_assumed,
                                    .asked_ns = CHAIN_EPOCH_NS + one->asked_ms * MS,
                                    .silence_ns = one->silence_ms * MS};
}

static inline enum iw_rc rig_behaviour(void *context, struct iw_str host,
                                       const struct iw_chain_usage *usage,
                                       enum iw_chain_behaviour *ret)
{
    const struct chain_rig *rig = context;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    assert_true(iw_time_known(usage->time_ns));
    if (usage->kind == IW_CHAIN_USAGE_WRITER)
        *ret = rig->writer;
    else
        *ret = rig->unknown_image != NULL &&
                       iw_str_ends_nocase(usage->image, iw_str_of(rig->unknown_image))
                   ? IW_BEHAVIOUR_NOT_KNOWN
                   : rig->behaviour;
    return IW_OK;
}

static inline enum iw_rc rig_callers(void *context, struct iw_str host, const int64_t *times_ns,
                                     size_t n_times, struct iw_arena *arena,
                                     struct iw_chain_callers *ret)
{
    struct chain_rig *rig = context;
    (void)times_ns;
    (void)arena;
    assert_true(iw_str_equal(host, IW_STR("WEB01")));
    assert_int_not_equal(n_times, 0);
    rig->n_caller_asks++;
    *ret = (struct iw_chain_callers){rig->is_called, IW_STR("/x.aspx")};
    return IW_OK;
}

static inline enum iw_rc rig_change(const struct iw_changes *changes, const struct iw_act *act,
                                    struct iw_arena *arena, struct iw_change *ret)
{
    (void)act;
    (void)arena;
    /* The rig hands its answer over in the place of the records. */
    *ret = (struct iw_change){.status = *(const enum iw_change_status *)(const void *)changes,
                              .record = IW_STR("CHG-1")};
    return IW_OK;
}

/* --- life ------------------------------------------------------------------------------------- */

static inline void rig_init(struct chain_rig *rig)
{
    memset(rig, 0, sizeof *rig);
    assert_int_equal(iw_names_init(&rig->names), IW_OK);
    iw_arena_init(&rig->arena, 0);
    iw_arena_init(&rig->scratch, 0);
    iw_buffer_init(&rig->bytes);
    iw_inventory_init(&rig->inventory);
    iw_chain_settings_init(&rig->settings);
    rig->server =
        (struct iw_inventory_server){.host = IW_STR("WEB01"),
                                     .known_by = IW_SERVER_BY_CONFIGURATION,
                                     .is_authoritative = true,
                                     .config_written_ns = 1000 * IW_NS_PER_SECOND,
                                     .n_sites = 3,
                                     .roots = chain_roots,
                                     .n_roots = sizeof chain_roots / sizeof chain_roots[0]};
    rig->inventory.servers = &rig->server;
    rig->inventory.n_servers = 1;
    for (size_t i = 0; i < IW_CHAIN_SOURCE_COUNT; i++)
        rig->telemetry.of[i] =
            (struct iw_chain_span){true, 0, INT64_MAX - 1, IW_STR("every source")};
    rig->input = (struct iw_chains_input){.settings = &rig->settings,
                                          .ask_requests = rig_requests,
                                          .ask_running = rig_running,
                                          .ask_page = rig_page,
                                          .ask_collected = rig_collected,
                                          .ask_callers = rig_callers,
                                          .ask_behaviour = rig_behaviour,
                                          .ask_web_file = rig_web_file,
                                          .take_link = rig_link,
                                          .take_finding = rig_take,
                                          .context = rig};
}

static inline void rig_begin(struct chain_rig *rig)
{
    rig->places = iw_web_places_new(&rig->inventory);
    assert_non_null(rig->places);
    assert_int_equal(iw_host_context_init(&rig->context, NULL, rig->places), IW_OK);
    iw_host_context_begin(&rig->context, IW_STR("WEB01"));
    if (rig->change != IW_CHANGE_NOT_CHECKED) {
        rig->input.judge_change = rig_change;
        rig->input.changes = (const struct iw_changes *)(const void *)&rig->change;
    }
    rig->chains = iw_chains_new(&rig->input);
    assert_non_null(rig->chains);
    iw_chains_begin(rig->chains, &rig->context, &rig->telemetry);
}

static inline void rig_end(struct chain_rig *rig)
{
    struct iw_error err;
    assert_int_equal(iw_chains_end(rig->chains, &err), IW_OK);
}

static inline void rig_done(struct chain_rig *rig)
{
    iw_chains_free(rig->chains);
    iw_host_context_done(&rig->context);
    iw_web_places_free(rig->places);
    rig->inventory.servers = NULL;
    rig->inventory.n_servers = 0;
    iw_inventory_done(&rig->inventory);
    iw_chain_settings_done(&rig->settings);
    iw_buffer_done(&rig->bytes);
    iw_arena_done(&rig->scratch);
    iw_arena_done(&rig->arena);
    iw_names_done(&rig->names);
}

/* --- events ----------------------------------------------------------------------------------- */

/* What the bytes of a fact say, for both who see it; as the engine does. */
static inline enum iw_rc see_bytes(struct iw_chains *chains, const struct iw_fact *fact,
                                   struct iw_error *err)
{
    struct iw_chain_fact what;
    bool is_read = iw_chain_fact_parse(fact->payload, &what);
    return iw_chains_see(chains, fact, is_read ? &what : NULL, err);
}

static inline enum iw_rc trail_bytes(struct iw_component_trails *trails, const struct iw_fact *fact)
{
    struct iw_chain_fact what;
    bool is_read = iw_chain_fact_parse(fact->payload, &what);
    return iw_component_trails_see(trails, fact, is_read ? &what : NULL);
}

/* Through both kinds of facts, as pass 1 and pass 2 do it. */
static inline void rig_event(struct chain_rig *rig, int64_t ms, const char *channel, uint32_t id,
                             const struct test_field *fields, size_t n)
{
    struct test_field all[24];
    char utc[IW_TIME_TEXT_BYTES + 1];
    struct iw_event event;
    struct iw_context_fact known;
    struct iw_chain_fact what;
    struct iw_fact fact;
    struct iw_error err;
    enum iw_rc rc;

    assert_true(n < 24);
    memcpy(all, fields, n * sizeof *fields);
    iw_time_format(CHAIN_EPOCH_NS + ms * MS, utc);
    utc[IW_TIME_TEXT_BYTES] = '\0';
    if (strcmp(channel, SYSMON) == 0)
        all[n++] = (struct test_field){"UtcTime", utc, IW_PLACE_EVENT_DATA};
    event = test_event(&rig->names, &rig->scratch, channel, id, all, n);
    event.computer = IW_STR("WEB01");
    /* The same line is the same record, wherever it stands. */
    event.record_id = rig->record_id;
    event.time_ns = event.created_ns = CHAIN_EPOCH_NS + ms * MS;
    if (id == 5074)
        event.provider = IW_STR("Microsoft-Windows-WAS");
    if (id == 1033)
        event.provider = IW_STR("MsiInstaller");
    assert_int_equal(iw_fact_of_event(&event, &rig->scratch, &fact), IW_OK);
    rc = iw_context_fact_read(&event, &rig->scratch, &known);
    assert_true(rc == IW_OK || rc == IW_END);
    if (rc == IW_OK) {
        iw_buffer_clear(&rig->bytes);
        iw_context_fact_write(&known, &rig->bytes);
        const struct iw_event_place place = {
            .event_id = id, .record_id = fact.record_id, .time_ns = fact.time_ns};
        assert_int_equal(
            iw_host_context_tell(&rig->context, fact.time_ns, &place, iw_buffer_str(&rig->bytes)),
            IW_OK);
    }
    rc = iw_chain_fact_read(&event, &rig->settings, NULL, &rig->scratch, &what);
    assert_true(rc == IW_OK || rc == IW_END);
    if (rc == IW_OK) {
        iw_buffer_clear(&rig->bytes);
        iw_chain_fact_write(&what, &rig->bytes);
        assert_false(rig->bytes.failed);
        fact.kind = IW_FACT_CHAIN;
        fact.payload = iw_buffer_str(&rig->bytes);
        assert_int_equal(see_bytes(rig->chains, &fact, &err), IW_OK);
        if (rig->trails != NULL)
            assert_int_equal(trail_bytes(rig->trails, &fact), IW_OK);
    }
    iw_arena_reset(&rig->scratch);
}

#define RIG_EVENT(rig, ms, channel, id, ...)                                                       \
    rig_event(rig, ms, channel, id, (const struct test_field[]){__VA_ARGS__},                      \
              sizeof((const struct test_field[]){__VA_ARGS__}) / sizeof(struct test_field))
#define EVT IW_PLACE_EVENT_DATA

__attribute__((format(printf, 2, 3))) static inline const char *rig_text(struct chain_rig *rig,
                                                                         const char *format, ...)
{
    va_list arguments;
    char text[1024];
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return iw_arena_copy(&rig->scratch, iw_str_of(text)).p;
}

static inline size_t rig_process(struct chain_rig *rig, uint64_t pid)
{
    for (size_t i = rig->n_processes; i-- != 0;) {
        if (rig->processes[i].pid == pid)
            return i;
    }
    return SIZE_MAX;
}

static inline const char *rig_guid(struct chain_rig *rig, char mode, uint64_t pid)
{
    size_t at = rig_process(rig, pid);
    if (mode != 'S' || at == SIZE_MAX)
        return NULL;
    return rig_text(rig, "{11111111-2222-3333-4444-%012llx}", (unsigned long long)(at + 1));
}

static inline const char *rig_image(struct chain_rig *rig, uint64_t pid)
{
    size_t at = rig_process(rig, pid);
    return at != SIZE_MAX ? rig->processes[at].image : NULL;
}

static inline void rig_start(struct chain_rig *rig, int64_t ms, char mode, uint64_t pid,
                             uint64_t parent, const char *user, const char *logon,
                             const char *image, const char *command)
{
    const char *parent_image = rig_image(rig, parent);
    const char *parent_guid = rig_guid(rig, mode, parent);
    const char *parent_command =
        parent_image != NULL ? rig->processes[rig_process(rig, parent)].command_line : NULL;
    const char *original = strchr(image, '=');
    size_t at = rig->n_processes, known = rig_process(rig, pid);
    if (original != NULL)
        image = rig_text(rig, "%.*s", (int)(original - image), image);
    if (known != SIZE_MAX && (mode == 'L' || rig->processes[known].record_id == rig->record_id))
        at = known; /* a second witness of the same, or the same once more */
    else
        rig->n_processes++;
    assert_true(at < 128);
    if (strcmp(command, "-") == 0)
        command = "";
    rig->processes[at].pid = pid;
    (void)snprintf(rig->processes[at].image, sizeof rig->processes[at].image, "%s%s",
                   image[1] == ':' ? "" : "C:\\Windows\\System32\\", image);
    rig->processes[at].record_id = rig->record_id;
    (void)snprintf(rig->processes[at].command_line, sizeof rig->processes[at].command_line, "%s",
                   command);
    if (mode == 'L')
        RIG_EVENT(
            rig, ms, "Security", 4688,
            {"NewProcessId", rig_text(rig, "0x%llx", (unsigned long long)pid), EVT},
            {"NewProcessName", rig->processes[at].image, EVT},
            {"ProcessId", rig_text(rig, "0x%llx", (unsigned long long)parent), EVT},
            {"ParentProcessName", parent_image, EVT}, {"CommandLine", command, EVT},
            {"SubjectUserName", strchr(user, '\\') != NULL ? strchr(user, '\\') + 1 : user, EVT},
            {"SubjectDomainName",
             rig_text(rig, "%.*s", strchr(user, '\\') != NULL ? (int)strcspn(user, "\\") : 0, user),
             EVT},
            {"SubjectLogonId", logon, EVT});
    else
        RIG_EVENT(rig, ms, SYSMON, 1,
                  {"ProcessId", rig_text(rig, "%llu", (unsigned long long)pid), EVT},
                  {"ProcessGuid", rig_guid(rig, mode, pid), EVT},
                  {"Image", rig->processes[at].image, EVT}, {"CommandLine", command, EVT},
                  {"ParentProcessId", rig_text(rig, "%llu", (unsigned long long)parent), EVT},
                  {"ParentProcessGuid", parent_guid, EVT}, {"ParentImage", parent_image, EVT},
                  {"ParentCommandLine", parent_command, EVT}, {"User", user, EVT},
                  {"OriginalFileName", original != NULL ? original + 1 : NULL, EVT},
                  {"LogonId", logon, EVT});
}

static inline void rig_file(struct chain_rig *rig, int64_t ms, char mode, uint32_t id, uint64_t pid,
                            const char *path)
{
    const char *image = rig_image(rig, pid);
    if (pid == 4)
        image = "System";
    if (mode == 'L')
        RIG_EVENT(rig, ms, "Security", 4663, {"ObjectName", path, EVT},
                  {"AccessMask", id == 23 ? "0x10000" : "0x2", EVT}, {"ProcessName", image, EVT},
                  {"ProcessId", rig_text(rig, "0x%llx", (unsigned long long)pid), EVT},
                  {"SubjectUserName", "bob", EVT}, {"SubjectDomainName", "CORP", EVT});
    else
        RIG_EVENT(rig, ms, SYSMON, id, {"TargetFilename", path, EVT}, {"Image", image, EVT},
                  {"ProcessId", rig_text(rig, "%llu", (unsigned long long)pid), EVT},
                  {"ProcessGuid", rig_guid(rig, mode, pid), EVT},
                  {"User", "IIS APPPOOL\\ShopPool", EVT});
}

/* The next word of a line; the rest of the line behind it. */
static inline const char *rig_word(char **line)
{
    char *word = *line;
    while (*word == ' ')
        word++;
    *line = word;
    while (**line != '\0' && **line != ' ')
        ++*line;
    if (**line == ' ')
        *(*line)++ = '\0';
    return word;
}

static inline void rig_words(struct chain_rig *rig, char *line)
{
    const char *when = rig_word(&line), *verb = rig_word(&line);
    char *end;
    int64_t ms = strtoll(when, &end, 10);
    char mode = *end != '\0' ? *end : 'S';
    const char *first = rig_word(&line);
    uint64_t pid = strtoull(first, NULL, 10);
    assert_true(end != when);
    if (strcmp(verb, "worker") == 0) {
        const char *pool = rig_word(&line);
        rig_start(rig, ms, mode, pid, 1, rig_text(rig, "IIS APPPOOL\\%s", pool), "0x5000",
                  "inetsrv\\w3wp.exe", rig_text(rig, "w3wp.exe -ap \"%s\" -v \"v4.0\"", pool));
    } else if (strcmp(verb, "start") == 0 || strcmp(verb, "system") == 0) {
        uint64_t parent = strtoull(rig_word(&line), NULL, 10);
        const char *image = rig_word(&line);
        rig_start(rig, ms, mode, pid, parent, "IIS APPPOOL\\ShopPool",
                  verb[1] == 'y' ? "0x3e7" : "0x5000", image, *line != '\0' ? line : image);
    } else if (strcmp(verb, "user") == 0) {
        uint64_t parent = strtoull(rig_word(&line), NULL, 10);
        char user[128];
        const char *image;
        (void)snprintf(user, sizeof user, "%s", rig_word(&line));
        image = rig_word(&line);
        for (char *c = user; *c != '\0'; c++)
            *c = *c == '~' ? ' ' : *c;
        rig_start(rig, ms, mode, pid, parent, user, "0x7000", image, *line != '\0' ? line : image);
    } else if (strcmp(verb, "logon") == 0) {
        const char *user = rig_word(&line);
        RIG_EVENT(rig, ms, "Security", 4624, {"TargetUserName", user, EVT},
                  {"TargetLogonId", "0x7000", EVT}, {"LogonType", first, EVT},
                  {"IpAddress", line, EVT});
    } else if (strcmp(verb, "ended") == 0) { /* of a process that no event tells the start of */
        const char *image = rig_word(&line);
        RIG_EVENT(rig, ms, "Security", 4689, {"SubjectUserName", "ShopPool", EVT},
                  {"SubjectDomainName", *line != '\0' ? line : "IIS APPPOOL", EVT},
                  {"ProcessId", rig_text(rig, "0x%llx", (unsigned long long)pid), EVT},
                  {"ProcessName", image, EVT});
    } else if (strcmp(verb, "end") == 0) {
        if (mode == 'L')
            RIG_EVENT(rig, ms, "Security", 4689,
                      {"ProcessId", rig_text(rig, "0x%llx", (unsigned long long)pid), EVT},
                      {"ProcessName", rig_image(rig, pid), EVT});
        else
            RIG_EVENT(rig, ms, SYSMON, 5, {"ProcessId", first, EVT},
                      {"ProcessGuid", rig_guid(rig, mode, pid), EVT},
                      {"Image", rig_image(rig, pid), EVT});
    } else if (strcmp(verb, "write") == 0 || strcmp(verb, "times") == 0 ||
               strcmp(verb, "delete") == 0) {
        rig_file(rig, ms, mode, verb[0] == 'w' ? 11 : verb[0] == 't' ? 2 : 23, pid, line);
    } else if (strcmp(verb, "share") == 0) {
        RIG_EVENT(rig, ms, "Security", 5145, {"ShareName", "\\\\*\\C$", EVT},
                  {"ShareLocalPath", "\\??\\C:\\", EVT}, {"RelativeTargetName", line + 3, EVT},
                  {"AccessMask", "0x2", EVT}, {"IpAddress", first, EVT},
                  {"SubjectUserName", "bob", EVT}, {"SubjectDomainName", "CORP", EVT});
    } else if (strcmp(verb, "compiled") == 0) {
        rig_file(rig, ms, mode, 11, pid,
                 rig_text(rig,
                          "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET "
                          "Files\\root\\1\\2\\%s",
                          line));
    } else if (strcmp(verb, "connect") == 0 || strcmp(verb, "accept") == 0) {
        RIG_EVENT(rig, ms, SYSMON, 3, {"Image", rig_image(rig, pid), EVT},
                  {"ProcessId", first, EVT}, {"ProcessGuid", rig_guid(rig, mode, pid), EVT},
                  {"Initiated", verb[0] == 'c' ? "true" : "false", EVT},
                  {"DestinationIp", line, EVT}, {"DestinationPort", "443", EVT});
    } else if (strcmp(verb, "load") == 0) {
        RIG_EVENT(rig, ms, SYSMON, 7, {"Image", rig_image(rig, pid), EVT},
                  {"ProcessId", first, EVT}, {"ProcessGuid", rig_guid(rig, mode, pid), EVT},
                  {"ImageLoaded", line, EVT});
    } else if (strcmp(verb, "change") == 0) {
        const char *sid = rig_word(&line);
        RIG_EVENT(rig, ms, "Microsoft-IIS-Configuration/Operational", 29,
                  {"Configuration", line, EVT}, {"NewValue", "Evil", EVT},
                  {"PhysicalPath",
                   "\\\\?\\C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config", EVT},
                  {"Security_UserID", sid, IW_PLACE_SYSTEM},
                  {"Execution_ProcessID", first, IW_PLACE_SYSTEM});
    } else if (strcmp(verb, "commit") == 0) {
        RIG_EVENT(rig, ms, "Microsoft-IIS-Configuration/Operational", 50,
                  {"PhysicalPath",
                   "\\\\?\\C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config", EVT},
                  {"Execution_ProcessID", first, IW_PLACE_SYSTEM});
    } else if (strcmp(verb, "pool") == 0) {
        RIG_EVENT(rig, ms, "System", 5074, {"AppPoolID", first, EVT});
    } else if (strcmp(verb, "clock") == 0) {
        char times[2][IW_TIME_TEXT_BYTES + 1] = {{0}};
        iw_time_format(CHAIN_EPOCH_NS + ms * MS, times[0]);
        iw_time_format(CHAIN_EPOCH_NS + strtoll(first, NULL, 10) * MS, times[1]);
        RIG_EVENT(rig, ms, "Security", 4616, {"PreviousTime", rig_text(rig, "%s", times[0]), EVT},
                  {"NewTime", rig_text(rig, "%s", times[1]), EVT});
    } else if (strcmp(verb, "msi") == 0) {
        RIG_EVENT(rig, ms, "Application", 1033, {"Data", first, EVT});
    } else {
        fail_msg("no verb '%s'", verb);
    }
}

/* What the property of links is asked of: past the room there is, lines are not asked about. */
static inline void rig_note_line(struct chain_rig *rig, const char *line)
{
    uint64_t shape = 5381;
    if (rig->n_lines == sizeof rig->lines / sizeof *rig->lines)
        return;
    for (const char *c = line; *c != '\0'; c++) {
        if (!isdigit((unsigned char)*c) || c == line || !isdigit((unsigned char)c[-1]))
            shape = shape * 33 + (isdigit((unsigned char)*c) ? '#' : (uint8_t)*c);
    }
    rig->lines[rig->n_lines].record_id = rig->record_id;
    rig->lines[rig->n_lines].is_told = false;
    rig->lines[rig->n_lines++].shape = shape;
}

static inline void rig_line(struct chain_rig *rig, char *line)
{
    rig->record_id = 5381;
    for (const char *c = line; *c != '\0'; c++)
        rig->record_id = (rig->record_id * 33 + (uint8_t)*c) & 0x7FFFFFFF;
    rig_note_line(rig, line);
    if (rig->given_record_id != 0)
        rig->record_id = rig->given_record_id++;
    rig_words(rig, line);
}

static inline void rig_script(struct chain_rig *rig, const char *script)
{
    char line[1024];
    while (*script != '\0') {
        size_t n = strcspn(script, "\n");
        assert_true(n < sizeof line);
        memcpy(line, script, n);
        line[n] = '\0';
        if (n != 0)
            rig_line(rig, line);
        script += n + (script[n] == '\n' ? 1 : 0);
    }
}

/* --- what was found ----------------------------------------------------------------------------
 */

static inline bool rig_says(const struct iw_text_list *lines, const char *part)
{
    for (size_t i = 0; i < lines->n; i++) {
        if (iw_str_holds_nocase(lines->items[i], iw_str_of(part)))
            return true;
    }
    return false;
}

/* `NAME LEVEL SCORE[ partial]: MARKS / ROLES`, a line for each finding, in their order. */
static inline struct iw_str rig_found(struct chain_rig *rig)
{
    struct iw_buffer text;
    struct iw_str kept;
    iw_buffer_init(&text);
    for (size_t i = 0; i < rig->n_findings; i++) {
        const struct iw_finding *finding = &rig->findings[i];
        struct iw_str name = iw_path_name(finding->subject_name);
        iw_buffer_printf(&text, "%s%.*s %s %u%s:", i != 0 ? "\n" : "", IW_STR_ARG(name),
                         iw_level_name(finding->level), finding->score,
                         finding->is_partial ? " partial" : "");
        for (size_t k = 0; k < finding->why.n; k++) {
            struct iw_str line = finding->why.items[k];
            size_t space = iw_str_find(line, IW_STR(" ")), colon = iw_str_find(line, IW_STR(":"));
            if (line.n != 0 && (line.p[0] == '+' || line.p[0] == '-') && colon != SIZE_MAX)
                iw_buffer_printf(&text, " %.*s", (int)(colon - space - 1), line.p + space + 1);
        }
        iw_buffer_add(&text, IW_STR(" /"));
        for (size_t k = 0; k < finding->n_evidence; k++)
            iw_buffer_printf(&text, " %.*s", IW_STR_ARG(finding->evidence[k].role));
    }
    kept = iw_arena_copy(&rig->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return kept;
}

#endif
