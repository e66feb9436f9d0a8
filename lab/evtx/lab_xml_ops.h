/*
 * The operations behind struct iw_lab_xml; shared by the builder and the emitter only.
 */
#ifndef IW_LAB_XML_OPS_H
#define IW_LAB_XML_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_xml_kind {
    IW_LAB_XML_OPEN,
    IW_LAB_XML_ATTRIBUTE,
    IW_LAB_XML_START_END,
    IW_LAB_XML_EMPTY_END,
    IW_LAB_XML_CLOSE,
    IW_LAB_XML_TEXT,
    IW_LAB_XML_ENTITY,
    IW_LAB_XML_CDATA,
    IW_LAB_XML_SLOT
};

/* `more` is the format's 0x40 bit: an element has attributes, an attribute or a piece of text is
 * followed by another. */
struct iw_lab_xml_op {
    enum iw_lab_xml_kind kind;
    bool more;
    bool optional;
    uint8_t type;
    uint16_t slot; /* of OPEN: the dependency */
    uint32_t name;
    size_t first_unit;
    uint16_t n_units;
};

#endif
