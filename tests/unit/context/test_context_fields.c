/*
 * Places, pools and context fields: a server with two sites, three states of its configuration, a
 * worker with a shell below it, and what each field must answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "context/context_gaps.h"
#include "context/pool_account.h"
#include "tests/support/test_event.h"
#include "tests/unit/context/context_rig.h"

#define S IW_NS_PER_SECOND
#define EVT IW_PLACE_EVENT_DATA
#define HOST IW_STR("WEB01")
#define W3WP IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")
#define CMD IW_STR("C:\\Windows\\System32\\cmd.exe")
#define SVCHOST IW_STR("C:\\Windows\\System32\\svchost.exe")
#define SERVICES IW_STR("C:\\Windows\\System32\\services.exe")

#define ROOT(s, a, d, p, f)                                                                        \
    {                                                                                              \
        .site = {s, sizeof(s) - 1}, .application = {a, sizeof(a) - 1},                             \
        .directory = {d, sizeof(d) - 1}, .pool = {p, sizeof(p) - 1}, .path = {f, sizeof(f) - 1},   \
        .is_resolved = true                                                                        \
    }

static struct iw_inventory_root now[] = {
    ROOT("Shop", "/", "/", "ShopPool", "C:\\inetpub\\shop"),
    ROOT("Shop", "/api", "/", "ApiPool", "D:\\api"),
    ROOT("Shop", "/", "/docs", "ShopPool", "C:\\inetpub\\shop\\files"),
    ROOT("Portal", "/", "/", "ShopPool", "C:\\inetpub\\portal\\"),
};
static struct iw_inventory_root before[] = {
    ROOT("Old", "/", "/", "ShopPool", "C:\\inetpub\\shop"),
};

static const struct iw_str SHOP_BINDINGS[] = {
    {"http *:80:", 10}, {"https *:443:shop.example", 24}, {"net.tcp 808:*", 13}};
static const struct iw_str PORTAL_BINDINGS[] = {{"http 10.0.0.2:8080:", 19},
                                                {"http *:80:portal.example", 24},
                                                {"http [fd00::1]:81:", 18},
                                                {"http *:82:*.portal.example", 26}};
static struct iw_inventory_site sites[] = {
    {.name = {"Shop", 4}, .id = 1, .bindings = {SHOP_BINDINGS, 3}},
    {.name = {"Portal", 6}, .id = 2, .bindings = {PORTAL_BINDINGS, 4}}};

struct fixture {
    struct iw_inventory_server server;
    struct iw_inventory_version versions[2];
    struct iw_inventory_pool pools[1];
    struct iw_inventory_web_file web_file;
    struct iw_inventory_component component;
    struct iw_inventory inventory;
    struct iw_web_places *places;
    struct iw_host_context context;
    struct iw_context_asking asking;
    struct iw_buffer bytes;
    struct iw_arena arena;
};

/* The live configuration is of 3000 s; the history has states from 1000 s on and from 2000 s on,
 * the newer of which is the live one's like. */
static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    iw_inventory_init(&f->inventory);
    iw_arena_init(&f->arena, 0);
    iw_buffer_init(&f->bytes);
    f->versions[0] = (struct iw_inventory_version){
        .number = 2, .from_ns = 2000 * S, .until_ns = 3000 * S, .roots = before, .n_roots = 1};
    f->versions[1] = (struct iw_inventory_version){
        .number = 1, .from_ns = 1000 * S, .until_ns = 2000 * S, .roots = now, .n_roots = 1};
    f->pools[0].name = IW_STR("LonelyPool");
    f->web_file.file.path = IW_STR("C:\\inetpub\\shop\\strange.xyz");
    f->web_file.is_certain = true;
    f->component.kind = "globalModule";
    f->component.name = IW_STR("Contoso");
    f->component.image_path = IW_STR("C:\\m\\contoso.dll");
    f->component.approval = IW_APPROVAL_NONE;
    f->server = (struct iw_inventory_server){.host = HOST,
                                             .known_by = IW_SERVER_BY_CONFIGURATION,
                                             .is_authoritative = true,
                                             .config_written_ns = 3000 * S,
                                             .sites = sites,
                                             .n_sites = 2,
                                             .pools = f->pools,
                                             .n_pools = 1,
                                             .roots = now,
                                             .n_roots = sizeof now / sizeof now[0],
                                             .components = &f->component,
                                             .n_components = 1,
                                             .web_files = &f->web_file,
                                             .n_web_files = 1,
                                             .versions = f->versions,
                                             .n_versions = 2};
    f->inventory.servers = &f->server;
    f->inventory.n_servers = 1;
    f->places = iw_web_places_new(&f->inventory);
    if (f->places == NULL || iw_host_context_init(&f->context, NULL, f->places) != IW_OK)
        return -1;
    iw_host_context_begin(&f->context, HOST);
    iw_context_asking_init(&f->asking, &f->context);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    iw_context_asking_done(&f->asking);
    iw_host_context_done(&f->context);
    iw_web_places_free(f->places);
    iw_buffer_done(&f->bytes);
    iw_arena_done(&f->arena);
    test_free(f);
    return 0;
}

