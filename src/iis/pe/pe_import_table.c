/*
 * Imports and delayed imports: libraries and what is taken from each.
 *
 * PE/COFF "The .idata Section" and "Delay-Load Import Tables". As the loader does, a descriptor
 * without name or address table ends the list, and the address table stands in where there is no
 * lookup table or its first entry is empty. Old delayed imports (attribute bit 0 clear) hold
 * addresses of memory instead of RVAs. Ignored: bound imports, time stamps.
 */
#include "iis/pe/pe_view.h"

#define DESCRIPTOR_BYTES 20U
#define DELAYED_DESCRIPTOR_BYTES 32U
#define DELAYED_USES_RVA 1U

/* One descriptor of either kind, as RVAs. */
struct descriptor {
    uint32_t name, lookup, addresses;
    uint64_t at; /* its offset */
};

struct importer {
    struct iw_pe_view *view;
    uint32_t imports_left; /* of IW_LIMIT_PE_IMPORTS */
};

/* RVA of what an old descriptor writes as an address; 0: none, or not in the image. */
static uint32_t old_rva(const struct iw_pe_view *view, uint32_t address)
{
    uint64_t base = view->pe->image_base;
    return address != 0 && address >= base ? (uint32_t)(address - base) : 0;
}

/* The descriptor at p; false at the list's end. */
static bool read_descriptor(const struct iw_pe_view *view, const uint8_t *p, bool is_delayed,
                            struct descriptor *ret)
{
    ret->at = (uint64_t)(p - (const uint8_t *)view->file.p);
    if (!is_delayed) {
        ret->lookup = iw_load_u32(p);
        ret->name = iw_load_u32(p + 12);
        ret->addresses = iw_load_u32(p + 16);
        return ret->name != 0 && ret->addresses != 0;
    }
    ret->name = iw_load_u32(p + 4);
    ret->addresses = iw_load_u32(p + 12);
    ret->lookup = iw_load_u32(p + 16);
    if (ret->name == 0)
        return false;
    if ((iw_load_u32(p) & DELAYED_USES_RVA) == 0) {
        ret->name = old_rva(view, ret->name);
        ret->addresses = old_rva(view, ret->addresses);
        ret->lookup = old_rva(view, ret->lookup);
    }
    return true;
}

static uint64_t entry_at(const struct iw_pe_view *view, struct iw_str table, uint32_t i)
{
    const uint8_t *p = (const uint8_t *)table.p;
    return view->pe->is_64 ? iw_load_u64(p + (size_t)i * 8) : iw_load_u32(p + (size_t)i * 4);
}

/* The table of what is imported: its entries up to the empty one, which *ret_n does not count. */
static struct iw_str lookup_table(struct importer *importer, const struct descriptor *descriptor,
                                  uint32_t *ret_n)
{
    struct iw_pe_view *view = importer->view;
    size_t entry_bytes = view->pe->is_64 ? 8 : 4;
    struct iw_str table =
        descriptor->lookup != 0 ? iw_pe_find(view, descriptor->lookup) : IW_STR("");
    uint32_t n = 0;

    if (table.n < entry_bytes || entry_at(view, table, 0) == 0)
        table = iw_pe_bytes(view, descriptor->addresses, descriptor->at);
    for (;; n++) {
        if (table.n / entry_bytes <= n) {
            if (table.n != 0)
                iw_pe_damage(view, IW_PE_DAMAGE_TABLE, iw_pe_offset(view, table));
            break;
        }
        if (entry_at(view, table, n) == 0)
            break;
        if (n == importer->imports_left) {
            iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(view, table));
            break;
        }
    }
    importer->imports_left -= n;
    *ret_n = n;
    return table;
}

