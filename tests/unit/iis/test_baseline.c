/*
 * Comparison with a baseline: every field, every spelling that is no change, entries of one key,
 * what evidence cannot show, farms, marks. What is and is not a change follows docs/BASELINE.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/timestamp.h"
#include "tests/unit/iis/baseline_make.h"

#define INETSRV "%windir%\\System32\\inetsrv\\"

static struct baseline_make *was, *now;
static struct iw_baseline_differences differences;

static int set_up(void **state)
{
    (void)state;
    was = calloc(1, sizeof *was);
    now = calloc(1, sizeof *now);
    assert_non_null(was);
    assert_non_null(now);
    baseline_make_begin(was, "WEB01");
    baseline_make_begin(now, "web01");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    baseline_make_end(was);
    baseline_make_end(now);
    free(was);
    free(now);
    return 0;
}

static void compare(void)
{
    baseline_make_compare(baseline_make_document(was, false, NULL), now, 0, &differences);
}

static void is_text(struct iw_str text, const char *expected)
{
    if (!iw_str_equal(text, iw_str_of(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", IW_STR_ARG(text), expected);
}

/* One difference, in one field. */
static void is_modified(const char *field)
{
    compare();
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.items[0].change, IW_BASELINE_MODIFIED);
    assert_int_equal(differences.items[0].fields.n, 1);
    is_text(differences.items[0].fields.items[0], field);
    assert_int_equal(differences.items[0].approval, IW_APPROVAL_NONE);
    assert_int_equal(differences.n_unapproved, 1);
    assert_int_equal(differences.n_equal, 0);
}

static void is_equal(size_t n)
{
    compare();
    if (differences.n != 0)
        fail_msg("a difference: %s", differences.items[0].fields.n != 0
                                         ? differences.items[0].fields.items[0].p
                                         : iw_baseline_change_name(differences.items[0].change));
    assert_int_equal(differences.n_equal, n);
}

static struct iw_inventory_component *module(struct baseline_make *make)
{
    return baseline_make_component(make, "globalModule", "UriCacheModule", INETSRV "cachuri.dll");
}

static void every_field_is_compared(void **state)
{
    struct iw_inventory_component *old = module(was), *new = module(now);
    static const struct iw_str attribute[] = {IW_STR("path=*.x")};
    (void)state;
    is_equal(1);
#define FIELD(member, value, name)                                                                 \
    do {                                                                                           \
        const struct iw_inventory_component kept = *new;                                           \
        new->member = value;                                                                       \
        is_modified(name);                                                                         \
        *new = kept;                                                                               \
    } while (0)
    FIELD(name, IW_STR("URICacheModule"), "name");
    FIELD(image, IW_STR("C:\\Windows\\Temp\\cachuri.dll"), "image");
    FIELD(arguments, IW_STR("-x"), "arguments");
    FIELD(type, IW_STR("Some.Type, Some"), "type");
    FIELD(clsid, IW_STR("{00000000-0000-0000-0000-000000000001}"), "clsid");
    FIELD(precondition, IW_STR("bitness64"), "precondition");
    FIELD(is_disabled, true, "disabled");
    FIELD(state, "refused", "state");
    FIELD(owner, IW_STR("DefaultAppPool"), "owner");
    FIELD(attributes, ((struct iw_text_list){attribute, 1}), "attributes");
#undef FIELD
    is_equal(1);
    baseline_make_hash(was, old, 1);
    baseline_make_hash(now, new, 2);
    is_modified("sha256");
    baseline_make_hash(now, new, 1);
    is_equal(1);
}

