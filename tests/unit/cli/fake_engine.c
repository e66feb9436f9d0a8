/*
 * An engine for tests: linked in place of engine/.
 */
#include "fake_engine.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct fake_engine fake_engine;

void fake_engine_reset(void)
{
    memset(&fake_engine, 0, sizeof fake_engine);
}

static void keep(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text != NULL ? text : "");
}

static enum iw_rc work(const struct iw_engine_options *options, struct iw_run *run,
                       struct iw_error *err)
{
    fake_engine.n_calls++;
    fake_engine.options = *options;
    keep(fake_engine.first_path, sizeof fake_engine.first_path, options->paths[0]);
    keep(fake_engine.host, sizeof fake_engine.host, options->host);
    if (options->ready != NULL)
        options->ready(options->ready_context);
    if (fake_engine.rc != IW_OK)
        return iw_error_set(err, fake_engine.rc, "the engine says %s", iw_rc_name(fake_engine.rc));
    if (fake_engine.fill != NULL)
        fake_engine.fill(run);
    if (fake_engine.interrupts)
        (void)raise(SIGINT);
    fake_engine.was_cancelled = atomic_load(options->cancelled);
    run->interrupted = fake_engine.was_cancelled;
    return IW_OK;
}

enum iw_rc iw_engine_hunt(const struct iw_engine_options *options,
                          const struct iw_hunt_options *hunt, struct iw_run *run,
                          struct iw_error *err)
{
    fake_engine.hunt = *hunt;
    keep(fake_engine.baseline, sizeof fake_engine.baseline, hunt->servers.baseline_path);
    keep(fake_engine.canary, sizeof fake_engine.canary,
         hunt->canary != NULL ? hunt->canary->path : NULL);
    keep(fake_engine.first_rule, sizeof fake_engine.first_rule,
         hunt->n_rule_paths != 0 ? hunt->rule_paths[0] : NULL);
    return work(options, run, err);
}

enum iw_rc iw_engine_events(const struct iw_engine_options *options,
                            const struct iw_events_options *events,
                            const struct iw_event_sink *sink, struct iw_run *run,
                            struct iw_error *err)
{
    fake_engine.events = *events;
    keep(fake_engine.first_where, sizeof fake_engine.first_where,
         events->n_where != 0 ? events->where[0] : NULL);
    for (size_t i = 0; i < events->n_fields && i < 4; i++)
        keep(fake_engine.fields[i], sizeof fake_engine.fields[i], events->fields[i]);
    IW_TRY(work(options, run, err));
    for (size_t i = 0; i < fake_engine.n_events && !events->profile_only; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "{\"schema\":\"iiswarden.event/1\",\"n\":%zu}", i);
        IW_TRY(sink->write(sink->context, (struct iw_str){line, (size_t)n}, err));
    }
    return IW_OK;
}

enum iw_rc iw_engine_inventory(const struct iw_engine_options *options,
                               const struct iw_server_options *servers, struct iw_run *run,
                               struct iw_error *err)
{
    fake_engine.servers = *servers;
    keep(fake_engine.baseline, sizeof fake_engine.baseline, servers->baseline_path);
    keep(fake_engine.first_trust, sizeof fake_engine.first_trust,
         servers->n_trust_paths != 0 ? servers->trust_paths[0] : NULL);
    keep(fake_engine.first_web_root, sizeof fake_engine.first_web_root,
         servers->n_web_roots != 0 ? servers->web_roots[0] : NULL);
    return work(options, run, err);
}

enum iw_rc iw_engine_rules_list(const struct iw_rule_choice *choice, struct iw_run *run,
                                struct iw_error *err)
{
    fake_engine.n_calls++;
    fake_engine.choice = *choice;
    if (fake_engine.rc != IW_OK)
        return iw_error_set(err, fake_engine.rc, "the engine says %s", iw_rc_name(fake_engine.rc));
    if (fake_engine.fill != NULL)
        fake_engine.fill(run);
    return IW_OK;
}

enum iw_rc iw_engine_rules_check(const struct iw_rule_choice *choice, struct iw_run *run,
                                 struct iw_rule_problems *problems, struct iw_error *err)
{
    IW_TRY(iw_engine_rules_list(choice, run, err));
    for (size_t i = 0; i < fake_engine.n_problems; i++)
        IW_TRY(iw_rule_problems_add(problems, &fake_engine.problems[i]));
    return IW_OK;
}

const struct iw_rule_check *iw_engine_rule_checks(size_t *ret_n)
{
    static const struct iw_rule_check CHECK = {"a-check", IW_SEVERITY_NOTE, "what it says"};
    *ret_n = 1;
    return &CHECK;
}

enum iw_rc iw_engine_rules_explain(const struct iw_engine_options *options,
                                   const struct iw_explain_options *explain, struct iw_run *run,
                                   struct iw_explain_report *report, struct iw_error *err)
{
    fake_engine.explain = *explain;
    keep(fake_engine.first_rule, sizeof fake_engine.first_rule, explain->rule);
    report->is_found = fake_engine.finds_rule;
    return work(options, run, err);
}

enum iw_rc iw_engine_rules_test(const struct iw_engine_options *options,
                                const struct iw_rule_choice *rules, const char *const *paths,
                                size_t n_paths, struct iw_run *run,
                                struct iw_rule_test_report *report, struct iw_error *err)
{
    const struct iw_rule_test_result result = {.state = fake_engine.test_state,
                                               .file = IW_STR("t.yml"),
                                               .rule = IW_STR("r"),
                                               .why = IW_STR("w"),
                                               .reason = IW_STR("x")};
    (void)paths;
    fake_engine.n_test_paths = n_paths;
    fake_engine.options = *options;
    IW_TRY(iw_engine_rules_list(rules, run, err));
    return iw_rule_test_report_add(report, &result);
}
