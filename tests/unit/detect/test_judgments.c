/*
 * Every judgment on a server made by hand: what it says, and the nearest state in which it says
 * nothing or less. Levels are those of design §8 and of the table in src/detect/README.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "result/history_line.h"
#include "tests/unit/detect/reconcile_rig.h"

/* --- signature ------------------------------------------------------------------------------ */

static void signature(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "UriCacheModule", INETSRV "cachuri.dll");
    struct iw_item_file *file = rig_give_file(rig, row, &RIG_NATIVE);
    row->approval = IW_APPROVAL_BASELINE; /* explains nothing */
    rig_none(rig);
    file->signature = IW_ITEM_SIGNATURE_TAMPERED;
    rig_one(rig, IW_LEVEL_HIGH, "Signature does not fit the file: UriCacheModule");
    rig_says_not(rig, "is damaged");
    file->n_damage = 2;
    rig_one(rig, IW_LEVEL_HIGH, "Signature does not fit the file: UriCacheModule");
    rig_says(rig, "why: " INETSRV "cachuri.dll is damaged as a program (2 things");
    /* Damage alone says nothing. */
    file->signature = IW_ITEM_SIGNATURE_NONE_EMBEDDED;
    rig_none(rig);
}

/* --- interpreter ---------------------------------------------------------------------------- */

static void interpreters(void **state)
{
    static const struct {
        const char *kind, *image;
        int level; /* -1: nothing */
    } ENTRIES[] = {
        {"handler", "C:\\Windows\\System32\\cmd.exe", IW_LEVEL_HIGH},
        {"handler", "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell", IW_LEVEL_HIGH},
        {"fastCgi", "C:\\Windows\\System32\\cscript.exe", IW_LEVEL_HIGH},
        {"isapiCgiRestriction", "C:\\Windows\\System32\\cmd.exe", IW_LEVEL_MEDIUM},
        {"httpPlatformProcess", "C:\\Windows\\System32\\mshta.exe", IW_LEVEL_MEDIUM},
        {"handler", "C:\\php\\php-cgi.exe", -1},
        {"handler", "C:\\x\\notcmd.exe", -1},
        {"handler", "C:\\cmd.exe\\x.dll", -1},
        {"virtualDirectory", "C:\\Exchange\\PowerShell", -1},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof ENTRIES / sizeof ENTRIES[0]; i++) {
        rig_again(rig);
        (void)rig_component(rig, ENTRIES[i].kind, "x", ENTRIES[i].image);
        if (ENTRIES[i].level < 0)
            rig_none(rig);
        else
            rig_one(rig, (enum iw_level)ENTRIES[i].level,
                    "Web server is told to run a shell or interpreter: x");
    }
}

/* domain.md §4.5, Install-PSBackdoor: a handler and the permission for its program are one act. A
 * person's approval is heard, the catalogue's is not. */
static void interpreter_with_permission(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *handler =
        rig_component(rig, "handler", "*.text", "C:\\Windows\\System32\\cmd.exe");
    (void)rig_component(rig, "isapiCgiRestriction", "C:\\Windows\\System32\\cmd.exe",
                        "C:\\Windows\\System32\\cmd.exe");
    rig->components[0][1].approval = IW_APPROVAL_CATALOGUE;
    rig_one(rig, IW_LEVEL_HIGH, "Web server is told to run a shell or interpreter: *.text");
    assert_int_equal(rig->seen[0].finding.why.n, 2);
    handler->approval = rig->components[0][1].approval = IW_APPROVAL_BASELINE;
    rig_one(rig, IW_LEVEL_INFORMATIONAL,
            "Web server is told to run a shell or interpreter: *.text");
}

/* --- known names ---------------------------------------------------------------------------- */

