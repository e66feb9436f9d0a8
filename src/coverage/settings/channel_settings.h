/**
 * Settings of event channels as `wevtutil gl NAME` prints them, one or several behind one another.
 *
 * Format: Microsoft, "wevtutil": lines `name: ...`, `enabled: true`, which are not translated.
 */
#ifndef IW_COVERAGE_CHANNEL_SETTINGS_H
#define IW_COVERAGE_CHANNEL_SETTINGS_H

#include "base/arena.h"
#include "base/error.h"

struct iw_channel_setting {
    struct iw_str name;
    bool is_enabled;
    uint32_t line; /* of `enabled` */
};

struct iw_channel_settings {
    struct iw_channel_setting *items; /* in the order of the file */
    size_t n;
};

/** Reads a file; texts lie in *arena*. IW_OK; IW_EFORMAT: no channel is in it; IW_ELIMIT;
 * IW_ENOMEM. */
enum iw_rc iw_channel_settings_read(struct iw_str bytes, struct iw_arena *arena,
                                    struct iw_channel_settings *ret, struct iw_error *err);

#endif
