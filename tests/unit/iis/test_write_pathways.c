/*
 * Who may write to a root. Sources: Microsoft's reference of webdav/authoring and authoringRules,
 * ftpServer and system.ftpServer/security/authorization, handlers/@accessPolicy,
 * requestFiltering, directoryBrowse, processModel/@identityType, virtualDirectory/@userName,
 * management/authorization and authentication; entries that an installed ASP.NET has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "iis/config/filter_weakness.h"
#include "iis/config/write_pathways.h"
#include "tests/unit/iis/config_rig.h"

#define HOST(pool, site)                                                                           \
    "<system.applicationHost><applicationPools>" pool "</applicationPools><sites>" site            \
    "</sites></system.applicationHost>"
/* A pool without .NET keeps sections of .NET out of the lines. */
#define POOL(inside) "<add name='P' managedRuntimeVersion=''>" inside "</add>"
#define SITE(inside)                                                                               \
    "<site name='S' id='1'><application path='/' applicationPool='P'>" inside                      \
    "</application></site>"
#define ROOT "<virtualDirectory path='/' physicalPath='C:\\w' allowSubDirConfig='false'/>"
#define PLAIN HOST(POOL(""), SITE(ROOT))
/* Nothing that adds code may be added to. */
#define LOCKED                                                                                     \
    "<configSections><sectionGroup name='system.webServer'><section name='globalModules'"          \
    " allowDefinition='AppHostOnly' overrideModeDefault='Deny'/></sectionGroup></configSections>"
#define WEB(inside) "<system.webServer>" inside "</system.webServer>"
#define SERVER(inside) "<configuration>" LOCKED inside "</configuration>"
#define DENIED(extension) "<add fileExtension='" extension "' allowed='false'/>"
#define HIDDEN(segment) "<add segment='" segment "'/>"
#define FILTERING(attributes, inside)                                                              \
    "<security><requestFiltering " attributes ">" inside "</requestFiltering></security>"
#define EXTENSIONS                                                                                 \
    "<fileExtensions>" DENIED(".asax") DENIED(".ascx") DENIED(".master") DENIED(".skin")           \
        DENIED(".browser") DENIED(".sitemap") DENIED(".config") DENIED(".cs") DENIED(".csproj")    \
            DENIED(".vb") DENIED(".vbproj") DENIED(".webinfo") DENIED(".resx")                     \
                DENIED(".resources") DENIED(".compiled") "</fileExtensions>"
#define SEGMENTS                                                                                   \
    "<hiddenSegments>" HIDDEN("web.config") HIDDEN("bin") HIDDEN("App_code")                       \
        HIDDEN("App_GlobalResources") HIDDEN("App_LocalResources") HIDDEN("App_WebReferences")     \
            HIDDEN("App_Data") HIDDEN("App_Browsers") "</hiddenSegments>"
#define ASP_NET FILTERING("", EXTENSIONS SEGMENTS)

static struct iw_config *config;
static struct iw_arena arena;
static char shown[8192];

static const char *joined(struct iw_text_list lines)
{
    size_t n = 0;

    shown[0] = 0;
    for (size_t i = 0; i < lines.n; i++)
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%.*s", i == 0 ? "" : "|",
                              IW_STR_ARG(lines.items[i]));
    return shown;
}

static struct iw_write_pathways pathways_of(struct iw_config *of)
{
    struct iw_write_pathways pathways;
    struct iw_server server;

    iw_config_free(config);
    config = of;
    assert_int_equal(iw_server_read(config, &arena, &server), IW_OK);
    assert_int_equal(iw_write_pathways_read(&server, &arena, &pathways), IW_OK);
    return pathways;
}

/* Lines of the first root. */
static const char *of_server(const char *text)
{
    struct iw_write_pathways pathways = pathways_of(config_of_server(text));
    assert_true(pathways.n_roots != 0);
    return joined(pathways.roots[0]);
}

