#include "detect/web_program.h"

#include "base/arena_text.h"

static bool is_program(const struct iw_inventory_web_file *web_file)
{
    return iw_str_ends_nocase(web_file->file.path, IW_STR(".dll")) ||
           iw_str_ends_nocase(web_file->file.path, IW_STR(".exe"));
}

enum iw_rc iw_web_programs_read(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_web_files; i++) {
        struct iw_map_entry *entry;
        struct iw_str key;
        bool is_new;
        if (!is_program(&server->web_files[i]))
            continue;
        key = iw_arena_lower(judging->arena, server->web_files[i].file.path);
        entry = key.p != NULL ? iw_map_add(&judging->web_programs, key, &is_new) : NULL;
        if (entry == NULL)
            return IW_ENOMEM;
        if (is_new)
            entry->value.number = i + 1;
    }
    return IW_OK;
}

enum iw_rc iw_web_program_at(const struct iw_judging *judging, struct iw_str path,
                             const struct iw_inventory_web_file **ret)
{
    const struct iw_map_entry *entry;
    struct iw_str key;
    *ret = NULL;
    if (judging->web_programs.n == 0 || path.n == 0)
        return IW_OK;
    key = iw_arena_lower(judging->arena, path);
    if (key.p == NULL)
        return IW_ENOMEM;
    entry = iw_map_find(&judging->web_programs, key);
    if (entry != NULL)
        *ret = &judging->server->web_files[entry->value.number - 1];
    return IW_OK;
}

enum iw_rc iw_web_program_of(const struct iw_case *named, const struct iw_inventory_web_file **ret)
{
    *ret = NULL;
    for (size_t i = 0; i < named->n && *ret == NULL; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        IW_TRY(iw_web_program_at(named->judging, row->image_path, ret));
        for (size_t k = 0; k < row->n_files && *ret == NULL; k++)
            IW_TRY(iw_web_program_at(named->judging, row->files[k].path, ret));
    }
    return IW_OK;
}

enum iw_rc iw_web_program_say(struct iw_case *named, const struct iw_inventory_web_file *program)
{
    struct iw_str runner = program->handler.n != 0 ? program->handler : program->processor;
    named->program = program;
    if (program->urls.n == 0)
        return iw_case_line(named, &named->why, "%.*s runs it when it is asked for%s",
                            IW_STR_ARG(runner),
                            program->is_certain ? "" : " (not proved by configuration)");
    return iw_case_line(named, &named->why, "%.*s runs it when %.*s is asked for%s",
                        IW_STR_ARG(runner), IW_STR_ARG(program->urls.items[0]),
                        program->is_certain ? "" : " (not proved by configuration)");
}
