/*
 * The SigmaHQ rules (3,780 documents, outside the repository) are unpacked into the build folder
 * and all loaded: each is loaded, not applicable, not yet or refused, and says why when it is not
 * loaded. The table of reasons is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/map.h"
#include "sigma/sigma.h"
#include "tests/support/evtx_scan.h"
#include "tests/support/shared_data.h"

static void print_reasons(const struct iw_rule_account *account)
{
    static const char *const STATES[] = {"loaded", "not applicable", "not yet", "refused"};
    struct iw_map reasons;

    iw_map_init(&reasons);
    for (size_t i = 0; i < account->n; i++) {
        const struct iw_rule_entry *entry = &account->entries[i];
        struct iw_map_entry *row;
        if (entry->state == IW_RULE_LOADED)
            continue;
        row = iw_map_add(&reasons, entry->reason, NULL);
        assert_non_null(row);
        row->value.number++;
        if (entry->state == IW_RULE_REFUSED && row->value.number == 1)
            (void)fprintf(stderr, "for example %.*s:%u:%u: %.*s\n", IW_STR_ARG(entry->file),
                          entry->line, entry->column, IW_STR_ARG(entry->reason));
    }
    for (size_t i = 0; i < IW_RULE_STATE_COUNT; i++)
        (void)fprintf(stderr, "%-16s %zu\n", STATES[i], account->n_by_state[i]);
    for (size_t i = 0; i < reasons.n; i++)
        (void)fprintf(stderr, "%6llu  %.*s\n", (unsigned long long)reasons.entries[i].value.number,
                      IW_STR_ARG(reasons.entries[i].key));
    iw_map_done(&reasons);
}

static void every_rule_is_accounted_for(void **state)
{
    char archive[4096], folder[] = "sigmahq.XXXXXX";
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset;
    struct iw_error err = {0};

    (void)state;
    if (!shared_data("data/sigma/sigmahq-rules.tar.xz", archive, sizeof archive))
        skip();
    assert_true(unpack_archive(archive, folder));
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_non_null(compiler);
    assert_int_equal(iw_sigma_compiler_add_path(compiler, folder, &err), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    print_reasons(&account);

    assert_int_equal(account.n, 3780);
    assert_int_equal(account.n_by_state[IW_RULE_REFUSED], 16);
    assert_int_equal(account.n_by_state[IW_RULE_LOADED], 2936);
    assert_int_equal(account.n_by_state[IW_RULE_NOT_YET], 0);
    assert_int_equal(account.n_by_state[IW_RULE_LOADED], iw_sigma_ruleset_count(ruleset));
    for (size_t i = 0; i < account.n; i++) {
        const struct iw_rule_entry *entry = &account.entries[i];
        assert_true((entry->state == IW_RULE_LOADED) == (entry->reason.n == 0));
        assert_true(entry->line != 0 && entry->column != 0);
        assert_true(entry->id.n == 36 && entry->title.n != 0);
        /* Nothing is beyond us but what needs the user's own names. */
        if (entry->state == IW_RULE_REFUSED)
            assert_true(iw_str_find(entry->reason, IW_STR("give --placeholders")) != SIZE_MAX);
        if (i != 0)
            assert_true(iw_str_compare(account.entries[i - 1].file, entry->file) <= 0);
    }
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    remove_folder(folder);
}

struct wanted {
    struct iw_str file, rule_id;
    size_t n;
};

static void count_wanted(void *context, const struct scan_match *match)
{
    struct wanted *wanted = context;
    wanted->n += iw_str_equal(match->rule->id, wanted->rule_id) &&
                 iw_str_ends_nocase(match->path, wanted->file);
}

/* The next column of a line of tab separated values. */
static struct iw_str next_column(struct iw_str *rest)
{
    struct iw_str column = *rest;
    const char *tab = rest->n != 0 ? memchr(rest->p, '\t', rest->n) : NULL;
    if (tab != NULL)
        column.n = (size_t)(tab - rest->p);
    rest->p += column.n + (tab != NULL);
    rest->n -= column.n + (tab != NULL);
    return column;
}

static void every_regression_file_is_matched(void **state)
{
    char archive[4096], index[4096], evtx[8192], folder[] = "sigmahq.XXXXXX", line[4096];
    struct iw_names names;
    struct iw_rule_account account;
    struct iw_sigma_compiler *compiler;
    struct iw_sigma_ruleset *ruleset;
    size_t n_tests = 0, n_failed = 0;
    FILE *file;

    (void)state;
    if (!shared_data("data/sigma/sigmahq-rules.tar.xz", archive, sizeof archive) ||
        !shared_data("data/sigma/regression/index.tsv", index, sizeof index))
        skip();
    assert_true(unpack_archive(archive, folder));
    assert_int_equal(iw_names_init(&names), IW_OK);
    iw_rule_account_init(&account);
    compiler = iw_sigma_compiler_new(&names, &account);
    assert_non_null(compiler);
    assert_int_equal(iw_sigma_compiler_add_path(compiler, folder, NULL), IW_OK);
    assert_int_equal(iw_sigma_compiler_finish(compiler, &ruleset), IW_OK);
    file = fopen(index, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file)); /* the header */
    while (fgets(line, sizeof line, file) != NULL) {
        struct iw_str rest = iw_str_of(line);
        struct wanted wanted = {.rule_id = next_column(&rest)};
        uint64_t least = 0;
        (void)next_column(&rest);
        wanted.file = next_column(&rest);
        assert_true(iw_str_to_u64(next_column(&rest), &least) && least > 0);
        (void)snprintf(evtx, sizeof evtx, "%.*s%.*s", (int)(strlen(index) - strlen("index.tsv")),
                       index, IW_STR_ARG(wanted.file));
        (void)scan_evtx(evtx, &names, ruleset, count_wanted, &wanted);
        n_tests++;
        if (wanted.n < least) {
            n_failed++;
            (void)fprintf(stderr, "%.*s: %zu of %llu\n", IW_STR_ARG(wanted.rule_id), wanted.n,
                          (unsigned long long)least);
        }
    }
    (void)fclose(file);
    (void)fprintf(stderr, "%zu regression files, %zu not matched\n", n_tests, n_failed);
    assert_true(n_tests > 90);
    assert_int_equal(n_failed, 0);
    iw_sigma_ruleset_free(ruleset);
    iw_sigma_compiler_free(compiler);
    iw_rule_account_done(&account);
    iw_names_done(&names);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_is_accounted_for),
        cmocka_unit_test(every_regression_file_is_matched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
