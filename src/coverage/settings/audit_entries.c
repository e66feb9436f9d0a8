#include "coverage/settings/audit_entries.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "coverage/settings/settings_text.h"
#include "iis/config/server_path.h"

#define PROVIDER "FileSystem::"

struct reading {
    struct iw_arena *arena;
    struct iw_audit_entries *entries;
    struct iw_str path; /* of the descriptor that comes next; n 0: none */
    uint32_t path_line;
    size_t n_descriptors;
};

/* --- one descriptor -------------------------------------------------------------------------- */

static bool is_absolute(struct iw_str path)
{
    bool is_drive = path.n >= 3 && path.p[1] == ':' && path.p[2] == '\\';
    return is_drive || (path.n >= 3 && path.p[0] == '\\' && path.p[1] == '\\');
}

static enum iw_rc keep(struct reading *reading, struct iw_str path, const struct iw_audit_acl *acl,
                       uint32_t line)
{
    struct iw_audit_entries *entries = reading->entries;
    struct iw_server_path place;
    if (!iw_server_path_of_file(path, reading->arena, &place))
        return IW_ENOMEM;
    entries->n_odd += acl->is_odd;
    entries->items[entries->n++] =
        (struct iw_audit_entry){.path = path, .key = place.key, .acl = *acl, .line = line};
    return IW_OK;
}

static enum iw_rc take(struct reading *reading, struct iw_str path, struct iw_str sddl,
                       bool has_list, uint32_t line)
{
    struct iw_audit_entries *entries = reading->entries;
    struct iw_audit_acl acl;
    if (!iw_audit_acl_read(sddl, &acl))
        return IW_OK;
    reading->n_descriptors++;
    /* Get-Acl -Audit shows the list, and there is none. */
    acl.is_there |= has_list;
    if (!acl.is_there) {
        entries->n_without++;
        return IW_OK;
    }
    if (!is_absolute(path)) {
        entries->n_relative++;
        return IW_OK;
    }
    if (entries->n == IW_LIMIT_PROOF_ENTRIES)
        return IW_ELIMIT;
    return keep(reading, path, &acl, line);
}

/* --- the list form of PowerShell -------------------------------------------------------------- */

/* One object of it, and the value that goes on in indented lines. */
struct listed {
    struct iw_buffer path, sddl;
    struct iw_buffer *goes_on;
    bool has_audit;
    uint32_t line;
};

/* `Path   : value`; false: it goes on with the value of the line above. */
static bool split_property(struct iw_str line, struct iw_str *ret_name, struct iw_str *ret_value)
{
    const char *colon;
    if (line.n == 0 || line.p[0] == ' ' || line.p[0] == '\t')
        return false;
    colon = memchr(line.p, ':', line.n);
    if (colon == NULL)
        return false;
    *ret_name = iw_settings_trimmed((struct iw_str){line.p, (size_t)(colon - line.p)});
    *ret_value =
        iw_settings_trimmed((struct iw_str){colon + 1, line.n - (size_t)(colon - line.p) - 1});
    return true;
}

static enum iw_rc end_listed(struct reading *reading, struct listed *listed)
{
    struct iw_str path = iw_buffer_str(&listed->path);
    struct iw_str sddl = iw_buffer_str(&listed->sddl);
    size_t at = iw_str_find(path, IW_STR(PROVIDER));
    enum iw_rc rc = IW_OK;
    if (listed->path.failed || listed->sddl.failed)
        return IW_ENOMEM;
    if (at != SIZE_MAX)
        path =
            (struct iw_str){path.p + at + sizeof PROVIDER - 1, path.n - at - (sizeof PROVIDER - 1)};
    if (path.n != 0 && sddl.n != 0) {
        path = iw_arena_copy(reading->arena, path);
        sddl = iw_arena_copy(reading->arena, sddl);
        if (path.p == NULL || sddl.p == NULL)
            return IW_ENOMEM;
        rc = take(reading, path, sddl, listed->has_audit, listed->line);
    }
    iw_buffer_clear(&listed->path);
    iw_buffer_clear(&listed->sddl);
    listed->has_audit = false;
    return rc;
}

