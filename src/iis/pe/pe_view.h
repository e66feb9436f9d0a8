/**
 * A PE file while it is read: addresses become bytes, bytes become text, trouble becomes a count.
 * Inside iis/pe/ only.
 *
 * Nothing here fails. A place that is not in the file is an empty string, and no memory is
 * remembered (no_memory) so that readers go on with empty lists and the entry says it once.
 * Addresses are relative to the image (RVA), offsets are in the file, both in bytes.
 */
#ifndef IW_IIS_PE_PE_VIEW_H
#define IW_IIS_PE_PE_VIEW_H

#include "base/bytes.h"
#include "base/limits.h"
#include "iis/pe/pe.h"

/** PE/COFF "Optional Header Data Directories". */
enum iw_pe_directory_index {
    IW_PE_DIR_EXPORT = 0,
    IW_PE_DIR_IMPORT = 1,
    IW_PE_DIR_RESOURCE = 2,
    IW_PE_DIR_SECURITY = 4, /* a place in the file, not an address */
    IW_PE_DIR_DEBUG = 6,
    IW_PE_DIR_DELAY_IMPORT = 13,
    IW_PE_DIR_CLR = 14,
    IW_PE_N_DIRECTORIES = 16
};

struct iw_pe_directory {
    uint32_t rva, size_bytes;
};

/** The part of a section that the loader takes from the file, clipped to it. */
struct iw_pe_mapped {
    uint32_t rva, size_bytes;
    uint64_t offset;
};

struct iw_pe_view {
    struct iw_str file;     /* borrowed */
    struct iw_arena *arena; /* borrowed */
    struct iw_pe *pe;       /* the record that is filled; borrowed */
    struct iw_pe_directory directories[IW_PE_N_DIRECTORIES];
    struct iw_pe_mapped *mapped; /* one a section */
    uint32_t n_mapped;
    uint32_t headers_bytes;     /* mapped at address 0 */
    uint32_t section_alignment; /* in memory */
    bool is_flat; /* sections are smaller than pages: addresses are offsets, as the loader does */
    uint32_t checksum_at; /* offset of the stored checksum; 0: none */
    size_t text_left;     /* of IW_LIMIT_PE_TEXT_BYTES */
    bool no_memory;
};

void iw_pe_damage(struct iw_pe_view *view, enum iw_pe_damage_kind kind, uint64_t offset);

/** The offset of bytes of the file; 0 for an empty string. */
static inline uint64_t iw_pe_offset(const struct iw_pe_view *view, struct iw_str bytes)
{
    return bytes.n != 0 ? (uint64_t)(bytes.p - view->file.p) : 0;
}

/** Up to *n* bytes at an offset: fewer at the end of the file, none behind it. */
struct iw_str iw_pe_slice(const struct iw_pe_view *view, uint64_t offset, uint64_t n);
/** From an address to the end of what is mapped there; empty when it is nowhere. Counts nothing. */
struct iw_str iw_pe_find(const struct iw_pe_view *view, uint32_t rva);
/** The same; counts an ADDRESS when it is nowhere. *from* is the offset of what names it. */
struct iw_str iw_pe_bytes(struct iw_pe_view *view, uint32_t rva, uint64_t from);
/** Exactly *n* bytes at an address; NULL, and counted, when they are not there. */
const uint8_t *iw_pe_exact(struct iw_pe_view *view, uint32_t rva, size_t n, uint64_t from);
/**
 * A table of *n* entries at an address. *n becomes what is there (counted as TABLE) and at most
 * *limit* (counted as LIMIT). NULL when *n is 0.
 */
const uint8_t *iw_pe_table(struct iw_pe_view *view, uint32_t rva, size_t entry_bytes, uint32_t *n,
                           uint32_t limit, uint64_t from);

/** Bytes of the file as text: themselves where they are UTF-8, else repaired in the arena. Empty
 * once all text a file may have was taken. */
struct iw_str iw_pe_text(struct iw_pe_view *view, struct iw_str raw);
/** The name that begins *bytes* and ends at a NUL, cut at *limit*. */
struct iw_str iw_pe_name_of(struct iw_pe_view *view, struct iw_str bytes, size_t limit);
/** The same at an address. */
struct iw_str iw_pe_name(struct iw_pe_view *view, uint32_t rva, size_t limit, uint64_t from);
/** UTF-16 of the file as text, in the arena. */
struct iw_str iw_pe_wide_text(struct iw_pe_view *view, struct iw_str raw);

/** Zeroed memory of the record for *n* items; NULL when n is 0 or there is none. */
void *iw_pe_alloc(struct iw_pe_view *view, size_t n, size_t item_bytes);

/* --- the parts, in the order the entry calls them ------------------------------------------- */

/** pe_headers.c: IW_OK, or IW_EFORMAT when it is no PE file. */
enum iw_rc iw_pe_read_headers(struct iw_pe_view *view);
/** pe_sums.c */
void iw_pe_sum_checksum(struct iw_pe_view *view);
void iw_pe_sum_entropy(struct iw_pe_view *view);
/** pe_export_table.c */
void iw_pe_read_exports(struct iw_pe_view *view);
/** pe_import_table.c: both kinds. */
void iw_pe_read_imports(struct iw_pe_view *view);
/** pe_imphash.c */
void iw_pe_make_imphash(struct iw_pe_view *view);
/** pe_resource.c: finds version resources and has them read. */
void iw_pe_read_resources(struct iw_pe_view *view);
/** pe_version_info.c: one VS_VERSIONINFO; texts has room for IW_LIMIT_PE_VERSION_TEXTS. */
void iw_pe_read_version(struct iw_pe_view *view, struct iw_str resource);
/** pe_pdb.c */
void iw_pe_read_pdb(struct iw_pe_view *view);
/** clr_read.c */
void iw_clr_read(struct iw_pe_view *view);
/** pe_component.c */
void iw_pe_judge_component(struct iw_pe *pe);

#endif
