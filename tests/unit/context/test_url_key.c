/*
 * What a URL of a log names. Expected keys follow from the documentation url_key.c names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "context/url_key.h"
#include "base/error.h"

static struct iw_url_endings endings;
static struct iw_arena arena;

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return iw_url_endings_init(&endings) == IW_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_url_endings_done(&endings);
    iw_arena_done(&arena);
    return 0;
}

static struct iw_url_key key_of(struct iw_str url)
{
    struct iw_url_key key;
    assert_int_equal(iw_url_key(&endings, url, &arena, &key), IW_OK);
    /* The quick look never says no where there is a key that runs. */
    assert_true(!key.runs || iw_url_may_run(url));
    return key;
}

static void a_url_has_one_spelling(void **state)
{
    static const struct {
        const char *url, *key;
        bool runs;
    } CASES[] = {
        {"/shell.aspx", "/shell.aspx", true},
        {"/Shop/SHELL.Aspx", "/shop/shell.aspx", true},
        {"/shop//shell.aspx", "/shop/shell.aspx", true},
        {"/shop\\shell.aspx", "/shop/shell.aspx", true},
        {"/shop/./shell.aspx", "/shop/shell.aspx", true},
        {"/shop/up/../shell.aspx", "/shop/shell.aspx", true},
        {"/../../shell.aspx", "/shell.aspx", true},
        {"/shop/%2e%2e/shell.aspx", "/shell.aspx", true},
        {"/shop/%2E%2e%2fshell.aspx", "/shell.aspx", true},
        {"/%73hell.aspx", "/shell.aspx", true},
        {"/shell%2easpx", "/shell.aspx", true},
        /* Once and no more. */
        {"/%252e%252e/shell.aspx", "/%2e%2e/shell.aspx", true},
        {"/shell%252easpx", "/shell%2easpx", false},
        /* As HTTP.sys reads it; half of a pair is no character. */
        {"/%u0073hell.aspx", "/shell.aspx", true},
        {"/shell%U002easpx", "/shell.aspx", true},
        {"/a%u005cshell.aspx", "/a/shell.aspx", true},
        {"/%u00DCbung.aspx",
         "/\xC3\xBC"
         "bung.aspx",
         true},
        {"/%uD83D.aspx", "/\xEF\xBF\xBD.aspx", true},
        {"/%u00zzshell.aspx", "/%u00zzshell.aspx", true},
        {"/%u007", "/%u007", false},
        {"/%25u0073hell.aspx", "/%u0073hell.aspx", true},
        /* Tickets of cookieless sessions, wherever they stand. */
        {"/(S(abc))/up/x.aspx", "/up/x.aspx", true},
        {"/up/(A(b))/x.aspx", "/up/x.aspx", true},
        {"/app/(X(1)S(cp53)F(x-_9))/x.aspx", "/app/x.aspx", true},
        {"/%28S%28abc%29%29/x.aspx", "/x.aspx", true},
        {"/(S(a))/(F(b))/x.aspx", "/x.aspx", true},
        {"/(S())/x.aspx", "/x.aspx", true},
        {"/x/(S(a))", "/x", false},
        /* Not such a ticket: names of folders. */
        {"/(S)/x.aspx", "/(s)/x.aspx", true},
        {"/(copy)/x.aspx", "/(copy)/x.aspx", true},
        {"/S(abc)/x.aspx", "/s(abc)/x.aspx", true},
        {"/(S(abc)/x.aspx", "/(s(abc)/x.aspx", true},
        {"/(S(a/b))/x.aspx", "/(s(a/b))/x.aspx", true},
        {"/((S(a)))/x.aspx", "/((s(a)))/x.aspx", true},
        {"/(1(a))/x.aspx", "/(1(a))/x.aspx", true},
        {"/()/x.aspx", "/()/x.aspx", true},
        /* Not an escape: stays. */
        {"/100%/shell.aspx", "/100%/shell.aspx", true},
        {"/shell.aspx%4", "/shell.aspx%4", false},
        {"/shell.aspx%", "/shell.aspx%", false},
        /* What is given to a file. */
        {"/shell.aspx/x", "/shell.aspx", true},
        {"/shell.aspx/a/b/c.css", "/shell.aspx", true},
        {"/app/x.jsp;jsessionid=0A1B", "/app/x.jsp", true},
        {"/shell.asp;.jpg", "/shell.asp", true},
        {"/a;b/x.aspx", "/a;b/x.aspx", true},
        {"/shell.asp/../x.gif", "/shell.asp", true},
        /* Streams, and what Windows does not count as part of a name. */
        {"/shell.aspx::$DATA", "/shell.aspx", true},
        {"/shell.aspx:hidden.txt", "/shell.aspx", true},
        {"/up::$INDEX_ALLOCATION/shell.aspx", "/up/shell.aspx", true},
        {"/shell.aspx.", "/shell.aspx", true},
        {"/shell.aspx...", "/shell.aspx", true},
        {"/shell.aspx%20", "/shell.aspx", true},
        {"/shell.aspx+", "/shell.aspx", true},
        {"/shell.aspx.+.", "/shell.aspx", true},
        {"/c++", "/c++", false},
        /* Blanks are written as plus. */
        {"/my shell.aspx", "/my+shell.aspx", true},
        {"/my+shell.aspx", "/my+shell.aspx", true},
        {"/my%20shell.aspx", "/my+shell.aspx", true},
        /* Letters of all alphabets, also from their bytes. */
        {"/\xC3\x9C"
         "bung.aspx",
         "/\xC3\xBC"
         "bung.aspx",
         true},
        {"/%C3%9C"
         "bung.aspx",
         "/\xC3\xBC"
         "bung.aspx",
         true},
        {"/\xFF.aspx", "/\xEF\xBF\xBD.aspx", true},
        /* Short names stay. */
        {"/SHELL~1.ASP", "/shell~1.asp", true},
        /* What does not run. */
        {"/", "/", false},
        {"", "/", false},
        {"/..", "/", false},
        {"/site.css", "/site.css", false},
        {"/shell.aspx2", "/shell.aspx2", false},
        {"/aspx", "/aspx", false},
        {"/.aspx", "/.aspx", true},
        {"/x.dll", "/x.dll", true},
        {"/cgi-bin/x.exe", "/cgi-bin/x.exe", true},
        {"shell.aspx", "/shell.aspx", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_url_key key = key_of(iw_str_of(CASES[i].url));
        if (!iw_str_equal(key.text, iw_str_of(CASES[i].key)) || key.runs != CASES[i].runs)
            fail_msg("%s: %.*s, %d", CASES[i].url, IW_STR_ARG(key.text), key.runs);
    }
}

/* A key is the key of itself, unless it holds an escape. */
static void a_key_is_its_own(void **state)
{
    static const char ALPHABET[] = "a./\\;:+ %2eAS~$";
    uint32_t random = 7;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char url[24];
        size_t n;
        struct iw_url_key key, again;
        random = random * 1664525U + 1013904223U;
        n = (random >> 16) % sizeof url;
        for (size_t k = 0; k < n; k++) {
            random = random * 1664525U + 1013904223U;
            url[k] = ALPHABET[(random >> 16) % (sizeof ALPHABET - 1)];
        }
        if (n > 5 && (random & 0x100000U) != 0)
            memcpy(url + n - 5, ".aspx", 5);
        iw_arena_reset(&arena);
        key = key_of((struct iw_str){url, n});
        assert_true(key.text.n != 0 && key.text.p[0] == '/');
        if (memchr(key.text.p, '%', key.text.n) != NULL)
            continue;
        again = key_of(key.text);
        if (!iw_str_equal(key.text, again.text) || key.runs != again.runs)
            fail_msg("%.*s: %.*s, then %.*s", (int)n, url, IW_STR_ARG(key.text),
                     IW_STR_ARG(again.text));
    }
}

