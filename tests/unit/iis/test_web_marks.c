/*
 * Marks of web files by their bytes. What must be found is written as public web shells write it;
 * what must not be is what ordinary applications have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/web/web_marks.h"

static struct iw_arena arena;
static char told[2048];

static int begin(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int end(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

static struct iw_web_mark_set set_of(struct iw_str bytes)
{
    struct iw_web_mark_set set;
    iw_arena_reset(&arena);
    assert_int_equal(iw_web_marks_read(bytes, &arena, &set), IW_OK);
    return set;
}

/* "name:line name ..." */
static const char *marks_of(struct iw_str bytes)
{
    struct iw_web_mark_set set = set_of(bytes);
    size_t n = 0;
    told[0] = '\0';
    for (unsigned i = 0; i < IW_WEB_MARK_COUNT; i++) {
        enum iw_web_mark_kind kind = (enum iw_web_mark_kind)i;
        if (!iw_web_mark_is_set(&set, kind))
            continue;
        n += (size_t)snprintf(told + n, sizeof told - n, "%s%s", n != 0 ? " " : "",
                              iw_web_mark_name(kind));
        if (set.lines[kind] != 0)
            n += (size_t)snprintf(told + n, sizeof told - n, ":%u", set.lines[kind]);
    }
    return told;
}

struct page {
    const char *text, *marks;
};

static void check_pages(const struct page *pages, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *marks = marks_of(iw_str_of(pages[i].text));
        if (strcmp(marks, pages[i].marks) != 0)
            fail_msg("%s\nhas '%s' instead of '%s'", pages[i].text, marks, pages[i].marks);
    }
}
#define CHECK_PAGES(pages) check_pages(pages, sizeof(pages) / sizeof((pages)[0]))

/* --- what ordinary sites have ---------------------------------------------------------------- */

static void ordinary_pages(void **state)
{
    static const struct page PAGES[] = {
        {"<%@ Page Language=\"C#\" AutoEventWireup=\"true\" CodeBehind=\"Default.aspx.cs\" "
         "Inherits=\"Shop.Default\" %>\r\n<!DOCTYPE html>\r\n<html><head runat=\"server\"><script "
         "src=\"/js/site.js\"></script></head><body><form id=\"f\" runat=\"server\">"
         "<asp:Label ID=\"l\" runat=\"server\" /></form></body></html>\r\n",
         "code-elsewhere"},
        {"<%@ Application Codebehind=\"Global.asax.cs\" Inherits=\"Shop.MvcApplication\" "
         "Language=\"C#\" %>\n",
         "code-elsewhere"},
        {"<%@ ServiceHost Language=\"C#\" Debug=\"true\" Service=\"Shop.Orders\" "
         "CodeBehind=\"Orders.svc.cs\" %>",
         "code-elsewhere"},
        {"<%@ WebService Language=\"C#\" CodeBehind=\"~/App_Code/Rates.cs\" Class=\"Rates\" %>\n",
         "code-elsewhere"},
        /* A handler that sends images. */
        {"<%@ WebHandler Language=\"C#\" Class=\"ImageHandler\" %>\nusing System;\nusing "
         "System.IO;\nusing System.Web;\npublic class ImageHandler : IHttpHandler {\n public void "
         "ProcessRequest(HttpContext context) {\n  string name = "
         "Path.GetFileName(context.Request.QueryString[\"f\"]);\n  context.Response.ContentType = "
         "\"image/png\";\n  using (FileStream s = new FileStream(context.Server.MapPath(\"~/img/\""
         " + name), FileMode.Open)) s.CopyTo(context.Response.OutputStream);\n }\n public bool "
         "IsReusable { get { return false; } }\n}\n",
         ""},
        {"<%@ WebService Language=\"VB\" Class=\"Rates\" %>\nImports System.Web.Services\nPublic "
         "Class Rates\n Inherits WebService\n <WebMethod()> Public Function Rate(code As String) "
         "As "
         "Double\n  Return 1.5\n End Function\nEnd Class\n",
         ""},
        /* ADODB: a method called Execute is no evaluation. */
        {"<%@ Language=\"VBScript\" %>\n<% Option Explicit\nDim conn, rs\nSet conn = "
         "Server.CreateObject(\"ADODB.Connection\")\nconn.Open Application(\"dsn\")\nSet rs = "
         "conn.Execute(\"SELECT * FROM items WHERE id=\" & CLng(Request.QueryString(\"id\")))\nDo "
         "Until rs.EOF\n Response.Write Server.HTMLEncode(rs(\"name\"))\n rs.MoveNext\nLoop\n"
         "Server.Execute(Request.ServerVariables(\"URL\"))\n%>\n",
         ""},
        {"@{ Layout = \"~/_Layout.cshtml\"; ViewBag.Title = \"Home\"; var q = Request[\"q\"]; }\n"
         "<h1>@ViewBag.Title</h1>\n@foreach (var item in Model) { <p>@item.Name</p> }\n",
         ""},
        /* Data binding is called Eval as well. */
        {"<%@ Page Language=\"C#\" Inherits=\"Shop.List\" %><asp:Repeater runat=\"server\">"
         "<ItemTemplate><%# Eval(\"Request.Name\") %> <%# DataBinder.Eval(Container.DataItem, "
         "\"RequestId\") %><%# Format(Eval(\"Price\"), Request[\"c\"]) %></ItemTemplate>"
         "</asp:Repeater>",
         ""},
        {"using System;\nusing System.Diagnostics;\nnamespace Shop {\n public class Watch {\n  "
         "public void Execute(Request request) { Debug.Assert(request != null); var p = "
         "Process.GetCurrentProcess().WorkingSet64; }\n  public Type Find() { return "
         "Assembly.Load(\"Shop.Plugins\").GetType(\"Shop.X\"); }\n }\n}\n",
         ""},
        {"<?php\nrequire_once __DIR__ . '/vendor/autoload.php';\n$name = preg_replace('/[^a-z]/', "
         "'', $_POST['name']);\n$all = array_map('trim', $_POST);\n$stmt = $pdo->exec('SET x');\n"
         "$r = curl_exec($ch);\nfunction system($x) { return $x; }\necho "
         "htmlspecialchars($name);\n",
         ""},
        /* JavaScript of a page: RegExp.exec, JSON with escapes, an address in entities. */
        {"<html><script>var m = /a(b)/.exec(location.search); var o = eval('(' + text + ')'); var "
         "s "
         "= \"\\u003cb\\u003e caf\\u00e9\";</script><a href=\"&#109;&#97;&#105;&#108;&#116;&#111;"
         "&#58;x\">100%</a><?xml version=\"1.0\"?></html>",
         ""},
        {"<script>assert(request.body != null); subprocess.kill()</script>", ""},
        {"<% if Request(\"a\") <> \"\" then\n ' Execute the request (see below)\n end if %>", ""},
        {"", ""},
        {"x", ""},
        {"<%", ""},
    };
    (void)state;
    CHECK_PAGES(PAGES);
}

