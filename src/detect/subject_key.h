/**
 * Which components are one subject: the native module, its entry in `modules` and its DLL; a
 * handler and the permission for its program; the entries that name types of one assembly; a
 * profiler's DLL and the variables that make .NET load it.
 */
#ifndef IW_DETECT_SUBJECT_KEY_H
#define IW_DETECT_SUBJECT_KEY_H

#include "detect/judgment.h"

/** Fills keys, by_key, first_of and paths. IW_OK or IW_ENOMEM. */
enum iw_rc iw_subjects_read(struct iw_judging *judging);
/** The components of a key: places in by_key. */
void iw_subjects_of(const struct iw_judging *judging, struct iw_str key, size_t *ret_first,
                    size_t *ret_n);

/** Whether a component is a variable that names no file, of a profiler whose file another one of
 * its subject names: what is said of that one is said of it. One that is approved speaks for none.
 */
bool iw_subject_goes_with_profiler(const struct iw_judging *judging, size_t component);

#endif
