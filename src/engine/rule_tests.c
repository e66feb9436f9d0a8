/*
 * `rules test`. Inline events are matched here by the matcher that hunts; evidence is read in one
 * run (rule_test_evidence.c). A test that cannot be run as written is broken, which fails; one that
 * needs what this version does not do is skipped, which is said and counted.
 */
#include "engine/rule_tests.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/rule_test_correlation.h"
#include "engine/settle.h"

/* --- results --- */

static enum iw_rc add_result(struct iw_rule_tests *tests, const struct iw_running_test *item,
                             enum iw_rule_test_state state, const struct iw_text_list *changes,
                             const char *format, ...) __attribute__((format(printf, 5, 6)));

static enum iw_rc add_result(struct iw_rule_tests *tests, const struct iw_running_test *item,
                             enum iw_rule_test_state state, const struct iw_text_list *changes,
                             const char *format, ...)
{
    struct iw_rule_test_result result = {
        .state = state,
        .file = iw_str_of(item->file),
        .line = item->test.line,
        .rule = item->test.rule,
        .why = item->test.why,
    };
    char reason[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    result.reason = iw_str_of(reason);
    if (changes != NULL)
        result.changes = *changes;
    return iw_rule_test_report_add(tests->report, &result);
}

enum iw_rc iw_rule_test_reasons(const struct iw_explanation *explanation, struct iw_arena *arena,
                                struct iw_text_list *ret)
{
    struct iw_str *items;
    size_t n = 0;
    *ret = explanation->changes;
    if (explanation->answer != IW_ANSWER_YES)
        return IW_OK;
    items = iw_arena_calloc(arena, explanation->n_selections + 1, sizeof *items);
    if (items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < explanation->n_selections; i++) {
        struct iw_buffer words;
        if (explanation->selections[i].answer != IW_ANSWER_YES)
            continue;
        iw_buffer_init(&words);
        iw_buffer_add(&words, explanation->selections[i].name);
        iw_buffer_add(&words, IW_STR(" holds"));
        items[n] =
            words.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&words));
        iw_buffer_done(&words);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    *ret = (struct iw_text_list){items, n};
    return IW_OK;
}

/* --- inline events --- */

static enum iw_rc explain_event(struct iw_rule_tests *tests, const struct iw_running_test *item,
                                struct iw_sigma_explainer *explainer)
{
    const struct iw_event *event = &item->test.event;
    struct iw_explanation explanation;
    struct iw_text_list reasons;
    if (!iw_sigma_explainer_wants(explainer, event->channel, event->event_id))
        return add_result(tests, item, IW_RULE_TEST_FAILED, NULL,
                          "must match, but '%.*s' %u is not of the rule's log source",
                          event->channel.n < 80 ? (int)event->channel.n : 80,
                          event->channel.p != NULL ? event->channel.p : "", event->event_id);
    IW_TRY(iw_sigma_explainer_explain(explainer, event, &tests->report->arena, &explanation));
    IW_TRY(iw_rule_test_reasons(&explanation, &tests->report->arena, &reasons));
    return add_result(tests, item, IW_RULE_TEST_FAILED, &reasons,
                      item->test.wants_match ? "must match" : "must not match");
}

static enum iw_rc run_inline(struct iw_rule_tests *tests, struct iw_sigma_scanner *scanner,
                             const struct iw_running_test *item)
{
    struct iw_sigma_explainer *explainer;
    const uint32_t *rules;
    size_t n;
    bool matched = false;
    enum iw_rc rc;
    IW_TRY(iw_sigma_scanner_match(scanner, &item->test.event, &rules, &n));
    for (size_t i = 0; i < n; i++)
        matched |= rules[i] == item->rule;
    if (matched == item->test.wants_match)
        return add_result(tests, item, IW_RULE_TEST_PASSED, NULL, "%s", "");
    explainer = iw_sigma_explainer_new(tests->book->ruleset, item->rule);
    rc = explainer != NULL ? explain_event(tests, item, explainer) : IW_ENOMEM;
    iw_sigma_explainer_free(explainer);
    return rc;
}

/* --- evidence --- */

/* Whether events that were not read could change the answer: not where something matched, nor where
 * more did than were to, nor that of the one record that was to match and was read. */
static bool can_turn_on_loss(const struct iw_rule_tests *tests, const struct iw_running_test *item)
{
    const struct iw_rule_test *test = &item->test;
    if (iw_rule_test_needs_context(tests, item)) /* any event may be another's context */
        return true;
    if (test->counts)
        return item->n_matched <= test->n_matches;
    return item->n_matched == 0 &&
           !(test->wants_match && test->record_id != 0 && item->n_seen != 0);
}