static void known_names(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "UriCacheModule", INETSRV "cachuri2.dll");
    struct iw_item_file *file = rig_give_file(rig, row, &RIG_NATIVE);
    file->company = IW_STR("Microsoft Corporation");
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    rig_none(rig);
    row->known = IW_ITEM_KNOWN_NAME_OTHER_IMAGE;
    rig_one(rig, IW_LEVEL_MEDIUM, "Built-in name with another image: UriCacheModule");
    file->company = IW_STR("Contoso");
    rig_one(rig, IW_LEVEL_HIGH, "Built-in name with another image: UriCacheModule");
    rig_says(rig, "does not say that Microsoft made it (company: Contoso)");
    file->roles.n = 0;
    rig_one(rig, IW_LEVEL_MEDIUM, "Built-in name with another image: UriCacheModule");
    row->known = IW_ITEM_KNOWN_VERSION_DISAGREES;
    rig_one(rig, IW_LEVEL_MEDIUM, "Built-in component whose file says otherwise: UriCacheModule");
    file->roles.n = 1;
    row->known = IW_ITEM_KNOWN_IMAGE_OTHER_NAME; /* Atomic Red Team T1505.004 */
    rig_one(rig, IW_LEVEL_LOW, "Built-in image under another name: UriCacheModule");
    row->approval = IW_APPROVAL_APPROVED;
    rig_none(rig);
}

/* An entry of modules names a module and no image. */
static void known_names_without_image(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = rig_component(rig, "nativeModule", "HttpLogging", "");
    row->known = IW_ITEM_KNOWN_VERSION_DISAGREES;
    row->known_why = IW_STR("name and image are Microsoft's, but");
    rig_one(rig, IW_LEVEL_MEDIUM, "Built-in component whose file says otherwise: HttpLogging");
    rig_says(rig, "why: nativeModule HttpLogging names no image; of what globalModules has under "
                  "that name: name and image are Microsoft's, but");
    row->kind = "globalModule";
    rig_one(rig, IW_LEVEL_MEDIUM, "Built-in component whose file says otherwise: HttpLogging");
    rig_says(rig, "why: globalModule HttpLogging names no image\n");
}

/* --- path ----------------------------------------------------------------------------------- */

static void paths(void **state)
{
    static const struct {
        const char *kind, *image;
        bool is_odd;
    } IMAGES[] = {
        {"globalModule", "C:\\ProgramData\\Microsoft\\DRM\\log\\ManagedEngine64.dll", true},
        {"isapiFilter", "\\\\server\\share\\x.dll", true},
        {"globalModule", "C:\\Windows\\Temp\\x.dll", true},
        {"fastCgi", "D:\\sites\\shop\\php\\php-cgi.exe", true}, /* below a web root */
        {"aspNetCoreProcess", "D:\\sites\\shop\\app.exe", false},
        {"globalModule", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\owa\\exppw.dll",
         false},
        {"globalModule", "D:\\sites\\shopping\\x.dll", false},
        {"globalModule", "\\\\?\\C:\\x\\x.dll", false},
        {"globalModule", "C:\\Program Files\\x\\x.dll", false},
        {"environmentVariable", "C:\\Windows\\Temp\\x.dll", false},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof IMAGES / sizeof IMAGES[0]; i++) {
        rig_again(rig);
        rig->roots[0].path = IW_STR("D:\\sites\\shop");
        rig->servers[0].roots = rig->roots;
        rig->roots[1].path = IW_STR("C:\\Program Files\\Microsoft\\Exchange Server\\V15\\owa");
        rig->servers[0].n_roots = 2;
        (void)rig_component(rig, IMAGES[i].kind, "x", IMAGES[i].image);
        if (IMAGES[i].is_odd)
            rig_one(rig, IW_LEVEL_MEDIUM, "Web server loads code from an odd place: x");
        else
            rig_none(rig);
    }
}

/* `C:\Windows ` is another folder than `C:\Windows`, which no signature and no hash excuses. */
static void folder_made_to_look_like_another(void **state)
{
    static const char *const MOCKS[] = {
        "C:\\Windows \\System32\\inetsrv\\cachhttp.dll",
        "C:\\Windows\\...\\System32\\inetsrv\\cachhttp.dll",
        "C:\\Program Files\\Contoso.\\x.dll",
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof MOCKS / sizeof MOCKS[0]; i++) {
        struct iw_inventory_component *row;
        rig_again(rig);
        row = rig_component(rig, "globalModule", "x", MOCKS[i]);
        row->approval = IW_APPROVAL_KNOWN_HASH;
        rig_one(rig, IW_LEVEL_MEDIUM,
                "Web server loads code from a folder made to look like another: x");
        rig_says(rig, MOCKS[i]);
        row->approval = IW_APPROVAL_APPROVED;
        rig_none(rig);
        row->approval = IW_APPROVAL_NONE;
        row->image_path = IW_STR("C:\\Windows\\System32\\inetsrv\\cachhttp.dll");
        rig_none(rig);
        rig_again(rig); /* loaded, and nothing names it */
        (void)rig_component(rig, "globalModule", "y", "C:\\Windows\\y.dll");
        rig_fact(rig, IW_FACT_MODULE_LOAD, MOCKS[i], 5)->is_signed = IW_STR("false");
        rig_one(rig, IW_LEVEL_MEDIUM,
                i < 2 ? "Worker loads a module that no configuration names: cachhttp.dll"
                      : "Worker loads a module that no configuration names: x.dll");
    }
}

