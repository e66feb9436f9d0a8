/*
 * Values of a hive and their data.
 *
 * Suhanov "Key values list", "Key value", "Big data": data of up to four bytes lies in the value
 * itself; of more than 16344 bytes, from version 1.4 on, in segments of that size. Segments are
 * joined in the arena, everything else is told where it lies.
 */
#include "iis/hive/hive_inside.h"

#define VALUE_BYTES 20U
#define VALUE_LATIN1_NAME 1U
#define DATA_IS_HERE 0x80000000U
#define SEGMENT_BYTES 16344U

/* Whether a list of values in use lies there although its key speaks of no values. */
static bool has_untold_list(const struct iw_hive *hive, uint32_t at)
{
    uint64_t place = iw_regf_place(at);
    const uint8_t *p = (const uint8_t *)hive->file.p;
    if (at == IW_HIVE_NO_ID || at % 8 != 0 || place + 8 > hive->file.n ||
        (int32_t)iw_load_u32(p + place) >= 0)
        return false;
    at = iw_load_u32(p + place + 4);
    place = iw_regf_place(at);
    return at % 8 == 0 && place + 8 <= hive->file.n && (int32_t)iw_load_u32(p + place) < 0 &&
           p[place + 4] == 'v' && p[place + 5] == 'k';
}

void iw_regf_values_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret)
{
    struct iw_str cell = iw_regf_key_cell(hive, id, 0);
    const uint8_t *p = (const uint8_t *)cell.p;
    uint32_t n;

    *ret = (struct iw_hive_cursor){.owner = id, .entry_bytes = 4};
    if (cell.n == 0)
        return;
    n = iw_load_u32(p + 36);
    if (n == 0 && has_untold_list(hive, iw_load_u32(p + 40)))
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_VALUE, iw_regf_place(id));
    if (n == 0)
        return;
    ret->list = iw_regf_cell(hive, iw_load_u32(p + 40), iw_regf_place(id));
    if (n > IW_LIMIT_HIVE_VALUES) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, iw_regf_place(id));
        n = IW_LIMIT_HIVE_VALUES;
    }
    if (ret->list.n / 4 < n)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_VALUE, iw_regf_place(id));
    else
        ret->list.n = (size_t)n * 4;
    if (ret->list.n > (size_t)IW_LIMIT_HIVE_VALUES * 4)
        ret->list.n = (size_t)IW_LIMIT_HIVE_VALUES * 4;
}

bool iw_regf_values_next(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret)
{
    (void)hive;
    if (cursor->list.n < 4)
        return false;
    *ret = iw_load_u32((const uint8_t *)cursor->list.p);
    cursor->list.p += 4;
    cursor->list.n -= 4;
    return true;
}

static struct iw_str value_cell(struct iw_hive *hive, uint32_t id)
{
    struct iw_str cell = iw_regf_cell(hive, id, 0);
    if (cell.n != 0 && (cell.n < VALUE_BYTES || cell.p[0] != 'v' || cell.p[1] != 'k')) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_VALUE, iw_regf_place(id));
        return IW_STR("");
    }
    return cell;
}

bool iw_regf_value(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret,
                   struct iw_hive_name_room *room)
{
    struct iw_str cell = value_cell(hive, id), name;
    const uint8_t *p = (const uint8_t *)cell.p;

    *ret = (struct iw_hive_value){.name = IW_STR(""), .data = IW_STR("")};
    if (cell.n == 0)
        return false;
    ret->type = iw_load_u32(p + 12);
    name = (struct iw_str){cell.p + VALUE_BYTES, iw_load_u16(p + 2)};
    if (name.n > cell.n - VALUE_BYTES) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_VALUE, iw_regf_place(id));
        name.n = cell.n - VALUE_BYTES;
    }
    ret->name = iw_regf_name(hive, name, (iw_load_u16(p + 16) & VALUE_LATIN1_NAME) != 0, room);
    return true;
}

/* Joins the segments of big data, as many as are there. */
static struct iw_str join_segments(struct iw_hive *hive, struct iw_str big, size_t size_bytes)
{
    uint64_t place = (uint64_t)(big.p - hive->file.p);
    uint32_t n = iw_load_u16((const uint8_t *)big.p + 2), i;
    struct iw_str list = iw_regf_cell(hive, iw_load_u32((const uint8_t *)big.p + 4), place);
    char *out = size_bytes <= hive->file.n ? iw_hive_alloc(hive, size_bytes, place) : NULL;
    size_t done = 0;

    for (i = 0; out != NULL && i < n && (size_t)i * 4 + 4 <= list.n && done < size_bytes; i++) {
        const char *entry = list.p + (size_t)i * 4;
        struct iw_str part = iw_regf_cell(hive, iw_load_u32((const uint8_t *)entry),
                                          (uint64_t)(entry - hive->file.p));
        size_t wanted = size_bytes - done < SEGMENT_BYTES ? size_bytes - done : SEGMENT_BYTES;
        size_t got = part.n < wanted ? part.n : wanted;
        memcpy(out + done, part.p, got);
        done += got;
        if (got < wanted)
            break;
    }
    return out != NULL ? (struct iw_str){out, done} : IW_STR("");
}

void iw_regf_data(struct iw_hive *hive, uint32_t id, struct iw_hive_value *ret)
{
    struct iw_str cell = value_cell(hive, id), data;
    const uint8_t *p = (const uint8_t *)cell.p;
    uint32_t size_bytes;

    ret->data = IW_STR("");
    if (cell.n == 0)
        return;
    size_bytes = iw_load_u32(p + 4);
    if ((size_bytes & DATA_IS_HERE) != 0) {
        size_bytes &= ~DATA_IS_HERE;
        data = (struct iw_str){cell.p + 8, size_bytes < 4 ? size_bytes : 4};
    } else if (size_bytes == 0) {
        data = IW_STR("");
    } else {
        data = iw_regf_cell(hive, iw_load_u32(p + 8), iw_regf_place(id));
        if (size_bytes > SEGMENT_BYTES && hive->info.version_minor >= 4 && data.n >= 8 &&
            data.p[0] == 'd' && data.p[1] == 'b')
            data = join_segments(hive, data, size_bytes);
        else if (data.n > size_bytes)
            data.n = size_bytes;
    }
    ret->data = data;
    ret->is_whole = data.n == size_bytes;
    if (!ret->is_whole)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_DATA, iw_regf_place(id));
}
