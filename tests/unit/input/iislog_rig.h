/**
 * Reading bytes as a log of requests through the reader class, in slices of any size.
 */
#ifndef IW_TESTS_UNIT_INPUT_IISLOG_RIG_H
#define IW_TESTS_UNIT_INPUT_IISLOG_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "input/reader.h"

struct iislog_rig {
    char *text; /* every event as a line: see iislog_rig_read */
    size_t n;   /* events */
    struct iw_account account;
};

/**
 * Reads *bytes* as the file *path*. An event is the line
 * `LINE@OFFSET TIME CHANNEL|PROVIDER|COMPUTER name=value;name=value` with ` CUT` and ` LOCAL`
 * behind it; TIME is `-` when unknown, a NUL of a value is shown as 0.
 *
 * @param slice_bytes  0: as a run cuts them
 * @param order        0: one reader, slices in order; 1: two readers, every other slice each
 * @param route        NULL: everything is wanted
 */
struct iislog_rig iislog_rig_read(const char *path, const void *bytes, size_t n,
                                  uint64_t slice_bytes, int order, const struct iw_route *route);
void iislog_rig_done(struct iislog_rig *rig);

/** Reads text as `u_ex260105.log` of site 1, also in slices of few bytes with one and two readers:
 * all must agree. */
struct iislog_rig iislog_rig_text(const char *text);
struct iislog_rig iislog_rig_bytes(const char *path, const void *bytes, size_t n);

/** Requires this and no other text of events. */
void iislog_rig_is(const struct iislog_rig *rig, const char *text);
uint64_t iislog_rig_count(const struct iislog_rig *rig, enum iw_damage kind);
/** Requires that no kind but those listed was counted; ends with IW_DAMAGE_COUNT. */
void iislog_rig_only(const struct iislog_rig *rig, ...);

#define IISLOG_RIG_PATH "WEB01/C/inetpub/logs/LogFiles/W3SVC1/u_ex260105.log"

#endif
