/*
 * Where the sections stand, and the headers in front of them.
 *
 * What it does: addresses and file offsets of sections, MS-DOS header and stub, COFF header,
 * optional header of PE32 and PE32+, data directories, section table, checksum.
 * Format: Microsoft PE/COFF, "MS-DOS Stub", "COFF File Header", "Optional Header", "Section Table";
 * the checksum is the one's complement sum of 16-bit words plus the size of the file.
 * What it ignores: Rich header, COFF symbols, certificates, load configuration.
 */
#include "lab/pe/pe_image.h"

#include <assert.h>
#include <string.h>

#define FILE_ALIGNMENT 0x200U
#define SECTION_ALIGNMENT 0x1000U
#define HEADERS_BYTES 0x400U /* room for all sections, so that offsets are known from the start */
#define PE_OFFSET 0x80U
#define COFF_BYTES 20U
#define OPTIONAL_BYTES_32 224U
#define OPTIONAL_BYTES_64 240U
#define CHECKSUM_OFFSET (PE_OFFSET + 4 + COFF_BYTES + 64)

static const struct {
    char name[9];
    uint32_t characteristics;
} section_kinds[IW_LAB_PE_N_SECTIONS] = {
    [IW_LAB_PE_TEXT] = {".text", 0x60000020},   /* code, execute, read */
    [IW_LAB_PE_RDATA] = {".rdata", 0x40000040}, /* initialised data, read */
    [IW_LAB_PE_DATA] = {".data", 0xC0000040},   /* … write */
    [IW_LAB_PE_RSRC] = {".rsrc", 0x40000040},
    [IW_LAB_PE_RELOC] = {".reloc", 0x42000040}, /* … discardable */
};

static uint32_t align_up(uint32_t value, uint32_t step)
{
    return (value + step - 1) & ~(step - 1);
}

static uint32_t raw_bytes(const struct iw_lab_pe_section *section)
{
    return align_up((uint32_t)section->content.size_bytes, FILE_ALIGNMENT);
}

struct iw_lab_pe_section *iw_lab_pe_begin_section(struct iw_lab_pe_image *image,
                                                  enum iw_lab_pe_section_index index)
{
    struct iw_lab_pe_section *section = &image->sections[index];
    section->rva = SECTION_ALIGNMENT;
    section->file_offset = HEADERS_BYTES;
    if (index > 0) {
        const struct iw_lab_pe_section *before = section - 1;
        assert(before->content.size_bytes < UINT32_MAX / 4);
        section->rva = align_up(iw_lab_pe_here(before), SECTION_ALIGNMENT);
        section->file_offset = before->file_offset + raw_bytes(before);
    }
    return section;
}

uint32_t iw_lab_pe_here(const struct iw_lab_pe_section *section)
{
    return section->rva + (uint32_t)section->content.size_bytes;
}

void iw_lab_pe_set_directory(struct iw_lab_pe_image *image, enum iw_lab_pe_directory_index index,
                             uint32_t rva, uint32_t end_rva)
{
    image->directories[index] = (struct iw_lab_pe_directory){rva, end_rva - rva};
}

uint64_t iw_lab_pe_image_base(const struct iw_lab_pe_options *options)
{
    bool is_program = options->kind == IW_LAB_PE_PROGRAM;
    if (options->is_32) {
        return is_program ? 0x400000 : 0x10000000;
    }
    return is_program ? 0x140000000 : 0x180000000;
}

static void put_dos_stub(struct iw_lab_pe_buffer *file)
{
    static const uint16_t header[] = {0x5A4D, 0x90, 3, 0, 4, 0, 0xFFFF, 0, 0xB8, 0, 0, 0, 0x40};
    static const uint8_t code[] = {0x0E, 0x1F, 0xBA, 0x0E, 0x00, 0xB4, 0x09,
                                   0xCD, 0x21, 0xB8, 0x01, 0x4C, 0xCD, 0x21};
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++) {
        iw_lab_pe_put_u16(file, header[i]);
    }
    iw_lab_pe_put_zeros(file, 0x3C - file->size_bytes);
    iw_lab_pe_put_u32(file, PE_OFFSET);
    iw_lab_pe_put(file, code, sizeof code);
    iw_lab_pe_put_text(file, "This program cannot be run in DOS mode.\r\r\n$");
    iw_lab_pe_put_zeros(file, PE_OFFSET - file->size_bytes);
}

static uint16_t count_sections(const struct iw_lab_pe_image *image)
{
    uint16_t n_sections = 0;
    for (size_t i = 0; i < IW_LAB_PE_N_SECTIONS; i++) {
        n_sections = (uint16_t)(n_sections + (image->sections[i].content.size_bytes > 0));
    }
    return n_sections;
}

static void put_coff_header(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file)
{
    const struct iw_lab_pe_options *options = image->options;
    iw_lab_pe_put(file, "PE\0", 4);
    iw_lab_pe_put_u16(file, options->is_32 ? 0x014C : 0x8664);
    iw_lab_pe_put_u16(file, count_sections(image));
    iw_lab_pe_put_u32(file, options->timestamp);
    iw_lab_pe_put_u32(file, 0); /* symbols */
    iw_lab_pe_put_u32(file, 0);
    iw_lab_pe_put_u16(file, options->is_32 ? OPTIONAL_BYTES_32 : OPTIONAL_BYTES_64);
    /* Executable image; 32-bit machine or large addresses; library. */
    uint16_t characteristics = (uint16_t)(0x0002 | (options->is_32 ? 0x0100 : 0x0020));
    if (options->kind != IW_LAB_PE_PROGRAM) {
        characteristics |= 0x2000;
    }
    iw_lab_pe_put_u16(file, characteristics);
}

