/**
 * Events for tests from flat YAML or JSON maps: `Channel`, `EventID`, `Provider_Name` and
 * `Computer` make the head, every other key is a field; a list is a field that occurs several
 * times, null a null value. EventID gets the type it has in EVTX (u16), everything else is text.
 */
#ifndef IW_TESTS_SUPPORT_FLAT_EVENT_H
#define IW_TESTS_SUPPORT_FLAT_EVENT_H

#include "event/event.h"
#include "base/yaml_node.h"

/** Everything lives in *arena*. False: no memory, or *map* is not a map of scalars and lists. */
bool flat_event_from_yaml(const struct iw_yaml_node *map, const struct iw_names *names,
                          struct iw_arena *arena, struct iw_event *ret);

/** The same from text that holds one map. */
bool flat_event_from_text(const char *yaml, const struct iw_names *names, struct iw_arena *arena,
                          struct iw_event *ret);

#endif
