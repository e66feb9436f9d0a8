/**
 * Which part a configuration file plays, by where it lay, else by its name and content.
 */
#ifndef IW_IIS_INVENTORY_CONFIG_ROLE_H
#define IW_IIS_INVENTORY_CONFIG_ROLE_H

#include "iis/inventory/collected.h"

enum iw_config_part {
    IW_CONFIG_PART_NONE = 0, /* no configuration of a web server */
    IW_CONFIG_PART_SERVER,   /* applicationHost.config, in force */
    IW_CONFIG_PART_ADMINISTRATION,
    IW_CONFIG_PART_REDIRECTION,
    IW_CONFIG_PART_MACHINE,  /* machine.config of a .NET framework */
    IW_CONFIG_PART_ROOT_WEB, /* web.config beside it */
    IW_CONFIG_PART_RUNTIME,  /* aspnet.config, w3wp.exe.config */
    IW_CONFIG_PART_HISTORY,  /* applicationHost.config of inetpub\history */
    IW_CONFIG_PART_BACKUP,   /* of inetsrv\backup */
    IW_CONFIG_PART_POOL,     /* written for a pool by WAS: inetpub\temp\apppools */
    IW_CONFIG_PART_WEB       /* any other web.config */
};

/** *head*: the beginning of the file, looked at where its place says nothing. */
enum iw_config_part iw_config_part_of(const struct iw_collected_file *file, struct iw_str head);

/** N of `CFGHISTORY_N`, or 0. */
uint32_t iw_config_history_number(struct iw_str key);

/** "Framework64\v4.0.30319" of a path of a .NET framework, or empty. */
struct iw_str iw_config_framework(struct iw_str path);

#endif
