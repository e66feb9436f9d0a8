/*
 * Invented PE files: native IIS modules, ISAPI filters and extensions, managed modules and
 * handlers, plain programs. They have the tables a reader looks at (exports, imports, version
 * information, CLR metadata) and no code that does anything: every export returns 0.
 *
 * Format: Microsoft PE/COFF; ECMA-335 II.22-25 for CLR metadata.
 */
#ifndef IW_LAB_PE_H
#define IW_LAB_PE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum iw_lab_pe_kind {
    IW_LAB_PE_PROGRAM,         /* an .exe without exports */
    IW_LAB_PE_LIBRARY,         /* a .dll with one meaningless export */
    IW_LAB_PE_NATIVE_MODULE,   /* RegisterModule */
    IW_LAB_PE_FILTER,          /* GetFilterVersion HttpFilterProc TerminateFilter */
    IW_LAB_PE_EXTENSION,       /* GetExtensionVersion HttpExtensionProc TerminateExtension */
    IW_LAB_PE_MANAGED,         /* CLR; one class without interfaces */
    IW_LAB_PE_MANAGED_MODULE,  /* CLR; a class that implements System.Web.IHttpModule */
    IW_LAB_PE_MANAGED_HANDLER, /* … System.Web.IHttpHandler */
    IW_LAB_PE_AUTOSTART,       /* a managed module whose assembly has
                                  PreApplicationStartMethodAttribute */
    IW_LAB_PE_N_KINDS
};

/*
 * All texts are borrowed for the time of the call and UTF-8. Version texts may be NULL: that entry
 * is left out (all of version information when all are); beyond 4096 UTF-16 units they are cut.
 */
struct iw_lab_pe_options {
    enum iw_lab_pe_kind kind;
    bool is_32;       /* i386 instead of x86-64 */
    const char *name; /* file name, as the export table and the assembly name (without
                         .dll) say it; NULL: lab.dll or lab.exe */
    const char *company, *product, *description, *original_name;
    const char *version;        /* its numbers are also the fixed and the assembly version */
    const char *type_name;      /* managed: Namespace.Class; NULL: Lab.<name> */
    const char *const *exports; /* instead of those of the kind; NULL-terminated, or NULL.
                                   "Name=other.Function" is a forwarded export */
    const char *const *imports; /* "dll!function", NULL-terminated; NULL: a few of kernel32, in
                                   managed files none but the runtime's own */
    const char *pdb;            /* path in a debug directory, or NULL */
    uint32_t timestamp;         /* Unix seconds of the COFF header */
    uint64_t seed;              /* decides the filling and so the hash */
    uint32_t filling_bytes;     /* size of the meaningless data section, at least that of the mark
                                   and at most 256 MiB; 0: a few kB by the seed */
};

struct iw_lab_pe {
    uint8_t *bytes; /* owned; iw_lab_pe_done() */
    size_t size_bytes;
};

/* The same options make the same bytes. Every file carries the text IISWARDEN-LAB SYNTHETIC. pe is
 * overwritten. Nothing can fail; options out of range are a bug of the caller. */
void iw_lab_pe_build(struct iw_lab_pe *pe, const struct iw_lab_pe_options *options);
/* Accepts NULL. */
void iw_lab_pe_done(struct iw_lab_pe *pe);

/* By the word of a scenario (native, filter, extension, managed, managed-module = managed,
 * managed-handler, autostart, exe, dll); false: unknown, kind is as it was. */
bool iw_lab_pe_kind_named(const char *word, enum iw_lab_pe_kind *kind);

#endif
