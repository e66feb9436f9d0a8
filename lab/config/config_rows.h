/*
 * Parts of a freshly installed server written as tables: one row an element, its depth in front.
 */
#ifndef IW_LAB_CONFIG_ROWS_H
#define IW_LAB_CONFIG_ROWS_H

#include "lab/config/config_tree.h"

/* A row with this depth is a child of the element that is given to iw_lab_config_rows_grow(). */
#define IW_LAB_CONFIG_ROWS_TOP 1

struct iw_lab_config_row {
    unsigned depth;
    unsigned features; /* enum iw_lab_config_feature or-ed: any of them; 0: always */
    const char *text;  /* name a='x' b='y'; or ! and the text of a comment */
};

/* Adds the rows below parent. A row whose features the server has not got is left out, and what is
 * below it too. */
void iw_lab_config_rows_grow(struct iw_lab_element *parent, const struct iw_lab_config_row *rows,
                             size_t n_rows, unsigned features);

/* The tables, in the order of the file. Each adds its part to the <configuration> element or to the
 * section group that it names. */
void iw_lab_config_add_sections(struct iw_lab_element *configuration, unsigned features);
void iw_lab_config_add_host(struct iw_lab_element *configuration, unsigned features);
void iw_lab_config_add_web(struct iw_lab_element *configuration, unsigned features);
void iw_lab_config_add_mime(struct iw_lab_element *static_content);
void iw_lab_config_add_native(struct iw_lab_element *global_modules, unsigned features);
/* <location path="" overrideMode="Allow"> with handlers and modules, and locations of products. */
void iw_lab_config_add_locations(struct iw_lab_element *configuration, unsigned features);
/* The entries of native modules in <modules>. */
void iw_lab_config_add_native_entries(struct iw_lab_element *modules, unsigned features);

#endif
