/*
 * What change records say of acts: each clause holding, failing and unknown, and which of several
 * records is shown. Expectations come from docs/CHANGES.md.
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
#include "iis/change/changes.h"
#include "result/change_level.h"

#define HASH_A "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
#define WINDOW "from: 2026-01-05T10:00:00Z, to: 2026-01-05T11:00:00Z"
#define FILE_RECORD "hosts: WEB01, " WINDOW ", path: 'C:\\inetpub\\wwwroot\\shop\\**'"

static const uint8_t hash_a[32] = {0x9f, 0x86, 0xd0, 0x81, 0x88, 0x4c, 0x7d, 0x65, 0x9a, 0x2f, 0xea,
                                   0xa0, 0xc5, 0x5a, 0xd0, 0x15, 0xa3, 0xbf, 0x4f, 0x1b, 0x2b, 0x0b,
                                   0x82, 0x2c, 0xd1, 0x5d, 0x6c, 0x15, 0xb0, 0xf0, 0x0a, 0x08};

static struct iw_arena arena;

static int64_t at(const char *text)
{
    int64_t time_ns;
    assert_true(iw_time_parse(iw_str_of(text), &time_ns));
    return time_ns;
}

static enum iw_level level_of(enum iw_change_status status, enum iw_level level)
{
    const struct iw_change change = {.status = status};
    return iw_change_level(&change, level);
}

/* A file written on WEB01 in the window. */
static struct iw_act act_of_file(void)
{
    const int64_t when = at("2026-01-05T10:30:00Z");
    return (struct iw_act){.host = IW_STR("web01"),
                           .first_ns = when,
                           .last_ns = when,
                           .path = IW_STR("C:\\inetpub\\wwwroot\\shop\\bin\\x.dll")};
}

static struct iw_changes *read_text(const char *yaml)
{
    struct iw_changes *changes = iw_changes_new();
    struct iw_error err;
    const struct iw_change_problem *problems;
    size_t n;
    assert_non_null(changes);
    assert_int_equal(iw_changes_add_yaml(changes, iw_str_of(yaml), "c.yml", &err), IW_OK);
    problems = iw_changes_problems(changes, &n);
    if (n != 0)
        fail_msg("problem: %.*s", IW_STR_ARG(problems[0].what));
    return changes;
}

static struct iw_change judge(const char *records, const struct iw_act *act)
{
    char yaml[4096];
    struct iw_changes *changes;
    struct iw_change change;
    (void)snprintf(yaml, sizeof yaml, "changes:\n%s", records);
    changes = read_text(yaml);
    assert_int_equal(iw_changes_judge(changes, act, &arena, &change), IW_OK);
    iw_changes_free(changes);
    return change;
}

static void expect(const char *records, const struct iw_act *act, enum iw_change_status status,
                   const char *why)
{
    const struct iw_change change = judge(records, act);
    if (change.status != status || !iw_str_equal(change.why, iw_str_of(why)))
        fail_msg("got %u \"%.*s\", expected %u \"%s\"", (unsigned)change.status,
                 IW_STR_ARG(change.why), (unsigned)status, why);
}

static void test_explained(void **state)
{
    struct iw_act act = act_of_file();
    struct iw_change change;
    (void)state;
    expect("- {id: CHG-1, " FILE_RECORD ", reason: Release 4.2, approved_by: change board}", &act,
           IW_CHANGE_EXPLAINED, "CHG-1: Release 4.2 (approved by change board)");
    expect("- {id: CHG-1, " FILE_RECORD "}", &act, IW_CHANGE_EXPLAINED, "CHG-1");
    change = judge("- {id: CHG-1, " FILE_RECORD "}", &act);
    assert_true(iw_str_equal(change.record, IW_STR("CHG-1")));
}

