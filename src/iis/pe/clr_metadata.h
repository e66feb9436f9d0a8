/**
 * CLR metadata as a set of tables: rows, columns, heaps. Inside iis/pe/ only.
 *
 * ECMA-335 II.24 (streams, widths), II.22 (tables). Rows are numbered from 1; row 0 is none. A cell
 * outside its table is 0, a text or blob outside its heap is empty; both are counted as METADATA.
 */
#ifndef IW_IIS_PE_CLR_METADATA_H
#define IW_IIS_PE_CLR_METADATA_H

#include "iis/pe/pe_view.h"

/** Numbers of tables, II.22. Only those somebody asks for have a name. */
enum iw_clr_table_index {
    IW_CLR_TYPE_REF = 0x01,
    IW_CLR_TYPE_DEF = 0x02,
    IW_CLR_METHOD_DEF = 0x06,
    IW_CLR_INTERFACE_IMPL = 0x09,
    IW_CLR_MEMBER_REF = 0x0A,
    IW_CLR_CUSTOM_ATTRIBUTE = 0x0C,
    IW_CLR_TYPE_SPEC = 0x1B,
    IW_CLR_ASSEMBLY = 0x20,
    IW_CLR_ASSEMBLY_REF = 0x23,
    IW_CLR_NESTED_CLASS = 0x29,
    IW_CLR_N_TABLES = 0x2D,
    IW_CLR_NO_TABLE = 0xFF
};

/** Columns by their place in II.22. */
enum { IW_CLR_TYPE_REF_SCOPE, IW_CLR_TYPE_REF_NAME, IW_CLR_TYPE_REF_SPACE };
enum { IW_CLR_TYPE_DEF_FLAGS, IW_CLR_TYPE_DEF_NAME, IW_CLR_TYPE_DEF_SPACE, IW_CLR_TYPE_DEF_BASE };

/** Kinds of index into one of several tables, II.24.2.6. */
enum iw_clr_coded {
    IW_CLR_TYPE_DEF_OR_REF,
    IW_CLR_HAS_CONSTANT,
    IW_CLR_HAS_CUSTOM_ATTRIBUTE,
    IW_CLR_HAS_FIELD_MARSHAL,
    IW_CLR_HAS_DECL_SECURITY,
    IW_CLR_MEMBER_REF_PARENT,
    IW_CLR_HAS_SEMANTICS,
    IW_CLR_METHOD_DEF_OR_REF,
    IW_CLR_MEMBER_FORWARDED,
    IW_CLR_IMPLEMENTATION,
    IW_CLR_CUSTOM_ATTRIBUTE_TYPE,
    IW_CLR_RESOLUTION_SCOPE,
    IW_CLR_TYPE_OR_METHOD_DEF,
    IW_CLR_N_CODED
};

#define IW_CLR_MAX_COLUMNS 9U

struct iw_clr_table {
    const uint8_t *rows;
    uint32_t n_rows; /* that are there */
    uint32_t row_bytes;
    uint8_t column_at[IW_CLR_MAX_COLUMNS], column_bytes[IW_CLR_MAX_COLUMNS]; /* 2 or 4 */
};

struct iw_clr_metadata {
    struct iw_pe_view *view;
    struct iw_str strings, blobs; /* heaps */
    struct iw_clr_table tables[IW_CLR_N_TABLES];
};

/** A row of a table; row 0 or IW_CLR_NO_TABLE: none. */
struct iw_clr_place {
    enum iw_clr_table_index table;
    uint32_t row;
};

/** clr_schema.c: widths of all tables by the rows each declares, and where each begins behind the
 * first. */
void iw_clr_lay_out(struct iw_clr_metadata *metadata, const uint32_t declared[64],
                    uint8_t heap_sizes, uint64_t table_at[IW_CLR_N_TABLES]);
/** What an index of that kind says. */
struct iw_clr_place iw_clr_decode(enum iw_clr_coded kind, uint32_t value);

/** clr_metadata.c: finds root, streams and tables. False when there is nothing to read. */
bool iw_clr_open(struct iw_pe_view *view, struct iw_pe_directory root,
                 struct iw_clr_metadata *metadata);

uint32_t iw_clr_rows(const struct iw_clr_metadata *metadata, enum iw_clr_table_index table);
uint32_t iw_clr_cell(const struct iw_clr_metadata *metadata, enum iw_clr_table_index index,
                     uint32_t row, unsigned column);
/** The bytes of a text up to its NUL, neither repaired nor counted. */
struct iw_str iw_clr_raw_string(const struct iw_clr_metadata *metadata, uint32_t index);
struct iw_str iw_clr_string(struct iw_clr_metadata *metadata, uint32_t index);
struct iw_str iw_clr_blob(struct iw_clr_metadata *metadata, uint32_t index);
/** Takes a compressed number (II.23.2) off the front; false when it is cut or no number. */
bool iw_clr_take_number(struct iw_str *bytes, uint32_t *ret);

/** clr_types.c */
void iw_clr_read_types(struct iw_clr_metadata *metadata);
/** clr_attributes.c */
void iw_clr_read_starts(struct iw_clr_metadata *metadata);

#endif
