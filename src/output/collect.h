/**
 * What to bring next time, in the forms people and collectors read. As those of output.h: they
 * write into a buffer. Equal needs give equal bytes: identifiers are fixed, nothing holds a time.
 *
 * Formats: KAPE's targets (.tkape) and Velociraptor's artifact definitions, both YAML; PowerShell
 * 5.1. Whatever comes from evidence or from the user is quoted (base/script_quote.h).
 */
#ifndef IW_OUTPUT_COLLECT_H
#define IW_OUTPUT_COLLECT_H

#include "output/output.h"
#include "result/need.h"

/** For people, with the reason of each. */
void iw_output_needs_table(const struct iw_needs *needs, const struct iw_style *style,
                           struct iw_buffer *out);
/** `iiswarden.need/1`, one a line. */
void iw_output_needs_ndjson(const struct iw_needs *needs, struct iw_buffer *out);
/** A target of KAPE, which copies files; commands and what else to do stand in its remarks. */
void iw_output_needs_kape(const struct iw_needs *needs, struct iw_buffer *out);
/** A client artifact of Velociraptor: uploads files and what commands print. */
void iw_output_needs_velociraptor(const struct iw_needs *needs, struct iw_buffer *out);
/** A script that copies into a tree that keeps Windows paths (HOST\C\...) and changes nothing. */
void iw_output_needs_powershell(const struct iw_needs *needs, struct iw_buffer *out);

#endif
