/*
 * Without a baseline: load points the catalogue does not know. What vouches for one lowers it, and
 * says so: a proved signature, a name of Microsoft's. That an application registers its own code
 * does not: a web.config is what an attacker without administrator rights can write.
 */
#include "base/limits.h"
#include "detect/component_kinds.h"
#include "detect/judgment.h"
#include "detect/own_program.h"
#include "detect/product_family.h"
#include "detect/usual_program.h"
#include "detect/subject_key.h"

static bool is_asked(const struct iw_inventory_component *row)
{
    return row->approval == IW_APPROVAL_NOT_ASKED && row->known == IW_ITEM_KNOWN_UNKNOWN &&
           iw_component_is_registered(row) && iw_component_loads(row) != IW_LOADS_NOTHING &&
           !iw_component_is_permission(row); /* judge_permission.c */
}

/* In the configuration of an application, and code of that application. */
static bool is_of_application(const struct iw_inventory_component *row)
{
    enum iw_component_load loads = iw_component_loads(row);
    const struct iw_item_file *file = iw_component_file(row);
    if (row->scope.n == 0 || row->scope.p[0] == '?')
        return false;
    if (loads == IW_LOADS_PROGRAM)
        return strcmp(row->kind, "aspNetCoreProcess") == 0 ||
               strcmp(row->kind, "httpPlatformProcess") == 0;
    return loads <= IW_LOADS_MANAGED &&
           (file == NULL || iw_str_holds_nocase(file->path, IW_STR("\\bin\\")));
}

/* An entry of `modules` whose native module is unknown: that one is spoken of. */
static bool is_spoken_for(const struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    return (strcmp(row->kind, "nativeModule") == 0 && iw_case_find(judging, i) != NULL) ||
           iw_subject_goes_with_profiler(judging, i);
}

/* The name of the assembly: behind the comma that is not within the brackets of a generic type,
 * whose arguments have assemblies of their own. */
static struct iw_str assembly_of(struct iw_str type)
{
    size_t depth = 0;
    for (size_t i = 0; i < type.n; i++) {
        if (type.p[i] == '[')
            depth++;
        else if (type.p[i] == ']' && depth != 0)
            depth--;
        else if (type.p[i] == ',' && depth == 0)
            return (struct iw_str){type.p + i + 1, type.n - i - 1};
    }
    return IW_STR("");
}

/* A type whose assembly is named with a key of Microsoft's, and no file to ask: anybody can write
 * that, but then Windows or a product of Microsoft's has to have such an assembly. */
static bool is_called_microsofts(const struct iw_inventory_component *row)
{
    struct iw_str assembly = assembly_of(row->type);
    return row->n_files == 0 && (iw_str_holds_nocase(assembly, IW_STR("=31bf3856ad364e35")) ||
                                 iw_str_holds_nocase(assembly, IW_STR("=b77a5c561934e089")) ||
                                 iw_str_holds_nocase(assembly, IW_STR("=b03f5f7f11d50a3a")));
}

/* An entry of `modules` whose native module stands where nobody read: in an application's
 * configuration that was collected alone, or where globalModules is not known. What globalModules
 * has is spoken of there. */
static bool is_without_server(const struct iw_judging *judging,
                              const struct iw_inventory_component *row)
{
    return (judging->modules.n == 0 || judging->modules_unknown) &&
           strcmp(row->kind, "nativeModule") == 0;
}

/* Why it weighs less, whatever events tell; NULL: it does not. */
static const char *lowered_by(const struct iw_judging *judging,
                              const struct iw_inventory_component *row)
{
    if (iw_program_is_proved(row))
        return "lowered: who signed it is proved";
    if (is_called_microsofts(row))
        return "lowered: it is named with a key of Microsoft's, and its file is not in evidence";
    if (is_without_server(judging, row))
        return judging->modules_unknown
                   ? "lowered: it only names a module, and globalModules, which says which, is "
                     "encrypted or not at hand"
                   : "lowered: it only names a module, and the configuration of the server that "
                     "says which is not in evidence";
    if (iw_component_loads(row) == IW_LOADS_MINOR && !iw_php_is_led_elsewhere(row))
        return "lowered: it runs only where an application uses it";
    return NULL;
}