static const char *with_web_config(const char *server, const char *text)
{
    struct iw_write_pathways pathways = pathways_of(
        config_of((const struct config_text[]){{.role = IW_CONFIG_SERVER, .text = server},
                                               {.role = IW_CONFIG_WEB, .place = "S", .text = text},
                                               {.text = NULL}},
                  NULL));
    assert_int_equal(pathways.n_roots, 1);
    return joined(pathways.roots[0]);
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
    iw_config_free(config);
    config = NULL;
    iw_arena_done(&arena);
    return 0;
}

static void an_ordinary_root_has_none(void **state)
{
    (void)state;
    assert_string_equal(of_server(SERVER(PLAIN)), "");
    assert_string_equal(of_server(SERVER(PLAIN WEB("<modules><add name='RequestFilteringModule'/>"
                                                   "</modules>" ASP_NET))),
                        "");
    /* Without ASP.NET only web.config is hidden. */
    assert_string_equal(
        of_server(SERVER(PLAIN WEB(FILTERING(
            "", "<fileExtensions/><hiddenSegments><add segment='web.config'/></hiddenSegments>")))),
        "");
}

static void webdav(void **state)
{
    (void)state;
#define RULE(attributes) "<add " attributes "/>"
#define AUTHORING(module, rules)                                                                   \
    SERVER(PLAIN WEB("<modules><add name='RequestFilteringModule'/>" module "</modules>"           \
                     "<webdav><authoring enabled='true'/><authoringRules>" rules                   \
                     "</authoringRules></webdav>"))
#define MODULE "<add name='WebDAVModule'/>"
    assert_string_equal(
        of_server(AUTHORING(MODULE, RULE("users='*' path='*' access='Read, Write'"))),
        "webdav: authoring is on; may write: users *");
    assert_string_equal(
        of_server(AUTHORING(MODULE, RULE("users='a,b' path='*.htm' access='Source'")
                                        RULE("roles='editors' path='*' access='3'")
                                            RULE("users='?' path='*' access='Read'"))),
        "webdav: authoring is on; may write: users a,b for *.htm, groups editors");
    assert_string_equal(of_server(AUTHORING(MODULE, "")),
                        "webdav: authoring is on; may write: nobody by its rules");
    /* Without its module it is not in force. */
    assert_string_equal(of_server(AUTHORING("", RULE("users='*' path='*' access='Write'"))), "");
    assert_string_equal(
        of_server(SERVER(PLAIN WEB("<modules configProtectionProvider='p'/>"
                                   "<webdav><authoring enabled='true'/></webdav>"))),
        "unknown: webdav: authoring is on; whether WebDAVModule is, is not known");
    assert_string_equal(
        of_server(SERVER(PLAIN WEB("<webdav><authoring configProtectionProvider='p'/></webdav>"))),
        "unknown: webdav: its section is encrypted or not at hand");
    assert_string_equal(
        of_server(SERVER(PLAIN WEB("<modules>" MODULE "<add name='RequestFilteringModule'/>"
                                   "</modules><webdav><authoring enabled='false'/></webdav>"))),
        "");
}

static void ftp(void **state)
{
    (void)state;
#define FTP_SITE(server)                                                                           \
    "<site name='S' id='1'><application path='/' applicationPool='P'>" ROOT "</application>"       \
    "<bindings><binding protocol='http' bindingInformation='*:80:'/>"                              \
    "<binding protocol='ftp' bindingInformation='*:21:'/></bindings>" server "</site>"
#define FTP_RULES(inside)                                                                          \
    "<location path='S'><system.ftpServer><security>" inside                                       \
    "</security></system.ftpServer></location>"
#define METHOD(name)                                                                               \
    "<ftpServer><security><authentication><" name " enabled='true'/>"                              \
    "</authentication></security></ftpServer>"
    assert_string_equal(of_server(SERVER(HOST(POOL(""), FTP_SITE("")))),
                        "ftp: at *:21:; may write: nobody by its rules");
    assert_string_equal(
        of_server(SERVER(HOST(POOL(""), FTP_SITE(METHOD("anonymousAuthentication"))) FTP_RULES(
            "<authorization><add accessType='Allow' users='?' permissions='Read, Write'/>"
            "<add accessType='Allow' roles='web' permissions='2'/>"
            "<add accessType='Allow' users='r' permissions='Read'/></authorization>"))),
        "ftp: at *:21:, anonymous visitors; may write: users ?, groups web");
    assert_string_equal(
        of_server(SERVER(HOST(
            POOL(""), FTP_SITE("") "<siteDefaults>" METHOD("basicAuthentication") "</siteDefaults>")
                             FTP_RULES("<authorization><add accessType='Deny' users='x'"
                                       " permissions='Write'/><add accessType='Allow' users='*'"
                                       " permissions='Write'/></authorization>"))),
        "ftp: at *:21:, passwords; may write: users *, except whom a rule refuses");
    assert_string_equal(
        of_server(SERVER(HOST(POOL(""), FTP_SITE(""))
                             FTP_RULES("<authorization configProtectionProvider='p'/>"))),
        "ftp: at *:21:; may write: others that are not known (its section is encrypted or not at "
        "hand)");
}

