/*
 * The catalogue of Microsoft's components. Expectations: Microsoft's "IIS Modules Overview" (names
 * and files), the documentation of locking and of globalModules (names are keys whose case counts),
 * and the applicationHost.config of real servers, which nobody had tampered with.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "iis/known/known_component.h"
#include "iis/known/known_table.h"
#include "tests/unit/iis/config_rig.h"

#define INETSRV "C:\\Windows\\System32\\inetsrv\\"
#define NET40 "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"

static const struct iw_known_version MICROSOFT = {{"Microsoft Corporation", 21}};
static const struct iw_known_version FOREIGN = {{"Contoso Ltd", 11}};

static struct iw_known_answer native(enum iw_component_kind kind, const char *name,
                                     const char *image)
{
    struct iw_known_question asked = {
        .kind = kind, .name = iw_str_of(name), .image = iw_str_of(image)};

    return iw_known_component(&asked);
}

static struct iw_known_answer managed(enum iw_component_kind kind, const char *name,
                                      const char *type)
{
    struct iw_known_question asked = {
        .kind = kind, .name = iw_str_of(name), .type = iw_str_of(type)};

    return iw_known_component(&asked);
}

static void name_and_image_are_known(void **state)
{
    struct iw_known_answer answer =
        native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule", INETSRV "cachhttp.dll");
    (void)state;

    assert_int_equal(answer.state, IW_KNOWN);
    assert_int_equal(answer.check, IW_KNOWN_NOT_CHECKED);
    assert_string_equal(answer.product, "IIS");
    assert_false(answer.is_unverified);
    assert_false(answer.name_case_differs);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "ManagedEngine64",
                            "C:\\Windows\\Microsoft.NET\\Framework64\\v2.0.50727\\webengine.dll")
                         .state,
                     IW_KNOWN);
    assert_true(native(IW_COMPONENT_GLOBAL_MODULE, "SharePoint16Module",
                       "C:\\Program Files\\Common Files\\Microsoft Shared\\Web Server "
                       "Extensions\\16\\ISAPI\\owssvr.dll")
                    .is_unverified);
}

static void neither_alone_is_known(void **state)
{
    (void)state;
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule", "C:\\Windows\\Temp\\cachhttp.dll")
            .state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    /* another of Microsoft's files, the other bitness, another drive, a stream */
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule", INETSRV "static.dll").state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "ManagedEngine64",
                            "C:\\Windows\\Microsoft.NET\\Framework\\v2.0.50727\\webengine.dll")
                         .state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule",
                            "D:\\Windows\\System32\\inetsrv\\cachhttp.dll")
                         .state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule", INETSRV "cachhttp.dll:x").state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "HttpCacheModule", "").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    /* Atomic Red Team T1505.004: the genuine file under a new name */
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "DefaultDocumentModule_Atomic", INETSRV "defdoc.dll")
            .state,
        IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "UpData", "C:\\Windows\\System32\\x.dll").state,
        IW_KNOWN_UNKNOWN);
}

static void twins_are_the_same_place(void **state)
{
    (void)state;
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "StaticFileModule",
                            "c:\\windows\\syswow64\\inetsrv\\static.dll")
                         .state,
                     IW_KNOWN);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "AspNetCoreModuleV2",
                            "C:\\Program Files (x86)\\IIS\\Asp.Net Core "
                            "Module\\V2\\aspnetcorev2.dll")
                         .state,
                     IW_KNOWN);
    /* Exchange may be installed anywhere: neither known nor a contradiction. */
    assert_int_equal(
        native(IW_COMPONENT_GLOBAL_MODULE, "kerbauth", "E:\\Exchange\\V15\\Bin\\kerbauth.dll")
            .state,
        IW_KNOWN_UNKNOWN);
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE, "kerbauth", "E:\\x\\kerbauth.dll").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
}

