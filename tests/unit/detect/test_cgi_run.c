/*
 * Runs of pages by CGI and FastCGI. Expectations follow from what IIS does with scriptProcessor
 * (the first %s is the file), and from who may have started the interpreter otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "detect/chain/cgi_run.h"
#include "tests/unit/detect/chain_scenario.h"

#define PERL "D:\\perl\\bin\\perl.exe"
#define CGI "C:\\inetpub\\shop\\s.cgi"
#define OLD "C:\\inetpub\\shop\\old.cgi"
#define RUN_OF(when, pid, page)                                                                    \
    when " start " pid " 10 " PERL " " PERL " -wT \"" page "\" " page "\n"

static struct iw_str cgi_attributes[] = {{"modules=CgiModule", 17}, {"path=*.cgi", 10}};
static struct iw_str fast_attributes[] = {{"modules=FastCgiModule", 21}, {"path=*.rb", 9}};

static struct iw_inventory_component components[] = {
    {.kind = "handler",
     .state = "written",
     .image = {PERL " -wT \"%s\" %s", sizeof PERL " -wT \"%s\" %s" - 1},
     .image_path = {PERL, sizeof PERL - 1},
     .attributes = {cgi_attributes, 2}},
    {.kind = "handler",
     .state = "written",
     .image = {"\"C:\\Windows\\System32\\cmd.exe\" /c %s", 37},
     .image_path = {"C:\\Windows\\System32\\cmd.exe", 27},
     .attributes = {cgi_attributes, 2}},
    {.kind = "handler",
     .state = "written",
     .image = {"D:\\lua\\lua.exe", 14},
     .image_path = {"D:\\lua\\lua.exe", 14},
     .attributes = {cgi_attributes, 2}},
    {.kind = "handler", /* FastCGI's own entry says what runs */
     .state = "written",
     .image = {"D:\\ruby\\ruby.exe", 16},
     .image_path = {"D:\\ruby\\ruby.exe", 16},
     .arguments = {"x", 1},
     .attributes = {fast_attributes, 2}},
    {.kind = "fastCgi",
     .state = "written",
     .image = {"D:\\ruby\\ruby.exe", 16},
     .image_path = {"D:\\ruby\\ruby.exe", 16},
     .arguments = {"D:\\app\\dispatch.fcgi", 20}},
    {.kind = "fastCgi",
     .state = "refused",
     .image = {"D:\\tcl\\tclsh.exe", 16},
     .image_path = {"D:\\tcl\\tclsh.exe", 16}},
};
#define N_COMPONENTS (sizeof components / sizeof components[0])

static void what_is_a_run(void **state)
{
    static const struct {
        const char *image, *command, *page; /* NULL: none */
    } CASES[] = {
        {PERL, PERL " -wT \"" CGI "\" " CGI, CGI},
        {PERL, "\"" PERL "\" -wT \"" CGI "\"", CGI},
        {"d:\\PERL\\bin\\Perl.exe", "perl.exe -WT \"C:\\inetpub\\shop\\a b.cgi\" a=1",
         "C:\\inetpub\\shop\\a b.cgi"},
        {PERL, "", ""},                                      /* not logged */
        {PERL, PERL " -e \"system 'x'\" \"" CGI "\"", NULL}, /* told something else */
        {PERL, PERL " -wT \"D:\\elsewhere\\s.cgi\"", NULL},  /* no page of a site */
        {PERL, PERL " -wT \"\"", NULL},
        {"C:\\perl\\perl.exe", "perl.exe -wT \"" CGI "\"", NULL},    /* another one */
        {"C:\\Windows\\System32\\cmd.exe", "cmd.exe /c " CGI, NULL}, /* a shell is none */
        {"D:\\lua\\lua.exe", "lua.exe", ""}, /* told nothing, as configured */
        {"D:\\lua\\lua.exe", "lua.exe -e x", NULL},
        {"D:\\ruby\\ruby.exe", "ruby.exe D:\\app\\dispatch.fcgi", ""},
        {"D:\\ruby\\ruby.exe", "ruby.exe x", NULL},
        {"D:\\tcl\\tclsh.exe", "tclsh.exe", NULL}, /* IIS refuses the entry */
    };
    const struct iw_inventory_server server = {.components = components,
                                               .n_components = N_COMPONENTS};
    struct iw_str keys[] = {IW_STR("c:\\inetpub\\shop")};
    const struct iw_web_state web = {.roots = chain_roots, .keys = keys, .n_roots = 1};
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str image = iw_str_of(CASES[i].image);
        struct iw_cgi_run run;
        assert_int_equal(iw_cgi_run_read(&server, &web, iw_program_find(image, IW_STR("")), image,
                                         iw_str_of(CASES[i].command), &arena, &run),
                         IW_OK);
        if (run.is != (CASES[i].page != NULL) ||
            (run.is && !iw_str_equal(run.page, iw_str_of(CASES[i].page))))
            fail_msg("%s: %d %.*s", CASES[i].command, (int)run.is, IW_STR_ARG(run.page));
    }
    assert_int_equal(iw_cgi_run_read(NULL, &web, iw_program_find(IW_STR(PERL), IW_STR("")),
                                     IW_STR(PERL), IW_STR(""), &arena, &(struct iw_cgi_run){0}),
                     IW_OK);
    iw_arena_done(&arena);
}

