/*
 * The reconciler as a whole: what several judgments say of one subject is one finding, order,
 * identity, change records, evidence of events, limits, a sink that refuses, no memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/limits.h"
#include "tests/unit/detect/reconcile_rig.h"
#include "tests/support/skip_because.h"

/* A module nobody knows, its entry in modules, its file. */
static struct iw_inventory_component *evil_module(struct rig *rig)
{
    struct iw_inventory_component *row =
        rig_component(rig, "globalModule", "Evil", INETSRV "evil.dll");
    row->known = IW_ITEM_KNOWN_UNKNOWN;
    (void)rig_give_file(rig, row, &RIG_NATIVE);
    rig_component(rig, "nativeModule", "evil", "")->known = IW_ITEM_KNOWN_UNKNOWN;
    return row;
}

/* Registered, loaded, written, failed: events in the order of facts (kind, path, time). */
static void evil_events(struct rig *rig)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", 200);
    fact->configuration = IW_STR("/system.webServer/globalModules/add[@name='EVIL']");
    fact->new_value = IW_STR(INETSRV "evil.dll");
    fact->user = IW_STR("S-1-5-21-1-2-3-500");
    fact->process_id = 4242;
    rig_log(rig, 100, 300);
    rig_fact(rig, IW_FACT_MODULE_LOAD, INETSRV "EVIL.dll", 250);
    rig_fact(rig, IW_FACT_FILE_WRITTEN, INETSRV "evil.dll", 150)->user = IW_STR("CORP\\bob");
    rig_fact(rig, IW_FACT_LOAD_FAILURE, INETSRV "evil.dll", 240);
}

/* --- one subject, one finding ---------------------------------------------------------------- */

static void one_finding_a_subject(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = evil_module(rig);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    assert_int_equal(rig->seen[0].finding.why.n, 1);
    rig->files[0][0].signature = IW_ITEM_SIGNATURE_TAMPERED;
    rig_one(rig, IW_LEVEL_HIGH, "Signature does not fit the file: Evil");
    assert_int_equal(rig->seen[0].finding.why.n, 2);
    assert_true(strstr(rig->seen[0].all, "content does not fit") <
                strstr(rig->seen[0].all, "none of Microsoft's own"));
    row->known = IW_ITEM_KNOWN_NAME_OTHER_IMAGE;
    rig_one(rig, IW_LEVEL_HIGH, "Signature does not fit the file: Evil");
}

/* A genuine DLL under two names is two subjects; the one that is right is not spoken of. */
static void two_names_of_one_image(void **state)
{
    struct rig *rig = *state;
    rig_component(rig, "globalModule", "DefaultDocumentModule", INETSRV "defdoc.dll")->known =
        IW_ITEM_KNOWN_AS_IT_IS;
    rig_component(rig, "globalModule", "DefaultDocumentModule_Atomic", INETSRV "defdoc.dll")
        ->known = IW_ITEM_KNOWN_IMAGE_OTHER_NAME;
    rig_one(rig, IW_LEVEL_LOW, "Built-in image under another name: DefaultDocumentModule_Atomic");
}

/* --- evidence ------------------------------------------------------------------------------- */

static void evidence_of_all_sides(void **state)
{
    static const char *const ROLES[] = {"file_created", "registration",  "load_failure",
                                        "module_load",  "configuration", "configuration",
                                        "file"};
    struct rig *rig = *state;
    const struct iw_finding *finding = &rig->seen[0].finding;
    (void)evil_module(rig);
    evil_events(rig);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    assert_int_equal(finding->n_evidence, 7);
    for (size_t i = 0; i < 7; i++)
        assert_true(iw_str_equal(finding->evidence[i].role, iw_str_of(ROLES[i])));
    assert_true(finding->first_time_ns == T(150));
    assert_true(finding->last_time_ns == T(250));
    assert_true(iw_str_equal(finding->user, IW_STR("S-1-5-21-1-2-3-500")));
    assert_true(iw_str_equal(finding->computer, IW_STR("web01.corp.example")));
    assert_int_equal(finding->evidence[1].record_id, 200);
    assert_int_equal(finding->kind, IW_FINDING_COMPONENT);
    assert_true(iw_str_equal(finding->analytic.items[0], IW_STR("AN0184")));
    assert_true(iw_str_equal(finding->attack.items[0], IW_STR("T1505.004")));
    assert_false(finding->is_partial); /* who registered it, and its load */
    rig_says(rig, "\"Security_UserID\":\"S-1-5-21-1-2-3-500\",\"Execution_ProcessID\":4242");
    rig_says(rig, "triage: find the logon of S-1-5-21-1-2-3-500 and the process that acted at");
    rig_says(rig, "triage: preserve t/file (SHA-256 aabb");
    rig_says(rig, "-section:system.webServer/globalModules");
    rig->facts.n = 0;
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    assert_true(finding->is_partial);
    assert_false(iw_time_known(finding->first_time_ns));
    rig_says(rig, "blind: no event of Sysmon 7");
}

