/*
 * Web roots as a user says them: what is a host, what is a drive, and of whom each is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "iis/inventory/said_root.h"

static void hosts_and_drives(void **state)
{
    static const struct {
        const char *text, *host, *path; /* path NULL: it is refused */
    } CASES[] = {
        {"D:\\sites\\shop", "", "D:\\sites\\shop"},
        {"d:/sites", "", "d:/sites"},
        {"\\\\srv\\share", "", "\\\\srv\\share"},
        {"WEB01:D:\\sites\\shop", "WEB01", "D:\\sites\\shop"},
        {"web01.corp.example:D:\\s", "web01.corp.example", "D:\\s"},
        {"WEB01:\\\\srv\\share", "WEB01", "\\\\srv\\share"},
        {"D:D:\\sites", NULL, NULL}, /* a drive is no host */
        {":D:\\sites", NULL, NULL},
        {"D:sites", NULL, NULL},
        {"WEB01:sites", NULL, NULL},
        {"WEB01:", NULL, NULL},
        {"WEB01", NULL, NULL},
        {"/var/www", NULL, NULL},
        {"a/b:D:\\x", NULL, NULL},
        {"", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_said_root root;
        if (iw_said_root_read(iw_str_of(CASES[i].text), &root) != (CASES[i].path != NULL))
            fail_msg("%s", CASES[i].text);
        if (CASES[i].path == NULL)
            continue;
        assert_true(iw_str_equal(root.host, iw_str_of(CASES[i].host)));
        assert_true(iw_str_equal(root.path, iw_str_of(CASES[i].path)));
    }
}

static void of_whom(void **state)
{
    static const struct {
        const char *said, *host;
        bool is_of;
    } CASES[] = {
        {"D:\\x", "WEB01", true},         {"D:\\x", "", true},
        {"WEB01:D:\\x", "web01", true},   {"WEB01.a.example:D:\\x", "WEB01", true},
        {"WEB01:D:\\x", "WEB011", false}, {"WEB01.a.example:D:\\x", "web01.A.example", true},
        {"WEB01:D:\\x", "", false},       {"WEB01.a.example:D:\\x", "web01.b.example", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_said_root root;
        assert_true(iw_said_root_read(iw_str_of(CASES[i].said), &root));
        if (iw_said_root_is_of(&root, iw_str_of(CASES[i].host)) != CASES[i].is_of)
            fail_msg("%s of %s", CASES[i].said, CASES[i].host);
    }
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(hosts_and_drives), TEST(of_whom)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