static void path_of_a_proved_signer(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "x", "C:\\ProgramData\\x\\x.dll");
    struct iw_item_file *file = rig_give_file(rig, row, &RIG_NATIVE);
    file->signer = IW_STR("Contoso Ltd");
    file->signature = IW_ITEM_SIGNATURE_UNANCHORED; /* a name proves nothing */
    rig_one(rig, IW_LEVEL_MEDIUM, "Web server loads code from an odd place: x");
    file->signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_LOW, "Web server loads code from an odd place: x");
    rig_says(rig, "signed by Contoso Ltd, which is proved");
    row->approval = IW_APPROVAL_KNOWN_HASH;
    rig_none(rig);
}

/* --- unknown -------------------------------------------------------------------------------- */

static void unknown(void **state)
{
    static const char TITLE[] = "Component that nobody vouches for: x";
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "x", "C:\\Program Files\\x\\x.dll");
    struct iw_item_file *file = rig_give_file(rig, row, &RIG_NATIVE);
    rig_none(rig); /* nobody asked the catalogue */
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    rig_says(rig, "blind: C:\\Program Files\\x\\x.dll carries no signature");
    file->signature = IW_ITEM_SIGNATURE_ANCHORED;
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    row->approval = IW_APPROVAL_BASELINE;
    rig_none(rig);
    row->approval = IW_APPROVAL_NONE; /* with a baseline its difference is spoken of */
    rig_none(rig);
    row->approval = IW_APPROVAL_NOT_ASKED;
    row->state = "unknown"; /* encrypted: nothing is known of it */
    rig_none(rig);
}

static void unknown_kinds(void **state)
{
    static const struct {
        const char *kind, *scope, *type;
        int level;
    } KINDS[] = {
        {"managedModule", "", "Evil.Module, Evil", IW_LEVEL_MEDIUM},
        {"managedModule", "Default Web Site/app", "App.Module, App", IW_LEVEL_MEDIUM},
        {"managedModule", "Default Web Site/app",
         "Microsoft.X, Microsoft.X, Version=1.0.0.0, PublicKeyToken=31bf3856ad364e35",
         IW_LEVEL_LOW},
        /* A key of an argument of a generic type is not the type's own. */
        {"managedModule", "",
         "Evil.H`1[[System.Object, mscorlib, PublicKeyToken=b77a5c561934e089]], Evil",
         IW_LEVEL_MEDIUM},
        {"managedModule", "", "A.H`1[[Evil.X, Evil]], System.Web, PublicKeyToken=b03f5f7f11d50a3a",
         IW_LEVEL_LOW},
        {"buildProvider", "Default Web Site", "App.Builder, App", IW_LEVEL_MEDIUM},
        {"managedModule", "?web.config", "App.Module, App", IW_LEVEL_MEDIUM},
        {"aspNetProvider", "", "App.Provider, App", IW_LEVEL_LOW},
        {"handler", "", "App.Handler, App", IW_LEVEL_MEDIUM},
        {"handler", "Default Web Site", "App.Handler, App", IW_LEVEL_MEDIUM},
        {"assembly", "", "App", -1},
        {"isapiCgiRestriction", "", "", -1},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        struct iw_inventory_component *row;
        rig_again(rig);
        row = rig_component(rig, KINDS[i].kind, "x", "");
        row->scope = iw_str_of(KINDS[i].scope);
        row->type = iw_str_of(KINDS[i].type);
        row->known = IW_ITEM_KNOWN_UNKNOWN;
        if (KINDS[i].level < 0)
            rig_none(rig);
        else
            rig_one(rig, (enum iw_level)KINDS[i].level, "Component that nobody vouches for: x");
    }
}

/* --- loads ---------------------------------------------------------------------------------- */