static enum iw_rc judge_evidence(struct iw_rule_tests *tests, const struct iw_running_test *item)
{
    const struct iw_rule_test *test = &item->test;
    unsigned long long n = item->n_matched, wanted = test->n_matches;
    /* Of several records with one id, which was explained is chance. */
    const struct iw_text_list *changes = item->n_seen == 1 ? &item->changes : NULL;
    char lost[400];
    if (can_turn_on_loss(tests, item) && iw_rule_test_is_cut(tests, item, lost, sizeof lost))
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s", lost);
    if (item->n_seen == 0 && test->record_id != 0)
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s has no record %llu",
                          item->evidence, (unsigned long long)test->record_id);
    if (item->n_seen == 0)
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s holds no events",
                          item->evidence);
    if (test->counts && n != wanted)
        return add_result(tests, item, IW_RULE_TEST_FAILED, NULL, "%llu matched, %llu wanted", n,
                          wanted);
    if (!test->counts && n == 0 && test->wants_match)
        return add_result(tests, item, IW_RULE_TEST_FAILED, changes, "must match");
    if (!test->counts && n != 0 && !test->wants_match)
        return add_result(tests, item, IW_RULE_TEST_FAILED, changes,
                          "must not match: %llu events do", n);
    return add_result(tests, item, IW_RULE_TEST_PASSED, NULL, "%s", "");
}

static enum iw_rc run_evidence(struct iw_rule_tests *tests, const struct iw_engine_options *options,
                               struct iw_running_test *item)
{
    struct iw_error why = {.rc = IW_OK};
    enum iw_rc rc = IW_OK;
    if (iw_rule_test_needs_context(tests, item))
        rc = iw_rule_test_run_context(tests, options, item, &why);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK)
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s", why.message);
    return judge_evidence(tests, item);
}

/* --- correlations --- */

static enum iw_rc judge_findings(struct iw_rule_tests *tests, const struct iw_running_test *item,
                                 const struct iw_rule_test_findings *found)
{
    const struct iw_rule_test *test = &item->test;
    bool is_told = test->counts_findings || test->counts_groups;
    if (test->counts_findings && found->n_findings != test->n_findings)
        return add_result(tests, item, IW_RULE_TEST_FAILED, &found->reasons,
                          "findings: %llu, %llu wanted", (unsigned long long)found->n_findings,
                          (unsigned long long)test->n_findings);
    if (test->counts_groups && found->n_groups != test->n_groups)
        return add_result(tests, item, IW_RULE_TEST_FAILED, &found->reasons,
                          "groups with findings: %llu, %llu wanted",
                          (unsigned long long)found->n_groups, (unsigned long long)test->n_groups);
    if (!is_told && test->wants_match && found->n_findings == 0)
        return add_result(tests, item, IW_RULE_TEST_FAILED, &found->reasons, "must match");
    if (!is_told && !test->wants_match && found->n_findings != 0)
        return add_result(tests, item, IW_RULE_TEST_FAILED, &found->reasons,
                          "must not match, findings: %llu", (unsigned long long)found->n_findings);
    return add_result(tests, item, IW_RULE_TEST_PASSED, NULL, "%s", "");
}

/* An event that was lost could have made it hold, or kept it from holding. */
static enum iw_rc run_correlation(struct iw_rule_tests *tests,
                                  const struct iw_engine_options *options,
                                  const struct iw_running_test *item)
{
    struct iw_rule_test_findings found;
    struct iw_error why = {.rc = IW_OK};
    char lost[400];
    enum iw_rc rc;
    if (item->evidence == NULL)
        rc = iw_rule_test_run_events(tests, item, &found, &why);
    else if (iw_rule_test_is_cut(tests, item, lost, sizeof lost))
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s", lost);
    else
        rc = iw_rule_test_run_evidence(tests, options, item, &found, &why);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK)
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s", why.message);
    if (found.n_events == 0)
        return add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%s holds no events",
                          item->evidence);
    return judge_findings(tests, item, &found);
}

/* --- all tests --- */

static enum iw_rc judge(struct iw_rule_tests *tests, const struct iw_engine_options *options,
                        struct iw_sigma_scanner *scanner)
{
    for (size_t i = 0; i < tests->n; i++) {
        struct iw_running_test *item = &tests->items[i];
        if (item->test.broken.n != 0)
            IW_TRY(add_result(tests, item, IW_RULE_TEST_BROKEN, NULL, "%.*s",
                              IW_STR_ARG(item->test.broken)));
        else if (item->test.configuration.n != 0)
            IW_TRY(add_result(tests, item, IW_RULE_TEST_SKIPPED, NULL,
                              "configuration is not read by this version"));
        else if (item->is_correlation)
            IW_TRY(run_correlation(tests, options, item));
        else if (item->evidence != NULL)
            IW_TRY(run_evidence(tests, options, item));
        else
            IW_TRY(run_inline(tests, scanner, item));
    }
    return IW_OK;
}

