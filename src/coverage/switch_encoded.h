/**
 * `powershell -EncodedCommand`: base64 of UTF-16LE. Inside of this room only. Pure; any thread.
 */
#ifndef IW_COVERAGE_SWITCH_ENCODED_H
#define IW_COVERAGE_SWITCH_ENCODED_H

#include "coverage/switch_words.h"

/** The text behind that option, decoded; n 0: there is none. *ret.p lies in *scratch*. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_switch_encoded(const struct iw_switch_words *words, struct iw_arena *scratch,
                             struct iw_str *ret);

#endif
