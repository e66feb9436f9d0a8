/*
 * Random numbers that are the same everywhere for a seed (splitmix64).
 */
#ifndef IW_LAB_RANDOM_H
#define IW_LAB_RANDOM_H

#include <stdint.h>

struct iw_lab_random {
    uint64_t state;
};

static inline uint64_t iw_lab_random_next(struct iw_lab_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* A number below `below` (1 or more). */
static inline uint64_t iw_lab_random_below(struct iw_lab_random *random, uint64_t below)
{
    return iw_lab_random_next(random) % below;
}

/* A number that depends on a text alone (FNV-1a); letters compare without case. */
static inline uint64_t iw_lab_random_of_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        c = c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
        hash = (hash ^ c) * UINT64_C(1099511628211);
    }
    return hash;
}

#endif
