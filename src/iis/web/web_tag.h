/**
 * Elements of a web.config that make configuration files run: a page may stand in the very file
 * that says so (domain: "web.config as a web shell").
 *
 * Of the element around a place, by its attributes; entities are not decoded. Pure; any thread.
 */
#ifndef IW_IIS_WEB_WEB_TAG_H
#define IW_IIS_WEB_WEB_TAG_H

#include "base/str.h"

/** Whether the element around `*.config` or `web.config` at *at* is an `<add` of handlers that
 * gives these files to a script engine: `path` is that, and `scriptProcessor` names something, or
 * `type` a factory of pages or handlers. ASP.NET's own `HttpForbiddenHandler` is none. */
bool iw_web_tag_runs_configuration(struct iw_str text, size_t at);
/** Whether the element around `fileExtension` or `segment` at *at* takes `.config` or `web.config`
 * out of what request filtering refuses: `<remove`, or `<add` with `allowed="true"`. */
bool iw_web_tag_lifts_filter(struct iw_str text, size_t at);

#endif
