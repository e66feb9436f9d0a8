/*
 * Sysmon's configuration for servers: read back by an XML parser, it names their folders, whatever
 * is in their names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <expat.h>

#include "base/alloc.h"
#include "coverage/sysmon_rules.h"
#include "tests/support/skip_because.h"

static struct iw_inventory_root roots[] = {
    {.path = IW_STR("D:\\sites\\R&D [b] 'c' \xC3\xB6 \xE2\x80\x99"), .is_resolved = true},
    {.path = IW_STR("C:\\inetpub\\wwwroot"), .is_resolved = true},
    {.path = IW_STR("c:\\InetPub\\wwwroot\\shop"), .is_resolved = true}, /* below the other */
    {.path = IW_STR("C:\\inetpub\\wwwroot2"), .is_resolved = true},
    {.path = IW_STR("E:\\"), .is_resolved = true},
    {.path = IW_STR("\\\\nas\\web"), .is_resolved = true},
    {.path = IW_STR("%X%\\y"), .is_resolved = false},
    {.path = IW_STR("C:\\a\nb"), .is_resolved = true},
};
static struct iw_item_file images[] = {
    {.path = IW_STR("C:\\Windows\\System32\\inetsrv\\static.dll")},
    {.path = IW_STR("C:\\Program Files\\IIS\\x & y.dll")},
    {.path = IW_STR("C:\\Program Files\\IIS\\X & Y.dll")},
    {.path = IW_STR("C:\\inetpub\\wwwroot\\bin\\a.dll")},
};
static struct iw_inventory_component component = {
    .kind = "globalModule", .files = images, .n_files = 4};
static struct iw_inventory_pool pools[] = {{.name = IW_STR("a--b")}, {.is_32 = true}};
static struct iw_inventory_server server = {.host = IW_STR("WEB01 -->"),
                                            .roots = roots,
                                            .n_roots = 8,
                                            .components = &component,
                                            .n_components = 1,
                                            .pools = pools,
                                            .n_pools = 2};
static struct iw_inventory inventory = {.servers = &server, .n_servers = 1};
static struct iw_buffer out;

/* What the parser reads, flat: `FileCreate/TargetFilename begin with=C:\x\` a line. */
struct reading {
    struct iw_buffer lines, text;
    unsigned depth;
    char event[64], condition[64];
};

static void begin(void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    static const char *const LEVELS[] = {"Sysmon", "EventFiltering", "RuleGroup"};
    iw_buffer_clear(&reading->text);
    if (reading->depth < 3 && strcmp(name, "HashAlgorithms") != 0)
        assert_string_equal(name, LEVELS[reading->depth]);
    if (reading->depth == 0)
        assert_string_equal(attributes[1], "4.90");
    if (reading->depth == 2) {
        assert_string_equal(attributes[2], "groupRelation");
        assert_string_equal(attributes[3], "or");
    }
    if (reading->depth == 3) {
        assert_string_equal(attributes[0], "onmatch");
        (void)snprintf(reading->event, sizeof reading->event, "%s", name);
        iw_buffer_printf(&reading->lines, "%s %s\n", name, attributes[1]);
    }
    if (reading->depth == 4) {
        assert_string_equal(attributes[0], "condition");
        (void)snprintf(reading->condition, sizeof reading->condition, "%s", attributes[1]);
    }
    reading->depth++;
}

static void text(void *context, const char *more, int n)
{
    iw_buffer_add(&((struct reading *)context)->text, (struct iw_str){more, (size_t)n});
}

static void end(void *context, const char *name)
{
    struct reading *reading = context;
    reading->depth--;
    if (reading->depth == 4)
        iw_buffer_printf(&reading->lines, "%s/%s %s=%.*s\n", reading->event, name,
                         reading->condition, IW_STR_ARG(iw_buffer_str(&reading->text)));
}

static void read_back(struct reading *reading)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    memset(reading, 0, sizeof *reading);
    iw_buffer_init(&reading->lines);
    iw_buffer_init(&reading->text);
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, begin, end);
    XML_SetCharacterDataHandler(parser, text);
    if (XML_Parse(parser, out.p, (int)out.n, 1) != XML_STATUS_OK)
        fail_msg("line %lu: %s\n%.*s", XML_GetCurrentLineNumber(parser),
                 XML_ErrorString(XML_GetErrorCode(parser)), IW_STR_ARG(iw_buffer_str(&out)));
    XML_ParserFree(parser);
}

static void done(struct reading *reading)
{
    iw_buffer_done(&reading->lines);
    iw_buffer_done(&reading->text);
}

