/*
 * Every form of an inventory over records made by hand: contract, honesty, hostile text, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/json.h"
#include "output/display.h"
#include "output/output.h"
#include "sample_inventory.h"
#include "sample_run.h"

static const struct iw_style PLAIN_80 = {false, 80};
static const struct iw_style COLOR_80 = {true, 80};
static const struct iw_style PLAIN_WIDE = {false, 0};

static struct iw_run run;
static struct iw_buffer out;

static int begin(void (*fill)(struct iw_run *))
{
    iw_run_init(&run);
    iw_buffer_init(&out);
    if (fill != NULL)
        fill(&run);
    return 0;
}

static int begin_sample(void **state)
{
    (void)state;
    return begin(sample_inventory_fill);
}

static int begin_bare(void **state)
{
    (void)state;
    return begin(bare_inventory_fill);
}

static int begin_hostile(void **state)
{
    (void)state;
    return begin(hostile_inventory_fill);
}

static int begin_empty(void **state)
{
    (void)state;
    return begin(NULL);
}

static int end(void **state)
{
    (void)state;
    iw_run_done(&run);
    iw_buffer_done(&out);
    return 0;
}

static const char *shown(void)
{
    assert_false(out.failed);
    iw_buffer_add_char(&out, '\0');
    out.n--;
    return out.p;
}

static void assert_shows(const char *text)
{
    if (strstr(shown(), text) == NULL)
        fail_msg("not shown: %s\nin:\n%s", text, out.p);
}

static void assert_shows_not(const char *text)
{
    if (strstr(shown(), text) != NULL)
        fail_msg("shown: %s\nin:\n%s", text, out.p);
}

static void write_table(bool show_all, const struct iw_style *style)
{
    iw_output_inventory_table(&run, show_all, style, &out);
}

/* --- NDJSON -------------------------------------------------------------------------------- */

static void ndjson_is_in_order(void **state)
{
    static const char *const RECORDS[] = {
        "server",    "site",    "pool",    "root",    "root",    "component", "component",
        "component", "webFile", "webFile", "version", "version", "problem",   "server"};
    size_t n = 0;
    (void)state;
    iw_output_inventory_ndjson(&run, &out);
    for (const char *line = shown(); *line != '\0'; line = strchr(line, '\n') + 1) {
        static const char BEFORE[] = "{\"schema\":\"iiswarden.inventory/1\",\"record\":\"";
        assert_true(n < sizeof RECORDS / sizeof *RECORDS);
        assert_memory_equal(line, BEFORE, sizeof BEFORE - 1);
        line += sizeof BEFORE - 1;
        assert_memory_equal(line, RECORDS[n], strlen(RECORDS[n]));
        n++;
    }
    assert_int_equal(n, sizeof RECORDS / sizeof *RECORDS);
}

static void ndjson_keeps_the_contract(void **state)
{
    (void)state;
    iw_output_inventory_ndjson(&run, &out);
    assert_shows(
        "{\"schema\":\"iiswarden.inventory/1\",\"record\":\"server\",\"host\":\"WEB01\","
        "\"server\":\"WEB01/C/Windows/System32/inetsrv/config/applicationHost.config\","
        "\"known_by\":[\"configuration\",\"events\"],\"authoritative\":true,\"why_not\":null,"
        "\"version\":\"10.0\",\"counts\":{\"sites\":1,\"pools\":1,\"roots\":2,"
        "\"components\":3,\"web_files\":2,\"versions\":2,\"problems\":1},"
        "\"pathways\":[\"Web Deploy: delegation is on\"],\"notes\":[]}\n");
    assert_shows(
        "\"kind\":\"globalModule\",\"name\":\"HttpCacheModule64\",\"scope\":\"\","
        "\"image\":\"%windir%\\\\System32\\\\inetsrv\\\\cachport.dll\","
        "\"image_path\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\cachport.dll\","
        "\"arguments\":null,\"type\":null,\"clsid\":null,\"precondition\":\"bitness64\","
        "\"owner\":null,\"state\":\"written\",\"disabled\":false,\"pools\":[\"DefaultAppPool\"],"
        "\"pools_known\":true,"
        "\"config_source\":\"WEB01/C/Windows/System32/inetsrv/config/applicationHost.config\","
        "\"config_path\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\config\\\\"
        "applicationHost.config\",\"line\":233,\"column\":14,\"files\":[{\"state\":\"read\","
        "\"why\":null,\"path\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\cachport.dll\","
        "\"source\":\"WEB01/C/Windows/System32/inetsrv/cachport.dll\",\"twin\":null,"
        "\"size_bytes\":92160,\"modified\":\"2026-01-05T10:51:19.6440000Z\","
        "\"sha256\":\"9f86d08100000000000000000000000000000000000000000000000000000000\","
        "\"machine\":\"x64\",\"roles\":[\"nativeModule\"],\"exports\":[\"RegisterModule\"],"
        "\"exports_total\":1,\"types\":[],\"assembly\":null,"
        "\"company\":\"Microsoft Corporation\",\"product\":null,\"description\":null,"
        "\"file_version\":\"10.0.20348.1\",\"original_name\":\"cachport.dll\","
        "\"imphash\":\"abcd0000000000000000000000000000\","
        "\"linked\":\"2026-01-05T08:00:00.0000000Z\","
        "\"signature\":{\"state\":\"none-embedded\",\"signer\":null,\"why\":null},"
        "\"damage\":0,\"yara\":[]}],\"approval\":{\"state\":\"not-asked\",\"why\":null},"
        "\"first_seen\":{\"time\":\"2026-01-05T10:51:19.6440000Z\",\"by\":\"event 29\","
        "\"source\":\"WEB01/iis.evtx\"},"
        "\"notes\":[\"its name is one letter off one of Microsoft's\"]}\n");
}

