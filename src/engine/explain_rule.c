/*
 * From what a user calls a rule to the rule. The first way of naming that fits anything decides, so
 * that a title which is part of another's can still be named.
 */
#include "engine/explain_rule.h"

#include <sys/stat.h>

#include "sigma/sigma_correlate.h"

static bool is_file(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 && S_ISREG(status.st_mode);
}

enum iw_rc iw_explain_open_rules(const struct iw_explain_options *explain, struct iw_rulebook *book,
                                 struct iw_run *run, struct iw_error *err)
{
    const struct iw_rule_choice only = {.paths = &explain->rule,
                                        .n_paths = 1,
                                        .no_builtin = true,
                                        .placeholders_path = explain->rules.placeholders_path,
                                        .is_hunt = true};
    struct iw_rule_choice chosen = explain->rules;
    chosen.is_hunt = true;
    return iw_rulebook_open(book, is_file(explain->rule) ? &only : &chosen, run, err);
}

enum naming { BY_FILE = 0, BY_ID, BY_TITLE, BY_NAME, BY_PART, NAMING_COUNT };

static bool is_named(const struct iw_rule_entry *entry, struct iw_str name, enum naming naming)
{
    switch (naming) {
    case BY_FILE:
        return iw_str_equal(entry->file, name);
    case BY_ID:
        return iw_str_equal_nocase(entry->id, name);
    case BY_TITLE:
        return iw_str_equal_nocase(entry->title, name);
    case BY_NAME:
        return iw_str_equal_nocase(entry->name, name);
    case BY_PART:
        return iw_str_holds_nocase(entry->title, name);
    case NAMING_COUNT:
        break;
    }
    return false;
}

/* The entries named, in *found* (room for all); the first way that names any. */
static size_t find_entries(const struct iw_rule_account *account, struct iw_str name, size_t *found)
{
    size_t n = 0;
    for (int naming = BY_FILE; naming < NAMING_COUNT && n == 0; naming++) {
        for (size_t i = 0; i < account->n; i++) {
            if (is_named(&account->entries[i], name, (enum naming)naming))
                found[n++] = i;
        }
    }
    return n;
}

/* Leaves the loaded ones where there are any: the others cannot be explained. */
static size_t keep_loaded(const struct iw_rule_account *account, size_t *found, size_t n)
{
    size_t n_loaded = 0;
    for (size_t i = 0; i < n; i++)
        n_loaded += account->entries[found[i]].state == IW_RULE_LOADED;
    if (n_loaded == 0)
        return n;
    n_loaded = 0;
    for (size_t i = 0; i < n; i++) {
        if (account->entries[found[i]].state == IW_RULE_LOADED)
            found[n_loaded++] = found[i];
    }
    return n_loaded;
}

static enum iw_rc refuse_unloaded(const struct iw_rule_entry *entry, struct iw_error *err)
{
    struct iw_str reason = entry->reason;
    (void)iw_error_set(err, IW_EUSAGE, "the rule is %s: %.*s", iw_rule_state_name(entry->state),
                       reason.n < 180 ? (int)reason.n : 180, reason.p);
    if (err != NULL) {
        char where[sizeof err->where];
        size_t n = entry->file.n < sizeof where - 1 ? entry->file.n : sizeof where - 1;
        memcpy(where, entry->file.p, n);
        where[n] = '\0';
        iw_error_place(err, where, entry->line, entry->column);
    }
    return IW_EUSAGE;
}

/* Where an entry is in the ruleset; false: nowhere. */
static bool find_loaded(const struct iw_sigma_ruleset *ruleset, size_t entry, size_t *ret,
                        bool *ret_is_correlation)
{
    *ret_is_correlation = false;
    for (*ret = 0; *ret < iw_sigma_ruleset_count(ruleset); (*ret)++) {
        if (iw_sigma_ruleset_rule(ruleset, *ret)->account_index == entry)
            return true;
    }
    *ret_is_correlation = true;
    for (*ret = 0; *ret < iw_correlate_count(ruleset); (*ret)++) {
        if (iw_correlate_rule(ruleset, *ret)->account_index == entry)
            return true;
    }
    return false;
}

/* Leaves what nothing else stands on, where that is one alone. */
static size_t keep_outermost(const struct iw_sigma_ruleset *ruleset, size_t *found, size_t n)
{
    size_t n_kept = 0, kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_correlation;
        size_t at;
        if (!find_loaded(ruleset, found[i], &at, &is_correlation) ||
            (is_correlation ? iw_correlate_is_inner(ruleset, at) : iw_correlate_wants(ruleset, at)))
            continue;
        kept = found[i];
        n_kept++;
    }
    if (n_kept != 1)
        return n;
    found[0] = kept;
    return 1;
}

enum iw_rc iw_explain_find_rule(const char *name, const struct iw_rulebook *book,
                                const struct iw_run *run, struct iw_explain_report *report,
                                size_t *ret, bool *ret_is_correlation, struct iw_error *err)
{
    size_t *found = iw_arena_calloc(&report->arena, run->rules.n + 1, sizeof *found);
    size_t n;
    if (found == NULL)
        return iw_error_set(err, IW_ENOMEM, "no memory");
    n = keep_loaded(&run->rules, found, find_entries(&run->rules, iw_str_of(name), found));
    if (n > 1 && iw_str_equal(run->rules.entries[found[0]].file, iw_str_of(name)))
        n = keep_outermost(book->ruleset, found, n);
    report->candidates = found;
    report->n_candidates = n;
    if (n != 1)
        return IW_OK;
    if (!find_loaded(book->ruleset, found[0], ret, ret_is_correlation))
        return refuse_unloaded(&run->rules.entries[found[0]], err);
    report->rule_entry = found[0];
    report->is_found = true;
    return IW_OK;
}
