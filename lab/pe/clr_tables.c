/*
 * Heaps and tables of CLR metadata (see clr_tables.h).
 *
 * What it does: #~ with the columns of each table as a short text, #Strings, #US (empty but for its
 * first byte), #GUID, #Blob, and the root in front of them. Heap indexes grow to four bytes when a
 * heap is larger than 64 KiB. Format: ECMA-335 II.24.2.1 (root), II.24.2.3-6 (streams), II.22.
 * What it ignores: tables the lab has no use for, edit-and-continue, uncompressed #-.
 */
#include "lab/pe/clr_tables.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "lab/lab_alloc.h"

#define RUNTIME_VERSION "v4.0.30319\0" /* padded to a multiple of four with its NUL */

/* Columns: 2 and 4 a number (2: or an index of a table) of as many bytes, s #Strings, g #GUID, b
 * #Blob. */
static const struct {
    uint8_t number;
    char columns[IW_LAB_CLR_MAX_COLUMNS + 1];
} schemas[IW_LAB_CLR_N_TABLES] = {
    [IW_LAB_CLR_MODULE] = {0x00, "2sggg"},
    [IW_LAB_CLR_TYPE_REF] = {0x01, "2ss"},
    [IW_LAB_CLR_TYPE_DEF] = {0x02, "4ss222"},
    [IW_LAB_CLR_METHOD_DEF] = {0x06, "422sb2"},
    [IW_LAB_CLR_PARAM] = {0x08, "22s"},
    [IW_LAB_CLR_INTERFACE_IMPL] = {0x09, "22"},
    [IW_LAB_CLR_MEMBER_REF] = {0x0A, "2sb"},
    [IW_LAB_CLR_CUSTOM_ATTRIBUTE] = {0x0C, "22b"},
    [IW_LAB_CLR_PROPERTY_MAP] = {0x15, "22"},
    [IW_LAB_CLR_PROPERTY] = {0x17, "2sb"},
    [IW_LAB_CLR_METHOD_SEMANTICS] = {0x18, "222"},
    [IW_LAB_CLR_ASSEMBLY] = {0x20, "422224bss"},
    [IW_LAB_CLR_ASSEMBLY_REF] = {0x23, "22224bssb"},
};

/* II.24.2.6: which tables are sorted; compilers write the same bits whatever tables there are. */
#define SORTED_TABLES UINT64_C(0x000016003301FA00)

/* Heaps of texts and blobs begin with an empty entry. */
static void begin_heap(struct iw_lab_pe_buffer *heap)
{
    if (heap->size_bytes == 0) {
        iw_lab_pe_put_u8(heap, 0);
    }
}

uint32_t iw_lab_clr_string(struct iw_lab_clr *clr, const char *text, size_t size_bytes)
{
    struct iw_lab_pe_buffer *heap = &clr->strings;
    begin_heap(heap);
    if (size_bytes == 0) {
        return 0;
    }
    for (size_t at = 1; at < heap->size_bytes;) {
        const char *known = (const char *)heap->bytes + at;
        size_t known_bytes = strlen(known);
        if (known_bytes == size_bytes && memcmp(known, text, size_bytes) == 0) {
            return (uint32_t)at;
        }
        at += known_bytes + 1;
    }
    uint32_t index = (uint32_t)heap->size_bytes;
    iw_lab_pe_put(heap, text, size_bytes);
    iw_lab_pe_put_u8(heap, 0);
    return index;
}

void iw_lab_clr_put_compressed(struct iw_lab_pe_buffer *out, uint32_t value)
{
    assert(value < 0x20000000);
    if (value >= 0x4000) {
        iw_lab_pe_put_u8(out, (uint8_t)(0xC0 | value >> 24));
        iw_lab_pe_put_u8(out, (uint8_t)(value >> 16));
    }
    if (value >= 0x80) {
        uint32_t mark = value >= 0x4000 ? 0 : 0x80;
        iw_lab_pe_put_u8(out, (uint8_t)(mark | value >> 8));
    }
    iw_lab_pe_put_u8(out, (uint8_t)value);
}

uint32_t iw_lab_clr_blob(struct iw_lab_clr *clr, const void *bytes, size_t size_bytes)
{
    begin_heap(&clr->blobs);
    uint32_t index = (uint32_t)clr->blobs.size_bytes;
    iw_lab_clr_put_compressed(&clr->blobs, (uint32_t)size_bytes);
    iw_lab_pe_put(&clr->blobs, bytes, size_bytes);
    return index;
}

uint32_t iw_lab_clr_guid(struct iw_lab_clr *clr, const uint8_t guid[16])
{
    iw_lab_pe_put(&clr->guids, guid, 16);
    return (uint32_t)(clr->guids.size_bytes / 16);
}

uint32_t iw_lab_clr_add_row(struct iw_lab_clr *clr, enum iw_lab_clr_table table,
                            const uint32_t columns[])
{
    uint32_t n_rows = clr->tables[table].n_rows;
    assert(n_rows < IW_LAB_CLR_MAX_ROWS);
    clr->tables[table].rows =
        iw_lab_alloc_resize(clr->tables[table].rows, n_rows + 1, sizeof clr->tables[table].rows[0]);
    size_t n_columns = strlen(schemas[table].columns);
    memcpy(clr->tables[table].rows[n_rows], columns, n_columns * sizeof columns[0]);
    return ++clr->tables[table].n_rows;
}

