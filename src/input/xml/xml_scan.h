/**
 * The head of an event read off its text without a parser: for routing, where nobody may want it.
 */
#ifndef IW_INPUT_XML_SCAN_H
#define IW_INPUT_XML_SCAN_H

#include "event/builder.h"

/**
 * Reads System where it stands first and is written as Windows writes it: plain ASCII, elements it
 * knows, each once. Texts of *ret* are borrowed. False: not sure, ask a parser.
 */
bool xml_scan_head(struct iw_str event, struct iw_event_head *ret);

/** Whether <System> seems to begin twice in an event; may take text for one. */
bool xml_scan_has_two_systems(struct iw_str event);

#endif
