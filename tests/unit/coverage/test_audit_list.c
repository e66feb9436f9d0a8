/*
 * What a change of an audit list takes away or begins: by rights, by whom, by what it reaches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "coverage/switch_audit_list.h"

#define EVERYONE "(AU;OICISAFA;DCLCRPCRSDWDWO;;;WD)"
#define WRITING "(AU;OICISA;DCLCSD;;;WD)" /* no more than it takes to place a page */

static const struct {
    const char *before, *after;
    enum iw_audit_list_change change;
} CASES[] = {
    {EVERYONE, EVERYONE, IW_AUDIT_LIST_SAME},
    {EVERYONE, "", IW_AUDIT_LIST_LESS},
    {"", EVERYONE, IW_AUDIT_LIST_WHOLE},
    {"", "(AU;OICISA;DC;;;WD)", IW_AUDIT_LIST_BEGUN},
    /* Rights: what is left is written still, and shows nothing of what is not. */
    {EVERYONE, "(AU;OICISAFA;DC;;;WD)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;OICISAFA;DCRPCRSDWDWO;;;WD)", IW_AUDIT_LIST_NARROWED}, /* appending */
    {EVERYONE, "(AU;OICISAFA;LCRPCRSDWDWO;;;WD)", IW_AUDIT_LIST_NARROWED}, /* writing */
    {EVERYONE, "(AU;OICISAFA;DCLCRPCRWDWO;;;WD)", IW_AUDIT_LIST_NARROWED}, /* renaming */
    {EVERYONE, "(AU;OICISAFA;0xc0116;;;WD)", IW_AUDIT_LIST_NARROWED},      /* in numbers */
    {EVERYONE, "(AU;OICISA;FW;;;WD)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;OICISAFA;DCLCRPCRSD;;;WD)", IW_AUDIT_LIST_LESS}, /* rights and owner */
    {EVERYONE, WRITING, IW_AUDIT_LIST_LESS},
    {EVERYONE, "(AU;OICISAFA;FA;;;WD)", IW_AUDIT_LIST_SAME}, /* all of it */
    {EVERYONE, "(AU;OICISAFA;GA;;;WD)", IW_AUDIT_LIST_SAME},
    {EVERYONE, "(AU;OICISA;DCLC;;;WD)(AU;OICISA;RPCRSDWDWO;;;AU)", IW_AUDIT_LIST_SAME},
    {EVERYONE, "(AU;OICISA;SDWDWO;;;WD)", IW_AUDIT_LIST_LESS}, /* nothing that is written */
    {EVERYONE, "(AU;OICISA;FR;;;WD)", IW_AUDIT_LIST_LESS},
    /* By whom. */
    {EVERYONE, "(AU;OICISAFA;FA;;;S-1-5-21-1-2-3-1105)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;OICISAFA;FA;;;BU)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(XU;OICISA;FA;;;WD;(@User.x==1))", IW_AUDIT_LIST_NARROWED},
    {"(AU;OICISA;FA;;;BU)", "(AU;OICISA;FA;;;BA)", IW_AUDIT_LIST_NARROWED},
    {"(AU;OICISA;FA;;;BU)", "(AU;OICISA;FA;;;AU)", IW_AUDIT_LIST_WHOLE},
    /* Of successes. */
    {EVERYONE, "(AU;OICIFA;FA;;;WD)", IW_AUDIT_LIST_LESS},
    /* How far it reaches. */
    {EVERYONE, "(AU;OINPSA;FA;;;WD)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;SA;FA;;;WD)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;CISA;FA;;;WD)", IW_AUDIT_LIST_NARROWED},
    {EVERYONE, "(AU;OICIIOSA;FA;;;WD)", IW_AUDIT_LIST_LESS}, /* the folder itself */
    {EVERYONE, "(AU;OIIOSA;FA;;;WD)(AU;SA;FA;;;WD)", IW_AUDIT_LIST_SAME},
    /* What stays beside it takes nothing away; what goes, by what it was of. */
    {EVERYONE "(AU;OICISA;FA;;;BU)", EVERYONE "(AU;SA;FR;;;BA)", IW_AUDIT_LIST_SAME},
    {WRITING "(AU;OICISA;FA;;;BU)", WRITING "(AU;SA;FR;;;BA)", IW_AUDIT_LIST_LESS},
    {"(AU;OICISA;FA;;;BU)(AU;SA;FR;;;BA)", "(AU;OICISA;FA;;;BU)(AU;SA;FR;;;SY)",
     IW_AUDIT_LIST_SAME},
    {EVERYONE EVERYONE, EVERYONE, IW_AUDIT_LIST_LESS}, /* fewer, whatever they are */
    {EVERYONE "(AU;SA;QQ;;;WD)", EVERYONE "(AU;SA;FR;;;WD)", IW_AUDIT_LIST_LESS},
    {"(AU;OICISA;DC;;;WD)", WRITING, IW_AUDIT_LIST_WHOLE},
};

static struct iw_str list_of(const char *entries, char *text, size_t size)
{
    size_t n = strlen(entries);
    assert_true(n + 2 <= size);
    memcpy(text, "S:", 2);
    memcpy(text + 2, entries, n);
    return (struct iw_str){text, n + 2};
}

static void changes(void **state)
{
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char before[256], after[256];
        enum iw_audit_list_change change;
        assert_int_equal(iw_audit_list_compare(list_of(CASES[i].before, before, sizeof before),
                                               list_of(CASES[i].after, after, sizeof after), &arena,
                                               &change),
                         IW_OK);
        if (change != CASES[i].change)
            fail_msg("case %zu: %s to %s: %d", i, CASES[i].before, CASES[i].after, (int)change);
    }
    iw_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
