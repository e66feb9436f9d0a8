/*
 * The invented IIS configuration as a file: what a fresh server has, farms on it, which modules a
 * worker loads, and how it is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab_config_support.h"

#include "lab/lab_alloc.h"
#include "tests/support/skip_because.h"

static void test_fresh_server(void **state)
{
    (void)state;
    struct iw_lab_config *config = iw_lab_config_new_server(IW_LAB_CONFIG_ASP);
    check_has(config, "<section name=\"globalModules\" allowDefinition=\"AppHostOnly\" "
                      "overrideModeDefault=\"Deny\" />");
    check_has(config, "<section name=\"modules\" allowDefinition=\"MachineToApplication\" "
                      "overrideModeDefault=\"Deny\" />");
    check_has(config, "<section name=\"handlers\" overrideModeDefault=\"Deny\" />");
    check_has(config, "<location path=\"\" overrideMode=\"Allow\">");
    check_has(config, "<add name=\"StaticFileModule\" lockItem=\"true\" />");
    check_has_not(config, "ManagedEngine");
    check_has_not(config, "RewriteModule");
    /* .cer runs as ASP where ASP is installed. */
    assert_string_equal(
        iw_lab_config_get(config, "handlers", NULL, "SecurityCertificate", "scriptProcessor"),
        "%windir%\\system32\\inetsrv\\asp.dll");
    assert_string_equal(
        iw_lab_config_get(config, "globalModules", NULL, "DefaultDocumentModule", "image"),
        "%windir%\\System32\\inetsrv\\defdoc.dll");
    assert_string_equal(iw_lab_config_get(config, "httpCompression", NULL, "gzip", "dll"),
                        "%Windir%\\system32\\inetsrv\\gzip.dll");
    assert_string_equal(iw_lab_config_get(config, "configHistory", NULL, "", "maxHistories"), "10");
    assert_null(iw_lab_config_get(config, "globalModules", NULL, "Nothing", "image"));
    assert_null(iw_lab_config_get(config, "nothing", NULL, "", "image"));
    iw_lab_config_free(config);
    iw_lab_config_free(NULL);
}

static void test_features(void **state)
{
    (void)state;
    static const struct {
        unsigned feature;
        const char *text;
    } facts[] = {
        {IW_LAB_CONFIG_ASPNET, "<filter name=\"ASP.Net_4.0_64bit\" "
                               "path=\"%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\"
                               "aspnet_filter.dll\" enableCache=\"true\" "
                               "preCondition=\"runtimeVersionv4.0,bitness64\" />"},
        {IW_LAB_CONFIG_ASPNET, "<add fileExtension=\".config\" allowed=\"false\" />"},
        {IW_LAB_CONFIG_REWRITE, "%SystemRoot%\\system32\\inetsrv\\rewrite.dll"},
        {IW_LAB_CONFIG_ARR, "%ProgramFiles%\\IIS\\Application Request Routing\\requestRouter.dll"},
        {IW_LAB_CONFIG_ARR, "name=\"RewriteModule\""},
        {IW_LAB_CONFIG_EXCHANGE, "Exchange Server\\V15\\Bin\\kerbauth.dll"},
        {IW_LAB_CONFIG_EXCHANGE, "FrontEnd\\HttpProxy\\bin\\exppw.dll"},
        {IW_LAB_CONFIG_SHAREPOINT, "16\\isapi\\owssvr.dll"},
        {IW_LAB_CONFIG_SHAREPOINT, "name=\"SPRequestModule\""},
        {IW_LAB_CONFIG_FTP, "<system.ftpServer>"},
    };
    struct iw_lab_config *bare = iw_lab_config_new_server(0);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct iw_lab_config *config = iw_lab_config_new_server(facts[i].feature);
        check_has(config, facts[i].text);
        check_has_not(bare, facts[i].text);
        iw_lab_config_free(config);
    }
    iw_lab_config_free(bare);
}

