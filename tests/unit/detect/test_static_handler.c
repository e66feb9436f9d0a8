/*
 * A handler that runs files, mapped to files that are only sent (domain.md §4.5): whatever its
 * name, and although the engine is Microsoft's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define TITLE "Handler that runs files made to be sent only"
#define PAGES "System.Web.UI.PageHandlerFactory"
#define ASP INETSRV "asp.dll"
#define PHP "C:\\Program Files\\PHP\\php-cgi.exe"

struct mapping {
    const char *path, *modules, *image, *type;
    bool is_said;
};

static const struct mapping MAPPINGS[] = {
    {"path=*.jpg", "modules=IsapiModule", ASP, "", true},
    {"path=/uploads/*.PNG", "modules=IsapiModule", ASP, "", true},
    {"path=*.jpg", "modules=ManagedPipelineHandler", "", PAGES, true},
    {"path=*.txt", "modules=ManagedPipelineHandler", "", PAGES ", System.Web, Version=4.0.0.0",
     true},
    {"path=logo.gif", "modules=FastCgiModule", PHP, "", true},
    {"path=*.css", "modules=CgiModule", "C:\\perl\\perl.exe", "", true},
    {"path=*.php,*.woff2", "modules=FastCgiModule", PHP, "", true},
    /* What honest servers have. */
    {"path=*.php", "modules=FastCgiModule", PHP, "", false},
    {"path=*.asp", "modules=IsapiModule", ASP, "", false},
    {"path=*.aspx", "modules=ManagedPipelineHandler", "", PAGES, false},
    {"path=*", "modules=FastCgiModule", PHP, "", false},
    {"path=*.", "modules=ManagedPipelineHandler", "", "System.Web.Handlers.TransferRequestHandler",
     false},
    {"path=*.jpg", "modules=ManagedPipelineHandler", "",
     "System.Web.Handlers.TransferRequestHandler", false},
    {"path=*.jpg", "modules=ManagedPipelineHandler", "", "System.Web.StaticFileHandler", false},
    {"path=*.js", "modules=StaticFileModule,DefaultDocumentModule", "", "", false},
    {"path=*.pdf", "modules=IsapiModule",
     "C:\\Windows\\Microsoft.NET\\Framework64\\v2.0.50727\\aspnet_isapi.dll", "", false},
    {"path=*.notjpg", "modules=IsapiModule", ASP, "", false},
};

static struct iw_inventory_component *handler(struct rig *rig, const struct mapping *mapping,
                                              struct iw_str attributes[2])
{
    struct iw_inventory_component *row = rig_component(rig, "handler", "H", mapping->image);
    attributes[0] = iw_str_of(mapping->modules);
    attributes[1] = iw_str_of(mapping->path);
    row->attributes = (struct iw_text_list){attributes, 2};
    row->type = iw_str_of(mapping->type);
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    row->approval = IW_APPROVAL_CATALOGUE;
    return row;
}

static void pictures_that_run(void **state)
{
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof MAPPINGS / sizeof MAPPINGS[0]; i++) {
        struct iw_str attributes[2];
        size_t n;
        rig_done(rig);
        rig_init(rig);
        (void)handler(rig, &MAPPINGS[i], attributes);
        n = rig_run(rig);
        if (n != MAPPINGS[i].is_said ||
            (n != 0 && (rig->seen[0].finding.level != IW_LEVEL_MEDIUM ||
                        strncmp(rig->seen[0].title, TITLE, sizeof TITLE - 1) != 0)))
            fail_msg("%s %s %s %zu", MAPPINGS[i].path, MAPPINGS[i].image, MAPPINGS[i].type, n);
    }
}

static void approved_or_refused(void **state)
{
    struct rig *rig = *state;
    struct iw_str attributes[2];
    struct iw_inventory_component *row = handler(rig, &MAPPINGS[0], attributes);
    row->state = "refused";
    rig_one(rig, IW_LEVEL_LOW, TITLE ": H");
    row->state = "written";
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ": H");
    row->approval = IW_APPROVAL_BASELINE;
    assert_int_equal(rig_run(rig), 0);
}

static void of_aspnet(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = rig_component(rig, "aspNetHandler", "*.jpg", "");
    row->type = IW_STR(PAGES);
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE ": *.jpg");
    row->name = IW_STR("*.aspx");
    assert_int_equal(rig_run(rig), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pictures_that_run),
        TEST(approved_or_refused),
        TEST(of_aspnet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
