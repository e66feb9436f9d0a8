/*
 * Handlers: Microsoft's reference of handlers/add, accessPolicy and requestFiltering. The first
 * handler whose path, verb and preCondition fit takes the request.
 *
 * A handler for any verb can run a file, so a verb is taken into account only as far as an earlier
 * handler of the same path has taken it. Deliberately not done: URL rewriting, which may lead a
 * request to another file; requests for path info behind a file; limits of request filtering other
 * than extensions and hidden segments.
 */
#include "iis/config/web_handler.h"

#include "base/fold.h"
#include "iis/config/ending_index.h"
#include "iis/config/precondition.h"
#include "iis/config/web_pattern.h"

#define HANDLERS "system.webServer/handlers"
#define FILTERING "system.webServer/security/requestFiltering"

enum { MAX_VERBS = 64 };

struct handler {
    const struct iw_config_item *item;
    struct iw_str path, verb;
    enum iw_web_verdict verdict;
    struct iw_str processor;
    unsigned needs;
    bool is_certain;
};

struct iw_web_handlers {
    struct handler *items;
    size_t n;
    struct iw_ending_index by_ending; /* of their paths */
    struct iw_config_items collected;
    unsigned access;
    bool is_unknown, is_told; /* there may be others; a section was there at all */
    struct iw_config_items extensions, segments;
    bool is_filtered, refuses_unlisted, filter_is_unknown;
};

/* --- one handler ------------------------------------------------------------------------- */

static struct iw_str attribute(const struct iw_config_element *element, const char *name,
                               const char *otherwise)
{
    return iw_config_value(element, iw_str_of(name), iw_str_of(otherwise));
}

static bool is_among(struct iw_str text, const char *const *names)
{
    for (; *names != NULL; names++)
        if (iw_str_equal_nocase(text, iw_str_of(*names)))
            return true;
    return false;
}

/* Whether a type comes from the assembly of ASP.NET: whoever names a class of his own as one of
 * ASP.NET's is called by it as well. */
static bool is_of_system_web(struct iw_str assembly)
{
    struct iw_str name = iw_web_list_next(&assembly, ',');
    return name.n == 0 || iw_str_equal_nocase(name, IW_STR("System.Web"));
}

/* Of a managed type. */
static enum iw_web_verdict verdict_of_type(struct iw_str type)
{
    static const char *const REFUSING[] = {
        "System.Web.HttpForbiddenHandler", "System.Web.HttpNotFoundHandler",
        "System.Web.HttpMethodNotAllowedHandler", "System.Web.HttpNotImplementedHandler", NULL};
    static const char *const SERVING[] = {"System.Web.StaticFileHandler",
                                          "System.Web.DefaultHttpHandler",
                                          "System.Web.Handlers.TransferRequestHandler", NULL};
    struct iw_str name = iw_web_list_next(&type, ',');

    if (name.n == 0)
        return IW_WEB_SERVES;
    if (!is_of_system_web(type))
        return IW_WEB_EXECUTES;
    if (is_among(name, REFUSING))
        return IW_WEB_FORBIDDEN;
    return is_among(name, SERVING) ? IW_WEB_SERVES : IW_WEB_EXECUTES;
}

/* The module that hands a request to a managed type; where none is named, it is this one. */
#define MANAGED "ManagedPipelineHandler"

/* Of native modules: one that runs things decides, and a type counts where it is asked for. */
static enum iw_web_verdict verdict_of_modules(struct iw_str modules, enum iw_web_verdict of_type)
{
    static const char *const SERVING[] = {"StaticFileModule",
                                          "DefaultDocumentModule",
                                          "DirectoryListingModule",
                                          "ProtocolSupportModule",
                                          "HttpRedirectionModule",
                                          "WebDAVModule",
                                          "CorsModule",
                                          "",
                                          NULL};
    static const char *const FORWARDING[] = {"AspNetCoreModule", "AspNetCoreModuleV2",
                                             "httpPlatformHandler", NULL};
    enum iw_web_verdict verdict = IW_WEB_SERVES;