/* Ordinary, and still worth a weak reason. */
static void ordinary_pages_with_weak_marks(void **state)
{
    static const struct page PAGES[] = {
        {"<% FileUpload1.SaveAs(Server.MapPath(\"~/u/\") + name); %>", "saves-upload:1"},
        {"<?php\nmove_uploaded_file($_FILES['f']['tmp_name'], $to);", "saves-upload:2"},
        {"<% byte[] b = Convert.FromBase64String(Session[\"x\"]); %>", "decodes-base64:1"},
        {"<p>\nOpen cmd.exe and type</p>", "names-shell:2"},
    };
    struct iw_web_mark_set set;
    (void)state;
    CHECK_PAGES(PAGES);
    set = set_of(iw_str_of(PAGES[0].text));
    assert_int_equal(set.kinds, 1U << IW_WEB_MARK_SAVES_UPLOAD);
}

/* --- what web shells have -------------------------------------------------------------------- */

static void evaluation_of_the_request(void **state)
{
    static const struct page PAGES[] = {
        {"<%eval request(\"x\")%>", "evaluates-request:1"},
        {"<% EXECUTE(Request(\"x\")) %>", "evaluates-request:1"},
        {"<%\nExecuteGlobal request(\"x\")\n%>", "evaluates-request:2"},
        {"<%execute StrReverse(Request.Form(\"x\"))%>", "evaluates-request:1"},
        {"<%@ Page Language=\"Jscript\"%><%eval(Request.Item[\"x\"],\"unsafe\");%>",
         "evaluates-request:1"},
        {"<%eval/*a*/(/*b*/System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(Request["
         "\"z\"])),\"unsafe\");%>",
         "evaluates-request:1 decodes-base64:1"},
        {"<?php @eval($_POST['x']);?>", "evaluates-request:1"},
        {"<?php assert ( $_REQUEST['x'] );", "evaluates-request:1"},
        {"<?php eval(base64_decode($_COOKIE['x']));", "evaluates-request:1 decodes-base64:1"},
        {"<?php eval(file_get_contents('php://input'));", "evaluates-request:1"},
        {"<?php preg_replace('/x/e', $_GET['x'], '');", "evaluates-request:1"},
        {"<?php preg_replace($_GET['p'], $_GET['x'], '');", "evaluates-request:1"},
        {"<?php $f = create_function('', $_POST['x']);", "evaluates-request:1"},
        {"<?php $_GET['f']($_GET['x']);", "evaluates-request:1"},
        {"<?php array_map($_GET['f'], $a);", "evaluates-request:1"},
        {"<?php include $_GET['page'];", "evaluates-request:1"},
        {"<?php\n\n include($_GET['page']);", "evaluates-request:3"},
    };
    (void)state;
    CHECK_PAGES(PAGES);
}

