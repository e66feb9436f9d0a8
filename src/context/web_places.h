/**
 * Places of a web server at a moment: which sites and folders a pool serves, and which site, URL
 * and pool a file belongs to, by the configuration that was in force then.
 *
 * What is known of the configuration's time: a state in the history is in force from its own time
 * to that of the next newer one, the live one from the newest change on. A moment before every
 * state that is known, or between states whose times are not, is answered by the nearest newer one
 * and said to be *assumed*; so is what no configuration says (default roots). Immutable once made;
 * any thread.
 */
#ifndef IW_CONTEXT_WEB_PLACES_H
#define IW_CONTEXT_WEB_PLACES_H

#include "base/timestamp.h"
#include "result/inventory.h"

enum iw_web_knowledge {
    IW_WEB_UNKNOWN = 0, /* nothing is known of the server */
    IW_WEB_ASSUMED,     /* not proved for this moment */
    IW_WEB_CONFIGURED   /* the configuration of this moment says so */
};

/** One state of the roots. */
struct iw_web_state {
    enum iw_web_knowledge knowledge;
    bool is_partial; /* there may be sites, pools or folders that are not among the roots */
    const struct iw_inventory_root *roots;
    const struct iw_str *keys; /* folded paths of the roots; empty: not resolved */
    size_t n_roots;
};

struct iw_web_places;

/** Prepares all servers of *inventory* whose host is known; the inventory outlives it, and its
 * hosts are settled. NULL: no memory. */
struct iw_web_places *iw_web_places_new(const struct iw_inventory *inventory);
void iw_web_places_free(struct iw_web_places *places);
/** The server of a host (letter case ignored), the first that is read from configuration; NULL:
 * there is none. */
const struct iw_inventory_server *iw_web_places_server(const struct iw_web_places *places,
                                                       struct iw_str host);
/** What a host's roots were. */
struct iw_web_state iw_web_places_at(const struct iw_web_places *places, struct iw_str host,
                                     int64_t time_ns);

/** Whether a root belongs to a pool (letter case ignored). */
bool iw_web_root_has_pool(const struct iw_inventory_root *root, struct iw_str pool);
/** The deepest roots of *state* that a path lies in, as indices, *n* at most; returns their number.
 * *path* is that of a file as events write it. p NULL memory: *ret_no_memory. */
size_t iw_web_roots_of_file(const struct iw_web_state *state, struct iw_str path,
                            struct iw_arena *scratch, size_t *ret, size_t n, bool *ret_no_memory);
/** The URL by which a root reaches a file in it. Empty: another root takes that URL. p == NULL: no
 * memory. */
struct iw_str iw_web_url_of_file(const struct iw_web_state *state, size_t root, struct iw_str path,
                                 struct iw_arena *arena);
/** The deepest root of a site that a URL ("/shop/x.aspx") lies in. IW_OK; IW_END: none; IW_ENOMEM.
 */
enum iw_rc iw_web_root_of_url(const struct iw_web_state *state, struct iw_str site,
                              struct iw_str url, struct iw_arena *scratch, size_t *ret_root);
/** The file a URL in a root names, as the root's path and the URL spell it. p == NULL: no memory.
 */
struct iw_str iw_web_file_of_url(const struct iw_web_state *state, size_t root, struct iw_str url,
                                 struct iw_arena *arena);
/** The pool whose account has that SID, among the pools *state* and *server* (may be NULL) know.
 * Empty: none has. IW_OK or IW_ENOMEM. */
enum iw_rc iw_web_pool_of_sid(const struct iw_web_state *state,
                              const struct iw_inventory_server *server, struct iw_str sid,
                              struct iw_arena *scratch, struct iw_str *ret);

#endif