/* A record of which nothing is known still has every key, and numbers of a file that was not read
 * are null. */
static void ndjson_has_every_key_when_nothing_is_known(void **state)
{
#define BEGIN(record)                                                                              \
    "{\"schema\":\"iiswarden.inventory/1\",\"record\":\"" record "\",\"host\":null,\"server\":"    \
    "null,"
#define NO_FILE                                                                                    \
    "\"files\":[{\"state\":\"none\",\"why\":null,\"path\":null,\"source\":null,\"twin\":null,"     \
    "\"size_bytes\":null,\"modified\":null,\"sha256\":null,\"machine\":null,\"roles\":[],"         \
    "\"exports\":[],\"exports_total\":null,\"types\":[],\"assembly\":null,\"company\":null,"       \
    "\"product\":null,\"description\":null,\"file_version\":null,\"original_name\":null,"          \
    "\"imphash\":null,\"linked\":null,"                                                            \
    "\"signature\":{\"state\":\"unknown\",\"signer\":null,\"why\":null},\"damage\":null,"          \
    "\"yara\":[]}],\"approval\":{\"state\":\"not-asked\",\"why\":null},"                           \
    "\"first_seen\":{\"time\":null,\"by\":null,\"source\":null},"
    (void)state;
    iw_output_inventory_ndjson(&run, &out);
    assert_string_equal(
        shown(),
        BEGIN(
            "server") "\"known_by\":[],\"authoritative\":false,\"why_not\":null,"
                      "\"version\":null,\"counts\":{\"sites\":1,\"pools\":1,\"roots\":1,"
                      "\"components\":1,"
                      "\"web_files\":1,\"versions\":1,\"problems\":1},\"pathways\":[],"
                      "\"notes\":[]}\n" BEGIN(
                          "site") "\"name\":null,\"id\":0,\"bindings\":[],\"log_folder\":null,"
                                  "\"auto_start\":false}\n" BEGIN(
                                      "pool") "\"name\":null,\"clr\":null,\"identity\":null,"
                                              "\"user\":null,"
                                              "\"is_32_bit\":false,\"is_classic\":false}\n" BEGIN(
                                                  "root") "\"site\":null,\"application\":null,"
                                                          "\"directory\":null,\"pool\":null,"
                                                          "\"path\":null,\"assumed\":false,"
                                                          "\"resolved\":false,\"collected\":false,"
                                                          "\"counts\":{\"files\":0,\"executable\":"
                                                          "0},"
                                                          "\"pathways\":[]}\n" BEGIN(
                                                              "component") "\"kind\":\"handler\","
                                                                           "\"name\":null,"
                                                                           "\"scope\":\"\","
                                                                           "\"image\":null,"
                                                                           "\"image_path\":null,"
                                                                           "\"arguments\":null,"
                                                                           "\"type\":null,"
                                                                           "\"clsid\":null,"
                                                                           "\"precondition\":null,"
                                                                           "\"owner\":null,"
                                                                           "\"state\":\"written\","
                                                                           "\"disabled\":false,"
                                                                           "\"pools\":[],\"pools_"
                                                                           "known\":true,"
                                                                           "\"config_source\":null,"
                                                                           "\"config_path\":null,"
                                                                           "\"line\":null,"
                                                                           "\"column\":"
                                                                           "null," NO_FILE
                                                                           "\"notes\":[]}\n" BEGIN(
                                                                               "webFile") "\"site\""
                                                                                          ":null,"
                                                                                          "\"applic"
                                                                                          "ation\":"
                                                                                          "null,"
                                                                                          "\"urls\""
                                                                                          ":[],"
                                                                                          "\"handle"
                                                                                          "r\":"
                                                                                          "null,"
                                                                                          "\"proces"
                                                                                          "sor\":"
                                                                                          "null,"
                                                                                          "\"certai"
                                                                                          "n\":"
                                                                                          "false"
                                                                                          "," NO_FILE
                                                                                          "\"marks"
                                                                                          "\":[]}"
                                                                                          "\n" BEGIN(
                                                                                              "vers"
                                                                                              "ion") "\"source\":null,\"number\":0,\"from\":null,\"until\":null,"
                                                                                                     "\"added\":[],\"removed\":[],\"changed\":[]}\n" BEGIN(
                                                                                                         "problem") "\"kind\":null,\"source\":null,\"line\":null,\"column\":null,"
                                                                                                                    "\"place\":\"\",\"what\":null}\n");
#undef BEGIN
#undef NO_FILE
}