static void processes_and_code(void **state)
{
    static const struct page PAGES[] = {
        {"<%@ Page Language=\"C#\" %>\n<% System.Diagnostics.Process.Start(\"cmd.exe\", a); %>",
         "starts-process:2 names-shell:2"},
        {"<script runat=server>\nvar i = new PROCESSSTARTINFO();</script>", "starts-process:2"},
        {"<% Set s = Server.CreateObject(\"WScript.Shell\") %>", "starts-process:1"},
        {"<object runat=server id=s classid=\"clsid:72C24DD5-D70A-438B-8A42-98424B88AFB8\">",
         "starts-process:1"},
        {"<% Runtime.getRuntime().exec(x); %>", "starts-process:1"},
        {"<?php\necho system ($x); echo system($x);", "starts-process:2"},
        {"<?=shell_exec($x)?>", "starts-process:1"},
        {"echo system($x);", ""}, /* no PHP */
        {"<% Assembly.Load(Convert.FromBase64String(k)).CreateInstance(\"U\"); %>",
         "loads-code:1 decodes-base64:1"},
        {"<% Assembly.Load(Request.BinaryRead(n)) %>", "loads-code:1"},
        {"<% new CSharpCodeProvider(); %>", "compiles-code:1"},
        {"<% File.WriteAllText(Request[\"p\"], Request[\"c\"]); %>", "writes-request:1"},
        {"<% new FileStream(Request[\"p\"], FileMode.Create) %>", "writes-request:1"},
        {"<?php file_put_contents($f, $_POST['c']);", "writes-request:1"},
        {"<% var m = typeof(System.Web.Configuration.MachineKeySection); %>",
         "reads-machine-key:1"},
        {"<% System.Management.Automation.PowerShell.Create() %>",
         "runs-powershell:1 names-shell:1"},
    };
    (void)state;
    CHECK_PAGES(PAGES);
}

static void configuration_as_a_page(void **state)
{
    static const struct page PAGES[] = {
        /* As published: ASP in a web.config. */
        {"<configuration><system.webServer>\n<handlers accessPolicy=\"Read, Script, Write\">\n"
         "<add name=\"web_config\" path=\"*.config\" verb=\"*\" modules=\"IsapiModule\" "
         "scriptProcessor=\"%windir%\\system32\\inetsrv\\asp.dll\" />\n</handlers>\n"
         "<security><requestFiltering><fileExtensions>\n<remove fileExtension=\".config\" />\n"
         "</fileExtensions><hiddenSegments>\n<remove segment=\"web.config\" />",
         "runs-configuration:3 lifts-filter:6"},
        {"<add path = 'WEB.CONFIG' name='p' type='System.Web.UI.PageHandlerFactory'/>",
         "runs-configuration:1"},
        {"<add fileExtension=\".config\" allowed=\"true\" />", "lifts-filter:1"},
        {"<remove\tsegment='web.config'></remove>", "lifts-filter:1"},
        /* ASP.NET refuses configuration files so, and filters list them. */
        {"<add path=\"*.config\" verb=\"*\" type=\"System.Web.HttpForbiddenHandler\" />", ""},
        {"<add path=\"*.config\" verb=\"*\" scriptProcessor=\"\" />", ""},
        {"<add path=\"*.asp\" note=\"*.config\" scriptProcessor=\"asp.dll\" />", ""},
        {"<remove path=\"*.config\" scriptProcessor=\"asp.dll\" />", ""},
        {"<add fileExtension=\".config\" allowed=\"false\" />", ""},
        {"<remove fileExtension=\".asp\" /><remove segment=\"bin\" />", ""},
        {"<add segment=\"web.config\" />", ""},
        {"<p>Write path=\"*.config\" scriptProcessor=\"asp.dll\" into add.</p>", ""},
        {"<add path=\"*.config\" scriptProcessor=\"asp.dll\"", ""}, /* cut */
        {"fileExtension=\".config\" remove", ""},
    };
    (void)state;
    CHECK_PAGES(PAGES);
}

