#include "iis/baseline/baseline_pair.h"

#include <stdlib.h>

#include "base/hex.h"
#include "base/path_name.h"

typedef int order_function(const struct iw_baseline_record *a, const struct iw_baseline_record *b);

static int by_key(const struct iw_baseline_record *a, const struct iw_baseline_record *b)
{
    return iw_str_compare(a->key, b->key);
}

static int by_near(const struct iw_baseline_record *a, const struct iw_baseline_record *b)
{
    int order = by_key(a, b);
    return order != 0 ? order : iw_str_compare(a->near, b->near);
}

/* Equal records keep a fixed order: by how they are spelt, then by place in memory, which is that
 * of the document or inventory. */
static int settle(const struct iw_baseline_slot *a, const struct iw_baseline_slot *b, int order)
{
    if (order == 0)
        order = iw_str_compare(a->record->shown.name, b->record->shown.name);
    if (order == 0)
        order = iw_str_compare(a->record->shown.image, b->record->shown.image);
    return order != 0 ? order : a->record < b->record ? -1 : a->record > b->record;
}

static int content_order(const void *a, const void *b)
{
    const struct iw_baseline_slot *left = a, *right = b;
    return settle(left, right, iw_baseline_record_compare(left->record, right->record));
}

static int near_order(const void *a, const void *b)
{
    const struct iw_baseline_slot *left = a, *right = b;
    int order = by_near(left->record, right->record);
    if (order == 0)
        order = iw_baseline_record_compare(left->record, right->record);
    return settle(left, right, order);
}

static size_t skip(const struct iw_baseline_side *side, size_t at)
{
    while (at < side->n && (side->slots[at].partner != NULL || side->slots[at].record->is_unknown))
        at++;
    return at;
}

/* Both sides are in the order of *order*, or of one that goes on from it. */
static void pass(struct iw_baseline_side *was, struct iw_baseline_side *now, order_function *order)
{
    size_t i = skip(was, 0), j = skip(now, 0);
    while (i < was->n && j < now->n) {
        int sign = order(was->slots[i].record, now->slots[j].record);
        if (sign == 0) {
            was->slots[i].partner = &now->slots[j];
            now->slots[j].partner = &was->slots[i];
        }
        if (sign <= 0)
            i = skip(was, i + 1);
        if (sign >= 0)
            j = skip(now, j + 1);
    }
}

/* Slots with a partner go behind the others, so that sorting what is left breaks no pair. */
static struct iw_baseline_side left_over(struct iw_baseline_side *side)
{
    struct iw_baseline_side rest = {side->slots, 0};
    for (size_t i = 0; i < side->n; i++) {
        struct iw_baseline_slot slot = side->slots[i];
        if (slot.partner != NULL)
            continue;
        side->slots[i] = side->slots[rest.n];
        if (i != rest.n && side->slots[i].partner != NULL)
            side->slots[i].partner->partner = &side->slots[i];
        side->slots[rest.n++] = slot;
    }
    return rest;
}

static void sort(struct iw_baseline_side *side, int (*order)(const void *, const void *))
{
    if (side->n > 1)
        qsort(side->slots, side->n, sizeof side->slots[0], order);
}

void iw_baseline_pair(struct iw_baseline_side *was, struct iw_baseline_side *now)
{
    struct iw_baseline_side rest_was, rest_now;
    sort(was, content_order);
    sort(now, content_order);
    pass(was, now, iw_baseline_record_compare);
    pass(was, now, iw_baseline_form_compare);
    rest_was = left_over(was);
    rest_now = left_over(now);
    sort(&rest_was, near_order);
    sort(&rest_now, near_order);
    pass(&rest_was, &rest_now, by_near);
    pass(&rest_was, &rest_now, by_key);
}

static bool is_narrow(const struct iw_baseline_file *file)
{
    return iw_str_equal(file->twin, IW_STR("x86"));
}

/* A file that 32-bit workers load, where the baseline had none: *other* is the twin there. */
static bool is_new_twin(const struct iw_baseline_file *file, const struct iw_baseline_file *other)
{
    return is_narrow(file) && file->has_sha256 && (other == NULL || !other->has_sha256);
}

static void contrast_files(const struct iw_baseline_record *was,
                           const struct iw_baseline_record *now, const struct iw_map *collected,
                           struct iw_baseline_contrast *ret)
{
    bool differs = false, moved = false, has_come = false;
    for (size_t i = 0; i < now->n_files; i++) {
        const struct iw_baseline_file *file = &now->files[i];
        const struct iw_baseline_file *before = iw_baseline_twin(was, file);
        bool had = before != NULL && before->has_sha256;
        if (had && file->has_sha256)
            differs |= memcmp(before->sha256, file->sha256, sizeof file->sha256) != 0;
        else if (is_new_twin(file, before) &&
                 iw_map_find(collected, iw_path_folder(file->key)) != NULL)
            has_come = true;
        else
            ret->is_uncompared |= had != file->has_sha256;
        /* A class names its file in the registry, which is not in every evidence. */
        moved |= now->shown.image.n == 0 && was->shown.image.n == 0 && before != NULL &&
                 before->key.n != 0 && file->key.n != 0 && !iw_str_equal(before->key, file->key);
    }
    for (size_t i = 0; i < was->n_files; i++)
        ret->is_uncompared |=
            was->files[i].has_sha256 && iw_baseline_twin(now, &was->files[i]) == NULL;
    if (moved)
        ret->fields[ret->n_fields++] = "path";
    if (differs)
        ret->fields[ret->n_fields++] = "sha256";
    if (has_come)
        ret->fields[ret->n_fields++] = "twin";
}

