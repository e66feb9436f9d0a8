/*
 * Entries of behaviour are found by their key among those of their server, which are sorted by it.
 */
#include "iis/baseline/baseline_behaviour.h"

#include "iis/baseline/baseline_inside.h"

static const char *const NAMES[IW_BEHAVIOUR_KIND_COUNT] = {
    [IW_BEHAVIOUR_CHILD] = "childProcess",
    [IW_BEHAVIOUR_BELOW] = "belowProcess",
    [IW_BEHAVIOUR_WRITER] = "fileWriter",
    [IW_BEHAVIOUR_ADMINISTRATOR] = "administrator",
};

const char *iw_behaviour_kind_name(enum iw_behaviour_kind kind)
{
    return NAMES[kind];
}

bool iw_behaviour_is_kind(struct iw_str kind)
{
    for (size_t i = 0; i < IW_BEHAVIOUR_KIND_COUNT; i++) {
        if (iw_str_equal(kind, iw_str_of(NAMES[i])))
            return true;
    }
    return false;
}

bool iw_baseline_knows_behaviour(const struct iw_baseline *baseline)
{
    return baseline->has_behaviour;
}

static const struct iw_baseline_server *server_of(const struct iw_baseline *baseline,
                                                  struct iw_str host)
{
    for (size_t i = 0; i < baseline->n_servers; i++) {
        if (baseline->is_farm || iw_str_equal(baseline->servers[i].host, host))
            return &baseline->servers[i];
    }
    return NULL;
}

/* The first record of a server whose key is not before another's. */
static size_t first_of_key(const struct iw_baseline *baseline,
                           const struct iw_baseline_server *server, struct iw_str key)
{
    size_t low = server->first, high = server->first + server->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (iw_str_compare(baseline->records[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_within(const struct iw_baseline *baseline, int64_t time_ns)
{
    return (!iw_time_known(baseline->since_ns) || time_ns >= baseline->since_ns) &&
           (!iw_time_known(baseline->until_ns) || time_ns <= baseline->until_ns);
}

static bool has_doubt(const struct iw_baseline_record *record)
{
    for (size_t i = 0; i < record->attributes.n; i++) {
        if (iw_str_begins_nocase(record->attributes.items[i], IW_STR(IW_BEHAVIOUR_DOUBT)))
            return true;
    }
    return false;
}

/* An approval names a person, who saw what was doubtful: it leaves no doubt. It is of the entry as
 * it was learned then, whatever was doubtful about it. */
static enum iw_rc is_approved(const struct iw_baseline *baseline,
                              const struct iw_baseline_record *record, struct iw_str host,
                              int64_t now_ns, bool *ret)
{
    const struct iw_baseline_approval *approval;
    uint8_t digest[32];
    *ret = false;
    if (baseline->n_approvals == 0)
        return IW_OK;
    if (!iw_baseline_digest(baseline->is_farm ? IW_STR("") : host, IW_BASELINE_ADDED, NULL, record,
                            true, digest))
        return IW_ENOMEM;
    approval = iw_baseline_find_approval(baseline, digest);
    *ret = approval != NULL && (approval->expires_ns == IW_TIME_UNKNOWN ||
                                (now_ns != IW_TIME_UNKNOWN && now_ns < approval->expires_ns));
    return IW_OK;
}

enum iw_rc iw_baseline_ask_behaviour(const struct iw_baseline *baseline,
                                     const struct iw_behaviour_act *act, int64_t now_ns,
                                     struct iw_arena *arena, enum iw_behaviour_answer *ret)
{
    const struct iw_baseline_server *server;
    struct iw_inventory_component component = {.kind = NAMES[act->kind],
                                               .name = act->name,
                                               .scope = act->scope,
                                               .image = act->image,
                                               .state = IW_BEHAVIOUR_STATE};
    struct iw_baseline_record record;
    struct iw_str host = iw_baseline_label(act->host, arena);
    bool is_known;
    *ret = IW_BEHAVIOUR_IS_NEW;
    if (host.p == NULL)
        return IW_ENOMEM;
    if (!baseline->has_behaviour && baseline->n_approvals == 0)
        return IW_OK;
    IW_TRY(iw_baseline_record_component(&component, host, arena, &record));
    server = server_of(baseline, host);
    for (size_t i = server != NULL ? first_of_key(baseline, server, record.key) : 0;
         server != NULL && i < server->first + server->n &&
         iw_str_equal(baseline->records[i].key, record.key);
         i++) {
        bool is_usual = !has_doubt(&baseline->records[i]) && !is_within(baseline, act->time_ns);
        if (*ret != IW_BEHAVIOUR_IS_USUAL)
            *ret = is_usual ? IW_BEHAVIOUR_IS_USUAL : IW_BEHAVIOUR_IS_DOUBTFUL;
    }
    if (*ret != IW_BEHAVIOUR_IS_NEW)
        return IW_OK;
    IW_TRY(is_approved(baseline, &record, host, now_ns, &is_known));
    if (is_known)
        *ret = IW_BEHAVIOUR_IS_USUAL;
    return IW_OK;
}