static enum iw_rc take_property(struct reading *reading, struct listed *listed, struct iw_str name,
                                struct iw_str value, uint32_t number)
{
    listed->goes_on = NULL;
    if (iw_str_equal_nocase(name, IW_STR("Path"))) {
        IW_TRY(end_listed(reading, listed));
        listed->line = number;
        listed->goes_on = &listed->path;
    } else if (iw_str_equal_nocase(name, IW_STR("Sddl"))) {
        iw_buffer_clear(&listed->sddl);
        listed->goes_on = &listed->sddl;
    } else if (iw_str_equal_nocase(name, IW_STR("Audit"))) {
        listed->has_audit = true;
    }
    if (listed->goes_on != NULL)
        iw_buffer_add(listed->goes_on, value);
    return IW_OK;
}

static enum iw_rc read_properties(struct reading *reading, struct iw_str text,
                                  struct listed *listed)
{
    struct iw_str line, name, value;
    uint32_t number = 0;
    while (iw_settings_line(&text, &line, &number)) {
        if (split_property(line, &name, &value)) {
            IW_TRY(take_property(reading, listed, name, value, number));
        } else if (listed->goes_on != NULL) {
            if (iw_buffer_str(listed->goes_on).n + line.n > IW_LIMIT_PROOF_VALUE_BYTES)
                return IW_ELIMIT;
            iw_buffer_add(listed->goes_on, iw_settings_trimmed(line));
        }
    }
    return end_listed(reading, listed);
}

static enum iw_rc read_listed(struct reading *reading, struct iw_str text)
{
    struct listed listed = {.goes_on = NULL};
    enum iw_rc rc;
    iw_buffer_init(&listed.path);
    iw_buffer_init(&listed.sddl);
    rc = read_properties(reading, text, &listed);
    iw_buffer_done(&listed.path);
    iw_buffer_done(&listed.sddl);
    return rc;
}

/* --- a path and a descriptor in two lines ----------------------------------------------------- */

static enum iw_rc read_pairs(struct reading *reading, struct iw_str text)
{
    struct iw_str line, path = IW_STR("");
    uint32_t number = 0;
    struct iw_audit_acl acl;
    while (iw_settings_line(&text, &line, &number)) {
        line = iw_settings_trimmed(line);
        if (line.n == 0)
            continue;
        /* A descriptor has a colon where the path of a drive has one too: a backslash tells. */
        if (path.n != 0 && !is_absolute(line) && iw_audit_acl_read(line, &acl)) {
            IW_TRY(take(reading, path, line, false, number));
            path = IW_STR("");
        } else {
            path = line;
        }
    }
    return IW_OK;
}

/* A descriptor has a line of its own. */
static size_t most_entries(struct iw_str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n && n < IW_LIMIT_PROOF_ENTRIES; i++)
        n += text.p[i] == '\n' || text.p[i] == '\r';
    return n;
}

enum iw_rc iw_audit_entries_read(struct iw_str bytes, struct iw_arena *arena,
                                 struct iw_audit_entries *ret, struct iw_error *err)
{
    struct reading reading = {.arena = arena, .entries = ret};
    struct iw_str text;
    enum iw_rc rc = IW_ENOMEM;
    *ret = (struct iw_audit_entries){NULL, 0, 0, 0, 0};
    IW_TRY(iw_settings_fit(bytes, err));
    text = iw_settings_text(bytes, arena);
    ret->items = iw_arena_calloc(arena, most_entries(text), sizeof *ret->items);
    if (text.p != NULL && ret->items != NULL)
        rc = read_listed(&reading, text);
    if (rc == IW_OK && reading.n_descriptors == 0)
        rc = read_pairs(&reading, text);
    if (rc == IW_ELIMIT)
        return iw_error_set(err, rc, "more than %u folders, or a value of more than %u bytes",
                            IW_LIMIT_PROOF_ENTRIES, IW_LIMIT_PROOF_VALUE_BYTES);
    if (rc != IW_OK)
        return iw_error_set(err, rc, "no memory");
    return reading.n_descriptors != 0
               ? IW_OK
               : iw_error_set(err, IW_EFORMAT, "no security descriptor is in it");
}

/* --- asking --------------------------------------------------------------------------------- */

