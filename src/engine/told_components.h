/**
 * Events that findings about components show: what a rule says of one of them would tell the same
 * act again, and is told there. So is that a worker could not load a DLL (W3SVC-WP 2280 and its
 * like, again and again), where a finding shows it once.
 *
 * Filled by findings about components of medium and above, asked by findings of rules. Bounded
 * (IW_LIMIT_TOLD_EVENTS); past that rules tell for themselves. One thread at a time.
 */
#ifndef IW_ENGINE_TOLD_COMPONENTS_H
#define IW_ENGINE_TOLD_COMPONENTS_H

#include "base/map.h"
#include "result/finding.h"

struct iw_told_components {
    struct iw_map by_event; /* host, channel, record, time → the highest level + 1 */
    struct iw_arena arena;
    struct iw_map by_dll; /* host and DLL that did not load → the same */
    uint64_t n_folded;    /* findings of rules that are told there */
};

void iw_told_components_init(struct iw_told_components *told);
void iw_told_components_done(struct iw_told_components *told);
/** A finding that will be shown; other kinds, and levels below medium, are left out. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_told_components_tell(struct iw_told_components *told,
                                   const struct iw_finding *finding);
/** That the DLL of a key (iw_told_dll_key, whose bytes live longer) did not load is shown by a
 * finding of that level. IW_OK or IW_ENOMEM. */
enum iw_rc iw_told_components_tell_dll(struct iw_told_components *told, struct iw_str key,
                                       enum iw_level level);
/** Host and DLL, variables replaced and letter case out. p NULL: no memory. */
struct iw_str iw_told_dll_key(struct iw_str host, struct iw_str path, struct iw_arena *arena);
/** Whether a rule's finding is told by one about a component: its event stands there at the same
 * level or above, the rule is about components (AN0184) and medium at most, and no change record
 * speaks of the act. Counts what it answers with yes. IW_OK or IW_ENOMEM. */
enum iw_rc iw_told_components_ask(struct iw_told_components *told, const struct iw_finding *finding,
                                  bool *ret_is_told);

#endif
