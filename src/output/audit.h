/**
 * The audit view. As the outputs of output.h: they write into a buffer.
 */
#ifndef IW_OUTPUT_AUDIT_H
#define IW_OUTPUT_AUDIT_H

#include "output/output.h"
#include "result/audit.h"

/** For people: the questions over all hosts, the executive ones first, then host by host. */
void iw_output_audit_table(const struct iw_audit *audit, const struct iw_style *style,
                           struct iw_buffer *out);
/** The same as Markdown; text of evidence is escaped in it. */
void iw_output_audit_markdown(const struct iw_audit *audit, struct iw_buffer *out);
/** `iiswarden.audit/1`, a host and question a line. */
void iw_output_audit_ndjson(const struct iw_audit *audit, struct iw_buffer *out);

#endif