/* The entry of the longest path at or above *key*. */
static const struct iw_audit_entry *nearest(const struct iw_audit_entries *entries,
                                            struct iw_str key)
{
    const struct iw_audit_entry *best = NULL;
    for (size_t i = 0; i < entries->n; i++) {
        const struct iw_audit_entry *entry = &entries->items[i];
        if (iw_server_path_covers(entry->key, key) && (best == NULL || entry->key.n > best->key.n))
            best = entry;
    }
    return best;
}

/* The rights that are audited of what is asked about. */
static uint32_t rights_of(struct iw_audit_reach reach, bool is_itself, bool is_folder)
{
    return is_itself && !is_folder ? reach.itself : reach.below;
}

static bool is_all(uint32_t rights)
{
    return (rights & IW_AUDIT_PLACES) == IW_AUDIT_PLACES;
}

/* Below a folder that is asked about, one whose own list audits less: what is put there is a hole.
 * NULL: there is none. */
static const struct iw_audit_entry *hole_below(const struct iw_audit_entries *entries,
                                               struct iw_str key)
{
    for (size_t i = 0; i < entries->n; i++) {
        const struct iw_audit_entry *entry = &entries->items[i];
        if (entry->key.n > key.n && iw_server_path_covers(key, entry->key) &&
            !is_all(entry->acl.everyone.below))
            return entry;
    }
    return NULL;
}

/* Those of any part of it: of a folder what lies right in it is one. */
static uint32_t rights_of_part(struct iw_audit_reach reach, bool is_itself, bool is_folder)
{
    return rights_of(reach, is_itself, is_folder) | (is_itself && is_folder ? reach.directly : 0);
}

/* Of an entry that does not audit all by everyone. */
static enum iw_audit_cover cover_of(const struct iw_audit_acl *acl, bool is_itself, bool is_folder)
{
    uint32_t everyone = rights_of(acl->everyone, is_itself, is_folder);
    uint32_t workers = rights_of_part(acl->everyone, is_itself, is_folder) |
                       rights_of_part(acl->workers, is_itself, is_folder);
    uint32_t others = rights_of_part(acl->others, is_itself, is_folder);
    if (!acl->is_odd && (everyone & IW_AUDIT_WRITE) != 0)
        return IW_AUDIT_COVER_WRITING;
    if (acl->is_odd || (workers & IW_AUDIT_WRITE) != 0)
        return IW_AUDIT_COVER_SOME;
    if ((others & IW_AUDIT_WRITE) != 0)
        return IW_AUDIT_COVER_OTHERS;
    return is_itself ? IW_AUDIT_COVER_NONE : IW_AUDIT_COVER_UNSAID;
}

static enum iw_audit_cover cover_by(const struct iw_audit_entry *entry, struct iw_str key,
                                    bool is_folder)
{
    bool is_itself = iw_str_equal(entry->key, key);
    return is_all(rights_of(entry->acl.everyone, is_itself, is_folder))
               ? IW_AUDIT_COVER_ALL
               : cover_of(&entry->acl, is_itself, is_folder);
}

/* Of several lists of one path the worst counts; where one hands nothing on, none says what lies
 * below. */
enum iw_audit_cover iw_audit_entries_ask(const struct iw_audit_entries *entries, struct iw_str key,
                                         bool is_folder, const struct iw_audit_entry **ret)
{
    const struct iw_audit_entry *near = nearest(entries, key);
    const struct iw_audit_entry *hole = is_folder ? hole_below(entries, key) : NULL;
    enum iw_audit_cover cover = IW_AUDIT_COVER_UNSAID;
    *ret = NULL;
    for (size_t i = 0; near != NULL && i < entries->n; i++) {
        const struct iw_audit_entry *entry = &entries->items[i];
        enum iw_audit_cover own;
        if (!iw_str_equal(entry->key, near->key))
            continue;
        own = cover_by(entry, key, is_folder);
        if (own == IW_AUDIT_COVER_UNSAID) {
            *ret = NULL;
            return own;
        }
        if (own > cover) {
            cover = own;
            *ret = entry;
        }
    }
    if (cover != IW_AUDIT_COVER_ALL || hole == NULL)
        return cover;
    *ret = hole;
    return IW_AUDIT_COVER_SOME;
}
