/*
 * The columns of every table, and how wide they are in this file.
 *
 * ECMA-335 II.22.2 to II.22.39 (columns), II.24.2.6 (widths, coded indexes). The pointer and edit
 * tables of unoptimised metadata (0x03, 0x05, 0x07, 0x13, 0x16, 0x1E, 0x1F) are not in the
 * standard; their columns are those of Microsoft's metamodel (corhdr.h, metamodelcolumndefs.h).
 * Tables past 0x2C belong to debug information and lie behind all others, so their width is not
 * needed.
 */
#include "iis/pe/clr_metadata.h"

/* A column: a kind below 0x40, or an index into a table, or a coded index. */
enum { END, U16, U32, STRING, GUID, BLOB, TABLE = 0x40, CODED = 0x80 };
#define T(table) (TABLE | (table))
#define C(kind) (CODED | (kind))

static const uint8_t COLUMNS[IW_CLR_N_TABLES][IW_CLR_MAX_COLUMNS + 1] = {
    [0x00] = {U16, STRING, GUID, GUID, GUID},                              /* Module */
    [0x01] = {C(IW_CLR_RESOLUTION_SCOPE), STRING, STRING},                 /* TypeRef */
    [0x02] = {U32, STRING, STRING, C(IW_CLR_TYPE_DEF_OR_REF), T(4), T(6)}, /* TypeDef */
    [0x03] = {T(4)},                                                       /* FieldPtr */
    [0x04] = {U16, STRING, BLOB},                                          /* Field */
    [0x05] = {T(6)},                                                       /* MethodPtr */
    [0x06] = {U32, U16, U16, STRING, BLOB, T(8)},                          /* MethodDef */
    [0x07] = {T(8)},                                                       /* ParamPtr */
    [0x08] = {U16, U16, STRING},                                           /* Param */
    [0x09] = {T(2), C(IW_CLR_TYPE_DEF_OR_REF)},                            /* InterfaceImpl */
    [0x0A] = {C(IW_CLR_MEMBER_REF_PARENT), STRING, BLOB},                  /* MemberRef */
    [0x0B] = {U16, C(IW_CLR_HAS_CONSTANT), BLOB},                          /* Constant */
    [0x0C] = {C(IW_CLR_HAS_CUSTOM_ATTRIBUTE), C(IW_CLR_CUSTOM_ATTRIBUTE_TYPE), BLOB},
    [0x0D] = {C(IW_CLR_HAS_FIELD_MARSHAL), BLOB},                              /* FieldMarshal */
    [0x0E] = {U16, C(IW_CLR_HAS_DECL_SECURITY), BLOB},                         /* DeclSecurity */
    [0x0F] = {U16, U32, T(2)},                                                 /* ClassLayout */
    [0x10] = {U32, T(4)},                                                      /* FieldLayout */
    [0x11] = {BLOB},                                                           /* StandAloneSig */
    [0x12] = {T(2), T(0x14)},                                                  /* EventMap */
    [0x13] = {T(0x14)},                                                        /* EventPtr */
    [0x14] = {U16, STRING, C(IW_CLR_TYPE_DEF_OR_REF)},                         /* Event */
    [0x15] = {T(2), T(0x17)},                                                  /* PropertyMap */
    [0x16] = {T(0x17)},                                                        /* PropertyPtr */
    [0x17] = {U16, STRING, BLOB},                                              /* Property */
    [0x18] = {U16, T(6), C(IW_CLR_HAS_SEMANTICS)},                             /* MethodSemantics */
    [0x19] = {T(2), C(IW_CLR_METHOD_DEF_OR_REF), C(IW_CLR_METHOD_DEF_OR_REF)}, /* MethodImpl */
    [0x1A] = {STRING},                                                         /* ModuleRef */
    [0x1B] = {BLOB},                                                           /* TypeSpec */
    [0x1C] = {U16, C(IW_CLR_MEMBER_FORWARDED), STRING, T(0x1A)},               /* ImplMap */
    [0x1D] = {U32, T(4)},                                                      /* FieldRVA */
    [0x1E] = {U32, U32},                                                       /* ENCLog */
    [0x1F] = {U32},                                                            /* ENCMap */
    [0x20] = {U32, U16, U16, U16, U16, U32, BLOB, STRING, STRING},             /* Assembly */
    [0x21] = {U32},                                                 /* AssemblyProcessor */
    [0x22] = {U32, U32, U32},                                       /* AssemblyOS */
    [0x23] = {U16, U16, U16, U16, U32, BLOB, STRING, STRING, BLOB}, /* AssemblyRef */
    [0x24] = {U32, T(0x23)},                                        /* …Processor */
    [0x25] = {U32, U32, U32, T(0x23)},                              /* AssemblyRefOS */
    [0x26] = {U32, STRING, BLOB},                                   /* File */
    [0x27] = {U32, U32, STRING, STRING, C(IW_CLR_IMPLEMENTATION)},  /* ExportedType */
    [0x28] = {U32, U32, STRING, C(IW_CLR_IMPLEMENTATION)},          /* ManifestResource */
    [0x29] = {T(2), T(2)},                                          /* NestedClass */
    [0x2A] = {U16, U16, C(IW_CLR_TYPE_OR_METHOD_DEF), STRING},      /* GenericParam */
    [0x2B] = {C(IW_CLR_METHOD_DEF_OR_REF), BLOB},                   /* MethodSpec */
    [0x2C] = {T(0x2A), C(IW_CLR_TYPE_DEF_OR_REF)},                  /* …Constraint */
};

