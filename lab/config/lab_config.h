/*
 * The configuration of an invented IIS as a tree that can be changed and printed:
 * applicationHost.config, web.config, redirection.config.
 *
 * Schema, defaults and lock matrix: domain facts of IIS 10 (IIS_schema.xml as documented publicly).
 *
 * A file owns its texts and copies what it is given; texts are UTF-8. Pointers are never NULL
 * unless a comment says so. Calls on different files may run at the same time.
 */
#ifndef IW_LAB_CONFIG_H
#define IW_LAB_CONFIG_H

#include "lab/lab_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct iw_lab_config; /* one file */

enum iw_lab_config_feature {
    IW_LAB_CONFIG_ASPNET = 1,      /* managed engine, modules, handlers, ISAPI entries */
    IW_LAB_CONFIG_ASP = 2,         /* classic ASP: IsapiModule, asp.dll */
    IW_LAB_CONFIG_REWRITE = 4,     /* RewriteModule and its sections */
    IW_LAB_CONFIG_ARR = 8,         /* ApplicationRequestRouting, proxy section */
    IW_LAB_CONFIG_EXCHANGE = 16,   /* kerbauth, exppw, WSMan */
    IW_LAB_CONFIG_SHAREPOINT = 32, /* SharePoint14Module with owssvr.dll, SPRequestModule */
    IW_LAB_CONFIG_FTP = 64
};

struct iw_lab_config_pool {
    const char *name;
    const char *clr;      /* v4.0, v2.0, or "" for none */
    const char *identity; /* ApplicationPoolIdentity, LocalSystem, NetworkService, LocalService, or
                             an account */
    bool is_32;
};

struct iw_lab_config_directory {
    const char *site;        /* name */
    const char *application; /* "/" is the site's own */
    const char *directory;   /* "/" is the application's own */
    const char *root;        /* physical path; may hold %SystemDrive% */
};

/* A server's configuration as installed, with no sites and no pools. features: enum
 * iw_lab_config_feature, or-ed; ARR brings REWRITE, EXCHANGE and SHAREPOINT bring ASPNET.
 * SHAREPOINT expects its site and pool to be called "SharePoint - 80". */
struct iw_lab_config *iw_lab_config_new_server(unsigned features);
/* An empty web.config. */
struct iw_lab_config *iw_lab_config_new_web(void);
/* What .NET Framework 4 installs for all of a machine's sites: machine.config and the root
 * web.config, changed as a web.config is. */
struct iw_lab_config *iw_lab_config_new_machine(void);
struct iw_lab_config *iw_lab_config_new_root_web(void);
/* redirection.config, switched off; SET of configurationRedirection (enabled, path) switches it on.
 */
struct iw_lab_config *iw_lab_config_new_redirection(void);
/* A deep copy. */
struct iw_lab_config *iw_lab_config_copy(const struct iw_lab_config *config);
/* Accepts NULL. */
void iw_lab_config_free(struct iw_lab_config *config);

/*
 * What a farm has on a server's file; no steps of event 29 come of it. Names are not checked for
 * being there already. The site of an application, and the application of a directory, must be
 * there.
 */
/* clr NULL is "", identity NULL is ApplicationPoolIdentity. An account gets an encrypted password
 * that is none. */
void iw_lab_config_add_pool(struct iw_lab_config *config, const struct iw_lab_config_pool *pool);
/* binding: information of the binding, as *:443:shop.lab.example; the protocol follows from the
 * port (https when it is 444 or ends with 443). pool NULL: that of applicationDefaults. */
void iw_lab_config_add_site(struct iw_lab_config *config, const char *name, uint32_t id,
                            const char *binding, const char *pool, const char *root);
/* pool NULL: that of applicationDefaults. */
void iw_lab_config_add_application(struct iw_lab_config *config, const char *site, const char *path,
                                   const char *pool, const char *root);
void iw_lab_config_add_directory(struct iw_lab_config *config,
                                 const struct iw_lab_config_directory *directory);
/* <logFile logExtFileFlags="…"/> of siteDefaults, from W3C field names separated by spaces (NULL:
 * as they are); is_enabled false switches logging off. A name that is no W3C field becomes a custom
 * field. */
void iw_lab_config_set_log(struct iw_lab_config *config, const char *fields, bool is_enabled);

struct iw_lab_config_attribute {
    const char *name;
    const char *value;
};

