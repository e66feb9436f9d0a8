/*
 * An export of the registry: whatever it is, reading ends, texts are valid UTF-8, limits hold; what
 * is listed is found by its name.
 */
#include "tests/fuzz/fuzz_support.h"

#include "tests/fuzz/walk_hive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const titles[] = {"REGEDIT4\n", "Windows Registry Editor Version 5.00\r\n"};
    struct iw_buffer text;

    /* As it is, and with a title, so that the title need not be guessed. */
    walk_hive((struct iw_str){size != 0 ? (const char *)data : "", size});
    iw_buffer_init(&text);
    iw_buffer_add(&text, iw_str_of(titles[size % 2]));
    iw_buffer_add(&text, (struct iw_str){(const char *)data, size});
    FUZZ_REQUIRE(!text.failed);
    walk_hive(iw_buffer_str(&text));
    iw_buffer_done(&text);
    return 0;
}
