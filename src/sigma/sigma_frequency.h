/**
 * A guess at how often a piece of text occurs in the fields of ordinary Windows events.
 *
 * Only speed depends on it, never an answer.
 */
#ifndef IW_SIGMA_SIGMA_FREQUENCY_H
#define IW_SIGMA_SIGMA_FREQUENCY_H

#include "base/str.h"

/** How often a field holds anything beyond ASCII. */
#define IW_FREQUENCY_FOREIGN 0.02

/** Of a part of some field's text (folded), 0 to 1. */
double iw_frequency_of_part(struct iw_str text);
/** Of a program's file name (folded, without its folder). */
double iw_frequency_of_basename(struct iw_str name);
/** Of one byte of folded text among all bytes, 0 to 1. */
double iw_frequency_of_byte(unsigned char byte);
/** Whether all bytes are ASCII. */
bool iw_is_ascii(struct iw_str text);

#endif
