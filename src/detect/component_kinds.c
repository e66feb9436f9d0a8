/*
 * Names of kinds: iis/config/components.h, iis/inventory. What each loads: Microsoft's reference of
 * the sections (the row's own source is iis/config/component_table.c).
 */
#include "detect/component_kinds.h"

#include "iis/config/component_table.h"

#define WEB "system.webServer/"

static const struct {
    const char *kind;
    enum iw_component_load loads;
    const char *section;
} KINDS[] = {
    {"globalModule", IW_LOADS_NATIVE, WEB "globalModules"},
    {"nativeModule", IW_LOADS_NATIVE, WEB "modules"},
    {"managedModule", IW_LOADS_MANAGED, WEB "modules"},
    {"handler", IW_LOADS_MANAGED, WEB "handlers"},
    {"isapiFilter", IW_LOADS_NATIVE, WEB "isapiFilters"},
    {"registryFilter", IW_LOADS_NATIVE, NULL},
    {"isapiCgiRestriction", IW_LOADS_NATIVE, WEB "security/isapiCgiRestriction"},
    {"fastCgi", IW_LOADS_PROGRAM, WEB "fastCgi"},
    {"compressionScheme", IW_LOADS_NATIVE, WEB "httpCompression"},
    {"webDavStore", IW_LOADS_NATIVE, WEB "webdav/globalSettings"},
    {"logPlugin", IW_LOADS_NATIVE, "system.applicationHost/sites"},
    {"autoStartProvider", IW_LOADS_MANAGED, "system.applicationHost/serviceAutoStartProviders"},
    {"listenerAdapter", IW_LOADS_NATIVE, "system.applicationHost/listenerAdapters"},
    {"rewriteProvider", IW_LOADS_MANAGED, WEB "rewrite/providers"},
    {"managedRuntimeLoader", IW_LOADS_NATIVE, "system.applicationHost/applicationPools"},
    {"clrConfig", IW_LOADS_MINOR, "system.applicationHost/applicationPools"},
    {"environmentVariable", IW_LOADS_MINOR, "system.applicationHost/applicationPools"},
    {"aspNetCoreProcess", IW_LOADS_PROGRAM, WEB "aspNetCore"},
    {"httpPlatformProcess", IW_LOADS_PROGRAM, WEB "httpPlatform"},
    {"aspNetModule", IW_LOADS_MANAGED, "system.web/httpModules"},
    {"aspNetHandler", IW_LOADS_MANAGED, "system.web/httpHandlers"},
    {"buildProvider", IW_LOADS_MANAGED, "system.web/compilation"},
    {"expressionBuilder", IW_LOADS_MINOR, "system.web/compilation"},
    {"compiler", IW_LOADS_MANAGED, "system.codedom"},
    {"pageParserFilter", IW_LOADS_MANAGED, "system.web/pages"},
    {"pageBase", IW_LOADS_MANAGED, "system.web/pages"},
    {"aspNetProvider", IW_LOADS_MINOR, "system.web"},
    {"soapExtension", IW_LOADS_MINOR, "system.web/webServices"},
    {"httpRuntimeType", IW_LOADS_MANAGED, "system.web/httpRuntime"},
    {"hostingType", IW_LOADS_MANAGED, "system.web/hostingEnvironment"},
    {"wcfExtension", IW_LOADS_MINOR, "system.serviceModel/extensions"},
    {"traceListener", IW_LOADS_MINOR, "system.diagnostics"},
    {"appDomainManager", IW_LOADS_MANAGED, NULL},
    {"sectionHandler", IW_LOADS_MINOR, NULL},
    {"ftpProvider", IW_LOADS_MANAGED, "system.ftpServer/providerDefinitions"},
    {"adminProvider", IW_LOADS_MINOR, NULL},
    {"removedEntry", IW_LOADS_NOTHING, NULL},
    {"accessPolicy", IW_LOADS_NOTHING, WEB "handlers"},
    {"virtualDirectory", IW_LOADS_NOTHING, "system.applicationHost/sites"},
    {"moduleFile", IW_LOADS_NATIVE, NULL},
    {"assemblyFile", IW_LOADS_MANAGED, NULL},
    {"binFile", IW_LOADS_MINOR, NULL},
};

