/*
 * Matching a component with the rows of the catalogue.
 *
 * A type fits when its class, its assembly's name and the public key token are the row's. Without
 * an assembly only types of System.Web fit: ASP.NET looks there first. Images are compared in
 * normal form; what WOW64 or a 32-bit process makes of the same text (SysWOW64, Program Files
 * (x86)) is the same place.
 */
#include "iis/known/known_component.h"

#include "iis/config/server_path.h"
#include "iis/known/known_table.h"

static const char DEFAULT_MODULES[] = "ManagedPipelineHandler";

const struct iw_known_row *iw_known_row_at(size_t at)
{
    const struct iw_known_part *const parts[IW_KNOWN_PARTS] = {&iw_known_native, &iw_known_handlers,
                                                               &iw_known_managed};

    for (size_t i = 0; i < IW_KNOWN_PARTS; at -= parts[i++]->n)
        if (at < parts[i]->n)
            return &parts[i]->rows[at];
    return NULL;
}

static bool same(struct iw_str text, const char *expected)
{
    return iw_str_equal_nocase(text, iw_str_of(expected));
}

/* --- images ------------------------------------------------------------------------------ */

/* *text* begins with *from*: then *to* and the rest are compared instead. */
static bool fits_as(struct iw_str text, struct iw_str from, struct iw_str to, struct iw_str image)
{
    return iw_str_begins_nocase(text, from) && iw_str_begins_nocase(image, to) &&
           iw_str_equal_nocase((struct iw_str){text.p + from.n, text.n - from.n},
                               (struct iw_str){image.p + to.n, image.n - to.n});
}

static bool image_fits(struct iw_str image, const char *expected)
{
    struct iw_str shipped = iw_str_of(expected);

    return iw_str_equal_nocase(image, shipped) ||
           fits_as(image, IW_STR("C:\\Windows\\SysWOW64\\"), IW_STR(IW_KNOWN_SYSTEM32), shipped) ||
           fits_as(image, IW_STR("C:\\Windows\\Sysnative\\"), IW_STR(IW_KNOWN_SYSTEM32), shipped) ||
           fits_as(image, IW_STR("C:\\Program Files (x86)\\IIS\\"),
                   IW_STR("C:\\Program Files\\IIS\\"), shipped);
}

/* The product's file in a folder of another installation: `V15\Bin\kerbauth.dll`. */
static bool tail_fits(struct iw_str image, const char *expected)
{
    static const char MARK[] = "\\Exchange Server\\";
    const char *tail = expected == NULL ? NULL : strstr(expected, MARK);

    return tail != NULL && iw_str_ends_nocase(image, iw_str_of(tail + sizeof MARK - 2));
}

/* --- managed types ----------------------------------------------------------------------- */

struct type_name {
    struct iw_str class, assembly, token;
    bool is_plain; /* nothing in it that is not understood */
};

/* Takes what stands before the next comma, blanks at its ends dropped. */
static struct iw_str next_part(struct iw_str *rest)
{
    size_t end = 0;
    struct iw_str part;

    while (end < rest->n && rest->p[end] != ',')
        end++;
    part = (struct iw_str){rest->p, end};
    end += end < rest->n;
    *rest = (struct iw_str){rest->p + end, rest->n - end};
    while (part.n != 0 && part.p[0] == ' ')
        part = (struct iw_str){part.p + 1, part.n - 1};
    while (part.n != 0 && part.p[part.n - 1] == ' ')
        part.n--;
    return part;
}

/* Takes "Key=value" of an assembly's name. */
static void take_property(struct type_name *name, struct iw_str part)
{
    static const char TOKEN[] = "PublicKeyToken=";

    if (iw_str_begins_nocase(part, IW_STR("Version=")) || same(part, "Culture=neutral"))
        return;
    if (iw_str_begins_nocase(part, iw_str_of(TOKEN)) && name->token.n == 0)
        name->token = (struct iw_str){part.p + sizeof TOKEN - 1, part.n - (sizeof TOKEN - 1)};
    else
        name->is_plain = false;
}

static struct type_name read_type(struct iw_str text, bool is_assembly)
{
    struct type_name name = {.is_plain = true};

    if (!is_assembly)
        name.class = next_part(&text);
    name.assembly = next_part(&text);
    while (text.n != 0)
        take_property(&name, next_part(&text));
    return name;
}

static bool assembly_fits(const struct type_name *name, const char *expected)
{
    const char *token = strchr(expected, '/');

    if (name->assembly.n == 0)
        return name->class.n != 0 && strcmp(expected, IW_KNOWN_SYSTEM_WEB) == 0;
    return iw_str_equal_nocase(name->assembly,
                               (struct iw_str){expected, (size_t)(token - expected)}) &&
           same(name->token, token + 1);
}

