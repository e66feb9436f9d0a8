#include "coverage/switch_parts.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/map.h"

struct slot {
    uint8_t *p; /* NULL: it is not there, and n is 0 */
    uint32_t n, source, process_id;
    int64_t time_ns;
    uint8_t type;
};

/* Of one text. */
struct block {
    struct slot *slots; /* of parts that wait; NULL: none does */
    size_t n_parts, n_there;
    int64_t first_ns, last_ns; /* of its parts */
    uint32_t source;           /* where it was whole: a copy of an earlier one is heard anew */
    uint8_t dialect;
    bool was_whole;
    struct iw_str key, computer, id; /* in texts[] */
    char texts[];
};

struct iw_switch_parts {
    struct iw_map by_key; /* → struct block * */
    struct iw_buffer key;
    size_t n_waiting; /* of blocks those with slots */
    size_t n_bytes;   /* of slots and texts that wait */
};

/* All blocks are gone through to forget some: for fewer it is not worth it. */
#define WORTH_FORGETTING (IW_LIMIT_SCRIPT_BLOCKS / 16)

struct iw_switch_parts *iw_switch_parts_new(void)
{
    struct iw_switch_parts *parts = iw_calloc(1, sizeof *parts);
    if (parts == NULL)
        return NULL;
    iw_map_init(&parts->by_key);
    iw_buffer_init(&parts->key);
    return parts;
}

static void drop_texts(struct iw_switch_parts *parts, struct block *block)
{
    if (block->slots == NULL)
        return;
    for (size_t i = 0; i < block->n_parts; i++) {
        parts->n_bytes -= block->slots[i].n;
        iw_free(block->slots[i].p);
    }
    parts->n_bytes -= block->n_parts * sizeof *block->slots;
    parts->n_waiting--;
    iw_free(block->slots);
    block->slots = NULL;
    block->n_there = 0;
}

static enum iw_rc make_slots(struct iw_switch_parts *parts, struct block *block)
{
    block->slots = iw_calloc(block->n_parts, sizeof *block->slots);
    if (block->slots == NULL)
        return IW_ENOMEM;
    parts->n_bytes += block->n_parts * sizeof *block->slots;
    parts->n_waiting++;
    return IW_OK;
}

static bool has_room(const struct iw_switch_parts *parts, size_t n_bytes)
{
    return parts->n_bytes + n_bytes <= IW_LIMIT_SCRIPT_PARTS_BYTES;
}

void iw_switch_parts_free(struct iw_switch_parts *parts)
{
    if (parts == NULL)
        return;
    for (size_t i = 0; i < parts->by_key.n; i++) {
        drop_texts(parts, parts->by_key.entries[i].value.pointer);
        iw_free(parts->by_key.entries[i].value.pointer);
    }
    iw_map_done(&parts->by_key);
    iw_buffer_done(&parts->key);
    iw_free(parts);
}

/* Forgets texts that were whole: copies of these are heard once more then. */
static enum iw_rc forget_whole(struct iw_switch_parts *parts)
{
    struct iw_map left;
    iw_map_init(&left);
    for (size_t i = 0; i < parts->by_key.n; i++) {
        struct block *block = parts->by_key.entries[i].value.pointer;
        struct iw_map_entry *entry;
        if (block->slots == NULL)
            continue;
        entry = iw_map_add(&left, block->key, NULL);
        if (entry == NULL) {
            iw_map_done(&left);
            return IW_ENOMEM;
        }
        entry->value.pointer = block;
    }
    for (size_t i = 0; i < parts->by_key.n; i++) {
        struct block *block = parts->by_key.entries[i].value.pointer;
        if (block->slots == NULL)
            iw_free(block);
    }
    iw_map_done(&parts->by_key);
    parts->by_key = left;
    return IW_OK;
}

static bool make_key(struct iw_buffer *key, const struct iw_script_part *part)
{
    iw_buffer_clear(key);
    iw_buffer_add_char(key, (char)part->text.dialect);
    iw_buffer_add(key, (struct iw_str){(const char *)&part->n_parts, sizeof part->n_parts});
    iw_buffer_add(key, part->id);
    iw_buffer_add_char(key, '\0');
    for (size_t i = 0; i < part->text.computer.n; i++)
        iw_buffer_add_char(key, iw_ascii_lower(part->text.computer.p[i]));
    return !key->failed;
}

static struct iw_str put(char **to, struct iw_str text)
{
    struct iw_str kept = {*to, text.n};
    if (text.n != 0)
        memcpy(*to, text.p, text.n);
    *to += text.n;
    return kept;
}

