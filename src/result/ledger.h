/**
 * The ledger: what was given, what of it was read, and what was not, to the byte.
 *
 * One entry per file (or folder that could not be entered). Nothing is ever dropped from it: an
 * input that cannot be read, is not known or is damaged has an entry that says so. Entries are made
 * in order of path, before reading begins; while reading, each thread fills an `iw_account` of its
 * own and adds it under the ledger's lock. Sums and first offsets do not depend on the order in
 * which threads finish.
 */
#ifndef IW_RESULT_LEDGER_H
#define IW_RESULT_LEDGER_H

#include <pthread.h>

#include "base/arena.h"
#include "base/error.h"

/** What became of a file. */
enum iw_source_state {
    IW_SOURCE_PENDING = 0, /* not reached, or not to its end (an interrupted run) */
    IW_SOURCE_READ,        /* recognised and read; damage, if any, is in the account */
    IW_SOURCE_SKIPPED,     /* unknown type, or nothing to read in it: not lost */
    IW_SOURCE_LOST,        /* recognised (by content or name) and could not be read at all */
    IW_SOURCE_DUPLICATE,   /* the same file reached by another path: read once */
    IW_SOURCE_STATE_COUNT
};

/** Kinds of damage and oddity. One row each in ledger.c: name, sentence, whether evidence was lost.
 */
enum iw_damage {
    IW_DAMAGE_FILE_HEADER = 0,  /* file header unreadable, chunks read all the same */
    IW_DAMAGE_HEADER_DISAGREES, /* header counters disagree with the file: advisory only */
    IW_DAMAGE_CHECKSUM,         /* a checksum does not fit; data kept (--verify) */
    IW_DAMAGE_CHUNK,            /* a 64 KiB block that is neither a chunk nor empty */
    IW_DAMAGE_CHUNK_HEADER,     /* a chunk whose header is damaged; its records were read */
    IW_DAMAGE_CHUNK_SHORT,      /* the file ends inside a chunk, behind its last record */
    IW_DAMAGE_CHUNK_PARTIAL,    /* the file ends inside a chunk */
    IW_DAMAGE_CHUNKS_MISSING,   /* the file header counts more chunks than there are: a cut copy */
    IW_DAMAGE_TRAILING_BYTES,   /* bytes after the last block that cannot be a chunk */
    IW_DAMAGE_RECORD_HEADER,    /* bytes where a record should be; skipped to the next one */
    IW_DAMAGE_RECORD,           /* record found, content unreadable */
    IW_DAMAGE_RECORD_CUT,       /* record readable in part: some fields lost */
    IW_DAMAGE_LIMIT,            /* record refused by a limit */
    IW_DAMAGE_RECORD_FRAME,     /* record whose mark or sizes are damaged, content readable: read */
    IW_DAMAGE_SHRANK,           /* the file became shorter while it was read */
    IW_DAMAGE_READ_ERROR,       /* the system refused a read */
    IW_DAMAGE_STALE,            /* former records after the live ones, not read without --recover */
    IW_DAMAGE_RECOVERED,        /* stale or carved records that were read (--recover) */
    IW_DAMAGE_VALUE_ODD,        /* values whose size does not fit their type: shown as hex */
    IW_DAMAGE_TEXT_REPAIRED,    /* text records with bytes no text may hold: read with U+FFFD */
    IW_DAMAGE_FORM_UNKNOWN,     /* whole records of JSON or XML that are no event of a known form */
    IW_DAMAGE_DTD,              /* XML that declares types or entities: refused */
    IW_DAMAGE_TEXT_BETWEEN,     /* plain text between records of text, of which it is no part */
    IW_DAMAGE_CONFIG,           /* configuration that cannot be read to its end */
    IW_DAMAGE_PROGRAM,          /* tables of programs that cannot be read to their end */
    IW_DAMAGE_PROGRAM_ODD,  /* programs that are not as a linker makes them; read all the same */
    IW_DAMAGE_SIGNATURE,    /* signatures or catalogues whose bytes are damaged */
    IW_DAMAGE_REGISTRY,     /* places of a hive or export that cannot be read */
    IW_DAMAGE_REGISTRY_ODD, /* places of it that are odd; read all the same */
    IW_DAMAGE_YARA, /* files whose matching took too long and was given up, or was not tried */
    IW_DAMAGE_TIME_UNKNOWN,   /* lines of a log without a time that can be proved */
    IW_DAMAGE_TIME_LOCAL,     /* lines whose local time names no zone: read as UTC */
    IW_DAMAGE_COLUMNS,        /* lines with more values than `#Fields` names */
    IW_DAMAGE_FIELDS_ASSUMED, /* lines before any `#Fields`, read by the default columns */
    IW_DAMAGE_FIELDS_UNKNOWN, /* lines before any `#Fields` that fit no default */
    IW_DAMAGE_PADDING,        /* zeros inside a log: room that was allocated and not filled */
    IW_DAMAGE_COUNT
};