static void test_farm(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    const struct iw_lab_config_pool old = {"Old", "", "LocalSystem", true};
    iw_lab_config_add_pool(config, &old);
    check_has(config,
              "<site name=\"Shop\" id=\"2\">\r\n"
              "                <application path=\"/\" applicationPool=\"ShopPool\">\r\n"
              "                    <virtualDirectory path=\"/\" physicalPath=\"D:\\shop\" />"
              "\r\n                </application>\r\n"
              "                <application path=\"/api\" applicationPool=\"ShopPool\">\r\n"
              "                    <virtualDirectory path=\"/\" physicalPath=\"D:\\api\" />"
              "\r\n                    <virtualDirectory path=\"/docs\" "
              "physicalPath=\"D:\\docs\" />\r\n                </application>\r\n"
              "                <bindings>\r\n                    <binding "
              "protocol=\"https\" bindingInformation=\"*:443:shop.lab.example\"");
    check_has(config, "<add name=\"Old\" managedRuntimeVersion=\"\" enable32BitAppOnWin64=\"true\">"
                      "\r\n                <processModel identityType=\"LocalSystem\" />");
    check_has(config, "identityType=\"SpecificUser\" userName=\"LAB\\svc_shop\" "
                      "password=\"[enc:IISWASOnlyAesProvider:");
    iw_lab_config_free(config);
}

static void test_bindings(void **state)
{
    (void)state;
    static const char *const bindings[][2] = {
        {"*:80:", "http"}, {"*:443:", "https"}, {"*:444:", "https"}, {"10.0.0.1:8443:a", "https"},
        {"*:81:", "http"}, {"*:8080:", "http"}, {"*:4430:", "http"}, {"*:440:", "http"},
    };
    for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++) {
        struct iw_lab_config *config = iw_lab_config_new_server(0);
        iw_lab_config_add_site(config, "S", 1, bindings[i][0], NULL, "C:\\s");
        assert_string_equal(
            iw_lab_config_get(config, "sites", NULL, "S", "bindings/binding/@protocol"),
            bindings[i][1]);
        iw_lab_config_free(config);
    }
}

static void test_log(void **state)
{
    (void)state;
    struct iw_lab_config *config = iw_lab_config_new_server(0);
    iw_lab_config_set_log(config, "time date  cs-method cs-uri-stem c-ip cs(X-Forwarded-For)",
                          false);
    assert_string_equal(
        iw_lab_config_get(config, "sites/siteDefaults", NULL, "", "logFile/@logExtFileFlags"),
        "Date, Time, ClientIP, Method, UriStem");
    assert_string_equal(
        iw_lab_config_get(config, "sites/siteDefaults", NULL, "", "logFile/@enabled"), "false");
    check_has(config, "<add logFieldName=\"X-Forwarded-For\" sourceName=\"X-Forwarded-For\" "
                      "sourceType=\"RequestHeader\" />");
    iw_lab_config_set_log(config, "sc-win32-status", true);
    assert_string_equal(
        iw_lab_config_get(config, "sites/siteDefaults", NULL, "", "logFile/@logExtFileFlags"),
        "Win32Status");
    assert_null(iw_lab_config_get(config, "sites/siteDefaults", NULL, "", "logFile/@enabled"));
    check_has_not(config, "X-Forwarded-For");
    iw_lab_config_free(config);
}

static bool loads(const struct iw_lab_config *config, const char *pool, bool is_32, const char *clr,
                  const char *name)
{
    struct iw_lab_config_modules modules;
    iw_lab_config_native_modules(config, pool, is_32, clr, &modules);
    bool found = false;
    for (size_t i = 0; i < modules.n_items; i++) {
        found = found || strcmp(modules.items[i].name, name) == 0;
    }
    iw_lab_config_modules_done(&modules);
    return found;
}

