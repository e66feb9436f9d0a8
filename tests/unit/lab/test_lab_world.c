/*
 * The lab's world: what a scenario's hosts are when the story begins, PIDs, sessions, files, places
 * of URLs, and the order of things.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/act/lab_deed.h"
#include "lab/lab_alloc.h"
#include "lab/world/lab_agenda.h"
#include "tests/unit/lab/lab_scenario_support.h"

static const char text[] =
    "scenario: small\nabout: x\nfamily: quiet\nstart: 2026-01-05T06:00:00Z\n"
    "end: 2026-01-05T07:00:00Z\n"
    "accounts:\n  - {name: boss, rid: 1103, privileged: true}\n"
    "hosts:\n  - name: WEB01\n    address: 10.0.0.1\n    role: aspnet\n"
    "    pools:\n      - {name: Narrow, bitness: 32}\n"
    "    sites:\n      - name: Shop\n        id: 7\n        pool: Narrow\n        root: "
    "'D:\\shop'\n"
    "        files: [a.aspx]\n"
    "        applications:\n          - {path: /api, pool: DefaultAppPool, root: 'D:\\api'}\n"
    "        virtual_directories:\n          - {path: /docs, root: 'D:\\docs'}\n"
    "  - {name: BUILD, address: 10.0.0.2, role: other}\n"
    "truth: {}\n";

static struct scenario_file file;
static struct iw_lab_scenario scenario;
static struct iw_lab_world *world;
static struct iw_lab_error error;

static int build(void **state)
{
    struct iw_lab_world_options options = {.copy_end = 1};
    (void)state;
    if (!scenario_file_make(&file, "small") || !scenario_file_write(&file, text) ||
        !iw_lab_scenario_read(&scenario, file.path, 1, &error)) {
        return -1;
    }
    world = iw_lab_world_new(&scenario, &options, &error);
    return iw_lab_world_build(world) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    iw_lab_world_free(world);
    iw_lab_scenario_done(&scenario);
    scenario_file_remove(&file);
    return 0;
}

static struct iw_lab_host *web(void)
{
    return iw_lab_world_host(world, "web01");
}

static void hosts_have_what_their_role_brings(void **state)
{
    (void)state;
    assert_non_null(web());
    assert_string_equal(web()->computer, "WEB01.lab.example");
    assert_non_null(iw_lab_host_site(web(), "default web site"));
    assert_non_null(iw_lab_host_file(web(), "C:\\INETPUB\\wwwroot\\default.aspx"));
    assert_non_null(iw_lab_host_file(web(), "C:\\Windows\\System32\\inetsrv\\cachuri.dll"));
    assert_non_null(iw_lab_host_file(web(), "C:\\Windows\\SysWOW64\\inetsrv\\cachuri.dll"));
    assert_non_null(iw_lab_host_file(web(), IW_LAB_APPHOST));
    assert_non_null(iw_lab_host_file(web(), "D:\\shop\\a.aspx"));
    struct iw_lab_host *other = iw_lab_world_host(world, "BUILD");
    assert_false(other->is_web);
    assert_null(other->config);
    assert_null(iw_lab_host_process(other, "iissvcs"));
    assert_string_equal(iw_lab_host_process(other, "system")->pid, "4");
}

static void urls_have_their_place(void **state)
{
    static const struct {
        const char *url, *path, *pool;
    } rows[] = {{"/", "D:\\shop\\", "Narrow"},
                {"/x/y.aspx", "D:\\shop\\x\\y.aspx", "Narrow"},
                {"/api", "D:\\api", "DefaultAppPool"},
                {"/API/v1", "D:\\api\\v1", "DefaultAppPool"},
                {"/apiary", "D:\\shop\\apiary", "Narrow"},
                {"/docs/a.html", "D:\\docs\\a.html", "Narrow"}};
    const struct iw_lab_site *site = iw_lab_host_site(web(), "Shop");
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[64];
        struct iw_lab_pool *pool = NULL;
        assert_true(iw_lab_site_resolve(site, rows[i].url, path, sizeof path, &pool));
        assert_string_equal(path, rows[i].path);
        assert_string_equal(pool->name, rows[i].pool);
    }
    char small[10];
    struct iw_lab_pool *pool = NULL;
    assert_false(iw_lab_site_resolve(site, "/x/y.aspx", small, sizeof small, &pool));
}

static void numbers_of_living_processes_differ(void **state)
{
    struct iw_lab_program_facts facts = {.image = "C:\\Windows\\System32\\cmd.exe"};
    struct iw_lab_process *processes[800];
    char seen[4096] = "";
    (void)state;
    for (size_t i = 0; i < 800; i++) {
        processes[i] =
            iw_lab_process_new(web(), NULL, &facts, iw_lab_host_session(web(), "system"));
        unsigned number = processes[i]->number;
        assert_int_equal(number % 4, 0);
        assert_int_equal(seen[number / 4], 0);
        seen[number / 4] = 1;
    }
    assert_string_equal(processes[0]->original_name, "Cmd.Exe");
    for (size_t i = 0; i < 800; i++) {
        iw_lab_process_finish(web(), processes[i]);
    }
    for (size_t i = 0; i < 5000; i++) { /* numbers come free again */
        iw_lab_process_finish(
            web(), iw_lab_process_new(web(), NULL, &facts, iw_lab_host_session(web(), "system")));
    }
}