static void tell(struct fixture *f, int64_t time_ns, const struct iw_context_fact *fact)
{
    iw_buffer_clear(&f->bytes);
    iw_context_fact_write(fact, &f->bytes);
    assert_int_equal(iw_host_context_tell(&f->context, time_ns, NULL, iw_buffer_str(&f->bytes)),
                     IW_OK);
}

static void start(struct fixture *f, int64_t time_ns, uint64_t pid, struct iw_str image,
                  uint64_t parent_pid, struct iw_str parent_image, const char *command,
                  const char *user, uint64_t logon_id)
{
    struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_START};
    fact.u.start = (struct iw_process_start){.witness = IW_WITNESS_SECURITY,
                                             .name = {true, pid, {{0}}, image},
                                             .parent = {true, parent_pid, {{0}}, parent_image},
                                             .command_line = iw_str_of(command),
                                             .user = iw_str_of(user),
                                             .has_logon = logon_id != 0,
                                             .logon_id = logon_id};
    tell(f, time_ns, &fact);
}

static void logon(struct fixture *f, int64_t time_ns, uint64_t id, struct iw_str address)
{
    struct iw_context_fact fact = {.kind = IW_CONTEXT_LOGON};
    fact.u.logon = (struct iw_logon_begin){.logon_id = id,
                                           .type = 10,
                                           .elevated = IW_SAID_YES,
                                           .user = IW_STR("CORP\\ana"),
                                           .address = address};
    tell(f, time_ns, &fact);
}

/* Answers in the form "a|b", with "?" for unknown, "+" behind a list that may not be all, "~"
 * behind what is assumed. */
static void answer_is(struct fixture *f, const char *field, const char *expected)
{
    struct iw_context_answer answer;
    char text[600];
    size_t n = 0;
    assert_int_equal(iw_context_field_ask(&f->asking, iw_str_of(field), &answer), IW_OK);
    if (!answer.is_known)
        text[n++] = '?';
    for (size_t i = 0; i < answer.n; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", i != 0 ? "|" : "",
                              IW_STR_ARG(answer.values[i]));
    if (answer.is_known && answer.is_partial)
        text[n++] = '+';
    if (answer.is_known && answer.is_assumed)
        text[n++] = '~';
    text[n] = '\0';
    if (strcmp(text, expected) != 0)
        fail_msg("%s is '%s', not '%s'", field, text, expected);
}

/* Why a field is not known, and what would tell; both empty where nothing is missing. */
static void gap_is(struct fixture *f, const char *field, const char *why, const char *evidence)
{
    struct iw_context_answer answer;
    struct iw_context_gap gap;
    assert_int_equal(iw_context_field_ask(&f->asking, iw_str_of(field), &answer), IW_OK);
    assert_int_equal(iw_context_gap_of(&f->asking, iw_str_of(field), &answer, &gap), IW_OK);
    text_is(gap.why, why);
    text_is(gap.evidence, evidence);
}

static void about(struct fixture *f, int64_t time_ns, uint64_t pid, struct iw_str image,
                  struct iw_str file)
{
    struct iw_context_subject subject = {.process = {pid != 0, pid, {{0}}, image}, .file = file};
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, time_ns), IW_OK);
}

/* --- cases --------------------------------------------------------------------------------------
 */

