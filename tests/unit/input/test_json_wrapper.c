/*
 * Wrappers around records, and events that look like one: an event is never taken apart because of
 * a list in it, and what stands behind a wrapper's list is not lost unsaid.
 */
#include "tests/unit/input/json_rig.h"

#define TAIL "\"Channel\":\"Security\",\"Computer\":\"H\""
#define PLAIN "{\"EventID\":2," TAIL "}"

static void events_with_lists_named_like_wrappers(void **state)
{
    static const char *const LISTS[] = {
        "\"value\":[{\"x\":1}]",
        "\"data\":[]",
        "\"items\":[{}]",
        "\"records\":[[1]]",
        "\"hits\":{\"hits\":[{\"a\":1}]}",
        "\"logs\":[\"a\"]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        char text[512];
        struct json_rig_result result;
        (void)snprintf(text, sizeof text, "[{%s,\"EventID\":1," TAIL "},\n" PLAIN "]", LISTS[i]);
        result = json_rig_read_text(IW_EVIDENCE_JSON, text);
        assert_int_equal(result.n, 2);
        assert_int_equal(result.events[0].event_id, 1);
        assert_int_equal(result.events[1].event_id, 2);
        json_rig_assert_only(&result, IW_DAMAGE_COUNT);
        json_rig_done(&result);
    }
}

/* Below the limit an event is read whole; one that is longer and begins like a wrapper may not be,
 * and that is said. */
static void the_length_up_to_which_an_object_is_read_whole(void **state)
{
    static const char HEAD[] = "[{\"value\":[{\"x\":1}],\"pad\":\"";
    static const char REST[] = "\",\"EventID\":1," TAIL "}]";

    (void)state;
    for (int over = 0; over < 2; over++) {
        size_t length = over != 0 ? 2 * IW_LIMIT_JSON_WHOLE_BYTES : IW_LIMIT_JSON_WHOLE_BYTES / 2;
        char *text = malloc(length + 1);
        struct json_rig_result result;
        assert_non_null(text);
        memset(text, 'p', length);
        memcpy(text, HEAD, sizeof HEAD - 1);
        memcpy(text + length - (sizeof REST - 1), REST, sizeof REST);
        result = json_rig_read_text(IW_EVIDENCE_JSON, text);
        if (over == 0) {
            assert_int_equal(result.n, 1);
            json_rig_assert_only(&result, IW_DAMAGE_COUNT);
        } else {
            assert_true(result.n == 1 || json_rig_count(&result, IW_DAMAGE_RECORD_HEADER) != 0);
        }
        json_rig_done(&result);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_with_lists_named_like_wrappers),
        cmocka_unit_test(the_length_up_to_which_an_object_is_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