/* --- CSV ----------------------------------------------------------------------------------- */

#define CSV_HEADER                                                                                 \
    "host,server,record,kind,name,scope,image,twin,path,file_state,sha256,size_bytes,signature,"   \
    "signer,company,version,state,approval,first_seen,notes\r\n"

static void csv_is_laid_out(void **state)
{
    (void)state;
    run.inventory.servers[0].source = IW_STR("a.config");
    iw_output_inventory_csv(&run, &out);
    assert_string_equal(
        shown(), CSV_HEADER
        "WEB01,a.config,server,,,,,,,,,,,,,10.0,authoritative,,,\r\n"
        "WEB01,a.config,component,globalModule,HttpCacheModule64,,"
        "%windir%\\System32\\inetsrv\\cachport.dll,,C:\\Windows\\System32\\inetsrv\\cachport.dll,"
        "read,9f86d08100000000000000000000000000000000000000000000000000000000,92160,"
        "none-embedded,,Microsoft Corporation,10.0.20348.1,written,not-asked,"
        "2026-01-05T10:51:19.6440000Z,its name is one letter off one of Microsoft's\r\n"
        "WEB01,a.config,component,globalModule,StaticFileModule,,"
        "%windir%\\System32\\inetsrv\\static.dll,x64,C:\\Windows\\System32\\inetsrv\\static.dll,"
        "not-collected,,,unknown,,,,written,catalogue,,\r\n"
        "WEB01,a.config,component,globalModule,StaticFileModule,,"
        "%windir%\\System32\\inetsrv\\static.dll,x86,C:\\Windows\\SysWOW64\\inetsrv\\static.dll,"
        "not-collected,,,unknown,,,,written,catalogue,,\r\n"
        "WEB01,a.config,component,handler,PageHandlerFactory,Default Web Site/api,"
        "System.Web.UI.PageHandlerFactory,,,none,,,unknown,,,,\"written, disabled\",baseline,,\r\n"
        "WEB01,a.config,webFile,webFile,/shop/uploads/thumbs.aspx,Default Web Site/shop,"
        "System.Web.UI.PageHandlerFactory,,C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx,read,"
        "0100000000000000000000000000000000000000000000000000000000000000,1500,unknown,,,,"
        "executes,not-asked,,\"the only script in its folder; starts processes\"\r\n"
        "WEB01,a.config,webFile,webFile,,Default Web Site/shop,,,"
        "C:\\inetpub\\wwwroot\\shop\\default.aspx,read,"
        "0000000000000000000000000000000000000000000000000000000000000000,0,unknown,,,,assumed,"
        "not-asked,,\r\n"
        "WEB02,,server,,,,,,,,,,,,,,not-authoritative,,,"
        "no applicationHost.config of it is in evidence\r\n");
}

