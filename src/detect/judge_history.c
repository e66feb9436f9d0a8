/*
 * Components that only former configurations have, and these not for long: installed, used, taken
 * out again. Where the oldest state of the history has one already, how long it had been there is
 * known by event 29 alone, if at all; that it was taken out is told all the same, because IIS keeps
 * few states.
 */
#include <stdio.h>

#include "base/arena_text.h"
#include "base/json.h"
#include "detect/component_kinds.h"
#include "detect/act_parts.h"
#include "detect/history_line.h"
#include "detect/judgment.h"
#include "detect/named_changes.h"
#include "iis/known/known_component.h"

#define SHORT_LIFE_NS (7LL * 24 * 3600 * IW_NS_PER_SECOND)
/* Where times are not known: so many states of the configuration. */
#define SHORT_LIFE_STATES 3U

/* The oldest state of an unbroken run, ending at *last*, that has the line; SIZE_MAX: it goes back
 * to where history begins. */
static size_t first_state(const struct iw_inventory_server *server, size_t last, struct iw_str line)
{
    struct iw_str head = iw_history_line_read(line).head;
    for (size_t i = last; i + 1 < server->n_versions; i++) {
        const struct iw_inventory_version *older = &server->versions[i + 1];
        if (!iw_version_is_history(older))
            break;
        if (iw_history_has(&older->removed, line) || iw_history_has_head(&older->changed, head))
            return i;
    }
    return SIZE_MAX;
}

static bool is_short(const struct iw_inventory_server *server, size_t first, size_t last)
{
    int64_t from_ns = server->versions[first].from_ns, until_ns = server->versions[last].until_ns;
    if (!iw_time_known(from_ns) || !iw_time_known(until_ns))
        return first - last < SHORT_LIFE_STATES;
    return until_ns < from_ns || until_ns - from_ns <= SHORT_LIFE_NS;
}

static bool is_there_now(const struct iw_inventory_server *server,
                         const struct iw_history_line *parts)
{
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        struct iw_str what = row->image_path.n != 0 ? row->image_path
                             : row->type.n != 0     ? row->type
                                                    : row->clsid;
        if (iw_str_equal(parts->kind, iw_str_of(row->kind)) &&
            iw_history_name_is(parts->name, row->name) &&
            iw_history_name_is(parts->place, row->scope) &&
            (parts->image.n == 0 || iw_str_equal_nocase(parts->image, what)))
            return true;
    }
    return false;
}

/* The entry of `modules` goes with its module: *ret* is that one, where it is one of the list. */
static void read_subject(const struct iw_text_list *list, const struct iw_history_line *parts,
                         struct iw_history_line *ret)
{
    *ret = *parts;
    for (size_t i = 0; i < list->n && iw_str_equal(parts->kind, IW_STR("nativeModule")); i++) {
        struct iw_history_line other = iw_history_line_read(list->items[i]);
        if (!iw_str_equal(other.kind, IW_STR("globalModule")) ||
            !iw_str_equal(other.name, parts->name))
            continue;
        ret->kind = other.kind;
        ret->image = other.image;
        return;
    }
}

static struct iw_str span_text(int64_t from_ns, int64_t until_ns,
                               char room[2 * IW_TIME_TEXT_BYTES + 16])
{
    char from[IW_TIME_TEXT_BYTES], until[IW_TIME_TEXT_BYTES];
    if (!iw_time_known(from_ns) || !iw_time_known(until_ns))
        return IW_STR("times not known");
    (void)snprintf(room, 2 * IW_TIME_TEXT_BYTES + 16, "%s to %s",
                   iw_time_words(from_ns, false, from), iw_time_words(until_ns, false, until));
    return iw_str_of(room);
}

/* One state as evidence: it has the component, or is the next that has not. */
static enum iw_rc add_state(struct iw_case *named, struct iw_str source, struct iw_str path,
                            int64_t time_ns, const char *holds)
{
    struct iw_evidence_item item = {
        .role = IW_STR("history"), .time_ns = time_ns, .source = source};
    struct iw_buffer text;
    struct iw_json json;
    iw_buffer_init(&text);
    iw_json_init(&json, &text);
    iw_json_object(&json);
    if (path.n != 0)
        iw_json_member_text(&json, "path", path);
    iw_json_member_text(&json, "state", iw_str_of(holds));
    iw_json_object_end(&json);
    if (!text.failed)
        item.fields_json = iw_arena_copy(named->judging->arena, iw_buffer_str(&text));
    iw_buffer_done(&text);
    return item.fields_json.p != NULL ? iw_case_item(named, &item) : IW_ENOMEM;
}

