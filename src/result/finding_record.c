/*
 * A finding as bytes (base/packed.h), lists behind their count. The id stands first, so that it can
 * be read without the rest.
 *
 * A title that serves as the rule's title too is written once: that is the case for every rule.
 */
#include "result/finding_record.h"

#include "base/packed.h"
#include "base/sort_key.h"

/* --- writing ----------------------------------------------------------------------------- */

static void add_list(struct iw_buffer *out, struct iw_text_list list)
{
    iw_pack_number(out, list.n);
    for (size_t i = 0; i < list.n; i++)
        iw_pack_text(out, list.items[i]);
}

static void add_item(struct iw_buffer *out, const struct iw_evidence_item *item)
{
    iw_pack_text(out, item->role);
    iw_pack_number(out, (uint64_t)item->time_ns);
    iw_pack_text(out, item->channel);
    iw_pack_number(out, item->event_id);
    iw_pack_number(out, item->record_id);
    iw_pack_text(out, item->source);
    iw_pack_number(out, item->offset);
    iw_pack_number(out, item->line);
    iw_pack_text(out, item->host);
    iw_pack_text(out, item->fields_json);
}

static void add_scalars(struct iw_buffer *out, const struct iw_finding *f)
{
    iw_pack_number(out, (uint64_t)f->kind);
    iw_pack_number(out, (uint64_t)f->level);
    iw_pack_number(out, f->score);
    iw_pack_number(out, f->is_partial);
    iw_pack_number(out, (uint64_t)f->first_time_ns);
    iw_pack_number(out, (uint64_t)f->last_time_ns);
    iw_pack_number(out, f->is_local_time);
    iw_pack_number(out, (uint64_t)f->change.status);
    iw_pack_number(out, f->n_copies_hidden);
    iw_pack_number(out, f->rule_account);
}

static void add_texts(struct iw_buffer *out, const struct iw_finding *f)
{
    bool is_shared = iw_str_equal(f->title, f->rule_title);
    iw_pack_text(out, f->title);
    iw_pack_number(out, is_shared);
    if (!is_shared)
        iw_pack_text(out, f->rule_title);
    iw_pack_text(out, f->rule_id);
    iw_pack_text(out, f->host);
    iw_pack_text(out, f->computer);
    iw_pack_text(out, f->subject_type);
    iw_pack_text(out, f->subject_name);
    iw_pack_text(out, f->change.record);
    iw_pack_text(out, f->change.why);
    iw_pack_text(out, f->user);
    iw_pack_text(out, f->pool);
    iw_pack_text(out, f->asked_by);
    iw_pack_text(out, f->detail);
    iw_pack_text(out, f->anchor);
    iw_pack_text(out, f->event_json);
}

void iw_finding_record_write(const struct iw_finding *finding, struct iw_buffer *out)
{
    iw_pack_text(out, iw_str_of(finding->id));
    add_scalars(out, finding);
    add_texts(out, finding);
    add_list(out, finding->analytic);
    add_list(out, finding->attack);
    add_list(out, finding->why);
    add_list(out, finding->blind);
    add_list(out, finding->triage);
    iw_pack_number(out, finding->n_evidence);
    for (size_t i = 0; i < finding->n_evidence; i++)
        add_item(out, &finding->evidence[i]);
}

/* --- reading ----------------------------------------------------------------------------- */

struct reading {
    struct iw_unpacking in;
    struct iw_arena *arena;
    bool no_memory;
};

/* Room for what a list holds; NULL when it holds nothing or there is no memory. */
static void *take_room(struct reading *reading, size_t n, size_t item_bytes)
{
    void *items = NULL;
    if (n == 0 || reading->in.is_broken)
        return NULL;
    items = iw_arena_calloc(reading->arena, n, item_bytes);
    reading->no_memory |= items == NULL;
    return items;
}

static struct iw_text_list take_list(struct reading *reading)
{
    size_t n = iw_unpack_count(&reading->in);
    struct iw_str *items = take_room(reading, n, sizeof *items);
    for (size_t i = 0; items != NULL && i < n; i++)
        items[i] = iw_unpack_text(&reading->in);
    return (struct iw_text_list){items, items != NULL ? n : 0};
}

static void take_item(struct reading *reading, struct iw_evidence_item *item)
{
    item->role = iw_unpack_text(&reading->in);
    item->time_ns = (int64_t)iw_unpack_number(&reading->in);
    item->channel = iw_unpack_text(&reading->in);
    item->event_id = (uint32_t)iw_unpack_number(&reading->in);
    item->record_id = iw_unpack_number(&reading->in);
    item->source = iw_unpack_text(&reading->in);
    item->offset = iw_unpack_number(&reading->in);
    item->line = iw_unpack_number(&reading->in);
    item->host = iw_unpack_text(&reading->in);
    item->fields_json = iw_unpack_text(&reading->in);
}