static void spelling_is_no_change(void **state)
{
    static const char *const SAME[][2] = {
        {"%windir%\\System32\\inetsrv\\x.dll", "C:\\Windows\\System32\\inetsrv\\x.dll"},
        {"%SystemRoot%\\system32\\INETSRV\\X.DLL", "c:\\windows\\System32\\inetsrv\\x.dll"},
        {"\\\\?\\C:\\a\\x.dll", "C:\\a\\x.dll"},
        {"C:/a/./b/../x.dll", "C:\\a\\x.dll"},
        {"C:\\\xC3\x89\\x.dll", "c:\\\xC3\xA9\\x.dll"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++) {
        was->servers[0].n_components = now->servers[0].n_components = 0;
        (void)baseline_make_component(was, "globalModule", "M", SAME[i][0]);
        (void)baseline_make_component(now, "globalModule", "M", SAME[i][1]);
        is_equal(1);
    }
}

static void lists_and_types_have_one_form(void **state)
{
    struct iw_inventory_component *old = module(was), *new = module(now);
    (void)state;
    old->precondition = IW_STR("managedHandler,runtimeVersionv4.0");
    new->precondition = IW_STR(" runtimeVersionv4.0 ,\tManagedHandler,managedHandler, ");
    old->type = IW_STR("A.B, C, Version=1.0.0.0");
    new->type = IW_STR(" A.B ,C,  Version=1.0.0.0 ");
    old->clsid = IW_STR("{ABCDEF00-0000-0000-0000-000000000001}");
    new->clsid = IW_STR("{abcdef00-0000-0000-0000-000000000001}");
    old->scope = IW_STR("Default Web Site/App");
    new->scope = IW_STR("default web site/app");
    is_equal(1);
    new->type = IW_STR("A.b, C, Version=1.0.0.0");
    is_modified("type");
}

static void keys_that_are_paths(void **state)
{
    (void)state;
    (void)baseline_make_component(was, "isapiCgiRestriction", INETSRV "asp.dll", INETSRV "asp.dll");
    (void)baseline_make_component(now, "isapiCgiRestriction",
                                  "C:\\Windows\\System32\\inetsrv\\ASP.dll",
                                  "C:\\Windows\\System32\\inetsrv\\ASP.dll");
    (void)baseline_make_component(was, "environmentVariable", "cor_profiler", "{A}");
    (void)baseline_make_component(now, "environmentVariable", "COR_PROFILER", "{A}");
    is_equal(2);
    now->components[0][1].image = IW_STR("{a}"); /* no path: letters count */
    compare();
    assert_int_equal(differences.n, 1);
}

static void order_is_no_change(void **state)
{
    (void)state;
    (void)baseline_make_component(was, "handler", "A", "a.dll");
    (void)baseline_make_component(was, "handler", "B", "b.dll");
    (void)baseline_make_component(was, "handler", "A", "c.dll");
    (void)baseline_make_component(now, "handler", "A", "c.dll");
    (void)baseline_make_component(now, "handler", "A", "a.dll");
    (void)baseline_make_component(now, "handler", "B", "b.dll");
    is_equal(3);
}

/* Three of one key against two: the equal one is no difference, one of the others is modified, one
 * added. */
static void entries_of_one_key(void **state)
{
    (void)state;
    (void)baseline_make_component(was, "handler", "A", "a.dll");
    (void)baseline_make_component(was, "handler", "A", "b.dll");
    (void)baseline_make_component(now, "handler", "A", "x.dll");
    (void)baseline_make_component(now, "handler", "A", "b.dll");
    (void)baseline_make_component(now, "handler", "A", "y.dll");
    compare();
    assert_int_equal(differences.n_equal, 1);
    assert_int_equal(differences.n, 2);
    assert_int_equal(differences.items[0].change, IW_BASELINE_ADDED);
    is_text(differences.items[0].now->image, "y.dll");
    assert_int_equal(differences.items[1].change, IW_BASELINE_MODIFIED);
    is_text(differences.items[1].was->image, "a.dll");
    is_text(differences.items[1].now->image, "x.dll");
}

/* The same added twice is two differences, told apart by their ids. */
static void equal_additions(void **state)
{
    (void)state;
    (void)module(now);
    (void)module(now);
    compare();
    assert_int_equal(differences.n, 2);
    assert_memory_equal(differences.items[0].id, differences.items[1].id, 18);
    assert_int_equal(strlen(differences.items[0].id), 18);
    assert_string_equal(differences.items[1].id + 18, "-2");
}

/* Those of one owner are compared with each other. */
static void owner_pairs_first(void **state)
{
    (void)state;
    baseline_make_component(was, "environmentVariable", "P", "1")->owner = IW_STR("PoolA");
    baseline_make_component(was, "environmentVariable", "P", "2")->owner = IW_STR("PoolB");
    baseline_make_component(now, "environmentVariable", "P", "3")->owner = IW_STR("PoolB");
    compare();
    assert_int_equal(differences.n, 2);
    assert_int_equal(differences.items[0].change, IW_BASELINE_REMOVED);
    is_text(differences.items[0].was->image, "1");
    assert_int_equal(differences.items[1].fields.n, 1);
}

static void added_and_removed(void **state)
{
    (void)state;
    (void)baseline_make_component(was, "globalModule", "Gone", "gone.dll");
    (void)baseline_make_component(now, "globalModule", "New", "new.dll");
    compare();
    assert_int_equal(differences.n, 2);
    assert_int_equal(differences.items[0].change, IW_BASELINE_REMOVED);
    assert_null(differences.items[0].now);
    is_text(differences.items[0].host, "web01");
    assert_int_equal(differences.items[1].change, IW_BASELINE_ADDED);
    assert_null(differences.items[1].was);
    assert_true(iw_str_find(differences.items[1].now->json, IW_STR("\"name\":\"New\"")) !=
                SIZE_MAX);
}

static void web_files(void **state)
{
    (void)state;
    (void)baseline_make_web_file(was, "C:\\inetpub\\wwwroot\\a.aspx", 1);
    (void)baseline_make_web_file(was, "C:\\inetpub\\wwwroot\\b.aspx", 2);
    (void)baseline_make_web_file(was, "D:\\other\\c.aspx", 3);
    (void)baseline_make_web_file(now, "c:\\INETPUB\\wwwroot\\A.aspx", 1);
    compare();
    assert_int_equal(differences.n, 1); /* D:\other was not collected */
    assert_int_equal(differences.items[0].change, IW_BASELINE_REMOVED);
    is_text(differences.items[0].was->name, "C:\\inetpub\\wwwroot\\b.aspx");
    is_text(differences.items[0].was->kind, "webFile");
    assert_int_equal(differences.n_equal, 1);
    assert_true(baseline_make_says(&differences.notes, "1 files of the baseline lie in folders"));
    now->web_files[0][0].handler = IW_STR("Other");
    compare();
    assert_int_equal(differences.n, 2);
    is_text(differences.items[1].fields.items[0], "handler");
}

static void a_file_on_one_side_only(void **state)
{
    struct iw_inventory_component *old = module(was), *new = module(now);
    (void)state;
    baseline_make_hash(was, old, 1);
    baseline_make_hash(now, new, -1);
    is_equal(1);
    assert_int_equal(differences.n_uncompared, 1);
    assert_true(baseline_make_says(&differences.notes, "could not be compared: the files of 1"));
    iw_baseline_mark(&differences, &now->inventory);
    assert_int_equal(new->approval, IW_APPROVAL_BASELINE);
    assert_true(new->approval_why.n != 0);
    new->n_files = 0;
    is_equal(1);
    assert_int_equal(differences.n_uncompared, 1);
}

/* A 32-bit twin of its module: told only where its folder was known to hold other files. */
static void a_twin_that_was_not_there(void **state)
{
    struct iw_inventory_component *old = module(was), *new = module(now);
    struct iw_inventory_component *other =
        baseline_make_component(was, "globalModule", "B", "b.dll");
    struct iw_inventory_component *other_now =
        baseline_make_component(now, "globalModule", "B", "b.dll");
    (void)state;
    baseline_make_hash(was, old, 1);
    baseline_make_hash(now, new, 1);
    new->files[1] = new->files[0];
    new->files[1].twin = "x86";
    new->files[1].path = IW_STR("C:\\Windows\\SysWOW64\\inetsrv\\cachuri.dll");
    new->n_files = 2;
    is_equal(2); /* nothing of that folder was collected then */
    assert_int_equal(differences.n_uncompared, 1);
    baseline_make_hash(was, other, 2);
    baseline_make_hash(now, other_now, 2);
    other->files[0].path = IW_STR("c:\\windows\\SYSWOW64\\inetsrv\\b.dll");
    other_now->files[0].path = other->files[0].path;
    compare();
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.items[0].fields.n, 1);
    is_text(differences.items[0].fields.items[0], "twin");
    is_text(differences.items[0].was_values.items[0], "");
    is_text(differences.items[0].now_values.items[0],
            "C:\\Windows\\SysWOW64\\inetsrv\\cachuri.dll");
    new->files[1].state = IW_ITEM_FILE_NOT_COLLECTED;
    is_equal(2);
}

