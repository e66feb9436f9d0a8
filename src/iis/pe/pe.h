/**
 * What a PE file says about itself: a plain record of the tables by which a component of IIS is
 * known.
 *
 * The file was perhaps written by an attacker. Nothing in it can make reading fail: what is cut,
 * points nowhere, repeats or exceeds a limit is counted by kind (pe_damage.h) and the rest is read.
 * The record says what a file *claims*; whether its signature holds is not judged here, only where
 * the certificates lie.
 *
 * Formats: Microsoft "PE Format" (PE/COFF) and ECMA-335 6th edition, partition II (CLR metadata).
 */
#ifndef IW_IIS_PE_PE_H
#define IW_IIS_PE_PE_H

#include "base/arena.h"
#include "base/error.h"
#include "iis/pe/pe_damage.h"

/** A piece of the file. */
struct iw_pe_piece {
    uint64_t offset, size_bytes; /* 0, 0: there is none */
};

struct iw_pe_section {
    struct iw_str name;               /* up to eight bytes, padding removed */
    uint32_t rva, virtual_bytes;      /* in memory, as the header says */
    uint32_t file_offset, file_bytes; /* in the file, as the header says */
    uint32_t flags;                   /* PE/COFF "Section Flags" */
    float entropy;                    /* bits a byte, 0 to 8; -1: not measured, or no bytes */
};

/** One name of an exported address, or an address without name. */
struct iw_pe_export {
    struct iw_str name;      /* empty: by ordinal only */
    struct iw_str forwarder; /* "library.function" or "library.#ordinal"; else empty */
    uint32_t ordinal;        /* with the base added */
    uint32_t rva;            /* 0: the name's ordinal has no address */
};

struct iw_pe_import {
    struct iw_str name; /* empty where it is by ordinal */
    uint16_t ordinal;   /* the hint where it is by name */
    bool is_by_ordinal;
};

struct iw_pe_library {
    struct iw_str name;
    struct iw_pe_import *imports;
    uint32_t n_imports;
    bool is_delayed;
};

/** One text of version information. */
struct iw_pe_version_text {
    struct iw_str language; /* of its table: language and code page, eight hexadecimal digits */
    struct iw_str key, value;
};

struct iw_pe_version {
    bool has_fixed;                   /* the numbers below were there */
    uint16_t file[4], product[4];     /* most significant first */
    struct iw_pe_version_text *texts; /* of all languages, in their order */
    uint32_t n_texts;
};

/** The debug information the linker spoke of. */
struct iw_pe_pdb {
    struct iw_str path; /* empty: none named */
    uint8_t guid[16];   /* zero in the old form (NB10) */
    uint32_t age;
};

/** Name of an assembly, or of one it refers to. */
struct iw_clr_identity {
    struct iw_str name, culture;
    uint16_t version[4]; /* major, minor, build, revision */
    bool has_token;
    uint8_t token[8]; /* public key token, in the order it is written */
};

/** What a managed type offers to IIS; bits. */
enum iw_clr_role {
    IW_CLR_MODULE = 1,          /* System.Web.IHttpModule */
    IW_CLR_HANDLER = 2,         /* System.Web.IHttpHandler */
    IW_CLR_ASYNC_HANDLER = 4,   /* System.Web.IHttpAsyncHandler */
    IW_CLR_HANDLER_FACTORY = 8, /* System.Web.IHttpHandlerFactory */
    IW_CLR_APPLICATION = 16,    /* derived from System.Web.HttpApplication (Global.asax) */
    IW_CLR_PAGE = 32,           /* derived from System.Web.UI.Page */
};

struct iw_clr_type {
    struct iw_str name; /* Namespace.Outer+Inner, as configuration writes it */
    struct iw_str base; /* its base class by the same form; empty: an interface, or unreadable */
    uint8_t roles;      /* enum iw_clr_role, those of base classes among them */
    uint8_t own_roles;  /* those by interfaces the type itself names */
    bool is_public, is_abstract, is_interface;
    uint32_t row; /* of TypeDef, from 1 */
};