enum iw_component_load iw_kind_loads(struct iw_str kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (iw_str_equal(kind, iw_str_of(KINDS[i].kind)))
            return KINDS[i].loads;
    }
    return IW_LOADS_NOTHING;
}

static enum iw_component_load loads_of_image(struct iw_str path)
{
    return iw_str_ends_nocase(path, IW_STR(".dll")) ? IW_LOADS_NATIVE : IW_LOADS_PROGRAM;
}

struct iw_str iw_component_called(const struct iw_inventory_component *component)
{
    const struct iw_str names[] = {component->name, component->image, component->clsid,
                                   component->type, component->owner};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].n != 0)
            return names[i];
    }
    return iw_str_of(component->kind);
}

bool iw_component_is_permission(const struct iw_inventory_component *component)
{
    return strcmp(component->kind, "isapiCgiRestriction") == 0;
}

enum iw_component_load iw_component_loads(const struct iw_inventory_component *component)
{
    bool is_handler = strcmp(component->kind, "handler") == 0;
    if (iw_component_is_permission(component))
        return component->is_disabled || component->image_path.n == 0
                   ? IW_LOADS_NOTHING
                   : loads_of_image(component->image_path);
    if (iw_component_is_variable(component) && iw_component_variable_names_code(component->name))
        return IW_LOADS_NATIVE;
    if (!is_handler || component->image.n == 0)
        return is_handler && component->type.n == 0 ? IW_LOADS_NOTHING
                                                    : iw_kind_loads(iw_str_of(component->kind));
    return loads_of_image(component->image_path);
}

const char *iw_kind_section(const char *kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (strcmp(kind, KINDS[i].kind) == 0)
            return KINDS[i].section;
    }
    return NULL;
}

bool iw_is_component_section(struct iw_str setting)
{
    struct iw_str rest = {setting.p + 1, setting.n - 1};
    if (setting.n == 0 || setting.p[0] != '/')
        return false;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        struct iw_str section = iw_str_of(KINDS[i].section != NULL ? KINDS[i].section : "");
        if (section.n != 0 && rest.n > section.n && rest.p[section.n] == '/' &&
            iw_str_begins_nocase(rest, section))
            return true;
    }
    return false;
}

bool iw_component_is_variable(const struct iw_inventory_component *component)
{
    return strcmp(component->kind, "environmentVariable") == 0;
}

bool iw_component_is_registered(const struct iw_inventory_component *component)
{
    return strcmp(component->state, "file") != 0 && !iw_component_is_unreadable(component);
}

bool iw_component_is_unreadable(const struct iw_inventory_component *component)
{
    return strcmp(component->state, "unknown") == 0;
}

bool iw_is_approved_by_person(enum iw_approval approval)
{
    return approval == IW_APPROVAL_BASELINE || approval == IW_APPROVAL_APPROVED ||
           approval == IW_APPROVAL_CHANGE_RECORD;
}

bool iw_lacks_approval(enum iw_approval approval)
{
    return approval == IW_APPROVAL_NONE || approval == IW_APPROVAL_EXPIRED;
}

bool iw_is_approved(enum iw_approval approval)
{
    return iw_is_approved_by_person(approval) || approval == IW_APPROVAL_KNOWN_HASH ||
           approval == IW_APPROVAL_CATALOGUE;
}

const struct iw_item_file *iw_component_file(const struct iw_inventory_component *component)
{
    for (size_t i = 0; i < component->n_files; i++) {
        if (component->files[i].state == IW_ITEM_FILE_READ)
            return &component->files[i];
    }
    return NULL;
}

/* A catalogue that nothing proves is a list anybody may have written: it has a reason. */
bool iw_file_is_proved(const struct iw_item_file *file)
{
    return file != NULL &&
           (file->signature == IW_ITEM_SIGNATURE_ANCHORED ||
            (file->signature == IW_ITEM_SIGNATURE_CATALOGUE && file->signature_why.n == 0));
}

bool iw_file_has_role(const struct iw_item_file *file, struct iw_str role)
{
    for (size_t i = 0; i < file->roles.n; i++) {
        if (iw_str_equal(file->roles.items[i], role))
            return true;
    }
    return false;
}

bool iw_file_claims_microsoft(const struct iw_item_file *file)
{
    return iw_str_begins_nocase(file->company, IW_STR("Microsoft"));
}
