/**
 * The estate: the servers that should exist, and who may change them (docs/CHANGES.md). What
 * somebody wrote; nothing here is evidence.
 *
 * Once filled it is immutable and may be read by any thread.
 */
#ifndef IW_IIS_CHANGE_ESTATE_H
#define IW_IIS_CHANGE_ESTATE_H

#include "iis/change/account_name.h"
#include "iis/change/change_problems.h"
#include "result/finding.h"

/** One entry of the estate. Texts are as written, of one line each; empty: not given. */
struct iw_estate_server {
    struct iw_str host; /* name or glob, never empty */
    struct iw_str fqdn; /* name or glob */
    bool is_glob;       /* it stands for any number of servers: none can be missed */
    struct iw_str owner;
    struct iw_text_list roles, sites;
    struct iw_text_list operators, deployers; /* of this server alone */
    struct iw_str file;
    uint32_t line;
};

/** Kinds of accounts; bits. */
enum iw_estate_accounts { IW_ESTATE_OPERATORS = 1, IW_ESTATE_DEPLOYERS = 2 };

struct iw_estate;

/** Empty; NULL: no memory. After IW_ENOMEM only iw_estate_free() may be called. */
struct iw_estate *iw_estate_new(void);
void iw_estate_free(struct iw_estate *estate);

/**
 * Reads `estate:` from YAML (or JSON; UTF-8 or UTF-16). A server that is not right is a problem,
 * the others are taken; several files and documents are one estate.
 *
 * @param bytes  not needed afterwards
 * @param name   for messages; copied
 * @return IW_OK, also with problems; IW_EFORMAT: not YAML, or no document has `estate`; IW_ERULE;
 *         IW_ELIMIT; IW_ENOMEM. *err* says where and what
 */
enum iw_rc iw_estate_add_yaml(struct iw_estate *estate, struct iw_str bytes, const char *name,
                              struct iw_error *err);

/** All entries, in the order they were read; owned by *estate*. */
const struct iw_estate_server *iw_estate_servers(const struct iw_estate *estate, size_t *ret_n);
const struct iw_change_problem *iw_estate_problems(const struct iw_estate *estate, size_t *ret_n);
/** Problems past IW_LIMIT_CHANGE_PROBLEMS. */
size_t iw_estate_problems_hidden(const struct iw_estate *estate);

/**
 * The entry of a host: the first whose name means it, else the first whose glob does. A name means
 * it whole or by its first label; where an entry has an FQDN too, and the domain of the host is
 * known, that must agree.
 *
 * @param label, computer  label, and name as the evidence has it; either may be empty
 * @param ret              NULL: the estate does not list it
 * @return IW_OK or IW_ENOMEM. Any thread.
 */
enum iw_rc iw_estate_find(const struct iw_estate *estate, struct iw_str label,
                          struct iw_str computer, const struct iw_estate_server **ret);

/**
 * Is an account listed for a host, by its server or for all servers?
 *
 * @param server    of the host; NULL: the estate does not list it, and the lists for all are asked
 * @param accounts  bits of enum iw_estate_accounts: listed in any of them
 * @param name,sid  of the account; either may be empty
 * @param ret       YES; NO: lists are there, and none holds it; UNKNOWN: nobody is listed, or the
 *                  evidence lacks what would tell (iis/change/account_name.h); also where the
 *                  estate does not list the host and the lists for all do not hold the account
 * @return IW_OK or IW_ENOMEM. Any thread.
 */
enum iw_rc iw_estate_lists_account(const struct iw_estate *estate,
                                   const struct iw_estate_server *server, unsigned accounts,
                                   struct iw_str name, struct iw_str sid, enum iw_holds *ret);

#endif
