/*
 * Entries of an inventory, and entries of a document, as records; and the object of a record. The
 * object has every member in every entry, so that a change of a line shows what changed.
 */
#include "iis/baseline/baseline_record.h"

#include <stdlib.h>

#include "base/hex.h"
#include "base/limits.h"
#include "base/utf.h"
#include "iis/config/web_pattern.h"

/* --- from an inventory --------------------------------------------------------------------- */

/* Documents are UTF-8; what is not would come back from one as something else. */
static bool take_text(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    char *out;
    size_t n = 0;
    *ret = text.n != 0 ? text : IW_STR("");
    if (iw_utf8_valid(*ret))
        return true;
    out = iw_arena_alloc(arena, text.n * 3);
    for (size_t at = 0; out != NULL && at < text.n;)
        n += iw_utf8_put(iw_utf8_next(text, &at), out + n);
    *ret = (struct iw_str){out, n};
    return out != NULL;
}

static int text_order(const void *a, const void *b)
{
    return iw_str_compare(*(const struct iw_str *)a, *(const struct iw_str *)b);
}

/* Sorted, each once. */
static void settle_list(struct iw_str *items, size_t n, struct iw_text_list *ret)
{
    size_t kept = 0;
    if (n > 1)
        qsort(items, n, sizeof items[0], text_order);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !iw_str_equal(items[i], items[kept - 1]))
            items[kept++] = items[i];
    *ret = (struct iw_text_list){items, kept};
}

/* Items between commas; those past the limit stay together as the last, so that none is lost. */
static bool split_list(struct iw_str text, struct iw_arena *arena, struct iw_text_list *ret)
{
    size_t n = 1, kept = 0;
    struct iw_str *items;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == ',';
    n = n < IW_LIMIT_BASELINE_LIST ? n : IW_LIMIT_BASELINE_LIST;
    items = iw_arena_calloc(arena, n, sizeof items[0]);
    if (items == NULL)
        return false;
    while (text.n != 0) {
        struct iw_str item = text;
        if (kept + 1 < IW_LIMIT_BASELINE_LIST)
            item = iw_web_list_next(&text, ',');
        else
            text.n = 0;
        if (item.n != 0)
            items[kept++] = item;
    }
    settle_list(items, kept, ret);
    return true;
}

static bool take_list(const struct iw_text_list *list, struct iw_arena *arena,
                      struct iw_text_list *ret)
{
    size_t n = list->n;
    struct iw_str *items = iw_arena_calloc(arena, n + 1, sizeof items[0]);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!take_text(list->items[i], arena, &items[i]))
            return false;
    settle_list(items, n, ret);
    return true;
}

static bool take_files(const struct iw_item_file *files, size_t n, struct iw_arena *arena,
                       struct iw_baseline_record *ret)
{
    ret->files = iw_arena_calloc(arena, n + 1, sizeof ret->files[0]);
    if (ret->files == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct iw_baseline_file *file = &ret->files[ret->n_files++];
        if (!take_text(iw_str_of(files[i].twin), arena, &file->twin) ||
            !take_text(files[i].path, arena, &file->path))
            return false;
        file->has_sha256 = files[i].state == IW_ITEM_FILE_READ;
        if (file->has_sha256)
            memcpy(file->sha256, files[i].sha256, sizeof file->sha256);
    }
    return true;
}

static struct iw_baseline_record empty_record(struct iw_str host)
{
    const struct iw_str none = IW_STR("");
    return (struct iw_baseline_record){
        .shown = {.host = host, .kind = none, .name = none, .scope = none, .image = none},
        .arguments = none,
        .type = none,
        .clsid = none,
        .owner = none,
        .state = none,
        .handler = none,
    };
}

enum iw_rc iw_baseline_record_component(const struct iw_inventory_component *component,
                                        struct iw_str host, struct iw_arena *arena,
                                        struct iw_baseline_record *ret)
{
    struct iw_str precondition;
    *ret = empty_record(host);
    ret->shown.component = component;
    ret->is_disabled = component->is_disabled;
    if (!take_text(iw_str_of(component->kind), arena, &ret->shown.kind) ||
        !take_text(component->name, arena, &ret->shown.name) ||
        !take_text(component->scope, arena, &ret->shown.scope) ||
        !take_text(component->image, arena, &ret->shown.image) ||
        !take_text(component->arguments, arena, &ret->arguments) ||
        !take_text(component->type, arena, &ret->type) ||
        !take_text(component->clsid, arena, &ret->clsid) ||
        !take_text(component->owner, arena, &ret->owner) ||
        !take_text(iw_str_of(component->state), arena, &ret->state) ||
        !take_text(component->precondition, arena, &precondition) ||
        !split_list(precondition, arena, &ret->precondition) ||
        !take_list(&component->attributes, arena, &ret->attributes) ||
        !take_files(component->files, component->n_files, arena, ret))
        return IW_ENOMEM;
    return iw_baseline_record_settle(ret, arena);
}

