/*
 * Field names: what counts as one name, ids that never change, the longest name, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "event/name.h"
#include "tests/support/skip_because.h"

#define LONGEST IW_LIMIT_FIELD_NAME_BYTES

static void canonical_ids_are_the_constants(void **state)
{
    struct iw_names names;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    assert_int_equal(names.n, IW_FIELD_COUNT);
    for (uint32_t id = 1; id < IW_FIELD_COUNT; id++) {
        struct iw_str text = iw_field_canonical_text(id);
        assert_true(text.n != 0);
        assert_int_equal(iw_names_find(&names, text), id);
        assert_int_equal(iw_names_add(&names, text), id);
        assert_true(iw_str_equal(iw_names_text(&names, id), text));
    }
    assert_int_equal(iw_names_find(&names, IW_STR("CommandLine")), IW_FIELD_COMMAND_LINE);
    assert_int_equal(iw_names_find(&names, IW_STR("TimeCreated_SystemTime")),
                     IW_FIELD_TIME_CREATED);
    assert_int_equal(iw_field_canonical_text(IW_FIELD_NONE).n, 0);
    assert_int_equal(iw_field_canonical_text(IW_FIELD_COUNT).n, 0);
    assert_int_equal(iw_field_canonical_text(UINT32_MAX).n, 0);
    assert_int_equal(iw_names_text(&names, IW_NAME_UNASKED).n, 0);
    assert_int_equal(iw_names_text(&names, UINT32_MAX).n, 0);
    iw_names_done(&names);
}

static void case_and_spaces_do_not_count(void **state)
{
    static const struct {
        const char *spelling;
        bool is_same;
    } CASES[] = {
        {"SourceName", true},          {"Source Name", true},
        {"source name", true},         {" SOURCE  NAME ", true},
        {"Source\tName", false},       {"Source_Name", false},
        {"SourceNam", false},          {"SourceNames", false},
        {"Source\xC2\xA0Name", false}, {"", false},
        {"SourceN\xC3\xA4me", false},
    };
    struct iw_names names;
    uint32_t id;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    id = iw_names_add(&names, IW_STR("Source Name"));
    assert_int_equal(id, IW_FIELD_COUNT);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        uint32_t found = iw_names_find(&names, iw_str_of(CASES[i].spelling));
        assert_int_equal(found, CASES[i].is_same ? id : IW_NAME_UNASKED);
    }
    assert_int_equal(iw_names_add(&names, IW_STR("SOURCENAME")), id);
    /* The first spelling is the one shown. */
    assert_true(iw_str_equal(iw_names_text(&names, id), IW_STR("Source Name")));
    assert_int_equal(iw_names_find(&names, IW_STR("SourceThreadGUID")), IW_NAME_UNASKED);
    assert_int_equal(iw_names_find(&names, IW_STR("PROCESSGUID")), IW_FIELD_PROCESS_GUID);
    iw_names_done(&names);
}

static void texts_are_copied_and_described(void **state)
{
    char text[] = "MyField";
    struct iw_names names;
    struct iw_name a, b;
    uint32_t id;
    (void)state;
    assert_int_equal(iw_names_init(&names), IW_OK);
    id = iw_names_add(&names, iw_str_of(text));
    memcpy(text, "XXXXXXX", 7);
    assert_true(iw_str_equal(iw_names_text(&names, id), IW_STR("MyField")));
    iw_names_describe(&names, IW_STR("myfield"), &a);
    iw_names_describe(&names, IW_STR("Nobody's"), &b);
    assert_int_equal(a.id, id);
    assert_true(iw_str_equal(a.text, IW_STR("myfield"))); /* as the event spells it */
    assert_int_equal(b.id, IW_NAME_UNASKED);
    assert_true(iw_str_equal(b.text, IW_STR("Nobody's")));
    iw_names_describe(&names, IW_STR("myfield"), &b);
    assert_int_equal(a.hash, b.hash);
    assert_int_not_equal(a.serial, b.serial); /* of each description its own */
    assert_int_not_equal(a.serial, IW_NAME_WITHOUT_SERIAL);
    iw_names_done(&names);
}

static void longest_name(void **state)
{
    char text[3 * LONGEST];
    struct iw_names names;
    struct iw_name name;
    uint32_t id;
    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(iw_names_init(&names), IW_OK);
    id = iw_names_add(&names, (struct iw_str){text, LONGEST});
    assert_int_not_equal(id, IW_NAME_UNASKED);
    assert_int_equal(iw_names_find(&names, (struct iw_str){text, LONGEST}), id);
    assert_int_equal(iw_names_add(&names, (struct iw_str){text, LONGEST + 1}), IW_NAME_UNASKED);
    assert_int_equal(iw_names_find(&names, (struct iw_str){text, LONGEST + 1}), IW_NAME_UNASKED);
    iw_names_describe(&names, (struct iw_str){text, sizeof text}, &name);
    assert_int_equal(name.id, IW_NAME_UNASKED);
    assert_int_equal(name.text.n, sizeof text);
    memset(text + LONGEST, ' ', sizeof text - LONGEST); /* spaces are not counted */
    assert_int_equal(iw_names_find(&names, (struct iw_str){text, sizeof text}), id);
    iw_names_done(&names);
}

static void no_memory(void **state)
{
    bool failed = true;
    (void)state;
#ifndef IW_FAULT_INJECTION
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
    for (uint64_t n = 1; failed; n++) {
        struct iw_names names;
        enum iw_rc rc;
        iw_alloc_fail_at(n);
        rc = iw_names_init(&names);
        if (rc == IW_OK) {
            /* Enough names for the arena, the map and the array to grow. */
            failed = false;
            for (unsigned i = 0; i < 3000; i++) {
                char text[200];
                int length = snprintf(text, sizeof text, "%0150u", i);
                uint32_t id = iw_names_add(&names, (struct iw_str){text, (size_t)length});
                failed = failed || id == IW_NAME_UNASKED;
                if (id != IW_NAME_UNASKED)
                    assert_int_equal(iw_names_find(&names, (struct iw_str){text, (size_t)length}),
                                     id);
            }
            iw_alloc_fail_at(0);
            assert_int_equal(iw_names_find(&names, IW_STR("Image")), IW_FIELD_IMAGE);
            assert_int_not_equal(iw_names_add(&names, IW_STR("again")), IW_NAME_UNASKED);
            iw_names_done(&names);
        } else {
            assert_int_equal(rc, IW_ENOMEM);
        }
        iw_alloc_fail_at(0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_ids_are_the_constants),
        cmocka_unit_test(case_and_spaces_do_not_count),
        cmocka_unit_test(texts_are_copied_and_described),
        cmocka_unit_test(longest_name),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
