/**
 * The inside of `rules test`: tests with the rule each is about, and their evidence.
 */
#ifndef IW_ENGINE_RULE_TESTS_H
#define IW_ENGINE_RULE_TESTS_H

#include "engine/rulebook.h"
#include "sigma/sigma_explain.h"
#include "sigma/sigma_rule_test.h"

/** A test on its way. */
struct iw_running_test {
    struct iw_rule_test test;
    const char *file; /* the test's */
    size_t rule;      /* index in the ruleset, or number of the correlation */
    size_t hunted;    /* the same, of tests->hunting; of a test over evidence */
    bool is_correlation;
    bool is_ready;        /* it can be run */
    const char *evidence; /* path; NULL: inline */
    uint64_t n_seen;      /* events of the evidence it is about */
    uint64_t n_matched;   /* of these */
    struct iw_text_list changes;
};

struct iw_rule_tests {
    struct iw_arena arena;
    const struct iw_rulebook *book; /* context comes with the events of a test */
    struct iw_rulebook *hunting;    /* the same rules as a hunt has them, for evidence */
    bool is_builtin;                /* it holds the built-in rules, for want of others */
    struct iw_run *run;
    struct iw_rule_test_report *report;
    struct iw_running_test *items;
    size_t n, cap;
};

/** What an explained event would need to match, or which selections made it match; in
 * *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_test_reasons(const struct iw_explanation *explanation, struct iw_arena *arena,
                                struct iw_text_list *ret);

/** Reads the evidence of all tests that name some, once, and counts what matched. IW_OK; codes as
 * iw_engine_hunt. */
enum iw_rc iw_rule_tests_read_evidence(struct iw_rule_tests *tests,
                                       const struct iw_engine_options *options,
                                       struct iw_error *err);

/** Whether a test is over evidence, and of a rule that asks for context. */
bool iw_rule_test_needs_context(const struct iw_rule_tests *tests,
                                const struct iw_running_test *item);
/** Runs such a test: its evidence is read as a hunt over it alone reads it. Fills n_seen, n_matched
 * and changes. Codes as iw_engine_hunt. */
enum iw_rc iw_rule_test_run_context(struct iw_rule_tests *tests,
                                    const struct iw_engine_options *options,
                                    struct iw_running_test *item, struct iw_error *err);

/** Whether something of a test's evidence was lost, and in *words* of *words_bytes* what, in one
 * line. After reading. */
bool iw_rule_test_is_cut(const struct iw_rule_tests *tests, const struct iw_running_test *item,
                         char *words, size_t words_bytes);

/** Test files of *paths*: a file is one; of a folder those of its `tests`, or its own where it has
 * none. *ret is a list in *arena*, in byte order of path. IW_OK; IW_EIO; IW_ENOMEM. */
enum iw_rc iw_rule_tests_find(const char *const *paths, size_t n_paths, struct iw_arena *arena,
                              const char *const **ret, size_t *ret_n, struct iw_error *err);

/** Whether a path is a folder with a `tests` folder: then its rules are those to be tested. */
bool iw_rule_tests_is_rule_folder(const char *path);

#endif