static void take_scalars(struct reading *reading, struct iw_finding *f)
{
    f->kind = (enum iw_finding_kind)iw_unpack_below(&reading->in, IW_FINDING_KIND_COUNT);
    f->level = (enum iw_level)iw_unpack_below(&reading->in, IW_LEVEL_COUNT);
    f->score = (uint32_t)iw_unpack_number(&reading->in);
    f->is_partial = iw_unpack_number(&reading->in) != 0;
    f->first_time_ns = (int64_t)iw_unpack_number(&reading->in);
    f->last_time_ns = (int64_t)iw_unpack_number(&reading->in);
    f->is_local_time = iw_unpack_number(&reading->in) != 0;
    f->change.status = (enum iw_change_status)iw_unpack_below(&reading->in, IW_CHANGE_STATUS_COUNT);
    f->n_copies_hidden = (size_t)iw_unpack_number(&reading->in);
    f->rule_account = (size_t)iw_unpack_number(&reading->in);
}

static void take_texts(struct reading *reading, struct iw_finding *f)
{
    f->title = iw_unpack_text(&reading->in);
    f->rule_title = iw_unpack_number(&reading->in) != 0 ? f->title : iw_unpack_text(&reading->in);
    f->rule_id = iw_unpack_text(&reading->in);
    f->host = iw_unpack_text(&reading->in);
    f->computer = iw_unpack_text(&reading->in);
    f->subject_type = iw_unpack_text(&reading->in);
    f->subject_name = iw_unpack_text(&reading->in);
    f->change.record = iw_unpack_text(&reading->in);
    f->change.why = iw_unpack_text(&reading->in);
    f->user = iw_unpack_text(&reading->in);
    f->pool = iw_unpack_text(&reading->in);
    f->asked_by = iw_unpack_text(&reading->in);
    f->detail = iw_unpack_text(&reading->in);
    f->anchor = iw_unpack_text(&reading->in);
    f->event_json = iw_unpack_text(&reading->in);
}

static void take_id(struct reading *reading, char id[IW_FINDING_ID_BYTES])
{
    struct iw_str text = iw_unpack_text(&reading->in);
    if (text.n >= IW_FINDING_ID_BYTES)
        reading->in.is_broken = true;
    else if (text.n != 0)
        memcpy(id, text.p, text.n);
}

enum iw_rc iw_finding_record_read(struct iw_str record, struct iw_arena *arena,
                                  struct iw_finding *ret, struct iw_error *err)
{
    struct reading reading = {{record, false}, arena, false};
    memset(ret, 0, sizeof *ret);
    take_id(&reading, ret->id);
    take_scalars(&reading, ret);
    take_texts(&reading, ret);
    ret->analytic = take_list(&reading);
    ret->attack = take_list(&reading);
    ret->why = take_list(&reading);
    ret->blind = take_list(&reading);
    ret->triage = take_list(&reading);
    ret->n_evidence = iw_unpack_count(&reading.in);
    ret->evidence = take_room(&reading, ret->n_evidence, sizeof *ret->evidence);
    for (size_t i = 0; ret->evidence != NULL && i < ret->n_evidence; i++)
        take_item(&reading, &ret->evidence[i]);
    if (reading.no_memory)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    if (iw_unpack_is_whole(&reading.in))
        return IW_OK;
    return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
}

struct iw_str iw_finding_record_id(struct iw_str record)
{
    struct iw_unpacking in = {record, false};
    return iw_unpack_text(&in);
}

/* --- order ------------------------------------------------------------------------------- */

static void add_item_key(struct iw_buffer *key, const struct iw_evidence_item *item)
{
    iw_sort_key_i64(key, item->time_ns);
    iw_sort_key_text(key, item->source);
    iw_sort_key_u64(key, item->offset);
    iw_sort_key_u64(key, item->line);
    iw_sort_key_u64(key, item->record_id);
    iw_sort_key_u32(key, item->event_id);
    iw_sort_key_text(key, item->channel);
}

void iw_finding_record_key(const struct iw_finding *finding, struct iw_buffer *out)
{
    iw_sort_key_i64(out, finding->first_time_ns);
    iw_sort_key_text(out, finding->host);
    iw_sort_key_text(out, iw_str_of(finding->id));
    iw_sort_key_i64(out, finding->last_time_ns);
    iw_sort_key_u8(out, (uint8_t)finding->kind);
    iw_sort_key_u8(out, (uint8_t)finding->level);
    iw_sort_key_u32(out, finding->score);
    iw_sort_key_u8(out, finding->is_partial);
    iw_sort_key_u8(out, (uint8_t)finding->change.status);
    iw_sort_key_u64(out, finding->n_evidence);
    for (size_t i = 0; i < finding->n_evidence && i < 1; i++)
        add_item_key(out, &finding->evidence[i]);
    iw_sort_key_text(out, finding->title);
}
