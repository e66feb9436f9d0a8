/*
 * A handler that runs the content of files, for files that are only sent: pictures, style sheets,
 * scripts for browsers, fonts, text. Whoever may put such a file there (an upload of pictures) then
 * runs code, whatever the handler's name, and although the engine is Microsoft's own: no product
 * needs it (domain.md §4.5).
 *
 * Wildcards of all files (`*`, `*.`) are not these: routing and ASP.NET Core have them. Managed
 * types that the catalogue does not know make such content (resizing of pictures) and are told as
 * components.
 */
#include "base/path_name.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "iis/config/web_pattern.h"

/* What IIS sends by its own list of MIME types, and what users send to web servers. */
static const char *const STATIC_ENDINGS[] = {
    ".jpg", ".jpeg", ".jpe",  ".jfif",  ".png", ".gif",  ".bmp", ".ico", ".webp",
    ".svg", ".tif",  ".tiff", ".css",   ".js",  ".mjs",  ".map", ".txt", ".log",
    ".md",  ".csv",  ".woff", ".woff2", ".ttf", ".otf",  ".eot", ".mp3", ".mp4",
    ".avi", ".mov",  ".webm", ".wav",   ".pdf", ".zip",  ".rar", ".7z",  ".gz",
    ".doc", ".docx", ".xls",  ".xlsx",  ".ppt", ".pptx", ".rtf",
};

/* Classes and libraries that run what a file holds. */
static const char *const PAGE_TYPES[] = {
    "System.Web.UI.PageHandlerFactory",
    "System.Web.UI.SimpleHandlerFactory",
    "System.Web.Services.Protocols.WebServiceHandlerFactory",
    "System.Web.Script.Services.ScriptHandlerFactory",
};

static bool is_static(struct iw_str path)
{
    struct iw_str name = iw_web_last_part(path);
    for (size_t i = 0; i < sizeof STATIC_ENDINGS / sizeof STATIC_ENDINGS[0]; i++) {
        if (iw_str_ends_nocase(name, iw_str_of(STATIC_ENDINGS[i])))
            return true;
    }
    return false;
}

/* The first of a handler's paths that names such files; empty: none. */
static struct iw_str static_path_of(const struct iw_inventory_component *row)
{
    struct iw_str paths =
        strcmp(row->kind, "aspNetHandler") == 0 ? row->name : iw_inventory_attribute(row, "path");
    while (paths.n != 0) {
        struct iw_str path = iw_web_list_next(&paths, ',');
        if (is_static(path))
            return path;
    }
    return IW_STR("");
}

/* `Ns.Class` of `Ns.Class, Assembly, ...`. */
static bool is_page_type(struct iw_str type)
{
    struct iw_str name = iw_web_list_next(&type, ',');
    for (size_t i = 0; i < sizeof PAGE_TYPES / sizeof PAGE_TYPES[0]; i++) {
        if (iw_str_equal(name, iw_str_of(PAGE_TYPES[i])))
            return true;
    }
    return false;
}

/* A program or library that runs files: whatever CGI, FastCGI or ISAPI starts for each of them.
 * That of ASP.NET asks the handlers of ASP.NET, which send such files; sites of old pools map them
 * to it so that it checks who may have them. */
static bool runs_files(const struct iw_inventory_component *row)
{
    struct iw_str modules = iw_inventory_attribute(row, "modules");
    if (row->type.n != 0)
        return is_page_type(row->type);
    return iw_str_holds_nocase(modules, IW_STR("CgiModule")) ||
           (row->image.n != 0 && iw_str_holds_nocase(modules, IW_STR("IsapiModule")) &&
            !iw_str_equal_nocase(iw_path_name(row->image_path), IW_STR("aspnet_isapi.dll")));
}

enum iw_rc iw_judge_static_handlers(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        struct iw_str path;
        bool is_handler =
            strcmp(row->kind, "handler") == 0 || strcmp(row->kind, "aspNetHandler") == 0;
        if (!is_handler || !iw_component_is_registered(row) ||
            iw_is_approved_by_person(row->approval) || !runs_files(row))
            continue;
        path = static_path_of(row);
        if (path.n == 0)
            continue;
        IW_TRY(iw_case_say(iw_case_of_component(judging, i),
                           strcmp(row->state, "refused") == 0 ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                           "Handler that runs files made to be sent only",
                           "%s %.*s%s%.*s runs what %.*s names by %.*s: a picture, style sheet or "
                           "text with code in it then runs as a page",
                           row->kind, IW_STR_ARG(iw_component_called(row)),
                           row->scope.n != 0 ? " of " : "", IW_STR_ARG(row->scope),
                           IW_STR_ARG(path),
                           IW_STR_ARG(row->type.n != 0 ? row->type : row->image)));
    }
    return IW_OK;
}
