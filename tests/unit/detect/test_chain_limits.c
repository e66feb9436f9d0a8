/*
 * Chains where evidence is too much, too little or out of memory: what is bounded, what is said of
 * it, and what a finding tells its reader to do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/chain_rig.h"
#include "tests/support/skip_because.h"

#define A "C:\\inetpub\\shop\\a.aspx"
#define WORKER "1000 worker 10 ShopPool\n"

static void see(struct chain_rig *rig, const struct iw_chain_fact *what, int64_t ms)
{
    struct iw_fact fact = {.kind = IW_FACT_CHAIN,
                           .time_ns = CHAIN_EPOCH_NS + ms * MS,
                           .clock = IW_CLOCK_SYSMON,
                           .channel = IW_STR(SYSMON),
                           .event_id = 11,
                           .record_id = (uint64_t)ms};
    struct iw_error err;
    iw_buffer_clear(&rig->bytes);
    iw_chain_fact_write(what, &rig->bytes);
    fact.payload = iw_buffer_str(&rig->bytes);
    assert_int_equal(see_bytes(rig->chains, &fact, &err), IW_OK);
}

/* Under a sanitizer a tenth will do: the limits lie far below. */
#ifdef IW_ARENA_WATCHED
#define MANY 100000
#else
#define MANY 1000000
#endif

/* A flood of files: memory stays, the shell still goes to the latest, and what may be missing is
 * said. */
static void a_million_files(void **state)
{
    const int N = MANY;
    struct iw_chains_account account;
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < N; i++) {
        char path[64];
        int n = snprintf(path, sizeof path, "C:\\inetpub\\shop\\f%d.aspx", i);
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_FILE,
                                     .action = IW_CHAIN_FILE_CREATED,
                                     .process = {.has_pid = true, .pid = 99},
                                     .path = {path, (size_t)n}};
        see(&rig, &what, 2000 + i / 1000);
    }
    rig_script(&rig, "9000 start 20 10 cmd.exe\n");
    rig_end(&rig);
    account = iw_chains_account(rig.chains);
    assert_int_equal(account.n_files, N);
    assert_int_equal(account.n_files_forgotten, N - (int)IW_LIMIT_CHAIN_FILES);
    assert_true(account.peak_bytes <= IW_LIMIT_CHAIN_BYTES + 65536);
    assert_int_equal(rig.n_findings, 1);
    assert_true(iw_str_holds_nocase(rig.findings[0].subject_name, IW_STR("\\f99")));
    assert_true(rig_says(&rig.findings[0].why, "burst"));
    rig_done(&rig);
}

/* Forgotten files that may have been the one are told where no file is found. */
static void forgotten_files_are_said(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER "2000 write 99 " A "\n");
    for (int i = 0; i < (int)IW_LIMIT_CHAIN_FILES; i++) {
        char path[64];
        int n = snprintf(path, sizeof path, "C:\\inetpub\\portal\\f%d.aspx", i);
        struct iw_chain_fact what = {
            .kind = IW_CHAIN_FACT_FILE, .action = IW_CHAIN_FILE_CREATED, .path = {path, (size_t)n}};
        see(&rig, &what, 2001);
    }
    rig_script(&rig, "9000 start 20 10 cmd.exe\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(rig.findings[0].is_partial);
    assert_true(
        rig_says(&rig.findings[0].blind, "1 file written in that time went past what is kept"));
    rig_done(&rig);
}

static void many_shells(struct chain_rig *rig, int n, bool has_lineage)
{
    for (int i = 0; i < n; i++) {
        struct iw_context_fact known = {
            .kind = IW_CONTEXT_PROCESS_START,
            .u.start = {.name = {.has_pid = true,
                                 .pid = 1000 + (uint64_t)i,
                                 .image = IW_STR("C:\\Windows\\System32\\cmd.exe")},
                        .parent = {.has_pid = true,
                                   .pid = 10,
                                   .image = IW_STR("C:\\Windows\\System32\\inetsrv\\w3wp.exe")}}};
        struct iw_chain_fact what = {.kind = IW_CHAIN_FACT_PROCESS,
                                     .process = known.u.start.name,
                                     .parent = known.u.start.parent,
                                     .command_line = IW_STR("cmd /c ver")};
        if (has_lineage) {
            iw_buffer_clear(&rig->bytes);
            iw_context_fact_write(&known, &rig->bytes);
            assert_int_equal(iw_host_context_tell(&rig->context, CHAIN_EPOCH_NS + (3000 + i) * MS,
                                                  NULL, iw_buffer_str(&rig->bytes)),
                             IW_OK);
        }
        see(rig, &what, 3000 + i);
    }
}

