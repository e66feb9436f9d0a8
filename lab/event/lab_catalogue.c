/*
 * The kinds of events (see lab_catalogue.h): the families of kinds_*.c as one list, names of
 * channels, and the way from a kind to a shape in an EVTX file.
 *
 * What it ignores: several versions of one event; the first kind of channel and id is the one
 * found.
 */
#include "lab/event/lab_kinds.h"

static const struct iw_lab_kind_family *const families[] = {
    &iw_lab_kinds_sysmon, &iw_lab_kinds_security, &iw_lab_kinds_other};

const struct iw_lab_kind *iw_lab_kind_at(size_t i)
{
    for (size_t family = 0; family < N_OF(families); family++) {
        if (i < families[family]->n_kinds) {
            return &families[family]->kinds[i];
        }
        i -= families[family]->n_kinds;
    }
    return NULL;
}

static const struct {
    const char *name;
    const char *file;
} channels[IW_LAB_N_CHANNELS] = {
    [IW_LAB_CHANNEL_SECURITY] = {"Security", "Security"},
    [IW_LAB_CHANNEL_SYSMON] = {"Microsoft-Windows-Sysmon/Operational",
                               "Microsoft-Windows-Sysmon%4Operational"},
    [IW_LAB_CHANNEL_SYSTEM] = {"System", "System"},
    [IW_LAB_CHANNEL_APPLICATION] = {"Application", "Application"},
    [IW_LAB_CHANNEL_POWERSHELL] = {"Microsoft-Windows-PowerShell/Operational",
                                   "Microsoft-Windows-PowerShell%4Operational"},
    [IW_LAB_CHANNEL_IIS_CONFIGURATION] = {"Microsoft-IIS-Configuration/Operational",
                                          "Microsoft-IIS-Configuration%4Operational"},
};

const char *iw_lab_channel_name(enum iw_lab_channel channel)
{
    return channels[channel].name;
}

const char *iw_lab_channel_file(enum iw_lab_channel channel)
{
    return channels[channel].file;
}

const char *iw_lab_kind_channel(const struct iw_lab_kind *kind)
{
    return kind->channel == IW_LAB_CHANNEL_OTHER ? kind->other_channel
                                                 : channels[kind->channel].name;
}

void iw_lab_channel_print_file(const char *channel, char *out, size_t size_bytes)
{
    size_t used = 0;
    for (; *channel != '\0' && used + 3 < size_bytes; channel++) {
        if (*channel == '/') {
            out[used++] = '%';
        }
        out[used++] = *channel == '/' ? '4' : *channel;
    }
    out[used] = '\0';
}

const struct iw_lab_kind *iw_lab_kind_named(const char *channel, uint16_t event_id)
{
    const struct iw_lab_kind *kind = iw_lab_kind_at(0);
    for (size_t i = 0; kind != NULL; kind = iw_lab_kind_at(++i)) {
        if (kind->event_id == event_id && strcmp(iw_lab_kind_channel(kind), channel) == 0) {
            break;
        }
    }
    return kind;
}

const struct iw_lab_kind *iw_lab_kind_find(enum iw_lab_channel channel, uint16_t event_id)
{
    const struct iw_lab_kind *kind = iw_lab_kind_at(0);
    for (size_t i = 0; kind != NULL; kind = iw_lab_kind_at(++i)) {
        if (kind->event_id == event_id && kind->channel == channel) {
            break;
        }
    }
    return kind;
}

size_t iw_lab_kind_define(const struct iw_lab_kind *kind, const char *computer,
                          struct iw_lab_evtx *file, size_t *n_fields)
{
    struct iw_lab_field fields[IW_LAB_KIND_MAX_FIELDS] = {{.element = NULL}};
    size_t n = 0;
    for (; kind->fields[n].type != IW_LAB_TYPE_NULL && n < IW_LAB_KIND_MAX_FIELDS; n++) {
        bool binary = kind->fields[n].type == IW_LAB_TYPE_BINARY;
        bool element = binary || kind->user_data_root != NULL;
        fields[n].element = element ? kind->fields[n].name : NULL;
        fields[n].name = element ? NULL : kind->fields[n].name;
        fields[n].type = kind->fields[n].type;
    }
    struct iw_lab_schema schema = {
        .provider = kind->provider,
        .provider_guid = kind->provider_guid,
        .event_source = kind->event_source,
        .channel = iw_lab_kind_channel(kind),
        .computer = computer,
        .event_id = kind->event_id,
        .qualifiers = kind->qualifiers,
        .version = kind->version,
        .level = kind->level,
        .task = kind->task,
        .opcode = kind->opcode,
        .keywords = kind->keywords,
        .payload =
            kind->user_data_root != NULL ? IW_LAB_PAYLOAD_USER_DATA : IW_LAB_PAYLOAD_EVENT_DATA,
        .payload_root = kind->user_data_root,
        .payload_namespace = kind->user_data_namespace,
        .event_data_name = kind->event_data_name,
        .fields = fields,
        .n_fields = n,
    };
    if (n_fields != NULL) {
        *n_fields = n;
    }
    return iw_lab_evtx_define(file, &schema);
}
