/*
 * A correlation over all of the evidence: matches of its rules in event time, seen twice
 * (engine/correlation_why.h).
 */
#include "engine/explain_correlation.h"

#include "base/alloc.h"

static struct iw_correlate_match fed_of(uint64_t ordinal, const struct iw_fact *fact,
                                        const struct iw_match *match)
{
    return (struct iw_correlate_match){.time_ns = fact->time_ns,
                                       .host = fact->host,
                                       .ordinal = ordinal,
                                       .rules = match->rules,
                                       .n_rules = match->n_rules,
                                       .values = match->values,
                                       .n_values = match->n_values};
}

static enum iw_rc feed(void *context, uint64_t ordinal, const struct iw_fact *fact,
                       const struct iw_match *match, struct iw_error *err)
{
    const struct iw_correlate_match fed = fed_of(ordinal, fact, match);
    return iw_correlation_why_feed(context, &fed, err);
}

struct second_reading {
    struct iw_correlation_why *why;
    const struct iw_ledger *ledger;
};

static enum iw_rc see(void *context, uint64_t ordinal, const struct iw_fact *fact,
                      const struct iw_match *match, struct iw_error *err)
{
    struct second_reading *reading = context;
    const struct iw_correlate_match fed = fed_of(ordinal, fact, match);
    const struct iw_source *source = &reading->ledger->sources[fact->place.source];
    const struct iw_explained_step_event shown = {.time_ns = fact->time_ns,
                                                  .host = fact->host,
                                                  .channel = fact->channel,
                                                  .source = source->path,
                                                  .event_id = fact->event_id,
                                                  .record_id = fact->record_id,
                                                  .offset = fact->place.offset,
                                                  .line = fact->place.line,
                                                  .n_copies = fact->n_copies +
                                                              (size_t)fact->n_copies_hidden};
    if (!iw_correlation_why_wants(reading->why, ordinal))
        return IW_OK;
    if (iw_correlation_why_see(reading->why, &fed, &shown) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}

enum iw_rc iw_explain_matches(struct iw_matches *matches, struct iw_correlation_why *why,
                              const struct iw_run *run, const struct iw_explained_correlation **ret,
                              size_t *ret_n, struct iw_error *err)
{
    struct second_reading reading = {why, &run->ledger};
    IW_TRY(iw_matches_each(matches, feed, why, err));
    IW_TRY(iw_correlation_why_finish(why, err));
    IW_TRY(iw_matches_each(matches, see, &reading, err));
    if (iw_correlation_why_tell(why, ret, ret_n) != IW_OK)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    return IW_OK;
}

static enum iw_rc explain_all(const struct iw_engine_options *options,
                              const struct iw_explain_options *explain,
                              const struct iw_rulebook *book, size_t correlation,
                              const bool *wanted, struct iw_run *run,
                              struct iw_explain_report *report, struct iw_error *err)
{
    const struct iw_matches_input input = {.options = options,
                                           .servers = &explain->servers,
                                           .book = book,
                                           .wanted = wanted,
                                           .spill = &run->spill,
                                           .budget_bytes = run->findings.budget_bytes};
    const struct iw_correlation_why_input why_input = {.ruleset = book->ruleset,
                                                       .correlation = correlation,
                                                       .with_parts = true,
                                                       .spill = &run->spill,
                                                       .budget_bytes = run->findings.budget_bytes,
                                                       .limit = explain->limit,
                                                       .arena = &report->arena};
    struct iw_correlation_why *why = iw_correlation_why_new(&why_input);
    struct iw_matches *matches = NULL;
    enum iw_rc rc = why != NULL ? iw_matches_read(&input, run, &matches, err)
                                : iw_error_set(err, IW_ENOMEM, "no memory");
    /* Of a part of the matches everything told could be wrong. */
    if (rc == IW_OK && run->failure.rc != IW_OK)
        rc = iw_error_set(err, run->failure.rc, "%s", run->failure.message);
    if (rc == IW_OK)
        rc = iw_explain_matches(matches, why, run, &report->correlations, &report->n_correlations,
                                err);
    if (rc == IW_OK)
        report->n_events = iw_matches_n_events(matches);
    iw_matches_free(matches);
    iw_correlation_why_free(why);
    return rc;
}

enum iw_rc iw_explain_correlation(const struct iw_engine_options *options,
                                  const struct iw_explain_options *explain,
                                  const struct iw_rulebook *book, size_t correlation,
                                  struct iw_run *run, struct iw_explain_report *report,
                                  struct iw_error *err)
{
    bool *wanted, *inner;
    enum iw_rc rc;
    if (explain->n_where != 0 || explain->record_id != 0)
        return iw_error_set(err, IW_EUSAGE,
                            "--where and --record choose single events: a correlation needs all; "
                            "explain the rules it stands on");
    if (options->sort_bytes != 0)
        run->findings.budget_bytes = options->sort_bytes;
    iw_spill_open(&run->spill); /* before the process is confined */
    wanted = iw_calloc(iw_sigma_ruleset_count(book->ruleset) + 1, sizeof *wanted);
    inner = iw_calloc(iw_correlate_count(book->ruleset) + 1, sizeof *inner);
    if (wanted != NULL && inner != NULL) {
        iw_correlate_mark_rules(book->ruleset, correlation, wanted, inner);
        rc = explain_all(options, explain, book, correlation, wanted, run, report, err);
    } else {
        rc = iw_error_set(err, IW_ENOMEM, "no memory");
    }
    iw_free(wanted);
    iw_free(inner);
    return rc;
}