static void a_million_shells(void **state)
{
    static const int N[] = {MANY, 50000}; /* lineage keeps 65536 */
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct iw_chains_account account;
        struct chain_rig rig;
        char said[64];
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        many_shells(&rig, N[i], i == 1);
        rig_end(&rig);
        account = iw_chains_account(rig.chains);
        assert_int_equal(account.n_shells, N[i]);
        assert_true(account.peak_bytes <= IW_LIMIT_CHAIN_BYTES + 65536);
        assert_int_equal(rig.n_findings, 1);
        assert_int_equal(rig.findings[0].n_evidence, IW_LIMIT_CHAIN_SHELLS);
        assert_int_equal(rig.findings[0].last_time_ns, CHAIN_EPOCH_NS + (2999 + N[i]) * MS);
        (void)snprintf(said, sizeof said, "%d programs were started in this way", N[i]);
        assert_true(rig_says(&rig.findings[0].why, said));
        assert_int_equal(rig.n_links, N[i]);
        rig_done(&rig);
    }
}

/* All at one time: none of them waits for ever, and what they are is told all the same. */
static void shells_of_one_moment(void **state)
{
    const struct iw_chain_fact page = {
        .kind = IW_CHAIN_FACT_FILE, .action = IW_CHAIN_FILE_CREATED, .path = IW_STR(A)};
    (void)state;
    for (int more = 0; more < 2; more++) {
        const int N = (int)IW_LIMIT_CHAIN_PENDING + more;
        struct iw_chains_account account;
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, WORKER);
        for (int i = 0; i < N; i++)
            see(&rig,
                &(struct iw_chain_fact){
                    .kind = IW_CHAIN_FACT_PROCESS,
                    .process = {.has_pid = true,
                                .pid = 1000 + (uint64_t)i,
                                .image = IW_STR("C:\\cmd.exe")},
                    .parent = {.has_pid = true, .pid = 10, .image = IW_STR("w3wp.exe")},
                    .command_line = IW_STR("cmd /c ver")},
                3000);
        see(&rig, &page, 3000);
        rig_end(&rig);
        account = iw_chains_account(rig.chains);
        assert_int_equal(account.n_shells, N);
        assert_int_equal(account.n_hurried, more);
        assert_int_equal(rig.n_findings, 1 + more); /* the first did not know of the page */
        for (size_t i = 0; i < rig.n_findings; i++) {
            bool is_of_file = iw_str_equal(rig.findings[i].subject_type, IW_STR("file"));
            assert_int_equal(rig_says(&rig.findings[i].why, "were started in one moment"),
                             !is_of_file);
        }
        rig_done(&rig);
    }
}

/* Many files, many shells: looking ends, the latest file is found all the same, and so it is
 * said. */
static void looks_of_one_host(void **state)
{
    const int N_FILES = (int)IW_LIMIT_CHAIN_LOOKS, N_SHELLS = 4100;
    struct iw_chains_account account;
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < N_FILES; i++) {
        char path[64];
        int n = snprintf(path, sizeof path, "C:\\inetpub\\shop\\f%d.aspx", i);
        see(&rig,
            &(struct iw_chain_fact){.kind = IW_CHAIN_FACT_FILE,
                                    .action = IW_CHAIN_FILE_CREATED,
                                    .path = {path, (size_t)n}},
            1900 + i);
    }
    many_shells(&rig, N_SHELLS, false);
    rig_end(&rig);
    account = iw_chains_account(rig.chains);
    assert_int_equal(account.n_shells, N_SHELLS);
    /* The limit is reached by the shell that makes the last look, which is not cut. */
    assert_int_equal(account.n_looks_cut, N_SHELLS - (int)IW_LIMIT_CHAIN_ALL_LOOKS / N_FILES);
    assert_int_equal(rig.n_findings, 1);
    assert_true(iw_str_holds_nocase(rig.findings[0].subject_name, IW_STR("\\f1023.aspx")));
    rig_done(&rig);
}

