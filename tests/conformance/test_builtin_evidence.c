/*
 * The built-in rules on real evidence, against its ground truth: the shells of the web server files
 * are found, and over the whole corpus nothing else but what silenced telemetry (below medium) and
 * an antivirus verdict on a tester's web shell outside any web directory (low).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/evtx_scan.h"
#include "tests/support/shared_data.h"

#define WEBSHELL "LM_typical_IIS_webshell_sysmon_1_10_traces.evtx"
#define DISCOVERY "discovery_sysmon_1_iis_pwd_and_config_discovery_appcmd.evtx"
#define SHELL "Web server process starts a command shell"
#define POWERSHELL "Web server process starts PowerShell"
#define TESTER "WinDefender_Events_1117_1116_AtomicRedTeam.evtx"
#define ANTIVIRUS "Antivirus names a web shell or IIS component"
#define PASSWORDS "Passwords read from the IIS configuration with appcmd"

struct tally {
    size_t n_shell, n_powershell, n_passwords, n_antivirus, n_telemetry, n_other;
};

static bool is_rule(const struct scan_match *match, const char *title, const char *file)
{
    return iw_str_equal(match->rule->title, iw_str_of(title)) &&
           iw_str_ends_nocase(match->path, iw_str_of(file));
}

static void count(void *context, const struct scan_match *match)
{
    struct tally *tally = context;

    if (is_rule(match, SHELL, WEBSHELL) && match->event->record_id == 1044) {
        tally->n_shell++;
    } else if (is_rule(match, POWERSHELL, DISCOVERY) && match->event->record_id == 5875) {
        tally->n_powershell++;
    } else if (is_rule(match, PASSWORDS, DISCOVERY)) {
        tally->n_passwords++;
    } else if (is_rule(match, ANTIVIRUS, TESTER) && match->rule->level == IW_LEVEL_LOW) {
        tally->n_antivirus++;
    } else if (match->rule->kind == IW_FINDING_TELEMETRY && match->rule->level < IW_LEVEL_MEDIUM) {
        tally->n_telemetry++;
    } else {
        tally->n_other++;
        (void)fprintf(stderr, "%s: %.*s: record %llu of %.*s\n", iw_level_name(match->rule->level),
                      IW_STR_ARG(match->rule->title), (unsigned long long)match->event->record_id,
                      IW_STR_ARG(match->path));
    }
}

static void scan_with_builtin(const char *path, struct tally *tally)
{
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset;
    uint64_t n_events;

    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_non_null(compiler);
    assert_int_equal(iw_sigma_compiler_add_builtin(compiler), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    n_events = scan_evtx(path, &names, ruleset, count, tally);
    (void)fprintf(stderr, "%llu events decoded\n", (unsigned long long)n_events);
    assert_true(n_events > 10);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
}

static void the_web_server_files_tell_their_shells(void **state)
{
    struct tally tally = {0};
    char path[4096];

    (void)state;
    if (!shared_data("data/evtx/webserver", path, sizeof path))
        skip();
    scan_with_builtin(path, &tally);
    assert_int_equal(tally.n_shell, 1);
    assert_int_equal(tally.n_powershell, 1);
    assert_true(tally.n_passwords > 0 && tally.n_passwords < 39);
    assert_int_equal(tally.n_telemetry, 0);
    assert_int_equal(tally.n_other, 0);
}

static void the_corpus_holds_nothing_else(void **state)
{
    char archive[4096], folder[] = "corpus.XXXXXX";
    struct tally tally = {0};

    (void)state;
    if (!shared_data("data/evtx/corpus/evtx-corpus.tar.xz", archive, sizeof archive))
        skip();
    assert_true(unpack_archive(archive, folder));
    scan_with_builtin(folder, &tally);
    remove_folder(folder);
    assert_int_equal(tally.n_shell, 1);
    assert_int_equal(tally.n_powershell, 1);
    assert_int_equal(tally.n_antivirus, 2); /* found, and treated */
    assert_int_equal(tally.n_other, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_web_server_files_tell_their_shells),
        cmocka_unit_test(the_corpus_holds_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
