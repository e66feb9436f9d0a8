/*
 * Inventories made by hand. The module is the one of the lab's demo; the rest is invented.
 */
#include "sample_inventory.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define LIST(array)                                                                                \
    (struct iw_text_list)                                                                          \
    {                                                                                              \
        (array), COUNT(array)                                                                      \
    }
#define TEXT(literal)                                                                              \
    {                                                                                              \
        ("" literal), sizeof(literal) - 1                                                          \
    }
/** 2026-01-05T10:51:19.6440000Z */
#define ADDED_NS 1767610279644000000LL

struct iw_inventory_component sample_components[3];
struct iw_inventory_web_file sample_web_files[2];

static struct iw_inventory_server servers[2];
static struct iw_inventory_site sites[1];
static struct iw_inventory_pool pools[1];
static struct iw_inventory_root roots[2];
static struct iw_inventory_version versions[2];
static struct iw_inventory_problem problems[1];
static struct iw_item_file module_files[1], twin_files[2];

static const struct iw_str BINDINGS[] = {TEXT("http *:80:"), TEXT("https *:443:")};
static const struct iw_str POOLS[] = {TEXT("DefaultAppPool")};
static const struct iw_str ROLES[] = {TEXT("nativeModule")};
static const struct iw_str EXPORTS[] = {TEXT("RegisterModule")};
static const struct iw_str NOTES[] = {TEXT("its name is one letter off one of Microsoft's")};
static const struct iw_str MARKS[] = {TEXT("the only script in its folder"),
                                      TEXT("starts processes")};
static const struct iw_str URLS[] = {TEXT("/shop/uploads/thumbs.aspx")};
static const struct iw_str PATHWAYS[] = {TEXT("WebDAV: authoring rules let users write")};
static const struct iw_str DELEGATION[] = {TEXT("Web Deploy: delegation is on")};
static const struct iw_str ADDED[] = {TEXT("globalModule OldModule C:\\old.dll")};

static void fill_server(struct iw_inventory_server *server)
{
    *server = (struct iw_inventory_server){
        .host = IW_STR("WEB01"),
        .source = IW_STR("WEB01/C/Windows/System32/inetsrv/config/applicationHost.config"),
        .known_by = IW_SERVER_BY_CONFIGURATION | IW_SERVER_BY_EVENTS,
        .is_authoritative = true,
        .version = IW_STR("10.0"),
        .sites = sites,
        .n_sites = COUNT(sites),
        .pools = pools,
        .n_pools = COUNT(pools),
        .roots = roots,
        .n_roots = COUNT(roots),
        .components = sample_components,
        .n_components = COUNT(sample_components),
        .web_files = sample_web_files,
        .n_web_files = COUNT(sample_web_files),
        .versions = versions,
        .n_versions = COUNT(versions),
        .problems = problems,
        .n_problems = COUNT(problems),
        .pathways = LIST(DELEGATION),
    };
}

static void fill_places(void)
{
    sites[0] = (struct iw_inventory_site){
        .name = IW_STR("Default Web Site"),
        .id = 1,
        .bindings = LIST(BINDINGS),
        .log_folder = IW_STR("C:\\inetpub\\logs\\LogFiles\\W3SVC1"),
        .auto_start = true,
    };
    pools[0] = (struct iw_inventory_pool){
        .name = IW_STR("DefaultAppPool"),
        .clr = IW_STR("v4.0"),
        .identity = IW_STR("ApplicationPoolIdentity"),
    };
    roots[0] = (struct iw_inventory_root){
        .site = IW_STR("Default Web Site"),
        .application = IW_STR("/"),
        .directory = IW_STR("/"),
        .pool = IW_STR("DefaultAppPool"),
        .path = IW_STR("C:\\inetpub\\wwwroot"),
        .is_resolved = true,
        .is_collected = true,
        .n_files = 12,
        .n_executable = 2,
        .pathways = LIST(PATHWAYS),
    };
    roots[1] = roots[0];
    roots[1].application = IW_STR("/api");
    roots[1].directory = IW_STR("/docs");
    roots[1].path = IW_STR("D:\\docs");
    roots[1].is_collected = false;
    roots[1].pathways = (struct iw_text_list){NULL, 0};
}

