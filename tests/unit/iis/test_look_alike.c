/*
 * Names that look like Microsoft's. Expectations: file names of known malicious modules (ESET
 * "Anatomy of native IIS malware", GhostRedirector, Atomic Red Team T1505.004), the inbox names
 * themselves, and Unicode's own names and tables of confusable characters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "iis/known/confusable.h"
#include "iis/known/known_table.h"
#include "iis/known/look_alike.h"

static struct iw_arena arena;
static char shown[4096];

/* The notes, joined by " | ". */
static const char *notes_of(enum iw_look_alike_of of, struct iw_str name)
{
    struct iw_text_list notes;
    size_t n = 0;

    assert_int_equal(iw_look_alike_notes(of, name, &arena, &notes), IW_OK);
    shown[0] = 0;
    for (size_t i = 0; i < notes.n; i++)
        n += (size_t)snprintf(shown + n, sizeof shown - n, "%s%.*s", i == 0 ? "" : " | ",
                              IW_STR_ARG(notes.items[i]));
    return shown;
}

static const char *file(const char *name)
{
    return notes_of(IW_LOOK_ALIKE_FILE, iw_str_of(name));
}

static const char *component(const char *name)
{
    return notes_of(IW_LOOK_ALIKE_COMPONENT, iw_str_of(name));
}

static void files_of_malicious_modules(void **state)
{
    (void)state;
    assert_string_equal(file("authmd4.dll"),
                        "name looks like authmd5.dll (Microsoft's DigestAuthenticationModule)");
    assert_string_equal(file("autehbas.dll"),
                        "name looks like authbas.dll (Microsoft's BasicAuthenticationModule)");
    assert_string_equal(file("autohbas.dll"),
                        "name looks like authbas.dll (Microsoft's BasicAuthenticationModule)");
    assert_string_equal(file("webdac.dll"),
                        "name looks like webdav.dll (Microsoft's WebDAVModule)");
    assert_string_equal(file("stati.dll"),
                        "name looks like static.dll (Microsoft's StaticFileModule)");
    assert_string_equal(file("CACHHTPT.DLL"),
                        "name looks like cachhttp.dll (Microsoft's HttpCacheModule)");
    assert_string_equal(file("cachport.dll"),
                        "name begins like Microsoft's cachuri.dll, cachfile.dll, cachhttp.dll");
    assert_string_equal(file("authcutd.dll"),
                        "name begins like Microsoft's authanon.dll, authbas.dll, authmd5.dll");
    assert_string_equal(file("urlresol.dll"), "name begins like Microsoft's urlauthz.dll");
    assert_string_equal(file("HttpCache.dll"), "name looks like that of Microsoft's module "
                                               "HttpCacheModule, whose file is cachhttp.dll");
    assert_string_equal(file("ManagedEngine64.dll"),
                        "name looks like that of Microsoft's module ManagedEngine, whose file is "
                        "webengine.dll");
    assert_string_equal(file("ManagedEngineV4.1_64bit.dll"),
                        "name looks like that of Microsoft's module ManagedEngineV4.0_64bit, whose "
                        "file is webengine4.dll");
}

static void other_files_are_not_near(void **state)
{
    static const char *const BENIGN[] = {"iisnode.dll",         "iis7_shib.dll",
                                         "ModSecurityIIS.dll",  "isapi_redirect.dll",
                                         "CSPms.dll",           "folder.dll",
                                         "compress.dll",        "logging.dll",
                                         "Newtonsoft.Json.dll", "System.Xml.dll",
                                         "NLog.Config.dll",     "authentication.dll",
                                         "Contoso.Web.dll",     "ISAPI6WebAgent.dll",
                                         "php-cgi.exe",         "cmd.exe",
                                         "dotnet.exe",          "a.dll",
                                         "urlmon.dll",          "cache.dll",
                                         "x.resources.dll",     "nwebengine.txt"};
    (void)state;

    for (size_t i = 0; i < sizeof BENIGN / sizeof BENIGN[0]; i++)
        assert_string_equal(file(BENIGN[i]), "");
}

/* Whatever Microsoft's table holds: no name flags another. */
static void inbox_names_are_not_near(void **state)
{
    const struct iw_known_row *row;
    size_t n = 0;
    const char *const *others = iw_known_other_files(&n);
    (void)state;

    for (size_t i = 0; (row = iw_known_row_at(i)) != NULL; i++) {
        if (row->image != NULL && row->kind != IW_COMPONENT_CLR_CONFIG) {
            const char *slash = strrchr(row->image, '\\');
            assert_string_equal(file(slash != NULL ? slash + 1 : row->image), "");
        }
        if (row->kind == IW_COMPONENT_GLOBAL_MODULE || row->kind == IW_COMPONENT_MANAGED_MODULE ||
            row->kind == IW_COMPONENT_HANDLER || row->kind == IW_COMPONENT_ISAPI_FILTER)
            assert_string_equal(component(row->name), "");
    }
    for (size_t i = 0; i < n; i++)
        assert_string_equal(file(others[i]), "");
    assert_string_equal(file("CachHttp.DLL"), "");
    assert_string_equal(component("httpcachemodule"), "");
}

