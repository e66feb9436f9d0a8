/*
 * A hive: whatever it is, reading ends, texts are valid UTF-8, limits hold; what is listed is
 * found by its name.
 */
#include "tests/fuzz/fuzz_support.h"

#include "tests/fuzz/walk_hive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk_hive((struct iw_str){size != 0 ? (const char *)data : "", size});
    return 0;
}
