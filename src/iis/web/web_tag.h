/**
 * Elements of a configuration that make configuration files run, where the text around them is not
 * read as a configuration (web_config_page.h): it is damaged, cut, or stands in something else.
 *
 * Of one element, by its attributes: quotes respected, references decoded. Pure; any thread.
 */
#ifndef IW_IIS_WEB_WEB_TAG_H
#define IW_IIS_WEB_WEB_TAG_H

#include "base/str.h"

/** Whether the element that begins at *at* is an `<add` of handlers that gives `web.config` or
 * files of that ending to a script engine: `path` names them, and `scriptProcessor` names something
 * or `type` is a class that runs (iw_web_handler_runs_files). *looked_bytes* grows by what had to
 * be looked at. */
bool iw_web_tag_runs_configuration(struct iw_str text, size_t at, uint64_t *looked_bytes);
/** Whether the element that begins at *at* takes `.config` or `web.config` out of what request
 * filtering refuses: `<remove`, or `<add` with `allowed="true"`. */
bool iw_web_tag_lifts_filter(struct iw_str text, size_t at, uint64_t *looked_bytes);

#endif
