#include "detect/chain/usual_writer.h"

#include "base/arena_text.h"
#include "detect/chain/account_kind.h"
#include "detect/chain/command_shape.h"
#include "detect/chain/deployment.h"

static struct iw_str account_of(const struct iw_chain_fact *what, const struct iw_process *process)
{
    if (what->user.n != 0)
        return what->user;
    if (process != NULL && process->user.n != 0)
        return process->user;
    return what->sid;
}

/* "corp\deploy: robocopy d:\build\# d:\shop /mir" */
static struct iw_str name_of_tool(const struct iw_chain_fact *what,
                                  const struct iw_process *process, struct iw_arena *arena)
{
    struct iw_str account = account_of(what, process), shape = IW_STR("");
    if (process != NULL && account.n != 0)
        shape = iw_command_shape(process->command_line, arena);
    if (shape.n == 0) /* or no memory */
        return shape;
    account = iw_arena_lower(arena, account);
    return account.p != NULL
               ? iw_arena_format(arena, "%.*s: %.*s", IW_STR_ARG(account), IW_STR_ARG(shape))
               : account;
}

enum iw_rc iw_usual_writer(const struct iw_chain_fact *what, const struct iw_process *process,
                           int64_t time_ns, struct iw_arena *arena, struct iw_chain_usage *ret)
{
    struct iw_str image = what->process.image;
    if (image.n == 0 && process != NULL)
        image = process->name.image;
    *ret = (struct iw_chain_usage){.kind = IW_CHAIN_USAGE_WRITER,
                                   .scope = IW_STR(""),
                                   .name = iw_str_of(iw_account_kind(what->user, what->sid)),
                                   .image = image,
                                   .time_ns = time_ns};
    if (iw_deployment_is_tool(iw_deployment_of_program(image)))
        ret->name = name_of_tool(what, process, arena);
    return ret->name.p != NULL ? IW_OK : IW_ENOMEM;
}
