/*
 * The fast matcher against the plain walk: all SigmaHQ rules over all public logs, event by event.
 * Both must name the same rules and give up on the same ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/evtx_scan.h"
#include "tests/support/shared_data.h"

struct both {
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_ruleset *ruleset;
    struct iw_sigma_scanner *fast, *plain;
    uint64_t n_events, n_matches, n_different;
};

static void compare(void *context, struct iw_str path, const struct iw_event *event)
{
    struct both *both = context;
    const uint32_t *fast, *plain;
    size_t n_fast, n_plain;

    assert_int_equal(iw_sigma_scanner_match(both->fast, event, &fast, &n_fast), IW_OK);
    assert_int_equal(iw_sigma_scanner_match(both->plain, event, &plain, &n_plain), IW_OK);
    both->n_events++;
    both->n_matches += n_plain;
    if (n_fast == n_plain && (n_fast == 0 || memcmp(fast, plain, n_fast * sizeof *fast) == 0))
        return;
    both->n_different++;
    (void)fprintf(stderr, "%.*s record %llu: %zu rules instead of %zu\n", IW_STR_ARG(path),
                  (unsigned long long)event->record_id, n_fast, n_plain);
}

static void load(struct both *both, const char *rules)
{
    struct iw_sigma_compiler *compiler;

    memset(both, 0, sizeof *both);
    assert_int_equal(iw_names_init(&both->names), IW_OK);
    iw_rule_account_init(&both->account);
    compiler = iw_sigma_compiler_new(&both->names, &both->account);
    assert_non_null(compiler);
    assert_int_equal(iw_sigma_compiler_add_builtin(compiler), IW_OK);
    assert_int_equal(iw_sigma_compiler_add_path(compiler, rules, NULL), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &both->ruleset), IW_OK);
    iw_sigma_compiler_free(compiler);
    both->fast = iw_sigma_scanner_new(both->ruleset);
    both->plain = iw_sigma_scanner_new_plain(both->ruleset);
    assert_true(both->fast != NULL && both->plain != NULL);
}

static void unload(struct both *both)
{
    iw_sigma_scanner_free(both->fast);
    iw_sigma_scanner_free(both->plain);
    iw_sigma_ruleset_free(both->ruleset);
    iw_rule_account_done(&both->account);
    iw_names_done(&both->names);
}

static void both_name_the_same_rules(void **state)
{
    char rules_archive[4096], logs_archive[4096], regression[4096];
    char rules[] = "sigmahq.XXXXXX", logs[] = "corpus.XXXXXX";
    struct both both;

    (void)state;
    if (!shared_data("data/sigma/sigmahq-rules.tar.xz", rules_archive, sizeof rules_archive) ||
        !shared_data("data/sigma/regression", regression, sizeof regression) ||
        !shared_data("data/evtx/corpus/evtx-corpus.tar.xz", logs_archive, sizeof logs_archive))
        skip();
    assert_true(unpack_archive(rules_archive, rules));
    assert_true(unpack_archive(logs_archive, logs));
    load(&both, rules);
    (void)scan_events(regression, &both.names, both.ruleset, compare, &both);
    (void)scan_events(logs, &both.names, both.ruleset, compare, &both);
    for (size_t i = 0; i < iw_sigma_ruleset_count(both.ruleset); i++)
        assert_int_equal(iw_sigma_scanner_unknown(both.fast, i),
                         iw_sigma_scanner_unknown(both.plain, i));
    (void)fprintf(stderr, "%llu events, %llu matches, %llu rules looked at, %llu events differ\n",
                  (unsigned long long)both.n_events, (unsigned long long)both.n_matches,
                  (unsigned long long)iw_sigma_scanner_walked(both.fast),
                  (unsigned long long)both.n_different);
    assert_true(both.n_events > 15000);
    assert_true(both.n_matches > 1000);
    assert_int_equal(both.n_different, 0);
    /* What speed rests on: few rules are looked at closely. */
    assert_true(iw_sigma_scanner_walked(both.fast) < 40 * both.n_events);
    unload(&both);
    remove_folder(rules);
    remove_folder(logs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_name_the_same_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