static struct iw_server_fact *load(struct rig *rig, const char *path, const char *is_signed,
                                   const char *signature)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_MODULE_LOAD, path, 50);
    fact->is_signed = iw_str_of(is_signed);
    fact->signature = iw_str_of(signature);
    fact->signature_status =
        strcmp(is_signed, "true") == 0 ? IW_STR("Valid") : IW_STR("Unavailable");
    return fact;
}

static void loads_without_configuration(void **state)
{
    static const struct {
        const char *path, *is_signed, *signature;
        int level;
    } LOADS[] = {
        {INETSRV "evil.dll", "false", "-", IW_LEVEL_MEDIUM},
        {INETSRV "evil.dll", "true", "Contoso Ltd", IW_LEVEL_LOW},
        {INETSRV "evil.dll", "true", "Microsoft Windows", IW_LEVEL_LOW}, /* a name proves nothing */
        {INETSRV "iisutil.dll", "true", "Microsoft Windows", -1},
        {INETSRV "cachuri.dll", "true", "Microsoft Windows", -1},
        {"C:\\ProgramData\\x\\evil.dll", "true", "Microsoft Windows", IW_LEVEL_LOW},
        {"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\MpOAV.dll", "true",
         "Microsoft Windows Publisher", -1},
        {"D:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18\\evil.dll", "true",
         "Microsoft Windows Publisher", IW_LEVEL_LOW},
        {INETSRV "evil.dll", "", "", -1}, /* Sysmon too old to say */
        {"C:\\ProgramData\\x\\evil.dll", "false", "-", IW_LEVEL_MEDIUM},
        {"C:\\Users\\x\\Temporary ASP.NET Files\\root\\a.dll", "false", "-", -1},
        {"C:\\Program Files\\x\\helper.dll", "false", "-", -1},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof LOADS / sizeof LOADS[0]; i++) {
        rig_again(rig);
        (void)load(rig, LOADS[i].path, LOADS[i].is_signed, LOADS[i].signature);
        if (LOADS[i].level < 0)
            rig_none(rig);
        else
            rig_one(rig, (enum iw_level)LOADS[i].level,
                    "Worker loads a module that no configuration names: evil.dll");
    }
    rig_none(rig);
    rig_again(rig);
    (void)load(rig, INETSRV "evil.dll", "false", "-");
    rig->servers[0].is_authoritative = false; /* may well be configured elsewhere */
    rig->servers[0].why_not = IW_STR("redirected");
    rig_one(rig, IW_LEVEL_LOW, "Worker loads a module that no configuration names: evil.dll");
    rig_says(rig, "blind: the configuration is not known whole: redirected");
    rig->servers[0].source = IW_STR("");
    rig_none(rig);
}

static void load_of_a_loose_module(void **state)
{
    struct rig *rig = *state;
    (void)rig_loose_file(rig, "moduleFile", "C:\\x\\x.dll", &RIG_NATIVE);
    rig_one(rig, IW_LEVEL_LOW, "Module file that no configuration names: x.dll");
    (void)load(rig, "c:\\X\\x.dll", "", "");
    rig_one(rig, IW_LEVEL_MEDIUM, "Worker loads a module that no configuration names: x.dll");
    rig_says(rig, "evidence: module_load t/log.evtx");
}

/* globalModules is encrypted, or in a file that is not at hand: what is loaded may stand there. */
static void loads_of_an_unknown_list(void **state)
{
    static const char LOADED[] = "Worker loads a module that no configuration names: evil.dll";
    struct rig *rig = *state;
    struct iw_inventory_component *list, *row;
    (void)load(rig, INETSRV "evil.dll", "false", "-");
    list = rig_component(rig, "isapiFilter", "", "");
    list->state = "unknown"; /* says nothing of modules */
    rig_one(rig, IW_LEVEL_MEDIUM, LOADED);
    list->kind = "globalModule";
    rig_one(rig, IW_LEVEL_LOW, LOADED);
    rig_again(rig);
    rig_component(rig, "globalModule", "", "")->state = "unknown";
    (void)rig_loose_file(rig, "moduleFile", "C:\\x\\x.dll", &RIG_NATIVE);
    (void)load(rig, "c:\\X\\x.dll", "", "");
    rig_one(rig, IW_LEVEL_LOW, "Worker loads a module that no configuration names: x.dll");
    rig_says(rig, "globalModules, which may, is encrypted or not at hand");
    rig_again(rig);
    list = rig_component(rig, "globalModule", "Other", "C:\\x\\other.dll");
    list->approval = IW_APPROVAL_BASELINE;
    row = rig_component(rig, "nativeModule", "StaticCompressionModule", "");
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: StaticCompressionModule");
    rig_component(rig, "globalModule", "", "")->state = "unknown"; /* childSource */
    rig_one(rig, IW_LEVEL_LOW, "Component that nobody vouches for: StaticCompressionModule");
    rig_says(rig, "it only names a module, and globalModules, which says which");
}

