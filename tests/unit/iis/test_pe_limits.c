/*
 * Every limit on a PE file, at the limit and one past it. Images are made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/iis/pe_make.h"

/* Reads and requires that the limit was reached, or was not. */
static void read_at(struct made *made, bool is_past)
{
    made_read(made);
    assert_int_equal(made_damage(made, IW_PE_DAMAGE_LIMIT) != 0, is_past);
}

static void file_bytes(void **state)
{
    size_t n = IW_LIMIT_PE_FILE_BYTES + 1;
    char *bytes = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iw_arena arena;
    struct iw_pe pe;
    (void)state;
    assert_true(bytes != MAP_FAILED);
    memcpy(bytes, "MZ", 2);
    iw_arena_init(&arena, 0);
    assert_int_equal(iw_pe_read((struct iw_str){bytes, n - 1}, NULL, &arena, &pe, NULL), IW_OK);
    assert_int_equal(iw_pe_read((struct iw_str){bytes, n}, NULL, &arena, &pe, NULL), IW_ELIMIT);
    iw_arena_done(&arena);
    munmap(bytes, n);
}

static void sections(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        struct made made;
        made_begin(&made, true, 0x20000);
        made_u16(&made, 0x40 + 6, (uint16_t)(IW_LIMIT_PE_SECTIONS + past));
        read_at(&made, past != 0);
        assert_int_equal(made.pe.n_sections, IW_LIMIT_PE_SECTIONS);
        made_done(&made);
    }
}

/* n addresses without names, m names of one address. */
static void make_exports(struct made *made, uint32_t n, uint32_t m, const char *name, size_t n_name)
{
    uint32_t addresses = 0x1100, names = addresses + 4 * n, ordinals = names + 4 * m;
    uint32_t text = ordinals + 2 * m;
    made_begin(made, true, text + n_name + 1);
    made_directory(made, 0, 0x1000, 40);
    made_u32(made, 0x1000 + 20, n);
    made_u32(made, 0x1000 + 24, m);
    made_u32(made, 0x1000 + 28, addresses);
    made_u32(made, 0x1000 + 32, names);
    made_u32(made, 0x1000 + 36, ordinals);
    for (uint32_t i = 0; i < n; i++)
        made_u32(made, addresses + 4 * i, 0x1080);
    for (uint32_t i = 0; i < m; i++)
        made_u32(made, names + 4 * i, text);
    memcpy(made->bytes + text, name, n_name);
}

static void exports(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        struct made made;
        make_exports(&made, IW_LIMIT_PE_EXPORTS + past, 0, "", 0);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.n_exports, IW_LIMIT_PE_EXPORTS);
        made_done(&made);
        make_exports(&made, 1, IW_LIMIT_PE_EXPORTS + past, "A", 1);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.n_exports, IW_LIMIT_PE_EXPORTS);
        made_done(&made);
    }
}

static void name_and_text_bytes(void **state)
{
    static char name[IW_LIMIT_PE_NAME_BYTES + 1];
    uint32_t n_full = (uint32_t)(IW_LIMIT_PE_TEXT_BYTES / IW_LIMIT_PE_NAME_BYTES);
    (void)state;
    memset(name, 'n', sizeof name);
    for (uint32_t past = 0; past < 2; past++) {
        struct made made;
        make_exports(&made, 1, 1, name, IW_LIMIT_PE_NAME_BYTES + past);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.exports[0].name.n, IW_LIMIT_PE_NAME_BYTES);
        made_done(&made);
        make_exports(&made, 1, n_full + past, name, IW_LIMIT_PE_NAME_BYTES);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.n_exports, n_full + past);
        assert_int_equal(made.pe.exports[n_full - 1 + past].name.n,
                         past != 0 ? 0 : IW_LIMIT_PE_NAME_BYTES);
        made_done(&made);
    }
}

/* n libraries, the last of them with m imports by ordinal, the others with none. */
static void make_imports(struct made *made, uint32_t n, uint32_t m, size_t n_name)
{
    uint32_t empty = 0x1100 + 20 * (n + 1), thunks = empty + 8, text = thunks + 8 * (m + 1);
    made_begin(made, true, text + n_name + 1);
    made_directory(made, 1, 0x1100, 20);
    for (uint32_t i = 0; i < n; i++) {
        made_u32(made, 0x1100 + 20 * i + 12, text);
        made_u32(made, 0x1100 + 20 * i + 16, i + 1 == n ? thunks : empty);
    }
    for (uint32_t i = 0; i < m; i++)
        made_u64(made, thunks + 8 * i, UINT64_C(1) << 63 | 1);
    memset(made->bytes + text, 'l', n_name);
}