static void test_nobody_asked(void **state)
{
    const struct iw_act act = act_of_file();
    struct iw_changes *changes = iw_changes_new();
    struct iw_change change = {.status = IW_CHANGE_PARTLY};
    (void)state;
    assert_int_equal(iw_changes_judge(NULL, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_NOT_CHECKED);
    assert_int_equal(change.why.n, 0);
    assert_int_equal(iw_changes_judge(changes, &act, &arena, &change), IW_OK);
    assert_int_equal(change.status, IW_CHANGE_NOT_CHECKED);
    iw_changes_free(changes);
}

static void test_host(void **state)
{
    static const char other[] = "no change record for this host";
    struct iw_act act = act_of_file();
    (void)state;
#define ON(host) "- {id: C, hosts: " host ", " WINDOW ", path: '**\\x.dll'}"
    expect(ON("[other, 'WEB*']"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(ON("web02"), &act, IW_CHANGE_UNEXPLAINED, other);
    expect(ON("'web0?'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(ON("'**'"), &act, IW_CHANGE_EXPLAINED, "C");
    /* A domain that the evidence does not give. */
    expect(ON("web01.corp.example"), &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: host");
    expect(ON("'web*.corp.example'"), &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: host");
    expect(ON("'app*.corp.example'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.computer = IW_STR("WEB01.corp.example.");
    expect(ON("web01.corp.example"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(ON("WEB01.CORP.EXAMPLE."), &act, IW_CHANGE_EXPLAINED, "C");
    expect(ON("web01.other.example"), &act, IW_CHANGE_UNEXPLAINED, other);
    expect(ON("'*.example'"), &act, IW_CHANGE_UNEXPLAINED, other); /* one label only */
    expect(ON("'**.example'"), &act, IW_CHANGE_EXPLAINED, "C");
    act.host = act.computer = (struct iw_str){NULL, 0};
    expect(ON("web01"), &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: host");
    act.path = IW_STR("C:\\y.dll");
    expect(ON("web01"), &act, IW_CHANGE_UNEXPLAINED,
           "no change record for this subject; its host is not known");
    act.path = IW_STR("C:\\x.dll");
    act.host = IW_STR("10.0.0.7");
    expect(ON("10.0.0.7"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(ON("'10'"), &act, IW_CHANGE_UNEXPLAINED, other);
#undef ON
}

static void test_path(void **state)
{
    static const char other[] = "no change record for this subject (1 for this host)";
    static const char unknown[] = "C: not checked, as the evidence does not say: component or path";
    struct iw_act act = act_of_file();
    (void)state;
#define OF(path) "- {id: C, hosts: web01, " WINDOW ", path: " path "}"
    expect(OF("'c:/INETPUB/wwwroot/shop/**'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("'\\\\?\\C:\\inetpub\\wwwroot\\shop\\bin\\x.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\*'"), &act, IW_CHANGE_UNEXPLAINED, other);
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\*\\?.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("['D:\\**', '%SystemDrive%\\inetpub\\**\\*.dll']"), &act, IW_CHANGE_EXPLAINED, "C");
    act.path = IW_STR("c:\\inetpub\\wwwroot\\SHOP\\bin\\..\\bin\\X.dll. ");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\bin\\x.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    /* Behind the prefix a name is what is written: another file, and another folder. */
    act.path = IW_STR("\\\\?\\c:\\inetpub\\wwwroot\\SHOP\\bin\\X.dll. ");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\bin\\x.dll'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.path = IW_STR("C:\\inetpub\\wwwroot\\shop \\bin\\x.dll");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\bin\\x.dll'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.path = IW_STR("%windir%\\System32\\inetsrv\\x.dll");
    expect(OF("'C:\\Windows\\System32\\inetsrv\\x.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("'%SystemRoot%\\System32\\inetsrv\\*'"), &act, IW_CHANGE_EXPLAINED, "C");
    /* Only the end is known. */
    act.path = IW_STR("%ShopRoot%\\bin\\x.dll");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\bin\\x.dll'"), &act, IW_CHANGE_UNVERIFIED, unknown);
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\bin\\y.dll'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.path = IW_STR("\\Device\\HarddiskVolume3\\inetpub\\wwwroot\\shop\\x.dll");
    expect(OF("'C:\\inetpub\\wwwroot\\shop\\**'"), &act, IW_CHANGE_UNVERIFIED, unknown);
    expect(OF("'**\\shop\\x.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("'C:\\shop\\**'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.path = (struct iw_str){NULL, 0};
    expect(OF("'C:\\**'"), &act, IW_CHANGE_UNEXPLAINED,
           "it names no component and no file that a record could speak of");
#undef OF
}

static void test_component(void **state)
{
    static const char other[] = "no change record for this subject (1 for this host)";
    struct iw_act act = act_of_file();
    (void)state;
#define OF(more) "- {id: C, hosts: web01, " WINDOW ", " more "}"
    act.path = (struct iw_str){NULL, 0};
    act.component_kind = IW_STR("globalModule");
    act.component_name = IW_STR("ContosoAuth");
    expect(OF("component: {kind: GLOBALMODULE, name: contosoauth}"), &act, IW_CHANGE_EXPLAINED,
           "C");
    expect(OF("component: {name: ContosoAuth}"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("component: {kind: handler, name: ContosoAuth}"), &act, IW_CHANGE_UNEXPLAINED, other);
    expect(OF("component: {kind: globalModule, name: Contoso}"), &act, IW_CHANGE_UNEXPLAINED,
           other);
    expect(OF("path: 'C:\\**'"), &act, IW_CHANGE_UNEXPLAINED, other);
    /* Both in the record: those the act has must agree; a path that it does not say is not known.
     */
    expect(OF("component: {name: ContosoAuth}, path: 'C:\\x.dll'"), &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: component or path");
    act.path = IW_STR("C:\\x.dll");
    expect(OF("component: {name: ContosoAuth}, path: 'C:\\x.dll'"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(OF("component: {name: ContosoAuth}, path: 'C:\\y.dll'"), &act, IW_CHANGE_UNEXPLAINED,
           other);
    expect(OF("component: {name: Other}, path: 'C:\\x.dll'"), &act, IW_CHANGE_UNEXPLAINED, other);
    act.component_kind = (struct iw_str){NULL, 0};
    expect(OF("component: {kind: globalModule, name: ContosoAuth}"), &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: component or path");
#undef OF
}

static void test_window(void **state)
{
    static const char records[] = "- {id: CHG-1042, " FILE_RECORD "}";
    static const char unknown[] = "CHG-1042: not checked, as the evidence does not say: window";
    struct iw_act act = act_of_file();
    (void)state;
    act.first_ns = act.last_ns = at("2026-01-05T12:03:10Z");
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-05 12:03:10 after 11:00:00)");
    act.first_ns = act.last_ns = at("2026-01-04T09:59:59Z");
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-04 09:59:59 before 2026-01-05 10:00:00)");
    /* Both ends belong to it; 100 ns past does not. */
    act.first_ns = at("2026-01-05T10:00:00Z");
    act.last_ns = at("2026-01-05T11:00:00Z");
    expect(records, &act, IW_CHANGE_EXPLAINED, "CHG-1042");
    act.first_ns = act.last_ns = at("2026-01-05T11:00:00.0000001Z");
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-05 11:00:00.0000001 after 11:00:00.0000000)");
    /* A span that overlaps, and spans with one end. */
    act.first_ns = at("2026-01-05T10:59:00Z");
    act.last_ns = at("2026-01-05T11:00:01Z");
    expect(records, &act, IW_CHANGE_UNVERIFIED, unknown);
    act.first_ns = IW_TIME_UNKNOWN;
    expect(records, &act, IW_CHANGE_UNVERIFIED, unknown);
    act.last_ns = at("2026-01-05T09:00:00Z");
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-05 09:00:00 before 10:00:00)");
    act.last_ns = IW_TIME_UNKNOWN;
    expect(records, &act, IW_CHANGE_UNVERIFIED, unknown);
    act.first_ns = at("2026-01-05T10:59:00Z");
    expect(records, &act, IW_CHANGE_UNVERIFIED, unknown);
    act.first_ns = at("2026-01-06T10:59:00Z");
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-06 10:59:00 after 2026-01-05 11:00:00)");
}

static void test_actor(void **state)
{
    static const char unknown[] = "C: not checked, as the evidence does not say: actor";
    struct iw_act act = act_of_file();
    (void)state;
#define BY(actors) "- {id: C, " FILE_RECORD ", actors: " actors "}"
    expect(BY("'CORP\\deploy'"), &act, IW_CHANGE_UNVERIFIED, unknown);
    act.actor = IW_STR("corp\\DEPLOY");
    expect(BY("['CORP\\other', 'CORP\\deploy']"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(BY("deploy"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(BY("'CORP\\other'"), &act, IW_CHANGE_PARTLY, "C: by another account (corp\\DEPLOY)");
    expect(BY("'LAB\\deploy'"), &act, IW_CHANGE_PARTLY, "C: by another account (corp\\DEPLOY)");
    expect(BY("deploy@corp.example"), &act, IW_CHANGE_UNVERIFIED, unknown);
    expect(BY("S-1-5-21-1-2-3-1104"), &act, IW_CHANGE_UNVERIFIED, unknown);
    act.actor_sid = IW_STR("s-1-5-21-1-2-3-1104");
    expect(BY("S-1-5-21-1-2-3-1104"), &act, IW_CHANGE_EXPLAINED, "C");
    expect(BY("S-1-5-21-1-2-3-1105"), &act, IW_CHANGE_PARTLY,
           "C: by another account (corp\\DEPLOY)");
    act.actor = (struct iw_str){NULL, 0};
    expect(BY("S-1-5-21-1-2-3-1105"), &act, IW_CHANGE_PARTLY,
           "C: by another account (s-1-5-21-1-2-3-1104)");
    expect(BY("'CORP\\deploy'"), &act, IW_CHANGE_UNVERIFIED, unknown);
    act = act_of_file();
    act.actor = IW_STR("deploy");
    expect(BY("'CORP\\deploy'"), &act, IW_CHANGE_UNVERIFIED, unknown);
    expect(BY("'CORP\\other'"), &act, IW_CHANGE_PARTLY, "C: by another account (deploy)");
    act.actor = IW_STR("S-1-5-18");
    expect(BY("S-1-5-18"), &act, IW_CHANGE_EXPLAINED, "C");
#undef BY
}

static void test_action_hash_publisher(void **state)
{
    struct iw_act act = act_of_file();
    (void)state;
    expect("- {id: C, " FILE_RECORD ", action: add}", &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: action");
    act.action = IW_ACT_REMOVE;
    expect("- {id: C, " FILE_RECORD ", action: [add, modify]}", &act, IW_CHANGE_PARTLY,
           "C: another action: approved add, modify, found remove");
    expect("- {id: C, " FILE_RECORD ", action: [add, REMOVE]}", &act, IW_CHANGE_EXPLAINED, "C");

    expect("- {id: C, " FILE_RECORD ", sha256: " HASH_A "}", &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: hash");
    act.has_sha256 = true;
    memset(act.sha256, 0x12, sizeof act.sha256);
    expect("- {id: C, " FILE_RECORD ", sha256: " HASH_A "}", &act, IW_CHANGE_PARTLY,
           "C: hash differs: approved 9f86d081\xE2\x80\xA6, found 12121212\xE2\x80\xA6");
    memcpy(act.sha256, hash_a, sizeof hash_a);
    expect("- {id: C, " FILE_RECORD ", sha256: " HASH_A "}", &act, IW_CHANGE_EXPLAINED, "C");
    act.sha256[31] ^= 1;
    assert_int_equal(judge("- {id: C, " FILE_RECORD ", sha256: " HASH_A "}", &act).status,
                     IW_CHANGE_PARTLY);

    expect("- {id: C, " FILE_RECORD ", publisher: Contoso Ltd}", &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: publisher");
    act.publisher = IW_STR("CONTOSO LTD"); /* claimed, not proved */
    expect("- {id: C, " FILE_RECORD ", publisher: Contoso Ltd}", &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: publisher");
    act.is_signature_known = true;
    expect("- {id: C, " FILE_RECORD ", publisher: Contoso Ltd}", &act, IW_CHANGE_EXPLAINED, "C");
    act.publisher = IW_STR("Fabrikam\nInc");
    expect("- {id: C, " FILE_RECORD ", publisher: Contoso Ltd}", &act, IW_CHANGE_PARTLY,
           "C: another publisher: approved Contoso Ltd, found Fabrikam Inc");
    act.publisher = (struct iw_str){NULL, 0};
    expect("- {id: C, " FILE_RECORD ", publisher: Contoso Ltd}", &act, IW_CHANGE_PARTLY,
           "C: another publisher: approved Contoso Ltd, found nobody proved");
}

static void test_expires(void **state)
{
    static const char early[] = "- {id: C, " FILE_RECORD ", expires: 2026-01-05T10:15:00Z}";
    static const char late[] = "- {id: C, " FILE_RECORD ", expires: 2026-06-30T00:00:00Z}";
    struct iw_act act = act_of_file();
    (void)state;
    expect(late, &act, IW_CHANGE_EXPLAINED, "C");
    expect(early, &act, IW_CHANGE_EXPIRED,
           "C: its approval had ended (2026-01-05 10:30:00 after 10:15:00)");
    act.first_ns = at("2026-01-05T10:05:00Z");
    expect(early, &act, IW_CHANGE_UNVERIFIED,
           "C: not checked, as the evidence does not say: expiry");
    act.last_ns = at("2026-01-05T10:15:00Z");
    expect(early, &act, IW_CHANGE_EXPLAINED, "C");
    /* What it made outlived the approval. */
    act.still_ns = at("2026-06-30T00:00:00Z");
    expect(late, &act, IW_CHANGE_EXPLAINED, "C");
    act.still_ns = at("2026-08-01T07:00:00Z");
    expect(late, &act, IW_CHANGE_EXPIRED,
           "C: still there though its approval has ended (2026-08-01 07:00:00 after 2026-06-30 "
           "00:00:00)");
    /* The end comes first, the rest is told too. */
    act.first_ns = act.last_ns = at("2026-07-01T00:00:00Z");
    expect(late, &act, IW_CHANGE_EXPIRED,
           "C: its approval had ended (2026-07-01 00:00:00 after 2026-06-30 00:00:00); outside its "
           "window (2026-07-01 00:00:00 after 2026-01-05 11:00:00)");
}

/* domain.md 7.5, cases 24 and 25: a change approved but done by another account, outside its
 * window, or with another content is told. */
static void test_right_change_done_wrongly(void **state)
{
    static const char records[] =
        "- {id: CHG-1042, " FILE_RECORD ", actors: 'CORP\\deploy', sha256: " HASH_A "}";
    struct iw_act act = act_of_file();
    (void)state;
    act.actor = IW_STR("CORP\\mallory");
    act.has_sha256 = true;
    memcpy(act.sha256, hash_a, sizeof hash_a);
    expect(records, &act, IW_CHANGE_PARTLY, "CHG-1042: by another account (CORP\\mallory)");
    act.first_ns = act.last_ns = at("2026-01-05T23:00:00Z");
    memset(act.sha256, 0, sizeof act.sha256);
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-05 23:00:00 after 11:00:00); by another account "
           "(CORP\\mallory); hash differs: approved 9f86d081\xE2\x80\xA6, found "
           "00000000\xE2\x80\xA6");
    act.has_sha256 = false;
    act.actor = (struct iw_str){NULL, 0};
    expect(records, &act, IW_CHANGE_PARTLY,
           "CHG-1042: outside its window (2026-01-05 23:00:00 after 11:00:00); not checked, as the "
           "evidence does not say: actor, hash");
    assert_int_equal(level_of(IW_CHANGE_PARTLY, IW_LEVEL_CRITICAL), IW_LEVEL_CRITICAL);
}

#define EXPLAINED "- {id: E, " FILE_RECORD "}\n"
#define UNVERIFIED "- {id: U, " FILE_RECORD ", actors: x}\n"
#define PARTLY "- {id: P, " FILE_RECORD ", action: remove}\n"
#define EXPIRED "- {id: X, " FILE_RECORD ", expires: 2020-01-01T00:00:00Z}\n"

static void test_best_of_several(void **state)
{
    static const char no_action[] = "P: another action: approved remove, found add";
    struct iw_act act = act_of_file();
    (void)state;
    act.action = IW_ACT_ADD;
    expect(EXPIRED PARTLY UNVERIFIED EXPLAINED, &act, IW_CHANGE_EXPLAINED,
           "E; also U (unverified), P (partly), X (expired)");
    expect(EXPIRED PARTLY UNVERIFIED, &act, IW_CHANGE_UNVERIFIED,
           "U: not checked, as the evidence does not say: actor; also P (partly), X (expired)");
    assert_true(iw_str_begins_nocase(judge(EXPIRED PARTLY, &act).why, iw_str_of(no_action)));
    expect(EXPIRED, &act, IW_CHANGE_EXPIRED,
           "X: its approval had ended (2026-01-05 10:30:00 after 2020-01-01 00:00:00)");
    /* Equal ones: fewest failing clauses, fewest unchecked ones, then the id. */
    expect("- {id: A, " FILE_RECORD ", action: remove, publisher: y, actors: q}\n" PARTLY, &act,
           IW_CHANGE_PARTLY, "P: another action: approved remove, found add; also A (partly)");
    expect("- {id: B, " FILE_RECORD "}\n- {id: A, " FILE_RECORD "}\n", &act, IW_CHANGE_EXPLAINED,
           "A; also B (explained)");
    expect("- {id: A, " FILE_RECORD ", actors: q, publisher: y}\n" UNVERIFIED, &act,
           IW_CHANGE_UNVERIFIED,
           "U: not checked, as the evidence does not say: actor; also A (unverified)");
}

static void test_others_are_bounded(void **state)
{
    const struct iw_act act = act_of_file();
    char records[4096] = "";
    struct iw_change change;
    size_t n = 0;
    (void)state;
    for (unsigned i = 0; i < IW_LIMIT_CHANGE_OTHERS + 1; i++)
        n += (size_t)snprintf(records + n, sizeof records - n, "- {id: R%02u, %s}\n", i,
                              FILE_RECORD);
    change = judge(records, &act);
    assert_true(iw_str_ends_nocase(change.why, IW_STR("R08 (explained)")));
    (void)snprintf(records + n, sizeof records - n, "- {id: R99, %s}\n", FILE_RECORD);
    change = judge(records, &act);
    assert_true(iw_str_ends_nocase(change.why, IW_STR("R08 (explained) and 1 more")));
}

static void test_levels(void **state)
{
    (void)state;
    for (unsigned level = 0; level < IW_LEVEL_COUNT; level++) {
        const enum iw_level as_is = (enum iw_level)level;
        assert_int_equal(level_of(IW_CHANGE_EXPLAINED, as_is), IW_LEVEL_INFORMATIONAL);
        assert_int_equal(level_of(IW_CHANGE_NOT_CHECKED, as_is), as_is);
        assert_int_equal(level_of(IW_CHANGE_PARTLY, as_is), as_is);
        assert_int_equal(level_of(IW_CHANGE_EXPIRED, as_is), as_is);
        assert_int_equal(level_of(IW_CHANGE_UNEXPLAINED, as_is), as_is);
    }
    assert_int_equal(level_of(IW_CHANGE_UNVERIFIED, IW_LEVEL_CRITICAL), IW_LEVEL_HIGH);
    assert_int_equal(level_of(IW_CHANGE_UNVERIFIED, IW_LEVEL_MEDIUM), IW_LEVEL_LOW);
    assert_int_equal(level_of(IW_CHANGE_UNVERIFIED, IW_LEVEL_LOW), IW_LEVEL_LOW);
    assert_int_equal(level_of(IW_CHANGE_UNVERIFIED, IW_LEVEL_INFORMATIONAL),
                     IW_LEVEL_INFORMATIONAL);
}

/* Any record of a subject, however old, fits an act of which neither moment nor content is known.
 */
static void test_level_stays(void **state)
{
    static const char hashed[] = "- {id: C, " FILE_RECORD ", sha256: " HASH_A "}";
    struct iw_act act = act_of_file();
    struct iw_change change;
    (void)state;
    act.first_ns = act.last_ns = IW_TIME_UNKNOWN;
    change = judge("- {id: C, " FILE_RECORD "}", &act);
    assert_int_equal(change.status, IW_CHANGE_UNVERIFIED);
    assert_int_equal(iw_change_level(&change, IW_LEVEL_MEDIUM), IW_LEVEL_MEDIUM);
    change = judge(hashed, &act); /* content not known either */
    assert_int_equal(iw_change_level(&change, IW_LEVEL_MEDIUM), IW_LEVEL_MEDIUM);
    act.has_sha256 = true;
    memcpy(act.sha256, hash_a, sizeof hash_a);
    change = judge(hashed, &act); /* content is the approved one */
    assert_int_equal(change.status, IW_CHANGE_UNVERIFIED);
    assert_int_equal(iw_change_level(&change, IW_LEVEL_MEDIUM), IW_LEVEL_LOW);
    act = act_of_file(); /* within the window, another clause is open */
    change = judge(hashed, &act);
    assert_int_equal(change.status, IW_CHANGE_UNVERIFIED);
    assert_int_equal(iw_change_level(&change, IW_LEVEL_MEDIUM), IW_LEVEL_LOW);
}

static enum iw_rc read_and_judge(const char *yaml, const struct iw_act *act)
{
    struct iw_changes *changes = iw_changes_new();
    struct iw_arena own;
    struct iw_change change;
    enum iw_rc rc = IW_ENOMEM;
    iw_arena_init(&own, 0);
    if (changes != NULL)
        rc = iw_changes_add_yaml(changes, iw_str_of(yaml), "c.yml", NULL);
    if (rc == IW_OK)
        rc = iw_changes_judge(changes, act, &own, &change);
    iw_changes_free(changes);
    iw_arena_done(&own);
    return rc;
}

static void test_memory_may_fail_anywhere(void **state)
{
    static const char yaml[] =
        "changes:\n"
        "- {id: A, hosts: [WEB01, '*.x'], " WINDOW
        ", component: {kind: globalModule, name: Contoso}, path: '%windir%\\**', actors: "
        "['CORP\\D', S-1-5-18], action: add, sha256: [" HASH_A "], publisher: Contoso,\n"
        "   reason: r, approved_by: b, expires: 2027-01-01T00:00:00Z}\n" UNVERIFIED PARTLY
        "- {id: A, hosts: [], reason: problem}\n- {nothing: at all}\n";
    struct iw_act act = act_of_file();
    enum iw_rc rc = IW_ENOMEM;
    (void)state;
    act.actor = IW_STR("CORP\\D");
    for (uint64_t n = 1; rc != IW_OK && n < 10000; n++) {
        iw_alloc_fail_at(n);
        rc = read_and_judge(yaml, &act);
        iw_alloc_fail_at(0);
        assert_true(rc == IW_OK || rc == IW_ENOMEM);
    }
    assert_int_equal(rc, IW_OK);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_explained),
        TEST(test_nobody_asked),
        TEST(test_host),
        TEST(test_path),
        TEST(test_component),
        TEST(test_window),
        TEST(test_actor),
        TEST(test_action_hash_publisher),
        TEST(test_expires),
        TEST(test_right_change_done_wrongly),
        TEST(test_best_of_several),
        TEST(test_others_are_bounded),
        TEST(test_levels),
        TEST(test_level_stays),
        TEST(test_memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
