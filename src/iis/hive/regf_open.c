/*
 * The base block and the bins of a hive, and which key is the root.
 *
 * Suhanov "Base block", "Hive bin". A hive whose base block has lost its mark or its root is read
 * by its bins: the root is the key with the flag of one. Bins are only judged; cells are reached by
 * their offsets, whatever the bins say. Ignored: the copy of the base block in .LOG files, the
 * backup copy inside it, timestamps of bins.
 */
#include "iis/hive/hive_inside.h"

#include "base/utf.h"

#define BASE_BYTES 4096U
#define KEY_HIVE_ENTRY 0x0004U

static const struct iw_hive_source_ops REGF_OPS = {
    .key = iw_regf_key,
    .keys_begin = iw_regf_keys_begin,
    .keys_next = iw_regf_keys_next,
    .values_begin = iw_regf_values_begin,
    .values_next = iw_regf_values_next,
    .value = iw_regf_value,
    .data = iw_regf_data,
};

static bool checksum_holds(const uint8_t *base)
{
    uint32_t sum = 0;
    for (size_t at = 0; at < 508; at += 4)
        sum ^= iw_load_u32(base + at);
    if (sum == UINT32_MAX)
        sum = UINT32_MAX - 1;
    if (sum == 0)
        sum = 1;
    return sum == iw_load_u32(base + 508);
}

static void judge_bins(struct iw_hive *hive, uint64_t bins_bytes)
{
    uint64_t at = BASE_BYTES, end = BASE_BYTES + bins_bytes;
    bool was_sound = true;
    if (end > hive->file.n) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_CUT, hive->file.n);
        end = hive->file.n;
    }
    while (at + 32 <= end) {
        const uint8_t *bin = (const uint8_t *)hive->file.p + at;
        uint32_t size_bytes = iw_load_u32(bin + 8);
        bool is_sound = memcmp(bin, "hbin", 4) == 0 && size_bytes >= BASE_BYTES &&
                        size_bytes % BASE_BYTES == 0 && size_bytes <= end - at &&
                        iw_load_u32(bin + 4) == at - BASE_BYTES;
        /* Where one is damaged the next is looked for page by page. */
        if (!is_sound && was_sound)
            iw_hive_note_damage(hive, IW_HIVE_DAMAGE_BIN, at);
        at += is_sound ? size_bytes : BASE_BYTES;
        was_sound = is_sound;
    }
}

static bool is_root(const struct iw_hive *hive, uint32_t at)
{
    uint64_t place = iw_regf_place(at) + 4;
    const uint8_t *p = (const uint8_t *)hive->file.p + place;
    return at % 8 == 0 && place + 76 <= hive->file.n && p[0] == 'n' && p[1] == 'k' &&
           (iw_load_u16(p + 2) & KEY_HIVE_ENTRY) != 0;
}

/* Any key that is marked as a root, in the order of the file; IW_HIVE_NO_ID: none. */
static uint32_t search_root(const struct iw_hive *hive)
{
    for (uint64_t place = BASE_BYTES + 32; place + 80 <= hive->file.n; place += 8) {
        if (is_root(hive, (uint32_t)(place - BASE_BYTES)))
            return (uint32_t)(place - BASE_BYTES);
    }
    return IW_HIVE_NO_ID;
}

static void read_base(struct iw_hive *hive, const uint8_t *base)
{
    uint32_t primary = iw_load_u32(base + 4), secondary = iw_load_u32(base + 8);
    size_t n_path = iw_utf16_nul(base + 48, 64);
    struct iw_str path;

    hive->info.is_dirty = primary != secondary;
    hive->info.version_minor = iw_load_u32(base + 24);
    if (iw_load_u64(base + 12) != 0)
        hive->info.written_ns = iw_time_from_filetime(iw_load_u64(base + 12));
    if (!checksum_holds(base)) {
        hive->info.is_dirty = true;
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_HEADER, 508);
    }
    if (memcmp(base, "regf", 4) != 0 || iw_load_u32(base + 20) != 1 ||
        hive->info.version_minor > 6 || iw_load_u32(base + 28) != 0 || iw_load_u32(base + 32) != 1)
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_HEADER, 0);
    path = iw_utf16_to_arena(base + 48, n_path, hive->arena);
    hive->no_memory |= path.p == NULL;
    hive->info.written_path = path.p != NULL ? path : IW_STR("");
}

bool iw_regf_open(struct iw_hive *hive)
{
    static const uint8_t nothing[BASE_BYTES];
    const uint8_t *base = (const uint8_t *)hive->file.p;
    size_t n = hive->file.n < BASE_BYTES ? hive->file.n : BASE_BYTES;
    uint8_t copy[512];

    if (n < 4 || (memcmp(base, "regf", 4) != 0 &&
                  (hive->file.n < BASE_BYTES + 4 || memcmp(base + BASE_BYTES, "hbin", 4) != 0)))
        return false;
    /* A base block that is cut goes on with zeros. */
    memcpy(copy, nothing, sizeof copy);
    memcpy(copy, base, n < sizeof copy ? n : sizeof copy);
    hive->ops = &REGF_OPS;
    hive->info.source = IW_HIVE_REGF;
    read_base(hive, copy);
    judge_bins(hive, iw_load_u32(copy + 40));
    hive->root = iw_load_u32(copy + 36);
    if (!is_root(hive, hive->root)) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_HEADER, 36);
        hive->root = search_root(hive);
    }
    return true;
}
