#include "engine/told_components.h"

#include "base/arena_text.h"
#include "base/limits.h"

void iw_told_components_init(struct iw_told_components *told)
{
    memset(told, 0, sizeof *told);
    iw_map_init(&told->by_event);
    iw_arena_init(&told->arena, 0);
}

void iw_told_components_done(struct iw_told_components *told)
{
    iw_map_done(&told->by_event);
    iw_arena_done(&told->arena);
}

/* p NULL: no memory. */
static struct iw_str key_of(struct iw_str host, const struct iw_evidence_item *item,
                            struct iw_arena *arena)
{
    struct iw_str key =
        iw_arena_format(arena, "%.*s|%.*s|%llu|%lld", IW_STR_ARG(host), IW_STR_ARG(item->channel),
                        (unsigned long long)item->record_id, (long long)item->time_ns);
    return key.p != NULL ? iw_arena_lower(arena, key) : key;
}

/* What was done to the component; who logged on, or started before, is told by others. A record
 * without a number is not known from others of its millisecond. */
static bool is_act(const struct iw_evidence_item *item)
{
    static const char *const ROLES[] = {"registration", "file_created", "module_load"};
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        if (iw_str_equal(item->role, iw_str_of(ROLES[i])))
            return item->channel.n != 0 && item->record_id != 0;
    }
    return false;
}

enum iw_rc iw_told_components_tell(struct iw_told_components *told,
                                   const struct iw_finding *finding)
{
    if (finding->kind != IW_FINDING_COMPONENT || finding->level < IW_LEVEL_MEDIUM)
        return IW_OK;
    for (size_t i = 0; i < finding->n_evidence && told->by_event.n < IW_LIMIT_TOLD_EVENTS; i++) {
        struct iw_map_entry *entry;
        struct iw_str key;
        if (!is_act(&finding->evidence[i]))
            continue;
        key = key_of(finding->host, &finding->evidence[i], &told->arena);
        entry = key.p != NULL ? iw_map_add(&told->by_event, key, NULL) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (entry->value.number < (uint64_t)finding->level + 1)
            entry->value.number = (uint64_t)finding->level + 1;
    }
    return IW_OK;
}

/* What change records answer about the one act is told nowhere else: of a component they answer
 * about all of its acts together. */
static bool has_answer(const struct iw_finding *finding)
{
    return finding->change.status != IW_CHANGE_NOT_CHECKED &&
           finding->change.status != IW_CHANGE_UNEXPLAINED;
}

enum iw_rc iw_told_components_ask(struct iw_told_components *told, const struct iw_finding *finding,
                                  bool *ret_is_told)
{
    const struct iw_map_entry *entry;
    struct iw_arena scratch;
    struct iw_str key;
    *ret_is_told = false;
    if (told->by_event.n == 0 || finding->kind != IW_FINDING_RULE || finding->n_evidence == 0 ||
        finding->evidence->record_id == 0 || finding->level > IW_LEVEL_MEDIUM ||
        has_answer(finding) || !iw_finding_has_analytic(finding, IW_STR("AN0184")))
        return IW_OK;
    iw_arena_init(&scratch, 0);
    key = key_of(finding->host, finding->evidence, &scratch);
    entry = key.p != NULL ? iw_map_find(&told->by_event, key) : NULL;
    *ret_is_told = entry != NULL && entry->value.number > (uint64_t)finding->level;
    told->n_folded += *ret_is_told;
    iw_arena_done(&scratch);
    return key.p != NULL ? IW_OK : IW_ENOMEM;
}
