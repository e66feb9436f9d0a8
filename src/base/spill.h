/**
 * One temporary file for everything of a run that does not fit in memory.
 *
 * The file has no name and is gone with the process. It is opened before the process is confined,
 * which costs nothing when it is never written. That no folder takes one is told only when it is
 * needed. Space is given out once and never again; what is released goes back to the file system
 * where that can make holes.
 *
 * Regions may be reserved, written and read by several threads at a time.
 */
#ifndef IW_BASE_SPILL_H
#define IW_BASE_SPILL_H

#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"

struct iw_spill {
    int fd;               /* -1 = none */
    int open_errno;       /* why there is none; 0 = nobody opened it */
    _Atomic uint64_t end; /* of the space given out: bytes ever spilled */
};

void iw_spill_init(struct iw_spill *spill);
void iw_spill_done(struct iw_spill *spill);
/** Opens the file (iw_file_open_unnamed). A failure is remembered, not returned. */
void iw_spill_open(struct iw_spill *spill);
/** Space for *n* bytes. */
uint64_t iw_spill_reserve(struct iw_spill *spill, uint64_t n);
/** Writes at *offset*. IW_OK, or IW_EIO (no space, no file, ...). */
enum iw_rc iw_spill_write(const struct iw_spill *spill, uint64_t offset, struct iw_str bytes,
                          struct iw_error *err);
/** Reads exactly *n* bytes. IW_OK or IW_EIO. */
enum iw_rc iw_spill_read(const struct iw_spill *spill, uint64_t offset, void *out, size_t n,
                         struct iw_error *err);
/** What lies there is not needed any more. */
void iw_spill_release(const struct iw_spill *spill, uint64_t offset, uint64_t n);
/** Bytes ever given out. */
uint64_t iw_spill_bytes(const struct iw_spill *spill);

#endif
