/**
 * The user's own YARA rules over programs and web files (libyara, where it was there at the build).
 *
 * Rules are the user's and trusted as such; what they are matched against is not. A scan has a
 * limit on its time.
 */
#ifndef IW_IIS_YARA_YARA_RULES_H
#define IW_IIS_YARA_YARA_RULES_H

#include "base/arena.h"
#include "base/error.h"
#include "result/finding.h"

/** Compiled rules. One thread adds, then any number scan. */
struct iw_yara;

/** Whether this build can. */
bool iw_yara_is_there(void);

/** *ret is closed by iw_yara_free. IW_OK; IW_EUSAGE: this build has no YARA; IW_ENOMEM. */
enum iw_rc iw_yara_new(struct iw_yara **ret, struct iw_error *err);
/** NULL is fine. */
void iw_yara_free(struct iw_yara *yara);

/** Compiles a text of rules; `include` is not followed. IW_OK; IW_EUSAGE (*err*: line and why);
 * IW_ENOMEM. After a failure only iw_yara_free may follow. */
enum iw_rc iw_yara_add(struct iw_yara *yara, struct iw_str text, const char *name,
                       struct iw_error *err);
/** Makes what was added ready: needed before the first scan, and the last change. IW_OK; IW_ENOMEM.
 */
enum iw_rc iw_yara_seal(struct iw_yara *yara, struct iw_error *err);

/** Time that matching may take in all: shared by everybody who matches in one run. */
struct iw_yara_budget {
    uint64_t limit_ns;
    _Atomic uint64_t spent_ns;
    _Atomic uint64_t n_untried; /* files that came when it was used up */
};
void iw_yara_budget_init(struct iw_yara_budget *budget, unsigned limit_s);

/**
 * Names of the rules that match, in byte order, in *arena*; private rules are none. At most
 * IW_LIMIT_INVENTORY_NAMES.
 *
 * @param budget  pays for it; NULL: nobody counts
 * @return IW_OK; IW_ELIMIT: given up after IW_LIMIT_YARA_SECONDS, *ret* holds what was found, or
 * not tried because the budget is used up (counted there); IW_ENOMEM
 */
enum iw_rc iw_yara_scan(const struct iw_yara *yara, struct iw_yara_budget *budget,
                        struct iw_str bytes, struct iw_arena *arena, struct iw_text_list *ret);

#endif