/* A file is as old as it says: where acts are in evidence, it began with the first of them. */
static void begins_with_acts(void **state)
{
    struct rig *rig = *state;
    (void)evil_module(rig);
    evil_events(rig);
    rig->files[0][0].modified_ns = T(10);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    assert_true(rig->seen[0].finding.first_time_ns == T(150));
    assert_true(rig->seen[0].finding.last_time_ns == T(250));
    rig->facts.n = 0;
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    assert_true(rig->seen[0].finding.first_time_ns == T(10));
}

/* What did not load is told with how often and until when: rules no longer tell of those events. */
static void loads_that_failed(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *fact;
    (void)evil_module(rig);
    fact = rig_fact(rig, IW_FACT_LOAD_FAILURE, INETSRV "evil.dll", 240);
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    rig_says(rig, "why: a worker could not load it: event 1 (record 240, 1970-01-01T00:04:00Z)");
    fact->n = 3;
    fact->last_ns = T(300);
    rig_fact(rig, IW_FACT_LOAD_FAILURE, INETSRV "evil.dll", 360)->n = 2;
    rig_one(rig, IW_LEVEL_MEDIUM, "Component that nobody vouches for: Evil");
    rig_says(rig, "why: a worker could not load it, 5 times until 1970-01-01T00:06:00Z: event 1 "
                  "(record 240, 1970-01-01T00:04:00Z) was the first");
}

/* Facts of another host are another host's. */
static void facts_of_another_host(void **state)
{
    struct rig *rig = *state;
    (void)evil_module(rig);
    evil_events(rig);
    for (size_t i = 0; i < rig->facts.n; i++)
        rig->fact_items[i].host = IW_STR("web02");
    (void)rig_run(rig);
    assert_int_equal(rig->seen[0].finding.n_evidence, 3);
}

static void many_events_are_counted(void **state)
{
    struct rig *rig = *state;
    static struct iw_server_fact loads[IW_LIMIT_CASE_EVENTS + 1];
    (void)evil_module(rig);
    rig_fact(rig, IW_FACT_MODULE_LOAD, INETSRV "evil.dll", 1);
    for (size_t i = 0; i <= IW_LIMIT_CASE_EVENTS; i++) {
        loads[i] = rig->fact_items[0];
        loads[i].time_ns = T((int64_t)i);
    }
    rig->facts.items = loads;
    rig->facts.n = IW_LIMIT_CASE_EVENTS;
    (void)rig_run(rig);
    assert_int_equal(rig->seen[0].finding.n_evidence, IW_LIMIT_CASE_EVENTS + 3);
    rig_says_not(rig, "more events");
    rig->facts.n++;
    (void)rig_run(rig);
    assert_int_equal(rig->seen[0].finding.n_evidence, IW_LIMIT_CASE_EVENTS + 3);
    rig_says(rig, "why: of the kind module_load 1 more event is not shown");
    rig->facts.n_hidden = 3;
    (void)rig_run(rig);
    rig_says(rig, "blind: 3 events were more than is kept");
}

