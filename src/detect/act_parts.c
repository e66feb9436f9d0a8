#include "detect/act_parts.h"

#include "detect/component_kinds.h"

enum iw_act_action iw_act_action_of_values(struct iw_str was, struct iw_str now)
{
    if (now.n == 0)
        return IW_ACT_REMOVE;
    if (was.n == 0)
        return IW_ACT_ADD;
    return iw_str_equal(was, now) ? IW_ACT_UNKNOWN : IW_ACT_MODIFY;
}

void iw_act_set_content(struct iw_act *act, const struct iw_item_file *file)
{
    act->has_sha256 = true;
    memcpy(act->sha256, file->sha256, sizeof act->sha256);
    act->is_signature_known = file->is_pe && file->signature != IW_ITEM_SIGNATURE_UNKNOWN &&
                              file->signature != IW_ITEM_SIGNATURE_NONE_EMBEDDED;
    if (iw_file_is_proved(file))
        act->publisher = file->signer;
}

void iw_act_name_actor(struct iw_act *act, const struct iw_sid_names *names, struct iw_str host)
{
    int64_t time_ns = iw_time_known(act->first_ns) ? act->first_ns : act->last_ns;
    if (act->actor.n != 0 || act->actor_sid.n == 0)
        return;
    act->actor = names != NULL ? iw_sid_names_find(names, host, act->actor_sid, time_ns)
                               : iw_sid_well_known(act->actor_sid);
}
