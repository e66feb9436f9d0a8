/*
 * A finding as bytes. Numbers take as many bytes as they need (seven bits each, the lowest first),
 * texts stand behind their length, lists behind their count. The id stands first, so that it can be
 * read without the rest.
 *
 * A title that serves as the rule's title too is written once: that is the case for every rule.
 */
#include "result/finding_record.h"

#include "base/sort_key.h"

/* --- writing ----------------------------------------------------------------------------- */

static void add_number(struct iw_buffer *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        iw_buffer_add_char(out, (char)(uint8_t)(value | 0x80));
    iw_buffer_add_char(out, (char)(uint8_t)value);
}

static void add_text(struct iw_buffer *out, struct iw_str text)
{
    add_number(out, text.n);
    iw_buffer_add(out, text);
}

static void add_list(struct iw_buffer *out, struct iw_text_list list)
{
    add_number(out, list.n);
    for (size_t i = 0; i < list.n; i++)
        add_text(out, list.items[i]);
}

static void add_item(struct iw_buffer *out, const struct iw_evidence_item *item)
{
    add_text(out, item->role);
    add_number(out, (uint64_t)item->time_ns);
    add_text(out, item->channel);
    add_number(out, item->event_id);
    add_number(out, item->record_id);
    add_text(out, item->source);
    add_number(out, item->offset);
    add_number(out, item->line);
    add_text(out, item->host);
    add_text(out, item->fields_json);
}

static void add_scalars(struct iw_buffer *out, const struct iw_finding *f)
{
    add_number(out, (uint64_t)f->kind);
    add_number(out, (uint64_t)f->level);
    add_number(out, f->score);
    add_number(out, f->is_partial);
    add_number(out, (uint64_t)f->first_time_ns);
    add_number(out, (uint64_t)f->last_time_ns);
    add_number(out, (uint64_t)f->change.status);
    add_number(out, f->n_copies_hidden);
    add_number(out, f->rule_account);
}

static void add_texts(struct iw_buffer *out, const struct iw_finding *f)
{
    bool is_shared = iw_str_equal(f->title, f->rule_title);
    add_text(out, f->title);
    add_number(out, is_shared);
    if (!is_shared)
        add_text(out, f->rule_title);
    add_text(out, f->rule_id);
    add_text(out, f->host);
    add_text(out, f->computer);
    add_text(out, f->subject_type);
    add_text(out, f->subject_name);
    add_text(out, f->change.record);
    add_text(out, f->change.why);
    add_text(out, f->user);
    add_text(out, f->pool);
    add_text(out, f->detail);
    add_text(out, f->anchor);
    add_text(out, f->event_json);
}

void iw_finding_record_write(const struct iw_finding *finding, struct iw_buffer *out)
{
    add_text(out, iw_str_of(finding->id));
    add_scalars(out, finding);
    add_texts(out, finding);
    add_list(out, finding->analytic);
    add_list(out, finding->attack);
    add_list(out, finding->why);
    add_list(out, finding->blind);
    add_list(out, finding->triage);
    add_number(out, finding->n_evidence);
    for (size_t i = 0; i < finding->n_evidence; i++)
        add_item(out, &finding->evidence[i]);
}

/* --- reading ----------------------------------------------------------------------------- */

struct reading {
    struct iw_str left;
    struct iw_arena *arena;
    enum iw_rc rc; /* first failure; what is read after it is empty */
};

static uint64_t take_number(struct reading *reading)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && reading->left.n != 0; shift += 7) {
        uint8_t byte = (uint8_t)reading->left.p[0];
        reading->left.p++;
        reading->left.n--;
        value |= (uint64_t)(byte & 0x7FU) << shift;
        if (byte < 0x80)
            return value;
    }
    reading->rc = reading->rc != IW_OK ? reading->rc : IW_EIO;
    return 0;
}

/* A number that is a count of things at least a byte each, or below *limit*. */
static size_t take_below(struct reading *reading, uint64_t limit)
{
    uint64_t value = take_number(reading);
    if (value < limit)
        return (size_t)value;
    reading->rc = reading->rc != IW_OK ? reading->rc : IW_EIO;
    return 0;
}

static size_t take_count(struct reading *reading)
{
    return take_below(reading, (uint64_t)reading->left.n + 1);
}