/* Which folders a site has stands in applicationHost.config, whatever of them was collected; and
 * that one is named there does not mean that its web.config is at hand. */
static void folders_of_sites(void **state)
{
    (void)state;
    baseline_make_component(was, "virtualDirectory", "/", "%SystemDrive%\\web\\")->scope =
        IW_STR("Shop");
    baseline_make_component(now, "virtualDirectory", "/", "c:\\WEB")->scope = IW_STR("shop");
    is_equal(1);
    baseline_make_component(was, "handler", "H", "h.dll")->scope = IW_STR("Shop");
    is_equal(1);
    assert_true(baseline_make_says(&differences.notes, "1 entries of the baseline are not in"));
    now->components[0][0].image = IW_STR("C:\\Windows\\Temp");
    compare();
    assert_int_equal(differences.n, 1);
    is_text(differences.items[0].fields.items[0], "image");
    now->servers[0].n_components = 0;
    compare();
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.items[0].change, IW_BASELINE_REMOVED);
    is_text(differences.items[0].was->kind, "virtualDirectory");
}

/* Half a comparison is none. */
static void an_interrupt_ends_it(void **state)
{
    static const _Atomic bool YES = true, NO = false;
    struct iw_str document;
    struct iw_baseline *baseline;
    struct iw_error err = {.rc = IW_OK};
    (void)state;
    (void)module(now);
    document = baseline_make_document(was, false, NULL);
    assert_int_equal(iw_baseline_read(document, "test", &now->arena, &baseline, &err), IW_OK);
    assert_int_equal(
        iw_baseline_compare(baseline, &now->inventory, 0, &YES, &now->arena, &differences),
        IW_ECANCELLED);
    assert_int_equal(differences.n, 0);
    assert_null(differences.is_compared);
    assert_int_equal(
        iw_baseline_compare(baseline, &now->inventory, 0, &NO, &now->arena, &differences), IW_OK);
    assert_int_equal(differences.n, 1);
}

