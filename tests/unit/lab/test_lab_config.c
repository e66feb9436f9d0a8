/*
 * Changes of the invented IIS configuration: every verb at every place, what event 29 says of them,
 * and what is refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lab_config_support.h"

#include "lab/lab_alloc.h"

static void test_add(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    struct iw_lab_config_steps steps = {0};
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_ADD,
                              "globalModules",
                              NULL,
                              {"name", "X", "image", "C:\\x.dll", "preCondition", "bitness64"}},
               &steps);
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_ADD, "system.webServer/modules", NULL, {"name", "X"}},
               &steps);
    assert_int_equal(steps.n_items, 4);
    check_step(&steps, 0, "/system.webServer/globalModules/add[@name=\"X\"]", "", "X");
    check_step(&steps, 1, "/system.webServer/globalModules/add[@name=\"X\"]/@image", "",
               "C:\\x.dll");
    check_step(&steps, 2, "/system.webServer/globalModules/add[@name=\"X\"]/@preCondition", "",
               "bitness64");
    check_step(&steps, 3, "/system.webServer/modules/add[@name=\"X\"]", "", "X");
    check_has(config, "<add name=\"X\" image=\"C:\\x.dll\" preCondition=\"bitness64\" />\r\n"
                      "        </globalModules>");
    /* The server's modules and handlers stand under <location path="">; handlers come first. */
    check_has(config, "                <add name=\"X\" />\r\n            </modules>");
    must_apply(
        config,
        &(struct line){
            IW_LAB_CONFIG_ADD, "handlers", NULL, {"name", "Text", "path", "*.text", "verb", "*"}},
        NULL);
    check_has(config, "<handlers accessPolicy=\"Read, Script\">\r\n"
                      "                <add name=\"Text\" path=\"*.text\" verb=\"*\" />");
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

