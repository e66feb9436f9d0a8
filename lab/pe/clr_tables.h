/*
 * CLR metadata while it is collected: heaps, tables, and how they are laid out in the end.
 *
 * Texts and blobs given are copied. A zeroed iw_lab_clr is empty; iw_lab_clr_done() frees it. No
 * function fails. Format: ECMA-335 II.24 (layout), II.22 (tables).
 */
#ifndef IW_LAB_CLR_TABLES_H
#define IW_LAB_CLR_TABLES_H

#include "lab/pe/pe_buffer.h"

/* In the order of their numbers, which is the order in the file. */
enum iw_lab_clr_table {
    IW_LAB_CLR_MODULE,
    IW_LAB_CLR_TYPE_REF,
    IW_LAB_CLR_TYPE_DEF,
    IW_LAB_CLR_METHOD_DEF,
    IW_LAB_CLR_PARAM,
    IW_LAB_CLR_INTERFACE_IMPL,
    IW_LAB_CLR_MEMBER_REF,
    IW_LAB_CLR_CUSTOM_ATTRIBUTE,
    IW_LAB_CLR_PROPERTY_MAP,
    IW_LAB_CLR_PROPERTY,
    IW_LAB_CLR_METHOD_SEMANTICS,
    IW_LAB_CLR_ASSEMBLY,
    IW_LAB_CLR_ASSEMBLY_REF,
    IW_LAB_CLR_N_TABLES
};

#define IW_LAB_CLR_MAX_COLUMNS 9U
/* So that every index of a table, coded ones too, is two bytes wide (II.24.2.6). */
#define IW_LAB_CLR_MAX_ROWS 1000U

struct iw_lab_clr {
    struct iw_lab_pe_buffer strings, blobs, guids;
    struct {
        uint32_t (*rows)[IW_LAB_CLR_MAX_COLUMNS]; /* owned */
        uint32_t n_rows;
    } tables[IW_LAB_CLR_N_TABLES];
};

/* Index in #Strings; the same text has the same. */
uint32_t iw_lab_clr_string(struct iw_lab_clr *clr, const char *text, size_t size_bytes);
/* Index in #Blob; the length is put in front. */
uint32_t iw_lab_clr_blob(struct iw_lab_clr *clr, const void *bytes, size_t size_bytes);
/* Number in #GUID, from 1. */
uint32_t iw_lab_clr_guid(struct iw_lab_clr *clr, const uint8_t guid[16]);

/* A row as its columns in the order of II.22; the number of the row, from 1. Tables that must be
 * sorted are given their rows in order. */
uint32_t iw_lab_clr_add_row(struct iw_lab_clr *clr, enum iw_lab_clr_table table,
                            const uint32_t columns[]);
/* The number the next row of that table will have. */
uint32_t iw_lab_clr_next_row(const struct iw_lab_clr *clr, enum iw_lab_clr_table table);

/* A number in the compressed form of II.23.2. */
void iw_lab_clr_put_compressed(struct iw_lab_pe_buffer *out, uint32_t value);

/* Metadata root and all streams, appended to out at a multiple of four. */
void iw_lab_clr_write(const struct iw_lab_clr *clr, struct iw_lab_pe_buffer *out);

/* Accepts NULL. */
void iw_lab_clr_done(struct iw_lab_clr *clr);

#endif