/* The cell that a name becomes. */
static void csv_defuses_formulas(void **state)
{
    static const struct {
        const char *name, *cell;
    } CASES[] = {
        {"=1+1", ",'=1+1,"},
        {"+1", ",'+1,"},
        {"-1", ",'-1,"},
        {"@SUM(A1)", ",'@SUM(A1),"},
        {"\t=1", ",'\\x09=1,"},
        {"\r=1", ",'\\x0d=1,"},
        {"\n=1", ",'\\x0a=1,"},
        {" =1", ", '=1,"},
        {"\xef\xbc\x9d"
         "1",
         ",'\xef\xbc\x9d"
         "1,"}, /* full width */
        {"a;=1", ",\"a;'=1\","},
        {"a; @b", ",\"a; '@b\","},
        {"a=b+c-d@e", ",a=b+c-d@e,"},
        {"say \"no\"", ",\"say \"\"no\"\"\","},
        {"=HYPERLINK(\"x\",\"y\")", ",\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\","},
        {"a,b", ",\"a,b\","},
        {"two\r\nlines", ",two\\x0d\\x0alines,"},
        {"'=1", ",'=1,"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        iw_buffer_clear(&out);
        sample_components[0].name = iw_str_of(CASES[i].name);
        iw_output_inventory_csv(&run, &out);
        assert_shows(CASES[i].cell);
    }
}

/* A reader of its own: RFC 4180 and nothing else. Rows all have as many cells as the header, and no
 * cell begins like a formula. */
static void csv_has_the_same_cells_in_each_row(void **state)
{
    size_t n_cells = 1, n_rows = 0, n_wanted = 0;
    bool in_quotes = false, at_begin = true;
    const char *p;
    (void)state;
    iw_output_inventory_csv(&run, &out);
    for (p = shown(); *p != '\0'; p++) {
        if (*p == '"') {
            if (!in_quotes)
                assert_true(at_begin || p[-1] == '"');
            in_quotes = !in_quotes;
            if (at_begin)
                assert_null(strchr("=+-@\t\r", p[1]));
        } else if (in_quotes) {
            assert_true(*p != '\n' && *p != '\r'); /* shown as escapes */
        } else if (*p == ',') {
            n_cells++;
            at_begin = true;
            continue;
        } else if (*p == '\r') {
            assert_int_equal(p[1], '\n');
            p++;
            n_wanted = n_wanted == 0 ? n_cells : n_wanted;
            assert_int_equal(n_cells, n_wanted);
            n_rows++;
            n_cells = 1;
            at_begin = true;
            continue;
        } else if (at_begin) {
            assert_null(strchr("=+-@\t", *p));
        }
        at_begin = false;
    }
    assert_false(in_quotes);
    assert_int_equal(n_wanted, 20);
    assert_int_equal(n_rows, 4);
}

static void csv_of_nothing_is_a_header(void **state)
{
    (void)state;
    iw_output_inventory_csv(&run, &out);
    assert_string_equal(shown(), CSV_HEADER);
}

/* --- the table ----------------------------------------------------------------------------- */

static void table_is_laid_out(void **state)
{
    (void)state;
    write_table(false, &PLAIN_80);
    assert_string_equal(
        shown(), "WEB01\n"
                 "      IIS      10.0\n"
                 "      known    by its configuration, events\n"
                 "      from     WEB01/C/Windows/System32/inetsrv/config/applicationHost.config\n"
                 "\n"
                 "  Sites: 1\n"
                 "\n"
                 "    Default Web Site (site 1)\n"
                 "      at       http *:80:, https *:443:\n"
                 "      logs to  C:\\inetpub\\logs\\LogFiles\\W3SVC1\n"
                 "      root     / is C:\\inetpub\\wwwroot, pool DefaultAppPool; 12 files in\n"
                 "               evidence, 2 execute\n"
                 "      writable WebDAV: authoring rules let users write\n"
                 "      root     /api/docs is D:\\docs, pool DefaultAppPool; no file of it is in\n"
                 "               evidence\n"
                 "\n"
                 "  Application pools: 1\n"
                 "    DefaultAppPool: runs as ApplicationPoolIdentity, 64 bit, integrated,\n"
                 "      .NET v4.0\n"
                 "\n"
                 "  Who may change content or configuration from afar\n"
                 "    Web Deploy: delegation is on\n"
                 "\n"
                 "  Components: 3\n"
                 "    2 native modules, 1 handler\n"
                 "    1 Microsoft's own by the catalogue, 1 as in the baseline, 1 that nothing\n"
                 "      vouches for\n"
                 "    1 to look at:\n"
                 "\n"
                 "    native module HttpCacheModule64\n"
                 "      note     its name is one letter off one of Microsoft's\n"
                 "      approved not known: nothing vouches for it\n"
                 "      seen     first at 2026-01-05 10:51:19 UTC, by event 29\n"
                 "      image    %windir%\\System32\\inetsrv\\cachport.dll\n"
                 "      file     C:\\Windows\\System32\\inetsrv\\cachport.dll\n"
                 "      copy     WEB01/C/Windows/System32/inetsrv/cachport.dll\n"
                 "      size     92.1 kB, the collected copy is of 2026-01-05 10:51:19 UTC\n"
                 "      sha256   9f86d08100000000000000000000000000000000000000000000000000000000\n"
                 "      signed   not in the file itself: by a catalogue that is not in evidence,\n"
                 "               or not at all\n"
                 "      says     Microsoft Corporation, 10.0.20348.1\n"
                 "      can be   a native module\n"
                 "      only if  bitness64\n"
                 "      pools    DefaultAppPool\n"
                 "      written  applicationHost.config:233:14\n"
                 "\n"
                 "  Web files that execute: 2\n"
                 "    Default Web Site: 2, of which 1 to look at\n"
                 "    2 were compared with no baseline: not listed is not approved.\n"
                 "\n"
                 "    C:\\inetpub\\wwwroot\\shop\\uploads\\thumbs.aspx\n"
                 "      mark     the only script in its folder\n"
                 "               starts processes\n"
                 "      url      /shop/uploads/thumbs.aspx\n"
                 "      runs by  handler PageHandlerFactory-Integrated-4.0:\n"
                 "               System.Web.UI.PageHandlerFactory\n"
                 "      copy     WEB01/C/inetpub/wwwroot/shop/uploads/thumbs.aspx\n"
                 "      size     1.5 kB, the collected copy is of 2026-01-05 10:51:19 UTC\n"
                 "      sha256   0100000000000000000000000000000000000000000000000000000000000000\n"
                 "      approved not known: nothing vouches for it\n"
                 "\n"
                 "  Former configurations: 2, and what changed after each\n"
                 "\n"
                 "    2026-01-05 09:51:19 to 2026-01-05 10:51:19 UTC\n"
                 "      from     WEB01/C/inetpub/history/CFGHISTORY_0000000012/applicationHost.co\n"
                 "               nfig\n"
                 "      vanished globalModule OldModule C:\\old.dll\n"
                 "    1 has the same components as the next.\n"
                 "\n"
                 "  Not read, or not as IIS wants it: 1\n"
                 "    WEB01/C/inetpub/wwwroot/web.config:7:3: the section\n"
                 "      system.webServer/modules is locked above (at Default Web Site)\n"
                 "\n"
                 "WEB02\n"
                 "  NOT ALL OF IT IS KNOWN: no applicationHost.config of it is in evidence. What\n"
                 "  is not listed here may be there.\n"
                 "      known    by events\n"
                 "\n"
                 "  Components: 0\n"
                 "\n"
                 "2 servers: 3 components (1 to look at); 2 web files that can execute (1 to\n"
                 "look at).\n"
                 "1 server is not known as a whole.\n"
                 "The others are only counted; --all lists them.\n");
}

static void table_lists_everything_when_asked(void **state)
{
    (void)state;
    write_table(true, &PLAIN_80);
    assert_shows("  The other components: 2\n\n"
                 "    native module           StaticFileModule   %windir%\\System32\\inetsrv\\");
    assert_shows("\n    handler                 PageHandlerFactory\n"
                 "                                               "
                 "System.Web.UI.PageHandlerFactory");
    assert_shows("\n    C:\\inetpub\\wwwroot\\shop\\default.aspx  0 bytes\n");
    assert_shows("CFGHISTORY_0000000011");
    assert_shows_not("--all");
}

/* What makes a component worth a block, one at a time; without any it is only counted. */
static void table_shows_what_is_odd(void **state)
{
    struct iw_inventory_component *component = &sample_components[1];
    struct iw_inventory_component usual = *component;
    struct iw_item_file twin = component->files[0];
    static const char NAME[] = "\n    native module StaticFileModule\n";
    (void)state;
    write_table(false, &PLAIN_80);
    assert_shows_not(NAME);
    for (unsigned i = 0; i < 11; i++) {
        iw_buffer_clear(&out);
        *component = usual;
        component->files[0] = twin;
        switch (i) {
        case 0:
            component->approval = IW_APPROVAL_NOT_ASKED; /* the third has a baseline */
            break;
        case 1:
            component->approval = IW_APPROVAL_NONE;
            break;
        case 2:
            component->approval = IW_APPROVAL_EXPIRED;
            break;
        case 3:
            component->state = "refused";
            break;
        case 4:
            component->state = "unknown";
            break;
        case 5:
            component->files[0].state = IW_ITEM_FILE_MISSING;
            break;
        case 6:
            component->files[0].state = IW_ITEM_FILE_UNREADABLE;
            break;
        case 7:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].signature = IW_ITEM_SIGNATURE_TAMPERED;
            break;
        case 8:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].n_damage = 1;
            break;
        case 9:
            component->files[0].state = IW_ITEM_FILE_READ;
            component->files[0].yara = component->pools;
            break;
        default:
            component->files[0].state = IW_ITEM_FILE_REMOTE;
            break;
        }
        write_table(false, &PLAIN_80);
        assert_shows(NAME);
    }
    assert_shows("ON ANOTHER MACHINE: it cannot be in this evidence\n");
}

