/**
 * The first parser: expat, for events that are XML. One document is one event without a prolog, so
 * that there is nothing to declare entities with; nothing outside it is ever asked for.
 */
#ifndef IW_INPUT_XML_EXPAT_H
#define IW_INPUT_XML_EXPAT_H

#include "input/xml/xml_collect.h"

struct xml_expat; /* one per reader, one thread */

/** NULL when there is no memory. */
struct xml_expat *xml_expat_new(void);
void xml_expat_free(struct xml_expat *expat);

/**
 * Feeds an event to *collector*, which was begun and is not ended here.
 *
 * @return IW_OK: read, or over before its end (xml_collect_is_over); IW_EFORMAT: not XML, or deeper
 *         than the limit (collector->n_deeper); IW_ENOMEM
 */
enum iw_rc xml_expat_read(struct xml_expat *expat, struct iw_str event,
                          struct xml_collector *collector);

#endif