static void fill_import(struct iw_pe_view *view, struct iw_pe_import *import, uint64_t entry,
                        uint64_t from)
{
    struct iw_str hint;
    import->is_by_ordinal = (entry >> (view->pe->is_64 ? 63 : 31) & 1) != 0;
    if (import->is_by_ordinal) {
        import->ordinal = (uint16_t)entry;
        return;
    }
    hint = iw_pe_bytes(view, (uint32_t)(entry & 0x7FFFFFFF), from);
    if (hint.n < 2)
        return;
    import->ordinal = iw_load_u16((const uint8_t *)hint.p);
    import->name =
        iw_pe_name_of(view, (struct iw_str){hint.p + 2, hint.n - 2}, IW_LIMIT_PE_NAME_BYTES);
}

static void fill_library(struct importer *importer, struct iw_pe_library *library,
                         const struct descriptor *descriptor)
{
    struct iw_pe_view *view = importer->view;
    uint32_t n;
    struct iw_str table;

    library->name = iw_pe_name(view, descriptor->name, IW_LIMIT_PE_LIBRARY_BYTES, descriptor->at);
    table = lookup_table(importer, descriptor, &n);
    library->imports = iw_pe_alloc(view, n, sizeof *library->imports);
    if (library->imports == NULL)
        return;
    for (uint32_t i = 0; i < n; i++)
        fill_import(view, &library->imports[i], entry_at(view, table, i),
                    iw_pe_offset(view, table));
    library->n_imports = n;
}

/* The list's descriptors up to its end or *limit*; their number. */
static uint32_t count_descriptors(struct iw_pe_view *view, struct iw_str list, bool is_delayed,
                                  uint32_t limit)
{
    size_t entry_bytes = is_delayed ? DELAYED_DESCRIPTOR_BYTES : DESCRIPTOR_BYTES;
    struct descriptor descriptor;
    for (uint32_t n = 0;; n++) {
        if (list.n / entry_bytes <= n) {
            if (list.n != 0)
                iw_pe_damage(view, IW_PE_DAMAGE_TABLE, iw_pe_offset(view, list));
            return n;
        }
        if (!read_descriptor(view, (const uint8_t *)list.p + n * entry_bytes, is_delayed,
                             &descriptor))
            return n;
        if (n == limit) {
            iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(view, list));
            return n;
        }
    }
}

static struct iw_str list_of(struct iw_pe_view *view, enum iw_pe_directory_index index)
{
    uint32_t rva = view->directories[index].rva;
    return rva != 0 ? iw_pe_bytes(view, rva, 0) : IW_STR("");
}

static void fill_list(struct importer *importer, struct iw_str list, bool is_delayed, uint32_t n)
{
    struct iw_pe *pe = importer->view->pe;
    size_t entry_bytes = is_delayed ? DELAYED_DESCRIPTOR_BYTES : DESCRIPTOR_BYTES;
    for (uint32_t i = 0; i < n; i++) {
        struct iw_pe_library *library = &pe->libraries[pe->n_libraries++];
        struct descriptor descriptor;
        (void)read_descriptor(importer->view, (const uint8_t *)list.p + i * entry_bytes, is_delayed,
                              &descriptor);
        library->is_delayed = is_delayed;
        fill_library(importer, library, &descriptor);
    }
}

void iw_pe_read_imports(struct iw_pe_view *view)
{
    struct importer importer = {view, IW_LIMIT_PE_IMPORTS};
    struct iw_str plain = list_of(view, IW_PE_DIR_IMPORT);
    struct iw_str delayed = list_of(view, IW_PE_DIR_DELAY_IMPORT);
    uint32_t n_plain = count_descriptors(view, plain, false, IW_LIMIT_PE_LIBRARIES);
    uint32_t n_delayed = count_descriptors(view, delayed, true, IW_LIMIT_PE_LIBRARIES - n_plain);

    view->pe->libraries = iw_pe_alloc(view, n_plain + n_delayed, sizeof *view->pe->libraries);
    if (view->pe->libraries == NULL)
        return;
    fill_list(&importer, plain, false, n_plain);
    fill_list(&importer, delayed, true, n_delayed);
}
