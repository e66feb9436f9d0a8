/**
 * What every table ends with where it is not the whole truth: nothing listed must never be read as
 * nothing there.
 */
#ifndef IW_OUTPUT_INCOMPLETE_H
#define IW_OUTPUT_INCOMPLETE_H

#include "output/output.h"

/** A line that says the run was interrupted or found no room; nothing where it was whole. */
void iw_incomplete_add_partial(const struct iw_run *run, const struct iw_style *style,
                               struct iw_buffer *out);
/** How many files were not read, or only in part, with the first of them; nothing where all were.
 */
void iw_incomplete_add_files(const struct iw_run *run, const struct iw_style *style,
                             struct iw_buffer *out);

#endif
