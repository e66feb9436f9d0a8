/*
 * Files that execute when asked for and that stand out. What stands out are the marks of the
 * inventory: content that does what a request says is strong, other content weak, and place, age
 * and name alone hardly anything. Without a mark there is nothing to say, and where a chain of
 * evidence that is known by the file says it, nothing is said twice.
 */
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "iis/web/web_mark.h"

enum iw_level iw_web_file_level(const struct iw_inventory_web_file *web_file)
{
    if (web_file->n_strong_marks >= 2)
        return IW_LEVEL_MEDIUM;
    if (web_file->n_strong_marks == 1 && web_file->n_content_marks != 0)
        return IW_LEVEL_MEDIUM;
    if (web_file->n_strong_marks != 0 || web_file->n_content_marks >= 2)
        return IW_LEVEL_LOW;
    return IW_LEVEL_INFORMATIONAL;
}

/* What pages do, and what a web.config that is made a page of does. */
static const char *title_of(const struct iw_inventory_web_file *web_file)
{
    if (iw_web_mark_is_told(web_file->marks, IW_WEB_MARK_RUNS_CONFIGURATION))
        return "Configuration file that is made to run as a page";
    return web_file->n_strong_marks != 0 ? "Web file does what a request tells it"
                                         : "Web file stands out";
}

bool iw_web_file_is_told(const struct iw_judging *judging,
                         const struct iw_inventory_web_file *web_file, enum iw_level level)
{
    const struct iw_reconcile_input *input = judging->input;
    return input->is_web_file_told != NULL &&
           input->is_web_file_told(input->told, judging->server->host, web_file, level,
                                   judging->arena);
}

/* A program that is said as a component, no less than as a web file: it is one subject, and its
 * case has the marks, too. */
static enum iw_rc is_told_as_component(struct iw_judging *judging,
                                       const struct iw_inventory_web_file *web_file, bool *ret)
{
    struct iw_case *named;
    *ret = false;
    IW_TRY(iw_case_find_at(judging, web_file->file.path, &named));
    if (named == NULL || named->program != web_file || named->level < iw_web_file_level(web_file))
        return IW_OK;
    *ret = true;
    for (size_t k = 0; k < web_file->marks.n; k++)
        IW_TRY(iw_case_line(named, &named->why, "%.*s", IW_STR_ARG(web_file->marks.items[k])));
    return IW_OK;
}

enum iw_rc iw_judge_web_files(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_web_files; i++) {
        const struct iw_inventory_web_file *web_file = &server->web_files[i];
        struct iw_case *named;
        bool is_component;
        if (web_file->marks.n == 0 || iw_is_approved(web_file->approval) ||
            iw_web_file_is_told(judging, web_file, iw_web_file_level(web_file)))
            continue;
        IW_TRY(is_told_as_component(judging, web_file, &is_component));
        if (is_component)
            continue;
        named = iw_case_of_web_file(judging, web_file);
        for (size_t k = 0; k < web_file->marks.n; k++)
            IW_TRY(iw_case_say(named, iw_web_file_level(web_file), title_of(web_file), "%.*s",
                               IW_STR_ARG(web_file->marks.items[k])));
        IW_TRY(iw_case_line(
            named, &named->why, "%.*s runs it%s",
            IW_STR_ARG(web_file->handler.n != 0 ? web_file->handler : web_file->processor),
            web_file->is_certain ? ""
                                 : " (by its ending; not proved by "
                                   "configuration)"));
        if (!web_file->is_certain)
            IW_TRY(iw_case_line(named, &named->blind,
                                "no configuration in evidence proves that it executes"));
    }
    return IW_OK;
}