/* What the variables of a case hold: that is what an analyst wants to read first. */
static enum iw_rc say_values(struct iw_case *named)
{
    for (size_t i = 0; i < named->n && i < IW_LIMIT_CASE_ENTRIES; i++) {
        const struct iw_inventory_component *row = iw_case_component(named, i);
        struct iw_str value = row->image.n != 0   ? row->image
                              : row->clsid.n != 0 ? row->clsid
                                                  : row->arguments;
        struct iw_str owner;
        if (!iw_component_is_variable(row))
            continue;
        owner = strcmp(row->state, "registry") != 0 ? row->owner : IW_STR("");
        IW_TRY(iw_case_remark(named, "%.*s=%.*s in %.*s%s%.*s", IW_STR_ARG(row->name),
                              IW_STR_ARG(value), IW_STR_ARG(row->config_path),
                              owner.n != 0 ? " of " : "", IW_STR_ARG(owner)));
    }
    return IW_OK;
}

/* What a hosted process runs is what there is to look at. */
static enum iw_rc say_hosted(struct iw_case *named, const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = row->hosted;
    if (file == NULL)
        return IW_OK;
    IW_TRY(iw_case_path(named, file->path));
    IW_TRY(iw_case_remark(named, "it runs %.*s%s%s", IW_STR_ARG(file->path),
                          file->state == IW_ITEM_FILE_MISSING ? ": " : "",
                          file->state == IW_ITEM_FILE_MISSING ? file->why : ""));
    if (file->state == IW_ITEM_FILE_READ || file->state == IW_ITEM_FILE_MISSING)
        return IW_OK;
    return iw_case_line(named, &named->blind,
                        "hash, version and signature of %.*s are not known: %s",
                        IW_STR_ARG(file->path), file->why != NULL ? file->why : "not read");
}

static enum iw_rc judge(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_item_file *file = iw_component_file(row);
    struct iw_case *named = iw_case_of_component(judging, i);
    const char *lowered = lowered_by(judging, row);
    bool is_usual, is_own;
    IW_TRY(iw_is_usual_program(judging, row, &is_usual));
    IW_TRY(iw_is_own_program(judging, row, &is_own));
    if (lowered == NULL && is_own)
        lowered = "lowered: it is the application's own program, in its own folder, and nothing in "
                  "evidence tells that the entry came or that the web server wrote it";
    if (lowered == NULL && is_usual)
        lowered = "lowered: PHP's own program by name and place, where administrators alone write, "
                  "and nothing in evidence tells that it came; nobody signs PHP";
    IW_TRY(iw_case_say(named, lowered != NULL ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Component that nobody vouches for",
                       "%s %.*s%s%.*s is none of Microsoft's "
                       "own, and no baseline vouches for it",
                       row->kind, IW_STR_ARG(iw_component_called(row)),
                       row->scope.n != 0 ? " of " : "", IW_STR_ARG(row->scope)));
    if (lowered != NULL)
        IW_TRY(iw_case_line(named, &named->why, "%s", lowered));
    if (iw_file_is_proved(file))
        IW_TRY(iw_case_line(named, &named->why, "signed by %.*s", IW_STR_ARG(file->signer)));
    if (row->arguments.n != 0 && strcmp(row->kind, "fastCgi") == 0)
        IW_TRY(iw_case_line(named, &named->why, "it is started with %.*s",
                            IW_STR_ARG(row->arguments)));
    if (is_of_application(row))
        IW_TRY(iw_case_line(named, &named->why,
                            "it is code of an application in the application's own "
                            "configuration"));
    for (size_t k = 0; k < row->notes.n; k++)
        IW_TRY(iw_case_line(named, &named->why, "%.*s", IW_STR_ARG(row->notes.items[k])));
    IW_TRY(say_hosted(named, row));
    return say_values(named);
}

/* One product with many load points, none of which can be looked at: the same line for each of
 * them, which stands once. */
static enum iw_rc judge_family(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    struct iw_case *named = iw_case_of_component(judging, i);
    bool is_low = iw_family_is_spread(judging, i) || lowered_by(judging, row) != NULL;
    if (named == NULL)
        return IW_ENOMEM;
    return iw_case_say(named, is_low ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Product whose load points nobody vouches for",
                       "%zu entries register %llu types of %.*s, whose assemblies are not in "
                       "evidence: which of them are the product's own cannot be told apart; their "
                       "files or a baseline would tell",
                       named->n, (unsigned long long)iw_family_types(judging, i),
                       IW_STR_ARG(named->name));
}

enum iw_rc iw_judge_unknown(struct iw_judging *judging)
{
    for (size_t i = 0; i < judging->server->n_components; i++) {
        if (iw_family_of(judging, i).n != 0)
            IW_TRY(judge_family(judging, i));
        else if (is_asked(&judging->server->components[i]) && !is_spoken_for(judging, i))
            IW_TRY(judge(judging, i));
    }
    return IW_OK;
}
