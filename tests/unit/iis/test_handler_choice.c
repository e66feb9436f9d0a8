/*
 * Handlers found by the ending they ask for, and kept for a few places: always the same answer as
 * that of trying each and reading each anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "iis/config/ending_index.h"
#include "iis/config/web_pattern.h"
#include "iis/inventory/handler_cache.h"
#include "tests/unit/iis/config_rig.h"

/* --- by ending ------------------------------------------------------------------------------- */

static const char *const PATHS[] = {
    "*.aspx", "*",      "*.ASPX",  "*.",    "*.a,*.b",    "/x/*.aspx",  "*.tar.gz", " *.aspx",
    "*.gz",   "x.aspx", "*.*",     "*.as*", "",           "*.Aspx",     "*.aspx ",  "*a.aspx",
    "*.axd",  "*.asp",  "*.aspxx", "*..",   "*.\xC3\xA9", "*.\xC3\x89",
};
enum { N_PATHS = sizeof PATHS / sizeof PATHS[0] };

static void nothing_that_fits_is_passed_over(void **state)
{
    static const char *const URLS[] = {
        "/a.aspx",  "/a.ASPX", "/x/b.aspx", "/noending", "/a.b", "/x.tar.gz",
        "/.aspx",   "/a.",     "/a.aspx/b", "/a.as",     "/",    "/q.\xC3\xA9",
        "/q.aspx ", "",        "/a..",      "/z.aspxx",
    };
    struct iw_str paths[N_PATHS];
    struct iw_ending_index index;
    struct iw_arena arena;
    size_t n_tried = 0;
    (void)state;
    iw_arena_init(&arena, 0);
    for (size_t i = 0; i < N_PATHS; i++)
        paths[i] = iw_str_of(PATHS[i]);
    assert_true(iw_ending_index_make(paths, N_PATHS, &arena, &index));
    assert_int_equal(index.n_endings, 9);
    for (size_t i = 0; i < sizeof URLS / sizeof URLS[0]; i++) {
        struct iw_str url = iw_str_of(URLS[i]);
        struct iw_ending_walk walk;
        size_t at, next = 0;
        iw_ending_walk_begin(&index, url, &walk);
        while (iw_ending_walk_next(&walk, &at)) {
            assert_true(at >= next && at < N_PATHS); /* in order, each once */
            for (; next < at; next++)
                if (iw_web_path_fits(paths[next], url))
                    fail_msg("%s fits %s", PATHS[next], URLS[i]);
            next = at + 1;
            n_tried++;
        }
        for (; next < N_PATHS; next++)
            assert_false(iw_web_path_fits(paths[next], url));
    }
    assert_true(n_tried < N_PATHS * (sizeof URLS / sizeof URLS[0]));
    iw_arena_done(&arena);
}

static void no_memory_for_an_index(void **state)
{
    struct iw_str path = IW_STR("*.x");
    struct iw_ending_index index;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    iw_alloc_fail_at(1);
    assert_false(iw_ending_index_make(&path, 1, &arena, &index));
    iw_alloc_fail_at(0);
    iw_arena_done(&arena);
}

/* --- by place -------------------------------------------------------------------------------- */

enum { N_LOCATIONS = IW_HANDLER_SLOTS + 4 };

/* One handler of the server; places with handlers, modules, filtering or an application of their
 * own, more of them than there are slots. */
static struct iw_config *make_config(void)
{
    struct iw_config *config;
    struct iw_buffer text;
    iw_buffer_init(&text);
    iw_buffer_add(&text, IW_STR("<configuration><system.applicationHost><sites><site name='S'>"
                                "<application path='/'/><application path='/app'/></site></sites>"
                                "</system.applicationHost>"));
    iw_buffer_add(&text, IW_STR("<location path='S' inheritInChildApplications='false'>"
                                "<system.webServer><handlers accessPolicy='Read, Script'><add "
                                "name='A' path='*.a' verb='*' modules='X'/></handlers>"
                                "</system.webServer></location>"));
    for (size_t i = 0; i < N_LOCATIONS; i++)
        iw_buffer_printf(&text,
                         "<location path='S/d%zu'><system.webServer><handlers><add name='H' "
                         "path='*.h%zu' verb='*' modules='Y'/></handlers></system.webServer>"
                         "</location>",
                         i, i);
    iw_buffer_add(&text, IW_STR("<location path='S/filtered'><system.webServer><security>"
                                "<requestFiltering><fileExtensions><add fileExtension='.a' "
                                "allowed='false'/></fileExtensions></requestFiltering></security>"
                                "</system.webServer></location></configuration>"));
    iw_buffer_add_char(&text, '\0');
    config = config_of_server(text.p);
    iw_buffer_done(&text);
    return config;
}