static void a_number_can_be_wished_for(void **state)
{
    struct iw_lab_program_facts facts = {.image = "C:\\a.exe"};
    struct iw_lab_session *session = iw_lab_host_session(web(), "system");
    (void)state;
    for (facts.number = 16376; !iw_lab_host_is_free_number(web(), facts.number);) {
        facts.number -= 4;
    }
    assert_false(iw_lab_host_is_free_number(web(), facts.number + 1));
    assert_false(iw_lab_host_is_free_number(web(), 16384));
    assert_false(iw_lab_host_is_free_number(web(), 0));
    for (size_t i = 0; i < 2; i++) { /* and again when it is free */
        struct iw_lab_process *process = iw_lab_process_new(web(), NULL, &facts, session);
        assert_int_equal(process->number, facts.number);
        assert_false(iw_lab_host_is_free_number(web(), facts.number));
        iw_lab_process_finish(web(), process);
        assert_true(iw_lab_host_is_free_number(web(), facts.number));
    }
}

static void a_copy_elsewhere_has_no_name_of_windows(void **state)
{
    struct iw_lab_program_facts facts = {.image = "D:\\shop\\cmd.exe"};
    struct iw_lab_process *process =
        iw_lab_process_new(web(), NULL, &facts, iw_lab_host_session(web(), "system"));
    (void)state;
    assert_string_equal(process->company, "-");
    iw_lab_process_finish(web(), process);
}

static void administrators_have_two_tokens(void **state)
{
    const struct iw_lab_account *boss = iw_lab_scenario_account(&scenario, "LAB\\boss");
    (void)state;
    assert_non_null(boss);
    struct iw_lab_session *session =
        iw_lab_deed_logon(web(), "s", boss, "10", "10.0.0.9", "WEB01", true);
    assert_non_null(session->linked);
    assert_ptr_equal(session->linked->linked, session);
    assert_string_not_equal(session->logon_id, session->linked->logon_id);
    assert_true(session->is_privileged);
    assert_false(session->linked->is_privileged);
    assert_string_equal(iw_lab_host_process(web(), "explorer:s")->integrity, "Medium");
    iw_lab_deed_logoff(web(), session);
    assert_false(session->is_open);
    assert_false(iw_lab_host_process(web(), "explorer:s")->is_alive);
}

static void workers_are_of_their_pool(void **state)
{
    struct iw_lab_pool *pool = iw_lab_host_pool(web(), "narrow");
    struct iw_lab_process *worker = iw_lab_deed_worker(web(), pool);
    (void)state;
    assert_ptr_equal(iw_lab_deed_worker(web(), pool), worker);
    assert_string_equal(worker->image, "C:\\Windows\\SysWOW64\\inetsrv\\w3wp.exe");
    assert_non_null(strstr(worker->command, "-ap \"Narrow\""));
    assert_string_equal(worker->session->domain, "IIS APPPOOL");
    assert_memory_equal(worker->session->sid, "S-1-5-82-", 9);
    iw_lab_deed_recycle(web(), pool, "schedule");
    assert_null(pool->worker);
}

