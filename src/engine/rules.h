/**
 * What is done with rules rather than with evidence: the side of the engine behind `rules`.
 */
#ifndef IW_ENGINE_RULES_H
#define IW_ENGINE_RULES_H

#include "engine/engine.h"
#include "result/explanation.h"
#include "result/rule_problem.h"
#include "result/rule_test_report.h"

/** Which rules are meant. */
struct iw_rule_choice {
    const char *const *paths; /* files and folders */
    size_t n_paths;
    bool no_builtin;
    const char *placeholders_path; /* --placeholders or NULL */
    bool takes_context; /* correlations are run, and context fields come with the event: a test */
    bool is_hunt; /* correlations are run, and context is asked; with neither both are "not yet" */
};

/** `rules list`: fills run->rules, which the caller initialised, as a hunt would. IW_OK; IW_EIO (a
 * path); IW_EUSAGE (the file of placeholders); IW_ENOMEM. */
enum iw_rc iw_engine_rules_list(const struct iw_rule_choice *choice, struct iw_run *run,
                                struct iw_error *err);

/** `rules check`: the same, and what is wrong with the rules. Codes as before. */
enum iw_rc iw_engine_rules_check(const struct iw_rule_choice *choice, struct iw_run *run,
                                 struct iw_rule_problems *problems, struct iw_error *err);

/** Every check there is, by name; *ret_n is their number. */
const struct iw_rule_check *iw_engine_rule_checks(size_t *ret_n);

struct iw_explain_options {
    struct iw_rule_choice rules;
    struct iw_server_options servers; /* what context stands on beside the evidence */
    const char *rule;                 /* a file, an id, a title or a part of one */
    const char *const *where;
    size_t n_where;
    uint64_t record_id; /* 0: any */
    size_t limit;       /* events shown */
};

/**
 * `rules explain`: reads evidence and fills run (ledger, telemetry, rules) and *report*, both
 * initialised by the caller. IW_OK also when the rule was not found or is ambiguous
 * (report->is_found); IW_EUSAGE for a rule that is not loaded; else codes as iw_engine_hunt.
 */
enum iw_rc iw_engine_rules_explain(const struct iw_engine_options *options,
                                   const struct iw_explain_options *explain, struct iw_run *run,
                                   struct iw_explain_report *report, struct iw_error *err);

/**
 * `rules test`: runs the tests of files, or of folders and their `tests` folders. *options* says
 * how evidence that a test names is read (its paths are not used). run->ledger gets that evidence.
 * IW_OK also when tests failed; IW_EIO (a path); IW_EUSAGE (no test file found); IW_ENOMEM.
 */
enum iw_rc iw_engine_rules_test(const struct iw_engine_options *options,
                                const struct iw_rule_choice *rules, const char *const *paths,
                                size_t n_paths, struct iw_run *run,
                                struct iw_rule_test_report *report, struct iw_error *err);

#endif