/* Where nothing vouches for anything, what is not odd gets a line, unless it came later. */
static void table_tells_the_unknown_in_lines(void **state)
{
    (void)state;
    sample_components[1].approval = sample_components[2].approval = IW_APPROVAL_NOT_ASKED;
    sample_components[2].first_seen.time_ns = sample_components[0].first_seen.time_ns;
    write_table(false, &PLAIN_80);
    assert_shows("  Components that nothing vouches for: 2\n");
    assert_shows("\n    native module           StaticFileModule   %windir%\\System32\\");
    assert_shows("3 components (1 to look at, 2 that nothing vouches for)");
    iw_buffer_clear(&out);
    sample_components[2].first_seen.time_ns++;
    write_table(false, &PLAIN_80);
    assert_shows("  Components that nothing vouches for: 1\n");
    assert_shows("\n    handler PageHandlerFactory, at Default Web Site/api (switched off)\n");
    iw_buffer_clear(&out);
    sample_components[1].kind = "moduleFile";
    sample_components[1].state = "file";
    sample_components[1].first_seen.time_ns = INT64_MAX;
    sample_components[2].scope = IW_STR("?web.config");
    sample_components[2].name = IW_STR("An.Assembly, Version=1");
    sample_components[2].type = sample_components[2].name;
    sample_components[2].first_seen.time_ns = IW_TIME_UNKNOWN;
    write_table(false, &PLAIN_WIDE);
    assert_shows("\n    unregistered module StaticFileModule\n");
    assert_shows(" An.Assembly, Version=1  of web.config, which belongs to no known place "
                 "(switched off)\n");
}