static void fill_module(void)
{
    module_files[0] = (struct iw_item_file){
        .state = IW_ITEM_FILE_READ,
        .path = IW_STR("C:\\Windows\\System32\\inetsrv\\cachport.dll"),
        .source = IW_STR("WEB01/C/Windows/System32/inetsrv/cachport.dll"),
        .size_bytes = 92160,
        .modified_ns = ADDED_NS,
        .sha256 = {0x9f, 0x86, 0xd0, 0x81},
        .is_pe = true,
        .machine = "x64",
        .roles = LIST(ROLES),
        .exports = LIST(EXPORTS),
        .n_exports = 1,
        .company = IW_STR("Microsoft Corporation"),
        .file_version = IW_STR("10.0.20348.1"),
        .original_name = IW_STR("cachport.dll"),
        .has_imphash = true,
        .imphash = {0xab, 0xcd},
        .linked_s = 1767600000,
        .signature = IW_ITEM_SIGNATURE_NONE_EMBEDDED,
    };
    sample_components[0] = (struct iw_inventory_component){
        .kind = "globalModule",
        .name = IW_STR("HttpCacheModule64"),
        .image = IW_STR("%windir%\\System32\\inetsrv\\cachport.dll"),
        .image_path = IW_STR("C:\\Windows\\System32\\inetsrv\\cachport.dll"),
        .precondition = IW_STR("bitness64"),
        .state = "written",
        .pools = LIST(POOLS),
        .config_source = IW_STR("WEB01/C/Windows/System32/inetsrv/config/applicationHost.config"),
        .config_path = IW_STR("C:\\Windows\\System32\\inetsrv\\config\\applicationHost.config"),
        .line = 233,
        .column = 14,
        .files = module_files,
        .n_files = 1,
        .first_seen = {ADDED_NS, IW_STR("event 29"), IW_STR("WEB01/iis.evtx")},
        .notes = LIST(NOTES),
    };
}

static void fill_known_components(void)
{
    for (size_t i = 0; i < 2; i++)
        twin_files[i] = (struct iw_item_file){
            .state = IW_ITEM_FILE_NOT_COLLECTED,
            .path = i == 0 ? IW_STR("C:\\Windows\\System32\\inetsrv\\static.dll")
                           : IW_STR("C:\\Windows\\SysWOW64\\inetsrv\\static.dll"),
            .twin = i == 0 ? "x64" : "x86",
        };
    sample_components[1] = (struct iw_inventory_component){
        .kind = "globalModule",
        .name = IW_STR("StaticFileModule"),
        .image = IW_STR("%windir%\\System32\\inetsrv\\static.dll"),
        .state = "written",
        .pools = LIST(POOLS),
        .files = twin_files,
        .n_files = 2,
        .approval = IW_APPROVAL_CATALOGUE,
        .first_seen = {.time_ns = IW_TIME_UNKNOWN},
    };
    sample_components[2] = (struct iw_inventory_component){
        .kind = "handler",
        .name = IW_STR("PageHandlerFactory"),
        .scope = IW_STR("Default Web Site/api"),
        .type = IW_STR("System.Web.UI.PageHandlerFactory"),
        .state = "written",
        .is_disabled = true,
        .pools_unknown = true,
        .approval = IW_APPROVAL_BASELINE,
        .first_seen = {.time_ns = IW_TIME_UNKNOWN},
    };
}

static void fill_web_files(void)
{
    sample_web_files[0] = (struct iw_inventory_web_file){
        .file =
            {
                .state = IW_ITEM_FILE_READ,
                .path = IW_STR("C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx"),
                .source = IW_STR("WEB01/C/inetpub/wwwroot/shop/uploads/thumbs.aspx"),
                .size_bytes = 1500,
                .modified_ns = ADDED_NS,
                .sha256 = {0x01},
            },
        .site = IW_STR("Default Web Site"),
        .application = IW_STR("/shop"),
        .urls = LIST(URLS),
        .handler = IW_STR("PageHandlerFactory-Integrated-4.0"),
        .processor = IW_STR("System.Web.UI.PageHandlerFactory"),
        .is_certain = true,
        .first_seen = {.time_ns = IW_TIME_UNKNOWN},
        .marks = LIST(MARKS),
        .stands_out = true,
    };
    sample_web_files[1] = (struct iw_inventory_web_file){
        .file = {.state = IW_ITEM_FILE_READ,
                 .path = IW_STR("C:\\inetpub\\wwwroot\\shop\\default.aspx"),
                 .modified_ns = IW_TIME_UNKNOWN},
        .site = IW_STR("Default Web Site"),
        .application = IW_STR("/shop"),
        .first_seen = {.time_ns = IW_TIME_UNKNOWN},
    };
}

static void fill_history(void)
{
    versions[0] = (struct iw_inventory_version){
        .source = IW_STR("WEB01/C/inetpub/history/CFGHISTORY_0000000012/applicationHost.config"),
        .from_ns = ADDED_NS - 3600 * IW_NS_PER_SECOND,
        .until_ns = ADDED_NS,
        .number = 12,
        .added = LIST(ADDED),
    };
    versions[1] = (struct iw_inventory_version){
        .source = IW_STR("WEB01/C/inetpub/history/CFGHISTORY_0000000011/applicationHost.config"),
        .from_ns = IW_TIME_UNKNOWN,
        .until_ns = ADDED_NS - 3600 * IW_NS_PER_SECOND,
        .number = 11,
    };
    problems[0] = (struct iw_inventory_problem){
        .kind = IW_STR("locked"),
        .source = IW_STR("WEB01/C/inetpub/wwwroot/web.config"),
        .line = 7,
        .column = 3,
        .place = IW_STR("Default Web Site"),
        .what = IW_STR("the section system.webServer/modules is locked above"),
    };
}

