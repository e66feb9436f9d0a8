/*
 * Layouts of collected trees:
 *
 *   KAPE, CyLR         .../WEB01/C/Windows/System32/...           a folder named by the drive
 * letter Velociraptor       .../Collection-WEB01-2021-03-14T06_40_13Z/uploads/auto/C%3A/Windows/...
 *                      .../uploads/ntfs/%5C%5C.%5CC%3A/Windows/...   (`\\.\C:`)
 *   Dissect            .../WEB01/fs/C:/Windows/...
 *   mounted image      .../WEB01/Windows/System32/...             no drive anywhere
 *
 * A bare letter is a drive only where a folder follows that stands in the root of Windows volumes:
 * `A/Security.evtx` may be anybody's folder. Without a drive C: is taken, where Windows is
 * installed but for rare cases. The innermost drive counts: a collection may itself lie below one.
 *
 * Percent signs are decoded only below a percent-encoded drive, and only to characters that such
 * collectors encode: in `Sysmon%4Operational.evtx` the %4 is Windows' own, and in `X%4Admin.evtx`
 * a plain decoder would make a `J` of it.
 *
 * The host is the folder right above, folders of the collector's own passed over. It is a hint:
 * what events say counts first.
 */
#include "evidence/windows_path.h"

#include "base/hex.h"

#define MAX_PARTS 512U

struct part {
    struct iw_str raw;
    struct iw_str text; /* percent-decoded; equal to raw when nothing was encoded */
};

static const char *const ROOT_FOLDERS[] = {
    "Windows",       "Windows.old",
    "Users",         "ProgramData",
    "Program Files", "inetpub",
    "PerfLogs",      "Program Files (x86)",
    "$Extend",       "$Recycle.Bin",
    "WINNT",         "Documents and Settings",
    "Recovery",      "System Volume Information",
};

/* Folders that collectors make between the machine's folder and the drive. */
static const char *const COLLECTOR_FOLDERS[] = {
    "uploads", "auto", "ntfs", "lazy_ntfs", "file", "ntfs_vss", "ntfs_vss_auto", "mft", "fs",
};

static bool is_any_of(struct iw_str text, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (iw_str_equal_nocase(text, iw_str_of(names[i])))
            return true;
    }
    return false;
}

#define IS_ANY_OF(text, names) is_any_of((text), (names), sizeof(names) / sizeof(names)[0])

/* The byte that `%hh` at *at* stands for, or -1 where it stands for itself. */
static int encoded_byte(struct iw_str text, size_t at)
{
    int high, low, byte;
    if (text.p[at] != '%' || text.n - at < 3)
        return -1;
    high = iw_hex_digit(text.p[at + 1]);
    low = iw_hex_digit(text.p[at + 2]);
    if (high < 0 || low < 0)
        return -1;
    byte = high * 16 + low;
    if (byte > 0x20 && byte < 0x80 && strchr("%:\\/?*\"<>|.", byte) == NULL)
        return -1;
    return byte != 0 ? byte : -1;
}

static struct iw_str decode(struct iw_str text, struct iw_arena *arena)
{
    struct iw_str out;
    char *p;
    if (iw_str_find(text, IW_STR("%")) == SIZE_MAX)
        return text;
    p = iw_arena_alloc(arena, text.n);
    out = (struct iw_str){p, 0};
    for (size_t i = 0; p != NULL && i < text.n; i++) {
        int byte = encoded_byte(text, i);
        p[out.n++] = byte >= 0 ? (char)byte : text.p[i];
        i += byte >= 0 ? 2 : 0;
    }
    return out;
}

/* Splits at slashes; no parts at all when there are more than any collection has. */
static bool split(struct iw_str path, struct iw_arena *arena, struct part *parts, size_t *ret_n)
{
    size_t n = 0, at = 0;
    *ret_n = 0;
    while (at < path.n) {
        size_t end = at;
        while (end < path.n && path.p[end] != '/')
            end++;
        if (end > at) {
            if (n == MAX_PARTS)
                return true;
            parts[n].raw = (struct iw_str){path.p + at, end - at};
            parts[n].text = decode(parts[n].raw, arena);
            if (parts[n].text.p == NULL)
                return false;
            n++;
        }
        at = end + 1;
    }
    *ret_n = n;
    return true;
}