static void same_as_read_anew(struct iw_handler_cache *cache, const char *where, const char *url)
{
    const struct iw_web_handlers *kept;
    struct iw_web_handlers *anew;
    struct iw_web_answer one, other;
    struct iw_config_place place;
    struct iw_arena arena;
    iw_arena_init(&arena, 0);
    assert_true(iw_config_place_read(IW_STR(""), iw_str_of(where), &arena, &place));
    assert_int_equal(iw_handler_cache_get(cache, NULL, &place, &kept), IW_OK);
    assert_int_equal(iw_web_handlers_read(cache->config, NULL, &place, &arena, &anew), IW_OK);
    one = iw_web_answer_of(kept, iw_str_of(url));
    other = iw_web_answer_of(anew, iw_str_of(url));
    if (one.verdict != other.verdict || !iw_str_equal(one.processor, other.processor))
        fail_msg("%s at %s", url, where);
    iw_arena_done(&arena);
}

static void places_have_their_own(void **state)
{
    struct iw_config *config = make_config();
    struct iw_handler_cache cache;
    (void)state;
    iw_handler_cache_init(&cache, config);
    for (size_t round = 0; round < 3; round++) {
        if (round != 1) /* the second round is one turn: more places than slots */
            iw_handler_cache_turn(&cache);
        for (size_t i = 0; i < N_LOCATIONS; i++) {
            char where[64], url[64];
            if (round != 1)
                iw_handler_cache_turn(&cache);
            (void)snprintf(where, sizeof where, "S/d%zu/deep/er", i);
            (void)snprintf(url, sizeof url, "/d%zu/deep/er/x.h%zu", i, i);
            same_as_read_anew(&cache, where, url);
            same_as_read_anew(&cache, "S/d1", "/d1/x.h2");
            same_as_read_anew(&cache, "S/other", "/other/x.a");
            same_as_read_anew(&cache, "S", "/x.a");
            same_as_read_anew(&cache, "S/app", "/app/x.a"); /* not inherited there */
            same_as_read_anew(&cache, "S/app/below", "/app/below/x.a");
            same_as_read_anew(&cache, "S/filtered/deep", "/filtered/deep/x.a");
        }
    }
    iw_handler_cache_done(&cache);
    iw_config_free(config);
}

/* What was given out in a turn stays until it ends, however many places are asked for. */
static void a_turn_keeps_all(void **state)
{
    const struct iw_web_handlers *kept[N_LOCATIONS];
    struct iw_config *config = make_config();
    struct iw_handler_cache cache;
    struct iw_arena arena;
    (void)state;
    iw_arena_init(&arena, 0);
    iw_handler_cache_init(&cache, config);
    iw_handler_cache_turn(&cache);
    for (size_t i = 0; i < N_LOCATIONS; i++) {
        struct iw_config_place place;
        char where[64];
        (void)snprintf(where, sizeof where, "S/d%zu", i);
        assert_true(iw_config_place_read(IW_STR(""), iw_str_of(where), &arena, &place));
        assert_int_equal(iw_handler_cache_get(&cache, NULL, &place, &kept[i]), IW_OK);
    }
    for (size_t i = 0; i < N_LOCATIONS; i++) {
        char url[64];
        (void)snprintf(url, sizeof url, "/d%zu/x.h%zu", i, i);
        assert_int_equal(iw_web_answer_of(kept[i], iw_str_of(url)).verdict, IW_WEB_EXECUTES);
    }
    iw_handler_cache_done(&cache);
    iw_arena_done(&arena);
    iw_config_free(config);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_that_fits_is_passed_over),
        TEST(no_memory_for_an_index),
        TEST(places_have_their_own),
        TEST(a_turn_keeps_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
