/**
 * Where records of JSON begin and end, found without understanding them.
 */
#ifndef IW_INPUT_JSON_JSON_FRAME_H
#define IW_INPUT_JSON_JSON_FRAME_H

#include "base/str.h"

enum json_frame_rc {
    JSON_FRAME_WHOLE,  /* *ret_end is behind the closing brace */
    JSON_FRAME_OPEN,   /* the text ends before the object does */
    JSON_FRAME_BROKEN, /* no valid object: json_doc_repair must say where it ends */
};

/** Frames the object that begins with the first byte of *text*. */
enum json_frame_rc json_frame(struct iw_str text, size_t *ret_end);

/**
 * What stands before the first record of a wrapper: `{"took":5,"hits":{"hits":[` or `{"records":[`.
 * Only names that exporters use, at most three deep, and only where no name of an event comes
 * first.
 *
 * @param is_whole    nothing comes behind *text*
 * @param ret_levels  containers it opens
 * @return its bytes; 0: no wrapper; SIZE_MAX: more text is needed to tell
 */
size_t json_wrapper(struct iw_str text, bool is_whole, unsigned *ret_levels);

/** Text json_wrapper looks at. */
#define JSON_WRAPPER_BYTES ((size_t)64 * 1024)

/** Bytes at the beginning that stand between records: spaces, NULs, commas, record separators
 * (RFC 7464), byte order marks of files that were joined. */
size_t json_space_between(struct iw_str text);

/** The place of the next line that begins with a brace and the same indent as the line of the first
 * byte has (*indent bytes); SIZE_MAX when there is none. */
size_t json_next_at_indent(struct iw_str text, size_t indent);

/** Whether the text, which is no record, has a name in quotes that only an event has. */
bool json_names_event(struct iw_str text);

#endif