void sample_inventory_fill(struct iw_run *run)
{
    fill_server(&servers[0]);
    fill_places();
    fill_module();
    fill_known_components();
    fill_web_files();
    fill_history();
    servers[1] = (struct iw_inventory_server){
        .host = IW_STR("WEB02"),
        .known_by = IW_SERVER_BY_EVENTS,
        .why_not = IW_STR("no applicationHost.config of it is in evidence"),
    };
    run->inventory.servers = servers;
    run->inventory.n_servers = 2;
}

void bare_inventory_fill(struct iw_run *run)
{
    static struct iw_item_file no_file[1];
    sites[0] = (struct iw_inventory_site){0};
    pools[0] = (struct iw_inventory_pool){0};
    roots[0] = (struct iw_inventory_root){0};
    sample_components[0] =
        (struct iw_inventory_component){.kind = "handler",
                                        .state = "written",
                                        .files = no_file,
                                        .n_files = 1,
                                        .first_seen = {.time_ns = IW_TIME_UNKNOWN}};
    sample_web_files[0] =
        (struct iw_inventory_web_file){.first_seen = {.time_ns = IW_TIME_UNKNOWN}};
    versions[0] =
        (struct iw_inventory_version){.from_ns = IW_TIME_UNKNOWN, .until_ns = IW_TIME_UNKNOWN};
    problems[0] = (struct iw_inventory_problem){0};
    servers[0] = (struct iw_inventory_server){
        .sites = sites,
        .n_sites = 1,
        .pools = pools,
        .n_pools = 1,
        .roots = roots,
        .n_roots = 1,
        .components = sample_components,
        .n_components = 1,
        .web_files = sample_web_files,
        .n_web_files = 1,
        .versions = versions,
        .n_versions = 1,
        .problems = problems,
        .n_problems = 1,
    };
    run->inventory.servers = servers;
    run->inventory.n_servers = 1;
}

/* --- hostile ------------------------------------------------------------------------------- */

/* Clears the screen, turns text around, ends a line, begins a formula, is wide and never ends. */
static const struct iw_str EVIL[] = {
    TEXT("=cmd|'/c calc'!A1;=1\x1b[2J\x1b]0;owned\x07\r\n\"quoted\",\xe2\x80\xae"
         "dlp.exe\xc2\x9b"
         "31m\xe2\x80\xa8\xef\xbf\xbd\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2 "
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    TEXT("\t+1"),
};

static void make_file_hostile(struct iw_item_file *file)
{
    struct iw_str evil = EVIL[0];
    struct iw_text_list list = LIST(EVIL);
    *file = (struct iw_item_file){.state = IW_ITEM_FILE_READ,
                                  .path = evil,
                                  .source = evil,
                                  .twin = "x64",
                                  .is_pe = true,
                                  .machine = "x64",
                                  .roles = list,
                                  .exports = list,
                                  .types = list,
                                  .assembly = evil,
                                  .company = evil,
                                  .product = evil,
                                  .description = evil,
                                  .file_version = evil,
                                  .original_name = evil,
                                  .signature = IW_ITEM_SIGNATURE_TAMPERED,
                                  .signer = evil,
                                  .signature_why = evil,
                                  .n_damage = 3,
                                  .yara = list};
}

static void make_places_hostile(void)
{
    struct iw_str evil = EVIL[0];
    struct iw_text_list list = LIST(EVIL);
    sites[0] = (struct iw_inventory_site){.name = evil, .bindings = list, .log_folder = evil};
    pools[0] = (struct iw_inventory_pool){evil, evil, evil, evil, true, true};
    roots[0] = (struct iw_inventory_root){.site = evil,
                                          .application = evil,
                                          .directory = evil,
                                          .pool = evil,
                                          .path = evil,
                                          .is_assumed = true,
                                          .pathways = list};
    versions[0].source = evil;
    versions[0].added = versions[0].removed = versions[0].changed = list;
    problems[0] = (struct iw_inventory_problem){evil, evil, 1, 2, evil, evil};
}

void hostile_inventory_fill(struct iw_run *run)
{
    struct iw_inventory_component *component = &sample_components[0];
    struct iw_inventory_web_file *web_file = &sample_web_files[0];
    struct iw_str evil = EVIL[0];
    struct iw_text_list list = LIST(EVIL);
    bare_inventory_fill(run);
    servers[0].host = servers[0].source = servers[0].why_not = servers[0].version = evil;
    servers[0].pathways = servers[0].notes = list;
    make_places_hostile();
    make_file_hostile(&module_files[0]);
    component->name = component->scope = component->image = component->image_path = evil;
    component->arguments = component->type = component->clsid = component->precondition = evil;
    component->owner = component->config_source = component->config_path = evil;
    component->approval_why = component->first_seen.by = component->first_seen.source = evil;
    component->first_seen.time_ns = ADDED_NS;
    component->pools = component->notes = list;
    component->files = module_files;
    make_file_hostile(&web_file->file);
    web_file->site = web_file->application = web_file->handler = web_file->processor = evil;
    web_file->approval_why = evil;
    web_file->urls = web_file->marks = list;
}
