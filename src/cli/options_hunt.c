#include "cli/options_hunt.h"

#include "cli/options_baseline.h"
#include "cli/options_coverage.h"
#include "cli/options_server.h"

enum iw_rc iw_hunt_check(const struct iw_arguments *arguments, struct iw_error *err)
{
    if (arguments->rules.n != 0 && arguments->only_rules.n != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--rules adds to the built-in rules, --only-rules replaces them: "
                            "give one of the two");
    if (iw_time_known(arguments->since_ns) && iw_time_known(arguments->until_ns) &&
        arguments->since_ns > arguments->until_ns)
        return iw_error_set(err, IW_EUSAGE, "--since is later than --until");
    IW_TRY(iw_baseline_check_paths(arguments, err));
    IW_TRY(iw_server_options_check(arguments, err));
    IW_TRY(iw_coverage_options_check(arguments, err));
    IW_TRY(iw_session_check_paths("--rules", &arguments->rules, err));
    IW_TRY(iw_session_check_path("--placeholders", arguments->placeholders, err));
    IW_TRY(iw_session_check_path("--settings", arguments->settings_file, err));
    return iw_session_check_paths("--only-rules", &arguments->only_rules, err);
}

enum iw_rc iw_hunt_read(struct iw_session *session, struct iw_error *err)
{
    const struct iw_arguments *arguments = session->arguments;
    bool only = arguments->only_rules.n != 0;
    const struct iw_word_list *rules = only ? &arguments->only_rules : &arguments->rules;
    struct iw_hunt_options options = {
        .rule_paths = (const char *const *)rules->items,
        .n_rule_paths = rules->n,
        .no_builtin = only,
        .placeholders_path = arguments->placeholders,
        .settings = (const char *const *)arguments->settings.items,
        .n_settings = arguments->settings.n,
        .settings_path = arguments->settings_file,
        .since_ns = arguments->since_ns,
        .until_ns = arguments->until_ns,
        .canary = session->canary,
        .by_rule = arguments->by_rule || arguments->of_rule != NULL,
        .of_rule = arguments->of_rule,
        .fire_every = arguments->correlation_fire == IW_FIRE_EVERY,
    };
    struct iw_engine_options engine = iw_session_engine_options(session);
    enum iw_rc rc;
    iw_server_options_of(arguments, &options.servers);
    iw_baseline_server_options(arguments, &options.servers);
    iw_coverage_options_of(arguments, &options);
    rc = iw_engine_hunt(&engine, &options, &session->run, err);
    return iw_session_end_reading(session, rc);
}

int iw_blind_status(const struct iw_arguments *arguments, const struct iw_run *run)
{
    const struct iw_coverage *coverage = &run->coverage;
    if (!arguments->fail_on_blind)
        return IW_EXIT_NOTHING;
    for (size_t i = 0; i < coverage->n_records; i++) {
        if (coverage->records[i].verdict == IW_VERDICT_BLIND)
            return IW_EXIT_BLIND;
    }
    return coverage->n_records == 0 ? IW_EXIT_BLIND : IW_EXIT_NOTHING; /* of nothing at all */
}

int iw_loss_status(const struct iw_arguments *arguments, const struct iw_run *run)
{
    bool is_refused = run->rules.n_by_state[IW_RULE_REFUSED] != 0 || run->n_refused_records != 0;
    return iw_ledger_has_loss(&run->ledger) || run->baseline == IW_RUN_BASELINE_REFUSED ||
                   (arguments->strict && is_refused)
               ? IW_EXIT_LOSS
               : IW_EXIT_NOTHING;
}

int iw_hunt_status(const struct iw_arguments *arguments, const struct iw_run *run)
{
    int level = arguments->fail_level >= 0 ? arguments->fail_level : (int)IW_LEVEL_MEDIUM;
    int status = IW_EXIT_NOTHING;
    for (; level < (int)IW_LEVEL_COUNT; level++) {
        if (run->findings.n_by_level[level] != 0)
            status = IW_EXIT_FINDINGS;
    }
    return status + iw_loss_status(arguments, run) + iw_blind_status(arguments, run);
}