static enum iw_rc make_block(struct iw_switch_parts *parts, const struct iw_script_part *part,
                             struct block **ret)
{
    struct iw_str key = iw_buffer_str(&parts->key);
    struct iw_map_entry *entry;
    struct block *block = iw_calloc(1, sizeof *block + key.n + part->text.computer.n + part->id.n);
    char *to;
    *ret = NULL;
    if (block == NULL)
        return IW_ENOMEM;
    to = block->texts;
    block->key = put(&to, key);
    block->computer = put(&to, part->text.computer);
    block->id = put(&to, part->id);
    block->n_parts = (size_t)part->n_parts;
    block->dialect = part->text.dialect;
    block->first_ns = block->last_ns = part->text.time_ns;
    entry = iw_map_add(&parts->by_key, block->key, NULL);
    if (entry == NULL) {
        iw_free(block);
        return IW_ENOMEM;
    }
    entry->value.pointer = block;
    *ret = block;
    return IW_OK;
}

/* *ret NULL: there is no room for it. */
static enum iw_rc block_of(struct iw_switch_parts *parts, const struct iw_script_part *part,
                           struct block **ret)
{
    struct iw_map_entry *entry;
    *ret = NULL;
    if (!make_key(&parts->key, part))
        return IW_ENOMEM;
    entry = iw_map_find(&parts->by_key, iw_buffer_str(&parts->key));
    if (entry != NULL) {
        *ret = entry->value.pointer;
        return IW_OK;
    }
    if (parts->by_key.n >= IW_LIMIT_SCRIPT_BLOCKS &&
        parts->by_key.n - parts->n_waiting >= WORTH_FORGETTING)
        IW_TRY(forget_whole(parts));
    if (parts->by_key.n >= IW_LIMIT_SCRIPT_BLOCKS)
        return IW_OK;
    return make_block(parts, part, ret);
}

/* Two sources of one moment: the first of them, however they came. */
static void see_copy(struct slot *slot, uint32_t source)
{
    if (source < slot->source)
        slot->source = source;
}

static enum iw_rc fill(struct iw_switch_parts *parts, struct block *block, struct slot *slot,
                       const struct iw_script_text *text)
{
    slot->p = iw_calloc(text->text.n + 1U, 1);
    if (slot->p == NULL)
        return IW_ENOMEM;
    if (text->text.n != 0)
        memcpy(slot->p, text->text.p, text->text.n);
    slot->n = text->text.n;
    slot->type = text->text.type;
    slot->time_ns = text->time_ns;
    slot->source = text->source;
    slot->process_id = text->process_id;
    parts->n_bytes += slot->n;
    block->n_there++;
    block->first_ns = text->time_ns < block->first_ns ? text->time_ns : block->first_ns;
    block->last_ns = text->time_ns > block->last_ns ? text->time_ns : block->last_ns;
    return IW_OK;
}

/* Those of a text that are there in a row; of one kind they are put together as they are, so that
 * what a border cuts in two is one again. */
static enum iw_rc join(const struct block *block, size_t from, size_t to, struct iw_arena *scratch,
                       struct iw_script_text *ret)
{
    struct iw_str *pieces = iw_arena_alloc(scratch, (to - from) * sizeof *pieces);
    bool is_alike = true;
    size_t n_bytes = 0;
    uint8_t *text;
    if (pieces == NULL)
        return IW_ENOMEM;
    *ret = (struct iw_script_text){.computer = block->computer,
                                   .time_ns = block->slots[from].time_ns,
                                   .source = block->slots[from].source,
                                   .process_id = block->slots[from].process_id,
                                   .dialect = block->dialect,
                                   .n_parts = to - from,
                                   .is_whole = from == 0 && to == block->n_parts};
    for (size_t i = from; i < to; i++) {
        const struct slot *slot = &block->slots[i];
        if (slot->time_ns < ret->time_ns ||
            (slot->time_ns == ret->time_ns && slot->source < ret->source)) {
            ret->time_ns = slot->time_ns;
            ret->source = slot->source;
        }
        is_alike &= slot->type == block->slots[from].type;
    }
    for (size_t i = from; i < to; i++) {
        const struct slot *slot = &block->slots[i];
        pieces[i - from] =
            is_alike ? (struct iw_str){(const char *)slot->p, slot->n}
                     : iw_value_text((struct iw_value){slot->p, slot->n, slot->type}, scratch);
        if (pieces[i - from].p == NULL)
            return IW_ENOMEM;
        n_bytes += pieces[i - from].n;
    }
    text = iw_arena_alloc(scratch, n_bytes + 1);
    if (text == NULL)
        return IW_ENOMEM;
    ret->text = (struct iw_value){text, (uint32_t)n_bytes,
                                  is_alike ? block->slots[from].type : IW_VALUE_UTF8};
    for (size_t i = 0; i < to - from; i++) {
        memcpy(text, pieces[i].p, pieces[i].n);
        text += pieces[i].n;
    }
    return IW_OK;
}

