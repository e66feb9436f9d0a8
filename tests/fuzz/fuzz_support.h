/**
 * What the fuzz targets share: names and a route as a run has them, and a check of the JSON that
 * comes out. All of it lives as long as the process; one thread.
 */
#ifndef IW_TESTS_FUZZ_FUZZ_SUPPORT_H
#define IW_TESTS_FUZZ_FUZZ_SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "event/batch.h"
#include "event/name.h"
#include "event/route.h"
#include "result/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Aborts with the place when *condition* does not hold: a finding, in every build. */
#define FUZZ_REQUIRE(condition)                                                                    \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fuzz_fail(__FILE__, __LINE__, #condition);                                             \
    } while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *condition);

/** Canonical names only. */
const struct iw_names *fuzz_names(void);
/** A route that wants everything. */
const struct iw_route *fuzz_route(void);
/** A batch, made on first use. */
struct iw_batch *fuzz_batch(void);

/** Requires *text* to be exactly one JSON value in valid UTF-8 without raw control characters. */
void fuzz_require_json(struct iw_str text);

/** Writes the event as flat JSON and requires that to be valid; header texts must be valid UTF-8.
 */
void fuzz_require_event(const struct iw_event *event);

/** Requires sums that belong together to agree. */
void fuzz_require_account(const struct iw_account *account);

/** Takes *n* bytes off the front of the input; fewer when there are no more. */
struct fuzz_input {
    const uint8_t *p;
    size_t n;
};
const uint8_t *fuzz_take(struct fuzz_input *input, size_t wanted, size_t *ret_n);
uint8_t fuzz_take_u8(struct fuzz_input *input);
uint16_t fuzz_take_u16(struct fuzz_input *input);

#endif