    while (modules.n != 0) {
        struct iw_str name = iw_web_list_next(&modules, ',');
        if (iw_str_equal_nocase(name, IW_STR(MANAGED)))
            verdict = verdict == IW_WEB_SERVES || of_type == IW_WEB_EXECUTES ? of_type : verdict;
        else if (is_among(name, FORWARDING))
            verdict = verdict == IW_WEB_SERVES ? IW_WEB_FORWARDS : verdict;
        else if (!is_among(name, SERVING))
            verdict = IW_WEB_EXECUTES;
    }
    return verdict;
}

enum iw_web_verdict iw_web_verdict_of(struct iw_str type, struct iw_str modules)
{
    enum iw_web_verdict of_type = verdict_of_type(type);
    return modules.n != 0 ? verdict_of_modules(modules, of_type) : of_type;
}

static unsigned access_named(struct iw_str name)
{
    static const struct {
        const char *name;
        unsigned flag;
    } FLAGS[] = {
        {"Read", IW_WEB_ACCESS_READ},       {"Write", IW_WEB_ACCESS_WRITE},
        {"Execute", IW_WEB_ACCESS_EXECUTE}, {"Source", IW_WEB_ACCESS_SOURCE},
        {"Script", IW_WEB_ACCESS_SCRIPT},   {"NoRemoteWrite", IW_WEB_ACCESS_NO_REMOTE_WRITE}};
    uint64_t number = 0;

    for (size_t i = 0; i < sizeof FLAGS / sizeof FLAGS[0]; i++)
        if (iw_str_equal_nocase(name, iw_str_of(FLAGS[i].name)))
            return FLAGS[i].flag;
    return iw_str_to_u64(name, &number) ? (unsigned)(number & 0xFFFF) : 0;
}

unsigned iw_web_access_of(struct iw_str list)
{
    unsigned access = 0;

    while (list.n != 0)
        access |= access_named(iw_web_list_next(&list, ','));
    return access;
}

/* requireAccess; its numbers differ from those of accessPolicy in Script. */
static unsigned needs_of(struct iw_str text)
{
    return iw_str_equal(text, IW_STR("3")) ? (unsigned)IW_WEB_ACCESS_SCRIPT
                                           : iw_web_access_of(text);
}

/* False: it is not there for workers of this pool, or not for files. */
static bool read_handler(const struct iw_config_item *item, const struct iw_server_pool *pool,
                         struct handler *ret)
{
    const struct iw_config_element *element = item->element;
    struct iw_str type = attribute(element, "type", "");
    struct iw_str modules = attribute(element, "modules", MANAGED);
    struct iw_str script = attribute(element, "scriptProcessor", "");
    enum iw_precondition judgment =
        iw_precondition_judge(attribute(element, "preCondition", ""), pool);

    if (judgment == IW_PRECONDITION_FAILS ||
        iw_str_equal_nocase(attribute(element, "resourceType", ""), IW_STR("Directory")))
        return false;
    *ret = (struct handler){
        .item = item,
        .path = attribute(element, "path", ""),
        .verb = attribute(element, "verb", "*"),
        .verdict = iw_web_verdict_of(type, modules),
        .needs = needs_of(attribute(element, "requireAccess", "Script")),
        .is_certain = judgment == IW_PRECONDITION_HOLDS,
    };
    ret->processor = script.n != 0 ? iw_web_list_next(&script, '|') : type.n != 0 ? type : modules;
    return true;
}

/* --- a place ----------------------------------------------------------------------------- */

static enum iw_rc collect(const struct iw_config *config, const char *section, const char *below,
                          const struct iw_config_place *place, struct iw_arena *arena,
                          struct iw_config_items *ret)
{
    return iw_config_collect(config, iw_config_collection_of(section, below), place->key, arena,
                             ret);
}

/* Is the module that filters requests in force? Where no module is known, it is, as by default. */
static bool filter_is_on(const struct iw_config_items *modules)
{
    for (size_t i = 0; i < modules->n; i++)
        if (iw_str_equal_nocase(attribute(modules->items[i].element, "name", ""),
                                IW_STR("RequestFilteringModule")))
            return true;
    return modules->n == 0 || modules->is_unknown;
}

static enum iw_rc read_filter(const struct iw_config *config, const struct iw_config_place *place,
                              struct iw_arena *arena, struct iw_web_handlers *handlers)
{
    const struct iw_config_section *section = iw_config_section_of(config, IW_STR(FILTERING));
    const struct iw_config_layer *layer = NULL;
    struct iw_config_items modules;

