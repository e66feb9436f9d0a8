/*
 * Opening, what kind of hive it is, lists of keys and values, damage.
 */
#include "iis/hive/hive_inside.h"

#include "base/alloc.h"
#include "base/file.h"

/* A hive is what all of these keys below its root say; first row that holds. */
static const struct {
    enum iw_hive_kind kind;
    const char *keys[2];
} SIGNS[] = {
    {IW_HIVE_SYSTEM, {"Select", "MountedDevices"}},
    {IW_HIVE_SYSTEM, {"Select", "ControlSet001"}},
    {IW_HIVE_SYSTEM, {"ControlSet001", NULL}},
    {IW_HIVE_COMPONENTS, {"DerivedData", NULL}},
    {IW_HIVE_SOFTWARE, {"Microsoft", "Classes"}},
    {IW_HIVE_SOFTWARE, {"Microsoft", "Wow6432Node"}},
    {IW_HIVE_SOFTWARE, {"Microsoft", "Policies"}},
    {IW_HIVE_SECURITY, {"Policy", NULL}},
    {IW_HIVE_SAM, {"SAM", NULL}},
    {IW_HIVE_NTUSER, {"Software", "Environment"}},
    {IW_HIVE_NTUSER, {"Software", "Control Panel"}},
    {IW_HIVE_USRCLASS, {"Local Settings", NULL}},
    {IW_HIVE_BCD, {"Objects", "Description"}},
    {IW_HIVE_AMCACHE, {"Root", NULL}},
    {IW_HIVE_SYSTEM, {"Select", NULL}},
    {IW_HIVE_SOFTWARE, {"Microsoft", NULL}},
};

const char *iw_hive_kind_name(enum iw_hive_kind kind)
{
    static const char *const names[IW_HIVE_KIND_COUNT] = {
        "unknown",  "SYSTEM", "SOFTWARE", "SECURITY",   "SAM",   "NTUSER",
        "UsrClass", "BCD",    "Amcache",  "COMPONENTS", "export"};
    return (unsigned)kind < IW_HIVE_KIND_COUNT ? names[kind] : names[0];
}

void iw_hive_note_damage(struct iw_hive *hive, enum iw_hive_damage_kind kind, uint64_t offset)
{
    struct iw_hive_damage *damage = &hive->info.damage[kind];
    uint64_t place[2] = {offset, (uint64_t)kind};
    struct iw_str key = {(const char *)place, sizeof place};

    if (iw_hive_damage_row(kind)->is_loss)
        hive->n_losses++;
    if (hive->places.n < IW_LIMIT_HIVE_DAMAGE_PLACES) {
        bool is_new = false;
        if (iw_map_find(&hive->places, key) != NULL)
            return;
        key = iw_arena_copy(hive->arena, key);
        if (key.p == NULL || iw_map_add(&hive->places, key, &is_new) == NULL)
            hive->no_memory = true;
    }
    if (damage->count == 0 || offset < damage->first_offset)
        damage->first_offset = offset;
    damage->count++;
}

void iw_hive_ask(struct iw_hive *hive)
{
    hive->budget_left = IW_LIMIT_HIVE_ANSWER_BYTES;
}

void *iw_hive_alloc(struct iw_hive *hive, size_t n_bytes, uint64_t offset)
{
    void *p;
    if (n_bytes > hive->budget_left) {
        iw_hive_note_damage(hive, IW_HIVE_DAMAGE_LIMIT, offset);
        return NULL;
    }
    hive->budget_left -= n_bytes;
    p = iw_arena_alloc(hive->arena, n_bytes);
    hive->no_memory |= p == NULL;
    return p;
}

struct iw_str iw_hive_keep(struct iw_hive *hive, struct iw_str text, uint64_t offset)
{
    char *p = iw_hive_alloc(hive, text.n + 1, offset);
    if (p == NULL)
        return IW_STR("");
    memcpy(p, text.p, text.n);
    p[text.n] = '\0';
    return (struct iw_str){p, text.n};
}

static bool has_child(struct iw_hive *hive, const char *name)
{
    uint32_t id;
    return name == NULL || iw_hive_child(hive, hive->root, iw_str_of(name), &id) == IW_HIVE_FOUND;
}

static enum iw_hive_kind decide_kind(struct iw_hive *hive)
{
    if (hive->info.source == IW_HIVE_REG_TEXT)
        return IW_HIVE_EXPORT;
    for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
        if (has_child(hive, SIGNS[i].keys[0]) && has_child(hive, SIGNS[i].keys[1]))
            return SIGNS[i].kind;
    }
    return IW_HIVE_UNKNOWN;
}

enum iw_rc iw_hive_open(struct iw_str file, struct iw_arena *arena, struct iw_hive **ret,
                        struct iw_error *err)
{
    struct iw_hive *hive;
    enum iw_rc rc = IW_OK;

    *ret = NULL;
    if (file.n > IW_LIMIT_HIVE_FILE_BYTES)
        return iw_error_set(err, IW_ELIMIT, "larger than %lu MiB: not read as a registry file",
                            IW_LIMIT_HIVE_FILE_BYTES >> 20);
    hive = iw_arena_calloc(arena, 1, sizeof *hive);
    if (hive == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    hive->file = file;
    hive->arena = arena;
    hive->info.written_ns = IW_TIME_UNKNOWN;
    hive->info.written_path = IW_STR("");
    iw_map_init(&hive->places);
    iw_hive_ask(hive);
    if (!iw_regf_open(hive))
        rc = iw_reg_open(hive);
    if (rc == IW_OK && !hive->no_memory)
        hive->info.kind = decide_kind(hive);
    if (hive->no_memory)
        rc = IW_ENOMEM;
    if (rc != IW_OK) {
        iw_hive_close(hive);
        return iw_error_set(err, rc, rc == IW_ENOMEM ? "no memory" : "no hive and no .reg export");
    }
    *ret = hive;
    return IW_OK;
}

enum iw_rc iw_hive_open_file(const char *path, struct iw_arena *arena, struct iw_hive **ret,
                             struct iw_error *err)
{
    struct iw_str file;
    enum iw_rc rc;

