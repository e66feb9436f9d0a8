/*
 * Values as text, number and time. Input: the type, then the bytes; every prefix of them is tried
 * under every type when the first byte is 0xFF.
 */
#include "tests/fuzz/fuzz_support.h"

#include <stdlib.h>

#include "base/timestamp.h"
#include "base/utf.h"

static void try_value(const uint8_t *data, uint32_t n, uint8_t type)
{
    uint8_t *bytes = malloc(n != 0 ? n : 1); /* exactly as long: one byte past it is seen */
    struct iw_value value = {bytes, n, type};
    struct iw_arena arena;
    struct iw_str text;
    uint64_t number;
    int64_t time_ns;

    FUZZ_REQUIRE(bytes != NULL);
    if (n != 0)
        memcpy(bytes, data, n);
    if (type == IW_VALUE_UTF8 && !iw_utf8_valid((struct iw_str){(const char *)bytes, n}))
        goto done;
    iw_arena_init(&arena, 0);
    text = iw_value_text(value, &arena);
    FUZZ_REQUIRE(text.p != NULL);
    FUZZ_REQUIRE(iw_utf8_valid(text));
    FUZZ_REQUIRE(text.n <= 4 * (size_t)n + 400);
    if (iw_value_u64(value, &number) && type != IW_VALUE_UTF16 && type != IW_VALUE_ANSI &&
        type != IW_VALUE_UTF8) {
        uint64_t again;
        /* A number is shown as the number it is. */
        FUZZ_REQUIRE(iw_value_u64(
            (struct iw_value){(const uint8_t *)text.p, (uint32_t)text.n, IW_VALUE_UTF8}, &again));
        FUZZ_REQUIRE(again == number);
    }
    if (iw_value_time(value, &time_ns)) {
        char shown[IW_TIME_TEXT_BYTES];
        int64_t again;
        FUZZ_REQUIRE(iw_time_known(time_ns));
        iw_time_format(time_ns, shown);
        FUZZ_REQUIRE(iw_time_parse((struct iw_str){shown, sizeof shown}, &again));
        FUZZ_REQUIRE(again - again % 100 == time_ns - time_ns % 100 ||
                     llabs(again - time_ns) < 100);
    }
    iw_arena_done(&arena);
done:
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    uint8_t type = fuzz_take_u8(&input);
    if (input.n > 65535)
        return 0;
    if (type != 0xFF) {
        try_value(input.p, (uint32_t)input.n, type);
        return 0;
    }
    for (uint32_t n = 0; n <= input.n && n <= 40; n++) {
        for (unsigned every = 0; every < 256; every++)
            try_value(input.p, n, (uint8_t)every);
    }
    return 0;
}
