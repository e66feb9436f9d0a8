/*
 * The normal form of an entry: what IIS does not tell apart is written one way. Letter case of
 * paths, variables, `\\?\`, blanks in lists and around the commas of a type, order of conditions.
 * Which names are paths or know no letter case stands in the table below.
 */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/fold.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/utf.h"
#include "iis/baseline/baseline_behaviour.h"
#include "iis/baseline/baseline_record.h"
#include "iis/config/server_path.h"

enum name_form {
    NAME_AS_WRITTEN = 0, /* a key of IIS: another letter case is worth a word */
    NAME_FOLDED,
    NAME_PATH,
    NAME_TYPE
};

static const struct {
    const char *kind;
    enum name_form form;
} NAME_FORMS[] = {
    {"isapiCgiRestriction", NAME_PATH},
    {"fastCgi", NAME_PATH},
    {"webFile", NAME_PATH},
    {"aspNetHandler", NAME_FOLDED},       /* a path of URLs */
    {"virtualDirectory", NAME_FOLDED},    /* one, too */
    {"buildProvider", NAME_FOLDED},       /* an extension */
    {"environmentVariable", NAME_FOLDED}, /* Windows looks them up without letter case */
    {"assembly", NAME_TYPE},
    {"administrator", NAME_FOLDED},
};

static const char *const FIELD_NAMES[IW_BASELINE_FIELD_COUNT] = {
    [IW_BASELINE_NAME] = "name",           [IW_BASELINE_IMAGE] = "image",
    [IW_BASELINE_ARGUMENTS] = "arguments", [IW_BASELINE_TYPE] = "type",
    [IW_BASELINE_CLSID] = "clsid",         [IW_BASELINE_PRECONDITION] = "precondition",
    [IW_BASELINE_DISABLED] = "disabled",   [IW_BASELINE_STATE] = "state",
    [IW_BASELINE_OWNER] = "owner",         [IW_BASELINE_ATTRIBUTES] = "attributes",
    [IW_BASELINE_HANDLER] = "handler",
};

const char *iw_baseline_field_name(enum iw_baseline_field field)
{
    return FIELD_NAMES[field];
}

static enum name_form name_form(const struct iw_baseline_record *record)
{
    for (size_t i = 0; i < sizeof NAME_FORMS / sizeof NAME_FORMS[0]; i++)
        if (iw_str_equal(record->shown.kind, iw_str_of(NAME_FORMS[i].kind)))
            return NAME_FORMS[i].form;
    return iw_str_equal(record->state, IW_STR("file")) ? NAME_FOLDED : NAME_AS_WRITTEN;
}

/* Folding and paths never give p NULL but without memory; an empty text needs none. */
static bool fold(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    *ret = text.n != 0 ? iw_fold_text(text, arena) : IW_STR("");
    return ret->p != NULL;
}

static bool path_form(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_server_path path;
    if (text.n == 0) {
        *ret = IW_STR("");
        return true;
    }
    if (!iw_server_path_read(text, false, arena, &path))
        return false;
    *ret = path.key;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Blanks at the ends and around commas go, others become one space. */
static bool type_form(struct iw_str text, struct iw_arena *arena, struct iw_str *ret)
{
    char *out = iw_arena_alloc(arena, text.n + 1);
    size_t n = 0;
    if (out == NULL)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (is_blank(c)) {
            if (n != 0 && out[n - 1] != ' ' && out[n - 1] != ',')
                out[n++] = ' ';
            continue;
        }
        if (c == ',' && n != 0 && out[n - 1] == ' ')
            n--;
        out[n++] = c;
    }
    if (n != 0 && out[n - 1] == ' ')
        n--;
    *ret = (struct iw_str){out, n};
    return true;
}

/* The value of a variable is a path only where it looks like one; others keep their letters. */
static bool is_plain_value(const struct iw_baseline_record *record)
{
    struct iw_str image = record->shown.image;
    return iw_str_equal(record->shown.kind, IW_STR("environmentVariable")) &&
           !(image.n > 2 && (image.p[0] == '%' || image.p[0] == '\\' || image.p[1] == ':') &&
             memchr(image.p, ';', image.n) == NULL);
}