/* Adds a note on a rule or correlation that is not tested both ways. *seen*: 1 must match, 2 must
 * not. */
static enum iw_rc note_rule(struct iw_rule_tests *tests, struct iw_str title, unsigned seen,
                            struct iw_str *notes, size_t *n_notes)
{
    struct iw_buffer words;
    /* Of the built-in rules, which are only the default, those the tests speak of. */
    if (seen == 3 || (seen == 0 && tests->is_builtin))
        return IW_OK;
    iw_buffer_init(&words);
    iw_buffer_add(&words, title);
    iw_buffer_add(&words, seen == 0   ? IW_STR(": no test")
                          : seen == 1 ? IW_STR(": no test that must not match")
                                      : IW_STR(": no test that must match"));
    notes[*n_notes] = words.failed ? (struct iw_str){NULL, 0}
                                   : iw_arena_copy(&tests->report->arena, iw_buffer_str(&words));
    iw_buffer_done(&words);
    return notes[(*n_notes)++].p != NULL ? IW_OK : IW_ENOMEM;
}

/* Rules nobody tests both ways, then correlations. */
static enum iw_rc note_untested(struct iw_rule_tests *tests)
{
    const struct iw_sigma_ruleset *ruleset = tests->book->ruleset;
    size_t n_rules = iw_sigma_ruleset_count(ruleset), n_notes = 0;
    size_t n = n_rules + iw_correlate_count(ruleset);
    struct iw_rule_test_report *report = tests->report;
    uint8_t *seen = iw_arena_calloc(&tests->arena, n + 1, 1);
    struct iw_str *notes = iw_arena_calloc(&report->arena, n + 1, sizeof *notes);
    if (seen == NULL || notes == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < tests->n; i++) {
        const struct iw_running_test *item = &tests->items[i];
        if (item->is_ready)
            seen[item->is_correlation ? n_rules + item->rule : item->rule] |=
                item->test.wants_match ? 1 : 2;
    }
    for (size_t i = 0; i < n; i++) {
        const struct iw_sigma_rule *rule = i < n_rules ? iw_sigma_ruleset_rule(ruleset, i)
                                                       : iw_correlate_rule(ruleset, i - n_rules);
        IW_TRY(note_rule(tests, rule->title, seen[i], notes, &n_notes));
    }
    report->notes = (struct iw_text_list){notes, n_notes};
    return IW_OK;
}

/* --- reading tests --- */

/* A path of a test, which is relative to the folder of its file. NULL: no memory. */
static const char *beside(struct iw_arena *arena, const char *file, struct iw_str path)
{
    const char *slash = strrchr(file, '/');
    size_t n = slash != NULL && path.p[0] != '/' ? (size_t)(slash - file) + 1 : 0;
    char *out = iw_arena_alloc(arena, n + path.n + 1);
    if (out == NULL)
        return NULL;
    memcpy(out, file, n);
    memcpy(out + n, path.p, path.n);
    out[n + path.n] = '\0';
    return out;
}

static enum iw_rc break_item(struct iw_rule_tests *tests, struct iw_running_test *item,
                             const char *what, const char *detail)
{
    char words[512];
    (void)snprintf(words, sizeof words, "%s%s", what, detail);
    item->test.broken = iw_arena_copy(&tests->arena, iw_str_of(words));
    return item->test.broken.p != NULL ? IW_OK : IW_ENOMEM;
}

static bool is_named(const struct iw_sigma_rule *rule, struct iw_str name)
{
    return iw_str_equal(rule->title, name) || iw_str_equal_nocase(rule->id, name);
}

static enum iw_rc find_rule(struct iw_rule_tests *tests, struct iw_running_test *item)
{
    const struct iw_sigma_ruleset *ruleset = tests->book->ruleset;
    size_t n_found = 0;
    for (size_t i = 0; i < iw_sigma_ruleset_count(ruleset); i++) {
        if (!is_named(iw_sigma_ruleset_rule(ruleset, i), item->test.rule))
            continue;
        item->rule = i;
        n_found++;
    }
    for (size_t i = 0; i < iw_correlate_count(ruleset); i++) {
        if (!is_named(iw_correlate_rule(ruleset, i), item->test.rule))
            continue;
        item->rule = i;
        item->is_correlation = true;
        n_found++;
    }
    if (n_found == 1)
        return IW_OK;
    return break_item(tests, item, n_found == 0 ? "no loaded rule" : "more than one rule",
                      " has this title or id");
}

