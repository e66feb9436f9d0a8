#include "engine/behaviour.h"

enum iw_behaviour_kind iw_behaviour_kind_of(enum iw_chain_usage_kind kind)
{
    static const enum iw_behaviour_kind KINDS[IW_CHAIN_USAGE_COUNT] = {
        [IW_CHAIN_USAGE_CHILD] = IW_BEHAVIOUR_CHILD,
        [IW_CHAIN_USAGE_BELOW] = IW_BEHAVIOUR_BELOW,
        [IW_CHAIN_USAGE_WRITER] = IW_BEHAVIOUR_WRITER,
        [IW_CHAIN_USAGE_ADMINISTRATOR] = IW_BEHAVIOUR_ADMINISTRATOR,
    };
    return KINDS[kind];
}

void iw_behaviour_asking_init(struct iw_behaviour_asking *asking,
                              const struct iw_baseline *baseline, int64_t now_ns)
{
    asking->baseline = baseline;
    asking->now_ns = now_ns;
    iw_arena_init(&asking->scratch, 0);
}

void iw_behaviour_asking_done(struct iw_behaviour_asking *asking)
{
    iw_arena_done(&asking->scratch);
}

bool iw_behaviour_is_asked(const struct iw_behaviour_asking *asking)
{
    return asking->baseline != NULL && (iw_baseline_knows_behaviour(asking->baseline) ||
                                        iw_baseline_n_approvals(asking->baseline) != 0);
}

enum iw_rc iw_behaviour_answer_of(void *context, struct iw_str host,
                                  const struct iw_chain_usage *usage, enum iw_chain_behaviour *ret)
{
    static const enum iw_chain_behaviour ANSWERS[] = {
        [IW_BEHAVIOUR_IS_NEW] = IW_BEHAVIOUR_NOT_KNOWN,
        [IW_BEHAVIOUR_IS_USUAL] = IW_BEHAVIOUR_KNOWN,
        [IW_BEHAVIOUR_IS_DOUBTFUL] = IW_BEHAVIOUR_KNOWN_HERE};
    struct iw_behaviour_asking *asking = context;
    const struct iw_behaviour_act act = {.host = host,
                                         .kind = iw_behaviour_kind_of(usage->kind),
                                         .scope = usage->scope,
                                         .name = usage->name,
                                         .image = usage->image,
                                         .time_ns = usage->time_ns};
    enum iw_behaviour_answer answer;
    iw_arena_reset(&asking->scratch);
    IW_TRY(iw_baseline_ask_behaviour(asking->baseline, &act, asking->now_ns, &asking->scratch,
                                     &answer));
    *ret = ANSWERS[answer];
    return IW_OK;
}
