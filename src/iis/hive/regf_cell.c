/*
 * Cells and names of a hive.
 *
 * Suhanov "Cells": a size, negative where the cell is in use. A size that cannot be costs no
 * content: the cell then reaches to the end of the file, and what lies in it has its own counts.
 * Ignored: that a cell should not cross its bin.
 */
#include "iis/hive/hive_inside.h"

#include "base/utf.h"

struct iw_str iw_regf_cell(struct iw_hive *hive, uint32_t at, uint64_t from)
{
    uint64_t place = iw_regf_place(at), left;
    int32_t size;
    uint32_t n_bytes;

    if (at == IW_HIVE_NO_ID || at % 8 != 0 || place + 8 > hive->file.n) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_ADDRESS, from);
        return IW_STR("");
    }
    size = (int32_t)iw_load_u32((const uint8_t *)hive->file.p + place);
    n_bytes = size < 0 ? 0U - (uint32_t)size : (uint32_t)size;
    left = hive->file.n - place;
    if (size >= 0)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_FREE, place);
    if (n_bytes < 8 || n_bytes % 8 != 0 || n_bytes > left) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_CELL, place);
        n_bytes = (uint32_t)(left < IW_LIMIT_HIVE_FILE_BYTES ? left : IW_LIMIT_HIVE_FILE_BYTES);
    }
    return (struct iw_str){hive->file.p + place + 4, n_bytes - 4};
}

static struct iw_str latin1_to_room(struct iw_str raw, struct iw_hive_name_room *room)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++)
        n += iw_utf8_put((uint8_t)raw.p[i], room->bytes + n);
    return (struct iw_str){room->bytes, n};
}

struct iw_str iw_regf_name(struct iw_hive *hive, struct iw_str raw, bool is_latin1,
                           struct iw_hive_name_room *room)
{
    size_t limit = (size_t)IW_LIMIT_HIVE_NAME_UNITS * (is_latin1 ? 1 : 2), n, n_bad = 0;
    uint64_t place = raw.n != 0 ? (uint64_t)(raw.p - hive->file.p) : 0;

    if (raw.n > limit) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, place);
        raw.n = limit;
    }
    if (raw.n == 0)
        return IW_STR("");
    if (is_latin1)
        return iw_utf8_is_ascii(raw) ? raw : latin1_to_room(raw, room);
    n = iw_utf16_to_utf8((const uint8_t *)raw.p, raw.n, room->bytes, &n_bad);
    if (n_bad != 0 || raw.n % 2 != 0)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_TEXT, place);
    return (struct iw_str){room->bytes, n};
}
