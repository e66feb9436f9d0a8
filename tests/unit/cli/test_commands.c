/*
 * Commands from words to exit status, over an engine of the test's own.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "command_rig.h"
#include "fake_engine.h"
#include "output/display.h"
#include "tests/unit/output/sample_run.h"
#include "tests/support/skip_because.h"

static void help_and_version(void **state)
{
    (void)state;
    assert_int_equal(RUN("--help"), 0);
    assert_said("Usage: iiswarden COMMAND");
    assert_said("  hunt ");
    assert_said("1 (findings at or above --fail-level; coverage has no\nsuch level), 2 (");
    assert_said("4 (with\n--fail-on-blind: ");
    assert_said("\n  hunt              search ");
    assert_said("\n  baseline approve  approve "); /* the widest: in line with the others */
    assert_int_equal(RUN("help"), 0);
    assert_said("Usage: iiswarden COMMAND");
    assert_int_equal(RUN("help", "hunt"), 0);
    assert_said("Usage: iiswarden hunt [OPTION]... EVIDENCE...");
    assert_int_equal(RUN("events", "-h"), 0);
    assert_said("-w, --where FIELD=TEXT");
    assert_int_equal(RUN("--version"), 0);
    assert_memory_equal(said, "iiswarden ", 10);
    assert_string_equal(complained, "");
}

/* All that is printed for people by itself fits the narrowest usual terminal. */
static void help_is_narrow(void **state)
{
    size_t n_commands;
    const struct iw_command *const *commands = iw_commands(&n_commands);
    (void)state;
    for (size_t i = 0; i < n_commands; i++) {
        char word[32];
        size_t start = 0;
        const char *second = strchr(commands[i]->name, ' ');
        (void)snprintf(word, sizeof word, "%.*s", (int)strcspn(commands[i]->name, " "),
                       commands[i]->name);
        if (second != NULL)
            assert_int_equal(RUN(word, second + 1, "--help"), 0);
        else
            assert_int_equal(i == 0 ? RUN("--help") : RUN(word, "--help"), 0);
        for (size_t at = 0; said[at] != '\0'; at++) {
            if (said[at] != '\n')
                continue;
            assert_true(iw_display_columns((struct iw_str){said + start, at - start}) <= 80);
            start = at + 1;
        }
    }
}

static void wrong_words(void **state)
{
    (void)state;
    assert_int_equal(RUN("hutn", "x"), 64);
    assert_string_equal(complained, "iiswarden: unknown command hutn; did you mean hunt?\n"
                                    "iiswarden: see: iiswarden --help\n");
    assert_int_equal(RUN("--vers"), 64);
    assert_complained("did you mean --version?");
    assert_int_equal(RUN("hunt", "--oops", "x"), 64);
    assert_string_equal(complained, "iiswarden: unknown option --oops\n"
                                    "iiswarden: see: iiswarden hunt --help\n");
    assert_int_equal(RUN("hunt"), 64);
    assert_complained("no evidence given");
    assert_int_equal(RUN("help", "nothing"), 64);
    assert_int_equal(RUN("hunt", "\033[31m\xFF", "--\033[2J"), 64);
    assert_complained("unknown option --\\x1b[2J\n");
    assert_int_equal(fake_engine.n_calls, 0);
    assert_string_equal(said, "");
}

static void words_that_contradict(void **state)
{
    (void)state;
    assert_int_equal(RUN("hunt", "x", "--rules", ".", "--only-rules", "."), 64);
    assert_complained("give one of the two");
    assert_int_equal(RUN("hunt", "x", "--since", "2021-01-02", "--until", "2021-01-01"), 64);
    assert_complained("--since is later than --until");
    assert_int_equal(RUN("hunt", "x", "--rules", "absent"), 64);
    assert_complained("--rules absent: No such file or directory");
    assert_int_equal(RUN("hunt", "x", "--placeholders", "absent"), 64);
    assert_complained("--placeholders absent: No such file or directory");
    assert_int_equal(RUN("events", "x", "--format", "table"), 64);
    assert_complained("NDJSON only");
    assert_int_equal(RUN("events", "x", "--profile", "--fields", "a"), 64);
    assert_int_equal(RUN("hunt", "x", "--manifest", "-"), 64);
    assert_complained("output and manifest are the same file");
    assert_int_equal(RUN("hunt", "x", "--coverage", "-"), 64);
    assert_complained("output and coverage are the same file: standard output");
    assert_int_equal(RUN("hunt", "x", "-o", "out", "--coverage", "./out"), 64);
    assert_complained("output and coverage are the same file: ./out");
    assert_int_equal(RUN("hunt", "x", "--manifest", "out", "--coverage", "out"), 64);
    assert_complained("manifest and coverage are the same file: out");
    assert_int_equal(fake_engine.n_calls, 0);
}

