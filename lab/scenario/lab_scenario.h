/*
 * A scenario as read from its file: who there is, what happens when, what is true. What its acts
 * mean is not known here; they keep their nodes, and the verbs read them.
 */
#ifndef IW_LAB_SCENARIO_H
#define IW_LAB_SCENARIO_H

#include "lab/lab_arena.h"
#include "lab/scenario/lab_yaml.h"

struct iw_lab_account {
    const char *name, *domain, *sid;
    bool is_privileged;
};

/* The verb of what was there before the story; nobody plays it. */
#define IW_LAB_VERB_INSTALLED "installed"

/* One thing that happens. */
struct iw_lab_act {
    const char *id;
    bool is_attack;
    const char *host; /* label, or NULL: that of the first host */
    uint64_t time;    /* FILETIME, true time */
    const char *verb;
    const struct iw_lab_yaml_node *details; /* the verb's node */
    const struct iw_lab_yaml_node *seen;    /* list, or NULL */
    const struct iw_lab_yaml_node *holds;   /* the entry in the file it writes, or NULL */
    uint32_t line;
};

struct iw_lab_scenario {
    struct iw_lab_yaml yaml;
    struct iw_lab_arena arena;
    const char *name, *family;
    uint64_t from, to; /* FILETIME */
    uint64_t seed;
    unsigned names_index; /* from 1 */
    const char *domain, *dns;
    struct iw_lab_account *accounts;
    size_t n_accounts;
    struct iw_lab_act *acts; /* of both lists, by time */
    size_t n_acts;
    const struct iw_lab_yaml_node *hosts, *life, *truth, *shows;
    const struct iw_lab_yaml_node *changes, *estate; /* NULL: none */
    uint64_t clean_from, clean_to; /* FILETIME: when all behaved as it should; 0, 0: not said */
    bool is_exact; /* its acts are never late: the story hangs on their very times */
};

/* names_index from 1; path is borrowed until iw_lab_scenario_done(), which is called in both cases.
 * Everything read points into the scenario and lives as long. */
bool iw_lab_scenario_read(struct iw_lab_scenario *scenario, const char *path, unsigned names_index,
                          struct iw_lab_error *error);
void iw_lab_scenario_done(struct iw_lab_scenario *scenario);

/* NULL when there is none. */
const struct iw_lab_account *iw_lab_scenario_account(const struct iw_lab_scenario *scenario,
                                                     const char *name);
const struct iw_lab_act *iw_lab_scenario_act(const struct iw_lab_scenario *scenario,
                                             const char *id);

/* The SID of a domain's account. */
char *iw_lab_scenario_sid(struct iw_lab_arena *arena, const char *domain, uint64_t rid);

/* "10:41:52.660" or "d2 10:41:52" of the scenario's days, or a whole time with Z. *filetime is
 * undefined after false. */
bool iw_lab_scenario_read_time(const struct iw_lab_scenario *scenario, const char *text,
                               uint64_t *filetime);

/* Letters, digits, - and _; 15 at most, as NetBIOS has it. */
bool iw_lab_scenario_is_host_name(const char *name);

/* An IPv4 or IPv6 address. */
bool iw_lab_scenario_is_address(const char *text);

/* Is it a source that can be taken away: `sysmon`, `sysmon:1`, `w3c`, …? */
bool iw_lab_scenario_is_source(const char *name);

/* Change records have the clauses they can have, and their times and acts are those of the
 * scenario. */
bool iw_lab_scenario_check_records(const struct iw_lab_scenario *scenario,
                                   struct iw_lab_error *error);

/* The truth's acts and hosts exist, its words are known. */
bool iw_lab_scenario_check_truth(const struct iw_lab_scenario *scenario,
                                 struct iw_lab_error *error);

#endif