static void words_in_escapes(void **state)
{
    static const struct page PAGES[] = {
        {"<%\\u0065val(x)%>", "encoded-keyword:1"},
        {"<%ev\\U00000061l(x)%>", "encoded-keyword:1"},
        {"<%\n\\u0052\\u0065\\u0071uest%>", "encoded-keyword:2"},
        {"<jsp:scriptlet>&#82;untime</jsp:scriptlet>", "encoded-keyword:1"},
        {"<jsp:scriptlet>R&#x75;ntime</jsp:scriptlet>", "encoded-keyword:1"},
        {"<%unescape(\"%65%76%61%6C\")%>", "encoded-keyword:1"},
        {"<%@ Language=VBScript.Encode %><%#@~^aBcAAA==%>", "encoded-script:1"},
    };
    (void)state;
    CHECK_PAGES(PAGES);
}

static void image_with_code(void **state)
{
    (void)state;
    assert_string_equal(marks_of(IW_STR("GIF89a<%response.write 1%>")), "script-in-image");
    assert_string_equal(marks_of(IW_STR("\x89PNG\r\n\x1a\n\0\0<?php echo 1;")), "script-in-image");
    assert_string_equal(marks_of(IW_STR("\xFF\xD8\xFF\xE0\0\x10JFIF<%= 1 %>")), "script-in-image");
    assert_string_equal(marks_of(IW_STR("\xFF\xD8\xFF\xE0\0\x10JFIF")), "");
}

/* --- encodings ------------------------------------------------------------------------------- */

static struct iw_str wide(const char *text, bool is_big, bool has_mark)
{
    static char bytes[512];
    size_t n = 0;
    if (has_mark) {
        bytes[n++] = is_big ? '\xFE' : '\xFF';
        bytes[n++] = is_big ? '\xFF' : '\xFE';
    }
    for (; *text != '\0'; text++) {
        bytes[n++] = is_big ? '\0' : *text;
        bytes[n++] = is_big ? *text : '\0';
    }
    return (struct iw_str){bytes, n};
}

static void utf_16(void **state)
{
    static const char PAGE[] = "<%@ Language=VBScript %>\n<%eval request(\"x\")%>";
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_string_equal(marks_of(wide(PAGE, i & 1, i & 2)), "evaluates-request:2 utf16");
}

/* RFC 2152: "<" is +ADw-, "%" +ACU-, "(" +ACg-. */
static void utf_7(void **state)
{
    (void)state;
    assert_string_equal(
        marks_of(IW_STR("<%@ CodePage=65000 %>\n+ADwAJQ-eval request+ACg-1)+ACUAPg-")),
        "evaluates-request:2 utf7:1");
    assert_string_equal(marks_of(IW_STR("+/v8-<%+AGUAdgBhAGw- request(1)")),
                        "evaluates-request:1 utf7:1");
    assert_string_equal(marks_of(IW_STR("a +- b +")), "");
}

/* --- data ------------------------------------------------------------------------------------ */

static void long_base64(void **state)
{
    static const char UNIT[] = "aB3+";
    char text[2200];
    (void)state;
    for (size_t before = 0; before < 600; before += 7) {
        memset(text, ' ', sizeof text);
        for (size_t i = 0; i < 1024; i++)
            text[before + i] = UNIT[i % 4];
        assert_string_equal(marks_of((struct iw_str){text, sizeof text}), "long-base64:1");
        text[before + 1023] = ' ';
        assert_string_equal(marks_of((struct iw_str){text, sizeof text}), "");
    }
    memset(text, '/', sizeof text); /* a line of a comment */
    assert_string_equal(marks_of((struct iw_str){text, sizeof text}), "");
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = UNIT[i % 4];
    memcpy(text, "<img src=\"data:image/png;base64,", 32);
    assert_string_equal(marks_of((struct iw_str){text, sizeof text}), "");
}

