/*
 * From a path to a key: mounts, letter case, CurrentControlSet, symbolic links.
 *
 * Windows compares names by its own table of capitals; simple folding differs from it for a handful
 * of letters only. A path is walked from the top again for each link, IW_LIMIT_HIVE_LINKS times at
 * most. A link's target is written `\REGISTRY\MACHINE\...` or `\REGISTRY\USER\...`.
 */
#include "iis/hive/reg_inside.h"

#include "base/fold.h"
#include "base/utf.h"

/* Where a hive is mounted; others can only be asked below their root. */
static const struct {
    enum iw_hive_kind kind;
    const char *path;
} MOUNTS[] = {
    {IW_HIVE_SYSTEM, "HKEY_LOCAL_MACHINE\\SYSTEM"},
    {IW_HIVE_SOFTWARE, "HKEY_LOCAL_MACHINE\\SOFTWARE"},
    {IW_HIVE_SECURITY, "HKEY_LOCAL_MACHINE\\SECURITY"},
    {IW_HIVE_SAM, "HKEY_LOCAL_MACHINE\\SAM"},
    {IW_HIVE_BCD, "HKEY_LOCAL_MACHINE\\BCD00000000"},
    {IW_HIVE_COMPONENTS, "HKEY_LOCAL_MACHINE\\COMPONENTS"},
    {IW_HIVE_NTUSER, "HKEY_CURRENT_USER"},
    {IW_HIVE_USRCLASS, "HKEY_CURRENT_USER\\Software\\Classes"},
    {IW_HIVE_EXPORT, ""},
};

static const struct {
    const char *from, *to;
} TOPS[] = {
    {"HKLM", "HKEY_LOCAL_MACHINE"},
    {"HKCU", "HKEY_CURRENT_USER"},
    {"HKU", "HKEY_USERS"},
    {"HKCR", "HKEY_CLASSES_ROOT"},
    {"\\REGISTRY\\MACHINE", "HKEY_LOCAL_MACHINE"},
    {"\\REGISTRY\\USER", "HKEY_USERS"},
};

bool iw_hive_same_name(struct iw_str a, struct iw_str b)
{
    size_t i = 0, j = 0;
    while (i < a.n && j < b.n) {
        if (iw_fold_code_point(iw_utf8_next(a, &i)) != iw_fold_code_point(iw_utf8_next(b, &j)))
            return false;
    }
    return i == a.n && j == b.n;
}

enum iw_hive_answer iw_hive_child(struct iw_hive *hive, uint32_t parent, struct iw_str name,
                                  uint32_t *ret)
{
    struct iw_hive_name_room room;
    struct iw_hive_cursor cursor;
    struct iw_hive_key key;
    uint64_t n_losses = hive->n_losses;

    hive->ops->keys_begin(hive, parent, &cursor);
    while (hive->ops->keys_next(hive, &cursor, ret)) {
        if (hive->ops->key(hive, *ret, &key, &room) && iw_hive_same_name(key.name, name))
            return IW_HIVE_FOUND;
    }
    return hive->n_losses == n_losses ? IW_HIVE_ABSENT : IW_HIVE_UNREADABLE;
}

struct iw_str iw_hive_take_name(struct iw_str *path)
{
    struct iw_str name;
    const char *end;
    while (path->n != 0 && path->p[0] == '\\')
        *path = (struct iw_str){path->p + 1, path->n - 1};
    end = path->n != 0 ? memchr(path->p, '\\', path->n) : NULL;
    name = (struct iw_str){path->p, end != NULL ? (size_t)(end - path->p) : path->n};
    *path = (struct iw_str){path->p + name.n, path->n - name.n};
    return name;
}

/* Takes the names of *mount* off *path*; false when it lies elsewhere. */
static bool take_mount(struct iw_str *path, struct iw_str mount)
{
    for (;;) {
        struct iw_str wanted = iw_hive_take_name(&mount);
        if (wanted.n == 0)
            return true;
        if (!iw_hive_same_name(wanted, iw_hive_take_name(path)))
            return false;
    }
}

/* An answer with the key of an id. */
static enum iw_hive_answer tell(struct iw_hive *hive, uint32_t id, struct iw_str path,
                                struct iw_hive_key *ret)
{
    struct iw_hive_name_room room;
    if (!hive->ops->key(hive, id, ret, &room))
        return IW_HIVE_UNREADABLE;
    ret->name = iw_hive_keep(hive, ret->name, 0);
    ret->path = path;
    return hive->no_memory ? IW_HIVE_UNREADABLE : IW_HIVE_FOUND;
}

