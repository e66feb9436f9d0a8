/*
 * A web file of any bytes, and its name: marks end, stay within their kinds, are valid UTF-8, have
 * lines that the text has, and are the same when found again.
 */
#include "tests/fuzz/fuzz_support.h"

#include "base/utf.h"
#include "iis/web/web_marks.h"
#include "iis/web/web_neighbours.h"

static void require_texts(const struct iw_web_mark_set *set, struct iw_arena *arena)
{
    struct iw_text_list texts;
    FUZZ_REQUIRE(iw_web_mark_texts(set, arena, &texts) == IW_OK);
    FUZZ_REQUIRE(texts.n == (size_t)__builtin_popcount(set->kinds));
    for (size_t i = 0; i < texts.n; i++) {
        FUZZ_REQUIRE(iw_utf8_valid(texts.items[i]));
        FUZZ_REQUIRE(iw_web_mark_weight(texts.items[i]) != IW_WEB_MARK_NO_MARK);
    }
}

static void require_name(struct iw_str name, struct iw_arena *arena)
{
    const struct iw_web_neighbour files[] = {{.name = name, .executes = true},
                                             {.name = IW_STR("a.aspx"), .executes = true}};
    struct iw_web_mark_set set = {0};
    struct iw_web_folder folder;
    FUZZ_REQUIRE(iw_web_folder_read(name, files, 2, arena, &folder) == IW_OK);
    iw_web_neighbour_marks(&folder, &files[0], &set);
    require_texts(&set, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct iw_str bytes = {size != 0 ? (const char *)data : "", size};
    struct iw_web_mark_set set, again;
    struct iw_arena arena;

    iw_arena_init(&arena, 0);
    FUZZ_REQUIRE(iw_web_marks_read(bytes, &arena, &set) == IW_OK);
    FUZZ_REQUIRE(set.kinds >> IW_WEB_MARK_COUNT == 0);
    for (size_t i = 0; i < IW_WEB_MARK_COUNT; i++)
        FUZZ_REQUIRE(set.lines[i] <= size + 1);
    require_texts(&set, &arena);
    FUZZ_REQUIRE(iw_web_marks_read(bytes, &arena, &again) == IW_OK);
    FUZZ_REQUIRE(memcmp(&set, &again, sizeof set) == 0);
    require_name(bytes, &arena);
    iw_arena_done(&arena);
    return 0;
}
