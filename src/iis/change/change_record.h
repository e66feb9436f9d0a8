/**
 * One change record, and how it is made of what a file says: a *draft* holds the texts of each
 * clause with their places, whatever the file's format; building checks them.
 *
 * Inside of iis/change only.
 */
#ifndef IW_IIS_CHANGE_CHANGE_RECORD_H
#define IW_IIS_CHANGE_CHANGE_RECORD_H

#include "base/timestamp.h"
#include "iis/change/account_name.h"
#include "iis/change/change_problems.h"
#include "iis/change/change_time.h"
#include "iis/change/text_glob.h"

enum change_clause {
    CLAUSE_ID = 0,
    CLAUSE_HOSTS,
    CLAUSE_FROM,
    CLAUSE_TO,
    CLAUSE_ACTORS,
    CLAUSE_ACTION,
    CLAUSE_COMPONENT_KIND,
    CLAUSE_COMPONENT_NAME,
    CLAUSE_PATH,
    CLAUSE_SHA256,
    CLAUSE_PUBLISHER,
    CLAUSE_EXPIRES,
    CLAUSE_REASON,
    CLAUSE_APPROVED_BY,
    CLAUSE_COUNT
};

/** "hosts", "component.kind"; never NULL. */
const char *change_clause_name(enum change_clause clause);
/** May it have several values? */
bool change_clause_is_list(enum change_clause clause);

struct change_value {
    struct iw_str text;
    uint32_t line, column;
};

/** Values of a clause; n 0: it is not given. */
struct change_values {
    struct change_value *items;
    size_t n;
};

struct change_draft {
    struct change_values clauses[CLAUSE_COUNT];
    uint32_t line, column; /* of the record */
    const struct change_time_form *time_form;
};

struct change_record {
    struct iw_str id, reason, approved_by, file;
    uint32_t line, column;
    struct iw_glob *hosts, *paths;
    size_t n_hosts, n_paths;
    int64_t from_ns, to_ns, expires_ns; /* expires: IW_TIME_UNKNOWN: it does not */
    struct iw_account_name *actors;
    size_t n_actors;
    unsigned actions;                             /* bits of enum iw_act_action; 0: any */
    struct iw_str component_kind, component_name; /* folded; empty: any, none */
    uint8_t (*sha256)[32];
    size_t n_sha256;
    struct iw_str publisher, publisher_key; /* as written; folded. Empty: any */
};

/**
 * Makes a record of a draft. Texts are copied into *arena*.
 *
 * @param ret_taken  false: something is wrong, and told in *problems*
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc change_record_build(const struct change_draft *draft, struct iw_arena *arena,
                               struct iw_change_problems *problems, struct change_record *ret,
                               bool *ret_taken);

#endif