static void many_lines_are_counted(void **state)
{
    struct rig *rig = *state;
    static struct iw_str notes[IW_LIMIT_CASE_LINES + 1];
    static char texts[IW_LIMIT_CASE_LINES + 1][16];
    struct iw_inventory_component *row = evil_module(rig);
    for (size_t i = 0; i <= IW_LIMIT_CASE_LINES; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "note %zu", i);
        notes[i] = iw_str_of(texts[i]);
    }
    row->notes = (struct iw_text_list){notes, IW_LIMIT_CASE_LINES - 1};
    (void)rig_run(rig);
    assert_int_equal(rig->seen[0].finding.why.n, IW_LIMIT_CASE_LINES);
    rig_says_not(rig, "1 more");
    row->notes.n++;
    (void)rig_run(rig);
    assert_int_equal(rig->seen[0].finding.why.n, IW_LIMIT_CASE_LINES + 1);
    rig_says(rig, "why: 1 more\n");
}

/* --- identity and order ---------------------------------------------------------------------- */

static void identity(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = evil_module(rig);
    char id[IW_FINDING_ID_BYTES];
    (void)rig_run(rig);
    memcpy(id, rig->seen[0].finding.id, sizeof id);
    evil_events(rig); /* more evidence, another source and line: the same thing */
    row->config_source = IW_STR("other/applicationHost.config");
    row->line = 99;
    rig->servers[0].host = IW_STR("web01");
    (void)rig_run(rig);
    assert_string_equal(rig->seen[0].finding.id, id);
    rig->files[0][0].sha256[5] ^= 1; /* another file */
    (void)rig_run(rig);
    assert_string_not_equal(rig->seen[0].finding.id, id);
    rig->files[0][0].sha256[5] ^= 1;
    rig->servers[0].host = IW_STR("WEB02");
    (void)rig_run(rig);
    assert_string_not_equal(rig->seen[0].finding.id, id);
    rig->servers[0].host = IW_STR("WEB01");
    row->scope = IW_STR("Default Web Site");
    (void)rig_run(rig);
    assert_string_not_equal(rig->seen[0].finding.id, id);
}

