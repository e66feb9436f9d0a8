/*
 * Every form of an inventory over records made by hand: contract, honesty, hostile text, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "failing_forms.h"
#include "sample_run.h"
#include "written_inventory.h"

static const struct iw_style PLAIN_80 = {false, 80};
static const struct iw_style COLOR_80 = {true, 80};
static const struct iw_style PLAIN_WIDE = {false, 0};

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
        "\"known\":\"not-asked\",\"known_why\":null,"
        "\"first_seen\":{\"time\":\"2026-01-05T10:51:19.6440000Z\",\"by\":\"event 29\","
        "\"source\":\"WEB01/iis.evtx\"},"
        "\"notes\":[\"its name is one letter off one of Microsoft's\"]}\n");
}

#define NO_FILE                                                                                    \
    "\"files\":[{\"state\":\"none\",\"why\":null,\"path\":null,\"source\":null,"                   \
    "\"twin\":null,\"size_bytes\":null,\"modified\":null,\"sha256\":null,"                         \
    "\"machine\":null,\"roles\":[],\"exports\":[],\"exports_total\":null,"                         \
    "\"types\":[],\"assembly\":null,\"company\":null,\"product\":null,"                            \
    "\"description\":null,\"file_version\":null,\"original_name\":null,"                           \
    "\"imphash\":null,\"linked\":null,\"signature\":{\"state\":\"unknown\","                       \
    "\"signer\":null,\"why\":null},\"damage\":null,\"yara\":[]}],"                                 \
    "\"approval\":{\"state\":\"not-asked\",\"why\":null},"

/* What a record of which nothing is known says behind "host" and "server". */
static const struct {
    const char *record, *own, *files, *rest;
} EVERY_KEY[] = {
    {"server",
     "\"known_by\":[],\"authoritative\":false,\"why_not\":null,\"version\":null,"
     "\"counts\":{\"sites\":1,\"pools\":1,\"roots\":1,\"components\":1,"
     "\"web_files\":1,\"versions\":1,\"problems\":1},\"pathways\":[],\"notes\":[]}",
     "", ""},
    {"site",
     "\"name\":null,\"id\":0,\"bindings\":[],\"log_folder\":null,"
     "\"auto_start\":false}",
     "", ""},
    {"pool",
     "\"name\":null,\"clr\":null,\"identity\":null,\"user\":null,"
     "\"is_32_bit\":false,\"is_classic\":false}",
     "", ""},
    {"root",
     "\"site\":null,\"application\":null,\"directory\":null,\"pool\":null,"
     "\"path\":null,\"assumed\":false,\"resolved\":false,\"collected\":false,"
     "\"counts\":{\"files\":0,\"executable\":0},\"pathways\":[]}",
     "", ""},
    {"component",
     "\"kind\":\"handler\",\"name\":null,\"scope\":\"\",\"image\":null,"
     "\"image_path\":null,\"arguments\":null,\"type\":null,\"clsid\":null,"
     "\"precondition\":null,\"owner\":null,\"state\":\"written\",\"disabled\":false,"
     "\"pools\":[],\"pools_known\":true,\"config_source\":null,\"config_path\":null,"
     "\"line\":null,\"column\":null,",
     NO_FILE,
     "\"known\":\"not-asked\",\"known_why\":null,\"first_seen\":{\"time\":null,"
     "\"by\":null,\"source\":null},\"notes\":[]}"},
    {"webFile",
     "\"site\":null,\"application\":null,\"urls\":[],\"handler\":null,"
     "\"processor\":null,\"certain\":false,",
     NO_FILE, "\"first_seen\":{\"time\":null,\"by\":null,\"source\":null},\"marks\":[]}"},
    {"version",
     "\"source\":null,\"number\":0,\"from\":null,\"until\":null,\"added\":[],"
     "\"removed\":[],\"changed\":[]}",
     "", ""},
    {"problem",
     "\"kind\":null,\"source\":null,\"line\":null,\"column\":null,\"place\":\"\","
     "\"what\":null}",
     "", ""},
};
#undef NO_FILE

/* A record of which nothing is known still has every key, and numbers of a file that was not read
 * are null. */
static void ndjson_has_every_key_when_nothing_is_known(void **state)
{
    struct iw_buffer expected;

    (void)state;
    iw_buffer_init(&expected);
    for (size_t i = 0; i < sizeof EVERY_KEY / sizeof *EVERY_KEY; i++) {
        iw_buffer_printf(&expected,
                         "{\"schema\":\"iiswarden.inventory/1\",\"record\":\"%s\","
                         "\"host\":null,\"server\":null,",
                         EVERY_KEY[i].record);
        iw_buffer_add(&expected, iw_str_of(EVERY_KEY[i].own));
        iw_buffer_add(&expected, iw_str_of(EVERY_KEY[i].files));
        iw_buffer_add(&expected, iw_str_of(EVERY_KEY[i].rest));
        iw_buffer_add(&expected, IW_STR("\n"));
    }
    iw_output_inventory_ndjson(&run, &out);
    iw_buffer_add_char(&expected, 0);
    assert_string_equal(shown(), iw_buffer_str(&expected).p);
    iw_buffer_done(&expected);
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
        "WEB01,a.config,problem,locked,Default Web Site,,,,WEB01/C/inetpub/wwwroot/web.config:7:3"
        ",,,,,,,,,,,the section system.webServer/modules is locked above\r\n"
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
    assert_int_equal(n_rows, 5);
}

static void csv_of_nothing_is_a_header(void **state)
{
    (void)state;
    iw_output_inventory_csv(&run, &out);
    assert_string_equal(shown(), CSV_HEADER);
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
    every_form_survives_failures(N_FORMS, write_form, &out);
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
        HOSTILE(nothing_hostile_gets_through),
        SAMPLE(every_allocation_may_fail),
        HOSTILE(every_allocation_may_fail),
        SAMPLE(forms_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