static bool class_fits(const struct type_name *name, const struct iw_known_row *row)
{
    return row->type == NULL || same(name->class, row->type);
}

static bool type_fits(struct iw_str type, const struct iw_known_row *row)
{
    struct type_name name = read_type(type, row->kind == IW_COMPONENT_ASSEMBLY);

    return name.is_plain && class_fits(&name, row) && assembly_fits(&name, row->assembly);
}

/* --- a row ------------------------------------------------------------------------------- */

static bool name_fits(struct iw_str name, const struct iw_known_row *row)
{
    return (row->rules & IW_KNOWN_ANY_NAME) != 0 || same(name, row->name);
}

static bool is_listed(struct iw_str module, struct iw_str modules)
{
    while (modules.n != 0)
        if (iw_str_equal_nocase(module, next_part(&modules)))
            return true;
    return false;
}

/* The row's modules, or some of them: a site that lists no folders leaves one out. */
static bool modules_fit(struct iw_str asked, struct iw_str shipped)
{
    while (asked.n != 0)
        if (!is_listed(next_part(&asked), shipped))
            return false;
    return true;
}

/* Is what loads or takes the request as in the row? */
static bool processor_fits(const struct iw_known_question *asked, const struct iw_known_row *row)
{
    const char *modules = row->modules != NULL ? row->modules : DEFAULT_MODULES;

    if (asked->arguments.n != 0 || (row->image == NULL) != (asked->image.n == 0) ||
        (row->assembly == NULL) != (asked->type.n == 0))
        return false;
    if (row->image != NULL && !image_fits(asked->image, row->image))
        return false;
    if (row->assembly != NULL && !type_fits(asked->type, row))
        return false;
    return row->kind != IW_COMPONENT_HANDLER ||
           modules_fit(asked->modules.n != 0 ? asked->modules : iw_str_of(DEFAULT_MODULES),
                       iw_str_of(modules));
}

static bool path_fits(const struct iw_known_question *asked, const struct iw_known_row *row)
{
    return row->path == NULL || same(asked->path, row->path);
}

struct found {
    const struct iw_known_row *whole, *named, *processed;
    const struct iw_known_row *elsewhere;  /* whole, but in another folder */
    const struct iw_known_row *other_path; /* whole, but for another path */
};

static struct found look_up(const struct iw_known_question *asked, enum iw_component_kind kind)
{
    struct found found = {.whole = NULL};
    const struct iw_known_row *row;

    for (size_t i = 0; (row = iw_known_row_at(i)) != NULL; i++) {
        bool has_name = row->kind == kind && name_fits(asked->name, row);
        bool has_image = row->image != NULL && image_fits(asked->image, row->image);
        bool has_processor = row->kind == kind && processor_fits(asked, row);
        if (has_name && has_processor)
            *(path_fits(asked, row) ? &found.whole : &found.other_path) = row;
        if (has_name && row->name != NULL && found.named == NULL)
            found.named = row;
        if (has_name && (row->rules & IW_KNOWN_MOVABLE) != 0 && tail_fits(asked->image, row->image))
            found.elsewhere = row;
        if (has_processor && found.processed == NULL)
            found.processed = row;
        if (has_image && kind != IW_COMPONENT_HANDLER && found.processed == NULL)
            found.processed = row;
    }
    return found;
}

/* --- the answer -------------------------------------------------------------------------- */

static enum iw_known_check check(const struct iw_known_question *asked)
{
    for (size_t i = 0; i < asked->n_files; i++)
        if (!same(asked->files[i].company, "Microsoft Corporation"))
            return IW_KNOWN_DISAGREES;
    return asked->n_files != 0 ? IW_KNOWN_AGREES : IW_KNOWN_NOT_CHECKED;
}

static struct iw_known_answer tell(const struct iw_known_question *asked, enum iw_known_state state,
                                   const struct iw_known_row *row, const char *why)
{
    struct iw_known_answer answer = {.state = state, .check = check(asked), .why = why};

    if (row == NULL)
        return answer;
    answer.product = row->product;
    answer.name = row->name;
    answer.image = row->image != NULL ? row->image : row->type != NULL ? row->type : row->assembly;
    answer.is_unverified = (row->rules & IW_KNOWN_UNVERIFIED) != 0;
    answer.name_case_differs = row->name != NULL && same(asked->name, row->name) &&
                               !iw_str_equal(asked->name, iw_str_of(row->name));
    return answer;
}

static struct iw_known_answer tell_whole(const struct iw_known_question *asked,
                                         const struct iw_known_row *row)
{
    switch (check(asked)) {
    case IW_KNOWN_DISAGREES:
        return tell(asked, IW_KNOWN_BUT_VERSION_DISAGREES, row,
                    "name and image are Microsoft's, but the file's version information does not "
                    "say Microsoft Corporation");
    case IW_KNOWN_AGREES:
        return tell(asked, IW_KNOWN, row,
                    "name, image and version information are as Microsoft ships it");
    case IW_KNOWN_NOT_CHECKED:
    default:
        return tell(asked, IW_KNOWN, row,
                    "name and image are as Microsoft ships it; the file was not looked at");
    }
}