static void table_says_what_is_not_known(void **state)
{
    (void)state;
    write_table(false, &PLAIN_80);
    assert_shows("WEB02\n"
                 "  NOT ALL OF IT IS KNOWN: no applicationHost.config of it is in evidence. What\n"
                 "  is not listed here may be there.\n");
    assert_shows("1 server is not known as a whole.\n");
}

static void table_of_nothing_says_so(void **state)
{
    (void)state;
    run.interrupted = true;
    write_table(false, &PLAIN_80);
    assert_string_equal(
        shown(), "Interrupted: only part of the evidence was looked at.\n"
                 "No web server was found: no configuration of IIS, nothing that names one.\n");
}

static void table_counts_problems_past_the_first(void **state)
{
    struct iw_inventory_problem *many = calloc(21, sizeof *many);
    (void)state;
    assert_non_null(many);
    for (size_t i = 0; i < 21; i++)
        many[i] = (struct iw_inventory_problem){.what = IW_STR("something is wrong")};
    run.inventory.servers[0].problems = many;
    run.inventory.servers[0].n_problems = 20;
    write_table(false, &PLAIN_80);
    assert_shows_not("more (--all shows them)");
    run.inventory.servers[0].n_problems = 21;
    iw_buffer_clear(&out);
    write_table(false, &PLAIN_80);
    assert_shows("    and 1 more (--all shows them)\n");
    iw_buffer_clear(&out);
    write_table(true, &PLAIN_80);
    assert_shows_not("more (--all shows them)");
    free(many);
}