static void files_are_found_in_any_case(void **state)
{
    struct iw_lab_content content = {.kind = IW_LAB_CONTENT_TEXT, .text = "one"};
    struct iw_lab_file *file_made = iw_lab_file_put(web(), "D:\\shop\\B.aspx", &content);
    char hashes[200];
    (void)state;
    assert_ptr_equal(iw_lab_host_file(web(), "d:\\SHOP\\b.ASPX"), file_made);
    snprintf(hashes, sizeof hashes, "%s", iw_lab_host_hashes(web(), "d:\\shop\\b.aspx"));
    /* sha256("one") */
    assert_non_null(
        strstr(hashes, "SHA256=7692C3AD3540BB803C020B3AEE66CD8887123234EA0C6E7143C0ADD73FF431ED"));
    content.text = "two";
    assert_ptr_equal(iw_lab_file_put(web(), "D:\\shop\\b.aspx", &content), file_made);
    assert_string_not_equal(hashes, iw_lab_host_hashes(web(), "D:\\shop\\B.aspx"));
    file_made->is_deleted = true;
    assert_null(iw_lab_host_file(web(), "D:\\shop\\B.aspx"));
    /* A program of Windows has hashes without being a file somebody could delete. */
    iw_lab_host_hashes(web(), "C:\\Windows\\System32\\whoami.exe");
    assert_null(iw_lab_host_file(web(), "C:\\Windows\\System32\\whoami.exe"));
}

static void an_older_configuration_comes_back(void **state)
{
    struct iw_lab_config_attribute entry[] = {{"name", "Alien"}, {"image", "C:\\x.dll"}};
    struct iw_lab_edit edit = {.change = {.verb = IW_LAB_CONFIG_ADD,
                                          .section = "globalModules",
                                          .attributes = entry,
                                          .n_attributes = 2}};
    const struct iw_lab_process *by = iw_lab_host_process(web(), "services");
    (void)state;
    assert_true(iw_lab_deed_configure(web(), by, &edit, 1, false, &error));
    assert_string_equal(iw_lab_config_get(web()->config, "globalModules", NULL, "Alien", "image"),
                        "C:\\x.dll");
    assert_false(iw_lab_deed_restore_config(web(), by, 9));
    assert_true(iw_lab_deed_restore_config(web(), by, 0));
    assert_null(iw_lab_config_get(web()->config, "globalModules", NULL, "Alien", "image"));
    assert_ptr_equal(iw_lab_host_file(web(), IW_LAB_APPHOST)->content.config, web()->config);
}

static void processes_have_a_limit(void **state)
{
    struct iw_lab_program_facts facts = {.image = "C:\\Windows\\System32\\cmd.exe"};
    struct iw_lab_host *host = iw_lab_world_host(world, "BUILD");
    struct iw_lab_session *session = iw_lab_host_session(host, "system");
    struct iw_lab_process *last = NULL;
    (void)state;
    while (host->n_pids_in_use < 3500) {
        last = iw_lab_process_new(host, NULL, &facts, session);
    }
    assert_false(world->is_failed);
    iw_lab_process_finish(host, last);
    assert_int_equal(host->n_pids_in_use, 3499);
    iw_lab_process_new(host, NULL, &facts, session);
    assert_false(world->is_failed);
    iw_lab_process_new(host, NULL, &facts, session);
    assert_true(world->is_failed);
    assert_non_null(strstr(error.text, "more than 3500 processes on BUILD"));
    world->is_failed = false;
}

static void keys_outlive_processes(void **state)
{
    struct iw_lab_program_facts facts = {.image = "C:\\Windows\\System32\\cmd.exe"};
    struct iw_lab_process *process =
        iw_lab_process_new(web(), "p1", &facts, iw_lab_host_session(web(), "system"));
    (void)state;
    iw_lab_process_finish(web(), process);
    assert_ptr_equal(iw_lab_host_process(web(), "p1"), process);
    assert_false(process->is_alive);
    assert_null(iw_lab_host_process(web(), "worker:DefaultAppPool"));
    assert_null(iw_lab_host_process(web(), "p2"));
}