/* What stands beside `fields` in our output is no field of the record. */
static void keys_of_our_own_are_refused(void **state)
{
    static const char *const HINTS[][2] = {
        {"record_id", "; use EventRecordID\n"},
        {"event_id", "; use EventID\n"},
        {"provider", "; use Provider_Name\n"},
        {"host", "; use Computer\n"},
        {"time", "; use TimeCreated_SystemTime\n"},
        {"source", "\n"},
        {"offset", "\n"},
        {"recovered", "\n"},
        {"cut", "\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof HINTS / sizeof *HINTS; i++) {
        char word[64], wanted[128];
        (void)snprintf(word, sizeof word, "%s=1044", HINTS[i][0]);
        assert_int_equal(RUN("events", "x", "-w", "EventID=1", "-w", word), 64);
        (void)snprintf(wanted, sizeof wanted, "iiswarden: --where %s: not a field of the record%s",
                       HINTS[i][0], HINTS[i][1]);
        assert_complained(wanted);
        assert_int_equal(RUN("events", "x", "--fields", "Image", "--fields", HINTS[i][0]), 64);
        (void)snprintf(wanted, sizeof wanted, "--fields %s: not a field of the record%s",
                       HINTS[i][0], HINTS[i][1]);
        assert_complained(wanted);
    }
    assert_int_equal(fake_engine.n_calls, 0);
    /* Fields of records: Channel is one, and the web server's own log has a `time`. */
    assert_int_equal(RUN("events", "x", "-w", "channel=Security", "-w", "Time=06*"), 0);
    assert_int_equal(RUN("events", "x", "-w", "EventRecordID=1044", "--fields", "Computer"), 0);
}

static void words_reach_the_engine(void **state)
{
    (void)state;
    assert_int_equal(RUN("hunt", "--host", "WEB01", "-j2", "--recover", "--verify", "--only-rules",
                         ".", "--no-confine", "--", "-odd"),
                     0);
    assert_string_equal(fake_engine.first_path, "-odd");
    assert_string_equal(fake_engine.host, "WEB01");
    assert_int_equal(fake_engine.options.n_jobs, 2);
    assert_true(fake_engine.options.recover && fake_engine.options.verify);
    assert_false(fake_engine.options.confine);
    assert_true(fake_engine.hunt.no_builtin);
    assert_string_equal(fake_engine.first_rule, ".");
    assert_complained("warning: --no-confine");
    assert_int_equal(RUN("hunt", "-r", ".", "x"), 0);
    assert_false(fake_engine.hunt.no_builtin);
    assert_null(fake_engine.hunt.placeholders_path);
    assert_int_equal(RUN("hunt", "--placeholders", ".", "x"), 0);
    assert_string_equal(fake_engine.hunt.placeholders_path, ".");
    assert_true(fake_engine.options.confine);
    assert_int_equal(fake_engine.options.n_jobs, 0);
    assert_int_equal(fake_engine.hunt.since_ns, IW_TIME_UNKNOWN);
    assert_int_equal(RUN("events", "x", "--where", "Channel=Sec*", "--fields", "Image,User"), 0);
    assert_string_equal(fake_engine.first_where, "Channel=Sec*");
    assert_int_equal(fake_engine.events.n_fields, 2);
    assert_string_equal(fake_engine.fields[1], "User");
}

static void exit_status_is_a_sum(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    assert_int_equal(RUN("hunt", "x"), 3);
    assert_int_equal(RUN("hunt", "x", "--fail-level", "critical"), 2);
    assert_int_equal(RUN("events", "x"), 2);
    fake_engine.fill = NULL;
    assert_int_equal(RUN("hunt", "x", "--strict"), 0);
}

static void add_refused_rule(struct iw_run *run)
{
    struct iw_rule_entry entry = {
        .state = IW_RULE_REFUSED, .file = IW_STR("r.yml"), .reason = IW_STR("odd")};
    assert_int_not_equal(iw_rule_account_add(&run->rules, &entry), SIZE_MAX);
}

static void strict_counts_refused_rules(void **state)
{
    (void)state;
    fake_engine.fill = add_refused_rule;
    assert_int_equal(RUN("hunt", "x"), 0);
    assert_int_equal(RUN("hunt", "x", "--strict"), 2);
}

static void engine_failures(void **state)
{
    (void)state;
    fake_engine.rc = IW_EUSAGE;
    assert_int_equal(RUN("hunt", "x"), 64);
    assert_complained("iiswarden: the engine says IW_EUSAGE\n");
    fake_engine.rc = IW_EIO;
    assert_int_equal(RUN("hunt", "x"), 70);
    fake_engine.rc = IW_ENOMEM;
    assert_int_equal(RUN("events", "x"), 70);
    assert_string_equal(said, "");
    fake_engine.rc = IW_ECANCELLED;
    assert_int_equal(RUN("hunt", "x"), 130);
}

static void fill_with_failure(struct iw_run *run)
{
    sample_run_fill(run);
    (void)iw_error_set(&run->failure, IW_EIO, "cannot be written: No space left on device");
    iw_error_place(&run->failure, "temporary file (set TMPDIR)", 0, 0);
}

/* What there was room for is reported whole, and the status says that it is not all. */
static void results_without_room(void **state)
{
    (void)state;
    fake_engine.fill = fill_with_failure;
    assert_int_equal(RUN("hunt", "x", "--manifest", "manifest"), 70);
    assert_memory_equal(said, "{\"schema\":\"iiswarden.finding/1\"", 31);
    assert_said("\"level\":\"informational\"");
    assert_complained("no room for more results: all of this is partial");
    assert_complained("Read      2 files");
    assert_complained("iiswarden: temporary file (set TMPDIR): cannot be written: No space left on "
                      "device\n");
    read_back("manifest", said, sizeof said);
    assert_said("\"failure\": \"cannot be written: No space left on device\"");
}

static void ndjson_when_piped(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    (void)RUN("hunt", "x");
    assert_memory_equal(said, "{\"schema\":\"iiswarden.finding/1\"", 31);
    assert_said("\"level\":\"informational\"");
    assert_complained("Read      2 files");
    (void)RUN("hunt", "x", "--quiet", "--min-level", "high");
    assert_null(strstr(said, "\"level\":\"medium\""));
    assert_string_equal(complained, "");
    (void)RUN("hunt", "x", "--format", "table");
    assert_memory_equal(said, "IEWIN7   5 findings", 19);
    assert_null(strchr(said, '\033'));
    (void)RUN("hunt", "x", "--format=table", "--color=always");
    assert_memory_equal(said, "\033[1mIEWIN7", 10);
    (void)RUN("events", "x", "--profile");
    assert_memory_equal(said, "{\"schema\":\"iiswarden.telemetry/1\"", 33);
    (void)RUN("events", "x", "--profile", "--format=table");
    assert_memory_equal(said, "IEWIN7\n", 7);
}

static void events_one_a_line(void **state)
{
    size_t n = 0;
    (void)state;
    fake_engine.n_events = 3;
    assert_int_equal(RUN("events", "x"), 0);
    assert_said("{\"schema\":\"iiswarden.event/1\",\"n\":2}\n");
    for (const char *p = said; *p != '\0'; p++)
        n += *p == '\n';
    assert_int_equal(n, 3);
}

static void output_and_manifest_go_to_files(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    write_file("out", "something longer that was here before", 37);
    assert_int_equal(RUN("hunt", "it's here", "-o", "out", "--manifest", "manifest"), 3);
    assert_string_equal(said, "");
    read_back("out", said, sizeof said);
    assert_memory_equal(said, "{\"schema\":\"iiswarden.finding/1\"", 31);
    read_back("manifest", said, sizeof said);
    assert_said("\"command\": \"iiswarden hunt 'it'\\\\''s here' -o out --manifest manifest\"");
}

/* What `coverage` would print, also where the hunt itself is a table; and the window is asked for
 * by the same words. */
static void coverage_of_a_hunt_goes_to_a_file(void **state)
{
    char wanted[sizeof said];
    (void)state;
    fake_engine.fill = sample_run_fill;
    assert_int_equal(RUN("coverage", "x", "--since", "2021-01-02", "--format=ndjson"), 2);
    (void)snprintf(wanted, sizeof wanted, "%s", said);
    write_file("out", "something longer that was here before", 37);
    assert_int_equal(
        RUN("hunt", "x", "--since", "2021-01-02", "--format=table", "--coverage", "out"), 3);
    assert_said("5 findings");
    read_back("out", said, sizeof said);
    assert_string_equal(said, wanted);
}

static void evidence_is_never_overwritten(void **state)
{
    (void)state;
    write_file("evidence", "precious", 8);
    assert_int_equal(link("evidence", "link"), 0);
    assert_int_equal(RUN("hunt", "evidence", "-o", "evidence"), 64);
    assert_complained("evidence is to be read and will not be overwritten");
    assert_int_equal(RUN("hunt", "evidence", "-o", "./link"), 64);
    assert_int_equal(RUN("hunt", "evidence", "--manifest", "link"), 64);
    assert_int_equal(RUN("hunt", "evidence", "--coverage", "link"), 64);
    assert_complained("evidence is to be read and will not be overwritten");
    assert_int_equal(RUN("hunt", "x", "--telemetry", "evidence", "--coverage", "link"), 64);
    assert_int_equal(RUN("hunt", "x", "-r", "evidence", "-o", "link"), 64);
    read_back("evidence", said, sizeof said);
    assert_string_equal(said, "precious");
    write_file("out", "ElfFile\0more", 12);
    assert_int_equal(RUN("hunt", "x", "-o", "out"), 64);
    assert_complained("out is an event log and will not be overwritten");
    assert_int_equal(RUN("hunt", "x", "-o", "link", "--manifest", "evidence"), 64);
    assert_complained("same file");
    assert_int_equal(fake_engine.n_calls, 0);
}

static void assert_absent(const char *name)
{
    struct stat status;
    if (lstat(name, &status) == 0)
        fail_msg("left behind: %s", name);
}

static void evidence_folders_get_no_files(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkdir("folder/deep", 0700), 0);
    assert_int_equal(mkdir("folder2", 0700), 0);
    assert_int_equal(symlink("folder/deep", "link"), 0);
    assert_int_equal(RUN("hunt", "x", "folder", "-o", "folder/out"), 64);
    assert_complained("iiswarden: output folder/out lies inside the evidence folder\n");
    assert_int_equal(RUN("hunt", "folder/", "--manifest", "folder/deep/../deep/out"), 64);
    assert_complained("output folder/deep/../deep/out lies inside the evidence folder/\n");
    assert_int_equal(RUN("events", "folder", "-o", "link/out"), 64);
    assert_int_equal(RUN("events", "link", "-o", "folder/deep/out"), 64);
    assert_int_equal(RUN("hunt", "folder", "-o", "folder"), 64);
    assert_int_equal(RUN("hunt", ".", "-o", "out"), 64);
    assert_complained("output out lies inside the evidence .\n");
    assert_int_equal(RUN("hunt", "/", "-o", "out"), 64);
    assert_int_equal(RUN("hunt", "folder", "-o", "out", "--manifest", "folder/out"), 64);
    assert_int_equal(RUN("hunt", "folder", "-o", "out", "--coverage", "folder/out"), 64);
    assert_complained("output folder/out lies inside the evidence folder\n");
    assert_int_equal(fake_engine.n_calls, 0);
    assert_absent("out");
    assert_absent("folder/out");
    assert_absent("folder/deep/out");
    /* Beside it, though the name begins alike, and where nothing is kept. */
    assert_int_equal(RUN("hunt", "folder", "-o", "folder2/out"), 0);
    assert_int_equal(RUN("hunt", "folder/deep", "-o", "folder/out"), 0);
    assert_int_equal(RUN("hunt", "/", "-o", "/dev/null"), 0);
    assert_int_equal(fake_engine.n_calls, 3);
    (void)remove("folder2/out");
    (void)remove("folder/out");
    (void)rmdir("folder/deep");
    (void)rmdir("folder");
    (void)rmdir("folder2");
}

