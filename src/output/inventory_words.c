/*
 * An inventory in words.
 */
#include "output/inventory_words.h"

static const struct {
    const char *kind, *one, *many;
} KINDS[] = {
    {"globalModule", "native module", "native modules"},
    {"nativeModule", "enabled native module", "enabled native modules"},
    {"managedModule", "managed module", "managed modules"},
    {"handler", "handler", "handlers"},
    {"isapiFilter", "ISAPI filter", "ISAPI filters"},
    {"isapiCgiRestriction", "ISAPI/CGI permission", "ISAPI/CGI permissions"},
    {"fastCgi", "FastCGI program", "FastCGI programs"},
    {"compressionScheme", "compression scheme", "compression schemes"},
    {"webDavStore", "store of WebDAV", "stores of WebDAV"},
    {"logPlugin", "log plug-in", "log plug-ins"},
    {"autoStartProvider", "auto-start provider", "auto-start providers"},
    {"listenerAdapter", "listener adapter", "listener adapters"},
    {"rewriteProvider", "rewrite provider", "rewrite providers"},
    {"managedRuntimeLoader", "managed runtime loader", "managed runtime loaders"},
    {"clrConfig", "CLR configuration file", "CLR configuration files"},
    {"environmentVariable", "environment variable", "environment variables"},
    {"aspNetCoreProcess", "ASP.NET Core program", "ASP.NET Core programs"},
    {"httpPlatformProcess", "HttpPlatform program", "HttpPlatform programs"},
    {"aspNetModule", "ASP.NET module", "ASP.NET modules"},
    {"aspNetHandler", "ASP.NET handler", "ASP.NET handlers"},
    {"buildProvider", "build provider", "build providers"},
    {"expressionBuilder", "expression builder", "expression builders"},
    {"assembly", "assembly of compilation", "assemblies of compilation"},
    {"compiler", "compiler", "compilers"},
    {"pageParserFilter", "page parser filter", "page parser filters"},
    {"pageBase", "page base type", "page base types"},
    {"aspNetProvider", "ASP.NET provider", "ASP.NET providers"},
    {"soapExtension", "SOAP extension", "SOAP extensions"},
    {"httpRuntimeType", "type of httpRuntime", "types of httpRuntime"},
    {"hostingType", "type of hostingEnvironment", "types of hostingEnvironment"},
    {"wcfExtension", "WCF extension", "WCF extensions"},
    {"traceListener", "trace listener", "trace listeners"},
    {"appDomainManager", "AppDomain manager", "AppDomain managers"},
    {"codeBase", "code base", "code bases"},
    {"sectionHandler", "section handler", "section handlers"},
    {"ftpProvider", "FTP provider", "FTP providers"},
    {"adminProvider", "administration provider", "administration providers"},
    {"removedEntry", "removed entry", "removed entries"},
    {"accessPolicy", "access policy", "access policies"},
    {"virtualDirectory", "folder of a site", "folders of sites"},
    {"moduleFile", "unregistered module", "unregistered modules"},
    {"assemblyFile", "unregistered assembly", "unregistered assemblies"},
    {"binFile", "DLL in bin", "DLLs in bin"},
    {"registryFilter", "ISAPI filter of registry", "ISAPI filters of the registry"},
};

const char *iw_inventory_kind_words(const char *kind, bool is_plural)
{
    if (kind == NULL)
        return is_plural ? "components" : "component";
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].kind, kind) == 0)
            return is_plural ? KINDS[i].many : KINDS[i].one;
    }
    return kind;
}

static bool is_state(const char *state, const char *name)
{
    return state != NULL && strcmp(state, name) == 0;
}

const char *iw_inventory_state_words(const char *state)
{
    if (is_state(state, "refused"))
        return "IIS refuses the section it stands in: not in force there";
    if (is_state(state, "unknown"))
        return "not known: encrypted, or in a file that is not at hand; there may be any number";
    if (is_state(state, "registry"))
        return "registered in the registry, not in the configuration";
    if (is_state(state, "file"))
        return "no configuration names it: it is there as a file only";
    return NULL;
}

const char *iw_inventory_file_words(enum iw_item_file_state state)
{
    static const char *const WORDS[IW_ITEM_FILE_STATE_COUNT] = {
        [IW_ITEM_FILE_UNREADABLE] = "in evidence, but it cannot be read",
        [IW_ITEM_FILE_MISSING] = "MISSING: its folder was collected, and it is not there",
        [IW_ITEM_FILE_NOT_COLLECTED] = "not in evidence: its folder was not collected",
        [IW_ITEM_FILE_UNRESOLVED] = "not in evidence: where it lies is not known",
        [IW_ITEM_FILE_REMOTE] = "ON ANOTHER MACHINE: it cannot be in this evidence",
    };
    return WORDS[state];
}

