/*
 * The walk through a PE file (see pe_walk.h).
 *
 * What it ignores: everything the tests do not ask for; nothing of it is shared with the builder.
 */
#include "tests/unit/lab/pe_walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

uint16_t walk_u16(const struct pe_view *view, size_t offset)
{
    assert_true(offset + 2 <= view->size_bytes);
    return (uint16_t)(view->bytes[offset] | view->bytes[offset + 1] << 8);
}

uint32_t walk_u32(const struct pe_view *view, size_t offset)
{
    return walk_u16(view, offset) | (uint32_t)walk_u16(view, offset + 2) << 16;
}

size_t walk_offset(const struct pe_view *view, uint32_t rva)
{
    for (uint32_t i = 0; i < view->n_sections; i++) {
        const struct pe_section *section = &view->sections[i];
        if (rva >= section->rva && rva - section->rva < section->virtual_bytes) {
            return section->file_offset + (rva - section->rva);
        }
    }
    fail_msg("address %#x is in no section", rva);
    return 0;
}

const char *walk_text(const struct pe_view *view, uint32_t rva)
{
    size_t offset = walk_offset(view, rva);
    assert_non_null(memchr(view->bytes + offset, 0, view->size_bytes - offset));
    return (const char *)view->bytes + offset;
}

uint32_t walk_directory_at(const struct pe_view *view, uint32_t index)
{
    return view->optional + (view->is_32 ? 96 : 112) + 8 * index;
}

uint32_t walk_directory(const struct pe_view *view, uint32_t index)
{
    return walk_u32(view, walk_directory_at(view, index));
}

bool walk_contains(const struct pe_view *view, const void *bytes, size_t size_bytes)
{
    return memmem(view->bytes, view->size_bytes, bytes, size_bytes) != NULL;
}

static void read_sections(struct pe_view *view, uint32_t table)
{
    assert_in_range(view->n_sections, 1, MAX_SECTIONS);
    for (uint32_t i = 0; i < view->n_sections; i++) {
        uint32_t row = table + 40 * i;
        struct pe_section *section = &view->sections[i];
        memcpy(section->name, view->bytes + row, 8);
        section->virtual_bytes = walk_u32(view, row + 8);
        section->rva = walk_u32(view, row + 12);
        section->raw_bytes = walk_u32(view, row + 16);
        section->file_offset = walk_u32(view, row + 20);
    }
}

struct pe_view walk_open(const struct iw_lab_pe *pe)
{
    struct pe_view view = {.bytes = pe->bytes, .size_bytes = pe->size_bytes};
    assert_int_equal(walk_u16(&view, 0), 0x5A4D);
    uint32_t header = walk_u32(&view, 0x3C);
    assert_int_equal(walk_u32(&view, header), 0x00004550);
    view.n_sections = walk_u16(&view, header + 6);
    view.optional = header + 24;
    view.is_32 = walk_u16(&view, view.optional) == 0x10B;
    assert_int_equal(walk_u16(&view, header + 4), view.is_32 ? 0x14C : 0x8664);
    assert_int_equal(walk_u16(&view, header + 20), view.is_32 ? 224 : 240);
    read_sections(&view, view.optional + walk_u16(&view, header + 20));
    return view;
}

/* "library!function" of the i-th import of all, or false. */
bool walk_import(const struct pe_view *view, uint32_t wanted, char *out, size_t out_bytes)
{
    uint32_t slot_bytes = view->is_32 ? 4 : 8;
    if (walk_directory(view, 1) == 0) {
        return false;
    }
    for (size_t row = walk_offset(view, walk_directory(view, 1)); walk_u32(view, row + 12) != 0;
         row += 20) {
        uint32_t lookup = walk_u32(view, row), address = walk_u32(view, row + 16);
        for (; walk_u32(view, walk_offset(view, lookup)) != 0;
             lookup += slot_bytes, address += slot_bytes) {
            uint32_t by_name = walk_u32(view, walk_offset(view, lookup));
            assert_int_equal(walk_u32(view, walk_offset(view, address)), by_name);
            if (wanted-- == 0) {
                snprintf(out, out_bytes, "%s!%s", walk_text(view, walk_u32(view, row + 12)),
                         walk_text(view, by_name + 2));
                return true;
            }
        }
    }
    return false;
}

/* Offset of the metadata stream of that name. */
size_t walk_stream(const struct pe_view *view, const char *name, uint32_t *size_bytes)
{
    size_t root =
        walk_offset(view, walk_u32(view, walk_offset(view, walk_directory(view, 14)) + 8));
    assert_int_equal(walk_u32(view, root), 0x424A5342);
    size_t at = root + 16 + walk_u32(view, root + 12) + 2;
    uint16_t n_streams = walk_u16(view, at);
    at += 2;
    for (uint16_t i = 0; i < n_streams; i++) {
        const char *found = (const char *)view->bytes + at + 8;
        if (strcmp(found, name) == 0) {
            *size_bytes = walk_u32(view, at + 4);
            return root + walk_u32(view, at);
        }
        at += 8 + (strlen(found) + 4) / 4 * 4;
    }
    fail_msg("no stream %s", name);
    return 0;
}
