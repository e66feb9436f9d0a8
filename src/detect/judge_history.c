/*
 * Components that only former configurations have, and these not for long: installed, used, taken
 * out again. Both ends of such a life must be in the history; what its oldest state has already may
 * have been there for years.
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/history_line.h"
#include "detect/judgment.h"

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
            iw_str_equal(parts->name, row->name) && iw_str_equal(parts->place, row->scope) &&
            (parts->image.n == 0 || iw_str_equal_nocase(parts->image, what)))
            return true;
    }
    return false;
}

/* The entry of `modules` goes with its module. */
static struct iw_str subject_kind(const struct iw_text_list *list,
                                  const struct iw_history_line *parts)
{
    for (size_t i = 0; i < list->n && iw_str_equal(parts->kind, IW_STR("nativeModule")); i++) {
        struct iw_history_line other = iw_history_line_read(list->items[i]);
        if (iw_str_equal(other.kind, IW_STR("globalModule")) &&
            iw_str_equal(other.name, parts->name))
            return other.kind;
    }
    return parts->kind;
}

static struct iw_str span_text(const struct iw_inventory_version *first,
                               const struct iw_inventory_version *last,
                               char room[2 * IW_TIME_TEXT_BYTES + 16])
{
    static const char BETWEEN[] = " to ";
    if (!iw_time_known(first->from_ns) || !iw_time_known(last->until_ns))
        return IW_STR("times not known");
    iw_time_format(first->from_ns, room);
    memcpy(room + IW_TIME_TEXT_BYTES, BETWEEN, sizeof BETWEEN - 1);
    iw_time_format(last->until_ns, room + IW_TIME_TEXT_BYTES + sizeof BETWEEN - 1);
    return (struct iw_str){room, (size_t)2 * IW_TIME_TEXT_BYTES + sizeof BETWEEN - 1};
}

static enum iw_rc say(struct iw_judging *judging, const struct iw_text_list *list, size_t first,
                      size_t last, struct iw_str line)
{
    const struct iw_inventory_version *oldest = &judging->server->versions[first];
    const struct iw_inventory_version *newest = &judging->server->versions[last];
    struct iw_history_line parts = iw_history_line_read(line);
    struct iw_case *named = iw_case_of_former(judging, subject_kind(list, &parts), parts.name,
                                              parts.place, parts.image);
    const struct iw_inventory_version *sides[2] = {oldest, newest};
    char room[2 * IW_TIME_TEXT_BYTES + 16];
    struct iw_str span = span_text(oldest, newest, room);
    IW_TRY(iw_case_say(named, IW_LEVEL_LOW, "Component that was configured for a short time only",
                       "only former configurations have: %.*s (%.*s)", IW_STR_ARG(line),
                       IW_STR_ARG(span)));
    named->action = IW_ACT_ADD;
    if (parts.image.n != 0 && named->image.n == 0)
        named->image = parts.image;
    for (size_t i = 0; i < (first != last ? 2U : 1U); i++) {
        struct iw_evidence_item item = {.role = IW_STR("history"),
                                        .time_ns = sides[i]->from_ns,
                                        .source = sides[i]->source,
                                        .fields_json = IW_STR("{}")};
        IW_TRY(iw_case_item(named, &item));
    }
    return IW_OK;
}

static enum iw_rc judge_list(struct iw_judging *judging, size_t last,
                             const struct iw_text_list *list)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < list->n; i++) {
        struct iw_history_line parts = iw_history_line_read(list->items[i]);
        size_t first;
        if (iw_kind_loads(parts.kind) < IW_LOADS_MANAGED)
            continue;
        first = first_state(server, last, list->items[i]);
        if (first == SIZE_MAX || !is_short(server, first, last) || is_there_now(server, &parts))
            continue;
        IW_TRY(say(judging, list, first, last, list->items[i]));
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