static void letter_case_is_told(void **state)
{
    struct iw_known_answer answer =
        native(IW_COMPONENT_GLOBAL_MODULE, "httpcachemodule", INETSRV "CACHHTTP.DLL");
    (void)state;

    assert_int_equal(answer.state, IW_KNOWN);
    assert_true(answer.name_case_differs);
    assert_string_equal(answer.name, "HttpCacheModule");
    /* The Kelvin sign folds to k in Unicode; it is not the letter. */
    assert_int_equal(native(IW_COMPONENT_GLOBAL_MODULE,
                            "To\xE2\x84\xAA"
                            "enCacheModule",
                            INETSRV "cachtokn.dll")
                         .state,
                     IW_KNOWN_IMAGE_OTHER_NAME);
}

static void version_information_must_agree(void **state)
{
    struct iw_known_version both[] = {MICROSOFT, FOREIGN}, none = {{"", 0}};
    struct iw_known_question asked = {.kind = IW_COMPONENT_GLOBAL_MODULE,
                                      .name = IW_STR("UriCacheModule"),
                                      .image = IW_STR(INETSRV "cachuri.dll"),
                                      .files = &MICROSOFT,
                                      .n_files = 1};
    (void)state;

    assert_int_equal(iw_known_component(&asked).state, IW_KNOWN);
    assert_int_equal(iw_known_component(&asked).check, IW_KNOWN_AGREES);
    asked.files = both;
    asked.n_files = 2;
    assert_int_equal(iw_known_component(&asked).state, IW_KNOWN_BUT_VERSION_DISAGREES);
    asked.files = &none;
    asked.n_files = 1;
    assert_int_equal(iw_known_component(&asked).state, IW_KNOWN_BUT_VERSION_DISAGREES);
    asked.name = IW_STR("Other");
    assert_int_equal(iw_known_component(&asked).state, IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(iw_known_component(&asked).check, IW_KNOWN_DISAGREES);
}

/* An entry of modules is known by the image its name has in globalModules. */
static void entries_of_modules_need_an_image(void **state)
{
    (void)state;
    assert_int_equal(native(IW_COMPONENT_NATIVE_MODULE, "HttpCacheModule", "").state,
                     IW_KNOWN_UNKNOWN);
    assert_int_equal(
        native(IW_COMPONENT_NATIVE_MODULE, "HttpCacheModule", INETSRV "cachhttp.dll").state,
        IW_KNOWN);
    assert_int_equal(native(IW_COMPONENT_NATIVE_MODULE, "HttpCacheModule", "C:\\x.dll").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
}

static void managed_types(void **state)
{
    static const char FULL[] = "System.Web.Handlers.ScriptModule, System.Web.Extensions, "
                               "Version=4.0.0.0, Culture=neutral, PublicKeyToken=31BF3856AD364E35";
    enum iw_component_kind kind = IW_COMPONENT_MANAGED_MODULE;
    (void)state;

    assert_int_equal(managed(kind, "ScriptModule-4.0", FULL).state, IW_KNOWN);
    assert_int_equal(managed(kind, "Session", "System.Web.SessionState.SessionStateModule").state,
                     IW_KNOWN);
    assert_int_equal(managed(kind, "Mine", FULL).state, IW_KNOWN_IMAGE_OTHER_NAME);
    /* Without a key token the assembly may be any in bin. */
    assert_int_equal(
        managed(kind, "ScriptModule-4.0", "System.Web.Handlers.ScriptModule, System.Web.Extensions")
            .state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(managed(kind, "ScriptModule-4.0", "System.Web.Handlers.ScriptModule").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(
        managed(kind, "Session", "System.Web.SessionState.SessionStateModule, Evil").state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(managed(kind, "Session",
                             "System.Web.SessionState.SessionStateModule, System.Web, "
                             "PublicKeyToken=0123456789abcdef")
                         .state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(managed(kind, "Session",
                             "System.Web.SessionState.SessionStateModule, System.Web, "
                             "PublicKeyToken=b03f5f7f11d50a3a, PublicKeyToken=0123456789abcdef")
                         .state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    /* One of Microsoft's under the name of another one: an application's web.config does that. */
    assert_int_equal(
        managed(kind, "Session", "System.Web.Security.FormsAuthenticationModule").state,
        IW_KNOWN_IMAGE_OTHER_NAME);
    kind = IW_COMPONENT_RUNTIME_TYPE;
    assert_int_equal(managed(kind, "encoderType", "System.Web.Util.HttpEncoder").state, IW_KNOWN);
    assert_int_equal(managed(kind, "encoderType", "System.Web.Util.HttpEncoder, Evil").state,
                     IW_KNOWN_UNKNOWN);
}

static void defaults_of_net(void **state)
{
    (void)state;
    assert_int_equal(
        managed(IW_COMPONENT_BUILD_PROVIDER, ".aspx", "System.Web.Compilation.PageBuildProvider")
            .state,
        IW_KNOWN);
    /* the web.config that is a page */
    assert_int_equal(
        managed(IW_COMPONENT_BUILD_PROVIDER, ".config", "System.Web.Compilation.PageBuildProvider")
            .state,
        IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(
        managed(IW_COMPONENT_NET_HANDLER, "web.config", "System.Web.UI.PageHandlerFactory").state,
        IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(
        managed(IW_COMPONENT_NET_HANDLER, "*.any", "System.Web.HttpForbiddenHandler").state,
        IW_KNOWN);
    /* Roslyn's package replaces the compiler in every new application. */
    assert_int_equal(managed(IW_COMPONENT_COMPILER, "c#;cs;csharp",
                             "Microsoft.CodeDom.Providers.DotNetCompilerPlatform.CSharpCodeProvider"
                             ", Microsoft.CodeDom.Providers.DotNetCompilerPlatform")
                         .state,
                     IW_KNOWN_UNKNOWN);
    assert_int_equal(managed(IW_COMPONENT_ASSEMBLY, "x",
                             "System.Web, Version=4.0.0.0, Culture=neutral, "
                             "PublicKeyToken=b03f5f7f11d50a3a")
                         .state,
                     IW_KNOWN);
    assert_int_equal(managed(IW_COMPONENT_ASSEMBLY, "System.Web", "System.Web").state,
                     IW_KNOWN_UNKNOWN);
}

static struct iw_known_answer handler(const char *name, const char *path, const char *modules,
                                      const char *image, const char *arguments)
{
    struct iw_known_question asked = {.kind = IW_COMPONENT_HANDLER,
                                      .name = iw_str_of(name),
                                      .path = iw_str_of(path),
                                      .modules = iw_str_of(modules),
                                      .image = iw_str_of(image),
                                      .arguments = iw_str_of(arguments)};

    return iw_known_component(&asked);
}

static void handlers(void **state)
{
    (void)state;
    assert_int_equal(handler("ASPClassic", "*.asp", "IsapiModule", INETSRV "asp.dll", "").state,
                     IW_KNOWN);
    assert_int_equal(handler("PageHandlerFactory-ISAPI-4.0_64bit", "*.aspx", "IsapiModule",
                             NET40 "aspnet_isapi.dll", "")
                         .state,
                     IW_KNOWN);
    assert_int_equal(handler("CGI-exe", "*.exe", "CgiModule", "", "").state, IW_KNOWN);
    assert_int_equal(
        handler("CGI-exe", "*.exe", "CgiModule", "C:\\Windows\\System32\\cmd.exe", "").state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(handler("ASPClassic", "*.asp", "IsapiModule", INETSRV "asp.dll", "-x").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(
        handler("ASPClassic", "*.asp", "IsapiModule,Evil", INETSRV "asp.dll", "").state,
        IW_KNOWN_NAME_OTHER_IMAGE);
    /* Fewer of the same modules is less of the same; another one among them is not. */
    assert_int_equal(
        handler("StaticFile", "*", "StaticFileModule,DefaultDocumentModule", "", "").state,
        IW_KNOWN);
    assert_int_equal(
        handler("StaticFile", "*", "DirectoryListingModule, StaticFileModule", "", "").state,
        IW_KNOWN);
    assert_int_equal(handler("StaticFile", "*", "StaticFileModule,Evil", "", "").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(handler("StaticFile", "*", "StaticFileModule,", "", "").state, IW_KNOWN);
    /* Images run as pages, by Microsoft's own file. */
    assert_int_equal(handler("ASPClassic", "*.jpg", "IsapiModule", INETSRV "asp.dll", "").state,
                     IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(handler("Pictures", "*.jpg", "IsapiModule", INETSRV "asp.dll", "").state,
                     IW_KNOWN_IMAGE_OTHER_NAME);
    assert_int_equal(
        handler("Mine", "*.text", "CgiModule", "C:\\Windows\\System32\\cmd.exe", "").state,
        IW_KNOWN_UNKNOWN);
}

static void other_kinds(void **state)
{
    (void)state;
    assert_int_equal(
        native(IW_COMPONENT_ISAPI_CGI_RESTRICTION, "any", NET40 "aspnet_isapi.dll").state,
        IW_KNOWN);
    assert_int_equal(native(IW_COMPONENT_ISAPI_CGI_RESTRICTION, "asp.dll", "C:\\asp.dll").state,
                     IW_KNOWN_UNKNOWN);
    assert_int_equal(native(IW_COMPONENT_COMPRESSION_SCHEME, "gzip",
                            "C:\\Program Files\\IIS\\IIS Compression\\iiszlib.dll")
                         .state,
                     IW_KNOWN);
    assert_int_equal(native(IW_COMPONENT_COMPRESSION_SCHEME, "gzip", "C:\\x\\gzip.dll").state,
                     IW_KNOWN_NAME_OTHER_IMAGE);
    assert_int_equal(native(IW_COMPONENT_RUNTIME_LOADER, "DefaultAppPool", "webengine4.dll").state,
                     IW_KNOWN);
    assert_int_equal(native(IW_COMPONENT_RUNTIME_LOADER, "p", "C:\\x\\webengine4.dll").state,
                     IW_KNOWN_UNKNOWN);
    assert_int_equal(native(IW_COMPONENT_FAST_CGI, "php", "C:\\php\\php-cgi.exe").state,
                     IW_KNOWN_UNKNOWN);
}

/* Every row of the table is known as itself, so that no row hides another. */
static void every_row_is_known(void **state)
{
    const struct iw_known_row *row;
    char type[512];
    size_t n = 0;
    (void)state;

    for (; (row = iw_known_row_at(n)) != NULL; n++) {
        struct iw_known_question asked = {.kind = row->kind,
                                          .name = iw_str_of(row->name),
                                          .image = iw_str_of(row->image),
                                          .path = iw_str_of(row->path),
                                          .modules = iw_str_of(row->modules)};
        if (row->assembly != NULL) {
            int length = (int)strcspn(row->assembly, "/");
            const char *token = row->assembly + length + 1;
            (void)snprintf(type, sizeof type, "%s%s%.*s%s%s", row->type != NULL ? row->type : "",
                           row->type != NULL                    ? ", "
                           : row->kind == IW_COMPONENT_ASSEMBLY ? ""
                                                                : "C, ",
                           length, row->assembly, *token != 0 ? ", PublicKeyToken=" : "", token);
            asked.type = iw_str_of(type);
        }
        if (iw_known_component(&asked).state != IW_KNOWN)
            fail_msg("row %zu: %s", n, row->name != NULL ? row->name : row->image);
    }
    assert_true(n > 200);
}

/* --- real servers ------------------------------------------------------------------------ */

static struct iw_arena arena;

static struct iw_str global_image(const struct iw_components *all, struct iw_str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].kind == IW_COMPONENT_GLOBAL_MODULE &&
            iw_str_equal(all->items[i].name, name))
            return all->items[i].image;
    return IW_STR("");
}

/* Prints what is not known; the number of those. */
static size_t unknown_of(const char *name, size_t *ret_all)
{
    struct iw_config_source source = {.role = IW_CONFIG_SERVER, .name = iw_str_of(name)};
    struct iw_config *config = iw_config_new(NULL);
    struct iw_components all;
    size_t n = 0;

    if (!config_evidence(name, &arena, &source.bytes)) {
        iw_config_free(config);
        skip();
    }
    assert_int_equal(iw_config_add(config, &source), IW_OK);
    assert_int_equal(iw_config_settle(config), IW_OK);
    assert_int_equal(iw_components_read(config, &arena, &all), IW_OK);
    for (size_t i = 0; i < all.n; i++) {
        struct iw_known_question asked;
        struct iw_known_answer answer;
        assert_int_equal(
            iw_known_ask(&all.items[i], global_image(&all, all.items[i].name), &arena, &asked),
            IW_OK);
        answer = iw_known_component(&asked);
        if (answer.state == IW_KNOWN && !answer.name_case_differs)
            continue;
        print_message("%s: %s %.*s %.*s%.*s: %s, %s\n", name,
                      iw_component_kind_name(all.items[i].kind), IW_STR_ARG(all.items[i].name),
                      IW_STR_ARG(all.items[i].image), IW_STR_ARG(all.items[i].type),
                      iw_known_state_name(answer.state), answer.why);
        n++;
    }
    *ret_all = all.n;
    iw_config_free(config);
    return n;
}

static void real_servers(void **state)
{
    static const struct {
        const char *name;
        size_t n_unknown;
    } SERVERS[] = {
        /* two script maps that a program named AboMapperCustom-<number> */
        {"exchange2016/E16_Configured_ApplicationHost.config", 2},
        {"exchange2016/E16_NotConfigured_ApplicationHost.config", 2},
        {"servers/aspnet_applicationHost.config", 0},
        {"servers/aspnetcore_applicationHost.config", 0},
        {"servers/aspnetcore_ssl_applicationHost.config", 0},
        {"servers/container_applicationHost.config", 0},
        {"servers/minimal_applicationHost.config", 0},
    };
    size_t n_all = 0;
    (void)state;

    for (size_t i = 0; i < sizeof SERVERS / sizeof SERVERS[0]; i++) {
        assert_int_equal(unknown_of(SERVERS[i].name, &n_all), SERVERS[i].n_unknown);
        assert_true(n_all >= 26);
    }
}

static void no_memory(void **state)
{
    struct iw_component component = {.kind = IW_COMPONENT_GLOBAL_MODULE,
                                     .image = IW_STR("%windir%\\x.dll")};
    struct iw_known_question asked;
    struct iw_arena small;
    (void)state;

    iw_arena_init(&small, 0);
    iw_alloc_fail_at(1);
    assert_int_equal(iw_known_ask(&component, IW_STR(""), &small, &asked), IW_ENOMEM);
    iw_alloc_fail_at(0);
    assert_int_equal(iw_known_ask(&component, IW_STR(""), &small, &asked), IW_OK);
    assert_true(iw_str_equal(asked.image, IW_STR("C:\\Windows\\x.dll")));
    iw_arena_done(&small);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name_and_image_are_known),
        cmocka_unit_test(neither_alone_is_known),
        cmocka_unit_test(twins_are_the_same_place),
        cmocka_unit_test(letter_case_is_told),
        cmocka_unit_test(version_information_must_agree),
        cmocka_unit_test(entries_of_modules_need_an_image),
        cmocka_unit_test(managed_types),
        cmocka_unit_test(defaults_of_net),
        cmocka_unit_test(handlers),
        cmocka_unit_test(other_kinds),
        cmocka_unit_test(every_row_is_known),
        cmocka_unit_test(real_servers),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