/* Each item with its length before it, so that no two lists give one text. */
static bool list_form(const struct iw_text_list *list, struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_buffer text;
    iw_buffer_init(&text);
    for (size_t i = 0; i < list->n; i++) {
        iw_buffer_printf(&text, "%zu:", list->items[i].n);
        iw_buffer_add(&text, list->items[i]);
    }
    *ret = text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return ret->p != NULL;
}

static int text_order(const void *a, const void *b)
{
    return iw_str_compare(*(const struct iw_str *)a, *(const struct iw_str *)b);
}

/* Without letter case, order and repetition. */
static bool set_form(const struct iw_text_list *list, struct iw_arena *arena, struct iw_str *ret)
{
    struct iw_str *items = iw_arena_calloc(arena, list->n + 1, sizeof items[0]);
    size_t n = 0;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < list->n; i++)
        if (!fold(list->items[i], arena, &items[i]))
            return false;
    if (list->n > 1)
        qsort(items, list->n, sizeof items[0], text_order);
    for (size_t i = 0; i < list->n; i++)
        if (i == 0 || !iw_str_equal(items[i], items[n - 1]))
            items[n++] = items[i];
    return list_form(&(struct iw_text_list){items, n}, arena, ret);
}

static bool name_key(const struct iw_baseline_record *record, struct iw_arena *arena,
                     struct iw_str *ret)
{
    struct iw_str type;
    switch (name_form(record)) {
    case NAME_PATH:
        return path_form(record->shown.name, arena, ret);
    case NAME_TYPE:
        return type_form(record->shown.name, arena, &type) && fold(type, arena, ret);
    case NAME_AS_WRITTEN:
    case NAME_FOLDED:
        break;
    }
    return fold(record->shown.name, arena, ret);
}

/* A web file is one wherever it is reached from: its scope is told, not compared. */
/* The same command of another program is another act, not the same one changed. */
static bool is_behaviour(const struct iw_baseline_record *record)
{
    return iw_str_equal(record->state, IW_STR(IW_BEHAVIOUR_STATE));
}

static bool make_key(struct iw_baseline_record *record, struct iw_arena *arena)
{
    bool is_web_file = iw_str_equal(record->shown.kind, IW_STR("webFile"));
    struct iw_str parts[4] = {record->shown.kind};
    struct iw_text_list list = {parts, is_behaviour(record) ? 4 : 3};
    struct iw_str scope;
    if (!fold(record->shown.scope, arena, &scope) || !name_key(record, arena, &parts[2]) ||
        !fold(record->owner, arena, &record->near))
        return false;
    if (is_behaviour(record) && !path_form(record->shown.image, arena, &parts[3]))
        return false;
    parts[1] = is_web_file ? IW_STR("") : scope;
    if (is_web_file)
        record->near = scope;
    return list_form(&list, arena, &record->key);
}

static int file_order(const void *a, const void *b)
{
    const struct iw_baseline_file *left = a, *right = b;
    int order = iw_str_compare(left->twin, right->twin);
    if (order == 0)
        order = iw_str_compare(left->key, right->key);
    return order != 0 ? order : memcmp(left->sha256, right->sha256, sizeof left->sha256);
}