/* "Default Web Site", "Default Web Site/app". */
static bool scope_of(const struct iw_inventory_web_file *file, struct iw_arena *arena,
                     struct iw_str *ret)
{
    bool is_root = file->application.n == 0 || iw_str_equal(file->application, IW_STR("/"));
    size_t n = file->site.n;
    char *out = iw_arena_alloc(arena, n + file->application.n + 1);
    if (out == NULL)
        return false;
    if (n != 0)
        memcpy(out, file->site.p, n);
    if (!is_root) {
        memcpy(out + n, file->application.p, file->application.n);
        n += file->application.n;
    }
    return take_text((struct iw_str){out, n}, arena, ret);
}

enum iw_rc iw_baseline_record_web_file(const struct iw_inventory_web_file *file, struct iw_str host,
                                       struct iw_arena *arena, struct iw_baseline_record *ret)
{
    *ret = empty_record(host);
    ret->shown.web_file = file;
    ret->shown.kind = IW_STR("webFile");
    ret->state = IW_STR("file");
    if (!take_text(file->file.path, arena, &ret->shown.name) ||
        !scope_of(file, arena, &ret->shown.scope) ||
        !take_text(file->handler, arena, &ret->handler) || !take_files(&file->file, 1, arena, ret))
        return IW_ENOMEM;
    return iw_baseline_record_settle(ret, arena);
}

/* --- the object ---------------------------------------------------------------------------- */

static void write_list(struct iw_json *json, const char *key, const struct iw_text_list *list)
{
    iw_json_key(json, iw_str_of(key));
    iw_json_array(json);
    for (size_t i = 0; i < list->n; i++)
        iw_json_text(json, list->items[i]);
    iw_json_array_end(json);
}

static void write_files(struct iw_json *json, const struct iw_baseline_record *record)
{
    iw_json_key(json, IW_STR("files"));
    iw_json_array(json);
    for (size_t i = 0; i < record->n_files; i++) {
        const struct iw_baseline_file *file = &record->files[i];
        char hex[64];
        iw_hex_write(file->sha256, 32, hex);
        iw_json_object(json);
        iw_json_member_text_or_null(json, "twin", file->twin);
        iw_json_member_text_or_null(json, "path", file->path);
        iw_json_member_text_or_null(json, "sha256",
                                    (struct iw_str){hex, file->has_sha256 ? sizeof hex : 0});
        iw_json_object_end(json);
    }
    iw_json_array_end(json);
}

void iw_baseline_record_json(const struct iw_baseline_record *record, struct iw_json *json)
{
    iw_json_object(json);
    iw_json_member_text(json, "kind", record->shown.kind);
    iw_json_member_text(json, "name", record->shown.name);
    iw_json_member_text(json, "scope", record->shown.scope);
    iw_json_member_text_or_null(json, "image", record->shown.image);
    iw_json_member_text_or_null(json, "arguments", record->arguments);
    iw_json_member_text_or_null(json, "type", record->type);
    iw_json_member_text_or_null(json, "clsid", record->clsid);
    iw_json_member_text_or_null(json, "owner", record->owner);
    iw_json_member_text_or_null(json, "handler", record->handler);
    iw_json_member_text(json, "state", record->state);
    iw_json_member_bool(json, "disabled", record->is_disabled);
    write_list(json, "precondition", &record->precondition);
    write_list(json, "attributes", &record->attributes);
    write_files(json, record);
    iw_json_object_end(json);
}

/* --- from an object ------------------------------------------------------------------------ */

struct text_member {
    const char *name;
    bool may_be_null;
    struct iw_str *to;
};

static enum iw_rc wrong(struct iw_error *err, const char *name, const char *what)
{
    return iw_error_set(err, IW_EFORMAT, "\"%s\" %s", name, what);
}

/* Copies: the tree does not live as long as the record. */
static enum iw_rc read_text(const struct iw_json_node *object, const struct text_member *member,
                            struct iw_arena *arena, struct iw_error *err)
{
    const struct iw_json_node *node = iw_json_find(object, iw_str_of(member->name));
    if (node == NULL)
        return wrong(err, member->name, "is missing");
    if (node->kind == IW_JSON_NULL && member->may_be_null)
        return IW_OK;
    if (node->kind != IW_JSON_TEXT)
        return wrong(err, member->name, "is no text");
    *member->to = iw_arena_copy(arena, node->text);
    return member->to->p != NULL ? IW_OK : IW_ENOMEM;
}