static void pool_accounts(void **state)
{
    struct fixture *f = *state;
    text_is(iw_pool_of_account(IW_STR("iis apppool\\Shop")), "Shop");
    text_is(iw_pool_of_account(IW_STR("CORP\\Shop")), "");
    text_is(iw_pool_of_account(IW_STR("IIS APPPOOL\\")), "");
    /* The SID every Windows has. */
    text_is(iw_pool_sid(IW_STR("DefaultAppPool"), &f->arena),
            "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415");
    text_is(iw_pool_sid(IW_STR("DEFAULTAPPPOOL"), &f->arena),
            "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415");
    assert_true(iw_is_pool_sid(IW_STR("s-1-5-82-1-2-3-4-5")));
    assert_false(iw_is_pool_sid(IW_STR("S-1-5-80-1-2-3-4-5")));
}

/* A shell below a worker: the pool's sites and roots, all ancestors, and the logon. */
static void shell_below_worker(void **state)
{
    struct fixture *f = *state;
    logon(f, 3990 * S, 0x900, IW_STR("10.0.0.5"));
    start(f, 4000 * S, 0x10, SVCHOST, 0x8, SERVICES, "", "", 0);
    start(f, 4001 * S, 0x20, W3WP, 0x10, SVCHOST, "w3wp.exe -ap \"ShopPool\" -v x", "", 0);
    start(f, 4002 * S, 0x30, CMD, 0x20, W3WP, "cmd /c whoami", "CORP\\svc", 0x900);
    about(f, 4003 * S, 0x30, CMD, IW_STR(""));
    answer_is(f, "Web.AppPool", "ShopPool");
    answer_is(f, "web.site", "Shop|Portal");
    answer_is(f, "Web.Root", "C:\\inetpub\\shop|C:\\inetpub\\shop\\files|C:\\inetpub\\portal\\");
    answer_is(f, "Web.Url", "");
    answer_is(f, "Web.Executable", "~");
    answer_is(f, "Ancestor.Image",
              "C:\\Windows\\System32\\inetsrv\\w3wp.exe|C:\\Windows\\System32\\svchost.exe|"
              "C:\\Windows\\System32\\services.exe");
    answer_is(f, "Logon.Type", "10");
    answer_is(f, "Logon.User", "CORP\\ana");
    answer_is(f, "Logon.IpAddress", "10.0.0.5");
    answer_is(f, "Logon.Elevated", "true");
    answer_is(f, "Change.Status", "?");
    answer_is(f, "Nobody.Knows", "?");
    /* Beside the worker: no pool, and that is known. */
    start(f, 4004 * S, 0x40, CMD, 0x10, SVCHOST, "", "", 0);
    about(f, 4005 * S, 0x40, CMD, IW_STR(""));
    answer_is(f, "Web.AppPool", "");
    answer_is(f, "Web.Site", "");
    answer_is(f, "Logon.Type", "?");
    /* Below somebody unknown: neither. */
    start(f, 4006 * S, 0x50, CMD, 0x60, IW_STR("C:\\x.exe"), "", "", 0x901);
    about(f, 4007 * S, 0x50, CMD, IW_STR(""));
    answer_is(f, "Web.AppPool", "?");
    answer_is(f, "Ancestor.Image", "C:\\x.exe+");
    answer_is(f, "Ancestor.Seen", "C:\\x.exe");
    answer_is(f, "Logon.User", "?");
    /* A process nobody told of. */
    about(f, 4008 * S, 0x70, CMD, IW_STR(""));
    answer_is(f, "Web.AppPool", "?");
    answer_is(f, "Ancestor.Image", "?");
    answer_is(f, "Ancestor.Seen", "");
    /* Windows' own logon, whose start nobody logged. */
    start(f, 4009 * S, 0x80, CMD, 0x10, SVCHOST, "", "", 0x3e7);
    about(f, 4010 * S, 0x80, CMD, IW_STR(""));
    answer_is(f, "Logon.Type", "0|5");
    answer_is(f, "Logon.User", "NT AUTHORITY\\SYSTEM");
    answer_is(f, "Logon.IpAddress", "");
    /* No process at all. */
    about(f, 4011 * S, 0, IW_STR(""), IW_STR(""));
    answer_is(f, "Web.AppPool", "");
    answer_is(f, "Ancestor.Image", "");
    answer_is(f, "Ancestor.Seen", "");
    answer_is(f, "Logon.User", "");
    assert_true(iw_context_field_is_here(IW_STR("ancestor.image")));
    assert_false(iw_context_field_is_here(IW_STR("Change.Status")));
}

