/**
 * Texts of settings as lines of UTF-8, whatever wrote them: cmd.exe (8 bits), PowerShell 5
 * (UTF-16 with a mark), PowerShell 7 (UTF-8).
 */
#ifndef IW_COVERAGE_SETTINGS_TEXT_H
#define IW_COVERAGE_SETTINGS_TEXT_H

#include "base/arena.h"
#include "base/error.h"

/** *bytes* as valid UTF-8 without a mark: UTF-16 by its mark or by its zeros, else UTF-8, else
 * windows-1252. In *arena*, or borrowed from *bytes*. p NULL: no memory. */
struct iw_str iw_settings_text(struct iw_str bytes, struct iw_arena *arena);

/** Whether a file of settings is small enough to be read (IW_LIMIT_PROOF_FILE_BYTES). IW_OK or
 * IW_ELIMIT. */
enum iw_rc iw_settings_fit(struct iw_str bytes, struct iw_error *err);

/** Takes the next line off *rest*, without its end; *number* (0 before the first) counts up. False:
 * there is none. Lines end with CR LF, LF or CR. */
bool iw_settings_line(struct iw_str *rest, struct iw_str *ret, uint32_t *number);

/** Without blanks and tabs at both ends. */
struct iw_str iw_settings_trimmed(struct iw_str text);

/** At most *max* bytes of it, no character cut in two. */
struct iw_str iw_settings_cut(struct iw_str text, size_t max);

/** The part before the first *separator*, which is taken off *rest* with it; the last part leaves
 * *rest* with p NULL. False: *rest* has p NULL. */
bool iw_settings_part(struct iw_str *rest, char separator, struct iw_str *ret);

#endif
