/*
 * The resource directory, for version information alone: type 16, any name, any language.
 *
 * PE/COFF "The .rsrc Section": three levels of tables; offsets count from the directory's begin,
 * addresses of data from the image's. There are three loops, one a level, so a table that contains
 * itself is met at most three deep. Ignored: all other types, names of resources.
 */
#include "iis/pe/pe_view.h"

#define TABLE_BYTES 16U
#define ENTRY_BYTES 8U
#define DATA_BYTES 16U
#define TYPE_VERSION 16U
#define IS_TABLE 0x80000000U

struct resources {
    struct iw_pe_view *view;
    struct iw_str all;   /* from the directory's begin to the end of its section */
    uint32_t steps_left; /* tables and data that are looked at, of IW_LIMIT_PE_VERSION_STEPS */
};

struct table {
    const uint8_t *entries;
    uint32_t n;
};

/* Whether one more may be looked at; counts the first that may not. */
static bool take_step(struct resources *resources, uint64_t from)
{
    if (resources->steps_left > 1) {
        resources->steps_left--;
        return true;
    }
    if (resources->steps_left == 1)
        iw_pe_damage(resources->view, IW_PE_DAMAGE_LIMIT, from);
    resources->steps_left = 0;
    return false;
}

static struct table table_at(struct resources *resources, uint32_t at)
{
    struct iw_str all = resources->all;
    struct table table = {NULL, 0};
    const uint8_t *p = (const uint8_t *)all.p + at;

    if (at > all.n || all.n - at < TABLE_BYTES) {
        iw_pe_damage(resources->view, IW_PE_DAMAGE_ADDRESS, iw_pe_offset(resources->view, all));
        return table;
    }
    table.entries = p + TABLE_BYTES;
    table.n = (uint32_t)iw_load_u16(p + 12) + iw_load_u16(p + 14);
    if ((all.n - at - TABLE_BYTES) / ENTRY_BYTES < table.n) {
        iw_pe_damage(resources->view, IW_PE_DAMAGE_TABLE, iw_pe_offset(resources->view, all) + at);
        table.n = (uint32_t)((all.n - at - TABLE_BYTES) / ENTRY_BYTES);
    }
    return table;
}

/* The table an entry leads to; an empty one, counted, when it leads to data or into *above*. */
static struct table below(struct resources *resources, const struct table *above, uint32_t i)
{
    struct iw_pe_view *view = resources->view;
    const uint8_t *entry = above->entries + (size_t)i * ENTRY_BYTES;
    uint32_t to = iw_load_u32(entry + 4);
    uint64_t from = (uint64_t)(entry - (const uint8_t *)view->file.p);
    struct table table = {NULL, 0};

    if ((to & IS_TABLE) == 0) {
        iw_pe_damage(view, IW_PE_DAMAGE_ENTRY, from);
        return table;
    }
    if (!take_step(resources, from))
        return table;
    table = table_at(resources, to & ~IS_TABLE);
    if (table.n != 0 && table.entries == above->entries) {
        iw_pe_damage(view, IW_PE_DAMAGE_LOOP, from);
        table.n = 0;
    }
    return table;
}

static void read_data(struct resources *resources, const uint8_t *entry)
{
    struct iw_pe_view *view = resources->view;
    struct iw_str all = resources->all, data;
    uint64_t from = (uint64_t)(entry - (const uint8_t *)view->file.p);
    uint32_t at = iw_load_u32(entry + 4), n;

    if ((at & IS_TABLE) != 0 || at > all.n || all.n - at < DATA_BYTES) {
        iw_pe_damage(view, IW_PE_DAMAGE_ENTRY, from);
        return;
    }
    if (!take_step(resources, from))
        return;
    data = iw_pe_bytes(view, iw_load_u32((const uint8_t *)all.p + at), from);
    n = iw_load_u32((const uint8_t *)all.p + at + 4);
    if (data.n < n)
        iw_pe_damage(view, IW_PE_DAMAGE_TABLE, from);
    else
        data.n = n;
    iw_pe_read_version(view, data);
}

static void read_languages(struct resources *resources, const struct table *languages)
{
    for (uint32_t i = 0; i < languages->n && resources->steps_left != 0; i++)
        read_data(resources, languages->entries + (size_t)i * ENTRY_BYTES);
}

void iw_pe_read_resources(struct iw_pe_view *view)
{
    struct resources resources = {.view = view, .steps_left = IW_LIMIT_PE_VERSION_STEPS + 1};
    struct table types, names, languages;
    uint32_t rva = view->directories[IW_PE_DIR_RESOURCE].rva;

    if (rva == 0)
        return;
    resources.all = iw_pe_bytes(view, rva, 0);
    if (resources.all.n == 0)
        return;
    types = table_at(&resources, 0);
    for (uint32_t i = 0; i < types.n && resources.steps_left != 0; i++) {
        if (iw_load_u32(types.entries + (size_t)i * ENTRY_BYTES) != TYPE_VERSION)
            continue;
        names = below(&resources, &types, i);
        for (uint32_t j = 0; j < names.n && resources.steps_left != 0; j++) {
            languages = below(&resources, &names, j);
            read_languages(&resources, &languages);
        }
    }
}