#define NONE IW_CLR_NO_TABLE
/* The tables each kind may mean, in the order of their tags. */
static const struct {
    uint8_t tag_bits, n;
    uint8_t tables[22];
} CODES[IW_CLR_N_CODED] = {
    [IW_CLR_TYPE_DEF_OR_REF] = {2, 3, {2, 1, 0x1B}},
    [IW_CLR_HAS_CONSTANT] = {2, 3, {4, 8, 0x17}},
    [IW_CLR_HAS_CUSTOM_ATTRIBUTE] = {5, 22, {6,    4,    1,    2,    8,    9,    0x0A, 0,
                                             0x0E, 0x17, 0x14, 0x11, 0x1A, 0x1B, 0x20, 0x23,
                                             0x26, 0x27, 0x28, 0x2A, 0x2C, 0x2B}},
    [IW_CLR_HAS_FIELD_MARSHAL] = {1, 2, {4, 8}},
    [IW_CLR_HAS_DECL_SECURITY] = {2, 3, {2, 6, 0x20}},
    [IW_CLR_MEMBER_REF_PARENT] = {3, 5, {2, 1, 0x1A, 6, 0x1B}},
    [IW_CLR_HAS_SEMANTICS] = {1, 2, {0x14, 0x17}},
    [IW_CLR_METHOD_DEF_OR_REF] = {1, 2, {6, 0x0A}},
    [IW_CLR_MEMBER_FORWARDED] = {1, 2, {4, 6}},
    [IW_CLR_IMPLEMENTATION] = {2, 3, {0x26, 0x23, 0x27}},
    [IW_CLR_CUSTOM_ATTRIBUTE_TYPE] = {3, 5, {NONE, NONE, 6, 0x0A, NONE}},
    [IW_CLR_RESOLUTION_SCOPE] = {2, 4, {0, 0x1A, 0x23, 1}},
    [IW_CLR_TYPE_OR_METHOD_DEF] = {1, 2, {2, 6}},
};

static unsigned coded_bytes(unsigned kind, const uint32_t declared[64])
{
    for (unsigned i = 0; i < CODES[kind].n; i++) {
        uint8_t table = CODES[kind].tables[i];
        if (table != NONE && declared[table] >= 1U << (16 - CODES[kind].tag_bits))
            return 4;
    }
    return 2;
}

static unsigned column_bytes(uint8_t column, const uint32_t declared[64], uint8_t heap_sizes)
{
    if ((column & CODED) != 0)
        return coded_bytes(column & 0x7FU, declared);
    if ((column & TABLE) != 0)
        return declared[column & 0x3FU] > 0xFFFF ? 4 : 2;
    if (column == STRING)
        return (heap_sizes & 1) != 0 ? 4 : 2;
    if (column == GUID)
        return (heap_sizes & 2) != 0 ? 4 : 2;
    if (column == BLOB)
        return (heap_sizes & 4) != 0 ? 4 : 2;
    return column == U32 ? 4 : 2;
}

void iw_clr_lay_out(struct iw_clr_metadata *metadata, const uint32_t declared[64],
                    uint8_t heap_sizes, uint64_t table_at[IW_CLR_N_TABLES])
{
    uint64_t at = 0;
    for (unsigned i = 0; i < IW_CLR_N_TABLES; i++) {
        struct iw_clr_table *table = &metadata->tables[i];
        for (unsigned j = 0; COLUMNS[i][j] != END; j++) {
            table->column_at[j] = (uint8_t)table->row_bytes;
            table->column_bytes[j] = (uint8_t)column_bytes(COLUMNS[i][j], declared, heap_sizes);
            table->row_bytes += table->column_bytes[j];
        }
        table_at[i] = at;
        at += (uint64_t)declared[i] * table->row_bytes;
    }
}

struct iw_clr_place iw_clr_decode(enum iw_clr_coded kind, uint32_t value)
{
    uint32_t tag = value & ((1U << CODES[kind].tag_bits) - 1);
    struct iw_clr_place place = {IW_CLR_NO_TABLE, 0};
    if (tag < CODES[kind].n && CODES[kind].tables[tag] != NONE) {
        place.table = (enum iw_clr_table_index)CODES[kind].tables[tag];
        place.row = value >> CODES[kind].tag_bits;
    }
    return place;
}