static enum iw_rc add_states(struct iw_case *named, size_t first, size_t last)
{
    const struct iw_inventory_server *server = named->judging->server;
    const struct iw_inventory_version *versions = server->versions;
    bool is_newest = last == 0;
    IW_TRY(add_state(named, versions[first].source, versions[first].path, versions[first].from_ns,
                     "has it"));
    if (first != last)
        IW_TRY(add_state(named, versions[last].source, versions[last].path, versions[last].from_ns,
                         "has it"));
    return add_state(named, is_newest ? server->source : versions[last - 1].source,
                     is_newest ? IW_STR("") : versions[last - 1].path, versions[last].until_ns,
                     "has it no more");
}

struct life {
    size_t first, last; /* states that have it: the oldest, the newest */
    bool is_whole;      /* a state before the first has it not */
    struct iw_str line;
    const struct iw_server_fact *added; /* event 29 of its coming, before the oldest; NULL: none */
};

/* `.../add[@name="X"]`: the entry as a whole, not one of its attributes. */
static bool is_whole_entry(const struct iw_server_fact *change)
{
    return change->configuration.n != 0 &&
           change->configuration.p[change->configuration.n - 1] == ']';
}

/* The last time before a moment that the configuration log tells of its being added. */
static enum iw_rc find_added(const struct iw_judging *judging, struct life *life)
{
    const struct iw_server_fact *facts = judging->facts[IW_FACT_CONFIG_CHANGE].items;
    int64_t from_ns = judging->server->versions[life->first].from_ns;
    struct iw_history_line parts = iw_history_line_read(life->line);
    const struct iw_change_places *places;
    IW_TRY(iw_changes_of_name(judging, parts.name, &places));
    for (size_t i = 0; places != NULL && i < places->n; i++) {
        const struct iw_server_fact *change = &facts[places->items[i]];
        if (!is_whole_entry(change) || !iw_time_known(change->time_ns) || !iw_time_known(from_ns) ||
            change->time_ns > from_ns ||
            iw_act_action_of_values(change->old_value, change->new_value) != IW_ACT_ADD)
            continue;
        if (life->added == NULL || change->time_ns > life->added->time_ns)
            life->added = change;
    }
    return IW_OK;
}

static bool is_short_by_event(const struct iw_judging *judging, const struct life *life)
{
    int64_t until_ns = judging->server->versions[life->last].until_ns;
    int64_t length_ns;
    return life->added != NULL && iw_time_known(until_ns) &&
           !__builtin_sub_overflow(until_ns, life->added->time_ns, &length_ns) &&
           length_ns <= SHORT_LIFE_NS;
}

/* How long it had been there when history begins. */
static enum iw_rc say_beginning(struct iw_case *named, const struct life *life)
{
    char when[IW_TIME_TEXT_BYTES];
    if (life->is_whole)
        return IW_OK;
    if (life->added == NULL)
        return iw_case_line(named, &named->why,
                            "the oldest state of the history has it: how long it had been there "
                            "is not known");
    return iw_case_line(named, &named->why,
                        "the oldest state of the history has it; event 29 (record %llu) tells that "
                        "it was added at %s",
                        (unsigned long long)life->added->record_id,
                        iw_time_words(life->added->time_ns, false, when));
}

/* An entry whose file still lies there is one subject with the file; what else is said of its image
 * is said of it. */
static enum iw_rc case_of(struct iw_judging *judging, const struct iw_history_line *parts,
                          struct iw_case **ret)
{
    const struct iw_map_entry *file = NULL;
    struct iw_map_entry *former = NULL;
    if (parts->image.n != 0) {
        struct iw_str key = iw_arena_lower(judging->arena, parts->image);
        if (key.p == NULL)
            return IW_ENOMEM;
        file = iw_map_find(&judging->paths, key);
        former = iw_map_find(&judging->former_images, key);
    }
    if (file != NULL &&
        iw_component_is_registered(&judging->server->components[file->value.number - 1]))
        file = NULL; /* another entry names it now */
    *ret = file != NULL
               ? iw_case_of_component(judging, file->value.number - 1)
               : iw_case_of_former(judging, parts->kind, parts->name, parts->place, parts->image);
    if (*ret == NULL)
        return IW_ENOMEM;
    if ((*ret)->former_name.n == 0)
        (*ret)->former_name = parts->name;
    if (former != NULL && former->value.pointer == NULL)
        former->value.pointer = *ret;
    return IW_OK;
}