/* Rules are asked about single events, correlations about all there are. */
static enum iw_rc check_form(struct iw_rule_tests *tests, struct iw_running_test *item)
{
    const struct iw_rule_test *test = &item->test;
    if (item->is_correlation && (test->has_event || test->counts || test->record_id != 0))
        return break_item(tests, item,
                          "it is a correlation: it takes events or evidence, and match, findings "
                          "or groups",
                          "");
    if (!item->is_correlation && (test->has_events || test->counts_findings || test->counts_groups))
        return break_item(tests, item,
                          "events, findings and groups are for correlations, and it is a rule", "");
    return IW_OK;
}

static enum iw_rc prepare(struct iw_rule_tests *tests, struct iw_running_test *item)
{
    if (item->test.broken.n == 0)
        IW_TRY(find_rule(tests, item));
    if (item->test.broken.n == 0)
        IW_TRY(check_form(tests, item));
    if (item->test.broken.n == 0 && item->test.evidence.n != 0) {
        item->evidence = beside(&tests->report->arena, item->file, item->test.evidence);
        if (item->evidence == NULL)
            return IW_ENOMEM;
        if (access(item->evidence, R_OK) != 0)
            IW_TRY(break_item(tests, item, "evidence cannot be read: ", item->evidence));
    }
    if (item->test.broken.n == 0 && item->test.configuration.n != 0) {
        const char *path = beside(&tests->arena, item->file, item->test.configuration);
        if (path == NULL)
            return IW_ENOMEM;
        if (access(path, R_OK) != 0)
            IW_TRY(break_item(tests, item, "configuration cannot be read: ", path));
    }
    item->is_ready = item->test.broken.n == 0 && item->test.configuration.n == 0;
    return IW_OK;
}

static enum iw_rc add_broken_file(struct iw_rule_tests *tests, const char *file,
                                  const struct iw_error *why)
{
    struct iw_running_test item = {.file = file, .test = {.line = why->line}};
    return add_result(tests, &item, IW_RULE_TEST_BROKEN, NULL, "%s", why->message);
}

static enum iw_rc read_file(struct iw_rule_tests *tests, const char *file)
{
    struct iw_error why = {.rc = IW_OK};
    struct iw_rule_test *read;
    struct iw_str text;
    size_t n;
    enum iw_rc rc = iw_file_read(file, IW_LIMIT_RULE_FILE_BYTES, &tests->arena, &text, &why);
    if (rc == IW_OK)
        rc = iw_rule_tests_read(text, &tests->book->names, &tests->arena, &read, &n, &why);
    if (rc == IW_ENOMEM)
        return rc;
    if (rc != IW_OK)
        return add_broken_file(tests, file, &why);
    if (!iw_array_reserve(&tests->items, &tests->cap, tests->n + n + 1, sizeof *tests->items))
        return IW_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        tests->items[tests->n] = (struct iw_running_test){.test = read[i], .file = file};
        IW_TRY(prepare(tests, &tests->items[tests->n++]));
    }
    return IW_OK;
}

struct hunting_rules {
    struct iw_rulebook book;
    struct iw_run run; /* for their account alone: what is told of rules is that of the others */
};

static bool has_evidence(const struct iw_rule_tests *tests)
{
    for (size_t i = 0; i < tests->n; i++) {
        if (tests->items[i].is_ready && tests->items[i].evidence != NULL)
            return true;
    }
    return false;
}

/* Where the rule of a test is among the rules as a hunt has them: made of the same documents. */
static size_t hunted_of(const struct iw_rule_tests *tests, const struct iw_running_test *item)
{
    const struct iw_sigma_ruleset *hunting = tests->hunting->ruleset;
    size_t n = item->is_correlation ? iw_correlate_count(hunting) : iw_sigma_ruleset_count(hunting);
    size_t entry = item->is_correlation
                       ? iw_correlate_rule(tests->book->ruleset, item->rule)->account_index
                       : iw_sigma_ruleset_rule(tests->book->ruleset, item->rule)->account_index;
    size_t at = 0;
    while (at < n && (item->is_correlation ? iw_correlate_rule(hunting, at)
                                           : iw_sigma_ruleset_rule(hunting, at))
                             ->account_index != entry)
        at++;
    assert(at < n); /* what is loaded does not depend on who answers for context */
    return at;
}