static void names_of_components(void **state)
{
    (void)state;
    assert_string_equal(component("HttpCacheModul"), "name looks like Microsoft's HttpCacheModule");
    assert_string_equal(component("HttpCahceModule"),
                        "name looks like Microsoft's HttpCacheModule");
    assert_string_equal(component("DefaultDocumentModule_Atomic"),
                        "name is Microsoft's DefaultDocumentModule with something added");
    assert_string_equal(component("ManagedEngineV4.1_64bit"),
                        "name looks like Microsoft's ManagedEngineV4.0_64bit");
    assert_string_equal(component("ContosoAuth"), "");
    assert_string_equal(component("SessionTracker"), "");
    assert_string_equal(component("HostRewriteModule"), "");
}

static void letters_of_other_scripts(void **state)
{
    (void)state;
    /* U+0430 CYRILLIC SMALL LETTER A */
    assert_string_equal(component("HttpC\xD0\xB0"
                                  "cheModule"),
                        "name is written with other characters than Microsoft's HttpCacheModule | "
                        "name mixes Latin and Cyrillic letters: U+0430");
    /* U+039F GREEK CAPITAL LETTER OMICRON */
    assert_string_equal(component("\xCE\x9FutputCache"),
                        "name is written with other characters than Microsoft's OutputCache | "
                        "name mixes Latin and Greek letters: U+039F");
    /* U+FF43 FULLWIDTH LATIN SMALL LETTER C */
    assert_string_equal(file("\xEF\xBD\x83"
                             "achhttp.dll"),
                        "name is written with other characters than cachhttp.dll (Microsoft's "
                        "HttpCacheModule) | name holds full-width characters: U+FF43");
    /* U+1D41A MATHEMATICAL BOLD SMALL A */
    assert_string_equal(file("\xF0\x9D\x90\x9Authmd5.dll"),
                        "name is written with other characters than authmd5.dll (Microsoft's "
                        "DigestAuthenticationModule) | name holds mathematical letters: U+1D41A");
    /* One script is no mixture. */
    assert_string_equal(component("\xD0\x9E\xD1\x82\xD1\x87\xD1\x91\xD1\x82"), "");
    assert_string_equal(component("Caf\xC3\xA9Module"), "");
}

static void characters_that_are_not_seen(void **state)
{
    (void)state;
    assert_string_equal(component("HttpCache\xE2\x80\x8BModule"),
                        "name is written with other characters than Microsoft's HttpCacheModule | "
                        "name holds characters that are not seen: U+200B");
    assert_string_equal(file("x\xE2\x80\xAElld.aspx"),
                        "name holds characters that turn the direction of writing: U+202E");
    assert_string_equal(component("OutputCache\xC2\xA0"),
                        "name is written with other characters than Microsoft's OutputCache | "
                        "name holds spaces that are not the usual one: U+00A0");
    assert_string_equal(component("OutputCache "),
                        "name is written with other characters than Microsoft's OutputCache | "
                        "name ends with a space");
    assert_string_equal(component(" Mine."), "name begins with a space | name ends with a dot");
    assert_string_equal(component("a\x07"), "name holds control characters: U+0007");
    assert_string_equal(component("ab\xFF"), "name is no valid text");
    assert_string_equal(component(""), "");
}

static void many_characters_are_counted(void **state)
{
    char name[64] = "";
    (void)state;

    for (size_t i = 0; i < IW_LIMIT_LOOK_ALIKE_LISTED; i++)
        strcat(name, "\xE2\x80\x8B");
    assert_null(strstr(component(name), "more"));
    strcat(name, "\xE2\x80\x8B");
    assert_non_null(strstr(component(name), ", U+200B and 1 more"));
}

static void long_names_are_not_compared(void **state)
{
    char name[IW_LIMIT_LOOK_ALIKE_LETTERS + 2];
    (void)state;

    memset(name, 'x', sizeof name);
    name[IW_LIMIT_LOOK_ALIKE_LETTERS] = 0;
    assert_string_equal(component(name), "");
    name[IW_LIMIT_LOOK_ALIKE_LETTERS] = 'x';
    name[IW_LIMIT_LOOK_ALIKE_LETTERS + 1] = 0;
    assert_string_equal(component(name),
                        "name has more than 128 letters and was not compared with Microsoft's");
}

