/*
 * Commands that switch logging off: any text is read within its bounds, as a script and as what
 * each kind of process is told; what is heard is never passed over at the first look.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/arena.h"
#include "coverage/switch_command.h"
#include "coverage/switch_glance.h"
#include "coverage/switch_names.h"
#include "event/event.h"

static const char *const IMAGES[] = {"C:\\Windows\\System32\\powershell.exe",
                                     "C:\\Windows\\System32\\wevtutil.exe",
                                     "C:\\Windows\\System32\\sc.exe",
                                     "C:\\Windows\\System32\\reg.exe",
                                     "C:\\Windows\\System32\\auditpol.exe",
                                     "C:\\Windows\\System32\\logman.exe",
                                     "C:\\Windows\\System32\\taskkill.exe",
                                     "C:\\Windows\\System32\\wbem\\WMIC.exe",
                                     "C:\\Windows\\System32\\inetsrv\\appcmd.exe"};

static void check(const struct iw_command_switches *got)
{
    FUZZ_REQUIRE(got->n <= IW_LIMIT_SWITCHES_OF_EVENT + IW_SWITCHES_OF_EVERYTHING);
    FUZZ_REQUIRE(got->is_cut == (got->n > IW_LIMIT_SWITCHES_OF_EVENT));
    for (size_t i = 0; i < got->n; i++) {
        FUZZ_REQUIRE(got->items[i].kind < IW_SWITCH_KIND_COUNT);
        FUZZ_REQUIRE(got->items[i].subject.p != NULL && got->items[i].program.p != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str text = {size != 0 ? (const char *)data : "", size};
    struct iw_field field = {
        .p = (const uint8_t *)text.p, .n = (uint32_t)size, .type = IW_VALUE_UTF8};
    struct iw_switch_glance glance;
    struct iw_switch_names names;
    struct iw_command_switches got, later;
    struct iw_switch_uncalled uncalled;
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    iw_switch_glance_init(&glance);
    FUZZ_REQUIRE(iw_command_switches_of_script(text, &arena, &got, &uncalled) == IW_OK);
    check(&got);
    FUZZ_REQUIRE(got.n == 0 || iw_switch_may_be_in_script(&glance, &field));
    FUZZ_REQUIRE(iw_command_switches_of_later(text, &got.left, &arena, &later) == IW_OK);
    check(&later);
    iw_switch_names_find(iw_field_value(&field), &names);
    FUZZ_REQUIRE(names.n <= IW_SWITCH_NAMES);
    for (size_t i = 1; i < names.n; i++)
        FUZZ_REQUIRE(names.items[i - 1] < names.items[i]);
    for (size_t i = 0; i < sizeof IMAGES / sizeof IMAGES[0]; i++) {
        struct iw_process_command command = {iw_str_of(IMAGES[i]), IW_STR(""), text};
        iw_arena_reset(&arena);
        FUZZ_REQUIRE(iw_command_switches_of_process(&command, &arena, &got) == IW_OK);
        check(&got);
        FUZZ_REQUIRE(i != 0 || got.n == 0 || iw_switch_may_be_in_arguments(&glance, &field));
    }
    iw_arena_done(&arena);
    return 0;
}
