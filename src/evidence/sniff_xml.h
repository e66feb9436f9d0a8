/**
 * Recognition of Windows event XML by its content.
 */
#ifndef IW_EVIDENCE_SNIFF_XML_H
#define IW_EVIDENCE_SNIFF_XML_H

#include "base/str.h"

/** Bytes of a file's beginning that are looked at. */
#define IW_SNIFF_XML_BYTES 65536U

/**
 * Whether a text with this beginning holds Windows events as XML: an element `<Event>` with the
 * namespace of events or with <System> in it at once, whatever stands before it (a declaration,
 * comments, a root, what a log writes before it on its line). UTF-8 and 8-bit text, and UTF-16 with
 * or without a mark. False for JSON, which may carry XML in its texts, and for what is no text.
 */
bool iw_sniff_event_xml(struct iw_str head);

#endif
