/**
 * Outputs: one file per form over result/. They write into a buffer and know nothing of terminals
 * beyond the style they are given.
 */
#ifndef IW_OUTPUT_OUTPUT_H
#define IW_OUTPUT_OUTPUT_H

#include "base/buffer.h"
#include "result/run.h"

struct iw_style {
    bool color;
    unsigned width; /* columns of the terminal; 0 = do not cut */
};

/**
 * Findings at or above *min_level*, `iiswarden.finding/1`, one a line. A buffer with a drain never
 * holds more than a few of them. IW_OK (out->failed says whether the buffer took all); IW_ENOMEM,
 * IW_EIO: the findings cannot be read; out->failed is set too.
 */
enum iw_rc iw_output_findings_ndjson(const struct iw_run *run, enum iw_level min_level,
                                     struct iw_buffer *out, struct iw_error *err);
/** Findings grouped by host, for people; says how many below *min_level* it leaves out. Codes as
 * iw_output_findings_ndjson; sorts in the run's temporary file: where that takes no more, the
 * earliest findings are written, out->failed is not set, and IW_EIO says why. */
enum iw_rc iw_output_findings_table(const struct iw_run *run, enum iw_level min_level,
                                    const struct iw_style *style, struct iw_buffer *out,
                                    struct iw_error *err);
/** What was read, lost, skipped, refused: a few lines for people (stderr). */
void iw_output_account(const struct iw_run *run, const struct iw_style *style,
                       struct iw_buffer *out);
/** `iiswarden.manifest/1`, indented JSON. */
void iw_output_manifest(const struct iw_run *run, const char *command, struct iw_buffer *out);
/** The telemetry profile for people, or as NDJSON (`iiswarden.telemetry/1`). */
void iw_output_profile_table(const struct iw_run *run, const struct iw_style *style,
                             struct iw_buffer *out);
void iw_output_profile_ndjson(const struct iw_run *run, struct iw_buffer *out);
/** What could have been seen for people, or as NDJSON (`iiswarden.coverage/1`); a buffer with a
 * drain holds a few records. */
void iw_output_coverage_table(const struct iw_run *run, const struct iw_style *style,
                              struct iw_buffer *out);
void iw_output_coverage_ndjson(const struct iw_run *run, struct iw_buffer *out);
/** Which rules could have matched, for people or as NDJSON (`iiswarden.rule-coverage/1`). */
void iw_output_rule_coverage_table(const struct iw_run *run, const struct iw_style *style,
                                   struct iw_buffer *out);
void iw_output_rule_coverage_ndjson(const struct iw_run *run, struct iw_buffer *out);
/** The inventory for people; *show_all* lists also what is approved and as usual. */
void iw_output_inventory_table(const struct iw_run *run, bool show_all,
                               const struct iw_style *style, struct iw_buffer *out);
/** `iiswarden.inventory/1`, one record a line; a buffer with a drain holds a few of them. */
void iw_output_inventory_ndjson(const struct iw_run *run, struct iw_buffer *out);
/** The same as CSV: servers, components and web files, a row each. */
void iw_output_inventory_csv(const struct iw_run *run, struct iw_buffer *out);

#endif
