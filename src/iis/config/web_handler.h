/**
 * What happens to a file when its URL is asked for: does it execute, and by which handler?
 */
#ifndef IW_IIS_WEB_HANDLER_H
#define IW_IIS_WEB_HANDLER_H

#include "iis/config/web_map.h"

enum iw_web_verdict {
    IW_WEB_UNKNOWN,   /* handlers are encrypted, not at hand, or in no file that was given */
    IW_WEB_EXECUTES,  /* the file's own content is run */
    IW_WEB_FORWARDS,  /* the request goes to a process of the application, whatever the file */
    IW_WEB_SERVES,    /* the file is sent as it is, or not touched */
    IW_WEB_FORBIDDEN, /* a handler whose only answer is a refusal */
    IW_WEB_NO_ACCESS, /* its handler needs more than accessPolicy allows here */
    IW_WEB_FILTERED,  /* request filtering refuses the URL */
    IW_WEB_NO_HANDLER /* none takes it */
};

/** What a handler does with a file, by its native modules and, where these hand it to one or none
 * is named, by its managed type, both as written: EXECUTES, FORWARDS, SERVES or FORBIDDEN. The one
 * list of what only sends, forwards or refuses. */
enum iw_web_verdict iw_web_verdict_of(struct iw_str type, struct iw_str modules);

/** Flags of accessPolicy, as in the schema. */
enum iw_web_access {
    IW_WEB_ACCESS_READ = 1,
    IW_WEB_ACCESS_WRITE = 2,
    IW_WEB_ACCESS_EXECUTE = 4,
    IW_WEB_ACCESS_SOURCE = 16,
    IW_WEB_ACCESS_SCRIPT = 512,
    IW_WEB_ACCESS_NO_REMOTE_WRITE = 1024
};

/** What a list of flags ("Read, Script", "513") names, or-ed; names of other flags are nothing. */
unsigned iw_web_access_of(struct iw_str list);

struct iw_web_answer {
    enum iw_web_verdict verdict;
    const struct iw_config_item *handler; /* that decided; NULL: none */
    struct iw_str processor; /* what runs it: scriptProcessor as written up to `|`, else
                                type, else modules; empty without a handler */
    bool is_certain; /* false: the pool, a condition, or part of the configuration is not known */
};

/** Handlers in force at one place, made ready to be asked for many files. */
struct iw_web_handlers;

/**
 * Reads the handlers, access policy and request filtering in force at *place*.
 *
 * @param pool  of the application; NULL: not known
 * @param arena holds the result; texts belong to the configuration
 * @return IW_OK or IW_ENOMEM
 */
enum iw_rc iw_web_handlers_read(const struct iw_config *config, const struct iw_server_pool *pool,
                                const struct iw_config_place *place, struct iw_arena *arena,
                                struct iw_web_handlers **ret);
/**
 * The key of the nearest place at or above *place* at which anything that decides is said: places
 * with one such key, and workers of one pool, have the same handlers, access and filtering.
 * Borrowed from *place*.
 */
struct iw_str iw_web_handlers_settled_at(const struct iw_config *config,
                                         const struct iw_config_place *place);
/**
 * The answer for a file at *url* ("/shop/x.aspx"): the first handler in order
 * that runs it, whatever the verb; without one, what is answered to GET.
 */
struct iw_web_answer iw_web_answer_of(const struct iw_web_handlers *handlers, struct iw_str url);
/** Both at once, for the file of a spot. IW_OK or IW_ENOMEM. */
enum iw_rc iw_web_answer_at(const struct iw_config *config, const struct iw_web_spot *spot,
                            struct iw_arena *arena, struct iw_web_answer *ret);

#endif
