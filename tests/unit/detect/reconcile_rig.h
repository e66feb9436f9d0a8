/**
 * One server made by hand and what the reconciler says of it, as text. Header only.
 */
#ifndef IW_TESTS_UNIT_DETECT_RECONCILE_RIG_H
#define IW_TESTS_UNIT_DETECT_RECONCILE_RIG_H

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "detect/reconcile.h"

#define RIG_ROWS 16U
#define RIG_WEB_FILES 80U
#define RIG_FACTS 96U
#define RIG_SEEN 48U
#define INETSRV "C:\\Windows\\System32\\inetsrv\\"
#define T(seconds) ((seconds)*IW_NS_PER_SECOND)

struct rig_seen {
    struct iw_finding finding; /* texts are gone after the next server */
    char host[32], title[256], all[8192];
};

struct rig {
    struct iw_inventory inventory;
    struct iw_inventory_server servers[4];
    struct iw_inventory_component components[4][RIG_ROWS];
    struct iw_item_file files[4][RIG_ROWS];
    struct iw_inventory_web_file web_files[RIG_WEB_FILES];
    struct iw_inventory_root roots[2];
    struct iw_inventory_version versions[4];
    struct iw_server_fact fact_items[RIG_FACTS];
    struct iw_server_facts facts;
    struct iw_source sources[2];
    struct iw_ledger ledger;
    struct iw_reconcile_input input;
    struct iw_arena arena;
    struct iw_buffer scratch;
    struct rig_seen seen[RIG_SEEN];
    size_t n_seen;
    size_t fail_after; /* the sink refuses the finding of this number; SIZE_MAX: none */
};

static inline void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    iw_arena_init(&rig->arena, 0);
    iw_buffer_init(&rig->scratch);
    rig->fail_after = SIZE_MAX;
    rig->inventory.servers = rig->servers;
    rig->inventory.n_servers = 1;
    for (size_t i = 0; i < 4; i++) {
        rig->servers[i] = (struct iw_inventory_server){
            .host = iw_str_of(((const char *const[]){"WEB01", "WEB02", "WEB03", "WEB04"})[i]),
            .source = IW_STR("t/applicationHost.config"),
            .known_by = IW_SERVER_BY_CONFIGURATION,
            .is_authoritative = true,
            .components = rig->components[i]};
    }
    rig->sources[0].path = IW_STR("t/log.evtx");
    rig->ledger.sources = rig->sources;
    rig->ledger.n = 1;
    rig->facts.items = rig->fact_items;
    rig->input = (struct iw_reconcile_input){.inventory = &rig->inventory,
                                             .facts = &rig->facts,
                                             .ledger = &rig->ledger,
                                             .baseline_source = IW_STR("b.json")};
}

static inline void rig_done(struct rig *rig)
{
    iw_arena_done(&rig->arena);
    iw_buffer_done(&rig->scratch);
}

/* As at the beginning. */
static inline void rig_again(struct rig *rig)
{
    rig_done(rig);
    rig_init(rig);
}

/* A rig of its own for each test: cmocka's set-up and tear-down. */
static inline int rig_setup(void **state)
{
    *state = test_calloc(1, sizeof(struct rig));
    rig_init(*state);
    return 0;
}

static inline int rig_teardown(void **state)
{
    rig_done(*state);
    test_free(*state);
    return 0;
}

/* A component of a server, written in its applicationHost.config, without a file. */
static inline struct iw_inventory_component *rig_component_of(struct rig *rig, size_t server,
                                                              const char *kind, const char *name,
                                                              const char *image)
{
    struct iw_inventory_server *row = &rig->servers[server];
    struct iw_inventory_component *made = &rig->components[server][row->n_components++];
    *made = (struct iw_inventory_component){.kind = kind,
                                            .name = iw_str_of(name),
                                            .scope = IW_STR(""),
                                            .image = iw_str_of(image),
                                            .image_path = iw_str_of(image),
                                            .type = IW_STR(""),
                                            .state = "written",
                                            .config_source = row->source,
                                            .line = 10,
                                            .first_seen = {.time_ns = IW_TIME_UNKNOWN}};
    return made;
}

static inline struct iw_inventory_component *rig_component(struct rig *rig, const char *kind,
                                                           const char *name, const char *image)
{
    return rig_component_of(rig, 0, kind, name, image);
}

/* A program file that was read, with one role; NULL: none. */
static inline struct iw_item_file rig_file(const char *path, const struct iw_str *role)
{
    return (struct iw_item_file){.state = IW_ITEM_FILE_READ,
                                 .path = iw_str_of(path),
                                 .source = IW_STR("t/file"),
                                 .modified_ns = IW_TIME_UNKNOWN,
                                 .is_pe = true,
                                 .sha256 = {0xAA, 0xBB},
                                 .roles = {role, role != NULL},
                                 .signature = IW_ITEM_SIGNATURE_NONE_EMBEDDED};
}

static const struct iw_str RIG_NATIVE = {"nativeModule", 12};
static const struct iw_str RIG_MANAGED = {"managedModule", 13};
static const struct iw_str RIG_START = {"preApplicationStart", 19};

/* The file behind a component of the first server. */
static inline struct iw_item_file *
rig_give_file(struct rig *rig, struct iw_inventory_component *component, const struct iw_str *role)
{
    struct iw_item_file *file = &rig->files[0][component - rig->components[0]];
    *file = rig_file(component->image_path.p, role);
    component->files = file;
    component->n_files = 1;
    return file;
}

