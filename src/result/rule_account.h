/**
 * What became of every rule document given: loaded, not applicable, or refused with file, line and
 * reason.
 */
#ifndef IW_RESULT_RULE_ACCOUNT_H
#define IW_RESULT_RULE_ACCOUNT_H

#include "base/arena.h"
#include "base/error.h"

enum iw_rule_state {
    IW_RULE_LOADED = 0,
    IW_RULE_NOT_APPLICABLE, /* another product, or a log source with no event channel */
    IW_RULE_NOT_YET,        /* understood, not run by this version (correlation) */
    IW_RULE_REFUSED,        /* cannot be honoured exactly */
    IW_RULE_STATE_COUNT
};

/** What a document is. */
enum iw_rule_kind {
    IW_RULE_KIND_RULE = 0,
    IW_RULE_KIND_FILTER,
    IW_RULE_KIND_CORRELATION,
    IW_RULE_KIND_OTHER /* a collection action, a rule test, a file that is no rule */
};

struct iw_rule_entry {
    enum iw_rule_state state;
    enum iw_rule_kind kind;
    bool is_builtin;
    struct iw_str file; /* path as reached, or "builtin:name.yml" */
    uint32_t line;      /* 1-based line of the trouble, or of the document */
    uint32_t column;
    struct iw_str id, title;
    struct iw_str name, status; /* Sigma's `name` and `status`, as written; often empty */
    struct iw_str level;        /* as the document says it; empty: not said */
    struct iw_str log_source;   /* "process_creation", "windows/security"; empty: none named */
    struct iw_str reason;       /* empty when loaded */
    struct iw_str note;   /* what its author should look at, whatever the state; may be empty */
    uint64_t n_matches;   /* events matched, shown or not */
    uint64_t n_unknown;   /* events a regular expression gave up on */
    uint64_t n_undecided; /* events that what is known of their context did not decide */
    uint64_t n_unkept;    /* matches the temporary file could not take */
};

struct iw_rule_account {
    struct iw_arena arena;
    struct iw_rule_entry *entries; /* in the order added: by (file, line) */
    size_t n;
    size_t cap;
    size_t n_by_state[IW_RULE_STATE_COUNT];
};

/** Whether an entry is no rule and no trouble either: a rule test, a collection action. */
static inline bool iw_rule_entry_is_beside(const struct iw_rule_entry *entry)
{
    return entry->kind == IW_RULE_KIND_OTHER && entry->state == IW_RULE_NOT_APPLICABLE;
}

/** How many entries are rules, or were meant to be. */
size_t iw_rule_account_count(const struct iw_rule_account *account);

/** Whether its title, id, log source or file has *pattern* in it, letter case ignored. */
bool iw_rule_entry_has(const struct iw_rule_entry *entry, struct iw_str pattern);

/** The name of a state in the manifest ("loaded", "not-applicable", ...); never NULL. */
const char *iw_rule_state_name(enum iw_rule_state state);

void iw_rule_account_init(struct iw_rule_account *account);
void iw_rule_account_done(struct iw_rule_account *account);
/** Adds an entry (texts are copied) and returns its index; SIZE_MAX when there is no memory. */
size_t iw_rule_account_add(struct iw_rule_account *account, const struct iw_rule_entry *entry);

/** Changes what became of an entry once all documents are known. *line* 0 keeps its place. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_rule_account_settle(struct iw_rule_account *account, size_t index,
                                  enum iw_rule_state state, uint32_t line, uint32_t column,
                                  struct iw_str reason);
/** Adds a note to an entry, behind those it has. IW_OK or IW_ENOMEM. */
enum iw_rc iw_rule_account_note(struct iw_rule_account *account, size_t index, struct iw_str note);

#endif
