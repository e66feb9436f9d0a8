#include "result/need.h"

#include <string.h>

void iw_needs_init(struct iw_needs *needs)
{
    memset(needs, 0, sizeof *needs);
    iw_arena_init(&needs->arena, 0);
}

void iw_needs_done(struct iw_needs *needs)
{
    iw_arena_done(&needs->arena);
    memset(needs, 0, sizeof *needs);
}

const char *iw_need_form_name(enum iw_need_form form)
{
    static const char *const names[IW_NEED_FORM_COUNT] = {"files", "command", "asked"};
    return names[form];
}

const char *iw_need_weight_name(enum iw_need_weight weight)
{
    static const char *const names[IW_NEED_WEIGHT_COUNT] = {"tells", "decides", "if-installed"};
    return names[weight];
}
