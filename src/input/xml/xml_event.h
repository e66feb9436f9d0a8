/**
 * One event of XML: routing, the first parser, and where that gives up the second.
 */
#ifndef IW_INPUT_XML_EVENT_H
#define IW_INPUT_XML_EVENT_H

#include "input/reader.h"
#include "input/xml/xml_collect.h"
#include "input/xml/xml_expat.h"

/** What decodes events; one per reader or span decoder, one thread. */
struct xml_decoder {
    struct xml_collector collector;
    struct xml_expat *expat;
};

/** IW_OK or IW_ENOMEM. Needs xml_decoder_done in every case. */
enum iw_rc xml_decoder_init(struct xml_decoder *decoder);
void xml_decoder_done(struct xml_decoder *decoder);

/**
 * Reads one framed event into the event *builder* has begun.
 *
 * @param is_whole      false: the event ends in the middle
 * @param ret_repaired  whether anything had to be repaired
 * @return as xml_collect_end: IW_OK, IW_END, IW_EFORMAT, IW_ENOMEM
 */
enum iw_rc xml_decoder_read(struct xml_decoder *decoder, struct iw_str event, bool is_whole,
                            struct iw_event_builder *builder, bool *ret_repaired);

/** Events of XML inside another format. */
extern const struct iw_span_class iw_xml_span_class;

#endif
