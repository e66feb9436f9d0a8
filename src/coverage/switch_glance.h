/**
 * Quick looks at events as they stand in the record: nearly all are told by a few of their letters
 * to switch nothing off. Inside of this room only.
 *
 * A text is gone through once, three letters at a time: where these may be the end of a word
 * without which nothing is heard, the whole word is compared.
 */
#ifndef IW_COVERAGE_SWITCH_GLANCE_H
#define IW_COVERAGE_SWITCH_GLANCE_H

#include "event/event.h"

#define IW_GLANCE_BYTES 4096U
#define IW_GLANCE_WORDS 64U

/** Filled once, then constant; any thread. */
struct iw_switch_glance {
    uint8_t ends[IW_GLANCE_BYTES];    /* bits: a word may end with these three */
    uint8_t hides[IW_GLANCE_BYTES];   /* a word may be taken apart */
    uint8_t encoded[IW_GLANCE_BYTES]; /* an option of PowerShell may be that of an encoded text */
    uint8_t any[IW_GLANCE_BYTES];     /* one of these */
    uint16_t end_of[IW_GLANCE_WORDS]; /* the last three of each word */
    uint8_t class_of[256];
};

void iw_switch_glance_init(struct iw_switch_glance *glance);

/** Whether a text of PowerShell, or the command line that starts it, may hold a switch. NULL: no.
 */
bool iw_switch_may_be_in_script(const struct iw_switch_glance *glance, const struct iw_field *text);
bool iw_switch_may_be_in_arguments(const struct iw_switch_glance *glance,
                                   const struct iw_field *line);
/** Whether the image of a process, or its original name, may be a program that is heard. NULL: it
 * has none. */
bool iw_switch_may_be_of_program(const struct iw_field *image);
bool iw_switch_may_be_of_original(const struct iw_field *name);
bool iw_switch_may_be_of_powershell(const struct iw_field *image);
/** Whether a key or a value of the registry may switch logging. NULL: no. */
bool iw_switch_may_be_of_value(const struct iw_field *target);
/** Whether a service may be one that logs. NULL: no. */
bool iw_switch_may_be_of_service(const struct iw_field *name);

#endif
