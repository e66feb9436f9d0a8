/*
 * What is not as the baseline has it, unless somebody approved it: load points that are new, gone
 * or changed, web files that are new or changed.
 */
#include "base/arena_text.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"

/* Modules whose absence protects an attacker: filters and logs of requests, limits on who may ask,
 * firewalls of products. Names are those IIS and the products' setup register. */
static bool is_protecting(struct iw_str name)
{
    static const struct {
        const char *name;
        bool is_prefix;
    } MODULES[] = {
        {"RequestFilteringModule", false},
        {"HttpLoggingModule", false},
        {"CustomLoggingModule", false},
        {"FailedRequestsTracingModule", false},
        {"IpRestrictionModule", false},
        {"DynamicIpRestrictionModule", false},
        {"UrlAuthorizationModule", false},
        {"UrlAuthorization", false},
        {"ModSecurity IIS", true},
        {"UrlScan", true},
        {"WebKnight", true},
    };
    for (size_t i = 0; i < sizeof MODULES / sizeof MODULES[0]; i++) {
        struct iw_str known = iw_str_of(MODULES[i].name);
        if (MODULES[i].is_prefix ? iw_str_begins_nocase(name, known)
                                 : iw_str_equal_nocase(name, known))
            return true;
    }
    return false;
}

static bool is_removal(struct iw_str kind)
{
    return iw_str_equal(kind, IW_STR("removedEntry"));
}

/* A `<remove>` of such a module, or a `<clear/>` of a whole section of modules or filters. Handlers
 * that are cleared protect nothing: what then runs is what stands behind. */
static bool is_loss_of_protection(const struct iw_inventory_component *row)
{
    if (!is_removal(iw_str_of(row->kind)) || strcmp(row->state, "written") != 0)
        return false;
    return is_protecting(row->name) || (iw_str_equal(row->name, IW_STR("<clear/>")) &&
                                        !iw_str_ends_nocase(row->owner, IW_STR("handlers")));
}

/* The place of *one* among *n* things of *size* bytes from *all* on; n: it is none of them. There
 * are as many differences as files, so nobody goes through them. */
static size_t place_of(const void *one, const void *all, size_t n, size_t size)
{
    uintptr_t at = (uintptr_t)one, begin = (uintptr_t)all;
    return one != NULL && at >= begin && (at - begin) / size < n ? (at - begin) / size : n;
}

/* The component or web file of this server that a difference is about. */
static bool find_subject(const struct iw_judging *judging, const struct iw_baseline_entry *now,
                         size_t *ret_component, const struct iw_inventory_web_file **ret_web_file)
{
    const struct iw_inventory_server *server = judging->server;
    size_t web_file =
        place_of(now->web_file, server->web_files, server->n_web_files, sizeof *server->web_files);
    *ret_component = place_of(now->component, server->components, server->n_components,
                              sizeof *server->components);
    *ret_web_file = NULL;
    if (*ret_component < server->n_components)
        return true;
    if (web_file == server->n_web_files)
        return false;
    *ret_web_file = &server->web_files[web_file];
    return true;
}

/* --- what is said --------------------------------------------------------------------------- */

static enum iw_rc say_fields(struct iw_case *named, const struct iw_baseline_difference *difference)
{
    for (size_t i = 0; i < difference->fields.n; i++) {
        bool has_values = i < difference->was_values.n && i < difference->now_values.n;
        IW_TRY(iw_case_line(
            named, &named->why, "%.*s was %.*s, is %.*s", IW_STR_ARG(difference->fields.items[i]),
            IW_STR_ARG(has_values ? difference->was_values.items[i] : IW_STR("?")),
            IW_STR_ARG(has_values ? difference->now_values.items[i] : IW_STR("?"))));
    }
    return IW_OK;
}

static enum iw_rc say_more(struct iw_case *named, const struct iw_baseline_difference *difference)
{
    struct iw_evidence_item item = {.role = IW_STR("baseline"),
                                    .time_ns = IW_TIME_UNKNOWN,
                                    .source = named->judging->input->baseline_source};
    if (difference->approval == IW_APPROVAL_EXPIRED)
        IW_TRY(iw_case_line(named, &named->why,
                            "was approved once, and the approval has expired: "
                            "%.*s",
                            IW_STR_ARG(difference->approval_why)));
    if (difference->of_servers > 1)
        IW_TRY(iw_case_line(named, &named->why, "on %zu of %zu servers of the baseline",
                            difference->n_servers, difference->of_servers));
    if (difference->was == NULL)
        return IW_OK;
    item.fields_json = difference->was->json;
    return iw_case_item(named, &item);
}