static void handlers_that_write(void **state)
{
    (void)state;
#define POLICY(value) SERVER(PLAIN WEB("<handlers accessPolicy='" value "'/>"))
    assert_string_equal(of_server(POLICY("Read, Script")), "");
    assert_string_equal(of_server(POLICY("Read, Write")),
                        "handler-write: accessPolicy is \"Read, Write\"");
    assert_string_equal(of_server(POLICY("Read,source")),
                        "handler-write: accessPolicy is \"Read,source\"");
    assert_string_equal(of_server(POLICY("515")), "handler-write: accessPolicy is \"515\"");
    assert_string_equal(of_server(POLICY("513")), "");
    assert_string_equal(of_server(POLICY("Write, NoRemoteWrite")),
                        "handler-write: accessPolicy is \"Write, NoRemoteWrite\": writing only "
                        "from the server itself");
    assert_string_equal(of_server(SERVER(PLAIN WEB("<handlers configProtectionProvider='p'/>"))),
                        "unknown: handler-write: its section is encrypted or not at hand");
}

static void folder_and_pool(void **state)
{
    (void)state;
#define AT(directory, identity)                                                                    \
    SERVER(HOST(POOL("<processModel identityType='" identity "'/>"), SITE(directory)))
    assert_string_equal(of_server(AT("<virtualDirectory path='/' physicalPath='\\\\nas\\web'"
                                     " userName='CORP\\x' password='y'/>",
                                     "SpecificUser")),
                        "root-account: opened as CORP\\x|unc-root: \\\\nas\\web: whoever may write "
                        "to that share");
    assert_string_equal(of_server(AT(ROOT, "LocalSystem")),
                        "pool-identity: LocalSystem: what runs here may change everything");
    assert_string_equal(of_server(AT(ROOT, "2")),
                        "pool-identity: NetworkService, shared with other services");
    assert_string_equal(of_server(AT(ROOT, "4")), "");
    assert_string_equal(
        of_server(SERVER("<system.applicationHost><applicationPools configProtectionProvider='p'/>"
                         "<sites>" SITE(ROOT) "</sites></system.applicationHost>")),
        "unknown: pool-identity: its section is encrypted or not at hand|"
        "unlocked-net: all sections of .NET that add code (as installed)");
}

