/*
 * Facts of the host, found by kind and path, and who did what they tell of.
 */
#include "base/path_name.h"
#include "detect/judgment.h"

/* Two logs tell of one writing within that time; so many facts beside one are looked at. */
#define SHARE_NS (10 * IW_NS_PER_SECOND)
#define SHARE_LOOKED 32U

struct iw_fact_span iw_facts_at(const struct iw_judging *judging, enum iw_server_fact_kind kind,
                                struct iw_str path)
{
    return judging->facts[kind].n != 0
               ? iw_server_facts_at(judging->input->facts, judging->server->host, kind, path)
               : judging->facts[kind];
}

bool iw_ask_act(const struct iw_judging *judging, const struct iw_server_fact *fact,
                struct iw_act_trail *ret)
{
    const struct iw_reconcile_input *input = judging->input;
    if (input->ask_act != NULL && input->ask_act(input->acts, fact, judging->arena, ret))
        return true;
    *ret = (struct iw_act_trail){.who = IW_STR("")};
    return false;
}

/* System writes for whoever comes over the network. Facts of a path stand in the order of time. */
bool iw_fact_is_told_by_share(struct iw_fact_span span, size_t i)
{
    const struct iw_server_fact *fact = &span.items[i];
    size_t first = i > SHARE_LOOKED ? i - SHARE_LOOKED : 0;
    if (fact->kind != IW_FACT_FILE_WRITTEN || !iw_time_known(fact->time_ns) ||
        !iw_str_equal_nocase(iw_path_name(fact->image), IW_STR("System")))
        return false;
    for (size_t k = first; k < span.n && k <= i + SHARE_LOOKED; k++) {
        const struct iw_server_fact *share = &span.items[k];
        if (iw_fact_is_of_share(share) && iw_time_known(share->time_ns) &&
            share->time_ns <= fact->last_ns + SHARE_NS &&
            fact->time_ns <= share->last_ns + SHARE_NS)
            return true;
    }
    return false;
}
