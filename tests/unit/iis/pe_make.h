/*
 * PE files made by hand, for what no builder of sound files would make. An image is one section
 * whose addresses are its offsets in the file, so that a test writes bytes where they are read.
 *
 * Written from "PE Format" and ECMA-335 II.24.2, II.25.3.3. Failing to allocate fails the test.
 */
#ifndef IW_TEST_PE_MAKE_H
#define IW_TEST_PE_MAKE_H

#include "iis/pe/pe.h"

/* Where the section begins; the headers lie before it. */
#define MADE_BEGIN 0x1000U

struct made {
    uint8_t *bytes; /* owned; made_done */
    size_t n;
    bool is_64;
    struct iw_arena arena; /* of the record */
    struct iw_pe pe;
};

/* Zeros behind the headers; n is at least MADE_BEGIN + 1. */
void made_begin(struct made *made, bool is_64, size_t n);
void made_done(struct made *made);
void made_u16(struct made *made, size_t at, uint16_t value);
void made_u32(struct made *made, size_t at, uint32_t value);
void made_u64(struct made *made, size_t at, uint64_t value);
void made_text(struct made *made, size_t at, const char *text);
/* Offset of the entry of a data directory. */
size_t made_directory_at(const struct made *made, unsigned index);
void made_directory(struct made *made, unsigned index, uint32_t rva, uint32_t n_bytes);
/* Reads it into made->pe, again if need be; requires IW_OK. */
void made_read(struct made *made);
uint64_t made_damage(const struct made *made, enum iw_pe_damage_kind kind);

/* CLR metadata with narrow heap indexes. */
struct made_clr {
    uint32_t rows[64];     /* declared of each table */
    const uint8_t *tables; /* the rows of all of them */
    size_t n_tables;
    const char *strings; /* #Strings, which begins with a NUL */
    size_t n_strings;
    const char *blobs; /* #Blob, which begins with a NUL */
    size_t n_blobs;
    unsigned n_streams; /* 0: the three; more: further ones with another name */
};

void made_clr(struct made *made, const struct made_clr *clr);

#endif