static enum iw_rc say(struct iw_judging *judging, const struct iw_text_list *list,
                      const struct life *life)
{
    const struct iw_inventory_version *versions = judging->server->versions;
    struct iw_history_line parts = iw_history_line_read(life->line);
    struct iw_history_line subject;
    struct iw_case *named;
    char room[2 * IW_TIME_TEXT_BYTES + 16];
    struct iw_str span =
        span_text(versions[life->first].from_ns, versions[life->last].until_ns, room);
    read_subject(list, &parts, &subject);
    IW_TRY(case_of(judging, &subject, &named));
    IW_TRY(iw_case_say(named, IW_LEVEL_LOW,
                       life->is_whole || is_short_by_event(judging, life)
                           ? "Component that was configured for a short time only"
                           : "Component that only a former configuration has",
                       "only former configurations have: %.*s (%.*s)", IW_STR_ARG(life->line),
                       IW_STR_ARG(span)));
    IW_TRY(say_beginning(named, life));
    named->action = IW_ACT_ADD;
    if (parts.image.n != 0 && named->image.n == 0)
        named->image = parts.image;
    return add_states(named, life->first, life->last);
}

/* What Microsoft ships is taken out whenever a feature is. */
static bool is_microsofts(const struct iw_history_line *parts)
{
    bool is_permission = iw_str_equal(parts->kind, IW_STR("isapiCgiRestriction"));
    const struct iw_known_question question = {
        .kind = is_permission ? IW_COMPONENT_ISAPI_CGI_RESTRICTION : IW_COMPONENT_GLOBAL_MODULE,
        .name = parts->name,
        .image = parts->image};
    return (is_permission || iw_str_equal(parts->kind, IW_STR("globalModule"))) &&
           iw_known_component(&question).state == IW_KNOWN;
}

/* The permission for what another entry of that time names goes with that entry. */
static bool goes_with_another(const struct iw_text_list *list, const struct iw_history_line *parts)
{
    if (!iw_str_equal(parts->kind, IW_STR("isapiCgiRestriction")))
        return false;
    for (size_t i = 0; i < list->n; i++) {
        struct iw_history_line other = iw_history_line_read(list->items[i]);
        if (!iw_str_equal(other.kind, parts->kind) && parts->image.n != 0 &&
            iw_str_equal_nocase(other.image, parts->image))
            return true;
    }
    return false;
}

static size_t oldest_of_history(const struct iw_inventory_server *server)
{
    size_t n = 0;
    while (n < server->n_versions && iw_version_is_history(&server->versions[n]))
        n++;
    return n - 1;
}

static enum iw_rc judge_list(struct iw_judging *judging, size_t last,
                             const struct iw_text_list *list)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < list->n; i++) {
        struct iw_history_line parts = iw_history_line_read(list->items[i]);
        struct life life = {.last = last, .line = list->items[i]};
        if (iw_kind_loads(parts.kind) < IW_LOADS_MANAGED || is_there_now(server, &parts) ||
            is_microsofts(&parts) || goes_with_another(list, &parts))
            continue;
        life.first = first_state(server, last, life.line);
        life.is_whole = life.first != SIZE_MAX;
        if (!life.is_whole)
            life.first = oldest_of_history(server);
        if (!life.is_whole)
            IW_TRY(find_added(judging, &life));
        else if (!is_short(server, life.first, last))
            continue;
        IW_TRY(say(judging, list, &life));
    }
    return IW_OK;
}

enum iw_rc iw_judge_history(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_versions; i++) {
        if (!iw_version_is_history(&server->versions[i]))
            continue;
        IW_TRY(judge_list(judging, i, &server->versions[i].added));
        IW_TRY(judge_list(judging, i, &server->versions[i].changed));
    }
    return IW_OK;
}