static const char *ending(const char *name)
{
    struct iw_str found = iw_look_alike_ending(iw_str_of(name));

    (void)snprintf(shown, sizeof shown, "%.*s", IW_STR_ARG(found));
    return shown;
}

static void two_endings(void **state)
{
    (void)state;
    assert_string_equal(ending("x.jpg.aspx"), "jpg");
    assert_string_equal(ending("x.JPG;.asp"), "JPG");
    assert_string_equal(ending("web.config.aspx"), "config");
    assert_string_equal(ending("report.pdf.dll"), "pdf");
    assert_string_equal(ending("System.Xml.dll"), "");
    assert_string_equal(ending("Contoso.Config.dll"), "");
    assert_string_equal(ending("jquery.min.js"), "");
    assert_string_equal(ending("default.aspx.cs"), "");
    assert_string_equal(ending(".jpg.aspx"), "");
    assert_string_equal(ending("aspx"), "");
    assert_string_equal(ending(""), "");
    assert_string_equal(file("x.gif.aspx"), "name has an ending before its ending: .gif");
}

static unsigned distance(const char *left, const char *right, unsigned limit)
{
    uint32_t a[IW_LIMIT_LOOK_ALIKE_LETTERS], b[IW_LIMIT_LOOK_ALIKE_LETTERS];
    size_t n = strlen(left), m = strlen(right);

    for (size_t i = 0; i < n; i++)
        a[i] = (unsigned char)left[i];
    for (size_t i = 0; i < m; i++)
        b[i] = (unsigned char)right[i];
    return iw_look_alike_distance(a, n, b, m, limit);
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(distance("", "", 2), 0);
    assert_int_equal(distance("", "ab", 2), 2);
    assert_int_equal(distance("ab", "ba", 2), 1);  /* neighbours swapped */
    assert_int_equal(distance("ca", "abc", 9), 3); /* optimal string alignment, not unrestricted */
    assert_int_equal(distance("kitten", "sitting", 9), 3);
    assert_int_equal(distance("kitten", "sitting", 2), 3); /* limit + 1 */
    assert_int_equal(distance("abcdef", "a", 2), 3);
    assert_int_equal(distance("abcd", "wxyz", 1), 2);
}

static void the_table_is_in_order(void **state)
{
    /* The search halves the table: one letter of each part of it, and its ends. */
    static const struct {
        uint32_t code_point, latin;
    } LETTERS[] = {{0x131, 'i'},   {0x391, 'A'},  {0x3BF, 'o'},   {0x405, 'S'},   {0x430, 'a'},
                   {0x455, 's'},   {0x4CF, 'l'},  {0x51D, 'w'},   {0x585, 'o'},   {0x212A, 'K'},
                   {0x2212, '-'},  {0xFF21, 'A'}, {0x1D7CE, '0'}, {0x1D7FF, '9'}, {0x1D6A3, 'z'},
                   {0x43F, 0x43F}, {'a', 'a'},    {0xA0, ' '}};
    (void)state;

    for (size_t i = 0; i < sizeof LETTERS / sizeof LETTERS[0]; i++)
        assert_int_equal(iw_confusable_latin(LETTERS[i].code_point), LETTERS[i].latin);
}

static void no_memory(void **state)
{
    enum iw_rc rc = IW_ENOMEM;
    uint64_t n = 0;
    (void)state;

    while (rc == IW_ENOMEM) {
        struct iw_arena small;
        struct iw_text_list notes;
        iw_arena_init(&small, 0);
        iw_alloc_fail_at(++n);
        rc = iw_look_alike_notes(IW_LOOK_ALIKE_COMPONENT, IW_STR(" OutputCache."), &small, &notes);
        iw_alloc_fail_at(0);
        iw_arena_done(&small);
        assert_true(n < 100);
    }
    assert_int_equal(rc, IW_OK);
    assert_true(n > 1);
}

static int set_up(void **state)
{
    (void)state;
    iw_arena_init(&arena, 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    iw_arena_done(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_malicious_modules),
        cmocka_unit_test(other_files_are_not_near),
        cmocka_unit_test(inbox_names_are_not_near),
        cmocka_unit_test(names_of_components),
        cmocka_unit_test(letters_of_other_scripts),
        cmocka_unit_test(characters_that_are_not_seen),
        cmocka_unit_test(many_characters_are_counted),
        cmocka_unit_test(long_names_are_not_compared),
        cmocka_unit_test(two_endings),
        cmocka_unit_test(distances),
        cmocka_unit_test(the_table_is_in_order),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