static void filtering(void **state)
{
    (void)state;
#define NET SERVER(PLAIN WEB("<modules><add name='RequestFilteringModule'/></modules>" ASP_NET))
#define CONFIG(inside) "<configuration>" WEB(inside) "</configuration>"
    assert_string_equal(with_web_config(NET, CONFIG("")), "");
    assert_string_equal(
        with_web_config(NET,
                        CONFIG(FILTERING("", "<fileExtensions><remove fileExtension='.config'/>"
                                             "</fileExtensions>"))),
        "filtering-weakened: .config allowed");
    assert_string_equal(
        with_web_config(NET,
                        CONFIG(FILTERING("", "<fileExtensions><remove fileExtension='.CONFIG'/>"
                                             "<add fileExtension='.config' allowed='true'/>"
                                             "</fileExtensions><hiddenSegments>"
                                             "<remove segment='bin'/>"
                                             "<remove segment='web.config'/>"
                                             "</hiddenSegments>"))),
        "filtering-weakened: .config allowed, hidden segment bin removed, hidden segment "
        "web.config removed");
    assert_string_equal(with_web_config(NET, CONFIG(FILTERING("allowDoubleEscaping='true'", ""))),
                        "filtering-weakened: allowDoubleEscaping");
    /* What nobody lists is refused: then removing an entry weakens nothing. */
    assert_string_equal(
        with_web_config(NET, CONFIG(FILTERING("", "<fileExtensions allowUnlisted='false'>"
                                                  "<remove fileExtension='.config'/>"
                                                  "</fileExtensions>"))),
        "");
    assert_string_equal(
        with_web_config(NET, "<configuration><location path='.'>" WEB(
                                 "<security><requestFiltering configProtectionProvider='p'/>"
                                 "</security>") "</location></configuration>"),
        "unknown: filtering-weakened: its section is encrypted or not at hand");
    assert_non_null(strstr(with_web_config(NET, CONFIG(FILTERING("", "<fileExtensions><clear/>"
                                                                     "</fileExtensions>"))),
                           ".asax allowed, .ascx allowed"));
    assert_string_equal(of_server(SERVER(PLAIN WEB("<modules><add name='X'/></modules>"))),
                        "filtering-weakened: RequestFilteringModule is not among the modules");
}

static void listing(void **state)
{
    (void)state;
    assert_string_equal(of_server(SERVER(PLAIN WEB("<directoryBrowse enabled='true'/>"))),
                        "directory-browse: visitors see what lies there");
    assert_string_equal(of_server(SERVER(PLAIN WEB("<directoryBrowse enabled='false'/>"))), "");
    assert_string_equal(
        of_server(SERVER(PLAIN WEB("<directoryBrowse configProtectionProvider='p'/>"))),
        "unknown: directory-browse: its section is encrypted or not at hand");
}

static void sections(void **state)
{
    (void)state;
#define UNLOCK "<location path='' overrideMode='Allow'>" WEB("<handlers/><modules/>") "</location>"
    assert_string_equal(of_server("<configuration>" PLAIN UNLOCK "</configuration>"),
                        "unlocked: aspNetCore, handlers, httpPlatform, modules, rewrite/providers");
    assert_string_equal(
        of_server("<configuration>" HOST(POOL(""),
                                         SITE("<virtualDirectory path='/' physicalPath='C:\\w'/>"))
                      UNLOCK "</configuration>"),
        "sub-config: web.config of subfolders are read|unlocked: aspNetCore, handlers, "
        "httpPlatform, modules, rewrite/providers");
    assert_string_equal(of_server("<configuration>" PLAIN "<location"),
                        "unknown: unlocked: applicationHost.config is not in evidence, or damaged");
}

static void sections_of_net(void **state)
{
    struct iw_write_pathways pathways;
    (void)state;

#define NET_SERVER                                                                                 \
    SERVER(HOST("<add name='P'/>", SITE(ROOT "<virtualDirectory path='/v' physicalPath='C:\\v'"    \
                                             " allowSubDirConfig='false'/>")))
    pathways = pathways_of(config_of(
        (const struct config_text[]){{.role = IW_CONFIG_ROOT_WEB, .text = "<configuration/>"},
                                     {.role = IW_CONFIG_SERVER, .text = NET_SERVER},
                                     {.text = NULL}},
        NULL));
    assert_string_equal(joined(pathways.roots[0]),
                        "unlocked-net: all sections of .NET that add code");
    /* A folder that is no application. */
    assert_string_equal(joined(pathways.roots[1]),
                        "unlocked-net: all sections of .NET that add code, but not "
                        "system.serviceModel/extensions, system.web/hostingEnvironment, "
                        "system.web/httpModules, system.web/membership, system.web/roleManager, "
                        "system.web/sessionState");
}