static void test_collections(void **state)
{
    (void)state;
    static const struct {
        struct line line;
        const char *step;
        const char *value;
    } rows[] = {
        {{IW_LAB_CONFIG_ADD, "isapiFilters", NULL, {"name", "F", "path", "C:\\f.dll"}},
         "/system.webServer/isapiFilters/filter[@name=\"F\"]",
         "F"},
        {{IW_LAB_CONFIG_ADD, "isapiCgiRestriction", NULL, {"path", "C:\\e.dll", "allowed", "true"}},
         "/system.webServer/security/isapiCgiRestriction/add[@path=\"C:\\e.dll\"]",
         "C:\\e.dll"},
        {{IW_LAB_CONFIG_ADD, "fastCgi", NULL, {"fullPath", "C:\\p.exe", "arguments", "-x"}},
         "/system.webServer/fastCgi/application[@fullPath=\"C:\\p.exe\" and @arguments=\"-x\"]",
         "C:\\p.exe"},
        {{IW_LAB_CONFIG_ADD, "httpCompression", NULL, {"name", "br", "dll", "C:\\b.dll"}},
         "/system.webServer/httpCompression/scheme[@name=\"br\"]",
         "br"},
        {{IW_LAB_CONFIG_ADD, "applicationPools", NULL, {"name", "P"}},
         "/system.applicationHost/applicationPools/add[@name=\"P\"]",
         "P"},
        {{IW_LAB_CONFIG_ADD, "sites", NULL, {"name", "S", "id", "7"}},
         "/system.applicationHost/sites/site[@name=\"S\" and @id=\"7\"]",
         "S"},
        {{IW_LAB_CONFIG_ADD, "serviceAutoStartProviders", NULL, {"name", "A", "type", "T"}},
         "/system.applicationHost/serviceAutoStartProviders/add[@name=\"A\"]",
         "A"},
        {{IW_LAB_CONFIG_ADD, "rewrite/providers", NULL, {"name", "R", "type", "T"}},
         "/system.webServer/rewrite/providers/provider[@name=\"R\"]",
         "R"},
        {{IW_LAB_CONFIG_ADD, "staticContent", NULL, {"fileExtension", ".q", "mimeType", "a/b"}},
         "/system.webServer/staticContent/mimeMap[@fileExtension=\".q\"]",
         ".q"},
        {{IW_LAB_CONFIG_ADD, "customHeaders", NULL, {"name", "H", "value", "v"}},
         "/system.webServer/httpProtocol/customHeaders/add[@name=\"H\"]",
         "H"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct iw_lab_config *config = iw_lab_config_new_server(IW_LAB_CONFIG_REWRITE);
        struct iw_lab_config_steps steps = {0};
        must_apply(config, &rows[i].line, &steps);
        check_step(&steps, 0, rows[i].step, "", rows[i].value);
        must_refuse(config, &rows[i].line, "already");
        struct line removal = rows[i].line;
        removal.verb = IW_LAB_CONFIG_REMOVE;
        must_apply(config, &removal, NULL);
        must_refuse(config, &removal, "has no entry");
        iw_lab_config_steps_done(&steps);
        iw_lab_config_free(config);
    }
}

static void test_remove(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    struct iw_lab_config_steps steps = {0};
    const struct line line = {IW_LAB_CONFIG_REMOVE, "modules", NULL, {"name", "HttpLoggingModule"}};
    assert_string_equal(iw_lab_config_get(config, "modules", NULL, "HttpLoggingModule", "lockItem"),
                        "true");
    must_apply(config, &line, &steps);
    assert_int_equal(steps.n_items, 1);
    check_step(&steps, 0, "/system.webServer/modules/remove[@name=\"HttpLoggingModule\"]",
               "HttpLoggingModule", "");
    assert_null(iw_lab_config_get(config, "modules", NULL, "HttpLoggingModule", "lockItem"));
    assert_non_null(iw_lab_config_get(config, "globalModules", NULL, "HttpLoggingModule", "image"));
    must_refuse(config, &line, "has no entry");
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

static void test_set(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    struct iw_lab_config_steps steps = {0};
    static const struct line lines[] = {
        {IW_LAB_CONFIG_SET, "httpLogging", NULL, {"dontLog", "true"}},
        {IW_LAB_CONFIG_SET, "sites", NULL, {"name", "Shop", "logFile/@enabled", "false"}},
        {IW_LAB_CONFIG_SET, "globalModules", NULL, {"name", "IsapiModule", "image", "C:\\i.dll"}},
        {IW_LAB_CONFIG_SET,
         "applicationPools",
         NULL,
         {"name", "ShopPool", "environmentVariables/add[@name='COR_PROFILER']/@value", "{1}"}},
        {IW_LAB_CONFIG_SET, "handlers", NULL, {"accessPolicy", "Read, Script, Execute"}},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        must_apply(config, &lines[i], &steps);
        must_apply(config, &lines[i], &steps); /* what is set already is no step */
    }
    assert_int_equal(steps.n_items, 6);
    check_step(&steps, 0, "/system.webServer/httpLogging/@dontLog", "false", "true");
    check_step(&steps, 1,
               "/system.applicationHost/sites/site[@name=\"Shop\" and @id=\"2\"]/logFile/@enabled",
               "", "false");
    check_step(&steps, 2, "/system.webServer/globalModules/add[@name=\"IsapiModule\"]/@image",
               "%windir%\\System32\\inetsrv\\isapi.dll", "C:\\i.dll");
    check_step(&steps, 3,
               "/system.applicationHost/applicationPools/add[@name=\"ShopPool\"]"
               "/environmentVariables/add[@name=\"COR_PROFILER\"]",
               "", "COR_PROFILER");
    check_step(&steps, 4,
               "/system.applicationHost/applicationPools/add[@name=\"ShopPool\"]"
               "/environmentVariables/add[@name=\"COR_PROFILER\"]/@value",
               "", "{1}");
    check_step(&steps, 5, "/system.webServer/handlers/@accessPolicy", "Read, Script",
               "Read, Script, Execute");
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

static void test_location(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    struct iw_lab_config_steps steps = {0};
    must_apply(
        config,
        &(struct line){
            IW_LAB_CONFIG_ADD, "handlers", "Shop/api", {"name", "H", "path", "*.h", "verb", "*"}},
        &steps);
    check_step(&steps, 0, "/system.webServer/handlers/add[@name=\"H\"]", "", "H");
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_REMOVE, "modules", "SHOP/API", {"name", "Session"}},
               &steps);
    check_step(&steps, 3, "/system.webServer/modules/remove[@name=\"Session\"]", "Session", "");
    check_has(config, "    <location path=\"Shop/api\">\r\n        <system.webServer>\r\n\r\n"
                      "            <handlers>\r\n"
                      "                <add name=\"H\" path=\"*.h\" verb=\"*\" />\r\n"
                      "            </handlers>\r\n\r\n            <modules>\r\n"
                      "                <remove name=\"Session\" />\r\n            </modules>");
    assert_string_equal(iw_lab_config_get(config, "handlers", "Shop/API", "H", "path"), "*.h");
    assert_null(iw_lab_config_get(config, "handlers", NULL, "H", "path"));
    /* What the location above has is inherited; so is what the server has. */
    const struct line again = {IW_LAB_CONFIG_ADD, "handlers", "Shop/api/v1", {"name", "H"}};
    must_refuse(config, &again, "already");
    const struct line profile = {IW_LAB_CONFIG_ADD, "modules", "Shop", {"name", "Profile"}};
    must_refuse(config, &profile, "already");
    /* Removed above, it can be added and no longer removed. */
    const struct line session = {IW_LAB_CONFIG_ADD, "modules", "Shop/api/v1", {"name", "Session"}};
    struct line gone = session;
    gone.verb = IW_LAB_CONFIG_REMOVE;
    must_refuse(config, &gone, "has no entry");
    must_apply(config, &session, NULL);
    must_apply(config, &gone, NULL);
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

static void test_location_refused(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    const struct line locked = {IW_LAB_CONFIG_REMOVE, "modules", "Shop", {"name", "IsapiModule"}};
    must_refuse(config, &locked, "lockItem");
    const struct line missing = {IW_LAB_CONFIG_REMOVE, "modules", "Shop", {"name", "None"}};
    must_refuse(config, &missing, "has no entry \"None\" at Shop");
    const struct line native = {IW_LAB_CONFIG_ADD, "globalModules", "Shop", {"name", "N"}};
    must_refuse(config, &native, "AppHostOnly");
    const struct line inherited = {
        IW_LAB_CONFIG_SET, "modules", "Shop", {"name", "Session", "type", "T"}};
    must_refuse(config, &inherited, "has no entry");
    /* "" is the server. */
    must_apply(config, &(struct line){IW_LAB_CONFIG_ADD, "modules", "", {"name", "N"}}, NULL);
    assert_string_equal(iw_lab_config_get(config, "modules", NULL, "N", "name"), "N");
    iw_lab_config_free(config);
}

static void test_web_config(void **state)
{
    (void)state;
    struct iw_lab_config *config = iw_lab_config_new_web();
    struct iw_lab_config_steps steps = {0};
    must_apply(config, &(struct line){IW_LAB_CONFIG_REMOVE, "modules", NULL, {"name", "A"}},
               &steps);
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "A", "type", "N.C, D"}},
               &steps);
    must_apply(config, &(struct line){IW_LAB_CONFIG_REMOVE, "modules", NULL, {"name", "B"}},
               &steps);
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_ADD,
                              "system.web/httpHandlers",
                              NULL,
                              {"path", "*.x", "verb", "*", "type", "N.H"}},
               NULL);
    check_step(&steps, 0, "/system.webServer/modules/remove[@name=\"A\"]", "A", "");
    check_step(&steps, 1, "/system.webServer/modules/add[@name=\"A\"]", "", "A");
    char *text = iw_lab_config_print(config);
    assert_string_equal(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
                              "<configuration>\r\n"
                              "    <system.webServer>\r\n"
                              "        <modules>\r\n"
                              "            <remove name=\"A\" />\r\n"
                              "            <remove name=\"B\" />\r\n"
                              "            <add name=\"A\" type=\"N.C, D\" />\r\n"
                              "        </modules>\r\n"
                              "    </system.webServer>\r\n"
                              "    <system.web>\r\n"
                              "        <httpHandlers>\r\n"
                              "            <add path=\"*.x\" verb=\"*\" type=\"N.H\" />\r\n"
                              "        </httpHandlers>\r\n"
                              "    </system.web>\r\n"
                              "</configuration>\r\n");
    iw_lab_alloc_release(text);
    const struct line twice = {IW_LAB_CONFIG_REMOVE, "modules", NULL, {"name", "B"}};
    must_refuse(config, &twice, "has no entry");
    const struct line native = {IW_LAB_CONFIG_ADD, "globalModules", NULL, {"name", "N"}};
    must_refuse(config, &native, "AppHostOnly");
    const struct line missing = {IW_LAB_CONFIG_SET, "handlers", NULL, {"name", "N", "path", "p"}};
    must_refuse(config, &missing, "has no entry");
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

