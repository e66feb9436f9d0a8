/*
 * Keys of a hive and the lists of their sub-keys.
 *
 * Suhanov "Key node", "Index leaf", "Fast leaf", "Hash leaf", "Index root". Lists are read to their
 * own end, whatever the key says of their number; a list of lists holds lists, never another list
 * of lists. Hashes and hints of names are ignored: names themselves are compared. A key that names
 * another parent is told and counted. Ignored: volatile keys (never in a file), classes, security.
 */
#include "iis/hive/hive_inside.h"

#define NODE_BYTES 76U
#define KEY_SYMBOLIC_LINK 0x0010U
#define KEY_LATIN1_NAME 0x0020U

struct iw_str iw_regf_key_cell(struct iw_hive *hive, uint32_t id, uint64_t from)
{
    struct iw_str cell = iw_regf_cell(hive, id, from);
    if (cell.n == 0)
        return cell;
    if (cell.n < NODE_BYTES || cell.p[0] != 'n' || cell.p[1] != 'k') {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_KEY, iw_regf_place(id));
        return IW_STR("");
    }
    return cell;
}

bool iw_regf_key(struct iw_hive *hive, uint32_t id, struct iw_hive_key *ret,
                 struct iw_hive_name_room *room)
{
    struct iw_str cell = iw_regf_key_cell(hive, id, 0);
    const uint8_t *p = (const uint8_t *)cell.p;
    struct iw_str name;
    uint16_t flags;

    *ret = (struct iw_hive_key){.id = id, .name = IW_STR(""), .written_ns = IW_TIME_UNKNOWN};
    if (cell.n == 0)
        return false;
    flags = iw_load_u16(p + 2);
    ret->written_ns = iw_time_from_filetime(iw_load_u64(p + 4));
    ret->is_link = (flags & KEY_SYMBOLIC_LINK) != 0;
    name = (struct iw_str){cell.p + NODE_BYTES, iw_load_u16(p + 72)};
    if (name.n > cell.n - NODE_BYTES) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_KEY, iw_regf_place(id));
        name.n = cell.n - NODE_BYTES;
    }
    ret->name = iw_regf_name(hive, name, (flags & KEY_LATIN1_NAME) != 0, room);
    return true;
}

/* Makes a list of keys the one at hand; false, and counted, when it is none. */
static bool begin_list(struct iw_hive *hive, struct iw_hive_cursor *cursor, struct iw_str cell)
{
    uint64_t place = cell.n != 0 ? (uint64_t)(cell.p - hive->file.p) : 0;
    uint32_t n;
    if (cell.n == 0)
        return false;
    if (cell.n >= 4 && cell.p[0] == 'l' &&
        (cell.p[1] == 'f' || cell.p[1] == 'h' || cell.p[1] == 'i')) {
        cursor->entry_bytes = cell.p[1] == 'i' ? 4 : 8;
        n = iw_load_u16((const uint8_t *)cell.p + 2);
        cursor->from = place;
        cursor->list = (struct iw_str){cell.p + 4, cell.n - 4};
        if (cursor->list.n / cursor->entry_bytes < n)
            iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIST, place);
        else
            cursor->list.n = (size_t)n * cursor->entry_bytes;
        return true;
    }
    iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIST, place);
    return false;
}

/* Whether a list in use lies there although its key speaks of no keys. */
static bool has_untold_list(const struct iw_hive *hive, uint32_t at)
{
    uint64_t place = iw_regf_place(at);
    const uint8_t *p = (const uint8_t *)hive->file.p + place;
    if (at == IW_HIVE_NO_ID || at % 8 != 0 || place + 8 > hive->file.n ||
        (int32_t)iw_load_u32(p) >= 0)
        return false;
    return (p[4] == 'r' && p[5] == 'i') ||
           (p[4] == 'l' && (p[5] == 'f' || p[5] == 'h' || p[5] == 'i'));
}

void iw_regf_keys_begin(struct iw_hive *hive, uint32_t id, struct iw_hive_cursor *ret)
{
    struct iw_str cell = iw_regf_key_cell(hive, id, 0), list;
    const uint8_t *p = (const uint8_t *)cell.p;

    *ret = (struct iw_hive_cursor){.owner = id};
    if (cell.n == 0)
        return;
    ret->n_claimed = iw_load_u32(p + 20);
    if (ret->n_claimed == 0 && !has_untold_list(hive, iw_load_u32(p + 28)))
        return;
    list = iw_regf_cell(hive, iw_load_u32(p + 28), iw_regf_place(id));
    if (list.n >= 4 && list.p[0] == 'r' && list.p[1] == 'i') {
        ret->n_outer = iw_load_u16((const uint8_t *)list.p + 2);
        ret->outer = (struct iw_str){list.p + 4, list.n - 4};
        if (ret->outer.n / 4 < ret->n_outer) {
            iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIST, (uint64_t)(list.p - hive->file.p));
            ret->n_outer = (uint32_t)(ret->outer.n / 4);
        }
        return;
    }
    (void)begin_list(hive, ret, list);
}

/* Goes on to the next list of a list of lists that has entries. */
static bool next_list(struct iw_hive *hive, struct iw_hive_cursor *cursor)
{
    while (cursor->outer_at < cursor->n_outer) {
        const char *entry = cursor->outer.p + (size_t)cursor->outer_at * 4;
        uint32_t at = iw_load_u32((const uint8_t *)entry);
        cursor->outer_at++;
        if (begin_list(hive, cursor, iw_regf_cell(hive, at, (uint64_t)(entry - hive->file.p))) &&
            cursor->list.n >= cursor->entry_bytes)
            return true;
    }
    return false;
}

static void judge_child(struct iw_hive *hive, const struct iw_hive_cursor *cursor, uint32_t id)
{
    struct iw_str cell = iw_regf_key_cell(hive, id, cursor->from);
    if (cell.n != 0 && iw_load_u32((const uint8_t *)cell.p + 16) != cursor->owner)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_PARENT, iw_regf_place(id));
}

bool iw_regf_keys_next(struct iw_hive *hive, struct iw_hive_cursor *cursor, uint32_t *ret)
{
    bool has_list = (cursor->entry_bytes != 0 && cursor->list.n >= cursor->entry_bytes) ||
                    next_list(hive, cursor);
    if (!has_list) {
        if (cursor->n_given != cursor->n_claimed)
            iw_hive_note_damage(hive, IW_HIVE_DAMAGE_COUNT_KEYS, iw_regf_place(cursor->owner));
        return false;
    }
    if (cursor->n_given == IW_LIMIT_HIVE_KEYS) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, iw_regf_place(cursor->owner));
        return false;
    }
    *ret = iw_load_u32((const uint8_t *)cursor->list.p);
    cursor->list.p += cursor->entry_bytes;
    cursor->list.n -= cursor->entry_bytes;
    cursor->n_given++;
    judge_child(hive, cursor, *ret);
    return true;
}
