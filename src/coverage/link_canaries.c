#include "coverage/link_canaries.h"

#include "base/arena_text.h"
#include "coverage/witness_samples.h"
#include "iis/config/server_path.h"

struct asking {
    const struct iw_link_canaries *of;
    bool no_memory;
};

/* Whether what was done in that folder shows what is logged of the root that is asked about. Where
 * no configuration names one, the plan of canaries may know more. */
static bool is_asked(void *context, struct iw_str folder)
{
    struct asking *asking = context;
    const struct iw_link_host *host = asking->of->host;
    struct iw_server_path path;
    if (host->asked == NULL || host->asked->is_assumed)
        return true;
    if (!iw_server_path_read(folder, false, asking->of->arena, &path)) {
        asking->no_memory = true;
        return false;
    }
    return iw_witness_asks_of(host, IW_FOLDERS_ROOTS, path.key);
}

static struct iw_canary_question question_of(struct asking *asking)
{
    const struct iw_link_canaries *of = asking->of;
    return (struct iw_canary_question){of->host->name, iw_str_of(iw_link_name(of->row->link)),
                                       iw_str_of(of->row->name), is_asked, asking};
}

enum iw_rc iw_link_canaries_find(struct iw_link_canaries *canaries)
{
    struct asking asking = {.of = canaries};
    const struct iw_canary_question question = question_of(&asking);
    IW_TRY(iw_canary_misses_find(canaries->host->canaries, &question, canaries->arena,
                                 &canaries->misses));
    return asking.no_memory ? IW_ENOMEM : IW_OK;
}

enum iw_rc iw_link_canary_seen(const struct iw_link_canaries *canaries, const struct iw_span *span,
                               int64_t *ret)
{
    struct asking asking = {.of = canaries};
    const struct iw_canary_question question = question_of(&asking);
    *ret = iw_canary_seen_in(canaries->host->canaries, &question, span);
    return asking.no_memory ? IW_ENOMEM : IW_OK;
}

struct iw_str iw_link_canary_missed(const struct iw_link_canaries *canaries,
                                    const struct iw_span *span)
{
    for (size_t i = 0; i < canaries->misses.n; i++) {
        const struct iw_canary_miss *miss = &canaries->misses.items[i];
        struct iw_str when;
        if (!iw_span_holds(span, miss->done_ns))
            continue;
        when = iw_log_time(miss->done_ns, canaries->arena);
        if (when.p == NULL)
            return when;
        return iw_arena_format(
            canaries->arena, "canary %.*s (%s), done %s %.*s, was not seen by %s%s",
            IW_STR_ARG(miss->act->id), iw_canary_kind_name(miss->act->kind),
            miss->is_seen ? "at" : "about", IW_STR_ARG(when), canaries->row->name,
            miss->is_seen ? " (another source saw it)" : "");
    }
    return IW_STR("");
}
