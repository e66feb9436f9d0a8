/*
 * ISAPI extensions and CGI programs: what allows one (isapiCgiRestriction) is a load point like a
 * handler (domain.md §4.1, §8 no. 1), and a DLL that requests run is a component and a web file at
 * once. Levels: design §8; the nearest state in which less is said stands beside each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "result/history_line.h"
#include "tests/unit/detect/reconcile_rig.h"

#define EXTENSION "D:\\shop\\scripts\\stat.dll"
#define TOOL "D:\\tools\\stat.dll"
#define TITLE "Program that requests may run and nobody vouches for: "

static const struct iw_str ISAPI = {"isapiExtension", 14};
static const struct iw_str MARKS[] = {{"is-program: is a program, not text", 34}};

/* The permission for a DLL that was collected below a root that was, of a server known whole. */
static struct iw_inventory_component *allow(struct rig *rig, const char *path)
{
    struct iw_inventory_component *row = rig_component(rig, "isapiCgiRestriction", path, path);
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    (void)rig_give_file(rig, row, &ISAPI);
    rig->roots[0] = (struct iw_inventory_root){
        .path = IW_STR("D:\\shop"), .is_resolved = true, .is_collected = true};
    rig->servers[0].roots = rig->roots;
    rig->servers[0].n_roots = 1;
    return row;
}

/* Requests run the DLL: its folder lets them execute. */
static struct iw_inventory_web_file *serve(struct rig *rig, const char *path)
{
    static const struct iw_str URLS[] = {{"/scripts/stat.dll", 17}};
    struct iw_inventory_web_file *file = rig_web_file(rig, path);
    file->handler = IW_STR("ISAPI-dll");
    file->urls = (struct iw_text_list){URLS, 1};
    file->marks = (struct iw_text_list){MARKS, 1};
    file->n_strong_marks = 1;
    return file;
}

static void permission_for_what_requests_run(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = allow(rig, EXTENSION);
    (void)serve(rig, "D:\\Shop\\scripts\\STAT.dll");
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE EXTENSION);
    rig_says(rig, "why: ISAPI-dll runs it when /scripts/stat.dll is asked for\n");
    rig_says(rig, "why: is-program: is a program, not text"); /* and no second finding */
    row->approval = IW_APPROVAL_BASELINE;
    assert_int_equal(rig_run(rig), 1); /* the web file speaks for itself then */
    rig_says_not(rig, "isapiCgiRestriction");
    row->approval = IW_APPROVAL_NOT_ASKED;
    row->known = IW_ITEM_KNOWN_AS_IT_IS;
    assert_int_equal(rig_run(rig), 1);
    rig_says_not(rig, "isapiCgiRestriction");
}

/* Marks that weigh more than the permission stay a finding of their own. */
static void web_file_of_a_higher_level(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = allow(rig, EXTENSION);
    serve(rig, EXTENSION)->n_strong_marks = 2;
    row->files[0].signature = IW_ITEM_SIGNATURE_ANCHORED;
    row->files[0].signer = IW_STR("Contoso");
    assert_int_equal(rig_run(rig), 2);
}

static void permission_that_nothing_reaches(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = allow(rig, TOOL);
    rig_one(rig, IW_LEVEL_LOW, TITLE TOOL);
    rig_says(rig, "why: lowered: no handler names it, and it lies below no web root");
    /* What is not known whole may have such a handler, or such a folder. */
    rig->servers[0].is_authoritative = false;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE TOOL);
    rig->servers[0].is_authoritative = true;
    rig->roots[0].is_collected = false;
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE TOOL);
    rig->roots[0].is_assumed = true; /* nobody configured that one */
    rig_one(rig, IW_LEVEL_LOW, TITLE TOOL);
    rig->roots[0].is_assumed = false;
    rig->roots[0].is_collected = true;
    row->files[0].state = IW_ITEM_FILE_NOT_COLLECTED; /* where it lies nothing was collected */
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE TOOL);
    /* Below a web root its folder alone decides, and that is changed by a web.config. */
    rig->servers[0].n_components = 0;
    (void)allow(rig, EXTENSION);
    rig_one(rig, IW_LEVEL_MEDIUM, TITLE EXTENSION);
}

static void permission_that_says_less(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = allow(rig, EXTENSION);
    (void)serve(rig, EXTENSION)->marks;
    rig->web_files[0].marks.n = 0;
    row->is_disabled = true; /* allowed="false" */
    rig_none(rig);
    row->is_disabled = false;
    row->files[0].signature = IW_ITEM_SIGNATURE_ANCHORED;
    row->files[0].signer = IW_STR("Contoso");
    rig_one(rig, IW_LEVEL_LOW, TITLE EXTENSION);
    rig_says(rig, "why: signed by Contoso");
    row->state = "unknown";
    rig_none(rig);
}