uint32_t iw_lab_clr_next_row(const struct iw_lab_clr *clr, enum iw_lab_clr_table table)
{
    return clr->tables[table].n_rows + 1;
}

static void put_column(const struct iw_lab_clr *clr, struct iw_lab_pe_buffer *out, char column,
                       uint32_t value)
{
    bool is_wide = column == '4' || (column == 's' && clr->strings.size_bytes > UINT16_MAX) ||
                   (column == 'b' && clr->blobs.size_bytes > UINT16_MAX);
    if (is_wide) {
        iw_lab_pe_put_u32(out, value);
    } else {
        iw_lab_pe_put_u16(out, (uint16_t)value);
    }
}

/* The stream #~: II.24.2.6. */
static void put_tables(const struct iw_lab_clr *clr, struct iw_lab_pe_buffer *out)
{
    uint64_t present = 0;
    for (size_t i = 0; i < IW_LAB_CLR_N_TABLES; i++) {
        present |= (uint64_t)(clr->tables[i].n_rows > 0) << schemas[i].number;
    }
    iw_lab_pe_put_u32(out, 0);
    iw_lab_pe_put_u8(out, 2);
    iw_lab_pe_put_u8(out, 0);
    iw_lab_pe_put_u8(out, (uint8_t)((clr->strings.size_bytes > UINT16_MAX ? 1 : 0) |
                                    (clr->blobs.size_bytes > UINT16_MAX ? 4 : 0)));
    iw_lab_pe_put_u8(out, 1);
    iw_lab_pe_put_u64(out, present);
    iw_lab_pe_put_u64(out, SORTED_TABLES);
    for (size_t i = 0; i < IW_LAB_CLR_N_TABLES; i++) {
        if (clr->tables[i].n_rows > 0) {
            iw_lab_pe_put_u32(out, clr->tables[i].n_rows);
        }
    }
    for (size_t i = 0; i < IW_LAB_CLR_N_TABLES; i++) {
        for (uint32_t row = 0; row < clr->tables[i].n_rows; row++) {
            const char *columns = schemas[i].columns;
            for (size_t column = 0; columns[column] != '\0'; column++) {
                put_column(clr, out, columns[column], clr->tables[i].rows[row][column]);
            }
        }
    }
    iw_lab_pe_align(out, 4);
}

void iw_lab_clr_write(const struct iw_lab_clr *clr, struct iw_lab_pe_buffer *out)
{
    struct iw_lab_pe_buffer tables = {0}, user_strings = {0};
    put_tables(clr, &tables);
    begin_heap(&user_strings);
    const struct {
        const char *name;
        size_t name_bytes; /* padded to a multiple of four with its NUL */
        const struct iw_lab_pe_buffer *content;
    } streams[] = {{"#~\0", 4, &tables},
                   {"#Strings\0\0\0", 12, &clr->strings},
                   {"#US", 4, &user_strings},
                   {"#GUID\0\0", 8, &clr->guids},
                   {"#Blob\0\0", 8, &clr->blobs}};
    const size_t n_streams = sizeof streams / sizeof streams[0];
    size_t root = out->size_bytes;
    assert(root % 4 == 0);
    iw_lab_pe_put(out, "BSJB\1\0\1\0", 8); /* signature, version 1.1 */
    iw_lab_pe_put_u32(out, 0);
    iw_lab_pe_put_u32(out, sizeof RUNTIME_VERSION);
    iw_lab_pe_put(out, RUNTIME_VERSION, sizeof RUNTIME_VERSION);
    iw_lab_pe_put_u16(out, 0);
    iw_lab_pe_put_u16(out, (uint16_t)n_streams);
    size_t headers[sizeof streams / sizeof streams[0]];
    for (size_t i = 0; i < n_streams; i++) {
        headers[i] = out->size_bytes;
        iw_lab_pe_put_zeros(out, 8);
        iw_lab_pe_put(out, streams[i].name, streams[i].name_bytes);
    }
    for (size_t i = 0; i < n_streams; i++) {
        size_t start = out->size_bytes;
        iw_lab_pe_put_buffer(out, streams[i].content);
        iw_lab_pe_align(out, 4);
        iw_lab_pe_patch_u32(out, headers[i], (uint32_t)(start - root));
        iw_lab_pe_patch_u32(out, headers[i] + 4, (uint32_t)(out->size_bytes - start));
    }
    iw_lab_pe_buffer_done(&tables);
    iw_lab_pe_buffer_done(&user_strings);
}

void iw_lab_clr_done(struct iw_lab_clr *clr)
{
    if (clr == NULL) {
        return;
    }
    iw_lab_pe_buffer_done(&clr->strings);
    iw_lab_pe_buffer_done(&clr->blobs);
    iw_lab_pe_buffer_done(&clr->guids);
    for (size_t i = 0; i < IW_LAB_CLR_N_TABLES; i++) {
        iw_lab_alloc_release(clr->tables[i].rows);
    }
    *clr = (struct iw_lab_clr){0};
}
