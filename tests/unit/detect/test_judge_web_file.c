/*
 * What is said of web files by their marks, and what a chain of evidence says instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

/* --- web files ------------------------------------------------------------------------------ */

/* A chain of the level *context* tells what the file holds. */
static bool is_told_up_to(void *context, struct iw_str host,
                          const struct iw_inventory_web_file *web_file, enum iw_level level,
                          struct iw_arena *scratch)
{
    const enum iw_level *chain = context;
    (void)scratch;
    assert_true(host.n != 0 && web_file->marks.n != 0);
    return level <= *chain;
}

static void web_files(void **state)
{
    enum iw_level level;
    static const struct iw_str MARKS[] = {{"starts a process", 16}, {"evaluates a request", 19}};
    static const struct {
        uint32_t n_strong, n_content;
        size_t n;
        int level;
        const char *title;
    } CASES[] = {
        {0, 0, 0, -1, NULL},
        {2, 0, 2, IW_LEVEL_MEDIUM, "Web file does what a request tells it: a.aspx"},
        {1, 1, 2, IW_LEVEL_MEDIUM, "Web file does what a request tells it: a.aspx"},
        {1, 0, 2, IW_LEVEL_LOW, "Web file does what a request tells it: a.aspx"},
        {0, 2, 2, IW_LEVEL_LOW, "Web file stands out: a.aspx"},
        {0, 1, 1, IW_LEVEL_INFORMATIONAL, "Web file stands out: a.aspx"},
        {0, 0, 2, IW_LEVEL_INFORMATIONAL, "Web file stands out: a.aspx"},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_inventory_web_file *web_file;
        rig_again(rig);
        web_file = rig_web_file(rig, "C:\\w\\a.aspx");
        web_file->marks = (struct iw_text_list){MARKS, CASES[i].n};
        web_file->n_strong_marks = CASES[i].n_strong;
        web_file->n_content_marks = CASES[i].n_content;
        if (CASES[i].level < 0) {
            rig_none(rig);
            continue;
        }
        rig_one(rig, (enum iw_level)CASES[i].level, CASES[i].title);
        rig_says(rig, "why: PageHandlerFactory runs it");
        rig->input.is_web_file_told = is_told_up_to;
        rig->input.told = &level;
        level = (enum iw_level)CASES[i].level;
        rig_none(rig);
        if (CASES[i].level != IW_LEVEL_INFORMATIONAL) {
            level = (enum iw_level)(CASES[i].level - 1);
            rig_one(rig, (enum iw_level)CASES[i].level, CASES[i].title);
        }
        rig->input.is_web_file_told = NULL;
        rig_one(rig, (enum iw_level)CASES[i].level, CASES[i].title);
        rig_says(rig, "blind: no event of this host tells of a file being written");
        web_file->approval = IW_APPROVAL_BASELINE;
        rig_none(rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(web_files, rig_setup, rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
