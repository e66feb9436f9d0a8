/*
 * Texts of request logs, byte by byte. Expected lines follow the documents of the formats ("W3C
 * Logging", KB820729) and what real logs of IIS 10.0 look like.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lab/evtx/lab_text.h"
#include "lab/form/lab_weblog.h"

#define W3C_HEAD                                                                                   \
    "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: "
#define SITE_1 "WEB01/C/inetpub/logs/LogFiles/W3SVC1/"

struct folder {
    char root[64];
    char text[8192];
    struct iw_lab_weblog *log;
    struct iw_lab_error error;
};

static int make_folder(void **state)
{
    static struct folder folder;
    memset(&folder, 0, sizeof folder);
    strcpy(folder.root, "lab_weblog_XXXXXX");
    *state = &folder;
    return mkdtemp(folder.root) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    struct folder *folder = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf -- '%s'", folder->root);
    return system(command);
}

static const char *read_file(struct folder *folder, const char *path)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", folder->root, path);
    FILE *stream = fopen(full, "rb");
    assert_non_null(stream);
    size_t n = fread(folder->text, 1, sizeof folder->text - 1, stream);
    fclose(stream);
    folder->text[n] = '\0';
    return folder->text;
}

static uint64_t at(const char *text)
{
    uint64_t filetime = 0;
    assert_true(iw_lab_text_parse_time(text, &filetime));
    return filetime;
}

static struct iw_lab_request visit(const char *when)
{
    return (struct iw_lab_request){
        .filetime = at(when),
        .site_id = 1,
        .server_ip = "10.20.1.21",
        .method = "POST",
        .stem = "/uploads/gr\xC3\xB6\xC3\x9F"
                "e 1.aspx",
        .query = "",
        .client_ip = "203.0.113.57",
        .agent = "Mozilla/5.0 (Windows NT 10.0)\t+x\x7F",
        .port = 80,
        .status = 200,
        .win32 = 2148074254U,
        .took_ms = 1312,
    };
}

static void test_default_fields(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T10:42:07.9999999Z");
    struct iw_lab_place place;
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    assert_true(iw_lab_weblog_add(folder->log, iw_lab_weblog_default_fields, &request, &place,
                                  &folder->error));
    assert_string_equal(place.path, SITE_1 "u_ex260105.log");
    assert_int_equal(place.line, 5);
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
    assert_string_equal(
        read_file(folder, place.path),
        W3C_HEAD "2026-01-05 10:42:07\r\n"
                 "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username "
                 "c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status "
                 "time-taken\r\n"
                 "2026-01-05 10:42:07 10.20.1.21 POST /uploads/gr\xC3\xB6\xC3\x9F"
                 "e+1.aspx - 80 "
                 "- 203.0.113.57 Mozilla/5.0+(Windows+NT+10.0)++x+ - 200 0 2148074254 1312\r\n");
}

static void test_all_fields(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T10:42:07Z");
    struct iw_lab_place place;
    request.stem = "/a";
    request.query = "x=%20y";
    request.user = "LAB\\j.doe";
    request.referer = "https://shop.lab.example/";
    request.host_header = "shop.lab.example";
    request.cookie = "a=1; b=2";
    request.substatus = 14;
    request.sent_bytes = 512;
    request.received_bytes = 4096;
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    assert_true(iw_lab_weblog_add(
        folder->log,
        "s-sitename s-computername cs-version cs-host cs(Cookie) cs(Referer) cs-uri-query "
        "cs-username sc-substatus sc-bytes cs-bytes",
        &request, &place, &folder->error));
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
    assert_non_null(strstr(read_file(folder, place.path),
                           "\r\nW3SVC1 WEB01 HTTP/1.1 shop.lab.example a=1;+b=2 "
                           "https://shop.lab.example/ x=%20y LAB\\j.doe 14 512 4096\r\n"));
}

static void test_headers_come_again(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T23:59:59Z");
    struct iw_lab_place place;
    char path[IW_LAB_PLACE_BYTES];
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    assert_true(iw_lab_weblog_add(folder->log, "date time", &request, &place, NULL));
    assert_true(iw_lab_weblog_add(folder->log, "date time", &request, &place, NULL));
    assert_int_equal(place.line, 6);
    assert_true(iw_lab_weblog_add(folder->log, "time date", &request, &place, NULL));
    assert_int_equal(place.line, 11);
    iw_lab_weblog_restart(folder->log);
    assert_true(iw_lab_weblog_add(folder->log, "time date", &request, &place, NULL));
    assert_int_equal(place.line, 16);
    memcpy(path, place.path, sizeof path);
    request.filetime += 10000000;
    assert_true(iw_lab_weblog_add(folder->log, "time date", &request, &place, NULL));
    assert_string_equal(place.path, SITE_1 "u_ex260106.log");
    assert_int_equal(place.line, 5);
    request.filetime -= 10000000;
    assert_false(iw_lab_weblog_add(folder->log, "time date", &request, &place, &folder->error));
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
#define ENTRY "2026-01-05 23:59:59\r\n"
#define REVERSED "23:59:59 2026-01-05\r\n"
    assert_string_equal(read_file(folder, path),
                        W3C_HEAD ENTRY "#Fields: date time\r\n" ENTRY ENTRY W3C_HEAD ENTRY
                                       "#Fields: time date\r\n" REVERSED W3C_HEAD ENTRY
                                       "#Fields: time date\r\n" REVERSED);
}

static void test_sites_have_their_own_files(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T10:00:00Z");
    struct iw_lab_place place;
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t site = 1; site < 12; site++) {
            request.site_id = site;
            assert_true(iw_lab_weblog_add(folder->log, "s-sitename", &request, &place, NULL));
            assert_int_equal(place.line, 5 + round);
        }
    }
    assert_string_equal(place.path, "WEB01/C/inetpub/logs/LogFiles/W3SVC11/u_ex260105.log");
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
}

static void test_refused(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_place place;
    struct iw_lab_refused refused = {.filetime = at("2026-01-05T10:00:01Z"),
                                     .client_ip = "203.0.113.57",
                                     .client_port = 50122,
                                     .server_ip = "10.20.1.21",
                                     .server_port = 443,
                                     .method = "GET",
                                     .url = "/a b?x=1",
                                     .status = 503,
                                     .site_id = 1,
                                     .reason = "Connection_Abandoned_By_AppPool",
                                     .queue = "DefaultAppPool"};
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    assert_true(iw_lab_weblog_add_refused(folder->log, &refused, &place, &folder->error));
    assert_int_equal(place.line, 5);
    refused = (struct iw_lab_refused){.filetime = refused.filetime + 10000000,
                                      .client_ip = "203.0.113.57",
                                      .client_port = 50123,
                                      .server_ip = "10.20.1.21",
                                      .server_port = 443,
                                      .reason = "Timer_ConnectionIdle"};
    assert_true(iw_lab_weblog_add_refused(folder->log, &refused, &place, &folder->error));
    assert_int_equal(place.line, 6);
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
    assert_string_equal(place.path, "WEB01/C/Windows/System32/LogFiles/HTTPERR/httperr1.log");
    assert_string_equal(
        read_file(folder, place.path),
        "#Software: Microsoft HTTP API 2.0\r\n#Version: 1.0\r\n#Date: 2026-01-05 10:00:01\r\n"
        "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri streamid sc-status "
        "s-siteid s-reason s-queuename\r\n"
        "2026-01-05 10:00:01 203.0.113.57 50122 10.20.1.21 443 HTTP/1.1 GET /a+b?x=1 - 503 1 "
        "Connection_Abandoned_By_AppPool DefaultAppPool\r\n"
        "2026-01-05 10:00:02 203.0.113.57 50123 10.20.1.21 443 - - - - - - Timer_ConnectionIdle "
        "-\r\n");
}

static void test_unknown_fields(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T10:00:00Z");
    assert_true(iw_lab_weblog_knows_fields(iw_lab_weblog_default_fields, NULL));
    assert_false(iw_lab_weblog_knows_fields("", &folder->error));
    assert_false(iw_lab_weblog_knows_fields("date tim", &folder->error));
    assert_string_equal(folder->error.text, "no such W3C field: tim");
    assert_false(iw_lab_weblog_knows_fields("date timer", NULL));
    folder->log = iw_lab_weblog_new(folder->root, "WEB01");
    assert_false(iw_lab_weblog_add(folder->log, "x", &request, NULL, &folder->error));
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
    assert_true(iw_lab_weblog_close(NULL, NULL));
}

static void test_folder_that_cannot_be(void **state)
{
    struct folder *folder = *state;
    struct iw_lab_request request = visit("2026-01-05T10:00:00Z");
    char root[96];
    snprintf(root, sizeof root, "%s/file", folder->root);
    fclose(fopen(root, "wb"));
    folder->log = iw_lab_weblog_new(root, "WEB01");
    assert_false(iw_lab_weblog_add(folder->log, "date", &request, NULL, &folder->error));
    assert_non_null(strstr(folder->error.text, "cannot make folder"));
    assert_true(iw_lab_weblog_close(folder->log, &folder->error));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_default_fields, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_all_fields, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_headers_come_again, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sites_have_their_own_files, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_refused, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_unknown_fields, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_folder_that_cannot_be, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