/* Why there is no file, for every state that has none; nothing is told of what was not read. */
static void table_says_why_a_file_was_not_read(void **state)
{
    static const char *const WORDS[IW_ITEM_FILE_STATE_COUNT] = {
        [IW_ITEM_FILE_UNREADABLE] = " in evidence, but it cannot be read (because)\n",
        [IW_ITEM_FILE_MISSING] = " MISSING: its folder was collected, and it is not there\n",
        [IW_ITEM_FILE_NOT_COLLECTED] = " not in evidence: its folder was not collected\n",
        [IW_ITEM_FILE_UNRESOLVED] = " not in evidence: where it lies is not known (because)\n",
        [IW_ITEM_FILE_REMOTE] = " ON ANOTHER MACHINE: it cannot be in this evidence\n",
    };
    (void)state;
    for (enum iw_item_file_state s = IW_ITEM_FILE_UNREADABLE; s < IW_ITEM_FILE_STATE_COUNT; s++) {
        sample_components[0].files[0].state = s;
        sample_components[0].files[0].why = "because";
        iw_buffer_clear(&out);
        write_table(false, &PLAIN_WIDE);
        assert_shows(WORDS[s]);
        assert_shows_not("sha256   9f86");
    }
}

/* Who signed it, and how far that is proved. */
static void table_says_who_signed(void **state)
{
    static const char *const WORDS[IW_ITEM_SIGNATURE_COUNT] = {
        [IW_ITEM_SIGNATURE_ANCHORED] = " signed   by Contoso (proved)\n",
        [IW_ITEM_SIGNATURE_UNANCHORED] = " signed   it says by Contoso, which nothing proves\n",
        [IW_ITEM_SIGNATURE_TAMPERED] = " signed   BROKEN: changed since it was signed by Contoso\n",
        [IW_ITEM_SIGNATURE_CATALOGUE] = " signed   by Contoso (proved, by a catalogue)\n",
        [IW_ITEM_SIGNATURE_NONE_EMBEDDED] =
            " signed   not in the file itself: by a catalogue that is not in evidence, or not at "
            "all\n",
    };
    (void)state;
    for (enum iw_item_signature s = IW_ITEM_SIGNATURE_ANCHORED; s < IW_ITEM_SIGNATURE_COUNT; s++) {
        sample_components[0].files[0].signature = s;
        sample_components[0].files[0].signer = IW_STR("Contoso");
        iw_buffer_clear(&out);
        write_table(false, &PLAIN_WIDE);
        assert_shows(WORDS[s]);
    }
}

static void color_only_where_asked(void **state)
{
    (void)state;
    write_table(false, &COLOR_80);
    assert_shows("\033[1mWEB01\033[0m");
    assert_shows("\033[33mNOT ALL OF IT IS KNOWN");
    iw_buffer_clear(&out);
    write_table(false, &PLAIN_80);
    assert_null(memchr(out.p, '\033', out.n));
}

static void lines_fit_the_terminal(void **state)
{
    (void)state;
    for (unsigned width = 60; width <= 200; width += 20) {
        struct iw_style style = {false, width};
        const char *line;
        iw_buffer_clear(&out);
        write_table(true, &style);
        for (line = shown(); *line != '\0'; line = strchr(line, '\n') + 1) {
            struct iw_str text = {line, strcspn(line, "\n")};
            if (iw_display_columns(text) > width)
                fail_msg("wider than %u: %.*s", width, IW_STR_ARG(text));
        }
    }
}

/* --- all forms ----------------------------------------------------------------------------- */

#define N_FORMS 5U

static void write_form(size_t form)
{
    switch (form) {
    case 0:
        iw_output_inventory_ndjson(&run, &out);
        break;
    case 1:
        iw_output_inventory_csv(&run, &out);
        break;
    case 2:
        write_table(false, &PLAIN_80);
        break;
    case 3:
        write_table(true, &COLOR_80);
        break;
    default:
        write_table(true, &PLAIN_WIDE);
        break;
    }
}

