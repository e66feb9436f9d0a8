#include "engine/canary.h"

#include "base/limits.h"
#include "coverage/canary_plan.h"
#include "engine/user_file.h"

enum iw_rc iw_canary_ask_open(const struct iw_canary_ask *ask, struct iw_error *err)
{
    struct iw_arena arena;
    struct iw_str text;
    enum iw_rc rc;
    iw_arena_init(&arena, 0);
    rc = iw_user_file_read(ask->path, IW_LIMIT_CANARY_PLAN_BYTES, &arena, &text, err);
    if (rc == IW_OK) {
        rc = iw_user_file_rc(iw_canary_plan_read(text, ask->plan, err), err);
        if (rc != IW_OK && err != NULL && err->where[0] == '\0')
            iw_error_place(err, ask->path, 0, 0);
    }
    iw_arena_done(&arena);
    return rc;
}