void iw_inventory_signature_add(const struct iw_item_file *file, struct iw_buffer *out)
{
    static const char NONE_EMBEDDED[] =
        "not in the file itself: by a catalogue that is not in evidence, or not at all";
    static const char *const BEFORE[IW_ITEM_SIGNATURE_COUNT] = {
        [IW_ITEM_SIGNATURE_ANCHORED] = "by ",
        [IW_ITEM_SIGNATURE_UNANCHORED] = "it says by ",
        [IW_ITEM_SIGNATURE_TAMPERED] = "BROKEN: changed since it was signed by ",
        [IW_ITEM_SIGNATURE_CATALOGUE] = "by ",
        [IW_ITEM_SIGNATURE_NONE_EMBEDDED] = NONE_EMBEDDED,
    };
    static const char *const BEHIND[IW_ITEM_SIGNATURE_COUNT] = {
        [IW_ITEM_SIGNATURE_ANCHORED] = " (proved)",
        [IW_ITEM_SIGNATURE_UNANCHORED] = ", which nothing proves",
        [IW_ITEM_SIGNATURE_CATALOGUE] = " (by a catalogue)",
    };
    bool is_proved = file->signature_why.n == 0;
    if (BEFORE[file->signature] == NULL)
        return;
    iw_buffer_add(out, iw_str_of(BEFORE[file->signature]));
    if (file->signature != IW_ITEM_SIGNATURE_NONE_EMBEDDED)
        iw_buffer_add(out,
                      file->signer.n != 0 ? file->signer : IW_STR("somebody it does not name"));
    iw_buffer_add(out, iw_str_of(BEHIND[file->signature]));
    if (file->signature == IW_ITEM_SIGNATURE_CATALOGUE && is_proved)
        iw_buffer_add(out, IW_STR(", which proves it"));
    if (!is_proved) {
        iw_buffer_add(out, IW_STR(": "));
        iw_buffer_add(out, file->signature_why);
    }
}

struct iw_str iw_inventory_role_words(struct iw_str role)
{
    static const char *const WORDS[][2] = {
        {"nativeModule", "a native module"},
        {"isapiFilter", "an ISAPI filter"},
        {"isapiExtension", "an ISAPI extension"},
        {"managedModule", "a managed module"},
        {"managedHandler", "a managed handler"},
        {"preApplicationStart", "code that runs when an application starts"},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        if (iw_str_equal(role, iw_str_of(WORDS[i][0])))
            return iw_str_of(WORDS[i][1]);
    }
    return role;
}

const char *iw_inventory_approval_words(enum iw_approval approval)
{
    static const char *const WORDS[IW_APPROVAL_COUNT] = {
        [IW_APPROVAL_NOT_ASKED] = "not known: nothing vouches for it",
        [IW_APPROVAL_BASELINE] = "as in the baseline",
        [IW_APPROVAL_APPROVED] = "a difference from the baseline that was approved",
        [IW_APPROVAL_CHANGE_RECORD] = "by a change record",
        [IW_APPROVAL_KNOWN_HASH] = "a known hash",
        [IW_APPROVAL_CATALOGUE] = "one of Microsoft's own, by the catalogue",
        [IW_APPROVAL_EXPIRED] = "NO LONGER: approved once, and that has expired",
        [IW_APPROVAL_NONE] = "NO: it does not stand so in the baseline",
    };
    return WORDS[approval];
}

bool iw_inventory_is_approved(enum iw_approval approval)
{
    return approval != IW_APPROVAL_NOT_ASKED && approval != IW_APPROVAL_EXPIRED &&
           approval != IW_APPROVAL_NONE;
}

/* What is wrong with the file itself. */
static bool file_is_odd(const struct iw_item_file *file)
{
    if (file->state == IW_ITEM_FILE_READ)
        return file->signature == IW_ITEM_SIGNATURE_TAMPERED || file->n_damage != 0 ||
               file->yara.n != 0;
    return file->state == IW_ITEM_FILE_UNREADABLE || file->state == IW_ITEM_FILE_MISSING ||
           file->state == IW_ITEM_FILE_REMOTE;
}

bool iw_inventory_component_is_odd(const struct iw_inventory_component *component)
{
    if (component->approval == IW_APPROVAL_NONE || component->approval == IW_APPROVAL_EXPIRED ||
        component->notes.n != 0 || is_state(component->state, "refused") ||
        is_state(component->state, "unknown"))
        return true;
    for (size_t i = 0; i < component->n_files; i++) {
        if (file_is_odd(&component->files[i]))
            return true;
    }
    return false;
}

bool iw_inventory_web_file_is_odd(const struct iw_inventory_web_file *web_file)
{
    return web_file->stands_out || web_file->approval == IW_APPROVAL_EXPIRED ||
           web_file->approval == IW_APPROVAL_NONE || file_is_odd(&web_file->file);
}