/* A mebibyte of what makes each step look again. */
static void length_costs_what_it_is(void **state)
{
    enum { BYTES = 1024 * 1024 };
    static const char *const PIECES[] = {";", "/", "../", "a.aspx;", ".", "+", "%2e", ":", "a/"};
    char *url = malloc(BYTES);
    (void)state;
    assert_non_null(url);
    for (size_t i = 0; i < sizeof PIECES / sizeof PIECES[0]; i++) {
        size_t n = strlen(PIECES[i]);
        for (size_t k = 0; k < BYTES; k++)
            url[k] = PIECES[i][k % n];
        iw_arena_reset(&arena);
        (void)key_of((struct iw_str){url, BYTES});
    }
    free(url);
}

static void handlers_name_endings(void **state)
{
    static const struct iw_str PATHS[] = {{"path=*.foo, *.Bar", 17}, {"verb=*", 6}};
    static const struct iw_str ALL[] = {{"path=*", 6}};
    struct iw_inventory_component components[] = {
        {.kind = "handler", .attributes = {PATHS, 2}},
        {.kind = "handler", .attributes = {ALL, 1}},
        {.kind = "aspNetHandler", .name = IW_STR("*.old")},
        {.kind = "globalModule", .name = IW_STR("x.module")},
    };
    struct iw_inventory_server server = {.components = components, .n_components = 4};
    struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
    (void)state;
    assert_false(key_of(IW_STR("/x.foo")).runs);
    assert_int_equal(iw_url_endings_know(&endings, &inventory), IW_OK);
    assert_true(key_of(IW_STR("/x.foo")).runs);
    assert_true(key_of(IW_STR("/x.BAR/more")).runs);
    assert_true(key_of(IW_STR("/x.old")).runs);
    assert_false(key_of(IW_STR("/x.module")).runs);
    assert_false(key_of(IW_STR("/x.css")).runs);
}

static void short_names_are_what_ntfs_makes_first(void **state)
{
    static const struct {
        const char *name, *short_name;
    } CASES[] = {
        {"shell.aspx", "SHELL~1.ASP"},
        {"spinstall0.aspx", "SPINST~1.ASP"},
        {"shell.asp", ""},
        {"a.b.aspx", "AB~1.ASP"},
        {"my shell.aspx", "MYSHEL~1.ASP"},
        {"a+b.aspx", "A_B~1.ASP"},
        {"longer-name", "LONGER~1"},
        {"x", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str made = iw_url_short_name(iw_str_of(CASES[i].name), &arena);
        if (!iw_str_equal(made, iw_str_of(CASES[i].short_name)))
            fail_msg("%s: %.*s", CASES[i].name, IW_STR_ARG(made));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_url_has_one_spelling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_key_is_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(length_costs_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(handlers_name_endings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(short_names_are_what_ntfs_makes_first, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