static bool settle_files(struct iw_baseline_record *record, struct iw_arena *arena)
{
    struct iw_buffer text;
    for (size_t i = 0; i < record->n_files; i++)
        if (!path_form(record->files[i].path, arena, &record->files[i].key))
            return false;
    if (record->n_files > 1)
        qsort(record->files, record->n_files, sizeof record->files[0], file_order);
    iw_buffer_init(&text);
    for (size_t i = 0; i < record->n_files; i++) {
        char hex[64];
        if (!record->files[i].has_sha256)
            continue;
        iw_hex_write(record->files[i].sha256, 32, hex);
        iw_buffer_printf(&text, "%zu:", record->files[i].twin.n);
        iw_buffer_add(&text, record->files[i].twin);
        iw_buffer_add(&text, (struct iw_str){hex, sizeof hex});
    }
    record->files_text =
        text.failed ? (struct iw_str){NULL, 0} : iw_arena_copy(arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return record->files_text.p != NULL;
}

enum iw_rc iw_baseline_record_settle(struct iw_baseline_record *record, struct iw_arena *arena)
{
    static const struct iw_text_list NOTHING = {NULL,
                                                0}; /* what was doubtful is no part of an act */
    struct iw_str *form = record->form;
    bool is_kept = name_form(record) == NAME_AS_WRITTEN;
    form[IW_BASELINE_NAME] = is_kept ? record->shown.name : IW_STR("");
    form[IW_BASELINE_ARGUMENTS] = record->arguments;
    form[IW_BASELINE_DISABLED] = record->is_disabled ? IW_STR("true") : IW_STR("false");
    form[IW_BASELINE_STATE] = record->state;
    form[IW_BASELINE_OWNER] = record->owner;
    form[IW_BASELINE_IMAGE] = record->shown.image;
    record->is_unknown = iw_str_equal(record->state, IW_STR("unknown"));
    if (!make_key(record, arena) ||
        (!is_plain_value(record) &&
         !path_form(record->shown.image, arena, &form[IW_BASELINE_IMAGE])) ||
        !type_form(record->type, arena, &form[IW_BASELINE_TYPE]) ||
        !fold(record->clsid, arena, &form[IW_BASELINE_CLSID]) ||
        !set_form(&record->precondition, arena, &form[IW_BASELINE_PRECONDITION]) ||
        !list_form(is_behaviour(record) ? &NOTHING : &record->attributes, arena,
                   &form[IW_BASELINE_ATTRIBUTES]) ||
        !fold(record->handler, arena, &form[IW_BASELINE_HANDLER]) || !settle_files(record, arena))
        return IW_ENOMEM;
    return IW_OK;
}

int iw_baseline_form_compare(const struct iw_baseline_record *a, const struct iw_baseline_record *b)
{
    int order = iw_str_compare(a->key, b->key);
    for (size_t i = 0; i < IW_BASELINE_FIELD_COUNT && order == 0; i++)
        order = iw_str_compare(a->form[i], b->form[i]);
    return order;
}

int iw_baseline_record_compare(const struct iw_baseline_record *a,
                               const struct iw_baseline_record *b)
{
    int order = iw_baseline_form_compare(a, b);
    return order != 0 ? order : iw_str_compare(a->files_text, b->files_text);
}

const struct iw_baseline_file *iw_baseline_twin(const struct iw_baseline_record *record,
                                                const struct iw_baseline_file *like)
{
    const struct iw_baseline_file *found = NULL;
    for (size_t i = 0; i < record->n_files; i++) {
        if (!iw_str_equal(record->files[i].twin, like->twin))
            continue;
        if (iw_str_equal(record->files[i].key, like->key))
            return &record->files[i];
        if (found == NULL)
            found = &record->files[i];
    }
    return found;
}

static void add_part(struct iw_buffer *text, struct iw_str part)
{
    iw_buffer_printf(text, "%zu:", part.n);
    iw_buffer_add(text, part);
}

static void add_side(struct iw_buffer *text, const struct iw_baseline_record *record,
                     bool with_files)
{
    iw_buffer_add(text, record != NULL ? IW_STR("+") : IW_STR("-"));
    for (size_t i = 0; record != NULL && i < IW_BASELINE_FIELD_COUNT; i++)
        add_part(text, record->form[i]);
    if (record != NULL && with_files)
        add_part(text, record->files_text);
}

bool iw_baseline_digest(struct iw_str host, enum iw_baseline_change change,
                        const struct iw_baseline_record *was, const struct iw_baseline_record *now,
                        bool with_files, uint8_t ret_digest[32])
{
    struct iw_buffer text;
    bool is_made;
    iw_buffer_init(&text);
    iw_buffer_add(&text, IW_STR("iiswarden.difference/1\n"));
    add_part(&text, host);
    add_part(&text, iw_str_of(iw_baseline_change_name(change)));
    add_part(&text, was != NULL ? was->key : now->key);
    add_side(&text, was, true);
    add_side(&text, now, with_files && now != NULL && now->files_text.n != 0);
    is_made = !text.failed && iw_sha256(iw_buffer_str(&text), ret_digest);
    iw_buffer_done(&text);
    return is_made;
}

struct iw_str iw_baseline_label(struct iw_str text, struct iw_arena *arena)
{
    return text.n != 0 ? iw_fold_text(text, arena) : IW_STR("");
}
