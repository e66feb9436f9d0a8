/**
 * What the forms for collectors have in common.
 */
#ifndef IW_OUTPUT_COLLECT_WORDS_H
#define IW_OUTPUT_COLLECT_WORDS_H

#include "output/collect.h"

/** The folder with the values that variables have on an ordinary installation: `C:\Windows\...`. */
void iw_collect_plain_folder(const struct iw_need *need, struct iw_buffer *out);
/** The web roots as an array of PowerShell, variables replaced: `@(...)`. */
void iw_collect_roots(const struct iw_needs *needs, struct iw_buffer *out);
/** Remarks: each line of *text* (of this program) after `# `. */
void iw_collect_remark(const char *text, struct iw_buffer *out);
/** Notes of the needs as remarks, made printable. */
void iw_collect_notes(const struct iw_needs *needs, struct iw_buffer *out);

#endif
