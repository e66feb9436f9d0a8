/**
 * Components: whatever the configuration names that makes the web server load or run code, and what
 * decides which code that is: entries taken away, permissions, folders.
 *
 * Every entry of every layer is a record, in force or not, so that two states of a server can be
 * compared entry by entry. What cannot be known is a record too (state IW_COMPONENT_UNKNOWN,
 * without a name), one for each kind that the section holds. Values are as written: variables are
 * not expanded, letter case is kept. Texts belong to the configuration.
 */
#ifndef IW_IIS_COMPONENTS_H
#define IW_IIS_COMPONENTS_H

#include "iis/config/config_effective.h"

enum iw_component_kind {
    IW_COMPONENT_GLOBAL_MODULE, /* a native module: image */
    IW_COMPONENT_NATIVE_MODULE, /* its entry in modules */
    IW_COMPONENT_MANAGED_MODULE,
    IW_COMPONENT_HANDLER,
    IW_COMPONENT_ISAPI_FILTER,
    IW_COMPONENT_ISAPI_CGI_RESTRICTION,
    IW_COMPONENT_FAST_CGI,
    IW_COMPONENT_COMPRESSION_SCHEME,
    IW_COMPONENT_WEBDAV_STORE, /* where WebDAV keeps properties and locks: image */
    IW_COMPONENT_LOG_PLUGIN,
    IW_COMPONENT_AUTO_START_PROVIDER,
    IW_COMPONENT_LISTENER_ADAPTER,
    IW_COMPONENT_REWRITE_PROVIDER,
    IW_COMPONENT_RUNTIME_LOADER,
    IW_COMPONENT_CLR_CONFIG,
    IW_COMPONENT_ENVIRONMENT, /* a variable that makes a process load code */
    IW_COMPONENT_ASP_NET_CORE_PROCESS,
    IW_COMPONENT_HTTP_PLATFORM_PROCESS,
    IW_COMPONENT_NET_MODULE,  /* system.web/httpModules */
    IW_COMPONENT_NET_HANDLER, /* system.web/httpHandlers */
    IW_COMPONENT_BUILD_PROVIDER,
    IW_COMPONENT_EXPRESSION_BUILDER,
    IW_COMPONENT_ASSEMBLY, /* compilation/assemblies */
    IW_COMPONENT_COMPILER,
    IW_COMPONENT_PAGE_FILTER,
    IW_COMPONENT_PAGE_BASE,
    IW_COMPONENT_NET_PROVIDER, /* membership, roles, profile, session, site map, ... */
    IW_COMPONENT_SOAP_EXTENSION,
    IW_COMPONENT_RUNTIME_TYPE, /* httpRuntime: encoder, request validation */
    IW_COMPONENT_HOSTING_TYPE, /* hostingEnvironment: monitors */
    IW_COMPONENT_WCF_EXTENSION,
    IW_COMPONENT_TRACE_LISTENER,
    IW_COMPONENT_APP_DOMAIN_MANAGER,
    IW_COMPONENT_CODE_BASE,       /* assemblyBinding: where an assembly is loaded from */
    IW_COMPONENT_SECTION_HANDLER, /* configSections of a web.config: the type that reads a section
                                   */
    IW_COMPONENT_FTP_PROVIDER,
    IW_COMPONENT_ADMIN_PROVIDER, /* administration.config */
    /* What brings no code in, and decides which code runs where. */
    IW_COMPONENT_REMOVED_ENTRY, /* <remove>, <clear/> in a section of modules, handlers, filters */
    IW_COMPONENT_ACCESS_POLICY, /* what handlers may do at a place */
    IW_COMPONENT_VIRTUAL_DIRECTORY, /* a folder that URLs reach: image */
    IW_COMPONENT_KIND_COUNT
};

enum iw_component_scope {
    IW_COMPONENT_OF_SERVER,
    IW_COMPONENT_OF_LOCATION, /* <location path> with a path, in whatever file */
    IW_COMPONENT_OF_WEB_CONFIG
};

enum iw_component_state {
    IW_COMPONENT_WRITTEN, /* stands there; a layer below may remove it */
    IW_COMPONENT_REFUSED, /* in a section that IIS refuses at this place */
    IW_COMPONENT_UNKNOWN  /* encrypted or in a file not at hand: there may be any number */
};

struct iw_component {
    enum iw_component_kind kind;
    enum iw_component_scope scope;
    enum iw_component_state state;
    bool is_disabled;        /* enabled="false", allowed="false" */
    struct iw_str name;      /* of the entry; path, extension, ... where that is its key */
    struct iw_str image;     /* file that is loaded or started; empty: none is named */
    struct iw_str arguments; /* of an image that is started */
    struct iw_str type;      /* managed type; empty: none */
    struct iw_str clsid;     /* COM class; empty: none */
    struct iw_str precondition;
    struct iw_str owner; /* pool, site or program it stands in; empty: none */
    struct iw_str place; /* "Default Web Site/app"; empty: the server */
    struct iw_str file;
    uint32_t line, column;
    const struct iw_config_element *element;
};

struct iw_components {
    struct iw_component *items; /* those of a kind together, in the order of merging */
    size_t n;
};

/** The name of a `<clear/>`, which no entry can have: it takes all away. */
#define IW_COMPONENT_ALL_REMOVED "<clear/>"

/** Reads all components of a settled configuration into *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_components_read(const struct iw_config *config, struct iw_arena *arena,
                              struct iw_components *ret);

/** "globalModule", ...: as baselines and findings write it; static. */
const char *iw_component_kind_name(enum iw_component_kind kind);

#endif
