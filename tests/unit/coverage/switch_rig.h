/*
 * What tests of commands that switch logging off share: how a switch is compared, and texts as
 * records have them.
 */
#ifndef TESTS_UNIT_COVERAGE_SWITCH_RIG_H
#define TESTS_UNIT_COVERAGE_SWITCH_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "coverage/switch_command.h"
#include "coverage/switch_glance.h"

#define SYSMON "Microsoft-Windows-Sysmon/Operational"
#define SYSTEM32 "C:\\Windows\\System32\\"
#define OTHER "WEB02"
#define NONE IW_SWITCH_KIND_COUNT

/* Rows end where the rest is usual. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* The one of *kind*, the *nth* of them; NONE: there are no more. *host* NULL: of the own one. */
static inline void check(const char *what, const struct iw_command_switches *got, size_t nth,
                         int kind, const char *subject, const char *host, bool is_unread)
{
    const struct iw_command_switch *one = &got->items[nth];
    if ((got->n > nth) != (kind != NONE))
        fail_msg("%s: %zu", what, got->n);
    if (kind == NONE)
        return;
    if ((int)one->kind != kind || !iw_str_equal(one->subject, iw_str_of(subject)))
        fail_msg("%s: %d of %.*s", what, (int)one->kind, IW_STR_ARG(one->subject));
    if (!iw_str_equal(one->host, iw_str_of(host != NULL ? host : "")))
        fail_msg("%s: of %.*s", what, IW_STR_ARG(one->host));
    if (one->is_unread != is_unread)
        fail_msg("%s: %d", what, one->is_unread);
}

#endif