static enum iw_rc read_array(const struct iw_json_node *object, const char *name, size_t limit,
                             const struct iw_json_node **ret, struct iw_error *err)
{
    *ret = iw_json_find(object, iw_str_of(name));
    if (*ret == NULL || (*ret)->kind != IW_JSON_ARRAY)
        return wrong(err, name, *ret == NULL ? "is missing" : "is no list");
    if ((*ret)->n > limit)
        return iw_error_set(err, IW_ELIMIT, "\"%s\" has more than %zu items", name, limit);
    return IW_OK;
}

static enum iw_rc read_list(const struct iw_json_node *object, const char *name,
                            struct iw_arena *arena, struct iw_text_list *ret, struct iw_error *err)
{
    const struct iw_json_node *array;
    struct iw_str *items;
    size_t n = 0;
    IW_TRY(read_array(object, name, IW_LIMIT_BASELINE_LIST, &array, err));
    items = iw_arena_calloc(arena, (size_t)array->n + 1, sizeof items[0]);
    if (items == NULL)
        return IW_ENOMEM;
    for (const struct iw_json_node *at = array->first; at != NULL; at = at->next) {
        if (at->kind != IW_JSON_TEXT)
            return wrong(err, name, "has an item that is no text");
        items[n] = iw_arena_copy(arena, at->text);
        if (items[n++].p == NULL)
            return IW_ENOMEM;
    }
    settle_list(items, n, ret);
    return IW_OK;
}

static enum iw_rc read_file(const struct iw_json_node *object, struct iw_arena *arena,
                            struct iw_baseline_file *ret, struct iw_error *err)
{
    struct iw_str hex = IW_STR("");
    const struct text_member members[] = {
        {"twin", true, &ret->twin}, {"path", true, &ret->path}, {"sha256", true, &hex}};
    *ret = (struct iw_baseline_file){.twin = IW_STR(""), .path = IW_STR("")};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        IW_TRY(read_text(object, &members[i], arena, err));
    if (object->n != sizeof members / sizeof members[0])
        return wrong(err, "files", "has a member nobody knows");
    ret->has_sha256 = hex.n != 0;
    if (ret->has_sha256 && !iw_hex_read(hex, ret->sha256, sizeof ret->sha256))
        return wrong(err, "sha256", "is no SHA-256");
    return IW_OK;
}

static enum iw_rc read_files(const struct iw_json_node *object, struct iw_arena *arena,
                             struct iw_baseline_record *ret, struct iw_error *err)
{
    const struct iw_json_node *array;
    IW_TRY(read_array(object, "files", IW_LIMIT_BASELINE_FILES, &array, err));
    ret->files = iw_arena_calloc(arena, (size_t)array->n + 1, sizeof ret->files[0]);
    if (ret->files == NULL)
        return IW_ENOMEM;
    for (const struct iw_json_node *at = array->first; at != NULL; at = at->next)
        IW_TRY(read_file(at, arena, &ret->files[ret->n_files++], err));
    return IW_OK;
}

enum iw_rc iw_baseline_record_read(const struct iw_json_node *object, struct iw_arena *arena,
                                   struct iw_baseline_record *ret, struct iw_error *err)
{
    const struct text_member members[] = {
        {"kind", false, &ret->shown.kind},    {"name", false, &ret->shown.name},
        {"scope", false, &ret->shown.scope},  {"image", true, &ret->shown.image},
        {"arguments", true, &ret->arguments}, {"type", true, &ret->type},
        {"clsid", true, &ret->clsid},         {"owner", true, &ret->owner},
        {"handler", true, &ret->handler},     {"state", false, &ret->state},
    };
    const struct iw_json_node *disabled;
    enum { N_TEXTS = sizeof members / sizeof members[0], N_OTHERS = 4 };
    *ret = empty_record(IW_STR(""));
    if (object == NULL || object->kind != IW_JSON_OBJECT)
        return iw_error_set(err, IW_EFORMAT, "an entry that is no object");
    for (size_t i = 0; i < N_TEXTS; i++)
        IW_TRY(read_text(object, &members[i], arena, err));
    disabled = iw_json_find(object, IW_STR("disabled"));
    if (disabled == NULL || (disabled->kind != IW_JSON_TRUE && disabled->kind != IW_JSON_FALSE))
        return wrong(err, "disabled", "is neither true nor false");
    ret->is_disabled = disabled->kind == IW_JSON_TRUE;
    IW_TRY(read_list(object, "precondition", arena, &ret->precondition, err));
    IW_TRY(read_list(object, "attributes", arena, &ret->attributes, err));
    IW_TRY(read_files(object, arena, ret, err));
    if (object->n != N_TEXTS + N_OTHERS)
        return iw_error_set(err, IW_EFORMAT, "an entry has a member nobody knows");
    return iw_baseline_record_settle(ret, arena);
}