/* All that is otherwise is a twin that was not there: whether any worker loads it is not said. */
static bool is_twin_alone(const struct iw_baseline_difference *difference)
{
    return difference->fields.n == 1 && iw_str_equal(difference->fields.items[0], IW_STR("twin"));
}

static enum iw_level level_of(const struct iw_inventory_component *row,
                              const struct iw_baseline_difference *difference)
{
    const struct iw_item_file *file = iw_component_file(row);
    bool is_new = difference->change == IW_BASELINE_ADDED;
    if (is_loss_of_protection(row))
        return IW_LEVEL_MEDIUM;
    if (is_twin_alone(difference) || strcmp(row->kind, "binFile") == 0)
        return IW_LEVEL_LOW;
    if (iw_component_is_registered(row))
        return iw_component_loads(row) != IW_LOADS_NOTHING ||
                       strcmp(row->kind, "isapiCgiRestriction") == 0
                   ? IW_LEVEL_MEDIUM
                   : IW_LEVEL_LOW;
    if (!is_new || (file != NULL && iw_file_has_role(file, IW_STR("preApplicationStart"))))
        return IW_LEVEL_MEDIUM;
    return IW_LEVEL_LOW;
}

/* What differs in the content of a file; all else is written in configuration. */
static bool is_of_file(struct iw_str field)
{
    return iw_str_equal(field, IW_STR("sha256")) || iw_str_equal(field, IW_STR("path")) ||
           iw_str_equal(field, IW_STR("twin"));
}

static void note_difference(struct iw_case *named, const struct iw_baseline_difference *difference)
{
    if (named == NULL)
        return;
    if (difference->change == IW_BASELINE_ADDED || difference->fields.n == 0)
        named->difference.is_new = true;
    for (size_t i = 0; i < difference->fields.n; i++) {
        if (is_of_file(difference->fields.items[i]))
            named->difference.in_file = true;
        else
            named->difference.in_entry = true;
    }
}

static enum iw_rc judge_component(struct iw_judging *judging, size_t component,
                                  const struct iw_baseline_difference *difference)
{
    const struct iw_inventory_component *row = &judging->server->components[component];
    struct iw_case *named = iw_case_of_component(judging, component);
    bool is_new = difference->change == IW_BASELINE_ADDED;
    if (iw_component_is_unreadable(row))
        return IW_OK;
    if (is_loss_of_protection(row))
        IW_TRY(iw_case_say(
            named, IW_LEVEL_MEDIUM, "Protecting module is taken away",
            "%.*s %s out of %.*s, which the baseline does not", IW_STR_ARG(row->name),
            iw_str_equal(row->name, IW_STR("<clear/>")) ? "takes everything" : "is taken",
            IW_STR_ARG(row->owner)));
    note_difference(named, difference);
    IW_TRY(iw_case_say_difference(named, level_of(row, difference),
                                  is_new ? "Component that the baseline does not have"
                                         : "Component that is not as in the baseline",
                                  "%s %.*s %s", row->kind, IW_STR_ARG(iw_component_called(row)),
                                  is_new ? "does not stand in the baseline"
                                         : "differs from the baseline"));
    named->action = is_new ? IW_ACT_ADD : IW_ACT_MODIFY;
    IW_TRY(say_fields(named, difference));
    return say_more(named, difference);
}

/* --- files that became pages ------------------------------------------------------------------
 */

/* "Shop/api" is of the site "Shop". */
static struct iw_str site_of(struct iw_str scope)
{
    size_t n = iw_str_find(scope, IW_STR("/"));
    return n != SIZE_MAX ? (struct iw_str){scope.p, n} : scope;
}

