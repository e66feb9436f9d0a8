/*
 * The path of the program database, as linkers leave it.
 *
 * What it does: a debug directory with one CodeView entry: "RSDS", an identifier, age 1, the path.
 * Format: Microsoft PE/COFF, "The .debug Section", IMAGE_DEBUG_TYPE_CODEVIEW; CV_INFO_PDB70.
 * What it ignores: every other kind of debug entry.
 */
#include "lab/pe/pe_image.h"

#define DIRECTORY_BYTES 28U
#define TYPE_CODEVIEW 2U
#define PDB_SALT 1U

void iw_lab_pe_add_debug(struct iw_lab_pe_image *image)
{
    const struct iw_lab_pe_options *options = image->options;
    if (options->pdb == NULL) {
        return;
    }
    struct iw_lab_pe_section *rdata = &image->sections[IW_LAB_PE_RDATA];
    struct iw_lab_pe_buffer *out = &rdata->content;
    iw_lab_pe_align(out, 4);
    uint32_t start = (uint32_t)out->size_bytes;
    iw_lab_pe_put_u32(out, 0);
    iw_lab_pe_put_u32(out, options->timestamp);
    iw_lab_pe_put_u32(out, 0); /* version */
    iw_lab_pe_put_u32(out, TYPE_CODEVIEW);
    iw_lab_pe_put_zeros(out, 12); /* size, address, file offset of what follows */
    uint8_t guid[16];
    iw_lab_pe_make_guid(options, PDB_SALT, guid);
    iw_lab_pe_put(out, "RSDS", 4);
    iw_lab_pe_put(out, guid, sizeof guid);
    iw_lab_pe_put_u32(out, 1);
    iw_lab_pe_put_text(out, options->pdb);
    uint32_t data = start + DIRECTORY_BYTES;
    iw_lab_pe_patch_u32(out, start + 16, (uint32_t)out->size_bytes - data);
    iw_lab_pe_patch_u32(out, start + 20, rdata->rva + data);
    iw_lab_pe_patch_u32(out, start + 24, rdata->file_offset + data);
    iw_lab_pe_set_directory(image, IW_LAB_PE_DIR_DEBUG, rdata->rva + start, rdata->rva + data);
}