/* A field that is as wide as an address. */
static void put_wide(struct iw_lab_pe_buffer *file, bool is_32, uint64_t value)
{
    if (is_32) {
        iw_lab_pe_put_u32(file, (uint32_t)value);
    } else {
        iw_lab_pe_put_u64(file, value);
    }
}

static void put_standard_fields(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file)
{
    bool is_32 = image->options->is_32;
    uint32_t data_bytes = 0;
    for (size_t i = IW_LAB_PE_RDATA; i < IW_LAB_PE_N_SECTIONS; i++) {
        data_bytes += raw_bytes(&image->sections[i]);
    }
    iw_lab_pe_put_u16(file, is_32 ? 0x010B : 0x020B);
    iw_lab_pe_put_u8(file, 14); /* linker */
    iw_lab_pe_put_u8(file, 0);
    iw_lab_pe_put_u32(file, raw_bytes(&image->sections[IW_LAB_PE_TEXT]));
    iw_lab_pe_put_u32(file, data_bytes);
    iw_lab_pe_put_u32(file, 0);
    iw_lab_pe_put_u32(file, image->entry_rva);
    iw_lab_pe_put_u32(file, image->sections[IW_LAB_PE_TEXT].rva);
    if (is_32) {
        iw_lab_pe_put_u32(file, image->sections[IW_LAB_PE_RDATA].rva);
    }
}

static void put_optional_header(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file)
{
    const struct iw_lab_pe_options *options = image->options;
    bool is_32 = options->is_32;
    const struct iw_lab_pe_section *last = &image->sections[IW_LAB_PE_N_SECTIONS - 1];
    put_standard_fields(image, file);
    put_wide(file, is_32, iw_lab_pe_image_base(options));
    iw_lab_pe_put_u32(file, SECTION_ALIGNMENT);
    iw_lab_pe_put_u32(file, FILE_ALIGNMENT);
    static const uint16_t versions[] = {6, 0, 0, 0, 6, 0, 0, 0}; /* system, image, subsystem, - */
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        iw_lab_pe_put_u16(file, versions[i]);
    }
    iw_lab_pe_put_u32(file, align_up(iw_lab_pe_here(last), SECTION_ALIGNMENT));
    iw_lab_pe_put_u32(file, HEADERS_BYTES);
    iw_lab_pe_put_u32(file, 0); /* checksum, at the end */
    bool is_console = options->kind == IW_LAB_PE_PROGRAM || iw_lab_pe_is_managed(options->kind);
    iw_lab_pe_put_u16(file, is_console ? 3 : 2);
    /* NX compatible, dynamic base, high entropy addresses. */
    iw_lab_pe_put_u16(file, is_32 ? 0x0140 : 0x0160);
    put_wide(file, is_32, 0x100000); /* stack: reserved, committed */
    put_wide(file, is_32, 0x1000);
    put_wide(file, is_32, 0x100000); /* heap */
    put_wide(file, is_32, 0x1000);
    iw_lab_pe_put_u32(file, 0);
    iw_lab_pe_put_u32(file, IW_LAB_PE_N_DIRECTORIES);
    for (size_t i = 0; i < IW_LAB_PE_N_DIRECTORIES; i++) {
        iw_lab_pe_put_u32(file, image->directories[i].rva);
        iw_lab_pe_put_u32(file, image->directories[i].size_bytes);
    }
}

static void put_section_table(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file)
{
    for (size_t i = 0; i < IW_LAB_PE_N_SECTIONS; i++) {
        const struct iw_lab_pe_section *section = &image->sections[i];
        if (section->content.size_bytes == 0) {
            continue;
        }
        iw_lab_pe_put(file, section_kinds[i].name, 8);
        iw_lab_pe_put_u32(file, (uint32_t)section->content.size_bytes);
        iw_lab_pe_put_u32(file, section->rva);
        iw_lab_pe_put_u32(file, raw_bytes(section));
        iw_lab_pe_put_u32(file, section->file_offset);
        iw_lab_pe_put_zeros(file, 12); /* relocations, line numbers */
        iw_lab_pe_put_u32(file, section_kinds[i].characteristics);
    }
}

static uint32_t make_checksum(const struct iw_lab_pe_buffer *file)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < file->size_bytes; i += 2) {
        sum += (uint32_t)(file->bytes[i] | file->bytes[i + 1] << 8);
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    return sum + (uint32_t)file->size_bytes;
}

void iw_lab_pe_write(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file)
{
    put_dos_stub(file);
    put_coff_header(image, file);
    put_optional_header(image, file);
    put_section_table(image, file);
    assert(file->size_bytes <= HEADERS_BYTES);
    iw_lab_pe_align(file, HEADERS_BYTES);
    for (size_t i = 0; i < IW_LAB_PE_N_SECTIONS; i++) {
        if (image->sections[i].content.size_bytes > 0) {
            assert(file->size_bytes == image->sections[i].file_offset);
            iw_lab_pe_put_buffer(file, &image->sections[i].content);
            iw_lab_pe_align(file, FILE_ALIGNMENT);
        }
    }
    iw_lab_pe_patch_u32(file, CHECKSUM_OFFSET, make_checksum(file));
}
