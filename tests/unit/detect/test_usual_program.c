/*
 * PHP as FastCGI, as windows.php.net says to install it: on every server with WordPress, signed by
 * nobody. It weighs less only where all speaks for it, and nothing tells that it came (design §8:
 * a load point that nobody vouches for is medium).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/detect/reconcile_rig.h"

#define PHP "C:\\Program Files\\PHP\\v8.3\\php-cgi.exe"
#define TITLE "Component that nobody vouches for: "

static const struct iw_str PATH[] = {{"path=*.php", 10}};

static struct iw_inventory_component *php(struct rig *rig, const char *kind, const char *image)
{
    struct iw_inventory_component *row = rig_component(rig, kind, kind, image);
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    row->attributes = (struct iw_text_list){PATH, 1};
    return row;
}

static void as_it_is_installed(void **state)
{
    struct rig *rig = *state;
    struct iw_item_file *file;
    struct iw_inventory_component *fast_cgi = php(rig, "fastCgi", PHP);
    (void)php(rig, "handler", PHP);
    rig_one(rig, IW_LEVEL_LOW, TITLE "fastCgi");
    rig_says(rig, "why: lowered: PHP's own program by name and place");
    file = rig_give_file(rig, fast_cgi, NULL);
    file->company = IW_STR("The PHP Group");
    rig_one(rig, IW_LEVEL_LOW, TITLE "fastCgi");
    file->company = IW_STR("Contoso");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "fastCgi");
    file->company = IW_STR("");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "fastCgi");
}

static void elsewhere_or_for_other_files(void **state)
{
    static const struct {
        const char *kind, *image, *path;
        enum iw_level level;
    } CASES[] = {
        {"fastCgi", "c:\\program files (x86)\\php8.3\\PHP-CGI.EXE", "", IW_LEVEL_LOW},
        {"fastCgi", "C:\\PHP\\php-cgi.exe", "", IW_LEVEL_MEDIUM}, /* who may write there? */
        {"fastCgi", "D:\\Program Files\\PHP\\php-cgi.exe", "", IW_LEVEL_MEDIUM},
        {"fastCgi", "C:\\ProgramData\\PHP\\php-cgi.exe", "", IW_LEVEL_MEDIUM},
        {"fastCgi", "C:\\Program Files\\Contoso\\php-cgi.exe", "", IW_LEVEL_MEDIUM},
        {"fastCgi", "C:\\Program Files\\PHP\\php-cgi2.exe", "", IW_LEVEL_MEDIUM},
        {"fastCgi", "C:\\x\\Program Files\\PHP\\php-cgi.exe", "", IW_LEVEL_MEDIUM},
        {"handler", PHP, "path=*.php", IW_LEVEL_LOW},
        {"handler", PHP, "path=*.jpg", IW_LEVEL_MEDIUM},
        {"handler", PHP, "path=*", IW_LEVEL_MEDIUM},
        {"httpPlatformProcess", PHP, "", IW_LEVEL_MEDIUM},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str path = iw_str_of(CASES[i].path);
        rig_done(rig);
        rig_init(rig);
        php(rig, CASES[i].kind, CASES[i].image)->attributes = (struct iw_text_list){&path, 1};
        assert_int_equal(rig_run(rig), 1);
        if (rig->seen[0].finding.level != CASES[i].level)
            fail_msg("%s %s %s", CASES[i].kind, CASES[i].image, CASES[i].path);
    }
}

static void that_came_while_it_was_watched(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *fact;
    (void)php(rig, "fastCgi", PHP);
    fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, PHP, 100);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "fastCgi");
    fact->path = IW_STR("C:\\Program Files\\PHP\\v8.3\\php.exe");
    rig_one(rig, IW_LEVEL_LOW, TITLE "fastCgi");
    rig->facts.n = 0;
    fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 100);
    fact->configuration = IW_STR("/system.webServer/fastCgi/application[@fullPath=\"" PHP "\"]");
    fact->new_value = IW_STR(PHP);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "fastCgi");
}

/* php.net: "Command line options" (-d, -c), "The configuration file" (PHPRC, PHP_INI_SCAN_DIR). */
static void that_is_told_what_to_run_first(void **state)
{
    static const struct {
        const char *name, *folder;
        enum iw_level level;
    } CASES[] = {
        {"PHPRC", "C:\\ProgramData\\x", IW_LEVEL_MEDIUM},
        {"phprc", "D:\\blog", IW_LEVEL_MEDIUM},
        {"PHP_INI_SCAN_DIR", "C:\\PHP\\conf", IW_LEVEL_MEDIUM},
        {"PHPRC", "C:\\Program Files\\PHP\\v8.3", IW_LEVEL_LOW},
        {"PYTHONPATH", "D:\\blog", IW_LEVEL_LOW},
    };
    struct rig *rig = *state;
    struct iw_inventory_component *fast_cgi = php(rig, "fastCgi", PHP);
    fast_cgi->arguments = IW_STR("-d auto_prepend_file=C:\\ProgramData\\logo.gif");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE "fastCgi");
    rig_says(rig, "why: it is started with -d auto_prepend_file=");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        rig_done(rig);
        rig_init(rig);
        rig_component(rig, "environmentVariable", CASES[i].name, CASES[i].folder)->known =
            IW_ITEM_KNOWN_UNKNOWN;
        assert_true(rig_run(rig) >= 1);
        if (rig->seen[0].finding.level != CASES[i].level)
            fail_msg("%s %s", CASES[i].name, CASES[i].folder);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_it_is_installed),
        TEST(elsewhere_or_for_other_files),
        TEST(that_came_while_it_was_watched),
        TEST(that_is_told_what_to_run_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
