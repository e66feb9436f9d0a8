/*
 * What somebody may do so that a chain tells less, or what an innocent server does that looks like
 * one: what comes afterwards excuses nothing, what is written, compiled or started by others is not
 * taken for the chain's own, and no event vanishes because a chain has too many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/chain_scenario.h"

/* --- afterwards ------------------------------------------------------------------------------- */

#define WRITTEN WORKER "2000 write 10 " A "\n" SHELL(3000)
#define FOUND                                                                                      \
    "a.aspx high 85: shell file request same-pool written-by-server / file_created request "       \
    "process_created"
#define ROBOCOPY(when) AGENT(when) COPY_BY(when, "70")

static void what_comes_after_the_shell(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "nothing", .script = WRITTEN, .requests = {{A, 2500, 2, 0}}, .found = FOUND},
        {.name = "the page is deployed over, 57 minutes later",
         .script = WRITTEN ROBOCOPY("3400000") "3420000 write 71 " A "\n",
         .requests = {{A, 2500, 2, 0}},
         .found = FOUND},
        {.name = "something is deployed six minutes later",
         .script = WRITTEN ROBOCOPY("400000"),
         .requests = {{A, 2500, 2, 0}},
         .found = FOUND},
        {.name = "something is installed",
         .script = WRITTEN "4000 msi Contoso\n",
         .requests = {{A, 2500, 2, 0}},
         .found = FOUND},
        {.name = "it was installed before the shell",
         .script = WORKER "2000 write 10 " A "\n2100 msi Contoso\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool written-by-server deployment-near "
                  "/ file_created request process_created"},
        {.name = "another shell of the server writes the page anew, 30 hours later",
         .script = WRITTEN "108000000 start 21 10 powershell.exe\n108001000 write 21 " A "\n",
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx critical 95: shell file shell-wrote-file request same-pool "
                  "written-by-server / file_created request process_created process_created "
                  "file_created",
         .why = "+10 shell-wrote-file: powershell.exe, started at"},
        {.name = "it is touched after it was asked for",
         .script = WORKER "2000 write 10 " A "\n2600 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2300, 2, 0}},
         .found = "a.aspx high 85: shell file request same-pool written-by-server / file_created "
                  "request file_created process_created"},
        {.name = "and however often it was written days before",
         .script = WORKER "1100 write 99 " A "\n1200 write 99 " A "\n1300 write 99 " A
                          "\n1400 write 99 " A "\n1500 write 99 " A "\n1600 write 99 " A
                          "\n1700 write 99 " A "\n1800 write 99 " A "\n100002000 write 10 " A
                          "\n100002600 write 99 " A "\n100003000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{A, 100002300, 2, 0}},
         .found = "a.aspx high 85: shell file request same-pool written-by-server / file_created "
                  "request file_created process_created"},
        {.name = "it is deployed over after it was asked for",
         .script = WORKER ROBOCOPY("500") "2000 write 10 " A "\n2600 write 71 " A "\n" SHELL(3000),
         .requests = {{A, 2300, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool written-by-server deployment-near "
                  "/ file_created request file_created process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* The title is that of the shell the chain is told by. */
static void titles_are_of_the_best_shell(void **state)
{
    const struct chain_request request = {.path = A, .begin_ms = 2500, .n_addresses = 2};
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig.requests = &request;
    rig.n_requests = 1;
    rig_begin(&rig);
    rig_script(&rig, WRITTEN "108000000 start 21 10 powershell.exe\n108001000 write 21 " A "\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(iw_str_holds_nocase(rig.findings[0].title,
                                    IW_STR("then the web server started cmd.exe: a.aspx")));
    rig_done(&rig);
}

/* "MS HEAD0ENDING", and so on, a millisecond apart. */
static void write_many(struct chain_rig *rig, unsigned ms, unsigned n, const char *head,
                       const char *ending)
{
    for (unsigned i = 0; i < n; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "%u %s%u%s\n", ms + i, head, i, ending);
        rig_script(rig, line);
    }
}

static void bursts(void **state)
{
    static const struct {
        const char *name, *before, *many, *ending, *after;
        unsigned n;
        const char *found, *why;
    } CASES[] = {
        {"after the shell", WORKER "2000 write 10 " A "\n" SHELL(3000),
         "write 10 C:\\inetpub\\shop\\y", ".aspx", "", 25,
         "a.aspx medium 70: shell file same-pool written-by-server / file_created process_created",
         NULL},
        {"before it: 20 with the page", WORKER "2000 write 10 " A "\n",
         "write 10 C:\\inetpub\\shop\\y", ".config", SHELL(3000), 19,
         "a.aspx medium 65: shell file same-pool written-by-server burst / file_created "
         "process_created",
         "the same process wrote 20 such files"},
        {"before it: 19 with the page", WORKER "2000 write 10 " A "\n",
         "write 10 C:\\inetpub\\shop\\y", ".config", SHELL(3000), 18,
         "a.aspx medium 70: shell file same-pool written-by-server / file_created candidate "
         "candidate candidate candidate process_created",
         "14 more files fit that stand out"},
        {"over the network, from another address", WORKER, "share 10.0.0.7 C:\\inetpub\\shop\\y",
         ".aspx", "2500 share 203.0.113.66 " A "\n" SHELL(3000), 25,
         "a.aspx medium 70: shell file same-pool written-over-network / file_written "
         "process_created",
         NULL},
        {"over the network, with System as a second witness", WORKER,
         "write 4 C:\\inetpub\\shop\\y", ".aspx",
         "2500 share 203.0.113.66 " A "\n2501 write 4 " A "\n" SHELL(3000), 25,
         "a.aspx medium 70: shell file same-pool written-over-network / file_written file_created "
         "process_created",
         NULL},
        {"over the network, from the same", WORKER, "share 10.0.0.7 C:\\inetpub\\shop\\y", ".aspx",
         "2500 share 10.0.0.7 " A "\n" SHELL(3000), 25,
         "a.aspx medium 65: shell file same-pool written-over-network burst / file_written "
         "process_created",
         "the same account, from the same address, wrote 26 such files"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        struct iw_str found;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, CASES[i].before);
        write_many(&rig, CASES[i].after[0] == '\0' ? 4000 : 2100, CASES[i].n, CASES[i].many,
                   CASES[i].ending);
        rig_script(&rig, CASES[i].after);
        rig_end(&rig);
        found = rig_found(&rig);
        if (!iw_str_equal(found, iw_str_of(CASES[i].found)))
            fail_msg("%s: %.*s", CASES[i].name, IW_STR_ARG(found));
        if (CASES[i].why != NULL && !rig_says(&rig.findings[0].why, CASES[i].why))
            fail_msg("%s: %s", CASES[i].name, CASES[i].why);
        rig_done(&rig);
    }
}

/* --- of others -------------------------------------------------------------------------------- */

#define COMPILED_BY(ms, pid) #ms " compiled " #pid " a.aspx.cdcab7d2.compiled\n"
#define Z "C:\\inetpub\\shop\\zz\\a.aspx"

static void what_others_do(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a page of that name is compiled in another pool",
         .script = WORKER "1000 worker 11 PortalPool\n2000 write 99 " A "\n" COMPILED_BY(2600, 11)
             SHELL(3000),
         .found = JOINED},
        {.name = "in both",
         .script = WORKER "1000 worker 11 PortalPool\n2000 write 99 " A "\n" COMPILED_BY(2600, 10)
             COMPILED_BY(2700, 11) SHELL(3000),
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created"},
        {.name = "by another worker of its own pool",
         .script = WORKER "1000 worker 11 ShopPool\n2000 write 99 " A "\n" COMPILED_BY(2600, 11)
             SHELL(3000),
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created"},
        {.name = "a second file of that name comes before it is compiled",
         .script =
             WORKER "2000 write 99 " A "\n2300 write 99 " Z "\n" COMPILED_BY(2600, 10) SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found =
             "a.aspx critical 90: shell file request compiled same-pool / file_created candidate "
             "request page_compiled process_created"},
        {.name = "a page asked for by many",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 17, 0}},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created",
         .why = "by more than 16 addresses"},
        {.name = "by sixteen",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 16, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created"},
        {.name = "a page that was answered before it was written again",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .requests = {{A, 2500, 1, 1}},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created",
         .why = "as it was answered before it"},
        {.name = "WMI starts a program that starts the shell",
         .script = WORKER "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                          "2000 write 10 " A "\n"
                          "2500 start 13 12 C:\\Windows\\Temp\\evil.exe\n"
                          "3000 start 20 13 powershell.exe powershell\n",
         .found = "a.aspx medium 50: pool-identity file same-pool written-by-server / file_created "
                  "process_created child_created"},
        {.name = "the desktop is said to be the parent",
         .script = WORKER "1500 user 30 1 CORP\\bob C:\\Windows\\explorer.exe\n"
                          "3000 start 20 30 cmd.exe\n",
         .found = "ShopPool low 30 partial: pool-identity / process_created"},
        {.name = "people work as an account that is named",
         .script = "1500 user 30 1 CORP\\svc C:\\Windows\\explorer.exe\n"
                   "3000 user 20 30 CORP\\svc cmd.exe\n",
         .setting = "UserContext=CORP\\svc",
         .found = ""},
        {.name = "a task of an account that is named",
         .script = "1500 user 30 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                   "3000 user 20 30 CORP\\svc cmd.exe\n",
         .setting = "UserContext=CORP\\svc",
         .found = "svc low 30 partial: pool-identity shared-account / process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* A second form of the record names robocopy: neither is believed where it excuses. */
static void contradicting_records(void **state)
{
    char again[] = "2000 write 71 " A;
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, ROBOCOPY("500") WORKER "2000 write 99 " A "\n");
    rig_words(&rig, again);
    rig_script(&rig, SHELL(3000));
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(rig_says(&rig.findings[0].why, "contradicts itself"));
    assert_false(rig_says(&rig.findings[0].why, "robocopy wrote the file"));
    assert_false(rig_says(&rig.findings[0].why, "deployment-writer"));
    rig_done(&rig);
}

static void shadow_copies_are_not_compiled(void **state)
{
    struct chain_rig rig;
    struct iw_str found;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER "2000 write 99 " A "\n");
    RIG_EVENT(&rig, 2500, SYSMON, 7, {"Image", "C:\\Windows\\System32\\inetsrv\\w3wp.exe", EVT},
              {"ProcessId", "10", EVT},
              {"ImageLoaded",
               "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\"
               "root\\1\\2\\assembly\\dl3\\1234\\Newtonsoft.Json.dll",
               EVT});
    rig_script(&rig, SHELL(3000));
    rig_end(&rig);
    found = rig_found(&rig);
    assert_true(iw_str_equal(found, IW_STR(JOINED)));
    rig_done(&rig);
}

/* --- pages nobody saw come -------------------------------------------------------------------- */

static void deployments_near_and_far(void **state)
{
#define UNSEEN                                                                                     \
    "a.aspx high 78 partial: shell page-unseen request request-rare same-pool / page_compiled "    \
    "request process_created"
    static const struct scenario CASES[] = {
        {.name = "13 hours after it was compiled something is deployed",
         .script = WORKER COMPILED_BY(2600, 10) "49000000 msi Contoso\n50000000 start 20 10 "
                                                "cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = UNSEEN},
        {.name = "near it, and again much later",
         .script = WORKER
         "2500 msi Contoso\n" COMPILED_BY(2600, 10) "49000000 msi Contoso\n"
                                                    "50000000 start 20 10 cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "ten minutes after it",
         .script = WORKER COMPILED_BY(2600, 10) "602600 msi Contoso\n"
                                                "700000 start 20 10 cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = ALONE},
        {.name = "ten minutes and a millisecond after it",
         .script = WORKER COMPILED_BY(2600, 10) "602601 msi Contoso\n"
                                                "700000 start 20 10 cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = UNSEEN},
    };
    (void)state;
    RUN(CASES);
}

static bool is_asked_of_page; /* the source of files was, last */

static enum iw_rc files_have_a_hole(void *context, enum iw_chain_source source, struct iw_str file,
                                    int64_t from_ns, int64_t until_ns, struct iw_chain_reach *ret)
{
    (void)context;
    if (source == IW_CHAIN_SOURCE_FILES)
        is_asked_of_page = iw_str_ends_nocase(file, IW_STR("a.aspx"));
    *ret = (struct iw_chain_reach){.is_seen = source != IW_CHAIN_SOURCE_FILES,
                                   .from_ns = from_ns,
                                   .to_ns = until_ns,
                                   .why = IW_STR("no Security 4663 under it"),
                                   .begins_ns = IW_TIME_UNKNOWN};
    return IW_OK;
}

/* What is said of a page nobody saw come is of the sources that are there, and of its root. */
static void unseen_pages_name_what_is_there(void **state)
{
    static const struct {
        const char *by, *expected;
        bool is_of_sysmon;
    } CASES[] = {{"Sysmon 11, Security 4663", "Sysmon tells of no renaming", true},
                 {"Security 4663", "tells only of folders that have an audit list", false},
                 {"Security 5145", "how the page came is in no event", false}};
    const struct chain_request request = {.path = A, .begin_ms = 2700, .n_addresses = 1};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.requests = &request;
        rig.n_requests = 1;
        rig.page = A;
        rig.telemetry.of[IW_CHAIN_SOURCE_FILES].by = iw_str_of(CASES[i].by);
        rig.input.ask_reach = files_have_a_hole;
        is_asked_of_page = false;
        rig_begin(&rig);
        rig_script(&rig, WORKER COMPILED_BY(2600, 10) SHELL(3000));
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_true(rig_says(&rig.findings[0].blind, CASES[i].expected));
        assert_int_equal(rig_says(&rig.findings[0].blind, "Sysmon tells"), CASES[i].is_of_sysmon);
        assert_true(rig_says(&rig.findings[0].blind, "no Security 4663 under it"));
        assert_true(is_asked_of_page);
        rig_done(&rig);
    }
}

/* What else the worker compiles or loads does not drive a named page out. */
static void named_pages_stay(void **state)
{
    const struct chain_request request = {.path = A, .begin_ms = 2700, .n_addresses = 1};
    struct chain_rig rig;
    struct iw_str found;
    (void)state;
    rig_init(&rig);
    rig.requests = &request;
    rig.n_requests = 1;
    rig.page = A;
    rig_begin(&rig);
    rig_script(&rig, WORKER COMPILED_BY(2600, 10));
    write_many(&rig, 2700, 40, "compiled 10 App_Web_", ".dll");
    rig_script(&rig, SHELL(3000));
    rig_end(&rig);
    found = rig_found(&rig);
    assert_true(iw_str_equal(found, IW_STR(UNSEEN)));
    rig_done(&rig);
}

/* --- too many --------------------------------------------------------------------------------- */

static void a_page_is_buried(void **state)
{
    static const char *const JUNK[] = {".aspx", ".config"};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        const struct chain_request request = {.path = A, .begin_ms = 2500, .n_addresses = 2};
        struct chain_rig rig;
        struct iw_str found;
        rig_init(&rig);
        rig.requests = &request;
        rig.n_requests = 1;
        rig_begin(&rig);
        rig_script(&rig, WORKER "2000 write 10 " A "\n");
        write_many(&rig, 2600, IW_LIMIT_CHAIN_LOOKS + 100, "write 99 C:\\inetpub\\shop\\j",
                   JUNK[k]);
        rig_script(&rig, SHELL(4000));
        rig_end(&rig);
        found = rig_found(&rig);
        if (!iw_str_equal(found, IW_STR(FOUND)))
            fail_msg("%.*s", IW_STR_ARG(found));
        rig_done(&rig);
    }
}

static size_t count_of(const struct iw_finding *finding, const char *role)
{
    size_t n = 0;
    for (size_t i = 0; i < finding->n_evidence; i++)
        n += iw_str_equal(finding->evidence[i].role, iw_str_of(role)) ? 1 : 0;
    return n;
}

static bool is_in_evidence(const struct chain_rig *rig, size_t line)
{
    for (size_t i = 0; i < rig->n_findings; i++) {
        for (size_t k = 0; k < rig->findings[i].n_evidence; k++) {
            uint64_t id = rig->findings[i].evidence[k].record_id;
            for (size_t m = 0; m < rig->n_lines; m++) {
                if (rig->lines[m].record_id == id && rig->lines[m].shape == rig->lines[line].shape)
                    return true;
            }
        }
    }
    return false;
}

/* No finding of a rule is kept back for an event that no chain shows, itself or the same act once
 * more; and none is printed beside a chain that shows its event. */
static void check_links(const struct chain_rig *rig)
{
    for (size_t i = 0; i < rig->n_lines; i++) {
        bool is_shown = false;
        for (size_t k = 0; k < rig->n_findings; k++) {
            for (size_t m = 0; m < rig->findings[k].n_evidence; m++)
                is_shown |= rig->findings[k].evidence[m].record_id == rig->lines[i].record_id;
        }
        if (is_shown && !rig->lines[i].is_told)
            fail_msg("line %zu is shown and not told", i);
        if (rig->lines[i].is_told && !is_in_evidence(rig, i))
            fail_msg("line %zu is told and not shown", i);
    }
}

/* A worker runs many commands, all alike or all different; then one writes a page. */
static void a_hidden_shell_comes_back(void **state)
{
    (void)state;
    for (int is_different = 0; is_different < 2; is_different++) {
        const struct chain_request request = {.path = A, .begin_ms = 90000, .n_addresses = 2};
        struct chain_rig rig;
        const struct iw_finding *page;
        rig_init(&rig);
        rig.requests = &request;
        rig.n_requests = 1;
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (int i = 0; i < 55; i++) {
            char line[128];
            (void)snprintf(line, sizeof line, "%d start %d 10 cmd.exe cmd /c %c%c\n", 3000 + i,
                           100 + i, is_different ? 'a' + i / 26 : 'a',
                           is_different ? 'a' + i % 26 : 'a');
            rig_script(&rig, line);
        }
        rig_script(&rig, "5000 start 90 10 powershell.exe powershell -c x\n5500 write 90 " A "\n");
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 2);
        page =
            &rig.findings[iw_str_holds_nocase(rig.findings[0].subject_name, IW_STR("a.aspx")) ? 0
                                                                                              : 1];
        assert_true(iw_str_holds_nocase(page->subject_name, IW_STR("a.aspx")));
        assert_int_equal(page->score, 75);
        assert_int_equal(count_of(page, "process_created"), 1);
        assert_int_equal(count_of(page, "file_created"), 1);
        check_links(&rig);
        rig_done(&rig);
    }
}

/* What repeats gives way to what is worth it. */
static void worth_before_time(void **state)
{
    const struct chain_request request = {.path = A, .begin_ms = 2500, .n_addresses = 2};
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig.requests = &request;
    rig.n_requests = 1;
    rig_begin(&rig);
    rig_script(&rig, WORKER "2000 write 99 " A "\n" SHELL(3000));
    for (int i = 0; i < 20; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "%d start %d 20 whoami.exe whoami\n", 3100 + i, 100 + i);
        rig_script(&rig, line);
    }
    for (int i = 0; i < 20; i++) {
        char line[128];
        (void)snprintf(line, sizeof line, "%d start %d 20 C:\\x\\%c.exe\n", 3200 + i, 150 + i,
                       'a' + i);
        rig_script(&rig, line);
    }
    rig_script(&rig, "4000 write 20 " B "\n4100 write 20 " Z "\n"
                     "4200 start 90 20 ntdsutil.exe ntdsutil \"ac i ntds\" ifm\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(count_of(&rig.findings[0], "file_written"), 2);
    assert_true(rig_says(&rig.findings[0].why, "credentials"));
    assert_int_equal(count_of(&rig.findings[0], "process_created"), 1);
    /* 15 of whoami, 16 of the others, then ntdsutil. */
    assert_int_equal(count_of(&rig.findings[0], "child_created"), 32);
    check_links(&rig);
    rig_done(&rig);
}

static unsigned next_random(uint32_t *seed, unsigned below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

static void random_line(struct chain_rig *rig, uint32_t *seed, unsigned ms)
{
    static const char *const FILES[] = {A, B, Z, "C:\\inetpub\\shop\\c.aspx"};
    unsigned pid = 100 + next_random(seed, 40), letter = 'a' + next_random(seed, 26);
    const char *file = FILES[next_random(seed, 4)];
    char line[160];
    switch (next_random(seed, 8)) {
    case 0:
        (void)snprintf(line, sizeof line, "%u write %u %s\n", ms, pid, file);
        break;
    case 1:
        (void)snprintf(line, sizeof line, "%u write 10 %s\n", ms, file);
        break;
    case 2:
        (void)snprintf(line, sizeof line, "%u delete %u %s\n", ms, pid, file);
        break;
    case 3:
        (void)snprintf(line, sizeof line, "%u connect %u 10.0.0.%u\n", ms, pid, pid);
        break;
    case 4:
        (void)snprintf(line, sizeof line, "%u compiled 10 a.aspx.cdcab7d2.compiled\n", ms);
        break;
    default:
        (void)snprintf(line, sizeof line, "%u times %u %s\n", ms, pid, file);
        break;
    case 5:
    case 6:
        if (rig->n_processes == 60)
            return;
        (void)snprintf(line, sizeof line, "%u start %u %u cmd.exe cmd /c %c\n", ms, pid,
                       next_random(seed, 3) == 0 ? 100 + next_random(seed, 40) : 10, (char)letter);
        break;
    }
    rig_script(rig, line);
}

static void no_evidence_vanishes(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 200; seed++) {
        uint32_t random = seed;
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (unsigned i = 0; i < 150; i++)
            random_line(&rig, &random, 2000 + 100 * i);
        rig_end(&rig);
        check_links(&rig);
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(what_comes_after_the_shell),
        cmocka_unit_test(titles_are_of_the_best_shell),
        cmocka_unit_test(bursts),
        cmocka_unit_test(what_others_do),
        cmocka_unit_test(contradicting_records),
        cmocka_unit_test(shadow_copies_are_not_compiled),
        cmocka_unit_test(deployments_near_and_far),
        cmocka_unit_test(unseen_pages_name_what_is_there),
        cmocka_unit_test(named_pages_stay),
        cmocka_unit_test(a_page_is_buried),
        cmocka_unit_test(a_hidden_shell_comes_back),
        cmocka_unit_test(worth_before_time),
        cmocka_unit_test(no_evidence_vanishes),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