void iw_baseline_contrast(const struct iw_baseline_record *was,
                          const struct iw_baseline_record *now, const struct iw_map *collected,
                          struct iw_baseline_contrast *ret)
{
    *ret = (struct iw_baseline_contrast){0};
    for (unsigned i = 0; i < IW_BASELINE_FIELD_COUNT; i++)
        if (!iw_str_equal(was->form[i], now->form[i]))
            ret->fields[ret->n_fields++] = iw_baseline_field_name((enum iw_baseline_field)i);
    contrast_files(was, now, collected, ret);
}

/* --- values for people --------------------------------------------------------------------- */

static bool has(const struct iw_text_list *list, struct iw_str item)
{
    for (size_t i = 0; i < list->n; i++)
        if (iw_str_equal(list->items[i], item))
            return true;
    return false;
}

/* What *other* does not have as well: what differs in a long list is seen at once. Lists have at
 * most IW_LIMIT_BASELINE_LIST items. */
static struct iw_str join(const struct iw_text_list *list, const struct iw_text_list *other,
                          struct iw_arena *arena)
{
    struct iw_buffer text;
    struct iw_str joined = {NULL, 0};
    iw_buffer_init(&text);
    for (size_t i = 0; i < list->n; i++) {
        if (has(other, list->items[i]))
            continue;
        if (text.n != 0)
            iw_buffer_add(&text, IW_STR(", "));
        iw_buffer_add(&text, list->items[i]);
    }
    if (!text.failed)
        joined = iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return joined;
}

/* Of the first twin whose hashes differ. */
static struct iw_str hash_of(const struct iw_baseline_record *record,
                             const struct iw_baseline_record *other, struct iw_arena *arena)
{
    char hex[64];
    for (size_t i = 0; i < record->n_files; i++) {
        const struct iw_baseline_file *file = &record->files[i];
        const struct iw_baseline_file *twin = iw_baseline_twin(other, file);
        if (twin == NULL || !twin->has_sha256 || !file->has_sha256 ||
            memcmp(twin->sha256, file->sha256, sizeof file->sha256) == 0)
            continue;
        iw_hex_write(file->sha256, sizeof file->sha256, hex);
        return iw_arena_copy(arena, (struct iw_str){hex, sizeof hex});
    }
    return IW_STR("");
}

static struct iw_str twin_of(const struct iw_baseline_record *record,
                             const struct iw_baseline_record *other)
{
    for (size_t i = 0; i < record->n_files; i++) {
        const struct iw_baseline_file *file = &record->files[i];
        if (is_new_twin(file, iw_baseline_twin(other, file)))
            return file->path;
    }
    return IW_STR("");
}

static struct iw_str path_of(const struct iw_baseline_record *record,
                             const struct iw_baseline_record *other)
{
    for (size_t i = 0; i < record->n_files; i++) {
        const struct iw_baseline_file *twin = iw_baseline_twin(other, &record->files[i]);
        if (twin != NULL && !iw_str_equal(twin->key, record->files[i].key))
            return record->files[i].path;
    }
    return IW_STR("");
}

struct iw_str iw_baseline_value(const struct iw_baseline_record *record,
                                const struct iw_baseline_record *other, const char *field,
                                struct iw_arena *arena)
{
    const struct iw_str plain[IW_BASELINE_FIELD_COUNT] = {
        [IW_BASELINE_NAME] = record->shown.name,
        [IW_BASELINE_IMAGE] = record->shown.image,
        [IW_BASELINE_ARGUMENTS] = record->arguments,
        [IW_BASELINE_TYPE] = record->type,
        [IW_BASELINE_CLSID] = record->clsid,
        [IW_BASELINE_DISABLED] = record->is_disabled ? IW_STR("true") : IW_STR("false"),
        [IW_BASELINE_STATE] = record->state,
        [IW_BASELINE_OWNER] = record->owner,
        [IW_BASELINE_HANDLER] = record->handler,
    };
    if (strcmp(field, "sha256") == 0)
        return hash_of(record, other, arena);
    if (strcmp(field, "path") == 0)
        return path_of(record, other);
    if (strcmp(field, "twin") == 0)
        return twin_of(record, other);
    if (strcmp(field, iw_baseline_field_name(IW_BASELINE_PRECONDITION)) == 0)
        return join(&record->precondition, &other->precondition, arena);
    if (strcmp(field, iw_baseline_field_name(IW_BASELINE_ATTRIBUTES)) == 0)
        return join(&record->attributes, &other->attributes, arena);
    for (unsigned i = 0; i < IW_BASELINE_FIELD_COUNT; i++)
        if (strcmp(field, iw_baseline_field_name((enum iw_baseline_field)i)) == 0)
            return plain[i].p != NULL ? plain[i] : IW_STR("");
    return IW_STR("");
}
