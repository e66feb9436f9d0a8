/*
 * Windows' own folders, and folders that are only named like them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "detect/drive_path.h"

static void behind_the_drive(void **state)
{
    static const char *const CASES[][2] = {
        {"C:\\Windows\\System32\\cmd.exe", "Windows\\System32\\cmd.exe"},
        {"c:\\a", "a"},
        {"D:\\a", ""},
        {"\\\\?\\C:\\a\\b", "a\\b"},
        {"\\??\\C:\\a\\b", "a\\b"},
        {"\\Device\\HarddiskVolume3\\a\\b", ""},
        {"C:\\a.\\b ", "a.\\b "},
        {"C:\\...\\b", "...\\b"},
        {"\\\\srv\\C$\\a", ""},
        {"\\\\?\\UNC\\srv\\C$\\a", ""},
        {"Windows\\a", ""},
        {"C:a", ""},
        {"C:\\", ""},
        {"C:\\a\\..\\b", ""},
        {"C:\\a\\.\\b", ""},
        {"C:\\a\\\\b", ""},
        {"C:\\a/b", ""},
        {"C:\\a\\", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str found = iw_path_behind_system_drive(iw_str_of(CASES[i][0]));
        if (!iw_str_equal(found, iw_str_of(CASES[i][1])))
            fail_msg("%s: '%.*s'", CASES[i][0], IW_STR_ARG(found));
    }
}

static void in_folders(void **state)
{
    static const struct {
        const char *folder, *path;
        bool is_in;
    } CASES[] = {
        {"windows\\system32", "C:\\WINDOWS\\system32\\a.exe", true},
        {"windows\\system32", "\\??\\C:\\Windows\\System32\\a.exe", true},
        {"windows\\system32", "D:\\Windows\\System32\\a.exe", false},
        {"windows\\system32", "C:\\Windows\\System32\\Tasks\\a.exe", false},
        {"windows\\system32", "C:\\Windows\\System32", false},
        {"windows\\system32", "C:\\Windows\\System32x\\a.exe", false},
        {"windows\\system32", "C:\\Windows \\System32\\a.exe", false},
        {"windows\\system32", "C:\\Temp\\Windows\\System32\\a.exe", false},
        {"windows\\system32", "C:\\Windows\\System32\\..\\Temp\\a.exe", false},
        {"windows\\winsxs\\", "C:\\Windows\\WinSxS\\amd64_x\\a.exe", true},
        {"windows\\winsxs\\", "C:\\Windows\\WinSxS\\a.exe", true},
        {"windows\\winsxs\\", "C:\\Windows\\WinSxS", false},
        {"windows\\framework*\\v*", "C:\\Windows\\Framework64\\v4.0.30319\\a.exe", true},
        {"windows\\framework*\\v*", "C:\\Windows\\Framework\\v2\\a.exe", true},
        {"windows\\framework*\\v*", "C:\\Windows\\Framework\\v2\\Temporary\\a.exe", false},
        {"windows\\framework*\\v*", "C:\\Windows\\Framework\\a.exe", false},
        {"a*b", "C:\\ab\\x", true},
        {"a*b", "C:\\axxb\\x", true},
        {"aa*aa", "C:\\aaa\\x", false},
        {"windows", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        if (iw_path_is_in_one_of(iw_str_of(CASES[i].path), &CASES[i].folder, 1) != CASES[i].is_in)
            fail_msg("%s in %s", CASES[i].path, CASES[i].folder);
    }
    assert_false(iw_path_is_in_one_of(IW_STR("C:\\a\\b"), NULL, 0));
}

int main(void)
{
    const struct CMUnitTest TESTS[] = {
        cmocka_unit_test(behind_the_drive),
        cmocka_unit_test(in_folders),
    };
    return cmocka_run_group_tests(TESTS, NULL, NULL);
}
