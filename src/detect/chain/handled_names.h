/**
 * Names of files that handlers of the evidence's configurations run, beside the endings that run
 * everywhere (iis/web/web_defaults.h): `*.foo` mapped to asp.dll, `logo.png` to a type.
 *
 * What the live configuration of a server says, for all times: a handler that only a former state
 * has is not among it. Filled before events flow; then immutable, any thread may ask.
 */
#ifndef IW_DETECT_HANDLED_NAMES_H
#define IW_DETECT_HANDLED_NAMES_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/map.h"
#include "result/inventory.h"

struct iw_handled_names {
    struct iw_map names;                               /* ".foo" or "logo.png", lower case */
    struct iw_str patterns[IW_LIMIT_HANDLED_PATTERNS]; /* "*.fo*", each once; lower case */
    size_t n_patterns;
    uint64_t n_hidden; /* patterns past the limit: which files they run is not known */
};

void iw_handled_names_init(struct iw_handled_names *handled);
void iw_handled_names_done(struct iw_handled_names *handled);
/** Adds what the handlers of all servers run; texts lie in *arena*. IW_OK or IW_ENOMEM. */
enum iw_rc iw_handled_names_know(struct iw_handled_names *handled,
                                 const struct iw_inventory *inventory, struct iw_arena *arena);
/** Whether a handler of any server runs files of that name, wherever they lie: a first look at
 * every file event. Without memory. */
bool iw_handled_names_has(const struct iw_handled_names *handled, struct iw_str name);
/** Whether a handler of that server (NULL: none does) and site runs what the URL names. */
bool iw_handlers_run_url(const struct iw_inventory_server *server, struct iw_str site,
                         struct iw_str url);

#endif