static struct iw_str handling_key(const char *what, struct iw_str name, struct iw_arena *arena)
{
    struct iw_str key = iw_arena_format(arena, "%s %.*s", what, IW_STR_ARG(name));
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

/* A handler or script map that came since makes pages of files that were there all the time; so
 * does, in its site, one that went, or that scripts are allowed where they were not. */
static enum iw_rc note_handling(struct iw_judging *judging,
                                const struct iw_baseline_difference *difference)
{
    bool is_gone = difference->change == IW_BASELINE_REMOVED;
    const struct iw_baseline_entry *entry = is_gone ? difference->was : difference->now;
    bool is_handler = iw_str_equal(entry->kind, IW_STR("handler"));
    struct iw_str key;
    if (difference->server != judging->server_index ||
        (!is_handler && !iw_str_equal(entry->kind, IW_STR("accessPolicy"))))
        return IW_OK;
    key = is_handler && !is_gone ? handling_key("handler", entry->name, judging->arena)
                                 : handling_key("site", site_of(entry->scope), judging->arena);
    return key.p != NULL && iw_map_add(&judging->new_handling, key, NULL) != NULL ? IW_OK
                                                                                  : IW_ENOMEM;
}

static bool is_noted(const struct iw_judging *judging, const char *what, struct iw_str name)
{
    struct iw_str key = handling_key(what, name, judging->arena);
    return key.p == NULL || iw_map_find(&judging->new_handling, key) != NULL;
}

bool iw_case_is_newly_handled(const struct iw_case *named)
{
    const struct iw_judging *judging = named->judging;
    const struct iw_inventory_web_file *web_file = named->web_file;
    return web_file != NULL && judging->new_handling.n != 0 &&
           (is_noted(judging, "handler", web_file->handler) ||
            is_noted(judging, "site", web_file->site) || /* or of the server's own */
            is_noted(judging, "site", IW_STR("")));
}

static enum iw_rc judge_web_file(struct iw_judging *judging,
                                 const struct iw_inventory_web_file *web_file,
                                 const struct iw_baseline_difference *difference)
{
    struct iw_case *named = iw_case_of_web_file(judging, web_file);
    bool is_new = difference->change == IW_BASELINE_ADDED;
    bool can_run = web_file->is_certain || web_file->handler.n != 0 || web_file->processor.n != 0;
    note_difference(named, difference);
    IW_TRY(iw_case_say_difference(
        named, can_run ? IW_LEVEL_MEDIUM : IW_LEVEL_LOW,
        is_new ? "Web file that the baseline does not have"
               : "Web file that is not as in the baseline",
        "%s; %.*s runs it", is_new ? "does not stand in the baseline" : "differs from the baseline",
        IW_STR_ARG(web_file->handler.n != 0 ? web_file->handler : web_file->processor)));
    if (iw_case_is_newly_handled(named))
        IW_TRY(iw_case_line(named, &named->why,
                            "what makes it a page (handlers and access policy of its site) is not "
                            "as in the baseline either: the file may have lain there before, and "
                            "have become a page by that"));
    named->action = is_new ? IW_ACT_ADD : IW_ACT_MODIFY;
    IW_TRY(say_fields(named, difference));
    return say_more(named, difference);
}

static enum iw_rc judge_removed(struct iw_judging *judging,
                                const struct iw_baseline_difference *difference)
{
    const struct iw_baseline_entry *was = difference->was;
    struct iw_case *named;
    bool is_protection = !is_removal(was->kind) && is_protecting(was->name);
    if (difference->server != judging->server_index || iw_str_equal(was->kind, IW_STR("webFile")))
        return IW_OK;
    named = iw_case_of_former(judging, was->kind, was->name, was->scope, was->image);
    IW_TRY(iw_case_say_absent(named, is_protection ? IW_LEVEL_MEDIUM : IW_LEVEL_LOW,
                              is_protection ? "Protecting module is gone"
                                            : "Component of the baseline is gone",
                              "%.*s %.*s stands in the baseline and is there no more",
                              IW_STR_ARG(was->kind), IW_STR_ARG(was->name)));
    named->action = IW_ACT_REMOVE;
    return say_more(named, difference);
}

enum iw_rc iw_judge_baseline(struct iw_judging *judging)
{
    const struct iw_baseline_differences *differences = judging->input->differences;
    for (size_t i = 0; differences != NULL && i < differences->n; i++) {
        if (iw_lacks_approval(differences->items[i].approval))
            IW_TRY(note_handling(judging, &differences->items[i]));
    }
    for (size_t i = 0; differences != NULL && i < differences->n; i++) {
        const struct iw_baseline_difference *difference = &differences->items[i];
        const struct iw_inventory_web_file *web_file;
        size_t component = 0;
        if (!iw_lacks_approval(difference->approval))
            continue;
        if (difference->change == IW_BASELINE_REMOVED)
            IW_TRY(judge_removed(judging, difference));
        else if (!find_subject(judging, difference->now, &component, &web_file))
            continue;
        else if (web_file != NULL)
            IW_TRY(judge_web_file(judging, web_file, difference));
        else
            IW_TRY(judge_component(judging, component, difference));
    }
    return IW_OK;
}
