/*
 * When two names in a manifest and in a finding mean the same thing.
 */
#ifndef IW_LAB_SCORE_NAMES_H
#define IW_LAB_SCORE_NAMES_H

#include <stdbool.h>

/* Windows names (UTF-8) without regard to letter case of ASCII and Latin-1. NULL is like nothing,
 * also not like NULL. */
bool iw_lab_name_is_same(const char *left, const char *right);

/* Host names: WEB01 is WEB01.lab.example, two whole names must agree wholly. NULL and "" are like
 * nothing. */
bool iw_lab_host_is_same(const char *left, const char *right);

/* The part of a finding's source below the folder `evidence`: a pointer into source, or source
 * itself when that folder is not in it. NULL gives NULL. */
const char *iw_lab_source_below_evidence(const char *source);

#endif
