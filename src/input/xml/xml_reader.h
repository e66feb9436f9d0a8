/**
 * The reader of Windows event XML. See reader.h and xml_reader.c.
 */
#ifndef IW_INPUT_XML_READER_H
#define IW_INPUT_XML_READER_H

#include "input/reader.h"

extern const struct iw_reader_class iw_xml_reader_class;

#endif
