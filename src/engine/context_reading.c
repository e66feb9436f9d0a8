#include "engine/context_reading.h"

static enum iw_rc no_memory(struct iw_error *err)
{
    return iw_error_set(err, IW_ENOMEM, "no memory");
}

enum iw_rc iw_context_reading_init(struct iw_context_reading *reading,
                                   const struct iw_context_reading_input *input, struct iw_run *run)
{
    reading->input = *input;
    reading->run = run;
    reading->gathering.needs_context = input->needs_context;
    return iw_gathering_init(&reading->gathering, run, input->book->ruleset, input->spill,
                             2 * input->budget_bytes);
}

void iw_context_reading_done(struct iw_context_reading *reading)
{
    iw_servers_close(&reading->servers);
    iw_rule_changes_done(&reading->rule_changes);
    iw_web_places_free(reading->places);
    iw_gathering_done(&reading->gathering);
}

static enum iw_rc settle_servers(struct iw_context_reading *reading,
                                 const struct iw_server_facts *facts)
{
    struct iw_gathering *gathering = &reading->gathering;
    struct iw_run *run = reading->run;
    IW_TRY(iw_servers_settle(&reading->servers, &gathering->trees, &gathering->hosts,
                             reading->input.options, facts, run));
    reading->places = iw_web_places_new(&run->inventory);
    if (reading->places == NULL)
        return IW_ENOMEM;
    return iw_rule_changes_init(&reading->rule_changes, reading->servers.approvals.changes,
                                gathering->sid_names, &run->inventory);
}

static enum iw_rc settle(struct iw_context_reading *reading, struct iw_error *err)
{
    struct iw_server_facts facts = {0};
    enum iw_rc rc = iw_gathering_settle(&reading->gathering, &facts);
    if (rc == IW_OK && reading->input.needs_context)
        rc = settle_servers(reading, &facts);
    if (rc != IW_OK)
        return no_memory(err);
    return iw_gathering_settle_order(&reading->gathering, err);
}

static enum iw_rc read_all(struct iw_context_reading *reading, struct iw_pass0 *pass0,
                           const struct iw_route *route, const struct iw_consumer *consumer,
                           struct iw_error *err)
{
    const struct iw_context_reading_input *input = &reading->input;
    struct iw_pipeline pipeline = {input->options, &input->book->names, route, &pass0->evidence,
                                   reading->run};
    if (input->needs_context)
        IW_TRY(iw_servers_read(&reading->servers, input->options, pass0, reading->run, err));
    if (iw_gathering_know_ledger(&reading->gathering) != IW_OK)
        return no_memory(err);
    return iw_pipeline_run(&pipeline, consumer, err);
}

enum iw_rc iw_context_reading_run(struct iw_context_reading *reading, const struct iw_route *route,
                                  const struct iw_consumer *consumer, struct iw_error *err)
{
    const struct iw_context_reading_input *input = &reading->input;
    struct iw_pass0 pass0;
    enum iw_rc rc;
    if (input->needs_context)
        IW_TRY(iw_servers_open(&reading->servers, input->servers, err));
    rc = iw_pass0_run(input->options, reading->run, &pass0, err);
    if (rc == IW_OK)
        rc = read_all(reading, &pass0, route, consumer, err);
    iw_pass0_done(&pass0);
    IW_TRY(rc);
    return settle(reading, err);
}

enum iw_rc iw_context_reading_pass(struct iw_context_reading *reading,
                                   const struct iw_context_pass *wanted, struct iw_error *err)
{
    struct iw_context_pass pass = *wanted;
    pass.order = reading->gathering.order;
    pass.ruleset = reading->gathering.ruleset;
    pass.names = &reading->input.book->names;
    pass.places = reading->places;
    pass.sid_names = reading->gathering.sid_names;
    pass.rule_changes = &reading->rule_changes;
    return iw_context_pass_run(&pass, reading->run, err);
}
