/**
 * Writers whose allocations fail, one after the other.
 */
#ifndef IW_TESTS_UNIT_OUTPUT_FAILING_FORMS_H
#define IW_TESTS_UNIT_OUTPUT_FAILING_FORMS_H

#include "base/buffer.h"

/** Writes each of *n_forms* forms with *write* into *out*, which is made anew each time, until none
 * of its allocations is made to fail any more. Whichever fails: the buffer says so, nothing
 * crashes, nothing leaks. Skips where allocations cannot be made to fail. */
void every_form_survives_failures(size_t n_forms, void (*write)(size_t form),
                                  struct iw_buffer *out);

#endif
