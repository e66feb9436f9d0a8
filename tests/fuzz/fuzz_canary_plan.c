/*
 * A plan of canaries: whatever it is, reading ends; one that is read is written and read back the
 * same. The same bytes as text of evidence in which a literal is looked for.
 */
#include "tests/fuzz/fuzz_support.h"

#include "coverage/canary_plan.h"

static void read_back(const struct iw_canary_plan *plan)
{
    struct iw_canary_plan back;
    struct iw_buffer first, second;
    iw_buffer_init(&first);
    iw_buffer_init(&second);
    iw_canary_plan_init(&back);
    iw_canary_plan_write(plan, &first);
    FUZZ_REQUIRE(iw_canary_plan_read(iw_buffer_str(&first), &back, NULL) == IW_OK);
    iw_canary_plan_write(&back, &second);
    FUZZ_REQUIRE(iw_str_equal(iw_buffer_str(&first), iw_buffer_str(&second)));
    iw_buffer_clear(&second);
    iw_canary_plan_script(&back, &second);
    iw_canary_plan_done(&back);
    iw_buffer_done(&first);
    iw_buffer_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct iw_str text = {size != 0 ? (const char *)data : "", size}, id;
    struct iw_canary_plan plan;
    struct iw_error err = {.rc = IW_OK};
    int64_t done_ns;
    iw_canary_plan_init(&plan);
    if (iw_canary_plan_read(text, &plan, &err) == IW_OK)
        read_back(&plan);
    iw_canary_plan_done(&plan);
    if (iw_canary_literal_find(IW_STR("iwc0123456789"), text, &id, &done_ns))
        FUZZ_REQUIRE(id.n == IW_CANARY_ID_BYTES && id.p > text.p && id.p + id.n <= text.p + text.n);
    return 0;
}
