/*
 * Chains of AN1108: what happens on a host, and what must be found. Expectations are made from the
 * plan of the analytic: links, floors, windows, clocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

/* --- order and window --------------------------------------------------------------------------
 */

static void times(void **state)
{
#define UNDECIDED "a.aspx medium 58: shell file-undecided same-pool / file_created process_created"
#define LOGGED "a.aspx medium 65: shell file same-pool / file_written process_created"
    static const struct scenario CASES[] = {
        {.name = "10 ms before the file, on one clock",
         .script = WORKER SHELL(3000) "3010 write 99 " A "\n",
         .found = ALONE,
         .why = "near miss: " A " was written 10 ms after"},
        {.name = "1 ms before the file, on one clock",
         .script = WORKER SHELL(3000) "3001 write 99 " A "\n",
         .found = ALONE},
        {.name = "1 ms after the file, on one clock",
         .script = WORKER "2999 write 99 " A "\n" SHELL(3000),
         .found = JOINED},
        {.name = "exactly 24 hours",
         .script = WORKER "2000 write 99 " A "\n86402000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "24 hours and a millisecond",
         .script = WORKER "2000 write 99 " A "\n86402001 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "near miss: " A " was written before it, 1 s past TimeWindow of 86400 s"},
        {.name = "24 hours and 61 seconds",
         .script = WORKER "2000 write 99 " A "\n86463000 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "61 s past TimeWindow"},
        {.name = "written again within the window",
         .script =
             WORKER "2000 write 99 " A "\n50000000 write 99 " A "\n100000000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "equal times, file first",
         .script = WORKER "3000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created file_created",
         .why = "their times are equal"},
        {.name = "equal times, shell first",
         .script = WORKER SHELL(3000) "3000 write 99 " A "\n",
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created file_created",
         .why = "their times are equal"},
        {.name = "two clocks, 2 ms apart: undecided",
         .script = WORKER "2998L write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 58: shell file-undecided same-pool / file_written process_created",
         .why = "of different clocks"},
        {.name = "two clocks, 2 ms apart the other way: undecided",
         .script = WORKER SHELL(3000) "3002L write 99 " A "\n",
         .found = "a.aspx medium 58: shell file-undecided same-pool / process_created "
                  "file_written"},
        {.name = "two clocks, 3 ms apart",
         .script = WORKER "2997L write 99 " A "\n" SHELL(3000),
         .found = LOGGED},
        {.name = "two clocks, 3 ms apart the other way",
         .script = WORKER SHELL(3000) "3003L write 99 " A "\n",
         .found = ALONE,
         .why = "written 3 ms after"},
    };
    (void)state;
    RUN(CASES);
}

/* --- which file ------------------------------------------------------------------------------- */

static void choices(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "two files: the latest",
         .script = WORKER "2000 write 99 " A "\n2100 write 99 " B "\n" SHELL(3000),
         .found = "b.aspx medium 65: shell file same-pool / candidate file_created "
                  "process_created"},
        {.name = "two files: the one that was asked for",
         .script = WORKER "2000 write 99 " A "\n2100 write 99 " B "\n" SHELL(3000),
         .requests = {{A, 2500, 2, 0}},
         .found = "a.aspx high 80: shell file request same-pool / file_created candidate request "
                  "process_created"},
        {.name = "two files of one time: told apart by their names",
         .script = WORKER "2000 write 99 " B "\n2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created candidate "
                  "process_created"},
        {.name = "a page before a library that came later",
         .script = WORKER "2000 write 99 " A
                          "\n2100 write 99 C:\\inetpub\\shop\\bin\\x.dll\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created candidate "
                  "process_created"},
        {.name = "two shells of one file are one chain",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000) "4000 start 21 10 cmd.exe\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "process_created",
         .why = "2 programs were started"},
        {.name = "another site's file, proved",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .found = ALONE,
         .why = "the configuration gives it to pool PortalPool of site Portal"},
        {.name = "an application of the same site has a pool of its own",
         .script = WORKER "2000 write 99 C:\\inetpub\\shop\\admin\\a.aspx\n" SHELL(3000),
         .found = ALONE,
         .why = "gives it to pool AdminPool of site Shop"},
        {.name = "and that pool serves it",
         .script =
             "1000 worker 10 AdminPool\n2000 write 99 C:\\inetpub\\shop\\admin\\a.aspx\n" SHELL(
                 3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "a site whose folder lies above serves it too",
         .script = "1000 worker 10 OuterPool\n2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "another site's file, assumed",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .is_assumed = true,
         .found = "p.aspx medium 52: shell file other-pool / file_created process_created",
         .why = "assumed, not proved"},
        {.name = "no floor of high over an assumption",
         .script = WORKER "2000 write 99 " P "\n" SHELL(3000),
         .is_assumed = true,
         .requests = {{P, 2500, 2, 0}},
         .found = "p.aspx medium 67: shell file request other-pool / file_created request "
                  "process_created"},
        {.name = "no configuration: a usual folder",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000),
         .is_unknown = true,
         .found = "a.aspx medium 60: shell file / file_created process_created"},
        {.name = "no configuration: only the ending speaks for it",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .is_unknown = true,
         .found = "a.aspx medium 55: shell file folder-possible / file_created process_created"},
        {.name = "the configuration has no such folder",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .found = ALONE},
    };
    (void)state;
    RUN(CASES);
}

