/**
 * A configuration file of Sysmon as a plain record: which events it takes, by which filters.
 *
 * Format: Microsoft, "Sysmon" (Sysinternals), "Configuration files" and "Event filtering entries";
 * <RuleGroup> and <Rule>: Microsoft, "Sysmon - The rules about rules" (2019) and "Sysmon 10.4 rule
 * enhancements". XML without a document type. A file Sysmon itself would refuse (not well-formed, a
 * document type, past a limit) configures nothing: IW_EFORMAT.
 *
 * Immutable once read: any thread may ask (sysmon_ask.h).
 */
#ifndef IW_COVERAGE_SYSMON_CONFIG_H
#define IW_COVERAGE_SYSMON_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "coverage/settings/sysmon_condition.h"

/** Kinds of events that have filters. */
enum iw_sysmon_type {
    IW_SYSMON_PROCESS_CREATE = 0,
    IW_SYSMON_FILE_CREATE_TIME,
    IW_SYSMON_NETWORK_CONNECT,
    IW_SYSMON_PROCESS_TERMINATE,
    IW_SYSMON_DRIVER_LOAD,
    IW_SYSMON_IMAGE_LOAD,
    IW_SYSMON_CREATE_REMOTE_THREAD,
    IW_SYSMON_RAW_ACCESS_READ,
    IW_SYSMON_PROCESS_ACCESS,
    IW_SYSMON_FILE_CREATE,
    IW_SYSMON_REGISTRY_EVENT,
    IW_SYSMON_FILE_CREATE_STREAM_HASH,
    IW_SYSMON_PIPE_EVENT,
    IW_SYSMON_WMI_EVENT,
    IW_SYSMON_DNS_QUERY,
    IW_SYSMON_FILE_DELETE,
    IW_SYSMON_CLIPBOARD_CHANGE,
    IW_SYSMON_PROCESS_TAMPERING,
    IW_SYSMON_FILE_DELETE_DETECTED,
    IW_SYSMON_FILE_BLOCK_EXECUTABLE,
    IW_SYSMON_FILE_BLOCK_SHREDDING,
    IW_SYSMON_FILE_EXECUTABLE_DETECTED,
    IW_SYSMON_TYPE_COUNT
};

/** "FileCreate", ...; never NULL. */
const char *iw_sysmon_type_name(enum iw_sysmon_type type);
/** What becomes of events of a type that a configuration has no filter for: all are logged, none
 * are, or versions of Sysmon differ (IW_SYSMON_SOME). */
enum iw_sysmon_share iw_sysmon_type_default(enum iw_sysmon_type type);

/** Fields that are told apart when a filter is asked. */
enum iw_sysmon_field {
    IW_SYSMON_FIELD_IMAGE = 0,
    IW_SYSMON_FIELD_TARGET_FILENAME,
    IW_SYSMON_FIELD_IMAGE_LOADED,
    IW_SYSMON_FIELD_PARENT_IMAGE,
    IW_SYSMON_FIELD_ORIGINAL_FILE_NAME,
    IW_SYSMON_FIELD_COMMAND_LINE,
    IW_SYSMON_FIELD_PARENT_COMMAND_LINE,
    IW_SYSMON_FIELD_INTEGRITY_LEVEL,
    IW_SYSMON_FIELD_OTHER, /* of no known value here */
    IW_SYSMON_FIELD_COUNT
};

struct iw_sysmon_filter {
    struct iw_str name; /* of the field, as written */
    enum iw_sysmon_field field;
    enum iw_sysmon_condition condition;
    struct iw_str written;       /* value */
    const struct iw_str *wanted; /* folded; one, or the parts of a list */
    size_t n_wanted;
    uint32_t line;
    bool is_unsure; /* a condition nobody knows, or an empty value */
};

/** How filters are combined. Several of one field beside others are "or" in Microsoft's words and
 * "and" in practice; where the two differ, nothing is claimed. */
enum iw_sysmon_relation {
    IW_SYSMON_OR = 0,
    IW_SYSMON_AND,
    IW_SYSMON_UNSTATED /* outside of any <RuleGroup>: versions differ */
};

/** A <Rule>, or one filter that stands in none. */
struct iw_sysmon_rule {
    const struct iw_sysmon_filter *filters;
    size_t n;
    enum iw_sysmon_relation relation;
    bool is_loose; /* one filter */
};

/** One element of an event type, `<FileCreate onmatch="include">`. */
struct iw_sysmon_section {
    enum iw_sysmon_type type;
    bool is_include;
    bool is_unsure;  /* one too many of its group: perhaps it is not in force */
    bool is_unknown; /* what it does cannot be told: without a readable onmatch, say */
    enum iw_sysmon_relation relation;
    const struct iw_sysmon_rule *rules;
    size_t n;
    uint32_t line;
    struct iw_sysmon_section *next;
};

/** What was met and is not known: told, and never counted as logged. */
struct iw_sysmon_stranger {
    struct iw_str what; /* one line */
    uint32_t line;
};

struct iw_sysmon_config {
    struct iw_str schema; /* schemaversion as written; empty: none */
    struct iw_sysmon_section *first, *last;
    const struct iw_sysmon_stranger *strangers;
    size_t n_strangers, n_strangers_hidden;
    uint8_t sha256[32], sha1[20], md5[16];
    bool has_sha1, has_md5; /* the library knows them */
};

/**
 * Reads a file. *ret lies in *arena*, as do its texts.
 *
 * @return IW_OK; IW_EFORMAT, IW_ELIMIT: it configures nothing, *err* says why and where; IW_ENOMEM
 */
enum iw_rc iw_sysmon_config_read(struct iw_str bytes, struct iw_arena *arena,
                                 struct iw_sysmon_config *ret, struct iw_error *err);

/** Whether *text* (`SHA256=...`, several between commas, or digits alone), as event 16 tells it,
 * names this file. */
bool iw_sysmon_config_has_hash(const struct iw_sysmon_config *config, struct iw_str text);

#endif
