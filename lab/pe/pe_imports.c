/*
 * The import tables.
 *
 * What it does: one descriptor a library in the order libraries first appear, lookup table and
 * address table for each, names with hint 0. A managed 32-bit file imports its entry from the
 * runtime before anything else (ECMA-335 II.25.3.1).
 * Format: Microsoft PE/COFF, "The .idata Section". All address tables stand together, so that one
 * directory entry covers them.
 * What it ignores: imports by ordinal, delayed and bound imports.
 */
#include "lab/pe/pe_image.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "lab/lab_alloc.h"

#define DESCRIPTOR_BYTES 20U

static const char *const usual_imports[] = {
    "KERNEL32.dll!GetCurrentProcessId", "KERNEL32.dll!GetSystemTimeAsFileTime",
    "KERNEL32.dll!QueryPerformanceCounter", "KERNEL32.dll!DisableThreadLibraryCalls", NULL};

struct import {
    const char *library; /* up to the exclamation mark */
    size_t library_bytes;
    const char *function;
    bool is_first; /* of its library */
};

struct tables {
    struct iw_lab_pe_section *rdata;
    bool is_32;
    uint32_t addresses, descriptors, lookups; /* offsets in the section */
};

static bool same_library(const struct import *a, const struct import *b)
{
    return a->library_bytes == b->library_bytes &&
           strncasecmp(a->library, b->library, a->library_bytes) == 0;
}

static struct import *collect(const struct iw_lab_pe_options *options, uint32_t *n_imports)
{
    bool is_managed = iw_lab_pe_is_managed(options->kind);
    const char *const *given = options->imports;
    if (given == NULL) {
        given = is_managed ? usual_imports + sizeof usual_imports / sizeof usual_imports[0] - 1
                           : usual_imports;
    }
    uint32_t n_given = 0;
    while (given[n_given] != NULL) {
        n_given++;
    }
    uint32_t n_before = is_managed && options->is_32;
    struct import *imports = iw_lab_alloc_zeroed(n_given + n_before, sizeof *imports);
    for (uint32_t i = 0; i < n_given + n_before; i++) {
        const char *text = i < n_before ? "mscoree.dll!_CorDllMain" : given[i - n_before];
        const char *mark = strchr(text, '!');
        assert(mark != NULL);
        imports[i] = (struct import){text, (size_t)(mark - text), mark + 1, true};
        for (uint32_t before = 0; before < i; before++) {
            imports[i].is_first &= !same_library(&imports[before], &imports[i]);
        }
    }
    *n_imports = n_given + n_before;
    return imports;
}

static void set_slot(const struct tables *tables, uint32_t offset, uint32_t rva)
{
    /* The upper half of a 64-bit slot is 0 already. */
    iw_lab_pe_patch_u32(&tables->rdata->content, tables->addresses + offset, rva);
    iw_lab_pe_patch_u32(&tables->rdata->content, tables->lookups + offset, rva);
}

/* Returns how many bytes of the slot tables the library took, its final zero slot included. */
static uint32_t put_library(const struct tables *tables, struct import *imports, uint32_t n_imports,
                            uint32_t slot_offset, uint32_t descriptor)
{
    struct iw_lab_pe_section *rdata = tables->rdata;
    struct iw_lab_pe_buffer *out = &rdata->content;
    uint32_t slot_bytes = tables->is_32 ? 4 : 8;
    uint32_t taken_bytes = 0;
    for (uint32_t i = 0; i < n_imports; i++) {
        if (same_library(&imports[0], &imports[i])) {
            iw_lab_pe_align(out, 2);
            set_slot(tables, slot_offset + taken_bytes, iw_lab_pe_here(rdata));
            iw_lab_pe_put_u16(out, 0); /* hint */
            iw_lab_pe_put_text(out, imports[i].function);
            taken_bytes += slot_bytes;
        }
    }
    iw_lab_pe_patch_u32(out, descriptor, rdata->rva + tables->lookups + slot_offset);
    iw_lab_pe_patch_u32(out, descriptor + 12, iw_lab_pe_here(rdata));
    iw_lab_pe_patch_u32(out, descriptor + 16, rdata->rva + tables->addresses + slot_offset);
    iw_lab_pe_put(out, imports[0].library, imports[0].library_bytes);
    iw_lab_pe_put_u8(out, 0);
    return taken_bytes + slot_bytes;
}

void iw_lab_pe_add_imports(struct iw_lab_pe_image *image)
{
    uint32_t n_imports = 0, n_libraries = 0;
    struct import *imports = collect(image->options, &n_imports);
    for (uint32_t i = 0; i < n_imports; i++) {
        n_libraries += imports[i].is_first;
    }
    if (n_imports > 0) {
        struct iw_lab_pe_section *rdata = &image->sections[IW_LAB_PE_RDATA];
        iw_lab_pe_align(&rdata->content, 8);
        struct tables tables = {.rdata = rdata, .is_32 = image->options->is_32};
        uint32_t slots_bytes = (n_imports + n_libraries) * (tables.is_32 ? 4 : 8);
        uint32_t descriptors_bytes = (n_libraries + 1) * DESCRIPTOR_BYTES;
        tables.addresses = (uint32_t)rdata->content.size_bytes;
        tables.lookups = tables.addresses + slots_bytes;
        tables.descriptors = tables.lookups + slots_bytes;
        iw_lab_pe_put_zeros(&rdata->content, 2 * (size_t)slots_bytes + descriptors_bytes);
        uint32_t slot_offset = 0, descriptor = tables.descriptors;
        for (uint32_t i = 0; i < n_imports; i++) {
            if (imports[i].is_first) {
                slot_offset +=
                    put_library(&tables, imports + i, n_imports - i, slot_offset, descriptor);
                descriptor += DESCRIPTOR_BYTES;
            }
        }
        image->first_iat_slot_rva = rdata->rva + tables.addresses;
        iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_IAT, image->first_iat_slot_rva,
                                rdata->rva + tables.lookups);
        iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_IMPORT, rdata->rva + tables.descriptors,
                                rdata->rva + tables.descriptors + descriptors_bytes);
    }
    iw_lab_alloc_release(imports);
}
