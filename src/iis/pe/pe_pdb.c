/*
 * Where the debug information of a file once lay: the first CodeView entry of the debug directory.
 *
 * PE/COFF "The .debug Section", type 2; RSDS (PDB 7.0: GUID, age, path) and NB10 (PDB 2.0: time,
 * age, path). Ignored: all other types of entries.
 */
#include "iis/pe/pe_view.h"

#define ENTRY_BYTES 28U
#define TYPE_CODEVIEW 2U
#define RSDS_PATH_AT 24U
#define NB10_PATH_AT 16U

/* Whether the entry's bytes were a known form. */
static bool read_codeview(struct iw_pe_view *view, struct iw_str data)
{
    struct iw_pe_pdb *pdb = &view->pe->pdb;
    size_t path_at;

    if (data.n > RSDS_PATH_AT && memcmp(data.p, "RSDS", 4) == 0) {
        memcpy(pdb->guid, data.p + 4, sizeof pdb->guid);
        path_at = RSDS_PATH_AT;
    } else if (data.n > NB10_PATH_AT && memcmp(data.p, "NB10", 4) == 0) {
        path_at = NB10_PATH_AT;
    } else {
        return false;
    }
    pdb->age = iw_load_u32((const uint8_t *)data.p + path_at - 4);
    pdb->path = iw_pe_name_of(view, (struct iw_str){data.p + path_at, data.n - path_at},
                              IW_LIMIT_PE_NAME_BYTES);
    return true;
}

void iw_pe_read_pdb(struct iw_pe_view *view)
{
    struct iw_pe_directory directory = view->directories[IW_PE_DIR_DEBUG];
    uint32_t n = directory.size_bytes / ENTRY_BYTES;
    const uint8_t *entries = directory.rva == 0 ? NULL
                                                : iw_pe_table(view, directory.rva, ENTRY_BYTES, &n,
                                                              IW_LIMIT_PE_DEBUG_ENTRIES, 0);
    for (uint32_t i = 0; entries != NULL && i < n; i++) {
        const uint8_t *entry = entries + (size_t)i * ENTRY_BYTES;
        uint32_t size_bytes = iw_load_u32(entry + 16), at = iw_load_u32(entry + 24);
        struct iw_str data;
        if (iw_load_u32(entry + 12) != TYPE_CODEVIEW)
            continue;
        data =
            at != 0 ? iw_pe_slice(view, at, size_bytes) : iw_pe_find(view, iw_load_u32(entry + 20));
        if (data.n > size_bytes)
            data.n = size_bytes;
        if (data.n != 0 && read_codeview(view, data))
            return;
        iw_pe_damage(view, IW_PE_DAMAGE_ENTRY, (uint64_t)(entry - (const uint8_t *)view->file.p));
    }
}
