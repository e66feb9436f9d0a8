/*
 * The maker of images (see the header).
 */
#include "tests/unit/iis/pe_make.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PE_AT 0x40U
#define OPTIONAL_AT (PE_AT + 24)
#define N_DIRECTORIES 16U

static void put(struct made *made, size_t at, const void *bytes, size_t n)
{
    assert_true(at + n <= made->n);
    memcpy(made->bytes + at, bytes, n);
}

void made_u16(struct made *made, size_t at, uint16_t value)
{
    put(made, at, &value, sizeof value);
}

void made_u32(struct made *made, size_t at, uint32_t value)
{
    put(made, at, &value, sizeof value);
}

void made_u64(struct made *made, size_t at, uint64_t value)
{
    put(made, at, &value, sizeof value);
}

void made_text(struct made *made, size_t at, const char *text)
{
    put(made, at, text, strlen(text) + 1);
}

size_t made_directory_at(const struct made *made, unsigned index)
{
    return OPTIONAL_AT + (made->is_64 ? 112 : 96) + 8 * (size_t)index;
}

void made_directory(struct made *made, unsigned index, uint32_t rva, uint32_t n_bytes)
{
    made_u32(made, made_directory_at(made, index), rva);
    made_u32(made, made_directory_at(made, index) + 4, n_bytes);
}

void made_begin(struct made *made, bool is_64, size_t n)
{
    uint16_t optional_bytes = (uint16_t)((is_64 ? 112 : 96) + 8 * N_DIRECTORIES);
    size_t section = OPTIONAL_AT + optional_bytes;

    *made = (struct made){.bytes = calloc(n, 1), .n = n, .is_64 = is_64};
    assert_non_null(made->bytes);
    made_text(made, 0, "MZ");
    made_u32(made, 0x3C, PE_AT);
    made_text(made, PE_AT, "PE");
    made_u16(made, PE_AT + 4, is_64 ? 0x8664 : 0x14C);
    made_u16(made, PE_AT + 6, 1);
    made_u16(made, PE_AT + 20, optional_bytes);
    made_u16(made, PE_AT + 22, 0x2002);
    made_u16(made, OPTIONAL_AT, is_64 ? 0x20B : 0x10B);
    made_u32(made, OPTIONAL_AT + 32, 0x1000);
    made_u32(made, OPTIONAL_AT + 36, 0x1000);
    made_u32(made, OPTIONAL_AT + 60, MADE_BEGIN);
    made_u32(made, OPTIONAL_AT + (is_64 ? 108 : 92), N_DIRECTORIES);
    made_u32(made, section + 8, (uint32_t)(n - MADE_BEGIN));
    made_u32(made, section + 12, MADE_BEGIN);
    made_u32(made, section + 16, (uint32_t)(n - MADE_BEGIN));
    made_u32(made, section + 20, MADE_BEGIN);
    iw_arena_init(&made->arena, 0);
}

void made_done(struct made *made)
{
    iw_arena_done(&made->arena);
    free(made->bytes);
}

void made_read(struct made *made)
{
    iw_arena_reset(&made->arena);
    assert_int_equal(iw_pe_read((struct iw_str){(const char *)made->bytes, made->n}, NULL,
                                &made->arena, &made->pe, NULL),
                     IW_OK);
}

uint64_t made_damage(const struct made *made, enum iw_pe_damage_kind kind)
{
    return made->pe.damage[kind].count;
}

/* One stream header; returns where the next begins. */
static size_t put_stream(struct made *made, size_t at, uint32_t offset, size_t n, const char *name)
{
    made_u32(made, at, offset);
    made_u32(made, at + 4, (uint32_t)n);
    made_text(made, at + 8, name);
    return at + 8 + (strlen(name) + 4) / 4 * 4;
}

void made_clr(struct made *made, const struct made_clr *clr)
{
    size_t root = MADE_BEGIN + 72, at, stream = root + 4096, counts = stream + 24;
    uint64_t valid = 0;

    made_directory(made, 14, MADE_BEGIN, 72);
    made_u32(made, MADE_BEGIN, 72);
    made_u32(made, MADE_BEGIN + 8, (uint32_t)root);
    made_u32(made, MADE_BEGIN + 12, (uint32_t)(made->n - root));
    put(made, root, "BSJB\1\0\1\0\0\0\0\0\10\0\0\0v4.test\0\0\0", 26);
    made_u16(made, root + 26, (uint16_t)(clr->n_streams != 0 ? clr->n_streams : 3));
    for (unsigned i = 0; i < 64; i++) {
        if (clr->rows[i] == 0)
            continue;
        valid |= UINT64_C(1) << i;
        made_u32(made, counts, clr->rows[i]);
        counts += 4;
    }
    made_u64(made, stream + 8, valid);
    put(made, counts, clr->tables, clr->n_tables);
    at = put_stream(made, root + 28, 4096, counts + clr->n_tables - stream, "#~");
    stream = counts + clr->n_tables;
    put(made, stream, clr->strings, clr->n_strings);
    at = put_stream(made, at, (uint32_t)(stream - root), clr->n_strings, "#Strings");
    stream += clr->n_strings;
    put(made, stream, clr->blobs, clr->n_blobs);
    at = put_stream(made, at, (uint32_t)(stream - root), clr->n_blobs, "#Blob");
    for (unsigned i = 3; i < clr->n_streams; i++)
        at = put_stream(made, at, 0, 0, "#X");
}
