/**
 * Where components stand: the table behind components.h. One row is one place where a kind is
 * written; most kinds have one.
 */
#ifndef IW_IIS_COMPONENT_TABLE_H
#define IW_IIS_COMPONENT_TABLE_H

#include "iis/config/components.h"

enum iw_component_rule {
    IW_COMPONENT_WITH_TYPE = 1,    /* only entries that have the type attribute */
    IW_COMPONENT_WITHOUT_TYPE = 2, /* only those that have not */
    IW_COMPONENT_WITH_IMAGE = 4,   /* only those with image or clsid */
    IW_COMPONENT_VARIABLES = 8,    /* only variables that make a process load code */
    IW_COMPONENT_PIPED = 16,       /* the image may be `program|arguments` */
    IW_COMPONENT_CLEARS = 32,      /* `<clear/>` is one, too; the owner is the section */
    IW_COMPONENT_WITH_POLICY = 64, /* only elements that have accessPolicy */
    IW_COMPONENT_OF_A_SITE = 128   /* its place is that of the site and application around it */
};

/** Attributes are NULL where the kind has none. */
struct iw_component_row {
    enum iw_component_kind kind;
    const char *section;
    const char *parent; /* name of the element around the entry; NULL: any */
    const char *element;
    const char *name, *image, *type;
    const char *arguments, *clsid;
    unsigned rules;
};

/** The rows, and their number; rows of one kind stand together. */
const struct iw_component_row *iw_component_rows(size_t *ret_n);
/** Does a variable of that name make a process load code? */
bool iw_component_variable(struct iw_str name);
/** Does its value name what is loaded (a profiler, a hook, a domain manager), and not only a switch
 * or where to look, as PATH does? */
bool iw_component_variable_names_code(struct iw_str name);

#endif
