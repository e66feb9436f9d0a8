/*
 * logFile of sites, httpLogging, and the central logs of system.applicationHost/log. Defaults: the
 * schema of IIS 10. HTTP.sys's own error log is no matter of configuration files.
 */
#include "iis/config/server_log.h"

#include <inttypes.h>
#include <stdio.h>

#define FOLDER "%SystemDrive%\\inetpub\\logs\\LogFiles"
#define FIELDS                                                                                     \
    "Date, Time, ClientIP, UserName, ServerIP, Method, UriStem, UriQuery, HttpStatus, "            \
    "Win32Status, TimeTaken, ServerPort, UserAgent, HttpSubStatus, Referer"

struct source {
    const struct iw_config_element *own, *usual; /* each may be NULL */
};

static struct iw_str value(const struct source *source, struct iw_str name, struct iw_str otherwise)
{
    return iw_config_value(source->own, name, iw_config_value(source->usual, name, otherwise));
}

static bool flag(const struct source *source, struct iw_str name, bool otherwise)
{
    return iw_config_flag(source->own, name, iw_config_flag(source->usual, name, otherwise));
}

static bool read_log(const struct source *source, bool is_enabled, struct iw_arena *arena,
                     struct iw_server_log *ret)
{
    const struct iw_config_element *fields = iw_config_child(source->own, IW_STR("customFields"));

    *ret = (struct iw_server_log){
        .is_enabled = flag(source, IW_STR("enabled"), is_enabled),
        .format = value(source, IW_STR("logFormat"), IW_STR("W3C")),
        .target = value(source, IW_STR("logTargetW3C"), IW_STR("File")),
        .period = value(source, IW_STR("period"), IW_STR("Daily")),
        .fields = value(source, IW_STR("logExtFileFlags"), IW_STR(FIELDS)),
        .plugin = value(source, IW_STR("customLogPluginClsid"), IW_STR("")),
        .rolls_in_local_time = flag(source, IW_STR("localTimeRollover"), false),
        .custom_fields =
            fields != NULL ? fields : iw_config_child(source->usual, IW_STR("customFields")),
    };
    return iw_server_path_read(value(source, IW_STR("directory"), IW_STR(FOLDER)), false, arena,
                               &ret->folder);
}

bool iw_server_log_of_site(const struct iw_config *config, const struct iw_config_element *defaults,
                           struct iw_arena *arena, struct iw_server_site *site)
{
    const struct iw_config_section *logging =
        iw_config_section_of(config, IW_STR("system.webServer/httpLogging"));
    struct iw_config_setting skips =
        iw_config_setting_at(config, logging, IW_STR("dontLog"), site->place.key);
    struct iw_config_setting selects =
        iw_config_setting_at(config, logging, IW_STR("selectiveLogging"), site->place.key);
    struct source source = {iw_config_child(site->element, IW_STR("logFile")),
                            iw_config_child(defaults, IW_STR("logFile"))};
    char name[32];

    site->skips_log = skips.is_set && (iw_str_equal_nocase(skips.value, IW_STR("true")) ||
                                       iw_str_equal(skips.value, IW_STR("1")));
    site->selects = selects.is_set ? selects.value : IW_STR("LogAll");
    (void)snprintf(name, sizeof name, "W3SVC%" PRIu64, site->id);
    site->log_name = iw_arena_copy(arena, iw_str_of(name));
    return site->log_name.p != NULL && read_log(&source, true, arena, &site->log);
}

bool iw_server_log_central(const struct iw_config *config, struct iw_arena *arena,
                           struct iw_server *server)
{
    const struct iw_config_section *section =
        iw_config_section_of(config, IW_STR("system.applicationHost/log"));
    struct iw_config_setting mode =
        iw_config_setting_at(config, section, IW_STR("centralLogFileMode"), IW_STR(""));
    const struct iw_config_layer *layer = NULL;
    struct source source = {NULL, NULL};
    struct iw_str name;

    if (!mode.is_set || iw_str_equal_nocase(mode.value, IW_STR("Site")))
        return true;
    server->log_mode = iw_str_equal_nocase(mode.value, IW_STR("CentralW3C"))
                           ? IW_SERVER_LOG_CENTRAL_W3C
                           : IW_SERVER_LOG_CENTRAL_BINARY;
    name = server->log_mode == IW_SERVER_LOG_CENTRAL_W3C ? IW_STR("centralW3CLogFile")
                                                         : IW_STR("centralBinaryLogFile");
    while ((layer = iw_config_layer_at(config, section, IW_STR(""), layer)) != NULL) {
        const struct iw_config_element *child = iw_config_child(layer->element, name);
        source.own = child != NULL ? child : source.own;
    }
    return read_log(&source, true, arena, &server->central_log);
}
