/*
 * Metadata root, streams, heaps, and the table stream (see the header).
 *
 * ECMA-335 II.24.2.1 (root), II.24.2.2 (stream headers), II.24.2.3 (#Strings), II.24.2.4 (#Blob),
 * II.24.2.6 (#~). Of streams that share a name the last one counts, as for the CLR. "#-" is the
 * unoptimised form of "#~". Tables that reach behind their stream keep the rows that fit. Ignored:
 * #US, #GUID, #Pdb.
 */
#include "iis/pe/clr_metadata.h"

#define ROOT_MARK 0x424A5342U /* "BSJB" */
#define ROOT_BYTES 16U        /* up to the version text */
#define MAX_VERSION_BYTES 255U
#define STREAM_HEADER_BYTES 8U
#define MAX_STREAM_NAME_BYTES 32U
#define TABLES_BYTES 24U /* up to the numbers of rows */
#define HEAP_HAS_EXTRA 0x40U

/* The tables somebody looks at: only their rows are limited. */
#define BIT(table) (UINT64_C(1) << (table))
static const uint64_t LOOKED_AT =
    BIT(IW_CLR_TYPE_REF) | BIT(IW_CLR_TYPE_DEF) | BIT(IW_CLR_INTERFACE_IMPL) |
    BIT(IW_CLR_MEMBER_REF) | BIT(IW_CLR_CUSTOM_ATTRIBUTE) | BIT(IW_CLR_TYPE_SPEC) |
    BIT(IW_CLR_ASSEMBLY) | BIT(IW_CLR_ASSEMBLY_REF) | BIT(IW_CLR_NESTED_CLASS);

static void complain(struct iw_pe_view *view, struct iw_str where)
{
    iw_pe_damage(view, IW_PE_DAMAGE_METADATA, iw_pe_offset(view, where));
}

static struct iw_str behind(struct iw_str bytes, size_t n)
{
    if (n >= bytes.n)
        return IW_STR("");
    return (struct iw_str){bytes.p + n, bytes.n - n};
}

/* Takes the numbers of rows off the front of the stream; false when they are cut. */
static bool take_counts(struct iw_str *stream, uint32_t declared[64])
{
    const uint8_t *p = (const uint8_t *)stream->p;
    size_t at = TABLES_BYTES;
    uint64_t valid;

    if (stream->n < TABLES_BYTES)
        return false;
    valid = iw_load_u64(p + 8);
    for (unsigned i = 0; i < 64; i++) {
        if ((valid >> i & 1) == 0)
            continue;
        if (stream->n - at < 4)
            return false;
        declared[i] = iw_load_u32(p + at);
        at += 4;
    }
    *stream = behind(*stream, at + ((p[6] & HEAP_HAS_EXTRA) != 0 ? 4 : 0));
    return true;
}

/* *rows* are all bytes from the table's begin on. */
static void set_rows(struct iw_clr_metadata *metadata, unsigned index, struct iw_str rows,
                     uint32_t declared)
{
    struct iw_clr_table *table = &metadata->tables[index];
    uint64_t n_fit = rows.n / table->row_bytes;

    if (n_fit < declared)
        complain(metadata->view, rows);
    table->rows = (const uint8_t *)rows.p;
    table->n_rows = n_fit < declared ? (uint32_t)n_fit : declared;
    if ((LOOKED_AT >> index & 1) != 0 && table->n_rows > IW_LIMIT_CLR_ROWS) {
        iw_pe_damage(metadata->view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(metadata->view, rows));
        table->n_rows = IW_LIMIT_CLR_ROWS;
    }
}

static void read_tables(struct iw_clr_metadata *metadata, struct iw_str stream)
{
    uint32_t declared[64] = {0};
    uint64_t table_at[IW_CLR_N_TABLES];
    struct iw_str all = stream;

    if (!take_counts(&stream, declared)) {
        complain(metadata->view, all);
        return;
    }
    iw_clr_lay_out(metadata, declared, (uint8_t)all.p[6], table_at);
    for (unsigned i = 0; i < IW_CLR_N_TABLES; i++) {
        size_t at = table_at[i] < stream.n ? (size_t)table_at[i] : stream.n;
        set_rows(metadata, i, behind(stream, at), declared[i]);
    }
}

static void set_heap(struct iw_pe_view *view, struct iw_str *heap, struct iw_str stream)
{
    if (heap->n != 0)
        complain(view, *heap);
    *heap = stream;
}

/* The header at the front of *headers is taken off; false when it is cut. */
static bool take_stream(struct iw_clr_metadata *metadata, struct iw_str root,
                        struct iw_str *headers, struct iw_str *tables)
{
    struct iw_pe_view *view = metadata->view;
    struct iw_str name = behind(*headers, STREAM_HEADER_BYTES), stream;
    size_t n_name =
        strnlen(name.p, name.n < MAX_STREAM_NAME_BYTES ? name.n : MAX_STREAM_NAME_BYTES);
    uint32_t at, n;

