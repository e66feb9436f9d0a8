/*
 * Why a lab call failed: one sentence for the person at the terminal. Owned by the caller; filled
 * only when a call returns false. NULL may be given where nobody will read it.
 */
#ifndef IW_LAB_ERROR_H
#define IW_LAB_ERROR_H

#include <stdbool.h>

struct iw_lab_error {
    char text[512];
};

/* Fills error (may be NULL) and returns false, so that a failing call can say `return
 * iw_lab_error_set(...)`. */
bool iw_lab_error_set(struct iw_lab_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