static void nothing_hostile_gets_through(void **state)
{
    (void)state;
    for (size_t form = 0; form < N_FORMS; form++) {
        size_t n = 0;
        iw_buffer_clear(&out);
        write_form(form);
        assert_false(out.failed);
        assert_true(out.n > 1000);
        for (size_t i = 0; i < out.n; i++) { /* the line ends of CSV are its own */
            if (out.p[i] != '\r' || form != 1 || i + 1 == out.n || out.p[i + 1] != '\n')
                out.p[n++] = out.p[i];
        }
        if (text_is_unsafe((struct iw_str){out.p, n}, form == 3))
            fail_msg("form %zu lets something through", form);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    iw_alloc_fail_at(0);
    iw_free(iw_malloc(1));
    if (iw_alloc_count() == 0)
        skip();
    for (size_t form = 0; form < N_FORMS; form++) {
        uint64_t n = 1;
        for (;; n++) {
            iw_buffer_done(&out);
            iw_buffer_init(&out);
            iw_alloc_fail_at(n);
            write_form(form);
            if (iw_alloc_count() < n)
                break;
            if (!out.failed)
                fail_msg("form %zu hides that allocation %u failed", form, (unsigned)n);
        }
        iw_alloc_fail_at(0);
        assert_false(out.failed);
        assert_true(n > 2);
    }
}

static bool take(void *context, struct iw_str text)
{
    *(size_t *)context += text.n;
    return true;
}

/* A drain takes records as they come: a farm need not be held whole. */
static void forms_drain(void **state)
{
    (void)state;
    for (size_t form = 0; form < 2; form++) {
        struct iw_inventory_server server = run.inventory.servers[0];
        struct iw_inventory_component *many = calloc(2000, sizeof *many);
        size_t n_taken = 0;
        assert_non_null(many);
        for (size_t i = 0; i < 2000; i++)
            many[i] = sample_components[1];
        server.components = many;
        server.n_components = 2000;
        run.inventory.servers = &server;
        run.inventory.n_servers = 1;
        iw_buffer_clear(&out);
        out.drain = take;
        out.drain_context = &n_taken;
        write_form(form);
        out.drain = NULL;
        assert_false(out.failed);
        assert_true(n_taken >= IW_BUFFER_DRAIN_BYTES);
        assert_true(out.n < IW_BUFFER_DRAIN_BYTES);
        sample_inventory_fill(&run);
        free(many);
    }
}

#define SAMPLE(test) cmocka_unit_test_setup_teardown(test, begin_sample, end)
#define BARE(test)                                                                                 \
    {                                                                                              \
        "bare " #test, test, begin_bare, end, NULL                                                 \
    }
#define HOSTILE(test)                                                                              \
    {                                                                                              \
        "hostile " #test, test, begin_hostile, end, NULL                                           \
    }
#define EMPTY(test)                                                                                \
    {                                                                                              \
        "empty " #test, test, begin_empty, end, NULL                                               \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        SAMPLE(ndjson_is_in_order),
        SAMPLE(ndjson_keeps_the_contract),
        BARE(ndjson_has_every_key_when_nothing_is_known),
        SAMPLE(csv_is_laid_out),
        SAMPLE(csv_defuses_formulas),
        HOSTILE(csv_has_the_same_cells_in_each_row),
        EMPTY(csv_of_nothing_is_a_header),
        SAMPLE(table_is_laid_out),
        SAMPLE(table_lists_everything_when_asked),
        SAMPLE(table_shows_what_is_odd),
        SAMPLE(table_tells_the_unknown_in_lines),
        SAMPLE(table_says_what_is_not_known),
        EMPTY(table_of_nothing_says_so),
        SAMPLE(table_counts_problems_past_the_first),
        SAMPLE(table_says_why_a_file_was_not_read),
        SAMPLE(table_says_who_signed),
        SAMPLE(color_only_where_asked),
        SAMPLE(lines_fit_the_terminal),
        HOSTILE(lines_fit_the_terminal),
        HOSTILE(nothing_hostile_gets_through),
        SAMPLE(every_allocation_may_fail),
        HOSTILE(every_allocation_may_fail),
        SAMPLE(forms_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
