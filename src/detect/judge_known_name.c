/*
 * What the catalogue of Microsoft's own components half knows: a built-in name with another image
 * or other version information, a built-in image under another name (as the public test of
 * T1505.004 registers one, domain.md §4.5).
 */
#include "detect/component_kinds.h"
#include "detect/detect_text.h"
#include "detect/judgment.h"
#include "detect/product_family.h"

/* A module, in the folder of Windows, that does not say Microsoft made it. */
static bool contradicts(const struct iw_inventory_component *row)
{
    const struct iw_item_file *file = iw_component_file(row);
    if (file == NULL || !file->is_pe || iw_file_is_proved(file))
        return false;
    return file->roles.n != 0 && !iw_file_claims_microsoft(file) && iw_path_is_inetsrv(file->path);
}

/* An entry that only names a module has the image that globalModules has under that name: what is
 * said of an image is said of that one. */
static enum iw_rc say(struct iw_case *named, const struct iw_inventory_component *row,
                      enum iw_level level, const char *title)
{
    struct iw_str is = row->image.n != 0 ? row->image : row->type;
    if (is.n != 0)
        return iw_case_say(named, level, title, "%s %.*s is %.*s%s%.*s", row->kind,
                           IW_STR_ARG(row->name), IW_STR_ARG(is), row->known_why.n != 0 ? ": " : "",
                           IW_STR_ARG(row->known_why));
    if (strcmp(row->kind, "nativeModule") == 0 && row->known_why.n != 0)
        return iw_case_say(named, level, title,
                           "%s %.*s names no image; of what globalModules has under that name: "
                           "%.*s",
                           row->kind, IW_STR_ARG(iw_component_called(row)),
                           IW_STR_ARG(row->known_why));
    return iw_case_say(named, level, title, "%s %.*s names no image", row->kind,
                       IW_STR_ARG(row->name));
}

static enum iw_rc judge(struct iw_judging *judging, size_t i, const char *title,
                        enum iw_level level)
{
    const struct iw_inventory_component *row = &judging->server->components[i];
    struct iw_case *named = iw_case_of_component(judging, i);
    const struct iw_item_file *file = iw_component_file(row);
    bool is_worse = level > IW_LEVEL_LOW && contradicts(row);
    IW_TRY(say(named, row, is_worse ? IW_LEVEL_HIGH : level, title));
    if (level == IW_LEVEL_LOW && iw_family_is_spread(judging, i))
        return iw_case_line(named, &named->why,
                            "lowered: its type is one of %llu of a product whose assemblies are "
                            "not in evidence",
                            (unsigned long long)iw_family_types(judging, i));
    if (!is_worse)
        return IW_OK;
    return iw_case_line(named, &named->why,
                        "%.*s lies in the folder of IIS, has the exports of a module, and does not "
                        "say that Microsoft made it (company: %.*s)",
                        IW_STR_ARG(file->path),
                        IW_STR_ARG(file->company.n != 0 ? file->company : IW_STR("none")));
}

enum iw_rc iw_judge_known_names(struct iw_judging *judging)
{
    const struct iw_inventory_server *server = judging->server;
    for (size_t i = 0; i < server->n_components; i++) {
        const struct iw_inventory_component *row = &server->components[i];
        if (!iw_component_is_registered(row) || iw_is_approved_by_person(row->approval))
            continue;
        if (row->known == IW_ITEM_KNOWN_NAME_OTHER_IMAGE)
            IW_TRY(judge(judging, i, "Built-in name with another image",
                         iw_family_is_spread(judging, i) ? IW_LEVEL_LOW : IW_LEVEL_MEDIUM));
        else if (row->known == IW_ITEM_KNOWN_VERSION_DISAGREES)
            IW_TRY(
                judge(judging, i, "Built-in component whose file says otherwise", IW_LEVEL_MEDIUM));
        else if (row->known == IW_ITEM_KNOWN_IMAGE_OTHER_NAME)
            IW_TRY(judge(judging, i, "Built-in image under another name", IW_LEVEL_LOW));
    }
    return IW_OK;
}
