/**
 * What the files of inventory/ share while one server is put together. Inside of this folder only.
 *
 * Results are copied into the arena of the inventory; everything else lives in `work` and dies with
 * the build. Functions return IW_OK or IW_ENOMEM; what is wrong with evidence becomes a problem of
 * the server, an entry of the ledger, or both.
 */
#ifndef IW_IIS_INVENTORY_SERVER_BUILD_H
#define IW_IIS_INVENTORY_SERVER_BUILD_H

#include "iis/config/components.h"
#include "iis/config/config_server.h"
#include "iis/config/web_map.h"
#include "iis/hive/registry_facts.h"
#include "iis/inventory/config_role.h"
#include "iis/inventory/file_facts.h"
#include "iis/inventory/inventory_build.h"

/** A list that grows in the heap and is copied when it is whole. */
struct iw_rows {
    void *items;
    size_t n, cap;
};

struct iw_config_candidate {
    const struct iw_collected_file *file;
    enum iw_config_part part;
    bool is_placed; /* a web.config whose place in the configuration is known */
};

/** Hives and exports of one host, open while its servers are put together. */
struct iw_host_registry {
    struct iw_arena arena;
    struct iw_hive **hives;
    const struct iw_collected_file **files; /* by index of hives */
    uint32_t n;
    struct iw_registry_facts facts;
};

/** A component before its files are looked for. Texts are copied. */
struct iw_component_claim {
    const char *kind, *state; /* static, as in struct iw_inventory_component */
    struct iw_str name, scope, image, arguments, type, clsid, precondition, owner;
    struct iw_str config_source, config_path;
    uint32_t line, column;
    bool is_disabled;
    const struct iw_component *written; /* NULL: it is not of the configuration */
};

struct iw_server_build {
    const struct iw_inventory_options *options;
    struct iw_inventory *inventory;
    struct iw_ledger *ledger;
    const struct iw_collection *collection;
    struct iw_inventory_server *server; /* being filled */
    struct iw_arena work;
    struct iw_item_file *facts;      /* by index of the collection's files; state NONE: not read */
    struct iw_fact_reading *reading; /* reads more of them */

    struct iw_config_candidate *configs; /* of the collection, in its order */
    size_t n_configs;
    const struct iw_collected_file *live; /* applicationHost.config of this server, or NULL */
    const struct iw_collected_file *redirection; /* that points to what is not in evidence */
    struct iw_config *config;
    struct iw_server web; /* what it serves */
    bool has_32_bit;      /* a pool of 32 bits */

    const struct iw_host_registry *registry; /* of the host */

    bool takes_placed, takes_loose; /* files of trees with paths; files of no such tree */
    size_t n_hidden_rows;           /* past IW_LIMIT_INVENTORY_ROWS */
    struct iw_rows components, problems, web_files,
        roots;                     /* of the records of result/inventory.h */
    struct iw_rows root_keys;      /* struct iw_str: folded paths of roots, by their index */
    struct iw_map used;            /* sources of files that a component names */
    struct iw_map pool_answers;    /* place and condition → pools that load what stands so */
    struct iw_map program_folders; /* folded folders with programs (hosted_program.c) */
    bool has_program_folders;
};

