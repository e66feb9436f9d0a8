/**
 * The rows behind known_component.h and look_alike.h: what Microsoft registers, under which name.
 * Immutable.
 */
#ifndef IW_IIS_KNOWN_KNOWN_TABLE_H
#define IW_IIS_KNOWN_KNOWN_TABLE_H

#include "iis/config/components.h"

enum iw_known_rule {
    /* No first-hand source: domain.md marks it so, or it stands here from documentation of a
       neighbouring version. */
    IW_KNOWN_UNVERIFIED = 1,
    /* The product's folder is chosen at its installation; elsewhere than usual is not known, but no
       contradiction either. */
    IW_KNOWN_MOVABLE = 2,
    /* The name is chosen by the administrator; the image alone is Microsoft's. */
    IW_KNOWN_ANY_NAME = 4,
};

struct iw_known_row {
    enum iw_component_kind kind;
    const char *name;     /* NULL only with IW_KNOWN_ANY_NAME */
    const char *image;    /* normal form; NULL: names none */
    const char *type;     /* class of a managed type; NULL: none, or any of the assembly */
    const char *assembly; /* "name/public key token" of the type; NULL: none */
    const char *path;     /* of a handler */
    const char *modules;  /* of a handler; NULL: as by default */
    const char *product;
    unsigned rules; /* enum iw_known_rule */
};

/** A part of the catalogue. */
struct iw_known_part {
    const struct iw_known_row *rows;
    size_t n;
};

enum { IW_KNOWN_PARTS = 3 };
extern const struct iw_known_part iw_known_native;   /* known_native.c */
extern const struct iw_known_part iw_known_handlers; /* known_handlers.c */
extern const struct iw_known_part iw_known_managed;  /* known_managed.c */

/** The row behind number *at* (from 0), or NULL behind the last. */
const struct iw_known_row *iw_known_row_at(size_t at);

/** File names of inetsrv (without ending) that are no components but look like it: IIS's own. */
const char *const *iw_known_other_files(size_t *ret_n);

/** Folders, in normal form. */
#define IW_KNOWN_SYSTEM32 "C:\\Windows\\System32\\"
#define IW_KNOWN_INETSRV IW_KNOWN_SYSTEM32 "inetsrv\\"
#define IW_KNOWN_NET20_32 "C:\\Windows\\Microsoft.NET\\Framework\\v2.0.50727\\"
#define IW_KNOWN_NET20_64 "C:\\Windows\\Microsoft.NET\\Framework64\\v2.0.50727\\"
#define IW_KNOWN_NET40_32 "C:\\Windows\\Microsoft.NET\\Framework\\v4.0.30319\\"
#define IW_KNOWN_NET40_64 "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"

/** Assemblies with the tokens of Microsoft's keys. */
#define IW_KNOWN_SYSTEM_WEB "System.Web/b03f5f7f11d50a3a"
#define IW_KNOWN_EXTENSIONS "System.Web.Extensions/31bf3856ad364e35"
#define IW_KNOWN_ACTIVATION "System.ServiceModel.Activation/31bf3856ad364e35"
#define IW_KNOWN_SERVICE_MODEL "System.ServiceModel/b77a5c561934e089"
#define IW_KNOWN_REMOTING "System.Runtime.Remoting/b77a5c561934e089"
#define IW_KNOWN_WEB_SERVICES "System.Web.Services/b03f5f7f11d50a3a"
#define IW_KNOWN_XAML_HOSTING "System.Xaml.Hosting/31bf3856ad364e35"

#endif
