/*
 * Cases: made when a judgment asks for one, found again by their key.
 */
#include "detect/subject_case.h"

#include <stdarg.h>

#include "base/arena_text.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "detect/product_family.h"
#include "detect/subject_key.h"

/* --- making --------------------------------------------------------------------------------- */

static struct iw_case *find_or_make(struct iw_judging *judging, struct iw_str key, bool *ret_new)
{
    struct iw_map_entry *entry = iw_map_find(&judging->cases, key);
    struct iw_case *made;
    *ret_new = entry == NULL;
    if (entry != NULL)
        return entry->value.pointer;
    made = iw_arena_calloc(judging->arena, 1, sizeof *made);
    entry = made != NULL ? iw_map_add(&judging->cases, key, NULL) : NULL;
    if (entry == NULL)
        return NULL;
    made->judging = judging;
    made->key = key;
    made->is_absence = true;
    entry->value.pointer = made;
    return made;
}

/* The one the others go with: of a profiler's variables that which names its file. */
static const struct iw_inventory_component *main_row_of(const struct iw_case *made)
{
    const struct iw_inventory_component *first = iw_case_component(made, 0);
    for (size_t i = 0; iw_component_is_variable(first) && i < made->n; i++) {
        if (iw_case_component(made, i)->image_path.n != 0)
            return iw_case_component(made, i);
    }
    return first;
}

struct iw_case *iw_case_of_component(struct iw_judging *judging, size_t component)
{
    const struct iw_inventory_component *main_row;
    bool is_new;
    struct iw_case *made = find_or_make(judging, judging->keys[component], &is_new);
    if (made == NULL || !is_new)
        return made;
    iw_subjects_of(judging, made->key, &made->first, &made->n);
    main_row = main_row_of(made);
    made->kind = main_row->kind;
    made->name = iw_component_called(main_row);
    if (iw_family_of(judging, component).n != 0) {
        made->kind = "productTypes";
        made->name = made->image = iw_family_of(judging, component);
        made->scope = IW_STR("");
        return made;
    }
    made->scope = main_row->scope;
    made->image = main_row->image_path.n != 0 ? main_row->image_path : main_row->type;
    return made;
}

