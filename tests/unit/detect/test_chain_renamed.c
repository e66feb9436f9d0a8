/*
 * Pages that were renamed into place in an audited folder: Security 4663 has the old name (DELETE)
 * and the folder (AddFile), never the new name. Expectations follow from what those two prove.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define OLD_NAME "C:\\inetpub\\shop\\a.txt"
#define FOLDER "C:\\inetpub\\shop"
#define COMPILED "2600 compiled 10 a.aspx.cdcab7d2.compiled\n"
#define UNSEEN                                                                                     \
    "a.aspx medium 58 partial: shell page-unseen same-pool / page_compiled process_created"
#define RENAMED                                                                                    \
    "a.aspx medium 63 partial: shell page-unseen file-renamed same-pool / file_renamed "           \
    "file_renamed page_compiled process_created"

static void renamed_into_place(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the worker renamed a text in the folder of the page",
         .script = WORKER "2000L delete 10 " OLD_NAME "\n2001L write 10 " FOLDER
                          "\n" COMPILED SHELL(4000),
         .page = A,
         .found = RENAMED,
         .why = OLD_NAME " was renamed or moved into " FOLDER " by w3wp.exe 599 ms before that"},
        {.name = "a page moved from elsewhere",
         .script = WORKER "2000L delete 10 D:\\up\\x.aspx\n2001L write 10 " FOLDER
                          "\n" COMPILED SHELL(4000),
         .page = A,
         .found = RENAMED},
        {.name = "of two the latest",
         .script = WORKER "1500L delete 10 D:\\up\\1.txt\n1501L write 10 " FOLDER
                          "\n2000L delete 10 D:\\up\\2.txt\n2001L write 10 " FOLDER
                          "\n" COMPILED SHELL(4000),
         .page = A,
         .found = RENAMED,
         .why = "D:\\up\\2.txt was renamed"},
        {.name = "in another folder",
         .script = WORKER "2000L delete 10 " OLD_NAME "\n2001L write 10 " FOLDER
                          "\\up\n" COMPILED SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "two processes",
         .script = WORKER "2000L delete 11 " OLD_NAME "\n2001L write 10 " FOLDER
                          "\n" COMPILED SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "only deleted",
         .script = WORKER "2000L delete 10 " OLD_NAME "\n" COMPILED SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "only added",
         .script = WORKER "2001L write 10 " FOLDER "\n" COMPILED SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "two halves that are two seconds apart are one still",
         .script =
             WORKER "500L delete 10 " OLD_NAME "\n2500L write 10 " FOLDER "\n" COMPILED SHELL(4000),
         .page = A,
         .found = RENAMED},
        {.name = "and more than that two",
         .script =
             WORKER "499L delete 10 " OLD_NAME "\n2500L write 10 " FOLDER "\n" COMPILED SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "behind the compiling",
         .script = WORKER COMPILED "3000L delete 10 " OLD_NAME "\n3001L write 10 " FOLDER
                                   "\n" SHELL(4000),
         .page = A,
         .found = UNSEEN},
        {.name = "a page whose writing was seen needs none",
         .script = WORKER "1500 write 10 " A "\n2000L delete 10 " OLD_NAME
                          "\n2001L write 10 " FOLDER "\n" SHELL(4000),
         .found = "a.aspx medium 70: shell file same-pool written-by-server / file_created "
                  "process_created"},
        {.name = "where nothing names a page, a near miss",
         .script = WORKER "2000L delete 10 " OLD_NAME "\n2001L write 10 " FOLDER "\n" SHELL(4000),
         .found = ALONE,
         .why = "near miss: " OLD_NAME " was renamed or moved into " FOLDER
                " by w3wp.exe 1999 ms before it"},
        {.name = "but in a folder of no site",
         .script = WORKER "2000L delete 10 D:\\x\\a.txt\n2001L write 10 D:\\x\n" SHELL(4000),
         .found = ALONE,
         .not_why = "near miss"},
        {.name = "and of another pool",
         .script = WORKER "2000L delete 10 " OLD_NAME
                          "\n2001L write 10 D:\\Program Data Web\\Web Documents\n" SHELL(4000),
         .found = ALONE,
         .not_why = "near miss"},
    };
    (void)state;
    RUN(CASES);
}

/* Many are renamed every day: the latest are known, and what is forgotten is freed. */
static void many_renamings(void **state)
{
    struct chain_rig rig;
    char line[128];
    (void)state;
    rig_init(&rig);
    rig.page = A;
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < 300; i++) {
        (void)snprintf(line, sizeof line, "%dL delete 10 D:\\up\\%d.txt\n%dL write 10 " FOLDER "\n",
                       2000 + i, i, 2000 + i);
        rig_script(&rig, line);
        (void)snprintf(line, sizeof line, "%dL delete 10 D:\\up\\%d.log\n", 2000 + i, i);
        rig_script(&rig, line);
    }
    rig_script(&rig, COMPILED SHELL(4000));
    rig_end(&rig);
    assert_string_equal(rig_found(&rig).p, RENAMED);
    assert_true(rig_says(&rig.findings[0].why, "D:\\up\\299.txt was renamed"));
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renamed_into_place),
        cmocka_unit_test(many_renamings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