#define STARTED "Sysmon 1 or Security 4688 of WEB01, from when it started"

/* The first thing that is missing is named. */
static void gaps(void **state)
{
    struct fixture *f = *state;
    struct iw_context_subject subject = {.sid = IW_STR("S-1-5-21-1-2-3-1104")};
    start(f, 4000 * S, 0x30, CMD, 0x60, IW_STR("C:\\x.exe"), "", "", 0x901);
    about(f, 4001 * S, 0x30, CMD, IW_STR(""));
    gap_is(f, "Web.AppPool", "the start of process 96 (x.exe) is not in evidence", STARTED);
    gap_is(f, "Web.Site", "the start of process 96 (x.exe) is not in evidence", STARTED);
    gap_is(f, "Ancestor.Image", "the start of process 96 (x.exe) is not in evidence", STARTED);
    gap_is(f, "Logon.Type", "the start of logon 0x901 is not in evidence",
           "Security 4624 of WEB01, from when that logon began");
    gap_is(f, "Web.Url", "", ""); /* it is known: no file */
    about(f, 4002 * S, 0x70, CMD, IW_STR(""));
    gap_is(f, "Ancestor.Image", "the start of process 112 (cmd.exe) is not in evidence", STARTED);
    gap_is(f, "Logon.User", "the start of process 112 (cmd.exe) is not in evidence", STARTED);
    start(f, 4003 * S, 0x28, W3WP, 0x10, SVCHOST, "", "CORP\\svc_web", 0);
    about(f, 4004 * S, 0x28, W3WP, IW_STR(""));
    gap_is(f, "Web.AppPool",
           "neither command line nor account tell the pool of process 40 (w3wp.exe)",
           "Sysmon 1 of that worker's start, or Security 4688 with command lines; or "
           "applicationHost.config of WEB01, which names the pool of an account");
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 4005 * S), IW_OK);
    gap_is(f, "Logon.User", "nothing in evidence names the account of S-1-5-21-1-2-3-1104",
           "an event that tells SID and name, such as Security 4624 of that account");
    about(f, 4006 * S, 0, IW_STR(""), IW_STR("C:\\inetpub\\shop\\x.css"));
    gap_is(f, "Web.Executable",
           "the file was not collected, and nothing else tells whether one of its ending executes",
           "C:\\inetpub\\shop\\x.css, with the web.config files above it");
    f->server.is_authoritative = false;
    gap_is(f, "Component.Kind", "no whole configuration tells what is registered with that file",
           "%windir%\\System32\\inetsrv\\config of WEB01 (applicationHost.config) and its "
           "history in inetpub\\history, of that time");
    f->server.is_authoritative = true;
    subject = (struct iw_context_subject){.is_request = true,
                                          .request = {.url = IW_STR("/a.aspx"), .site_id = 9}};
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 4007 * S), IW_OK);
    gap_is(f, "Web.Site", "no configuration tells which site that id is",
           "%windir%\\System32\\inetsrv\\config of WEB01 (applicationHost.config) and its "
           "history in inetpub\\history, of that time");
}

/* Without command lines the account tells the pool, and its SID where there is no name. */
static void pool_by_account(void **state)
{
    struct fixture *f = *state;
    struct iw_context_fact fact = {.kind = IW_CONTEXT_PROCESS_START};
    start(f, 4000 * S, 0x20, W3WP, 0x10, SVCHOST, "", "IIS APPPOOL\\ApiPool", 0);
    about(f, 4001 * S, 0x20, W3WP, IW_STR(""));
    answer_is(f, "Web.AppPool", "ApiPool");
    answer_is(f, "Web.Root", "D:\\api");
    fact.u.start = (struct iw_process_start){.witness = IW_WITNESS_SECURITY,
                                             .name = {true, 0x24, {{0}}, W3WP},
                                             .sid = iw_pool_sid(IW_STR("LonelyPool"), &f->arena)};
    tell(f, 4002 * S, &fact);
    about(f, 4003 * S, 0x24, W3WP, IW_STR(""));
    answer_is(f, "Web.AppPool", "LonelyPool");
    assert_string_equal(f->asking.pool.how, "account's SID");
    answer_is(f, "Web.Site",
              ""); /* no application runs in it, says a configuration that is whole */
    start(f, 4004 * S, 0x28, W3WP, 0x10, SVCHOST, "", "CORP\\svc_web", 0);
    about(f, 4005 * S, 0x28, W3WP, IW_STR(""));
    answer_is(f, "Web.AppPool", "?");
}

