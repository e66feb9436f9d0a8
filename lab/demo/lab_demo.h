/*
 * `iiswarden-lab demo`: a small collected tree of one web server, a quiet morning and then an
 * attack.
 */
#ifndef IW_LAB_DEMO_H
#define IW_LAB_DEMO_H

#include "lab/lab_error.h"

#include <stdbool.h>

/* Writes DIR/README.txt and DIR/WEB01/C/Windows/System32/winevt/Logs/ *.evtx. The same bytes each
 * time. */
bool iw_lab_demo_write(const char *directory, struct iw_lab_error *error);

#endif
