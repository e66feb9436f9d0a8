/**
 * What IISWarden asks the registry: plain facts about the server and its telemetry, each with the
 * key it comes from and that key's time.
 *
 * Sources are collected hives and exports of one server, in any order; of those that cover a key
 * and are readable there the strongest answers: a hive from where Windows keeps it, another hive,
 * an export, which is a text that anybody can write. Of equal ones one that holds the value, then
 * the first. Others that hold another value are kept beside it. A fact is never guessed: what no
 * source covers is "not in evidence", what damage hides is "unreadable", and only what a source
 * covers and does not hold is "absent". Texts are as stored: environment variables in them are not
 * expanded.
 *
 * Which values matter: Microsoft's documentation of IIS, HTTP.sys, WINEVT and command line
 * auditing; the layout of PolAdtEv is not documented by Microsoft and stands in audit_policy.c.
 */
#ifndef IW_IIS_HIVE_REGISTRY_FACTS_H
#define IW_IIS_HIVE_REGISTRY_FACTS_H

#include "iis/hive/hive.h"

enum iw_fact_state {
    IW_FACT_NOT_IN_EVIDENCE = 0,
    IW_FACT_ABSENT,
    IW_FACT_KNOWN,
    IW_FACT_UNREADABLE, /* damage lies where it would be */
};

/** Single values; the table in registry_facts.c says where each is. */
enum iw_registry_fact_id {
    IW_REGISTRY_COMPUTER_NAME = 0,
    IW_REGISTRY_TIME_ZONE, /* TimeZoneKeyName */
    IW_REGISTRY_TIME_BIAS, /* ActiveTimeBias: minutes, UTC = local + bias, 32 bits signed */
    IW_REGISTRY_IIS_VERSION,
    IW_REGISTRY_IIS_MAJOR,
    IW_REGISTRY_IIS_MINOR,
    IW_REGISTRY_FILTER_DLLS, /* W3SVC\Parameters: legacy load point */
    IW_REGISTRY_HTTP_ERROR_LOGGING,
    IW_REGISTRY_HTTP_ERROR_DIR,
    IW_REGISTRY_HTTP_ERROR_SIZE,
    IW_REGISTRY_COMMAND_LINE_AUDIT,
    IW_REGISTRY_AUDIT_POLICY, /* PolAdtEv as stored; iw_audit_policy_read() reads it */
    IW_REGISTRY_START_W3SVC,  /* start types: 2 automatic, 3 by hand, 4 disabled */
    IW_REGISTRY_START_WAS,
    IW_REGISTRY_START_APPHOSTSVC,
    IW_REGISTRY_START_WMSVC,
    IW_REGISTRY_START_FTPSVC,
    IW_REGISTRY_START_EVENTLOG,
    IW_REGISTRY_START_SYSMON,
    IW_REGISTRY_START_SYSMON64,
    IW_REGISTRY_CHANNEL_SYSMON, /* WINEVT\Channels\<name>\Enabled */
    IW_REGISTRY_CHANNEL_IIS_CONFIGURATION,
    IW_REGISTRY_CHANNEL_IIS_CONFIGURATION_ADMIN,
    IW_REGISTRY_CHANNEL_IIS_LOGGING,
    IW_REGISTRY_CHANNEL_POWERSHELL,
    IW_REGISTRY_CHANNEL_CODE_INTEGRITY,
    IW_REGISTRY_CHANNEL_DEFENDER,
    IW_REGISTRY_CHANNEL_TASKS,
    IW_REGISTRY_COR_ENABLE_PROFILING, /* Session Manager\Environment */
    IW_REGISTRY_COR_PROFILER,
    IW_REGISTRY_COR_PROFILER_PATH,
    IW_REGISTRY_CORECLR_ENABLE_PROFILING,
    IW_REGISTRY_CORECLR_PROFILER,
    IW_REGISTRY_CORECLR_PROFILER_PATH,
    IW_REGISTRY_N_FACTS
};

struct iw_registry_fact {
    enum iw_fact_state state;
    struct iw_str key;  /* whole path, as found where it was, else as asked */
    struct iw_str name; /* of the value */
    uint32_t source;    /* index of the hive that answered; valid unless NOT_IN_EVIDENCE */
    int64_t written_ns; /* last change of the key; IW_TIME_UNKNOWN: not known */
    uint32_t type;      /* of the value, as hive.h has it */
    struct iw_str text; /* of texts; empty for others */
    bool has_number;
    uint64_t number;
    struct iw_str data; /* as stored */
    unsigned strength;  /* of the source: 2 a hive from its place, 1 another, 0 an export */
    /* Another source that holds another value, and no stronger; there may be more behind it. NULL:
     * none does. */
    const struct iw_registry_fact *rival;
};

/** A driver's parameters as those of Sysmon, whatever its name. */
struct iw_registry_sysmon {
    struct iw_str service; /* name of the driver's service */
    struct iw_registry_fact rules, hashing, options;
    struct iw_registry_fact config_hash; /* of the file that was loaded last: `SHA256=...` */
    uint8_t rules_sha256[32];            /* valid when rules are KNOWN */
};

/** A COM class as programs of 64 and of 32 bits see it. */
struct iw_registry_class {
    struct iw_registry_fact server_64; /* default value of InprocServer32 */
    struct iw_registry_fact server_32; /* the same below Wow6432Node */
};

struct iw_registry_facts {
    struct iw_registry_fact values[IW_REGISTRY_N_FACTS];
    enum iw_fact_state sysmon_state;   /* KNOWN: at least one; ABSENT: none among all services */
    struct iw_registry_sysmon *sysmon; /* in the order of the services */
    uint32_t n_sysmon;
    enum iw_fact_state environment_state; /* of the whole list */
    struct iw_registry_fact *environment; /* every variable of the system */
    uint32_t n_environment;
};

/**
 * Asks all of it.
 *
 * @param hives  open hives and exports of one server; may be NULL when n_hives is 0
 * @param arena  takes lists; texts lie in the arenas of the hives
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_registry_read_facts(struct iw_hive *const *hives, uint32_t n_hives,
                                  struct iw_arena *arena, struct iw_registry_facts *ret,
                                  struct iw_error *err);

/** One value by the whole path of its key, without rivals; name empty: the default value. */
void iw_registry_ask(struct iw_hive *const *hives, uint32_t n_hives, const char *path,
                     const char *name, struct iw_registry_fact *ret);

/** The server of a class id written `{8-4-4-4-12}` (customLogPluginClsid); an id of another form is
 * asked for nowhere: NOT_IN_EVIDENCE. */
void iw_registry_find_class(struct iw_hive *const *hives, uint32_t n_hives, struct iw_str clsid,
                            struct iw_registry_class *ret);

/** Where a fact is looked for. */
const char *iw_registry_fact_path(enum iw_registry_fact_id id);
const char *iw_registry_fact_name(enum iw_registry_fact_id id);

#endif
