/*
 * The VERSIONINFO resource.
 *
 * What it does: a resource tree with one leaf (type 16, id 1, English), in it VS_VERSIONINFO with
 * the fixed part, StringFileInfo 040904B0 and VarFileInfo. The leaf is left out when there is no
 * text at all.
 * Format: Microsoft PE/COFF, "The .rsrc Section"; Win32 VS_VERSIONINFO, VS_FIXEDFILEINFO, String:
 * lengths do not count the padding behind a block, and that of a text counts characters.
 * What it ignores: other languages, flags, private and special builds. Texts are cut at 4096 UTF-16
 * units, for all of them must fit 64 KiB.
 */
#include "lab/pe/pe_image.h"

#include <string.h>

#include "lab/evtx/lab_text.h"
#include "lab/lab_alloc.h"

#define MAX_TEXT_UNITS 4096U
#define RT_VERSION 16U
#define ENGLISH 0x0409U
#define LEAF_OFFSET 0x58U

void iw_lab_pe_version_words(const char *version, uint16_t words[4])
{
    memset(words, 0, 4 * sizeof words[0]);
    size_t n_words = 0;
    for (const char *at = version; at != NULL && n_words < 4; n_words++) {
        uint32_t number = 0;
        while (*at >= '0' && *at <= '9') {
            number = number * 10 + (uint32_t)(*at++ - '0');
            number = number > UINT16_MAX ? UINT16_MAX : number;
        }
        words[n_words] = (uint16_t)number;
        at = *at == '.' ? at + 1 : NULL;
    }
}

/* n_units gets the units without the final NUL. */
static void put_utf16(struct iw_lab_pe_buffer *out, const char *text, size_t *n_units)
{
    size_t size_bytes = strlen(text);
    uint16_t *units = iw_lab_alloc_zeroed(size_bytes + 1, sizeof *units);
    *n_units = iw_lab_text_to_utf16(text, size_bytes, units);
    if (*n_units > MAX_TEXT_UNITS) {
        bool splits_pair = (units[MAX_TEXT_UNITS - 1] & 0xFC00) == 0xD800;
        *n_units = MAX_TEXT_UNITS - splits_pair;
    }
    for (size_t i = 0; i < *n_units; i++) {
        iw_lab_pe_put_u16(out, units[i]);
    }
    iw_lab_pe_put_u16(out, 0);
    iw_lab_alloc_release(units);
}

/* Returns the offset for end_block(). */
static size_t begin_block(struct iw_lab_pe_buffer *out, const char *key, uint16_t value_length,
                          bool is_text)
{
    size_t n_units;
    iw_lab_pe_align(out, 4);
    size_t start = out->size_bytes;
    iw_lab_pe_put_u16(out, 0);
    iw_lab_pe_put_u16(out, value_length);
    iw_lab_pe_put_u16(out, is_text);
    put_utf16(out, key, &n_units);
    iw_lab_pe_align(out, 4);
    return start;
}

static void end_block(struct iw_lab_pe_buffer *out, size_t start)
{
    iw_lab_pe_patch_u16(out, start, (uint16_t)(out->size_bytes - start));
}

static void put_string(struct iw_lab_pe_buffer *out, const char *key, const char *text)
{
    if (text == NULL) {
        return;
    }
    size_t n_units;
    size_t start = begin_block(out, key, 0, true);
    put_utf16(out, text, &n_units);
    iw_lab_pe_patch_u16(out, start + 2, (uint16_t)(n_units + 1));
    end_block(out, start);
}

static void put_fixed_info(struct iw_lab_pe_buffer *out, const struct iw_lab_pe_options *options)
{
    uint16_t words[4];
    iw_lab_pe_version_words(options->version, words);
    uint32_t high = (uint32_t)words[0] << 16 | words[1];
    uint32_t low = (uint32_t)words[2] << 16 | words[3];
    const uint32_t fixed[13] = {
        0xFEEF04BD,
        0x00010000,
        high,
        low,
        high,
        low,
        0x3F,                                        /* mask of flags */
        0,                                           /* flags */
        0x00040004,                                  /* Windows NT */
        options->kind == IW_LAB_PE_PROGRAM ? 1 : 2}; /* program, library; then type and date */
    for (size_t i = 0; i < 13; i++) {
        iw_lab_pe_put_u32(out, fixed[i]);
    }
}

static void put_version_info(struct iw_lab_pe_buffer *out, const struct iw_lab_pe_options *options)
{
    size_t info = begin_block(out, "VS_VERSION_INFO", 52, false);
    put_fixed_info(out, options);
    size_t strings = begin_block(out, "StringFileInfo", 0, true);
    size_t table = begin_block(out, "040904B0", 0, true);
    put_string(out, "CompanyName", options->company);
    put_string(out, "FileDescription", options->description);
    put_string(out, "FileVersion", options->version);
    put_string(out, "OriginalFilename", options->original_name);
    put_string(out, "ProductName", options->product);
    put_string(out, "ProductVersion", options->version);
    end_block(out, table);
    end_block(out, strings);
    size_t variables = begin_block(out, "VarFileInfo", 0, true);
    size_t translation = begin_block(out, "Translation", 4, false);
    iw_lab_pe_put_u16(out, ENGLISH);
    iw_lab_pe_put_u16(out, 1200); /* code page: UTF-16 */
    end_block(out, translation);
    end_block(out, variables);
    end_block(out, info);
}

/* A resource directory with one numbered entry. */
static void put_directory(struct iw_lab_pe_buffer *out, uint32_t id, uint32_t child)
{
    iw_lab_pe_put_zeros(out, 14);
    iw_lab_pe_put_u16(out, 1);
    iw_lab_pe_put_u32(out, id);
    iw_lab_pe_put_u32(out, child);
}

void iw_lab_pe_add_version(struct iw_lab_pe_image *image)
{
    const struct iw_lab_pe_options *options = image->options;
    struct iw_lab_pe_section *rsrc = iw_lab_pe_begin_section(image, IW_LAB_PE_RSRC);
    if (options->company == NULL && options->product == NULL && options->description == NULL &&
        options->version == NULL && options->original_name == NULL) {
        return;
    }
    struct iw_lab_pe_buffer *out = &rsrc->content;
    put_directory(out, RT_VERSION, 0x80000000 | 0x18);
    put_directory(out, 1, 0x80000000 | 0x30);
    put_directory(out, ENGLISH, 0x48);
    iw_lab_pe_put_u32(out, rsrc->rva + LEAF_OFFSET);
    iw_lab_pe_put_zeros(out, 12); /* size, code page, reserved */
    put_version_info(out, options);
    iw_lab_pe_patch_u32(out, 0x4C, (uint32_t)out->size_bytes - LEAF_OFFSET);
    iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_RESOURCE, rsrc->rva, iw_lab_pe_here(rsrc));
}