static void test_native_modules(void **state)
{
    (void)state;
    /* The modules of a server with nothing but the role's default are thirteen. */
    struct iw_lab_config *bare = iw_lab_config_new_server(0);
    struct iw_lab_config_modules modules;
    iw_lab_config_native_modules(bare, "DefaultAppPool", false, "", &modules);
    assert_int_equal(modules.n_items, 13);
    assert_string_equal(modules.items[0].name, "UriCacheModule");
    assert_string_equal(modules.items[0].image, "C:\\Windows\\System32\\inetsrv\\cachuri.dll");
    iw_lab_config_modules_done(&modules);
    iw_lab_config_free(bare);

    struct iw_lab_config *config = new_shop();
    assert_true(loads(config, "ShopPool", false, "v4.0", "ManagedEngineV4.0_64bit"));
    assert_false(loads(config, "ShopPool", false, "v4.0", "ManagedEngineV4.0_32bit"));
    assert_true(loads(config, "ShopPool", true, "v4.0", "ManagedEngineV4.0_32bit"));
    assert_false(loads(config, "ShopPool", true, "v4.0", "ManagedEngineV4.0_64bit"));
    assert_false(loads(config, "ShopPool", false, "", "ManagedEngineV4.0_64bit"));
    assert_false(loads(config, "ShopPool", false, "v2.0", "ManagedEngineV4.0_64bit"));
    assert_true(loads(config, "ShopPool", false, NULL, "ManagedEngineV4.0_64bit"));
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_SET,
                              "applicationPools",
                              NULL,
                              {"name", "ShopPool", "managedPipelineMode", "Classic"}},
               NULL);
    assert_false(loads(config, "ShopPool", false, "v4.0", "ManagedEngineV4.0_64bit"));
    assert_true(loads(config, "Other", false, "v4.0", "ManagedEngineV4.0_64bit"));
    iw_lab_config_free(config);
}

static void test_conditions(void **state)
{
    (void)state;
    static const struct {
        const char *condition;
        bool in_shop_64; /* integrated, v4.0 */
        bool in_old_32;  /* classic, v2.0 */
    } rows[] = {
        {"", true, true},
        {"bitness64", true, false},
        {"bitness32", false, true},
        {"integratedMode", true, false},
        {"classicMode", false, true},
        {"ISAPIMode", false, true},
        {"runtimeVersionv4.0", true, false},
        {"runtimeVersionv2.0", false, true},
        {"managedHandler", true, true},
        {"appPoolName=ShopPool", true, false},
        {"appPoolName=Other;OldPool", false, true},
        {"appPoolName=OldPool;ShopPool", true, true},
        {"appPoolName=Shop", false, false},
        {"appPoolName=", false, false},
        {"classicMode,runtimeVersionv2.0, bitness32", false, true},
        {"bitness64,bitness32", false, false},
        {"appPoolName=ShopPool;OldPool,bitness64", true, false},
        {"somethingElse", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct iw_lab_config *config = new_shop();
        const struct iw_lab_config_pool old = {"OldPool", "v2.0", NULL, true};
        iw_lab_config_add_pool(config, &old);
        must_apply(config,
                   &(struct line){IW_LAB_CONFIG_SET,
                                  "applicationPools",
                                  NULL,
                                  {"name", "OldPool", "managedPipelineMode", "Classic"}},
                   NULL);
        must_apply(
            config,
            &(struct line){IW_LAB_CONFIG_ADD,
                           "globalModules",
                           NULL,
                           {"name", "X", "image", "C:\\x.dll", "preCondition", rows[i].condition}},
            NULL);
        assert_int_equal(loads(config, "ShopPool", false, "v4.0", "X"), rows[i].in_shop_64);
        assert_int_equal(loads(config, "OldPool", true, "v2.0", "X"), rows[i].in_old_32);
        iw_lab_config_free(config);
    }
}

static void test_expand(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"%windir%\\a", "C:\\Windows\\a", "C:\\Windows\\a"},
        {"%SYSTEMROOT%\\a", "C:\\Windows\\a", "C:\\Windows\\a"},
        {"%SystemDrive%\\inetpub", "C:\\inetpub", "C:\\inetpub"},
        {"%ProgramFiles%\\IIS\\b", "C:\\Program Files\\IIS\\b", "C:\\Program Files (x86)\\IIS\\b"},
        {"%nothing%\\c", "%nothing%\\c", "%nothing%\\c"},
        {"100%", "100%", "100%"},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int is_32 = 0; is_32 < 2; is_32++) {
            char *text = iw_lab_config_expand(rows[i][0], is_32 == 1);
            assert_string_equal(text, rows[i][1 + is_32]);
            iw_lab_alloc_release(text);
        }
    }
}

