/** Readers of JSON: a record a line, and arrays, wrappers and objects over several lines. */
#ifndef IW_INPUT_JSON_JSON_READER_H
#define IW_INPUT_JSON_JSON_READER_H

#include "input/reader.h"

extern const struct iw_reader_class iw_json_lines_reader_class;
extern const struct iw_reader_class iw_json_reader_class;

#endif
