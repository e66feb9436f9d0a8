/*
 * A signature that does not fit the file: somebody changed a signed program, or took a signature
 * from another file. And, of subjects that others spoke of: what is wrong with a program as a
 * program.
 */
#include "detect/component_kinds.h"
#include "detect/judgment.h"

static enum iw_rc say(struct iw_case *named, const struct iw_item_file *file)
{
    return iw_case_say(named, IW_LEVEL_HIGH, "Signature does not fit the file",
                       "%.*s carries a signature that its content does not fit%s%.*s",
                       IW_STR_ARG(file->path.n != 0 ? file->path : file->source),
                       file->signature_why.n != 0 ? ": " : "", IW_STR_ARG(file->signature_why));
}

static bool is_tampered(const struct iw_item_file *file)
{
    return file->state == IW_ITEM_FILE_READ && file->signature == IW_ITEM_SIGNATURE_TAMPERED;
}

enum iw_rc iw_judge_signatures(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        for (size_t k = 0; k < server->components[i].n_files; k++) {
            const struct iw_item_file *file = &server->components[i].files[k];
            if (is_tampered(file))
                IW_TRY(say(iw_case_of_component(judging, i), file));
        }
    }
    for (size_t i = 0; i < server->n_web_files; i++) {
        const struct iw_item_file *file = &server->web_files[i].file;
        if (is_tampered(file))
            IW_TRY(say(iw_case_of_web_file(judging, &server->web_files[i]), file));
    }
    return IW_OK;
}

enum iw_rc iw_judge_damage(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        struct iw_case *named = iw_case_find(judging, i);
        for (size_t k = 0; named != NULL && k < server->components[i].n_files; k++) {
            const struct iw_item_file *file = &server->components[i].files[k];
            if (file->state == IW_ITEM_FILE_READ && file->is_pe && file->n_damage != 0)
                IW_TRY(iw_case_line(named, &named->why,
                                    "%.*s is damaged as a program (%llu things are not as they "
                                    "should be)",
                                    IW_STR_ARG(file->path), (unsigned long long)file->n_damage));
        }
    }
    return IW_OK;
}
