/**
 * The configuration of one server: its files, the sections they hold, and which of them is in force
 * where.
 *
 * Files are added in any order, then the whole is settled once; afterwards it is immutable and may
 * be asked by any thread. A *layer* is one section element of one file at one place; the layers of
 * a section are in the order in which IIS merges them: from the server to the deepest place, at one
 * place from machine.config to web.config. What is wrong with what was read is no failure but a
 * problem in a list; nothing is ever left out without one.
 *
 * All texts and elements belong to the configuration and live until iw_config_free.
 */
#ifndef IW_IIS_CONFIG_EFFECTIVE_H
#define IW_IIS_CONFIG_EFFECTIVE_H

#include "base/map.h"
#include "iis/config/config_elements.h"
#include "iis/config/config_known.h"
#include "iis/config/config_place.h"

enum iw_config_role {
    IW_CONFIG_MACHINE,        /* machine.config */
    IW_CONFIG_ROOT_WEB,       /* the web.config beside it */
    IW_CONFIG_SERVER,         /* applicationHost.config */
    IW_CONFIG_ADMINISTRATION, /* administration.config */
    IW_CONFIG_REDIRECTION,    /* redirection.config */
    IW_CONFIG_WEB             /* web.config of a site, an application or a folder */
};

struct iw_config_file {
    enum iw_config_role role;
    struct iw_config_place place; /* of a web.config, else the server */
    struct iw_config_tree tree;
    uint32_t rank; /* files of a lower rank are inherited from */
    struct iw_config_file *next;
};

enum iw_config_override { IW_CONFIG_INHERIT, IW_CONFIG_ALLOW, IW_CONFIG_DENY };

struct iw_config_section;

struct iw_config_layer {
    const struct iw_config_section *section;
    const struct iw_config_element *element;
    const struct iw_config_file *file; /* whose place it has */
    const struct iw_config_tree *tree; /* where the element stands: the file, or its configSource */
    const struct iw_config_element *location; /* it stands in; NULL: in none */
    struct iw_config_place place;
    enum iw_config_override override;
    bool stops_at_applications; /* inheritInChildApplications="false" */
    bool is_encrypted;          /* what it holds is not known */
    bool is_missing;            /* its configSource could not be read: what it holds is not known */
    bool is_refused;            /* not in force: locked above, or where it may not stand */
    size_t sequence;            /* order of reading */
    size_t rank;                /* its index in section->layers */
    struct iw_config_layer *next_read;
};

struct iw_config_section {
    struct iw_str path; /* system.webServer/handlers */
    enum iw_config_allow allow;
    bool denies_override;
    bool refuses_location;           /* allowLocation="false" */
    bool is_declared;                /* by configSections of a file */
    bool is_known;                   /* by the table, or declared */
    struct iw_config_layer **layers; /* in the order of merging */
    size_t n_layers;
    struct iw_map first_at; /* key of a place → index of its first layer, which stand together */
};

enum iw_config_problem_kind {
    IW_CONFIG_PROBLEM_FILE,       /* damaged, refused, over a limit: what follows is not known */
    IW_CONFIG_PROBLEM_TEXT,       /* characters that were none */
    IW_CONFIG_PROBLEM_ENCRYPTED,  /* a section cannot be read here: unknown, not empty */
    IW_CONFIG_PROBLEM_REDIRECTED, /* the real configuration is elsewhere */
    IW_CONFIG_PROBLEM_SOURCE,     /* a file named by configSource or childSource is not at hand */
    IW_CONFIG_PROBLEM_CIRCULAR,   /* or names itself */
    IW_CONFIG_PROBLEM_LOCKED,     /* a section that is locked above */
    IW_CONFIG_PROBLEM_MISPLACED,  /* a section where it may not stand */
    IW_CONFIG_PROBLEM_UNDECLARED, /* a section nobody declared */
    IW_CONFIG_PROBLEM_ITEM,       /* an entry, attribute or element that is locked above */
    IW_CONFIG_PROBLEM_DUPLICATE,  /* an entry whose key is there already */
    IW_CONFIG_PROBLEM_STRANGER,   /* an element of a collection that is none of it: not read */
    IW_CONFIG_PROBLEM_LIMIT,      /* a limit of base/limits.h was reached */
    IW_CONFIG_PROBLEM_COUNT
};

struct iw_config_problem {
    enum iw_config_problem_kind kind;
    struct iw_str file;
    uint32_t line, column; /* 0: of the file as a whole */
    struct iw_str place;   /* "" = the server */
    struct iw_str what;    /* words for a person; texts of evidence in it are not escaped */
    struct iw_config_problem *next;
};

/**
 * Gets the bytes of a file that another one names.
 *
 * @param base  name of the file that names it
 * @param name  as written there
 * @param arena for the results
 * @return IW_OK; IW_END: it is not at hand; IW_ENOMEM
 */
struct iw_config_loader {
    enum iw_rc (*load)(void *context, struct iw_str base, struct iw_str name,
                       struct iw_arena *arena, struct iw_str *ret_name, struct iw_str *ret_bytes);
    void *context;
};

struct iw_config {
    struct iw_arena arena;
    struct iw_config_loader loader; /* load may be NULL: no such file is at hand */
    struct iw_config_file *files;   /* settled: by rank */
    struct iw_config_layer *first_layer, **last_layer;
    size_t n_layers;
    size_t n_bytes;             /* of all files added, each as often as it was */
    struct iw_map sections;     /* path → struct iw_config_section */
    struct iw_map groups;       /* paths of section groups */
    struct iw_map applications; /* keys of the places of applications, the sites among them */
    struct iw_map sources;      /* name → struct iw_config_tree read because another named it */
    struct iw_config_problem *problems, **last_problem; /* in the order they were met */
    size_t n_problems, n_hidden;                        /* in the list; not kept */
    bool has_server;             /* a whole applicationHost.config is there */
    bool is_redirected;          /* the local applicationHost.config is not authoritative */
    struct iw_str redirected_to; /* its path, as written */
    bool has_hidden_layers, has_hidden_sections; /* over the limit, and reported */
    bool no_memory;
};

struct iw_config_source {
    enum iw_config_role role;
    struct iw_str name;  /* copied */
    struct iw_str place; /* of a web.config: "Default Web Site/app"; copied */
    struct iw_str bytes; /* not needed afterwards */
};

/** NULL: no memory. *loader* may be NULL. */
struct iw_config *iw_config_new(const struct iw_config_loader *loader);
void iw_config_free(struct iw_config *config);
/** Reads one file. IW_OK, whatever it holds; IW_ENOMEM. */
enum iw_rc iw_config_add(struct iw_config *config, const struct iw_config_source *source);
/** All files were added. IW_OK or IW_ENOMEM. */
enum iw_rc iw_config_settle(struct iw_config *config);

/** The section of that path, or NULL when no file and no table has it. */
const struct iw_config_section *iw_config_section_of(const struct iw_config *config,
                                                     struct iw_str path);
/**
 * The layer behind *after* (NULL: the first) that is in force at the place *key*, or NULL. Layers
 * that are encrypted or missing are among them; *section* may be NULL.
 */
const struct iw_config_layer *iw_config_layer_at(const struct iw_config *config,
                                                 const struct iw_config_section *section,
                                                 struct iw_str key,
                                                 const struct iw_config_layer *after);
/** "a section that is locked above", ... */
const char *iw_config_problem_name(enum iw_config_problem_kind kind);

#endif