static bool is_letter(char c)
{
    return iw_ascii_lower(c) >= 'a' && iw_ascii_lower(c) <= 'z';
}

/* The drive letter a part names, or 0. */
static char drive_of(const struct part *parts, size_t n, size_t i)
{
    struct iw_str text = parts[i].text;
    if (iw_str_begins_nocase(text, IW_STR("\\\\.\\")) ||
        iw_str_begins_nocase(text, IW_STR("\\\\?\\"))) {
        text.p += 4;
        text.n -= 4;
    }
    if (text.n == 2 && is_letter(text.p[0]) && text.p[1] == ':')
        return text.p[0];
    if (text.n == 1 && is_letter(text.p[0]) && i + 1 < n &&
        IS_ANY_OF(parts[i + 1].text, ROOT_FOLDERS))
        return text.p[0];
    return 0;
}

/* `Collection-WEB01-2021-03-14T06_40_13Z` → `WEB01`; anything else as it is. */
static struct iw_str without_collection_words(struct iw_str text)
{
    static const char TIME[] = "-dddd-dd-ddT";
    const struct iw_str prefix = IW_STR("Collection-");
    if (!iw_str_begins_nocase(text, prefix))
        return text;
    for (size_t at = prefix.n + 1; at + sizeof TIME - 1 <= text.n; at++) {
        size_t i = 0;
        while (i < sizeof TIME - 1 &&
               (TIME[i] == 'd' ? text.p[at + i] >= '0' && text.p[at + i] <= '9'
                               : text.p[at + i] == TIME[i]))
            i++;
        if (i == sizeof TIME - 1)
            return (struct iw_str){text.p + prefix.n, at - prefix.n};
    }
    return text;
}

/* The folder right above part *i*, the collector's own passed over; empty when there is none. */
static struct iw_str host_above(const struct part *parts, size_t i)
{
    while (i > 0) {
        struct iw_str text = parts[--i].text;
        if (IS_ANY_OF(text, COLLECTOR_FOLDERS) || iw_str_begins_nocase(text, IW_STR("\\\\")))
            continue;
        if (iw_str_equal(text, IW_STR(".")) || iw_str_equal(text, IW_STR("..")))
            return IW_STR("");
        return without_collection_words(text);
    }
    return IW_STR("");
}

/* Drive and the parts from *first* on, with backslashes. */
static struct iw_str build(char drive, const struct part *parts, size_t n, size_t first,
                           bool is_encoded, struct iw_arena *arena)
{
    size_t length = 2;
    char *p;
    for (size_t i = first; i < n; i++)
        length += 1 + (is_encoded ? parts[i].text.n : parts[i].raw.n);
    p = iw_arena_alloc(arena, length);
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    p[0] = (char)(iw_ascii_lower(drive) - ('a' - 'A'));
    p[1] = ':';
    length = 2;
    for (size_t i = first; i < n; i++) {
        struct iw_str text = is_encoded ? parts[i].text : parts[i].raw;
        p[length++] = '\\';
        memcpy(p + length, text.p, text.n);
        length += text.n;
    }
    return (struct iw_str){p, length};
}

/* Index of the part that is `Windows` with `System32` below it, or *n*. The outermost counts:
 * WinSxS holds further ones. */
static size_t find_windows(const struct part *parts, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (iw_str_equal_nocase(parts[i].text, IW_STR("Windows")) &&
            iw_str_equal_nocase(parts[i + 1].text, IW_STR("System32")))
            return i > 0 && iw_str_equal_nocase(parts[i - 1].text, IW_STR("Windows.old")) ? i - 1
                                                                                          : i;
    }
    return n;
}

