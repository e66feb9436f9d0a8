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