static void windows_own_is_known(void **state)
{
    (void)state;
    assert_true(iw_lab_host_session(web(), "system")->is_builtin);
    assert_true(iw_lab_host_session(web(), "pool:Narrow")->is_builtin);
    assert_null(iw_lab_host_session(web(), "pool:Nope"));
    assert_true(iw_lab_host_process(web(), "lsass")->is_builtin);
    assert_true(iw_lab_type_has_desktop("10"));
    assert_false(iw_lab_type_has_desktop("3"));
    const struct iw_lab_file *module =
        iw_lab_host_file(web(), "C:\\Windows\\SysWOW64\\inetsrv\\loghttp.dll");
    assert_non_null(module); /* its names live as long as the host */
    assert_string_equal(module->content.pe.original_name, "loghttp.dll");
    assert_string_equal(module->content.pe.description, "loghttp.dll");
}

static void paths_are_whole(void **state)
{
    char part[300];
    char path[600];
    (void)state;
    assert_true(iw_lab_is_path("C:\\a"));
    assert_true(iw_lab_is_path("d:\\Program Files (x86)\\größe\\a.b-c_d.txt"));
    assert_false(iw_lab_is_path(""));
    assert_false(iw_lab_is_path("C:"));
    assert_false(iw_lab_is_path("C:\\"));
    assert_false(iw_lab_is_path("C:\\a\n"));
    assert_false(iw_lab_is_path("C:\\a\\..\\b"));
    assert_false(iw_lab_is_path("C:\\.\\b"));
    for (size_t n = 255; n < 257; n++) {
        memset(part, 'x', n);
        part[n] = '\0';
        snprintf(path, sizeof path, "C:\\%s", part);
        assert_int_equal(iw_lab_is_path(path), n == 255);
    }
    for (size_t n = 500; n < 502; n++) { /* of the whole path */
        memset(path, 'x', n);
        memcpy(path, "C:\\", 3);
        path[250] = '\\';
        path[n] = '\0';
        assert_int_equal(iw_lab_is_path(path), n == 500);
    }
}

static void long_texts_of_events_stay_whole(void **state)
{
    char filling[30000];
    const char *made[4];
    (void)state;
    memset(filling, 'x', sizeof filling - 1);
    filling[sizeof filling - 1] = '\0';
    for (size_t i = 0; i < 4; i++) { /* more than the books keep room for at once */
        made[i] = iw_lab_log_print(web(), "%zu%s", i, filling);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(strlen(made[i]), sizeof filling);
        assert_int_equal(made[i][0], '0' + (int)i);
    }
}

static char order[8];

static void note(struct iw_lab_host *host, void *subject)
{
    (void)host;
    strncat(order, subject, 1);
}

static void things_happen_in_time_and_order(void **state)
{
    char a[] = "a", b[] = "b", c[] = "c", late[] = "x";
    uint64_t now = web()->now;
    (void)state;
    iw_lab_agenda_put(web(), now + 50, note, c, NULL);
    iw_lab_agenda_put(web(), now + 10, note, a, NULL);
    iw_lab_agenda_put(web(), now + 10, note, b, NULL);
    iw_lab_agenda_put(web(), scenario.to + 1, note, late, NULL);
    char *owned = iw_lab_alloc_zeroed(2, 1); /* given back without having happened */
    iw_lab_agenda_put_owned(web(), scenario.to + 2, note, owned, NULL);
    assert_true(iw_lab_world_run(world));
    assert_string_equal(order, "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_have_what_their_role_brings),
        cmocka_unit_test(urls_have_their_place),
        cmocka_unit_test(numbers_of_living_processes_differ),
        cmocka_unit_test(a_number_can_be_wished_for),
        cmocka_unit_test(a_copy_elsewhere_has_no_name_of_windows),
        cmocka_unit_test(administrators_have_two_tokens),
        cmocka_unit_test(workers_are_of_their_pool),
        cmocka_unit_test(files_are_found_in_any_case),
        cmocka_unit_test(an_older_configuration_comes_back),
        cmocka_unit_test(processes_have_a_limit),
        cmocka_unit_test(keys_outlive_processes),
        cmocka_unit_test(windows_own_is_known),
        cmocka_unit_test(paths_are_whole),
        cmocka_unit_test(long_texts_of_events_stay_whole),
        cmocka_unit_test(things_happen_in_time_and_order),
    };
    return cmocka_run_group_tests(tests, build, tear_down);
}