static void files(void **state)
{
    static const struct {
        const char *path, *site, *root, *url, *executable;
    } CASES[] = {
        {"c:\\INETPUB\\shop\\a\\b.aspx", "Shop", "C:\\inetpub\\shop", "/a/b.aspx", "true~"},
        {"C:\\inetpub\\shop\\strange.xyz", "Shop", "C:\\inetpub\\shop", "/strange.xyz", "true"},
        {"C:\\inetpub\\shop\\x.css", "Shop", "C:\\inetpub\\shop", "/x.css", "?"},
        {"D:\\api\\v1.ashx", "Shop", "D:\\api", "/api/v1.ashx", "true~"},
        /* Another application has that URL. */
        {"C:\\inetpub\\shop\\api\\x.aspx", "Shop", "C:\\inetpub\\shop", "", "true~"},
        {"C:\\inetpub\\shop\\files\\m.asp", "Shop", "C:\\inetpub\\shop\\files", "/docs/m.asp",
         "true~"},
        {"C:\\inetpub\\portal\\d.aspx", "Portal", "C:\\inetpub\\portal\\", "/d.aspx", "true~"},
        {"C:\\inetpub\\shopping\\d.aspx", "", "", "", "~"},
        {"C:\\Windows\\x.dll", "", "", "", "~"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        about(f, 4000 * S, 0, IW_STR(""), iw_str_of(CASES[i].path));
        answer_is(f, "Web.Site", CASES[i].site);
        answer_is(f, "Web.Root", CASES[i].root);
        answer_is(f, "Web.Url", CASES[i].url);
        answer_is(f, "Web.Executable", CASES[i].executable);
    }
}

/* A request by the site its log names, or by the one site whose binding takes it. */
static void requests(void **state)
{
    static const struct {
        uint64_t site_id, port;
        const char *address, *host, *url;
        const char *site, *pool, *root, *executable;
    } CASES[] = {
        {1, 0, "", "", "/a/b.aspx", "Shop", "ShopPool", "C:\\inetpub\\shop", "true~"},
        {1, 0, "", "", "/strange.xyz", "Shop", "ShopPool", "C:\\inetpub\\shop", "true"},
        {1, 0, "", "", "/Strange.XYZ", "Shop", "ShopPool", "C:\\inetpub\\shop", "true"},
        {1, 0, "", "", "/API/v1.ashx/x/y", "Shop", "ApiPool", "D:\\api", "true~"},
        {1, 0, "", "", "/api", "Shop", "ApiPool", "D:\\api", "?"},
        {1, 0, "", "", "/apix/v1.ashx", "Shop", "ShopPool", "C:\\inetpub\\shop", "true~"},
        {1, 0, "", "", "/docs/m.asp", "Shop", "ShopPool", "C:\\inetpub\\shop\\files", "true~"},
        {1, 0, "", "", "/x.css", "Shop", "ShopPool", "C:\\inetpub\\shop", "?"},
        {1, 0, "", "", "/x.ascx", "Shop", "ShopPool", "C:\\inetpub\\shop", "?"},
        {2, 80, "", "", "/d.aspx", "Portal", "ShopPool", "C:\\inetpub\\portal\\", "true~"},
        /* No such site; no site named. */
        {9, 0, "", "", "/a.aspx", "?", "?", "?", "true~"},
        {0, 0, "", "", "/a.aspx", "?", "?", "?", "true~"},
        {0, 0, "", "", "/", "?", "?", "?", "?"},
        /* Bindings: one fits; several do; a name decides, or an address. */
        {0, 443, "", "", "/a.aspx", "Shop", "ShopPool", "C:\\inetpub\\shop", "true~"},
        {0, 443, "10.0.0.1", "other.example", "/a.aspx", "?", "?", "?", "true~"},
        {0, 80, "", "", "/a.aspx", "?", "?", "?", "true~"},
        {0, 80, "10.0.0.1", "", "/a.aspx", "?", "?", "?", "true~"},
        {0, 80, "10.0.0.1", "portal.example", "/d.aspx", "Portal", "ShopPool",
         "C:\\inetpub\\portal\\", "true~"},
        {0, 80, "10.0.0.1", "PORTAL.example:80", "/d.aspx", "Portal", "ShopPool",
         "C:\\inetpub\\portal\\", "true~"},
        {0, 80, "10.0.0.1", "x.example", "/a.aspx", "Shop", "ShopPool", "C:\\inetpub\\shop",
         "true~"},
        {0, 8080, "10.0.0.2", "", "/d.aspx", "Portal", "ShopPool", "C:\\inetpub\\portal\\",
         "true~"},
        {0, 8080, "10.0.0.3", "", "/d.aspx", "?", "?", "?", "true~"},
        {0, 81, "fd00::1", "", "/d.aspx", "Portal", "ShopPool", "C:\\inetpub\\portal\\", "true~"},
        {0, 82, "10.0.0.1", "a.portal.example", "/d.aspx", "Portal", "ShopPool",
         "C:\\inetpub\\portal\\", "true~"},
        {0, 82, "10.0.0.1", "portal.example.evil", "/d.aspx", "?", "?", "?", "true~"},
        {0, 808, "", "", "/d.aspx", "?", "?", "?", "true~"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_context_subject subject = {.is_request = true,
                                             .request = {.url = iw_str_of(CASES[i].url),
                                                         .site_id = CASES[i].site_id,
                                                         .port = CASES[i].port,
                                                         .address = iw_str_of(CASES[i].address),
                                                         .host = iw_str_of(CASES[i].host)}};
        assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 4000 * S), IW_OK);
        answer_is(f, "Web.Site", CASES[i].site);
        answer_is(f, "Web.AppPool", CASES[i].pool);
        answer_is(f, "Web.Root", CASES[i].root);
        answer_is(f, "Web.Url", CASES[i].url);
        answer_is(f, "Web.Executable", CASES[i].executable);
    }
}

