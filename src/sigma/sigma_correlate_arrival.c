/*
 * Key: the group's bytes, then the place in the order of feeding. Groups' keys carry the length of
 * every part (sigma_correlate_tuple.c), so none is the beginning of another.
 */
#include "sigma/sigma_correlate_arrival.h"

#include "base/packed.h"
#include "base/sort_key.h"

void iw_correlate_arrival_write(const struct iw_correlate_visit *visit, size_t n_group,
                                struct iw_buffer *key, struct iw_buffer *out)
{
    const struct iw_correlate_arrival *arrival = &visit->arrival;

    iw_buffer_add(key, visit->tuple->key);
    iw_sort_key_u64(key, arrival->entry.sequence);
    iw_pack_number(out, (uint64_t)arrival->entry.time_ns);
    iw_pack_number(out, arrival->entry.ordinal);
    iw_pack_number(out, arrival->entry.sequence);
    iw_pack_number(out, arrival->entry.step);
    iw_pack_number(out, arrival->steps);
    iw_pack_text(out, visit->match->host);
    for (size_t i = 0; i < n_group; i++)
        iw_pack_text(out, visit->tuple->texts[i].text);
    iw_pack_number(out, arrival->n_values);
    for (size_t i = 0; i < arrival->n_values; i++)
        iw_pack_text(out, arrival->values[i]);
    iw_pack_number(out, arrival->n_numbers);
    for (size_t i = 0; i < arrival->n_numbers; i++) {
        iw_pack_number(out, arrival->numbers[i].is_whole);
        iw_pack_number(out, arrival->numbers[i].is_negative);
        iw_pack_number(out, arrival->numbers[i].magnitude);
        iw_buffer_add(out, (struct iw_str){(const char *)&arrival->numbers[i].real,
                                           sizeof arrival->numbers[i].real});
    }
}

static enum iw_rc read_values(struct iw_unpacking *in, struct iw_arena *arena,
                              struct iw_correlate_arrival *arrival)
{
    struct iw_str *values;
    struct iw_number *numbers;

    arrival->n_values = iw_unpack_count(in);
    values = iw_arena_calloc(arena, arrival->n_values + 1, sizeof *values);
    if (values == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < arrival->n_values; i++)
        values[i] = iw_unpack_text(in);
    arrival->n_numbers = iw_unpack_count(in);
    numbers = iw_arena_calloc(arena, arrival->n_numbers + 1, sizeof *numbers);
    if (numbers == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < arrival->n_numbers; i++) {
        numbers[i].is_whole = iw_unpack_below(in, 2) != 0;
        numbers[i].is_negative = iw_unpack_below(in, 2) != 0;
        numbers[i].magnitude = iw_unpack_number(in);
        (void)iw_unpack_bytes(in, &numbers[i].real, sizeof numbers[i].real);
    }
    arrival->values = values;
    arrival->numbers = numbers;
    return IW_OK;
}

enum iw_rc iw_correlate_arrival_read(struct iw_str record, size_t n_group, struct iw_arena *arena,
                                     struct iw_correlate_read_arrival *ret)
{
    struct iw_unpacking in = {record, false};
    struct iw_correlate_entry *entry = &ret->arrival.entry;

    memset(ret, 0, sizeof *ret);
    entry->time_ns = (int64_t)iw_unpack_number(&in);
    entry->ordinal = iw_unpack_number(&in);
    entry->sequence = iw_unpack_number(&in);
    entry->step = (uint32_t)iw_unpack_below(&in, UINT32_MAX);
    ret->arrival.steps = iw_unpack_number(&in);
    ret->match.time_ns = entry->time_ns;
    ret->match.ordinal = entry->ordinal;
    ret->match.host = iw_unpack_text(&in);
    ret->tuple.texts = iw_arena_calloc(arena, n_group + 1, sizeof *ret->tuple.texts);
    if (ret->tuple.texts == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < n_group; i++)
        ret->tuple.texts[i].text = iw_unpack_text(&in);
    IW_TRY(read_values(&in, arena, &ret->arrival));
    return iw_unpack_is_whole(&in) ? IW_OK : IW_EIO;
}

struct iw_str iw_correlate_arrival_group(struct iw_str key)
{
    key.n -= sizeof(uint64_t);
    return key;
}