/** [assembly: PreApplicationStartMethod(typeof(type), "method")]: runs before the application. */
struct iw_clr_start {
    struct iw_str type; /* as written: may be qualified by an assembly */
    struct iw_str method;
};

struct iw_clr {
    bool is_present;       /* there is a CLI header */
    uint32_t flags;        /* II.25.3.3.1: 1 IL only, 2 32 bits required, 8 strong name */
    struct iw_str runtime; /* version text of the metadata, "v4.0.30319" */
    bool is_assembly;      /* identity below is there */
    struct iw_clr_identity assembly;
    struct iw_clr_identity *refs; /* assemblies referred to */
    struct iw_clr_type *types;    /* those with a role, in the order of their rows */
    struct iw_clr_start *starts;
    uint32_t n_refs, n_types, n_starts;
};

/** What a file can be to IIS; bits. */
enum iw_pe_component {
    IW_PE_NATIVE_MODULE = 1,   /* exports RegisterModule */
    IW_PE_ISAPI_FILTER = 2,    /* GetFilterVersion and HttpFilterProc */
    IW_PE_ISAPI_EXTENSION = 4, /* GetExtensionVersion and HttpExtensionProc */
    IW_PE_MANAGED_MODULE = 8,
    IW_PE_MANAGED_HANDLER = 16, /* a handler or a factory of handlers */
    IW_PE_AUTOSTART = 32,       /* PreApplicationStartMethod, or derived from HttpApplication */
};

struct iw_pe {
    uint16_t machine; /* 0x14C i386, 0x8664 x64, 0xAA64 ARM64 */
    uint16_t flags;   /* PE/COFF "Characteristics"; 0x2000: a DLL */
    bool is_64;       /* PE32+ */
    uint16_t subsystem;
    uint32_t timestamp;         /* as written; linkers may put a hash there */
    uint32_t checksum_stored;   /* 0: none */
    uint32_t checksum_computed; /* 0 unless asked for */
    uint32_t checksum_at;       /* offset in the file of the stored checksum; 0: not there */
    uint32_t security_entry_at; /* of the directory entry of certificates; 0: not there */
    uint64_t image_base;
    struct iw_pe_section *sections;
    uint32_t n_sections;
    struct iw_pe_piece overlay;   /* behind the last section; certificates among it */
    struct iw_pe_piece security;  /* attribute certificates, where they lie in the file */
    struct iw_str export_name;    /* the file's name by its export table */
    struct iw_pe_export *exports; /* names in their order, then addresses without name */
    uint32_t n_exports;
    struct iw_pe_library *libraries; /* in their order, then delayed ones */
    uint32_t n_libraries;
    bool has_imphash; /* there are imports that are not delayed */
    uint8_t imphash[16];
    struct iw_pe_version version;
    struct iw_pe_pdb pdb;
    struct iw_clr clr;
    uint32_t components;          /* enum iw_pe_component */
    bool has_decorated_component; /* one of them only by a name as `_RegisterModule@12` */
    bool has_forwarded_component; /* one of them by a forwarded export */
    struct iw_pe_damage damage[IW_PE_DAMAGE_COUNT];
};

/** Costs a pass over the file each. */
struct iw_pe_options {
    bool wants_checksum;
    bool wants_entropy;
};

/**
 * Reads a whole file held in memory.
 *
 * @param file     its bytes; texts of the record point into them: they must live as long as it
 * @param options  NULL: neither
 * @param arena    everything else of the record; the caller's
 * @param ret      overwritten, zero in what is not there; no pointer of an empty list is followed
 * @param err      may be NULL
 * @return IW_OK; IW_EFORMAT: no PE file (a file cut inside its headers is one); IW_ELIMIT: larger
 * than IW_LIMIT_PE_FILE_BYTES; IW_ENOMEM
 *
 * All texts are valid UTF-8, may hold any character but NUL, and must be escaped when shown. Any
 * number of threads, an arena each.
 */
enum iw_rc iw_pe_read(struct iw_str file, const struct iw_pe_options *options,
                      struct iw_arena *arena, struct iw_pe *ret, struct iw_error *err);

/** Damage of all kinds together. */
uint64_t iw_pe_damage_total(const struct iw_pe *pe);

#endif
