/**
 * The seconds in which requests for one URL ran, within one hour: what is left of those that are
 * not kept whole.
 *
 * A set that rows of parts of a log come to in whatever portions and order: past
 * IW_LIMIT_HOUR_SECONDS only its first and last second are known, and all between may be in it. One
 * thread at a time.
 */
#ifndef IW_CONTEXT_REQUEST_SECONDS_H
#define IW_CONTEXT_REQUEST_SECONDS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/packed.h"

/** Zero-initialised: none. */
struct iw_request_seconds {
    uint32_t *items; /* since 1970, ascending; of more than the limit: the first and the last */
    uint32_t n, cap; /* n IW_LIMIT_HOUR_SECONDS + 1: more */
};

/** A request ran from *start_ns* to *end_ns* (UTC). Times before 1970 and after 2106 are left out.
 * IW_OK or IW_ENOMEM. */
enum iw_rc iw_request_seconds_add(struct iw_request_seconds *seconds, int64_t start_ns,
                                  int64_t end_ns, struct iw_arena *arena);
/** Adds all of *from*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_request_seconds_unite(struct iw_request_seconds *into,
                                    const struct iw_request_seconds *from, struct iw_arena *arena);
/** Whether a request may have run within *near_ns* of a moment, to the second. */
bool iw_request_seconds_near(const struct iw_request_seconds *seconds, int64_t time_ns,
                             int64_t near_ns);

void iw_request_seconds_pack(const struct iw_request_seconds *seconds, struct iw_buffer *out);
/** IW_OK or IW_ENOMEM; bytes that are none are remembered by *in*. */
enum iw_rc iw_request_seconds_unpack(struct iw_unpacking *in, struct iw_arena *arena,
                                     struct iw_request_seconds *ret);

#endif
