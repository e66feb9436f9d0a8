/**
 * Evidence read for a command that says what a hunt would say without hunting: pass 0, pass 1 with
 * a consumer of the command's, and what pass 2 asks about every event: hosts, clocks, servers and
 * their places, names, change records.
 */
#ifndef IW_ENGINE_CONTEXT_READING_H
#define IW_ENGINE_CONTEXT_READING_H

#include "engine/context_pass.h"
#include "engine/pipeline.h"
#include "engine/rulebook.h"
#include "engine/servers.h"

struct iw_context_reading_input {
    const struct iw_engine_options *options;
    const struct iw_server_options *servers; /* what the user knows of them */
    const struct iw_rulebook *book;
    struct iw_spill *spill; /* opened; lives longer */
    size_t budget_bytes;    /* of the sorting */
    bool needs_context;     /* rules ask for it; else servers are not looked at */
};

/** Zero-initialise, then iw_context_reading_init. */
struct iw_context_reading {
    struct iw_context_reading_input input;
    struct iw_run *run;
    struct iw_gathering gathering;
    struct iw_servers servers;
    struct iw_web_places *places;
    struct iw_rule_changes rule_changes;
};

/** *run* and what *input* points to live longer. IW_OK or IW_ENOMEM; done is needed in every case.
 */
enum iw_rc iw_context_reading_init(struct iw_context_reading *reading,
                                   const struct iw_context_reading_input *input,
                                   struct iw_run *run);
void iw_context_reading_done(struct iw_context_reading *reading);

/**
 * Reads the evidence of the options and settles it. run->ledger, telemetry, hosts, notes and, where
 * context is needed, inventory are filled.
 *
 * @param consumer  its threads hold a struct iw_gatherer of reading->gathering
 * @return IW_OK, also when reading was cancelled or cut short (run->interrupted, run->failure);
 * else as iw_engine_hunt
 */
enum iw_rc iw_context_reading_run(struct iw_context_reading *reading, const struct iw_route *route,
                                  const struct iw_consumer *consumer, struct iw_error *err);
/** Then the context pass, with what the command wants of it: *decisions*, *look* and their like;
 * the rest is filled in. Codes as iw_context_pass_run. */
enum iw_rc iw_context_reading_pass(struct iw_context_reading *reading,
                                   const struct iw_context_pass *wanted, struct iw_error *err);

#endif