static void roots_come_in_order(void **state)
{
    struct iw_write_pathways pathways;
    (void)state;

    pathways = pathways_of(config_of_server(SERVER(HOST(
        POOL(""),
        "<site name='S' id='1'><application path='/' applicationPool='P'>" ROOT
        "<virtualDirectory path='/up' physicalPath='\\\\nas\\up' allowSubDirConfig='false'/>"
        "</application><application path='/b' applicationPool='P'>" ROOT
        "</application></site><site name='T' id='2'/>"
        "<site name='U' id='3'><application path='/' applicationPool='P'>" ROOT
        "</application></site>") "<location path='S/b'>" WEB("<directoryBrowse "
                                                             "enabled='true'/>") "</"
                                                                                 "location>")));
    assert_int_equal(pathways.n_roots, 4);
    assert_string_equal(joined(pathways.roots[0]), "");
    assert_string_equal(joined(pathways.roots[1]),
                        "unc-root: \\\\nas\\up: whoever may write to that share");
    assert_string_equal(joined(pathways.roots[2]),
                        "directory-browse: visitors see what lies there");
    assert_string_equal(joined(pathways.roots[3]), "");
}

static const char *delegations_of(const char *administration)
{
    struct iw_text_list lines;

    iw_config_free(config);
    config = config_of(
        (const struct config_text[]){{.role = IW_CONFIG_SERVER, .text = SERVER(PLAIN)},
                                     {.role = IW_CONFIG_ADMINISTRATION, .text = administration},
                                     {.text = NULL}},
        NULL);
    assert_int_equal(iw_delegations_read(config, &arena, &lines), IW_OK);
    return joined(lines);
}

static void delegations(void **state)
{
    (void)state;
#define MANAGEMENT(inside)                                                                         \
    "<configuration>" WEB("<management>" inside "</management>") "</configuration>"
    assert_string_equal(delegations_of("<configuration/>"), "");
    assert_string_equal(
        delegations_of(MANAGEMENT(
            "<authentication><credentials><add name='MSUser' password='1' enabled='true'/>"
            "<add name='Old' password='2' enabled='false'/></credentials></authentication>"
            "<authorization><authorizationRules><scope path='/Default Web Site'>"
            "<add name='MSUser'/><add name='CORP\\web' isRole='true'/></scope>"
            "</authorizationRules></authorization>"
            "<delegation><rule providers='contentPath, iisApp' path='{userScope}'>"
            "<runAs identityType='SpecificUser' userName='deploy'/></rule>"
            "<rule providers='x' path='y' enabled='false'/></delegation>")),
        "delegation: MSUser is an account of IIS alone|delegation: MSUser manages /Default Web "
        "Site|delegation: group CORP\\web manages /Default Web Site|delegation: rule for "
        "contentPath, iisApp at {userScope}, run as deploy");
    assert_string_equal(delegations_of(MANAGEMENT("<authorization configProtectionProvider='p'/>")),
                        "unknown: delegation: system.webServer/management/authorization is "
                        "encrypted or not at hand");
    assert_string_equal(delegations_of("<configuration><"),
                        "unknown: delegation: administration.config is damaged");
    iw_config_free(config);
    config = config_of_server(SERVER(PLAIN));
    {
        struct iw_text_list lines;
        assert_int_equal(iw_delegations_read(config, &arena, &lines), IW_OK);
        assert_string_equal(joined(lines),
                            "unknown: delegation: administration.config is not in evidence");
    }
}

/* --- limits ---------------------------------------------------------------------------------- */

static void long_texts_are_cut_between_characters(void **state)
{
    char text[IW_LIMIT_PATHWAY_TEXT_BYTES + 2];
    (void)state;

    memset(text, 'a', sizeof text);
    assert_int_equal(iw_pathway_text((struct iw_str){text, IW_LIMIT_PATHWAY_TEXT_BYTES}).n,
                     IW_LIMIT_PATHWAY_TEXT_BYTES);
    assert_int_equal(iw_pathway_text((struct iw_str){text, IW_LIMIT_PATHWAY_TEXT_BYTES + 1}).n,
                     IW_LIMIT_PATHWAY_TEXT_BYTES);
    text[IW_LIMIT_PATHWAY_TEXT_BYTES - 1] = (char)0xC3;
    text[IW_LIMIT_PATHWAY_TEXT_BYTES] = (char)0xA4;
    assert_int_equal(iw_pathway_text((struct iw_str){text, IW_LIMIT_PATHWAY_TEXT_BYTES + 1}).n,
                     IW_LIMIT_PATHWAY_TEXT_BYTES - 1);
}