/* Adds <add name image> to globalModules in that spelling. */
static bool add_spelt(struct iw_lab_config *config, const char *name, const char *image,
                      enum iw_lab_config_spelling spelling, struct iw_lab_error *error)
{
    struct iw_lab_config_attribute attributes[] = {{"name", name}, {"image", image}};
    struct iw_lab_config_change change = {.section = "globalModules",
                                          .attributes = attributes,
                                          .n_attributes = 2,
                                          .spelling = spelling};
    return iw_lab_config_apply(config, &change, NULL, error);
}

static void test_spelling(void **state)
{
    (void)state;
    struct iw_lab_config *shop = new_shop();
    struct iw_lab_error error = {""};
    assert_true(add_spelt(shop, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", "C:\\a.dll",
                          IW_LAB_CONFIG_ENCODED, &error));
    assert_true(add_spelt(shop, "B", "C:\\b.dll", IW_LAB_CONFIG_COMMENT, &error));
    assert_true(add_spelt(shop, "C", "C:\\c.dll", IW_LAB_CONFIG_CDATA, &error));
    assert_false(add_spelt(shop, "D", "C:\\a--b.dll", IW_LAB_CONFIG_COMMENT, &error));
    assert_non_null(strstr(error.text, "would end the comment"));
    assert_false(add_spelt(shop, "E", "]]>", IW_LAB_CONFIG_CDATA, &error));
    struct iw_lab_config *copy = iw_lab_config_copy(shop);
    check_has(copy, "<add name=\"&#x41;&#233;&#x20AC;&#128512;\" "
                    "image=\"&#x43;&#58;&#x5C;&#97;&#x2E;&#100;&#x6C;&#108;\" />");
    check_has(copy, "<!-- <add name=\"B\" image=\"C:\\b.dll\" /> -->");
    check_has(copy, "<![CDATA[<add name=\"C\" image=\"C:\\c.dll\" />]]>");
    assert_null(iw_lab_config_get(copy, "globalModules", NULL, "B", "image"));
    assert_null(iw_lab_config_get(copy, "globalModules", NULL, "C", "image"));
    iw_lab_config_free(copy);
    iw_lab_config_free(shop);
}