/* --- the second shape --------------------------------------------------------------------------
 */

static void shell_first(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the shell wrote the file",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .why = "wrote " A},
        {.name = "its child wrote the file",
         .script = WORKER SHELL(3000) "3100 start 21 20 powershell.exe\n3500 write 21 " A "\n",
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created child_created "
                  "file_created"},
        {.name = "and the page was used: one chain",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n5000 start 30 10 cmd.exe\n",
         .found =
             "a.aspx high 75: shell file shell-wrote-file same-pool / process_created file_created "
             "process_created"},
        {.name = "the worker wrote it after a shell: no link",
         .script = WORKER SHELL(3000) "3500 write 10 " A "\n",
         .found = ALONE,
         .why = "near miss: " A " was written 500 ms after"},
        {.name = "a shell that one page explains wrote another",
         .script = WORKER "2000 write 99 " A "\n" SHELL(3000) "3500 write 20 " B "\n",
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created "
                  "file_written"},
        {.name = "and the page was asked for afterwards",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .requests = {{A, 9000, 2, 0}},
         .found = "a.aspx high 75: shell shell-wrote-file request-after / process_created "
                  "file_created request",
         .why = "after it was written"},
        {.name = "by one client alone",
         .script = WORKER SHELL(3000) "3100 start 21 20 powershell.exe\n3500 write 21 " A "\n",
         .requests = {{A, 9000, 1, 0}},
         .found = "a.aspx high 80: shell shell-wrote-file request-after request-rare / "
                  "process_created child_created file_created request"},
        {.name = "a page that was asked for before too: no link",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .requests = {{A, 9000, 2, 1}},
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .why = "as it was before it"},
        {.name = "a request so near the writing that the order is not known",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .requests = {{A, 3600, 2, 0}},
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .why = "which came first cannot be decided"},
        {.name = "nobody asked for it",
         .script = WORKER SHELL(3000) "3500 write 20 " A "\n",
         .requests = {{B, 9000, 2, 0}},
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .why = "has none for it after the writing"},
        {.name = "among other shells of the worker",
         .script = WORKER "2500 start 19 10 cmd.exe\n" SHELL(3000) "3500 write 20 " A "\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created\n"
                  "a.aspx medium 60: shell shell-wrote-file / process_created file_created"},
    };
    (void)state;
    RUN(CASES);
}

/* --- pages nobody saw come ---------------------------------------------------------------------
 */

#define COMPILED "2600 compiled 10 a.aspx.cdcab7d2.compiled\n"

