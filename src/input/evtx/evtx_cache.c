/*
 * Programs by template definition. See the header for the three levels.
 *
 * A definition that is damaged, or whose GUID already has its share of variants, gets a program
 * that lives with the chunk only, so that a hostile file can neither grow the cache without end nor
 * make it slow for others.
 */
#include "input/evtx/evtx_cache.h"

#include "base/limits.h"

#define GUID_BYTES 16U
#define GUID_AT 4U

/* Key of the map: the GUID and the area in one string of bytes. */
struct guid_key {
    uint8_t bytes[GUID_BYTES + 1];
};

void evtx_cache_init(struct evtx_cache *cache, const struct iw_names *names)
{
    memset(cache, 0, sizeof *cache);
    cache->names = names;
    cache->generation = 1;
    iw_arena_init(&cache->kept, 0);
    iw_arena_init(&cache->chunk, IW_LIMIT_TEMPLATE_CACHE_BYTES);
    iw_map_init(&cache->by_guid);
}

void evtx_cache_done(struct evtx_cache *cache)
{
    evtx_compiler_done(&cache->compiler);
    iw_arena_done(&cache->kept);
    iw_arena_done(&cache->chunk);
    iw_map_done(&cache->by_guid);
}

void evtx_cache_begin_chunk(struct evtx_cache *cache)
{
    iw_arena_reset(&cache->chunk);
    cache->examined_bytes = 0;
    cache->generation++;
    if (cache->generation == 0) { /* wrapped after 2^32 chunks: no slot may look current */
        memset(cache->slots, 0, sizeof cache->slots);
        cache->generation = 1;
    }
    if (cache->n_kept < IW_LIMIT_TEMPLATES_CACHED &&
        cache->kept.held_bytes < IW_LIMIT_TEMPLATE_CACHE_BYTES)
        return;
    iw_map_done(&cache->by_guid);
    iw_arena_done(&cache->kept);
    iw_arena_init(&cache->kept, 0);
    cache->n_kept = 0;
}

/* A program of an earlier chunk with this GUID, area and shape; *ret_n counts the variants there
 * are. */
static const struct evtx_program *find_kept(const struct evtx_cache *cache, struct iw_str key,
                                            const struct evtx_source *source, size_t *ret_n,
                                            uint32_t *ret_end)
{
    const struct iw_map_entry *entry = iw_map_find(&cache->by_guid, key);
    *ret_n = 0;
    if (entry == NULL)
        return NULL;
    for (const struct evtx_program *program = entry->value.pointer; program != NULL;
         program = program->next_variant) {
        if (evtx_shape_matches(program, source, ret_end))
            return program;
        (*ret_n)++;
    }
    return NULL;
}