static void entropy(void **state)
{
    static char bytes[4096];
    uint32_t seed = 1;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) {
        seed = seed * 1664525U + 1013904223U;
        bytes[i] = (char)(seed >> 24 | 1); /* 128 values: 7 bits */
    }
    assert_string_equal(marks_of((struct iw_str){bytes, sizeof bytes}), "");
    for (size_t i = 0; i < sizeof bytes; i++) {
        seed = seed * 1664525U + 1013904223U;
        bytes[i] = (char)(seed >> 24);
    }
    assert_string_equal(marks_of((struct iw_str){bytes, sizeof bytes}), "high-entropy");
    assert_string_equal(marks_of((struct iw_str){bytes, sizeof bytes - 1}), "");
}

static void character_codes(void **state)
{
    char text[256] = "";
    (void)state;
    for (unsigned i = 0; i < 16; i++) {
        assert_string_equal(marks_of(iw_str_of(text)), "");
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "&Chr(%u)", 65 + i);
    }
    assert_string_equal(marks_of(iw_str_of(text)), "character-codes:1");
}

/* --- limits, memory -------------------------------------------------------------------------- */

static void first_bytes_only(void **state)
{
    static const char SHELL[] = "WScript.Shell";
    const size_t n = IW_LIMIT_WEB_SCAN_BYTES;
    char *text = iw_malloc(n + 1);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', n + 1);
    memcpy(text + n - (sizeof SHELL - 1), SHELL, sizeof SHELL - 1);
    assert_string_equal(marks_of((struct iw_str){text, n}), "starts-process:1");
    assert_string_equal(marks_of((struct iw_str){text, n + 1}), "starts-process:1 cut-short");
    memset(text, ' ', n + 1);
    memcpy(text + n + 1 - (sizeof SHELL - 1), SHELL, sizeof SHELL - 1);
    assert_string_equal(marks_of((struct iw_str){text, n + 1}), "cut-short");
    iw_free(text);
}

/* What stands more than IW_LIMIT_WEB_ARGUMENT_BYTES behind a call is not its argument. */
static void far_arguments(void **state)
{
    char text[IW_LIMIT_WEB_ARGUMENT_BYTES + 64];
    const size_t n = sizeof text;
    static const char SOURCE[] = "$_GET";
    const size_t last = 4 + IW_LIMIT_WEB_ARGUMENT_BYTES - (sizeof SOURCE - 1);
    (void)state;
    memset(text, ' ', n);
    memcpy(text, "eval(", 5);
    memcpy(text + last, SOURCE, sizeof SOURCE - 1);
    assert_string_equal(marks_of((struct iw_str){text, n}), "evaluates-request:1");
    memset(text + last, ' ', sizeof SOURCE - 1);
    memcpy(text + last + 1, SOURCE, sizeof SOURCE - 1);
    assert_string_equal(marks_of((struct iw_str){text, n}), "");
}

/* A file of nothing but what has to be looked at and never ends costs what the limit says, and it
 * is told. */
static void nothing_but_beginnings(void **state)
{
    static const char *const BEGINNINGS[] = {" eval(", "<script ", "<%@ ", "$_GET[", "FileStream("};
    const size_t n = 1024UL * 1024;
    char *text = iw_malloc(n);
    (void)state;
    assert_non_null(text);
    for (size_t k = 0; k < sizeof BEGINNINGS / sizeof BEGINNINGS[0]; k++) {
        size_t length = strlen(BEGINNINGS[k]);
        for (size_t i = 0; i < n; i++)
            text[i] = BEGINNINGS[k][i % length];
        assert_string_equal(marks_of((struct iw_str){text, n}), "cut-short");
        assert_string_equal(marks_of((struct iw_str){text, 32UL * 1024}), "");
    }
    iw_free(text);
}

/* Cut anywhere, the page is text too. */
static void cut_at_every_byte(void **state)
{
    static const char PAGE[] = "<%@ Page CodeBehind=\"a\" CodePage=65000%><?php preg_replace('/x/e'"
                               ",$_GET['x'],1);\\u0065val(&#x65;Assembly.Load(\"x\")+AGUAdgBhAGw-"
                               "eval/*x*/($_GET{1}($_GET";
    (void)state;
    for (size_t n = 0; n < sizeof PAGE; n++) {
        char *cut = iw_malloc(n + 1);
        assert_non_null(cut);
        memcpy(cut, PAGE, n);
        (void)set_of((struct iw_str){cut, n});
        iw_free(cut);
    }
}

