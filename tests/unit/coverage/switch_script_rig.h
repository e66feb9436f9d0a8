/*
 * Tables of texts of PowerShell, and what is asked of each row: what is heard, that the first look
 * lets it through, and that any beginning of it is read without harm.
 */
#ifndef TESTS_UNIT_COVERAGE_SWITCH_SCRIPT_RIG_H
#define TESTS_UNIT_COVERAGE_SWITCH_SCRIPT_RIG_H

#include "tests/unit/coverage/switch_rig.h"

#define MOST_BYTES ((size_t)1024) /* of one text, in either width */

struct script_row {
    const char *text;
    size_t nth;
    int kind;
    const char *subject;
    const char *host;
    bool is_unread;
};

static inline void check_asked(const struct script_row *rows, size_t n)
{
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++) {
        struct iw_command_switches got;
        struct iw_switch_uncalled uncalled;
        assert_int_equal(
            iw_command_switches_of_script(iw_str_of(rows[i].text), &arena, &got, &uncalled), IW_OK);
        check(rows[i].text, &got, rows[i].nth, rows[i].kind, rows[i].subject, rows[i].host,
              rows[i].is_unread);
    }
    iw_arena_done(&arena);
}

/* A text as the record has it, in either width, behind so many blanks. */
static inline struct iw_field field_of(const char *text, size_t shift, uint8_t *room, uint8_t type)
{
    size_t n = shift + strlen(text), width = type == IW_VALUE_UTF16 ? 2 : 1;
    assert_true(n * width <= MOST_BYTES);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = i < shift ? ' ' : (uint8_t)text[i - shift];
        room[i * width] = c;
        room[i * width + width - 1] = width == 2 ? 0 : c;
    }
    return (struct iw_field){.p = room, .n = (uint32_t)(n * width), .type = type};
}

/* What is heard is never passed over at the first look, wherever it stands. */
static inline void check_glance(const struct script_row *rows, size_t n)
{
    static const uint8_t TYPES[] = {IW_VALUE_UTF8, IW_VALUE_UTF16};
    struct iw_switch_glance glance;
    iw_switch_glance_init(&glance);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; rows[i].kind != NONE && k < 8; k++) {
            uint8_t room[MOST_BYTES];
            struct iw_field text = field_of(rows[i].text, k / 2, room, TYPES[k % 2]);
            if (!iw_switch_may_be_in_script(&glance, &text))
                fail_msg("%s", rows[i].text);
        }
    }
}

/* Any beginning of any of them is read without harm. */
static inline void check_cut(const struct script_row *rows, size_t n)
{
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < n; i++) {
        struct iw_str text = iw_str_of(rows[i].text);
        for (size_t bytes = 0; bytes <= text.n; bytes++) {
            struct iw_command_switches got;
            struct iw_switch_uncalled uncalled;
            iw_arena_reset(&arena);
            assert_int_equal(iw_command_switches_of_script((struct iw_str){text.p, bytes}, &arena,
                                                           &got, &uncalled),
                             IW_OK);
        }
    }
    iw_arena_done(&arena);
}

/** The three tests of a table. */
#define SCRIPT_TESTS(rows)                                                                         \
    static void what_is_asked(void **state)                                                        \
    {                                                                                              \
        (void)state;                                                                               \
        check_asked(rows, sizeof(rows) / sizeof(rows)[0]);                                         \
    }                                                                                              \
    static void what_a_glance_lets_through(void **state)                                           \
    {                                                                                              \
        (void)state;                                                                               \
        check_glance(rows, sizeof(rows) / sizeof(rows)[0]);                                        \
    }                                                                                              \
    static void what_is_cut(void **state)                                                          \
    {                                                                                              \
        (void)state;                                                                               \
        check_cut(rows, sizeof(rows) / sizeof(rows)[0]);                                           \
    }

#endif