enum iw_hive_answer iw_hive_root(struct iw_hive *hive, struct iw_hive_key *ret)
{
    *ret = (struct iw_hive_key){0};
    iw_hive_ask(hive);
    return tell(hive, hive->root, IW_STR(""), ret);
}

enum iw_hive_answer iw_hive_find_below(struct iw_hive *hive, const struct iw_hive_key *key,
                                       struct iw_str path, struct iw_hive_key *ret)
{
    uint32_t id = key->id;
    *ret = (struct iw_hive_key){0};
    iw_hive_ask(hive);
    for (;;) {
        struct iw_str name = iw_hive_take_name(&path);
        enum iw_hive_answer answer;
        if (name.n == 0)
            return tell(hive, id, IW_STR(""), ret);
        answer = iw_hive_child(hive, id, name, &id);
        if (answer != IW_HIVE_FOUND)
            return answer;
    }
}

/* head + "\" + tail, whole path of a place that is looked for next. p NULL: no memory. */
static struct iw_str join(struct iw_hive *hive, struct iw_str head, struct iw_str tail)
{
    size_t n;
    char *p;
    while (tail.n != 0 && tail.p[0] == '\\')
        tail = (struct iw_str){tail.p + 1, tail.n - 1};
    n = head.n + 1 + tail.n;
    p = n <= IW_LIMIT_HIVE_PATH_BYTES ? iw_hive_alloc(hive, n + 1, 0) : NULL;
    if (p == NULL)
        return (struct iw_str){NULL, 0};
    memcpy(p, head.p, head.n);
    p[head.n] = '\\';
    memcpy(p + head.n + 1, tail.p, tail.n);
    p[n] = '\0';
    while (n != 0 && p[n - 1] == '\\')
        n--;
    return (struct iw_str){p, n};
}

struct iw_str iw_hive_top_name(struct iw_str name)
{
    for (size_t i = 0; i < sizeof TOPS / sizeof TOPS[0]; i++) {
        if (iw_hive_same_name(name, iw_str_of(TOPS[i].from)))
            return iw_str_of(TOPS[i].to);
    }
    return name;
}

/* The path with its top written out. p NULL: no memory. */
static struct iw_str full_path(struct iw_hive *hive, struct iw_str path)
{
    for (size_t i = 0; i < sizeof TOPS / sizeof TOPS[0]; i++) {
        struct iw_str rest = path;
        if (take_mount(&rest, iw_str_of(TOPS[i].from))) {
            while (rest.n != 0 && rest.p[0] == '\\')
                rest = (struct iw_str){rest.p + 1, rest.n - 1};
            return join(hive, iw_str_of(TOPS[i].to), rest);
        }
    }
    while (path.n != 0 && path.p[path.n - 1] == '\\')
        path.n--;
    return path.n <= IW_LIMIT_HIVE_PATH_BYTES ? iw_hive_keep(hive, path, 0)
                                              : (struct iw_str){NULL, 0};
}

/* The only control set there is; IW_HIVE_NO_ID when there is none or more than one. */
static uint32_t only_control_set(struct iw_hive *hive, uint32_t system, uint32_t *ret_number)
{
    uint32_t found = IW_HIVE_NO_ID, id;
    for (uint32_t number = 1; number <= 9; number++) {
        char name[] = "ControlSet00?";
        name[sizeof name - 2] = (char)('0' + number);
        if (iw_hive_child(hive, system, iw_str_of(name), &id) != IW_HIVE_FOUND)
            continue;
        if (found != IW_HIVE_NO_ID)
            return IW_HIVE_NO_ID;
        found = id;
        *ret_number = number;
    }
    return found;
}

/* Number of the current control set; 0: it cannot be told. */
static uint32_t current_control_set(struct iw_hive *hive, uint32_t system)
{
    struct iw_hive_key select = {0};
    struct iw_hive_value value;
    uint64_t number = 0;
    uint32_t only = 0;

    if (iw_hive_child(hive, system, IW_STR("Select"), &select.id) == IW_HIVE_FOUND &&
        iw_hive_value(hive, &select, IW_STR("Current"), &value) == IW_HIVE_FOUND &&
        iw_hive_number(&value, &number) && number >= 1 && number <= 999)
        return (uint32_t)number;
    if (hive->info.source == IW_HIVE_REG_TEXT)
        return 0;
    iw_hive_note_damage(hive, IW_HIVE_DAMAGE_SELECT, 0);
    return only_control_set(hive, system, &only) != IW_HIVE_NO_ID ? only : 0;
}

/* One walk down. */
struct walk {
    struct iw_str path;  /* whole */
    struct iw_str again; /* n != 0: the path to walk instead */
    uint32_t id;
    bool is_covered; /* the source holds all below a key that was passed */
};