static void memory_of_one_moment(void **state)
{
    char command[IW_LIMIT_CONTEXT_TEXT_BYTES];
    struct iw_chains_account account;
    struct chain_rig rig;
    (void)state;
    memset(command, 'x', sizeof command);
    rig_init(&rig);
    rig_begin(&rig);
    for (int i = 0; i < MANY / 10; i++)
        see(&rig,
            &(struct iw_chain_fact){
                .kind = IW_CHAIN_FACT_PROCESS,
                .process = {.has_pid = true, .pid = 1000 + (uint64_t)i, .image = IW_STR("cmd.exe")},
                .parent = {.has_pid = true, .pid = 10, .image = IW_STR("w3wp.exe")},
                .command_line = {command, sizeof command},
                .original_name = {command, sizeof command},
                .hashes = {command, sizeof command},
                .user = {command, sizeof command}},
            3000);
    rig_end(&rig);
    account = iw_chains_account(rig.chains);
    assert_int_equal(account.n_shells, MANY / 10);
    assert_int_equal(rig.n_findings, 1);
    assert_true(account.peak_bytes <= IW_LIMIT_CHAIN_BYTES + 65536);
    rig_done(&rig);
}

/* Chains that memory cannot hold are told early, and say so. */
static void chains_are_told_early(void **state)
{
    char command[IW_LIMIT_CONTEXT_TEXT_BYTES];
    struct iw_chains_account account;
    struct chain_rig rig;
    (void)state;
    memset(command, 'x', sizeof command);
    rig_init(&rig);
    rig_begin(&rig);
    for (int i = 0; i < 4000; i++) {
        struct iw_chain_fact what = {
            .kind = IW_CHAIN_FACT_PROCESS,
            .process = {.has_pid = true, .pid = 1000000 + (uint64_t)i, .image = IW_STR("cmd.exe")},
            .parent = {.has_pid = true, .pid = 10 + (uint64_t)i, .image = IW_STR("w3wp.exe")},
            .command_line = {command, sizeof command},
            .parent_command_line = {command, sizeof command},
            .original_name = {command, sizeof command},
            .hashes = {command, sizeof command},
            .user = {command, sizeof command}};
        see(&rig, &what, 3000 + i);
    }
    rig_end(&rig);
    account = iw_chains_account(rig.chains);
    assert_int_equal(account.n_findings, 4000);
    assert_true(account.n_told_early != 0);
    assert_true(account.peak_bytes <= IW_LIMIT_CHAIN_BYTES + 65536);
    assert_true(rig_says(&rig.findings[0].why, "told before the end of this host"));
    rig_done(&rig);
}

static void odd_facts_are_counted(void **state)
{
    struct iw_fact fact = {.kind = IW_FACT_CHAIN, .time_ns = 5, .payload = IW_STR("\x7fnothing")};
    struct iw_chain_fact what = {
        .kind = IW_CHAIN_FACT_FILE, .action = IW_CHAIN_FILE_CREATED, .path = IW_STR(A)};
    struct chain_rig rig;
    struct iw_error err;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    assert_int_equal(see_bytes(rig.chains, &fact, &err), IW_OK);
    iw_buffer_clear(&rig.bytes);
    iw_chain_fact_write(&what, &rig.bytes);
    fact.payload = iw_buffer_str(&rig.bytes);
    fact.time_ns = IW_TIME_UNKNOWN;
    assert_int_equal(see_bytes(rig.chains, &fact, &err), IW_OK);
    rig_end(&rig);
    assert_int_equal(iw_chains_account(rig.chains).n_odd, 1);
    assert_int_equal(iw_chains_account(rig.chains).n_untimed, 1);
    assert_int_equal(rig.n_findings, 0);
    rig_done(&rig);
}