static void load_of_other_content(void **state)
{
    static const char TITLE[] = "Loaded file is not the file that was collected: x";
    struct rig *rig = *state;
    struct iw_inventory_component *row = rig_component(rig, "globalModule", "x", "C:\\x\\x.dll");
    struct iw_item_file *file = rig_give_file(rig, row, &RIG_NATIVE);
    struct iw_server_fact *fact = load(rig, "C:\\x\\x.dll", "false", "-");
    rig_none(rig); /* no hash in the event */
    fact->has_sha256 = true;
    memcpy(fact->sha256, file->sha256, sizeof fact->sha256);
    rig_none(rig);
    fact->sha256[31] ^= 1;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    fact->is_signed = IW_STR("true");
    fact->signature = IW_STR("Microsoft Windows");
    fact->signature_status = IW_STR("Valid");
    rig_one(rig, IW_LEVEL_LOW, TITLE); /* servicing replaces files so */
}

/* --- files nothing registers ----------------------------------------------------------------- */

static void unregistered(void **state)
{
    static const struct iw_str NOTE = {"looks like cachuri.dll", 22};
    static const char TITLE[] = "Module file that no configuration names: x.dll";
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_loose_file(rig, "moduleFile", "C:\\Program Files\\x\\x.dll", &RIG_NATIVE);
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    row->notes = (struct iw_text_list){&NOTE, 1};
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    rig_says(rig, "why: looks like cachuri.dll");
    row->notes.n = 0;
    rig_fact(rig, IW_FACT_FILE_WRITTEN, "C:\\Program Files\\x\\X.DLL", 5)->image =
        IW_STR("C:\\Windows\\explorer.exe");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    rig_says(rig, "its being written by C:\\Windows\\explorer.exe");
    rig->facts.n = 0;
    row->approval = IW_APPROVAL_KNOWN_HASH;
    rig_none(rig);
    rig_again(rig);
    row = rig_loose_file(rig, "moduleFile", INETSRV "x.dll", &RIG_NATIVE);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    rig->files[0][0].company = IW_STR("Microsoft Corporation");
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    row->known = IW_ITEM_KNOWN_AS_IT_IS; /* a role that is not switched on */
    rig_none(rig);
}

static void assemblies_of_its_own(void **state)
{
    struct rig *rig = *state;
    static const char *const PATHS[] = {"C:\\w\\bin\\1.dll", "C:\\w\\BIN\\2.dll",
                                        "C:\\w\\bin\\3.dll", "C:\\w\\bin\\4.dll",
                                        "C:\\w\\bin\\5.dll"};
    for (size_t i = 0; i < 5; i++) {
        enum iw_level expected = i < 4 ? IW_LEVEL_LOW : IW_LEVEL_INFORMATIONAL;
        (void)rig_loose_file(rig, "assemblyFile", PATHS[i], &RIG_MANAGED);
        assert_int_equal(rig_run(rig), i + 1);
        assert_int_equal(rig->seen[0].finding.level, expected);
    }
    rig_says(rig, "lowered: the application has many of its own");
}

/* --- history -------------------------------------------------------------------------------- */

static const struct iw_str LINES[] = {{"globalModule Evil: C:\\x\\evil.dll", 32},
                                      {"nativeModule Evil", 17}};

/* Newest first: in the third state it was not, in the second it was. */
static void short_life(struct rig *rig)
{
    static const char *const SOURCES[] = {"h/3", "h/2", "h/1"};
    for (size_t i = 0; i < 3; i++)
        rig->versions[i] = (struct iw_inventory_version){.source = iw_str_of(SOURCES[i]),
                                                         .number = (uint32_t)(3 - i),
                                                         .from_ns = T(3000 - 1000 * (int64_t)i),
                                                         .until_ns = T(4000 - 1000 * (int64_t)i)};
    rig->versions[1].added = (struct iw_text_list){LINES, 2};
    rig->versions[2].removed = (struct iw_text_list){LINES, 2};
    rig->servers[0].versions = rig->versions;
    rig->servers[0].n_versions = 3;
}

