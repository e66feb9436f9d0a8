/*
 * Damaged files: cut at every byte, every bit turned over, no memory at every place; then single
 * kinds of damage on images made by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/utf.h"
#include "lab/pe/lab_pe.h"
#include "tests/unit/iis/pe_make.h"

static const struct iw_pe_options both = {true, true};

static void small(struct iw_lab_pe *file, int kind, bool is_32)
{
    static const char *const exports[] = {"RegisterModule", "F=other.F", NULL};
    iw_lab_pe_build(file, &(struct iw_lab_pe_options){.kind = (enum iw_lab_pe_kind)kind,
                                                      .is_32 = is_32,
                                                      .exports = exports,
                                                      .company = "Lab",
                                                      .version = "1.2",
                                                      .pdb = "C:\\a.pdb",
                                                      .filling_bytes = 32});
}

static void require_text(struct iw_str text)
{
    assert_true(iw_utf8_valid(text));
    assert_true(text.n == 0 || memchr(text.p, '\0', text.n) == NULL);
}

static void require_sane_clr(const struct iw_clr *clr)
{
    assert_true(clr->n_refs <= IW_LIMIT_CLR_ASSEMBLY_REFS);
    assert_true(clr->n_types <= IW_LIMIT_CLR_TYPES);
    assert_true(clr->n_starts <= IW_LIMIT_CLR_STARTS);
    require_text(clr->runtime);
    require_text(clr->assembly.name);
    for (uint32_t i = 0; i < clr->n_refs; i++)
        require_text(clr->refs[i].name);
    for (uint32_t i = 0; i < clr->n_types; i++) {
        require_text(clr->types[i].name);
        require_text(clr->types[i].base);
        assert_int_not_equal(clr->types[i].roles, 0);
    }
    for (uint32_t i = 0; i < clr->n_starts; i++) {
        require_text(clr->starts[i].type);
        require_text(clr->starts[i].method);
    }
}

static void require_sane(const struct iw_pe *pe, size_t file_bytes)
{
    assert_true(pe->n_sections <= IW_LIMIT_PE_SECTIONS);
    assert_true(pe->n_exports <= 2 * IW_LIMIT_PE_EXPORTS);
    assert_true(pe->n_libraries <= IW_LIMIT_PE_LIBRARIES);
    assert_true(pe->version.n_texts <= IW_LIMIT_PE_VERSION_TEXTS);
    assert_true(pe->overlay.offset + pe->overlay.size_bytes <= file_bytes);
    assert_true(pe->security.offset + pe->security.size_bytes <= file_bytes);
    for (uint32_t i = 0; i < pe->n_sections; i++)
        require_text(pe->sections[i].name);
    for (uint32_t i = 0; i < pe->n_exports; i++) {
        require_text(pe->exports[i].name);
        require_text(pe->exports[i].forwarder);
    }
    for (uint32_t i = 0; i < pe->n_libraries; i++) {
        require_text(pe->libraries[i].name);
        for (uint32_t j = 0; j < pe->libraries[i].n_imports; j++)
            require_text(pe->libraries[i].imports[j].name);
    }
    for (uint32_t i = 0; i < pe->version.n_texts; i++) {
        assert_true(iw_utf8_valid(pe->version.texts[i].key));
        assert_true(iw_utf8_valid(pe->version.texts[i].value));
    }
    require_text(pe->pdb.path);
    require_sane_clr(&pe->clr);
    for (unsigned kind = 0; kind < IW_PE_DAMAGE_COUNT; kind++)
        assert_true(pe->damage[kind].count == 0 || pe->damage[kind].first_offset <= file_bytes);
}

/* A copy of exactly that size, so that the sanitizer sees the first byte behind it. */
static void read_copy(const uint8_t *bytes, size_t n, struct iw_arena *arena, struct iw_pe *pe,
                      enum iw_rc *ret_rc)
{
    char *copy = malloc(n != 0 ? n : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, n);
    iw_arena_reset(arena);
    *ret_rc = iw_pe_read((struct iw_str){copy, n}, &both, arena, pe, NULL);
    if (*ret_rc == IW_OK)
        require_sane(pe, n);
    free(copy);
}

static void cut_at_every_byte(void **state)
{
    (void)state;
    for (int kind = 0; kind < IW_LAB_PE_N_KINDS; kind++) {
        struct iw_lab_pe file;
        struct iw_arena arena;
        struct iw_pe pe;
        enum iw_rc rc;
        small(&file, kind, kind % 2 != 0);
        iw_arena_init(&arena, 0);
        for (size_t n = 0; n < file.size_bytes; n++) {
            read_copy(file.bytes, n, &arena, &pe, &rc);
            assert_int_equal(rc, n < 2 ? IW_EFORMAT : IW_OK);
            assert_true(rc != IW_OK || iw_pe_damage_total(&pe) != 0);
        }
        read_copy(file.bytes, file.size_bytes, &arena, &pe, &rc);
        assert_int_equal(iw_pe_damage_total(&pe), 0);
        iw_arena_done(&arena);
        iw_lab_pe_done(&file);
    }
}

/* Where a turned bit makes another sound header that tells of no exports: the number of data
 * directories and the address of the first, and the addresses and sizes of sections, where other
 * bytes are read as the table. */
static bool may_hide_exports(const uint8_t *bytes, size_t at)
{
    uint32_t optional;
    size_t directories, sections;
    memcpy(&optional, bytes + 60, 4);
    optional += 24;
    directories = optional + (bytes[optional + 1] == 2 ? 112U : 96U);
    sections = directories + 128;
    return (at >= directories - 4 && at < directories + 4) || at >= sections;
}

