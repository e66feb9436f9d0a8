/*
 * The export table.
 *
 * What it does: addresses in the order given (ordinals from 1), names sorted by their bytes, as the
 * loader searches them. "Name=other.Function" is forwarded: its address is that of the text
 * "other.Function" inside the export directory.
 * Format: Microsoft PE/COFF, "The .edata Section".
 * What it ignores: exports without a name, the same name twice.
 */
#include "lab/pe/pe_image.h"

#include <stdlib.h>
#include <string.h>

#include "lab/lab_alloc.h"

#define DIRECTORY_BYTES 40U

static const char *const of_kind[IW_LAB_PE_N_KINDS][4] = {
    [IW_LAB_PE_LIBRARY] = {"GetLibraryVersion"},
    [IW_LAB_PE_NATIVE_MODULE] = {"RegisterModule"},
    [IW_LAB_PE_FILTER] = {"GetFilterVersion", "HttpFilterProc", "TerminateFilter"},
    [IW_LAB_PE_EXTENSION] = {"GetExtensionVersion", "HttpExtensionProc", "TerminateExtension"},
};

struct export
{
    const char *name;
    size_t name_bytes;
    const char *forward; /* NULL: it has code */
    uint16_t index;
};

const char *const *iw_lab_pe_exports(const struct iw_lab_pe_options *options)
{
    return options->exports != NULL ? options->exports : of_kind[options->kind];
}

static int compare_exports(const void *left, const void *right)
{
    const struct export *a = left, *b = right;
    size_t shorter = a->name_bytes < b->name_bytes ? a->name_bytes : b->name_bytes;
    int order = memcmp(a->name, b->name, shorter);
    return order != 0 ? order : (a->name_bytes > b->name_bytes) - (a->name_bytes < b->name_bytes);
}

static struct export *sorted_exports(const char *const *names, uint32_t n_names)
{
    struct export *exports = iw_lab_alloc_zeroed(n_names, sizeof *exports);
    for (uint32_t i = 0; i < n_names; i++) {
        const char *equals = strchr(names[i], '=');
        exports[i] = (struct export){.name = names[i],
                                     .name_bytes = equals == NULL ? strlen(names[i])
                                                                  : (size_t)(equals - names[i]),
                                     .forward = equals == NULL ? NULL : equals + 1,
                                     .index = (uint16_t)i};
    }
    qsort(exports, n_names, sizeof *exports, compare_exports);
    return exports;
}

void iw_lab_pe_add_exports(struct iw_lab_pe_image *image)
{
    const char *const *names = iw_lab_pe_exports(image->options);
    uint32_t n_names = 0;
    while (names[n_names] != NULL) {
        n_names++;
    }
    if (n_names == 0) {
        return;
    }
    struct export *exports = sorted_exports(names, n_names);
    struct iw_lab_pe_section *rdata = &image->sections[IW_LAB_PE_RDATA];
    struct iw_lab_pe_buffer *out = &rdata->content;
    iw_lab_pe_align(out, 4);
    uint32_t start = iw_lab_pe_here(rdata);
    uint32_t addresses = start + DIRECTORY_BYTES;
    uint32_t name_pointers = addresses + 4 * n_names;
    uint32_t ordinals = name_pointers + 4 * n_names;
    uint32_t texts = ordinals + 2 * n_names;
    const uint32_t directory[DIRECTORY_BYTES / 4] = {
        0,       image->options->timestamp, 0, texts, 1, n_names, n_names, addresses, name_pointers,
        ordinals};
    for (size_t i = 0; i < DIRECTORY_BYTES / 4; i++) {
        iw_lab_pe_put_u32(out, directory[i]);
    }
    for (uint32_t i = 0; i < n_names; i++) {
        iw_lab_pe_put_u32(out, image->first_export_rva + IW_LAB_PE_CODE_STEP_BYTES * i);
    }
    iw_lab_pe_put_zeros(out, (size_t)4 * n_names);
    for (uint32_t i = 0; i < n_names; i++) {
        iw_lab_pe_put_u16(out, exports[i].index);
    }
    iw_lab_pe_put_text(out, iw_lab_pe_file_name(image->options));
    for (uint32_t i = 0; i < n_names; i++) {
        iw_lab_pe_patch_u32(out, name_pointers - rdata->rva + 4 * i, iw_lab_pe_here(rdata));
        iw_lab_pe_put(out, exports[i].name, exports[i].name_bytes);
        iw_lab_pe_put_u8(out, 0);
        if (exports[i].forward != NULL) {
            uint32_t slot = addresses - rdata->rva + 4U * exports[i].index;
            iw_lab_pe_patch_u32(out, slot, iw_lab_pe_here(rdata));
            iw_lab_pe_put_text(out, exports[i].forward);
        }
    }
    iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_EXPORT, start, iw_lab_pe_here(rdata));
    iw_lab_alloc_release(exports);
}
