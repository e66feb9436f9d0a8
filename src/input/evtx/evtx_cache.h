/**
 * Which program a template definition stands for.
 *
 * Three levels: a table by offset within the chunk being read (a template is looked at once per
 * chunk), programs of earlier chunks by GUID *and* verified shape, and the compiler. What is cached
 * never changes what is delivered, only how fast.
 */
#ifndef IW_INPUT_EVTX_CACHE_H
#define IW_INPUT_EVTX_CACHE_H

#include "input/evtx/evtx_program.h"

/** Slots of the table by offset; a chunk holds at most a few hundred templates. Power of two. */
#define EVTX_CHUNK_TABLE_SLOTS 1024U
/** Programs of one GUID with different shapes kept for other chunks; honest files have one. */
#define EVTX_VARIANTS_KEPT 8U

struct evtx_cache {
    const struct iw_names *names;
    struct evtx_compiler compiler;
    struct iw_arena kept;  /* programs shared between chunks */
    struct iw_arena chunk; /* programs of this chunk alone */
    struct iw_map by_guid; /* GUID and area → struct evtx_program *, a list of variants */
    size_t n_kept;
    uint32_t generation; /* of the chunk; slots of older generations are free */
    struct {
        uint32_t generation;
        uint32_t offset;
        uint32_t area;
        uint32_t end;
        const struct evtx_program *program;
    } slots[EVTX_CHUNK_TABLE_SLOTS];
    uint32_t examined_bytes; /* of definitions, in this chunk */
    bool hit_limit; /* the last answer was NULL because of a limit, not for want of a definition */
};

/** Allocates nothing. *names* outlives the cache. */
void evtx_cache_init(struct evtx_cache *cache, const struct iw_names *names);
void evtx_cache_done(struct evtx_cache *cache);
/**
 * Begins a chunk: forgets what the former one taught, and everything when the cache has grown to
 * its limit. Nothing may point to a program then: call it when the batch is empty.
 */
void evtx_cache_begin_chunk(struct evtx_cache *cache);

/**
 * The program of the definition at *offset* of the chunk.
 *
 * Its size is believed only where its tokens do not say better: one bit there would otherwise cost
 * every record that uses it.
 *
 * @param ret      NULL when no definition can be there
 * @param ret_end  chunk offset behind the definition, by its end token, else by its size; valid
 *                 when *ret* is not NULL
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc evtx_cache_find(struct evtx_cache *cache, struct evtx_chunk_view chunk, uint32_t offset,
                           enum evtx_area area, const struct evtx_program **ret, uint32_t *ret_end);

#endif