static void many_names_are_counted(void **state)
{
    struct iw_pathway_names names = {.arena = &arena};
    (void)state;

    for (size_t i = 0; i < IW_LIMIT_PATHWAY_NAMES; i++)
        iw_pathway_name(&names, IW_STR("n"));
    assert_false(iw_str_ends_nocase(iw_pathway_named(&names), IW_STR("more")));
    iw_pathway_name(&names, IW_STR("n"));
    assert_true(iw_str_ends_nocase(iw_pathway_named(&names), IW_STR("n and 1 more")));
}

/* At the limit a place is read; one element more, and it is not known. */
static void elements_looked_at_are_limited(void **state)
{
    struct iw_filter_reading reading = {.arena = &arena};
    (void)state;

    config = config_of_server(SERVER(PLAIN WEB(ASP_NET)));
    reading.config = config;
    /* requestFiltering, its two lists and their 23 entries; no modules. */
    reading.n_steps = IW_LIMIT_PATHWAY_STEPS - 26;
    assert_int_equal(iw_filter_read(&reading, IW_STR("s")), IW_OK);
    assert_int_equal(reading.n_steps, IW_LIMIT_PATHWAY_STEPS);
    assert_string_equal(reading.hidden.p, "");
    /* The same layers cost nothing. */
    assert_int_equal(iw_filter_read(&reading, IW_STR("t")), IW_OK);
    assert_string_equal(reading.hidden.p, "");
    reading.is_read = false;
    reading.n_steps = IW_LIMIT_PATHWAY_STEPS - 25;
    assert_int_equal(iw_filter_read(&reading, IW_STR("s")), IW_OK);
    assert_string_equal(reading.hidden.p, "a limit of this program was reached");
}

static void memory_may_fail_anywhere(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    uint64_t n = 1;
    (void)state;

    config = config_of_server("<configuration>" HOST(
        POOL(""), "<site name='S' id='1'><application path='/' applicationPool='P'>"
                  "<virtualDirectory path='/' physicalPath='\\\\n\\w' userName='u'/></application>"
                  "<bindings><binding protocol='ftp' bindingInformation='*:21:'/></bindings>"
                  "</site>") WEB("<modules><add name='WebDAVModule'/></modules>" ASP_NET
                                 "<webdav><authoring enabled='true'/><authoringRules><add users='*'"
                                 " path='*' access='Write'/></authoringRules></webdav>") UNLOCK
                              "</configuration>");
    for (; rc != IW_OK && n < 2000; n++) {
        struct iw_write_pathways pathways;
        struct iw_text_list lines;
        struct iw_server server;
        struct iw_arena own;
        iw_arena_init(&own, 0);
        assert_int_equal(iw_server_read(config, &own, &server), IW_OK);
        iw_alloc_fail_at(n);
        rc = iw_write_pathways_read(&server, &own, &pathways);
        if (rc == IW_OK)
            rc = iw_delegations_read(config, &own, &lines);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        iw_arena_done(&own);
    }
    assert_int_equal(rc, IW_OK);
    assert_true(n > 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_ordinary_root_has_none),
        TEST(webdav),
        TEST(ftp),
        TEST(handlers_that_write),
        TEST(folder_and_pool),
        TEST(filtering),
        TEST(listing),
        TEST(sections),
        TEST(sections_of_net),
        TEST(roots_come_in_order),
        TEST(delegations),
        TEST(long_texts_are_cut_between_characters),
        TEST(many_names_are_counted),
        TEST(elements_looked_at_are_limited),
        TEST(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