/* A class whose file only the registry tells. */
static void a_class_that_moved(void **state)
{
    struct iw_inventory_component *old = baseline_make_component(was, "logPlugin", "", "");
    struct iw_inventory_component *new = baseline_make_component(now, "logPlugin", "", "");
    (void)state;
    old->clsid = new->clsid = IW_STR("{00000000-0000-0000-0000-000000000001}");
    baseline_make_hash(was, old, -1);
    is_equal(1);
    baseline_make_hash(now, new, -1);
    is_equal(1);
    new->files[0].path = IW_STR("C:\\y.dll");
    is_modified("path");
}

static void removal_needs_the_place(void **state)
{
    (void)state;
    (void)module(was);
    now->servers[0].is_authoritative = false;
    now->servers[0].why_not = IW_STR("redirected");
    is_equal(0);
    assert_true(baseline_make_says(&differences.notes, "redirected"));
    assert_true(baseline_make_says(&differences.notes, "1 entries of the baseline are not in"));
    now->servers[0].is_authoritative = true;
    baseline_make_component(now, "globalModule", "", "")->state = "unknown";
    is_equal(0);
    assert_true(baseline_make_says(&differences.notes, "cannot be compared: encrypted"));
    iw_baseline_mark(&differences, &now->inventory);
    assert_int_equal(now->components[0][0].approval, IW_APPROVAL_NOT_ASKED);
    now->components[0][0].kind = "handler"; /* another kind says nothing of this one */
    compare();
    assert_int_equal(differences.n, 1);
}

