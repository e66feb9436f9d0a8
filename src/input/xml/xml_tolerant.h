/**
 * The second parser: for events that are not quite XML. What no text may hold becomes U+FFFD, what
 * is no markup is text, tags that do not fit together are made to.
 */
#ifndef IW_INPUT_XML_TOLERANT_H
#define IW_INPUT_XML_TOLERANT_H

#include "input/xml/xml_collect.h"

/**
 * Feeds an event to *collector*, which was begun and is not ended here. Cannot fail but by memory
 * (collector->rc).
 *
 * @param is_whole  false: the event ends in the middle; a tag or reference it ends in is left out
 * @return things that had to be repaired
 */
uint64_t xml_tolerant_read(struct iw_str event, bool is_whole, struct xml_collector *collector);

#endif