/* By server, then subject, whichever judgment spoke first. */
static void order(void **state)
{
    struct rig *rig = *state;
    rig->inventory.n_servers = 2;
    rig_component_of(rig, 0, "globalModule", "b", "C:\\b.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_component_of(rig, 0, "globalModule", "a", "C:\\a.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    (void)rig_component_of(rig, 0, "handler", "z", "C:\\Windows\\System32\\cmd.exe");
    rig_component_of(rig, 1, "globalModule", "a", "C:\\a.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    assert_int_equal(rig_run(rig), 4);
    assert_string_equal(rig->seen[0].title, "Web server is told to run a shell or interpreter: z");
    assert_string_equal(rig->seen[1].title, "Component that nobody vouches for: a");
    assert_string_equal(rig->seen[2].title, "Component that nobody vouches for: b");
    assert_string_equal(rig->seen[3].host, "WEB02");
}

/* --- change records ------------------------------------------------------------------------- */

static struct iw_act asked; /* the last */
static struct iw_act all_asked[64];
static size_t n_asked;
static enum iw_change_status answer;

static enum iw_rc answer_change(const struct iw_changes *changes, const struct iw_act *act,
                                struct iw_arena *arena, struct iw_change *ret)
{
    (void)changes;
    (void)arena;
    asked = *act;
    if (n_asked < 64)
        all_asked[n_asked] = *act;
    n_asked++;
    *ret = (struct iw_change){.status = answer, .record = IW_STR("CHG-1")};
    return IW_OK;
}

static void changes(void **state)
{
    static const struct {
        enum iw_change_status status;
        enum iw_level of_medium, of_low;
    } OUTCOMES[] = {
        {IW_CHANGE_EXPLAINED, IW_LEVEL_INFORMATIONAL, IW_LEVEL_INFORMATIONAL},
        {IW_CHANGE_UNVERIFIED, IW_LEVEL_LOW, IW_LEVEL_LOW},
        {IW_CHANGE_PARTLY, IW_LEVEL_MEDIUM, IW_LEVEL_LOW},
        {IW_CHANGE_EXPIRED, IW_LEVEL_MEDIUM, IW_LEVEL_LOW},
        {IW_CHANGE_UNEXPLAINED, IW_LEVEL_MEDIUM, IW_LEVEL_LOW},
    };
    struct rig *rig = *state;
    (void)evil_module(rig);
    evil_events(rig);
    rig->input.judge_change = answer_change;
    answer = IW_CHANGE_EXPLAINED;
    (void)rig_run(rig); /* there are no records */
    assert_int_equal(rig->seen[0].finding.change.status, IW_CHANGE_NOT_CHECKED);
    assert_int_equal(rig->seen[0].finding.level, IW_LEVEL_MEDIUM);
    rig->input.changes = (const struct iw_changes *)rig; /* never looked into */
    for (size_t i = 0; i < sizeof OUTCOMES / sizeof OUTCOMES[0]; i++) {
        answer = OUTCOMES[i].status;
        rig->files[0][0].signature = IW_ITEM_SIGNATURE_NONE_EMBEDDED;
        (void)rig_run(rig);
        assert_int_equal(rig->seen[0].finding.change.status, OUTCOMES[i].status);
        assert_int_equal(rig->seen[0].finding.level, OUTCOMES[i].of_medium);
        rig->files[0][0].signature = IW_ITEM_SIGNATURE_ANCHORED;
        (void)rig_run(rig);
        assert_int_equal(rig->seen[0].finding.level, OUTCOMES[i].of_low);
    }
}

/* What is asked is the act as the evidence tells it. */
static void the_act(void **state)
{
    struct rig *rig = *state;
    struct iw_inventory_component *row = evil_module(rig);
    rig->input.judge_change = answer_change;
    rig->input.changes = (const struct iw_changes *)rig;
    rig->files[0][0].signer = IW_STR("Contoso");
    (void)rig_run(rig);
    assert_true(iw_str_equal(asked.host, IW_STR("WEB01")));
    assert_true(iw_str_equal(asked.component_kind, IW_STR("globalModule")));
    assert_true(iw_str_equal(asked.component_name, IW_STR("Evil")));
    assert_true(iw_str_equal(asked.path, IW_STR(INETSRV "evil.dll")));
    assert_true(asked.has_sha256 && asked.sha256[0] == 0xAA);
    assert_int_equal(asked.publisher.n, 0); /* a name that is not proved */
    assert_false(asked.is_signature_known);
    assert_false(iw_time_known(asked.first_ns));
    row->first_seen = (struct iw_first_seen){T(7), IW_STR("configuration history"), IW_STR("h")};
    (void)rig_run(rig);
    assert_true(asked.last_ns == T(7)); /* then or before */
    assert_false(iw_time_known(asked.first_ns));
    evil_events(rig);
    rig->files[0][0].signature = IW_ITEM_SIGNATURE_ANCHORED;
    answer = IW_CHANGE_EXPLAINED;
    n_asked = 0;
    (void)rig_run(rig);
    assert_int_equal(n_asked, 2); /* each act by itself */
    asked = all_asked[0];
    assert_true(asked.first_ns == T(200) && asked.last_ns == T(200) && asked.still_ns == T(250));
    assert_true(iw_str_equal(asked.actor_sid, IW_STR("S-1-5-21-1-2-3-500")));
    assert_int_equal(asked.actor.n, 0);
    assert_true(iw_str_equal(asked.publisher, IW_STR("Contoso")));
    assert_true(asked.is_signature_known);
    assert_true(iw_str_equal(asked.component_kind, IW_STR("globalModule")));
    asked = all_asked[1];
    assert_true(asked.first_ns == T(150) && asked.last_ns == T(150));
    assert_true(iw_str_equal(asked.actor, IW_STR("CORP\\bob")));
    assert_int_equal(asked.actor_sid.n, 0);
    assert_true(iw_str_equal(asked.publisher, IW_STR("Contoso")));
    rig->fact_items[3].has_sha256 = true; /* another content was written */
    rig->fact_items[3].sha256[0] = 0xCC;
    n_asked = 0;
    (void)rig_run(rig);
    asked = all_asked[1];
    assert_true(asked.has_sha256 && asked.sha256[0] == 0xCC);
    assert_int_equal(asked.publisher.n, 0);
    assert_false(asked.is_signature_known);
}

/* --- several acts --------------------------------------------------------------------------- */

/* A record for what deploy does to P until second 100. */
static enum iw_rc answer_record(const struct iw_changes *changes, const struct iw_act *act,
                                struct iw_arena *arena, struct iw_change *ret)
{
    bool is_of_entry = act->component_name.n == 0 || iw_str_equal(act->component_name, IW_STR("P"));
    bool is_in_window = act->last_ns <= T(100) && act->first_ns <= T(100);
    (void)changes;
    (void)arena;
    if (n_asked < 64)
        all_asked[n_asked] = *act;
    n_asked++;
    *ret = (struct iw_change){.status = IW_CHANGE_UNEXPLAINED, .why = IW_STR("no record")};
    if (is_of_entry)
        *ret = (struct iw_change){.status = is_in_window ? IW_CHANGE_EXPLAINED : IW_CHANGE_PARTLY,
                                  .record = IW_STR("CHG-1"),
                                  .why = IW_STR("CHG-1: the window")};
    if (is_of_entry && !iw_time_known(act->first_ns) && !iw_time_known(act->last_ns))
        ret->status = IW_CHANGE_UNVERIFIED;
    if (is_of_entry && !iw_str_equal(act->actor, IW_STR("CORP\\deploy")) && act->actor.n != 0)
        ret->status = IW_CHANGE_PARTLY;
    return IW_OK;
}

static void ask_records(struct rig *rig)
{
    rig->input.judge_change = answer_record;
    rig->input.changes = (const struct iw_changes *)rig;
}

static struct iw_server_fact *wrote(struct rig *rig, int64_t time_s, const char *user)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_FILE_WRITTEN, "C:\\w\\a.aspx", time_s);
    fact->user = iw_str_of(user);
    return fact;
}