    *ret = NULL;
    IW_TRY(iw_file_read(path, IW_LIMIT_HIVE_FILE_BYTES, arena, &file, err));
    rc = iw_hive_open(file, arena, ret, err);
    if (rc != IW_OK)
        iw_error_place(err, path, 0, 0);
    return rc;
}

void iw_hive_close(struct iw_hive *hive)
{
    if (hive == NULL)
        return;
    iw_map_done(&hive->places);
    iw_free(hive->nodes);
    hive->nodes = NULL;
}

void iw_hive_set_elsewhere(struct iw_hive *hive)
{
    hive->info.is_elsewhere = true;
}

const struct iw_hive_info *iw_hive_info(const struct iw_hive *hive)
{
    return &hive->info;
}

uint64_t iw_hive_damage_total(const struct iw_hive *hive)
{
    uint64_t n = 0;
    for (unsigned kind = 0; kind < IW_HIVE_DAMAGE_COUNT; kind++)
        n += hive->info.damage[kind].count;
    return n;
}

bool iw_hive_no_memory(const struct iw_hive *hive)
{
    return hive->no_memory;
}

/* The bytes a list of *n* items takes, grown by doubling; NULL: no room. */
static void *grow(struct iw_hive *hive, void *items, uint32_t n, uint32_t *cap, size_t item_bytes)
{
    uint32_t wanted = *cap == 0 ? 8 : *cap * 2;
    void *grown;
    if (n < *cap)
        return items;
    grown = iw_hive_alloc(hive, wanted * item_bytes, 0);
    if (grown == NULL)
        return NULL;
    if (n != 0)
        memcpy(grown, items, n * item_bytes);
    *cap = wanted;
    return grown;
}

enum iw_hive_answer iw_hive_keys(struct iw_hive *hive, const struct iw_hive_key *key,
                                 struct iw_hive_keys *ret)
{
    struct iw_hive_name_room room;
    struct iw_hive_cursor cursor;
    uint64_t n_losses = hive->n_losses;
    uint32_t id, cap = 0;

    *ret = (struct iw_hive_keys){0};
    iw_hive_ask(hive);
    hive->ops->keys_begin(hive, key->id, &cursor);
    while (hive->ops->keys_next(hive, &cursor, &id)) {
        struct iw_hive_key *items = grow(hive, ret->items, ret->n, &cap, sizeof *items);
        if (items == NULL)
            break;
        ret->items = items;
        if (!hive->ops->key(hive, id, &items[ret->n], &room))
            continue;
        items[ret->n].name = iw_hive_keep(hive, items[ret->n].name, 0);
        ret->n++;
    }
    return hive->n_losses == n_losses && !hive->no_memory ? IW_HIVE_FOUND : IW_HIVE_UNREADABLE;
}

enum iw_hive_answer iw_hive_values(struct iw_hive *hive, const struct iw_hive_key *key,
                                   struct iw_hive_values *ret)
{
    struct iw_hive_name_room room;
    struct iw_hive_cursor cursor;
    uint64_t n_losses = hive->n_losses;
    uint32_t id, cap = 0;

    *ret = (struct iw_hive_values){0};
    iw_hive_ask(hive);
    hive->ops->values_begin(hive, key->id, &cursor);
    while (hive->ops->values_next(hive, &cursor, &id)) {
        struct iw_hive_value *items = grow(hive, ret->items, ret->n, &cap, sizeof *items);
        if (items == NULL)
            break;
        ret->items = items;
        if (!hive->ops->value(hive, id, &items[ret->n], &room))
            continue;
        items[ret->n].name = iw_hive_keep(hive, items[ret->n].name, 0);
        hive->ops->data(hive, id, &items[ret->n]);
        ret->n++;
    }
    return hive->n_losses == n_losses && !hive->no_memory ? IW_HIVE_FOUND : IW_HIVE_UNREADABLE;
}

enum iw_hive_answer iw_hive_value(struct iw_hive *hive, const struct iw_hive_key *key,
                                  struct iw_str name, struct iw_hive_value *ret)
{
    struct iw_hive_name_room room;
    struct iw_hive_cursor cursor;
    uint64_t n_losses = hive->n_losses;
    uint32_t id;

    *ret = (struct iw_hive_value){0};
    iw_hive_ask(hive);
    hive->ops->values_begin(hive, key->id, &cursor);
    while (hive->ops->values_next(hive, &cursor, &id)) {
        struct iw_hive_value value;
        if (!hive->ops->value(hive, id, &value, &room) || !iw_hive_same_name(value.name, name))
            continue;
        *ret = value;
        ret->name = iw_hive_keep(hive, value.name, 0);
        hive->ops->data(hive, id, ret);
        return IW_HIVE_FOUND;
    }
    return hive->n_losses == n_losses && !hive->no_memory ? IW_HIVE_ABSENT : IW_HIVE_UNREADABLE;
}