static void parser_reads_the_folders(void **state)
{
    static const char FILES[] =
        "FileCreate include\n"
        "FileCreate/TargetFilename begin with=C:\\inetpub\\wwwroot\\\n"
        "FileCreate/TargetFilename begin with=C:\\inetpub\\wwwroot2\\\n"
        "FileCreate/TargetFilename begin with=D:\\sites\\R&D [b] 'c' \xC3\xB6 \xE2\x80\x99\\\n"
        "FileCreate/TargetFilename begin with=E:\\\n"
        "FileCreate/TargetFilename begin with=C:\\Windows\\System32\\inetsrv\\\n"
        "FileCreate/TargetFilename begin with=C:\\Windows\\SysWOW64\\inetsrv\\\n"
        "FileCreate/TargetFilename is=C:\\Program Files\\IIS\\X & Y.dll\n"
        "FileCreate/TargetFilename contains=\\Temporary ASP.NET Files\\\n"
        "FileCreate/TargetFilename end with=.compiled\n"
        "FileCreateStreamHash include\n";
    static const char *const OTHERS[] = {
        "ProcessCreate exclude\nFileCreateTime include\n", "ProcessTerminate exclude\nImageLoad ",
        "ImageLoad include\nImageLoad/Image end with=\\inetsrv\\w3wp.exe\nFileCreate include\n",
        "NetworkConnect include\nNetworkConnect/Image end with=\\inetsrv\\w3wp.exe\n",
        "FileExecutableDetected include\n"};
    struct reading reading;
    (void)state;
    iw_buffer_init(&out);
    assert_int_equal(iw_sysmon_configuration(&inventory, &out), IW_OK);
    read_back(&reading);
    if (iw_str_find(iw_buffer_str(&reading.lines), iw_str_of(FILES)) == SIZE_MAX)
        fail_msg("%.*s", IW_STR_ARG(iw_buffer_str(&reading.lines)));
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        if (iw_str_find(iw_buffer_str(&reading.lines), iw_str_of(OTHERS[i])) == SIZE_MAX)
            fail_msg("%s\n%.*s", OTHERS[i], IW_STR_ARG(iw_buffer_str(&reading.lines)));
    }
    for (size_t i = 0; i < out.n; i++) /* no reader can take it in another encoding */
        assert_true((unsigned char)out.p[i] < 0x7F);
    assert_int_not_equal(
        iw_str_find(iw_buffer_str(&out), IW_STR("3 folders or files are left out")), SIZE_MAX);
    assert_int_not_equal(
        iw_str_find(iw_buffer_str(&out),
                    IW_STR("1 server, 4 web roots, 2 application pools, 1 of them 32-bit")),
        SIZE_MAX);
    done(&reading);
    iw_buffer_done(&out);
}

/* Beside elements of onmatch="include" an exclude of nothing logs no more: Sysmon's schema. */
static void everything_as_an_include(void **state)
{
    static const struct iw_sysmon_scope scope;
    (void)state;
    iw_buffer_init(&out);
    iw_sysmon_rule_add(IW_SYSMON_PROCESS_CREATE, &scope, "", &out);
    assert_true(
        iw_str_equal(iw_buffer_str(&out), IW_STR("<ProcessCreate onmatch=\"exclude\" />\n")));
    iw_buffer_clear(&out);
    iw_sysmon_include_add(IW_SYSMON_PROCESS_CREATE, &scope, "", &out);
    assert_true(iw_str_equal(iw_buffer_str(&out),
                             IW_STR("<ProcessCreate onmatch=\"include\">\n"
                                    "  <ParentImage condition=\"end with\">\\inetsrv\\w3wp.exe"
                                    "</ParentImage>\n</ProcessCreate>\n")));
    iw_buffer_clear(&out);
    iw_sysmon_include_add(IW_SYSMON_PROCESS_END, &scope, "", &out);
    assert_int_equal(out.n, 0);
    iw_buffer_done(&out);
}

static void default_root_where_none_is_known(void **state)
{
    static struct iw_inventory none;
    struct reading reading;
    (void)state;
    iw_buffer_init(&out);
    assert_int_equal(iw_sysmon_configuration(&none, &out), IW_OK);
    read_back(&reading);
    assert_int_not_equal(
        iw_str_find(iw_buffer_str(&reading.lines), IW_STR("begin with=C:\\inetpub\\wwwroot\\\n")),
        SIZE_MAX);
    assert_int_not_equal(
        iw_str_find(iw_buffer_str(&out), IW_STR("No configuration names a web root")), SIZE_MAX);
    done(&reading);
    iw_buffer_done(&out);
}

static void order_makes_no_difference(void **state)
{
    struct iw_inventory_root turned[8];
    struct iw_inventory_server other = server;
    const struct iw_inventory second = {.servers = &other, .n_servers = 1};
    struct iw_buffer first;
    (void)state;
    for (size_t i = 0; i < 8; i++)
        turned[i] = roots[7 - i];
    other.roots = turned;
    iw_buffer_init(&first);
    iw_buffer_init(&out);
    assert_int_equal(iw_sysmon_configuration(&inventory, &first), IW_OK);
    assert_int_equal(iw_sysmon_configuration(&second, &out), IW_OK);
    assert_true(iw_str_equal(iw_buffer_str(&first), iw_buffer_str(&out)));
    iw_buffer_done(&first);
    iw_buffer_done(&out);
}

static void no_memory(void **state)
{
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip_because(BUILT_WITHOUT_FAULTS);
    for (uint64_t n = 1;; n++) {
        enum iw_rc rc;
        iw_buffer_init(&out);
        iw_alloc_fail_at(n);
        rc = iw_sysmon_configuration(&inventory, &out);
        if (iw_alloc_count() < n)
            break;
        assert_true(rc == IW_ENOMEM || out.failed);
        iw_buffer_done(&out);
    }
    iw_alloc_fail_at(0);
    iw_buffer_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parser_reads_the_folders),
        cmocka_unit_test(everything_as_an_include),
        cmocka_unit_test(default_root_where_none_is_known),
        cmocka_unit_test(order_makes_no_difference),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
