/**
 * What a finding shows of an event, whatever rule matched it: copied out of the batch.
 */
#ifndef IW_ENGINE_EVENT_FINDING_H
#define IW_ENGINE_EVENT_FINDING_H

#include "event/event.h"
#include "result/finding.h"

/**
 * Makes a finding without a rule, of what the record itself says: no time, host, source or offset,
 * so that copies of one event give the same bytes; these are the fact's (engine/match.h). `anchor`
 * holds the process alone (ProcessGuid or process id, lower case).
 *
 * @param arena    gets the finding's texts and lists
 * @param scratch  reset by the caller
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_event_finding_make(const struct iw_event *event, struct iw_arena *arena,
                                 struct iw_arena *scratch, struct iw_finding *ret);

#endif