static enum iw_hive_answer follow_link(struct iw_hive *hive, struct walk *walk, struct iw_str rest)
{
    struct iw_hive_key key = {.id = walk->id};
    struct iw_hive_value value;
    struct iw_str target;
    enum iw_hive_answer answer = iw_hive_value(hive, &key, IW_STR("SymbolicLinkValue"), &value);
    if (answer != IW_HIVE_FOUND)
        return IW_HIVE_UNREADABLE;
    target = iw_hive_text(hive, &value);
    walk->again = join(hive, target, rest);
    return walk->again.n != 0 ? IW_HIVE_FOUND : IW_HIVE_UNREADABLE;
}

/* CurrentControlSet is not there: SYSTEM\ControlSetNNN instead. */
static enum iw_hive_answer follow_select(struct iw_hive *hive, struct walk *walk,
                                         struct iw_str rest)
{
    static const char head[] = "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet";
    uint32_t number = current_control_set(hive, walk->id);
    char set[sizeof head + 3];

    if (number == 0)
        return hive->info.source == IW_HIVE_REG_TEXT ? IW_HIVE_ABSENT : IW_HIVE_UNREADABLE;
    memcpy(set, head, sizeof head - 1);
    set[sizeof head - 1] = (char)('0' + number / 100);
    set[sizeof head] = (char)('0' + number / 10 % 10);
    set[sizeof head + 1] = (char)('0' + number % 10);
    walk->again = join(hive, (struct iw_str){set, sizeof head + 2}, rest);
    return walk->again.n != 0 ? IW_HIVE_FOUND : IW_HIVE_UNREADABLE;
}

/* Whether the walk stands at SYSTEM and the next name is CurrentControlSet. */
static bool asks_current(struct iw_str path, struct iw_str name, size_t done_bytes)
{
    struct iw_str done = {path.p, done_bytes};
    return iw_hive_same_name(name, IW_STR("CurrentControlSet")) &&
           take_mount(&done, IW_STR("HKEY_LOCAL_MACHINE\\SYSTEM")) &&
           iw_hive_take_name(&done).n == 0;
}

static enum iw_hive_answer walk_down(struct iw_hive *hive, struct walk *walk, struct iw_str rest)
{
    struct iw_hive_name_room room;
    struct iw_hive_key key;

    for (;;) {
        struct iw_str name;
        enum iw_hive_answer answer;
        uint32_t child;
        size_t done_bytes = (size_t)(rest.p - walk->path.p);
        if (!hive->ops->key(hive, walk->id, &key, &room))
            return IW_HIVE_UNREADABLE;
        if (key.is_link)
            return follow_link(hive, walk, rest);
        if (hive->nodes != NULL)
            walk->is_covered |= hive->nodes[walk->id].is_explicit;
        name = iw_hive_take_name(&rest);
        if (name.n == 0)
            return IW_HIVE_FOUND;
        answer = iw_hive_child(hive, walk->id, name, &child);
        if (answer == IW_HIVE_ABSENT && asks_current(walk->path, name, done_bytes))
            return follow_select(hive, walk, rest);
        if (answer != IW_HIVE_FOUND)
            return answer;
        walk->id = child;
    }
}

enum iw_hive_answer iw_hive_find(struct iw_hive *hive, struct iw_str path, struct iw_hive_key *ret)
{
    struct iw_str mount = {NULL, 0};
    struct walk walk = {.again = path};

    *ret = (struct iw_hive_key){0};
    iw_hive_ask(hive);
    for (size_t i = 0; i < sizeof MOUNTS / sizeof MOUNTS[0]; i++) {
        if (MOUNTS[i].kind == hive->info.kind)
            mount = iw_str_of(MOUNTS[i].path);
    }
    for (unsigned i = 0; i <= IW_LIMIT_HIVE_LINKS; i++) {
        struct iw_str rest = full_path(hive, walk.again);
        enum iw_hive_answer answer;
        if (rest.p == NULL)
            return IW_HIVE_UNREADABLE;
        walk = (struct walk){
            .path = rest, .id = hive->root, .is_covered = hive->info.source == IW_HIVE_REGF};
        if (mount.p == NULL || !take_mount(&rest, mount))
            return IW_HIVE_NOT_HERE;
        answer = walk_down(hive, &walk, rest);
        if (answer == IW_HIVE_ABSENT && !walk.is_covered)
            return IW_HIVE_NOT_HERE;
        if (answer != IW_HIVE_FOUND)
            return answer;
        if (walk.again.n == 0)
            return !hive->nodes || walk.is_covered ? tell(hive, walk.id, walk.path, ret)
                                                   : IW_HIVE_NOT_HERE;
    }
    iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, 0);
    return IW_HIVE_UNREADABLE;
}