static void unknown_in_the_baseline(void **state)
{
    (void)state;
    baseline_make_component(was, "globalModule", "", "")->state = "unknown";
    (void)module(now);
    compare();
    assert_int_equal(differences.n, 1);
    assert_int_equal(differences.items[0].change, IW_BASELINE_ADDED);
    assert_true(baseline_make_says(&differences.notes, "when the baseline was made"));
}

static void removal_of_a_place_nobody_collected(void **state)
{
    (void)state;
    baseline_make_component(was, "managedModule", "M", "")->scope = IW_STR("Other Site/app");
    is_equal(0);
    baseline_make_component(was, "managedModule", "N", "")->scope = IW_STR("Default Web Site/app");
    compare();
    assert_int_equal(differences.n, 1);
    is_text(differences.items[0].was->name, "N");
}

static void removal_from_a_registry_nobody_collected(void **state)
{
    (void)state;
    baseline_make_component(was, "isapiFilter", "x", "C:\\x.dll")->state = "registry";
    is_equal(0);
    now->servers[0].version = IW_STR("10.0");
    compare();
    assert_int_equal(differences.n, 1);
}

static void a_server_of_another_name(void **state)
{
    (void)state;
    (void)module(was);
    (void)module(now);
    now->servers[0].host = IW_STR("other");
    is_equal(1);
    assert_true(baseline_make_says(&differences.notes, "compared with its only server"));
}

static void servers_on_one_side(void **state)
{
    (void)state;
    (void)module(was);
    (void)baseline_make_server(was, "web02");
    (void)module(was);
    (void)module(now);
    (void)baseline_make_server(now, "web03");
    (void)module(now);
    is_equal(1);
    assert_true(baseline_make_says(&differences.notes, "web03: not in the baseline"));
    assert_true(baseline_make_says(
        &differences.notes, "web02: in the baseline, but no configuration, program or web file"));
    assert_true(differences.is_compared[0]);
    assert_false(differences.is_compared[1]);
    iw_baseline_mark(&differences, &now->inventory);
    assert_int_equal(now->components[0][0].approval, IW_APPROVAL_BASELINE);
    assert_int_equal(now->components[1][0].approval, IW_APPROVAL_NOT_ASKED);
}

static void one_server_for_several(void **state)
{
    (void)state;
    (void)module(was);
    now->servers[0].host = IW_STR("a");
    (void)module(now);
    (void)baseline_make_server(now, "b");
    (void)module(now);
    (void)baseline_make_component(now, "globalModule", "Evil", "C:\\evil.dll");
    compare();
    assert_int_equal(differences.n, 1);
    is_text(differences.items[0].host, "b");
    assert_int_equal(differences.items[0].n_servers, 1);
    assert_int_equal(differences.items[0].of_servers, 2);
    iw_baseline_mark(&differences, &now->inventory);
    assert_int_equal(now->components[1][1].approval, IW_APPROVAL_NONE);
    assert_int_equal(now->components[1][0].approval, IW_APPROVAL_BASELINE);
}

static void a_farm(void **state)
{
    struct iw_text_list notes;
    struct iw_str document;
    (void)state;
    (void)module(was);
    (void)baseline_make_server(was, "web02");
    (void)module(was);
    (void)baseline_make_component(was, "globalModule", "Odd", "C:\\odd.dll");
    document = baseline_make_document(was, true, &notes);
    assert_int_equal(notes.n, 1);
    assert_true(baseline_make_says(&notes, "globalModule \"Odd\" is only on 1 of 2 servers"));
    (void)module(now);
    (void)baseline_make_server(now, "web02");
    (void)baseline_make_component(now, "globalModule", "New", "C:\\new.dll");
    (void)baseline_make_server(now, "web09");
    (void)module(now);
    (void)baseline_make_component(now, "globalModule", "New", "C:\\new.dll");
    baseline_make_compare(document, now, 0, &differences);
    assert_int_equal(differences.n, 3);
    is_text(differences.items[0].host, "web02");
    is_text(differences.items[0].now->name, "New");
    assert_int_equal(differences.items[0].n_servers, 2);
    assert_int_equal(differences.items[0].of_servers, 3);
    assert_int_equal(differences.items[1].change, IW_BASELINE_REMOVED);
    assert_int_equal(differences.items[1].n_servers, 1);
    is_text(differences.items[2].host, "web09");
    assert_string_equal(differences.items[0].id, differences.items[2].id);
}

