/*
 * Without a baseline: load points the catalogue does not know. Servers have dozens of legitimate
 * ones, so what vouches for one lowers it, and says so: a proved signature, or being an
 * application's own code in the application's own configuration.
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"

static bool is_asked(const struct iw_inventory_component *row)
{
    return row->approval == IW_APPROVAL_NOT_ASKED && row->known == IW_ITEM_KNOWN_UNKNOWN &&
           iw_component_is_registered(row) && iw_component_loads(row) != IW_LOADS_NOTHING;
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
           (file == NULL || iw_holds_nocase(file->path, IW_STR("\\bin\\")));
}

/* An entry of `modules` whose native module is unknown: that one is spoken of. */
static bool is_spoken_for(const struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    return strcmp(row->kind, "nativeModule") == 0 && iw_case_find(judging, i) != NULL;
}

static enum iw_rc judge(struct iw_judging *judging, size_t i)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    const struct iw_item_file *file = iw_component_file(row);
    struct iw_case *named = iw_case_of_component(judging, i);
    bool is_signed = iw_file_is_proved(file);
    bool is_own = is_of_application(row), is_minor = iw_component_loads(row) == IW_LOADS_MINOR;
    IW_TRY(iw_case_say(named, is_signed || is_own || is_minor ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM,
                       "Component that nobody vouches for",
                       "%s %.*s%s%.*s is none of Microsoft's "
                       "own, and no baseline vouches for it",
                       row->kind, IW_STR_ARG(row->name), row->scope.n != 0 ? " of " : "",
                       IW_STR_ARG(row->scope)));
    if (is_signed)
        IW_TRY(iw_case_line(named, &named->why, "lowered: it is signed by %.*s, which is proved",
                            IW_STR_ARG(file->signer)));
    if (is_own)
        IW_TRY(iw_case_line(named, &named->why,
                            "lowered: it is code of an application in the "
                            "application's own configuration"));
    if (is_minor && !is_own)
        IW_TRY(iw_case_line(named, &named->why,
                            "lowered: it runs only where an application uses "
                            "it"));
    for (size_t k = 0; k < row->notes.n; k++)
        IW_TRY(iw_case_line(named, &named->why, "%.*s", IW_STR_ARG(row->notes.items[k])));
    return IW_OK;
}

enum iw_rc iw_judge_unknown(struct iw_judging *judging)
{
    for (size_t i = 0; i < judging->server->n_components; i++) {
        if (is_asked(&judging->server->components[i]) && !is_spoken_for(judging, i))
            IW_TRY(judge(judging, i));
    }
    return IW_OK;
}
