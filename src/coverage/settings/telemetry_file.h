/**
 * The operator's word on what is logged (`--telemetry FILE`), as records.
 *
 * Format: docs/DATA-MODEL.md. A file that is not right is refused with the line: a misread word
 * would make something look clear.
 */
#ifndef IW_COVERAGE_TELEMETRY_FILE_H
#define IW_COVERAGE_TELEMETRY_FILE_H

#include "coverage/proofs.h"
#include "iis/change/text_glob.h"

struct iw_telemetry_word {
    const struct iw_glob *hosts;
    size_t n_hosts;
    bool senses[IW_SENSE_COUNT];
    bool is_logged;
    struct iw_str path_key; /* folded; empty: everywhere */
    struct iw_str note;
    int64_t from_ns, to_ns; /* IW_TIME_UNKNOWN: open; to is part of it */
    uint32_t line;
};

struct iw_telemetry_file {
    struct iw_telemetry_word *items;
    size_t n;
};

/** Reads a file; everything lies in *arena*. IW_OK; IW_EFORMAT, IW_ERULE, IW_ELIMIT: *err* says
 * where and what; IW_ENOMEM. */
enum iw_rc iw_telemetry_file_read(struct iw_str bytes, const char *name, struct iw_arena *arena,
                                  struct iw_telemetry_file *ret, struct iw_error *err);

#endif
