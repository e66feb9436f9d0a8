/**
 * What an ordinary installation has: roots of web servers, and endings that execute. Used where no
 * configuration says it; whatever follows from here is marked as assumed.
 *
 * Pure tables; any thread may ask.
 */
#ifndef IW_IIS_WEB_WEB_DEFAULTS_H
#define IW_IIS_WEB_WEB_DEFAULTS_H

#include "base/str.h"

/** A folder that setup of a product makes a web root. */
struct iw_web_default_root {
    struct iw_str path; /* normal form */
    bool is_everywhere; /* every IIS has it: assumed even where nothing of it was collected */
    bool is_beyond_iis; /* of another server: what the configuration of IIS says is nothing to it */
};

extern const struct iw_web_default_root iw_web_default_roots[];
extern const size_t iw_web_n_default_roots;

/** Languages of scripts that one application is written in. */
enum iw_web_language {
    IW_WEB_LANGUAGE_NONE = 0, /* does not execute */
    IW_WEB_LANGUAGE_ASP_NET,
    IW_WEB_LANGUAGE_ASP,
    IW_WEB_LANGUAGE_PHP,
    IW_WEB_LANGUAGE_JAVA,
    IW_WEB_LANGUAGE_COLD_FUSION,
    IW_WEB_LANGUAGE_CGI,
    IW_WEB_LANGUAGE_INCLUDE, /* server-side includes */
    IW_WEB_LANGUAGE_COUNT
};

struct iw_web_ending {
    struct iw_str ending;  /* ".aspx" */
    const char *processor; /* what runs it, for people */
    enum iw_web_language language;
    bool is_indirect; /* compiled into what uses it; its own URL is refused */
};

extern const struct iw_web_ending iw_web_endings[];
extern const size_t iw_web_n_endings;

/** The row of a file name, or NULL: it does not execute by default. */
const struct iw_web_ending *iw_web_ending_of(struct iw_str name);

#endif
