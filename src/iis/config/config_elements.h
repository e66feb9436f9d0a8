/**
 * A configuration file as a tree of elements: applicationHost.config, web.config, machine.config,
 * administration.config, redirection.config, and files these name.
 *
 * A file that is damaged, refused or over a limit is no failure: what stands before that place is
 * in the tree, and the tree says what happened, at which line and column. Format: XML 1.0 without a
 * document type; names are kept with their prefix. Trees are immutable once read: any thread may
 * use them.
 */
#ifndef IW_IIS_CONFIG_ELEMENTS_H
#define IW_IIS_CONFIG_ELEMENTS_H

#include "base/arena.h"
#include "base/error.h"

struct iw_config_attribute {
    struct iw_str name;
    struct iw_str value; /* entities decoded, line ends and tabs are spaces (XML 1.0, 3.3.3) */
};

struct iw_config_element {
    struct iw_str name;
    struct iw_str text; /* what stands before the first child, blanks at its ends dropped */
    const struct iw_config_attribute *attributes;           /* in the order of the file */
    struct iw_config_element *parent, *first, *last, *next; /* NULL where there is none */
    uint32_t n_attributes;
    uint32_t line, column; /* of its `<`, 1-based, in characters of the text; after 2^32 wrong */
    uint32_t depth;        /* of the root: 1 */
    bool is_closed;        /* false: the file ended, or was given up, inside of it */
};

enum iw_config_defect {
    IW_CONFIG_WHOLE,
    IW_CONFIG_MALFORMED, /* not XML from that place on */
    IW_CONFIG_DTD,       /* declares a document type, which IIS refuses too */
    IW_CONFIG_OVER_LIMIT /* a limit of base/limits.h; error says which */
};

struct iw_config_tree {
    struct iw_str name;             /* of the file, as given */
    struct iw_config_element *root; /* NULL: nothing could be read */
    size_t n_elements;
    const char *encoding; /* static */
    size_t n_replaced;    /* UTF-16 units that were no text and are U+FFFD now */
    enum iw_config_defect defect;
    struct iw_error error; /* what, line, column; only where there is a defect */
};

/**
 * Reads a file. *name* is borrowed and must live as long as the tree, which lies in *arena*;
 * *bytes* are not needed afterwards.
 *
 * @return IW_OK, whatever the file holds; IW_ENOMEM: no memory, *ret is not valid
 */
enum iw_rc iw_config_tree_read(struct iw_str bytes, struct iw_str name, struct iw_arena *arena,
                               struct iw_config_tree *ret);

/** The first child of that name, or NULL. *element* may be NULL. Names differ in letter case. */
const struct iw_config_element *iw_config_child(const struct iw_config_element *element,
                                                struct iw_str name);
/** The next sibling of that name, or NULL. */
const struct iw_config_element *iw_config_sibling(const struct iw_config_element *element,
                                                  struct iw_str name);
/** The element behind *element* in the order of the file within *top* (which may be NULL), or
 * NULL. With *skip* what is inside of *element* is passed over. */
const struct iw_config_element *iw_config_following(const struct iw_config_element *top,
                                                    const struct iw_config_element *element,
                                                    bool skip);
/** The attribute, or NULL. *element* may be NULL. */
const struct iw_config_attribute *iw_config_attribute(const struct iw_config_element *element,
                                                      struct iw_str name);
/** Its value, or *otherwise* where it is absent. */
struct iw_str iw_config_value(const struct iw_config_element *element, struct iw_str name,
                              struct iw_str otherwise);
/** Its value as IIS reads booleans (true, false; 1 and 0 are taken too); anything else is
 * *otherwise*. */
bool iw_config_flag(const struct iw_config_element *element, struct iw_str name, bool otherwise);

#endif
