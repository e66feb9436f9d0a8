/*
 * DOS, COFF and optional header, data directories, section table; overlay and certificates.
 *
 * PE/COFF "MS-DOS Stub", "COFF File Header", "Optional Header", "Section Table", "The Attribute
 * Certificate Table". What the loader of Windows does is followed where the document is silent: the
 * directories that NumberOfRvaAndSizes counts are read whatever SizeOfOptionalHeader says, offsets
 * of sections are rounded down to 512, a section is mapped up to whole pages, and an image whose
 * sections are smaller than a page lies in memory as in the file. Ignored: relocations, the DOS
 * program, long section names (they are for object files), all that concerns running.
 */
#include "iis/pe/pe_view.h"

#define DOS_HEADER_BYTES 64U
#define LFANEW_AT 60U
#define SIGNATURE_BYTES 4U
#define COFF_HEADER_BYTES 20U
#define SECTION_HEADER_BYTES 40U
#define MAGIC_PE32 0x10BU
#define MAGIC_PE32_PLUS 0x20BU
#define DIRECTORIES_AT_PE32 96U
#define DIRECTORIES_AT_PE32_PLUS 112U
#define PAGE_BYTES 4096U
#define FILE_SECTOR_BYTES 512U

/* The optional header. Where it is cut or of no known form there are no directories. */
static void read_optional(struct iw_pe_view *view, uint64_t at)
{
    struct iw_str header = iw_pe_slice(view, at, DIRECTORIES_AT_PE32_PLUS);
    const uint8_t *p = (const uint8_t *)header.p;
    uint16_t magic = header.n >= 2 ? iw_load_u16(p) : 0;
    size_t need = magic == MAGIC_PE32_PLUS ? DIRECTORIES_AT_PE32_PLUS : DIRECTORIES_AT_PE32;
    uint32_t n;

    view->pe->is_64 = magic == MAGIC_PE32_PLUS;
    if ((magic != MAGIC_PE32 && magic != MAGIC_PE32_PLUS) || header.n < need) {
        iw_pe_damage(view, IW_PE_DAMAGE_HEADERS, at);
        return;
    }
    view->pe->image_base = view->pe->is_64 ? iw_load_u64(p + 24) : iw_load_u32(p + 28);
    view->section_alignment = iw_load_u32(p + 32);
    view->headers_bytes = iw_load_u32(p + 60);
    view->checksum_at = view->pe->checksum_at = (uint32_t)at + 64;
    view->pe->checksum_stored = iw_load_u32(p + 64);
    view->pe->subsystem = iw_load_u16(p + 68);
    view->is_flat = view->section_alignment < PAGE_BYTES;
    n = iw_load_u32(p + need - 4);
    if (n > IW_PE_N_DIRECTORIES) {
        iw_pe_damage(view, IW_PE_DAMAGE_ENTRY, at + need - 4);
        n = IW_PE_N_DIRECTORIES;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct iw_str entry = iw_pe_slice(view, at + need + UINT64_C(8) * i, 8);
        if (entry.n < 8) {
            iw_pe_damage(view, IW_PE_DAMAGE_HEADERS, at + need);
            return;
        }
        view->directories[i].rva = iw_load_u32((const uint8_t *)entry.p);
        view->directories[i].size_bytes = iw_load_u32((const uint8_t *)entry.p + 4);
        if (i == IW_PE_DIR_SECURITY)
            view->pe->security_entry_at = (uint32_t)(at + need + UINT64_C(8) * i);
    }
}

/* What the loader maps of a section. */
static struct iw_pe_mapped mapped_part(struct iw_pe_view *view, const struct iw_pe_section *section,
                                       uint64_t from)
{
    struct iw_pe_mapped mapped = {.rva = section->rva};
    uint64_t alignment = view->section_alignment >= PAGE_BYTES ? view->section_alignment : 1;
    uint64_t n = section->file_bytes, end = (uint64_t)section->file_offset + n;

    if (n != 0 && end > view->file.n)
        iw_pe_damage(view, IW_PE_DAMAGE_SECTION, from);
    mapped.offset = section->file_offset & ~(uint64_t)(FILE_SECTOR_BYTES - 1);
    if (section->virtual_bytes != 0) {
        uint64_t whole = (section->virtual_bytes + alignment - 1) / alignment * alignment;
        n = n < whole ? n : whole;
    }
    if (mapped.offset >= view->file.n)
        n = 0;
    else if (n > view->file.n - mapped.offset)
        n = view->file.n - mapped.offset;
    mapped.size_bytes = (uint32_t)n;
    return mapped;
}

static bool overlaps(uint64_t a, uint64_t n_a, uint64_t b, uint64_t n_b)
{
    return n_a != 0 && n_b != 0 && a < b + n_b && b < a + n_a;
}

/* Whether a section lies over one before it, in memory or in the file. */
static bool lies_over(const struct iw_pe_section *sections, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++) {
        const struct iw_pe_section *a = &sections[i], *b = &sections[j];
        if (overlaps(a->rva, a->virtual_bytes, b->rva, b->virtual_bytes) ||
            overlaps(a->file_offset, a->file_bytes, b->file_offset, b->file_bytes))
            return true;
    }
    return false;
}

