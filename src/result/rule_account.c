/*
 * The account of rules: a growing array of entries and a count for each state. Order is the
 * caller's: files are loaded in order of name, documents in order of line.
 */
#include "result/rule_account.h"

#include <assert.h>

#include "base/alloc.h"

const char *iw_rule_state_name(enum iw_rule_state state)
{
    static const char *const NAMES[IW_RULE_STATE_COUNT] = {
        [IW_RULE_LOADED] = "loaded",
        [IW_RULE_NOT_APPLICABLE] = "not-applicable",
        [IW_RULE_NOT_YET] = "not-yet",
        [IW_RULE_REFUSED] = "refused",
    };
    assert((unsigned)state < IW_RULE_STATE_COUNT);
    return NAMES[state];
}

void iw_rule_account_init(struct iw_rule_account *account)
{
    memset(account, 0, sizeof *account);
    iw_arena_init(&account->arena, 0);
}

void iw_rule_account_done(struct iw_rule_account *account)
{
    iw_free(account->entries);
    iw_arena_done(&account->arena);
    memset(account, 0, sizeof *account);
}

static bool copy_text(struct iw_arena *arena, struct iw_str *text)
{
    *text = text->n != 0 ? iw_arena_copy(arena, *text) : IW_STR("");
    return text->p != NULL;
}

size_t iw_rule_account_add(struct iw_rule_account *account, const struct iw_rule_entry *entry)
{
    struct iw_rule_entry copy = *entry;
    assert((unsigned)entry->state < IW_RULE_STATE_COUNT);
    if (!iw_array_reserve(&account->entries, &account->cap, account->n + 1, sizeof copy) ||
        !copy_text(&account->arena, &copy.file) || !copy_text(&account->arena, &copy.id) ||
        !copy_text(&account->arena, &copy.title) || !copy_text(&account->arena, &copy.name) ||
        !copy_text(&account->arena, &copy.status) || !copy_text(&account->arena, &copy.level) ||
        !copy_text(&account->arena, &copy.log_source) ||
        !copy_text(&account->arena, &copy.reason) || !copy_text(&account->arena, &copy.note))
        return SIZE_MAX;
    account->entries[account->n] = copy;
    account->n_by_state[copy.state]++;
    return account->n++;
}

enum iw_rc iw_rule_account_settle(struct iw_rule_account *account, size_t index,
                                  enum iw_rule_state state, uint32_t line, uint32_t column,
                                  struct iw_str reason)
{
    struct iw_rule_entry *entry = &account->entries[index];
    assert(index < account->n && (unsigned)state < IW_RULE_STATE_COUNT);
    if (!copy_text(&account->arena, &reason))
        return IW_ENOMEM;
    account->n_by_state[entry->state]--;
    account->n_by_state[state]++;
    entry->state = state;
    entry->reason = reason;
    if (line != 0) {
        entry->line = line;
        entry->column = column;
    }
    return IW_OK;
}

enum iw_rc iw_rule_account_note(struct iw_rule_account *account, size_t index, struct iw_str note)
{
    struct iw_rule_entry *entry = &account->entries[index];
    size_t before = entry->note.n != 0 ? entry->note.n + 2 : 0;
    char *text;

    assert(index < account->n);
    text = iw_arena_alloc(&account->arena, before + note.n + 1);
    if (text == NULL)
        return IW_ENOMEM;
    if (before != 0) {
        memcpy(text, entry->note.p, entry->note.n);
        memcpy(text + entry->note.n, "; ", 2);
    }
    memcpy(text + before, note.p, note.n);
    entry->note = (struct iw_str){text, before + note.n};
    return IW_OK;
}

size_t iw_rule_account_count(const struct iw_rule_account *account)
{
    size_t n = 0;
    for (size_t i = 0; i < account->n; i++)
        n += !iw_rule_entry_is_beside(&account->entries[i]);
    return n;
}

bool iw_rule_entry_has(const struct iw_rule_entry *entry, struct iw_str pattern)
{
    return iw_str_holds_nocase(entry->title, pattern) || iw_str_holds_nocase(entry->id, pattern) ||
           iw_str_holds_nocase(entry->log_source, pattern) ||
           iw_str_holds_nocase(entry->file, pattern);
}