static void history(void **state)
{
    static const char TITLE[] = "Component that was configured for a short time only: Evil";
    struct rig *rig = *state;
    short_life(rig);
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    rig_says(rig, "only former configurations have: globalModule Evil: C:\\x\\evil.dll "
                  "(1970-01-01T00:33:20Z to 1970-01-01T00:50:00Z)");
    rig_says(rig, "evidence: history h/2");
    assert_int_equal(rig->seen[0].finding.why.n, 2); /* and its entry in modules */
    rig->versions[1].until_ns = T(2000 + 7 * 24 * 3600);
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    rig->versions[1].until_ns = T(2000 + 7 * 24 * 3600 + 1);
    rig_none(rig);
    short_life(rig);
    rig->versions[2].removed.n = 0; /* there since history begins */
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    rig_says(rig, "the oldest state of the history has it");
    short_life(rig);
    rig->versions[2].number = 0; /* a backup is not the state before */
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    short_life(rig);
    (void)rig_component(rig, "globalModule", "Evil", "C:\\x\\evil.dll"); /* it is back */
    (void)rig_component(rig, "nativeModule", "Evil", "");
    rig_none(rig);
}

/* In the oldest state already; the configuration log goes further back. */
static void history_and_its_log(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *change;
    short_life(rig);
    rig->versions[2].removed.n = 0;
    change = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 900);
    change->configuration = IW_STR("/system.webServer/globalModules/add[@name=\"Evil\"]");
    change->new_value = IW_STR("Evil");
    change->record_id = 41;
    rig_one(rig, IW_LEVEL_LOW, "Component that was configured for a short time only: Evil");
    rig_says(rig, "event 29 (record 41) tells that it was added at 1970-01-01T00:15:00Z");
    rig_says(rig, "evidence: registration");
    /* An attribute, a removal, and what came after the state that has it are not its coming. */
    change->configuration = IW_STR("/system.webServer/globalModules/add[@name=\"Evil\"]/@image");
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    rig_says(rig, "how long it had been there is not known");
    change->configuration = IW_STR("/system.webServer/globalModules/add[@name=\"Evil\"]");
    change->new_value = IW_STR("");
    change->old_value = IW_STR("Evil");
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    change->new_value = IW_STR("Evil");
    change->old_value = IW_STR("");
    change->time_ns = change->last_ns = T(1001);
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    /* Long before it is no short life. */
    change->time_ns = change->last_ns = T(900 - 8 * 24 * 3600);
    rig_one(rig, IW_LEVEL_LOW, "Component that only a former configuration has: Evil");
    rig_says(rig, "tells that it was added at");
}

/* --- missing -------------------------------------------------------------------------------- */

static void missing(void **state)
{
    static const struct {
        enum iw_item_file_state state;
        bool is_found;
    } STATES[] = {
        {IW_ITEM_FILE_MISSING, true},     {IW_ITEM_FILE_NOT_COLLECTED, false},
        {IW_ITEM_FILE_UNRESOLVED, false}, {IW_ITEM_FILE_REMOTE, false},
        {IW_ITEM_FILE_UNREADABLE, false}, {IW_ITEM_FILE_READ, false},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof STATES / sizeof STATES[0]; i++) {
        struct iw_inventory_component *row;
        rig_again(rig);
        row = rig_component(rig, "globalModule", "x", INETSRV "x.dll");
        rig_give_file(rig, row, NULL)->state = STATES[i].state;
        if (!STATES[i].is_found) {
            rig_none(rig);
            continue;
        }
        rig_one(rig, IW_LEVEL_LOW, "Registered component whose file is not there: x");
        assert_int_equal(rig->seen[0].finding.attack.n, 0);
        row->is_disabled = true;
        rig_none(rig);
    }
}

/* --- farm ----------------------------------------------------------------------------------- */

