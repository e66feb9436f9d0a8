/*
 * The kinds of events the lab knows: provider, channel and payload fields in the order Windows
 * writes them, and for each field the recipe by which the benchmark corpus invents a value.
 *
 * A kind need not be of this list: whoever knows its provider, channel and fields may make one, and
 * may copy one of these to change level or keywords (a failed audit); it must live as long as its
 * records. Everything here is constant; nothing is owned by the caller.
 *
 * Field names and order: Sysmon schema, Windows Security auditing, IIS configuration auditing, as
 * documented publicly (see kinds_*.c).
 */
#ifndef IW_LAB_CATALOGUE_H
#define IW_LAB_CATALOGUE_H

#include "lab/evtx/lab_evtx.h"

enum iw_lab_channel {
    IW_LAB_CHANNEL_SECURITY,
    IW_LAB_CHANNEL_SYSMON,
    IW_LAB_CHANNEL_SYSTEM,
    IW_LAB_CHANNEL_APPLICATION,
    IW_LAB_CHANNEL_POWERSHELL,
    IW_LAB_CHANNEL_IIS_CONFIGURATION,
    IW_LAB_N_CHANNELS, /* that the corpus fills */
    IW_LAB_CHANNEL_OTHER = IW_LAB_N_CHANNELS
};

enum iw_lab_recipe {
    IW_LAB_RECIPE_CONSTANT, /* the text of the row */
    IW_LAB_RECIPE_CHOICE,   /* one of the row's texts, separated by | */
    IW_LAB_RECIPE_NUMBER,   /* below the row's number */
    IW_LAB_RECIPE_PROCESS_ID,
    IW_LAB_RECIPE_GUID,
    IW_LAB_RECIPE_ZERO_GUID,
    IW_LAB_RECIPE_LOGON_ID,
    IW_LAB_RECIPE_SID,
    IW_LAB_RECIPE_UTC_TIME,
    IW_LAB_RECIPE_USER,
    IW_LAB_RECIPE_DOMAIN_USER,
    IW_LAB_RECIPE_DOMAIN,
    IW_LAB_RECIPE_HOST,
    IW_LAB_RECIPE_IMAGE,
    IW_LAB_RECIPE_DLL,
    IW_LAB_RECIPE_COMMAND_LINE,
    IW_LAB_RECIPE_FILE,
    IW_LAB_RECIPE_REGISTRY,
    IW_LAB_RECIPE_HASHES,
    IW_LAB_RECIPE_IP,
    IW_LAB_RECIPE_CALL_TRACE,
    IW_LAB_RECIPE_SCRIPT,
    IW_LAB_RECIPE_UNNAMED, /* an array of strings; the row's number of items */
    IW_LAB_RECIPE_BINARY
};

struct iw_lab_kind_field {
    const char *name; /* NULL: unnamed Data */
    uint8_t type;
    enum iw_lab_recipe recipe;
    const char *text;
    uint32_t number;
};

struct iw_lab_kind {
    enum iw_lab_channel channel;
    uint16_t event_id;
    uint8_t version;
    uint8_t level;
    uint16_t task;
    uint8_t opcode;
    uint64_t keywords;
    const char *provider;
    const char *provider_guid;
    const char *event_source;
    int32_t qualifiers;
    const char *event_data_name;            /* Name attribute of EventData, or NULL */
    const char *user_data_root;             /* NULL: EventData */
    const char *user_data_namespace;        /* xmlns of user_data_root, or NULL */
    const struct iw_lab_kind_field *fields; /* ends with a field of type IW_LAB_TYPE_NULL */
    uint32_t weight; /* how often in the corpus, among the kinds of its channel; 0: never */
    const char *other_channel; /* name of the channel when `channel` is IW_LAB_CHANNEL_OTHER */
};

#define IW_LAB_KIND_MAX_FIELDS 48U

/* All kinds one after another; NULL past the last. */
const struct iw_lab_kind *iw_lab_kind_at(size_t i);

/* The channel's name, and its file name without folder and without .evtx. */
const char *iw_lab_channel_name(enum iw_lab_channel channel);
const char *iw_lab_channel_file(enum iw_lab_channel channel);

/* The name of the kind's channel. */
const char *iw_lab_kind_channel(const struct iw_lab_kind *kind);

/* The file name of any channel, without folder and without .evtx: / becomes %4. */
void iw_lab_channel_print_file(const char *channel, char *out, size_t size_bytes);

/* NULL when there is no such kind. iw_lab_kind_find() is of no use for IW_LAB_CHANNEL_OTHER. */
const struct iw_lab_kind *iw_lab_kind_named(const char *channel, uint16_t event_id);
const struct iw_lab_kind *iw_lab_kind_find(enum iw_lab_channel channel, uint16_t event_id);

/* Defines the kind in a file for a computer; the index for iw_lab_evtx_add(). n_fields may be NULL.
 */
size_t iw_lab_kind_define(const struct iw_lab_kind *kind, const char *computer,
                          struct iw_lab_evtx *file, size_t *n_fields);

#endif