    IW_TRY(collect(config, "system.webServer/modules", "", place, arena, &modules));
    IW_TRY(collect(config, FILTERING, "fileExtensions", place, arena, &handlers->extensions));
    IW_TRY(collect(config, FILTERING, "hiddenSegments", place, arena, &handlers->segments));
    handlers->is_filtered = filter_is_on(&modules);
    handlers->filter_is_unknown = modules.is_unknown || handlers->extensions.is_unknown;
    while ((layer = iw_config_layer_at(config, section, place->key, layer)) != NULL)
        handlers->refuses_unlisted =
            !iw_config_flag(iw_config_child(layer->element, IW_STR("fileExtensions")),
                            IW_STR("allowUnlisted"), !handlers->refuses_unlisted);
    return IW_OK;
}

static enum iw_rc make_index(struct iw_web_handlers *handlers, struct iw_arena *arena)
{
    struct iw_str *paths = iw_arena_calloc(arena, handlers->n + 1, sizeof *paths);
    if (paths == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < handlers->n; i++)
        paths[i] = handlers->items[i].path;
    return iw_ending_index_make(paths, handlers->n, arena, &handlers->by_ending) ? IW_OK
                                                                                 : IW_ENOMEM;
}

/* Does a section say something right at the place of that key? */
static bool says(const struct iw_config *config, const char *path, struct iw_str key)
{
    const struct iw_config_section *section = iw_config_section_of(config, iw_str_of(path));
    return section != NULL && section->n_layers != 0 &&
           iw_map_find(&section->first_at, key) != NULL;
}

struct iw_str iw_web_handlers_settled_at(const struct iw_config *config,
                                         const struct iw_config_place *place)
{
    for (size_t n = place->key.n; n != 0; n--) {
        struct iw_str key = {place->key.p, n};
        if (n != place->key.n && place->key.p[n] != '/')
            continue;
        if (says(config, HANDLERS, key) || says(config, FILTERING, key) ||
            says(config, "system.webServer/modules", key) ||
            iw_map_find(&config->applications, key) != NULL)
            return key;
    }
    return (struct iw_str){place->key.p, 0};
}

enum iw_rc iw_web_handlers_read(const struct iw_config *config, const struct iw_server_pool *pool,
                                const struct iw_config_place *place, struct iw_arena *arena,
                                struct iw_web_handlers **ret)
{
    const struct iw_config_section *section = iw_config_section_of(config, IW_STR(HANDLERS));
    struct iw_config_setting policy =
        iw_config_setting_at(config, section, IW_STR("accessPolicy"), place->key);
    struct iw_web_handlers *handlers = iw_arena_calloc(arena, 1, sizeof *handlers);
    struct iw_config_items *items;

    if (handlers == NULL)
        return IW_ENOMEM;
    items = &handlers->collected;
    IW_TRY(collect(config, HANDLERS, "", place, arena, items));
    IW_TRY(read_filter(config, place, arena, handlers));
    handlers->access =
        policy.is_set ? iw_web_access_of(policy.value) : (unsigned)IW_WEB_ACCESS_READ;
    handlers->is_told = iw_config_layer_at(config, section, place->key, NULL) != NULL;
    handlers->is_unknown = items->is_unknown || policy.is_unknown;
    handlers->items = iw_arena_calloc(arena, items->n + 1, sizeof handlers->items[0]);
    if (handlers->items == NULL)
        return IW_ENOMEM;
    for (size_t i = 0; i < items->n; i++)
        handlers->n += read_handler(&items->items[i], pool, &handlers->items[handlers->n]);
    *ret = handlers;
    return make_index(handlers, arena);
}

/* --- a file ------------------------------------------------------------------------------ */

/* Verbs that earlier handlers of the file have taken. */
struct taken {
    struct iw_str verbs[MAX_VERBS];
    size_t n;
    bool all;
};

static bool is_taken(const struct taken *taken, struct iw_str verb)
{
    for (size_t i = 0; i < taken->n; i++)
        if (iw_str_equal_nocase(taken->verbs[i], verb))
            return true;
    return taken->all;
}

