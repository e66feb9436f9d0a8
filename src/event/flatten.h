/**
 * Events as flat NDJSON: the form in which they are shown, kept in findings and exchanged
 * (docs/DATA-MODEL.md).
 *
 * Keys are the field names; a name that occurs several times becomes an array; an unnamed `<Data>`
 * is `Data` (an array, always); a payload field that is spelled like a system field is written as
 * `UserData.Name` or `EventData.Name`, and so is one that begins like
 * a key of ours (`EventData.`, `UserData.`, `RenderingInfo.`, `Web.`). Values are text as Windows
 * writes it, but EventID, EventRecordID, Level, Version, Task, Opcode, Execution_ProcessID,
 * Execution_ThreadID and EventID_Qualifiers, which are numbers.
 */
#ifndef IW_EVENT_FLATTEN_H
#define IW_EVENT_FLATTEN_H

#include "base/json.h"
#include "event/event.h"

/**
 * Appends the members of the flat object (without braces) to *json*, which stands inside an object.
 * *scratch* is used for decoded text; the caller resets it. Missing memory shows as
 * json->out->failed.
 */
void iw_event_flatten(const struct iw_event *event, struct iw_json *json, struct iw_arena *scratch);

/** The same, only the fields whose id is in *ids* (NULL: all), in the order of *ids*. */
void iw_event_flatten_some(const struct iw_event *event, const uint32_t *ids, size_t n_ids,
                           struct iw_json *json, struct iw_arena *scratch);

/** The same, only payload fields (neither System nor RenderingInfo). */
void iw_event_flatten_payload(const struct iw_event *event, struct iw_json *json,
                              struct iw_arena *scratch);

#endif
