/**
 * Between URLs and files: which file a URL of a site names, and which URLs reach a file.
 *
 * A URL here is a decoded path ("/shop/default.aspx"), without query and host. Mapping one way and
 * back agrees: a URL is told for a file only if that URL names that file.
 */
#ifndef IW_IIS_WEB_MAP_H
#define IW_IIS_WEB_MAP_H

#include "iis/config/config_server.h"

/** A place where URL and file meet. */
struct iw_web_spot {
    const struct iw_server_site *site;
    const struct iw_server_application *application;
    const struct iw_server_directory *directory;
    struct iw_config_place place; /* of the URL in the configuration: "Site/shop/default.aspx" */
    struct iw_server_path file;   /* is_resolved false: the folder holds a variable that is not
                                     known, so where it lies is not either */
};

struct iw_web_spots {
    struct iw_web_spot *items; /* of the deepest folder first */
    size_t n;
};

/** The file that *url* names: the deepest application, then its deepest virtual directory. IW_OK;
 * IW_END: the site has no application there; IW_ENOMEM. */
enum iw_rc iw_web_file_of(const struct iw_server_site *site, struct iw_str url,
                          struct iw_arena *arena, struct iw_web_spot *ret);
/** Every URL that names the file or folder *path*, which is one that was found (any letter case;
 * without variables). n == 0: it is below no web root, or no URL can name it. IW_OK or IW_ENOMEM.
 */
enum iw_rc iw_web_urls_of(const struct iw_server *server, struct iw_str path,
                          struct iw_arena *arena, struct iw_web_spots *ret);

#endif
