/**
 * The compiler's inside, shared by the files that feed it.
 */
#ifndef IW_SIGMA_SIGMA_COMPILER_H
#define IW_SIGMA_SIGMA_COMPILER_H

#include "sigma/sigma.h"

/** One file of the rules built into the program (made by rules/CMakeLists.txt). */
struct iw_builtin_rule {
    const char *name; /* "web_server_shell.yml" */
    const char *yaml;
    size_t n;
};

/** In byte order of name; iw_n_builtin_rules of them. */
extern const struct iw_builtin_rule iw_builtin_rules[];
extern const size_t iw_n_builtin_rules;

struct iw_filter;

struct iw_sigma_compiler {
    struct iw_sigma_options options;
    struct iw_names *names;
    struct iw_rule_account *account;
    struct iw_sigma_ruleset *ruleset; /* being filled; NULL once handed over */
    size_t plans_cap, correlations_cap;
    struct iw_filter **filters; /* well-formed ones, in the ruleset's arena */
    size_t n_filters, filters_cap;
};

/** Enters a file that could not be read, or not to its end. IW_OK or IW_ENOMEM. */
enum iw_rc iw_compiler_refuse_file(struct iw_sigma_compiler *compiler, const char *origin,
                                   bool is_builtin, const struct iw_error *err);

#endif
