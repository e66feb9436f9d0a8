/**
 * What a web.config says of configuration files, read as IIS reads it: whether it gives them to a
 * script engine, so that the code in one of them runs when it is asked for (domain: "web.config as
 * a web shell"), and whether it takes them out of what request filtering refuses.
 *
 * Of the file alone: references decoded, comments passed over, `<remove>` and `<clear/>` of the
 * same collection counted, whatever `<location>` it stands in. What other files add or take away is
 * not known here (iis/config/web_handler.h knows it). Pure; any thread.
 */
#ifndef IW_IIS_WEB_WEB_CONFIG_PAGE_H
#define IW_IIS_WEB_WEB_CONFIG_PAGE_H

#include "iis/web/web_mark.h"

/** How much of a text was read as a configuration. */
enum iw_web_config_reading {
    IW_WEB_CONFIG_NONE = 0, /* it is none */
    IW_WEB_CONFIG_PART,     /* up to where it is damaged, or over a limit */
    IW_WEB_CONFIG_WHOLE
};

/**
 * Adds IW_WEB_MARK_RUNS_CONFIGURATION and IW_WEB_MARK_LIFTS_FILTER to *set*.
 *
 * @param bytes    of the file as it lies there, in whatever encoding
 * @param text     the same as UTF-8: whether it may be a configuration is seen in it
 * @param scratch  holds what is read; nothing of the result points into it
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_web_config_page_read(struct iw_str bytes, struct iw_str text,
                                   struct iw_arena *scratch, struct iw_web_mark_set *set,
                                   enum iw_web_config_reading *ret);

/** Which files of configuration a handler's path names. */
enum iw_web_config_path {
    IW_WEB_PATH_OTHER = 0,     /* none */
    IW_WEB_PATH_ALL,           /* they are among all files: `*`, `*.*` */
    IW_WEB_PATH_CONFIGURATION, /* `*.config`, `web.config`, and whatever else fits these names */
};

/** Of a handler's path or list of paths, by the last part of each. */
enum iw_web_config_path iw_web_config_path_of(struct iw_str paths);

/** Whether a handler runs the content of files: the engine is named by *script* (scriptProcessor),
 * or a managed type does it. */
bool iw_web_handler_runs_files(struct iw_str type, struct iw_str modules, struct iw_str script);

#endif