    if (n_name == name.n || n_name == MAX_STREAM_NAME_BYTES) {
        complain(view, *headers);
        return false;
    }
    at = iw_load_u32((const uint8_t *)headers->p);
    n = iw_load_u32((const uint8_t *)headers->p + 4);
    stream = behind(root, at);
    if (stream.n < n)
        complain(view, *headers);
    else
        stream.n = n;
    name.n = n_name;
    if (iw_str_equal(name, IW_STR("#Strings")))
        set_heap(view, &metadata->strings, stream);
    else if (iw_str_equal(name, IW_STR("#Blob")))
        set_heap(view, &metadata->blobs, stream);
    else if (iw_str_equal(name, IW_STR("#~")) || iw_str_equal(name, IW_STR("#-")))
        set_heap(view, tables, stream);
    *headers = behind(*headers, STREAM_HEADER_BYTES + ((n_name + 4) & ~(size_t)3));
    return true;
}

bool iw_clr_open(struct iw_pe_view *view, struct iw_pe_directory directory,
                 struct iw_clr_metadata *metadata)
{
    struct iw_str root = iw_pe_bytes(view, directory.rva, 0), headers, tables = IW_STR("");
    uint32_t n_version, n_streams;

    *metadata = (struct iw_clr_metadata){.view = view};
    if (root.n > directory.size_bytes)
        root.n = directory.size_bytes;
    if (root.n < ROOT_BYTES || iw_load_u32((const uint8_t *)root.p) != ROOT_MARK) {
        complain(view, root);
        return false;
    }
    n_version = iw_load_u32((const uint8_t *)root.p + 12);
    headers = behind(root, ROOT_BYTES);
    if (n_version > MAX_VERSION_BYTES + 1 || headers.n < n_version + 4) {
        complain(view, root);
        return false;
    }
    view->pe->clr.runtime =
        iw_pe_text(view, (struct iw_str){headers.p, strnlen(headers.p, n_version)});
    headers = behind(headers, n_version);
    n_streams = iw_load_u16((const uint8_t *)headers.p + 2);
    headers = behind(headers, 4);
    if (n_streams > IW_LIMIT_CLR_STREAMS) {
        iw_pe_damage(view, IW_PE_DAMAGE_LIMIT, iw_pe_offset(view, headers));
        n_streams = IW_LIMIT_CLR_STREAMS;
    }
    while (n_streams-- != 0 && take_stream(metadata, root, &headers, &tables))
        ;
    read_tables(metadata, tables);
    return true;
}

uint32_t iw_clr_rows(const struct iw_clr_metadata *metadata, enum iw_clr_table_index table)
{
    return metadata->tables[table].n_rows;
}

uint32_t iw_clr_cell(const struct iw_clr_metadata *metadata, enum iw_clr_table_index index,
                     uint32_t row, unsigned column)
{
    const struct iw_clr_table *table = &metadata->tables[index];
    const uint8_t *p;
    if (row == 0 || row > table->n_rows) {
        iw_pe_damage(metadata->view, IW_PE_DAMAGE_METADATA,
                     table->n_rows != 0
                         ? (uint64_t)(table->rows - (const uint8_t *)metadata->view->file.p)
                         : 0);
        return 0;
    }
    p = table->rows + (size_t)(row - 1) * table->row_bytes + table->column_at[column];
    return table->column_bytes[column] == 4 ? iw_load_u32(p) : iw_load_u16(p);
}

struct iw_str iw_clr_raw_string(const struct iw_clr_metadata *metadata, uint32_t index)
{
    struct iw_str text = behind(metadata->strings, index);
    size_t limit = text.n < IW_LIMIT_PE_NAME_BYTES ? text.n : IW_LIMIT_PE_NAME_BYTES;
    text.n = text.n != 0 ? strnlen(text.p, limit) : 0;
    return text;
}

struct iw_str iw_clr_string(struct iw_clr_metadata *metadata, uint32_t index)
{
    struct iw_str text = behind(metadata->strings, index);
    if (index != 0 && text.n == 0)
        complain(metadata->view, metadata->strings);
    return iw_pe_name_of(metadata->view, text, IW_LIMIT_PE_NAME_BYTES);
}

bool iw_clr_take_number(struct iw_str *bytes, uint32_t *ret)
{
    const uint8_t *p = (const uint8_t *)bytes->p;
    size_t n;
    if (bytes->n == 0)
        return false;
    n = p[0] < 0x80 ? 1 : p[0] < 0xC0 ? 2 : 4;
    if (p[0] >= 0xE0 || bytes->n < n)
        return false;
    *ret = p[0] & (n == 1 ? 0x7FU : n == 2 ? 0x3FU : 0x1FU);
    for (size_t i = 1; i < n; i++)
        *ret = *ret << 8 | p[i];
    bytes->p += n;
    bytes->n -= n;
    return true;
}

struct iw_str iw_clr_blob(struct iw_clr_metadata *metadata, uint32_t index)
{
    struct iw_str blob = behind(metadata->blobs, index);
    uint32_t n;
    if (index == 0)
        return IW_STR("");
    if (!iw_clr_take_number(&blob, &n) || n > blob.n) {
        complain(metadata->view, metadata->blobs);
        return IW_STR("");
    }
    blob.n = n;
    return blob;
}
