/**
 * Modules that a worker could not load (W3SVC-WP 2280 and its like name the DLL), beside the rule's
 * finding about the change that registered them: one act, one finding, with both events. Where a
 * configuration is in evidence, findings about components show both already.
 */
#ifndef IW_ENGINE_FAILED_LOADS_H
#define IW_ENGINE_FAILED_LOADS_H

#include "context/server_events.h"
#include "engine/told_components.h"
#include "result/ledger.h"

struct iw_failed_loads {
    const struct iw_server_facts *facts;
    const struct iw_ledger *ledger;
    struct iw_told_components *told;
    struct iw_map by_dll;        /* host and DLL → struct iw_failed_load * */
    struct iw_arena arena, work; /* work: of one finding */
};

/** Lays ready what did not load. *facts* are settled; all live longer. Done is needed in every
 * case. IW_OK or IW_ENOMEM. */
enum iw_rc iw_failed_loads_init(struct iw_failed_loads *loads, const struct iw_server_facts *facts,
                                const struct iw_ledger *ledger, struct iw_told_components *told);
void iw_failed_loads_done(struct iw_failed_loads *loads);

/**
 * Of a rule's finding about event 29 (AN0184) whose new value is a DLL that a worker of that host
 * could not load: adds a line to `why` and the first such event as evidence (load_failure), and
 * tells *told*, so that rules' findings about these events that come later in time are not put
 * beside it. Other findings are left as they are.
 *
 * @param finding  its host is settled; its new texts live until the next call
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_failed_loads_join(struct iw_failed_loads *loads, struct iw_finding *finding);

#endif