static void status_is(struct rig *rig, enum iw_change_status status)
{
    n_asked = 0;
    assert_int_equal(rig_run(rig), 1);
    assert_int_equal(rig->seen[0].finding.change.status, status);
}

/* What came later, or by somebody else, is an act of its own. */
static void acts_of_a_file(void **state)
{
    struct rig *rig = *state;
    struct iw_server_fact *fact;
    struct iw_str why;
    ask_records(rig);
    (void)rig_web_file(rig, "C:\\w\\a.aspx");
    rig->web_files[0].file.signature = IW_ITEM_SIGNATURE_TAMPERED;
    status_is(rig, IW_CHANGE_UNVERIFIED); /* no event */
    fact = wrote(rig, 50, "CORP\\deploy");
    status_is(rig, IW_CHANGE_EXPLAINED);
    assert_int_equal(n_asked, 1);
    assert_true(iw_str_equal(rig->seen[0].finding.change.why, IW_STR("CHG-1: the window")));
    fact->last_ns = T(100); /* events that say the same */
    fact->n = 2;
    status_is(rig, IW_CHANGE_EXPLAINED);
    fact->last_ns = T(101);
    status_is(rig, IW_CHANGE_PARTLY);
    fact->last_ns = T(100);
    fact->n = 3; /* one between them, at a time that is not known */
    status_is(rig, IW_CHANGE_EXPLAINED);
    assert_true(all_asked[2].first_ns == T(50) && all_asked[2].last_ns == T(100));
    (void)wrote(rig, 60, "CORP\\mallory");
    status_is(rig, IW_CHANGE_PARTLY);
    why = rig->seen[0].finding.change.why;
    assert_true(iw_str_equal(why, IW_STR("CHG-1: the window; of 4 acts 3 explained, this is the "
                                         "worst: 1970-01-01T00:01:00Z by "
                                         "CORP\\mallory")));
}

/* What is shown is limited, what is judged is not. */
static void acts_past_what_is_shown(void **state)
{
    static struct iw_server_fact writes[IW_LIMIT_CASE_EVENTS + 1];
    struct rig *rig = *state;
    ask_records(rig);
    (void)rig_web_file(rig, "C:\\w\\a.aspx");
    rig->web_files[0].file.signature = IW_ITEM_SIGNATURE_TAMPERED;
    (void)wrote(rig, 50, "CORP\\deploy");
    for (size_t i = 0; i <= IW_LIMIT_CASE_EVENTS; i++)
        writes[i] = rig->fact_items[0];
    rig->facts.items = writes;
    rig->facts.n = IW_LIMIT_CASE_EVENTS + 1;
    status_is(rig, IW_CHANGE_EXPLAINED);
    writes[IW_LIMIT_CASE_EVENTS].time_ns = writes[IW_LIMIT_CASE_EVENTS].last_ns = T(500);
    status_is(rig, IW_CHANGE_PARTLY);
    assert_int_equal(rig->seen[0].finding.n_evidence, IW_LIMIT_CASE_EVENTS + 1); /* and the file */
}