/** A copy in the inventory; p == NULL only when there is no memory. */
struct iw_str iw_keep(struct iw_server_build *build, struct iw_str text);
/** printf into the inventory. */
struct iw_str iw_keep_format(struct iw_server_build *build, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Adds a copy of *text* (already kept) to a list. */
bool iw_keep_line(struct iw_server_build *build, struct iw_text_list *list, struct iw_str text);
/** Room for one more row of *row_bytes*, zeroed; NULL: no memory. */
void *iw_rows_add(struct iw_rows *rows, size_t row_bytes);
/** The rows as an array of the inventory. */
bool iw_rows_keep(struct iw_server_build *build, struct iw_rows *rows, size_t row_bytes,
                  void *ret_items, size_t *ret_n);

/** Adds a problem. Texts are copied. */
enum iw_rc iw_build_problem(struct iw_server_build *build, const char *kind, struct iw_str source,
                            uint32_t line, uint32_t column, struct iw_str place,
                            struct iw_str what);

/** A configuration that reads what its files name out of the same collection; NULL: no memory. */
struct iw_config *iw_config_begin(struct iw_server_build *build);
/** Adds a file; one that cannot be read becomes a problem. */
enum iw_rc iw_config_take(struct iw_server_build *build, struct iw_config *config,
                          const struct iw_collected_file *file, enum iw_config_role role,
                          struct iw_str place);
/** Its bytes, accounted for. Also IW_EIO, IW_ELIMIT: the ledger says why. */
enum iw_rc iw_config_bytes(struct iw_server_build *build, const struct iw_collected_file *file,
                           struct iw_arena *arena, struct iw_str *ret);
/** Of the framework most pools run in (64 bits, version 4), or of none. */
bool iw_config_is_main_framework(const struct iw_collected_file *file);
/** The file of an image that may carry arguments (`"C:\perl\perl.exe" %s`) or be a URL of one
 * (`file:///C:/x.dll`); borrowed. */
struct iw_str iw_build_program(struct iw_str image);
/** The image of a hosted process as a path from the root of the drive on, where it is written from
 * its application's folder on; else *image*. p == NULL only when there is no memory. */
struct iw_str iw_build_hosted_image(struct iw_server_build *build,
                                    const struct iw_inventory_component *row, struct iw_str image);
/** Names the application's own program that a hosted process runs (row->hosted); behind the files.
 */
enum iw_rc iw_build_hosted_program(struct iw_server_build *build,
                                   struct iw_inventory_component *row);
/** Names the files of a component whose texts are there. */
enum iw_rc iw_build_component_files(struct iw_server_build *build,
                                    struct iw_inventory_component *row);
/** Tells files that are missing from those whose folder was not collected: when all are named. */
enum iw_rc iw_build_missing(struct iw_server_build *build);
/** All components of a settled configuration; *scope* and *owner*, where not empty, for all. */
enum iw_rc iw_build_config_components(struct iw_server_build *build, const struct iw_config *config,
                                      struct iw_str scope, struct iw_str owner);
/** Adds a component with its files and pools. */
enum iw_rc iw_build_claim(struct iw_server_build *build, const struct iw_component_claim *claim);
/** Opens what there is. iw_host_registry_done is needed whatever it returns: IW_OK, IW_ENOMEM. */
enum iw_rc iw_host_registry_read(struct iw_host_registry *registry, struct iw_ledger *ledger,
                                 const struct iw_collection *collection);
/** Closes it and tells the ledger what was damaged. */
void iw_host_registry_done(struct iw_host_registry *registry, struct iw_ledger *ledger);
/** Takes the problems of a settled configuration over, into the server and the ledger. */
enum iw_rc iw_build_config_problems(struct iw_server_build *build, const struct iw_config *config);

/* The steps, in their order. */
enum iw_rc iw_build_registry(struct iw_server_build *build);
enum iw_rc iw_build_config(struct iw_server_build *build);
enum iw_rc iw_build_sites(struct iw_server_build *build);
/** Adds a root and its key; NULL: no memory. Its texts are the caller's to fill. */
struct iw_inventory_root *iw_build_root(struct iw_server_build *build, struct iw_str key);
/** Fills a root with what a directory says, but for counts; false: no memory. */
bool iw_keep_root(struct iw_server_build *build, const struct iw_server_site *site,
                  const struct iw_server_application *application,
                  const struct iw_server_directory *directory, struct iw_inventory_root *root);
/** Web roots that no configuration names. */
enum iw_rc iw_build_assumed_roots(struct iw_server_build *build);
/** Who may write to roots and server; after all roots are there. */
enum iw_rc iw_build_pathways(struct iw_server_build *build);
enum iw_rc iw_build_components(struct iw_server_build *build);
enum iw_rc iw_build_modules(struct iw_server_build *build);
/** What the catalogue of Microsoft's own components says of each. */
enum iw_rc iw_build_known(struct iw_server_build *build);
enum iw_rc iw_build_web_files(struct iw_server_build *build);
enum iw_rc iw_build_versions(struct iw_server_build *build);
/** Tells copies that are not read, and names made to be taken for others. */
enum iw_rc iw_build_paths(struct iw_server_build *build);
/** Marks of the rows of web files: by content, and by what lies beside each. Row i is of the file
 * *indices*[i] of the collection, and *made_to_run*[i] says that a handler in force was made for
 * files of configuration like it; *n* counts those past the rows as well, which execute too. */
enum iw_rc iw_build_web_marks(struct iw_server_build *build, const size_t *indices,
                              const bool *made_to_run, size_t n);
/** How many files of each root are in evidence. */
enum iw_rc iw_build_count_roots(struct iw_server_build *build);
/** Puts the rows of the server into their order. */
enum iw_rc iw_build_order(struct iw_server_build *build);

/** Whether the run was interrupted: steps over many rows stop then (IW_ECANCELLED). */
bool iw_build_is_cancelled(const struct iw_server_build *build);
/** Whether a file belongs to this server and to no other of its host. */
bool iw_build_is_mine(const struct iw_server_build *build, const struct iw_collected_file *file);
/** A file as a component names it: read where it is in evidence, else the state says why not.
 * IW_OK; IW_ECANCELLED; IW_ENOMEM. */
enum iw_rc iw_build_file(struct iw_server_build *build, const struct iw_server_path *path,
                         const char *twin, struct iw_item_file *ret);

#endif
