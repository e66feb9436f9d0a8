/*
 * The table of web servers: what it says of images, and that the documentation says the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "event/web_server.h"

static void rows_can_be_asked_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        const struct iw_web_server *row = &iw_web_servers[i];
        assert_true(strlen(row->name) > 3 && strlen(row->product) > 2);
        for (const char *at = row->name; *at != '\0'; at++)
            assert_false(*at >= 'A' && *at <= 'Z');
        for (const char *at = row->below; at != NULL && *at != '\0'; at++)
            assert_false(*at >= 'A' && *at <= 'Z');
        if (row->below != NULL)
            assert_true(row->below[0] == '\\' && row->below[strlen(row->below) - 1] != '\\');
        if (row->kind == IW_WEB_SERVER_JAVA_FOLDER)
            assert_true(row->name[0] == '\\' && row->name[strlen(row->name) - 1] == '\\');
        else if (!iw_web_server_is_of_java(row))
            assert_string_equal(row->name + strlen(row->name) - 4, ".exe");
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(row->name, iw_web_servers[k].name);
    }
}

static const struct iw_web_server *row_of(const char *name)
{
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        if (strcmp(iw_web_servers[i].name, name) == 0)
            return &iw_web_servers[i];
    }
    fail_msg("no row %s", name);
    return NULL;
}

static void images_lie_where_a_row_says(void **state)
{
    const struct iw_web_server *mail = row_of("mailservice.exe");
    (void)state;
    assert_true(iw_web_server_has_image(row_of("w3wp.exe"), IW_STR("D:\\x\\w3wp.exe")));
    assert_true(iw_web_server_has_image(
        mail,
        IW_STR("C:\\Program Files (x86)\\SmarterTools\\SmarterMail\\Service\\MailService.exe")));
    assert_false(iw_web_server_has_image(mail, IW_STR("C:\\mail\\MailService.exe")));
    assert_false(iw_web_server_has_image(row_of("tomcat"), IW_STR("C:\\tomcat")));
}

static void lists_of_rules(void **state)
{
    (void)state;
    assert_int_equal(iw_web_server_list_of(IW_STR("iiswarden.web_servers")),
                     IW_WEB_SERVER_LIST_IMAGES);
    assert_int_equal(iw_web_server_list_of(IW_STR("iiswarden.java_web_servers")),
                     IW_WEB_SERVER_LIST_JAVA);
    assert_int_equal(iw_web_server_list_of(IW_STR("iiswarden.java_web_server_folders")),
                     IW_WEB_SERVER_LIST_FOLDERS);
    assert_true(iw_web_server_is_in(row_of("\\goanywhere\\"), IW_WEB_SERVER_LIST_FOLDERS));
    assert_false(iw_web_server_is_in(row_of("\\goanywhere\\"), IW_WEB_SERVER_LIST_JAVA));
    assert_int_equal(iw_web_server_list_of(IW_STR("web_servers")), IW_WEB_SERVER_LIST_NONE);
    assert_true(iw_web_server_is_in(row_of("w3wp.exe"), IW_WEB_SERVER_LIST_IMAGES));
    assert_false(iw_web_server_is_in(row_of("w3wp.exe"), IW_WEB_SERVER_LIST_JAVA));
    assert_false(iw_web_server_is_in(row_of("w3wp.exe"), IW_WEB_SERVER_LIST_NONE));
    assert_true(iw_web_server_is_in(row_of("catalina.home="), IW_WEB_SERVER_LIST_JAVA));
    /* A name alone stands in many a path of classes. */
    assert_false(iw_web_server_is_in(row_of("catalina"), IW_WEB_SERVER_LIST_JAVA));
    assert_true(iw_web_server_is_in(row_of("catalina"), IW_WEB_SERVER_LIST_FOLDERS));
    assert_false(iw_web_server_is_in(row_of("iisexpress.exe"), IW_WEB_SERVER_LIST_IMAGES));
    /* Administrators run commands by it: no rule of single events says anything of that. */
    assert_false(iw_web_server_is_in(row_of("wmsvc.exe"), IW_WEB_SERVER_LIST_IMAGES));
}

static void pages_below_default_folders(void **state)
{
    static const struct {
        const char *path, *page;
    } CASES[] = {
        {"D:\\tomcat10\\webapps\\shop\\a\\x.jsp", "shop\\a\\x.jsp"},
        {"D:\\tomcat10\\webapps\\root\\x.jsp", "x.jsp"},
        {"D:\\tomcat10\\WebApps\\rooted\\x.jsp", "rooted\\x.jsp"},
        {"C:\\xampp\\htdocs\\x.php", "x.php"},
        {"D:\\www\\apache\\htdocs\\root\\x.php", "root\\x.php"},
        {"C:\\wamp64\\www\\a\\x.php", "a\\x.php"},
        {"C:\\xampp\\cgi-bin\\x.cgi", "cgi-bin\\x.cgi"},
        {"C:\\webapps.old\\x.jsp", ""},
        {"C:\\inetpub\\wwwroot\\x.aspx", ""}, /* of IIS, whose configuration tells */
        {"D:\\tomcat10\\webapps\\", ""},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_str page = iw_web_server_page_of(iw_str_of(CASES[i].path));
        if (!iw_str_equal(page, iw_str_of(CASES[i].page)))
            fail_msg("%s: '%.*s'", CASES[i].path, IW_STR_ARG(page));
    }
}

static char *read_document(const char *name)
{
    char path[512];
    FILE *file;
    char *text;
    long n;
    (void)snprintf(path, sizeof path, "%s/docs/%s", IW_TEST_SOURCE_DIR, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    n = ftell(file);
    assert_true(n > 0);
    rewind(file);
    text = calloc(1, (size_t)n + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)n, file), (size_t)n);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void documentation_names_every_row_and_folder(void **state)
{
    char *text = read_document("DETECTIONS.md"), wanted[128];
    size_t n_missing = 0;
    (void)state;
    for (size_t i = 0; i < iw_n_web_servers; i++) {
        const char *name = iw_web_servers[i].name;
        (void)snprintf(wanted, sizeof wanted, "`%s`", name + strspn(name, " "));
        if (strstr(text, wanted) == NULL) {
            print_error("DETECTIONS.md lacks the server %s\n", wanted);
            n_missing++;
        }
    }
    for (size_t i = 0; iw_web_server_folders[i] != NULL; i++) {
        (void)snprintf(wanted, sizeof wanted, "`%s`", iw_web_server_folders[i]);
        if (strstr(text, wanted) == NULL) {
            print_error("DETECTIONS.md lacks the folder %s\n", wanted);
            n_missing++;
        }
    }
    free(text);
    assert_int_equal(n_missing, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_can_be_asked_for),
        cmocka_unit_test(images_lie_where_a_row_says),
        cmocka_unit_test(lists_of_rules),
        cmocka_unit_test(pages_below_default_folders),
        cmocka_unit_test(documentation_names_every_row_and_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
