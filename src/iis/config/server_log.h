/**
 * Request logs: config_server.c's own part.
 */
#ifndef IW_IIS_SERVER_LOG_H
#define IW_IIS_SERVER_LOG_H

#include "iis/config/config_server.h"

/** Fills what a site logs; its element, name, id and place are known. *defaults*: siteDefaults, may
 * be NULL. False: no memory. */
bool iw_server_log_of_site(const struct iw_config *config, const struct iw_config_element *defaults,
                           struct iw_arena *arena, struct iw_server_site *site);
/** Fills log_mode and central_log. False: no memory. */
bool iw_server_log_central(const struct iw_config *config, struct iw_arena *arena,
                           struct iw_server *server);

#endif