bool iw_windows_path_read(struct iw_str path, struct iw_arena *arena, struct iw_windows_path *ret)
{
    struct part parts[MAX_PARTS];
    size_t n = 0, at, first;
    bool is_encoded = false;
    char drive = 0;

    *ret = (struct iw_windows_path){.windows_path = IW_STR(""), .host_hint = IW_STR("")};
    if (!split(path, arena, parts, &n))
        return false;
    for (at = n; at > 0 && drive == 0; at--) /* the last part is the file's own name */
        drive = at < n ? drive_of(parts, n, at - 1) : 0;
    if (drive != 0) {
        first = at + 1;
        is_encoded = parts[at].raw.n != parts[at].text.n;
    } else {
        at = first = find_windows(parts, n);
        if (at == n)
            return true;
        drive = 'C';
        ret->is_drive = true;
        for (size_t i = 0; i < at && !is_encoded; i++)
            is_encoded = iw_str_begins_nocase(parts[i].raw, IW_STR("%5C%5C"));
    }
    ret->tree = (struct iw_str){path.p, (size_t)(parts[at].raw.p - path.p)};
    ret->host_hint = host_above(parts, at);
    ret->windows_path = build(drive, parts, n, first, is_encoded, arena);
    return ret->windows_path.p != NULL;
}

/* --- trees ---------------------------------------------------------------------------------- */

enum { HOLDS_DRIVES = 1, IS_DRIVE = 2, IS_OF_HOST = 4 };

void iw_windows_trees_init(struct iw_windows_trees *trees)
{
    iw_map_init(&trees->by_folder);
}

void iw_windows_trees_done(struct iw_windows_trees *trees)
{
    iw_map_done(&trees->by_folder);
}

static bool learn(struct iw_windows_trees *trees, struct iw_str folder, uint64_t what)
{
    bool is_new;
    struct iw_map_entry *entry = iw_map_add(&trees->by_folder, folder, &is_new);
    if (entry == NULL)
        return false;
    if (is_new)
        entry->value.number = 0;
    entry->value.number |= what;
    return true;
}

/* The folder one is in tells nothing of paths that begin elsewhere: it is not learnt. Folders of
 * the collector's own above are of that host, too: `uploads/data/` beside `uploads/auto/C%3A/`. */
bool iw_windows_trees_learn(struct iw_windows_trees *trees, const struct iw_windows_path *path)
{
    struct iw_str folder = path->tree;
    if (path->windows_path.n == 0 || folder.n == 0)
        return true;
    if (!learn(trees, folder, path->is_drive ? IS_DRIVE : HOLDS_DRIVES))
        return false;
    for (;;) {
        size_t end = folder.n - 1, begin = end;
        while (begin > 0 && folder.p[begin - 1] != '/')
            begin--;
        if (begin == 0 ||
            !IS_ANY_OF(((struct iw_str){folder.p + begin, end - begin}), COLLECTOR_FOLDERS))
            return true;
        folder.n = begin;
        if (!learn(trees, folder, IS_OF_HOST))
            return false;
    }
}

static uint64_t known_of(const struct iw_windows_trees *trees, struct iw_str path,
                         const struct part *part)
{
    const struct iw_map_entry *entry =
        iw_map_find(&trees->by_folder, (struct iw_str){path.p, (size_t)(part->raw.p - path.p)});
    return entry != NULL ? entry->value.number : 0;
}

bool iw_windows_trees_read(const struct iw_windows_trees *trees, struct iw_str path,
                           struct iw_arena *arena, struct iw_windows_path *ret)
{
    struct part parts[MAX_PARTS];
    size_t n = 0;

    *ret = (struct iw_windows_path){.windows_path = IW_STR(""), .host_hint = IW_STR("")};
    if (!split(path, arena, parts, &n))
        return false;
    for (size_t i = n; i > 0; i--) {
        uint64_t known = known_of(trees, path, &parts[i - 1]);
        struct iw_str text = parts[i - 1].text;
        bool is_below = i < n && text.n == 1 && is_letter(text.p[0]) && (known & HOLDS_DRIVES) != 0;
        if (known != 0 && ret->host_hint.n == 0)
            ret->host_hint =
                host_above(parts, i - 1); /* beside the drives: of that host at least */
        if (!is_below && (known & IS_DRIVE) == 0)
            continue;
        ret->host_hint = host_above(parts, i - 1);
        ret->windows_path =
            build(is_below ? text.p[0] : 'C', parts, n, is_below ? i : i - 1, false, arena);
        return ret->windows_path.p != NULL;
    }
    return true;
}
