/*
 * A small walk through PE files and CLR metadata for tests, written from the Microsoft PE/COFF
 * specification and ECMA-335 II.24-25. Whatever does not hold fails the running test.
 */
#ifndef IW_TEST_PE_WALK_H
#define IW_TEST_PE_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/pe/lab_pe.h"

#define MAX_SECTIONS 8U

struct pe_section {
    char name[9];
    uint32_t virtual_bytes, rva, raw_bytes, file_offset;
};

struct pe_view {
    const uint8_t *bytes;
    size_t size_bytes;
    uint32_t optional; /* offset of the optional header */
    uint32_t n_sections;
    struct pe_section sections[MAX_SECTIONS];
    bool is_32;
};

/* The view borrows the bytes of pe. */
struct pe_view walk_open(const struct iw_lab_pe *pe);

uint16_t walk_u16(const struct pe_view *view, size_t offset);
uint32_t walk_u32(const struct pe_view *view, size_t offset);
/* From an address to the offset in the file, and to the text there. */
size_t walk_offset(const struct pe_view *view, uint32_t rva);
const char *walk_text(const struct pe_view *view, uint32_t rva);
/* Offset of a data directory's entry, and the address it holds: 0 when there is none. */
uint32_t walk_directory_at(const struct pe_view *view, uint32_t index);
uint32_t walk_directory(const struct pe_view *view, uint32_t index);
bool walk_contains(const struct pe_view *view, const void *bytes, size_t size_bytes);

/* "library!function" of the i-th import of all, or false. */
bool walk_import(const struct pe_view *view, uint32_t wanted, char *out, size_t out_bytes);
/* Offset of the metadata stream of that name. */
size_t walk_stream(const struct pe_view *view, const char *name, uint32_t *size_bytes);

#endif