/* In the headers of every kind, and in the whole of two. */
static void every_bit_turned(void **state)
{
    (void)state;
    for (int kind = 0; kind < IW_LAB_PE_N_KINDS; kind++) {
        bool is_whole = kind == IW_LAB_PE_NATIVE_MODULE || kind == IW_LAB_PE_AUTOSTART;
        struct iw_lab_pe file;
        struct iw_arena arena;
        struct iw_pe pe;
        enum iw_rc rc;
        small(&file, kind, kind % 2 == 0);
        iw_arena_init(&arena, 0);
        for (size_t at = 0; at < (is_whole ? file.size_bytes : 1024); at++) {
            for (unsigned bit = 0; bit < 8; bit++) {
                file.bytes[at] ^= (uint8_t)(1U << bit);
                read_copy(file.bytes, file.size_bytes, &arena, &pe, &rc);
                assert_true(rc == IW_OK || rc == IW_EFORMAT);
                if (at < 1024 && rc == IW_OK && pe.n_exports != 2)
                    assert_true(iw_pe_damage_total(&pe) != 0 || may_hide_exports(file.bytes, at));
                file.bytes[at] ^= (uint8_t)(1U << bit);
            }
        }
        iw_arena_done(&arena);
        iw_lab_pe_done(&file);
    }
}

static void no_memory(void **state)
{
    struct iw_lab_pe file;
    uint64_t n = 0;
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    small(&file, IW_LAB_PE_AUTOSTART, true);
    while (rc != IW_OK) {
        struct iw_arena arena;
        struct iw_pe pe;
        iw_arena_init(&arena, 0);
        iw_alloc_fail_at(++n);
        rc = iw_pe_read((struct iw_str){(const char *)file.bytes, file.size_bytes}, &both, &arena,
                        &pe, NULL);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        iw_arena_done(&arena);
    }
#ifdef IW_FAULT_INJECTION
    assert_true(n > 1);
#endif
    iw_lab_pe_done(&file);
}

/* An export directory at 0x1100 with one name and one address. */
static void one_export(struct made *made, const char *name)
{
    made_begin(made, true, 0x2000);
    made_directory(made, 0, 0x1100, 40);
    made_u32(made, 0x1100 + 16, 1);
    made_u32(made, 0x1100 + 20, 1);
    made_u32(made, 0x1100 + 24, 1);
    made_u32(made, 0x1100 + 28, 0x1200);
    made_u32(made, 0x1100 + 32, 0x1210);
    made_u32(made, 0x1100 + 36, 0x1220);
    made_u32(made, 0x1200, 0x1500);
    made_u32(made, 0x1210, 0x1300);
    made_text(made, 0x1300, name);
}

static void bad_exports(void **state)
{
    struct made made;
    (void)state;
    one_export(&made, "Stra\xDF"
                      "e"); /* not UTF-8: windows-1252 */
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_NAME_BYTES), 1);
    assert_true(iw_str_equal(made.pe.exports[0].name, IW_STR("Straße")));
    made_u32(&made, 0x1210, 0x9000000); /* a name nowhere */
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_ADDRESS), 1);
    assert_int_equal(made.pe.exports[0].name.n, 0);
    made_u32(&made, 0x1210, 0x1FFF); /* a name that runs to the end of the file */
    made.bytes[0x1FFF] = 'N';
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_NAME_OPEN), 1);
    assert_true(iw_str_equal(made.pe.exports[0].name, IW_STR("N")));
    made_u16(&made, 0x1220, 5); /* an ordinal past the addresses */
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_ENTRY), 1);
    assert_int_equal(made.pe.exports[0].rva, 0);
    made_u32(&made, 0x1100 + 24, 0xFFFFFFFF); /* more names than bytes */
    made_read(&made);
    assert_true(made_damage(&made, IW_PE_DAMAGE_TABLE) >= 1);
    assert_true(made.pe.n_exports <= (0x2000 - 0x1210) / 4 + 1);
    made_done(&made);
}

static void overlapping_sections(void **state)
{
    struct made made;
    size_t second;
    (void)state;
    made_begin(&made, true, 0x3000);
    second = made_directory_at(&made, 16) + 40;
    made_u16(&made, 0x40 + 6, 2);
    made_u32(&made, second + 8, 0x1000);
    made_u32(&made, second + 12, 0x2000);
    made_u32(&made, second + 16, 0x1000);
    made_u32(&made, second + 20, 0x2000);
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_OVERLAP), 1);
    made_u32(&made, second + 12, 0x3000);
    made_u32(&made, second + 20, 0x3000); /* behind the end */
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_OVERLAP), 0);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_SECTION), 1);
    made_done(&made);
}

/* A table of resources whose entry leads to itself. */
static void resource_loop(void **state)
{
    struct made made;
    (void)state;
    made_begin(&made, true, 0x2000);
    made_directory(&made, 2, 0x1000, 0x100);
    made_u16(&made, 0x1000 + 14, 1);
    made_u32(&made, 0x1000 + 16, 16);
    made_u32(&made, 0x1000 + 20, 0x80000000);
    made_read(&made);
    assert_int_equal(made_damage(&made, IW_PE_DAMAGE_LOOP), 1);
    assert_int_equal(made.pe.version.n_texts, 0);
    made_done(&made);
}

static void damage_rows(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < IW_PE_DAMAGE_COUNT; kind++) {
        const struct iw_pe_damage_row *row = iw_pe_damage_row((enum iw_pe_damage_kind)kind);
        assert_true(row->name != NULL && row->sentence != NULL && row->sentence_one != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_at_every_byte),
        cmocka_unit_test(every_bit_turned),
        cmocka_unit_test(no_memory),
        cmocka_unit_test(bad_exports),
        cmocka_unit_test(overlapping_sections),
        cmocka_unit_test(resource_loop),
        cmocka_unit_test(damage_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