static struct iw_server_fact *changed(struct rig *rig, const char *setting, int64_t time_s,
                                      const char *user)
{
    struct iw_server_fact *fact = rig_fact(rig, IW_FACT_CONFIG_CHANGE, "", time_s);
    fact->configuration = iw_str_of(setting);
    fact->user = iw_str_of(user);
    return fact;
}

/* Each change says itself what it did; a write of the file is a part of the entry's coming. */
static void actions_of_changes(void **state)
{
    static const char SETTING[] = "/system.webServer/globalModules/add[@name=\"P\"]";
    static const struct {
        const char *was, *now;
        enum iw_act_action of_change, of_write;
    } CASES[] = {
        {"", "P", IW_ACT_ADD, IW_ACT_ADD},
        {"C:\\a.dll", "C:\\b.dll", IW_ACT_MODIFY, IW_ACT_UNKNOWN},
        {"P", "", IW_ACT_REMOVE, IW_ACT_UNKNOWN},
        {"P", "P", IW_ACT_UNKNOWN, IW_ACT_UNKNOWN},
    };
    struct rig *rig = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct iw_server_fact *fact;
        rig_done(rig);
        rig_init(rig);
        ask_records(rig);
        rig_component(rig, "globalModule", "P", "C:\\w\\a.aspx")->known = IW_ITEM_KNOWN_UNKNOWN;
        fact = changed(rig, SETTING, 50, "CORP\\deploy");
        fact->old_value = iw_str_of(CASES[i].was);
        fact->new_value = iw_str_of(CASES[i].now);
        (void)wrote(rig, 40, "CORP\\deploy");
        status_is(rig, IW_CHANGE_EXPLAINED);
        assert_int_equal(n_asked, 2);
        assert_int_equal(all_asked[0].action, CASES[i].of_change);
        assert_int_equal(all_asked[1].action, CASES[i].of_write);
    }
}

/* A record for one handler of a program does not speak for another one. */
static void entries_of_one_program(void **state)
{
    static const char P[] = "/system.webServer/handlers/add[@name=\"P\"]",
                      OTHER[] = "/system.webServer/handlers/add[@name=\"Other\"]",
                      PROGRAM[] =
                          "/system.webServer/fastCgi/application[@fullPath=\"C:\\php.exe\"]";
    struct rig *rig = *state;
    struct iw_inventory_component *program, *other;
    ask_records(rig);
    for (size_t first = 0; first < 2; first++) {
        rig_done(rig);
        rig_init(rig);
        ask_records(rig);
        if (first == 1)
            (void)rig_component(rig, "handler", "Other", "C:\\php.exe");
        rig_component(rig, "handler", "P", "C:\\php.exe")->known = IW_ITEM_KNOWN_UNKNOWN;
        program = rig_component(rig, "fastCgi", "C:\\php.exe", "C:\\php.exe");
        (void)changed(rig, P, 50, "CORP\\deploy");
        if (first == 0) {
            status_is(rig, IW_CHANGE_EXPLAINED); /* the program goes with its handler */
            (void)changed(rig, PROGRAM, 60, "CORP\\deploy");
            status_is(rig, IW_CHANGE_EXPLAINED);
            rig->fact_items[1].user = IW_STR("CORP\\mallory");
            status_is(rig, IW_CHANGE_PARTLY);
            rig->fact_items[1].user = IW_STR("CORP\\deploy");
            other = rig_component(rig, "handler", "Other", "C:\\php.exe");
            other->line = 11;
        }
        status_is(rig, IW_CHANGE_UNEXPLAINED); /* no event names it */
        assert_true(iw_str_find(rig->seen[0].finding.change.why,
                                IW_STR("this is the worst: handler Other")) != SIZE_MAX);
        (void)changed(rig, OTHER, 70, "CORP\\deploy");
        status_is(rig, IW_CHANGE_UNEXPLAINED);
        program->line = 12;
    }
}