/* The order of servers and entries in the evidence leaves no trace in the document. */
static void a_document_shows_no_order(void **state)
{
    (void)state;
    (void)baseline_make_component(was, "globalModule", "A", "a.dll");
    (void)baseline_make_component(was, "globalModule", "B", "b.dll");
    (void)baseline_make_server(was, "web02");
    (void)baseline_make_component(was, "handler", "C", "c.dll");
    now->servers[0].host = IW_STR("WEB02");
    (void)baseline_make_component(now, "handler", "C", "c.dll");
    (void)baseline_make_server(now, "Web01");
    (void)baseline_make_component(now, "globalModule", "B", "b.dll");
    (void)baseline_make_component(now, "globalModule", "A", "a.dll");
    for (int is_farm = 0; is_farm < 2; is_farm++)
        assert_true(iw_str_equal(baseline_make_document(was, is_farm, NULL),
                                 baseline_make_document(now, is_farm, NULL)));
}

/* Where a thing lies in the evidence, when it was copied, what it was called: not in it. */
static void a_document_holds_no_circumstances(void **state)
{
    struct iw_inventory_component *old = module(was), *new = module(now);
    (void)state;
    baseline_make_hash(was, old, 1);
    baseline_make_hash(now, new, 1);
    new->files[0].modified_ns = 77;
    new->files[0].source = IW_STR("elsewhere/x.dll");
    new->config_source = IW_STR("elsewhere/applicationHost.config");
    new->line = 99;
    new->first_seen.time_ns = 5;
    assert_true(iw_str_equal(baseline_make_document(was, false, NULL),
                             baseline_make_document(now, false, NULL)));
}

static void memory_may_fail_anywhere(void **state)
{
    struct iw_str document;
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    (void)module(was);
    (void)baseline_make_component(was, "globalModule", "Gone", "gone.dll");
    document = baseline_make_document(was, false, NULL);
    baseline_make_hash(now, module(now), 1);
    (void)baseline_make_component(now, "globalModule", "New", "new.dll");
    for (uint64_t n = 1; rc != IW_OK && n < 2000; n++) {
        struct iw_baseline *baseline;
        struct iw_text_list notes;
        struct iw_buffer out;
        struct iw_arena own;
        iw_arena_init(&own, 0);
        iw_buffer_init(&out);
        iw_alloc_fail_at(n);
        rc = iw_baseline_write(&now->inventory, false, &own, &out, &notes, NULL);
        if (rc == IW_OK)
            rc = iw_baseline_read(document, "test", &own, &baseline, NULL);
        if (rc == IW_OK)
            rc = iw_baseline_compare(baseline, &now->inventory, 0, NULL, &own, &differences);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
        assert_true(n > 1 || rc == IW_ENOMEM);
        iw_buffer_done(&out);
        if (rc == IW_OK)
            assert_int_equal(differences.n, 2);
        iw_arena_done(&own);
    }
    assert_int_equal(rc, IW_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_field_is_compared),
        TEST(spelling_is_no_change),
        TEST(lists_and_types_have_one_form),
        TEST(keys_that_are_paths),
        TEST(order_is_no_change),
        TEST(entries_of_one_key),
        TEST(equal_additions),
        TEST(owner_pairs_first),
        TEST(added_and_removed),
        TEST(web_files),
        TEST(a_file_on_one_side_only),
        TEST(a_twin_that_was_not_there),
        TEST(folders_of_sites),
        TEST(an_interrupt_ends_it),
        TEST(a_class_that_moved),
        TEST(removal_needs_the_place),
        TEST(unknown_in_the_baseline),
        TEST(removal_of_a_place_nobody_collected),
        TEST(removal_from_a_registry_nobody_collected),
        TEST(a_server_of_another_name),
        TEST(servers_on_one_side),
        TEST(one_server_for_several),
        TEST(a_farm),
        TEST(a_document_shows_no_order),
        TEST(a_document_holds_no_circumstances),
        TEST(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