static enum iw_rc keep(struct evtx_cache *cache, struct iw_str key, struct evtx_program *program)
{
    struct iw_str kept_key = iw_arena_copy(&cache->kept, key);
    struct iw_map_entry *entry;
    bool is_new;
    if (kept_key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_add(&cache->by_guid, kept_key, &is_new);
    if (entry == NULL)
        return IW_ENOMEM;
    program->next_variant = is_new ? NULL : entry->value.pointer;
    entry->value.pointer = program;
    cache->n_kept++;
    return IW_OK;
}

/* The program of *source*: kept from before, or compiled now. *ret stays NULL at a limit. */
static enum iw_rc find_or_compile(struct evtx_cache *cache, struct iw_str key,
                                  const struct evtx_source *source, const struct evtx_program **ret,
                                  uint32_t *ret_end)
{
    struct evtx_program *program;
    size_t n_variants;
    bool may_keep;
    enum iw_rc rc;

    *ret = find_kept(cache, key, source, &n_variants, ret_end);
    if (*ret != NULL)
        return IW_OK;
    may_keep =
        n_variants < EVTX_VARIANTS_KEPT && cache->kept.held_bytes < IW_LIMIT_TEMPLATE_CACHE_BYTES;
    rc = evtx_compile(&cache->compiler, source, may_keep ? &cache->kept : &cache->chunk, &program,
                      ret_end);
    if (rc != IW_OK && cache->chunk.hit_cap) {
        cache->hit_limit = true;
        return IW_OK;
    }
    IW_TRY(rc);
    *ret = program;
    return may_keep && program->is_whole ? keep(cache, key, program) : IW_OK;
}

/* Looks at the definition at *offset*, of *body_bytes* by its own account. */
static enum iw_rc examine(struct evtx_cache *cache, struct evtx_source *source, uint32_t offset,
                          uint32_t body_bytes, const struct evtx_program **ret, uint32_t *ret_end)
{
    uint32_t room = source->chunk.size - source->begin;
    uint32_t n_bytes = body_bytes < room ? body_bytes : room;
    const struct evtx_program *cut;
    struct guid_key key;
    struct iw_str key_text = {(const char *)key.bytes, sizeof key.bytes};
    uint32_t longer_end;

    if (n_bytes > IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK - cache->examined_bytes) {
        cache->hit_limit = true;
        return IW_OK;
    }
    memcpy(key.bytes, source->chunk.data + offset + GUID_AT, GUID_BYTES);
    key.bytes[GUID_BYTES] = (uint8_t)source->area;
    source->end = source->begin + n_bytes;
    IW_TRY(find_or_compile(cache, key_text, source, ret, ret_end));
    cache->examined_bytes += n_bytes;
    if (*ret == NULL || (*ret)->is_whole || n_bytes == room)
        return IW_OK;
    /* Ended too early by its size, perhaps: the tokens themselves say where it ends. */
    cut = *ret;
    *ret_end = source->end;
    source->end = source->chunk.size;
    IW_TRY(find_or_compile(cache, key_text, source, ret, &longer_end));
    if (*ret != NULL)
        n_bytes = longer_end - source->begin;
    cache->examined_bytes += n_bytes < IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK - cache->examined_bytes
                                 ? n_bytes
                                 : IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK - cache->examined_bytes;
    if (*ret != NULL && (*ret)->is_whole)
        *ret_end = longer_end;
    else
        *ret = cut;
    return IW_OK;
}

enum iw_rc evtx_cache_find(struct evtx_cache *cache, struct evtx_chunk_view chunk, uint32_t offset,
                           enum evtx_area area, const struct evtx_program **ret, uint32_t *ret_end)
{
    uint32_t at = (offset / 8 * 7 + (uint32_t)area) & (EVTX_CHUNK_TABLE_SLOTS - 1);
    struct evtx_source source = {
        .chunk = chunk, .area = area, .is_template = true, .names = cache->names};
    size_t probes = 0;

    while (cache->slots[at].generation == cache->generation && probes++ < EVTX_CHUNK_TABLE_SLOTS) {
        if (cache->slots[at].offset == offset && cache->slots[at].area == (uint32_t)area) {
            *ret = cache->slots[at].program;
            *ret_end = cache->slots[at].end;
            return IW_OK;
        }
        at = (at + 1) & (EVTX_CHUNK_TABLE_SLOTS - 1);
    }
    *ret = NULL;
    *ret_end = 0;
    cache->hit_limit = false;
    if (offset < EVTX_CHUNK_HEADER_BYTES || offset > chunk.size ||
        chunk.size - offset < EVTX_DEFINITION_HEADER_BYTES)
        return IW_OK;
    source.begin = offset + EVTX_DEFINITION_HEADER_BYTES;
    IW_TRY(examine(cache, &source, offset, iw_load_u32(chunk.data + offset + GUID_AT + GUID_BYTES),
                   ret, ret_end));
    if (*ret != NULL && probes < EVTX_CHUNK_TABLE_SLOTS) {
        cache->slots[at].generation = cache->generation;
        cache->slots[at].offset = offset;
        cache->slots[at].area = (uint32_t)area;
        cache->slots[at].end = *ret_end;
        cache->slots[at].program = *ret;
    }
    return IW_OK;
}