enum iw_rc iw_switch_parts_add(struct iw_switch_parts *parts, const struct iw_script_part *part,
                               struct iw_arena *scratch, enum iw_script_part_fate *ret_fate,
                               struct iw_script_text *ret)
{
    struct block *block;
    struct slot *slot;
    *ret_fate = IW_PART_IS_ALONE;
    if (part->id.n == 0 || part->number == 0 || part->number > part->n_parts)
        return IW_OK;
    *ret_fate = IW_PART_HAS_NO_ROOM;
    if (part->n_parts > IW_LIMIT_SCRIPT_PARTS)
        return IW_OK;
    IW_TRY(block_of(parts, part, &block));
    if (block == NULL)
        return IW_OK;
    if (block->was_whole && block->slots == NULL) {
        bool is_copy =
            part->text.time_ns >= block->first_ns && part->text.time_ns <= block->last_ns;
        *ret_fate = is_copy ? IW_PART_WAITS : IW_PART_IS_ALONE;
        if (!is_copy || part->text.source >= block->source)
            return IW_OK;
    }
    if (block->slots == NULL) {
        *ret_fate = IW_PART_HAS_NO_ROOM;
        if (!has_room(parts, part->n_parts * sizeof *block->slots))
            return IW_OK;
        IW_TRY(make_slots(parts, block));
    }
    slot = &block->slots[part->number - 1];
    if (slot->p != NULL) {
        *ret_fate = slot->time_ns == part->text.time_ns ? IW_PART_WAITS : IW_PART_IS_ALONE;
        if (*ret_fate == IW_PART_WAITS)
            see_copy(slot, part->text.source);
        return IW_OK;
    }
    *ret_fate = IW_PART_HAS_NO_ROOM;
    if (!has_room(parts, part->text.text.n))
        return IW_OK;
    *ret_fate = IW_PART_WAITS;
    IW_TRY(fill(parts, block, slot, &part->text));
    if (block->n_there < block->n_parts)
        return IW_OK;
    *ret_fate = IW_PART_COMPLETES;
    IW_TRY(join(block, 0, block->n_parts, scratch, ret));
    block->source = block->was_whole && block->source < ret->source ? block->source : ret->source;
    block->was_whole = true;
    drop_texts(parts, block);
    return IW_OK;
}

/* --- many ----------------------------------------------------------------------------------- */

/* A text that was whole elsewhere is whole here: what waits for the rest of it is a copy. */
static enum iw_rc know_whole(struct iw_switch_parts *into, const struct block *block)
{
    struct iw_script_part part = {.text = {.computer = block->computer,
                                           .time_ns = block->first_ns,
                                           .dialect = block->dialect},
                                  .id = block->id,
                                  .n_parts = block->n_parts};
    struct block *own;
    IW_TRY(block_of(into, &part, &own));
    if (own == NULL)
        return IW_OK;
    own->source = own->was_whole && own->source < block->source ? own->source : block->source;
    own->was_whole = true;
    own->first_ns = block->first_ns < own->first_ns ? block->first_ns : own->first_ns;
    own->last_ns = block->last_ns > own->last_ns ? block->last_ns : own->last_ns;
    return IW_OK;
}

enum iw_rc iw_switch_parts_merge(struct iw_switch_parts *into, const struct iw_switch_parts *from,
                                 iw_script_part_taker *take, void *state)
{
    for (size_t i = 0; i < from->by_key.n; i++) {
        const struct block *block = from->by_key.entries[i].value.pointer;
        if (block->was_whole)
            IW_TRY(know_whole(into, block));
        for (size_t k = 0; block->slots != NULL && k < block->n_parts; k++) {
            const struct slot *slot = &block->slots[k];
            const struct iw_script_part part = {.text = {.computer = block->computer,
                                                         .text = {slot->p, slot->n, slot->type},
                                                         .time_ns = slot->time_ns,
                                                         .source = slot->source,
                                                         .process_id = slot->process_id,
                                                         .dialect = block->dialect},
                                                .id = block->id,
                                                .number = k + 1,
                                                .n_parts = block->n_parts};
            if (slot->p != NULL)
                IW_TRY(take(state, &part));
        }
    }
    return IW_OK;
}

enum iw_rc iw_switch_parts_rest(const struct iw_switch_parts *parts, struct iw_arena *scratch,
                                iw_script_text_taker *take, void *state)
{
    for (size_t i = 0; i < parts->by_key.n; i++) {
        const struct block *block = parts->by_key.entries[i].value.pointer;
        bool is_waiting = block->slots != NULL && !block->was_whole;
        for (size_t k = 0, end; is_waiting && k < block->n_parts; k = end + 1) {
            struct iw_script_text text;
            for (end = k; end < block->n_parts && block->slots[end].p != NULL;)
                end++;
            if (end == k)
                continue;
            iw_arena_reset(scratch);
            IW_TRY(join(block, k, end, scratch, &text));
            IW_TRY(take(state, &text));
        }
    }
    return IW_OK;
}
