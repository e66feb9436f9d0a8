/**
 * Numbers and networks of rules and events.
 */
#ifndef IW_SIGMA_SIGMA_NUMBER_H
#define IW_SIGMA_SIGMA_NUMBER_H

#include "sigma/sigma_plan.h"

/** Reads decimal text: digits with a sign, a fraction, an exponent. False for anything else, hex
 * included. */
bool iw_number_parse(struct iw_str text, struct iw_number *ret);
/** <0, 0, >0. Whole numbers exactly. */
int iw_number_compare(const struct iw_number *a, const struct iw_number *b);

/** Reads `10.0.0.0/8` or `fe80::/10`; a bare address is a network of one. False when it is none or
 * has bits set beyond its prefix. */
bool iw_network_parse(struct iw_str text, struct iw_network *ret);
/** Whether *text* is an address of the network's family inside it. */
bool iw_network_holds(const struct iw_network *network, struct iw_str text);

#endif
