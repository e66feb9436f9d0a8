#include "detect/chain/usual_writer.h"

#include "base/arena_text.h"
#include "detect/chain/account_kind.h"
#include "detect/chain/command_shape.h"
#include "detect/chain/deployment.h"
#include "detect/chain/program_kind.h"

/* Shells and scripts of one job that stand above each other. */
#define MAX_SHELLS 16U

static struct iw_str account_of(const struct iw_chain_fact *what, const struct iw_process *process)
{
    if (what->user.n != 0)
        return what->user;
    if (process != NULL && process->user.n != 0)
        return process->user;
    return what->sid;
}

static struct iw_str image_of_parent(const struct iw_process *process)
{
    if (process->parent_name.image.n != 0)
        return process->parent_name.image;
    return process->parent != NULL ? process->parent->name.image : IW_STR("");
}

static bool is_shell(struct iw_str image)
{
    const struct iw_program *program = iw_program_find(image, IW_STR(""));
    return program != NULL &&
           (program->kind == IW_PROGRAM_SHELL || program->kind == IW_PROGRAM_INTERPRETER);
}

/* What started it, past shells and scripts: the service of tasks, or WMI, WinRM, a service that was
 * made for it. Empty: not known. */
static struct iw_str starter_of(const struct iw_process *process)
{
    for (unsigned i = 0; process != NULL && i < MAX_SHELLS; i++) {
        struct iw_str image = image_of_parent(process);
        if (!is_shell(image))
            return image;
        process = process->parent;
    }
    return IW_STR("");
}

/* "corp\deploy by c:\windows\system32\svchost.exe: robocopy d:\build\# d:\shop /mir" */
static struct iw_str name_of_tool(const struct iw_chain_fact *what,
                                  const struct iw_process *process, struct iw_arena *arena)
{
    struct iw_str account = account_of(what, process), starter = starter_of(process), shape, who;
    if (process == NULL || account.n == 0 || starter.n == 0)
        return IW_STR("");
    shape = iw_command_shape_and_machines(process->command_line, arena);
    if (shape.n == 0) /* or no memory */
        return shape;
    who = iw_arena_format(arena, "%.*s by %.*s", IW_STR_ARG(account), IW_STR_ARG(starter));
    if (who.p != NULL)
        who = iw_arena_lower(arena, who);
    return who.p != NULL ? iw_arena_format(arena, "%.*s: %.*s", IW_STR_ARG(who), IW_STR_ARG(shape))
                         : who;
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
