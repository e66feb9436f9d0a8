/*
 * Lists of lines are sorted, so that one is found, and lines of one head stand together.
 */
#include "detect/history_line.h"

/* The first line that is not before *text*. */
static size_t lower_bound(const struct iw_text_list *list, struct iw_str text)
{
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(list->items[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool iw_history_has(const struct iw_text_list *list, struct iw_str line)
{
    size_t at = lower_bound(list, line);
    return at < list->n && iw_str_equal(list->items[at], line);
}

/* Lines that begin with the head stand together; one of the same head is among the first of them,
 * but for names that go on with a byte before ':'. */
bool iw_history_has_head(const struct iw_text_list *list, struct iw_str head)
{
    for (size_t at = lower_bound(list, head); at < list->n; at++) {
        struct iw_str line = list->items[at];
        if (line.n < head.n || memcmp(line.p, head.p, head.n) != 0)
            return false;
        if (iw_str_equal(iw_history_line_read(line).head, head))
            return true;
    }
    return false;
}

bool iw_history_names(struct iw_str line, const struct iw_inventory_component *component)
{
    struct iw_history_line parts = iw_history_line_read(line);
    return iw_str_equal(parts.kind, iw_str_of(component->kind)) &&
           iw_history_name_is(parts.name, component->name) &&
           iw_history_name_is(parts.place, component->scope);
}

bool iw_version_is_history(const struct iw_inventory_version *version)
{
    return version->number != 0;
}

static bool names_one(const struct iw_text_list *list, const struct iw_inventory_component *row)
{
    for (size_t i = 0; i < list->n; i++) {
        if (iw_history_names(list->items[i], row))
            return true;
    }
    return false;
}

int64_t iw_history_time_of_coming(const struct iw_inventory_server *server,
                                  const struct iw_inventory_component *row)
{
    for (size_t i = 0; i + 1 < server->n_versions && row->first_seen.source.n != 0; i++) {
        const struct iw_inventory_version *older = &server->versions[i + 1];
        if (!iw_str_equal(server->versions[i].source, row->first_seen.source))
            continue;
        if (iw_version_is_history(older) &&
            (names_one(&older->removed, row) || names_one(&older->changed, row)))
            return row->first_seen.time_ns;
        break;
    }
    return IW_TIME_UNKNOWN;
}
