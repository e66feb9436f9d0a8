/**
 * Rules from where the user says to an immutable ruleset, with the names it asks for.
 */
#ifndef IW_ENGINE_RULEBOOK_H
#define IW_ENGINE_RULEBOOK_H

#include "engine/rules.h"
#include "sigma/sigma.h"

/** Names and ruleset; the account is the run's. */
struct iw_rulebook {
    struct iw_names names;
    struct iw_sigma_ruleset *ruleset;
};

/** Compiles the chosen rules into *book* and run->rules. IW_OK; IW_EIO (a path cannot be read);
 * IW_EUSAGE (the file of placeholders); IW_ENOMEM. iw_rulebook_close() must follow whatever it
 * returns. */
enum iw_rc iw_rulebook_open(struct iw_rulebook *book, const struct iw_rule_choice *choice,
                            struct iw_run *run, struct iw_error *err);
void iw_rulebook_close(struct iw_rulebook *book);

#endif