static void test_clear(void **state)
{
    (void)state;
    struct iw_lab_config *shop = new_shop();
    struct iw_lab_config *web = iw_lab_config_new_web();
    const struct line clear = {IW_LAB_CONFIG_CLEAR, "handlers", NULL, {NULL}};
    must_refuse(shop, &clear, "the server's own");
    must_apply(shop, &(struct line){IW_LAB_CONFIG_CLEAR, "handlers", "Shop", {NULL}}, NULL);
    must_apply(web, &clear, NULL);
    must_apply(web,
               &(struct line){IW_LAB_CONFIG_ADD, "handlers", NULL, {"name", "H", "path", "*.h"}},
               NULL);
    check_has(web, "<clear />\r\n            <add name=\"H\" path=\"*.h\" />");
    const struct line named = {IW_LAB_CONFIG_CLEAR, "handlers", NULL, {"name", "H"}};
    must_refuse(web, &named, "without attributes");
    const struct line single = {IW_LAB_CONFIG_CLEAR, "httpLogging", NULL, {NULL}};
    must_refuse(web, &single, "only a collection");
    iw_lab_config_free(web);
    iw_lab_config_free(shop);
}

/* What the framework installs is changed as a web.config is. */
static void test_framework(void **state)
{
    (void)state;
    struct iw_lab_config *root = iw_lab_config_new_root_web();
    struct iw_lab_config *machine = iw_lab_config_new_machine();
    const struct line module = {
        IW_LAB_CONFIG_ADD, "system.web/httpModules", NULL, {"name", "M", "type", "N.M, N"}};
    check_has(root, "type=\"System.Web.SessionState.SessionStateModule\"");
    must_apply(root, &module, NULL);
    must_apply(machine, &module, NULL);
    check_has(root, "<add name=\"M\" type=\"N.M, N\" />");
    check_has(machine, "<add name=\"M\" type=\"N.M, N\" />");
    const struct line twice = {
        IW_LAB_CONFIG_ADD, "system.web/httpModules", NULL, {"name", "Session", "type", "N.M"}};
    must_refuse(root, &twice, "already");
    iw_lab_config_free(machine);
    iw_lab_config_free(root);
}

