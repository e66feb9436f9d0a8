/**
 * The collected files of one host, found by where they lay on it.
 *
 * A path that was collected twice (shadow copies, two collectors) is found by the first of its
 * copies in the order of the evidence; the others are counted. Owned by the caller of
 * iw_collections_make; immutable then, any thread may ask.
 */
#ifndef IW_IIS_INVENTORY_COLLECTED_H
#define IW_IIS_INVENTORY_COLLECTED_H

#include "base/map.h"
#include "evidence/evidence.h"

struct iw_collected_file {
    const struct iw_evidence_file *file;
    struct iw_str source; /* as reached from the argument */
    struct iw_str path;   /* on the server, in normal form; empty: the tree keeps no such paths */
    struct iw_str key;    /* of path, folded */
    struct iw_str name;   /* last part of path, else of source */
    struct iw_str folder; /* key without its last part; of a file without path: folder of source */
    bool is_copy;         /* an earlier file has the same path */
};

struct iw_collection {
    struct iw_str host;              /* what the tree or --host says; may be empty */
    struct iw_collected_file *files; /* in the order of the evidence */
    size_t n;
    struct iw_map by_path;   /* key → struct iw_collected_file * */
    struct iw_map by_source; /* source → the same */
    struct iw_map by_name;   /* last part of a key → the first file called so */
    struct iw_map folders;   /* key of a folder → number of files right in it */
    size_t n_copies;
    bool keeps_times; /* the copies' times differ as those of the server's files do; where all are
                         alike they are the collector's */
};

struct iw_collections {
    struct iw_arena arena;
    struct iw_collection *items; /* by host */
    size_t n;
};

/** Sorts what was walked by host. *ledger* must outlive the result. IW_OK or IW_ENOMEM; in both
 * cases iw_collections_done is needed. */
enum iw_rc iw_collections_make(const struct iw_evidence *evidence, const struct iw_ledger *ledger,
                               struct iw_collections *ret);
void iw_collections_done(struct iw_collections *collections);

/** The file with that folded path, or NULL. */
const struct iw_collected_file *iw_collection_find(const struct iw_collection *collection,
                                                   struct iw_str key);
/** Whether it lies where Windows and .NET keep copies that nothing loads from there: they are read
 * only when something names them. */
bool iw_collected_is_stored(const struct iw_collected_file *file);

/**
 * Reads a file whole.
 *
 * @param limit_bytes  more is IW_ELIMIT, and nothing is read
 * @return IW_OK; IW_EIO, IW_ELIMIT (*err* says why); IW_ENOMEM
 */
enum iw_rc iw_collected_read(const struct iw_collected_file *file, const struct iw_ledger *ledger,
                             uint64_t limit_bytes, struct iw_arena *arena, struct iw_str *ret,
                             struct iw_error *err);

#endif
