/*
 * Damaged and odd EVTX files for tests: a finished, sound file is changed in one named way.
 */
#ifndef IW_LAB_DAMAGE_H
#define IW_LAB_DAMAGE_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>

/* Changes the file at path. False: unknown kind, file not fit for it (for example only one record),
 * or disk error. */
bool iw_lab_damage_file(const char *path, const char *kind, struct iw_lab_error *error);

/* Name and one-line meaning of kind number index, or NULL behind the last. */
const char *iw_lab_damage_name(size_t index);
const char *iw_lab_damage_meaning(size_t index);

#endif