enum iw_lab_config_verb {
    IW_LAB_CONFIG_ADD,
    IW_LAB_CONFIG_REMOVE,
    IW_LAB_CONFIG_SET,
    IW_LAB_CONFIG_CLEAR
};

/* How somebody who edits the text spells an added element; the configuration system only writes it
 * plainly. */
enum iw_lab_config_spelling {
    IW_LAB_CONFIG_PLAIN,
    IW_LAB_CONFIG_ENCODED, /* values as character references: the same element */
    IW_LAB_CONFIG_COMMENT, /* in a comment: no element */
    IW_LAB_CONFIG_CDATA    /* in a CDATA section: text, no element */
};

/*
 * One change, as with appcmd. section is the name behind system.webServer/ or
 * system.applicationHost/ (modules, isapiFilters, security/isapiCgiRestriction or
 * isapiCgiRestriction, rewrite/providers, sites, applicationPools, …) or a whole path.
 * ADD: an element of the section's collection with these attributes; the key is one of them.
 * REMOVE: the element whose key has the value of attributes[0]; in a web.config that has not got
 * it, and under a location that inherits it, `<remove …/>`.
 * SET: attributes[0] is the key of an element that is there and the others are set on it; where it
 * is no key (httpLogging dontLog, handlers accessPolicy) all attributes are set on the section.
 * CLEAR: `<clear />` behind what the collection has, so that only what is added later counts; for a
 * web.config or a location, without attributes.
 * An attribute name may be a path below the element, whose elements are made when they are not
 * there: logFile/@enabled, environmentVariables/add[@name='COR_PROFILER']/@value.
 */
struct iw_lab_config_change {
    enum iw_lab_config_verb verb;
    const char *section;
    const char *location; /* "Default Web Site/app": under <location path=…>; NULL or "": none */
    const struct iw_lab_config_attribute *attributes;
    size_t n_attributes;
    enum iw_lab_config_spelling spelling; /* of what ADD adds */
};

/* What IIS-Configuration event 29 says of one step of a change. Texts are owned by the list. */
struct iw_lab_config_step {
    char *configuration; /* /system.webServer/globalModules/add[@name="X"]/@image */
    char *old_value;
    char *new_value;
};
struct iw_lab_config_steps {
    struct iw_lab_config_step *items;
    size_t n_items;
};
void iw_lab_config_steps_done(struct iw_lab_config_steps *steps);

/*
 * Applies the change; steps (may be NULL) get the texts of event 29 appended: one for an element
 * that is added or removed, one for each attribute that is set to another value than it had.
 * False, error (may be NULL) says why, and nothing was changed: there is no such section or the
 * file does not register it; it is set for the server only; no such element; an element of that key
 * is there already; what is to be removed is locked; an attribute cannot be read.
 */
bool iw_lab_config_apply(struct iw_lab_config *config, const struct iw_lab_config_change *change,
                         struct iw_lab_config_steps *steps, struct iw_lab_error *error);

/* The native modules of globalModules that a worker of the pool loads, in order: their preCondition
 * holds for it. clr NULL: as the pool says. image has %variables% expanded for that bitness. Texts
 * are owned by the list; what modules held before is not freed. */
struct iw_lab_config_module {
    char *name;
    char *image; /* C:\Windows\System32\inetsrv\x.dll also for 32-bit workers: the redirection is
                    the caller's */
};
struct iw_lab_config_modules {
    struct iw_lab_config_module *items;
    size_t n_items;
};
void iw_lab_config_native_modules(const struct iw_lab_config *config, const char *pool, bool is_32,
                                  const char *clr, struct iw_lab_config_modules *modules);
void iw_lab_config_modules_done(struct iw_lab_config_modules *modules);

/* The text with %windir%, %SystemRoot%, %SystemDrive%, %ProgramFiles% … as a process of that
 * bitness has them; other variables stay as they are. The caller frees it with
 * iw_lab_alloc_release(). */
char *iw_lab_config_expand(const char *text, bool is_32);

/* The attribute (or path to one) of the element found by section and key ("": of the section
 * itself), of what stands at the location itself, not of what it inherits (location NULL: the
 * server's). NULL when there is none. The text is the file's until it is changed. */
const char *iw_lab_config_get(const struct iw_lab_config *config, const char *section,
                              const char *location, const char *key, const char *attribute);

/* The text of the file as IIS writes it: UTF-8 with declaration, CRLF, four spaces. The caller
 * frees it with iw_lab_alloc_release(). */
char *iw_lab_config_print(const struct iw_lab_config *config);

#endif