static void no_memory(void **state)
{
    static const struct iw_str PAGES[] = {{"\xFE\xFF\0e\0v", 6}, {"<%@ CodePage=65000 %>", 21}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        enum iw_rc rc = IW_ENOMEM;
        unsigned n = 0;
        for (; rc != IW_OK && n < 100; n++) {
            struct iw_web_mark_set set;
            struct iw_text_list texts;
            iw_arena_done(&arena);
            iw_arena_init(&arena, 0);
            iw_alloc_fail_at(n + 1);
            rc = iw_web_marks_read(PAGES[i], &arena, &set);
            if (rc == IW_OK)
                rc = iw_web_mark_texts(&set, &arena, &texts);
            iw_alloc_fail_at(0);
            assert_true(rc == IW_OK || rc == IW_ENOMEM);
        }
        assert_int_equal(rc, IW_OK);
        assert_true(n > 1);
    }
}

/* --- texts ----------------------------------------------------------------------------------- */

static void texts_and_weights(void **state)
{
    struct iw_web_mark_set set = {0};
    struct iw_text_list texts;
    (void)state;
    iw_web_mark_add(&set, IW_WEB_MARK_UPLOAD_FOLDER, 0);
    iw_web_mark_add(&set, IW_WEB_MARK_STARTS_PROCESS, 12);
    iw_web_mark_add(&set, IW_WEB_MARK_STARTS_PROCESS, 14);
    assert_int_equal(iw_web_mark_texts(&set, &arena, &texts), IW_OK);
    assert_int_equal(texts.n, 2);
    assert_true(iw_str_equal(texts.items[0], IW_STR("starts-process: starts a process (line 12)")));
    assert_int_equal(iw_web_mark_weight(texts.items[0]), IW_WEB_MARK_STRONG);
    assert_int_equal(iw_web_mark_weight(texts.items[1]), IW_WEB_MARK_POSITION);
    assert_int_equal(iw_web_mark_weight(IW_STR("names-shell")), IW_WEB_MARK_WEAK);
    assert_int_equal(iw_web_mark_weight(IW_STR("code-elsewhere")), IW_WEB_MARK_NOTE);
    assert_int_equal(iw_web_mark_weight(IW_STR("starts")), IW_WEB_MARK_NO_MARK);
    assert_int_equal(iw_web_mark_weight(IW_STR("")), IW_WEB_MARK_NO_MARK);
}

/* Whatever kind there is, it has a name of its own and a weight. */
static void every_kind_is_told(void **state)
{
    struct iw_web_mark_set set = {0};
    struct iw_text_list texts;
    (void)state;
    for (unsigned i = 0; i < IW_WEB_MARK_COUNT; i++)
        iw_web_mark_add(&set, (enum iw_web_mark_kind)i, i);
    assert_int_equal(iw_web_mark_texts(&set, &arena, &texts), IW_OK);
    assert_int_equal(texts.n, IW_WEB_MARK_COUNT);
    for (unsigned i = 0; i < IW_WEB_MARK_COUNT; i++) {
        assert_int_not_equal(iw_web_mark_weight(texts.items[i]), IW_WEB_MARK_NO_MARK);
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(iw_web_mark_name((enum iw_web_mark_kind)i),
                                    iw_web_mark_name((enum iw_web_mark_kind)k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ordinary_pages, begin, end),
        cmocka_unit_test_setup_teardown(ordinary_pages_with_weak_marks, begin, end),
        cmocka_unit_test_setup_teardown(evaluation_of_the_request, begin, end),
        cmocka_unit_test_setup_teardown(processes_and_code, begin, end),
        cmocka_unit_test_setup_teardown(configuration_as_a_page, begin, end),
        cmocka_unit_test_setup_teardown(words_in_escapes, begin, end),
        cmocka_unit_test_setup_teardown(image_with_code, begin, end),
        cmocka_unit_test_setup_teardown(utf_16, begin, end),
        cmocka_unit_test_setup_teardown(utf_7, begin, end),
        cmocka_unit_test_setup_teardown(long_base64, begin, end),
        cmocka_unit_test_setup_teardown(entropy, begin, end),
        cmocka_unit_test_setup_teardown(character_codes, begin, end),
        cmocka_unit_test_setup_teardown(first_bytes_only, begin, end),
        cmocka_unit_test_setup_teardown(far_arguments, begin, end),
        cmocka_unit_test_setup_teardown(nothing_but_beginnings, begin, end),
        cmocka_unit_test_setup_teardown(cut_at_every_byte, begin, end),
        cmocka_unit_test_setup_teardown(no_memory, begin, end),
        cmocka_unit_test_setup_teardown(texts_and_weights, begin, end),
        cmocka_unit_test_setup_teardown(every_kind_is_told, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
