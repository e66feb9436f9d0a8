/*
 * Programs as they start on ordinary Windows machines: for corpora in which most events are process
 * creations, so that rules meet what they meet in life.
 */
#ifndef IW_LAB_PROGRAMS_H
#define IW_LAB_PROGRAMS_H

#include <stddef.h>
#include <stdint.h>

struct iw_lab_program {
    const char *image;
    const char *original_name;
    const char *description;
    const char *company;
    uint32_t weight;      /* how often, among all */
    const char *commands; /* command lines separated by a line feed; # a number, $ 8 hexadecimal
                             digits, ~ a word */
};

extern const struct iw_lab_program iw_lab_programs[];
extern const size_t iw_lab_n_programs;
/* Sum of all weights. */
uint32_t iw_lab_programs_weight(void);
/* The program of that original file name; the first when there is none. */
const struct iw_lab_program *iw_lab_program_named(const char *original_name);
/* The program that stands at *at* (below the sum of weights). */
const struct iw_lab_program *iw_lab_program_at(uint32_t at);

#endif
