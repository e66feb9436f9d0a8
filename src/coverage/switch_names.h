/**
 * Which commands a text of PowerShell may call by their names, as numbers: words that stand where a
 * command does. Inside of this room only. Pure; any thread.
 *
 * A quick look: words in quotes and remarks are among them. Names are compared without letter case;
 * runs of what is not ASCII are alike.
 */
#ifndef IW_COVERAGE_SWITCH_NAMES_H
#define IW_COVERAGE_SWITCH_NAMES_H

#include "event/value.h"

/** Of one text; of one that has more any may be called. */
#define IW_SWITCH_NAMES 1000U

struct iw_switch_names {
    uint32_t n, is_cut;
    uint32_t items[IW_SWITCH_NAMES]; /* ascending, none twice; without those the text defines */
};

void iw_switch_names_find(struct iw_value text, struct iw_switch_names *ret);
uint32_t iw_switch_name_number(struct iw_str name);
/** Ascending, as they are looked for. */
void iw_switch_numbers_sort(uint32_t *numbers, size_t n);
bool iw_switch_numbers_hold(const uint32_t *numbers, size_t n, uint32_t number);
bool iw_switch_names_hold(const struct iw_switch_names *names, uint32_t number);

#endif