static void test_refused(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    static const struct {
        struct line line;
        const char *reason;
    } rows[] = {
        {{IW_LAB_CONFIG_ADD, "globalModule", NULL, {"name", "X"}}, "no section \"globalModule\""},
        {{IW_LAB_CONFIG_ADD, "", NULL, {"name", "X"}}, "no section"},
        {{IW_LAB_CONFIG_ADD, "bindings", NULL, {"protocol", "http"}}, "no section"},
        {{IW_LAB_CONFIG_ADD, "rewrite/rules", NULL, {"name", "X"}}, "not in configSections"},
        {{IW_LAB_CONFIG_ADD, "system.web/httpModules", NULL, {"name", "X"}}, "web.config"},
        {{IW_LAB_CONFIG_ADD, "httpLogging", NULL, {"dontLog", "true"}}, "no collection"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {"type", "X"}}, "key (name) is missing"},
        {{IW_LAB_CONFIG_REMOVE, "modules", NULL, {"type", "X"}}, "key (name) is missing"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {NULL}}, "without attributes"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "X", "a//@b", "c"}}, "cannot read"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "X", "a[@b='c]/@d", "e"}}, "cannot read"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "X", "a/", "e"}}, "cannot read"},
        {{IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "X", "@a/b", "e"}}, "cannot read"},
        {{IW_LAB_CONFIG_SET, "sites", NULL, {"name", "Shopp", "id", "3"}}, "no entry \"Shopp\""},
        {{IW_LAB_CONFIG_SET, "sites", NULL, {"name", "Shop"}}, "nothing to set"},
        {{IW_LAB_CONFIG_ADD, "sites", NULL, {"name", "Other", "id", "2"}}, "already"},
        /* Module names are case-sensitive keys, site names are not. */
        {{IW_LAB_CONFIG_REMOVE, "modules", NULL, {"name", "session"}}, "has no entry"},
        {{IW_LAB_CONFIG_ADD, "sites", NULL, {"name", "SHOP", "id", "3"}}, "already"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        must_refuse(config, &rows[i].line, rows[i].reason);
    }
    must_apply(config, &(struct line){IW_LAB_CONFIG_ADD, "modules", NULL, {"name", "session"}},
               NULL);
    iw_lab_config_free(config);
}

static void test_copy(void **state)
{
    (void)state;
    struct iw_lab_config *config = new_shop();
    struct iw_lab_config *copy = iw_lab_config_copy(config);
    char *text = iw_lab_config_print(config);
    char *same = iw_lab_config_print(copy);
    assert_string_equal(text, same);
    must_apply(copy,
               &(struct line){IW_LAB_CONFIG_REMOVE, "globalModules", NULL, {"name", "IsapiModule"}},
               NULL);
    iw_lab_config_add_site(copy, "Second", 3, "*:81:", NULL, "C:\\second");
    char *still = iw_lab_config_print(config);
    assert_string_equal(text, still);
    iw_lab_config_free(config); /* the copy lives without what it was copied from */
    check_has(copy, "name=\"Second\"");
    check_has_not(copy, "<add name=\"IsapiModule\" image=");
    iw_lab_config_free(copy);
    iw_lab_alloc_release(text);
    iw_lab_alloc_release(same);
    iw_lab_alloc_release(still);
}

static void test_redirection(void **state)
{
    (void)state;
    struct iw_lab_config *config = iw_lab_config_new_redirection();
    struct iw_lab_config_steps steps = {0};
    check_has(config, "    <configurationRedirection />\r\n");
    must_apply(config,
               &(struct line){IW_LAB_CONFIG_SET,
                              "configurationRedirection",
                              NULL,
                              {"enabled", "true", "path", "\\\\FS01\\iis"}},
               &steps);
    check_has(config, "<configurationRedirection enabled=\"true\" path=\"\\\\FS01\\iis\" />");
    check_step(&steps, 0, "/configurationRedirection/@enabled", "", "true");
    const struct line other = {IW_LAB_CONFIG_SET, "httpLogging", NULL, {"dontLog", "true"}};
    must_refuse(config, &other, "not in configSections");
    iw_lab_config_steps_done(&steps);
    iw_lab_config_free(config);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_add),        cmocka_unit_test(test_collections),
        cmocka_unit_test(test_remove),     cmocka_unit_test(test_set),
        cmocka_unit_test(test_location),   cmocka_unit_test(test_location_refused),
        cmocka_unit_test(test_web_config), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_copy),       cmocka_unit_test(test_redirection),
        cmocka_unit_test(test_spelling),   cmocka_unit_test(test_clear),
        cmocka_unit_test(test_framework),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
