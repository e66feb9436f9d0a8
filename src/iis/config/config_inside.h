/**
 * Between the files that make a struct iw_config; everybody else uses config_effective.h.
 *
 * Functions that run out of memory set config->no_memory and go on with less; iw_config_settle says
 * so.
 */
#ifndef IW_IIS_CONFIG_INSIDE_H
#define IW_IIS_CONFIG_INSIDE_H

#include "iis/config/config_effective.h"

/** Where a problem is. element NULL: the file as a whole. */
struct iw_config_where {
    const struct iw_config_tree *tree;
    const struct iw_config_element *element;
    struct iw_str place;
};

/** Adds a problem; past IW_LIMIT_CONFIG_PROBLEMS it is only counted. */
void iw_config_report(struct iw_config *config, enum iw_config_problem_kind kind,
                      struct iw_config_where where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** The same of a layer, at *element* of it (NULL: its own). */
struct iw_config_where iw_config_in_layer(const struct iw_config_layer *layer,
                                          const struct iw_config_element *element);

/** Files of a lower rank are inherited from. */
uint32_t iw_config_rank(enum iw_config_role role, uint32_t depth);

/* --- config_define.c */
/** Sections and groups of the table. */
void iw_config_define_known(struct iw_config *config);
/** What configSections of the file declares. */
void iw_config_define_declared(struct iw_config *config, const struct iw_config_file *file);
/** The section, made as an undeclared one when there is none. NULL: no memory, or over the limit
 * (reported). */
struct iw_config_section *iw_config_section_make(struct iw_config *config, struct iw_str path,
                                                 struct iw_config_where where);

/* --- config_layers.c */
/** Adds the layers of the file. */
void iw_config_read_layers(struct iw_config *config, const struct iw_config_file *file);

/* --- config_source.c */
/**
 * Follows configSource and childSource of a section's element.
 *
 * @param layer     its element and tree are replaced by those of configSource; is_missing is set
 * @param ret_more  what childSource names, to be a layer of its own; element NULL: nothing
 */
void iw_config_follow_sources(struct iw_config *config, struct iw_config_layer *layer,
                              struct iw_config_layer *ret_more);

/* --- config_judge.c */
/** Says of each layer whether it may stand where it stands. */
void iw_config_judge(struct iw_config *config);

/* --- config_merge.c */
/** Merges every collection at every place once, for its problems. */
void iw_config_check_collections(struct iw_config *config);

/* --- config_strangers.c */
/** Names elements of collections that nobody knows. */
void iw_config_tell_strangers(struct iw_config *config);

#endif