/* --- in chains -------------------------------------------------------------------------------- */

#define QUIET "w3wp.exe informational 10 partial: shell cgi-run / process_created"

static void runs_in_chains(void **state)
{
    static const struct {
        const char *script, *found, *why;
        struct chain_request request;
    } CASES[] = {
        {.script = WORKER RUN_OF("2000", "20", OLD), .found = QUIET, .why = "this time " OLD},
        {.script = WORKER RUN_OF("2000", "20", OLD) "2100 connect 20 10.0.0.7\n",
         .found = "w3wp.exe informational 15 partial: shell network cgi-run / process_created "
                  "network"},
        /* What a page starts is a shell, and the page is the one that the command line names. */
        {.script = WORKER "1500 write 99 " CGI
                          "\n" RUN_OF("2000", "20", OLD) "2100 start 21 20 cmd.exe cmd /c ver\n",
         .found = "w3wp.exe informational 10 partial: shell cgi-run / process_created\n"
                  "w3wp.exe medium 50 partial: shell / process_created"},
        {.script = WORKER "1500 write 99 " CGI "\n1600 write 99 " B
                          "\n" RUN_OF("2000", "20", CGI) "2100 start 21 20 cmd.exe cmd /c ver\n",
         .found = "s.cgi medium 65: shell file same-pool / file_created process_created "
                  "process_created",
         .why = "was started by perl.exe, which ran " CGI ", below w3wp.exe (pool ShopPool)"},
        /* A new page that runs is as far as page and request go. */
        {.script = WORKER "1500 write 99 " CGI "\n" RUN_OF("2000", "20", CGI),
         .found = "s.cgi informational 25: shell file same-pool cgi-run / file_created "
                  "process_created"},
        {.script = WORKER "1500 write 99 " CGI "\n" RUN_OF("2000", "20", CGI),
         .request = {CGI, 1900, 1, 0},
         .found = "s.cgi low 45: shell file request request-rare same-pool cgi-run / file_created "
                  "request process_created"},
        /* The application wrote it, and no shell did. */
        {.script =
             WORKER RUN_OF("2000", "20", OLD) "2100 write 20 " CGI "\n" RUN_OF("4000", "21", CGI),
         .request = {CGI, 3900, 1, 0},
         .found = "w3wp.exe informational 10 partial: shell cgi-run / process_created\n"
                  "s.cgi medium 50: shell file request request-rare same-pool written-by-server "
                  "cgi-run / file_created request process_created"},
        /* Told something else, or started by another: a shell. */
        {.script = WORKER "2000 start 20 10 " PERL " perl -e \"system 'x'\"\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created"},
        {.script = WORKER "1900 start 19 10 D:\\app\\helper.exe helper\n2000 start 20 19 " PERL
                          " " PERL " -wT \"" OLD "\"\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct chain_rig rig;
        rig_init(&rig);
        rig.server.components = components;
        rig.server.n_components = N_COMPONENTS;
        rig.requests = &CASES[i].request;
        rig.n_requests = CASES[i].request.path != NULL;
        rig_begin(&rig);
        rig_script(&rig, CASES[i].script);
        rig_end(&rig);
        if (!iw_str_equal(rig_found(&rig), iw_str_of(CASES[i].found)))
            fail_msg("case %zu: %s", i, rig_found(&rig).p);
        if (CASES[i].why != NULL && !rig_says(&rig.findings[rig.n_findings - 1].why, CASES[i].why))
            fail_msg("case %zu: %.*s", i, IW_STR_ARG(rig.findings[0].why.items[0]));
        rig_done(&rig);
    }
}

/* However many pages run: what is not shown is like what is. */
static void many_pages_run(void **state)
{
    struct chain_rig rig;
    char line[256];
    (void)state;
    rig_init(&rig);
    rig.server.components = components;
    rig.server.n_components = N_COMPONENTS;
    rig_begin(&rig);
    rig_script(&rig, WORKER);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(line, sizeof line,
                       "%d start %d 10 " PERL " " PERL " -wT \"C:\\inetpub\\shop\\%c%c.cgi\"\n",
                       2000 + i, 100 + i, 'a' + i % 26, 'a' + i / 26);
        rig_script(&rig, line);
    }
    rig_end(&rig);
    assert_int_equal(rig.n_findings, 1);
    assert_int_equal(rig.findings[0].level, IW_LEVEL_INFORMATIONAL);
    for (size_t i = 1; i < rig.n_lines; i++) /* all but the worker's start */
        assert_true(rig.lines[i].is_told);
    rig_done(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_a_run),
        cmocka_unit_test(runs_in_chains),
        cmocka_unit_test(many_pages_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
