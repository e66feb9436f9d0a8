/*
 * Worker processes: the command line of reference/domain.md §2.7, and what an attacker may write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "context/worker_process.h"

#define EXE "c:\\windows\\system32\\inetsrv\\w3wp.exe"

static const struct {
    const char *command_line, *pool;
} POOLS[] = {
    /* domain.md §2.7 */
    {EXE
     " -ap \"DefaultAppPool\" -v \"v2.0\" -l \"webengine4.dll\" -a "
     "\\\\.\\pipe\\iisipm12345678-1234-1234-1234-123456789012 -h "
     "\"C:\\inetpub\\temp\\apppools\\DefaultAppPool\\DefaultAppPool.config\" -w \"\" -m 0 -t 20",
     "DefaultAppPool"},
    {EXE " -ap \"Contoso Web Shop\" -v \"v4.0\"", "Contoso Web Shop"},
    {EXE " -ap .NET -v", ".NET"},
    {EXE " -ap Pool", "Pool"},
    {EXE " -AP \"Pool\"", "Pool"},
    {EXE " -Ap\tPool", "Pool"},
    {"\"" EXE "\" -ap \"Pool\"", "Pool"},
    {EXE "   -ap    \"Pool\"   ", "Pool"},
    {"-ap \"Pool\"", "Pool"},
    {"-ap -v \"v4.0\"", ""},   /* an option where the name should be */
    {"-ap \"-v\" -l x", "-v"}, /* in quotes it is a name */
    {EXE " -v v4.0 -ap \"Pool\"", "Pool"},
    {EXE " -ap \"First\" -ap \"Second\"", "First"},
    {EXE " -ap \"caf\xC3\xA9\"", "caf\xC3\xA9"},
    /* none */
    {"", ""},
    {EXE, ""},
    {EXE " -ap", ""},
    {EXE " -ap   ", ""},
    {EXE " -ap \"\" -v v4.0", ""},
    {EXE " -app \"Pool\"", ""},
    {EXE " -a pipe -p x", ""},
    {EXE " --ap Pool", ""},
    {EXE " /ap Pool", ""},
    /* the words of another option are no option */
    {EXE " -h \"-ap\" Evil", ""},
    {EXE " -h \"x -ap Evil\" -ap \"Pool\"", "Pool"},
    {"\"c:\\x -ap y\\w3wp.exe\" -ap \"Pool\"", "Pool"},
    /* quotes left open */
    {EXE " -ap \"Pool", "Pool"},
    {EXE " -ap \"", ""},
    {"\"" EXE " -ap Pool", ""},
    {"\"", ""},
    {"\"\"\"\"\"\"", ""},
};

static void pools(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof POOLS / sizeof POOLS[0]; i++) {
        /* A copy without a NUL behind it, so that reading past the end is seen. */
        size_t n = strlen(POOLS[i].command_line);
        char *copy = test_malloc(n + 1);
        struct iw_str pool;
        memcpy(copy + 1, POOLS[i].command_line, n);
        pool = iw_worker_pool((struct iw_str){copy + 1, n});
        if (!iw_str_equal(pool, iw_str_of(POOLS[i].pool)))
            fail_msg("%s: '%.*s'", POOLS[i].command_line, IW_STR_ARG(pool));
        test_free(copy);
    }
    assert_int_equal(iw_worker_pool((struct iw_str){NULL, 0}).n, 0);
}

/* A NUL in the middle is a character like another. */
static void nul_in_a_command_line(void **state)
{
    struct iw_str pool = iw_worker_pool(IW_STR("w3wp.exe\0 -ap \"a\0b\""));
    (void)state;
    assert_int_equal(pool.n, 3);
    assert_memory_equal(pool.p, "a\0b", 3);
}

static void images(void **state)
{
    static const struct {
        const char *image;
        bool is_worker;
    } IMAGES[] = {
        {"C:\\Windows\\System32\\inetsrv\\w3wp.exe", true},
        {"C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe", true},
        {"C:\\WINDOWS\\SYSTEM32\\INETSRV\\W3WP.EXE", true},
        {"c:/windows/system32/inetsrv/w3wp.exe", true},
        {"w3wp.exe", true},
        {"\\w3wp.exe", true},
        {"", false},
        {"w3wp", false},
        {"3wp.exe", false},
        {"xw3wp.exe", false},
        {"C:\\x\\not-w3wp.exe", false},
        {"C:\\x\\w3wp.exe.exe", false},
        {"C:\\w3wp.exe\\cmd.exe", false},
        {"C:\\x\\w3wp.exe ", false},
        {"C:w3wp.exe", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof IMAGES / sizeof IMAGES[0]; i++)
        assert_int_equal(iw_is_worker_image(iw_str_of(IMAGES[i].image)), IMAGES[i].is_worker);
    assert_false(iw_is_worker_image((struct iw_str){NULL, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pools),
        cmocka_unit_test(nul_in_a_command_line),
        cmocka_unit_test(images),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