static void unseen_pages(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "compiled while it was first asked for, then the shell",
         .script = WORKER COMPILED SHELL(3000),
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = "a.aspx high 78 partial: shell page-unseen request request-rare same-pool / "
                  "page_compiled request process_created",
         .why = "no event tells how the page came there",
         .not_why = NULL},
        {.name = "all shells of the page are one chain",
         .script = WORKER COMPILED SHELL(3000) "9000 start 30 10 cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .found = "a.aspx high 78 partial: shell page-unseen request request-rare same-pool / "
                  "page_compiled request process_created process_created"},
        {.name = "without a proved pool no more than medium",
         .script = WORKER COMPILED SHELL(3000),
         .page = A,
         .requests = {{A, 2700, 1, 0}},
         .is_assumed = true,
         .found = "a.aspx medium 73 partial: shell page-unseen request request-rare / "
                  "page_compiled request process_created"},
        {.name = "an old page that is compiled anew",
         .script = WORKER COMPILED SHELL(3000),
         .found = ALONE},
        {.name = "something was deployed near",
         .script = WORKER "2500 msi Contoso\n" COMPILED SHELL(3000),
         .page = A,
         .found = ALONE},
        {.name = "compiled by another worker",
         .script = WORKER "1000 worker 11 ShopPool\n"
                          "2600 compiled 11 a.aspx.cdcab7d2.compiled\n" SHELL(3000),
         .page = A,
         .found = ALONE},
        {.name = "compiled after the shell",
         .script = WORKER "3000 start 20 10 cmd.exe cmd /c ver\n"
                          "3500 compiled 10 a.aspx.cdcab7d2.compiled\n",
         .page = A,
         .found = ALONE},
        {.name = "compiled longer ago than TimeWindow",
         .script = WORKER COMPILED "3603000 start 20 10 cmd.exe cmd /c ver\n",
         .setting = "TimeWindow=1h",
         .page = A,
         .found = ALONE},
        {.name = "a page of no folder of a site",
         .script = WORKER COMPILED SHELL(3000),
         .page = "D:\\data\\a.aspx",
         .found = ALONE},
        {.name = "a page that was seen come is what it was",
         .script = WORKER "2000 write 99 " A "\n" COMPILED SHELL(3000),
         .page = A,
         .found = "a.aspx high 75: shell file compiled same-pool / file_created page_compiled "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

/* Compiles *n* pages and starts a shell of the worker. */
static void compile_and_start(struct chain_rig *rig, unsigned ms, unsigned n, unsigned pid)
{
    char script[128];
    for (unsigned i = 0; i < n; i++) {
        (void)snprintf(script, sizeof script, "%u compiled 10 p%u.aspx.cdcab7d2.compiled\n", ms + i,
                       ms + i);
        rig_script(rig, script);
    }
    (void)snprintf(script, sizeof script, "%u start %u 10 cmd.exe cmd /c ver\n", ms + 1000, pid);
    rig_script(rig, script);
}

/* However many shells come, a compiled page is looked for once, and none past the limit. */
static void unseen_pages_are_asked_for_once(void **state)
{
    const unsigned PAGES = 16, ROUNDS = IW_LIMIT_CHAIN_PAGE_ASKS / PAGES;
    for (unsigned more = 0; more <= 1; more++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (unsigned i = 0; i < ROUNDS; i++)
            compile_and_start(&rig, 10000 + i * 10000, PAGES, 100 + i);
        compile_and_start(&rig, 90000, more, 200);
        rig_end(&rig);
        assert_int_equal(rig.n_page_asks, IW_LIMIT_CHAIN_PAGE_ASKS);
        assert_int_equal(iw_chains_account(rig.chains).n_pages_not_asked, more);
        rig_done(&rig);
    }
    (void)state;
}

/* --- spellings that a configuration has to settle ----------------------------------------------
 */

#define ASSUMED "a.aspx medium 60: shell file / file_created process_created"

static void settled_spellings(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a volume's device, one folder fits",
         .script =
             WORKER "2000 write 99 \\Device\\HarddiskVolume3\\inetpub\\shop\\a.aspx\n" SHELL(3000),
         .found = ASSUMED,
         .why = "that this is C:\\inetpub\\shop\\a.aspx is assumed"},
        {.name = "by the root of global names",
         .script = WORKER
         "2000 write 99 \\\\?\\GLOBALROOT\\Device\\HarddiskVolume12\\inetpub\\shop\\a.aspx\n" SHELL(
             3000),
         .found = ASSUMED},
        {.name = "by the number of a volume",
         .script = WORKER "2000 write 99 \\\\?\\Volume{11-22}\\inetpub\\shop\\a.aspx\n" SHELL(3000),
         .found = ASSUMED},
        {.name = "the number of a volume, no folder fits",
         .script = WORKER "2000 write 99 \\\\?\\Volume{11-22}\\data\\a.aspx\n" SHELL(3000),
         .found = ALONE},
        {.name = "the same file by its letter afterwards: nothing is assumed any more",
         .script = WORKER "2000 write 99 \\Device\\HarddiskVolume3\\inetpub\\shop\\a.aspx\n"
                          "2100 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created file_created "
                  "process_created",
         .not_why = "assumed"},
        {.name = "short names, one folder fits",
         .script = "1000 worker 10 DocsPool\n2000 write 99 "
                   "D:\\PROGRA~1\\WEBDOC~1\\a.aspx\n" SHELL(3000),
         .found = ASSUMED,
         .why = "that this is D:\\Program Data Web\\Web Documents\\a.aspx is assumed"},
        {.name = "short names that no folder has",
         .script = "1000 worker 10 DocsPool\n2000 write 99 "
                   "D:\\PROGRA~1\\WEBSIT~1\\a.aspx\n" SHELL(3000),
         .found = ALONE},
        {.name = "short names on another drive",
         .script = "1000 worker 10 DocsPool\n2000 write 99 "
                   "E:\\PROGRA~1\\WEBDOC~1\\a.aspx\n" SHELL(3000),
         .found = ALONE},
        {.name = "two folders fit: none is taken",
         .script = "1000 worker 10 DocsPool\n2000 write 99 "
                   "D:\\TWINFO~1\\a.aspx\n" SHELL(3000),
         .found = ALONE},
        {.name = "a device whose folders no site has",
         .script = WORKER "2000 write 99 \\Device\\HarddiskVolume3\\data\\a.aspx\n" SHELL(3000),
         .found = ALONE},
    };
    (void)state;
    RUN(CASES);
}

