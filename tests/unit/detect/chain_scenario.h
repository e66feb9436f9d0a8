/**
 * A scenario of a chain as a row of a table: what happens on a host, and what must be found. Header
 * only; behind cmocka.h.
 */
#ifndef IW_TESTS_UNIT_DETECT_CHAIN_SCENARIO_H
#define IW_TESTS_UNIT_DETECT_CHAIN_SCENARIO_H

#include "tests/unit/detect/chain_rig.h"

#define A "C:\\inetpub\\shop\\a.aspx"
#define B "C:\\inetpub\\shop\\b.aspx"
#define P "C:\\inetpub\\portal\\p.aspx"
#define WORKER "1000 worker 10 ShopPool\n"
#define SHELL(ms) #ms " start 20 10 cmd.exe cmd /c ver\n"
#define DAY_MS 86400000
/* A tool copies what it is told: by an agent of deployments. */
#define AGENT(when) when " user 70 1 CORP\\deploy inetsrv\\wmsvc.exe\n"
#define COPY_BY(when, parent) when " user 71 " parent " CORP\\deploy robocopy.exe robocopy a b\n"
/* A worker compiles a page: ASP.NET's compiler starts, which names none. */
#define FRAMEWORK_FOLDER "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
#define CSC_OF(when, pid, worker, application)                                                     \
    when " start " pid " " worker " " FRAMEWORK_FOLDER                                             \
         "csc.exe csc /noconfig @\"" FRAMEWORK_FOLDER "Temporary ASP.NET Files\\" application      \
         "\\1\\2\\a.cmdline\"\n"
#define CSC(when) CSC_OF(when, "30", "10", "shop")
/* What is found of a shell without a file, and with one. */
#define ALONE "w3wp.exe medium 50 partial: shell / process_created"
#define JOINED "a.aspx medium 65: shell file same-pool / file_created process_created"

struct scenario {
    const char *name;
    const char *script;
    const char *found;         /* rig_found */
    const char *why, *not_why; /* parts of the first finding's why; NULL: not asked */
    struct chain_request requests[2];
    enum iw_chain_behaviour behaviour;
    enum iw_change_status change;
    bool is_assumed;  /* the configuration is not authoritative */
    bool is_unknown;  /* no configuration at all */
    const char *page; /* the rig's */
    struct chain_collected collected[2];
    const char *setting; /* NULL: the defaults */
    int64_t log_ms[2];   /* first and last event with a command line; 0, 0: long before and after */
    bool is_called, has_no_requests_log;
    const char *unknown_image;
    enum iw_chain_behaviour writer;
    const char *identity, *pool_user; /* of ShopPool; NULL: no pool is told of */
};

/* Scenarios that did not come out; all are told before the test fails. */
static size_t n_wrong;

static inline void wrong(const struct chain_rig *rig, const struct scenario *scenario,
                         const char *what, const char *expected)
{
    n_wrong++;
    print_error("%s: %s not\n  %s\n", scenario->name, what, expected);
    for (size_t i = 0; i < rig->n_findings; i++) {
        for (size_t k = 0; k < rig->findings[i].why.n; k++)
            print_error("    %.*s\n", IW_STR_ARG(rig->findings[i].why.items[k]));
    }
}

static inline void check(struct chain_rig *rig, const struct scenario *scenario)
{
    struct iw_str found = rig_found(rig);
    if (!iw_str_equal(found, iw_str_of(scenario->found)))
        wrong(rig, scenario, found.p, scenario->found);
    else if (scenario->why != NULL && !rig_says(&rig->findings[0].why, scenario->why))
        wrong(rig, scenario, "the reasons do", scenario->why);
    else if (scenario->not_why != NULL && rig_says(&rig->findings[0].why, scenario->not_why))
        wrong(rig, scenario, "the reasons should", scenario->not_why);
}

static inline void run(const struct scenario *scenario)
{
    struct chain_rig rig;
    rig_init(&rig);
    rig.requests = scenario->requests;
    while (rig.n_requests < 2 && scenario->requests[rig.n_requests].path != NULL)
        rig.n_requests++;
    rig.page = scenario->page;
    for (size_t i = 0; i < 2 && scenario->collected[i].path != NULL; i++)
        rig_add_collected(&rig, &scenario->collected[i]);
    rig.behaviour = scenario->behaviour;
    rig.change = scenario->change;
    rig.server.is_authoritative = !scenario->is_assumed;
    struct iw_inventory_pool pools[2] = {{.name = IW_STR("ShopPool")}, {.name = IW_STR("Idle")}};
    for (size_t i = 0; i < 2 && scenario->identity != NULL; i++) {
        pools[i].identity = iw_str_of(scenario->identity);
        pools[i].user = iw_str_of(scenario->pool_user);
        rig.server.pools = pools;
        rig.server.n_pools = 2;
    }
    if (scenario->is_unknown)
        rig.inventory.n_servers = 0;
    if (scenario->setting != NULL)
        assert_int_equal(iw_chain_settings_set(&rig.settings, iw_str_of(scenario->setting), NULL),
                         IW_OK);
    rig.is_called = scenario->is_called;
    rig.unknown_image = scenario->unknown_image;
    rig.writer = scenario->writer;
    if (scenario->log_ms[1] != 0) {
        struct iw_chain_span *log = &rig.telemetry.of[IW_CHAIN_SOURCE_COMMAND_LINES];
        log->first_ns = CHAIN_EPOCH_NS + scenario->log_ms[0] * MS;
        log->last_ns = CHAIN_EPOCH_NS + scenario->log_ms[1] * MS;
    }
    if (scenario->has_no_requests_log)
        rig.telemetry.of[IW_CHAIN_SOURCE_REQUESTS].is_seen = false;
    rig_begin(&rig);
    rig_script(&rig, scenario->script);
    rig_end(&rig);
    check(&rig, scenario);
    rig_done(&rig);
}

#define RUN(table)                                                                                 \
    do {                                                                                           \
        n_wrong = 0;                                                                               \
        for (size_t i = 0; i < sizeof(table) / sizeof(table)[0]; i++)                              \
            run(&(table)[i]);                                                                      \
        assert_int_equal(n_wrong, 0);                                                              \
    } while (0)

#endif
