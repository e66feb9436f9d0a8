/**
 * What can be wrong with a PE file: kinds that are counted, each with its words.
 */
#ifndef IW_IIS_PE_PE_DAMAGE_H
#define IW_IIS_PE_PE_DAMAGE_H

#include <stdbool.h>
#include <stdint.h>

enum iw_pe_damage_kind {
    IW_PE_DAMAGE_HEADERS = 0, /* headers cut, or of no known form */
    IW_PE_DAMAGE_SECTION,     /* a section that is not wholly in the file */
    IW_PE_DAMAGE_OVERLAP,     /* sections that share addresses or bytes of the file */
    IW_PE_DAMAGE_ADDRESS,     /* an address that is nowhere in the file */
    IW_PE_DAMAGE_TABLE,       /* a table that ends before its last entry */
    IW_PE_DAMAGE_ENTRY,       /* an entry that contradicts its table */
    IW_PE_DAMAGE_NAME_OPEN,   /* a name without an end */
    IW_PE_DAMAGE_NAME_BYTES,  /* a text that is no UTF-8 (read as windows-1252) or UTF-16 (repaired)
                               */
    IW_PE_DAMAGE_LOOP,        /* something that contains or inherits itself */
    IW_PE_DAMAGE_VERSION,     /* version information that cannot be read to its end */
    IW_PE_DAMAGE_METADATA,    /* CLR metadata that cannot be read to its end */
    IW_PE_DAMAGE_LIMIT,       /* more than a limit allows; the rest was not read */
    IW_PE_DAMAGE_COUNT
};

struct iw_pe_damage {
    uint64_t count;
    uint64_t first_offset; /* lowest offset in the file (0: of the whole; its size: behind its end),
                              valid when count != 0 */
};

struct iw_pe_damage_row {
    const char *name;         /* machine name */
    const char *sentence;     /* for people, after a count */
    const char *sentence_one; /* the same after "1" */
    bool is_loss; /* something the file holds may be missing from the record, or be wrong in it */
};

/** The row of a kind; never NULL for kind < IW_PE_DAMAGE_COUNT. */
const struct iw_pe_damage_row *iw_pe_damage_row(enum iw_pe_damage_kind kind);

#endif