/* One host's files are not another's. */
static void hosts_are_apart(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig_begin(&rig);
    rig_script(&rig, WORKER "2000 write 99 " A "\n");
    rig_end(&rig);
    iw_host_context_begin(&rig.context, IW_STR("WEB01"));
    iw_chains_begin(rig.chains, &rig.context, &rig.telemetry);
    rig_script(&rig, WORKER "3000 start 20 10 cmd.exe\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(rig.findings[0].is_partial);
    rig_done(&rig);
}

/* --- what is said ------------------------------------------------------------------------------
 */

/* Modules loaded were logged from the fifth second on; nothing else was. */
static enum iw_rc loads_begin_late(void *context, enum iw_chain_source source, struct iw_str file,
                                   int64_t from_ns, int64_t until_ns, struct iw_chain_reach *ret)
{
    (void)context;
    (void)file;
    *ret = (struct iw_chain_reach){.is_seen = source == IW_CHAIN_SOURCE_LOADS &&
                                              from_ns >= CHAIN_EPOCH_NS + 5000 * MS,
                                   .from_ns = from_ns,
                                   .to_ns = until_ns,
                                   .why = IW_STR("the log begins at noon"),
                                   .begins_ns = IW_TIME_UNKNOWN};
    return IW_OK;
}

static void blindness_is_named(void **state)
{
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    memset(&rig.telemetry, 0, sizeof rig.telemetry);
    rig.telemetry.of[IW_CHAIN_SOURCE_LOADS] = (struct iw_chain_span){
        true, CHAIN_EPOCH_NS + 5000 * MS, CHAIN_EPOCH_NS + 9000 * MS, IW_STR("Sysmon 7")};
    rig.input.ask_reach = loads_begin_late;
    rig_begin(&rig);
    rig_script(&rig, WORKER "3000 start 20 10 cmd.exe\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_true(rig.findings[0].is_partial);
    assert_true(rig_says(&rig.findings[0].blind, "no event of files being written"));
    assert_true(rig_says(&rig.findings[0].blind, "no log of requests"));
    assert_true(rig_says(&rig.findings[0].blind, "Sysmon 7: the log begins at noon: what ran"));
    /* Only what the evidence carries: a shell, and no page. */
    assert_int_equal(rig.findings[0].attack.n, 1);
    assert_true(iw_str_equal(rig.findings[0].attack.items[0], IW_STR("T1059.003")));
    rig_done(&rig);
}

static void a_whole_chain_is_advised(void **state)
{
    const struct chain_request request = {.path = A, .begin_ms = 2500, .n_addresses = 1};
    struct chain_rig rig;
    const struct iw_finding *finding = &rig.findings[0];
    (void)state;
    rig_init(&rig);
    rig.requests = &request;
    rig.n_requests = 1;
    rig_begin(&rig);
    rig_script(&rig, WORKER "2000 write 10 " A "\n3000 start 20 10 cmd.exe\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(finding->blind.n, 0);
    assert_true(rig_says(&finding->triage, "collect " A));
    assert_true(rig_says(&finding->triage, "memory of process 10"));
    assert_true(rig_says(&finding->triage, "all requests for /x"));
    assert_true(rig_says(&finding->triage, "when the page was written"));
    assert_true(rig_says(&finding->triage, "to go back"));
    assert_true(iw_str_equal(finding->attack.items[0], IW_STR("T1505.003")));
    assert_true(iw_str_equal(finding->pool, IW_STR("ShopPool")));
    assert_int_equal(finding->first_time_ns, CHAIN_EPOCH_NS + 2000 * MS);
    assert_int_equal(finding->last_time_ns, CHAIN_EPOCH_NS + 3000 * MS);
    assert_int_equal(finding->kind, IW_FINDING_CHAIN);
    rig_done(&rig);
}

/* A rule may have something to say of a writing that no shell follows: it is told as a link only
 * when one comes. */
static void links_are_told_when_they_are(void **state)
{
    static const struct {
        const char *script;
        uint64_t n;
    } CASES[] = {
        {WORKER "2000 write 99 " A "\n", 0},
        {WORKER "2000 write 99 " A "\n3000 start 20 10 cmd.exe\n", 2},
        {WORKER "2000 write 99 " A "\n3000 start 20 10 cmd.exe\n9000 write 99 " A "\n", 2},
        {WORKER "2000 write 99 " A "\n3000 start 20 10 cmd.exe\n9000 write 99 " A
                "\n9500 start 21 10 cmd.exe\n",
         4},
        {WORKER "2000 write 99 " A "\n90000000 write 99 " A "\n90001000 start 20 10 cmd.exe\n", 2},
        {WORKER "2000 write 99 " A "\n3000 start 20 10 cmd.exe\n3500 delete 99 " A "\n", 3},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        if (rig.n_links != CASES[i].n)
            fail_msg("%s: %llu", CASES[i].script, (unsigned long long)rig.n_links);
        if (rig.n_findings != 0)
            assert_int_equal(rig.findings[0].n_evidence, rig.n_links);
        rig_done(&rig);
    }
}

/* --- memory ----------------------------------------------------------------------------------- */

static enum iw_rc drop(void *context, struct iw_finding *finding, struct iw_error *err)
{
    (void)finding;
    (void)err;
    ++*(size_t *)context;
    return IW_OK;
}

static enum iw_rc see_by_hand(struct iw_chains *chains, const struct iw_chain_fact *what, size_t at)
{
    struct iw_fact fact = {.kind = IW_FACT_CHAIN, .time_ns = (int64_t)(at + 1) * 1000 * MS};
    struct iw_buffer bytes;
    struct iw_error err;
    enum iw_rc rc;
    iw_buffer_init(&bytes);
    iw_chain_fact_write(what, &bytes);
    fact.payload = iw_buffer_str(&bytes);
    rc = bytes.failed ? IW_ENOMEM : see_bytes(chains, &fact, &err);
    iw_buffer_done(&bytes);
    return rc;
}

/* As many shells as are shown whatever they are, one that repeats them, one that does not. */
static enum iw_rc many_by_hand(struct iw_chains *chains, struct iw_chain_fact shell)
{
    for (size_t i = 0; i <= IW_LIMIT_CHAIN_SHELLS; i++) {
        shell.process.pid = 100 + i;
        shell.command_line = i < IW_LIMIT_CHAIN_SHELLS ? IW_STR("cmd /c ver") : IW_STR("cmd /c a");
        IW_TRY(see_by_hand(chains, &shell, 10 + i));
    }
    return IW_OK;
}

/* Files, a compiling and shells by hand, so that only chains ask for memory. */
static enum iw_rc small_run(const struct iw_chains_input *input,
                            const struct iw_host_context *context)
{
    const struct iw_chain_fact FACTS[] = {
        {.kind = IW_CHAIN_FACT_PROCESS,
         .process = {.has_pid = true, .pid = 21, .image = IW_STR("cmd.exe")},
         .parent = {.has_pid = true, .pid = 11, .image = IW_STR("C:\\x\\httpd.exe")}},
        {.kind = IW_CHAIN_FACT_FILE, .action = IW_CHAIN_FILE_CREATED, .path = IW_STR(A)},
        {.kind = IW_CHAIN_FACT_COMPILED,
         .process = {.has_pid = true, .pid = 10, .image = IW_STR("C:\\x\\w3wp.exe")},
         .path = IW_STR("C:\\Temporary ASP.NET Files\\root\\1\\2\\a.aspx.cdcab7d2.compiled")},
        {.kind = IW_CHAIN_FACT_PROCESS,
         .process = {.has_pid = true, .pid = 20, .image = IW_STR("cmd.exe")},
         .parent = {.has_pid = true, .pid = 10, .image = IW_STR("C:\\x\\w3wp.exe")}},
    };
    struct iw_chains *chains = iw_chains_new(input);
    struct iw_error err;
    enum iw_rc rc = chains != NULL ? IW_OK : IW_ENOMEM;
    if (rc == IW_OK)
        iw_chains_begin(chains, context, NULL);
    for (size_t i = 0; rc == IW_OK && i < sizeof FACTS / sizeof FACTS[0]; i++)
        rc = see_by_hand(chains, &FACTS[i], i);
    if (rc == IW_OK)
        rc = many_by_hand(chains, FACTS[3]);
    if (rc == IW_OK)
        rc = iw_chains_end(chains, &err);
    iw_chains_free(chains);
    return rc;
}

static void no_memory_is_said(void **state)
{
    struct iw_host_context context;
    size_t n_findings = 0;
    struct iw_chains_input input = {.take_finding = drop, .context = &n_findings};
    uint64_t n;
    (void)state;
    assert_int_equal(iw_host_context_init(&context, NULL, NULL), IW_OK);
    iw_host_context_begin(&context, IW_STR("WEB01"));
    iw_alloc_fail_at(0);
    assert_int_equal(small_run(&input, &context), IW_OK);
    n = iw_alloc_count();
    assert_int_equal(n_findings, 2);
#ifndef IW_FAULT_INJECTION
    assert_int_equal(n, 0);
    iw_host_context_done(&context);
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
    assert_true(n > 20);
    for (uint64_t i = 1; i <= n; i++) {
        iw_alloc_fail_at(i);
        assert_int_equal(small_run(&input, &context), IW_ENOMEM);
    }
    iw_alloc_fail_at(0);
    iw_host_context_done(&context);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(a_million_files),          cmocka_unit_test(forgotten_files_are_said),
        cmocka_unit_test(a_million_shells),         cmocka_unit_test(shells_of_one_moment),
        cmocka_unit_test(looks_of_one_host),        cmocka_unit_test(memory_of_one_moment),
        cmocka_unit_test(chains_are_told_early),    cmocka_unit_test(odd_facts_are_counted),
        cmocka_unit_test(hosts_are_apart),          cmocka_unit_test(blindness_is_named),
        cmocka_unit_test(a_whole_chain_is_advised), cmocka_unit_test(links_are_told_when_they_are),
        cmocka_unit_test(no_memory_is_said),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
