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
                                            const struct evtx_source *source, size_t *ret_n)
{
    const struct iw_map_entry *entry = iw_map_find(&cache->by_guid, key);
    *ret_n = 0;
    if (entry == NULL)
        return NULL;
    for (const struct evtx_program *program = entry->value.pointer; program != NULL;
         program = program->next_variant) {
        if (evtx_shape_matches(program, source))
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

static enum iw_rc compile(struct evtx_cache *cache, struct iw_str key,
                          const struct evtx_source *source, size_t n_variants,
                          const struct evtx_program **ret)
{
    struct evtx_program *program;
    bool may_keep =
        n_variants < EVTX_VARIANTS_KEPT && cache->kept.held_bytes < IW_LIMIT_TEMPLATE_CACHE_BYTES;
    enum iw_rc rc = evtx_compile(&cache->compiler, source, may_keep ? &cache->kept : &cache->chunk,
                                 &program, NULL);
    cache->n_compiled++;
    if (rc != IW_OK && cache->chunk.hit_cap) {
        cache->hit_limit = true;
        return IW_OK;
    }
    IW_TRY(rc);
    *ret = program;
    return may_keep && program->is_whole ? keep(cache, key, program) : IW_OK;
}

enum iw_rc evtx_cache_find(struct evtx_cache *cache, struct evtx_chunk_view chunk, uint32_t offset,
                           enum evtx_area area, const struct evtx_program **ret)
{
    uint32_t at = (offset / 8 * 7 + (uint32_t)area) & (EVTX_CHUNK_TABLE_SLOTS - 1), body_bytes;
    struct evtx_source source = {
        .chunk = chunk, .area = area, .is_template = true, .names = cache->names};
    struct guid_key key;
    size_t n_variants, probes = 0;

    while (cache->slots[at].generation == cache->generation && probes++ < EVTX_CHUNK_TABLE_SLOTS) {
        if (cache->slots[at].offset == offset && cache->slots[at].area == (uint32_t)area) {
            *ret = cache->slots[at].program;
            return IW_OK;
        }
        at = (at + 1) & (EVTX_CHUNK_TABLE_SLOTS - 1);
    }
    *ret = NULL;
    cache->hit_limit = false;
    if (offset < EVTX_CHUNK_HEADER_BYTES || offset > chunk.size ||
        chunk.size - offset < EVTX_DEFINITION_HEADER_BYTES)
        return IW_OK;
    body_bytes = iw_load_u32(chunk.data + offset + GUID_AT + GUID_BYTES);
    source.begin = offset + EVTX_DEFINITION_HEADER_BYTES;
    if (body_bytes > chunk.size - source.begin)
        return IW_OK;
    source.end = source.begin + body_bytes;
    if (body_bytes > IW_LIMIT_TEMPLATE_BYTES_PER_CHUNK - cache->examined_bytes) {
        cache->hit_limit = true;
        return IW_OK;
    }
    cache->examined_bytes += body_bytes;
    memcpy(key.bytes, chunk.data + offset + GUID_AT, GUID_BYTES);
    key.bytes[GUID_BYTES] = (uint8_t)area;
    *ret = find_kept(cache, (struct iw_str){(const char *)key.bytes, sizeof key.bytes}, &source,
                     &n_variants);
    if (*ret != NULL)
        cache->n_reused++;
    else
        IW_TRY(compile(cache, (struct iw_str){(const char *)key.bytes, sizeof key.bytes}, &source,
                       n_variants, ret));
    if (probes < EVTX_CHUNK_TABLE_SLOTS) {
        cache->slots[at].generation = cache->generation;
        cache->slots[at].offset = offset;
        cache->slots[at].area = (uint32_t)area;
        cache->slots[at].program = *ret;
    }
    return IW_OK;
}