/* A link into the evidence that leads nowhere yet must not make a file there. */
static void links_that_lead_nowhere_are_not_followed(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("folder/out", "link"), 0);
    assert_int_equal(RUN("hunt", "folder", "-o", "link"), 70);
    assert_complained("link: cannot be opened for writing");
    assert_absent("folder/out");
    (void)rmdir("folder");
}

static void refused_runs_leave_no_files(void **state)
{
    (void)state;
    assert_int_equal(RUN("hunt", "x", "-o", "out", "--manifest", "out"), 64);
    assert_absent("out");
    write_file("evidence", "precious", 8);
    assert_int_equal(RUN("hunt", "evidence", "-o", "out", "--manifest", "evidence"), 64);
    assert_absent("out");
    fake_engine.rc = IW_EUSAGE;
    assert_int_equal(RUN("hunt", "x", "-o", "out", "--manifest", "manifest"), 64);
    assert_absent("out");
    assert_absent("manifest");
    assert_int_equal(RUN("hunt", "x", "--coverage", "out"), 64);
    assert_absent("out");
    write_file("out", "", 0);
    assert_int_equal(RUN("hunt", "x", "-o", "out"), 64);
    read_back("out", said, sizeof said); /* was there before: stays */
}

static void unwritable_output(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    assert_int_equal(RUN("hunt", "x", "-o", "no/such/folder"), 70);
    assert_string_equal(complained, "iiswarden: no/such/folder: cannot be opened for writing: "
                                    "No such file or directory\n");
    assert_int_equal(fake_engine.n_calls, 0);
    assert_int_equal(RUN("hunt", "x", "-o", "/dev/full"), 70);
    assert_string_equal(complained,
                        "iiswarden: /dev/full: cannot be written: No space left on device\n");
    assert_int_equal(RUN("hunt", "x", "--manifest", "/dev/full"), 70);
    assert_int_equal(RUN("hunt", "x", "--coverage", "/dev/full"), 70);
    assert_complained("/dev/full: cannot be written");
    assert_int_equal(run_to("/dev/full", WORDS("hunt", "x")), 70);
    assert_complained("standard output: cannot be written");
    fake_engine.n_events = 1;
    assert_int_equal(run_to("/dev/full", WORDS("events", "x")), 70);
    assert_int_equal(run_to("/dev/full", WORDS("--help")), 70);
}

