/*
 * Exports: every name with its address, and every address that has none.
 *
 * PE/COFF "The .edata Section". An address inside the export directory is no address but the text
 * of a forwarder. Two names may share an address; a name may be listed twice. Ignored: that names
 * should be sorted (the loader searches them so, a reader need not).
 */
#include "iis/pe/pe_view.h"

#define DIRECTORY_BYTES 40U

struct export_tables {
    struct iw_pe_directory directory;
    uint32_t base, n_addresses, n_names;
    const uint8_t *addresses, *names, *ordinals; /* 4, 4 and 2 bytes an entry */
    uint64_t at;                                 /* offset of the directory, for damage */
    uint8_t *is_named;                           /* a byte an address */
};

static bool find_tables(struct iw_pe_view *view, struct export_tables *tables)
{
    struct iw_pe_directory directory = view->directories[IW_PE_DIR_EXPORT];
    uint32_t n_ordinals;
    const uint8_t *p;

    *tables = (struct export_tables){.directory = directory};
    if (directory.rva == 0)
        return false;
    p = iw_pe_exact(view, directory.rva, DIRECTORY_BYTES, 0);
    if (p == NULL)
        return false;
    tables->at = (uint64_t)(p - (const uint8_t *)view->file.p);
    if (iw_load_u32(p + 12) != 0)
        view->pe->export_name =
            iw_pe_name(view, iw_load_u32(p + 12), IW_LIMIT_PE_LIBRARY_BYTES, tables->at);
    tables->base = iw_load_u32(p + 16);
    tables->n_addresses = iw_load_u32(p + 20);
    tables->n_names = n_ordinals = iw_load_u32(p + 24);
    tables->addresses = iw_pe_table(view, iw_load_u32(p + 28), 4, &tables->n_addresses,
                                    IW_LIMIT_PE_EXPORTS, tables->at);
    tables->names = iw_pe_table(view, iw_load_u32(p + 32), 4, &tables->n_names, IW_LIMIT_PE_EXPORTS,
                                tables->at);
    tables->ordinals =
        iw_pe_table(view, iw_load_u32(p + 36), 2, &n_ordinals, IW_LIMIT_PE_EXPORTS, tables->at);
    if (n_ordinals < tables->n_names)
        tables->n_names = n_ordinals;
    return true;
}

static uint32_t address_of(const struct export_tables *tables, uint32_t index)
{
    return iw_load_u32(tables->addresses + (size_t)index * 4);
}

static void fill(struct iw_pe_view *view, const struct export_tables *tables, uint32_t index,
                 struct iw_str name)
{
    struct iw_pe_export *export = &view->pe->exports[view->pe->n_exports++];
    export->name = name;
    export->ordinal = tables->base + index;
    if (index >= tables->n_addresses) {
        iw_pe_damage(view, IW_PE_DAMAGE_ENTRY, tables->at);
        return;
    }
    export->rva = address_of(tables, index);
    if (export->rva >= tables->directory.rva &&
        export->rva - tables->directory.rva < tables->directory.size_bytes)
        export->forwarder = iw_pe_name(view, export->rva, IW_LIMIT_PE_NAME_BYTES, tables->at);
}

void iw_pe_read_exports(struct iw_pe_view *view)
{
    struct export_tables tables;
    uint32_t n;

    if (!find_tables(view, &tables))
        return;
    tables.is_named = iw_pe_alloc(view, tables.n_addresses, 1);
    if (tables.n_addresses != 0 && tables.is_named == NULL)
        return;
    n = tables.n_names;
    for (uint32_t i = 0; i < tables.n_names; i++) {
        uint16_t index = iw_load_u16(tables.ordinals + (size_t)i * 2);
        if (index < tables.n_addresses)
            tables.is_named[index] = 1;
    }
    for (uint32_t i = 0; i < tables.n_addresses; i++)
        n += tables.is_named[i] == 0 && address_of(&tables, i) != 0;
    view->pe->exports = iw_pe_alloc(view, n, sizeof *view->pe->exports);
    if (view->pe->exports == NULL)
        return;
    for (uint32_t i = 0; i < tables.n_names; i++)
        fill(view, &tables, iw_load_u16(tables.ordinals + (size_t)i * 2),
             iw_pe_name(view, iw_load_u32(tables.names + (size_t)i * 4), IW_LIMIT_PE_NAME_BYTES,
                        tables.at));
    for (uint32_t i = 0; i < tables.n_addresses; i++) {
        if (tables.is_named[i] == 0 && address_of(&tables, i) != 0)
            fill(view, &tables, i, IW_STR(""));
    }
}