static struct iw_str joined_key(struct iw_judging *judging, const char *sort,
                                const struct iw_str *parts, size_t n)
{
    struct iw_buffer text;
    struct iw_str key = {NULL, 0};
    iw_buffer_init(&text);
    iw_buffer_add(&text, iw_str_of(sort));
    for (size_t i = 0; i < n; i++) {
        iw_buffer_add(&text, parts[i]);
        iw_buffer_add_char(&text, '\0');
    }
    if (!text.failed)
        key = iw_arena_lower(judging->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return key;
}

struct iw_case *iw_case_of_web_file(struct iw_judging *judging,
                                    const struct iw_inventory_web_file *web_file)
{
    struct iw_str path = web_file->file.path.n != 0 ? web_file->file.path : web_file->file.source;
    struct iw_str key = joined_key(judging, "w:", &path, 1);
    bool is_new;
    struct iw_case *made = key.p != NULL ? find_or_make(judging, key, &is_new) : NULL;
    if (made == NULL || !is_new)
        return made;
    made->kind = "webFile";
    made->name = made->image = path;
    made->scope = web_file->site;
    made->web_file = web_file;
    return made;
}

struct iw_case *iw_case_of_path(struct iw_judging *judging, struct iw_str path)
{
    struct iw_str lowered = iw_arena_lower(judging->arena, path), key;
    const struct iw_map_entry *entry;
    struct iw_case *made;
    bool is_new;
    if (lowered.p == NULL)
        return NULL;
    entry = iw_map_find(&judging->paths, lowered);
    if (entry != NULL)
        return iw_case_of_component(judging, entry->value.number - 1);
    entry = iw_map_find(&judging->former_images, lowered);
    if (entry != NULL && entry->value.pointer != NULL)
        return entry->value.pointer;
    key = joined_key(judging, "l:", &path, 1);
    made = key.p != NULL ? find_or_make(judging, key, &is_new) : NULL;
    if (made == NULL || !is_new)
        return made;
    made->kind = "loadedModule";
    made->name = iw_path_name(path);
    made->scope = IW_STR("");
    made->image = path;
    return made;
}

struct iw_case *iw_case_of_former(struct iw_judging *judging, struct iw_str kind,
                                  struct iw_str name, struct iw_str scope, struct iw_str image)
{
    struct iw_str parts[3] = {kind, name, scope};
    struct iw_str key = joined_key(judging, "h:", parts, 3);
    struct iw_str kept_kind = iw_arena_copy(judging->arena, kind);
    bool is_new;
    struct iw_case *made =
        key.p != NULL && kept_kind.p != NULL ? find_or_make(judging, key, &is_new) : NULL;
    if (made == NULL || !is_new)
        return made;
    made->kind = kept_kind.p;
    made->name = name;
    made->scope = scope;
    made->image = image;
    return made;
}

struct iw_case *iw_case_of_application(struct iw_judging *judging, struct iw_str folder)
{
    struct iw_str key = joined_key(judging, "a:", &folder, 1);
    bool is_new;
    struct iw_case *made = key.p != NULL ? find_or_make(judging, key, &is_new) : NULL;
    if (made == NULL || !is_new)
        return made;
    made->kind = "application";
    made->name = made->image = folder;
    made->scope = IW_STR("");
    return made;
}

struct iw_case *iw_case_find(const struct iw_judging *judging, size_t component)
{
    const struct iw_map_entry *entry = iw_map_find(&judging->cases, judging->keys[component]);
    struct iw_case *found = entry != NULL ? entry->value.pointer : NULL;
    return found != NULL && found->is_said ? found : NULL;
}

enum iw_rc iw_case_find_at(const struct iw_judging *judging, struct iw_str path,
                           struct iw_case **ret)
{
    struct iw_str key = iw_arena_lower(judging->arena, path);
    const struct iw_map_entry *entry = key.p != NULL ? iw_map_find(&judging->paths, key) : NULL;
    *ret = entry != NULL ? iw_case_find(judging, entry->value.number - 1) : NULL;
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}

const struct iw_inventory_component *iw_case_component(const struct iw_case *named, size_t i)
{
    const struct iw_judging *judging = named->judging;
    return i < named->n ? &judging->server->components[judging->by_key[named->first + i]] : NULL;
}

/* --- saying --------------------------------------------------------------------------------- */

static bool has_line(const struct iw_lines *lines, struct iw_str line)
{
    for (size_t i = 0; i < lines->n; i++) {
        if (iw_str_equal(lines->items[i], line))
            return true;
    }
    return false;
}

static bool grow(struct iw_arena *arena, struct iw_lines *lines)
{
    size_t cap = lines->cap != 0 ? 2 * lines->cap : 4;
    struct iw_str *items;
    if (lines->n < lines->cap)
        return true;
    items = iw_arena_calloc(arena, cap + 1, sizeof *items); /* one more: what is hidden */
    if (items == NULL)
        return false;
    if (lines->n != 0)
        memcpy(items, lines->items, lines->n * sizeof *items);
    lines->items = items;
    lines->cap = cap;
    return true;
}

static enum iw_rc add_line(struct iw_case *named, struct iw_lines *lines, struct iw_str line)
{
    struct iw_arena *arena = named->judging->arena;
    if (has_line(lines, line))
        return IW_OK;
    if (lines->n >= IW_LIMIT_CASE_LINES) {
        lines->n_hidden++;
        return IW_OK;
    }
    if (!grow(arena, lines))
        return IW_ENOMEM;
    lines->items[lines->n] = iw_arena_copy(arena, line);
    return lines->items[lines->n++].p != NULL ? IW_OK : IW_ENOMEM;
}

/* Texts of evidence may hold NUL bytes: these end the text here, and nothing else. */
__attribute__((format(printf, 3, 0))) static enum iw_rc
add_formatted(struct iw_case *named, struct iw_lines *lines, const char *format, va_list arguments)
{
    struct iw_str text = iw_arena_vformat(named->judging->arena, format, arguments);
    return text.p != NULL ? add_line(named, lines, text) : IW_ENOMEM;
}

static void raise_else(struct iw_case *named, enum iw_level level, const char *title)
{
    if (!named->is_said_else || level > named->level_else) {
        named->level_else = level;
        named->title_else = iw_str_of(title);
    }
    named->is_said_else = true;
}

static void raise(struct iw_case *named, enum iw_level level, const char *title)
{
    if (!named->is_said || level > named->level) {
        named->level = level;
        named->title = iw_str_of(title);
    }
    named->is_said = true;
}

enum iw_rc iw_case_say(struct iw_case *named, enum iw_level level, const char *title,
                       const char *why, ...)
{
    va_list arguments;
    enum iw_rc rc;
    if (named == NULL)
        return IW_ENOMEM;
    raise(named, level, title);
    raise_else(named, level, title);
    named->is_absence = false;
    va_start(arguments, why);
    rc = add_formatted(named, &named->why, why, arguments);
    va_end(arguments);
    return rc;
}

enum iw_rc iw_case_say_difference(struct iw_case *named, enum iw_level level, const char *title,
                                  const char *why, ...)
{
    struct iw_case_difference *difference;
    va_list arguments;
    enum iw_rc rc;
    if (named == NULL)
        return IW_ENOMEM;
    difference = &named->difference;
    if (!difference->is_said || level > difference->level) {
        difference->level = level;
        difference->title = iw_str_of(title);
    }
    difference->is_said = true;
    raise(named, level, title);
    named->is_absence = false;
    va_start(arguments, why);
    rc = add_formatted(named, &named->why, why, arguments);
    va_end(arguments);
    return rc;
}

enum iw_rc iw_case_say_absent(struct iw_case *named, enum iw_level level, const char *title,
                              const char *why, ...)
{
    va_list arguments;
    enum iw_rc rc;
    if (named == NULL)
        return IW_ENOMEM;
    raise(named, level, title);
    raise_else(named, level, title);
    va_start(arguments, why);
    rc = add_formatted(named, &named->why, why, arguments);
    va_end(arguments);
    return rc;
}

enum iw_rc iw_case_line(struct iw_case *named, struct iw_lines *lines, const char *format, ...)
{
    va_list arguments;
    enum iw_rc rc;
    va_start(arguments, format);
    rc = add_formatted(named, lines, format, arguments);
    va_end(arguments);
    return rc;
}

enum iw_rc iw_case_remark(struct iw_case *named, const char *format, ...)
{
    size_t before = named->why.n;
    va_list arguments;
    enum iw_rc rc;
    va_start(arguments, format);
    rc = add_formatted(named, &named->why, format, arguments);
    va_end(arguments);
    named->n_remarks += named->why.n - before;
    return rc;
}

enum iw_rc iw_case_path(struct iw_case *named, struct iw_str path)
{
    return add_line(named, &named->paths, path);
}

enum iw_rc iw_case_item(struct iw_case *named, const struct iw_evidence_item *item)
{
    struct iw_case_item *made = iw_arena_calloc(named->judging->arena, 1, sizeof *made);
    if (made == NULL)
        return IW_ENOMEM;
    made->item = *item;
    made->next = named->items;
    named->items = made;
    return IW_OK;
}