/* --- settings --------------------------------------------------------------------------------- */

static void settings(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "TimeWindow, exactly",
         .setting = "TimeWindow=1h",
         .script = WORKER "2000 write 99 " A "\n3602000 start 20 10 cmd.exe\n",
         .found = JOINED},
        {.name = "TimeWindow, a millisecond past it",
         .setting = "TimeWindow=1h",
         .script = WORKER "2000 write 99 " A "\n3602001 start 20 10 cmd.exe\n",
         .found = ALONE,
         .why = "past TimeWindow of 3600 s"},
        {.name = "WebRootPath: a folder no configuration knows",
         .setting = "WebRootPath=D:\\sites",
         .script = WORKER "2000 write 99 D:\\sites\\a.aspx\n" SHELL(3000),
         .found = "a.aspx medium 60: shell file / file_created process_created"},
        {.name = "UserContext: another account of the web server",
         .setting = "UserContext=CORP\\svc_web",
         .script = "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                   "3000 user 20 12 CORP\\svc_web cmd.exe\n",
         .found = "svc_web low 30 partial: pool-identity shared-account / process_created"},
        {.name = "the same account, not told",
         .script = "1500 user 12 1 SYSTEM wbem\\WmiPrvSE.exe\n"
                   "3000 user 20 12 CORP\\svc_web cmd.exe\n",
         .found = ""},
        {.name = "ParentProcess: another web server",
         .setting = "ParentProcess=mine.exe",
         .script = "1000 user 10 1 CORP\\svc C:\\mine\\mine.exe\n" SHELL(3000),
         .found = "mine.exe medium 50 partial: shell / process_created"},
        {.name = "WatchedPaths: a library there is a module, but no file of a site",
         .setting = "WatchedPaths=D:\\modules",
         .script = WORKER "2000 write 99 D:\\modules\\x.dll\n" SHELL(3000),
         .found = ALONE},
    };
    (void)state;
    RUN(CASES);
}

/* --- one chain, more evidence ------------------------------------------------------------------
 */

