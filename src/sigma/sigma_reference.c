/*
 * Rules by id and name. Several entries may share one: a chain per id and name keeps their order.
 */
#include "sigma/sigma_reference.h"

#include <stdio.h>

#include "base/limits.h"

enum iw_rc iw_references_load(const struct iw_load *load, const struct iw_yaml_node *node,
                              const char *what, struct iw_reference **ret, size_t *ret_n)
{
    const struct iw_yaml_entry single = {.value = node};
    const struct iw_yaml_entry *entry = node->kind == IW_YAML_SEQUENCE ? node->first : &single;
    size_t n = 0;

    if (node->kind == IW_YAML_MAPPING)
        return iw_load_refuse(load, node, "%s: must be a list of rules, by id or name", what);
    *ret = iw_arena_calloc(load->arena, node->n_entries + 1, sizeof **ret);
    if (*ret == NULL)
        return iw_load_no_memory(load);
    for (; entry != NULL; entry = entry->next) {
        const struct iw_yaml_node *item = entry->value;
        if (item->kind != IW_YAML_SCALAR || iw_yaml_is_null(item) || item->text.n == 0)
            return iw_load_refuse(load, item, "%s: a rule is named by its id or name", what);
        (*ret)[n++] = (struct iw_reference){item->text, item->line, item->column, SIZE_MAX};
    }
    *ret_n = n;
    return IW_OK;
}

static bool is_referable(const struct iw_rule_entry *entry)
{
    return entry->kind == IW_RULE_KIND_RULE || entry->kind == IW_RULE_KIND_CORRELATION;
}

static bool runs(const struct iw_rule_entry *entry)
{
    return entry->state == IW_RULE_LOADED || entry->state == IW_RULE_NOT_YET;
}

/* Files the entry *at* under *key*. *ret_first: the first of the chain. */
static enum iw_rc file(struct iw_map *map, struct iw_str key, size_t at, size_t *next, size_t *last,
                       size_t *ret_first)
{
    bool is_new = false;
    struct iw_map_entry *slot = iw_map_add(map, key, &is_new);

    if (slot == NULL)
        return IW_ENOMEM;
    if (is_new)
        slot->value.number = at;
    else
        next[last[slot->value.number]] = at;
    last[slot->value.number] = at;
    *ret_first = (size_t)slot->value.number;
    return IW_OK;
}

static enum iw_rc note_twin(struct iw_rule_account *account, size_t at, size_t first,
                            const char *what)
{
    const struct iw_rule_entry *entry = &account->entries[first];
    char text[512];

    if (first == at || !runs(entry) || !runs(&account->entries[at]))
        return IW_OK;
    (void)snprintf(text, sizeof text, "has the same %s as %.*s:%u", what,
                   entry->file.n < 400 ? (int)entry->file.n : 400, entry->file.p, entry->line);
    return iw_rule_account_note(account, at, iw_str_of(text));
}

static enum iw_rc add_entry(struct iw_reference_index *index, struct iw_rule_account *account,
                            size_t at, size_t *last_id, size_t *last_name)
{
    const struct iw_rule_entry *entry = &account->entries[at];
    size_t first = at;

    if (entry->id.n != 0) {
        struct iw_str id = entry->id;
        char *lower = iw_arena_alloc(&index->arena, id.n);
        if (lower == NULL)
            return IW_ENOMEM;
        for (size_t i = 0; i < id.n; i++)
            lower[i] = iw_ascii_lower(id.p[i]);
        IW_TRY(
            file(&index->ids, (struct iw_str){lower, id.n}, at, index->next_id, last_id, &first));
        IW_TRY(note_twin(account, at, first, "id"));
    }
    if (entry->name.n == 0)
        return IW_OK;
    IW_TRY(file(&index->names, entry->name, at, index->next_name, last_name, &first));
    return note_twin(account, at, first, "name");
}

enum iw_rc iw_reference_index_init(struct iw_reference_index *index,
                                   struct iw_rule_account *account)
{
    size_t *last_id, *last_name;

    memset(index, 0, sizeof *index);
    iw_arena_init(&index->arena, 0);
    iw_map_init(&index->ids);
    iw_map_init(&index->names);
    index->account = account;
    index->next_id = iw_arena_calloc(&index->arena, account->n + 1, sizeof *index->next_id);
    index->next_name = iw_arena_calloc(&index->arena, account->n + 1, sizeof *index->next_name);
    last_id = iw_arena_calloc(&index->arena, account->n + 1, sizeof *last_id);
    last_name = iw_arena_calloc(&index->arena, account->n + 1, sizeof *last_name);
    if (index->next_id == NULL || index->next_name == NULL || last_id == NULL || last_name == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < account->n; i++)
        index->next_id[i] = index->next_name[i] = SIZE_MAX;
    for (size_t i = 0; i < account->n; i++) {
        if (is_referable(&account->entries[i]))
            IW_TRY(add_entry(index, account, i, last_id, last_name));
    }
    return IW_OK;
}

void iw_reference_index_done(struct iw_reference_index *index)
{
    iw_map_done(&index->ids);
    iw_map_done(&index->names);
    iw_arena_done(&index->arena);
}

size_t iw_reference_find(const struct iw_reference_index *index, struct iw_str text,
                         const size_t **ret_next)
{
    const struct iw_map_entry *slot = NULL;
    char lower[IW_LIMIT_SELECTION_NAME_BYTES];

    *ret_next = index->next_id;
    if (text.n <= sizeof lower) {
        for (size_t i = 0; i < text.n; i++)
            lower[i] = iw_ascii_lower(text.p[i]);
        slot = iw_map_find(&index->ids, (struct iw_str){lower, text.n});
    }
    if (slot == NULL) {
        *ret_next = index->next_name;
        slot = iw_map_find(&index->names, text);
    }
    return slot != NULL ? (size_t)slot->value.number : SIZE_MAX;
}