static void make_farm(struct rig *rig, size_t n)
{
    rig->inventory.n_servers = n;
    for (size_t i = 0; i < n; i++) {
        (void)rig_component_of(rig, i, "globalModule", "A", "C:\\x\\a.dll");
        (void)rig_component_of(rig, i, "globalModule", "B", "C:\\X\\b.dll");
        (void)rig_component_of(rig, i, "globalModule", "C", "C:\\x\\c.dll");
    }
    (void)rig_component_of(rig, 1, "globalModule", "Evil", "C:\\x\\evil.dll");
}

static void farm(void **state)
{
    static struct iw_inventory_site site = {.name = {"Other", 5}};
    static const char TITLE[] = "Component that only one server of the farm has: Evil";
    struct rig *rig = *state;
    make_farm(rig, 3);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE);
    assert_string_equal(rig->seen[0].host, "WEB02");
    rig_says(rig, "is on 1 of 3 servers with the same sites");
    rig->components[1][3].kind = "managedModule";
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    rig->components[1][3].approval = IW_APPROVAL_KNOWN_HASH;
    rig_none(rig);
    rig_again(rig);
    make_farm(rig, 2); /* two are no farm */
    rig_none(rig);
    rig_again(rig);
    make_farm(rig, 3);
    rig->servers[2].sites = &site; /* another site: nothing to compare with */
    rig->servers[2].n_sites = 1;
    rig_none(rig);
    rig_again(rig);
    make_farm(rig, 3);
    for (size_t i = 0; i < 3; i++) /* the third has little in common with the others */
        rig->components[2][i].name = iw_str_of(((const char *const[]){"X", "Y", "Z"})[i]);
    rig_none(rig);
    rig_again(rig);
    make_farm(rig, 3);
    (void)rig_component_of(rig, 2, "globalModule", "evil", "c:\\X\\EVIL.dll"); /* 2 of 3 */
    rig_none(rig);
    rig_again(rig);
    make_farm(rig, 3);
    rig->servers[2].host = IW_STR("WEB02"); /* two configurations of one machine */
    rig_none(rig);
}

/* Another role of Windows brings more than a few components of its own. */
static void farm_of_roles(void **state)
{
    static const char *const NAMES[] = {"1", "2", "3"};
    struct rig *rig = *state;
    make_farm(rig, 3);
    (void)rig_component_of(rig, 1, "globalModule", NAMES[0], "C:\\x\\1.dll");
    assert_int_equal(rig_run(rig), 2);
    for (size_t i = 0; i < 3; i++) { /* 6 of 8 are common */
        for (size_t k = 0; k < 3; k++)
            (void)rig_component_of(rig, i, "isapiFilter", NAMES[k], "C:\\f.dll");
    }
    assert_int_equal(rig_run(rig), 2);
    (void)rig_component_of(rig, 1, "globalModule", NAMES[1], "C:\\x\\2.dll");
    assert_int_equal(rig_run(rig), 3);
    (void)rig_component_of(rig, 1, "globalModule", NAMES[2], "C:\\x\\3.dll");
    rig_none(rig);
}

/* --- silent changes ------------------------------------------------------------------------- */

static struct iw_inventory_component *came_with_history(struct rig *rig)
{
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "Evil", "C:\\x\\evil.dll");
    short_life(rig);
    rig->versions[1].added.n = 0; /* it stayed */
    row->first_seen =
        (struct iw_first_seen){T(2000), IW_STR("configuration history"), IW_STR("h/2")};
    return row;
}

