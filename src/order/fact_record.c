/*
 * Overall, a key is time, channel, record id, content, label, kind; of hosts, the label comes
 * first, and behind the time whether it is context: that is read before what is judged by it, so
 * that nothing has to wait for the end of its instant. Channel and label are in lower case, as they
 * are compared; as they were written they stand in the record.
 */
#include "order/fact_record.h"

#include "base/packed.h"
#include "base/sort_key.h"

/* --- writing ------------------------------------------------------------------------------ */

static void add_lower(struct iw_buffer *key, struct iw_str text)
{
    char lower[IW_SORT_KEY_TEXT_BYTES];
    struct iw_buffer large;
    char *p = lower;
    iw_buffer_init(&large);
    if (text.n > sizeof lower && (p = iw_buffer_room(&large, text.n)) == NULL) {
        key->failed = true;
        return;
    }
    for (size_t i = 0; i < text.n; i++)
        p[i] = iw_ascii_lower(text.p[i]);
    iw_sort_key_text(key, (struct iw_str){p, text.n});
    iw_buffer_done(&large);
}

static void add_record_and_content(const struct iw_fact *fact, struct iw_buffer *key)
{
    add_lower(key, fact->channel);
    iw_sort_key_u64(key, fact->record_id);
    iw_buffer_add(key, (struct iw_str){(const char *)fact->content, sizeof fact->content});
}

void iw_order_event_key(const struct iw_fact *fact, struct iw_buffer *key)
{
    iw_sort_key_i64(key, fact->time_ns);
    add_record_and_content(fact, key);
}

/* Within an instant of a host. */
static char turn_of(uint32_t kind)
{
    return kind >= IW_FACT_FIRST_OF_CONTEXT && kind < IW_FACT_FIRST_OF_OTHERS ? 0 : 1;
}

void iw_fact_record_write(const struct iw_fact *fact, enum iw_order_reading reading,
                          struct iw_buffer *key, struct iw_buffer *record)
{
    struct iw_str label = iw_host_label(fact->computer);
    if (reading == IW_ORDER_OF_HOSTS) {
        add_lower(key, label);
        iw_sort_key_i64(key, fact->time_ns);
        iw_buffer_add_char(key, turn_of(fact->kind));
        add_record_and_content(fact, key);
    } else {
        iw_order_event_key(fact, key);
        add_lower(key, label);
    }
    iw_sort_key_u32(key, fact->kind);

    iw_sort_key_u32(record, fact->place.source);
    iw_sort_key_u64(record, fact->place.offset);
    iw_pack_number(record, fact->place.line);
    iw_pack_number(record, fact->clock);
    iw_pack_number(record, fact->dialect);
    iw_pack_number(record, fact->event_id);
    iw_pack_text(record, fact->channel);
    iw_pack_text(record, fact->computer);
    iw_buffer_add(record, fact->payload);
}

/* --- reading ------------------------------------------------------------------------------ */

#define PLACE_BYTES (sizeof(uint32_t) + sizeof(uint64_t))

size_t iw_fact_record_label_bytes(struct iw_str key)
{
    struct iw_str left = key;
    return iw_sort_key_pass_text(&left) ? key.n - left.n : key.n;
}

static bool pass(struct iw_str *key, size_t n, const char **ret)
{
    if (key->n < n)
        return false;
    *ret = key->p;
    key->p += n;
    key->n -= n;
    return true;
}

struct iw_str iw_fact_record_part(enum iw_order_reading reading, struct iw_str key)
{
    struct iw_str left = key;
    const char *head;
    bool is_of_hosts = reading == IW_ORDER_OF_HOSTS;
    if ((is_of_hosts && !iw_sort_key_pass_text(&left)) ||
        !pass(&left, sizeof(int64_t) + is_of_hosts, &head) || !iw_sort_key_pass_text(&left) ||
        !pass(&left, sizeof(uint64_t), &head))
        return key;
    return (struct iw_str){key.p, key.n - left.n};
}

static bool read_key(enum iw_order_reading reading, struct iw_str key, struct iw_fact *ret)
{
    const char *time, *turn, *record_id, *content, *kind;
    if ((reading == IW_ORDER_OF_HOSTS && !iw_sort_key_pass_text(&key)) || !pass(&key, 8, &time) ||
        (reading == IW_ORDER_OF_HOSTS && !pass(&key, 1, &turn)) || !iw_sort_key_pass_text(&key) ||
        !pass(&key, 8, &record_id) || !pass(&key, IW_FACT_CONTENT_BYTES, &content) ||
        (reading == IW_ORDER_OVERALL && !iw_sort_key_pass_text(&key)) || !pass(&key, 4, &kind) ||
        key.n != 0)
        return false;
    ret->time_ns = iw_sort_key_read_i64(time);
    ret->record_id = iw_sort_key_read_u64(record_id);
    memcpy(ret->content, content, IW_FACT_CONTENT_BYTES);
    ret->kind = iw_sort_key_read_u32(kind);
    return true;
}

static bool read_record(struct iw_str record, struct iw_fact *ret)
{
    struct iw_unpacking in;
    if (record.n < PLACE_BYTES)
        return false;
    ret->place.source = iw_sort_key_read_u32(record.p);
    ret->place.offset = iw_sort_key_read_u64(record.p + sizeof(uint32_t));
    in = (struct iw_unpacking){{record.p + PLACE_BYTES, record.n - PLACE_BYTES}, false};
    ret->place.line = iw_unpack_number(&in);
    ret->clock = (uint8_t)iw_unpack_below(&in, IW_CLOCK_COUNT);
    ret->dialect = (uint8_t)iw_unpack_below(&in, UINT8_MAX + 1U);
    ret->event_id = (uint32_t)iw_unpack_number(&in);
    ret->channel = iw_unpack_text(&in);
    ret->computer = iw_unpack_text(&in);
    ret->payload = in.left;
    return !in.is_broken;
}

enum iw_rc iw_fact_record_read(enum iw_order_reading reading, struct iw_str key,
                               struct iw_str record, struct iw_fact *ret, struct iw_error *err)
{
    memset(ret, 0, sizeof *ret);
    if (read_key(reading, key, ret) && read_record(record, ret))
        return IW_OK;
    return iw_error_set(err, IW_EIO, "the temporary file does not hold what was written to it");
}