/* The handler that names the same program is spoken of, once. */
static void permission_beside_a_handler(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *handler =
        rig_component(rig, "handler", "Stat", "D:\\shop\\scripts\\stat.dll");
    handler->known = IW_ITEM_KNOWN_UNKNOWN;
    (void)allow(rig, EXTENSION);
    assert_int_equal(rig_run(rig), 1);
    rig_says(rig, "why: handler Stat is none of Microsoft's own");
    rig_says_not(rig, "isapiCgiRestriction allows");
}

/* As for any load point: where users may write, on another machine. */
static void permission_for_an_odd_place(void **state)
{
    static const char *const PLACES[] = {"C:\\Users\\Public\\x.dll", "\\\\files\\share\\x.dll",
                                         "C:\\ProgramData\\x\\x.exe"};
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        rig_done(rig);
        rig_init(rig);
        (void)allow(rig, PLACES[i]);
        assert_int_equal(rig_run(rig), 1);
        assert_int_equal(rig->seen[0].finding.level, IW_LEVEL_MEDIUM);
        rig_says(rig, "is loaded from ");
    }
}

/* Without a permission it runs only where the server allows what is not listed. */
static void extension_without_permission(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = rig_loose_file(rig, "moduleFile", EXTENSION, &ISAPI);
    rig_one(rig, IW_LEVEL_LOW, "Module file that no configuration names: x.dll");
    (void)serve(rig, EXTENSION);
    rig_one(rig, IW_LEVEL_MEDIUM, "Module file that no configuration names: x.dll");
    rig_says(rig, "why: ISAPI-dll runs it when /scripts/stat.dll is asked for\n");
    rig_says(rig, "why: no permission names it: it runs where isapiCgiRestriction allows what is "
                  "not listed\n");
    /* Requests do not run a module. */
    row->files[0].roles = (struct iw_text_list){&RIG_NATIVE, 1};
    assert_int_equal(rig_run(rig), 2);
    rig_says_not(rig, "runs it when");
}

static const char *line_of(struct rig *rig, const char *kind, const char *name, const char *what)
{
    iw_buffer_clear(&rig->scratch);
    iw_history_line_write(iw_str_of(kind), iw_str_of(name), IW_STR(""), iw_str_of(what),
                          &rig->scratch);
    iw_buffer_add_char(&rig->scratch, '\0');
    return iw_arena_copy(&rig->inventory.arena, iw_buffer_str(&rig->scratch)).p;
}

/* Allowed for an hour, and taken away again. What another entry of that time named goes with it. */
static void permission_of_former_configurations(void **state)
{
    struct rig *rig = *state;
    struct iw_str lines[2];
    iw_arena_init(&rig->inventory.arena, 0);
    lines[0] = iw_str_of(line_of(rig, "isapiCgiRestriction", EXTENSION, EXTENSION));
    rig->versions[0] = (struct iw_inventory_version){.number = 2,
                                                     .source = IW_STR("t/2"),
                                                     .from_ns = T(7200),
                                                     .until_ns = T(10800),
                                                     .added = {lines, 1}};
    rig->versions[1] = (struct iw_inventory_version){.number = 1,
                                                     .source = IW_STR("t/1"),
                                                     .from_ns = T(3600),
                                                     .until_ns = T(7200),
                                                     .removed = {lines, 1}};
    rig->servers[0].versions = rig->versions;
    rig->servers[0].n_versions = 2;
    rig_one(rig, IW_LEVEL_LOW, "Component that was configured for a short time only: " EXTENSION);
    lines[1] = lines[0];
    lines[0] = iw_str_of(line_of(rig, "handler", "Stat", EXTENSION));
    rig->versions[0].added.n = rig->versions[1].removed.n = 2;
    rig_one(rig, IW_LEVEL_LOW, "Component that was configured for a short time only: Stat");
    /* Microsoft's own go with a feature. */
    lines[0] = iw_str_of(line_of(rig, "isapiCgiRestriction", "%windir%\\system32\\inetsrv\\asp.dll",
                                 "C:\\Windows\\System32\\inetsrv\\asp.dll"));
    rig->versions[0].added.n = rig->versions[1].removed.n = 1;
    rig_none(rig);
    iw_arena_done(&rig->inventory.arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(permission_for_what_requests_run), TEST(web_file_of_a_higher_level),
        TEST(permission_that_nothing_reaches),  TEST(permission_that_says_less),
        TEST(permission_beside_a_handler),      TEST(permission_for_an_odd_place),
        TEST(extension_without_permission),     TEST(permission_of_former_configurations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
