/**
 * Trees of collected files made by hand, and the inventory they give.
 */
#ifndef IW_TESTS_INVENTORY_RIG_H
#define IW_TESTS_INVENTORY_RIG_H

#include "iis/inventory/inventory_build.h"
#include "lab/pe/lab_pe.h"

/* Of one server, as it was collected. */
#define CONFIG "WEB01/C/Windows/System32/inetsrv/config/"
#define INETSRV "WEB01/C/Windows/System32/inetsrv/"
#define INETSRV_32 "WEB01/C/Windows/SysWOW64/inetsrv/"
#define SITE(path, root)                                                                           \
    "<applicationPools><add name='P' managedRuntimeVersion='v4.0'/></applicationPools>"            \
    "<sites><site name='S' id='1'><application path='/' applicationPool='P'>"                      \
    "<virtualDirectory path='" path "' physicalPath='" root "'/></application></site></sites>"
#define ASPX                                                                                       \
    "<handlers accessPolicy='Read, Script'><add name='Pages' path='*.aspx' verb='*' "              \
    "type='System.Web.UI.PageHandlerFactory'/></handlers>"

/** A native module of somebody. */
#define MODULE                                                                                     \
    ((const struct iw_lab_pe_options){.kind = IW_LAB_PE_NATIVE_MODULE, .company = "Contoso"})

/** The run of the last inventory_of(). */
extern struct iw_run rig_run;

/** Setup and teardown of a test: a folder of its own. */
int inventory_enter(void **state);
int inventory_leave(void **state);

/** Writes a text, or a program, below the folder. */
void put_text(const char *path, const char *text);
void put_program(const char *path, const struct iw_lab_pe_options *options);
/** applicationHost.config with sections of system.applicationHost and system.webServer; what each
 * web server has (a pool "P", the site "S" in C:\web) where *sites* is NULL. */
void put_server(const char *path, const char *sites, const char *web_server);

/** Reads everything in the folder (or what *argument* names there). Also with failing allocations
 * of the caller. */
enum iw_rc inventory_read(const char *argument);
/** The same, which must go well. */
void inventory_of(const char *argument);

/** The server of that host; fails when there is none. */
const struct iw_inventory_server *server_of(const char *host);
/** The component; NULL: there is none. */
const struct iw_inventory_component *component_of(const struct iw_inventory_server *server,
                                                  const char *kind, const char *name);
/** Its files as "state:twin ...", such as "read:x64 missing:x86". Static. */
const char *files_of(const struct iw_inventory_component *component);
/** Paths of web files, joined by spaces. Static. */
const char *web_files_of(const struct iw_inventory_server *server);
/** Names of the marks of a web file, joined by spaces. Static. */
const char *marks_of(const struct iw_inventory_web_file *web_file);
/** Problems as "kind:line", joined by spaces. Static. */
const char *problems_of(const struct iw_inventory_server *server);
/** What the ledger says of a file: its state and reason. Static. */
const char *ledger_of(const char *path);

#endif