/* A file that nothing registers. */
static inline struct iw_inventory_component *
rig_loose_file(struct rig *rig, const char *kind, const char *path, const struct iw_str *role)
{
    struct iw_inventory_component *made = rig_component(rig, kind, "x.dll", path);
    made->state = "file";
    made->image = IW_STR("");
    made->config_source = IW_STR("");
    (void)rig_give_file(rig, made, role);
    return made;
}

static inline struct iw_inventory_web_file *rig_web_file(struct rig *rig, const char *path)
{
    struct iw_inventory_web_file *made = &rig->web_files[rig->servers[0].n_web_files++];
    *made = (struct iw_inventory_web_file){.file = rig_file(path, NULL),
                                           .site = IW_STR("Default Web Site"),
                                           .handler = IW_STR("PageHandlerFactory"),
                                           .is_certain = true,
                                           .first_seen = {.time_ns = IW_TIME_UNKNOWN}};
    made->file.is_pe = false;
    rig->servers[0].web_files = rig->web_files;
    return made;
}

/* Facts must be given in their order: kind, path. */
static inline struct iw_server_fact *rig_fact(struct rig *rig, enum iw_server_fact_kind kind,
                                              const char *path, int64_t time_s)
{
    struct iw_server_fact *made = &rig->fact_items[rig->facts.n++];
    *made = (struct iw_server_fact){.kind = kind,
                                    .computer = IW_STR("web01.corp.example"),
                                    .host = IW_STR("web01"),
                                    .path = iw_str_of(path),
                                    .time_ns = T(time_s),
                                    .last_ns = T(time_s),
                                    .channel = IW_STR("C"),
                                    .event_id = 1,
                                    .record_id = (uint64_t)time_s,
                                    .n = 1};
    return made;
}

/* The configuration log, written between two moments. */
static inline void rig_log(struct rig *rig, int64_t first_s, int64_t last_s)
{
    rig_fact(rig, IW_FACT_CONFIG_LOGGING, "", first_s)->last_ns = T(last_s);
}

static inline void rig_list(struct rig_seen *seen, const char *name, struct iw_text_list list)
{
    size_t n = strlen(seen->all);
    for (size_t i = 0; i < list.n && n < sizeof seen->all; i++) {
        (void)snprintf(seen->all + n, sizeof seen->all - n, "%s: %.*s\n", name,
                       IW_STR_ARG(list.items[i]));
        n = strlen(seen->all);
    }
}

static inline enum iw_rc rig_sink(void *context, struct iw_finding *finding, struct iw_error *err)
{
    struct rig *rig = context;
    struct rig_seen *seen = &rig->seen[rig->n_seen];
    if (rig->n_seen == rig->fail_after)
        return iw_error_set(err, IW_EIO, "no room");
    if (rig->n_seen == RIG_SEEN || iw_finding_make_id(finding, &rig->scratch) != IW_OK)
        return IW_ENOMEM;
    rig->n_seen++;
    memset(seen, 0, sizeof *seen);
    seen->finding = *finding;
    (void)snprintf(seen->host, sizeof seen->host, "%.*s", IW_STR_ARG(finding->host));
    (void)snprintf(seen->title, sizeof seen->title, "%.*s", IW_STR_ARG(finding->title));
    rig_list(seen, "why", finding->why);
    rig_list(seen, "blind", finding->blind);
    rig_list(seen, "triage", finding->triage);
    for (size_t i = 0; i < finding->n_evidence; i++) {
        const struct iw_evidence_item *item = &finding->evidence[i];
        size_t n = strlen(seen->all);
        (void)snprintf(seen->all + n, sizeof seen->all - n, "evidence: %.*s %.*s %.*s\n",
                       IW_STR_ARG(item->role), IW_STR_ARG(item->source),
                       IW_STR_ARG(item->fields_json));
    }
    return IW_OK;
}

static inline enum iw_rc rig_try(struct rig *rig, struct iw_error *err)
{
    rig->n_seen = 0;
    return iw_reconcile(&rig->input, rig_sink, rig, &rig->arena, err);
}

static inline size_t rig_run(struct rig *rig)
{
    struct iw_error err = {.rc = IW_OK};
    assert_int_equal(rig_try(rig, &err), IW_OK);
    return rig->n_seen;
}

/* There is one finding, of this level and title. */
static inline void rig_one(struct rig *rig, enum iw_level level, const char *title)
{
    size_t n = rig_run(rig);
    if (n != 1 || rig->seen[0].finding.level != level || strcmp(rig->seen[0].title, title) != 0)
        fail_msg("%zu findings, the first is %s '%s', not %s '%s'\n%s", n,
                 n != 0 ? iw_level_name(rig->seen[0].finding.level) : "", rig->seen[0].title,
                 iw_level_name(level), title, rig->seen[0].all);
}

static inline void rig_none(struct rig *rig)
{
    if (rig_run(rig) != 0)
        fail_msg("unexpected: %s\n%s", rig->seen[0].title, rig->seen[0].all);
}

/* The first finding says so somewhere. */
static inline void rig_says(const struct rig *rig, const char *text)
{
    if (strstr(rig->seen[0].all, text) == NULL)
        fail_msg("'%s' is not in\n%s", text, rig->seen[0].all);
}

static inline void rig_says_not(const struct rig *rig, const char *text)
{
    if (strstr(rig->seen[0].all, text) != NULL)
        fail_msg("'%s' is in\n%s", text, rig->seen[0].all);
}

#endif
