/*
 * Change records and rules' findings: the outcome is that of the act (design §6).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rule_change.h"

#define RECORD                                                                                     \
    "changes:\n"                                                                                   \
    "  - id: CHG-1\n"                                                                              \
    "    hosts: [WEB01]\n"                                                                         \
    "    from: 1970-01-01T00:00:10Z\n"                                                             \
    "    to: 1970-01-01T00:00:20Z\n"                                                               \
    "    actors: ['CORP\\deploy']\n"                                                               \
    "    action: [add]\n"                                                                          \
    "    component: {kind: globalModule, name: Mod}\n"

static const char PLAIN[] = RECORD;
static const char RECORDS[] = RECORD "    sha256: aa000000000000000000000000000000"
                                     "00000000000000000000000000000000\n";

#define SYSMON "Microsoft-Windows-Sysmon/Operational"

struct scene {
    struct iw_inventory inventory;
    struct iw_inventory_server server;
    struct iw_inventory_component component;
    struct iw_item_file file;
    struct iw_changes *changes;
};

static void scene_init(struct scene *scene, const char *records, uint8_t hash)
{
    struct iw_error err = {.rc = IW_OK};
    memset(scene, 0, sizeof *scene);
    scene->file = (struct iw_item_file){
        .state = IW_ITEM_FILE_READ, .path = IW_STR("C:\\Mods\\Mod.dll"), .sha256 = {hash}};
    scene->component = (struct iw_inventory_component){
        .kind = "globalModule", .name = IW_STR("Mod"), .files = &scene->file, .n_files = 1};
    scene->server = (struct iw_inventory_server){
        .host = IW_STR("WEB01"), .components = &scene->component, .n_components = 1};
    scene->inventory.servers = &scene->server;
    scene->inventory.n_servers = 1;
    scene->changes = iw_changes_new();
    assert_non_null(scene->changes);
    assert_int_equal(iw_changes_add_yaml(scene->changes, iw_str_of(records), "r.yml", &err), IW_OK);
}

static struct iw_finding ask(struct scene *scene, const char *event, int64_t second)
{
    static const struct iw_str ANALYTIC = {"AN0184", 6};
    struct iw_evidence_item item = {.channel = IW_STR(SYSMON), .event_id = 1};
    struct iw_finding finding = {.host = IW_STR("web01"),
                                 .level = IW_LEVEL_MEDIUM,
                                 .score = 50,
                                 .analytic = {&ANALYTIC, 1},
                                 .evidence = &item,
                                 .n_evidence = 1,
                                 .first_time_ns = second * IW_NS_PER_SECOND,
                                 .last_time_ns = second * IW_NS_PER_SECOND,
                                 .event_json = iw_str_of(event)};
    struct iw_rule_changes rule_changes;
    assert_int_equal(iw_rule_changes_init(&rule_changes, scene->changes, NULL, &scene->inventory),
                     IW_OK);
    assert_int_equal(iw_rule_changes_judge(&rule_changes, &finding), IW_OK);
    finding.change.why = finding.change.record = IW_STR(""); /* gone with what is freed */
    iw_rule_changes_done(&rule_changes);
    return finding;
}

static const char INSTALL[] =
    "{\"CommandLine\":\"appcmd install module /name:Mod /image:c:\\\\mods\\\\mod.dll\","
    "\"User\":\"CORP\\\\deploy\"}";

/* A record without a clause on content: all of it can be checked. With one, the file that was
 * collected later is no proof of what the act made. */
static void explained(void **state)
{
    struct scene scene;
    struct iw_finding finding;
    (void)state;
    scene_init(&scene, PLAIN, 0xAA);
    finding = ask(&scene, INSTALL, 15);
    assert_int_equal(finding.change.status, IW_CHANGE_EXPLAINED);
    assert_int_equal(finding.level, IW_LEVEL_INFORMATIONAL);
    assert_int_equal(finding.score, iw_level_score(IW_LEVEL_INFORMATIONAL));
    iw_changes_free(scene.changes);
    scene_init(&scene, RECORDS, 0xAA);
    finding = ask(&scene, INSTALL, 15);
    assert_int_equal(finding.change.status, IW_CHANGE_UNVERIFIED);
    assert_int_equal(finding.level, IW_LEVEL_LOW);
    iw_changes_free(scene.changes);
}

/* By name alone the file is found too, and speaks against the record. */
static void by_name(void **state)
{
    static const char BY_NAME[] = "{\"CommandLine\":\"appcmd install module /name:MOD\","
                                  "\"User\":\"CORP\\\\deploy\"}";
    struct scene scene;
    (void)state;
    scene_init(&scene, RECORDS, 0xAA);
    assert_int_equal(ask(&scene, BY_NAME, 15).change.status, IW_CHANGE_UNVERIFIED);
    iw_changes_free(scene.changes);
    scene_init(&scene, RECORDS, 0xBB);
    assert_int_equal(ask(&scene, BY_NAME, 15).change.status, IW_CHANGE_PARTLY);
    iw_changes_free(scene.changes);
}

static void not_explained(void **state)
{
    static const char OTHER_ACTOR[] =
        "{\"CommandLine\":\"appcmd install module /name:Mod /image:c:\\\\mods\\\\mod.dll\","
        "\"User\":\"CORP\\\\roe\"}";
    static const char OTHER_NAME[] =
        "{\"CommandLine\":\"appcmd install module /name:Else /image:c:\\\\x.dll\","
        "\"User\":\"CORP\\\\deploy\"}";
    static const char OTHER_FILE[] =
        "{\"CommandLine\":\"appcmd install module /name:Mod /image:c:\\\\unknown.dll\","
        "\"User\":\"CORP\\\\deploy\"}";
    struct scene scene;
    struct iw_finding finding;
    (void)state;
    scene_init(&scene, RECORDS, 0xBB);
    finding = ask(&scene, INSTALL, 15); /* other content */
    assert_int_equal(finding.change.status, IW_CHANGE_PARTLY);
    assert_int_equal(finding.level, IW_LEVEL_MEDIUM);
    assert_int_equal(finding.score, 50);
    iw_changes_free(scene.changes);
    scene_init(&scene, RECORDS, 0xAA);
    assert_int_equal(ask(&scene, INSTALL, 21).change.status, IW_CHANGE_PARTLY);
    assert_int_equal(ask(&scene, OTHER_ACTOR, 15).change.status, IW_CHANGE_PARTLY);
    assert_int_equal(ask(&scene, OTHER_NAME, 15).change.status, IW_CHANGE_UNEXPLAINED);
    finding = ask(&scene, OTHER_FILE, 15); /* its content is not in evidence */
    assert_int_equal(finding.change.status, IW_CHANGE_UNVERIFIED);
    assert_int_equal(finding.level, IW_LEVEL_LOW);
    /* No act that records speak of. */
    assert_int_equal(ask(&scene, "{\"CommandLine\":\"whoami\"}", 15).change.status,
                     IW_CHANGE_NOT_CHECKED);
    iw_changes_free(scene.changes);
}

static void nobody_asks(void **state)
{
    struct scene scene;
    struct iw_changes *changes;
    (void)state;
    scene_init(&scene, RECORDS, 0xAA);
    changes = scene.changes;
    scene.changes = NULL;
    assert_int_equal(ask(&scene, INSTALL, 15).change.status, IW_CHANGE_NOT_CHECKED);
    iw_changes_free(changes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(explained),
        cmocka_unit_test(by_name),
        cmocka_unit_test(not_explained),
        cmocka_unit_test(nobody_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