static void silent_changes(void **state)
{
    static const char TITLE[] = "Configuration was changed past its own log: Evil";
    static const struct {
        const char *setting, *value;
        bool names_it;
    } SETTINGS[] = {
        {"/system.webServer/modules/add", "evil", true},
        {"/system.webServer/globalModules/add[@name=\"Else/@x\"]", "Evil", true},
        {"/system.webServer/globalModules/add[@name='Evil\" x']", "", false},
        {"/system.webServer/globalModules/add[@name='Else']/@image", "C:\\x\\evil.dll", true},
        /* Values that only happen to be the name. */
        {"/system.webServer/asp/@x", "Evil", false},
        {"/system.webServer/globalModules/add[@name='Else']/@preCondition", "Evil", false},
        {"/system.applicationHost/sites/site[@name=\"Evil2\"]", "Evil", false},
        {"/system.webServer/modulesX/add", "Evil", false},
        {"/system.webServer/asp/@x", "C:\\x\\evil.dll", false},
        {"", "Evil", false},
    };
    struct rig *rig = *state;
    struct iw_inventory_component *row = came_with_history(rig);
    rig_none(rig); /* no log */
    rig_log(rig, 1000, 3000);
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    rig_says(rig, "that log was written from 1970-01-01T00:16:40Z to");
    rig_says(rig, "triage: compare with h/1, the last known configuration without it");
    row->approval = IW_APPROVAL_BASELINE;
    rig_none(rig);
    row->approval = IW_APPROVAL_NOT_ASKED;
    rig->fact_items[0].last_ns = T(1999); /* the log ends before */
    rig_none(rig);
    rig->facts.n = 0;
    rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 2000)->configuration =
        IW_STR("/system.webServer/globalModules/add[@name=\"Evil\"]/@image");
    rig_log(rig, 1000, 3000);
    rig_none(rig);
    rig->fact_items[0].configuration = IW_STR("/x/add[@name=\"Evil2\"]");
    rig_one(rig, IW_LEVEL_LOW, TITLE);
    for (size_t i = 0; i < sizeof SETTINGS / sizeof SETTINGS[0]; i++) {
        rig->fact_items[0].configuration = iw_str_of(SETTINGS[i].setting);
        rig->fact_items[0].new_value = iw_str_of(SETTINGS[i].value);
        if (SETTINGS[i].names_it)
            rig_none(rig);
        else
            rig_one(rig, IW_LEVEL_LOW, TITLE);
    }
    rig->versions[2].removed.n = 0; /* when it came is not known */
    rig_none(rig);
}

/* A name that looks like the rest of a line hides nothing. */
static void silent_changes_of_odd_names(void **state)
{
    static const char *const NAMES[] = {"Contoso at Work", "Contoso: Work", "\"Contoso", "x at"};
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct iw_inventory_component *row;
        struct iw_buffer text;
        struct iw_str line;
        char title[96];
        rig_again(rig);
        iw_buffer_init(&text);
        iw_history_line_write(IW_STR("globalModule"), iw_str_of(NAMES[i]), IW_STR(""),
                              IW_STR("C:\\p\\c.dll"), &text);
        line = iw_buffer_str(&text);
        row = rig_component(rig, "globalModule", NAMES[i], "C:\\p\\c.dll");
        row->first_seen =
            (struct iw_first_seen){T(2000), IW_STR("configuration history"), IW_STR("h/2")};
        short_life(rig);
        rig->versions[1].added.n = 0;
        rig->versions[2].removed = (struct iw_text_list){&line, 1};
        rig_log(rig, 1000, 3000);
        (void)snprintf(title, sizeof title, "Configuration was changed past its own log: %s",
                       NAMES[i]);
        rig_one(rig, IW_LEVEL_LOW, title);
        rig_says(rig, "compare with h/1, the last known configuration without it");
        iw_buffer_done(&text);
    }
}

/* Where something else speaks of it, the silent log is a reason more and no new level. */
static void silent_log_is_a_reason(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "x", "C:\\Program Files\\x\\x.dll");
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: x");
    rig_says(rig, "blind: no event of Microsoft-IIS-Configuration/Operational");
    rig_says_not(rig, "no change in the configuration log names it");
    rig_log(rig, 1000, 3000);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: x");
    rig_says(rig, "why: no change in the configuration log names it");
    rig_says_not(rig, "blind: no event of Microsoft-IIS-Configuration/Operational");
    row->config_source = IW_STR("t/web.config"); /* is copied along with deployments */
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: x");
    rig_says_not(rig, "no change in the configuration log names it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signature),
        TEST(interpreters),
        TEST(interpreter_with_permission),
        TEST(known_names),
        TEST(known_names_without_image),
        TEST(paths),
        TEST(folder_made_to_look_like_another),
        TEST(path_of_a_proved_signer),
        TEST(unknown),
        TEST(unknown_kinds),
        TEST(loads_without_configuration),
        TEST(load_of_a_loose_module),
        TEST(loads_of_an_unknown_list),
        TEST(load_of_other_content),
        TEST(unregistered),
        TEST(assemblies_of_its_own),
        TEST(history),
        TEST(history_and_its_log),
        TEST(missing),
        TEST(farm),
        TEST(farm_of_roles),
        TEST(silent_changes),
        TEST(silent_changes_of_odd_names),
        TEST(silent_log_is_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
