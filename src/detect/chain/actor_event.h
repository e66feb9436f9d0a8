/**
 * Who did something, as evidence: the start of a process and the logon it ran under, as the context
 * of the host knows them at that moment, kept for as long as a finding may ask for them.
 */
#ifndef IW_DETECT_ACTOR_EVENT_H
#define IW_DETECT_ACTOR_EVENT_H

#include "context/host_context.h"
#include "result/finding.h"
#include "result/ledger.h"

/** The event of a start. Event id 0: it is not in evidence. */
struct iw_actor_event {
    struct iw_event_place place;
    struct iw_str fields_json; /* a JSON object of canonical names */
};

/** *process* may be NULL: nothing is known. Texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_actor_of_process(const struct iw_process *process, struct iw_arena *arena,
                               struct iw_actor_event *ret);
/** The logon *logon* of *logons*, which may be NULL. An address that its other token alone has is
 * told too. Texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_actor_of_logon(const struct iw_logons *logons, const struct iw_logon *logon,
                             struct iw_arena *arena, struct iw_actor_event *ret);
/** The item of evidence; *ledger* may be NULL. Texts are borrowed, *role* as well. */
struct iw_evidence_item iw_actor_item(const struct iw_actor_event *event, const char *role,
                                      const struct iw_ledger *ledger);

#endif