/* Ids are those of the live configuration: before it they are taken to be the same. A server that
 * is not known whole may have another site with that binding. */
static void requests_that_nothing_proves(void **state)
{
    struct fixture *f = *state;
    struct iw_context_subject subject = {.is_request = true,
                                         .request = {.url = IW_STR("/a.aspx"), .site_id = 1}};
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 1500 * S), IW_OK);
    answer_is(f, "Web.Site", "Shop~");
    answer_is(f, "Web.AppPool", "ShopPool~");
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 2500 * S), IW_OK);
    answer_is(f, "Web.Site", "Shop~");
    answer_is(f, "Web.AppPool", "?"); /* the site had another name then */
    subject.request.site_id = 0;
    subject.request.port = 443;
    f->server.is_authoritative = false;
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 4000 * S), IW_OK);
    answer_is(f, "Web.Site", "?");
    iw_host_context_begin(&f->context, IW_STR("WEB02"));
    subject.request.site_id = 1;
    assert_int_equal(iw_context_asking_begin(&f->asking, &subject, 4000 * S), IW_OK);
    answer_is(f, "Web.Site", "?");
    answer_is(f, "Web.Url", "/a.aspx");
}

/* Each moment by the state that was in force; before all of them the oldest, as an assumption. */
static void states_in_time(void **state)
{
    static const struct {
        int64_t time_s;
        const char *site;
        enum iw_web_knowledge knowledge;
    } CASES[] = {{3000, "Shop", IW_WEB_CONFIGURED}, {2999, "Old", IW_WEB_CONFIGURED},
                 {2000, "Old", IW_WEB_CONFIGURED},  {1999, "Shop", IW_WEB_CONFIGURED},
                 {1000, "Shop", IW_WEB_CONFIGURED}, {999, "Shop", IW_WEB_ASSUMED}};
    struct fixture *f = *state;
    struct iw_web_state unknown;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_web_state at = iw_web_places_at(f->places, IW_STR("web01"), CASES[i].time_s * S);
        assert_int_equal(at.knowledge, CASES[i].knowledge);
        text_is(at.roots[0].site, CASES[i].site);
        assert_false(at.is_partial);
    }
    assert_int_equal(iw_web_places_at(f->places, HOST, IW_TIME_UNKNOWN).knowledge, IW_WEB_ASSUMED);
    unknown = iw_web_places_at(f->places, IW_STR("WEB02"), 4000 * S);
    assert_int_equal(unknown.knowledge, IW_WEB_UNKNOWN);
    assert_true(unknown.is_partial);
}

