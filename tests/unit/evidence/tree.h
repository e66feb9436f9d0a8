/** A folder for one test, made in the build's temporary place and removed with all it holds. */
#ifndef IW_TESTS_UNIT_EVIDENCE_TREE_H
#define IW_TESTS_UNIT_EVIDENCE_TREE_H

#include <stddef.h>

/** Makes an empty folder and enters it. */
void tree_enter(void);
/** Leaves it and removes it. */
void tree_leave(void);
/** Writes a file, making the folders above it. */
void tree_write(const char *path, const void *bytes, size_t n);
/** Makes a folder and those above it. */
void tree_folder(const char *path);

#endif