static void imports(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        struct made made;
        make_imports(&made, IW_LIMIT_PE_LIBRARIES + past, 1, 1);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.n_libraries, IW_LIMIT_PE_LIBRARIES);
        made_done(&made);
        make_imports(&made, 1, IW_LIMIT_PE_IMPORTS + past, 1);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.libraries[0].n_imports, IW_LIMIT_PE_IMPORTS);
        made_done(&made);
        make_imports(&made, 1, 1, IW_LIMIT_PE_LIBRARY_BYTES + past);
        read_at(&made, past != 0);
        assert_int_equal(made.pe.libraries[0].name.n, IW_LIMIT_PE_LIBRARY_BYTES);
        made_done(&made);
    }
}

/* Types with an entry for versions; its table of names leads n times to one empty table of
 * languages: n + 1 tables are looked at. */
static void version_steps(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        uint32_t n = IW_LIMIT_PE_VERSION_STEPS - 1 + past, languages = 0x40 + 8 * n;
        struct made made;
        made_begin(&made, true, 0x1000 + languages + 32);
        made_directory(&made, 2, 0x1000, 0x40);
        made_u16(&made, 0x1000 + 14, 1);
        made_u32(&made, 0x1000 + 16, 16);
        made_u32(&made, 0x1000 + 20, 0x80000000 | 0x20);
        made_u16(&made, 0x1000 + 0x20 + 14, (uint16_t)n);
        for (uint32_t i = 0; i < n; i++)
            made_u32(&made, 0x1000 + 0x30 + 8 * i + 4, 0x80000000 | languages);
        read_at(&made, past != 0);
        made_done(&made);
    }
}

static size_t put_block(struct made *made, size_t at, uint32_t n, const char *key)
{
    made_u16(made, at, (uint16_t)n);
    for (size_t i = 0; key[i] != '\0'; i++)
        made->bytes[at + 6 + 2 * i] = (uint8_t)key[i];
    return at + (6 + 2 * strlen(key) + 2 + 3) / 4 * 4;
}

static void version_texts(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        uint32_t n = IW_LIMIT_PE_VERSION_TEXTS + past, end;
        size_t at = 0x1080;
        struct made made;
        made_begin(&made, true, 0x1200 + 12 * n);
        made_directory(&made, 2, 0x1000, 0x40);
        for (uint32_t i = 0; i < 3; i++) { /* type, name, language */
            made_u16(&made, 0x1000 + 24 * i + 14, 1);
            made_u32(&made, 0x1000 + 24 * i + 16, 16);
            made_u32(&made, 0x1000 + 24 * i + 20, i < 2 ? 0x80000000 | 24 * (i + 1) : 72);
        }
        made_u32(&made, 0x1000 + 72, 0x1080);
        made_u32(&made, 0x1000 + 76, (uint32_t)made.n - 0x1080);
        end = (uint32_t)made.n - 0x100;
        at = put_block(&made, at, end - (uint32_t)at, "VS_VERSION_INFO");
        at = put_block(&made, at, end - (uint32_t)at, "StringFileInfo");
        at = put_block(&made, at, (uint32_t)(24 + 12 * n), "040904B0");
        for (uint32_t i = 0; i < n; i++)
            at = put_block(&made, at, 12, "k");
        made_u16(&made, 0x1080, (uint16_t)(at - 0x1080));
        made_u16(&made, 0x1080 + 40, (uint16_t)(at - 0x1080 - 40));
        read_at(&made, past != 0);
        assert_int_equal(made.pe.version.n_texts, IW_LIMIT_PE_VERSION_TEXTS);
        made_done(&made);
    }
}

static void debug_entries(void **state)
{
    (void)state;
    for (uint32_t past = 0; past < 2; past++) {
        uint32_t n = IW_LIMIT_PE_DEBUG_ENTRIES + past;
        struct made made;
        made_begin(&made, true, 0x3000);
        made_directory(&made, 6, 0x1000, 28 * n);
        read_at(&made, past != 0);
        made_done(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_bytes),    cmocka_unit_test(sections),
        cmocka_unit_test(exports),       cmocka_unit_test(name_and_text_bytes),
        cmocka_unit_test(imports),       cmocka_unit_test(version_steps),
        cmocka_unit_test(version_texts), cmocka_unit_test(debug_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
