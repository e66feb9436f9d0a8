/*
 * Who asked for the page of a chain, and which request ran its shells: what is said of it, and
 * which requests are evidence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/detect/chain_scenario.h"

#define WRITE "2000 write 99 " A "\n"
#define ASKED "a.aspx high 85: shell file request request-rare same-pool / "

static void who_asked(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "address, agent, answer, and the time its log has",
         .script = WORKER WRITE "10000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{.path = A,
                       .begin_ms = 9000,
                       .n_addresses = 1,
                       .took_ms = 3000,
                       .method = "POST",
                       .address = "203.0.113.9"}},
         .found = ASKED "file_created process_created request",
         .why = "/x was asked for after the writing and before the shell (POST from 203.0.113.9, "
                "curl/8.0; answered 200; logged at 2020-09-13T12:26:52Z; begun at "
                "2020-09-13T12:26:49Z, reckoned by its time-taken)"},
        {.name = "a time that is not reckoned is not called so",
         .script = WORKER WRITE SHELL(3000),
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 1}},
         .found = ASKED "file_created request process_created",
         .why = "answered 200; logged at 2020-09-13T12:26:42Z)",
         .not_why = "reckoned"},
        {.name = "the one who asked",
         .script = WORKER WRITE SHELL(3000),
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 1, .address = "203.0.113.9"}},
         .found = ASKED "file_created request process_created",
         .why = "asked for it (1 request): 203.0.113.9, curl/8.0"},
        {.name = "behind a proxy",
         .script = WORKER WRITE SHELL(3000),
         .requests = {{.path = A,
                       .begin_ms = 2500,
                       .n_addresses = 1,
                       .address = "10.0.0.5",
                       .forwarded = "203.0.113.9"}},
         .found = ASKED "file_created request process_created",
         .why = "asked for it (1 request): 10.0.0.5 (for 203.0.113.9, by X-Forwarded-For), "
                "curl/8.0"},
        {.name = "a long name is shortened",
         .script = WORKER WRITE SHELL(3000),
         .requests =
             {{.path = A,
               .begin_ms = 2500,
               .n_addresses = 1,
               .address =
                   "0123456789012345678901234567890123456789012345678901234567890123456789012345"
                   "67890123456789012345678901234567890123456789012345678901234567"
                   "8901234567"}},
         .found = ASKED "file_created request process_created",
         .why = "5678901234567..., curl/8.0"},
    };
    (void)state;
    RUN(CASES);
}

/* The page's first request shows that somebody knew of it; later ones ran its shells. */
static void what_ran_the_shell(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "the first request ran it, and is no second evidence",
         .script = WORKER WRITE SHELL(3000),
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 1, .took_ms = 2000}},
         .found = ASKED "file_created process_created request",
         .why = "a request for the page ran as cmd.exe was started at 2020-09-13T12:26:43Z: "
                "GET from 10.0.0.9"},
        {.name = "a later request ran it",
         .script = WORKER WRITE "60000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 2},
                      {.path = A,
                       .begin_ms = 59500,
                       .n_addresses = 2,
                       .took_ms = 3000,
                       .method = "POST",
                       .address = "198.51.100.7"}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created request_running",
         .why = "a request for the page ran as cmd.exe was started at 2020-09-13T12:27:40Z: "
                "POST from 198.51.100.7, curl/8.0; answered 200; logged at 2020-09-13T12:27:42Z"},
        {.name = "one that had just ended",
         .script = WORKER WRITE "60000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 2},
                      {.path = A, .begin_ms = 55000, .n_addresses = 2, .took_ms = 1000}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "request_before process_created",
         .why = "a request for the page had just ended as cmd.exe was started"},
        {.name = "one that ended long before, or began after it, is none",
         .script = WORKER WRITE "60000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 2},
                      {.path = A, .begin_ms = 60100, .n_addresses = 2, .took_ms = 1000}},
         .found = "a.aspx high 80: shell file request same-pool / file_created request "
                  "process_created",
         .not_why = "a request for the page"},
        {.name = "of a page that all ask for, one is always running",
         .script = WORKER WRITE "60000 start 20 10 cmd.exe cmd /c ver\n",
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 17},
                      {.path = A, .begin_ms = 59500, .n_addresses = 17, .took_ms = 3000}},
         .found = "a.aspx medium 70: shell file request-served same-pool / file_created request "
                  "process_created",
         .not_why = "a request for the page"},
        {.name = "each shell has its own",
         .script = WORKER WRITE SHELL(3000) "60000 start 21 10 cmd.exe cmd /c set\n",
         .requests = {{.path = A, .begin_ms = 2500, .n_addresses = 2, .took_ms = 2000},
                      {.path = A, .begin_ms = 59500, .n_addresses = 2, .took_ms = 3000}},
         .found = "a.aspx high 80: shell file request same-pool / file_created process_created "
                  "request process_created request_running",
         .why = "1 more request for the page ran, or had just ended, as it started other "
                "programs"},
        {.name = "the shell that wrote the page was run by no request for it",
         .script = WORKER "3000 start 20 10 cmd.exe\n4000 write 20 " A "\n",
         .requests = {{.path = A, .begin_ms = 2900, .n_addresses = 1, .took_ms = 3000}},
         .found = "a.aspx medium 60: shell shell-wrote-file / process_created file_created",
         .not_why = "a request for the page"},
    };
    (void)state;
    RUN(CASES);
}

/* What the table says of who asked: the request that ran the shell, then others. */
static void who_is_named_in_the_table(void **state)
{
    static const struct chain_request REQUESTS[] = {{.path = A, .begin_ms = 2500, .n_addresses = 3},
                                                    {.path = A,
                                                     .begin_ms = 59500,
                                                     .n_addresses = 3,
                                                     .took_ms = 3000,
                                                     .method = "POST",
                                                     .address = "198.51.100.7"}};
    struct chain_rig rig;
    (void)state;
    rig_init(&rig);
    rig.requests = REQUESTS;
    rig.n_requests = 2;
    rig_begin(&rig);
    rig_script(&rig, WORKER WRITE "60000 start 20 10 cmd.exe cmd /c ver\n");
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_string_equal(
        rig_text(&rig, "%.*s", IW_STR_ARG(rig.findings[0].asked_by)),
        "POST from 198.51.100.7, curl/8.0; answered 200; logged at 2020-09-13T12:27:42Z; begun at "
        "2020-09-13T12:27:39Z, reckoned by its time-taken; 10.0.0.9, curl/8.0; and 1 more");
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asked),
        cmocka_unit_test(what_ran_the_shell),
        cmocka_unit_test(who_is_named_in_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
