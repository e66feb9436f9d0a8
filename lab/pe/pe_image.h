/*
 * A PE file while it is built: its sections in the order they are filled, its data directories,
 * and the parts that fill them. Inside lab/pe only; others use lab_pe.h.
 *
 * A section gets its address when it is begun, so whatever it points to must be in itself or in a
 * section before it: code, then read-only tables, data, resources, relocations.
 *
 * Format: Microsoft PE/COFF specification, "Section Table" and "Optional Header Data Directories".
 */
#ifndef IW_LAB_PE_IMAGE_H
#define IW_LAB_PE_IMAGE_H

#include "lab/pe/lab_pe.h"
#include "lab/pe/pe_buffer.h"

enum iw_lab_pe_section_index {
    IW_LAB_PE_TEXT,
    IW_LAB_PE_RDATA,
    IW_LAB_PE_DATA,
    IW_LAB_PE_RSRC,
    IW_LAB_PE_RELOC,
    IW_LAB_PE_N_SECTIONS
};

/* Numbers of data directories. */
enum iw_lab_pe_directory_index {
    IW_LAB_PE_DIR_EXPORT = 0,
    IW_LAB_PE_DIR_IMPORT = 1,
    IW_LAB_PE_DIR_RESOURCE = 2,
    IW_LAB_PE_DIR_RELOCATION = 5,
    IW_LAB_PE_DIR_DEBUG = 6,
    IW_LAB_PE_DIR_IAT = 12,
    IW_LAB_PE_DIR_CLR = 14,
    IW_LAB_PE_N_DIRECTORIES = 16
};

struct iw_lab_pe_section {
    struct iw_lab_pe_buffer content; /* empty: the section is left out of the file */
    uint32_t rva;
    uint32_t file_offset;
};

struct iw_lab_pe_directory {
    uint32_t rva;
    uint32_t size_bytes;
};

struct iw_lab_pe_image {
    const struct iw_lab_pe_options *options; /* borrowed */
    struct iw_lab_pe_section sections[IW_LAB_PE_N_SECTIONS];
    struct iw_lab_pe_directory directories[IW_LAB_PE_N_DIRECTORIES];
    uint32_t entry_rva;          /* 0: none */
    uint32_t first_export_rva;   /* code of the first export; the others follow in equal steps */
    uint32_t runtime_jump_rva;   /* 0, or where the address of the runtime's import is missing */
    uint32_t first_iat_slot_rva; /* 0 without imports */
};

/* pe_layout.c */
/* Places the section behind the one before it, which must be complete. */
struct iw_lab_pe_section *iw_lab_pe_begin_section(struct iw_lab_pe_image *image,
                                                  enum iw_lab_pe_section_index index);
/* Address of the next byte of a section that was begun. */
uint32_t iw_lab_pe_here(const struct iw_lab_pe_section *section);
/* From an address of that section to its end so far. */
void iw_lab_pe_set_directory(struct iw_lab_pe_image *image, enum iw_lab_pe_directory_index index,
                             uint32_t rva, uint32_t end_rva);
uint64_t iw_lab_pe_image_base(const struct iw_lab_pe_options *options);
/* Headers, sections, checksum. All sections must have been begun. */
void iw_lab_pe_write(const struct iw_lab_pe_image *image, struct iw_lab_pe_buffer *file);

/* pe_code.c */
#define IW_LAB_PE_CODE_STEP_BYTES 16U
void iw_lab_pe_add_code(struct iw_lab_pe_image *image);
/* Completes the jump to the runtime once imports are placed, and writes its relocation. */
void iw_lab_pe_add_relocation(struct iw_lab_pe_image *image);

/* pe_exports.c */
/* NULL-terminated, never NULL: those of the options or of the kind. */
const char *const *iw_lab_pe_exports(const struct iw_lab_pe_options *options);
void iw_lab_pe_add_exports(struct iw_lab_pe_image *image);

/* pe_imports.c */
void iw_lab_pe_add_imports(struct iw_lab_pe_image *image);

/* pe_debug.c */
void iw_lab_pe_add_debug(struct iw_lab_pe_image *image);

/* pe_filling.c */
void iw_lab_pe_add_filling(struct iw_lab_pe_image *image);
/* An identifier that the seed, the name and salt decide. */
void iw_lab_pe_make_guid(const struct iw_lab_pe_options *options, uint32_t salt, uint8_t guid[16]);

/* pe_version.c */
void iw_lab_pe_add_version(struct iw_lab_pe_image *image);
/* "10.0.20348.1" to its numbers; NULL, text and missing numbers are 0, too large ones 65535. */
void iw_lab_pe_version_words(const char *version, uint16_t words[4]);

/* pe_clr.c */
bool iw_lab_pe_is_managed(enum iw_lab_pe_kind kind);
/* CLI header, method bodies and metadata, in .text; nothing for native kinds. */
void iw_lab_pe_add_clr(struct iw_lab_pe_image *image);

/* lab_pe.c */
/* The options' name, never NULL. */
const char *iw_lab_pe_file_name(const struct iw_lab_pe_options *options);

#endif
