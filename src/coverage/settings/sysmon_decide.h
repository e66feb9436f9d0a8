/**
 * One example against the filters of its type.
 */
#ifndef IW_COVERAGE_SYSMON_DECIDE_H
#define IW_COVERAGE_SYSMON_DECIDE_H

#include "coverage/settings/sysmon_config.h"

/** Events that are alike in what is known of them. */
struct iw_sysmon_example {
    struct iw_sysmon_values fields[IW_SYSMON_FIELD_COUNT]; /* folded; zeroed: anything */
    struct iw_str what;                                    /* for people: "*.aspx", "cmd.exe" */
    struct iw_str by;    /* "w3wp.exe"; empty: nobody in particular */
    bool is_first;       /* what an attack does first: a page by the worker, its shell */
    bool is_any_program; /* its image is whatever no other example names */
};

/** What decides. */
struct iw_sysmon_decision {
    enum iw_sysmon_share logged;
    const struct iw_sysmon_section *section; /* NULL: there is none, the default decides */
    const struct iw_sysmon_filter *filter;   /* NULL: the section as a whole */
    size_t n_programs; /* of filters that exclude single programs, see README.md */
    const struct iw_sysmon_filter *program; /* the first of them */
};

void iw_sysmon_decide(const struct iw_sysmon_config *config, enum iw_sysmon_type type,
                      const struct iw_sysmon_example *example, struct iw_sysmon_decision *ret);

/** What the elements of onmatch="include" take of an example, by themselves; *ret_any: whether
 * there is one. */
enum iw_sysmon_share iw_sysmon_ask_includes(const struct iw_sysmon_config *config,
                                            enum iw_sysmon_type type,
                                            const struct iw_sysmon_example *example, bool *ret_any);
/** What one rule of onmatch="exclude" takes of an example, by itself; a filter that takes single
 * programs takes none of any other. */
enum iw_sysmon_share iw_sysmon_ask_exclusion(const struct iw_sysmon_rule *rule,
                                             const struct iw_sysmon_example *example);

#endif
