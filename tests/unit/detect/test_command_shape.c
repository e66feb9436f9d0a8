/*
 * Marks of commands: each is found wherever it stands and however it is spelt, and no part of one
 * is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>

#include "detect/chain/command_shape.h"

static const struct {
    const char *command, *words;
    bool is_other_without_end; /* a mark of its own without its last character */
} MARKED[] = {
    {"&echo [s]", "its output is framed by [S] and [E]", false},
    {"&cd&echo ", "its output is framed by echo, with the folder between", false},
    {"cd /d &echo ", "a folder, a command and a mark in one line", false},
    {" -enc", "an encoded command of PowerShell", false},
    {" /enc", "an encoded command of PowerShell", false},
    {"frombase64string", "text decoded from Base64", false},
    {" -w hidden", "a hidden window", false},
    {" -windowstyle hidden", "a hidden window", false},
    {"urlcache certutil", "a download by certutil", false},
    {"/transfer bitsadmin", "a download by bitsadmin", false},
    {"downloadstring", "a script loaded from the network", false},
    {"downloadfile", "a file loaded from the network", false},
    {"> x.aspx", "a page written by redirection", true},
    {">x.asp", "a page written by redirection", false},
};

static const char *const SECRETS[] = {"processmodel.password",
                                      "/text:password",
                                      "hklm\\sam",
                                      "hklm\\security",
                                      "ntds.dit",
                                      "lsass",
                                      "sekurlsa",
                                      "machinekey"};

#define ROOM 128U

/* *mark* behind other text and in upper case; its last *n_missing* characters are left out. */
static struct iw_str command_of(const char *mark, bool is_upper, size_t n_missing, char room[ROOM])
{
    int n = snprintf(room, ROOM, "cccssll&& %.*s", (int)(strlen(mark) - n_missing), mark);
    for (int i = 0; is_upper && i < n; i++)
        room[i] = (char)toupper((unsigned char)room[i]);
    return (struct iw_str){room, (size_t)n};
}

static void check_mark(const char *mark, const char *words, unsigned secret, bool is_other)
{
    char room[ROOM];
    for (int is_upper = 0; is_upper < 2; is_upper++) {
        unsigned judged = iw_command_judge(command_of(mark, is_upper != 0, 0, room));
        const char *found = iw_command_shape_words(judged);
        if ((words == NULL) != (found == NULL) || (words != NULL && strcmp(words, found) != 0) ||
            (judged & IW_COMMAND_READS_SECRETS) != secret)
            fail_msg("'%s': %s, %x", room, found != NULL ? found : "nothing", judged);
        if (!is_other && iw_command_judge(command_of(mark, is_upper != 0, 1, room)) != 0)
            fail_msg("'%s' is no mark", room);
    }
}

static void each_mark_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MARKED / sizeof MARKED[0]; i++)
        check_mark(MARKED[i].command, MARKED[i].words, 0, MARKED[i].is_other_without_end);
    for (size_t i = 0; i < sizeof SECRETS / sizeof SECRETS[0]; i++)
        check_mark(SECRETS[i], NULL, IW_COMMAND_READS_SECRETS, false);
}

/* Of several marks the one that says most: the first in the list. */
static void the_first_shape_is_told(void **state)
{
    unsigned judged = iw_command_judge(
        IW_STR("certutil -urlcache x & cmd > y.aspx & reg save hklm\\sam & cd /d z&echo done"));
    (void)state;
    assert_string_equal(iw_command_shape_words(judged),
                        "a folder, a command and a mark in one line");
    assert_int_equal(judged & IW_COMMAND_READS_SECRETS, IW_COMMAND_READS_SECRETS);
    assert_true(iw_command_reads_secrets(IW_STR("x lsass")));
    assert_int_equal(iw_command_judge(IW_STR("")), 0);
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(each_mark_is_found),
        cmocka_unit_test(the_first_shape_is_told),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