/* Takes the handler's verbs. False: all of them were taken before. *ret_get: GET is among them. */
static bool take_verbs(struct taken *taken, struct iw_str verbs, bool *ret_get)
{
    bool is_any = false;

    *ret_get = false;
    while (verbs.n != 0) {
        struct iw_str verb = iw_web_list_next(&verbs, ',');
        bool is_all = iw_str_equal(verb, IW_STR("*"));
        if (is_all ? taken->all : is_taken(taken, verb))
            continue;
        is_any = true;
        *ret_get |=
            (is_all && !is_taken(taken, IW_STR("GET"))) || iw_str_equal_nocase(verb, IW_STR("GET"));
        taken->all |= is_all;
        if (!is_all && taken->n < MAX_VERBS)
            taken->verbs[taken->n++] = verb;
    }
    return is_any;
}

static struct iw_web_answer answer_by(const struct iw_web_handlers *handlers,
                                      const struct handler *handler)
{
    unsigned missing = handler->needs & ~handlers->access;

    return (struct iw_web_answer){
        .verdict = missing != 0 ? IW_WEB_NO_ACCESS : handler->verdict,
        .handler = handler->item,
        .processor = handler->processor,
        .is_certain = handler->is_certain && !handlers->is_unknown,
    };
}

static bool is_run(enum iw_web_verdict verdict)
{
    return verdict == IW_WEB_EXECUTES || verdict == IW_WEB_FORWARDS;
}

static struct iw_web_answer answer_unfiltered(const struct iw_web_handlers *handlers,
                                              struct iw_str url)
{
    struct iw_web_answer answer = {.verdict = IW_WEB_NO_HANDLER,
                                   .is_certain = !handlers->is_unknown};
    struct taken taken = {.n = 0};
    struct iw_ending_walk walk;
    bool has_get = false;
    size_t i;

    iw_ending_walk_begin(&handlers->by_ending, url, &walk);
    while (!taken.all && iw_ending_walk_next(&walk, &i)) {
        const struct handler *handler = &handlers->items[i];
        struct iw_web_answer by;
        bool is_get = false;
        if (!iw_web_path_fits(handler->path, url))
            continue;
        if (!take_verbs(&taken, handler->verb, &is_get))
            continue;
        by = answer_by(handlers, handler);
        if (is_run(by.verdict))
            return by;
        if (is_get && !has_get)
            answer = by;
        has_get |= is_get;
    }
    return answer;
}

/* Does request filtering refuse the URL? */
static bool is_refused(const struct iw_web_handlers *handlers, struct iw_str url)
{
    struct iw_str extension = iw_web_extension(url);

    for (size_t i = 0; i < handlers->segments.n; i++)
        if (iw_web_has_segment(url, attribute(handlers->segments.items[i].element, "segment", "")))
            return true;
    for (size_t i = 0; i < handlers->extensions.n; i++) {
        const struct iw_config_element *element = handlers->extensions.items[i].element;
        if (iw_str_equal_nocase(attribute(element, "fileExtension", ""), extension))
            return !iw_config_flag(element, IW_STR("allowed"), true);
    }
    return handlers->refuses_unlisted;
}

struct iw_web_answer iw_web_answer_of(const struct iw_web_handlers *handlers, struct iw_str url)
{
    struct iw_web_answer answer;

    if (!handlers->is_told)
        return (struct iw_web_answer){.verdict = IW_WEB_UNKNOWN};
    if (handlers->is_filtered && is_refused(handlers, url))
        return (struct iw_web_answer){.verdict = IW_WEB_FILTERED,
                                      .is_certain = !handlers->filter_is_unknown};
    answer = answer_unfiltered(handlers, url);
    if (answer.verdict == IW_WEB_NO_HANDLER && handlers->is_unknown)
        answer.verdict = IW_WEB_UNKNOWN;
    return answer;
}

enum iw_rc iw_web_answer_at(const struct iw_config *config, const struct iw_web_spot *spot,
                            struct iw_arena *arena, struct iw_web_answer *ret)
{
    struct iw_web_handlers *handlers = NULL;

    IW_TRY(iw_web_handlers_read(config, spot->application->pool, &spot->place, arena, &handlers));
    *ret = iw_web_answer_of(handlers,
                            iw_config_place_below(spot->place.path, spot->site->place.depth));
    return IW_OK;
}