static void test_print(void **state)
{
    (void)state;
    struct iw_lab_config *first = new_shop();
    struct iw_lab_config *second = new_shop();
    char *text = iw_lab_config_print(first);
    char *again = iw_lab_config_print(second);
    assert_string_equal(text, again);
    static const char declaration[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n";
    assert_memory_equal(text, declaration, sizeof declaration - 1);
    size_t size_bytes = strlen(text);
    assert_true(size_bytes > 45000 && size_bytes < 80000);
    assert_string_equal(text + size_bytes - 18, "</configuration>\r\n");
    for (size_t i = 0; i < size_bytes; i++) {
        assert_true(text[i] != '\t' && (text[i] != '\n' || text[i - 1] == '\r'));
        assert_true(text[i] != '\r' || text[i + 1] == '\n');
    }
    iw_lab_alloc_release(text);
    iw_lab_alloc_release(again);
    iw_lab_config_free(first);
    iw_lab_config_free(second);

    struct iw_lab_config *web = iw_lab_config_new_web();
    text = iw_lab_config_print(web);
    assert_string_equal(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n"
                              "</configuration>\r\n");
    iw_lab_alloc_release(text);
    must_apply(web,
               &(struct line){IW_LAB_CONFIG_ADD,
                              "appSettings",
                              NULL,
                              {"key", "a&b", "value",
                               "<\"gr\xC3\xB6\xC3\x9F"
                               "e\">\r\n\t'\x01"}},
               NULL);
    check_has(web, "<add key=\"a&amp;b\" value=\"&lt;&quot;gr\xC3\xB6\xC3\x9F"
                   "e&quot;&gt;&#xD;&#xA;&#x9;'\xEF\xBF\xBD\" />");
    iw_lab_config_free(web);
}

/* Every kind of file is XML that a parser of other hands accepts. */
static void test_well_formed(void **state)
{
    (void)state;
    if (system("xmllint --version >/dev/null 2>&1") != 0) {
        skip_because("xmllint is not installed; nothing judged the printed files");
    }
    for (unsigned features = 0; features < 128; features += 127) {
        struct iw_lab_config *config = iw_lab_config_new_server(features);
        add_shop(config);
        must_apply(config,
                   &(struct line){IW_LAB_CONFIG_ADD,
                                  "modules",
                                  "Shop",
                                  {"name", "a&<>\"'\xC3\xB6\x02\xF0\x9F\x90\x8D"}},
                   NULL);
        char *text = iw_lab_config_print(config);
        FILE *judge = popen("xmllint --noout -", "w");
        assert_non_null(judge);
        assert_int_equal(fwrite(text, 1, strlen(text), judge), strlen(text));
        assert_int_equal(pclose(judge), 0);
        iw_lab_alloc_release(text);
        iw_lab_config_free(config);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fresh_server), cmocka_unit_test(test_features),
        cmocka_unit_test(test_farm),         cmocka_unit_test(test_bindings),
        cmocka_unit_test(test_log),          cmocka_unit_test(test_native_modules),
        cmocka_unit_test(test_conditions),   cmocka_unit_test(test_expand),
        cmocka_unit_test(test_print),        cmocka_unit_test(test_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
