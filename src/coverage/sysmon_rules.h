/**
 * Rules of Sysmon for web servers: what of a Sysmon configuration makes the links of the analytics
 * visible, for the web roots and components that servers really have.
 *
 * Source: Sysmon's schema 4.90 (Sysmon 15). An event's element in a RuleGroup with
 * onmatch="include" logs what one of its conditions fits; with onmatch="exclude" and no condition,
 * everything. Conditions of one element are joined by "or"; they ignore letter case; `begin with`
 * and `end with` take their value literally.
 */
#ifndef IW_COVERAGE_SYSMON_RULES_H
#define IW_COVERAGE_SYSMON_RULES_H

#include "base/buffer.h"
#include "base/error.h"
#include "result/inventory.h"

/** Events of Sysmon, in the order of the schema. */
enum iw_sysmon_rule {
    IW_SYSMON_PROCESS_CREATE = 0, /* 1 */
    IW_SYSMON_FILE_TIME,          /* 2 */
    IW_SYSMON_NETWORK_CONNECT,    /* 3 */
    IW_SYSMON_PROCESS_END,        /* 5 */
    IW_SYSMON_IMAGE_LOAD,         /* 7 */
    IW_SYSMON_FILE_CREATE,        /* 11 */
    IW_SYSMON_STREAM,             /* 15 */
    IW_SYSMON_PROGRAM_FILE,       /* 29 */
    IW_SYSMON_RULE_COUNT
};

/** What rules are about. */
struct iw_sysmon_scope {
    struct iw_text_list folders; /* web roots, sorted, none below another; without a separator at
                                    their end */
    struct iw_text_list files;   /* images of components that lie in none of them, nor in inetsrv */
    size_t n_servers;
    size_t n_pools, n_pools_32;
    size_t n_left_out; /* folders and files on another machine, not resolved, or no paths */
    bool is_assumed;   /* no configuration names a root: the default ones */
};

/** *servers* may be NULL when n is 0. Texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_sysmon_scope_of(const struct iw_inventory_server *servers, size_t n,
                              struct iw_arena *arena, struct iw_sysmon_scope *ret);

/** The same with the web roots of former configurations, of which links are asked as well. */
enum iw_rc iw_sysmon_scope_with_past(const struct iw_inventory_server *servers, size_t n,
                                     struct iw_arena *arena, struct iw_sysmon_scope *ret);

/** Leaves of the folders of web roots these alone, which may be written in any way. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_sysmon_scope_narrow(struct iw_sysmon_scope *scope, struct iw_text_list roots,
                                  struct iw_arena *arena);

/** The element of one event, its lines begun with *indent*. */
void iw_sysmon_rule_add(enum iw_sysmon_rule rule, const struct iw_sysmon_scope *scope,
                        const char *indent, struct iw_buffer *out);

/** The same as an element of onmatch="include", for a configuration that has such elements: of
 * processes those that a worker starts, of their ends none. */
void iw_sysmon_include_add(enum iw_sysmon_rule rule, const struct iw_sysmon_scope *scope,
                           const char *indent, struct iw_buffer *out);

/**
 * A whole configuration: minimal, for these servers together; ASCII. The remarks in it say which
 * link of which analytic an element closes, and what it cannot. IW_OK (out->failed says whether the
 * buffer took it) or IW_ENOMEM.
 */
enum iw_rc iw_sysmon_configuration(const struct iw_inventory *inventory, struct iw_buffer *out);

#endif