static void components(void **state)
{
    struct fixture *f = *state;
    about(f, 4000 * S, 0, IW_STR(""), IW_STR("c:\\m\\Contoso.dll"));
    answer_is(f, "Component.Kind", "globalModule~");
    answer_is(f, "Component.Name", "Contoso~");
    answer_is(f, "Component.Status", "none~");
    about(f, 4000 * S, 0, IW_STR(""), IW_STR("C:\\m\\other.dll"));
    answer_is(f, "Component.Kind", "~");
}

/* Missing memory is never an answer. */
static void no_memory(void **state)
{
    struct fixture *f = *state;
    struct iw_context_subject subject = {.file = IW_STR("C:\\inetpub\\shop\\a.aspx")};
    enum iw_rc rc = IW_ENOMEM;
    for (uint64_t n = 1; rc != IW_OK && n < 50; n++) {
        struct iw_context_asking asking;
        struct iw_context_answer answer;
        iw_context_asking_init(&asking, &f->context);
        assert_int_equal(iw_context_asking_begin(&asking, &subject, 4000 * S), IW_OK);
        iw_alloc_fail_at(n);
        rc = iw_context_field_ask(&asking, IW_STR("Web.Url"), &answer);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_ENOMEM || answer.n == 1);
        iw_context_asking_done(&asking);
    }
    assert_int_equal(rc, IW_OK);
    for (uint64_t n = 1; n < 50; n++) {
        struct iw_web_places *places;
        iw_alloc_fail_at(n);
        places = iw_web_places_new(&f->inventory);
        iw_alloc_fail_at(0);
        iw_web_places_free(places);
    }
}

/* Of many servers each is found, letter case aside; of those of one host the one whose
 * configuration is known. */
static void servers_by_host(void **state)
{
    static struct iw_inventory_server servers[] = {
        {.host = IW_STR("b"), .known_by = IW_SERVER_BY_EVENTS},
        {.host = IW_STR("")},
        {.host = IW_STR("C"), .known_by = IW_SERVER_BY_EVENTS},
        {.host = IW_STR("a"), .known_by = IW_SERVER_BY_EVENTS},
        {.host = IW_STR("B"), .known_by = IW_SERVER_BY_CONFIGURATION},
        {.host = IW_STR("B"), .known_by = IW_SERVER_BY_CONFIGURATION},
        {.host = IW_STR("c"), .known_by = IW_SERVER_BY_ESTATE},
    };
    static const struct {
        const char *host;
        size_t server;
    } CASES[] = {{"A", 3}, {"b", 4}, {"B", 4}, {"c", 2}};
    struct iw_inventory inventory;
    struct iw_web_places *places;
    (void)state;
    iw_inventory_init(&inventory);
    inventory.servers = servers;
    inventory.n_servers = sizeof servers / sizeof servers[0];
    places = iw_web_places_new(&inventory);
    assert_non_null(places);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_ptr_equal(iw_web_places_server(places, iw_str_of(CASES[i].host)),
                         &servers[CASES[i].server]);
    assert_null(iw_web_places_server(places, IW_STR("")));
    assert_null(iw_web_places_server(places, IW_STR("aa")));
    assert_null(iw_web_places_server(places, IW_STR("d")));
    iw_web_places_free(places);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {cmocka_unit_test(servers_by_host),
                                       TEST(pool_accounts),
                                       TEST(shell_below_worker),
                                       TEST(gaps),
                                       TEST(pool_by_account),
                                       TEST(files),
                                       TEST(requests),
                                       TEST(requests_that_nothing_proves),
                                       TEST(states_in_time),
                                       TEST(components),
                                       TEST(no_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
