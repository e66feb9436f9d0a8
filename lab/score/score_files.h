/*
 * Folders of runs: made, compared, taken away.
 */
#ifndef IW_LAB_SCORE_FILES_H
#define IW_LAB_SCORE_FILES_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes folder/name to out. False when it is too long. */
bool iw_lab_path_join(char *out, size_t size_bytes, const char *folder, const char *name,
                      struct iw_lab_error *error);

/* Makes the folder and those above it that are not there. */
bool iw_lab_folder_make(const char *path, struct iw_lab_error *error);

/* Takes a folder away with all that is in it, following no link. What cannot be removed stays;
 * a folder that is not there is no trouble. */
void iw_lab_folder_remove(const char *path);

/* A 64-bit digest of names and contents of all files below a folder. For telling whether two runs
 * made the same; not for security. */
bool iw_lab_folder_digest(const char *path, uint64_t *digest, struct iw_lab_error *error);

/* The digest of a text file but for the lines that contain `but`; NULL leaves out none. */
bool iw_lab_lines_digest(const char *path, const char *but, uint64_t *digest,
                         struct iw_lab_error *error);

#endif
