/**
 * What a server serves: pools, sites, their applications and virtual directories, their logs, and
 * the modules a pool's worker loads.
 *
 * Read once from a settled configuration; immutable then. Texts and elements belong to the
 * configuration or lie in the arena given; both must outlive it. Passwords are not taken over.
 */
#ifndef IW_IIS_CONFIG_SERVER_H
#define IW_IIS_CONFIG_SERVER_H

#include "iis/config/config_merge.h"
#include "iis/config/server_path.h"

struct iw_server_pool {
    struct iw_str name;
    struct iw_str clr;      /* v4.0, v2.0; empty: no managed code */
    struct iw_str identity; /* ApplicationPoolIdentity, LocalSystem, ..., SpecificUser */
    struct iw_str user;     /* of SpecificUser */
    struct iw_str start_mode;
    struct iw_str runtime_loader;  /* managedRuntimeLoader; empty: not set */
    struct iw_str clr_config_file; /* CLRConfigFile; empty: not set */
    bool is_32, is_classic, auto_start;
    const struct iw_config_element *element;
};

struct iw_server_binding {
    struct iw_str protocol;    /* http, https, net.tcp, ftp, ... */
    struct iw_str information; /* *:80:host */
    const struct iw_config_element *element;
};

/** A virtual directory: a URL below its application, and the folder behind it. */
struct iw_server_directory {
    struct iw_config_place place; /* site/application/directory */
    struct iw_str path;           /* as written: "/", "/docs" */
    struct iw_server_path root;
    struct iw_str user; /* the account that opens it; empty: the worker's or the visitor's */
    bool allows_subfolder_config;
    const struct iw_config_element *element;
};

struct iw_server_application {
    struct iw_config_place place;
    struct iw_str path;
    struct iw_str pool_name;
    const struct iw_server_pool *pool; /* NULL: there is none of that name */
    struct iw_server_directory *directories;
    const struct iw_config_place **by_place; /* places of the directories, by key */
    size_t n_directories;
    const struct iw_config_element *element;
};

/** Where requests are logged. */
struct iw_server_log {
    bool is_enabled;
    struct iw_str format;         /* W3C, IIS, NCSA, Custom */
    struct iw_str target;         /* File, ETW, File,ETW */
    struct iw_server_path folder; /* of the site's own folder W3SVC<id>, or of the central log */
    struct iw_str period;         /* Daily, Hourly, Weekly, Monthly, MaxSize */
    struct iw_str fields;         /* logExtFileFlags: "Date, Time, ..." */
    struct iw_str plugin;         /* customLogPluginClsid; empty: none */
    bool rolls_in_local_time;
    const struct iw_config_element *custom_fields; /* their parent, or NULL */
};

struct iw_server_site {
    struct iw_config_place place;
    struct iw_str name;
    uint64_t id; /* 0: not a number */
    struct iw_server_binding *bindings;
    size_t n_bindings;
    struct iw_server_application *applications;
    const struct iw_config_place **by_place; /* places of the applications, by key */
    size_t n_applications;
    struct iw_server_log log;
    struct iw_str log_name; /* W3SVC<id> */
    bool skips_log;         /* httpLogging dontLog="true" at the site's root */
    struct iw_str selects;  /* httpLogging selectiveLogging: LogAll, LogSuccessful, LogError */
    bool auto_start;
    const struct iw_config_element *element;
};

enum iw_server_log_mode {
    IW_SERVER_LOG_SITES,         /* each site for itself */
    IW_SERVER_LOG_CENTRAL_W3C,   /* one file for all */
    IW_SERVER_LOG_CENTRAL_BINARY /* one binary file for all: *.ibl */
};

struct iw_server {
    const struct iw_config *config;
    struct iw_server_pool *pools;
    size_t n_pools;
    struct iw_server_site *sites;
    size_t n_sites;
    enum iw_server_log_mode log_mode;
    struct iw_server_log central_log;  /* where the mode is not IW_SERVER_LOG_SITES */
    bool is_known;                     /* an applicationHost.config has told of sites */
    bool pools_unknown, sites_unknown; /* encrypted or not at hand: there may be others */
    bool is_authoritative;             /* false: the configuration is redirected elsewhere */
};

/** IW_OK or IW_ENOMEM. */
enum iw_rc iw_server_read(const struct iw_config *config, struct iw_arena *arena,
                          struct iw_server *ret);

/** By name (letter case ignored), or NULL. */
const struct iw_server_pool *iw_server_pool_of(const struct iw_server *server, struct iw_str name);
const struct iw_server_site *iw_server_site_of(const struct iw_server *server, struct iw_str name);

/** A module of globalModules that the workers of a pool load. */
struct iw_server_module {
    struct iw_str name;
    struct iw_server_path image; /* for the pool's bitness; System32 stays System32 */
    bool is_certain;             /* false: it has a condition that is not known */
    struct iw_config_item item;
};

struct iw_server_modules {
    struct iw_server_module *items;
    size_t n;
    bool is_unknown; /* there may be others */
};

/** Native modules that a worker of *pool* loads, in the order of globalModules. IW_OK or
 * IW_ENOMEM. */
enum iw_rc iw_server_modules_of(const struct iw_server *server, const struct iw_server_pool *pool,
                                struct iw_arena *arena, struct iw_server_modules *ret);

#endif