static void read_section(struct iw_pe_view *view, uint32_t i, struct iw_str header)
{
    struct iw_pe_section *section = &view->pe->sections[i];
    const uint8_t *p = (const uint8_t *)header.p;
    uint64_t at = iw_pe_offset(view, header);

    section->name = iw_pe_text(view, (struct iw_str){header.p, strnlen(header.p, 8)});
    section->virtual_bytes = iw_load_u32(p + 8);
    section->rva = iw_load_u32(p + 12);
    section->file_bytes = iw_load_u32(p + 16);
    section->file_offset = iw_load_u32(p + 20);
    section->flags = iw_load_u32(p + 36);
    section->entropy = -1;
    view->mapped[i] = mapped_part(view, section, at);
    if (lies_over(view->pe->sections, i))
        iw_pe_damage(view, IW_PE_DAMAGE_OVERLAP, at);
}

static void read_sections(struct iw_pe_view *view, uint64_t at, uint32_t n)
{
    struct iw_str table = iw_pe_slice(view, at, (uint64_t)n * SECTION_HEADER_BYTES);
    uint32_t n_there = (uint32_t)(table.n / SECTION_HEADER_BYTES);

    if (n_there < n)
        iw_pe_damage(view, IW_PE_DAMAGE_HEADERS, at);
    if (n_there > IW_LIMIT_PE_SECTIONS) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, at);
        n_there = IW_LIMIT_PE_SECTIONS;
    }
    view->pe->sections = iw_pe_alloc(view, n_there, sizeof *view->pe->sections);
    view->mapped = iw_pe_alloc(view, n_there, sizeof *view->mapped);
    if (view->pe->sections == NULL || view->mapped == NULL)
        return;
    for (uint32_t i = 0; i < n_there; i++) {
        read_section(
            view, i,
            (struct iw_str){table.p + (size_t)i * SECTION_HEADER_BYTES, SECTION_HEADER_BYTES});
        view->pe->n_sections = view->n_mapped = i + 1;
    }
}

static void find_overlay(struct iw_pe_view *view, uint64_t headers_end)
{
    uint64_t end = headers_end;
    for (uint32_t i = 0; i < view->pe->n_sections; i++) {
        const struct iw_pe_section *section = &view->pe->sections[i];
        uint64_t section_end = (uint64_t)section->file_offset + section->file_bytes;
        if (section->file_bytes != 0 && section_end > end)
            end = section_end;
    }
    if (end < view->file.n)
        view->pe->overlay = (struct iw_pe_piece){end, view->file.n - end};
}

static void find_security(struct iw_pe_view *view)
{
    struct iw_pe_directory directory = view->directories[IW_PE_DIR_SECURITY];
    if (directory.rva == 0 || directory.size_bytes == 0)
        return;
    view->pe->security = (struct iw_pe_piece){directory.rva, directory.size_bytes};
    if (iw_pe_slice(view, directory.rva, directory.size_bytes).n < directory.size_bytes) {
        iw_pe_damage(view, IW_PE_DAMAGE_TABLE, directory.rva);
        view->pe->security = (struct iw_pe_piece){0};
    }
}

enum iw_rc iw_pe_read_headers(struct iw_pe_view *view)
{
    struct iw_str dos = iw_pe_slice(view, 0, DOS_HEADER_BYTES), coff;
    uint64_t at, optional_bytes, headers_end;
    const uint8_t *p;

    if (dos.n < 2 || memcmp(dos.p, "MZ", 2) != 0)
        return IW_EFORMAT;
    at = dos.n == DOS_HEADER_BYTES ? iw_load_u32((const uint8_t *)dos.p + LFANEW_AT) : 0;
    coff = iw_pe_slice(view, at, SIGNATURE_BYTES + COFF_HEADER_BYTES);
    if (at != 0 && coff.n >= SIGNATURE_BYTES && memcmp(coff.p, "PE\0\0", SIGNATURE_BYTES) != 0)
        return IW_EFORMAT; /* a program for DOS, OS/2 or Windows 3 */
    if (at == 0 || coff.n < SIGNATURE_BYTES + COFF_HEADER_BYTES) {
        iw_pe_damage(view, IW_PE_DAMAGE_HEADERS, coff.n != 0 ? at : 0);
        return IW_OK;
    }
    p = (const uint8_t *)coff.p + SIGNATURE_BYTES;
    view->pe->machine = iw_load_u16(p);
    view->pe->timestamp = iw_load_u32(p + 4);
    view->pe->flags = iw_load_u16(p + 18);
    optional_bytes = iw_load_u16(p + 16);
    at += coff.n;
    read_optional(view, at);
    headers_end = at + optional_bytes + (uint64_t)iw_load_u16(p + 2) * SECTION_HEADER_BYTES;
    read_sections(view, at + optional_bytes, iw_load_u16(p + 2));
    find_overlay(view, headers_end > view->headers_bytes ? headers_end : view->headers_bytes);
    find_security(view);
    return IW_OK;
}