static struct iw_known_answer tell_processed(const struct iw_known_question *asked,
                                             const struct iw_known_row *row)
{
    if (check(asked) == IW_KNOWN_DISAGREES)
        return tell(asked, IW_KNOWN_IMAGE_OTHER_NAME, row,
                    "the image is where Microsoft's file lies, under a name Microsoft does not "
                    "give it, and its version information does not say Microsoft Corporation");
    return tell(asked, IW_KNOWN_IMAGE_OTHER_NAME, row,
                asked->kind == IW_COMPONENT_HANDLER
                    ? "what takes the request is Microsoft's, name or path are not"
                    : "the image is Microsoft's, under a name Microsoft does not give it");
}

/* Is the key a path, an extension or a language, which is no name that one of Microsoft's has
 * alone? Applications replace compilers and handlers of .aspx as a matter of course. */
static bool is_key_of_anybody(enum iw_component_kind kind)
{
    return kind == IW_COMPONENT_NET_HANDLER || kind == IW_COMPONENT_BUILD_PROVIDER ||
           kind == IW_COMPONENT_EXPRESSION_BUILDER || kind == IW_COMPONENT_COMPILER;
}

struct iw_known_answer iw_known_component(const struct iw_known_question *asked)
{
    bool is_entry = asked->kind == IW_COMPONENT_NATIVE_MODULE;
    struct found found = look_up(asked, is_entry ? IW_COMPONENT_GLOBAL_MODULE : asked->kind);

    if (is_entry && asked->image.n == 0)
        return tell(asked, IW_KNOWN_UNKNOWN, found.named,
                    "an entry of modules only names one of globalModules, whose image is not "
                    "known here");
    if (found.whole != NULL)
        return tell_whole(asked, found.whole);
    if (found.elsewhere != NULL)
        return tell(asked, IW_KNOWN_UNKNOWN, found.elsewhere,
                    "named and placed as the product does it, but not in its usual folder, which "
                    "can be chosen when it is installed");
    if (found.other_path != NULL)
        return tell_processed(asked, found.other_path);
    if (found.named != NULL && is_key_of_anybody(asked->kind))
        return tell(asked, IW_KNOWN_UNKNOWN, found.named,
                    "not in the catalogue; it takes over what one of Microsoft's does by default");
    if (found.named != NULL && found.processed != NULL && asked->type.n != 0)
        return tell(asked, IW_KNOWN_IMAGE_OTHER_NAME, found.processed,
                    "the type is Microsoft's, under the name of another one of Microsoft's");
    if (found.named != NULL)
        return tell(asked, IW_KNOWN_NAME_OTHER_IMAGE, found.named,
                    "Microsoft's name, but not what Microsoft registers under it");
    if (found.processed != NULL)
        return tell_processed(asked, found.processed);
    return tell(asked, IW_KNOWN_UNKNOWN, NULL, "not in the catalogue of Microsoft's components");
}

/* --- the question ------------------------------------------------------------------------ */

enum iw_rc iw_known_ask(const struct iw_component *component, struct iw_str native_image,
                        struct iw_arena *arena, struct iw_known_question *ret)
{
    bool is_entry = component->kind == IW_COMPONENT_NATIVE_MODULE;
    struct iw_str image = is_entry ? native_image : component->image;
    struct iw_server_path path;

    *ret = (struct iw_known_question){.kind = component->kind,
                                      .name = component->name,
                                      .arguments = component->arguments,
                                      .type = component->type};
    if (component->kind == IW_COMPONENT_HANDLER) {
        ret->path = iw_config_value(component->element, IW_STR("path"), IW_STR(""));
        ret->modules = iw_config_value(component->element, IW_STR("modules"), IW_STR(""));
    }
    if (image.n == 0)
        return IW_OK;
    if (!iw_server_path_read(image, false, arena, &path))
        return IW_ENOMEM;
    ret->image = path.path;
    return IW_OK;
}

const char *iw_known_state_name(enum iw_known_state state)
{
    static const char *const NAMES[IW_KNOWN_STATE_COUNT] = {
        [IW_KNOWN_UNKNOWN] = "unknown",
        [IW_KNOWN] = "known",
        [IW_KNOWN_NAME_OTHER_IMAGE] = "nameOtherImage",
        [IW_KNOWN_IMAGE_OTHER_NAME] = "imageOtherName",
        [IW_KNOWN_BUT_VERSION_DISAGREES] = "versionDisagrees",
    };

    return NAMES[state];
}
