/**
 * JSON for people: the same document with line ends and indentation.
 */
#ifndef IW_OUTPUT_JSON_INDENT_H
#define IW_OUTPUT_JSON_INDENT_H

#include "base/buffer.h"

/** Appends *json* (one valid document without spaces between its parts) indented by one space a
 * level, with a line end. */
void iw_json_indent(struct iw_buffer *out, struct iw_str json);

#endif