/* The entry of modules goes with its module. */
static void entry_of_a_module(void **state)
{
    struct rig *rig = *state;
    ask_records(rig);
    rig_component(rig, "globalModule", "P", "C:\\p.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    (void)rig_component(rig, "nativeModule", "P", "");
    changed(rig, "/system.webServer/modules/add", 50, "CORP\\deploy")->new_value = IW_STR("P");
    status_is(rig, IW_CHANGE_EXPLAINED);
    assert_int_equal(n_asked, 1);
    assert_true(iw_str_equal(all_asked[0].component_kind, IW_STR("globalModule")));
}

/* --- failures ------------------------------------------------------------------------------- */

static void sink_that_refuses(void **state)
{
    struct rig *rig = *state;
    struct iw_error err = {.rc = IW_OK};
    rig_component(rig, "globalModule", "b", "C:\\b.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    rig_component(rig, "globalModule", "a", "C:\\a.dll")->known = IW_ITEM_KNOWN_UNKNOWN;
    rig->fail_after = 1;
    assert_int_equal(rig_try(rig, &err), IW_EIO);
    assert_string_equal(err.message, "no room");
    assert_int_equal(rig->n_seen, 1);
}

static void an_interrupt_ends_it(void **state)
{
    static const _Atomic bool YES = true;
    struct rig *rig = *state;
    struct iw_error err = {.rc = IW_OK};
    rig_component(rig, "handler", "x", "C:\\Windows\\System32\\cmd.exe");
    assert_int_equal(rig_run(rig), 1);
    rig->input.cancelled = &YES;
    assert_int_equal(rig_try(rig, &err), IW_ECANCELLED);
    assert_int_equal(rig->n_seen, 0);
}

static void nothing_to_judge(void **state)
{
    struct rig *rig = *state;
    rig->inventory.n_servers = 0;
    rig->input.facts = NULL;
    rig->input.ledger = NULL;
    rig_none(rig);
    rig->inventory.n_servers = 1;
    rig_none(rig);
}

static void no_memory(void **state)
{
#ifdef IW_FAULT_INJECTION
    struct rig *rig = *state;
    ask_records(rig);
    (void)evil_module(rig);
    evil_events(rig);
    (void)rig_loose_file(rig, "assemblyFile", "C:\\w\\bin\\x.dll", &RIG_MANAGED);
    (void)rig_component(rig, "handler", "z", "C:\\Windows\\System32\\cmd.exe");
    (void)rig_web_file(rig, "C:\\w\\a.aspx");
    rig->web_files[0].file.signature = IW_ITEM_SIGNATURE_TAMPERED;
    rig->inventory.n_servers = 3;
    for (size_t i = 1; i < 3; i++)
        (void)rig_component_of(rig, i, "globalModule", "Evil", INETSRV "evil.dll");
    for (uint64_t n = 1;; n++) {
        struct iw_error err = {.rc = IW_OK};
        enum iw_rc rc;
        bool has_failed;
        iw_arena_done(&rig->arena); /* a warm arena asks for nothing */
        iw_arena_init(&rig->arena, 0);
        iw_buffer_done(&rig->scratch);
        iw_buffer_init(&rig->scratch);
        iw_alloc_fail_at(n);
        rc = rig_try(rig, &err);
        has_failed = iw_alloc_count() >= n;
        iw_alloc_fail_at(0);
        assert_int_equal(rc, has_failed ? IW_ENOMEM : IW_OK);
        if (!has_failed)
            break;
    }
    assert_int_equal(rig->n_seen, 4);
#else
    (void)state;
    skip_because(BUILT_WITHOUT_FAULTS);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_finding_a_subject, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(two_names_of_one_image, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(evidence_of_all_sides, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(begins_with_acts, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(loads_that_failed, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(facts_of_another_host, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(many_events_are_counted, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(many_lines_are_counted, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(identity, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(order, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(changes, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(the_act, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(acts_of_a_file, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(acts_past_what_is_shown, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(actions_of_changes, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(entries_of_one_program, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(entry_of_a_module, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(sink_that_refuses, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(an_interrupt_ends_it, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(nothing_to_judge, rig_setup, rig_teardown),
        cmocka_unit_test_setup_teardown(no_memory, rig_setup, rig_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