/* Runs with standard output a pipe that nobody reads. */
static int run_to_nobody(const char *const *words)
{
    const char *argv[32] = {"iiswarden"};
    int argc = 1, ends[2], kept_out, kept_err, status;
    for (; words[argc - 1] != NULL; argc++)
        argv[argc] = words[argc - 1];
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    (void)fflush(NULL);
    kept_out = dup(STDOUT_FILENO);
    assert_int_equal(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    (void)close(ends[1]);
    kept_err = redirect(STDERR_FILENO, "stderr");
    status = iw_cli_main(argc, argv);
    restore(STDOUT_FILENO, kept_out);
    restore(STDERR_FILENO, kept_err);
    read_back("stderr", complained, sizeof complained);
    assert_string_equal(complained, "");
    return status;
}

/* A reader that went away has seen enough: no words about it, and the status is that of the run. */
static void closed_pipe_is_quiet(void **state)
{
    (void)state;
    assert_int_equal(run_to_nobody(WORDS("hunt", "x", "--format=table")), 0);
    fake_engine.fill = sample_run_fill;
    assert_int_equal(
        run_to_nobody(WORDS("hunt", "x", "--manifest", "manifest", "--coverage", "out")), 3);
    read_back("manifest", said, sizeof said);
    assert_said("\"interrupted\": false");
    read_back("out", said, sizeof said);
    assert_memory_equal(said, "{\"schema\":\"iiswarden.coverage/1\"", 32);
    assert_int_equal(run_to_nobody(WORDS("hunt", "x", "--fail-level=critical")), 2);
    fake_engine.fill = NULL;
    assert_int_equal(run_to_nobody(WORDS("--help")), 0);
    assert_int_equal(run_to_nobody(WORDS("--version")), 0);
}

/* Events are not read further than they are wanted, and the manifest says so. */
static void closed_pipe_ends_reading(void **state)
{
    (void)state;
    fake_engine.n_events = 3;
    assert_int_equal(run_to_nobody(WORDS("events", "x", "--manifest", "manifest")), 0);
    read_back("manifest", said, sizeof said);
    assert_said("\"interrupted\": false");
    fake_engine.n_events = 100000;
    assert_int_equal(run_to_nobody(WORDS("events", "x", "--manifest", "manifest")), 0);
    read_back("manifest", said, sizeof said);
    assert_said("\"interrupted\": true");
}

static void progress_line(void **state)
{
    struct iw_progress progress = {0};
    struct iw_buffer out;
    (void)state;
    iw_buffer_init(&out);
    iw_progress_line(&progress, 1000000000, false, 79, &out);
    iw_buffer_add_char(&out, '|');
    atomic_store(&progress.total_bytes, 1000000000);
    atomic_store(&progress.done_bytes, 250000000);
    atomic_store(&progress.n_events, 4000000);
    atomic_store(&progress.n_findings, 3);
    iw_progress_line(&progress, 2000000000, false, 99, &out);
    iw_buffer_add_char(&out, '|');
    iw_progress_line(&progress, 2000000000, true, 99, &out);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(out.p,
                        "looking for evidence|"
                        " 25 %  250.0 MB of 1.0 GB   2,000,000 events/s   3 findings   0:07 left|"
                        "stopping; once more to stop at once   2,000,000 events/s   3 findings");
    iw_buffer_clear(&out);
    iw_progress_line(&progress, 2000000000, false, 20, &out);
    assert_int_equal(iw_display_columns(iw_buffer_str(&out)), 20);
    /* Of standard input nobody knows how much there will be. */
    atomic_store(&progress.is_open_ended, true);
    atomic_store(&progress.done_bytes, 1500000000);
    iw_buffer_clear(&out);
    iw_progress_line(&progress, 2000000000, false, 99, &out);
    iw_buffer_add_char(&out, '\0');
    assert_string_equal(out.p, "1.5 GB read   2,000,000 events/s   3 findings");
    iw_buffer_done(&out);
}

static void linger(struct iw_run *run)
{
    (void)run;
    (void)usleep(450000);
}

/* What was drawn is wiped: the last thing on the line is a carriage return after spaces. */
static void progress_is_wiped(void **state)
{
    const char *end;
    (void)state;
    fake_engine.fill = linger;
    assert_int_equal(RUN("hunt", "x", "--progress=always"), 0);
    assert_complained("looking for evidence");
    end = strstr(complained, "Read      ");
    assert_non_null(end);
    assert_int_equal(end[-1], '\r');
    assert_int_equal(end[-2], ' ');
    assert_int_equal(RUN("hunt", "x", "--progress=always", "-q"), 0);
    assert_string_equal(complained, "");
    assert_int_equal(RUN("hunt", "x"), 0);
    assert_null(strchr(complained, '\r'));
}

static void every_allocation_may_fail(void **state)
{
    uint64_t n = 1;
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (;; n++) {
        int status;
        iw_alloc_fail_at(n);
        status = RUN("hunt", "x", "-r", ".", "--manifest", "manifest", "--coverage", "out",
                     "--format=table");
        if (iw_alloc_count() < n)
            break;
        /* The account on standard error is no result: without it the run still went well. */
        if (status != 70 && strstr(complained, "no memory") == NULL)
            fail_msg("allocation %u failed and nobody heard", (unsigned)n);
    }
    iw_alloc_fail_at(0);
    assert_true(n > 5);
}

/* Must be last: the flag stays set in this process. */
static void interrupted_run_is_reported(void **state)
{
    (void)state;
    fake_engine.fill = sample_run_fill;
    fake_engine.interrupts = true;
    assert_int_equal(RUN("hunt", "x", "--format=table", "--manifest", "manifest"), 130);
    assert_true(fake_engine.was_cancelled);
    assert_said("Interrupted: only part of the evidence was looked at.\n");
    assert_complained("Stopped   interrupted");
    read_back("manifest", said, sizeof said);
    assert_said("\"interrupted\": true");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(help_and_version),
        TEST(help_is_narrow),
        TEST(wrong_words),
        TEST(words_that_contradict),
        TEST(keys_of_our_own_are_refused),
        TEST(words_reach_the_engine),
        TEST(exit_status_is_a_sum),
        TEST(strict_counts_refused_rules),
        TEST(engine_failures),
        TEST(results_without_room),
        TEST(ndjson_when_piped),
        TEST(events_one_a_line),
        TEST(output_and_manifest_go_to_files),
        TEST(coverage_of_a_hunt_goes_to_a_file),
        TEST(evidence_is_never_overwritten),
        TEST(evidence_folders_get_no_files),
        TEST(links_that_lead_nowhere_are_not_followed),
        TEST(refused_runs_leave_no_files),
        TEST(unwritable_output),
        TEST(closed_pipe_is_quiet),
        TEST(closed_pipe_ends_reading),
        TEST(progress_line),
        TEST(progress_is_wiped),
        TEST(every_allocation_may_fail),
        TEST(interrupted_run_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