static void find_hunted(struct iw_rule_tests *tests)
{
    for (size_t i = 0; i < tests->n; i++) {
        if (tests->items[i].is_ready && tests->items[i].evidence != NULL)
            tests->items[i].hunted = hunted_of(tests, &tests->items[i]);
    }
}

/* The rules as a hunt has them, where tests are over evidence. */
static enum iw_rc read_evidence(struct iw_rule_tests *tests,
                                const struct iw_engine_options *options,
                                const struct iw_rule_choice *choice, struct hunting_rules *hunting,
                                struct iw_error *err)
{
    struct iw_rule_choice hunted = *choice;
    hunted.takes_context = false;
    hunted.is_hunt = true;
    IW_TRY(iw_rulebook_open(&hunting->book, &hunted, &hunting->run, err));
    tests->hunting = &hunting->book;
    find_hunted(tests);
    return iw_rule_tests_read_evidence(tests, options, err);
}

static enum iw_rc run_all(struct iw_rule_tests *tests, const struct iw_engine_options *options,
                          const char *const *files, size_t n_files,
                          const struct iw_rule_choice *choice, struct hunting_rules *hunting,
                          struct iw_error *err)
{
    struct iw_sigma_scanner *scanner = NULL;
    enum iw_rc rc = IW_OK;
    for (size_t i = 0; i < n_files && rc == IW_OK; i++)
        rc = read_file(tests, files[i]);
    tests->report->n_files = n_files;
    if (rc == IW_OK && has_evidence(tests))
        IW_TRY(read_evidence(tests, options, choice, hunting, err));
    if (rc == IW_OK) {
        scanner = iw_sigma_scanner_new(tests->book->ruleset);
        rc = scanner != NULL ? judge(tests, options, scanner) : IW_ENOMEM;
    }
    iw_sigma_scanner_free(scanner);
    if (rc == IW_OK)
        rc = note_untested(tests);
    return rc == IW_OK ? IW_OK : iw_error_set(err, rc, "no memory");
}

/* The rules to be tested: folders that hold tests, and those of --rules; with none, the built-in
 * ones. */
static enum iw_rc choose_rules(const struct iw_rule_choice *rules, const char *const *paths,
                               size_t n_paths, struct iw_arena *arena, struct iw_rule_choice *ret)
{
    const char **chosen = iw_arena_calloc(arena, rules->n_paths + n_paths + 1, sizeof *chosen);
    size_t n = 0;
    if (chosen == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < rules->n_paths; i++)
        chosen[n++] = rules->paths[i];
    for (size_t i = 0; i < n_paths; i++) {
        bool is_new = iw_rule_tests_is_rule_folder(paths[i]);
        for (size_t k = 0; k < n && is_new; k++)
            is_new = strcmp(chosen[k], paths[i]) != 0;
        if (is_new)
            chosen[n++] = paths[i];
    }
    *ret = (struct iw_rule_choice){.paths = chosen,
                                   .n_paths = n,
                                   .no_builtin = n != 0,
                                   .placeholders_path = rules->placeholders_path,
                                   .takes_context = true};
    return IW_OK;
}

enum iw_rc iw_engine_rules_test(const struct iw_engine_options *options,
                                const struct iw_rule_choice *rules, const char *const *paths,
                                size_t n_paths, struct iw_run *run,
                                struct iw_rule_test_report *report, struct iw_error *err)
{
    struct iw_rule_tests tests = {.run = run, .report = report};
    struct iw_rule_choice choice = {.paths = NULL};
    struct iw_rulebook book = {.ruleset = NULL};
    struct hunting_rules hunting = {.book = {.ruleset = NULL}};
    const char *const *files = NULL;
    size_t n_files = 0;
    enum iw_rc rc;

    iw_arena_init(&tests.arena, 0);
    iw_run_init(&hunting.run);
    rc = iw_rule_tests_find(paths, n_paths, &tests.arena, &files, &n_files, err);
    if (rc == IW_OK && n_files == 0)
        rc = iw_error_set(err, IW_EUSAGE, "no rule tests (*.yml) found");
    if (rc == IW_OK && choose_rules(rules, paths, n_paths, &tests.arena, &choice) != IW_OK)
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    if (rc == IW_OK)
        rc = iw_rulebook_open(&book, &choice, run, err);
    tests.book = &book;
    tests.is_builtin = rc == IW_OK && !choice.no_builtin;
    if (rc == IW_OK)
        rc = run_all(&tests, options, files, n_files, &choice, &hunting, err);
    iw_rulebook_close(&hunting.book);
    iw_run_done(&hunting.run);
    iw_rulebook_close(&book);
    iw_free(tests.items);
    iw_arena_done(&tests.arena);
    return rc;
}