static struct iw_str take_text(struct reading *reading)
{
    size_t n = take_count(reading);
    struct iw_str text;
    if (n > reading->left.n) { /* the count's own bytes were among those left */
        reading->rc = reading->rc != IW_OK ? reading->rc : IW_EIO;
        n = 0;
    }
    text = (struct iw_str){reading->left.p, n};
    reading->left.p += n;
    reading->left.n -= n;
    return text;
}

/* Room for what a list holds; NULL when it holds nothing or there is no memory. */
static void *take_room(struct reading *reading, size_t n, size_t item_bytes)
{
    void *items =
        n != 0 && reading->rc == IW_OK ? iw_arena_calloc(reading->arena, n, item_bytes) : NULL;
    if (n != 0 && items == NULL && reading->rc == IW_OK)
        reading->rc = IW_ENOMEM;
    return items;
}

static struct iw_text_list take_list(struct reading *reading)
{
    size_t n = take_count(reading);
    struct iw_str *items = take_room(reading, n, sizeof *items);
    for (size_t i = 0; items != NULL && i < n; i++)
        items[i] = take_text(reading);
    return (struct iw_text_list){items, items != NULL ? n : 0};
}

static void take_item(struct reading *reading, struct iw_evidence_item *item)
{
    item->role = take_text(reading);
    item->time_ns = (int64_t)take_number(reading);
    item->channel = take_text(reading);
    item->event_id = (uint32_t)take_number(reading);
    item->record_id = take_number(reading);
    item->source = take_text(reading);
    item->offset = take_number(reading);
    item->line = take_number(reading);
    item->host = take_text(reading);
    item->fields_json = take_text(reading);
}

static void take_scalars(struct reading *reading, struct iw_finding *f)
{
    f->kind = (enum iw_finding_kind)take_below(reading, IW_FINDING_KIND_COUNT);
    f->level = (enum iw_level)take_below(reading, IW_LEVEL_COUNT);
    f->score = (uint32_t)take_number(reading);
    f->is_partial = take_number(reading) != 0;
    f->first_time_ns = (int64_t)take_number(reading);
    f->last_time_ns = (int64_t)take_number(reading);
    f->change.status = (enum iw_change_status)take_below(reading, IW_CHANGE_STATUS_COUNT);
    f->n_copies_hidden = (size_t)take_number(reading);
    f->rule_account = (size_t)take_number(reading);
}

static void take_texts(struct reading *reading, struct iw_finding *f)
{
    f->title = take_text(reading);
    f->rule_title = take_number(reading) != 0 ? f->title : take_text(reading);
    f->rule_id = take_text(reading);
    f->host = take_text(reading);
    f->computer = take_text(reading);
    f->subject_type = take_text(reading);
    f->subject_name = take_text(reading);
    f->change.record = take_text(reading);
    f->change.why = take_text(reading);
    f->user = take_text(reading);
    f->pool = take_text(reading);
    f->detail = take_text(reading);
    f->anchor = take_text(reading);
    f->event_json = take_text(reading);
}

static void take_id(struct reading *reading, char id[IW_FINDING_ID_BYTES])
{
    struct iw_str text = take_text(reading);
    if (text.n >= IW_FINDING_ID_BYTES)
        reading->rc = IW_EIO;
    else if (text.n != 0)
        memcpy(id, text.p, text.n);
}

enum iw_rc iw_finding_record_read(struct iw_str record, struct iw_arena *arena,
                                  struct iw_finding *ret, struct iw_error *err)
{
    struct reading reading = {record, arena, IW_OK};
    memset(ret, 0, sizeof *ret);
    take_id(&reading, ret->id);
    take_scalars(&reading, ret);
    take_texts(&reading, ret);
    ret->analytic = take_list(&reading);
    ret->attack = take_list(&reading);
    ret->why = take_list(&reading);
    ret->blind = take_list(&reading);
    ret->triage = take_list(&reading);
    ret->n_evidence = take_count(&reading);
    ret->evidence = take_room(&reading, ret->n_evidence, sizeof *ret->evidence);
    for (size_t i = 0; ret->evidence != NULL && i < ret->n_evidence; i++)
        take_item(&reading, &ret->evidence[i]);
    if (reading.rc == IW_OK && reading.left.n != 0)
        reading.rc = IW_EIO;
    if (reading.rc == IW_OK)
        return IW_OK;
    return iw_error_set(err, reading.rc,
                        reading.rc == IW_ENOMEM
                            ? "no memory"
                            : "the temporary file does not hold what was written to it");
}

struct iw_str iw_finding_record_id(struct iw_str record)
{
    struct reading reading = {record, NULL, IW_OK};
    return take_text(&reading);
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
