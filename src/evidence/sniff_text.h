/**
 * The beginning of a text file as bytes that can be compared, whatever its encoding.
 */
#ifndef IW_EVIDENCE_SNIFF_TEXT_H
#define IW_EVIDENCE_SNIFF_TEXT_H

#include "base/str.h"

/** Room iw_sniff_narrow wants; the rest of a longer beginning is left out. */
#define IW_SNIFF_TEXT_BYTES 4096U

/** *head* without its byte order mark; UTF-16 (by mark, or by its zeros) as bytes in *out*: of
 * ASCII nothing is lost, anything else becomes `?`. Borrowed from *head* or *out*. */
struct iw_str iw_sniff_narrow(struct iw_str head, char out[IW_SNIFF_TEXT_BYTES]);

#endif