static void more_evidence_extends(void **state)
{
    static const struct {
        const char *script;
        struct chain_request request;
    } GROWING[] = {
        {WORKER "2000 write 99 " A "\n" SHELL(3000), {.path = NULL}},
        {WORKER "2000 write 99 " A "\n" SHELL(3000),
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
        {WORKER "2000 write 99 " A "\n2005L write 99 " A "\n" SHELL(3000),
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
        {WORKER "1995L write 99 " A "\n2000 write 99 " A
                "\n" SHELL(3000) "3001L start 20 10 cmd.exe cmd /c ver\n",
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
        {WORKER "1995L write 99 " A "\n2000 write 99 " A "\n"
                "2600 compiled 10 a.aspx.cdcab7d2.compiled\n" SHELL(
                    3000) "3001L start 20 10 cmd.exe cmd /c ver\n3100 start 21 20 whoami.exe\n"
                          "9000 start 30 10 powershell.exe\n9100 delete 99 " A "\n",
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
    };
    char id[IW_FINDING_ID_BYTES] = "";
    enum iw_level level = IW_LEVEL_INFORMATIONAL;
    (void)state;
    for (size_t i = 0; i < sizeof GROWING / sizeof GROWING[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.requests = &GROWING[i].request;
        rig.n_requests = GROWING[i].request.path != NULL;
        rig_begin(&rig);
        rig_script(&rig, GROWING[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (i == 0)
            memcpy(id, rig.findings[0].id, sizeof id);
        assert_string_equal(rig.findings[0].id, id);
        assert_true(rig.findings[0].level >= level);
        level = rig.findings[0].level;
        rig_done(&rig);
    }
    assert_int_equal(level, IW_LEVEL_CRITICAL);
}

/* What a worker did more keeps the id of the shell that came first. */
static void more_shells_keep_the_id(void **state)
{
    static const char *const SCRIPTS[] = {
        WORKER SHELL(3000), WORKER SHELL(3000) "3100 start 21 20 whoami.exe\n",
        WORKER SHELL(3000) "3100 start 21 20 whoami.exe\n9000 start 30 10 powershell.exe\n"};
    char id[IW_FINDING_ID_BYTES] = "";
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, SCRIPTS[i]);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        if (i == 0)
            memcpy(id, rig.findings[0].id, sizeof id);
        assert_string_equal(rig.findings[0].id, id);
        rig_done(&rig);
    }
}

/* --- what else is told of a chain --------------------------------------------------------------
 */

/* What the file holds is said and shown, and weighs nothing. */
static void the_file_is_shown(void **state)
{
    static const struct iw_str MARKS[] = {{"starts-process: starts a process", 32},
                                          {"upload-folder: in a folder", 26}};
    struct iw_inventory_web_file web_file = {.file = {.state = IW_ITEM_FILE_READ,
                                                      .path = IW_STR(A),
                                                      .source = IW_STR("C/a.aspx"),
                                                      .size_bytes = 7,
                                                      .modified_ns = CHAIN_EPOCH_NS + 2000 * MS},
                                             .marks = {MARKS, 2}};
    uint32_t score = 0;
    (void)state;
    for (int i = 0; i < 5; i++) { /* not collected, collected, only told of, not as in the baseline,
                                     and not any more */
        struct chain_rig rig;
        const struct iw_finding *finding;
        size_t n_files = 0;
        rig_init(&rig);
        web_file.file.state = i == 2 ? IW_ITEM_FILE_MISSING : IW_ITEM_FILE_READ;
        web_file.approval = i == 3   ? IW_APPROVAL_NONE
                            : i == 4 ? IW_APPROVAL_EXPIRED
                                     : IW_APPROVAL_NOT_ASKED;
        rig.web_file = i != 0 ? &web_file : NULL;
        rig_begin(&rig);
        rig_script(&rig, WORKER "2000 write 99 " A "\n" SHELL(3000));
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        finding = &rig.findings[0];
        if (i == 0)
            score = finding->score;
        assert_int_equal(finding->score, score);
        assert_int_equal(rig_says(&finding->why,
                                  "the file as it was collected: starts-process: starts a process"),
                         i != 0);
        assert_int_equal(rig_says(&finding->why, "the file as it was collected: upload-folder"),
                         i != 0);
        assert_int_equal(rig_says(&finding->why, "does not stand so in the baseline"), i == 3);
        assert_int_equal(rig_says(&finding->why, "the approval of the file"), i == 4);
        for (size_t k = 0; k < finding->n_evidence; k++)
            n_files += iw_str_equal(finding->evidence[k].role, IW_STR("file")) &&
                       iw_str_equal(finding->evidence[k].source, IW_STR("C/a.aspx")) &&
                       iw_str_holds_nocase(finding->evidence[k].fields_json,
                                           IW_STR("\"sha256\":\"000000"));
        assert_int_equal(n_files, i != 0 && i != 2);
        rig_done(&rig);
    }
}

/* The level of a chain is told for each of its events, where it is above what links say at once. */
static void the_level_is_told(void **state)
{
    static const struct {
        const char *script;
        struct chain_request request;
    } CASES[] = {
        {WORKER SHELL(3000), {.path = NULL}},
        {WORKER "2000 write 99 " A "\n" SHELL(3000) "3100 start 21 20 whoami.exe\n",
         {.path = A, .begin_ms = 2500, .n_addresses = 1}},
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.requests = &CASES[i].request;
        rig.n_requests = CASES[i].request.path != NULL;
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(rig.n_links, i == 0 ? 1 : 3);
        assert_int_equal(rig.n_levels, i == 0 ? 0 : 3);
        assert_int_equal(rig.findings[0].level > IW_LEVEL_MEDIUM, i != 0);
        if (i != 0)
            assert_int_equal(rig.link_level, rig.findings[0].level);
        rig_done(&rig);
    }
}

/* --- the order of equal times ------------------------------------------------------------------
 */

/* Lines of one millisecond may be read in any order: what is found is the same. */
static void equal_times_decide_nothing(void **state)
{
    static const char *const GROUP[] = {"3000 write 99 " A "\n",      "3000 write 99 " B "\n",
                                        "3000L write 98 " B "\n",     "3000 start 20 10 cmd.exe\n",
                                        "3000 start 21 10 cmd.exe\n", "3000 delete 99 " A "\n"};
    static const char AFTER[] =
        "3001 start 22 10 powershell.exe\n3002 write 99 " A "\n9000 start 23 10 cmd.exe\n";
    struct iw_str first = {NULL, 0};
    struct chain_rig rig, kept;
    (void)state;
    /* 97 of the 720 orders, and the first again. */
    for (unsigned order = 0; order < 98; order++) {
        char script[2048] = WORKER "2500 write 98 " B "\n";
        unsigned number = order * 7 % 720, left[6] = {0, 1, 2, 3, 4, 5};
        for (unsigned n = 6; n != 0; n--) {
            unsigned at = number % n;
            number /= n;
            strcat(script, GROUP[left[at]]);
            left[at] = left[n - 1];
        }
        strcat(script, AFTER);
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, script);
        rig_end(&rig);
        if (order == 0) {
            first = rig_found(&rig);
            kept = rig;
            assert_true(first.n != 0);
            continue;
        }
        if (!iw_str_equal(rig_found(&rig), first))
            fail_msg("order %u:\n%.*s\nnot\n%.*s", order, IW_STR_ARG(rig_found(&rig)),
                     IW_STR_ARG(first));
        rig_done(&rig);
    }
    rig_done(&kept);
}

/* --- the logon of the writer -------------------------------------------------------------------
 */

#define LOGON "300L logon 10 CORP\\bob 10.0.0.9\n400 user 99 1 CORP\\bob notepad.exe\n"

static void logons_of_writers(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the writer's logon is evidence",
         .script = LOGON WORKER "2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / logon file_created process_created",
         .why = "logon type 10, from 10.0.0.9"},
        {.name = "two witnesses of one writing have one logon",
         .script = LOGON WORKER "2000 write 99 " A "\n2001L write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / logon file_created file_written "
                  "process_created"},
        {.name = "without its event there is none",
         .script =
             "400 user 99 1 CORP\\bob notepad.exe\n" WORKER "2000 write 99 " A "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created"},
        {.name = "written again by somebody nobody knows: not by the first one's logon",
         .script = LOGON WORKER "2000 write 99 " A "\n9000 write 98 " A "\n" SHELL(10000),
         .found = "a.aspx medium 65: shell file same-pool / file_created file_created "
                  "process_created",
         .not_why = "10.0.0.9"},
        {.name = "the logon of another file's writer is not told",
         .script = LOGON WORKER "1900 write 99 C:\\Windows\\Temp\\x.aspx\n2000 write 98 " A
                                "\n" SHELL(3000),
         .found = "a.aspx medium 65: shell file same-pool / file_created process_created",
         .not_why = "10.0.0.9"},
    };
    (void)state;
    RUN(CASES);
}

/* Somebody may have logged on days before: the chain began when it began. */
static void logons_do_not_lengthen_chains(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, LOGON WORKER "2000 write 99 " A "\n" SHELL(3000));
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(rig.findings[0].first_time_ns, CHAIN_EPOCH_NS + 2000 * MS);
    assert_int_equal(rig.findings[0].evidence[0].event_id, 4624);
    assert_true(iw_str_holds_nocase(rig.findings[0].evidence[0].fields_json,
                                    IW_STR("\"IpAddress\":\"10.0.0.9\"")));
    rig_done(&rig);
}

/* --- the clock ----------------------------------------------------------------------------------
 */

/* A file whose time is behind the shell's, and whose record is before it where *file_id* says so.
 */
static void with_clock(uint64_t file_id, const char *clock, bool is_told, bool is_named)
{
    struct chain_rig rig;
    rig_init(&rig);
    rig_begin(&rig);
    rig.given_record_id = 100;
    rig_script(&rig, WORKER SHELL(3000));
    rig.given_record_id = file_id;
    rig_script(&rig, "64000 write 99 " A "\n");
    rig.given_record_id = 90;
    rig_script(&rig, clock);
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(rig_says(&rig.findings[0].blind, "the clock was set back"), is_told);
    if (rig_says(&rig.findings[0].why, "may be the page") != is_named)
        fail_msg("%llu %s", (unsigned long long)file_id, clock);
    rig_done(&rig);
}

static void a_clock_that_was_set_back(void **state)
{
    (void)state;
    with_clock(50, "70000 clock 1000\n", true, true);
    with_clock(150, "70000 clock 1000\n", true, false);    /* its record is behind the shell's */
    with_clock(50, "", false, false);                      /* nobody set it */
    with_clock(50, "70000 clock 10001\n", false, false);   /* a second less than a minute */
    with_clock(50, "70000 clock 900000\n", false, false);  /* forward: times stay in order */
    with_clock(50, "170000 clock 100000\n", false, false); /* after all of it */
}

/* A log of requests that is there, and a file whose URL nobody knows. */
static void a_url_needs_a_configuration(void **state)
{
    (void)state;
    for (int is_unknown = 0; is_unknown < 2; is_unknown++) {
        struct chain_rig rig;
        rig_init(&rig);
        if (is_unknown)
            rig.inventory.n_servers = 0;
        rig_begin(&rig);
        rig.telemetry.of[IW_CHAIN_SOURCE_REQUESTS].is_seen = true;
        rig_script(&rig, WORKER "2000 write 99 " A "\n" SHELL(3000));
        rig_end(&rig);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(rig_says(&rig.findings[0].blind, "which URL reaches the file"),
                         is_unknown);
        rig_done(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(times),
        cmocka_unit_test(choices),
        cmocka_unit_test(shell_first),
        cmocka_unit_test(unseen_pages),
        cmocka_unit_test(unseen_pages_are_asked_for_once),
        cmocka_unit_test(settled_spellings),
        cmocka_unit_test(a_clock_that_was_set_back),
        cmocka_unit_test(a_url_needs_a_configuration),
        cmocka_unit_test(settings),
        cmocka_unit_test(equal_times_decide_nothing),
        cmocka_unit_test(the_file_is_shown),
        cmocka_unit_test(the_level_is_told),
        cmocka_unit_test(more_evidence_extends),
        cmocka_unit_test(more_shells_keep_the_id),
        cmocka_unit_test(logons_of_writers),
        cmocka_unit_test(logons_do_not_lengthen_chains),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
