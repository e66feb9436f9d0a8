/*
 * Changes of the configuration that its own log does not tell: the history shows when an entry
 * came, the log was being written then, and no event 29 names the entry. Then somebody edited the
 * file itself (domain.md §2.3, blind spot). Where no moment is known it is only a reason more.
 */
#include "detect/component_kinds.h"
#include "detect/history_line.h"
#include "detect/judgment.h"
#include "detect/named_changes.h"

/* The log of that host that was being written at a moment; of any moment where none is known. */
static const struct iw_server_fact *log_at(const struct iw_judging *judging, int64_t time_ns)
{
    const struct iw_fact_span *logs = &judging->facts[IW_FACT_CONFIG_LOGGING];
    for (size_t i = 0; i < logs->n; i++) {
        const struct iw_server_fact *log = &logs->items[i];
        if (!iw_time_known(log->time_ns))
            continue;
        if (!iw_time_known(time_ns) || (log->time_ns <= time_ns && time_ns <= log->last_ns))
            return log;
    }
    return NULL;
}

static enum iw_rc is_told(const struct iw_judging *judging,
                          const struct iw_inventory_component *row, bool *ret)
{
    const struct iw_change_places *by_name, *by_image;
    *ret = false;
    IW_TRY(iw_changes_of_name(judging, row->name, &by_name));
    IW_TRY(iw_changes_of_image(judging, row->image, &by_image));
    *ret = by_name != NULL || by_image != NULL;
    return IW_OK;
}

static enum iw_rc add_span(struct iw_case *named, const struct iw_server_fact *log)
{
    char first[IW_TIME_TEXT_BYTES], last[IW_TIME_TEXT_BYTES];
    return iw_case_line(named, &named->why,
                        "no change in the configuration log names it; that log was written from "
                        "%s to %s",
                        iw_time_words(log->time_ns, false, first),
                        iw_time_words(log->last_ns, false, last));
}

static enum iw_rc judge(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    int64_t time_ns = iw_history_time_of_coming(judging->server, row);
    const struct iw_server_fact *log = log_at(judging, time_ns);
    struct iw_case *named = iw_case_find(judging, i);
    bool told;
    if (log == NULL || (!iw_time_known(time_ns) && named == NULL))
        return IW_OK;
    IW_TRY(is_told(judging, row, &told));
    if (told)
        return IW_OK;
    if (!iw_time_known(time_ns))
        return add_span(named, log);
    named = iw_case_of_component(judging, i);
    IW_TRY(iw_case_say(named, IW_LEVEL_LOW, "Configuration was changed past its own log",
                       "%s %.*s came into the configuration without the configuration log "
                       "telling: the file was edited by hand",
                       row->kind, IW_STR_ARG(iw_component_called(row))));
    return add_span(named, log);
}

enum iw_rc iw_judge_silent_changes(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (server->source.n == 0 || !iw_str_equal(row->config_source, server->source) ||
            !iw_component_is_registered(row) || iw_is_approved(row->approval) ||
            row->known == IW_ITEM_KNOWN_AS_IT_IS || iw_component_loads(row) == IW_LOADS_NOTHING)
            continue;
        IW_TRY(judge(judging, i));
    }
    return IW_OK;
}