struct iw_damage_row {
    const char *name;         /* machine name, in the manifest */
    const char *sentence;     /* for people, after a count: "3 records that cannot be read" */
    const char *sentence_one; /* the same after "1" */
    bool is_loss;             /* evidence was lost: exit status 2 */
};

/** The row of a kind; never NULL for kind < IW_DAMAGE_COUNT. */
const struct iw_damage_row *iw_damage_row(enum iw_damage kind);

/** What reading one file, or a part of it, came to. Plain sums; zero-initialise. */
struct iw_account {
    uint64_t n_records;      /* delivered, live and recovered */
    uint64_t n_decoded;      /* of these, with fields */
    uint64_t n_chunks;       /* with content */
    uint64_t n_chunks_empty; /* preallocated, all zero magic */
    uint64_t read_bytes;     /* bytes looked at */
    uint64_t lost_bytes;     /* bytes of damage that were skipped */
    struct {
        uint64_t count;
        uint64_t first_offset; /* lowest file offset, valid when count != 0 */
    } damage[IW_DAMAGE_COUNT];
};

/** Counts *n* of one kind at *offset*. */
void iw_account_damage(struct iw_account *account, enum iw_damage kind, uint64_t offset,
                       uint64_t n);
/** Adds *part* to *sum*. */
void iw_account_add(struct iw_account *sum, const struct iw_account *part);
/** Whether anything in it means that evidence was lost. */
bool iw_account_has_loss(const struct iw_account *account);

struct iw_source {
    struct iw_str path; /* as reached from the argument given */
    struct iw_str kind; /* "evtx", "unknown", "folder", ...; static text */
    struct iw_str
        windows_path;        /* `C:\Windows\...` where the tree keeps Windows paths, else empty */
    struct iw_str host_hint; /* host by folder name or --host, else empty */
    uint64_t size_bytes;
    enum iw_source_state state;
    struct iw_str reason; /* why skipped or lost: one clear line, else empty */
    struct iw_account account;
};

struct iw_ledger {
    struct iw_arena arena;
    struct iw_source *sources; /* in byte order of path: the walk adds them so */
    size_t n;
    size_t cap;
    pthread_mutex_t lock; /* guards account and state while reading */
};

void iw_ledger_init(struct iw_ledger *ledger);
void iw_ledger_done(struct iw_ledger *ledger);
/** The name of a state in the manifest ("read", "lost", ...); never NULL. */
const char *iw_source_state_name(enum iw_source_state state);

/** Adds a source (texts but `kind` are copied). Returns its index, or SIZE_MAX when there is no
 * memory. Before reading, one thread. */
size_t iw_ledger_add(struct iw_ledger *ledger, const struct iw_source *source);
/** The path of a source; empty where there is none of that index, or no ledger. */
struct iw_str iw_ledger_path(const struct iw_ledger *ledger, size_t index);
/** Adds a part's account to a source and marks it read, unless it was marked lost. Any thread. */
void iw_ledger_account(struct iw_ledger *ledger, size_t index, const struct iw_account *part);
/** Adds the account of a file that was passed over for its events and read for something else, and
 * marks it read. One that was lost or is read for its events too keeps its state. Any thread. */
void iw_ledger_use(struct iw_ledger *ledger, size_t index, const struct iw_account *part);
/** Says why a file that is passed over is (static text); other states keep theirs. Any thread. */
void iw_ledger_pass_over(struct iw_ledger *ledger, size_t index, const char *reason);
/** Marks a source lost with a reason (copied; the first reason stays). Any thread. What was read of
 * it stays in its account. */
void iw_ledger_lose(struct iw_ledger *ledger, size_t index, const char *reason);
/** The sum of all sources. */
struct iw_account iw_ledger_total(const struct iw_ledger *ledger);
/** Whether recognised evidence was lost anywhere (exit status 2). */
bool iw_ledger_has_loss(const struct iw_ledger *ledger);

#endif
